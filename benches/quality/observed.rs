//! What Flatleaf made of a document's structure, as far as the source can be
//! asked about it. In: all pages. Out: running heads left in the text, words
//! broken at line ends, notes. Nothing here relies on the step it measures.

use flatleaf::content::{Block, Joint, Kind, Line, PageContent};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Observed {
    /// Lines of the text that come again on other pages, in the margin at the same height.
    pub running: Vec<String>,
    pub breaks: Vec<Break>,
    /// Words with a hyphen at the end of a block that nothing goes on from.
    pub hanging: Vec<String>,
    /// Each with what it goes on with, without its mark.
    pub notes: Vec<String>,
}

/// A word with a hyphen at a line's end, and its other half on the next line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Break {
    pub before: String,
    pub after: String,
    pub made: Made,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Made {
    Joined,
    Hyphenated,
    /// Still two words.
    Broken,
}

impl Observed {
    /// After `structure`.
    pub fn of(pages: &[PageContent]) -> Self {
        let blocks: Vec<&Block> = pages.iter().flat_map(|page| &page.blocks).collect();
        let next: HashMap<&str, &Block> =
            blocks.iter().filter_map(|block| Some((block.continues.as_ref()?.of.as_str(), *block))).collect();
        let flowing: Vec<&Block> = blocks.iter().copied().filter(|block| is_flowing(block.kind)).collect();
        Self {
            running: running(pages),
            breaks: flowing.iter().flat_map(|block| breaks(block, &next)).collect(),
            hanging: flowing.iter().filter_map(|block| hanging(block, &next)).collect(),
            notes: notes(&blocks, &next),
        }
    }
}

/// Share of a page's height: its margins at the top and at the bottom.
const MARGIN: f32 = 0.1;
/// Share of a page's height. Lines that differ by less stand at the same.
const SAME_HEIGHT: f32 = 0.01;
/// Pages. Half of them are enough in a shorter document, but two are needed.
const REPEATED: usize = 3;

struct MarginLine {
    page: usize,
    /// Of its middle, as a share of the page's.
    height: f32,
    text: String,
    is_furniture: bool,
}

fn running(pages: &[PageContent]) -> Vec<String> {
    let mut lines: HashMap<String, Vec<MarginLine>> = HashMap::new();
    for line in pages.iter().flat_map(margin_lines) {
        lines.entry(line.text.replace(|c: char| c.is_ascii_digit(), "#")).or_default().push(line);
    }
    let enough = REPEATED.min(pages.len().div_ceil(2)).max(2);
    let repeated = |line: &MarginLine, like: &[MarginLine]| {
        let same = like.iter().filter(|other| (other.height - line.height).abs() < SAME_HEIGHT);
        same.map(|other| other.page).collect::<HashSet<_>>().len() >= enough
    };
    let left = |like: &Vec<MarginLine>| -> Vec<(usize, String)> {
        let found = like.iter().filter(|line| !line.is_furniture && repeated(line, like));
        found.map(|line| (line.page, line.text.clone())).collect()
    };
    let mut found: Vec<(usize, String)> = lines.values().flat_map(left).collect();
    found.sort();
    found.into_iter().map(|(_, text)| text).collect()
}

fn margin_lines(page: &PageContent) -> impl Iterator<Item = MarginLine> {
    let lines = page.blocks.iter().flat_map(|block| block.lines.iter().map(move |line| (block, line)));
    let placed = |(block, line): (&Block, &Line)| MarginLine {
        page: page.number,
        height: line.rect.center().y / page.height.max(1.0),
        text: line.text(),
        is_furniture: block.kind.is_furniture(),
    };
    lines.map(placed).filter(|line| !(MARGIN..=1.0 - MARGIN).contains(&line.height))
}

fn is_flowing(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Paragraph | Kind::ListItem | Kind::Caption | Kind::Footnote | Kind::Reference | Kind::Heading
    )
}

pub fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}' | '\u{ad}')
}

/// Letters, and what stands within words.
pub fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || is_hyphen(character) || matches!(character, '\'' | '’')
}

/// The broken word at a line's end, without its hyphen.
fn half_before(line: &str) -> Option<&str> {
    let line = line.trim_end();
    let stem = line.strip_suffix(is_hyphen)?;
    let word = stem.rsplit(|c| !is_of_word(c)).next().unwrap_or(stem);
    stem.ends_with(char::is_alphabetic).then_some(word)
}

