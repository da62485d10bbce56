//! Where the formulas of a page are: within lines of text, and set apart.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use super::{
    glyphs::{Glyph, Weight},
    inline,
    lines::{ByTop, Segment, segments},
    symbols::Class,
};
use crate::{
    geometry::{Rect, median},
    steps::text::Groups,
};

/// Of the font size: how far over and under its baseline what belongs to a line of text has its middle.
const REACH: (f32, f32) = (1.3, 0.9);
/// Of the font size: parts of one display stand no farther apart, side by side and one above the other.
const BESIDE: f32 = 3.5;
const STACKED: f32 = 0.5;
/// Of the font size: words of a display stand no farther from its signs.
const WORDS_BESIDE: f32 = 2.3;
/// Of the font size: the lines of one display stand no farther apart.
const LINES: f32 = 0.95;
/// Of the font size: higher lines, which TeX sets by the space between and not by their baselines, stand closer.
const TALL: f32 = 1.5;
const TALL_LINES: f32 = 0.65;
/// Of the font size: the number of a display stands farther from it.
const NUMBER_GAP: f32 = 1.2;
/// Share of its area: what is of another cluster has no less within it.
const INSIDE: f32 = 0.95;
/// Of the font size: gap between two cells.
const APART: f32 = 1.2;
/// Of the font size: no formula of one line is higher.
const HIGHEST: f32 = 3.2;
/// Lines and bars. A page of more that is no text is a picture of signs, such as a plot.
const MOST_PARTS: usize = 4000;
/// Signs. No formula has more.
const MOST_SIGNS: usize = 800;
/// Of the font size: a script stands no farther from its base.
const SCRIPT_GAP: f32 = 0.2;
/// Points. Scripts of larger signs are not looked for.
const LARGEST: f32 = 40.0;
/// Words. Displays hold no more text than this.
const MOST_WORDS: usize = 6;

/// A formula's place, before it is read.
#[derive(Debug)]
pub(super) struct Place {
    /// Into the list of glyphs.
    pub glyphs: Vec<usize>,
    pub rect: Rect,
    pub display: bool,
    /// The glyphs of its number.
    pub number: Vec<usize>,
}

/// All formulas of a page; `equations` are where the layout step saw some.
pub(super) fn places(glyphs: &[Glyph], bars: &[Rect], equations: &[Rect]) -> Vec<Place> {
    let mut segments = segments(glyphs, bars);
    let numbers = numbers(&segments, glyphs);
    lend_words(&mut segments, glyphs);
    let (mut claimed, free) = claims(&segments, glyphs, &numbers);
    let firsts: Firsts = segments.iter().enumerate().map(|(n, s)| (s.glyphs[0], n)).collect();
    let mut places: Vec<Place> = Vec::new();
    for cluster in clusters(&segments, &free, glyphs, bars, &numbers) {
        if let Some(place) = display(&cluster, &segments, &firsts, glyphs, equations, &numbers) {
            places.push(place);
            continue;
        }
        for part in parted(&cluster, glyphs) {
            match whole(&part, glyphs) {
                Some(place) => places.push(place),
                None => by_lines(&part, &segments, &firsts, glyphs, &mut claimed),
            }
        }
    }
    in_lines(places, &segments, claimed, glyphs)
}

/// Adds what stands within lines to the `places` found before.
fn in_lines(
    mut places: Vec<Place>,
    segments: &[Segment],
    mut claimed: Claims,
    glyphs: &[Glyph],
) -> Vec<Place> {
    let mut taken = vec![false; glyphs.len()];
    places.iter().flat_map(|place| &place.glyphs).for_each(|&n| taken[n] = true);
    let about: HashSet<usize> = claimed.values().flatten().copied().collect();
    for (n, segment) in segments.iter().enumerate() {
        if segment.glyphs.iter().any(|g| about.contains(g)) {
            continue;
        }
        let extras = claimed.remove(&n).unwrap_or_default();
        if taken[segment.glyphs[0]]
            || !segment.prose && extras.is_empty() && !free_line(segment, glyphs, &taken)
        {
            continue;
        }
        for found in inline::formulas(&segment.glyphs, &extras, glyphs, segment.size) {
            if found.iter().any(|&n| taken[n]) {
                continue;
            }
            found.iter().for_each(|&n| taken[n] = true);
            let rect = around(&found, glyphs);
            places.push(Place { glyphs: found, rect, display: false, number: Vec::new() });
        }
    }
    places
}

