//! Where columns part: at vertical rails, and where white space runs down
//! through the rows.

use super::{
    pieces::{TextRow, is_figure},
    ruling::{Rail, Ruling},
};
use crate::geometry::Rect;

/// Share of the table's height that a vertical rail covers to part columns.
const RAIL_LENGTH: f32 = 0.2;
/// Share of the rows that may run across the white space between two columns: titles over several.
const ACROSS: f32 = 0.15;
/// Of the font size: white space that parts columns on many rows, on few, and on one or two.
const GAPS: [(usize, f32); 4] = [(6, 0.45), (4, 0.65), (3, 0.85), (1, 1.1)];
/// Of the font size, and rows: white space that parts columns between two rails, where a line was left out.
const RULED_GAP: f32 = 1.5;
const RULED_ROWS: usize = 3;

/// The edge between two columns.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bound {
    pub(super) at: f32,
    /// The white space around it; of no width for a rail.
    pub(super) gap: (f32, f32),
    /// The rail here, if there is one.
    pub(super) rail: Option<Rail>,
}

impl Bound {
    /// Whether a vertical line is drawn here beside `from..to`.
    pub(super) fn is_drawn(&self, from: f32, to: f32) -> bool {
        self.rail.as_ref().is_some_and(|rail| rail.bounds(from, to))
    }

    /// Whether the edge parts two neighbours on a row.
    pub(super) fn parts(&self, left: &Rect, right: &Rect, row: &TextRow) -> bool {
        let (from, to) = row.band();
        let between = left.center().x < self.at && self.at < right.center().x;
        if self.is_drawn(from, to) {
            return between;
        }
        let space = right.x0 - left.x1;
        let clear = left.x1 <= self.at + 0.1 * row.size && self.at - 0.1 * row.size <= right.x0;
        let wide = space > 0.8 * row.size
            || space > 0.36 * row.size && space >= 0.8 * (self.gap.1 - self.gap.0).min(row.size);
        between && clear && wide
    }
}

/// The edges between columns, from the left.
pub(super) fn bounds(rows: &[TextRow], ruling: &Ruling, table: &Rect, size: f32) -> Vec<Bound> {
    let mut bounds = drawn(rows, ruling, table);
    let mut edges: Vec<f32> = bounds.iter().map(|b| b.at).collect();
    edges.insert(0, f32::NEG_INFINITY);
    edges.push(f32::INFINITY);
    let framed = bounds.len() >= 2;
    for slot in edges.windows(2) {
        let inner = framed && slot[0].is_finite() && slot[1].is_finite();
        bounds.extend(blank((slot[0], slot[1]), rows, size, inner));
    }
    bounds.sort_by(|a, b| a.at.total_cmp(&b.at));
    bounds
}

/// Rails with words on both sides.
fn drawn(rows: &[TextRow], ruling: &Ruling, table: &Rect) -> Vec<Bound> {
    let words = || rows.iter().flat_map(|r| &r.inks).map(|i| i.rect.center().x);
    let (first, last) = (words().fold(f32::INFINITY, f32::min), words().fold(f32::NEG_INFINITY, f32::max));
    let parts = |at: f32| first < at && at < last;
    let long = ruling.vertical.iter().filter(|r| r.length() > RAIL_LENGTH * table.height());
    long.filter(|r| parts(r.at))
        .map(|r| Bound { at: r.at, gap: (r.at, r.at), rail: Some(r.clone()) })
        .collect()
}

/// White space that runs down between two edges.
fn blank(slot: (f32, f32), rows: &[TextRow], size: f32, ruled: bool) -> Vec<Bound> {
    let own: Vec<Vec<(f32, f32)>> = rows
        .iter()
        .map(|row| {
            let inside = row.inks.iter().filter(|i| slot.0 < i.rect.center().x && i.rect.center().x < slot.1);
            inside.map(|i| (i.rect.x0, i.rect.x1)).collect::<Vec<_>>()
        })
        .filter(|spans: &Vec<_>| !spans.is_empty())
        .collect();
    let mut found: Vec<Bound> = Vec::new();
    for gap in valleys(&own, size) {
        let middle = 0.5 * (gap.0 + gap.1);
        let from = found.last().map_or(slot.0, |b| b.at);
        let left = |row: &[(f32, f32)]| row.iter().any(|s| s.1 <= middle && s.0 > from);
        let right = |row: &[(f32, f32)]| row.iter().any(|s| s.0 >= middle);
        let both = own.iter().filter(|row| left(row) && right(row)).count();
        let width = gap.1 - gap.0;
        let enough = match ruled {
            true => both >= RULED_ROWS && 2 * both > own.len() && width > RULED_GAP * size,
            false => GAPS.iter().find(|g| both >= g.0).is_some_and(|g| width > g.1 * size),
        };
        if enough && own.iter().any(|row| left(row)) && own.iter().any(|row| right(row)) {
            found.push(Bound { at: middle, gap, rail: None });
        }
    }
    found
}

