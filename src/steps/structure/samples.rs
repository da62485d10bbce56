//! Drawn pages as documents, for tests.

use crate::{
    content::{Block, Kind, OutlineEntry, Page, PageContent, Region},
    steps::{
        assemble::{Painted, Parts, assemble},
        drawing::{Drawing, draw},
        table::{self, Sheet},
        text,
    },
};

/// Lines of running text that differ from each other, each 300 points wide at 10 points.
pub(super) const PROSE: [&str; 6] = [
    "several words that fill most of one line of text in a column",
    "the river rose in spring and many trees along the banks fell",
    "people who had lived there before the flood came back slowly",
    "no house that stood on lower ground was ever built up afresh",
    "but every garden on the hill above bore fruit in that summer",
    "which some in the town still tell their children about today",
];

/// A paragraph of two lines from a baseline on, the `n`th.
pub(super) fn prose(page: Drawing, y: f32, n: usize) -> Drawing {
    let line = |n: usize| PROSE[n % PROSE.len()];
    page.text(72.0, y, &format!("Here {}", line(n))).text(72.0, y + 12.0, &format!("{}.", line(n + 1)))
}

/// A bold line.
pub(super) fn bold(page: Drawing, size: f32, y: f32, text: &str) -> Drawing {
    page.font(1).size(size).text(72.0, y, text).font(0).size(10.0)
}

/// One page, read and assembled.
pub(super) fn content(page: &Page, number: usize, regions: &[Region]) -> PageContent {
    let rules = page.rules.iter().map(|rule| rule.rect).collect();
    let (images, boxes, drawings) = (page.images.clone(), page.boxes.clone(), page.drawings.clone());
    let lines = text::lines(&text::spans(page));
    let tables = table::find(&Sheet::of(page, &lines), regions).tables;
    let blocks = assemble(Parts {
        page: page.rect(),
        number,
        lines,
        regions,
        tables,
        formulas: &[],
        painted: Some(&Painted { images, boxes, drawings, rules }),
        links: &page.links,
        source: Some(page),
    });
    PageContent {
        document: "drawn".into(),
        number,
        width: page.width,
        height: page.height,
        blocks,
        regions: regions.to_vec(),
        links: page.links.clone(),
        ..PageContent::default()
    }
}

/// The pages of one document, each by itself.
pub(super) fn pages(drawn: &[Page]) -> Vec<PageContent> {
    drawn.iter().enumerate().map(|(n, page)| content(page, n + 1, &[])).collect()
}

/// The pages of one document, seen together.
pub(super) fn structured(drawn: &[Page]) -> Vec<PageContent> {
    outlined(drawn, &[])
}

/// As [`structured`], for a document with an outline.
pub(super) fn outlined(drawn: &[Page], outline: &[OutlineEntry]) -> Vec<PageContent> {
    let mut pages = pages(drawn);
    super::structure(&mut pages, outline);
    pages
}

/// All blocks of a kind.
pub(super) fn of_kind(pages: &[PageContent], kind: Kind) -> Vec<&Block> {
    pages.iter().flat_map(|p| &p.blocks).filter(|b| b.kind == kind).collect()
}

/// The texts of all blocks of a kind.
pub(super) fn texts(pages: &[PageContent], kind: Kind) -> Vec<&str> {
    of_kind(pages, kind).into_iter().map(|b| b.text.as_str()).collect()
}

/// Three pages with a bit of everything: running heads, a title, numbered sections, headings in their paragraphs, a
/// broken word, a paragraph that goes on over a page, a nested list, a note with its mark, a figure with its caption.
pub(super) fn report() -> [Page; 3] {
    let head = |n: usize| draw().text(72.0, 40.0, "A report on rivers").text(300.0, 760.0, &n.to_string());
    let first = bold(head(1), 20.0, 100.0, "Of Rivers and Trees");
    let first = bold(first, 14.0, 140.0, "1 Introduction");
    let first = prose(first, 170.0, 0).size(7.0).text(377.0, 178.0, "1").size(10.0);
    let first = first.size(8.0).text(72.0, 700.0, "1 This note is about rivers").size(10.0);
    let first = first.text(72.0, 500.0, PROSE[2]).text(
        72.0,
        512.0,
        "and the last of it goes on over the page here in an exam-",
    );
    let second = head(2).text(72.0, 90.0, "ple of this kind").text(72.0, 102.0, "and ends.");
    let second = bold(second, 12.0, 140.0, "1.1 Trees");
    let second = second.text(72.0, 170.0, "• one").text(90.0, 182.0, "• inner").text(72.0, 194.0, "• two");
    let second = second.text(100.0, 470.0, "Figure 1: A river");
    let third = ["Banks.", "Floods.", "Fields."].iter().enumerate().fold(head(3), |page, (n, title)| {
        let y = 100.0 + 50.0 * n as f32;
        let page = bold(page, 10.0, y, title);
        page.text(72.0 + 5.0 * (title.len() + 1) as f32, y, PROSE[n + 1]).text(72.0, y + 12.0, PROSE[n + 2])
    });
    let mut pages = [first.page(), second.page(), third.page()];
    pages[1].images.push([100.0, 250.0, 350.0, 450.0].into());
    pages
}