fn free_line(segment: &Segment, glyphs: &[Glyph], taken: &[bool]) -> bool {
    segment.glyphs.iter().any(|&n| glyphs[n].weight == Weight::Strong && !taken[n])
}

fn around(which: &[usize], glyphs: &[Glyph]) -> Rect {
    Rect::around_all(which.iter().map(|&n| &glyphs[n].ink)).unwrap_or_default()
}

/// Segments that are the number of a display: in parentheses, apart from all else.
fn numbers(segments: &[Segment], glyphs: &[Glyph]) -> Vec<usize> {
    let is_number = |segment: &Segment| {
        if glyphs[segment.glyphs[0]].unicode() != '(' {
            return false;
        }
        let text: String = segment.glyphs.iter().map(|&n| glyphs[n].unicode()).collect();
        let inside = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
        inside.is_some_and(|t| {
            t.len() <= 9
                && t.chars().any(|c| c.is_ascii_digit() || c == '∗')
                && t.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '−' | '′' | '∗'))
        })
    };
    // Nothing stands near it on its line.
    let apart = |segment: &Segment| {
        let around = Rect::new(
            segment.rect.x0 - NUMBER_GAP * segment.size,
            segment.rect.y0,
            segment.rect.x1 + NUMBER_GAP * segment.size,
            segment.rect.y1,
        );
        !(0..glyphs.len())
            .any(|n| !segment.glyphs.contains(&n) && glyphs[n].ink.intersection(&around).is_some())
    };
    (0..segments.len()).filter(|&n| is_number(&segments[n]) && apart(&segments[n])).collect()
}

/// Few words beside a formula that is no text, such as "if x > 0", are part of it.
fn lend_words(segments: &mut [Segment], glyphs: &[Glyph]) {
    let strong = |s: &&Segment| !s.prose && s.glyphs.iter().any(|&n| glyphs[n].weight == Weight::Strong);
    let on_axis = glyphs.iter().filter(|g| g.on_axis).map(|g| g.ink);
    let formulas = ByTop::new(segments.iter().filter(strong).map(|s| s.rect).chain(on_axis));
    let text = ByTop::new(segments.iter().filter(|s| s.prose && s.words > 3).map(|s| s.rect));
    let mut signs: Vec<&Glyph> = glyphs.iter().filter(|g| g.weight >= Weight::Weak).collect();
    signs.sort_by(|a, b| a.pen.1.total_cmp(&b.pen.1));
    for segment in segments.iter_mut().filter(|s| s.prose) {
        if is_script(segment, glyphs, &signs) {
            segment.prose = false;
        } else if segment.words <= 3 && segment.glyphs.len() <= 24 {
            let (rect, size) = (segment.rect, segment.size);
            let beside = |r: &Rect| {
                let gap = -r.overlap_x(&rect) / size;
                r.overlap_y(&rect) > 0.2 * size && (-0.3..WORDS_BESIDE).contains(&gap)
            };
            let near_text =
                |r: &Rect| r.overlap_y(&rect) > 0.3 * size && *r != rect && -r.overlap_x(&rect) < 3.0 * size;
            segment.prose = text.beside(&rect).any(near_text) || !formulas.beside(&rect).any(beside);
        }
    }
}

/// Whether a segment is set small right behind a larger sign of a formula. `signs` are sorted by where they end.
fn is_script(segment: &Segment, glyphs: &[Glyph], signs: &[&Glyph]) -> bool {
    let first = &glyphs[segment.glyphs[0]];
    let reach = SCRIPT_GAP * LARGEST;
    let from = signs.partition_point(|g| g.pen.1 < first.pen.0 - reach);
    let near = signs[from..].iter().take_while(|g| g.pen.1 < first.pen.0 + reach);
    let mut bases = near.filter(|g| segment.size < 0.85 * g.size);
    bases.any(|g| is_script_of(first, g))
}

/// Whether a glyph is set small right behind another, and off its line.
fn is_script_of(glyph: &Glyph, base: &Glyph) -> bool {
    let off = (glyph.baseline - base.baseline).abs() / base.size;
    glyph.size < 0.85 * base.size
        && (glyph.pen.0 - base.pen.1).abs() < SCRIPT_GAP * base.size
        && (0.05..0.6).contains(&off)
}

type Claims = HashMap<usize, Vec<usize>>;

