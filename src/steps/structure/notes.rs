//! Footnotes to the marks that refer to them.

use crate::content::{Block, Kind, Mark, MarkKind, PageContent};

/// Ties each footnote to the raised mark of the same sign on its page, or, where a note is pushed over, on the page
/// before.
pub(super) fn mark(pages: &mut [PageContent]) {
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
