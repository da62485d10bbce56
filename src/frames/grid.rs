//! A table to the columns of a frame: names from its header rows, and the text of each body row.

use std::collections::HashSet;

use crate::content::{Cell, Table};

/// One place of a body column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// `None` where the cell is empty, or there is none.
    pub text: Option<&'a str>,
    /// The text belongs to a cell that covers the whole row and begins in another column.
    pub banner: bool,
    /// The text belongs to a cell that begins in another column.
    pub copied: bool,
}

impl<'a> Place<'a> {
    fn of(cell: &'a Cell, column: usize, table: &Table) -> Self {
        let text = Some(cell.text.trim()).filter(|text| !text.is_empty());
        let copied = column > cell.column;
        Place { text, copied, banner: copied && cell.column_span >= table.columns }
    }
}

/// A column of a table, below its header rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GridColumn<'a> {
    /// No other column's.
    pub name: String,
    /// One for each body row.
    pub places: Vec<Place<'a>>,
}

/// The columns of `table`. Text of a cell that spans stands in each of its places, as in pandas' `read_html`; that of
/// a header cell that reaches into the body stays in the name alone. No name is one of `taken`.
pub(super) fn columns<'a>(table: &'a Table, taken: &[&str]) -> Vec<GridColumn<'a>> {
    let headers = table.header_rows.min(table.rows);
    let mut places = vec![vec![Place::default(); table.rows]; table.columns];
    for cell in &table.cells {
        let end_row = cell.row + cell.row_span;
        let end_row = if cell.row < headers { end_row.min(headers) } else { end_row };
        let end_column = cell.column + cell.column_span;
        for (column, places) in places.iter_mut().enumerate().take(end_column).skip(cell.column) {
            let place = Place::of(cell, column, table);
            places.iter_mut().take(end_row).skip(cell.row).for_each(|covered| *covered = place);
        }
    }
    let names =
        unique(places.iter().enumerate().map(|(n, column)| name(n, &column[..headers])).collect(), taken);
    let bodies = places.into_iter().map(|mut column| column.split_off(headers));
    names.into_iter().zip(bodies).map(|(name, places)| GridColumn { name, places }).collect()
}

/// The levels of a header from the top, joined by ` / `; one that says the same as that above it says it once.
fn name(column: usize, levels: &[Place]) -> String {
    let mut parts: Vec<String> = levels
        .iter()
        .filter_map(|level| level.text)
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    parts.dedup();
    if parts.is_empty() { format!("column_{}", column + 1) } else { parts.join(" / ") }
}

/// The second of a name gets ` (2)`, or the next number that is free.
fn unique(names: Vec<String>, taken: &[&str]) -> Vec<String> {
    let printed: HashSet<String> = names.iter().cloned().collect();
    let mut used: HashSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let free = |name: &String, used: &HashSet<String>| {
        let numbered = (2..).map(|n| format!("{name} ({n})")).filter(|numbered| !printed.contains(numbered));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(|name| !used.contains(name)).expect("there are more numbers than columns")
    };
    let mut chosen = Vec::with_capacity(names.len());
    for name in &names {
        let name = free(name, &used);
        used.insert(name.clone());
        chosen.push(name);
    }
    chosen
}
