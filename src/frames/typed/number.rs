//! A cell's text to a number, where it is one and nothing but one. Which of point and comma parts the fraction off
//! is for its column to say: both readings are given.

use crate::steps::wording::is_missing_mark;

/// What parts the whole from the fraction; the other one can then group digits by thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decimal {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

/// A number as printed, and what is printed around it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Number {
    /// With a decimal point.
    pub point: Option<Reading>,
    /// With a decimal comma.
    pub comma: Option<Reading>,
    /// A percent sign stands beside it.
    pub percent: bool,
    /// The currency sign beside it.
    pub currency: Option<char>,
    /// Parentheses make it negative.
    pub parentheses: bool,
    /// What follows it.
    pub note: Note,
}

impl Number {
    pub fn reading(&self, decimal: Decimal) -> Option<&Reading> {
        match decimal {
            Decimal::Point => self.point.as_ref(),
            Decimal::Comma => self.comma.as_ref(),
        }
    }
}

/// A footnote's mark after a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Note {
    /// None.
    #[default]
    None,
    /// Asterisks.
    Star,
    /// `†` and other signs, or a raised letter.
    Sign,
    /// `(1)`, `[a]`: could be a second number.
    Bracket,
}

/// A number without its ornaments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// `-1234.5`, as Rust writes it.
    mantissa: String,
    /// Power of ten to multiply it with.
    exponent: i32,
}

/// Digits of a whole number that a 64-bit float is sure to keep.
const EXACT_DIGITS: usize = 15;

impl Reading {
    /// No fraction, no exponent.
    pub fn is_whole(&self) -> bool {
        self.exponent == 0 && !self.mantissa.contains('.')
    }

    /// Whether its sign and unit make no difference.
    pub fn is_zero(&self) -> bool {
        !self.mantissa.bytes().any(|b| (b'1'..=b'9').contains(&b))
    }

    /// `None` beyond 64 bits, or with a fraction.
    pub fn integer(&self) -> Option<i64> {
        self.is_whole().then(|| self.mantissa.parse().ok()).flatten()
    }

    /// The float nearest to it; `None` where digits of a whole number would go lost.
    pub fn float(&self) -> Option<f64> {
        self.scaled(0)
    }

    /// A hundredth of it, as a float.
    pub fn hundredth(&self) -> Option<f64> {
        self.scaled(-2)
    }

    /// Rounds once: `12.5` with `-2` is what Rust makes of `12.5e-2`.
    fn scaled(&self, power: i32) -> Option<f64> {
        let whole = self.mantissa.trim_start_matches('-').split('.').next()?;
        if whole.len() > EXACT_DIGITS {
            return None;
        }
        let value: f64 = format!("{}e{}", self.mantissa, self.exponent.checked_add(power)?).parse().ok()?;
        value.is_finite().then_some(value)
    }
}

/// What `text` says, if it is a number: `1,234.5`, `(1.234,5)`, `−12 %`, `$1'000`, `3.2e-5`, `12.5*`.
pub(super) fn number(text: &str) -> Option<Number> {
    let (text, note) = without_note(text.trim());
    let Ornaments { body, negative, percent, currency, parentheses } = without_ornaments(text);
    let reading = |decimal| reading(body, decimal, negative);
    let number = Number {
        point: reading(Decimal::Point),
        comma: reading(Decimal::Comma),
        percent,
        currency,
        parentheses,
        note,
    };
    let is_read = number.point.is_some() || number.comma.is_some();
    (is_read && (note != Note::Bracket || !could_be_a_value_beside(body, currency))).then_some(number)
}

/// Whether nothing is left of `text` without its currency and percent signs but a mark for a missing value, or
/// nothing was there.
pub(super) fn is_missing(text: &str) -> bool {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || c == '%' || CURRENCIES.contains(&c));
    text.trim().is_empty() || is_missing_mark(bare)
}

const CURRENCIES: [char; 8] = ['$', '€', '£', '¥', '₹', '₩', '₽', '₺'];

/// Hyphens, the minus sign and the en dash; a longer dash is no sign.
const MINUS: [char; 7] = ['-', '\u{2010}', '\u{2011}', '\u{2013}', '\u{2212}', '\u{FE63}', '\u{FF0D}'];

/// After a number, only what is no dash of a range that breaks off.
const TRAILING_MINUS: [char; 2] = ['-', '\u{2212}'];

const NOTE_SIGNS: &str = "†‡§¶ªᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷʸᶻ";

