//! Glyphs to formulas as LaTeX: where they are, inline and set apart, and what they say.

mod check;
mod detect;
mod encodings;
mod frames;
mod glyphs;
mod inline;
mod lines;
mod model;
mod parse;
mod symbols;
mod tree;
mod write;

use crate::{
    content::{Char, Formula, FormulaSource, Page, Source, Span, Style, Word},
    geometry::{Rect, Turn},
};
use detect::Place;
use glyphs::{Fonts, Glyph, Sign};
use tree::Node;

pub use check::mathml;
pub use model::{End, Limits, Reading, Step, Written, recognise, search};

/// A formula and the characters that it was read from.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it says.
    pub formula: Formula,
    /// Indices into [`Page::chars`], those of its number included.
    pub chars: Vec<usize>,
    /// y of the baseline of the text that it stands in, or of its own first line, points.
    pub baseline: f32,
    /// Font size of the text around it, points.
    pub size: f32,
}

impl Found {
    /// The formula as one span of its line.
    pub(super) fn span(&self) -> Span {
        let number = self.formula.number.as_ref().map_or(String::new(), |n| format!(" ({n})"));
        let text = format!("{}{number}", self.formula.text);
        Span {
            words: words(&text, &self.formula.rect),
            text,
            rect: self.formula.rect,
            baseline: self.baseline,
            size: self.size,
            style: Style::default(),
            turn: Turn::None,
            vertical: false,
            glued: false,
            tag: None,
            formula: Some(self.formula.id.clone()),
            source: Source::TextLayer,
            confidence: self.formula.confidence,
        }
    }
}

/// The words of a text that fills a box, each with its share of the width.
fn words(text: &str, rect: &Rect) -> Vec<Word> {
    let all = text.chars().count().max(1) as f32;
    let mut at = 0;
    let place = |from: usize, to: usize| {
        let x = |n: usize| rect.x0 + rect.width() * n as f32 / all;
        Rect::new(x(from), rect.y0, x(to), rect.y1)
    };
    text.split(' ')
        .map(|word| {
            let from = at;
            at += word.chars().count() + 1;
            Word { text: word.to_owned(), rect: place(from, at - 1), confidence: 1.0 }
        })
        .filter(|word| !word.text.is_empty())
        .collect()
}

/// The id of formula `n` (from 0) of a page (from 1).
pub(crate) fn id(page: usize, n: usize) -> String {
    format!("p{page}-f{}", n + 1)
}

/// The formulas of a page, read from its glyphs: those in lines of text and those set apart; from top to bottom.
/// `equations` are the boxes, in points, in which the layout step saw some; there may be none.
pub fn find(page: &Page, equations: &[Rect]) -> Vec<Found> {
    let fonts = Fonts::of(page);
    if !fonts.has_formulas() {
        return Vec::new();
    }
    let glyphs = glyphs_of(page, &fonts);
    let mut places = detect::places(&glyphs, &page.bars, equations);
    places.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0).then(a.rect.x0.total_cmp(&b.rect.x0)));
    places.iter().enumerate().map(|(n, place)| read(page, n, place, &glyphs)).collect()
}

/// The glyphs of the page's upright text.
fn glyphs_of(page: &Page, fonts: &Fonts) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::with_capacity(page.chars.len());
    let mut spaced = false;
    let upright = |&(n, char): &(usize, &Char)| char.angle == 0.0 && !selects_variant(page, n);
    for (n, char) in page.chars.iter().enumerate().filter(upright) {
        match fonts.glyph(n, char) {
            Some(glyph) => glyphs.push(Glyph { spaced: std::mem::take(&mut spaced), ..glyph }),
            None => spaced |= char.unicode.is_whitespace(),
        }
    }
    glyphs
}

/// Latin Modern maps its large signs to a character and a variation selector: one glyph, of which pdfium makes two characters
/// at one place.
fn selects_variant(page: &Page, n: usize) -> bool {
    let char = &page.chars[n];
    let before = n.checked_sub(1).map(|n| &page.chars[n]);
    matches!(char.unicode, '\u{FE00}'..='\u{FE0F}')
        && before.is_some_and(|before| (before.font, before.origin) == (char.font, char.origin))
}

/// The bars that lie about a formula.
fn bars_of(page: &Page, rect: &Rect, size: f32) -> Vec<Rect> {
    let reach = rect.inflate(BAR_REACH * size);
    page.bars.iter().filter(|bar| bar.share_in(&reach) > 0.8).copied().collect()
}

/// Of the font size: a line over or under a formula is no farther from it.
const BAR_REACH: f32 = 0.35;

fn read(page: &Page, n: usize, place: &Place, glyphs: &[Glyph]) -> Found {
    let own: Vec<Glyph> = place.glyphs.iter().map(|&n| glyphs[n]).collect();
    let largest = own.iter().max_by(|a, b| a.size.total_cmp(&b.size).then(b.pen.0.total_cmp(&a.pen.0)));
    let (size, baseline) = largest.map_or((10.0, place.rect.y1), |g| (g.size, g.baseline));
    let bars = bars_of(page, &place.rect, size);
    let frames = frames::around(page, &own, size);
    let node = parse::parse(&own, &bars, &frames);
    let latex = write::latex(&node);
    let number: String = place.number.iter().map(|&n| glyphs[n].unicode()).collect();
    let number = number.trim_matches(['(', ')']).to_owned();
    let all = || place.glyphs.iter().chain(&place.number);
    let rect = Rect::around_all(bars.iter().chain(&frames).chain(own.iter().map(|g| &g.ink)));
    let formula = Formula {
        id: id(page.number, n),
        rect: rect.unwrap_or(place.rect),
        display: place.display,
        problem: check::problem(&latex),
        latex: Some(latex),
        text: write::plain(&node),
        number: (!number.is_empty()).then_some(number),
        source: Some(FormulaSource::Glyphs),
        confidence: confidence(&node, &own),
        symbols: own.len(),
    };
    // A selector is of the sign before it.
    let whole = |at: usize| {
        let selector = at + 1;
        let selects = selector < page.chars.len() && selects_variant(page, selector);
        std::iter::once(at).chain(selects.then_some(selector))
    };
    Found { formula, chars: all().flat_map(|&n| whole(glyphs[n].at)).collect(), baseline, size }
}

/// The share of glyphs that are known signs and found their place in the structure.
fn confidence(node: &Node, glyphs: &[Glyph]) -> f32 {
    let odd = |g: &Glyph| match g.sign {
        Sign::Letter(c) => !c.is_alphanumeric(),
        Sign::Symbol(symbol) => {
            matches!(symbol.class, symbols::Class::Piece | symbols::Class::Accent | symbols::Class::Radical)
        }
    };
    let mut loose = 0;
    node.for_each_glyph(&mut |glyph| loose += usize::from(odd(glyph)));
    1.0 - loose as f32 / glyphs.len().max(1) as f32
}

#[cfg(test)]
mod tests;
