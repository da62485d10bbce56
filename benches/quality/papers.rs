//! Flatleaf's structure of documents against their LaTeX source: sections,
//! running heads, words broken at line ends, footnotes.

use crate::{
    metrics::{self, Heading, Overlap, normalised},
    observed::{Break, Made, is_hyphen, is_of_word},
    peers::Reading,
    score,
    truth::{Group, Sample},
};
use rapidfuzz::distance::indel;
use std::collections::HashSet;

/// One document.
#[derive(Clone, Debug)]
pub struct Paper {
    pub file: String,
    pub group: Group,
    /// Of the source's headings below the title, those found, and of these those with the right level.
    pub sections: Overlap,
    pub levels: Overlap,
    /// Running heads in the text.
    pub running: Vec<String>,
    /// Of the broken words that the source decides, those made right.
    pub hyphens: Overlap,
    /// Those made wrong, as they should be.
    pub wrong: Vec<String>,
    /// Words whose other half is in no block that goes on.
    pub hanging: Vec<String>,
    /// Of the source's footnotes, those that are blocks of their own.
    pub notes: Overlap,
    pub missed: Vec<String>,
}

/// The documents whose truth is LaTeX source.
pub fn all(readings: &[Reading], samples: &[Sample]) -> Vec<Paper> {
    let of = |sample: &Sample| paper(sample, readings.iter().find(|reading| reading.file == sample.file)?);
    samples.iter().filter(|sample| sample.group.is_source()).filter_map(of).collect()
}

fn paper(sample: &Sample, reading: &Reading) -> Option<Paper> {
    let observed = reading.observed.as_ref()?;
    let titles = score::without_printed(&score::found(reading, None), sample);
    let sections: Vec<Heading> = sample.truth.headings.iter().filter(|h| h.level > 0).cloned().collect();
    let words = words(&sample.truth.text);
    let (mut hyphens, mut wrong) = (Overlap::default(), Vec::new());
    for (found, right) in observed.breaks.iter().filter_map(|found| Some((found, decided(found, &words)?))) {
        hyphens.truth += 1;
        if found.made == right {
            hyphens.shared += 1;
        } else {
            wrong.push(form(found, right));
        }
    }
    let asked: Vec<String> =
        sample.truth.notes.iter().map(|note| normalised(note)).filter(|n| !n.is_empty()).collect();
    let kept: Vec<String> = observed.notes.iter().map(|note| normalised(note)).collect();
    let missed: Vec<String> = asked.iter().filter(|note| !is_kept(note, &kept)).cloned().collect();
    Some(Paper {
        file: sample.file.clone(),
        group: sample.group,
        sections: metrics::headings(&sections, &titles),
        levels: metrics::levels(&sections, &titles),
        running: observed.running.clone(),
        hyphens,
        wrong,
        hanging: observed.hanging.clone(),
        notes: Overlap { shared: asked.len() - missed.len(), truth: asked.len(), reading: kept.len() },
        missed,
    })
}

/// Similarity from which a block is the source's note: numbers of citations are missing there.
const SAME_NOTE: f64 = 0.8;

fn is_kept(note: &str, kept: &[String]) -> bool {
    kept.iter().any(|block| indel::normalized_similarity(note.chars(), block.chars()) >= SAME_NOTE)
}

/// The words of the source, hyphens included, without case.
fn words(text: &str) -> HashSet<String> {
    let text = plain(text);
    text.split(|c| !is_of_word(c)).map(|word| word.trim_matches(is_hyphen).to_string()).collect()
}

fn plain(text: &str) -> String {
    normalised(text).to_lowercase().replace(is_hyphen, "-").replace('’', "'")
}

fn form(found: &Break, made: Made) -> String {
    let joint = if made == Made::Joined { "" } else { "-" };
    format!("{}{joint}{}", found.before, found.after)
}

/// What the source has of a broken word; `None` where it has both forms or neither.
fn decided(found: &Break, words: &HashSet<String>) -> Option<Made> {
    let has = |made| words.contains(plain(&form(found, made)).trim_matches('-'));
    match (has(Made::Joined), has(Made::Hyphenated)) {
        (true, false) => Some(Made::Joined),
        (false, true) => Some(Made::Hyphenated),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(before: &str, after: &str) -> Break {
        Break { before: before.into(), after: after.into(), made: Made::Joined }
    }

    #[test]
    fn the_source_decides_how_a_broken_word_is_written() {
        let words = words("Typesetting, well-known or wellknown, of State-of-the-art non-linear flows");
        assert_eq!(decided(&broken("type", "setting"), &words), Some(Made::Joined));
        assert_eq!(decided(&broken("state-of-the", "art"), &words), Some(Made::Hyphenated));
        assert_eq!(decided(&broken("well", "known"), &words), None);
        assert_eq!(decided(&broken("un", "known"), &words), None);
    }

    #[test]
    fn a_note_may_lack_the_number_of_a_citation() {
        assert!(is_kept("See the manual, .", &["See the manual, [3].".to_string()]));
        assert!(!is_kept("See the manual.", &["Another note altogether".to_string()]));
    }
}
