//! Where the formulas of a page are: within lines of text, and set apart.

mod claims;
mod clusters;
mod fences;
mod paragraphs;

use std::collections::HashSet;

use super::{
    glyphs::{Glyph, Weight},
    inline,
    lines::{ByTop, FEW_IDEOGRAPHS, Segment, ideographs, opens_item, opens_with_ideograph, segments},
    symbols::Class,
};
use crate::geometry::Rect;
use claims::{Claims, claims, holds};
use clusters::{Cluster, clusters};

/// Of the font size: words of a display stand no farther from its signs.
const WORDS_BESIDE: f32 = 2.3;
/// Of the font size: the number of a display stands farther from it.
const NUMBER_GAP: f32 = 1.2;
/// Of the font size: gap between two cells.
const APART: f32 = 1.2;
/// Of the font size: no formula of one line is higher.
const HIGHEST: f32 = 3.2;
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
    let (mut claimed, free) = claims(&segments, glyphs, bars, &numbers);
    let owners = owners(&segments, glyphs.len());
    let mut places: Vec<Place> = Vec::new();
    for cluster in clusters(&segments, &free, glyphs, bars, &numbers) {
        if paragraphs::holds(&cluster, &segments, &owners, glyphs, bars) {
            by_lines(&cluster, &segments, &owners, glyphs, &mut claimed);
            continue;
        }
        if let Some(place) = display(&cluster, &segments, &owners, glyphs, equations, &numbers) {
            places.push(place);
            continue;
        }
        for part in parted(&cluster, glyphs) {
            match whole(&part, glyphs) {
                Some(place) => places.push(place),
                None => by_lines(&part, &segments, &owners, glyphs, &mut claimed),
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
    for segment in segments.iter_mut().filter(|s| s.prose && !opens_item(&s.glyphs, glyphs)) {
        if is_script(segment, glyphs, &signs) {
            segment.prose = false;
        } else if segment.words <= 3 && segment.glyphs.len() <= 24 {
            let (rect, size) = (segment.rect, segment.size);
            // Ideographs before a formula lead up to it, and with signs of one between them are a sentence, but for what
            // stands in cases.
            let leads = opens_with_ideograph(&segment.glyphs, glyphs);
            let sentence = ideographs(&segment.glyphs, glyphs) >= FEW_IDEOGRAPHS
                && segment.glyphs.iter().any(|&n| glyphs[n].weight >= Weight::Weak);
            let beside = |r: &Rect| {
                let gap = -r.overlap_x(&rect) / size;
                let level = r.overlap_y(&rect) > 0.2 * size;
                let in_cases = !leads && r.height() > fences::TALL * size;
                let lent = if sentence { in_cases } else { !leads || r.x0 < rect.x0 };
                level && (-0.3..WORDS_BESIDE).contains(&gap) && lent
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
    bases.any(|g| first.is_script_of(g, SCRIPT_GAP))
}

/// For each glyph the segment that it stands in.
type Owners = Vec<Option<usize>>;

fn owners(segments: &[Segment], glyphs: usize) -> Owners {
    let mut owners = vec![None; glyphs];
    for (n, segment) in segments.iter().enumerate() {
        segment.glyphs.iter().for_each(|&g| owners[g] = Some(n));
    }
    owners
}

/// The segments that have a part in a cluster.
fn own_segments(cluster: &Cluster, owners: &Owners) -> Vec<usize> {
    let mut own: Vec<usize> = cluster.glyphs.iter().filter_map(|&g| owners[g]).collect();
    own.sort_unstable();
    own.dedup();
    own
}

/// The cluster as a display, if it is one.
fn display(
    cluster: &Cluster,
    segments: &[Segment],
    owners: &Owners,
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
    let words: usize = own_segments(cluster, owners).iter().map(|&n| segments[n].words).sum();
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
fn by_lines(cluster: &Cluster, segments: &[Segment], owners: &Owners, glyphs: &[Glyph], claims: &mut Claims) {
    let own = own_segments(cluster, owners);
    let largest = own.iter().map(|&n| segments[n].size).fold(0.0, f32::max);
    let main: Vec<usize> = own.iter().copied().filter(|&n| segments[n].size > 0.85 * largest).collect();
    let on_line: Vec<usize> = main.iter().flat_map(|&n| segments[n].glyphs.iter().copied()).collect();
    let line_of = |n: usize| {
        let off = |l: usize| (segments[l].baseline - glyphs[n].ink.center().y).abs();
        let held = main.iter().copied().filter(|&l| holds(&segments[l], &glyphs[n], glyphs));
        held.min_by(|&a, &b| off(a).total_cmp(&off(b)))
    };
    // A word that is a script ends far from its line.
    let begins = |n: usize| {
        let small = own.iter().map(|&s| &segments[s].glyphs).filter(|script| script.contains(&n));
        small.map(|script| script[0]).find(|first| !on_line.contains(first))
    };
    for &n in cluster.glyphs.iter().filter(|n| !on_line.contains(n)) {
        if let Some(line) = line_of(n).or_else(|| line_of(begins(n)?)) {
            claims.entry(line).or_default().push(n);
        }
    }
}
