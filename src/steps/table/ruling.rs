//! Ruling lines and the edges of shaded cells as rails: strokes on one line,
//! with the stretches that they cover.

use super::Sheet;
use crate::geometry::Rect;

/// Points. Strokes closer than this are one line drawn twice, or the two edges of one.
const SAME_RAIL: f32 = 3.0;
/// Points. Rules of the frame stand this far outside the text that was asked for.
const FRAME: f32 = 8.0;
/// Times its thickness. A shorter rule is a dot or a bullet.
const SLENDER: f32 = 3.0;
/// Share of a cell's width. A box in it that is wider is the background of one of its lines.
const SAME_BOX: f32 = 0.7;
/// Points. No smaller box is a cell.
const SMALLEST_BOX: f32 = 5.0;
/// Share of the area. A larger box is what the table stands on.
const GROUND: f32 = 0.8;
/// Points. Dashes and strokes that cell borders leave apart are one line.
const SAME_STRETCH: f32 = 4.0;

/// Strokes on one line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rail {
    /// y of a horizontal line, x of a vertical one.
    pub(super) at: f32,
    /// From and to along the line, in order, apart.
    pub(super) stretches: Vec<(f32, f32)>,
    /// Whether most of it is a line, rather than edges of boxes.
    pub(super) drawn: bool,
}

/// A line, or the edge of a box.
#[derive(Clone, Copy, Debug)]
struct Stroke {
    at: f32,
    from: f32,
    to: f32,
    drawn: bool,
}

impl Stroke {
    fn length(&self) -> f32 {
        self.to - self.from
    }
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
    /// Shaded cells and bands.
    pub(super) boxes: Vec<Rect>,
}

impl Ruling {
    /// Of `area` and the frame around it.
    pub(super) fn within(sheet: &Sheet, area: &Rect) -> Self {
        let (mut flat, mut upright) = (Vec::new(), Vec::new());
        let near = area.inflate(FRAME);
        for rule in sheet.rules.iter().filter_map(|r| clip(r, &near)) {
            let (width, height) = (rule.width(), rule.height());
            let (x, y) = (rule.center().x, rule.center().y);
            if width > SLENDER * height {
                flat.push(Stroke { at: y, from: rule.x0, to: rule.x1, drawn: true });
            } else if height > SLENDER * width {
                upright.push(Stroke { at: x, from: rule.y0, to: rule.y1, drawn: true });
            }
        }
        let boxes = cells(&sheet.boxes, area);
        for b in &boxes {
            flat.extend([b.y0, b.y1].map(|at| Stroke { at, from: b.x0, to: b.x1, drawn: false }));
            upright.extend([b.x0, b.x1].map(|at| Stroke { at, from: b.y0, to: b.y1, drawn: false }));
        }
        Self { horizontal: rails(flat), vertical: rails(upright), boxes }
    }
}

/// Whether a box is large enough for a cell.
pub(super) fn is_cell(b: &Rect) -> bool {
    b.width() > SMALLEST_BOX && b.height() > SMALLEST_BOX
}

/// The boxes that are cells or bands of cells.
fn cells(boxes: &[Rect], area: &Rect) -> Vec<Rect> {
    let near = area.inflate(FRAME);
    let ground = |b: &Rect| b.overlap_area(area) > GROUND * area.area();
    let own: Vec<Rect> =
        boxes.iter().filter(|b| b.share_in(&near) > 0.5 && is_cell(b) && !ground(b)).copied().collect();
    let lies_in = |b: &Rect, outer: &Rect| {
        b != outer
            && b.share_in(&outer.inflate(1.0)) > 0.95
            && b.width() > SAME_BOX * outer.width()
            && outer.area() > b.area()
    };
    own.iter().filter(|b| !own.iter().any(|outer| lies_in(b, outer))).copied().collect()
}

/// What of a rule lies inside; `None` for what is outside.
fn clip(rule: &Rect, area: &Rect) -> Option<Rect> {
    let cut =
        Rect::new(rule.x0.max(area.x0), rule.y0.max(area.y0), rule.x1.min(area.x1), rule.y1.min(area.y1));
    let inside = rule.x0 <= area.x1 && rule.x1 >= area.x0 && rule.y0 <= area.y1 && rule.y1 >= area.y0;
    inside.then_some(cut)
}

/// Strokes as rails, in order.
fn rails(mut strokes: Vec<Stroke>) -> Vec<Rail> {
    strokes.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut groups: Vec<Vec<Stroke>> = Vec::new();
    for stroke in strokes {
        match groups.last_mut().filter(|g| stroke.at - g[0].at < SAME_RAIL) {
            Some(group) => group.push(stroke),
            None => groups.push(vec![stroke]),
        }
    }
    groups.into_iter().map(rail).collect()
}

fn rail(mut strokes: Vec<Stroke>) -> Rail {
    let length: f32 = strokes.iter().map(Stroke::length).sum();
    let drawn: f32 = strokes.iter().filter(|s| s.drawn).map(Stroke::length).sum();
    let at = strokes.iter().map(|s| s.at * s.length()).sum::<f32>() / length.max(f32::MIN_POSITIVE);
    strokes.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut stretches: Vec<(f32, f32)> = Vec::new();
    for Stroke { from, to, .. } in strokes {
        match stretches.last_mut().filter(|s| from - s.1 < SAME_STRETCH) {
            Some(last) => last.1 = last.1.max(to),
            None => stretches.push((from, to)),
        }
    }
    Rail { at, stretches, drawn: 2.0 * drawn > length }
}
