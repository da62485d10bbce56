//! Headings that are set in the first line of their paragraph, in another weight
//! or slant than the text that goes on after them.

use std::collections::{HashMap, HashSet};

use super::numbering;
use crate::{
    content::{Block, Evidence, Kind, Line, PageContent, Span},
    geometry::Rect,
    steps::assemble::blocks::BodyStyle,
};

/// Characters and words. A longer start is a sentence.
const LONGEST: usize = 60;
const MOST_WORDS: usize = 8;
/// Of the font size. White space after a heading that no stop ends.
const APART: f32 = 0.7;
/// Points. Text that is set in farther than its first line hangs under a term, as in a glossary.
const HANGING: f32 = 3.0;
/// Headings of one style in a document. Fewer are emphasis.
const FEWEST: usize = 3;
/// Times. What comes again more often (`Proof.`) names no section.
const MOST_OFTEN: usize = 2;
/// Characters that the paragraph has besides.
const SHORTEST_REST: usize = 30;

/// Bold, slanted, without serifs in text that has them.
type Style = (bool, bool, bool);

/// Cuts headings out of their paragraphs as blocks of their own.
pub(super) fn cut_out(pages: &mut [PageContent], body: &BodyStyle) {
    let found: Vec<(Style, String)> =
        pages.iter().flat_map(|p| &p.blocks).filter_map(|b| start(b, body)).map(|(_, s, t)| (s, t)).collect();
    let mut styles: HashMap<Style, HashSet<&str>> = HashMap::new();
    let mut often: HashMap<&str, usize> = HashMap::new();
    for (_, text) in &found {
        *often.entry(text).or_default() += 1;
    }
    for (style, text) in found.iter().filter(|(_, text)| often[text.as_str()] <= MOST_OFTEN) {
        styles.entry(*style).or_default().insert(text);
    }
    let fits = |style: Style, text: &str| {
        styles.get(&style).is_some_and(|texts| texts.len() >= FEWEST)
            && often.get(text).is_none_or(|&n| n <= MOST_OFTEN)
    };
    for page in pages.iter_mut() {
        let mut blocks = Vec::with_capacity(page.blocks.len());
        for mut block in std::mem::take(&mut page.blocks) {
            if let Some((spans, ..)) = start(&block, body).filter(|(_, style, text)| fits(*style, text)) {
                blocks.push(cut(&mut block, spans));
            }
            blocks.push(block);
        }
        page.blocks = blocks;
        page.number_blocks();
    }
}

/// How many spans of the first line are a heading, their style and text.
fn start(block: &Block, body: &BodyStyle) -> Option<(usize, Style, String)> {
    let [first, rest @ ..] = block.lines.as_slice() else { return None };
    let style = |s: &Span| (s.style.bold && !body.bold, s.style.italic, s.style.sans && !body.sans);
    // A sign such as `§` comes from a font of its own.
    let is_sign = |s: &Span| !s.text.contains(char::is_alphanumeric);
    let head = style(first.spans.iter().find(|s| !is_sign(s))?);
    if block.kind != Kind::Paragraph || head == (false, false, false) {
        return None;
    }
    let spans = first.spans.iter().take_while(|s| style(s) == head || is_sign(s)).count();
    let next = first.spans.get(spans)?;
    if rest.first().is_some_and(|second| second.rect.x0 > first.rect.x0 + HANGING)
        || style(next).0
        || style(next).2
    {
        return None;
    }
    let text = Line { rect: first.rect, spans: first.spans[..spans].to_vec() }.text();
    let stopped = text.ends_with(['.', ':', '—', '–']) || next.text.starts_with(['—', '–']);
    let apart = head.0 && next.rect.x0 - first.spans[spans - 1].rect.x1 > APART * next.size;
    let long = block.text.chars().count() >= text.chars().count() + SHORTEST_REST;
    ((stopped || apart) && long && is_title(&text)).then_some((spans, head, text))
}

fn is_title(text: &str) -> bool {
    let title = &text[numbering::of(text).map_or(0, |n| n.length)..];
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3
        && !title.starts_with(char::is_lowercase)
        && !title.contains(char::is_numeric)
        && text.chars().count() <= LONGEST
        && text.split_whitespace().count() <= MOST_WORDS
}

/// Cuts the dash off the end of a span.
fn trailing_dash(span: &mut Span) -> Option<Span> {
    let last = span.words.last()?;
    if span.words.len() < 2 || !matches!(last.text.as_str(), "—" | "–") {
        return None;
    }
    let word = span.words.pop()?;
    span.text.truncate(span.text.len() - word.text.len());
    span.text.truncate(span.text.trim_end().len());
    span.rect.x1 = span.words.last().map_or(span.rect.x1, |w| w.rect.x1);
    Some(Span { text: word.text.clone(), rect: word.rect, words: vec![word], glued: false, ..span.clone() })
}

/// Takes the first spans from the block's first line.
fn cut(block: &mut Block, spans: usize) -> Block {
    let around = |spans: &[Span]| Rect::around_all(spans.iter().map(|s| &s.rect)).unwrap_or_default();
    let first = &mut block.lines[0];
    let mut rest = first.spans.split_off(spans);
    // A dash parts the heading from the text, and belongs to neither.
    rest.splice(0..0, first.spans.last_mut().and_then(trailing_dash));
    let head = std::mem::replace(first, Line { rect: around(&rest), spans: rest });
    let rect = around(&head.spans);
    block.rect = Rect::around_all(block.lines.iter().map(|l| &l.rect)).unwrap_or(block.rect);
    Block {
        kind: Kind::Heading,
        evidence: Evidence::RunIn,
        rect,
        lines: vec![Line { rect, spans: head.spans }],
        ..block.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Page,
        steps::{
            drawing::draw,
            structure::samples::{PROSE, bold, structured, texts},
        },
    };

    /// A page of paragraphs whose first words are bold.
    fn page(starts: &[&str]) -> Page {
        let paragraph = |page, (n, start): (usize, &&str)| {
            let y = 100.0 + 50.0 * n as f32;
            let rest = 72.0 + 5.0 * (start.len() + 1) as f32;
            bold(page, 10.0, y, start).text(rest, y, PROSE[n % 6]).text(72.0, y + 12.0, PROSE[(n + 1) % 6])
        };
        starts.iter().enumerate().fold(draw(), paragraph).page()
    }

    #[test]
    fn headings_are_cut_out_of_their_paragraphs() {
        let pages = structured(&[page(&["Oaks.", "Red beeches.", "Elms."])]);
        assert_eq!(texts(&pages, Kind::Heading), ["Oaks.", "Red beeches.", "Elms."]);
        let rest = [0, 1, 2].map(|n| format!("{} {}", PROSE[n], PROSE[n + 1]));
        assert_eq!(texts(&pages, Kind::Paragraph), rest);
    }

    #[test]
    fn two_are_emphasis() {
        let pages = structured(&[page(&["Oaks.", "Red beeches."])]);
        assert_eq!(texts(&pages, Kind::Heading), Vec::<&str>::new());
    }

    #[test]
    fn what_comes_again_and_again_names_no_section() {
        let pages = structured(&[page(&["Oaks.", "Elms.", "Firs.", "Proof.", "Proof.", "Proof."])]);
        assert_eq!(texts(&pages, Kind::Heading), ["Oaks.", "Elms.", "Firs."]);
    }
}
