//! Columns of text to columns of numbers and days. A column is parsed where all that it says parses, and stays text
//! otherwise: nothing is guessed of a single cell, and nothing goes lost.

mod date;
mod number;

use std::cmp::Ordering;

use super::grid::Place;
use date::{Date, date};
use number::{Decimal, Note, Number, is_missing, number};

/// A column that parses as a whole; `None` where a value is missing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values {
    /// No number has a fraction.
    Integers(Vec<Option<i64>>),
    /// Percentages are fractions here: `12.5 %` is 0.125.
    Floats(Vec<Option<f64>>),
    /// Days since 1970-01-01.
    Dates(Vec<Option<i32>>),
}

/// The values of each column of one table; `None` for a column that stays text. The columns decide together what a
/// lone `1.234` is.
pub(super) fn typed(columns: &[&[Place]]) -> Vec<Option<Values>> {
    let numbers: Vec<_> = columns.iter().map(|column| numbers(column)).collect();
    let usual = usual_decimal(numbers.iter().flatten());
    let values = |(column, numbers): (&&[Place], &Option<Vec<Option<Number>>>)| match numbers {
        Some(numbers) => values(numbers, decimal(numbers).unwrap_or(usual)),
        None => dates(column).map(Values::Dates),
    };
    columns.iter().zip(&numbers).map(values).collect()
}

/// What each place says by `parse`; `None` if one says something else, or none says anything. A copy of a cell that
/// begins in another column says nothing if it does not parse, nor does one of a cell that heads the whole row: what
/// it says stays in the column where it begins.
fn parsed<T>(column: &[Place], parse: impl Fn(&str) -> Option<T>) -> Option<Vec<Option<T>>> {
    let one = |place: &Place| match place.text {
        Some(text) if !place.banner && !is_missing(text) => match parse(text) {
            None if !place.copied => None,
            value => Some(value),
        },
        _ => Some(None),
    };
    let values: Vec<Option<T>> = column.iter().map(one).collect::<Option<_>>()?;
    values.iter().any(Option::is_some).then_some(values)
}

/// The numbers of a column that has nothing but numbers of one kind.
fn numbers(column: &[Place]) -> Option<Vec<Option<Number>>> {
    let numbers = parsed(column, number)?;
    let all: Vec<&Number> = numbers.iter().flatten().collect();
    let is_one_kind = possible(&numbers, Decimal::Point) || possible(&numbers, Decimal::Comma);
    let is_sound = has_one_currency(&all)
        && percent_is_on_all_or_none(&all)
        && brackets_are_notes(&all)
        && parentheses_are_negatives(&all);
    (is_one_kind && is_sound).then_some(numbers)
}

fn has_one_currency(numbers: &[&Number]) -> bool {
    let mut signs = numbers.iter().filter_map(|n| n.currency);
    let first = signs.next();
    signs.all(|sign| Some(sign) == first)
}

/// Beside percentages, a bare number could be in percent or not; but nought is nought.
fn percent_is_on_all_or_none(numbers: &[&Number]) -> bool {
    let is_zero = |n: &Number| [&n.point, &n.comma].into_iter().flatten().all(|r| r.is_zero());
    numbers.iter().all(|n| n.percent || is_zero(n)) || !numbers.iter().any(|n| n.percent)
}

/// What most numbers of a column have after them is a second number.
fn brackets_are_notes(numbers: &[&Number]) -> bool {
    2 * numbers.iter().filter(|n| n.note == Note::Bracket).count() <= numbers.len()
}

/// Below numbers with stars they are standard errors, and (1), (2), (3) count something.
fn parentheses_are_negatives(numbers: &[&Number]) -> bool {
    let stars = numbers.iter().any(|n| n.note == Note::Star);
    let counts = |(place, n): (usize, &&Number)| {
        let value = n.point.as_ref().and_then(|r| r.integer());
        n.parentheses && value == Some(-(place as i64) - 1)
    };
    let is_count = numbers.len() > 1 && numbers.iter().enumerate().all(counts);
    let are_errors = stars && numbers.iter().any(|n| n.parentheses);
    !is_count && !are_errors
}

/// Whether all numbers of a column can be read so.
fn possible(numbers: &[Option<Number>], decimal: Decimal) -> bool {
    numbers.iter().flatten().all(|n| n.reading(decimal).is_some())
}

/// The only way to read the column; `None` if there are two.
fn decimal(numbers: &[Option<Number>]) -> Option<Decimal> {
    match (possible(numbers, Decimal::Point), possible(numbers, Decimal::Comma)) {
        (true, false) => Some(Decimal::Point),
        (false, true) => Some(Decimal::Comma),
        _ => None,
    }
}

