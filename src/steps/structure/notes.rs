//! Footnotes to the marks that refer to them.

use crate::{
    content::{Block, Evidence, Kind, Mark, MarkKind, PageContent},
    geometry::Rect,
    steps::assemble::kind::size_of,
};

/// Ties each footnote to the raised mark of the same sign on its page, or, where a note is pushed over, on the page
/// before.
pub(super) fn mark(pages: &mut [PageContent]) {
    pages.iter_mut().for_each(settle);
    for n in 0..pages.len() {
        let notes: Vec<(String, String)> = pages[n]
            .blocks
            .iter()
            .filter(|b| b.kind == Kind::Footnote)
            .filter_map(|b| Some((b.id.clone(), b.marker.clone()?)))
            .collect();
        for (id, sign) in notes {
            if !refer(&mut pages[n].blocks, &id, &sign) && n > 0 {
                refer(&mut pages[n - 1].blocks, &id, &sign);
            }
        }
    }
}

/// Notes stand under all text of their column: what has text under it is none.
fn settle(page: &mut PageContent) {
    let text: Vec<(Rect, f32)> = page
        .blocks
        .iter()
        .filter(|b| matches!(b.kind, Kind::Paragraph | Kind::Heading | Kind::ListItem))
        .map(|b| (b.rect, size_of(&b.lines)))
        .collect();
    for block in page.blocks.iter_mut().filter(|b| b.kind == Kind::Footnote && b.evidence == Evidence::Size) {
        let (rect, size) = (block.rect, size_of(&block.lines));
        let under = |(r, s): &(Rect, f32)| {
            *s > size && r.y0 > rect.y1 && r.overlap_x(&rect) > 0.5 * r.width().min(rect.width())
        };
        if text.iter().any(under) {
            (block.kind, block.evidence, block.marker) = (Kind::Paragraph, Evidence::Default, None);
        }
    }
}

/// Marks the first reference to a note; whether there is one.
fn refer(blocks: &mut [Block], id: &str, sign: &str) -> bool {
    let refers = |block: &Block, mark: &Mark| {
        mark.kind == MarkKind::Superscript
            && block.text.get(mark.start..mark.end).is_some_and(|text| same(text, sign))
    };
    for block in blocks.iter_mut().filter(|b| !b.kind.is_furniture() && b.kind != Kind::Footnote) {
        let Some(at) = block.marks.iter().position(|mark| refers(block, mark)) else { continue };
        let Mark { start, end, .. } = block.marks[at];
        block.marks[at] = Mark { start, end, kind: MarkKind::Note(id.to_owned()) };
        return true;
    }
    false
}

fn same(text: &str, sign: &str) -> bool {
    let bare = |s: &str| s.trim().trim_matches(['(', ')', '[', ']', ',']).replace('∗', "*");
    bare(text) == bare(sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Page,
        steps::{
            drawing::{Drawing, draw},
            structure::samples::{PROSE, structured},
        },
    };

    /// A line of text with a raised mark after it.
    fn referring(mark: &str) -> Drawing {
        draw().text(72.0, 100.0, PROSE[0]).size(7.0).text(372.0, 96.0, mark)
    }

    fn marks(pages: &[Page]) -> Vec<Mark> {
        structured(pages)[0].blocks[0].marks.clone()
    }

    fn mark(kind: MarkKind) -> [Mark; 1] {
        [Mark { start: PROSE[0].len(), end: PROSE[0].len() + 1, kind }]
    }

    #[test]
    fn a_note_is_tied_to_its_mark() {
        let page = referring("1").size(8.0).text(72.0, 700.0, "1 A note on it").page();
        assert_eq!(marks(&[page]), mark(MarkKind::Note("p1-b2".into())));
    }

    #[test]
    fn a_mark_without_its_note_stays_raised() {
        let page = referring("3").size(8.0).text(72.0, 700.0, "1 A note on it").page();
        assert_eq!(marks(&[page]), mark(MarkKind::Superscript));
    }

    #[test]
    fn a_note_may_stand_on_the_next_page() {
        let next = draw().text(72.0, 130.0, PROSE[1]).size(8.0).text(72.0, 700.0, "1 A note on it").page();
        assert_eq!(marks(&[referring("1").page(), next]), mark(MarkKind::Note("p2-b2".into())));
    }
}
