//! What a block is: from its region's label, its look, its place and how it begins.

use super::blocks::BodyStyle;
use crate::{
    content::{Evidence, Kind, Label, Line, Mark, MarkKind, Role, Source, Span},
    geometry::Rect,
    steps::{text::is_ideograph, wording},
};

/// Of the body's font size. Larger text is a heading.
pub(in crate::steps) const HEADING_SIZE: f32 = 1.13;
/// Of the body's font size. Smaller text at the foot that begins with a mark is a footnote.
pub(in crate::steps) const NOTE_SIZE: f32 = 0.92;
/// Lines and characters. A heading is no longer than this.
const HEADING_LINES: usize = 4;
const HEADING_LENGTH: usize = 220;
/// Share of the page's height at its top and foot that running heads and page numbers keep to.
const MARGIN: f32 = 0.08;
/// Share of the page's height at its foot in which a centred number is the page's: TeX leaves wide margins.
const CENTRED_MARGIN: f32 = 0.2;
/// Share of the page's width that a centred number may be off the middle.
const CENTRED: f32 = 0.03;
/// Share of the page's height at its top and foot outside which the layout step's running heads are not believed.
const FURNITURE: f32 = 0.13;
/// Share of a block's characters in fixed pitch, from which it is code.
const CODE_SHARE: f32 = 0.8;

/// The kind of a block, and what decided it. A label from the layout step is one witness; the text's own look
/// overrules it where the two cannot both be right.
pub(super) fn of(lines: &[Line], label: Option<Label>, body: &BodyStyle, page: &Rect) -> (Kind, Evidence) {
    let by_region = |kind| (kind, Evidence::Region);
    match label {
        Some(Label::Table) => return by_region(Kind::Table),
        Some(Label::Figure) => return by_region(Kind::Figure),
        Some(Label::Equation) => return by_region(Kind::Formula),
        Some(Label::Header) if is_furniture(lines, body, page) => return by_region(Kind::Header),
        Some(Label::Footer) if is_furniture(lines, body, page) => return by_region(Kind::Footer),
        _ => {}
    }
    let text = lines.first().map(Line::text).unwrap_or_default();
    if let Some(kind) = margin_kind(lines, &text, page) {
        return (kind, Evidence::Margin);
    }
    if wording::captioned(&text).is_some() {
        return (Kind::Caption, Evidence::Words);
    }
    if let Some(evidence) = is_heading(lines, label, body) {
        return (Kind::Heading, evidence);
    }
    if is_code(lines) {
        return (Kind::Code, Evidence::Pitch);
    }
    if starts_reference(&text) {
        return (Kind::Reference, Evidence::Marker);
    }
    if is_footnote(lines, body, page) {
        return (Kind::Footnote, Evidence::Size);
    }
    match label {
        Some(Label::FigureCaption | Label::TableCaption) => by_region(Kind::Caption),
        Some(Label::Reference) => by_region(Kind::Reference),
        _ if starts_list_item(&text) => (Kind::ListItem, Evidence::Marker),
        _ => (Kind::Paragraph, Evidence::Default),
    }
}

/// The kind that the structure tree gives; `None` where it says no more than that it is text, and for tables and
/// figures, which are placed as a whole.
pub(super) fn of_role(role: Role, lines: &[Line], page: &Rect) -> Option<Kind> {
    let line = lines.first()?;
    match role {
        Role::Heading(_) if may_be_heading(lines) => Some(Kind::Heading),
        Role::ListItem | Role::Label if starts_list_item(&line.text()) => Some(Kind::ListItem),
        Role::Caption => Some(Kind::Caption),
        Role::Note => Some(Kind::Footnote),
        Role::Code => Some(Kind::Code),
        Role::Artifact if in_margin(&line.rect, page) => {
            Some(if line.rect.center().y < page.center().y { Kind::Header } else { Kind::Footer })
        }
        _ => None,
    }
}

/// Running heads and feet keep to the margins and are set no larger than the text.
fn is_furniture(lines: &[Line], body: &BodyStyle, page: &Rect) -> bool {
    let Some(line) = lines.first() else { return true };
    in_margin(&line.rect, page)
        && lines.iter().all(|l| !is_prose(l) || !is_full(l, page))
        && (is_read(lines) || line.size() <= HEADING_SIZE * body.size)
}