/// What more columns of the table are sure of; else, what more of them suggest; else the point.
fn usual_decimal<'a>(columns: impl Iterator<Item = &'a Vec<Option<Number>>>) -> Decimal {
    let columns: Vec<_> = columns.collect();
    let sure = columns.iter().filter_map(|numbers| decimal(numbers));
    let suggested = columns.iter().filter_map(|numbers| suggested_decimal(numbers));
    majority(sure).or_else(|| majority(suggested)).unwrap_or(Decimal::Point)
}

fn majority(decimals: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let count = |(points, commas), decimal| match decimal {
        Decimal::Point => (points + 1, commas),
        Decimal::Comma => (points, commas + 1),
    };
    let (points, commas) = decimals.fold((0, 0), count);
    match points.cmp(&commas) {
        Ordering::Greater => Some(Decimal::Point),
        Ordering::Less => Some(Decimal::Comma),
        Ordering::Equal => None,
    }
}

/// A column that can be read both ways: where `1.234` and `732` stand together and no `1996`, the sign groups
/// thousands, for who prints three decimals prints them of each number.
fn suggested_decimal(numbers: &[Option<Number>]) -> Option<Decimal> {
    let is_whole =
        |decimal| numbers.iter().flatten().all(|n| n.reading(decimal).is_some_and(|r| r.is_whole()));
    let bare = || {
        numbers.iter().flatten().filter(|n| n.point == n.comma).filter_map(|n| n.point.as_ref()?.integer())
    };
    let is_bare_below_a_thousand = bare().any(|n| n.abs() >= 100) && bare().all(|n| n.abs() < 1000);
    match (is_whole(Decimal::Point), is_whole(Decimal::Comma)) {
        (true, false) if is_bare_below_a_thousand => Some(Decimal::Point),
        (false, true) if is_bare_below_a_thousand => Some(Decimal::Comma),
        _ => None,
    }
}

fn values(numbers: &[Option<Number>], decimal: Decimal) -> Option<Values> {
    let readings = || numbers.iter().map(|n| n.as_ref().and_then(|n| n.reading(decimal)));
    let percent = numbers.iter().flatten().any(|n| n.percent);
    if !percent && readings().flatten().all(|r| r.is_whole()) {
        let integers = readings().map(|r| r.map_or(Some(None), |r| r.integer().map(Some)));
        return integers.collect::<Option<_>>().map(Values::Integers);
    }
    let floats = readings()
        .map(|r| r.map_or(Some(None), |r| if percent { r.hundredth() } else { r.float() }.map(Some)));
    floats.collect::<Option<_>>().map(Values::Floats)
}

