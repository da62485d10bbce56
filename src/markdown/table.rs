//! Tables: GitHub's, or HTML where cells span; formulas between dollar signs.

use std::{collections::HashMap, ops::Range};

use super::{
    escape::escaped,
    inline::{Known, inline},
};
use crate::content::{Cell, Formula, Mark, MarkKind, PageContent, Part, Table};

/// A GitHub table, or HTML where cells span. `pages` have its formulas.
pub(super) fn table(table: &Table, pages: &[PageContent]) -> String {
    let page_of = |part: &Part| pages.iter().find(|page| page.number == part.page);
    let parts: Vec<Option<&PageContent>> = table.parts.iter().map(page_of).collect();
    let formulas = |cell: &Cell| {
        let page = table.part_of(cell.row).and_then(|(n, _)| parts[n]);
        placed(cell, page.map_or(&[], |page| &page.formulas))
    };
    if table.cells.iter().any(|c| c.row_span > 1 || c.column_span > 1) {
        return html_table(table, |cell| html_text(&cell.text, &formulas(cell)));
    }
    let mut grid = vec![vec![String::new(); table.columns]; table.rows];
    for cell in &table.cells {
        if let Some(place) = grid.get_mut(cell.row).and_then(|row| row.get_mut(cell.column)) {
            *place = text(&cell.text, &formulas(cell)).replace('|', "\\|").replace('\n', " ");
        }
    }
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let mut lines: Vec<String> = grid.iter().map(|row| line(row)).collect();
    lines.insert(1.min(lines.len()), line(&vec!["---".to_owned(); table.columns]));
    lines.join("\n")
}

/// A formula, and the bytes of its cell's text that it takes.
type Placed<'a> = (Range<usize>, &'a Formula);

/// The valid ones of a page's formulas that stand in the cell, from the top, and are found in its text.
fn placed<'a>(cell: &Cell, formulas: &'a [Formula]) -> Vec<Placed<'a>> {
    let mut placed: Vec<Placed> = Vec::new();
    for formula in formulas.iter().filter(|f| f.is_valid() && cell.rect.contains(f.rect.center())) {
        let from = placed.last().map_or(0, |(bytes, _)| bytes.end);
        placed.extend(place(&cell.text, from, &formula.text).map(|bytes| (bytes, formula)));
    }
    placed
}

fn text(text: &str, formulas: &[Placed]) -> String {
    if formulas.is_empty() {
        return escaped(text, false);
    }
    let mark = |(bytes, formula): &Placed| Mark {
        start: bytes.start,
        end: bytes.end,
        kind: MarkKind::Formula(formula.id.clone()),
    };
    let marks: Vec<Mark> = formulas.iter().map(mark).collect();
    let by_id: HashMap<&str, &Formula> = formulas.iter().map(|(_, f)| (f.id.as_str(), *f)).collect();
    inline(text, &marks, &Known { notes: &HashMap::new(), formulas: &by_id })
}

/// The bytes of `text` from `from` on that a formula's plain text takes, as words of their own.
fn place(text: &str, from: usize, formula: &str) -> Option<Range<usize>> {
    let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let alone = |&(start, part): &(usize, &str)| {
        let (before, after) = (&text[..start], &text[start + part.len()..]);
        let first = inner(part.chars().next()) && inner(before.chars().next_back());
        let last = inner(part.chars().next_back()) && inner(after.chars().next());
        !first && !last && !part.is_empty()
    };
    let found = text[from..].match_indices(formula).map(|(at, part)| (from + at, part)).find(alone);
    found.map(|(start, part)| start..start + part.len())
}

fn html_table(table: &Table, text: impl Fn(&Cell) -> String) -> String {
    let mut html = String::from("<table>\n");
    for row in 0..table.rows {
        html.push_str("<tr>");
        for cell in table.cells.iter().filter(|c| c.row == row) {
            let tag = if cell.header { "th" } else { "td" };
            let span = |name: &str, n: usize| if n > 1 { format!(" {name}=\"{n}\"") } else { String::new() };
            let (rows, columns) = (span("rowspan", cell.row_span), span("colspan", cell.column_span));
            html.push_str(&format!("<{tag}{rows}{columns}>{}</{tag}>", text(cell)));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>");
    html
}

fn html_text(text: &str, formulas: &[Placed]) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // Two prices in a row would be read as a formula.
    let plain = |text: &str| escaped(text).replace('$', "&#36;");
    let (mut html, mut from) = (String::new(), 0);
    for (bytes, formula) in formulas {
        let latex = formula.latex.as_deref().unwrap_or_default();
        html.push_str(&format!("{}${}$", plain(&text[from..bytes.start]), escaped(latex)));
        from = bytes.end;
    }
    html + &plain(&text[from..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;

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
        let cells = vec![cell(0, 0, "a<b", 2), cell(1, 0, "$1", 1), cell(1, 1, "2", 1)];
        let html = table(&Table { rows: 2, columns: 2, cells, ..Table::default() }, &[]);
        assert_eq!(
            html,
            "<table>\n<tr><th colspan=\"2\">a&lt;b</th></tr>\n<tr><td>&#36;1</td><td>2</td></tr>\n</table>"
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
