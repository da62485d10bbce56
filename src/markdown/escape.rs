//! Plain text that Markdown shows as it is.

/// A stretch of text with its special characters escaped. A bracket is special inside a link only.
pub(super) fn escaped(text: &str, in_link: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for (i, c) in text.char_indices() {
        let rest = &text[i + c.len_utf8()..];
        let special = match c {
            '\\' | '*' | '`' | '$' => true,
            '_' => !(before.is_alphanumeric() && rest.starts_with(char::is_alphanumeric)),
            '<' => rest.starts_with(|n: char| n.is_ascii_alphabetic() || n == '/' || n == '!'),
            '[' => in_link || rest.starts_with('^'),
            ']' => in_link || rest.starts_with(['(', ':']),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// A line that does not start a heading, a quotation, a list, a rule or a fence by the characters it begins with.
pub(super) fn guarded(mut line: String) -> String {
    if let Some(at) = block_start(&line) {
        line.insert(at, '\\');
    }
    line
}

/// Where to escape a line that would start something else than a paragraph.
fn block_start(line: &str) -> Option<usize> {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let starts = match line.chars().next()? {
        '#' => ends(line.trim_start_matches('#')),
        '>' => true,
        '+' => ends(&line[1..]),
        '-' => ends(&line[1..]) || line.trim_matches('-').is_empty(),
        '~' => line.starts_with("~~~"),
        '0'..='9' => {
            let number = number_length(line).filter(|&n| ends(&line[n..]))?;
            return Some(number - 1);
        }
        _ => false,
    };
    starts.then_some(0)
}

/// Bytes of the number and its point or parenthesis that Markdown would take for a list's, at the line's start.
pub(super) fn number_length(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    // More digits than nine make no list: https://spec.commonmark.org/0.31.2/#ordered-list-marker
    ((1..=9).contains(&digits) && line[digits..].starts_with(['.', ')'])).then_some(digits + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_does_not_turn_into_markup() {
        assert_eq!(escaped("a*b _c_ <i> 1 < 2 $5", false), "a\\*b \\_c\\_ \\<i> 1 < 2 \\$5");
        assert_eq!(escaped("[0, 1](x) [^2] [3]", false), "[0, 1\\](x) \\[^2] [3]");
    }

    #[test]
    fn an_underscore_inside_a_word_needs_no_escape() {
        assert_eq!(escaped("read_file _x", false), "read_file \\_x");
    }

    #[test]
    fn a_line_does_not_start_what_it_is_not() {
        let guard = |line: &str| guarded(line.into());
        assert_eq!(guard("# not a heading"), "\\# not a heading");
        assert_eq!(guard("12. May"), "12\\. May");
        assert_eq!(guard("3) three"), "3\\) three");
        assert_eq!(guard("- 5 degrees"), "\\- 5 degrees");
        assert_eq!(guard("---"), "\\---");
        for plain in ["12.5 metres", "#hash", "-x", "a. b", "1234567890. x", ""] {
            assert_eq!(guard(plain), plain);
        }
    }
}
