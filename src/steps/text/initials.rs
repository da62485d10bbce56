//! Initials that hang down beside several lines: each belongs to the first of them.

use std::collections::HashMap;

use super::Place;
use crate::{
    content::{Line, Span},
    geometry::median,
};

/// Times the size of the text beside it, at least.
const LARGER: f32 = 1.6;
/// A page of more large letters is a puzzle or a chart.
const MOST: usize = 200;
/// Bytes of a letter in quotes.
const LONGEST: usize = 10;
/// Of the initial's size. The lines beside it begin no farther from it.
const BESIDE: f32 = 0.3;
/// Of the text's size. Two lines' baselines are no nearer.
const LEADING: f32 = 0.7;

/// For each span that is an initial, the span that it begins.
pub(super) fn of(spans: &[Span], places: &[Place]) -> HashMap<usize, usize> {
    let letters: Vec<usize> = (0..spans.len()).filter(|&i| is_letter(&spans[i].text)).collect();
    if letters.is_empty() {
        return HashMap::new();
    }
    let usual = median(&mut places.iter().map(|p| p.size).collect::<Vec<_>>()).unwrap_or(0.0);
    let large = letters.into_iter().filter(|&i| places[i].size >= LARGER * usual);
    large.take(MOST).filter_map(|i| Some((i, begun_by(&places[i], places)?))).collect()
}

/// Whether a span can be the initial of the text after it.
pub(super) fn is_initial(span: &Span, text: &Span) -> bool {
    span.size >= LARGER * text.size && is_letter(&span.text)
}

/// Whether an initial that hangs down begins a line.
pub(in crate::steps) fn starts_with_initial(line: &Line) -> bool {
    matches!(line.spans.as_slice(), [first, next, ..] if is_initial(first, next) && first.rect.y1 > line.rect.y1)
}

/// Whether `line` stands beside the initial that begins `first`.
pub(in crate::steps) fn hangs_beside(first: &Line, line: &Line) -> bool {
    starts_with_initial(first) && line.rect.center().y < first.spans[0].rect.y1
}

/// Whether a text is one letter, quoted or not.
fn is_letter(text: &str) -> bool {
    // Longer texts are most, and words.
    if text.len() > LONGEST {
        return false;
    }
    let mut letters = text.chars().filter(|c| !"\"'“”„‘’«»".contains(*c));
    matches!((letters.next(), letters.next()), (Some(c), None) if c.is_uppercase())
}

/// The first of two or more lines beside an initial, by their spans.
fn begun_by(initial: &Place, places: &[Place]) -> Option<usize> {
    let beside = |p: &Place| {
        let gap = p.x0 - initial.x1;
        let level = p.baseline > initial.y0 && p.baseline <= initial.baseline + 0.1 * initial.size;
        p.turn == initial.turn
            && LARGER * p.size <= initial.size
            && gap.abs() < BESIDE * initial.size
            && level
    };
    let lines = || places.iter().enumerate().filter(|(_, p)| beside(p));
    let (first, top) = lines().min_by(|(_, a), (_, b)| a.baseline.total_cmp(&b.baseline))?;
    let deeper = |p: &Place| p.baseline - top.baseline > LEADING * top.size;
    lines().any(|(_, p)| deeper(p)).then_some(first)
}

#[cfg(test)]
mod tests {
    use crate::steps::{
        drawing::{Drawing, draw},
        text::{lines, spans},
    };

    fn read(drawing: Drawing) -> Vec<String> {
        lines(&spans(&drawing.page())).iter().map(|l| l.text()).collect()
    }

    #[test]
    fn an_initial_begins_the_first_of_the_lines_beside_it() {
        let page = draw().size(24.0).text(72.0, 112.0, "T").size(10.0);
        let page = page
            .text(84.5, 100.0, "his is a line")
            .text(84.5, 112.0, "and another")
            .text(72.0, 124.0, "below");
        assert_eq!(read(page), ["This is a line", "and another", "below"]);
    }

    #[test]
    fn an_initial_that_is_a_word_stands_apart() {
        let page = draw().size(24.0).text(72.0, 112.0, "A").size(10.0);
        assert_eq!(read(page.text(87.0, 100.0, "line").text(87.0, 112.0, "more")), ["A line", "more"]);
    }

    #[test]
    fn a_large_letter_beside_one_line_is_part_of_it() {
        let page = draw().size(24.0).text(72.0, 112.0, "T").size(10.0).text(84.5, 112.0, "his is a line");
        assert_eq!(read(page.text(72.0, 140.0, "below")), ["This is a line", "below"]);
    }
}
