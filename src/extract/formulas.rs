//! The formula step within a page: where it applies, and its results in reading order.

use super::sender::Plan;
use crate::{
    content::{Block, Formula, Kind, Label, MarkKind, Page, Region},
    geometry::{Pose, Rect, Turn},
    steps::formula::{self, Found},
};

/// The formulas of a text layer that stands upright.
pub(super) fn find(page: &Page, regions: &[Region], pose: &Pose, plan: &Plan) -> Vec<Found> {
    if !plan.text_layer || pose.turn != Turn::None {
        return Vec::new();
    }
    let equations: Vec<Rect> =
        regions.iter().filter(|r| r.label == Label::Equation).map(|r| r.rect).collect();
    formula::find(page, &equations)
}

/// All formulas of the page in reading order, with those that nothing read.
pub(super) fn settled(page: usize, blocks: &mut [Block], read: Vec<Formula>) -> Vec<Formula> {
    let mut rest: Vec<Option<Formula>> = read.into_iter().map(Some).collect();
    let mut next = rest.len();
    let mut ordered = Vec::with_capacity(rest.len());
    for block in blocks.iter_mut() {
        if block.kind == Kind::Formula && block.formula.is_none() {
            let unread = unread(page, next, block);
            next += 1;
            block.formula = Some(unread.id.clone());
            ordered.push(unread);
        }
        let in_text = block.marks.iter().filter_map(|mark| match &mark.kind {
            MarkKind::Formula(id) => Some(id),
            _ => None,
        });
        let in_lines = block.lines.iter().flat_map(|l| &l.spans).filter_map(|s| s.formula.as_ref());
        for id in in_text.chain(block.formula.as_ref()).chain(in_lines) {
            let at = rest.iter().position(|f| f.as_ref().is_some_and(|f| f.id == *id));
            ordered.extend(at.and_then(|at| rest[at].take()));
        }
    }
    ordered.extend(rest.into_iter().flatten());
    ordered
}

/// A formula that the layout step saw, with what of it is known.
fn unread(page: usize, n: usize, block: &Block) -> Formula {
    Formula {
        id: formula::id(page, n),
        rect: block.rect,
        display: true,
        text: block.text.clone(),
        confidence: block.confidence,
        symbols: block.text.chars().filter(|c| !c.is_whitespace()).count(),
        ..Default::default()
    }
}
