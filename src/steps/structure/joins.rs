//! Paragraphs, list items and entries that go on in the next column or on the
//! next page.

use super::near;
use crate::{
    content::{Block, Continuation, Joint, Kind, PageContent},
    steps::assemble::{
        flow::{self, Vocabulary},
        kind,
    },
};

/// Of the font size. Two parts of one text differ by no more.
const SAME_SIZE: f32 = 0.06;
/// Share of the column's width that a line misses, from which it ends its paragraph.
const SHORT_LINE: f32 = 0.12;
/// Sentences end so, closing quotes and brackets aside.
const STOPS: [char; 8] = ['.', '!', '?', ':', '。', '！', '？', '：'];

/// Finds the blocks that go on with the text of one before.
pub(super) fn mark(pages: &mut [PageContent], words: &Vocabulary) {
    let mut found: Vec<Option<Continuation>> = Vec::new();
    let mut before: Option<(usize, &Block)> = None;
    for (page, block) in pages.iter().flat_map(|p| p.blocks.iter().map(move |b| (p.number, b))) {
        let flows = !is_passed_over(block.kind);
        let last = before.filter(|(other, last)| flows && goes_on(last, block, *other != page));
        found.push(
            last.map(|(_, last)| Continuation { of: last.id.clone(), joint: joint(last, block, words) }),
        );
        before = if flows { Some((page, block)) } else { before };
    }
    let blocks = pages.iter_mut().flat_map(|p| &mut p.blocks);
    blocks.zip(found).for_each(|(block, continues)| block.continues = continues);
}

/// What stands between two parts of a text without ending it.
fn is_passed_over(kind: Kind) -> bool {
    kind.is_furniture() || matches!(kind, Kind::Footnote | Kind::Figure | Kind::Table | Kind::Caption)
}

fn joint(last: &Block, next: &Block, words: &Vocabulary) -> Joint {
    if next.kind == Kind::Code { Joint::Space } else { flow::joint(&last.text, &next.text, words) }
}

fn goes_on(last: &Block, next: &Block, other_page: bool) -> bool {
    let (Some(end), Some(start)) = (last.lines.last(), next.lines.first()) else { return false };
    let kinds = match (last.kind, next.kind) {
        (Kind::Paragraph | Kind::ListItem | Kind::Reference, Kind::Paragraph) => true,
        (Kind::Reference, Kind::Reference) => next.marker.is_none() && !kind::starts_reference(&next.text),
        _ => false,
    };
    let size = end.size().max(start.size());
    if !kinds || end.turn() != start.turn() || !near(end.size(), start.size(), SAME_SIZE * size) {
        return false;
    }
    // On one page, text goes on at the head of the next column: above, or beside.
    let moved = start.rect.y0 < end.rect.y0;
    if !(other_page || moved) {
        return false;
    }
    let open = !last.text.trim_end_matches(['”', '"', '’', ')', ']', '»']).ends_with(STOPS);
    let hyphen = last.text.ends_with(['-', '\u{2010}']);
    let lower = next.text.starts_with(|c: char| c.is_lowercase());
    let full = end.rect.x1 > last.rect.x1 - SHORT_LINE * last.rect.width() || last.lines.len() == 1;
    let indented = next.lines.len() > 1 && start.rect.x0 > next.rect.x0 + 0.8 * size;
    hyphen && full
        || open && (lower || full && !indented && next.lines.len() > 1 && last.lines.len() > 1)
        || lower && full
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{
        drawing::{Drawing, draw},
        structure::samples::{PROSE, structured},
    };

    /// What a document of two pages of two lines each says of the second page's text.
    fn second(end: &str, start: (f32, &str)) -> Option<Continuation> {
        let first = draw().text(72.0, 600.0, PROSE[0]).text(72.0, 612.0, end).page();
        let next = draw().text(start.0, 100.0, start.1).text(72.0, 112.0, PROSE[2]).page();
        structured(&[first, next])[1].blocks[0].continues.clone()
    }

    fn of_first(joint: Joint) -> Option<Continuation> {
        Some(Continuation { of: "p1-b1".into(), joint })
    }

    #[test]
    fn a_paragraph_goes_on_over_a_page() {
        assert_eq!(second(PROSE[1], (72.0, PROSE[3])), of_first(Joint::Space));
        assert_eq!(second(PROSE[1], (72.0, "Ann Smith and all of her")), of_first(Joint::Space));
    }

    #[test]
    fn a_word_is_broken_over_a_page() {
        let end = "a line of the same length as those over it and an exam-";
        assert_eq!(second(end, (72.0, "ple of it")), of_first(Joint::Hyphen));
    }

    #[test]
    fn a_full_stop_or_an_indent_parts_paragraphs() {
        let end = "a line that ends its paragraph just at the edge of the text.";
        assert_eq!(second(end, (72.0, "Ann Smith and all of her")), None);
        assert_eq!(second(PROSE[1], (92.0, "Ann Smith and all of her")), None);
    }

    #[test]
    fn a_note_between_does_not_end_a_paragraph() {
        let first = draw().text(72.0, 600.0, PROSE[0]).text(72.0, 612.0, PROSE[1]);
        let first = first.size(8.0).text(72.0, 700.0, "1 A note").page();
        let next = draw().text(72.0, 100.0, PROSE[2]).text(72.0, 112.0, PROSE[3]).page();
        assert_eq!(structured(&[first, next])[1].blocks[0].continues, of_first(Joint::Space));
    }

    #[test]
    fn a_paragraph_goes_on_in_the_next_column() {
        let column = |page, x: f32, y: f32, n: usize| {
            let rows = [
                "the trees along the banks fell",
                "and people came back to build",
                "no house on the lower ground",
                "but every garden bore fruit",
            ];
            (0..8).fold(page, |page: Drawing, row| page.text(x, y + 12.0 * row as f32, rows[(row + n) % 4]))
        };
        let page = column(column(draw(), 72.0, 200.0, 0), 320.0, 200.0, 1).page();
        let blocks = &structured(&[page])[0].blocks;
        assert_eq!(blocks[1].continues, of_first(Joint::Space));
    }
}
