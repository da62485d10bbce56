//! Ordered items to blocks: where one ends and the next begins.

use std::collections::BTreeMap;

use super::{Item, Shape};
use crate::{
    content::{Label, Line, Region, Source, Tag},
    geometry::{Rect, median},
    steps::{
        assemble::kind::{self, starts_list_item},
        text, wording,
    },
};

/// Of a line's height. Lines of one paragraph are set no farther apart than this.
const PARAGRAPH_GAP: f32 = 0.75;
/// Of a line's height. White space above this between lines divides paragraphs in any document.
const WIDEST_LEADING: f32 = 1.6;
/// A page with fewer lines below one another says nothing of its spacing.
const FEWEST_GAPS: usize = 12;
/// Share of the larger font size. A larger difference is another kind of text.
const SAME_SIZE: f32 = 0.12;
/// Of the font size. Lines on one row that stand farther apart are two texts.
const BESIDE: f32 = 4.0;
/// Of the font size. A first line that is set in by this much starts a paragraph.
const INDENT: f32 = 0.8;
/// Share of the block's width. A line that ends this far short of the edge ends its paragraph.
const SHORT_LINE: f32 = 0.2;

/// A block being gathered: lines by index.
pub(super) struct Draft {
    pub(super) rect: Rect,
    pub(super) lines: Vec<usize>,
    pub(super) region: Option<usize>,
    /// A table, figure, formula or framed listing: its own box counts.
    pub(super) whole: bool,
}

/// What most of the page's text looks like.
pub(in crate::steps) struct BodyStyle {
    /// Points.
    pub(in crate::steps) size: f32,
    pub(in crate::steps) bold: bool,
    pub(in crate::steps) sans: bool,
}

/// Share of a page's characters that a size needs to be the body's. Long footnotes can outweigh a short body, so
/// the largest size of this weight counts, not the commonest.
const BODY_SHARE: f32 = 0.25;

impl BodyStyle {
    pub(in crate::steps) fn of<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Self {
        // By half points: sizes within one text vary by rounding.
        let mut weight: BTreeMap<i32, usize> = BTreeMap::new();
        let (mut bold, mut sans, mut all) = (0, 0, 0);
        for span in lines.into_iter().flat_map(|l| &l.spans) {
            *weight.entry((span.size * 2.0).round() as i32).or_default() += span.text.len();
            all += span.text.len();
            bold += if span.style.bold { span.text.len() } else { 0 };
            sans += if span.style.sans { span.text.len() } else { 0 };
        }
        let heavy = weight.iter().rev().find(|&(_, &n)| n as f32 >= BODY_SHARE * all as f32);
        let size = heavy
            .or_else(|| weight.iter().max_by_key(|&(_, &n)| n))
            .map_or(0.0, |(&size, _)| size as f32 / 2.0);
        Self { size, bold: 2 * bold > all, sans: 2 * sans > all }
    }
}

/// Cuts the ordered items into blocks.
///
/// Two structure elements of `tags` are never one block.
pub(super) fn group(
    order: &[usize],
    items: &[Item],
    lines: &[Line],
    regions: &[Region],
    tags: &[Tag],
) -> Vec<Draft> {
    let element = |line: usize| Some(tags.get(usize::from(lines[line].tag()?))?.element);
    let mut drafts: Vec<Draft> = Vec::new();
    let leading = leading(order, items);
    for item in order.iter().map(|&i| &items[i]) {
        let whole = item.shape != Shape::Line;
        if let (false, Some(draft), Some(&next)) = (whole, drafts.last_mut(), item.lines.first())
            && !draft.whole
            && draft.lines.last().is_some_and(|&last| element(last) == element(next))
            && continues(draft, next, item.region, lines, regions, leading)
        {
            draft.lines.push(next);
            draft.rect = draft.rect.union(&item.rect);
            continue;
        }
        drafts.push(Draft { rect: item.rect, lines: item.lines.clone(), region: item.region, whole });
    }
    drafts
}

