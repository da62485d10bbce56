//! Which blocks are headings, and of what level: from size, weight, numbers and
//! the PDF's outline, so that headings of one look have one level throughout.

mod doubts;
mod labels;
mod levels;
mod names;
mod outline;
mod slides;

use doubts::{drop_front_matter, drop_rows, title};
use levels::levels;
use names::{is_known, is_theorem};
use outline::{Outline, contents, drop_contents};

pub(super) use labels::join as join_labels;
pub(super) use names::names_references;

use super::numbering::{self, Number, Scheme};
use crate::{
    content::{Block, Evidence, Kind, Line, Mark, MarkKind, OutlineEntry, PageContent, Role, Source},
    steps::{
        assemble::{
            blocks::BodyStyle,
            kind::{self, is_bold},
        },
        text::is_ideograph,
    },
};

/// Of the body's size. Larger text may be a heading.
const LARGER: f32 = 1.06;
/// Of the body's size. Smaller text is none, however bold.
const SMALLER: f32 = 0.88;

/// What tells headings of one level from those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Look {
    /// Half points, so that larger comes later.
    size: i32,
    /// Set in the first line of its paragraph.
    run_in: bool,
    bold: bool,
    capitals: bool,
    italic: bool,
}

/// A block that may be a heading.
struct Candidate {
    page: usize,
    block: usize,
    look: Look,
    number: Option<Number>,
    outline: Option<u8>,
    /// One of the words that name sections in any document.
    known: bool,
    evidence: Evidence,
}

impl Candidate {
    /// Whether more than its look speaks for it.
    fn is_sure(&self) -> bool {
        self.outline.is_some() || self.known || self.number.is_some()
    }
}

/// Marks the headings and gives them levels; what only looked like one becomes a paragraph.
pub(super) fn mark(pages: &mut [PageContent], outline: &[OutlineEntry], body: &BodyStyle) {
    let tagged = pages.iter().flat_map(|p| &p.blocks).any(|b| matches!(b.role, Some(Role::Heading(_))));
    let outline = match outline {
        [] if !tagged => Outline::new(&contents(pages)),
        entries => Outline::new(entries),
    };
    let mut found: Vec<Candidate> = Vec::new();
    for (p, page) in pages.iter().enumerate() {
        for (b, block) in page.blocks.iter().enumerate() {
            found.extend(candidate((p, b), block, page, &outline, body));
        }
    }
    slides::add_titles(&mut found, pages);
    drop_contents(&mut found, pages);
    drop_rows(&mut found, pages);
    let title = title(&found, pages, body);
    drop_front_matter(&mut found, title, pages);
    let title = title.and_then(|t| found.iter().position(|c| (c.page, c.block) == t));
    let levels = levels(&found, title);
    for page in pages.iter_mut() {
        for block in page.blocks.iter_mut().filter(|b| b.kind == Kind::Heading) {
            demote(block);
        }
    }
    for (candidate, level) in found.iter().zip(levels) {
        let block = &mut pages[candidate.page].blocks[candidate.block];
        (block.kind, block.level, block.marker) = (Kind::Heading, Some(level), None);
        block.evidence = candidate.evidence;
    }
}

/// What only looked like a heading is an item of a list, or text.
fn demote(block: &mut Block) {
    block.marker = kind::list_marker(&block.text).map(str::to_owned);
    (block.kind, block.level, block.evidence) = match block.marker {
        Some(_) => (Kind::ListItem, Some(1), Evidence::Marker),
        None => (Kind::Paragraph, None, Evidence::Default),
    };
}