/// Share of the page's width. A sentence this long is text, in whatever margin.
const FULL_LINE: f32 = 0.6;

fn is_full(line: &Line, page: &Rect) -> bool {
    line.rect.width() > FULL_LINE * page.width()
}

/// Near the head or the foot of the page.
pub(super) fn in_margin(rect: &Rect, page: &Rect) -> bool {
    let height = (rect.center().y - page.y0) / page.height();
    !(FURNITURE..1.0 - FURNITURE).contains(&height)
}

fn is_read(lines: &[Line]) -> bool {
    lines.iter().any(|l| l.source() == Source::Ocr)
}

/// A page number alone in the margin.
fn margin_kind(lines: &[Line], text: &str, page: &Rect) -> Option<Kind> {
    let [line] = lines else { return None };
    let number = text.trim_matches(|c: char| !c.is_alphanumeric());
    let is_number = !number.is_empty() && number.len() <= 4 && number.chars().all(|c| c.is_ascii_digit());
    let middle = line.rect.center();
    let centred = (middle.x - page.center().x).abs() < CENTRED * page.width();
    let margin = if centred { CENTRED_MARGIN } else { MARGIN } * page.height();
    match is_number {
        true if middle.y - page.y0 < MARGIN * page.height() => Some(Kind::Header),
        true if page.y1 - middle.y < margin => Some(Kind::Footer),
        _ => None,
    }
}

fn is_heading(lines: &[Line], label: Option<Label>, body: &BodyStyle) -> Option<Evidence> {
    if !may_be_heading(lines) {
        return None;
    }
    let size = size_of(lines);
    let labelled = label == Some(Label::Title);
    if is_read(lines) {
        let large = label.is_none() && size > 1.6 * body.size && lines.len() <= 2;
        return labelled.then_some(Evidence::Region).or(large.then_some(Evidence::Size));
    }
    let larger = size > HEADING_SIZE * body.size;
    let bolder = !body.bold && lines.iter().all(is_bold);
    let small = size < NOTE_SIZE * body.size;
    let sentence = lines.last().is_some_and(|l| l.text().ends_with(['.', ',', ';']));
    match () {
        _ if larger => Some(Evidence::Size),
        _ if bolder && !small && !sentence && lines.len() <= 2 => Some(Evidence::Weight),
        _ if labelled && !small && !sentence => Some(Evidence::Region),
        _ => None,
    }
}

/// Short enough, and with letters in it.
pub(in crate::steps) fn may_be_heading(lines: &[Line]) -> bool {
    let length: usize = lines.iter().map(|l| l.text().chars().count()).sum();
    let letters = lines.iter().any(|l| l.text().chars().filter(|c| c.is_alphabetic()).count() >= 2);
    lines.len() <= HEADING_LINES && length <= HEADING_LENGTH && letters
}

/// The largest of the lines' sizes, points.
pub(in crate::steps) fn size_of(lines: &[Line]) -> f32 {
    lines.iter().map(|line| small_capitals(line).unwrap_or(line.size())).fold(0.0, f32::max)
}

/// The size of the large capitals of a line that is set in capitals of two sizes on one baseline: small ones stand for
/// small letters.
fn small_capitals(line: &Line) -> Option<f32> {
    let has = |s: &Span, of: fn(char) -> bool| s.text.chars().any(of);
    if line.spans.len() < 2 || line.spans.iter().any(|s| has(s, char::is_lowercase)) {
        return None;
    }
    let lettered = || line.spans.iter().filter(|s| has(s, char::is_uppercase));
    let baseline = lettered().next()?.baseline;
    let size = lettered().map(|s| s.size).fold(0.0, f32::max);
    lettered().all(|s| (s.baseline - baseline).abs() < 0.05 * size).then_some(size)
}

/// Whether nearly all is set in fixed pitch.
pub(super) fn is_code<'a>(lines: impl IntoIterator<Item = &'a Line>) -> bool {
    let (mut fixed, mut all) = (0, 0);
    for span in lines.into_iter().flat_map(|l| &l.spans) {
        all += span.text.len();
        fixed += if span.style.monospace { span.text.len() } else { 0 };
    }
    all > 0 && fixed as f32 >= CODE_SHARE * all as f32
}