/// The text before a footnote's mark, and its kind. Plain letters stay: `12a` can be a name.
fn without_note(text: &str) -> (&str, Note) {
    let bare = text.trim_end_matches('*');
    if bare.len() < text.len() {
        return (bare.trim_end(), Note::Star);
    }
    let bare = text.trim_end_matches(|c| NOTE_SIGNS.contains(c));
    if bare.len() < text.len() {
        return (bare.trim_end(), Note::Sign);
    }
    let bracketed = [('(', ')'), ('[', ']')].into_iter().find_map(|(open, close)| {
        let (before, mark) = text.strip_suffix(close)?.rsplit_once(open)?;
        let is_mark = matches!(mark.as_bytes(), [b'1'..=b'9' | b'a'..=b'z'] | [b'1'..=b'9', b'0'..=b'9']);
        let before = before.trim_end();
        let ends_a_number = before.ends_with(|c: char| c.is_ascii_digit() || "%)".contains(c));
        (is_mark && ends_a_number).then_some(before)
    });
    bracketed.map_or((text, Note::None), |before| (before, Note::Bracket))
}

/// `12 (3)` can be a mean and its deviation, `5.1(2)` a value and its uncertainty; `1,234 (3)` and `$5 (a)` are not.
fn could_be_a_value_beside(body: &str, currency: Option<char>) -> bool {
    let grouped = reading(body, Decimal::Point, false).is_some_and(|r| r.is_whole()) && body.contains(',');
    currency.is_none() && !grouped
}

struct Ornaments<'a> {
    /// What the ornaments stood around.
    body: &'a str,
    negative: bool,
    percent: bool,
    currency: Option<char>,
    parentheses: bool,
}

/// Takes signs, percent, currency and parentheses off both ends, in any order, each once.
fn without_ornaments(text: &str) -> Ornaments<'_> {
    let mut it =
        Ornaments { body: text.trim(), negative: false, percent: false, currency: None, parentheses: false };
    let mut signed = false;
    loop {
        let body = it.body;
        let sign = body.strip_prefix(MINUS).or_else(|| body.strip_suffix(TRAILING_MINUS));
        let percent = body.strip_suffix('%').or_else(|| body.strip_prefix('%'));
        let currency = body
            .strip_prefix(CURRENCIES)
            .map(|rest| (rest, body.chars().next()))
            .or_else(|| body.strip_suffix(CURRENCIES).map(|rest| (rest, body.chars().next_back())));
        let rest = if let (false, Some(rest)) = (signed, inside_parentheses(body)) {
            (signed, it.negative, it.parentheses) = (true, true, true);
            rest
        } else if let (false, Some(rest)) = (signed, sign) {
            (signed, it.negative) = (true, true);
            rest
        } else if let (false, Some(rest)) = (signed, body.strip_prefix('+')) {
            signed = true;
            rest
        } else if let (false, Some(rest)) = (it.percent, percent) {
            it.percent = true;
            rest
        } else if let (None, Some((rest, sign))) = (it.currency, currency) {
            it.currency = sign;
            rest
        } else {
            return it;
        };
        it.body = rest.trim();
    }
}

fn inside_parentheses(text: &str) -> Option<&str> {
    text.strip_prefix('(')?.strip_suffix(')')
}

fn reading(body: &str, decimal: Decimal, negative: bool) -> Option<Reading> {
    let (mark, grouping) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (mantissa, exponent) = without_exponent(body)?;
    let (whole, fraction) = match mantissa.split_once(mark) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let fraction = match fraction {
        Some(digits) if is_digits(digits) => format!(".{digits}"),
        Some(_) => return None,
        None => String::new(),
    };
    let whole =
        if whole.is_empty() && !fraction.is_empty() { "0".into() } else { ungrouped(whole, grouping)? };
    let sign = if negative { "-" } else { "" };
    Some(Reading { mantissa: format!("{sign}{whole}{fraction}"), exponent })
}

/// `3.2e-5` and `1E+06`. `1E5` can be a name, so an exponent needs its sign.
fn without_exponent(body: &str) -> Option<(&str, i32)> {
    let Some((mantissa, power)) = body.split_once(['e', 'E']) else { return Some((body, 0)) };
    let digits = power.strip_prefix('+').or_else(|| power.strip_prefix(MINUS))?;
    let size: i32 = if is_digits(digits) { digits.parse().ok()? } else { return None };
    Some((mantissa, if power.starts_with('+') { size } else { -size }))
}

