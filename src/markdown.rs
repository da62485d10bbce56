//! Contents to Markdown: headings, lists, tables, formulas, pictures; running
//! heads, running feet and page numbers are left out.

use crate::content::{Block, Kind, PageContent, Table};

/// Words a line. A figure's text with lines this long on average is prose on a picture, not the labels of one. On a
/// page of nothing but figures their text is all there is, and stays.
const PROSE_WORDS: usize = 6;

/// The document as GitHub-flavoured Markdown; formulas between dollar signs.
pub fn markdown(pages: &[PageContent]) -> String {
    with_figures(pages, |_| None)
}

/// As [`markdown`], with a picture's path for each figure that `path_of` knows by name.
pub fn with_figures(pages: &[PageContent], path_of: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    for page in pages {
        let mut before: Option<Kind> = None;
        for block in page.blocks.iter().filter(|b| !b.kind.is_furniture()) {
            let written = block_text(page, block, &path_of);
            if written.is_empty() {
                continue;
            }
            let in_list = before == Some(Kind::ListItem) && block.kind == Kind::ListItem;
            if !text.is_empty() {
                text.push_str(if in_list { "\n" } else { "\n\n" });
            }
            text.push_str(&written);
            before = Some(block.kind);
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn block_text(page: &PageContent, block: &Block, path_of: &impl Fn(&str) -> Option<String>) -> String {
    match block.kind {
        Kind::Heading => {
            let level = usize::from(block.level.unwrap_or(1)).clamp(1, 6);
            format!("{} {}", "#".repeat(level), escaped(&block.text))
        }
        Kind::ListItem => list_item(&block.text),
        Kind::Table => block.table.as_ref().map_or_else(|| rows(&block.text), table),
        Kind::Formula => formula(block),
        Kind::Figure => figure(page, block, path_of),
        Kind::Code => fenced(&block.text),
        _ => escaped(&block.text),
    }
}

/// Characters that would make Markdown of plain text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.char_indices() {
        let special = match c {
            '\\' | '*' | '_' | '`' | '$' => true,
            '<' => text[i + 1..].starts_with(|n: char| n.is_ascii_alphabetic() || n == '/' || n == '!'),
            '#' | '>' | '+' | '-' => i == 0 && text[i + 1..].starts_with([' ', '#']),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A bullet becomes `-`; a number stays, as Markdown counts it too.
fn list_item(text: &str) -> String {
    let (marker, rest) = text.split_once(' ').unwrap_or((text, ""));
    let number = marker.trim_end_matches(['.', ')']);
    if !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()) && marker.len() > number.len() {
        return format!("{marker} {}", escaped(rest));
    }
    if marker.chars().any(char::is_alphanumeric) {
        return format!("- {}", escaped(text));
    }
    format!("- {}", escaped(rest))
}

/// A region of a table whose grid is not known: its rows as lines.
fn rows(text: &str) -> String {
    text.lines().map(escaped).collect::<Vec<_>>().join("  \n")
}

fn formula(block: &Block) -> String {
    match block.formula.as_ref().and_then(|f| f.latex.as_ref()) {
        Some(latex) => format!("$$\n{latex}\n$$"),
        None => rows(&block.text),
    }
}

fn figure(page: &PageContent, block: &Block, path_of: &impl Fn(&str) -> Option<String>) -> String {
    let name = block.figure.and_then(|i| page.figures.get(i)).map(|f| f.name.as_str());
    let picture = name.and_then(path_of).map(|path| format!("![]({path})"));
    let words: usize = block.lines.iter().map(|l| l.text().split_whitespace().count()).sum();
    let prose = words >= PROSE_WORDS * block.lines.len().max(1);
    let alone = page.blocks.iter().all(|b| b.kind == Kind::Figure || b.kind.is_furniture());
    let text = if prose || alone { rows(&block.text) } else { String::new() };
    [picture.unwrap_or_default(), text].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn fenced(text: &str) -> String {
    let fence = if text.contains("```") { "~~~~" } else { "```" };
    format!("{fence}\n{text}\n{fence}")
}

/// A GitHub table, or HTML where cells span.
fn table(table: &Table) -> String {
    if table.cells.iter().any(|c| c.row_span > 1 || c.column_span > 1) {
        return html_table(table);
    }
    let mut grid = vec![vec![String::new(); table.columns]; table.rows];
    for cell in &table.cells {
        if let Some(place) = grid.get_mut(cell.row).and_then(|row| row.get_mut(cell.column)) {
            *place = escaped(&cell.text).replace('|', "\\|").replace('\n', " ");
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
            rect: Default::default(),
        }
    }

    #[test]
    fn a_plain_grid_is_a_github_table() {
        let cells = vec![cell(0, 0, "a", 1), cell(0, 1, "b|c", 1), cell(1, 0, "1", 1)];
        let t = Table { rows: 2, columns: 2, cells };
        assert_eq!(table(&t), "| a | b\\|c |\n| --- | --- |\n| 1 |  |");
    }

    #[test]
    fn a_grid_with_spans_is_html() {
        let cells = vec![cell(0, 0, "a<b", 2), cell(1, 0, "1", 1), cell(1, 1, "2", 1)];
        let html = table(&Table { rows: 2, columns: 2, cells });
        assert_eq!(
            html,
            "<table>\n<tr><th colspan=\"2\">a&lt;b</th></tr>\n<tr><td>1</td><td>2</td></tr>\n</table>"
        );
    }

    #[test]
    fn plain_text_does_not_turn_into_markup() {
        assert_eq!(escaped("a*b_c <i> 1 < 2"), "a\\*b\\_c \\<i> 1 < 2");
        assert_eq!(escaped("# not a heading"), "\\# not a heading");
    }

    #[test]
    fn bullets_become_dashes_and_numbers_stay() {
        assert_eq!(list_item("• one"), "- one");
        assert_eq!(list_item("3. three"), "3. three");
        assert_eq!(list_item("(a) four"), "- (a) four");
    }
}
