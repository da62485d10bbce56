//! Formulas that are lines of a paragraph by themselves: set as close as text and from its edge, where displays have
//! space around them, and stand in the middle or farther in.

use super::{Cluster, Owners, own_segments};
use crate::{
    geometry::Rect,
    steps::formula::{glyphs::Glyph, lines::Segment},
};

/// Of the font size. TeX sets lines of text 1.2 apart, those of displays 1.5.
const LEADING: std::ops::Range<f32> = 0.9..1.36;
/// Of the font size. Paragraphs of TeX begin 1.5 farther in, displays that are not in the middle 2.5.
const INDENT: std::ops::Range<f32> = -0.3..2.1;
/// Of the font size: how far above and below the text whose edge counts is.
const NEAR: f32 = 15.0;
/// Of the font size. What is taller has more space around it than lines of text have.
const TALLEST: f32 = 1.4;

/// Whether the lines of a cluster are lines of a paragraph. Fractions and tall signs are read as a display. `segments` are
/// sorted from top to bottom.
pub(super) fn holds(
    cluster: &Cluster,
    segments: &[Segment],
    owners: &Owners,
    glyphs: &[Glyph],
    bars: &[Rect],
) -> bool {
    let is_tall = |&n: &usize| glyphs[n].on_axis && glyphs[n].ink.height() > TALLEST * glyphs[n].size;
    let is_within = |bar: &Rect| bar.share_in(&cluster.rect) > 0.5;
    if cluster.glyphs.iter().any(is_tall) || bars.iter().any(is_within) {
        return false;
    }
    let own = own_segments(cluster, owners);
    let size = own.iter().map(|&n| segments[n].size).fold(0.0, f32::max);
    let mut lines: Vec<&Segment> =
        own.iter().map(|&n| &segments[n]).filter(|s| s.size > 0.85 * size).collect();
    lines.sort_by(|a, b| a.baseline.total_cmp(&b.baseline).then(a.rect.x0.total_cmp(&b.rect.x0)));
    lines.dedup_by(|next, line| next.baseline - line.baseline < 0.1 * size);
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return false };
    let close = |a: &Segment, b: &Segment| LEADING.contains(&((b.baseline - a.baseline) / size));
    if !lines.windows(2).all(|pair| close(pair[0], pair[1])) {
        return false;
    }
    let from = segments.partition_point(|s| s.baseline < first.baseline - NEAR * size);
    let near = segments[from..].iter().take_while(|s| s.baseline < last.baseline + NEAR * size);
    let others = near.enumerate().filter(|(n, _)| !own.contains(&(from + n))).map(|(_, s)| s);
    let (mut left, mut beside) = (cluster.rect.x0, lines.len() > 1);
    for s in others.filter(|s| s.rect.overlap_x(&cluster.rect) > -NEAR * size) {
        left = left.min(s.rect.x0);
        beside |= close(s, first) || close(last, s);
    }
    // A line may begin with a sign that stands on no baseline.
    let begins = |line: &Segment| {
        let level = |ink: &&Rect| (line.axis() - ink.center().y).abs() < 0.5 * size;
        let inks = cluster.glyphs.iter().map(|&n| &glyphs[n].ink).filter(level);
        inks.map(|ink| ink.x0).fold(line.rect.x0, f32::min)
    };
    beside && lines.iter().all(|line| INDENT.contains(&((begins(line) - left) / size)))
}
