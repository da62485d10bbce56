//! Footnotes: which of them are referred to, from where first, and by what
//! number.

use std::collections::HashMap;

use super::passage::Passage;
use crate::content::{Kind, MarkKind};

/// The footnotes that the text refers to. Passages are named by their place.
pub(super) struct Notes<'a> {
    /// By the id of a footnote's block.
    pub numbers: HashMap<&'a str, usize>,
    /// By the passage that refers to them first.
    first: HashMap<usize, Vec<usize>>,
}

impl<'a> Notes<'a> {
    pub fn of(passages: &[Passage<'a>]) -> Self {
        let (mut first, mut referred) = (HashMap::<usize, Vec<usize>>::new(), Vec::new());
        for (from, note) in references(passages) {
            if !referred.contains(&note) {
                referred.push(note);
                first.entry(from).or_default().push(note);
            }
        }
        referred.sort_unstable();
        let ids = |(n, &note): (usize, &usize)| passages[note].ids.iter().map(move |id| (*id, n + 1));
        Self { numbers: referred.iter().enumerate().flat_map(ids).collect(), first }
    }

    /// The footnotes that the passage at `from` refers to before any other does.
    pub fn first_referred_to(&self, from: usize) -> &[usize] {
        self.first.get(&from).map_or(&[], Vec::as_slice)
    }

    /// The footnote's number, if anything refers to it.
    pub fn number(&self, note: &Passage) -> Option<usize> {
        self.numbers.get(note.block.id.as_str()).copied()
    }
}

/// From which passage to which footnote, in reading order. Footnotes that only footnotes refer to would follow each
/// other in a circle.
fn references(passages: &[Passage]) -> Vec<(usize, usize)> {
    let is_note = |p: &Passage| p.block.kind == Kind::Footnote;
    let notes = passages.iter().enumerate().filter(|(_, p)| is_note(p));
    let place: HashMap<&str, usize> = notes.flat_map(|(n, p)| p.ids.iter().map(move |id| (*id, n))).collect();
    let text = passages.iter().enumerate().filter(|(_, p)| p.has_markup() && !is_note(p));
    let marks = text.flat_map(|(n, p)| p.marks.iter().map(move |mark| (n, &mark.kind)));
    let target = |kind: &MarkKind| match kind {
        MarkKind::Note(id) => place.get(id.as_str()).copied(),
        _ => None,
    };
    marks.filter_map(|(from, kind)| Some((from, target(kind)?))).collect()
}
