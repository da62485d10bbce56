//! A frame to an HTML table: its shape, the names and types of its columns, its first and last rows.

use std::ops::Range;

use polars::prelude::*;

use super::{cut, escaped};

/// Rows up to which all are shown.
const ROWS: usize = 20;
/// Rows shown at either end of a longer frame.
const ENDS: usize = 5;
/// Columns up to which all are shown.
const COLUMNS: usize = 24;
/// Columns shown at either end of a wider frame.
const SIDES: usize = 10;
/// Characters of a cell.
const TEXT: usize = 60;

/// Its shape, then its first and last rows under the names and types of the columns. Text keeps to one line and is cut at 60
/// characters, with the whole in a tooltip.
pub fn frame(frame: &DataFrame) -> String {
    let (rows, columns) = (shown(frame.height(), ROWS, ENDS), shown(frame.width(), COLUMNS, SIDES));
    let mut html = String::from("<div style=\"overflow-x:auto\">");
    html.push_str(&format!("<small>{}</small>\n<table class=\"dataframe\">\n", shape(frame)));
    html.push_str(&format!("<thead>{}</thead>\n<tbody>\n", head(frame, &columns)));
    for (n, part) in rows.iter().enumerate() {
        if n > 0 {
            html.push_str(&gap(&columns));
        }
        part.clone().for_each(|row| html.push_str(&body_row(frame, row, &columns)));
    }
    html.push_str("</tbody>\n</table></div>");
    html
}

/// All of them, or both ends.
fn shown(all: usize, most: usize, ends: usize) -> Vec<Range<usize>> {
    if all <= most { vec![0..all] } else { vec![0..ends, all - ends..all] }
}

fn shape(frame: &DataFrame) -> String {
    let count = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    format!("{} × {}", count(frame.height(), "row"), count(frame.width(), "column"))
}

fn head(frame: &DataFrame, columns: &[Range<usize>]) -> String {
    let name = |column: &Column| {
        let (name, dtype) = (cut(column.name(), TEXT), escaped(&column.dtype().to_string()));
        format!("<th style=\"{}\">{name}<br><small style=\"opacity:.6\">{dtype}</small></th>", style(column))
    };
    format!("<tr>{}</tr>", across(frame, columns, name, "<th>…</th>"))
}

fn body_row(frame: &DataFrame, row: usize, columns: &[Range<usize>]) -> String {
    let value = |column: &Column| format!("<td style=\"{}\">{}</td>", style(column), cell(column, row));
    format!("<tr>{}</tr>\n", across(frame, columns, value, "<td>…</td>"))
}

/// One row, with `gap` where columns are left out.
fn across(
    frame: &DataFrame,
    columns: &[Range<usize>],
    cell: impl Fn(&Column) -> String,
    gap: &str,
) -> String {
    let part = |range: &Range<usize>| frame.columns()[range.clone()].iter().map(&cell).collect::<String>();
    columns.iter().map(part).collect::<Vec<_>>().join(gap)
}

fn gap(columns: &[Range<usize>]) -> String {
    let cells = columns.iter().map(|range| "<td>⋮</td>".repeat(range.len())).collect::<Vec<_>>();
    format!("<tr style=\"opacity:.5\">{}</tr>\n", cells.join("<td></td>"))
}

/// Jupyter's own style breaks lines and has all text to the right.
fn style(column: &Column) -> &'static str {
    match column.dtype().is_primitive_numeric() {
        true => "text-align:right;white-space:nowrap;padding:2px 8px",
        false => "text-align:left;white-space:nowrap;padding:2px 8px",
    }
}

fn cell(column: &Column, row: usize) -> String {
    match column.get(row) {
        Ok(AnyValue::Null) | Err(_) => "<i style=\"opacity:.4\">null</i>".to_owned(),
        Ok(AnyValue::Float32(value)) => float(f64::from(value)),
        Ok(AnyValue::Float64(value)) => float(value),
        Ok(AnyValue::String(text)) => cut(text, TEXT),
        Ok(AnyValue::StringOwned(text)) => cut(&text, TEXT),
        Ok(value) => cut(&value.to_string(), TEXT),
    }
}

/// Two places from 10 on, up to four below; very large and very small ones in powers of ten.
fn float(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e9).contains(&size) && value.is_finite() {
        return format!("{value:.3e}");
    }
    if size >= 10.0 {
        return format!("{value:.2}");
    }
    let text = format!("{value:.4}");
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: usize) -> DataFrame {
        let numbers: Vec<u32> = (0..rows as u32).collect();
        let texts = vec!["a <b>"; rows];
        DataFrame::new_infer_height(vec![Column::new("n".into(), numbers), Column::new("text".into(), texts)])
            .unwrap()
    }

    #[test]
    fn a_short_frame_is_shown_whole() {
        let html = frame(&of(20));
        assert!(html.contains("<small>20 rows × 2 columns</small>"), "{html}");
        assert_eq!((html.matches("<tr").count(), html.matches("a &lt;b&gt;").count()), (21, 20));
        assert!(html.contains("n<br><small style=\"opacity:.6\">u32</small>"), "{html}");
    }

    #[test]
    fn a_long_frame_shows_both_ends() {
        let html = frame(&of(1000));
        assert_eq!((html.matches("<tr").count(), html.matches('⋮').count()), (12, 2));
        assert!(html.contains(">4</td>") && !html.contains(">5</td>") && html.contains(">999</td>"));
    }

    #[test]
    fn a_wide_frame_shows_both_sides() {
        let column = |n: usize| Column::new(format!("c{n}").into(), [n as u32]);
        let html = frame(&DataFrame::new_infer_height((0..100).map(column).collect()).unwrap());
        assert_eq!(html.matches("<td").count(), 21);
        assert!(html.contains("c9<") && !html.contains("c10<") && html.contains("c99<"));
    }

    #[test]
    fn nothing_has_a_shape_too() {
        assert!(frame(&DataFrame::empty()).contains("0 rows × 0 columns"));
    }

    #[test]
    fn numbers_have_as_many_places_as_help() {
        let shown = [0.0, 1.5, 0.123_456, 612.0, 1e-5, 2e10, f64::NAN].map(float);
        assert_eq!(shown, ["0.0", "1.5", "0.1235", "612.00", "1.000e-5", "2.000e10", "NaN"]);
    }
}
