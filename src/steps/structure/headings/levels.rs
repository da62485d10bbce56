//! Headings of one look have one level throughout the document.

use std::collections::BTreeMap;

use super::{Candidate, Look};
use crate::steps::structure::numbering::Scheme;

const DEEPEST: u8 = 6;

/// Of each candidate, 1 being the outermost: by the outline, else by numbers, else as headings of the same look, else
/// by size.
pub(super) fn levels(found: &[Candidate], title: Option<usize>) -> Vec<u8> {
    let base = u8::from(title.is_some());
    let roman = found.iter().any(|c| c.number.is_some_and(|n| n.scheme == Scheme::Roman));
    let letters_like_roman = |look: Look| {
        found.iter().any(|c| c.look == look && c.number.is_some_and(|n| n.scheme == Scheme::Roman))
    };
    let told = |c: &Candidate| -> Option<u8> {
        if let Some(level) = c.outline {
            return Some(base + level);
        }
        let number = c.number?;
        // `I.` holds `A.`, which holds `1.`
        let inner = match number.scheme {
            _ if !roman || letters_like_roman(c.look) => 0,
            Scheme::Letter => 1,
            Scheme::Decimal if number.depth == 1 => 2,
            _ => 0,
        };
        Some(base + number.depth as u8 + inner)
    };
    // The level that most headings of a look have.
    let mut votes: BTreeMap<Look, Vec<u8>> = BTreeMap::new();
    let sections = || found.iter().enumerate().filter(|(i, _)| Some(*i) != title).map(|(_, c)| c);
    for c in sections() {
        if let Some(level) = told(c) {
            votes.entry(c.look).or_default().push(level);
        }
    }
    let mut known: BTreeMap<Look, u8> =
        votes.into_iter().filter_map(|(look, levels)| Some((look, commonest(levels)?))).collect();
    let mut looks: Vec<Look> = sections().map(|c| c.look).collect();
    looks.sort_unstable();
    looks.dedup();
    for look in looks.iter().rev() {
        if !known.contains_key(look) {
            known.insert(*look, by_size(*look, &known, base));
        }
    }
    let section = commonest(sections().filter(|c| is_section(c)).filter_map(told)).unwrap_or(base + 1);
    let level = |(i, c): (usize, &Candidate)| match told(c) {
        _ if Some(i) == title => 1,
        Some(level) => level.clamp(1, DEEPEST),
        // `References` is a section of the document, in whatever look.
        None if c.known => known[&c.look].min(section).max(1),
        None => known[&c.look].clamp(1, DEEPEST),
    };
    found.iter().enumerate().map(level).collect()
}

/// `2 Birds` or `II. Birds`, and no `Chapter 2`.
fn is_section(c: &Candidate) -> bool {
    c.number.is_some_and(|n| n.depth == 1 && matches!(n.scheme, Scheme::Decimal | Scheme::Roman))
}

/// The commonest of some levels, the outermost of several.
fn commonest(levels: impl IntoIterator<Item = u8>) -> Option<u8> {
    let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
    levels.into_iter().for_each(|level| *counts.entry(level).or_default() += 1);
    counts.into_iter().max_by_key(|&(level, count)| (count, std::cmp::Reverse(level))).map(|(level, _)| level)
}

/// As the level of the looks that are known: that of the next smaller one, or one below the next larger.
fn by_size(look: Look, known: &BTreeMap<Look, u8>, base: u8) -> u8 {
    let same =
        known.iter().filter(|(k, _)| k.size == look.size && k.bold == look.bold).map(|(_, l)| *l).min();
    let larger = known.iter().filter(|(k, _)| **k > look).map(|(_, l)| *l).max();
    let smaller = known.iter().filter(|(k, _)| **k < look).map(|(_, l)| *l).min();
    if look.run_in {
        return known.iter().filter(|(k, _)| !k.run_in).map(|(_, l)| *l).max().unwrap_or(base) + 1;
    }
    match (same, larger, smaller) {
        (Some(level), ..) => level,
        (_, None, Some(below)) => below.saturating_sub(1).max(base + 1),
        (_, Some(above), Some(below)) if below > above + 1 => above + 1,
        (_, Some(_), Some(below)) => below,
        (_, Some(above), None) => above + 1,
        (_, None, None) => base + 1,
    }
}
