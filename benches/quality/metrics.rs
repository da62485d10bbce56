//! The measures, by their published definitions, in one place. Every text goes
//! through [`normalised`] first; all scores are fractions, not per cent.

use rapidfuzz::distance::{indel, levenshtein};
use std::collections::HashMap;
use std::hash::Hash;
use unicode_normalization::UnicodeNormalization;

/// NFKC (ligatures to letters, full-width to ASCII, mathematical letters to
/// plain ones), soft hyphens and zero-width characters gone, every run of
/// white space one space, none at the ends. Nothing else: case, quotes, dashes
/// and hyphens at line ends stay as they are.
pub fn normalised(text: &str) -> String {
    let visible: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// Normalised indel similarity, the reading-order score of opendataloader-bench
/// (rapidfuzz's `ratio`): 1 − indel / (length of truth + length of reading).
/// A moved passage costs twice its length, once as deletion, once as insertion.
pub fn nid(truth: &str, reading: &str) -> f64 {
    indel::normalized_similarity(truth.chars(), reading.chars())
}

/// Edits and what they are counted against, so that rates can be averaged over
/// pages (macro) or over all characters (micro).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errors {
    pub edits: usize,
    pub length: usize,
}

impl Errors {
    /// Edits per unit of truth; above 1 where the reading is much longer.
    pub fn rate(self) -> f64 {
        ratio(self.edits as f64, self.length as f64, if self.edits == 0 { 0.0 } else { 1.0 })
    }
}

/// Character errors: Levenshtein distance in characters, over the truth's characters.
pub fn characters(truth: &str, reading: &str) -> Errors {
    Errors { edits: levenshtein::distance(truth.chars(), reading.chars()), length: truth.chars().count() }
}

/// Word errors: Levenshtein distance in words, over the truth's words.
pub fn words(truth: &str, reading: &str) -> Errors {
    let (truth, known) = numbered(truth);
    let number = |word| known.get(word).copied().unwrap_or(u64::MAX);
    let reading: Vec<u64> = reading.split_whitespace().map(number).collect();
    Errors {
        edits: levenshtein::distance(truth.iter().copied(), reading.iter().copied()),
        length: truth.len(),
    }
}

/// Each word as a number, equal words as equal numbers.
fn numbered(text: &str) -> (Vec<u64>, HashMap<&str, u64>) {
    let mut known = HashMap::new();
    let ids = text
        .split_whitespace()
        .map(|word| {
            let next = known.len() as u64;
            *known.entry(word).or_insert(next)
        })
        .collect();
    (ids, known)
}

/// What two multisets share, and their sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap {
    pub shared: usize,
    pub truth: usize,
    pub reading: usize,
}

impl Overlap {
    pub fn between<T: Eq + Hash>(
        truth: impl IntoIterator<Item = T>,
        reading: impl IntoIterator<Item = T>,
    ) -> Self {
        let mut left: HashMap<T, usize> = HashMap::new();
        let mut overlap = Self::default();
        for item in truth {
            *left.entry(item).or_default() += 1;
            overlap.truth += 1;
        }
        for item in reading {
            overlap.reading += 1;
            if let Some(count) = left.get_mut(&item).filter(|count| **count > 0) {
                *count -= 1;
                overlap.shared += 1;
            }
        }
        overlap
    }

    /// Harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found.
    pub fn f1(self) -> f64 {
        ratio(2.0 * self.shared as f64, (self.truth + self.reading) as f64, 1.0)
    }

    pub fn precision(self) -> f64 {
        ratio(self.shared as f64, self.reading as f64, 1.0)
    }

    pub fn recall(self) -> f64 {
        ratio(self.shared as f64, self.truth as f64, 1.0)
    }
}

/// The words of both sides as multisets, order ignored.
pub fn bag_of_words(truth: &str, reading: &str) -> Overlap {
    Overlap::between(truth.split_whitespace(), reading.split_whitespace())
}

/// A title and its level, 1 for the highest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub level: usize,
    pub title: String,
}

impl Heading {
    pub fn new(level: usize, title: &str) -> Self {
        Self { level, title: title.to_string() }
    }

