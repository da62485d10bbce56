//! A table of a page to one of HTML, with its header rows and spans.

use super::escaped;
use crate::content::{Cell, Table};

/// The grid with its spans. Each cell has its confidence as a tooltip, and a dotted border where that is low.
pub fn table(table: &Table) -> String {
    let mut html = String::from("<table style=\"border-collapse:collapse\">\n");
    for row in 0..table.rows {
        let cells = table.cells.iter().filter(|cell| cell.row == row);
        let uncovered = (0..table.columns).filter(|column| !is_covered(table, row, *column));
        let mut parts: Vec<(usize, String)> = cells.map(|cell| (cell.column, html_cell(cell))).collect();
        parts.extend(uncovered.map(|column| (column, "<td></td>".to_owned())));
        parts.sort_by_key(|(column, _)| *column);
        let parts: String = parts.into_iter().map(|(_, html)| html).collect();
        html.push_str(&format!("<tr>{parts}</tr>\n"));
    }
    html.push_str("</table>");
    html
}

/// Below, a reader should look twice.
const SURE: f32 = 0.5;

fn html_cell(cell: &Cell) -> String {
    let tag = if cell.header { "th" } else { "td" };
    let span = |name: &str, n: usize| if n > 1 { format!(" {name}=\"{n}\"") } else { String::new() };
    let spans = span("rowspan", cell.row_span) + &span("colspan", cell.column_span);
    let line = if cell.confidence < SURE { "dotted" } else { "solid" };
    let style = format!("border:1px {line} #888;padding:2px 6px;text-align:left;white-space:pre-wrap");
    let (text, confidence) = (escaped(&cell.text), cell.confidence);
    format!("<{tag}{spans} style=\"{style}\" title=\"confidence {confidence:.2}\">{text}</{tag}>")
}

fn is_covered(table: &Table, row: usize, column: usize) -> bool {
    let covers = |cell: &Cell| {
        (cell.row..cell.row + cell.row_span).contains(&row)
            && (cell.column..cell.column + cell.column_span).contains(&column)
    };
    table.cells.iter().any(covers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_stay_and_gaps_are_filled() {
        let cell = |row, column, column_span, text: &str| Cell {
            row,
            column,
            row_span: 1,
            column_span,
            header: row == 0,
            text: text.into(),
            confidence: 0.25,
            rect: Default::default(),
        };
        let cells = vec![cell(0, 0, 2, "a&b"), cell(1, 1, 1, "2")];
        let html = table(&Table { rows: 2, columns: 2, cells, ..Table::default() });
        let bare = without_looks(&html);
        let wanted =
            "<table>\n<tr><th colspan=\"2\">a&amp;b</th></tr>\n<tr><td></td><td>2</td></tr>\n</table>";
        assert_eq!(bare, wanted);
        assert!(html.contains("dotted") && html.contains("confidence 0.25"));
    }

    fn without_looks(html: &str) -> String {
        let mut parts = html.split(" style=\"");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |bare, part| bare + &part[part.find('>').unwrap()..])
    }
}
