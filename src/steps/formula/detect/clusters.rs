//! What is no line of text and belongs to none, by what hangs together.

use super::around;
use crate::{
    geometry::{Rect, median},
    steps::{
        formula::{
            glyphs::Glyph,
            lines::{ByTop, Segment},
        },
        text::Groups,
    },
};

/// Of the font size: parts of one display stand no farther apart, side by side and one above the other.
const BESIDE: f32 = 3.5;
const STACKED: f32 = 0.5;
/// Of the font size: the lines of one display stand no farther apart.
const LINES: f32 = 0.95;
/// Of the font size: higher lines, which TeX sets by the space between and not by their baselines, stand closer.
const TALL: f32 = 1.5;
const TALL_LINES: f32 = 0.65;
/// Share of its area: what is of another cluster has no less within it.
const INSIDE: f32 = 0.95;
/// Lines and bars. A page of more that is no text is a picture of signs, such as a plot.
const MOST_PARTS: usize = 4000;

/// What is left of the page, by what hangs together.
pub(super) struct Cluster {
    pub glyphs: Vec<usize>,
    pub rect: Rect,
}

pub(super) fn clusters(
    segments: &[Segment],
    free: &[usize],
    glyphs: &[Glyph],
    bars: &[Rect],
    numbers: &[usize],
) -> Vec<Cluster> {
    let is_free: Vec<bool> = {
        let mut all = vec![false; glyphs.len()];
        free.iter().for_each(|&n| all[n] = true);
        all
    };
    let mut parts: Vec<Part> = Vec::new();
    for (n, segment) in segments.iter().enumerate() {
        if !numbers.contains(&n) && segment.glyphs.iter().any(|&g| is_free[g]) {
            let own: Vec<usize> = segment.glyphs.iter().copied().filter(|&g| is_free[g]).collect();
            let rect = around(&own, glyphs);
            parts.push((own, rect, segment.size));
        }
    }
    parts.extend(
        free.iter().filter(|&&n| glyphs[n].on_axis).map(|&n| (vec![n], glyphs[n].ink, glyphs[n].size)),
    );
    let mut sizes: Vec<f32> = parts.iter().map(|p| p.2).collect();
    let Some(size) = median(&mut sizes) else { return Vec::new() };
    let near = bars_near(bars, &parts);
    parts.extend(near.into_iter().map(|bar| (Vec::new(), bar, size)));
    if parts.len() > MOST_PARTS {
        return Vec::new();
    }
    let groups = hanging_together(&mut parts);
    let mut found: Vec<Cluster> = groups
        .into_iter()
        .map(|members| {
            let own: Vec<usize> = members.iter().flat_map(|&m| parts[m].0.iter().copied()).collect();
            Cluster { rect: around(&own, glyphs), glyphs: own }
        })
        .filter(|c| !c.glyphs.is_empty())
        .collect();
    absorb(&mut found);
    found.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0));
    lines_of_one(found, segments, glyphs)
}

/// What lies within another cluster is of it, as a cell of a matrix far from the next.
fn absorb(clusters: &mut Vec<Cluster>) {
    clusters.sort_by(|a, b| b.rect.area().total_cmp(&a.rect.area()));
    let mut kept: Vec<Cluster> = Vec::new();
    for cluster in clusters.drain(..) {
        match kept.iter_mut().find(|outer| cluster.rect.share_in(&outer.rect) > INSIDE) {
            Some(outer) => outer.glyphs.extend(cluster.glyphs),
            None => kept.push(cluster),
        }
    }
    *clusters = kept;
}

/// Signs and bars on one line, or a bar.
type Part = (Vec<usize>, Rect, f32);

/// The bars that stand at one of the parts: a page of tables or plots has thousands of others.
fn bars_near(bars: &[Rect], parts: &[Part]) -> Vec<Rect> {
    let places = ByTop::new(parts.iter().map(|(_, rect, size)| rect.inflate(STACKED * size)));
    let near = |bar: &&Rect| places.beside(bar).any(|r| r.intersection(bar).is_some());
    bars.iter().filter(near).copied().collect()
}

/// The indices of the parts that hang together, once they are sorted from top to bottom.
fn hanging_together(parts: &mut [Part]) -> Vec<Vec<usize>> {
    parts.sort_by(|a, b| a.1.y0.total_cmp(&b.1.y0));
    let reach = parts.iter().map(|p| p.2).fold(0.0, f32::max) * STACKED;
    let joined = |a: &Part, b: &Part| {
        let size = a.2.max(b.2);
        let (x, y) = (a.1.overlap_x(&b.1), a.1.overlap_y(&b.1));
        (y > 0.0 && x > -BESIDE * size) || (x > 0.0 && y > -STACKED * size)
    };
    let mut groups = Groups::new(parts.len());
    for a in 0..parts.len() {
        let near = (a + 1..parts.len()).take_while(|&b| parts[b].1.y0 < parts[a].1.y1 + reach);
        near.filter(|&b| joined(&parts[a], &parts[b])).for_each(|b| groups.join(a, b));
    }
    groups.collect()
}

/// Whether text stands between two clusters, one above the other.
fn parted_by_text(above: &Cluster, below: &Cluster, segments: &[Segment]) -> bool {
    let (x0, x1) = (above.rect.x0.max(below.rect.x0), above.rect.x1.min(below.rect.x1));
    let (y0, y1) = (above.rect.y1.min(below.rect.y0), below.rect.y0.max(above.rect.y1));
    let between = Rect::new(x0, y0, x1.max(x0 + 0.1), y1);
    segments.iter().any(|s| s.prose && s.rect.intersection(&between).is_some())
}

/// Lines of one display, which stand close with nothing between.
fn lines_of_one(found: Vec<Cluster>, segments: &[Segment], glyphs: &[Glyph]) -> Vec<Cluster> {
    // With the height of its last line.
    let mut joined: Vec<(Cluster, f32)> = Vec::new();
    for cluster in found {
        let size = cluster.glyphs.iter().map(|&n| glyphs[n].size).fold(0.0, f32::max);
        let height = cluster.rect.height();
        let above = joined.iter_mut().rev().find(|(above, last)| {
            let gap = cluster.rect.y0 - above.rect.y1;
            let most = if last.max(height) > TALL * size { TALL_LINES } else { LINES };
            let shared =
                above.rect.overlap_x(&cluster.rect) > 0.4 * above.rect.width().min(cluster.rect.width());
            (-0.5 * size..most * size).contains(&gap) && shared && !parted_by_text(above, &cluster, segments)
        });
        match above {
            Some((above, last)) => {
                above.rect = above.rect.union(&cluster.rect);
                above.glyphs.extend(cluster.glyphs);
                *last = height;
            }
            None => joined.push((cluster, height)),
        }
    }
    joined.into_iter().map(|(cluster, _)| cluster).collect()
}
