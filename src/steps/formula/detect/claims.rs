//! Which line of text the signs about it belong to: scripts, accents, parts of fractions.

use std::{cmp::Ordering, collections::HashMap};

use super::{SCRIPT_GAP, fences};
use crate::{
    geometry::{Rect, median},
    steps::formula::{
        glyphs::{Glyph, Weight},
        lines::{ByTop, Segment},
    },
};

/// Of the font size: how far over and under its baseline what belongs to a line of text has its middle.
const REACH: (f32, f32) = (1.3, 0.9);

/// Of the font size: what stands over or under a bar is no farther from it.
const OVER_BAR: f32 = 0.4;
/// Share of the width of a fraction's bar that the wider of its parts takes at least.
const FILLED: f32 = 0.7;

/// Of the size of most lines: titles are larger.
const LARGE: f32 = 1.25;

/// Glyphs or bars. A page of more is no text with formulas.
const MOST_AT_BARS: usize = 4000;

/// Glyphs that stand about a line, by line.
pub(super) type Claims = HashMap<usize, Vec<usize>>;

/// What stands about the lines of text, by line; and what is left.
pub(super) fn claims(
    segments: &[Segment],
    glyphs: &[Glyph],
    bars: &[Rect],
    numbers: &[usize],
) -> (Claims, Vec<usize>) {
    let mut lines: Vec<usize> = (0..segments.len()).filter(|&n| segments[n].prose).collect();
    lines.sort_by(|&a, &b| segments[a].baseline.total_cmp(&segments[b].baseline));
    let mut in_text = vec![false; glyphs.len()];
    for &n in lines.iter().chain(numbers) {
        segments[n].glyphs.iter().for_each(|&g| in_text[g] = true);
    }
    let mut line_of = nearest(segments, &lines, glyphs, &in_text);
    let (mut claims, mut free) = (Claims::new(), Vec::new());
    for n in (0..glyphs.len()).filter(|&n| !in_text[n]) {
        // A script goes where the letter goes that the file has before it.
        let base =
            n.checked_sub(1).filter(|&b| !in_text[b] && glyphs[n].is_script_of(&glyphs[b], SCRIPT_GAP));
        line_of[n] = base.map_or(line_of[n], |b| line_of[b]);
    }
    for (n, line) in fences::held(segments, &lines, glyphs, &in_text) {
        line_of[n] = Some(line);
    }
    across_bars(bars, glyphs, &in_text, &mut line_of);
    for n in (0..glyphs.len()).filter(|&n| !in_text[n]) {
        match line_of[n] {
            Some(line) => claims.entry(line).or_default().push(n),
            None => free.push(n),
        }
    }
    (claims, free)
}

/// What no line has stands over or under a bar with something of a line on its other side: it is of that line too.
fn across_bars(bars: &[Rect], glyphs: &[Glyph], in_text: &[bool], line_of: &mut [Option<usize>]) {
    let claimed: Vec<(Rect, usize)> =
        glyphs.iter().zip(&*line_of).filter_map(|(glyph, line)| Some((glyph.ink, (*line)?))).collect();
    if claimed.len().max(bars.len()) > MOST_AT_BARS {
        return;
    }
    let bars = ByTop::new(bars.iter().copied());
    for n in 0..glyphs.len() {
        if in_text[n] || line_of[n].is_some() {
            continue;
        }
        let (ink, reach) = (glyphs[n].ink, OVER_BAR * glyphs[n].size);
        let at = |bar: &Rect, r: &Rect| {
            let middle = r.center().x;
            middle > bar.x0 && middle < bar.x1 && bar.inflate(reach).overlap_y(r) > 0.0
        };
        // Rules of tables and over notes are wider than what stands at them.
        let other_side = |bar: &Rect| {
            let over = ink.center().y < bar.y0;
            let mut across = claimed.iter().filter(|(r, _)| at(bar, r) && (r.center().y < bar.y0) != over);
            let &(first, line) = across.next()?;
            let all = across.fold(first, |all, (r, _)| all.union(r));
            (all.width() > FILLED * bar.width()).then_some(line)
        };
        let around = ink.inflate(reach);
        line_of[n] = bars.beside(&around).filter(|bar| at(bar, &ink)).find_map(other_side);
    }
}

