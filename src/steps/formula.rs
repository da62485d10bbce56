//! Glyphs to formulas as LaTeX: where they are, inline and set apart, and what they say.

mod detect;
mod encodings;
mod glyphs;
mod inline;
mod lines;
mod parse;
mod symbols;
mod tree;
mod write;

use crate::{content::{Char, Page}, geometry::Rect};
use glyphs::{Fonts, Glyph};

/// A formula's place and what it says.
#[derive(Debug)]
pub struct Found {
    pub rect: Rect,
    pub display: bool,
    pub latex: String,
    pub plain: String,
    pub number: Option<String>,
    /// Into `Page::chars`.
    pub chars: Vec<usize>,
}

/// All formulas of a page.
pub fn find(page: &Page, equations: &[Rect]) -> Vec<Found> {
    let fonts = Fonts::of(page);
    if !fonts.has_formulas() {
        return Vec::new();
    }
    let glyphs: Vec<Glyph> = page.chars.iter().enumerate().filter(|(_, c)| c.angle == 0.0).filter_map(|(n, c)| fonts.glyph(n, c)).collect();
    let places = detect::places(&glyphs, &page.bars, equations);
    places.into_iter().map(|p| {
        let own: Vec<Glyph> = p.glyphs.iter().map(|&n| glyphs[n]).collect();
        let size = own.iter().map(|g| g.size).fold(0.0, f32::max);
        let reach = p.rect.inflate(0.35 * size);
        let bars: Vec<Rect> = page.bars.iter().filter(|b| b.share_in(&reach) > 0.8).copied().collect();
        let rect = Rect::around_all(std::iter::once(&p.rect).chain(&bars)).unwrap_or(p.rect);
        let node = parse::parse(&own, &bars);
        let number: String = p.number.iter().map(|&n| detect::sign(&glyphs[n])).collect();
        let number = number.trim_matches(['(', ')']).to_owned();
        Found {
            rect,
            display: p.display,
            latex: write::latex(&node),
            plain: write::plain(&node),
            number: (!number.is_empty()).then_some(number),
            chars: own.iter().map(|g| g.at).chain(p.number.iter().map(|&n| glyphs[n].at)).collect(),
        }
    }).collect()
}

/// The LaTeX of the page's characters inside `rect`.
pub fn latex_of(page: &Page, rect: &Rect) -> String {
    let fonts = Fonts::of(page);
    let visible = |c: &Char| rect.contains(c.rect.center());
    let glyphs: Vec<Glyph> = page.chars.iter().enumerate().filter(|(_, c)| visible(c)).filter_map(|(n, c)| fonts.glyph(n, c)).collect();
    let bars: Vec<Rect> = page.bars.iter().filter(|b| rect.contains(b.center())).copied().collect();
    write::latex(&parse::parse(&glyphs, &bars))
}
