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

use super::assemble::{self, blocks::BodyStyle, flow::Vocabulary};
use crate::{
    content::{Block, Evidence, Kind, OutlineEntry, PageContent},
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
    let run_in = run_in::cut_out(pages, &body);
    let words = Vocabulary::of(text_blocks(pages).flat_map(|b| &b.lines));
    for page in pages.iter_mut() {
        let links = std::mem::take(&mut page.links);
        page.blocks.iter_mut().for_each(|block| assemble::write(block, &links, &words));
        page.links = links;
    }
    headings::mark(pages, outline, &body, &run_in);
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
    for block in
        page.blocks.iter_mut().filter(|b| b.evidence != Evidence::Repetition && b.kind != Kind::LineNumber)
    {
        let region = block.region;
        if many && block.kind.is_furniture() && !is_at_edge(&block.rect, &paper) {
            block.region = None;
        }
        assemble::name(block, body, &paper);
        block.region = region;
    }
}

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
