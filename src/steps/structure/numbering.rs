//! The numbers that headings begin with.

/// How headings are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scheme {
    /// `2`, `2.1`; `A.1`.
    Decimal,
    /// `IV.`
    Roman,
    /// `B.`
    Letter,
    /// `Chapter 3`, `Appendix B`, `Part II`.
    Word,
    /// `第三章`, `三、`.
    Ideographs,
}

/// A heading's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) scheme: Scheme,
    /// 1 for `2`, 2 for `2.1`.
    pub(super) depth: usize,
    /// Bytes of the text that it takes, white space after it included.
    pub(super) length: usize,
}

/// The number in front of a title; `None` for a text without one, and where nothing follows.
pub(super) fn of(text: &str) -> Option<Number> {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let number = |scheme, depth, length| Some(Number { scheme, depth, length });
    if let Some(length) = ideographic(text) {
        return number(Scheme::Ideographs, 1, length);
    }
    if is_name(first) {
        let (count, title) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let counts = count.trim_end_matches(['.', ':']);
        let fits = decimal_parts(counts).is_some() || is_roman(counts) || is_letter(counts);
        return fits.then(|| Number { scheme: Scheme::Word, depth: 1, length: text.len() - title.len() });
    }
    if !rest.starts_with(|c: char| c.is_alphabetic() || "“\"‘'([$`*".contains(c)) {
        return None;
    }
    let length = text.len() - rest.len();
    let bare = first.trim_start_matches('§').trim_end_matches(['.', ')', ':']);
    let marked = first.len() > bare.len();
    if let Some(parts) = decimal_parts(bare) {
        return number(Scheme::Decimal, parts, length);
    }
    match bare.split_once('.') {
        Some((letter, parts)) if is_letter(letter) || is_roman(letter) => {
            number(Scheme::Decimal, 1 + decimal_parts(parts)?, length)
        }
        Some(_) => None,
        // `I` counts one, but without a stop it may be a pronoun.
        None if is_roman(bare) && marked => number(Scheme::Roman, 1, length),
        None if is_letter(bare) => {
            number(Scheme::Letter, 1, length).filter(|_| marked || bare != "A" && bare != "I")
        }
        None => None,
    }
}

fn is_name(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "chapter"
            | "appendix"
            | "part"
            | "section"
            | "chapitre"
            | "annexe"
            | "kapitel"
            | "anhang"
            | "capítulo"
    )
}

fn decimal_parts(text: &str) -> Option<usize> {
    let parts: Vec<&str> = text.split('.').collect();
    let counts =
        |part: &&str| !part.is_empty() && part.len() <= 3 && part.chars().all(|c| c.is_ascii_digit());
    parts.iter().all(counts).then_some(parts.len()).filter(|n| *n <= 5)
}

fn is_roman(text: &str) -> bool {
    !text.is_empty() && text.len() <= 5 && text.chars().all(|c| "IVXL".contains(c))
}

fn is_letter(text: &str) -> bool {
    text.len() == 1 && text.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Bytes of `第三章` or `三、` in front.
fn ideographic(text: &str) -> Option<usize> {
    let counts = |c: char| "一二三四五六七八九十百".contains(c) || c.is_ascii_digit();
    let (start, ends): (_, &[char]) = match text.strip_prefix('第') {
        Some(rest) => (rest, &['章', '节', '節', '部', '篇', '条']),
        None => (text, &['、', '．']),
    };
    let length = start.find(|c: char| !counts(c)).filter(|&n| n > 0)?;
    let end = start[length..].chars().next().filter(|c| ends.contains(c))?;
    let after = text.len() - start.len() + length + end.len_utf8();
    (after < text.len()).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(text: &str) -> Option<(Scheme, usize)> {
        of(text).map(|n| (n.scheme, n.depth))
    }

    #[test]
    fn numbers_tell_their_depth() {
        assert_eq!(depth("2 Method"), Some((Scheme::Decimal, 1)));
        assert_eq!(depth("2.1. Data"), Some((Scheme::Decimal, 2)));
        assert_eq!(depth("A.1 Proofs"), Some((Scheme::Decimal, 2)));
        assert_eq!(depth("IV. RESULTS"), Some((Scheme::Roman, 1)));
        assert_eq!(depth("B. Setup"), Some((Scheme::Letter, 1)));
        assert_eq!(depth("Chapter 3 Trees"), Some((Scheme::Word, 1)));
        assert_eq!(depth("三、解答题"), Some((Scheme::Ideographs, 1)));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["A method", "I think", "2019", "Results", "12 %", "3.14"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
