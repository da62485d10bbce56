//! The pixels of an upright page to what is ruled on it: lines and filled boxes,
//! as a PDF would have told them.
//!
//! Nothing is binarised. A line is an edge from light to dark with one back to
//! light close by, and a shaded cell the same two farther apart; steps of grey
//! along a run tell both on white paper, on grey scans and on shaded ground alike.

mod edges;
mod marks;
mod plane;
mod strokes;
mod words;

use crate::{
    content::{Line, Raster},
    geometry::{Rect, median},
};
use edges::Edge;
use plane::Plane;
use strokes::Stroke;

/// What is drawn on a page, in points of the raster's frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ruled {
    /// Ruling lines, dark or light: longer than thick, either way.
    pub rules: Vec<Rect>,
    /// Filled rectangles: shaded cells and bands.
    pub boxes: Vec<Rect>,
}

/// Points. Lengths below are for text of this size and scale with it: a picture does not say how large it was printed.
const USUAL_SIZE: f32 = 10.0;

/// Lines and boxes of an upright page whose text stands in `lines`. Takes time in proportion to the pixels, and two
/// bytes of memory for each.
pub fn find(raster: &Raster, lines: &[Line]) -> Ruled {
    let point = raster.scale * text_size(lines).unwrap_or(USUAL_SIZE) / USUAL_SIZE;
    let plane = Plane::of(&raster.pixels);
    let flat = edges::along(&plane, point);
    let upright = edges::along(&plane.transposed(), point);
    drop(plane);
    let (rows, bounds) = strokes::between(&flat, point);
    let (columns, _) = strokes::between(&upright, point);
    let boxes = boxes(&bounds, &upright, point);
    let points = |rect: &Rect| rect.scale(1.0 / raster.scale);
    let turned = |s: &Stroke| Stroke { rect: Rect::new(s.rect.y0, s.rect.x0, s.rect.y1, s.rect.x1), ..*s };
    let strokes = rows.iter().copied().chain(columns.iter().map(turned));
    let placed = strokes.map(|s| Stroke { rect: points(&s.rect), ..s });
    let rules = placed.filter(|s| !lines.iter().any(|line| is_letter(s, line))).map(|s| s.rect);
    Ruled { rules: rules.collect(), boxes: boxes.iter().map(points).collect() }
}

/// The lines of text with words taken apart where upright rules cross them.
pub fn parted(lines: Vec<Line>, rules: &[Rect]) -> Vec<Line> {
    words::parted(lines, rules)
}

/// Dashes and dots in a table's `area` that OCR overlooked, as lines.
pub fn marks(raster: &Raster, area: &Rect, lines: &[Line]) -> Vec<Line> {
    text_size(lines).map_or_else(Vec::new, |size| marks::within(raster, area, lines, size))
}

/// The size of most text, points.
pub fn text_size(lines: &[Line]) -> Option<f32> {
    let mut sizes: Vec<f32> = lines.iter().map(Line::size).filter(|&size| size > 0.0).collect();
    median(&mut sizes)
}

/// Points. The top and the foot of a box begin and end alike.
const ALIKE: f32 = 4.0;
/// Share of a box's height that its sides are seen along.
const SIDES: f32 = 0.6;

/// Boxes between edges into the dark and the first edges out of it that are as long. `upright` are the edges that run
/// down the page, turned.
fn boxes(bounds: &[Edge], upright: &[Edge], point: f32) -> Vec<Rect> {
    let alike = |a: &Edge, b: &Edge| {
        (a.from - b.from).abs() <= ALIKE * point && (a.to - b.to).abs() <= ALIKE * point
    };
    let foot = |top: &Edge| {
        let below = bounds.iter().filter(|e| !e.darkens && e.at > top.at && alike(top, e));
        below.min_by(|a, b| a.at.total_cmp(&b.at)).copied()
    };
    let is_side = |at: f32, rect: &Rect| {
        let near = upright.iter().filter(|e| (e.at - at).abs() <= ALIKE * point);
        let seen: f32 = near.map(|e| (e.to.min(rect.y1) - e.from.max(rect.y0)).max(0.0)).sum();
        seen >= SIDES * rect.height()
    };
    let tops = bounds.iter().filter(|e| e.darkens);
    let rects = tops.filter_map(|top| foot(top).map(|foot| Rect::new(top.from, top.at, top.to, foot.at)));
    rects.filter(|rect| is_side(rect.x0, rect) && is_side(rect.x1, rect)).collect()
}

/// Of a line's height: no stem of its letters is longer.
const STEM: f32 = 1.1;
/// Shares of a line's height that its letters' bars lie in; below stands an underline, above an overline.
const BARS: (f32, f32) = (0.15, 0.78);
/// Share of its length that is drawn. A line in text that has more breaks is letters that happen to stand in line.
const SOLID: f32 = 0.8;

/// Whether a stroke is one of the letters of a line of text, or several that stand in line.
fn is_letter(stroke: &Stroke, line: &Line) -> bool {
    let (text, rect) = (&line.rect, &stroke.rect);
    if stroke.solid < SOLID && rect.overlap_x(text) > 0.0 && rect.overlap_y(text) > 0.0 {
        return true;
    }
    if !text.contains(rect.center()) {
        return false;
    }
    if rect.height() >= rect.width() {
        return rect.height() < STEM * text.height();
    }
    let down = (rect.center().y - text.y0) / text.height();
    (BARS.0..BARS.1).contains(&down) && rect.width() < text.width()
}
