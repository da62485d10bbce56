//! Markdown to the text it shows and its headings: the one way in which every
//! tool's output, ours included, becomes comparable with plain truth. Markup,
//! link targets, images, bullets and marks of notes go; the words of tables,
//! lists, notes, code and formulas stay in place.

use super::{Truth, markup, tables, tex};
use crate::{grid::Grid, metrics::Heading};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

pub fn read(source: &str) -> Truth {
    let source = without_notices(source);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_MATH
        | Options::ENABLE_FOOTNOTES;
    let mut truth = Truth::default();
    let mut heading = None;
    let mut images = 0;
    for event in Parser::new_ext(&source, options) {
        match event {
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images -= 1,
            _ if images > 0 => {}
            Event::Start(Tag::Heading { level, .. }) => heading = Some((truth.text.len(), depth(level))),
            Event::End(TagEnd::Heading(_)) => {
                if let Some((start, level)) = heading.take() {
                    let title = truth.text[start..].split_whitespace().collect::<Vec<_>>().join(" ");
                    truth.headings.push(Heading::new(level, &title));
                }
                truth.text.push('\n');
            }
            Event::Text(text) | Event::Code(text) => truth.text.push_str(&text),
            Event::InlineMath(source) | Event::DisplayMath(source) => {
                truth.text.push_str(&tex::formula(&source.replace("\\\\", " ")));
            }
            Event::Html(html) | Event::InlineHtml(html) => truth.text.push_str(&without_tags(&html)),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => truth.text.push(' '),
            Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead | TagEnd::CodeBlock,
            ) => truth.text.push('\n'),
            _ => {}
        }
    }
    truth
}

/// The tables of a Markdown source, those with pipes and those in HTML, in order. HTML may be cut by blank lines, so
/// that the events of one table are gathered until it ends.
pub fn tables(source: &str) -> Vec<Grid> {
    let mut found = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut html, mut cell) = (String::new(), None);
    for event in Parser::new_ext(&without_notices(source), Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Table(_)) => rows.clear(),
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => cell = Some(String::new()),
            Event::End(TagEnd::TableCell) => {
                rows.last_mut().map(|row| row.push(cell.take().unwrap_or_default())).unwrap_or_default()
            }
            Event::End(TagEnd::Table) => found.push(Grid::of_rows(&rows)),
            Event::Text(text) | Event::Code(text) => match &mut cell {
                Some(cell) => cell.push_str(&text),
                None if html.contains("<table") => html.push_str(&text),
                None => {}
            },
            Event::Html(text) | Event::InlineHtml(text) => match &mut cell {
                Some(cell) => cell.push_str(if text.starts_with("<br") { " " } else { "" }),
                None => html.push_str(&text),
            },
            _ => {}
        }
        if let Some((table, _)) = html.split_once("</table>") {
            found.extend(tables::of_markup(&markup::parse(table)));
            html.clear();
        }
    }
    found
}

fn depth(level: HeadingLevel) -> usize {
    level as usize
}

/// Lines that a tool writes about the page rather than from it: a front
/// matter in YAML, and pymupdf4llm's notices in place of pictures.
fn without_notices(source: &str) -> String {
    let body = match source.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")) {
        Some((_, body)) => body,
        None => source,
    };
    let notice = |line: &str| line.contains("==> picture") && line.contains("intentionally omitted");
    body.lines().filter(|line| !notice(line)).collect::<Vec<_>>().join("\n")
}

/// HTML to its text. What looks like a tag but is none that Markdown writers
/// use stays: in a page's text, `<lazy>` is a word.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        let Some(end) = rest.find('>') else { break };
        match tag(&rest[1..end]) {
            Html::Block => text.push(' '),
            Html::Inline => {}
            Html::Text => text.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    entities(&text)
}

enum Html {
    /// Parts words.
    Block,
    /// Stands within words.
    Inline,
    /// No tag at all.
    Text,
}

fn tag(inside: &str) -> Html {
    let name = inside.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        "a" | "b" | "code" | "em" | "i" | "mark" | "s" | "span" | "strong" | "sub" | "sup" | "u" => {
            Html::Inline
        }
        "body" | "br" | "caption" | "center" | "col" | "colgroup" | "dd" | "div" | "dl" | "dt"
        | "figcaption" | "figure" | "h1" | "h2" | "h3" | "hr" | "html" | "img" | "li" | "ol" | "p"
        | "pre" | "table" | "tbody" | "td" | "th" | "thead" | "tr" | "ul" | "!--" => Html::Block,
        _ if inside.starts_with("!--") => Html::Block,
        _ => Html::Text,
    }
}

fn entities(text: &str) -> String {
    let pairs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#36;", "$"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text.to_string(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_with_pipes_and_in_html_are_found() {
        let source = "| a | b |\n|---|---|\n| c<br>d | |\n\ntext\n\n<table><tr><td colspan=\"2\">x</td></tr>\n\n\
                      <tr><td>y</td><td>z</td></tr></table>\n";
        let texts = |grid: &Grid| grid.cells.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>();
        let found = tables(source);
        assert_eq!(found.len(), 2);
        assert_eq!(texts(&found[0]), ["a", "b", "c d", ""]);
        assert_eq!(texts(&found[1]), ["x", "y", "z"]);
        assert_eq!(found[1].cells[0].column_span, 2);
    }
    use crate::metrics::normalised;

    fn text(source: &str) -> String {
        normalised(&read(source).text)
    }

    #[test]
    fn markup_goes_and_words_stay_in_order() {
        let source =
            "# One\n\n- **a** [b](http://x)\n- `c`\n\n| d | e |\n|---|---|\n| f | g |\n\n![alt](x.png)\n\nh";
        assert_eq!(text(source), "One a b c d e f g h");
        assert_eq!(read(source).headings, [Heading::new(1, "One")]);
    }

    #[test]
    fn html_tables_give_their_cells_and_words_in_angle_brackets_stay() {
        assert_eq!(text("<table><tr><td>a</td><td>b &lt; c</td></tr></table>"), "a b < c");
        assert_eq!(text("the <lazy> dog<br>jumps x<sup>2</sup>"), "the <lazy> dog jumps x2");
    }

    #[test]
    fn formulas_become_symbols() {
        assert_eq!(text("so $x_1 \\le 2$ and\n\n$$\\alpha$$"), "so x1 ≤ 2 and α");
    }

    #[test]
    fn marks_of_notes_go_and_notes_stay_where_they_are_written() {
        assert_eq!(text("a[^1] b\n\n[^1]: The note.\n\nc"), "a b The note. c");
        // Without a note it is no mark, as Markdown has it.
        assert_eq!(text("in [^1] and ^2^"), "in [^1] and ^2^");
    }

    #[test]
    fn notices_about_pictures_are_no_text() {
        assert_eq!(text("a\n\n**==> picture [10 x 20] intentionally omitted <==**\n\nb"), "a b");
        let picture = "<!-- Start of picture text -->\nin it<br><!-- End of picture text -->";
        assert_eq!(text(picture), "in it");
        assert_eq!(text("---\nis_table: True\n---\nbody"), "body");
    }
}
