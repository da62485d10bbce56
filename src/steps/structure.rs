//! All pages' contents together: what only the whole document shows. Blocks are
//! named anew by the document's own style and written anew with its own words,
//! and what belongs together over columns and pages is tied.

mod captions;
mod furniture;
mod headings;
mod joins;
mod lists;
mod notes;
mod numbering;
mod run_in;
#[cfg(test)]
mod samples;
mod tables;

pub use tables::{join_tables, whole_table};

use super::assemble::{
    self,
    blocks::BodyStyle,
    flow::Vocabulary,
    kind::{HEADING_SIZE, size_of},
};
use crate::{
    content::{Block, Evidence, Kind, Label, OutlineEntry, PageContent},
    geometry::{Rect, Turn},
};

/// Settles over all pages of a document what a page alone cannot tell: the body's style and with it which lines are
/// headings, their levels, running heads and feet, paragraphs that go on over columns and pages, hyphens at line ends,
/// how lists are nested, and which caption and footnote belongs to what. Doing it twice changes nothing.
pub fn structure(pages: &mut [PageContent], outline: &[OutlineEntry]) {
    let set = |b: &&Block| !b.kind.is_furniture() && b.kind != Kind::Figure;
    let body = BodyStyle::of(pages.iter().flat_map(|p| &p.blocks).filter(set).flat_map(|b| &b.lines));
    furniture::mark(pages, &body);
    let many = pages.len() >= MANY_PAGES;
    for page in pages.iter_mut() {
        rename(page, &body, many);
    }
    doubt_references(pages);
    run_in::cut_out(pages, &body);
    headings::join_labels(pages, &body);
    let words = Vocabulary::of(text_blocks(pages).flat_map(|b| &b.lines));
    for page in pages.iter_mut() {
        let links = std::mem::take(&mut page.links);
        page.blocks.iter_mut().for_each(|block| assemble::write(block, &links, &words));
        page.links = links;
    }
    headings::mark(pages, outline, &body);
    captions::name_parts(pages);
    notes::mark(pages);
    lists::nest(pages);
    joins::mark(pages, &words);
    captions::tie(pages);
}

/// Blocks that hold the document's text, rather than what is drawn, set in rows or belongs to the sheet.
fn text_blocks(pages: &[PageContent]) -> impl Iterator<Item = &Block> {
    let is_text =
        |b: &&Block| !b.kind.is_furniture() && !matches!(b.kind, Kind::Figure | Kind::Table | Kind::Formula);
    pages.iter().flat_map(|p| &p.blocks).filter(is_text)
}

/// Names the blocks of one page by the document's style. Where they stand matters too, so a page that is displayed on
/// its side keeps the names that it got upright.
///
/// In a document of `many` pages, what the layout step takes for a running head must come again or keep to the edge.
fn rename(page: &mut PageContent, body: &BodyStyle, many: bool) {
    if page.turn != Turn::None {
        return;
    }
    let paper = Rect::new(0.0, 0.0, page.width, page.height);
    let large = |b: &&Block| !b.lines.is_empty() && size_of(&b.lines) > HEADING_SIZE * body.size;
    let titles =
        page.blocks.iter().filter(|b| !b.kind.is_furniture() && b.kind != Kind::Figure).filter(large);
    let highest = titles.map(|b| b.rect.y1).fold(f32::INFINITY, f32::min);
    for block in page.blocks.iter_mut().filter(|b| !is_settled(b)) {
        let region = block.region;
        let furniture =
            matches!(region, Some((Label::Header | Label::Footer, _))) || block.kind.is_furniture();
        let inner = many && furniture && !is_at_edge(&block.rect, &paper);
        // No running head stands under a title.
        if inner || block.kind == Kind::Header && block.rect.y0 >= highest {
            block.region = None;
        }
        assemble::name(block, body, &paper);
        block.region = region;
    }
}

/// The layout step takes paragraphs at a page's edge for entries of a bibliography. Entries stand several together or
/// after their heading.
fn doubt_references(pages: &mut [PageContent]) {
    let mut headed = false;
    for page in pages {
        let entries = page.blocks.iter().filter(|b| b.kind == Kind::Reference).count();
        for block in &mut page.blocks {
            headed |= headings::names_references(&block.text);
            if block.kind == Kind::Reference
                && block.evidence == Evidence::Region
                && !headed
                && entries < FEWEST_ENTRIES
            {
                (block.kind, block.evidence) = (Kind::Paragraph, Evidence::Default);
            }
        }
    }
}

