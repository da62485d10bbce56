//! Paragraphs, list items and entries that go on in the next column or on the
//! next page.

use super::near;
use crate::{
    content::{Block, Continuation, Joint, Kind, PageContent},
    steps::assemble::flow::{self, Vocabulary},
};

/// Of the font size. Two parts of one text differ by no more.
const SAME_SIZE: f32 = 0.06;
/// Share of the column's width that a line misses, from which it ends its paragraph.
const SHORT_LINE: f32 = 0.12;
/// Sentences end so, closing quotes and brackets aside.
const STOPS: [char; 8] = ['.', '!', '?', ':', '。', '！', '？', '：'];

/// Finds the blocks that go on with the text of one before.
pub(super) fn mark(pages: &mut [PageContent], words: &Vocabulary) {
    let mut before: Option<Block> = None;
    for page in pages {
        for block in &mut page.blocks {
            block.continues = None;
            if is_passed_over(block.kind) {
                continue;
            }
            if let Some(last) = &before
                && goes_on(last, block)
            {
                let joint = joint(last, block, words);
                block.continues = Some(Continuation { of: last.id.clone(), joint });
            }
            before = Some(Block { table: None, ..block.clone() });
        }
    }
}

/// What stands between two parts of a text without ending it.
fn is_passed_over(kind: Kind) -> bool {
    kind.is_furniture() || matches!(kind, Kind::Footnote | Kind::Figure | Kind::Table | Kind::Caption)
}

fn joint(last: &Block, next: &Block, words: &Vocabulary) -> Joint {
    if next.kind == Kind::Code { Joint::Space } else { flow::joint(&last.text, &next.text, words) }
}

fn goes_on(last: &Block, next: &Block) -> bool {
    let (Some(end), Some(start)) = (last.lines.last(), next.lines.first()) else { return false };
    let kinds = match (last.kind, next.kind) {
        (Kind::Paragraph | Kind::ListItem | Kind::Reference, Kind::Paragraph) => true,
        (Kind::Reference, Kind::Reference) => {
            next.marker.is_none() && !crate::steps::assemble::kind::starts_reference(&next.text)
        }
        _ => false,
    };
    let size = end.size().max(start.size());
    if !kinds || end.turn() != start.turn() || !near(end.size(), start.size(), SAME_SIZE * size) {
        return false;
    }
    // On one page, text goes on at the head of the next column: above, or beside.
    let moved = start.rect.y0 < end.rect.y0;
    let other_page = page_of(&last.id) != page_of(&next.id);
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

/// `p3` of `p3-b12`.
fn page_of(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}
