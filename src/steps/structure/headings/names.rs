//! Words that name sections in documents of all kinds, and words that never do.

use crate::steps::structure::numbering;

/// What is named like a section and is none.
const THEOREMS: [&str; 21] = [
    "keywords",
    "keyword",
    "note",
    "theorem",
    "lemma",
    "definition",
    "notation",
    "remark",
    "example",
    "corollary",
    "proposition",
    "claim",
    "proof",
    "conjecture",
    "axiom",
    "théorème",
    "lemme",
    "définition",
    "satz",
    "beispiel",
    "exemple",
];

/// Whether a title, behind its number if it is `numbered` as a section, names a theorem or the like: `Theorem 2`,
/// `Proof (of it)`, `Somebody's Lemma.`, or its kind alone.
pub(super) fn is_theorem(text: &str, numbered: bool) -> bool {
    let names = |word: &str| THEOREMS.contains(&word.trim_end_matches(['.', ':']).to_lowercase().as_str());
    let stopped = text.ends_with(['.', ':']);
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let begins = match rest.trim_start_matches(['.', ':']).chars().next() {
        None => !numbered || stopped,
        Some(next) => next.is_ascii_digit() || next == '(',
    };
    names(first) && begins || stopped && rest.rsplit(char::is_whitespace).next().is_some_and(names)
}

/// Names of sections that documents of all kinds have.
const KNOWN: [&str; 34] = [
    "abstract",
    "summary",
    "introduction",
    "background",
    "related work",
    "methods",
    "materials and methods",
    "method",
    "results",
    "discussion",
    "results and discussion",
    "conclusion",
    "conclusions",
    "acknowledgments",
    "acknowledgements",
    "acknowledgment",
    "acknowledgement",
    "references",
    "bibliography",
    "literature cited",
    "appendix",
    "contents",
    "table of contents",
    "list of figures",
    "list of tables",
    "index",
    "glossary",
    "nomenclature",
    "résumé",
    "références",
    "zusammenfassung",
    "literatur",
    "摘要",
    "参考文献",
];

pub(super) fn is_known(title: &str) -> bool {
    KNOWN.contains(&bare(title).as_str())
}

/// Whether a text is the heading of a bibliography.
pub(in crate::steps::structure) fn names_references(text: &str) -> bool {
    const NAMES: [&str; 8] = [
        "references",
        "bibliography",
        "literature cited",
        "literature",
        "works cited",
        "références",
        "literatur",
        "参考文献",
    ];
    let number = numbering::of(text).map_or(0, |n| n.length);
    text.len() <= 40 && NAMES.contains(&bare(&text[number..]).as_str())
}

fn bare(title: &str) -> String {
    title.trim().trim_end_matches([':', '.']).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn theorems_are_named_and_counted() {
        for text in [
            "Theorem 2",
            "Theorem (1)",
            "Lemma",
            "Proof (sufficiency).",
            "Ahlfors’ Lemma.",
            "Definition 2.1.",
        ] {
            assert!(is_theorem(text, false), "{text}");
        }
        assert!(is_theorem("Theorem.", true) && !is_theorem("Notation", true));
        for text in ["Definition of terms", "Proof theory", "Examples", "The main theorem", "Introduction."] {
            assert!(!is_theorem(text, false), "{text}");
        }
    }
}
