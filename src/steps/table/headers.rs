//! Which rows name the columns.

use super::pieces::is_figure;
use crate::content::{Cell, Table};

/// Rows. No header has more.
const DEEPEST: usize = 6;

/// Marks the header rows: those above the first figures, or the first row where there are none.
pub(super) fn mark(table: &mut Table) {
    let rows = (0..table.rows).find(|&row| is_body(table, row));
    table.header_rows = match rows {
        Some(rows) if rows <= DEEPEST => rows,
        _ => 1.min(table.rows.saturating_sub(1)),
    };
    // A title that reaches down to the next row heads that row's titles too.
    let ends = table.cells.iter().filter(|c| c.row < table.header_rows).map(|c| c.row + c.row_span);
    let lowest = ends.max().unwrap_or(0);
    if lowest < table.rows && lowest <= DEEPEST {
        table.header_rows = lowest;
    }
    for cell in &mut table.cells {
        cell.header = cell.row < table.header_rows;
    }
}

/// Whether a row has figures beside its label, other than years.
fn is_body(table: &Table, row: usize) -> bool {
    let inner: Vec<&Cell> =
        table.filled().filter(|c| c.row == row && c.column > 0 && c.column_span == 1).collect();
    let figures = inner.iter().filter(|c| is_figure(&c.text)).count();
    2 * figures > inner.len() && !inner.iter().all(|c| is_year(&c.text) || !is_figure(&c.text))
}

fn is_year(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let marks = text.chars().filter(|c| !c.is_ascii_digit()).count();
    let year = |d: &str| d.len() == 4 && (d.starts_with("19") || d.starts_with("20"));
    marks <= 3 && (year(&digits) || digits.len() == 8 && year(&digits[..4]) && year(&digits[4..]))
}
