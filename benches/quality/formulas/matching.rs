//! Which formula found is which true one: by place where TeX told the places,
//! else by order and likeness.

use super::normal::Token;
use flatleaf::{
    Document,
    content::{Axis, Char, Page},
    geometry::Rect,
};
use rapidfuzz::distance::levenshtein;
use std::{collections::HashMap, path::Path};

/// A formula that is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub page: usize,
    /// `None` from source that was not compiled here.
    pub rect: Option<Rect>,
    pub display: bool,
    pub latex: String,
    pub number: Option<String>,
}

/// What was found for a true formula.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Match {
    /// Which one.
    pub found: Option<usize>,
    /// Whether it is a display formula where the true one is, and covers it.
    pub detected: bool,
}

/// From this overlap on, a formula is found.
const SAME: f32 = 0.5;

/// A true formula, or one found, on its page.
pub struct Place {
    pub page: usize,
    pub rect: Rect,
    pub display: bool,
}

/// Pairs by overlap from the largest downwards, those of one kind first. What overlaps by half but is of the other
/// kind is read, but not detected.
pub fn by_place(wanted: &[Place], found: &[Place]) -> Vec<Match> {
    let mut pairs: Vec<(bool, f32, usize, usize)> = Vec::new();
    for (w, one) in wanted.iter().enumerate() {
        for (f, other) in found.iter().enumerate().filter(|(_, other)| other.page == one.page) {
            let overlap = one.rect.iou(&other.rect);
            if overlap >= SAME {
                pairs.push((one.display == other.display, overlap, w, f));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
    let mut matches = vec![Match::default(); wanted.len()];
    let mut taken = vec![false; found.len()];
    for (same_kind, _, w, f) in pairs {
        if matches[w].found.is_none() && !taken[f] {
            matches[w] = Match { found: Some(f), detected: same_kind };
            taken[f] = true;
        }
    }
    matches
}

/// What a page shows, to turn boxes into those of the ink in them.
pub struct Leaf {
    ink: Vec<Rect>,
}

/// Points. A character's middle may lie this far outside its formula's box.
const SLACK: f32 = 0.5;

impl Leaf {
    pub fn all(pdf: &Path) -> flatleaf::Result<Vec<Self>> {
        let document = Document::open(pdf)?;
        let visible = |char: &&Char| !char.generated && !char.unicode.is_whitespace();
        let leaf = |number| {
            let page = document.page(number)?;
            let characters = page.chars.iter().filter(visible).map(|char| char.ink);
            Ok(Self { ink: characters.chain(strokes(&page)).collect() })
        };
        (1..=document.pages()).map(leaf).collect()
    }

    /// Around the ink of the characters and rules whose middle is in `rect`.
    pub fn around(&self, rect: Rect) -> Option<Rect> {
        let area = rect.inflate(SLACK);
        Rect::around_all(self.ink.iter().filter(|ink| area.contains(ink.center())))
    }
}

/// Fraction bars and the like, however short, and upright rules.
pub fn strokes(page: &Page) -> impl Iterator<Item = Rect> {
    let upright = page.rules.iter().filter(|rule| rule.axis == Axis::Vertical);
    page.bars.iter().copied().chain(upright.map(|rule| rule.rect))
}

/// A formula without place.
pub struct Line<'a> {
    pub display: bool,
    pub tokens: &'a [Token],
}

/// Below this likeness, two formulas in order are not the same one.
const ALIKE: f64 = 0.4;
/// From this likeness on, they are even out of order: floats stand elsewhere in the source.
const NEARLY_SAME: f64 = 0.8;
/// Off the likeness of formulas of which one is displayed and one is not.
const OTHER_KIND: f64 = 0.1;

/// The pairs in order that are most alike altogether, then what is left over and nearly the same.
pub fn by_order(wanted: &[Line], found: &[Line]) -> Vec<Match> {
    let likeness = likenesses(wanted, found);
    let worth = |w: usize, f: usize| Some(likeness[w][f]).filter(|alike| *alike >= ALIKE);
    let mut best = vec![vec![0.0; found.len() + 1]; wanted.len() + 1];
    for w in (0..wanted.len()).rev() {
        for f in (0..found.len()).rev() {
            let skipped = f64::max(best[w + 1][f], best[w][f + 1]);
            best[w][f] = worth(w, f).map_or(skipped, |alike| skipped.max(alike + best[w + 1][f + 1]));
        }
    }
    let mut matches = vec![Match::default(); wanted.len()];
    let mut taken = vec![false; found.len()];
    let mut pair = |w: usize, f: usize, matches: &mut Vec<Match>| {
        matches[w] = Match { found: Some(f), detected: wanted[w].display == found[f].display };
        taken[f] = true;
    };
    let (mut w, mut f) = (0, 0);
    while w < wanted.len() && f < found.len() {
        if worth(w, f).is_some_and(|alike| best[w][f] == alike + best[w + 1][f + 1]) {
            pair(w, f, &mut matches);
            (w, f) = (w + 1, f + 1);
        } else if best[w][f] == best[w + 1][f] {
            w += 1;
        } else {
            f += 1;
        }
    }
    for w in 0..wanted.len() {
        if matches[w].found.is_some() {
            continue;
        }
        let free = (0..found.len()).filter(|f| !taken[*f] && likeness[w][*f] >= NEARLY_SAME);
        if let Some(f) = free.max_by(|a, b| likeness[w][*a].total_cmp(&likeness[w][*b])) {
            matches[w] = Match { found: Some(f), detected: wanted[w].display == found[f].display };
            taken[f] = true;
        }
    }
    matches
}

fn likenesses(wanted: &[Line], found: &[Line]) -> Vec<Vec<f64>> {
    let mut known = HashMap::new();
    let mut numbered = |line: &Line| -> Vec<u64> {
        let number = |token: &Token| {
            let next = known.len() as u64;
            *known.entry(token.clone()).or_insert(next)
        };
        line.tokens.iter().map(number).collect()
    };
    let ours: Vec<Vec<u64>> = wanted.iter().map(&mut numbered).collect();
    let theirs: Vec<Vec<u64>> = found.iter().map(&mut numbered).collect();
    let likeness = |w: usize, f: usize| {
        let alike = levenshtein::normalized_similarity(ours[w].iter().copied(), theirs[f].iter().copied());
        let kind = if wanted[w].display == found[f].display { 0.0 } else { OTHER_KIND };
        // Nothing is like nothing, but an unread formula is like none.
        if theirs[f].is_empty() { 0.0 } else { alike - kind }
    };
    (0..wanted.len()).map(|w| (0..found.len()).map(|f| likeness(w, f)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::normal::normalised, *};

    fn place(page: usize, x: f32, display: bool) -> Place {
        Place { page, rect: Rect::new(x, 0.0, x + 10.0, 10.0), display }
    }

    #[test]
    fn places_are_paired_by_overlap_on_their_page() {
        let wanted = [place(1, 0.0, true), place(1, 20.0, false), place(2, 0.0, false)];
        let found = [place(1, 6.0, true), place(1, 21.0, true), place(2, 1.0, false), place(1, 1.0, true)];
        let matches = by_place(&wanted, &found);
        assert_eq!(matches[0], Match { found: Some(3), detected: true });
        assert_eq!(matches[1], Match { found: Some(1), detected: false });
        assert_eq!(matches[2], Match { found: Some(2), detected: true });
    }

    #[test]
    fn formulas_in_order_are_paired_by_likeness_and_floats_find_theirs() {
        let tokens: Vec<Vec<Token>> =
            ["a+b=c", "x", "y_2", "a+b=d", "y_2", "z^3+1", "x"].map(normalised).to_vec();
        let line = |n: usize| Line { display: false, tokens: &tokens[n] };
        let matches = by_order(&[line(0), line(1), line(2)], &[line(3), line(4), line(5), line(6)]);
        let found: Vec<Option<usize>> = matches.iter().map(|m| m.found).collect();
        assert_eq!(found[0], Some(0));
        assert_eq!(found.iter().flatten().count(), 3);
    }
}