/// What only a whole document shows, or no look: naming it by its look would undo it.
fn is_settled(block: &Block) -> bool {
    matches!(block.evidence, Evidence::Repetition | Evidence::RunIn) || block.kind == Kind::LineNumber
}

/// Entries of a bibliography on one page that need no heading.
const FEWEST_ENTRIES: usize = 3;
/// Pages. In a shorter document running heads need not come again.
const MANY_PAGES: usize = 3;
/// Share of the page's height at its head and foot where nothing but furniture stands.
const EDGE: f32 = 0.065;

fn is_at_edge(rect: &Rect, paper: &Rect) -> bool {
    let height = rect.center().y / paper.height().max(1.0);
    !(EDGE..1.0 - EDGE).contains(&height)
}

/// Whether two lengths or places differ by no more than `by`.
fn near(a: f32, b: f32, by: f32) -> bool {
    (a - b).abs() <= by
}

#[cfg(test)]
mod tests {
    use super::{samples::*, *};
    use crate::steps::drawing::draw;

    fn characters(pages: &[PageContent]) -> usize {
        let lines = pages.iter().flat_map(|p| &p.blocks).flat_map(|b| &b.lines);
        lines.map(|l| l.text().chars().filter(|c| !c.is_whitespace()).count()).sum()
    }

    #[test]
    fn a_report_has_all_its_parts() {
        let pages = structured(&report());
        let heads: Vec<_> =
            of_kind(&pages, Kind::Heading).iter().map(|b| (b.level, b.text.as_str())).collect();
        let numbered =
            [(Some(1), "Of Rivers and Trees"), (Some(2), "1 Introduction"), (Some(3), "1.1 Trees")];
        let run_in = [(Some(4), "Banks."), (Some(4), "Floods."), (Some(4), "Fields.")];
        assert_eq!(heads, [numbered, run_in].concat());
        assert_eq!(texts(&pages, Kind::Header), ["A report on rivers"; 3]);
        assert_eq!(texts(&pages, Kind::Footer), ["1", "2", "3"]);
        assert_eq!(texts(&pages, Kind::ListItem), ["• one", "• inner", "• two"]);
        assert_eq!(texts(&pages, Kind::Footnote), ["1 This note is about rivers"]);
        assert_eq!(texts(&pages, Kind::Caption), ["Figure 1: A river"]);
    }

    #[test]
    fn doing_it_twice_changes_nothing() {
        let once = structured(&report());
        let mut twice = once.clone();
        structure(&mut twice, &[]);
        assert_eq!(twice, once);
    }

    #[test]
    fn no_character_is_lost_or_repeated() {
        let drawn = report();
        let printed = drawn.iter().flat_map(|p| &p.chars).filter(|c| !c.unicode.is_whitespace()).count();
        assert_eq!(characters(&structured(&drawn)), printed);
    }

    #[test]
    fn ids_count_the_blocks_of_each_page() {
        for page in structured(&report()) {
            let ids: Vec<&str> = page.blocks.iter().map(|b| b.id.as_str()).collect();
            let counted: Vec<String> = (1..=ids.len()).map(|n| format!("p{}-b{n}", page.number)).collect();
            assert_eq!(ids, counted);
        }
    }

    #[test]
    fn a_word_is_mended_by_what_other_pages_have() {
        let broken = draw().text(72.0, 100.0, "it is well-").text(72.0, 112.0, "known here").page();
        let whole = draw().text(72.0, 130.0, "a well-known man").page();
        assert_eq!(content(&broken, 1, &[]).blocks[0].text, "it is wellknown here");
        assert_eq!(structured(&[broken, whole])[0].blocks[0].text, "it is well-known here");
    }

    #[test]
    fn a_page_set_large_throughout_is_no_heading_in_its_document() {
        let large = |y: f32| draw().size(12.0).text(72.0, y, PROSE[0]).text(72.0, y + 14.0, PROSE[1]);
        let page =
            (0..5).fold(large(100.0).size(10.0), |page, n| prose(page, 150.0 + 50.0 * n as f32, n)).page();
        let rest =
            (0..20).fold(draw().size(12.0), |page, n| page.text(72.0, 120.0 + 14.0 * n as f32, PROSE[n % 6]));
        assert_eq!(content(&page, 1, &[]).blocks[0].kind, Kind::Heading);
        assert_eq!(structured(&[page, rest.page()])[0].blocks[0].kind, Kind::Paragraph);
    }

    #[test]
    fn a_document_without_pages_stays_so() {
        let mut none = Vec::new();
        structure(&mut none, &[]);
        assert_eq!(none, []);
    }
}
