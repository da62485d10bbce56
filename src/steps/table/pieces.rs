//! Words of a table by rows of text, and pieces: words of one row between which
//! no column ends.

use super::{Sheet, columns::Bound};
use crate::{
    content::{Line, Word},
    geometry::{Rect, Turn},
    steps::wording::is_missing_mark,
};

/// Of the font size. Capitals stand this high over the baseline.
const CAPITALS: f32 = 0.7;
/// Of the font size. Baselines that differ by less are one row's.
const SAME_ROW: f32 = 0.4;

/// A word with what its line knows of it.
#[derive(Clone, Debug)]
pub(super) struct Ink {
    pub(super) rect: Rect,
    pub(super) text: String,
    /// Of its line, points.
    pub(super) size: f32,
    /// Of its line, points from the top.
    pub(super) baseline: f32,
    pub(super) confidence: f32,
}

/// The words that stand in `area`, line by line. A line that runs upwards or downwards is one word.
pub(super) fn within(sheet: &Sheet, area: &Rect) -> Vec<Ink> {
    let near = sheet.lines.iter().filter(|l| l.rect.overlap_area(area) > 0.0);
    near.flat_map(|line| if line.turn() == Turn::None { words(line, area) } else { turned(line, area) })
        .collect()
}

fn words(line: &Line, area: &Rect) -> Vec<Ink> {
    let longest = line.spans.iter().max_by_key(|s| s.text.len());
    let (size, baseline) = longest.map_or((1.0, line.rect.y1), |s| (s.size.max(1.0), s.baseline));
    let inside = without_leaders(line.words(), size).into_iter().filter(|w| area.contains(w.rect.center()));
    inside.map(|w| Ink { rect: w.rect, text: w.text, size, baseline, confidence: w.confidence }).collect()
}

fn turned(line: &Line, area: &Rect) -> Vec<Ink> {
    let (size, middle) = (line.size().max(1.0), line.rect.center());
    let ink = Ink {
        rect: line.rect,
        text: line.text(),
        size,
        baseline: middle.y + 0.5 * CAPITALS * size,
        confidence: line.confidence(),
    };
    if area.contains(middle) { vec![ink] } else { Vec::new() }
}

/// Dots. More in a row lead from a label to its figures.
const LEADER: usize = 4;
/// Of the font size. Leaders begin no farther behind their label; dots that do are a cell's text.
const LEADER_GAP: f32 = 1.0;

fn is_dots(text: &str) -> bool {
    text.chars().all(|c| c == '.')
}

/// The words of a line, without dots that lead from one to the next.
fn without_leaders(words: Vec<Word>, size: f32) -> Vec<Word> {
    let dotted = words.iter().filter(|w| is_dots(&w.text)).count() >= LEADER;
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let follows = kept.last().is_some_and(|w| word.rect.x0 - w.rect.x1 < LEADER_GAP * size);
        let leads = is_dots(&word.text) && (dotted || follows && word.text.len() >= LEADER);
        if !leads {
            kept.push(without_leader(word));
        }
    }
    kept
}

/// A label without the dots set close behind it.
fn without_leader(mut word: Word) -> Word {
    let label = word.text.trim_end_matches('.').len();
    let dots = word.text.len() - label;
    if dots >= LEADER && word.text[..label].contains(char::is_alphanumeric) {
        word.rect.x1 = word.rect.x0 + word.rect.width() * label as f32 / word.text.len() as f32;
        word.text.truncate(label);
    }
    word
}

/// Words on one baseline, from the left.
#[derive(Clone, Debug)]
pub(super) struct TextRow {
    pub(super) baseline: f32,
    pub(super) size: f32,
    pub(super) inks: Vec<Ink>,
}

impl TextRow {
    /// The height of the row without what hangs over, from the cap line to the baseline.
    pub(super) fn band(&self) -> (f32, f32) {
        band(self.baseline, self.size)
    }

    pub(super) fn middle(&self) -> f32 {
        self.baseline - 0.5 * CAPITALS * self.size
    }
}

fn band(baseline: f32, size: f32) -> (f32, f32) {
    (baseline - CAPITALS * size, baseline)
}

/// Rows of text from the top.
pub(super) fn rows(mut inks: Vec<Ink>) -> Vec<TextRow> {
    inks.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    let mut rows: Vec<TextRow> = Vec::new();
    for ink in inks {
        let same = |row: &&mut TextRow| ink.baseline - row.baseline < SAME_ROW * ink.size.min(row.size);
        match rows.last_mut().filter(same) {
            Some(row) => {
                row.size = row.size.max(ink.size);
                row.inks.push(ink);
            }
            None => rows.push(TextRow { baseline: ink.baseline, size: ink.size, inks: vec![ink] }),
        }
    }
    rows.iter_mut().for_each(|row| row.inks.sort_by(|a, b| a.rect.x0.total_cmp(&b.rect.x0)));
    rows
}

/// The size of most words.
pub(super) fn usual_size(rows: &[TextRow]) -> f32 {
    let mut sizes: Vec<f32> = rows.iter().flat_map(|r| &r.inks).map(|i| i.size).collect();
    sizes.sort_by(f32::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(10.0)
}

/// Words of one row that one cell holds, or that run over several columns.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) rect: Rect,
    pub(super) text: String,
    pub(super) size: f32,
    pub(super) baseline: f32,
    pub(super) confidence: f32,
    /// Index of its row of text.
    pub(super) row: usize,
    /// First and last column that it stands in.
    pub(super) columns: (usize, usize),
    /// Points that its first word takes.
    pub(super) first_word: f32,
}

impl Piece {
    /// As [`TextRow::band`].
    pub(super) fn band(&self) -> (f32, f32) {
        band(self.baseline, self.size)
    }
}

/// Cuts a row where columns part it. `bounds` are the columns' edges inside the table, each with the white space around.
pub(super) fn cut(row: &TextRow, number: usize, bounds: &[Bound]) -> Vec<Piece> {
    let mut pieces: Vec<Vec<&Ink>> = Vec::new();
    for ink in &row.inks {
        let joins = |group: &&mut Vec<&Ink>| {
            let last = group[group.len() - 1];
            !bounds.iter().any(|b| b.parts(&last.rect, &ink.rect, row))
        };
        match pieces.last_mut().filter(joins) {
            Some(group) => group.push(ink),
            None => pieces.push(vec![ink]),
        }
    }
    pieces.iter().map(|inks| piece(inks, number, bounds)).collect()
}

fn piece(inks: &[&Ink], row: usize, bounds: &[Bound]) -> Piece {
    let rect = Rect::around_all(inks.iter().map(|i| &i.rect)).unwrap_or_default();
    let texts: Vec<&str> = inks.iter().map(|i| i.text.as_str()).collect();
    // A word that only reaches a little over an edge stands where its middle is.
    let slack = 0.2 * rect.width().min(inks[0].size * 2.0);
    let column = |x: f32| bounds.iter().filter(|b| b.at < x).count();
    Piece {
        rect,
        text: texts.join(" "),
        size: inks[0].size,
        baseline: inks[0].baseline,
        confidence: inks.iter().map(|i| i.confidence).fold(1.0, f32::min),
        row,
        columns: (column(rect.x0 + slack), column(rect.x1 - slack)),
        first_word: inks[0].rect.width(),
    }
}

/// Digits and the signs that stand with them: figures, which do not wrap.
pub(super) fn is_figure(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    digits > 0 && letters <= 1 || is_missing_mark(text)
}
