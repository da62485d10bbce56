//! Tables: GitHub's, or HTML where cells span.

use super::escape::escaped;
use crate::content::Table;

/// A GitHub table, or HTML where cells span.
pub(super) fn table(table: &Table) -> String {
    if table.cells.iter().any(|c| c.row_span > 1 || c.column_span > 1) {
        return html_table(table);
    }
    let mut grid = vec![vec![String::new(); table.columns]; table.rows];
    for cell in &table.cells {
        if let Some(place) = grid.get_mut(cell.row).and_then(|row| row.get_mut(cell.column)) {
            *place = escaped(&cell.text, false).replace('|', "\\|").replace('\n', " ");
        }
    }
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let mut lines: Vec<String> = grid.iter().map(|row| line(row)).collect();
    lines.insert(1.min(lines.len()), line(&vec!["---".to_owned(); table.columns]));
    lines.join("\n")
}

fn html_table(table: &Table) -> String {
    let mut html = String::from("<table>\n");
    for row in 0..table.rows {
        html.push_str("<tr>");
        for cell in table.cells.iter().filter(|c| c.row == row) {
            let tag = if cell.header { "th" } else { "td" };
            let span = |name: &str, n: usize| if n > 1 { format!(" {name}=\"{n}\"") } else { String::new() };
            let (rows, columns) = (span("rowspan", cell.row_span), span("colspan", cell.column_span));
            let text = cell.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            html.push_str(&format!("<{tag}{rows}{columns}>{text}</{tag}>"));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Cell;

    fn cell(row: usize, column: usize, text: &str, column_span: usize) -> Cell {
        Cell {
            row,
            column,
            row_span: 1,
            column_span,
            header: row == 0,
            text: text.into(),
            confidence: 1.0,
            rect: Default::default(),
        }
    }

    #[test]
    fn a_plain_grid_is_a_github_table() {
        let cells = vec![cell(0, 0, "a", 1), cell(0, 1, "b|c", 1), cell(1, 0, "1", 1)];
        let t = Table { rows: 2, columns: 2, cells, ..Table::default() };
        assert_eq!(table(&t), "| a | b\\|c |\n| --- | --- |\n| 1 |  |");
    }

    #[test]
    fn a_grid_with_spans_is_html() {
        let cells = vec![cell(0, 0, "a<b", 2), cell(1, 0, "1", 1), cell(1, 1, "2", 1)];
        let html = table(&Table { rows: 2, columns: 2, cells, ..Table::default() });
        assert_eq!(
            html,
            "<table>\n<tr><th colspan=\"2\">a&lt;b</th></tr>\n<tr><td>1</td><td>2</td></tr>\n</table>"
        );
    }
}