/// Whether a line goes on with the block that is being gathered.
fn continues(
    draft: &Draft,
    next: usize,
    region: Option<usize>,
    lines: &[Line],
    regions: &[Region],
    leading: f32,
) -> bool {
    let Some(&last) = draft.lines.last() else { return false };
    let (last, next) = (&lines[last], &lines[next]);
    let label = |r: Option<usize>| r.map(|r| regions[r].label);
    if last.turn() != next.turn() || !same_label(label(draft.region), label(region)) {
        return false;
    }
    if last.rect.shares_row(&next.rect) {
        let gap = next.rect.x0 - last.rect.x1;
        // An entry of a table of contents keeps its page number.
        let number = next.text().len() <= 4 && next.text().chars().all(|c| c.is_ascii_digit());
        return next.rect.x0 >= last.rect.x0 && (number || gap < BESIDE * last.size().max(1.0));
    }
    !starts_block(draft, last, next, lines)
        && is_below(last, next, leading)
        && looks_alike(last, next)
        && !are_two_titles(last, next, leading)
}

/// Of a line's height. Lines of one title stand no farther apart.
const TITLE_GAP: f32 = 0.45;

/// Whether bold lines under each other are a title each: they begin at one edge, and stand farther apart than the lines of
/// one.
fn are_two_titles(last: &Line, next: &Line, leading: f32) -> bool {
    let height = last.rect.height().min(next.rect.height());
    let gap = next.rect.y0 - last.rect.y1;
    let flush = (last.rect.x0 - next.rect.x0).abs() < 0.1 * height;
    let bold = kind::is_bold(last) && kind::is_bold(next);
    bold && flush && gap > (TITLE_GAP + leading.max(0.0)) * height
}

/// A heading's, caption's or foot's region ends a block; two regions of running
/// text, or text outside any, are left to geometry.
fn same_label(a: Option<Label>, b: Option<Label>) -> bool {
    let plain = |l: Option<Label>| l.is_none_or(|l| l == Label::Text);
    a == b || (plain(a) && plain(b))
}

/// The typical white space between two lines, as a share of their height: about 0 in close text, 1 in a manuscript
/// with double spacing.
fn leading(order: &[usize], items: &[Item]) -> f32 {
    let gap = |pair: &[usize]| {
        let (a, b) = (&items[pair[0]].rect, &items[pair[1]].rect);
        let share = (b.y0 - a.y1) / a.height().min(b.height()).max(0.1);
        (a.overlap_x(b) > 0.5 * a.width().min(b.width()) && (-0.6..WIDEST_LEADING).contains(&share))
            .then_some(share)
    };
    let mut gaps: Vec<f32> = order.windows(2).filter_map(gap).collect();
    if gaps.len() < FEWEST_GAPS { 0.0 } else { median(&mut gaps).unwrap_or(0.0) }
}

fn is_below(last: &Line, next: &Line, leading: f32) -> bool {
    let gap = next.rect.y0 - last.rect.y1;
    let height = last.rect.height().min(next.rect.height());
    let overlap = last.rect.overlap_x(&next.rect);
    gap < PARAGRAPH_GAP.max(leading + 0.25) * height && gap > -0.6 * height && overlap > 0.0
}

fn looks_alike(a: &Line, b: &Line) -> bool {
    let (size_a, size_b) = (a.size(), b.size());
    let from_ocr = [a, b].iter().any(|l| l.source() == Source::Ocr);
    // OCR knows sizes only from heights, which vary with the letters of the line.
    let tolerance = if from_ocr { 3.0 * SAME_SIZE } else { SAME_SIZE };
    let alike = (size_a - size_b).abs() <= tolerance * size_a.max(size_b);
    alike && kind::is_bold(a) == kind::is_bold(b)
}