fn candidate(
    (p, b): (usize, usize),
    block: &Block,
    page: &PageContent,
    outline: &Outline,
    body: &BodyStyle,
) -> Option<Candidate> {
    let eligible = match block.kind {
        Kind::Heading | Kind::Paragraph | Kind::ListItem => true,
        // The layout step takes short lines over tables and formulas for their captions.
        Kind::Caption => block.evidence == Evidence::Region,
        _ => false,
    };
    let number = numbering::of(&block.text);
    let title = &block.text[number.map_or(0, |n| n.length)..];
    let names = page.number == 1 && is_people(block, number) || is_theorem(title, number.is_some());
    if !eligible
        || names
        || block.lines.is_empty()
        || has_row(&block.lines)
        || !kind::may_be_heading(&block.lines)
        || !(is_wordy(title) || is_wordy(&block.text))
        || kind::starts_with_bullet(&block.text)
    {
        return None;
    }
    let run_in = block.evidence == Evidence::RunIn;
    let look = Look { run_in, ..Look::of(&block.lines) };
    let known = is_known(title);
    let listed = outline.level(&block.text, title, page.number);
    let listed = listed.or(match block.role {
        Some(Role::Heading(level)) if outline.is_empty() => Some(level),
        _ => None,
    });
    let evidence = if run_in { Evidence::RunIn } else { evidence(block, look, number, known, listed, body)? };
    // A name alone is no heading among the cells of a table.
    if evidence == Evidence::Words && is_cell(block, page) {
        return None;
    }
    Some(Candidate { page: p, block: b, look, number, outline: listed, known, evidence })
}

/// What speaks for a heading; `None` where nothing does.
fn evidence(
    block: &Block,
    look: Look,
    number: Option<Number>,
    known: bool,
    listed: Option<u8>,
    body: &BodyStyle,
) -> Option<Evidence> {
    let size = kind::size_of(&block.lines) / body.size.max(1.0);
    let end = block.text.trim_end();
    let stopped = end.ends_with('.') && number.is_none() && !look.capitals;
    let sentence = end.ends_with([',', ';']) || stopped;
    let few = block.lines.len() <= 2;
    if block.source == Source::Ocr {
        return (block.kind == Kind::Heading || known && few).then_some(block.evidence);
    }
    if listed.is_some() && (size > SMALLER || number.is_some()) {
        return Some(if block.evidence == Evidence::Tag { Evidence::Tag } else { Evidence::Outline });
    }
    let bold = look.bold && !body.bold;
    let title = &block.text[number.map_or(0, |n| n.length)..];
    let small_start = title.starts_with(char::is_lowercase);
    let in_list = block.kind == Kind::ListItem && number.is_none();
    match () {
        _ if size < SMALLER || in_list && size < kind::HEADING_SIZE => None,
        // Steps of an algorithm are numbered and bold too.
        _ if small_start && number.is_some() && size <= LARGER => None,
        _ if number.is_some_and(|n| n.scheme == Scheme::Word) && few => Some(Evidence::Numbering),
        _ if size > LARGER && (bold || number.is_some() || known) && !end.ends_with(',') => {
            Some(Evidence::Size)
        }
        _ if size > kind::HEADING_SIZE && !end.ends_with([',', ';']) => Some(Evidence::Size),
        _ if bold && few && !sentence => Some(Evidence::Weight),
        _ if number.is_some() && few && (look.italic || look.capitals) && !end.ends_with([',', ';']) => {
            Some(Evidence::Numbering)
        }
        _ if known && block.lines.len() == 1 && !end.ends_with(['.', ',']) => Some(Evidence::Words),
        _ if look.capitals
            && block.lines.len() == 1
            && !end.ends_with(['.', ',', ';'])
            && is_alone(block) =>
        {
            Some(Evidence::Weight)
        }
        _ => None,
    }
}

/// Capitals of some length, and no abbreviation or code.
fn is_alone(block: &Block) -> bool {
    let letters = block.text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 5 && block.text.split_whitespace().count() <= 8 && !block.text.contains(char::is_numeric)
}

impl Look {
    fn of(lines: &[Line]) -> Self {
        let spans = || lines.iter().flat_map(|l| &l.spans);
        let all: usize = spans().map(|s| s.text.len()).sum();
        let italic: usize = spans().filter(|s| s.style.italic).map(|s| s.text.len()).sum();
        let letters = || spans().flat_map(|s| s.text.chars()).filter(|c| c.is_alphabetic());
        let cased = letters().filter(|c| c.is_lowercase() || c.is_uppercase()).count();
        let upper = letters().filter(|c| c.is_uppercase()).count();
        Self {
            size: (kind::size_of(lines) * 2.0).round() as i32,
            bold: lines.iter().all(is_bold),
            capitals: cased >= 3 && upper * 10 >= cased * 9,
            italic: 2 * italic > all,
            run_in: false,
        }
    }
}

