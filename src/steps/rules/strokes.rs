//! Pairs of edges to lines: one into the dark and one out of it, close together.
//! The other way round is a light line on shaded ground.

use std::collections::HashMap;

use super::edges::Edge;
use crate::geometry::Rect;

/// Points. What is thicker is a box.
const THICKEST: f32 = 4.0;
/// Points. Breaks where other lines cross or letters touch.
const BREAK: f32 = 4.0;
/// Points. Pieces on one line are no farther apart across it.
const LEVEL: f32 = 1.0;
/// Points: a quarter of an inch. Shorter lines are marks.
const SHORTEST: f32 = 18.0;
/// Share of its length that is drawn. A line in text that has more breaks is letters that happen to stand in line.
pub(super) const SOLID: f32 = 0.8;

/// A line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stroke {
    pub(super) rect: Rect,
    /// Share of its length that is drawn; the rest is breaks.
    pub(super) solid: f32,
}

/// The lines between edges, and the edges that are no line's but may be a box's. Both in pixels.
pub(super) fn between(edges: &[Edge], point: f32) -> (Vec<Stroke>, Vec<Edge>) {
    let (dark, rest) = paired(edges, true, point);
    let (light, bare) = paired(&rest, false, point);
    let mut rules = lines(dark, point);
    rules.extend(lines(light, point));
    // Where shaded and unshaded cells meet, there is one edge alone.
    let bare = bare.iter().filter(|e| e.length() >= SHORTEST * point);
    rules.extend(lines(bare.map(flat).collect(), point));
    (rules, joined(&rest, point))
}

/// What stands between each edge that `darkens` (or not) and the nearest below that do the opposite; and what is left
/// of all edges.
fn paired(edges: &[Edge], darkens: bool, point: f32) -> (Vec<Rect>, Vec<Edge>) {
    let mut strokes = Vec::new();
    let mut taken: Vec<Vec<(f32, f32)>> = vec![Vec::new(); edges.len()];
    for (n, top) in edges.iter().enumerate().filter(|(_, e)| e.darkens == darkens) {
        let near = edges[n + 1..].iter().take_while(|e| e.at - top.at <= THICKEST * point + 1.0);
        for (m, foot) in near.enumerate().filter(|(_, e)| e.darkens != darkens) {
            let (m, common) = (n + 1 + m, (top.from.max(foot.from), top.to.min(foot.to)));
            if common.0 >= common.1 {
                continue;
            }
            for (from, to) in without(&without(&[common], &taken[n]), &taken[m]) {
                strokes.push(Rect::new(from, top.at, to, foot.at));
                taken[n].push((from, to));
                taken[m].push((from, to));
            }
        }
    }
    let rest = edges.iter().zip(&taken).flat_map(|(edge, taken)| {
        let left = without(&[(edge.from, edge.to)], taken);
        left.into_iter().map(|(from, to)| Edge { from, to, ..*edge })
    });
    (strokes, rest.collect())
}

/// What is left of stretches.
fn without(stretches: &[(f32, f32)], taken: &[(f32, f32)]) -> Vec<(f32, f32)> {
    let mut left = stretches.to_vec();
    for &(from, to) in taken {
        left = left.iter().flat_map(|s| [(s.0, s.1.min(from)), (s.0.max(to), s.1)]).collect();
        left.retain(|s| s.0 < s.1);
    }
    left.retain(|s| s.0 < s.1);
    left
}

/// Pieces that go on from each other as one line, without the short lines.
fn lines(mut pieces: Vec<Rect>, point: f32) -> Vec<Stroke> {
    pieces.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let goes_on = |line: &Rect, piece: &Rect| {
        piece.x0 - line.x1 <= BREAK * point && (piece.center().y - line.center().y).abs() <= LEVEL * point
    };
    // With the pixels along each that are drawn.
    let mut lines: Vec<(Rect, f32)> = Vec::new();
    let mut by_level: HashMap<i32, Vec<usize>> = HashMap::new();
    for piece in pieces {
        let level = (piece.center().y / (LEVEL * point)) as i32;
        let near = (level - 1..=level + 1).filter_map(|level| by_level.get(&level));
        let mut latest = near.flat_map(|ids| ids.iter().rev().take(LATEST)).copied();
        match latest.find(|&id| goes_on(&lines[id].0, &piece)) {
            Some(id) => {
                let (line, drawn) = &mut lines[id];
                *drawn += (piece.x1 - piece.x0.max(line.x1)).max(0.0);
                *line = line.union(&piece);
            }
            None => {
                by_level.entry(level).or_default().push(lines.len());
                lines.push((piece, piece.width()));
            }
        }
    }
    let long = lines.into_iter().filter(|(line, _)| line.width() >= SHORTEST * point);
    long.map(|(rect, drawn)| Stroke { rect, solid: drawn / rect.width() }).collect()
}

/// Lines on one level that a piece may go on with: the last that were begun.
const LATEST: usize = 4;

/// Edges that go on from each other as one, without the short ones, from the top.
fn joined(edges: &[Edge], point: f32) -> Vec<Edge> {
    let one_way = |darkens: bool| {
        let own = edges.iter().filter(|edge| edge.darkens == darkens);
        let whole = lines(own.map(flat).collect(), point);
        whole.into_iter().filter(|s| s.solid >= SOLID).map(move |s| Edge {
            darkens,
            at: s.rect.center().y,
            from: s.rect.x0,
            to: s.rect.x1,
        })
    };
    let mut whole: Vec<Edge> = [true, false].into_iter().flat_map(one_way).collect();
    whole.sort_by(|a, b| a.at.total_cmp(&b.at));
    whole
}

/// An edge as a line without thickness.
fn flat(edge: &Edge) -> Rect {
    Rect::new(edge.from, edge.at, edge.to, edge.at)
}
