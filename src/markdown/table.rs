//! Tables: GitHub's, or HTML where cells span; formulas between dollar signs.

use std::collections::HashMap;

use super::{
    escape::escaped,
    inline::{Known, inline},
};
use crate::content::{Cell, Formula, Mark, MarkKind, PageContent, Table};

/// A GitHub table, or HTML where cells span. `pages` have its formulas.
pub(super) fn table(table: &Table, pages: &[PageContent]) -> String {
    if table.cells.iter().any(|c| c.row_span > 1 || c.column_span > 1) {
        return html_table(table, pages);
    }
    let mut grid = vec![vec![String::new(); table.columns]; table.rows];
    for cell in &table.cells {
        if let Some(place) = grid.get_mut(cell.row).and_then(|row| row.get_mut(cell.column)) {
            *place = text(cell, &formulas(table, cell, pages)).replace('|', "\\|").replace('\n', " ");
        }
    }
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let mut lines: Vec<String> = grid.iter().map(|row| line(row)).collect();
    lines.insert(1.min(lines.len()), line(&vec!["---".to_owned(); table.columns]));
    lines.join("\n")
}

/// The valid formulas that stand in a cell, from the top.
fn formulas<'a>(table: &Table, cell: &Cell, pages: &'a [PageContent]) -> Vec<&'a Formula> {
    let number = table.part_of(cell.row).map(|(_, part)| part.page);
    let page = pages.iter().find(|page| Some(page.number) == number);
    let all = page.iter().flat_map(|page| &page.formulas);
    all.filter(|f| f.is_valid() && cell.rect.contains(f.rect.center())).collect()
}

fn text(cell: &Cell, formulas: &[&Formula]) -> String {
    let mut marks: Vec<Mark> = Vec::new();
    for formula in formulas {
        let from = marks.last().map_or(0, |mark| mark.end);
        if let Some((start, end)) = place(&cell.text, from, &formula.text) {
            marks.push(Mark { start, end, kind: MarkKind::Formula(formula.id.clone()) });
        }
    }
    if marks.is_empty() {
        return escaped(&cell.text, false);
    }
    let by_id: HashMap<&str, &Formula> = formulas.iter().map(|f| (f.id.as_str(), *f)).collect();
    inline(&cell.text, &marks, &Known { notes: &HashMap::new(), formulas: &by_id })
}

/// The bytes of `text` from `from` on that a formula's plain text takes, as words of their own.
fn place(text: &str, from: usize, formula: &str) -> Option<(usize, usize)> {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let alone = |&(start, part): &(usize, &str)| {
        let (before, after) = (&text[..start], &text[start + part.len()..]);
        let first = inner(part.chars().next()) && inner(before.chars().next_back());
        let last = inner(part.chars().next_back()) && inner(after.chars().next());
        !first && !last && !part.is_empty()
    };
    let found = text[from..].match_indices(formula).map(|(at, part)| (from + at, part)).find(alone);
    found.map(|(start, part)| (start, start + part.len()))
}

fn html_table(table: &Table, pages: &[PageContent]) -> String {
    let mut html = String::from("<table>\n");
    for row in 0..table.rows {
        html.push_str("<tr>");
        for cell in table.cells.iter().filter(|c| c.row == row) {
            let tag = if cell.header { "th" } else { "td" };
            let span = |name: &str, n: usize| if n > 1 { format!(" {name}=\"{n}\"") } else { String::new() };
            let (rows, columns) = (span("rowspan", cell.row_span), span("colspan", cell.column_span));
            let text = html_text(cell, &formulas(table, cell, pages));
            html.push_str(&format!("<{tag}{rows}{columns}>{text}</{tag}>"));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>");
    html
}

fn html_text(cell: &Cell, formulas: &[&Formula]) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (mut html, mut from) = (String::new(), 0);
    for formula in formulas {
        let latex = formula.latex.as_deref().unwrap_or_default();
        if let Some((start, end)) = place(&cell.text, from, &formula.text) {
            html.push_str(&format!("{}${}$", escaped(&cell.text[from..start]), escaped(latex)));
            from = end;
        }
    }
    html + &escaped(&cell.text[from..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{content::Part, geometry::Rect};

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
        assert_eq!(table(&t, &[]), "| a | b\\|c |\n| --- | --- |\n| 1 |  |");
    }

    #[test]
    fn a_grid_with_spans_is_html() {
        let cells = vec![cell(0, 0, "a<b", 2), cell(1, 0, "1", 1), cell(1, 1, "2", 1)];
        let html = table(&Table { rows: 2, columns: 2, cells, ..Table::default() }, &[]);
        assert_eq!(
            html,
            "<table>\n<tr><th colspan=\"2\">a&lt;b</th></tr>\n<tr><td>1</td><td>2</td></tr>\n</table>"
        );
    }

    fn formula(id: &str, x: f32, text: &str, latex: &str) -> Formula {
        Formula {
            id: id.into(),
            rect: Rect::new(x, 0.0, x + 1.0, 1.0),
            text: text.into(),
            latex: Some(latex.into()),
            ..Formula::default()
        }
    }

    /// A row whose cells stand in the box of 10 points that begins at ten times their column.
    fn row(texts: &[&str], formulas: Vec<Formula>) -> (Table, PageContent) {
        let cells: Vec<Cell> = (0..texts.len())
            .map(|n| Cell {
                rect: Rect::new(10.0 * n as f32, 0.0, 10.0 * n as f32 + 10.0, 10.0),
                ..cell(0, n, texts[n], 1)
            })
            .collect();
        let parts = vec![Part { page: 4, block: "p4-b1".into(), first_row: 0 }];
        let t = Table { rows: 1, columns: texts.len(), cells, parts, ..Table::default() };
        (t, PageContent { number: 4, formulas, ..PageContent::default() })
    }

    #[test]
    fn a_formula_in_a_cell_is_its_latex() {
        let known = vec![
            formula("p4-f1", 2.0, "x", "x"),
            formula("p4-f2", 4.0, "|y| < 2", "|y|<2"),
            formula("p4-f3", 15.0, "n", "n"),
        ];
        let (t, page) = row(&["max x and |y| < 2_a", "no such sign"], known);
        assert_eq!(
            table(&t, std::slice::from_ref(&page)).lines().next().unwrap(),
            "| max $x$ and $\\|y\\|<2$\\_a | no such sign |"
        );
        let wide = Table { cells: vec![Cell { column_span: 2, ..t.cells[0].clone() }], ..t };
        assert_eq!(
            table(&wide, &[page]),
            "<table>\n<tr><th colspan=\"2\">max $x$ and $|y|&lt;2$_a</th></tr>\n</table>"
        );
    }

    #[test]
    fn formulas_of_another_page_are_none_of_the_table() {
        let (t, page) = row(&["x"], vec![formula("p4-f1", 2.0, "x", "X")]);
        let other = PageContent { number: 5, ..page };
        assert_eq!(table(&t, &[other]).lines().next().unwrap(), "| x |");
    }
}