fn half_after(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let end = line.find(|c| !is_of_word(c)).unwrap_or(line.len());
    line.starts_with(char::is_alphabetic).then(|| line[..end].trim_end_matches(is_hyphen))
}

/// Within the block, and over to the block that goes on from it.
fn breaks(block: &Block, next: &HashMap<&str, &Block>) -> Vec<Break> {
    let lines: Vec<String> = block.lines.iter().map(|line| line.text()).collect();
    let mut found = Vec::new();
    let mut read = 0;
    for (line, following) in lines.iter().zip(lines.iter().skip(1)) {
        read += line.chars().filter(|c| is_counted(*c)).count();
        if let (Some(before), Some(after)) = (half_before(line), half_after(following)) {
            let made = made(&block.text, read);
            found.push(Break { before: before.into(), after: after.into(), made });
        }
    }
    let over = next.get(block.id.as_str()).and_then(|other| {
        let before = half_before(lines.last()?)?;
        let first = other.lines.first()?.text();
        let made = match other.continues.as_ref()?.joint {
            Joint::Hyphen => Made::Joined,
            Joint::Nothing => Made::Hyphenated,
            Joint::Space => Made::Broken,
        };
        Some(Break { before: before.into(), after: half_after(&first)?.into(), made })
    });
    found.extend(over);
    found
}

/// Neither white space nor a hyphen: what a block's text has in common with its lines, whatever became of these.
fn is_counted(character: char) -> bool {
    !character.is_whitespace() && !is_hyphen(character)
}

/// What stands in `text` behind its first `read` characters that count.
fn made(text: &str, read: usize) -> Made {
    let counted = text.char_indices().filter(|(_, c)| is_counted(*c)).nth(read.saturating_sub(1));
    let rest = counted.map_or("", |(at, c)| &text[at + c.len_utf8()..]);
    let between: Vec<char> = rest.chars().take_while(|c| !is_counted(*c)).collect();
    match between.as_slice() {
        [] => Made::Joined,
        [hyphen] if is_hyphen(*hyphen) => Made::Hyphenated,
        _ => Made::Broken,
    }
}

fn hanging(block: &Block, next: &HashMap<&str, &Block>) -> Option<String> {
    let last = block.lines.last()?.text();
    let word = half_before(&last)?;
    (!next.contains_key(block.id.as_str())).then(|| format!("{word}-"))
}

fn notes(blocks: &[&Block], next: &HashMap<&str, &Block>) -> Vec<String> {
    let firsts = blocks.iter().filter(|block| block.kind == Kind::Footnote && block.continues.is_none());
    firsts.map(|block| chain(block, next)).collect()
}

/// A block's text with all that goes on from it, without its mark.
fn chain(block: &Block, next: &HashMap<&str, &Block>) -> String {
    let marker = block.marker.as_deref().unwrap_or_default();
    let mut text = block.text.strip_prefix(marker).unwrap_or(&block.text).trim_start().to_string();
    let mut seen = HashSet::from([block.id.as_str()]);
    let mut last = block.id.as_str();
    while let Some(other) = next.get(last).filter(|other| seen.insert(&other.id)) {
        match other.continues.as_ref().map(|on| on.joint) {
            Some(Joint::Space) => text.push(' '),
            Some(Joint::Hyphen) => drop(text.pop()),
            _ => {}
        }
        text.push_str(&other.text);
        last = &other.id;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_broken_words_are_found() {
        assert_eq!(half_before("the (state-of-"), Some("state-of"));
        assert_eq!(half_before("“Über-"), Some("Über"));
        assert_eq!(half_before("in 1990-"), None);
        assert_eq!(half_before("a dash –"), None);
        assert_eq!(half_after("tation, and"), Some("tation"));
        assert_eq!(half_after("2 of"), None);
    }

    #[test]
    fn what_became_of_a_break_is_read_where_it_was() {
        // The fifth character that is neither white space nor a hyphen is the n before the break.
        assert_eq!(made("In nonlinear", 5), Made::Joined);
        assert_eq!(made("In non-linear", 5), Made::Hyphenated);
        assert_eq!(made("In non- linear", 5), Made::Broken);
        assert_eq!(made("well-off non-linear", 10), Made::Hyphenated);
    }
}