/// Stretches of x that hardly any row covers, between those that rows do. White space that no row crosses at all is
/// better: what stands in a valley between two such stretches is a column that few rows fill.
fn valleys(rows: &[Vec<(f32, f32)>], size: f32) -> Vec<(f32, f32)> {
    let clear = uncovered(rows, 0);
    let crossed = uncovered(rows, (ACROSS * rows.len() as f32) as i32);
    let inside = |c: &(f32, f32), v: &(f32, f32)| v.0 <= c.0 && c.1 <= v.1;
    let wide = |c: &&(f32, f32)| c.1 - c.0 > GAPS[0].1 * size;
    let kept: Vec<(f32, f32)> = clear.iter().filter(wide).copied().collect();
    let mut found: Vec<(f32, f32)> =
        crossed.into_iter().filter(|v| !kept.iter().any(|c| inside(c, v))).collect();
    found.extend(kept);
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found
}

/// Stretches between words that at most `most` rows cover.
fn uncovered(rows: &[Vec<(f32, f32)>], most: i32) -> Vec<(f32, f32)> {
    let mut steps: Vec<(f32, i32)> = Vec::new();
    for row in rows {
        steps.extend(row.iter().flat_map(|s| [(s.0, 1), (s.1, -1)]));
    }
    steps.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let (mut depth, mut open, mut found) = (0, None, Vec::new());
    for (x, step) in steps {
        let before = depth;
        depth += step;
        if before > most && depth <= most {
            open = Some(x);
        } else if before <= most
            && depth > most
            && let Some(start) = open.take()
            && x > start
        {
            found.push((start, x));
        }
    }
    found
}

/// Times the font size. A column without words that is narrower lies between two lines drawn for one.
const NARROW: f32 = 2.0;

/// Leaves out narrow columns in which nothing stands.
pub(super) fn without_empty(mut bounds: Vec<Bound>, rows: &[TextRow], size: f32) -> Vec<Bound> {
    let words = || rows.iter().flat_map(|r| &r.inks).map(|i| i.rect.center().x);
    let mut n = 1;
    while n < bounds.len() {
        let (left, right) = (bounds[n - 1].at, bounds[n].at);
        if right - left < NARROW * size && !words().any(|x| left < x && x < right) {
            bounds.remove(n);
        } else {
            n += 1;
        }
    }
    bounds
}

/// Joins columns that hold nothing but signs with the figures that they belong to: `$` before, `%` after.
pub(super) fn without_signs(bounds: Vec<Bound>, rows: &[TextRow]) -> Vec<Bound> {
    let texts = |from: f32, to: f32| -> Vec<&str> {
        let words = rows.iter().flat_map(|r| &r.inks);
        words
            .filter(|i| from < i.rect.center().x && i.rect.center().x < to)
            .map(|i| i.text.as_str())
            .collect()
    };
    let mut kept: Vec<Bound> = Vec::new();
    for (n, bound) in bounds.iter().enumerate() {
        let before = n.checked_sub(1).map_or(f32::NEG_INFINITY, |i| bounds[i].at);
        let after = bounds.get(n + 1).map_or(f32::INFINITY, |b| b.at);
        let (left, right) = (texts(before, bound.at), texts(bound.at, after));
        let signs = |words: &[&str], of: &str| !words.is_empty() && words.iter().all(|w| of.contains(w));
        let figures = |words: &[&str]| words.iter().any(|w| is_figure(w));
        let joins = bound.rail.is_none()
            && (signs(&left, "$€£¥(") && figures(&right) || signs(&right, "%)") && figures(&left));
        if !joins {
            kept.push(bound.clone());
        }
    }
    kept
}