/// Whether other text stands on the row.
fn is_cell(block: &Block, page: &PageContent) -> bool {
    let on_row = |other: &Block| {
        other.id != block.id
            && other.rect.shares_row(&block.rect)
            && other.rect.height() < 2.0 * block.rect.height()
    };
    page.blocks.iter().any(|other| other.kind != Kind::LineNumber && on_row(other))
}

/// Raised marks after names: authors and where they work.
fn is_people(block: &Block, number: Option<Number>) -> bool {
    let raised = |m: &&Mark| {
        let text = block.text.get(m.start..m.end).unwrap_or_default();
        let lettered = text.ends_with(')') && text.len() == 2;
        let counts = text.chars().all(|c| c.is_ascii_digit() || "*∗†‡§,".contains(c));
        m.kind == MarkKind::Superscript && (counts || lettered)
    };
    let marks = block.marks.iter().filter(raised).count();
    let initial = number.is_some_and(|n| n.scheme == Scheme::Letter);
    marks >= 2 || marks == 1 && (initial || block.text.contains([',', '&']))
}

/// Whether lines stand beside each other, as cells do.
fn has_row(lines: &[Line]) -> bool {
    lines.windows(2).any(|pair| {
        let (a, b) = (pair[0].rect, pair[1].rect);
        a.shares_row(&b) && b.x0 - a.x1 > 2.0 * pair[0].size()
    })
}