/// Small text in the lower half of the page that begins with a mark, or stands under another note.
fn is_footnote(lines: &[Line], body: &BodyStyle, page: &Rect) -> bool {
    let low = lines.first().is_some_and(|l| l.rect.y0 > page.y0 + 0.5 * page.height());
    low && lines.first().is_some_and(starts_with_note_mark) && size_of(lines) <= NOTE_SIZE * body.size
}

const NOTE_SIGNS: &str = "*∗†‡§¶‖#⋆★";

/// Whether a line begins as a footnote does: with a sign, a raised number or letter, or a number that the text follows.
fn starts_with_note_mark(line: &Line) -> bool {
    let Some(first) = line.spans.first() else { return false };
    let raised = line
        .spans
        .get(1)
        .is_some_and(|next| first.size < 0.9 * next.size && first.baseline < next.baseline - 0.1 * next.size);
    if raised && first.text.chars().count() <= 3 && !first.text.contains(' ') {
        return true;
    }
    let text = line.text();
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || NOTE_SIGNS.contains(c));
    let mark = &text[..text.len() - rest.len()];
    let signs = mark.chars().count();
    match mark.chars().all(|c| c.is_ascii_digit()) {
        true => (1..=3).contains(&signs) && rest.trim_start().starts_with(char::is_alphabetic),
        false => signs <= 3 && !rest.trim().is_empty(),
    }
}

/// What a footnote's text begins with.
pub(super) fn note_marker<'a>(text: &'a str, marks: &[Mark]) -> Option<&'a str> {
    let raised = marks.iter().find(|m| m.start == 0 && m.kind == MarkKind::Superscript && m.end <= 6);
    if let Some(mark) = raised {
        return text.get(..mark.end);
    }
    let length = text.find(|c: char| !(c.is_ascii_digit() || NOTE_SIGNS.contains(c))).unwrap_or(text.len());
    (length > 0 && length <= 6).then(|| &text[..length])
}

/// The bullet, number or letter that a list item begins with.
pub(in crate::steps) fn list_marker(text: &str) -> Option<&str> {
    starts_list_item(text).then(|| text.split(' ').next().unwrap_or(text))
}

/// Whether most of the line is set bold.
pub(in crate::steps) fn is_bold(line: &Line) -> bool {
    let (mut bold, mut all) = (0, 0);
    for span in &line.spans {
        all += span.text.len();
        bold += if span.style.bold { span.text.len() } else { 0 };
    }
    2 * bold > all
}

/// A bullet, a dash, or a number or letter with its point or parenthesis, followed by text.
pub(in crate::steps) fn starts_list_item(text: &str) -> bool {
    let Some((marker, rest)) = text.split_once(' ') else { return is_bullet(text) };
    !rest.is_empty() && (is_bullet(marker) || is_enumerator(marker))
}

/// A bullet or dash alone, or before text.
pub(in crate::steps) fn starts_with_bullet(text: &str) -> bool {
    is_bullet(text.split(' ').next().unwrap_or(text))
}

fn is_bullet(marker: &str) -> bool {
    let mut chars = marker.chars();
    matches!((chars.next(), chars.next()), (Some(c), None) if "•◦▪▫■□●○‣⁃∙·–—-*➢➤✓✔►".contains(c))
}

/// `3.`, `3)`, `(3)`, `a)`, `(iv)`, but no year, no initial and no `1.2`.
fn is_enumerator(marker: &str) -> bool {
    let body = counter(marker);
    let closed = marker.ends_with(')') || marker.ends_with('.');
    let digits = body.len() <= 2 && body.chars().all(|c| c.is_ascii_digit());
    let letter = body.len() == 1 && body.chars().all(|c| c.is_ascii_lowercase());
    let roman = body.len() <= 4 && body.chars().all(|c| "ivx".contains(c));
    closed && !body.is_empty() && (digits || ((letter || roman) && marker.ends_with(')')))
}

/// A marker's number or letter.
fn counter(marker: &str) -> &str {
    marker.trim_start_matches('(').trim_end_matches([')', '.'])
}

/// Whether a line's number or letter begins a list, or goes on one whose last item is `before`: `(n)` within a sentence does
/// neither. Bullets always do.
pub(in crate::steps) fn counts_on(text: &str, before: &str) -> bool {
    let Some(own) = list_marker(text).filter(|m| !is_bullet(m)).map(counter) else { return true };
    matches!(own, "0" | "1" | "a" | "i")
        || list_marker(before).is_some_and(|last| follows(counter(last), own))
}