    /// The title as it is compared: normalised, without its number, without
    /// case, without a closing full stop or colon. Sources leave numbers to
    /// the typesetter, so they cannot be asked for.
    pub fn key(&self) -> String {
        let title = normalised(&self.title).to_lowercase();
        let words: Vec<&str> = title.split(' ').collect();
        let counted =
            |from: usize| words.get(from).is_some_and(|word| words.len() > from + 1 && is_number(word));
        let named = LABELS.contains(&words[0]) && counted(1);
        let number = if named { 2 } else { usize::from(counted(0)) };
        words[number..].join(" ").trim_end_matches(['.', ':']).trim().to_string()
    }
}

/// What counts chapters, before their number.
const LABELS: [&str; 5] = ["chapter", "appendix", "chapitre", "kapitel", "anhang"];

/// `2`, `2.1`, `2.1.`, `iv.`, `a.`, `(3)`, `§3`: the number in front of a title.
fn is_number(word: &str) -> bool {
    let bare = word.trim_matches(['.', ')', '(', '§', ':']);
    let marked = bare.len() < word.len();
    let parts = || bare.split('.');
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let letter = |part: &str| part.len() == 1 && part.chars().all(|c| c.is_ascii_lowercase());
    let roman = !bare.is_empty() && bare.chars().all(|c| "ivxl".contains(c));
    parts().all(|part| digits(part) || (letter(part) && (marked || parts().count() > 1))) || (marked && roman)
}

/// Found titles against true ones, order and level ignored.
pub fn headings(truth: &[Heading], reading: &[Heading]) -> Overlap {
    Overlap::between(keys(truth), keys(reading))
}

fn keys(headings: &[Heading]) -> Vec<String> {
    headings.iter().map(Heading::key).filter(|key| !key.is_empty()).collect()
}

/// Heading similarity (opendataloader-bench): 1 − tree edit distance / size of
/// the larger tree, over trees with a node for each heading. There, as here,
/// all headings are children of the root whatever their level, and the tree
/// edit distance of two such trees is the edit distance of the two lists:
/// insertion and deletion cost 1, a change the share of the title's characters
/// that differ. `None` where the truth has no heading.
pub fn mhs(truth: &[Heading], reading: &[Heading]) -> Option<f64> {
    let (truth, reading) = (keys(truth), keys(reading));
    let size = truth.len().max(reading.len());
    (!truth.is_empty()).then(|| 1.0 - edits(&truth, &reading) / size as f64)
}

/// Cost of turning one list into the other.
fn edits(from: &[String], to: &[String]) -> f64 {
    let mut row: Vec<f64> = (0..=to.len()).map(|n| n as f64).collect();
    for (n, old) in from.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], n as f64 + 1.0);
        for (m, new) in to.iter().enumerate() {
            let change = diagonal + levenshtein::normalized_distance(old.chars(), new.chars());
            diagonal = row[m + 1];
            row[m + 1] = change.min(diagonal + 1.0).min(row[m] + 1.0);
        }
    }
    row[to.len()]
}

/// Of the titles found, the share whose level is right, with their number.
/// Levels are compared by rank among the titles found, since one tool starts
/// its sections at `#` and another at `##`.
pub fn levels(truth: &[Heading], reading: &[Heading]) -> Overlap {
    let found = matched(truth, reading);
    let (true_ranks, read_ranks) = (ranks(found.iter().map(|p| p.0)), ranks(found.iter().map(|p| p.1)));
    let right = found.iter().filter(|(t, r)| true_ranks.get(t) == read_ranks.get(r)).count();
    Overlap { shared: right, truth: found.len(), reading: found.len() }
}

/// True and read level of each title that both sides have, in order of the truth.
fn matched(truth: &[Heading], reading: &[Heading]) -> Vec<(usize, usize)> {
    let mut left: Vec<(String, usize)> = reading.iter().map(|h| (h.key(), h.level)).collect();
    let mut found = Vec::new();
    for heading in truth {
        let key = heading.key();
        if let Some(at) = left.iter().position(|(other, _)| *other == key) {
            found.push((heading.level, left.remove(at).1));
        }
    }
    found
}

fn ranks(levels: impl Iterator<Item = usize>) -> HashMap<usize, usize> {
    let mut distinct: Vec<usize> = levels.collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.into_iter().enumerate().map(|(rank, level)| (level, rank)).collect()
}

