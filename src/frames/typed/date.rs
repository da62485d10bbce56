//! A cell's text to a day, where it names one and nothing but one.

/// What one date says. Two numbers of at most 12 before the year leave its order open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Date {
    /// Days since 1970-01-01, if the day comes first or the order is known.
    pub day_first: Option<i32>,
    /// The same, if the month comes first or the order is known.
    pub month_first: Option<i32>,
}

impl Date {
    fn known(year: i32, month: u32, day: u32) -> Option<Self> {
        let days = days(year, month, day)?;
        Some(Date { day_first: Some(days), month_first: Some(days) })
    }
}

/// `2012-12-31`, `31.12.2012`, `31/12/2012`, `12/31/2012`, `31 Dec 2012`, `December 31, 2012`. Years of two digits
/// have no century, so they are no dates here.
pub(super) fn date(text: &str) -> Option<Date> {
    named_month(text).or_else(|| ['-', '/', '.'].into_iter().find_map(|sign| numeric(text, sign)))
}

fn numeric(text: &str, sign: char) -> Option<Date> {
    let parts: Vec<&str> = text.split(sign).map(str::trim).collect();
    let [first, second, third] = parts[..] else { return None };
    if let Some(year) = year(first) {
        return Date::known(year, up_to_two_digits(second)?, up_to_two_digits(third)?);
    }
    let (first, second, year) = (up_to_two_digits(first)?, up_to_two_digits(second)?, year(third)?);
    // Nobody writes the month first before a point.
    let month_first = if sign == '.' { None } else { days(year, first, second) };
    let date = Date { day_first: days(year, second, first), month_first };
    (date.day_first.is_some() || date.month_first.is_some()).then_some(match sign {
        '.' => Date { month_first: date.day_first, ..date },
        _ => date,
    })
}

fn named_month(text: &str) -> Option<Date> {
    let parts: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',' || c == '-').filter(|p| !p.is_empty()).collect();
    let [first, second, third] = parts[..] else { return None };
    let year = year(third)?;
    match month(first) {
        Some(month) => Date::known(year, month, ordinal(second)?),
        None => Date::known(year, month(second)?, ordinal(first)?),
    }
}

/// `12`, `12.`, `12th`
fn ordinal(text: &str) -> Option<u32> {
    let bare = [".", "st", "nd", "rd", "th"].into_iter().find_map(|end| text.strip_suffix(end));
    up_to_two_digits(bare.unwrap_or(text))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// From 1; the whole English name, its first three letters, or `sept`.
fn month(text: &str) -> Option<u32> {
    let text = text.strip_suffix('.').unwrap_or(text).to_lowercase();
    let is_short = |name: &str| text == name[..3] || (text == "sept" && name == "september");
    MONTHS.iter().position(|name| text == *name || is_short(name)).map(|n| n as u32 + 1)
}

fn year(text: &str) -> Option<i32> {
    (text.len() == 4 && is_digits(text)).then(|| text.parse().ok()).flatten().filter(|year| *year > 0)
}

fn up_to_two_digits(text: &str) -> Option<u32> {
    ((1..=2).contains(&text.len()) && is_digits(text)).then(|| text.parse().ok()).flatten()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Days from 1970-01-01 in the Gregorian calendar; `None` if the month has no such day. Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn days(year: i32, month: u32, day: u32) -> Option<i32> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // The year begins in March, so that the leap day ends it.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year as i32;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> Option<i32> {
        let date = date(text)?;
        assert_eq!(date.day_first, date.month_first, "{text}");
        date.day_first
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(known("1970-01-01"), Some(0));
        assert_eq!(known("1969-12-31"), Some(-1));
        assert_eq!(known("2000-02-29"), Some(11_016));
        assert_eq!(known("2012-12-31"), Some(15_705));
    }

    #[test]
    fn one_day_in_many_words() {
        for text in [
            "2012-12-31",
            "2012/12/31",
            "31.12.2012",
            "31 Dec 2012",
            "31 December 2012",
            "Dec. 31, 2012",
            "December 31 2012",
            "31st December 2012",
            "31. Dec. 2012",
            "31-Dec-2012",
        ] {
            assert_eq!(known(text), Some(15_705), "{text}");
        }
    }

    #[test]
    fn slashes_leave_the_order_open() {
        let open = date("01/02/2012").unwrap();
        assert_eq!((open.day_first, open.month_first), (days(2012, 2, 1), days(2012, 1, 2)));
        assert_eq!(date("31/12/2012").unwrap().month_first, None);
        assert_eq!(date("12/31/2012").unwrap().day_first, None);
    }

    #[test]
    fn points_put_the_day_first() {
        assert_eq!(known("1.2.2012"), days(2012, 2, 1));
        assert_eq!(date("12.31.2012"), None);
    }

    #[test]
    fn what_names_no_day_is_no_date() {
        for text in [
            "",
            "2012",
            "Jan 2012",
            "31.12.12",
            "30.02.2012",
            "2011-02-29",
            "2012-13-01",
            "1-2-3",
            "1.2.3",
            "32 Jan 2012",
            "12 Foo 2012",
            "2012-12-31-1",
            "10/12",
            "0000-01-01",
            "May",
            "2012-1٣-01",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
