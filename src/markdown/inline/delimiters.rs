//! Asterisks count as emphasis only where CommonMark takes them for it:
//! <https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run>. Emphasis
//! that it would not see is left out, so that no asterisk shows.

/// A part of the written text.
pub(super) enum Token {
    Text(String),
    Open { pair: usize, sign: &'static str },
    Close { pair: usize, sign: &'static str },
}

impl Token {
    pub fn text(text: &str) -> Self {
        Token::Text(text.to_owned())
    }

    pub fn ends_in_bracket(&self) -> bool {
        matches!(self, Token::Text(text) if text.ends_with(']'))
    }

    fn pair(&self) -> Option<usize> {
        match self {
            Token::Text(_) => None,
            Token::Open { pair, .. } | Token::Close { pair, .. } => Some(*pair),
        }
    }
}

/// The tokens as text, with the emphasis that holds.
pub(super) fn written(mut tokens: Vec<Token>) -> String {
    // Without one pair the neighbours of another change, so look again after each.
    while let Some(pair) = broken(&tokens) {
        tokens.retain(|token| token.pair() != Some(pair));
    }
    let sign = |token: Token| match token {
        Token::Text(text) => text,
        Token::Open { sign, .. } | Token::Close { sign, .. } => sign.to_owned(),
    };
    tokens.into_iter().map(sign).collect()
}

/// A pair of delimiters of which one would not open or close.
fn broken(tokens: &[Token]) -> Option<usize> {
    let mut before = None;
    let mut start = 0;
    for run in tokens.chunk_by(|a, b| a.pair().is_some() == b.pair().is_some()) {
        let end = start + run.len();
        if run[0].pair().is_none() {
            before = run.iter().rev().find_map(last_character);
        } else if let Some(pair) = broken_in(run, before, tokens.get(end).and_then(first_character)) {
            return Some(pair);
        }
        start = end;
    }
    None
}

/// The same in one run of asterisks, with the characters before and after it.
fn broken_in(run: &[Token], before: Option<char>, after: Option<char>) -> Option<usize> {
    let opens = run.iter().find(|t| matches!(t, Token::Open { .. }));
    let closes = run.iter().find(|t| matches!(t, Token::Close { .. }));
    match (opens, closes) {
        // `**a***b*`: which asterisk belongs to which is anybody's guess.
        (Some(opens), Some(_)) => opens.pair(),
        (Some(opens), None) if !flanks(after, before) => opens.pair(),
        (None, Some(closes)) if !flanks(before, after) => closes.pair(),
        _ => None,
    }
}

/// Whether a run between the emphasised character and the one outside counts.
fn flanks(inside: Option<char>, outside: Option<char>) -> bool {
    let Some(inside) = inside.filter(|c| !c.is_whitespace()) else { return false };
    inside.is_alphanumeric() || outside.is_none_or(|c| c.is_whitespace() || is_punctuation(c))
}

/// Of what is neither letter nor digit, all that surely is punctuation; combining marks, for one, are not.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '¡' | '§' | '«' | '¶' | '·' | '»' | '¿')
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203E}' | '\u{3001}'..='\u{3003}')
        || matches!(c, '\u{3008}'..='\u{3011}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF1F}')
}

fn first_character(token: &Token) -> Option<char> {
    match token {
        Token::Text(text) => text.chars().next(),
        _ => None,
    }
}

fn last_character(token: &Token) -> Option<char> {
    match token {
        Token::Text(text) => text.chars().next_back(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{` and `}` stand for two asterisks that open and close.
    fn holds(sketch: &str) -> String {
        let mut tokens: Vec<Token> = Vec::new();
        let (mut opened, mut next) = (Vec::new(), 0);
        for c in sketch.chars() {
            match c {
                '{' => {
                    opened.push(next);
                    tokens.push(Token::Open { pair: next, sign: "**" });
                    next += 1;
                }
                '}' => tokens.push(Token::Close { pair: opened.pop().unwrap(), sign: "**" }),
                c => tokens.push(Token::text(&c.to_string())),
            }
        }
        written(tokens)
    }

    #[test]
    fn emphasis_holds_around_words_and_inside_them() {
        assert_eq!(holds("a {b} c"), "a **b** c");
        assert_eq!(holds("a{b}c"), "a**b**c");
        assert_eq!(holds("({b.})"), "(**b.**)");
    }

    #[test]
    fn emphasis_that_ends_in_punctuation_before_a_letter_is_left_out() {
        assert_eq!(holds("{b.}c"), "b.c");
        assert_eq!(holds("a{(b} c"), "a(b c");
        assert_eq!(holds("a{-b-}c {d}"), "a-b-c **d**");
    }

    #[test]
    fn emphasis_that_touches_other_emphasis_is_left_out() {
        assert_eq!(holds("{a}{b}"), "**a**b");
    }
}