/// What stands about the lines of text, by line; and what is left.
fn claims(segments: &[Segment], glyphs: &[Glyph], numbers: &[usize]) -> (Claims, Vec<usize>) {
    let mut lines: Vec<usize> = (0..segments.len()).filter(|&n| segments[n].prose).collect();
    lines.sort_by(|&a, &b| segments[a].baseline.total_cmp(&segments[b].baseline));
    let mut in_text = vec![false; glyphs.len()];
    for &n in lines.iter().chain(numbers) {
        segments[n].glyphs.iter().for_each(|&g| in_text[g] = true);
    }
    let written_in = written_in(segments, &lines, glyphs);
    let tallest = lines.iter().map(|&n| segments[n].size).fold(0.0, f32::max) * (REACH.0 + REACH.1);
    let line_at = |n: usize| {
        let y = glyphs[n].ink.center().y;
        let from = lines.partition_point(|&l| segments[l].baseline < y - tallest);
        let near = lines[from..].iter().copied().take_while(|&l| segments[l].baseline < y + tallest);
        let off = |l: usize| (segments[l].baseline - 0.25 * segments[l].size - y).abs();
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
    let (mut claims, mut free) = (Claims::new(), Vec::new());
    for n in (0..glyphs.len()).filter(|&n| !in_text[n]) {
        // A script goes where the letter goes that the file has before it.
        let base = n.checked_sub(1).filter(|&b| !in_text[b] && is_script_of(&glyphs[n], &glyphs[b]));
        line_of[n] = base.map_or(line_of[n], |b| line_of[b]);
        match line_of[n] {
            Some(line) => claims.entry(line).or_default().push(n),
            None => free.push(n),
        }
    }
    (claims, free)
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
fn holds(line: &Segment, glyph: &Glyph, glyphs: &[Glyph]) -> bool {
    let (size, y) = (line.size, glyph.ink.center().y);
    let level = y > line.baseline - REACH.0 * size && y < line.baseline + REACH.1 * size;
    let x = glyph.pen.0;
    let inside = x > line.rect.x0 - 1.5 * size && x < line.rect.x1 + 1.5 * size;
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

/// What is left of the page, by what hangs together.
struct Cluster {
    glyphs: Vec<usize>,
    rect: Rect,
}

fn clusters(
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

/// Segments by their first glyphs.
type Firsts = HashMap<usize, usize>;

/// The segments that begin in a cluster.
fn own_segments(cluster: &Cluster, firsts: &Firsts) -> impl Iterator<Item = usize> {
    cluster.glyphs.iter().filter_map(|g| firsts.get(g).copied())
}

/// The cluster as a display, if it is one.
fn display(
    cluster: &Cluster,
    segments: &[Segment],
    firsts: &Firsts,
    glyphs: &[Glyph],
    equations: &[Rect],
    numbers: &[usize],
) -> Option<Place> {
    let seen = equations.iter().any(|e| cluster.rect.share_in(e) > 0.5);
    let count = |pick: &dyn Fn(&Glyph) -> bool| cluster.glyphs.iter().filter(|&&n| pick(&glyphs[n])).count();
    let strong = count(&|g| g.weight == Weight::Strong);
    let text = count(&|g| g.weight == Weight::Text);
    let related =
        count(&|g| matches!(g.class(), Class::Relation | Class::Operator | Class::Binary) || g.on_axis);
    let telling = strong > 0 || seen && related > 0;
    if !telling || cluster.glyphs.len() > MOST_SIGNS || 2 * text > cluster.glyphs.len() {
        return None;
    }
    let number = numbers.iter().copied().find(|&n| {
        let r = &segments[n].rect;
        let y = r.center().y;
        y > cluster.rect.y0 - 0.3 * segments[n].size
            && y < cluster.rect.y1 + 0.3 * segments[n].size
            && (r.x0 > cluster.rect.x1 || r.x1 < cluster.rect.x0)
    });
    let formula = related > 0 && cluster.glyphs.len() > 2 || number.is_some() || seen;
    if !formula || !(isolated(cluster, segments, number) || seen) {
        return None;
    }
    let words: usize = own_segments(cluster, firsts).map(|n| segments[n].words).sum();
    if words > MOST_WORDS && !seen {
        return None;
    }
    let number = number.map_or_else(Vec::new, |n| segments[n].glyphs.clone());
    Some(Place { glyphs: cluster.glyphs.clone(), rect: cluster.rect, display: true, number })
}

/// Whether no text stands beside it in its column.
fn isolated(cluster: &Cluster, segments: &[Segment], number: Option<usize>) -> bool {
    let column = column(cluster, segments);
    segments.iter().enumerate().all(|(n, s)| {
        let level = s.rect.overlap_y(&cluster.rect) > 0.3 * s.rect.height().min(cluster.rect.height());
        !level
            || s.rect.x1 < column.0
            || s.rect.x0 > column.1
            || s.rect.intersection(&cluster.rect).is_some() && !s.prose
            || Some(n) == number
            || cluster.glyphs.contains(&s.glyphs[0])
    })
}

/// Where the text above and below a cluster begins and ends.
fn column(cluster: &Cluster, segments: &[Segment]) -> (f32, f32) {
    let near = |s: &&Segment| {
        let gap = (s.rect.y0 - cluster.rect.y1).max(cluster.rect.y0 - s.rect.y1);
        s.prose
            && s.words > 2
            && gap > -0.2 * s.size
            && gap < 5.0 * s.size
            && s.rect.overlap_x(&cluster.rect) > 0.0
    };
    let (mut from, mut to) = (cluster.rect.x0, cluster.rect.x1);
    for segment in segments.iter().filter(near) {
        from = from.min(segment.rect.x0);
        to = to.max(segment.rect.x1);
    }
    (from, to)
}

/// The parts of a cluster that stand side by side with white space between.
fn parted(cluster: &Cluster, glyphs: &[Glyph]) -> Vec<Cluster> {
    let mut order = cluster.glyphs.clone();
    order.sort_by(|&a, &b| glyphs[a].ink.x0.total_cmp(&glyphs[b].ink.x0));
    let mut parts: Vec<Cluster> = Vec::new();
    for n in order {
        let ink = glyphs[n].ink;
        match parts.last_mut() {
            Some(part) if ink.x0 - part.rect.x1 < APART * glyphs[n].size => {
                part.rect = part.rect.union(&ink);
                part.glyphs.push(n);
            }
            _ => parts.push(Cluster { glyphs: vec![n], rect: ink }),
        }
    }
    parts
}

/// A part that is one formula, such as the cell of a table: no words, and nothing that is read in lines.
fn whole(part: &Cluster, glyphs: &[Glyph]) -> Option<Place> {
    let own = || part.glyphs.iter().map(|&n| &glyphs[n]);
    let size = own().map(|g| g.size).fold(0.0, f32::max);
    let words = own().any(|g| g.weight == Weight::Text || g.is_borrowed());
    let strong = own().any(|g| g.weight == Weight::Strong);
    if !strong || words || part.glyphs.len() > MOST_SIGNS || part.rect.height() >= HIGHEST * size {
        return None;
    }
    // The stop of a sentence that ends with it.
    let last = part.glyphs.iter().copied().max_by(|&a, &b| glyphs[a].pen.0.total_cmp(&glyphs[b].pen.0));
    let of_text = |n: usize| {
        glyphs[n].weight == Weight::Neutral && matches!(glyphs[n].unicode(), '.' | ',' | ';' | ':')
    };
    let own: Vec<usize> = part.glyphs.iter().copied().filter(|&n| Some(n) != last || !of_text(n)).collect();
    let rect = around(&own, glyphs);
    Some(Place { glyphs: own, rect, display: false, number: Vec::new() })
}

/// A cluster that is no display: its lines as lines of text, with what stands about them.
fn by_lines(cluster: &Cluster, segments: &[Segment], firsts: &Firsts, glyphs: &[Glyph], claims: &mut Claims) {
    let own: Vec<usize> = own_segments(cluster, firsts).collect();
    let largest = own.iter().map(|&n| segments[n].size).fold(0.0, f32::max);
    let main: Vec<usize> = own.iter().copied().filter(|&n| segments[n].size > 0.85 * largest).collect();
    let on_line: Vec<usize> = main.iter().flat_map(|&n| segments[n].glyphs.iter().copied()).collect();
    for &n in cluster.glyphs.iter().filter(|n| !on_line.contains(n)) {
        let line =
            main.iter().copied().filter(|&l| holds(&segments[l], &glyphs[n], glyphs)).min_by(|&a, &b| {
                let off = |l: usize| (segments[l].baseline - glyphs[n].ink.center().y).abs();
                off(a).total_cmp(&off(b))
            });
        if let Some(line) = line {
            claims.entry(line).or_default().push(n);
        }
    }
}
