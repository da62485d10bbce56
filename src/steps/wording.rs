//! What a text says of itself, for several steps: the marks that tables write for no value, the names of floats, and
//! where a line had no room for the word that begins the next.

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

/// `Figure 3:`, `Fig. 3.`, `Table II`: the name of a float, a number, and not a sentence about it.
pub(in crate::steps) fn starts_caption(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap_or_default().trim_end_matches('.').to_lowercase();
    let number = words.next().unwrap_or_default();
    let named =
        matches!(name.as_str(), "figure" | "fig" | "table" | "tab" | "listing" | "algorithm" | "scheme");
    let closed = number.ends_with([':', '.']) || words.next().is_some_and(|w| w.starts_with(['—', '–', '|']));
    let counts = number.trim_end_matches([':', '.']);
    let is_number =
        !counts.is_empty() && counts.chars().all(|c| c.is_ascii_digit() || "IVX.-ABCDS".contains(c));
    named && is_number && closed
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
        assert!(starts_caption("Figure 3: A plot") && starts_caption("Table 2. Results"));
        assert!(!starts_caption("Figure 3 shows that") && !starts_caption("Tables are"));
    }
}
