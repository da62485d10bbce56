//! What the recogniser saw, step by step, to text and words with their places.

use crate::model::output::Token;

/// A character and where along the strip it stands, as shares of its length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    pub symbol: char,
    pub middle: f32,
    pub confidence: f32,
}

/// A word and its part of the strip, as shares of its length.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub text: String,
    pub from: f32,
    pub to: f32,
    pub confidence: f32,
}

/// The characters for `tokens`. Class 1 is the first of `labels`; the class
/// after the last is the space. `step` is the share of the strip of one time step.
pub fn glyphs(tokens: &[Token], labels: &[String], step: f32) -> Vec<Glyph> {
    let glyph = |t: Token| {
        let label = labels.get(t.class - 1).map_or(" ", String::as_str);
        let middle = ((t.first + t.last + 1) as f32 / 2.0 * step).min(1.0);
        label.chars().map(move |symbol| Glyph { symbol, middle, confidence: t.confidence })
    };
    tokens.iter().copied().filter(|t| t.class > 0).flat_map(glyph).collect()
}

/// The words among `glyphs`.
pub fn words(glyphs: &[Glyph]) -> Vec<Piece> {
    let half = pitch(glyphs) / 2.0;
    glyphs
        .split(|g| g.symbol.is_whitespace())
        .filter(|word| !word.is_empty())
        .map(|word| piece(word, half))
        .collect()
}

fn piece(word: &[Glyph], half: f32) -> Piece {
    let (first, last) = (word[0].middle, word[word.len() - 1].middle);
    Piece {
        text: word.iter().map(|g| g.symbol).collect(),
        from: (first - half).max(0.0),
        to: (last + half).min(1.0),
        confidence: word.iter().map(|g| g.confidence).sum::<f32>() / word.len() as f32,
    }
}

/// The usual distance between two characters.
fn pitch(glyphs: &[Glyph]) -> f32 {
    let mut steps: Vec<f32> = glyphs.windows(2).map(|w| w[1].middle - w[0].middle).collect();
    crate::geometry::median(&mut steps).unwrap_or(0.5)
}