pub fn ratio(part: f64, whole: f64, of_nothing: f64) -> f64 {
    if whole == 0.0 { of_nothing } else { part / whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    fn outline(items: &[(usize, &str)]) -> Vec<Heading> {
        items.iter().map(|(level, title)| Heading::new(*level, title)).collect()
    }

    #[test]
    fn normalising_folds_white_space_and_compatibility_forms_only() {
        assert_eq!(normalised(" ﬁne\n\tprint\u{ad}ing ５ 𝑥 "), "fine printing 5 x");
        assert_eq!(normalised("“A–b”"), "“A–b”");
    }

    #[test]
    fn nid_is_one_minus_indel_over_both_lengths() {
        // "abcd" to "acbd": delete b, insert b: 2 of 8.
        assert!(close(nid("abcd", "acbd"), 0.75));
        assert!(close(nid("same", "same"), 1.0));
        assert!(close(nid("abc", ""), 0.0));
    }

    #[test]
    fn nid_charges_a_moved_block_twice_its_length() {
        // "ab" moved behind "xyz": 2 deletions and 2 insertions of 10.
        assert!(close(nid("abxyz", "xyzab"), 0.6));
    }

    #[test]
    fn character_errors_are_levenshtein_over_the_truth() {
        assert_eq!(characters("kitten", "sitting"), Errors { edits: 3, length: 6 });
        assert!(close(characters("kitten", "sitting").rate(), 0.5));
        assert!(close(characters("", "").rate(), 0.0));
        assert!(close(characters("", "x").rate(), 1.0));
    }

    #[test]
    fn word_errors_count_whole_words() {
        // One changed, one missing, of five.
        assert_eq!(words("the cat sat on mats", "the bat sat on"), Errors { edits: 2, length: 5 });
        assert_eq!(words("a a b", "a b"), Errors { edits: 1, length: 3 });
        // Two unknown words are not equal to a known one.
        assert_eq!(words("a b", "x y"), Errors { edits: 2, length: 2 });
    }

    #[test]
    fn bag_of_words_ignores_order_and_counts_repeats() {
        let overlap = bag_of_words("a a b c", "c a d");
        assert_eq!(overlap, Overlap { shared: 2, truth: 4, reading: 3 });
        assert!(close(overlap.f1(), 4.0 / 7.0));
        assert!(close(overlap.precision(), 2.0 / 3.0));
        assert!(close(overlap.recall(), 0.5));
        assert!(close(bag_of_words("", "").f1(), 1.0));
    }

    #[test]
    fn titles_are_compared_without_number_and_case() {
        for title in [
            "2 Method",
            "2.1. Method",
            "(2) METHOD",
            "IV. Method:",
            "A. Method",
            "A.2 method",
            "Chapter 2 Method",
        ] {
            assert_eq!(Heading::new(1, title).key(), "method", "{title}");
        }
        assert_eq!(Heading::new(1, "A method").key(), "a method");
        assert_eq!(Heading::new(1, "3").key(), "3");
    }

    #[test]
    fn mhs_is_one_for_equal_lists_and_falls_with_each_missing_heading() {
        let truth = outline(&[(1, "Intro"), (1, "Details")]);
        assert_eq!(mhs(&truth, &truth), Some(1.0));
        assert_eq!(mhs(&truth, &outline(&[(1, "Intro")])), Some(0.5));
        assert_eq!(mhs(&truth, &[]), Some(0.0));
        assert_eq!(mhs(&[], &truth), None);
    }

    #[test]
    fn mhs_ignores_levels_as_published_and_charges_part_of_a_changed_title() {
        let truth = outline(&[(1, "Title"), (2, "Subsection")]);
        assert_eq!(mhs(&truth, &outline(&[(3, "Title"), (1, "Subsection")])), Some(1.0));
        // One letter of five, in one of two headings.
        let similar = mhs(&truth, &outline(&[(1, "Tithe"), (2, "Subsection")]));
        assert!(similar.is_some_and(|score| close(score, 0.9)));
    }

    #[test]
    fn mhs_keeps_order() {
        let (truth, swapped) = (outline(&[(1, "aaa"), (1, "bbb")]), outline(&[(1, "bbb"), (1, "aaa")]));
        assert_eq!(mhs(&truth, &swapped), Some(0.0));
        assert!(close(headings(&truth, &swapped).f1(), 1.0));
    }

    #[test]
    fn levels_are_compared_by_rank_among_the_titles_found() {
        let truth = outline(&[(0, "Title"), (1, "Intro"), (2, "Detail"), (1, "End")]);
        let deeper = outline(&[(2, "1 Intro"), (3, "1.1 Detail"), (3, "End"), (1, "Contents")]);
        assert_eq!(levels(&truth, &deeper), Overlap { shared: 2, truth: 3, reading: 3 });
    }
}
