//! Ruling lines as rails: strokes on one line, with the stretches that they
//! cover.

use super::Sheet;
use crate::geometry::Rect;

/// Points. Strokes closer than this are one line drawn twice, or the two edges of one.
const SAME_RAIL: f32 = 3.0;
/// Points. Rules of the frame stand this far outside the text that was asked for.
const FRAME: f32 = 8.0;
/// Times its thickness. A shorter rule is a dot or a bullet.
const SLENDER: f32 = 3.0;
/// Points. Dashes and strokes that cell borders leave apart are one line.
const SAME_STRETCH: f32 = 4.0;

/// Strokes on one line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rail {
    /// y of a horizontal line, x of a vertical one.
    pub(super) at: f32,
    /// From and to along the line, in order, apart.
    pub(super) stretches: Vec<(f32, f32)>,
}

impl Rail {
    /// Points of `from..to` that the rail covers.
    fn covered(&self, from: f32, to: f32) -> f32 {
        self.stretches.iter().map(|s| (s.1.min(to) - s.0.max(from)).max(0.0)).sum()
    }

    /// Whether the rail runs along most of `from..to`.
    pub(super) fn bounds(&self, from: f32, to: f32) -> bool {
        self.covered(from, to) > 0.5 * (to - from)
    }

    /// Points that the rail covers.
    pub(super) fn length(&self) -> f32 {
        self.stretches.iter().map(|s| s.1 - s.0).sum()
    }
}

/// The rails of an area.
#[derive(Clone, Debug, Default)]
pub(super) struct Ruling {
    /// From the top.
    pub(super) horizontal: Vec<Rail>,
    /// From the left.
    pub(super) vertical: Vec<Rail>,
}

impl Ruling {
    /// Of `area` and the frame around it.
    pub(super) fn within(sheet: &Sheet, area: &Rect) -> Self {
        let (mut flat, mut upright) = (Vec::new(), Vec::new());
        let near = area.inflate(FRAME);
        for rule in sheet.rules.iter().filter_map(|r| clip(r, &near)) {
            let (width, height) = (rule.width(), rule.height());
            let middle = rule.center();
            if width > SLENDER * height {
                flat.push((middle.y, rule.x0, rule.x1));
            } else if height > SLENDER * width {
                upright.push((middle.x, rule.y0, rule.y1));
            }
        }
        Self { horizontal: rails(flat), vertical: rails(upright) }
    }
}

/// What of a rule lies inside; `None` for what only touches.
fn clip(rule: &Rect, area: &Rect) -> Option<Rect> {
    let cut =
        Rect::new(rule.x0.max(area.x0), rule.y0.max(area.y0), rule.x1.min(area.x1), rule.y1.min(area.y1));
    let inside = rule.x0 <= area.x1 && rule.x1 >= area.x0 && rule.y0 <= area.y1 && rule.y1 >= area.y0;
    inside.then_some(cut)
}

/// Strokes `(at, from, to)` as rails, in order.
fn rails(mut strokes: Vec<(f32, f32, f32)>) -> Vec<Rail> {
    strokes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut groups: Vec<Vec<(f32, f32, f32)>> = Vec::new();
    for stroke in strokes {
        match groups.last_mut().filter(|g| stroke.0 - g[0].0 < SAME_RAIL) {
            Some(group) => group.push(stroke),
            None => groups.push(vec![stroke]),
        }
    }
    groups.into_iter().map(rail).collect()
}

fn rail(mut strokes: Vec<(f32, f32, f32)>) -> Rail {
    let length: f32 = strokes.iter().map(|s| s.2 - s.1).sum();
    let at = strokes.iter().map(|s| s.0 * (s.2 - s.1)).sum::<f32>() / length.max(f32::MIN_POSITIVE);
    strokes.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut stretches: Vec<(f32, f32)> = Vec::new();
    for (_, from, to) in strokes {
        match stretches.last_mut().filter(|s| from - s.1 < SAME_STRETCH) {
            Some(last) => last.1 = last.1.max(to),
            None => stretches.push((from, to)),
        }
    }
    Rail { at, stretches }
}
