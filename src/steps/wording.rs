//! What a text says of itself, for several steps: the marks that tables write for no value, the names of floats, and
//! where a line had no room for the word that begins the next.

use super::text::is_ideograph;

/// Whether a cell's text is a mark for a value that is missing, without signs of currencies and percent around it.
pub(crate) fn is_missing_mark(text: &str) -> bool {
    MISSING.contains(&text.to_lowercase().as_str())
}

/// As statistical offices, accounts and programs print them.
const MISSING: &[&str] = &[
    "-",
    "--",
    "---",
    "–",
    "––",
    "—",
    "——",
    "−",
    "‐",
    "‑",
    ".",
    "..",
    "...",
    "…",
    ":",
    "n.a.",
    "n.a",
    "n/a",
    "na",
    "#n/a",
    "nan",
    "null",
    "n.m.",
    "n/m",
    "n. a.",
    "nd",
    "n.d.",
    "not available",
];

/// What a caption names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::steps) enum Float {
    Figure,
    Table,
    /// A listing or an algorithm: its text is the document's.
    Text,
}

/// The words that name floats, in several languages.
const FLOATS: [(Float, &str); 3] = [
    (Float::Figure, "figure fig scheme figura figur abbildung abb bild obr rys рисунок рис 图 圖 図 그림"),
    (Float::Table, "table tab tabelle tabla tabela tabella tableau tabell tabulka таблица табл 表 표"),
    (Float::Text, "listing algorithm algorithmus algorithme algoritmo code 算法 代码"),
];

impl Float {
    fn named(word: &str) -> Option<Self> {
        let lists = |(_, names): &&(Float, &str)| names.split(' ').any(|name| name == word);
        FLOATS.iter().find(lists).map(|(float, _)| *float)
    }
}

/// `Figure 3:`, `Fig. 3.`, `Tabelle II`, `图3 …`: which float a text is the caption of; `None` for a sentence about it.
pub(in crate::steps) fn captioned(text: &str) -> Option<Float> {
    let mut words = text.split_whitespace();
    let first = words.next()?;
    // Ideographs stand right before their number.
    let split = first.find(|c: char| c.is_ascii_digit()).filter(|&at| first[..at].chars().all(is_ideograph));
    let (name, number) = match split {
        Some(at) if at > 0 => first.split_at(at),
        _ => (first, words.next()?),
    };
    let number = number.split_inclusive([':', '：']).next().unwrap_or(number);
    let counts = number.trim_end_matches([':', '.', '：', '．']);
    // Before the name, as most lines fail it.
    if counts.is_empty() || !counts.chars().all(|c| c.is_ascii_digit() || "IVX.-ABCDS".contains(c)) {
        return None;
    }
    let closed = number.len() > counts.len()
        || name.len() < first.len() && words.clone().next().is_some()
        || words.next().is_some_and(|w| w.starts_with(['—', '–', '|']));
    Float::named(&name.trim_end_matches('.').to_lowercase()).filter(|_| closed)
}

/// Of the font size. A space between words takes about this much.
const SPACE: f32 = 0.25;

/// Whether a line that ends at `end` in a font of `size` had no room for a next word of width `word` before `right`, so
/// that the word stands in the line below. All in points.
pub(in crate::steps) fn had_no_room(end: f32, size: f32, word: f32, right: f32) -> bool {
    end + SPACE * size + word > right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_are_named_and_numbered() {
        for (text, float) in [
            ("Figure 3: A plot", Float::Figure),
            ("Abb. 2.1: Ein Plan", Float::Figure),
            ("图 1：流程", Float::Figure),
            ("图1 流程", Float::Figure),
            ("Table 2. Results", Float::Table),
            ("表2-1: 结果", Float::Table),
            ("Listing 4: Main", Float::Text),
        ] {
            assert_eq!(captioned(text), Some(float), "{text}");
        }
        for text in ["Figure 3 shows that", "Tables are", "图 1 所示", "如表1所示", "Figure", ""] {
            assert_eq!(captioned(text), None, "{text}");
        }
    }
}
