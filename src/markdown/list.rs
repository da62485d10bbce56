//! List items: the printed marker becomes Markdown's, the level an
//! indentation.

use super::{escape::number_length, passage::Passage};

/// Markdown's marker with its space, and how many bytes of the text it stands for. A bullet becomes `-`; a number
/// stays, as Markdown counts it too; what Markdown cannot count stays in the text.
pub(super) fn marker(item: &Passage) -> (String, usize) {
    let text = item.text.as_str();
    let known = item.block.marker.as_deref().filter(|marker| text.starts_with(marker));
    let printed = known.unwrap_or_else(|| text.split(' ').next().unwrap_or_default());
    if number_length(printed) == Some(printed.len()) {
        return (format!("{printed} "), printed.len());
    }
    // Word processors take the letter for a hollow bullet.
    let is_bullet = !printed.contains(char::is_alphanumeric) || known == Some("o");
    ("- ".to_owned(), if is_bullet { printed.len() } else { 0 })
}

/// The items that the next one can lie in.
#[derive(Default)]
pub(super) struct List {
    open: Vec<Item>,
}

struct Item {
    level: u8,
    /// Column at which its text begins: what lies in it is indented so far.
    column: usize,
    /// What Markdown tells lists apart by: the bullet, or the sign after the number.
    sign: Option<char>,
}

impl List {
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Opens an item: how far to indent it, and whether an empty line must part it from what comes before.
    pub fn place(&mut self, level: u8, marker: &str) -> (usize, bool) {
        let sign = marker.trim_end().chars().next_back();
        let mut sibling = None;
        while let Some(item) = self.open.pop_if(|item| item.level >= level) {
            sibling = Some(item);
        }
        let parted = match &sibling {
            Some(sibling) => sibling.sign != sign,
            // Only a bullet or a 1 may follow its parent's text directly:
            // https://spec.commonmark.org/0.31.2/#lists
            None => sign != Some('-') && !marker.starts_with("1.") && !marker.starts_with("1)"),
        };
        let indent = self.open.last().map_or(0, |parent| parent.column);
        self.open.push(Item { level, column: indent + marker.len(), sign });
        (indent, parted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Kind,
        markdown::{
            passage::passages,
            samples::{block, page},
        },
    };

    fn marker_of(text: &str, printed: Option<&str>) -> (String, usize) {
        let mut item = block("a", Kind::ListItem, text);
        item.marker = printed.map(str::to_owned);
        marker(&passages(&[page(1, vec![item])])[0])
    }

    #[test]
    fn bullets_become_dashes_and_numbers_stay() {
        assert_eq!(marker_of("• one", None), ("- ".into(), 3));
        assert_eq!(marker_of("3. three", None), ("3. ".into(), 2));
        assert_eq!(marker_of("(a) four", None), ("- ".into(), 0));
        assert_eq!(marker_of("no marker", None), ("- ".into(), 0));
    }

    #[test]
    fn a_known_marker_needs_no_space_after_it() {
        assert_eq!(marker_of("•one", Some("•")), ("- ".into(), 3));
        assert_eq!(marker_of("2)two", Some("2)")), ("2) ".into(), 2));
        assert_eq!(marker_of("o hollow", Some("o")), ("- ".into(), 1));
        assert_eq!(marker_of("1.1 deep", Some("1.1")), ("- ".into(), 0));
    }

    #[test]
    fn an_item_lies_under_the_text_of_its_parent() {
        let mut list = List::default();
        let placed: Vec<_> = [(1, "10. "), (2, "- "), (3, "- "), (2, "- "), (1, "11. "), (1, "- ")]
            .map(|(level, marker)| list.place(level, marker))
            .into();
        assert_eq!(placed, [(0, true), (4, false), (6, false), (4, false), (0, false), (0, true)]);
    }
}
