//! Frames, tables, formulas and pages to HTML that stands by itself, as notebooks and reports show them.

mod formula;
mod frame;
mod page;
mod snapshot;
mod table;

pub use formula::formula;
pub use frame::frame;
pub use page::page;
pub use snapshot::snapshot;
pub use table::table;

use base64::{Engine, engine::general_purpose::STANDARD};

/// Text as HTML text or as the value of an attribute.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            // Everything below but these is no character of HTML.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => html.push('\u{fffd}'),
            c => html.push(c),
        }
    }
    html
}

/// A PNG inside the page itself; `width` in CSS pixels, or its own.
pub fn png(png: &[u8], width: Option<u32>, alt: &str) -> String {
    let width = width.map_or(String::new(), |width| format!(" width=\"{width}\""));
    let (data, alt) = (STANDARD.encode(png), escaped(alt));
    format!("<img{width} alt=\"{alt}\" src=\"data:image/png;base64,{data}\">")
}

/// Text in one line of at most `most` characters, with the whole as a tooltip where that is more.
fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return escaped(&line);
    }
    let begin: String = line.chars().take(most - 1).collect();
    format!("<span title=\"{}\">{}…</span>", escaped(text), escaped(begin.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(escaped("<b a=\"&\">\u{1}"), "&lt;b a=&quot;&amp;&quot;&gt;\u{fffd}");
    }

    #[test]
    fn long_text_is_cut_with_the_whole_in_a_tooltip() {
        assert_eq!(cut("a\nb", 3), "a b");
        assert_eq!(cut("ab cd", 4), "<span title=\"ab cd\">ab…</span>");
    }
}