/// The digits of a whole number: bare, or in groups of three (`1,234,567`; in India `12,34,567`) with one sign
/// between. `None` for `007`: it is a name, and would not stay what it is.
fn ungrouped(text: &str, grouping: char) -> Option<String> {
    let is_group_sign = |c: char| c == grouping || "'’\u{20}\u{A0}\u{2007}\u{2009}\u{202F}".contains(c);
    if text.len() > 1 && text.starts_with('0') {
        return None;
    }
    if is_digits(text) {
        return Some(text.to_owned());
    }
    let sign = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| is_group_sign(*c))?;
    let groups: Vec<&str> = text.split(sign).collect();
    let (last, middle) = groups[1..].split_last()?;
    let sizes = |size: usize| middle.iter().all(|group| group.len() == size);
    let first = groups[0].len();
    let by_thousands = (1..=3).contains(&first) && sizes(3);
    let by_lakhs = sign == ',' && (1..=2).contains(&first) && sizes(2) && !middle.is_empty();
    let grouped =
        last.len() == 3 && (by_thousands || by_lakhs) && groups.iter().all(|group| is_digits(group));
    grouped.then(|| groups.concat())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With a decimal point, with a decimal comma.
    fn readings(text: &str) -> (Option<f64>, Option<f64>) {
        let number = number(text).unwrap_or_default();
        let float = |reading: Option<Reading>| reading.and_then(|r| r.float());
        (float(number.point), float(number.comma))
    }

    fn both(text: &str) -> Option<f64> {
        let (point, comma) = readings(text);
        assert_eq!(point, comma, "{text}");
        point
    }

    #[test]
    fn thousands_are_grouped_in_many_ways() {
        for text in [
            "1234567",
            "1 234 567",
            "1\u{A0}234\u{A0}567",
            "1\u{202F}234\u{202F}567",
            "1'234'567",
            "1’234’567",
        ] {
            assert_eq!(both(text), Some(1_234_567.0), "{text}");
        }
        assert_eq!(readings("1,234,567"), (Some(1_234_567.0), None));
        assert_eq!(readings("1.234.567"), (None, Some(1_234_567.0)));
        assert_eq!(readings("12,34,567"), (Some(1_234_567.0), None));
    }

    #[test]
    fn point_and_comma_change_places() {
        assert_eq!(readings("1,234.5"), (Some(1234.5), None));
        assert_eq!(readings("1.234,5"), (None, Some(1234.5)));
        assert_eq!(readings("1 234,5"), (None, Some(1234.5)));
        assert_eq!(readings("1.234"), (Some(1.234), Some(1234.0)));
        assert_eq!(readings("1,234"), (Some(1234.0), Some(1.234)));
        assert_eq!(readings("0.123"), (Some(0.123), None));
        assert_eq!(readings("1234.567"), (Some(1234.567), None));
        assert_eq!(readings(".5"), (Some(0.5), None));
    }

    #[test]
    fn negatives_are_printed_in_many_ways() {
        for text in [
            "-5", "−5", "–5", "‑5", "5-", "5−", "(5)", "( 5 )", "- 5", "-$5", "$-5", "$(5)", "($5)", "$ (5)",
            "(5) €",
        ] {
            assert_eq!(both(text), Some(-5.0), "{text}");
        }
        assert_eq!(both("+5"), Some(5.0));
    }

    #[test]
    fn ornaments_are_told() {
        let it = number("(12.5 %)").unwrap();
        assert!(it.percent && it.parentheses);
        assert_eq!(it.point.unwrap().hundredth(), Some(-0.125));
        assert_eq!(number("€ 5").unwrap().currency, Some('€'));
        assert_eq!(number("5 €").unwrap().currency, Some('€'));
    }

    #[test]
    fn a_footnote_mark_comes_off_where_it_can_be_nothing_else() {
        let note = |text: &str| number(text).map(|n| n.note);
        assert_eq!(note("12.5*"), Some(Note::Star));
        assert_eq!(note("12.5 **"), Some(Note::Star));
        assert_eq!(note("12.5†"), Some(Note::Sign));
        assert_eq!(note("12.5ᵃ"), Some(Note::Sign));
        assert_eq!(note("1,234 (1)"), Some(Note::Bracket));
        assert_eq!(note("$5 [a]"), Some(Note::Bracket));
        for text in ["12 (3)", "5.1(2)", "12a", "10²", "12 [3–5]"] {
            assert_eq!(note(text), None, "{text}");
        }
    }

    #[test]
    fn exponents_need_a_sign() {
        assert_eq!(readings("3.2e-5").0, Some(3.2e-5));
        assert_eq!(both("1E+06"), Some(1e6));
        assert_eq!(both("1E5"), None);
    }

    #[test]
    fn what_is_more_than_a_number_is_none() {
        for text in [
            "",
            "-",
            "x",
            "1-2",
            "1–2",
            "1:2",
            "<5",
            "5.",
            "1.2.3",
            "1,2,3",
            "1 2",
            "12,345,67",
            "1,,234",
            "007",
            "-05",
            "--5",
            "5%%",
            "(5",
            "5)",
            "1.234.5",
            "0,123,456",
            "$",
            "()",
            "1e5",
            "½",
            "٣",
            "5 kg",
            "1 234,567.8",
            "1,234 567",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn digits_are_never_lost() {
        let long = number("12345678901234567890").unwrap().point.unwrap();
        assert_eq!((long.integer(), long.float()), (None, None));
        let exact = number("9,007,199,254,740,993").unwrap().point.unwrap();
        assert_eq!((exact.integer(), exact.float()), (Some(9_007_199_254_740_993), None));
    }

    #[test]
    fn marks_of_what_is_missing() {
        for text in
            ["", " ", "-", "–", "—", "−", "..", "...", "…", ":", "n.a.", "N/A", "NA", "$ —", "— %", "NaN"]
        {
            assert!(is_missing(text), "{text}");
        }
        for text in ["0", "none", "x", "$", "%", "-5", "5-"] {
            assert!(!is_missing(text), "{text}");
        }
    }
}
