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

pub(super) fn is_theorem(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default().trim_end_matches(['.', ':']).to_lowercase();
    let count = words.next().map_or("1", |w| w.trim_matches(['.', ':', '(', ')']));
    THEOREMS.contains(&name.as_str()) && count.starts_with(|c: char| c.is_ascii_digit())
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
