//! Rows that belong to a table but stand outside its rules: titles over a line that parts them from the body, and a body
//! under the title's line that goes on on the next page, or has no line at its foot.

use super::{ALIKE, ROW_GAP, Rows};
use crate::geometry::Rect;

/// Of a line's height. Titles stand no farther above the rule under them.
const TITLE_GAP: f32 = 0.8;
/// Of a line's height. The first row of a body stands no farther below the rule over it.
const BODY_GAP: f32 = 1.2;
/// Rows. Between two rules, more are a body and not titles.
const MOST_TITLES: usize = 3;
/// Points. A row reaches into the rule beside it no farther.
const TOUCH: f32 = 2.0;
/// Of the area's width. A line that stands alone in its row goes on with one cell if it is no wider.
const ONE_CELL: f32 = 0.5;

/// A bare area with the rows outside its rules.
pub(super) fn opened(area: &Rect, others: &[Rect], rows: &Rows) -> Rect {
    let own: Vec<Rect> = rows
        .lines
        .iter()
        .map(|l| l.rect)
        .filter(|r| area.x0 - ALIKE < r.x0 && r.x1 < area.x1 + ALIKE)
        .collect();
    let mut whole = *area;
    if let Some(titles) = titles(area, others, &own) {
        whole.y0 = titles;
    }
    if rows_of(&own, area.y0, area.y1).len() <= MOST_TITLES {
        whole.y1 = body(area, others, &own).unwrap_or(area.y1);
    }
    whole
}

/// The top of the row of titles above the first rule, if one stands there.
fn titles(area: &Rect, others: &[Rect], own: &[Rect]) -> Option<f32> {
    let near = |r: &&Rect| {
        let gap = area.y0 - r.y1;
        -TOUCH < gap && gap < TITLE_GAP * r.height() && r.y0 < area.y0
    };
    let row: Vec<Rect> = own.iter().filter(near).copied().collect();
    let top = row.iter().map(|r| r.y0).reduce(f32::min)?;
    (row.len() >= 2 && !is_ruled_off(others, area, top, area.y0)).then_some(top)
}

/// The foot of the rows that follow the last rule, if they do.
fn body(area: &Rect, others: &[Rect], own: &[Rect]) -> Option<f32> {
    let (mut foot, mut full, mut gap) = (area.y1, 0, BODY_GAP);
    let mut last = None;
    for row in rows_of(own, area.y1 - TOUCH, f32::INFINITY) {
        let rect = Rect::around_all(&row)?;
        let goes_on = row.len() >= 2 || full > 0 && rect.width() < ONE_CELL * area.width();
        let far = rect.y0 - foot > gap * row[0].height();
        if far || !goes_on || is_ruled_off(others, area, area.y1, rect.y1) {
            break;
        }
        full += usize::from(row.len() >= 2);
        if row.len() >= 2 || last.is_some() {
            last = Some(rect.y1);
        }
        (foot, gap) = (rect.y1, ROW_GAP);
    }
    last.filter(|_| full >= 2)
}

/// Whether another area's rules lie between two heights.
fn is_ruled_off(others: &[Rect], area: &Rect, from: f32, to: f32) -> bool {
    let between = |o: &Rect| o.y1 > from + TOUCH && o.y0 < to - TOUCH && o.overlap_x(area) > 0.0;
    others.iter().any(|o| o != area && between(o))
}

/// The lines whose middle is between two heights, row by row from the top.
fn rows_of(own: &[Rect], from: f32, to: f32) -> Vec<Vec<Rect>> {
    let inside = |r: &&Rect| from < r.center().y && r.center().y < to;
    let mut lines: Vec<Rect> = own.iter().filter(inside).copied().collect();
    lines.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    let mut rows: Vec<Vec<Rect>> = Vec::new();
    for line in lines {
        match rows.last_mut().filter(|row| row[0].shares_row(&line)) {
            Some(row) => row.push(line),
            None => rows.push(vec![line]),
        }
    }
    rows
}
