//! How lists are nested: by how far their items are set in.

use crate::{
    content::{Kind, PageContent},
    geometry::Rect,
};

/// Points. Items set in by less than this stand at one depth.
const SAME_INDENT: f32 = 4.0;
/// Deeper lists are drawn as this deep.
const DEEPEST: usize = 6;

/// Gives each list item its depth, from 1. A block that is set in no farther than the outermost item ends a list.
pub(super) fn nest(pages: &mut [PageContent]) {
    for page in pages {
        let mut indents: Vec<f32> = Vec::new();
        let mut before: Option<(Rect, u8)> = None;
        for block in &mut page.blocks {
            let left = block.lines.first().map_or(block.rect.x0, |l| l.rect.x0);
            match block.kind {
                // An item beside the one before is of its depth.
                Kind::ListItem if before.is_some_and(|(r, _)| r.shares_row(&block.rect)) => {
                    block.level = before.map(|(_, level)| level);
                }
                Kind::ListItem => {
                    while indents.last().is_some_and(|&x| x > left + SAME_INDENT) {
                        indents.pop();
                    }
                    if indents.last().is_none_or(|&x| x < left - SAME_INDENT) {
                        indents.push(left);
                    }
                    block.level = Some(indents.len().clamp(1, DEEPEST) as u8);
                    before = block.level.map(|level| (block.rect, level));
                }
                _ if indents.first().is_some_and(|&x| left > x + SAME_INDENT) => (),
                _ => {
                    indents.clear();
                    before = None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{
        drawing::{Drawing, draw},
        structure::samples::{PROSE, of_kind, structured},
    };

    /// The depths of items drawn from these places.
    fn depths(items: &[(f32, &str)]) -> Vec<Option<u8>> {
        let row = |page: Drawing, (n, (x, text)): (usize, &(f32, &str))| {
            page.text(*x, 100.0 + 20.0 * n as f32, text)
        };
        let page = items.iter().enumerate().fold(draw(), row).page();
        of_kind(&structured(&[page]), Kind::ListItem).iter().map(|b| b.level).collect()
    }

    #[test]
    fn items_that_are_set_in_are_nested() {
        let items = [(72.0, "• one"), (90.0, "• inner"), (108.0, "• innermost"), (72.0, "• two and so on")];
        assert_eq!(depths(&items), [Some(1), Some(2), Some(3), Some(1)]);
    }

    #[test]
    fn a_paragraph_ends_a_list() {
        let items = [(72.0, "• one"), (72.0, PROSE[0]), (90.0, "• another list")];
        assert_eq!(depths(&items), [Some(1), Some(1)]);
    }
}
