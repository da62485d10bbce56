//! What the document says of its own headings: the PDF's outline, or else the table of contents.

use std::collections::{HashMap, HashSet};

use super::Candidate;
use crate::{
    content::{Line, OutlineEntry, PageContent},
    steps::structure::numbering,
};

/// Pages. An outline's target can be off by one, where a heading stands at a page's end.
const OUTLINE_PAGES: usize = 1;

/// The PDF's outline by title, or else the numbered entries of the table of contents.
pub(super) struct Outline(HashMap<String, Vec<(u8, Option<usize>)>>);

impl Outline {
    pub(super) fn new(entries: &[OutlineEntry]) -> Self {
        let mut by_title: HashMap<String, Vec<(u8, Option<usize>)>> = HashMap::new();
        for entry in entries {
            by_title.entry(folded(&entry.title)).or_default().push((entry.level, entry.page));
        }
        by_title.remove("");
        Self(by_title)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The level of the entry of this title on this page.
    pub(super) fn level(&self, text: &str, title: &str, page: usize) -> Option<u8> {
        let entries = self.0.get(&folded(text)).or_else(|| self.0.get(&folded(title)))?;
        let here = |to: &Option<usize>| to.is_none_or(|to| to.abs_diff(page) <= OUTLINE_PAGES);
        entries.iter().find(|(_, to)| here(to)).map(|(level, _)| *level)
    }
}

/// The numbered entries of a table of contents: `2.1 Data . . . . 7`.
pub(super) fn contents(pages: &[PageContent]) -> Vec<OutlineEntry> {
    let entry = |line: &Line| {
        let text = line.text();
        let (title, end) = text.split_once(". . .").or_else(|| text.split_once("...."))?;
        let number = numbering::of(title)?;
        let counted = is_page_number(end.rsplit(['.', ' ']).next().unwrap_or_default());
        counted.then(|| OutlineEntry {
            title: title.trim().to_owned(),
            level: number.depth as u8,
            page: None,
        })
    };
    pages.iter().flat_map(|p| &p.blocks).flat_map(|b| &b.lines).filter_map(entry).collect()
}

/// Letters and digits alone: outlines write formulas and dashes otherwise than the page.
fn folded(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Drops the entries of a table of contents: a title that stands elsewhere too, and a page number.
pub(super) fn drop_contents(found: &mut Vec<Candidate>, pages: &[PageContent]) {
    let text = |c: &Candidate| pages[c.page].blocks[c.block].text.as_str();
    let titles: HashSet<String> = found.iter().map(|c| folded(text(c))).collect();
    let is_entry = |text: &str| {
        let dotted = text.contains(". . .") || text.contains("....");
        let entry = text.rsplit_once(char::is_whitespace).filter(|(_, number)| is_page_number(number));
        entry.is_some_and(|(title, _)| dotted || titles.contains(&folded(title.trim_end_matches(['.', ' ']))))
    };
    found.retain(|c| !is_entry(text(c)));
}

fn is_page_number(word: &str) -> bool {
    word.len() <= 5 && (word.chars().all(|c| c.is_ascii_digit()) || word.chars().all(|c| "ivxlc".contains(c)))
}
