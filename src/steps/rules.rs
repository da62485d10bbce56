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
    content::{Line, Raster, Word},
    geometry::{Rect, median},
};
use edges::Edge;
use plane::Plane;
use strokes::{SOLID, Stroke};

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
    let placed: Vec<Stroke> = strokes.map(|s| Stroke { rect: points(&s.rect), ..s }).collect();
    let is_letters = |s: &Stroke| lines.iter().any(|line| is_letter(s, line) || is_foot(s, line, &placed));
    let rules = placed.iter().filter(|s| !is_letters(s)).map(|s| s.rect);
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
/// Share of a box's height that its sides are seen along, and points that these are askew at most.
const SIDES: (f32, f32) = (0.6, 1.5);

/// Boxes between edges into the dark and the first edges out of it that are as long. `upright` are the edges that run
/// down the page, turned.
fn boxes(bounds: &[Edge], upright: &[Edge], point: f32) -> Vec<Rect> {
    let alike =
        |a: &Edge, b: &Edge| (a.from - b.from).abs() <= ALIKE * point && (a.to - b.to).abs() <= ALIKE * point;
    let foot = |top: &Edge| {
        let below = bounds.iter().filter(|e| !e.darkens && e.at > top.at && alike(top, e));
        below.min_by(|a, b| a.at.total_cmp(&b.at)).copied()
    };
    let is_side = |at: f32, darkens: bool, rect: &Rect| {
        let own = |e: &&Edge| e.darkens == darkens && (e.at - at).abs() <= SIDES.1 * point;
        let seen = |e: &Edge| (e.to.min(rect.y1) - e.from.max(rect.y0)).max(0.0);
        upright.iter().filter(own).map(seen).sum::<f32>() >= SIDES.0 * rect.height()
    };
    let tops = bounds.iter().filter(|e| e.darkens);
    let rects = tops.filter_map(|top| foot(top).map(|foot| Rect::new(top.from, top.at, top.to, foot.at)));
    rects.filter(|rect| is_side(rect.x0, true, rect) && is_side(rect.x1, false, rect)).collect()
}

/// Of a line's height: no stem of its letters is longer.
const STEM: f32 = 1.1;
/// Shares of a line's height that its letters' bars lie in; below stands an underline, above an overline.
const BARS: (f32, f32) = (0.15, 0.78);

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

/// Share of a word's width. An underline is longer.
const UNDERLINE: f32 = 0.8;

/// Whether a stroke is where letters of a word stand on their line, not a part of a line that text touches.
fn is_foot(stroke: &Stroke, line: &Line, strokes: &[Stroke]) -> bool {
    let rect = &stroke.rect;
    let middle = rect.center();
    let word = |word: &Word| word.rect.contains(middle) && rect.width() < UNDERLINE * word.rect.width();
    let goes_on =
        |s: &Stroke| s.rect.width() > rect.width() && (s.rect.center().y - middle.y).abs() < SAME_LINE;
    rect.width() > rect.height()
        && line.rect.contains(middle)
        && line.words().iter().any(word)
        && !strokes.iter().any(goes_on)
}

/// Points. Strokes on one line are no farther apart.
const SAME_LINE: f32 = 1.5;

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;
    use crate::{geometry::Turn, steps::ocr::upright};

    /// A sheet at two pixels a point; bars are in pixels, each with its light.
    fn page(paper: u8, bars: &[([u32; 4], u8)]) -> Raster {
        let light = |x, y| {
            let over = |b: &&([u32; 4], u8)| (b.0[0]..b.0[2]).contains(&x) && (b.0[1]..b.0[3]).contains(&y);
            bars.iter().rev().find(over).map_or(paper, |b| b.1)
        };
        Raster { pixels: RgbImage::from_fn(400, 300, |x, y| Rgb([light(x, y); 3])), scale: 2.0 }
    }

    fn rules(raster: &Raster) -> Vec<Rect> {
        find(raster, &[]).rules
    }

    fn near(a: &Rect, b: [f32; 4]) -> bool {
        let b = Rect::from(b);
        [a.x0 - b.x0, a.y0 - b.y0, a.x1 - b.x1, a.y1 - b.y1].iter().all(|d| d.abs() <= 1.5)
    }

    #[test]
    fn lines_either_way_are_rules_on_white_and_on_grey_paper() {
        for paper in [255, 190] {
            let found = rules(&page(paper, &[([20, 50, 380, 52], 90), ([100, 60, 101, 260], 90)]));
            assert_eq!(found.len(), 2);
            assert!(near(&found[0], [10.0, 25.0, 190.0, 26.0]) && near(&found[1], [50.0, 30.0, 50.5, 130.0]));
        }
    }

    #[test]
    fn a_line_crossed_by_others_is_one() {
        let found =
            rules(&page(255, &[([20, 50, 380, 52], 0), ([100, 20, 102, 260], 0), ([200, 20, 202, 260], 0)]));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn double_lines_are_two_and_broken_ones_are_one() {
        let found = rules(&page(255, &[([20, 50, 380, 51], 0), ([20, 56, 380, 57], 0)]));
        assert_eq!(found.len(), 2);
        let dashes: Vec<([u32; 4], u8)> = (0..18).map(|n| ([20 + 20 * n, 50, 34 + 20 * n, 52], 0)).collect();
        let found = rules(&page(255, &dashes));
        assert_eq!(found.len(), 1);
        assert!(near(&found[0], [10.0, 25.0, 187.0, 26.0]));
    }

    #[test]
    fn a_line_a_little_askew_is_followed() {
        let askew = upright(&page(255, &[([20, 150, 380, 152], 0)]), Turn::None, 0.4);
        let found = rules(&askew);
        assert!(found.iter().any(|rule| rule.width() > 170.0 && rule.height() < 3.0), "{found:?}");
    }

    #[test]
    fn a_shaded_cell_is_a_box_and_a_white_line_on_it_a_rule() {
        let found = find(&page(255, &[([40, 40, 360, 100], 225), ([200, 40, 203, 100], 255)]), &[]);
        assert_eq!(found.boxes.len(), 1);
        assert!(near(&found.boxes[0], [20.0, 20.0, 180.0, 50.0]));
        assert!(found.rules.iter().any(|r| near(r, [100.0, 20.0, 101.5, 50.0])));
    }

    #[test]
    fn where_one_shade_ends_in_another_is_a_rule() {
        let found = find(&page(255, &[([40, 40, 360, 100], 160), ([40, 100, 360, 160], 220)]), &[]);
        assert!(found.rules.iter().any(|r| near(r, [20.0, 50.0, 180.0, 50.0])));
    }

    #[test]
    fn noise_short_marks_and_slopes_are_no_rules() {
        let mut seed = 7_u32;
        let mut noise = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8 / 4
        };
        let pixels = RgbImage::from_fn(400, 300, |_, _| Rgb([180 + noise(); 3]));
        assert_eq!(find(&Raster { pixels, scale: 2.0 }, &[]), Ruled::default());
        assert_eq!(rules(&page(255, &[([20, 50, 44, 52], 0)])), []);
        let slope = RgbImage::from_fn(400, 300, |x, y| Rgb([if x.abs_diff(2 * y) < 4 { 0 } else { 255 }; 3]));
        assert_eq!(rules(&Raster { pixels: slope, scale: 2.0 }), []);
    }

    #[test]
    fn tiny_and_empty_rasters_have_no_rules() {
        for (width, height) in [(0, 0), (1, 1), (0, 7), (1, 500), (500, 1)] {
            find(&Raster { pixels: RgbImage::new(width, height), scale: 1.0 }, &[]);
        }
    }
}