/// `b` after `a`, `4` after `3`, `iv` after `iii`.
fn follows(last: &str, next: &str) -> bool {
    const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    let place = |numeral: &str| ROMAN.iter().position(|r| *r == numeral);
    let letter = |text: &str| text.bytes().next().filter(|_| text.len() == 1);
    let by_one = |a: Option<usize>, b: Option<usize>| a.zip(b).is_some_and(|(a, b)| b == a + 1);
    by_one(last.parse().ok(), next.parse().ok())
        || by_one(place(last), place(next))
        || by_one(letter(last).map(usize::from), letter(next).map(usize::from))
}

/// `[12] `: an entry of a bibliography.
pub(in crate::steps) fn starts_reference(text: &str) -> bool {
    let entry = text.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    entry.is_some_and(|(number, _)| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

/// `(a) Text`, `b) Text`: names a part of a float.
pub(in crate::steps) fn starts_subcaption(text: &str) -> bool {
    let Some((mark, rest)) = text.split_once(' ') else { return false };
    let letter = mark.trim_start_matches('(').trim_end_matches(')');
    let marked =
        mark.ends_with(')') && letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_lowercase());
    marked && rest.chars().any(char::is_alphabetic)
}

/// Of a line's height. `(a) Text` no farther from a figure names a part of it, and is no list.
const BESIDE_PART: f32 = 2.5;

/// Whether a line names a part of one of `figures`: it says so, and stands in or near it.
pub(in crate::steps) fn names_part(text: &str, line: &Rect, figures: &[Rect]) -> bool {
    let is_near = |figure: &Rect| {
        let near = figure.inflate(BESIDE_PART * line.height());
        line.overlap_x(figure) > 0.0 && line.overlap_y(&near) > 0.0
    };
    starts_subcaption(text) && figures.iter().any(is_near)
}

/// Words. A line of fewer is no sentence's.
const PROSE_WORDS: usize = 5;

/// Whether a line reads like a sentence's: enough words, most of them of three letters or more.
pub(in crate::steps) fn is_prose(line: &Line) -> bool {
    let text = line.text();
    let ideographs = text.chars().filter(|&c| is_ideograph(c)).count();
    if 2 * ideographs > text.chars().count() {
        return ideographs >= 2 * PROSE_WORDS;
    }
    let (mut words, mut long) = (0, 0);
    for word in text.split_whitespace() {
        words += 1;
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        long += usize::from(
            bare.chars().count() >= 3 && bare.chars().all(|c| c.is_alphabetic() || "-'’".contains(c)),
        );
    }
    words >= PROSE_WORDS && 2 * long >= words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{
        drawing::{Drawing, draw},
        text,
    };

    #[test]
    fn markers_of_list_items() {
        for text in ["• one", "- two", "3. three", "(b) four", "iv) five"] {
            assert!(starts_list_item(text), "{text}");
        }
        for text in ["2019. That year", "A. Smith", "1.2 Methods", "word", "e.g. this"] {
            assert!(!starts_list_item(text), "{text}");
        }
    }

    #[test]
    fn small_capitals_have_the_size_of_the_large_ones() {
        let sized = |page: Drawing| size_of(&text::lines(&text::spans(&page.page())));
        assert_eq!(sized(draw().size(10.0).text(72.0, 90.0, "T").size(8.0).text(77.0, 90.0, "HEOREM")), 10.0);
        assert_eq!(sized(draw().size(10.0).text(72.0, 90.0, "T").size(8.0).text(77.0, 90.0, "heorem")), 8.0);
    }

    #[test]
    fn letters_within_a_sentence_count_on_no_list() {
        for (text, before) in [
            ("(a) one", "text"),
            ("(c) three", "(b) two"),
            ("4. four", "3. three"),
            ("iv) four", "iii) three"),
        ] {
            assert!(counts_on(text, before), "{text}");
        }
        assert!(counts_on("• one", "text"));
        for (text, before) in
            [("(n) to be", "a function of"), ("(d) four", "(b) two"), ("5. five", "3. three")]
        {
            assert!(!counts_on(text, before), "{text}");
        }
    }

    #[test]
    fn entries_of_a_bibliography_are_numbered_in_brackets() {
        assert!(starts_reference("[46] E. van Loon, Plasmons"));
        assert!(!starts_reference("[Figure] text") && !starts_reference("46 text"));
    }
}