/// A word of three letters or two ideographs, and more letters than anything else.
fn is_wordy(text: &str) -> bool {
    let visible = text.chars().filter(|c| !c.is_whitespace()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let ideographs = text.chars().filter(|&c| is_ideograph(c)).count();
    let word = text.split(|c: char| !c.is_alphabetic()).any(|w| w.chars().count() >= 3);
    (word || ideographs >= 2) && 2 * letters > visible
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Page,
        steps::{
            drawing::{Drawing, draw},
            structure::samples::{bold, of_kind, outlined, prose, structured},
        },
    };

    fn headings(pages: &[PageContent]) -> Vec<(u8, &str)> {
        of_kind(pages, Kind::Heading).iter().map(|b| (b.level.unwrap(), b.text.as_str())).collect()
    }

    /// A page of bold headings with a paragraph under each.
    fn sections(page: Drawing, y: f32, headings: &[(f32, &str)]) -> Page {
        let section = |page: Drawing, (n, (size, text)): (usize, &(f32, &str))| {
            let y = y + 70.0 * n as f32;
            prose(bold(page, *size, y, text), y + 25.0, n)
        };
        headings.iter().enumerate().fold(page, section).page()
    }

    #[test]
    fn numbers_tell_levels() {
        let page = sections(
            draw(),
            100.0,
            &[(12.0, "1 Trees"), (12.0, "1.1 Oaks"), (12.0, "1.1.1 Red oaks"), (12.0, "2 Birds")],
        );
        let expected = [(1, "1 Trees"), (2, "1.1 Oaks"), (3, "1.1.1 Red oaks"), (1, "2 Birds")];
        assert_eq!(headings(&structured(&[page])), expected);
    }

    #[test]
    fn a_heading_without_a_number_has_the_level_of_its_look() {
        let page = sections(
            draw(),
            100.0,
            &[(14.0, "1 Trees"), (12.0, "1.1 Oaks"), (12.0, "Beeches"), (14.0, "2 Birds")],
        );
        let expected = [(1, "1 Trees"), (2, "1.1 Oaks"), (2, "Beeches"), (1, "2 Birds")];
        assert_eq!(headings(&structured(&[page])), expected);
    }

    #[test]
    fn without_numbers_the_larger_is_the_outer() {
        let page =
            sections(draw(), 100.0, &[(20.0, "A guide"), (16.0, "Trees"), (13.0, "Oaks"), (16.0, "Birds")]);
        let expected = [(1, "A guide"), (2, "Trees"), (3, "Oaks"), (2, "Birds")];
        assert_eq!(headings(&structured(&[page])), expected);
    }

    #[test]
    fn the_outline_decides_levels() {
        let page = sections(draw(), 100.0, &[(20.0, "A guide"), (13.0, "Trees"), (13.0, "Oaks")]);
        let entry = |title: &str, level| OutlineEntry { title: title.into(), level, page: Some(1) };
        let outline = [entry("Trees", 1), entry("Oaks", 2)];
        assert_eq!(headings(&outlined(&[page], &outline)), [(1, "A guide"), (2, "Trees"), (3, "Oaks")]);
    }

    #[test]
    fn the_outline_makes_a_heading_of_a_plain_line() {
        let page = prose(prose(draw(), 100.0, 0).text(72.0, 150.0, "Oaks"), 180.0, 2).page();
        let outline = [OutlineEntry { title: "Oaks".into(), level: 1, page: Some(1) }];
        assert_eq!(headings(&structured(std::slice::from_ref(&page))), []);
        assert_eq!(headings(&outlined(&[page], &outline)), [(1, "Oaks")]);
    }

    #[test]
    fn entries_of_the_contents_are_none() {
        let contents = bold(draw(), 14.0, 100.0, "Contents");
        let contents = bold(bold(contents, 10.0, 130.0, "Tall trees 2"), 10.0, 160.0, "Small birds 3").page();
        let rest = sections(draw(), 200.0, &[(14.0, "Tall trees"), (14.0, "Small birds")]);
        let texts = headings(&structured(&[contents, rest.clone(), rest]))
            .iter()
            .map(|h| h.1.to_owned())
            .collect::<Vec<_>>();
        assert_eq!(texts[..3], ["Contents", "Tall trees", "Small birds"]);
    }

    #[test]
    fn names_under_the_title_are_none() {
        let title =
            bold(draw(), 20.0, 60.0, "A guide to trees").size(13.0).text(72.0, 90.0, "Ann Smith").size(10.0);
        let page = sections(title, 130.0, &[(13.0, "1 Oaks"), (13.0, "2 Beeches")]);
        assert_eq!(
            headings(&structured(&[page])),
            [(1, "A guide to trees"), (2, "1 Oaks"), (2, "2 Beeches")]
        );
    }

    #[test]
    fn names_with_raised_marks_are_none_however_bold() {
        let names = bold(bold(draw(), 20.0, 60.0, "A guide to trees"), 13.0, 90.0, "Ann Smith");
        let names = names.font(1).size(8.0).text(130.5, 85.0, "1").size(13.0).text(134.5, 90.0, ", Bo Li");
        let names = names.size(8.0).text(180.0, 85.0, "2").font(0).size(10.0);
        let page = sections(names, 130.0, &[(13.0, "Oaks"), (13.0, "Beeches")]);
        assert_eq!(headings(&structured(&[page])), [(1, "A guide to trees"), (2, "Oaks"), (2, "Beeches")]);
    }

    #[test]
    fn theorems_are_none() {
        let texts = [(12.0, "1 Trees"), (10.0, "Theorem 2"), (10.0, "Notation"), (12.0, "2 Notation")];
        let page = sections(draw(), 100.0, &texts);
        assert_eq!(headings(&structured(&[page])), [(1, "1 Trees"), (1, "2 Notation")]);
    }

    #[test]
    fn numbered_lines_without_text_between_are_a_list() {
        let list = ["1 Oaks", "2 Beeches", "3 Elms"];
        let list = list
            .iter()
            .enumerate()
            .fold(prose(draw(), 100.0, 0), |page, (n, text)| bold(page, 10.0, 150.0 + 30.0 * n as f32, text));
        assert_eq!(headings(&structured(&[prose(list, 250.0, 2).page()])), []);
    }
}