/// The days of a column of dates, if all can be read in one order and only in one.
fn dates(column: &[Place]) -> Option<Vec<Option<i32>>> {
    let dates = parsed(column, |text| date(text.trim()))?;
    let read = |day: fn(&Date) -> Option<i32>| -> Option<Vec<Option<i32>>> {
        dates.iter().map(|date| date.as_ref().map_or(Some(None), |date| day(date).map(Some))).collect()
    };
    match (read(|date| date.day_first), read(|date| date.month_first)) {
        (Some(day_first), Some(month_first)) => (day_first == month_first).then_some(day_first),
        (day_first, month_first) => day_first.or(month_first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column<'a>(texts: &[&'a str]) -> Vec<Place<'a>> {
        texts.iter().map(|text| Place { text: Some(text), ..Place::default() }).collect()
    }

    fn typed(columns: &[Vec<Place>]) -> Vec<Option<Values>> {
        super::typed(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    fn one(texts: &[&str]) -> Option<Values> {
        typed(&[column(texts)]).remove(0)
    }

    fn integers(values: &[i64]) -> Option<Values> {
        Some(Values::Integers(values.iter().copied().map(Some).collect()))
    }

    fn floats(values: &[f64]) -> Option<Values> {
        Some(Values::Floats(values.iter().copied().map(Some).collect()))
    }

    #[test]
    fn whole_numbers_and_years_are_integers() {
        assert_eq!(one(&["1996", "1997"]), integers(&[1996, 1997]));
        assert_eq!(one(&["1,234", "(56)", "–7"]), integers(&[1234, -56, -7]));
    }

    #[test]
    fn one_fraction_makes_floats() {
        assert_eq!(one(&["1", "2.5"]), floats(&[1.0, 2.5]));
    }

    #[test]
    fn missing_values_are_null() {
        let values = Values::Integers(vec![Some(1), None, None, None, Some(2)]);
        assert_eq!(one(&["$ 1", "–", "n.a.", "$ —", "2"]), Some(values));
    }

    #[test]
    fn nothing_but_missing_values_is_text() {
        assert_eq!(one(&["–", "n.a."]), None);
        assert_eq!(typed(&[vec![Place::default()], vec![]]), [None, None]);
    }

    #[test]
    fn one_word_leaves_the_column_text() {
        assert_eq!(one(&["1", "2", "three"]), None);
        assert_eq!(one(&["yes", "no"]), None);
    }

    #[test]
    fn the_column_decides_what_a_point_is() {
        assert_eq!(one(&["1.234", "5"]), floats(&[1.234, 5.0]));
        assert_eq!(one(&["1.234", "5,5"]), floats(&[1234.0, 5.5]));
        assert_eq!(one(&["1.234", "1.234.567"]), integers(&[1234, 1_234_567]));
        assert_eq!(one(&["1.234", "0.5"]), floats(&[1.234, 0.5]));
        assert_eq!(one(&["1,234", "0,5"]), floats(&[1.234, 0.5]));
        assert_eq!(one(&["1,5", "1.5"]), None);
    }

    #[test]
    fn else_the_table_decides() {
        let two = typed(&[column(&["1.234"]), column(&["0,5"])]);
        assert_eq!(two, [integers(&[1234]), floats(&[0.5])]);
        let three = typed(&[column(&["1.234"]), column(&["0,5"]), column(&["0.5"])]);
        assert_eq!(three, [floats(&[1.234]), floats(&[0.5]), floats(&[0.5])]);
    }

    #[test]
    fn whole_numbers_beside_it_say_that_a_point_groups_thousands() {
        assert_eq!(one(&["1.234", "14.862", "732"]), integers(&[1234, 14_862, 732]));
        assert_eq!(one(&["1.234", "732", "1996"]), floats(&[1.234, 732.0, 1996.0]));
        assert_eq!(one(&["1.234", "1"]), floats(&[1.234, 1.0]));
        let two = typed(&[column(&["1.234", "732"]), column(&["0.5", "1"])]);
        assert_eq!(two, [floats(&[1.234, 732.0]), floats(&[0.5, 1.0])]);
    }

    #[test]
    fn percentages_are_fractions() {
        assert_eq!(one(&["12.5%", "(0.1 %)", "0"]), floats(&[0.125, -0.001, 0.0]));
        assert_eq!(one(&["7 %"]), floats(&[0.07]));
    }

    #[test]
    fn a_bare_number_beside_percentages_leaves_text() {
        assert_eq!(one(&["12.5%", "13.1"]), None);
    }

    #[test]
    fn currencies_are_dropped_and_not_mixed() {
        assert_eq!(one(&["$ 1,234.50", "56.10"]), floats(&[1234.5, 56.1]));
        assert_eq!(one(&["$5", "€5"]), None);
    }

    #[test]
    fn names_made_of_digits_stay() {
        assert_eq!(one(&["007", "123"]), None);
        assert_eq!(one(&["2", "2a"]), None);
        assert_eq!(one(&["12345678901234567890"]), None);
        assert_eq!(one(&["(1)", "(2)", "(3)"]), None);
        assert_eq!(one(&["9007199254740993", "0.5"]), None);
    }

    #[test]
    fn standard_errors_are_no_negatives() {
        assert_eq!(one(&["0.45***", "(0.12)"]), None);
        assert_eq!(one(&["0.45***", "0.12"]), floats(&[0.45, 0.12]));
    }

    #[test]
    fn footnotes_go_and_second_numbers_stay() {
        assert_eq!(one(&["1,234 (1)", "56", "78†"]), integers(&[1234, 56, 78]));
        assert_eq!(one(&["1,234 (5)", "1,567 (7)"]), None);
    }

    #[test]
    fn dates_need_one_order() {
        assert_eq!(one(&["01/02/1970", "13/01/1970"]), Some(Values::Dates(vec![Some(31), Some(12)])));
        assert_eq!(one(&["01/02/1970", "01/13/1970"]), Some(Values::Dates(vec![Some(1), Some(12)])));
        assert_eq!(one(&["01/02/1970", "02/03/1970"]), None);
        assert_eq!(one(&["13/01/1970", "01/13/1970"]), None);
        assert_eq!(one(&["02/02/1970", "–"]), Some(Values::Dates(vec![Some(32), None])));
        assert_eq!(one(&["1970-01-02", "3 Jan 1970"]), Some(Values::Dates(vec![Some(1), Some(2)])));
        assert_eq!(one(&["1970-01-02", "1970"]), None);
    }

    #[test]
    fn a_heading_over_the_row_does_not_make_numbers_text() {
        let banner = |text| Place { text: Some(text), banner: true, copied: true };
        let copy = |text| Place { text: Some(text), banner: false, copied: true };
        let numbers = |first| vec![first, Place { text: Some("5"), ..Place::default() }];
        let five = Some(Values::Integers(vec![None, Some(5)]));
        assert_eq!(
            typed(&[numbers(banner("Assets")), numbers(banner("2012"))]),
            [five.clone(), five.clone()]
        );
        assert_eq!(typed(&[numbers(copy("Assets"))]), [five]);
        assert_eq!(typed(&[numbers(copy("7"))]), [integers(&[7, 5])]);
    }
}