/// For each glyph that is not in the text the line that it stands about: the one in which the file has it, else the nearest.
/// `lines` are sorted by their baselines.
fn nearest(segments: &[Segment], lines: &[usize], glyphs: &[Glyph], in_text: &[bool]) -> Vec<Option<usize>> {
    let written_in = written_in(segments, lines, glyphs);
    // A title reaches over many lines of the text, which are not to be looked at for its sake.
    let mut sizes: Vec<f32> = lines.iter().map(|&n| segments[n].size).collect();
    let body = median(&mut sizes).unwrap_or_default();
    let (large, usual): (Vec<usize>, Vec<usize>) =
        lines.iter().partition(|&&n| segments[n].size > LARGE * body);
    let line_at = |n: usize| {
        let y = glyphs[n].ink.center().y;
        let from = usual.partition_point(|&l| segments[l].baseline < y - REACH.1 * LARGE * body);
        let near = usual[from..].iter().take_while(|&&l| segments[l].baseline < y + REACH.0 * LARGE * body);
        let near = near.chain(&large).copied();
        let off = |l: usize| (segments[l].axis() - y).abs();
        let written = written_in[n].map(|l| segments[l].baseline);
        let elsewhere = |l: usize| written.is_some_and(|y| y != segments[l].baseline);
        let order = |l: usize| (elsewhere(l), off(l));
        let nearer = |&a: &usize, &b: &usize| order(a).partial_cmp(&order(b)).unwrap_or(Ordering::Equal);
        near.filter(|&l| holds(&segments[l], &glyphs[n], glyphs)).min_by(nearer)
    };
    let mut line_of: Vec<Option<usize>> =
        (0..glyphs.len()).map(|n| (!in_text[n]).then(|| line_at(n)).flatten()).collect();
    // The stop of a formula lies lower than its letters, and nearer to the next line.
    for segment in segments.iter().filter(|s| !in_text[s.glyphs[0]]) {
        let height = |n: &usize| glyphs[*n].ink.height();
        let tallest = segment.glyphs.iter().copied().max_by(|a, b| height(a).total_cmp(&height(b)));
        let line = tallest.and_then(|n| line_of[n]);
        segment.glyphs.iter().for_each(|&n| line_of[n] = line);
    }
    line_of
}

/// For each glyph the line of text in which the file has it: that of what comes before and after it; between two lines, the
/// next one's if it stands before the first letter of that.
fn written_in(segments: &[Segment], lines: &[usize], glyphs: &[Glyph]) -> Vec<Option<usize>> {
    let mut line_of: Vec<Option<usize>> = vec![None; glyphs.len()];
    for &line in lines {
        segments[line].glyphs.iter().for_each(|&g| line_of[g] = Some(line));
    }
    let mut written: Vec<Option<usize>> = Vec::with_capacity(glyphs.len());
    let mut last = None;
    for &line in &line_of {
        last = line.or(last);
        written.push(last);
    }
    let mut next: Option<usize> = None;
    for n in (0..glyphs.len()).rev() {
        next = if line_of[n].is_some() { Some(n) } else { next };
        let Some(first) = next.filter(|_| line_of[n].is_none()) else { continue };
        let after = line_of[first];
        let same = |a: usize, b: usize| segments[a].baseline == segments[b].baseline;
        let ends = glyphs[n].pen.0 > glyphs[first].pen.0;
        let goes_on = written[n].zip(after).is_some_and(|(a, b)| same(a, b) || ends);
        written[n] = if goes_on { written[n] } else { after };
    }
    written
}

/// Whether a glyph stands about a line of text, beside something that can be of a formula.
pub(super) fn holds(line: &Segment, glyph: &Glyph, glyphs: &[Glyph]) -> bool {
    let (size, y) = (line.size, glyph.ink.center().y);
    let level = y > line.baseline - REACH.0 * size && y < line.baseline + REACH.1 * size;
    let x = glyph.pen.0;
    let inside = x > line.reach.0 && x < line.reach.1;
    let fits = glyph.size < 1.1 * size;
    if !(level && inside && fits) {
        return false;
    }
    // A letter of a word right above or below: the glyph is of another line. Names of functions have limits.
    let middle = glyph.ink.center().x;
    let at = line.glyphs.partition_point(|&n| glyphs[n].pen.1 <= middle);
    let under = line.glyphs.get(at).is_some_and(|&n| {
        let g = &glyphs[n];
        g.pen.0 < middle
            && g.weight == Weight::Text
            && g.ink.overlap_y(&glyph.ink) < 0.0
            && !line.names.contains(&n)
    });
    !under
}
