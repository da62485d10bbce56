//! What the recogniser saw, step by step, to words with their places. The model
//! sees spaces by itself; only where ink is far apart without one is it helped.

use crate::{geometry::median, model::output::Token};

/// A character and where along its strip it stands, as a share of the length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// What.
    pub symbol: char,
    /// Where its middle is, 0 to 1.
    pub middle: f32,
    /// 0 to 1.
    pub confidence: f32,
}

/// A word and its part of the strip, as shares of the length.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// Without white space.
    pub text: String,
    /// Where it begins, 0 to 1.
    pub from: f32,
    /// Where it ends, 0 to 1.
    pub to: f32,
    /// Mean over its characters, 0 to 1.
    pub confidence: f32,
}

/// The characters for `tokens`. Class 1 is the first of `labels`; the class
/// after the last is the space. `step` is what one time step is of the strip's length.
pub fn glyphs(tokens: &[Token], labels: &[String], step: f32) -> Vec<Glyph> {
    let glyph = |token: Token| {
        let label = labels.get(token.class - 1).map_or(" ", String::as_str);
        let middle = ((token.first + token.last + 1) as f32 / 2.0 * step).min(1.0);
        label.chars().map(move |symbol| Glyph { symbol, middle, confidence: token.confidence })
    };
    tokens.iter().copied().filter(|t| t.class > 0).flat_map(glyph).collect()
}

/// The words of one line.
pub fn words(glyphs: &[Glyph]) -> Vec<Piece> {
    let chinese = glyphs.iter().any(|g| is_cjk(g.symbol));
    let plain: Vec<Glyph> = glyphs.iter().map(|g| if chinese { *g } else { halfwidth(*g) }).collect();
    let (pitch, wide) = (pitch(&plain), wide_gap(&plain));
    let runs = plain.chunk_by(|a, b| !is_apart(a, b, wide));
    let words = runs.flat_map(|run| run.split(|g| g.symbol.is_whitespace())).filter(|word| !word.is_empty());
    words.map(|word| piece(word, pitch / 2.0)).collect()
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

/// How many times the usual distance between two characters is a space for
/// sure: next to an m, letters stand twice as far apart.
const APART: f32 = 3.5;

/// The usual distance between neighbours, as a share of the length; a lone
/// character is taken to fill its strip.
fn pitch(glyphs: &[Glyph]) -> f32 {
    median(&mut glyphs.windows(2).map(|w| w[1].middle - w[0].middle).collect::<Vec<_>>()).unwrap_or(1.0)
}

/// The distance from which two characters are two words; never in lines too
/// short to have a usual distance.
fn wide_gap(glyphs: &[Glyph]) -> f32 {
    const ENOUGH: usize = 6;
    if glyphs.len() < ENOUGH { f32::INFINITY } else { APART * pitch(glyphs) }
}

/// Chinese and Japanese put no spaces between characters, however far apart.
fn is_apart(a: &Glyph, b: &Glyph, wide: f32) -> bool {
    b.middle - a.middle > wide && !is_cjk(a.symbol) && !is_cjk(b.symbol)
}

/// Han, kana, and the brackets and marks that stand in lines of them.
fn is_cjk(symbol: char) -> bool {
    matches!(symbol, '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// In a line without Chinese, wide punctuation is the recogniser's slip.
fn halfwidth(glyph: Glyph) -> Glyph {
    let symbol = match glyph.symbol {
        '。' => '.',
        '、' => ',',
        '【' => '[',
        '】' => ']',
        wide @ '\u{ff01}'..='\u{ff5e}' => char::from_u32(wide as u32 - 0xfee0).unwrap_or(wide),
        other => other,
    };
    Glyph { symbol, ..glyph }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters at one distance; `_` is a place without ink.
    fn line(text: &str) -> Vec<Glyph> {
        let n = text.chars().count() as f32;
        let glyph = |(i, symbol)| Glyph { symbol, middle: (i as f32 + 0.5) / n, confidence: 1.0 };
        text.chars().enumerate().map(glyph).filter(|g| g.symbol != '_').collect()
    }

    fn texts(glyphs: &[Glyph]) -> Vec<String> {
        words(glyphs).into_iter().map(|w| w.text).collect()
    }

    #[test]
    fn tokens_become_characters_with_places() {
        let token = |class, first, last| Token { class, first, last, confidence: 0.5 };
        let labels = ["a".to_string(), "b".to_string()];
        let found = glyphs(&[token(2, 0, 1), token(3, 2, 2), token(1, 3, 3)], &labels, 0.25);
        let wanted = [('b', 0.25), (' ', 0.625), ('a', 0.875)];
        assert_eq!(found, wanted.map(|(symbol, middle)| Glyph { symbol, middle, confidence: 0.5 }));
    }

    #[test]
    fn words_end_at_spaces_and_at_wide_gaps() {
        assert_eq!(texts(&line("one two")), ["one", "two"]);
        assert_eq!(texts(&line("name_____value")), ["name", "value"]);
        assert_eq!(texts(&line("日本語___漢文に")), ["日本語漢文に"]);
        assert_eq!(texts(&[]), [""; 0]);
    }

    #[test]
    fn a_word_takes_its_part_of_the_line() {
        let found = words(&line("ab cd"));
        let places: Vec<_> = found.iter().map(|w| (w.from, w.to)).collect();
        let near = |a: f32, b: f32| (a - b).abs() < 1e-4;
        assert!(near(places[0].0, 0.0) && near(places[0].1, 0.4));
        assert!(near(places[1].0, 0.6) && near(places[1].1, 1.0));
    }

    #[test]
    fn wide_punctuation_is_narrowed_in_latin_lines_only() {
        assert_eq!(texts(&line("tel（03）：5。")), ["tel(03):5."]);
        assert_eq!(texts(&line("中国（上海）。")), ["中国（上海）。"]);
    }
}
