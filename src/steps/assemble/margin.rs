//! Line numbers, as manuscripts and laws have them in the margin.

use super::kind;
use crate::{
    content::{Line, Span},
    geometry::{Rect, Turn},
};

/// Numbers. Fewer in a column are no count of lines.
const FEWEST: usize = 6;
/// Points. Numbers of one column end, or begin, this near to each other.
const SAME_EDGE: f32 = 3.0;
/// Of the font size. White space between a line's number and its text.
const APART: f32 = 0.6;

/// The lines without the numbers that count them, and those numbers as lines of their own.
pub(super) fn apart(lines: Vec<Line>) -> (Vec<Line>, Vec<Line>) {
    let numbers: Vec<(usize, Rect, u32)> =
        lines.iter().enumerate().filter_map(|(i, l)| leading(l).map(|(rect, n)| (i, rect, n))).collect();
    let counting = counting(&numbers, &lines);
    if counting.len() < FEWEST {
        return (lines, Vec::new());
    }
    let (mut text, mut margin) = (Vec::new(), Vec::new());
    for (i, mut line) in lines.into_iter().enumerate() {
        if !counting.contains(&i) {
            text.push(line);
            continue;
        }
        let rest: Vec<Span> = line.spans.split_off(1);
        line.rect = line.spans[0].rect;
        margin.push(line);
        if let Some(rect) = Rect::around_all(rest.iter().map(|s| &s.rect)) {
            text.push(Line { rect, spans: rest });
        }
    }
    (text, margin)
}

/// The number that is or begins a line, apart from what follows.
fn leading(line: &Line) -> Option<(Rect, u32)> {
    let first = line.spans.first().filter(|s| s.turn == Turn::None)?;
    let number = first.text.parse().ok().filter(|_| first.text.len() <= 4)?;
    let apart = line.spans.get(1).is_none_or(|next| next.rect.x0 - first.rect.x1 > APART * first.size);
    apart.then_some((first.rect, number))
}

/// Those that stand in one column left or right of all text beside them and count upward by one step.
fn counting(numbers: &[(usize, Rect, u32)], lines: &[Line]) -> Vec<usize> {
    let mut best: Vec<usize> = Vec::new();
    for (_, rect, _) in numbers {
        let edge = |r: &Rect| (r.x1 - rect.x1).abs() < SAME_EDGE || (r.x0 - rect.x0).abs() < SAME_EDGE;
        let mut column: Vec<_> = numbers.iter().filter(|(_, r, _)| edge(r)).collect();
        if column.len() <= best.len() {
            continue;
        }
        column.sort_by(|a, b| a.1.y0.total_cmp(&b.1.y0));
        let step = |pair: &[&(usize, Rect, u32)]| i64::from(pair[1].2) - i64::from(pair[0].2);
        let first = column.windows(2).map(step).min().unwrap_or(0);
        let even = column.windows(2).filter(|pair| step(pair) == first).count();
        let outside = column.iter().all(|(i, r, _)| {
            lines.iter().enumerate().all(|(j, l)| {
                j == *i || l.rect.overlap_y(r) < 0.5 * r.height() || l.rect.x0 > r.x1 || l.rect.x1 < r.x0
            })
        });
        let left = column.iter().filter(|(i, r, _)| beyond(*i, r, lines, |l, r| l.x0 >= r.x1)).count();
        let right = column.iter().filter(|(i, r, _)| beyond(*i, r, lines, |l, r| l.x1 <= r.x0)).count();
        let read = column.iter().filter(|(i, r, _)| counts_prose(*i, r, lines)).count();
        if 2 * read >= column.len()
            && matches!(first, 1 | 5)
            && 10 * even >= 9 * (column.len() - 1)
            && outside
            && left.max(right) == column.len()
        {
            best = column.iter().map(|(i, ..)| *i).collect();
        }
    }
    best
}

/// Whether a number stands beside a sentence's line: years and ranks stand beside cells.
fn counts_prose(number: usize, rect: &Rect, lines: &[Line]) -> bool {
    let beside = |l: &Line| l.rect.overlap_y(rect) > 0.3 * rect.height();
    let own = &lines[number];
    own.spans.len() > 1 && kind::is_prose(own)
        || lines.iter().enumerate().any(|(j, l)| j != number && beside(l) && kind::is_prose(l))
}

/// Whether all text beside a number stands on one side of it.
fn beyond(number: usize, rect: &Rect, lines: &[Line], side: fn(&Rect, &Rect) -> bool) -> bool {
    let beside = |(j, l): &(usize, &Line)| *j != number && l.rect.overlap_y(rect) > 0.3 * rect.height();
    lines.iter().enumerate().filter(beside).all(|(_, l)| side(&l.rect, rect))
}
