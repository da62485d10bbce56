//! Columns of a frame as plain values.

use polars::prelude::*;

use crate::{Error, Result};

fn failed(chart: &str) -> impl Fn(PolarsError) -> Error {
    let doing = format!("drawing the chart \"{chart}\"");
    move |source| Error::Frame { doing: doing.clone(), source }
}

/// Any numbers or truth values; missing ones are `None`.
pub(super) fn numbers(frame: &DataFrame, name: &str, chart: &str) -> Result<Vec<Option<f64>>> {
    let cast =
        frame.column(name).and_then(|column| column.cast(&DataType::Float64)).map_err(failed(chart))?;
    Ok(cast.f64().map_err(failed(chart))?.iter().collect())
}

pub(super) fn texts(frame: &DataFrame, name: &str, chart: &str) -> Result<Vec<Option<String>>> {
    let column = frame.column(name).map_err(failed(chart))?;
    Ok(column.str().map_err(failed(chart))?.iter().map(|text| text.map(str::to_owned)).collect())
}

/// What the column of texts says of each row, in the order in which that first comes.
pub(super) fn distinct<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    texts.into_iter().filter(|text| seen.insert(*text)).map(str::to_owned).collect()
}

/// A page's place among all pages of the frame, for each row, and what each page is called: its number.
pub(super) fn pages(frame: &DataFrame, chart: &str) -> Result<(Vec<usize>, Vec<String>, usize)> {
    let documents = texts(frame, "document", chart)?;
    let numbers = numbers(frame, "page", chart)?;
    let mut places = std::collections::HashMap::new();
    let (mut names, mut rows) = (Vec::new(), Vec::new());
    for (document, page) in documents.iter().zip(&numbers) {
        let number = page.unwrap_or_default() as u64;
        let place = *places.entry((document, number)).or_insert_with(|| {
            names.push(number.to_string());
            names.len() - 1
        });
        rows.push(place);
    }
    let documents = distinct(documents.iter().flatten().map(String::as_str)).len();
    Ok((rows, names, documents))
}
