//! What a tall bracket on a line of text holds, such as the rows of cases or of a matrix.

use super::around;
use crate::{
    geometry::Rect,
    steps::{
        formula::{
            glyphs::{Glyph, Weight},
            inline::COLUMNS,
            lines::{BESIDE, FEW_IDEOGRAPHS, Segment, ideographs},
            parse,
            symbols::{Class, Symbol},
        },
        text::is_ideograph,
    },
};

/// Of the font size: lower brackets hold nothing that stands too far from the line to be found about it.
pub(super) const TALL: f32 = 2.0;
/// Of the font size: how far the middle of a bracket is from the axis of its line.
const OFF_AXIS: f32 = 0.35;
/// Of the font size: parts of one bracket, one above the other, stand no farther apart.
const PIECES: f32 = 0.15;
/// Pieces of brackets. A page of more is a picture of them.
const MOST_PIECES: usize = 1000;

/// Glyphs of tall brackets and of what they hold, with the line of text that each stands on. `lines` are those of text.
pub(super) fn held(
    segments: &[Segment],
    lines: &[usize],
    glyphs: &[Glyph],
    in_text: &[bool],
) -> Vec<(usize, usize)> {
    let mut held = Vec::new();
    for fence in fences(glyphs, in_text) {
        let rect = around(&fence, glyphs);
        let size = glyphs[fence[0]].size;
        let Some(line) = line_of(&rect, segments, lines).filter(|_| rect.height() > TALL * size) else {
            continue;
        };
        if !fence.iter().any(|&n| closes(&glyphs[n])) {
            let mut own = inside(&rect, size, glyphs, in_text);
            own.truncate(own.len() - text_behind(&own, segments[line].baseline, glyphs));
            held.extend(own.into_iter().map(|n| (n, line)));
        }
        held.extend(fence.into_iter().map(|n| (n, line)));
    }
    held
}

/// The brackets of the page, each as its pieces.
fn fences(glyphs: &[Glyph], in_text: &[bool]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..glyphs.len()).filter(|&n| !in_text[n] && is_fence(&glyphs[n])).collect();
    order.sort_by(|&a, &b| glyphs[a].ink.y0.total_cmp(&glyphs[b].ink.y0));
    order.truncate(MOST_PIECES);
    let mut fences: Vec<(Vec<usize>, Rect)> = Vec::new();
    for n in order {
        let (ink, reach) = (glyphs[n].ink, PIECES * glyphs[n].size);
        let above = fences.iter_mut().rev().find(|(_, rect)| {
            (rect.center().x - ink.center().x).abs() < 2.0 * reach && ink.y0 - rect.y1 < reach
        });
        match above {
            Some((fence, rect)) => {
                fence.push(n);
                *rect = rect.union(&ink);
            }
            None => fences.push((vec![n], ink)),
        }
    }
    fences.into_iter().map(|(fence, _)| fence).collect()
}

fn is_fence(glyph: &Glyph) -> bool {
    let bracket = matches!(glyph.class(), Class::Open | Class::Close | Class::Piece)
        || matches!(glyph.name(), "vert" | "Vert");
    glyph.on_axis && bracket
}

fn closes(glyph: &Glyph) -> bool {
    let name = parse::whole(glyph.name()).unwrap_or(glyph.name());
    Symbol::named(name).is_some_and(|symbol| symbol.class == Class::Close)
}

/// The line of text whose axis runs through the middle of a bracket that stands on or beside it.
fn line_of(fence: &Rect, segments: &[Segment], lines: &[usize]) -> Option<usize> {
    let off = |n: usize| (segments[n].axis() - fence.center().y).abs();
    let apart = |n: usize| -segments[n].rect.overlap_x(fence);
    let near = |&n: &usize| {
        let size = segments[n].size;
        off(n) < OFF_AXIS * size && apart(n) < BESIDE * size
    };
    lines.iter().copied().filter(near).min_by(|&a, &b| apart(a).total_cmp(&apart(b)))
}

/// What stands right of an opening bracket at its height, up to the next wide gap.
fn inside(fence: &Rect, size: f32, glyphs: &[Glyph], in_text: &[bool]) -> Vec<usize> {
    let level = |n: usize| (fence.y0..fence.y1).contains(&glyphs[n].ink.center().y);
    let behind = |n: usize| glyphs[n].pen.0 >= fence.x0 && !in_text[n];
    let mut own: Vec<usize> = (0..glyphs.len()).filter(|&n| behind(n) && level(n)).collect();
    own.sort_by(|&a, &b| glyphs[a].pen.0.total_cmp(&glyphs[b].pen.0));
    let mut reach = fence.x1;
    let far = own.iter().position(|&n| {
        let gap = glyphs[n].pen.0 - reach;
        reach = reach.max(glyphs[n].pen.1);
        gap > COLUMNS * size
    });
    own.truncate(far.unwrap_or(own.len()));
    own
}

/// How many of the glyphs, sorted by place, are the text in which the line goes on behind all rows.
fn text_behind(own: &[usize], baseline: f32, glyphs: &[Glyph]) -> usize {
    let of_text = |&&n: &&usize| {
        glyphs[n].weight <= Weight::Neutral && (glyphs[n].baseline - baseline).abs() < 0.1 * glyphs[n].size
    };
    let last = own.iter().rev().take_while(of_text).count();
    let text = &own[own.len() - last..];
    let words = text.iter().position(|&n| glyphs[n].letter().is_some_and(is_ideograph));
    let words = words.map_or(&[][..], |n| &text[n..]);
    if ideographs(words, glyphs) < FEW_IDEOGRAPHS { 0 } else { words.len() }
}
