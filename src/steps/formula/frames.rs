//! The frames that are drawn around formulas and their parts, as `\boxed` does.

use super::glyphs::Glyph;
use crate::{
    content::{Axis, Page, Rule},
    geometry::Rect,
};

/// Of the font size: a frame is set off what it holds by no more. LaTeX's is by .3, and more over low letters.
const OFF: f32 = 1.0;
/// Lines. A formula with more about it stands in a drawing.
const MOST_LINES: usize = 100;
/// Points. The lines of a frame meet.
const MEET: f32 = 1.0;

/// The frames around some of a formula's glyphs and around nothing else of the page's lines: each is of four that end
/// where they meet. The lines of tables go on.
pub(super) fn around(page: &Page, glyphs: &[Glyph], size: f32) -> Vec<Rect> {
    let Some(ink) = Rect::around_all(glyphs.iter().map(|g| &g.ink)) else { return Vec::new() };
    let reach = ink.inflate(OFF * size);
    let near: Vec<&Rule> = page.rules.iter().filter(|rule| rule.rect.share_in(&reach) > 0.99).collect();
    if near.len() > MOST_LINES {
        return Vec::new();
    }
    let of = |axis: Axis| near.iter().filter(move |rule| rule.axis == axis).map(|rule| &rule.rect);
    let meets = |a: f32, b: f32| (a - b).abs() < MEET;
    let alike = |a: &Rect, b: &Rect| meets(a.x0, b.x0) && meets(a.x1, b.x1);
    let pairs = of(Axis::Horizontal).flat_map(|top| {
        let below = of(Axis::Horizontal).filter(move |bottom| bottom.y0 > top.y1 && alike(top, bottom));
        below.map(move |bottom| top.union(bottom))
    });
    let is_closed = |frame: &Rect| {
        let side = |x: f32| {
            of(Axis::Vertical)
                .any(|r| meets(r.center().x, x) && meets(r.y0, frame.y0) && meets(r.y1, frame.y1))
        };
        side(frame.x0) && side(frame.x1)
    };
    let holds = |frame: &Rect| {
        let inside = glyphs.iter().filter(|g| frame.intersection(&g.ink).is_some()).map(|g| &g.ink);
        let snug =
            |held: Rect| held.share_in(frame) > 0.99 && frame.share_in(&held.inflate(OFF * size)) > 0.99;
        Rect::around_all(inside).is_some_and(snug)
    };
    pairs.filter(|frame| is_closed(frame) && holds(frame)).collect()
}
