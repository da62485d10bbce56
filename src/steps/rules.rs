//! The pixels of an upright page to what is ruled on it: lines and filled boxes,
//! as a PDF would have told them.
//!
//! Nothing is binarised. A line is an edge from light to dark with one back to
//! light close by, and a shaded cell the same two farther apart; steps of grey
//! along a run tell both on white paper, on grey scans and on shaded ground alike.

mod edges;
mod plane;
mod strokes;

use crate::{
    content::{Line, Raster},
    geometry::{Rect, median},
};
use edges::Edge;
use plane::Plane;

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
    let flat = read(&plane, point);
    let upright = read(&plane.transposed(), point);
    drop(plane);
    let points = |rect: &Rect| rect.scale(1.0 / raster.scale);
    let turned = |rect: &Rect| Rect::new(rect.y0, rect.x0, rect.y1, rect.x1);
    let mut rules: Vec<Rect> = flat.rules.iter().map(points).collect();
    rules.extend(upright.rules.iter().map(|rect| points(&turned(rect))));
    rules.retain(|rule| !lines.iter().any(|line| is_letter(rule, line)));
    Ruled { rules, boxes: flat.boxes.iter().map(points).collect() }
}

/// The size of most text, points.
pub fn text_size(lines: &[Line]) -> Option<f32> {
    let mut sizes: Vec<f32> = lines.iter().map(Line::size).filter(|&size| size > 0.0).collect();
    median(&mut sizes)
}

/// The lines and boxes that run across a plane, in its pixels.
fn read(plane: &Plane, point: f32) -> Ruled {
    let edges = edges::along(plane, point);
    let (rules, bounds) = strokes::between(edges, point);
    Ruled { rules, boxes: boxes(&bounds, point) }
}

/// Points. The top and the foot of a box begin and end alike.
const ALIKE: f32 = 4.0;

/// Boxes between edges into the dark and the first edges out of it that are as long.
fn boxes(bounds: &[Edge], point: f32) -> Vec<Rect> {
    let alike = |a: &Edge, b: &Edge| {
        (a.from - b.from).abs() <= ALIKE * point && (a.to - b.to).abs() <= ALIKE * point
    };
    let foot = |top: &Edge| {
        let below = bounds.iter().filter(|e| !e.darkens && e.at > top.at && alike(top, e));
        below.min_by(|a, b| a.at.total_cmp(&b.at)).copied()
    };
    let tops = bounds.iter().filter(|e| e.darkens);
    tops.filter_map(|top| foot(top).map(|foot| Rect::new(top.from, top.at, top.to, foot.at))).collect()
}

/// Shares of a line's height that its letters' bars lie in; below stands an underline, above an overline.
const LETTERS: (f32, f32) = (0.2, 0.72);
/// Of a line's height: no stem of its letters is longer.
const STEM: f32 = 1.1;

/// Whether a rule is a stroke of the letters of a line.
fn is_letter(rule: &Rect, line: &Line) -> bool {
    let (text, middle) = (&line.rect, rule.center());
    if !text.contains(middle) {
        return false;
    }
    let down = (middle.y - text.y0) / text.height().max(f32::MIN_POSITIVE);
    match rule.width() > rule.height() {
        true => (LETTERS.0..LETTERS.1).contains(&down) && rule.width() < text.width(),
        false => rule.height() < STEM * text.height(),
    }
}
