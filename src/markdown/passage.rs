//! Blocks to passages: a text that goes on over columns and pages is one
//! again, at the place of its first block. Running heads and feet stay out.

use std::collections::HashMap;

use crate::content::{Block, Joint, Kind, Mark, PageContent};

/// A block with all that continues it.
pub(super) struct Passage<'a> {
    /// Of the first block.
    pub page: &'a PageContent,
    /// The first, which says what the passage is.
    pub block: &'a Block,
    /// Of all its blocks.
    pub ids: Vec<&'a str>,
    pub text: String,
    /// Into `text`.
    pub marks: Vec<Mark>,
}

/// In the order of their first blocks. A continuation of a block that is not among those before it is a passage of
/// its own.
pub(super) fn passages(pages: &[PageContent]) -> Vec<Passage<'_>> {
    let mut all: Vec<Passage> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    for (page, block) in body(pages) {
        let goes_on = block.continues.as_ref().and_then(|c| Some((*place.get(c.of.as_str())?, c.joint)));
        let at = match goes_on.filter(|&(at, _)| flows(block) && flows(all[at].block)) {
            Some((at, joint)) => {
                all[at].append(block, joint);
                at
            }
            None => {
                all.push(Passage::new(page, block));
                all.len() - 1
            }
        };
        place.insert(&block.id, at);
    }
    all
}

/// The blocks less the running heads and feet.
pub(super) fn body(pages: &[PageContent]) -> impl Iterator<Item = (&PageContent, &Block)> {
    let blocks = pages.iter().flat_map(|page| page.blocks.iter().map(move |block| (page, block)));
    blocks.filter(|(_, block)| !block.kind.is_furniture())
}

/// Whether the block is its text, and not a grid, a formula or a picture.
fn flows(block: &Block) -> bool {
    !matches!(block.kind, Kind::Table | Kind::Formula | Kind::Figure)
}

impl<'a> Passage<'a> {
    fn new(page: &'a PageContent, block: &'a Block) -> Self {
        let (text, marks) = (block.text.clone(), block.marks.clone());
        Self { page, block, ids: vec![&block.id], text, marks }
    }

    fn append(&mut self, block: &'a Block, joint: Joint) {
        match joint {
            _ if self.block.kind == Kind::Code => self.text.push('\n'),
            Joint::Space => self.text.push(' '),
            Joint::Nothing => {}
            Joint::Hyphen => self.drop_last_character(),
        }
        let before = self.text.len();
        let moved = |m: &Mark| Mark { start: m.start + before, end: m.end + before, kind: m.kind.clone() };
        self.text.push_str(&block.text);
        self.marks.extend(block.marks.iter().map(moved));
        self.ids.push(&block.id);
    }

    fn drop_last_character(&mut self) {
        self.text.pop();
        for mark in &mut self.marks {
            mark.end = mark.end.min(self.text.len());
        }
    }

    /// Whether its marks are written.
    pub fn has_markup(&self) -> bool {
        flows(self.block) && self.block.kind != Kind::Code
    }

    /// What follows the first `bytes` of the text and the white space after them, with its marks.
    pub fn after(&self, bytes: usize) -> (&str, Vec<Mark>) {
        let rest = self.text[bytes..].trim_start();
        let cut = self.text.len() - rest.len();
        let shifted = |m: &Mark| Mark {
            start: m.start.saturating_sub(cut),
            end: m.end.saturating_sub(cut),
            kind: m.kind.clone(),
        };
        (rest, self.marks.iter().map(shifted).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::{Continuation, MarkKind},
        markdown::samples::{block, page},
    };

    fn continuing(mut block: Block, of: &str, joint: Joint) -> Block {
        block.continues = Some(Continuation { of: of.into(), joint });
        block
    }

    fn texts(pages: &[PageContent]) -> Vec<String> {
        passages(pages).into_iter().map(|p| p.text).collect()
    }

    #[test]
    fn a_text_goes_on_over_blocks_and_pages() {
        let pages = [
            page(1, vec![block("a", Kind::Paragraph, "One exam-"), block("n", Kind::Heading, "Next")]),
            page(
                2,
                vec![
                    block("f", Kind::Footer, "2"),
                    continuing(block("b", Kind::Paragraph, "ple of"), "a", Joint::Hyphen),
                    continuing(block("c", Kind::Paragraph, "two"), "b", Joint::Space),
                    continuing(block("d", Kind::Paragraph, "-fold"), "c", Joint::Nothing),
                ],
            ),
        ];
        assert_eq!(texts(&pages), ["One example of two-fold", "Next"]);
    }

    #[test]
    fn a_continuation_of_what_is_not_there_stands_alone() {
        let lost = continuing(block("b", Kind::Paragraph, "the rest"), "a", Joint::Space);
        let itself = continuing(block("c", Kind::Paragraph, "a loop"), "c", Joint::Space);
        assert_eq!(texts(&[page(2, vec![lost, itself])]), ["the rest", "a loop"]);
    }

    #[test]
    fn code_goes_on_in_a_new_line_and_a_table_does_not_go_on() {
        let blocks = vec![
            block("a", Kind::Code, "let a = 1;"),
            continuing(block("b", Kind::Code, "let b = 2;"), "a", Joint::Space),
            block("t", Kind::Table, "1 2"),
            continuing(block("u", Kind::Table, "3 4"), "t", Joint::Space),
        ];
        assert_eq!(texts(&[page(1, blocks)]), ["let a = 1;\nlet b = 2;", "1 2", "3 4"]);
    }

    #[test]
    fn marks_move_with_their_text() {
        let mut first = block("a", Kind::Paragraph, "ab-");
        first.marks = vec![Mark { start: 1, end: 3, kind: MarkKind::Bold }];
        let mut second = continuing(block("b", Kind::Paragraph, "cd"), "a", Joint::Hyphen);
        second.marks = vec![Mark { start: 0, end: 1, kind: MarkKind::Bold }];
        let pages = [page(1, vec![first, second])];
        let whole = passages(&pages);
        let places = |marks: &[Mark]| marks.iter().map(|m| (m.start, m.end)).collect::<Vec<_>>();
        assert_eq!(places(&whole[0].marks), [(1, 2), (2, 3)]);
        let (rest, marks) = whole[0].after(2);
        assert_eq!((rest, places(&marks)), ("cd", vec![(0, 0), (0, 1)]));
    }
}
