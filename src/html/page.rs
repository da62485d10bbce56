//! A page to a drawing of what its content says: its text where it stands, rules, pictures as grey boxes.

use super::escaped;
use crate::{
    content::{Page, Span},
    geometry::{Rect, Turn},
    steps::text,
};

/// The page as SVG, drawn from what was read of it and nothing else: a look at what the steps will see. Its pixels are
/// [`Document::image`](crate::Document::image)'s.
pub fn page(page: &Page) -> String {
    let (width, height) = (page.width, page.height);
    let size = format!("width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\"");
    let mut svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {size}>\n");
    svg.push_str("<rect width=\"100%\" height=\"100%\" fill=\"#fff\" stroke=\"#999\"/>\n");
    let rects = |svg: &mut String, rects: &[Rect], paint: &str| {
        rects.iter().for_each(|rect| svg.push_str(&drawn(rect, paint)));
    };
    rects(&mut svg, &page.boxes, "fill=\"#f4f1e8\"");
    rects(&mut svg, &page.images, "fill=\"#ddd\" stroke=\"#bbb\"");
    rects(&mut svg, &page.drawings, "fill=\"none\" stroke=\"#E69F00\" stroke-width=\".5\"");
    page.rules.iter().for_each(|rule| svg.push_str(&drawn(&rule.rect, "fill=\"#333\"")));
    rects(&mut svg, &page.links.iter().map(|link| link.rect).collect::<Vec<_>>(), LINK);
    text::spans(page).iter().for_each(|span| svg.push_str(&written(span)));
    svg.push_str("</svg>");
    svg
}

const LINK: &str = "fill=\"none\" stroke=\"#56B4E9\" stroke-width=\".5\"";
/// Points. A thinner box would not be seen.
const THINNEST: f32 = 0.4;

fn drawn(rect: &Rect, paint: &str) -> String {
    let (width, height) = (rect.width().max(THINNEST), rect.height().max(THINNEST));
    format!(
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" {paint}/>\n",
        rect.x0, rect.y0
    )
}

/// In another font than the page has, but as wide as there.
fn written(span: &Span) -> String {
    let (x, y, length, turn) = pen(span);
    let bold = if span.style.bold { " font-weight=\"bold\"" } else { "" };
    let italic = if span.style.italic { " font-style=\"italic\"" } else { "" };
    let family = match (span.style.monospace, span.style.sans) {
        (true, _) => "monospace",
        (false, true) => "sans-serif",
        (false, false) => "serif",
    };
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{:.1}\" font-family=\"{family}\"{bold}{italic} \
         textLength=\"{length:.1}\" lengthAdjust=\"spacingAndGlyphs\"{turn}>{}</text>\n",
        span.size,
        escaped(&span.text)
    )
}

/// Where the text begins, how long it is, and how it is turned.
fn pen(span: &Span) -> (f32, f32, f32, String) {
    let rect = &span.rect;
    // The lower edge of the font's box is a fifth of its size below the baseline, in most fonts.
    let descent = span.size / 5.0;
    let (x, y) = match span.turn {
        Turn::None => return (rect.x0, span.baseline, rect.width(), String::new()),
        Turn::Right => (rect.x0 + descent, rect.y0),
        Turn::Half => (rect.x1, rect.y0 + descent),
        Turn::Left => (rect.x1 - descent, rect.y1),
    };
    let length = if span.turn.is_sideways() { rect.height() } else { rect.width() };
    (x, y, length, format!(" transform=\"rotate({} {x:.1} {y:.1})\"", span.turn.degrees()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::drawing::draw;

    #[test]
    fn text_stands_where_it_stands_on_the_page() {
        let svg = page(&draw().text(72.0, 100.0, "a<b").page());
        assert!(svg.contains("x=\"72.0\"") && svg.contains(">a&lt;b</text>"), "{svg}");
    }

    #[test]
    fn an_empty_page_is_a_blank_sheet() {
        assert!(
            page(&Page { width: 10.0, height: 20.0, ..Page::default() }).contains("viewBox=\"0 0 10 20\"")
        );
    }
}
