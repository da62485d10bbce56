//! Line numbers, as manuscripts and laws have them in the margin.

use super::kind;
use crate::{
    content::{Line, Span},
    geometry::{Rect, Turn},
};

/// Numbers. Fewer in a column are no count of lines of prose, and of program text.
const FEWEST: usize = 6;
const FEWEST_IN_CODE: usize = 3;
/// Points. Numbers of one column end, or begin, this near to each other.
const SAME_EDGE: f32 = 3.0;
/// Of the font size. White space between a line's number and its text.
const APART: f32 = 0.6;

/// The lines without the numbers that count them, and those numbers as lines of their own.
pub(super) fn apart(lines: Vec<Line>) -> (Vec<Line>, Vec<Line>) {
    let numbers: Vec<(usize, Rect, u32)> =
        lines.iter().enumerate().filter_map(|(i, l)| leading(l).map(|(rect, n)| (i, rect, n))).collect();
    let counting = counting(&numbers, &lines);
    if counting.is_empty() {
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
        if !matches!(first, 1 | 5) || 10 * even < 9 * (column.len() - 1) {
            continue;
        }
        let outside = column.iter().all(|(i, r, _)| {
            lines.iter().enumerate().all(|(j, l)| {
                j == *i || l.rect.overlap_y(r) < 0.5 * r.height() || l.rect.x0 > r.x1 || l.rect.x1 < r.x0
            })
        });
        let left = column.iter().filter(|(i, r, _)| beyond(*i, r, lines, |l, r| l.x0 >= r.x1)).count();
        let right = column.iter().filter(|(i, r, _)| beyond(*i, r, lines, |l, r| l.x1 <= r.x0)).count();
        let of =
            |reads: fn(&Line) -> bool| column.iter().filter(|(i, r, _)| counts(*i, r, lines, reads)).count();
        let prose = column.len() >= FEWEST && 2 * of(kind::is_prose) >= column.len();
        let code = column.len() >= FEWEST_IN_CODE && of(|l| kind::is_code([l])) == column.len();
        if (prose || code) && outside && left.max(right) == column.len() {
            best = column.iter().map(|(i, ..)| *i).collect();
        }
    }
    best
}

/// Whether what a number stands beside `reads` like text: years and ranks stand beside cells.
fn counts(number: usize, rect: &Rect, lines: &[Line], reads: fn(&Line) -> bool) -> bool {
    let beside = |l: &Line| l.rect.overlap_y(rect) > 0.3 * rect.height();
    let rest = Line { rect: lines[number].rect, spans: lines[number].spans[1..].to_vec() };
    !rest.spans.is_empty() && reads(&rest)
        || lines.iter().enumerate().any(|(j, l)| j != number && beside(l) && reads(l))
}

/// Whether all text beside a number stands on one side of it.
fn beyond(number: usize, rect: &Rect, lines: &[Line], side: fn(&Rect, &Rect) -> bool) -> bool {
    let beside = |(j, l): &(usize, &Line)| *j != number && l.rect.overlap_y(rect) > 0.3 * rect.height();
    lines.iter().enumerate().filter(beside).all(|(_, l)| side(&l.rect, rect))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::{
        drawing::{Drawing, draw},
        text,
    };

    /// The texts of a page of eight rows, and the line numbers apart from them.
    fn read(row: fn(Drawing, usize, f32) -> Drawing) -> (Vec<String>, Vec<String>) {
        let page = (1..=8).fold(draw(), |page, n| row(page, n, 100.0 + 12.0 * n as f32)).page();
        let texts = |lines: Vec<Line>| lines.iter().map(Line::text).collect();
        let (text, numbers) = apart(text::lines(&text::spans(&page)));
        (texts(text), texts(numbers))
    }

    #[test]
    fn line_numbers_stand_apart() {
        let (text, numbers) =
            read(|page, n, y| page.text(50.0, y, &n.to_string()).text(72.0, y, "a line of the law"));
        assert_eq!(text, vec!["a line of the law"; 8]);
        assert_eq!(numbers, ["1", "2", "3", "4", "5", "6", "7", "8"]);
    }

    #[test]
    fn every_fifth_line_may_be_counted() {
        let row = |page: Drawing, n: usize, y: f32| {
            page.text(72.0, y, "a verse of several longer words").text(500.0, y, &(100 + 5 * n).to_string())
        };
        assert_eq!(read(row).1, ["105", "110", "115", "120", "125", "130", "135", "140"]);
    }

    #[test]
    fn a_column_that_counts_inside_a_table_stays() {
        let row = |page: Drawing, n: usize, y: f32| {
            page.text(72.0, y, "name").text(200.0, y, &n.to_string()).text(300.0, y, "4.5")
        };
        assert_eq!(read(row).1, Vec::<String>::new());
    }

    #[test]
    fn a_short_listing_may_be_counted() {
        let listing = |count: usize| {
            let line = |page: Drawing, n: usize| {
                let y = 100.0 + 12.0 * n as f32;
                page.font(0).text(50.0, y, &n.to_string()).font(1).text(72.0, y, "let x = y;")
            };
            let mut page = (1..=count).fold(draw(), line).page();
            page.fonts[1].fixed_pitch = true;
            apart(text::lines(&text::spans(&page))).1.len()
        };
        assert_eq!((listing(2), listing(4)), (0, 4));
    }

    #[test]
    fn numbers_that_do_not_count_stay() {
        let row = |page: Drawing, n: usize, y: f32| {
            page.text(50.0, y, &(n * n % 7).to_string()).text(72.0, y, "value")
        };
        assert_eq!(read(row).1, Vec::<String>::new());
    }

    #[test]
    fn the_numbers_of_a_list_stay_with_its_items() {
        let (text, numbers) = read(|page, n, y| page.text(72.0, y, &format!("{n} item")));
        assert_eq!((text[7].as_str(), numbers.len()), ("8 item", 0));
    }
}
