//! Words and rules to tables: where they are, and the grid of their cells. One
//! engine for digital pages and scans; nothing here knows which of the two it
//! was given.
//!
//! Everything here is in the upright frame of the page's text.

use crate::{
    content::{Line, Page, Region, Table},
    geometry::Rect,
};

/// What tables are read from.
#[derive(Clone, Debug, Default)]
pub struct Sheet<'a> {
    /// The page.
    pub page: Rect,
    /// From the text layer or from OCR.
    pub lines: &'a [Line],
    /// Ruling lines: longer than thick, either way.
    pub rules: Vec<Rect>,
    /// Filled rectangles: shaded cells and bands.
    pub boxes: Vec<Rect>,
}

impl<'a> Sheet<'a> {
    /// Of an upright page with a text layer.
    pub fn of(page: &Page, lines: &'a [Line]) -> Self {
        Self {
            page: page.rect(),
            lines,
            rules: page.rules.iter().map(|rule| rule.rect).collect(),
            boxes: page.boxes.clone(),
        }
    }
}

/// The tables of a page, from the top. `regions` are what the layout step took for tables; there may be none.
pub fn find(_sheet: &Sheet, _regions: &[Region]) -> Vec<Table> {
    Vec::new()
}

/// The table in `area`, where there is known to be one; `None` if no text stands there.
pub fn read(_sheet: &Sheet, _area: &Rect) -> Option<Table> {
    None
}