fn starts_block(draft: &Draft, last: &Line, next: &Line, lines: &[Line]) -> bool {
    let words = next.text();
    let ended = last.text().ends_with(['.', '!', '?', ':', '。', '！', '？']);
    let near = next.rect.y0 - last.rect.y1 < 0.5 * next.rect.height();
    let full = last.rect.x1 > draft.rect.x1 - SHORT_LINE * draft.rect.width();
    // A sentence that speaks of `Figure 3.` or `[12]` can begin a line with it.
    let within = !ended && near && full && looks_alike(last, next);
    let begun = draft.lines.first().map(|&i| lines[i].text()).unwrap_or_default();
    let in_list = kind::starts_reference(&begun);
    let first = draft.lines.first().map_or(last.rect.x0, |&i| lines[i].rect.x0);
    let in_row = starts_list_item(&begun) && (next.rect.x0 - first).abs() < 0.5 * next.size();
    let named = starts_list_item(&words) && (!within || in_row || kind::counts_on(&words, &begun))
        || wording::captioned(&words).is_some() && !within
        || kind::starts_reference(&words) && (in_list || !within);
    if named
        || starts_with_mark(next)
        || text::starts_with_initial(next)
        || starts_section(&words) && draft_is_section(draft, lines)
        || is_short_title(draft, lines, next)
    {
        return true;
    }
    if draft.lines.first().is_some_and(|&i| text::hangs_beside(&lines[i], next)) {
        return false;
    }
    let size = next.size().max(1.0);
    let hanging = starts_list_item(&begun) || next.rect.x0 > first + INDENT * size && draft.lines.len() > 1;
    let left = draft.lines.iter().map(|&i| lines[i].rect.x0).fold(f32::INFINITY, f32::min);
    let begun = draft.lines.first().map_or(last, |&i| &lines[i]);
    if ended && !text::starts_with_initial(begun) && returns_from_hanging(left, last, next) {
        return true;
    }
    let indented = next.rect.x0 > left + INDENT * size && next.rect.x0 < left + 5.0 * size;
    let short = last.rect.x1 < draft.rect.x1 - SHORT_LINE * draft.rect.width();
    (indented && ended && !hanging)
        || (ended && !kind::is_bold(last) && starts_bold(next) && next.rect.x0 <= left + 2.0 * size)
        || (short && ended && next.rect.x0 > left + 0.5 * size)
        || (short && ended && is_justified(draft, lines))
}

/// Whether a line begins at the `left` edge of those before it, of which the last is set in: entries that hang, as in a
/// bibliography.
fn returns_from_hanging(left: f32, last: &Line, next: &Line) -> bool {
    let size = next.size().max(1.0);
    let hangs = (INDENT..5.0).contains(&((last.rect.x0 - left) / size));
    hangs && (next.rect.x0 - left).abs() < 0.3 * size
}

/// Whether all that was gathered is a section's title.
fn draft_is_section(draft: &Draft, lines: &[Line]) -> bool {
    matches!(draft.lines.as_slice(), [one] if starts_section(&lines[*one].text()) || kind::is_bold(&lines[*one]))
}

/// A numbered title alone on a line that is short, although the text after it looks alike.
fn is_short_title(draft: &Draft, lines: &[Line], next: &Line) -> bool {
    let [one] = draft.lines.as_slice() else { return false };
    let (title, text) = (&lines[*one], next.text());
    let room = title.rect.x1 < next.rect.x1 - SHORT_LINE * next.rect.width();
    room && starts_section(&title.text()) && text.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
}

/// A bold start on a line that goes on in the text's own weight: a heading in its paragraph's first line.
fn starts_bold(line: &Line) -> bool {
    line.spans.first().is_some_and(|s| s.style.bold && s.text.chars().count() > 2)
        && !line.spans.iter().all(|s| s.style.bold)
}

/// `2.1 Title`, `B.1 Title`: the number of a section under another.
fn starts_section(text: &str) -> bool {
    let Some((number, title)) = text.split_once(' ') else { return false };
    let Some((first, inner)) = number.trim_end_matches('.').split_once('.') else { return false };
    let counts = |part: &str| !part.is_empty() && part.len() <= 2 && part.chars().all(|c| c.is_ascii_digit());
    let letter = first.len() == 1 && first.chars().all(|c| c.is_ascii_uppercase());
    (letter || counts(first)) && inner.split('.').all(counts) && title.starts_with(char::is_alphabetic)
}

/// A raised number or sign at the start of a line: the mark of a footnote.
fn starts_with_mark(line: &Line) -> bool {
    let [mark, text, ..] = line.spans.as_slice() else { return false };
    let short = mark.text.chars().count() <= 3 && !mark.text.chars().any(char::is_alphabetic);
    short && mark.size < 0.85 * text.size && mark.baseline < text.baseline - 0.15 * text.size
}

/// Lines before the last that all end at the right edge: then a short one ends its paragraph.
fn is_justified(draft: &Draft, lines: &[Line]) -> bool {
    let inner = &draft.lines[..draft.lines.len().saturating_sub(1)];
    let edge = |&&i: &&usize| draft.rect.x1 - lines[i].rect.x1 < 0.5 * lines[i].rect.height();
    inner.len() >= 2 && inner.iter().filter(edge).count() * 5 >= inner.len() * 4
}
