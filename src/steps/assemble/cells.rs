//! The lines of a table in the order of its cells: from the left, each from its
//! top, row after row. A cell of several lines is told from several rows by the
//! rules between rows, else by white space that is wider between rows than
//! within them.

use crate::{
    content::Line,
    geometry::{Rect, median},
};

/// Points. A rule is no thicker.
const RULE: f32 = 3.0;
/// Share of the table's width. A shorter rule parts no rows.
const RULE_LENGTH: f32 = 0.5;
/// Of a line's height. White space between rows is wider by this than that between the lines of a cell.
const ROW_GAP: f32 = 0.25;
/// Points. Columns are parted by at least this much white space.
const COLUMN_GAP: f32 = 3.0;

/// Sorts `members` (indices of `lines`) by cells.
pub(super) fn sort(members: &mut [usize], lines: &[Line], rules: &[Rect], table: &Rect) {
    let mut rows = rows(members, lines);
    let cuts: Vec<f32> = rules.iter().filter(|r| parts_rows(r, table)).map(|r| r.center().y).collect();
    let ruled = cuts.iter().filter(|&&y| splits(&rows, lines, y)).count() >= 3;
    let wide = if ruled { f32::INFINITY } else { row_gap(&rows, lines) };
    let mut sorted = Vec::with_capacity(members.len());
    let mut band: Vec<usize> = Vec::new();
    for row in &mut rows {
        if let (Some(above), Some(here)) = (around(&band, lines), around(row, lines)) {
            let cut =
                cuts.iter().any(|&y| above.center().y < y && y < here.center().y && y > above.y1 - RULE);
            let last_gap = here.y0 - above.y1;
            if if ruled { cut } else { cut || last_gap >= wide } {
                sorted.append(&mut by_columns(&band, lines));
                band.clear();
            }
        }
        band.append(row);
    }
    sorted.append(&mut by_columns(&band, lines));
    members.copy_from_slice(&sorted);
}

pub(super) fn parts_rows(rule: &Rect, table: &Rect) -> bool {
    let inside = table.inflate(RULE);
    rule.height() <= RULE
        && rule.overlap_x(&inside) > RULE_LENGTH * table.width()
        && rule.overlap_y(&inside) >= 0.0
}

fn splits(rows: &[Vec<usize>], lines: &[Line], y: f32) -> bool {
    let middle = |row: &Vec<usize>| around(row, lines).map_or(y, |r| r.center().y);
    rows.iter().any(|r| middle(r) < y) && rows.iter().any(|r| middle(r) > y)
}

/// Lines at one height, from the top; each row from the left.
fn rows(members: &[usize], lines: &[Line]) -> Vec<Vec<usize>> {
    let mut sorted = members.to_vec();
    sorted.sort_by(|&a, &b| lines[a].rect.center().y.total_cmp(&lines[b].rect.center().y));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for i in sorted {
        let rect = lines[i].rect;
        let same = |row: &&mut Vec<usize>| {
            let first = lines[row[0]].rect;
            first.overlap_y(&rect) > 0.5 * first.height().min(rect.height())
        };
        match rows.last_mut().filter(same) {
            Some(row) => row.push(i),
            None => rows.push(vec![i]),
        }
    }
    rows.iter_mut().for_each(|row| row.sort_by(|&a, &b| lines[a].rect.x0.total_cmp(&lines[b].rect.x0)));
    rows
}

fn around(members: &[usize], lines: &[Line]) -> Option<Rect> {
    Rect::around_all(members.iter().map(|&i| &lines[i].rect))
}

/// White space from which two rows of lines are two rows of cells: 0, so that all are, unless some gaps are clearly
/// wider than others and the rows between narrow ones are incomplete.
fn row_gap(rows: &[Vec<usize>], lines: &[Line]) -> f32 {
    let boxes: Vec<Rect> = rows.iter().filter_map(|row| around(row, lines)).collect();
    let gaps: Vec<f32> = boxes.windows(2).map(|pair| pair[1].y0 - pair[0].y1).collect();
    let mut heights: Vec<f32> = boxes.iter().map(Rect::height).collect();
    let Some(height) = median(&mut heights) else { return f32::NEG_INFINITY };
    let mut sorted = gaps.clone();
    sorted.sort_by(f32::total_cmp);
    let jump = sorted.windows(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    let Some(&[narrow, wide]) = jump else { return f32::NEG_INFINITY };
    let cut = (narrow + wide) / 2.0;
    let most = rows.iter().map(Vec::len).max().unwrap_or(0);
    // A line that goes on with a cell above has fewer neighbours than a row.
    let fuller =
        (1..rows.len()).filter(|&n| gaps[n - 1] < cut).all(|n| rows[n].len() <= rows[n - 1].len().max(1));
    let wrapped = (1..rows.len()).any(|n| gaps[n - 1] < cut && rows[n].len() < most);
    if wide - narrow > ROW_GAP * height && fuller && wrapped { cut } else { f32::NEG_INFINITY }
}

/// The lines of one row of cells, cell by cell.
fn by_columns(band: &[usize], lines: &[Line]) -> Vec<usize> {
    let mut left = band.to_vec();
    left.sort_by(|&a, &b| lines[a].rect.x0.total_cmp(&lines[b].rect.x0));
    let mut columns: Vec<(f32, Vec<usize>)> = Vec::new();
    for i in left {
        let rect = lines[i].rect;
        match columns.last_mut() {
            Some((right, column)) if rect.x0 < *right + COLUMN_GAP => {
                *right = right.max(rect.x1);
                column.push(i);
            }
            _ => columns.push((rect.x1, vec![i])),
        }
    }
    columns.into_iter().flat_map(|(_, column)| rows(&column, lines).concat()).collect()
}
