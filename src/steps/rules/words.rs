//! Words that OCR read across a ruling line, taken apart there: the detector
//! runs the texts of narrow cells together.

use crate::{
    content::{Line, Span, Word},
    geometry::Rect,
};

/// Of a word's height. A rule that is as near to its end only touches it.
const TOUCHES: f32 = 0.25;
/// Share of a word's height that a rule crosses.
const CROSSES: f32 = 0.6;

/// The lines with a space in each word wherever one of the upright `rules` crosses it.
pub(super) fn parted(mut lines: Vec<Line>, rules: &[Rect]) -> Vec<Line> {
    let upright: Vec<&Rect> = rules.iter().filter(|r| r.height() > r.width()).collect();
    for line in &mut lines {
        let reach = TOUCHES * line.rect.height();
        let crossing = |r: &&&Rect| r.overlap_x(&line.rect) > -reach && r.overlap_y(&line.rect) > 0.0;
        let near: Vec<&Rect> = upright.iter().filter(crossing).copied().collect();
        if !near.is_empty() {
            line.spans.iter_mut().for_each(|span| part(span, &near));
            line.spans.retain(|span| !span.words.is_empty());
        }
    }
    lines.retain(|line| line.spans.iter().any(|span| !span.words.is_empty()));
    lines
}

fn part(span: &mut Span, rules: &[&Rect]) {
    for rule in rules {
        span.words = span.words.drain(..).flat_map(|word| halves(word, rule)).collect();
    }
    let texts: Vec<&str> = span.words.iter().map(|w| w.text.as_str()).collect();
    span.text = texts.join(" ");
}

/// The word, or its parts on both sides of the rule.
fn halves(word: Word, rule: &Rect) -> Vec<Word> {
    let (rect, at) = (word.rect, rule.center().x);
    if rule.overlap_y(&rect) < CROSSES * rect.height() {
        return vec![word];
    }
    let reach = TOUCHES * rect.height();
    if at - rect.x0 <= reach || rect.x1 - at <= reach {
        return touched(word, at, reach).into_iter().collect();
    }
    let cut = cut(&word.text, (at - rect.x0) / rect.width());
    let (left, right) = word.text.split_at(cut);
    let half = |text: &str, x0: f32, x1: f32| Word {
        text: text.trim_matches(is_rule).to_string(),
        rect: Rect::new(x0, rect.y0, x1, rect.y1),
        confidence: word.confidence,
    };
    let both = [half(left, rect.x0, rule.x0.max(rect.x0)), half(right, rule.x1.min(rect.x1), rect.x1)];
    both.into_iter().filter(|word| !word.text.is_empty()).collect()
}

/// The word without the rule at its end, if the recogniser read one there; `None` if it was nothing else.
fn touched(word: Word, at: f32, reach: f32) -> Option<Word> {
    let text = match word.rect {
        r if (at - r.x0).abs() <= reach => word.text.trim_start_matches(is_rule),
        r if (at - r.x1).abs() <= reach => word.text.trim_end_matches(is_rule),
        _ => &word.text,
    };
    (!text.is_empty()).then(|| Word { text: text.to_string(), ..word })
}

/// What the recogniser takes a ruling line for.
fn is_rule(symbol: char) -> bool {
    matches!(symbol, '|' | '丨' | '¦')
}

/// The byte of `text` that stands at a share of its width.
fn cut(text: &str, share: f32) -> usize {
    let wanted = share * text.chars().map(width).sum::<f32>();
    let mut passed = 0.0;
    let is_left = |c: &char| {
        passed += width(*c);
        passed - 0.5 * width(*c) < wanted
    };
    text.chars().take_while(is_left).map(char::len_utf8).sum()
}

/// Of a letter of middling width.
fn width(symbol: char) -> f32 {
    match symbol {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.5,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.7,
        'm' | 'w' | 'M' | 'W' | '%' => 1.6,
        c if c.is_uppercase() => 1.3,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Word {
        Word { text: text.into(), rect: Rect::new(100.0, 0.0, 150.0, 10.0), confidence: 1.0 }
    }

    fn parts(text: &str, at: f32) -> Vec<String> {
        let rule = Rect::new(at - 0.5, -20.0, at + 0.5, 30.0);
        halves(word(text), &rule).into_iter().map(|w| w.text).collect()
    }

    #[test]
    fn a_word_across_a_rule_is_two() {
        assert_eq!(parts("ofPct", 120.0), ["of", "Pct"]);
        assert_eq!(parts("12|56", 125.0), ["12", "56"]);
    }

    #[test]
    fn a_rule_at_its_end_leaves_a_word_whole() {
        assert_eq!(parts("total", 101.0), ["total"]);
        assert_eq!(parts("total|", 149.0), ["total"]);
        assert_eq!(parts("|", 149.0), [""; 0]);
    }
}
