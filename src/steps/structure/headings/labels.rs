//! Titles that stand under the words that count them: `CHAPTER 2` over `Birds` is one heading.

use super::{LARGER, Look, is_wordy};
use crate::{
    content::{Block, Kind, PageContent},
    geometry::Turn,
    steps::{
        assemble::{blocks::BodyStyle, kind},
        structure::numbering::{self, Scheme},
    },
};

/// Of the label's height. A title stands no farther below it.
const BELOW: f32 = 4.0;

/// Joins each label with the title below it.
pub(in crate::steps::structure) fn join(pages: &mut [PageContent], body: &BodyStyle) {
    for page in pages.iter_mut().filter(|page| page.turn == Turn::None) {
        let names = |b: &Block| b.lines.len() == 1 && is_label(b.text.trim());
        let titled = |pair: &[Block]| names(&pair[0]) && is_title_of(&pair[0], &pair[1], body);
        let joined: Vec<usize> =
            (1..page.blocks.len()).filter(|&n| titled(&page.blocks[n - 1..=n])).collect();
        for &n in joined.iter().rev() {
            let title = page.blocks.remove(n);
            let label = &mut page.blocks[n - 1];
            label.rect = label.rect.union(&title.rect);
            label.lines.extend(title.lines);
        }
        if !joined.is_empty() {
            page.number_blocks();
        }
    }
}

/// `Chapter 2` alone.
fn is_label(text: &str) -> bool {
    numbering::of(text).is_some_and(|n| n.scheme == Scheme::Word && n.length == text.len())
}

/// Whether a block is a title, by its look, right below its label.
fn is_title_of(label: &Block, title: &Block, body: &BodyStyle) -> bool {
    let text = title.text.trim();
    let look = Look::of(&title.lines);
    let size = kind::size_of(&title.lines);
    let stands_out = size > LARGER * body.size || look.capitals || look.bold && !body.bold;
    matches!(title.kind, Kind::Heading | Kind::Paragraph)
        && kind::may_be_heading(&title.lines)
        && is_wordy(text)
        && numbering::of(text).is_none()
        && stands_out
        && size >= 0.95 * kind::size_of(&label.lines)
        && (0.0..BELOW * label.rect.height()).contains(&(title.rect.y0 - label.rect.y1))
}

#[cfg(test)]
mod tests {
    use crate::{
        content::Kind,
        steps::{
            drawing::draw,
            structure::samples::{bold, of_kind, prose, structured},
        },
    };

    #[test]
    fn a_label_and_the_title_below_it_are_one_heading() {
        let chapter = |n: usize, title: &str| {
            let y = 100.0 * n as f32;
            let page = bold(bold(draw(), 16.0, y, &format!("Chapter {n}")), 20.0, y + 30.0, title);
            prose(page, y + 80.0, n).page()
        };
        let pages = structured(&[chapter(1, "Oaks"), chapter(2, "Beeches")]);
        let texts: Vec<&str> = of_kind(&pages, Kind::Heading).iter().map(|b| b.text.as_str()).collect();
        assert_eq!(texts, ["Chapter 1 Oaks", "Chapter 2 Beeches"]);
    }

    #[test]
    fn a_label_over_text_stays_alone() {
        let pages = structured(&[prose(bold(draw(), 16.0, 100.0, "Chapter 1"), 140.0, 1).page()]);
        assert_eq!(of_kind(&pages, Kind::Heading)[0].text, "Chapter 1");
    }
}
