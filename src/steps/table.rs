//! Words and rules to tables: where they are, and the grid of their cells. One
//! engine for digital pages and scans; nothing here knows which of the two it
//! was given.
//!
//! [`recognise`] asks a model what it sees in a picture of a table, and [`fused`] weighs its answer.
//!
//! Everything here is in the upright frame of the page's text.

mod areas;
mod cells;
mod columns;
mod fusion;
mod headers;
mod judge;
mod model;
mod pieces;
mod rows;
mod ruling;

use crate::{
    content::{Line, Page, Region, Table},
    geometry::Rect,
};
use cells::Grid;
use pieces::Piece;
use ruling::Ruling;

pub use fusion::fused;
pub use model::{Slot, Structure, recognise};

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
    /// Images and drawings, which tables do not stand on.
    pub pictures: Vec<Rect>,
}

impl<'a> Sheet<'a> {
    /// Of an upright page with a text layer.
    pub fn of(page: &Page, lines: &'a [Line]) -> Self {
        Self {
            page: page.rect(),
            lines,
            rules: page.rules.iter().map(|rule| rule.rect).collect(),
            boxes: page.boxes.clone(),
            pictures: page.images.iter().chain(&page.drawings).copied().collect(),
        }
    }
}

/// The tables of a page, from the top. `regions` are those of the layout step; there may be none.
pub fn find(sheet: &Sheet, regions: &[Region]) -> Vec<Table> {
    let mut found: Vec<Table> = Vec::new();
    for area in areas::candidates(sheet, regions) {
        let Some(table) = read(sheet, &area.rect) else { continue };
        let Some(mut table) = judge::accepted(sheet, table, &area, regions) else { continue };
        headers::mark(&mut table);
        let taken =
            |t: &Table| t.rect.overlap_area(&table.rect) > TAKEN * t.rect.area().min(table.rect.area());
        if !found.iter().any(taken) {
            found.push(table);
        }
    }
    found.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0));
    found
}

/// Share of the smaller one. Tables do not overlap more.
const TAKEN: f32 = 0.1;
/// Points. Words that reach over the edge of an area still stand in it.
const AROUND: f32 = 2.0;

/// The table in `area`, where there is known to be one; `None` if no text stands there.
pub fn read(sheet: &Sheet, area: &Rect) -> Option<Table> {
    let inks = pieces::within(sheet, &area.inflate(AROUND));
    let rect = Rect::around_all(inks.iter().map(|i| &i.rect))?;
    let rows = pieces::rows(inks);
    let size = pieces::usual_size(&rows);
    let ruling = Ruling::within(sheet, &rect);
    let bounds = columns::bounds(&rows, &ruling, &rect, size);
    let bounds = columns::without_signs(columns::without_empty(bounds, &rows, size), &rows);
    let pieces: Vec<Vec<Piece>> =
        rows.iter().enumerate().map(|(n, row)| pieces::cut(row, n, &bounds)).collect();
    let rect = frame(&rect, &ruling);
    let columns: Vec<(f32, f32)> = {
        let grid = Grid { rect, boxes: &[], bounds: &bounds, edges: &[] };
        (0..=bounds.len()).map(|n| grid.column(n)).collect()
    };
    let text = rows::Text { rows: &rows, pieces: &pieces, columns: &columns, size };
    let edges = rows::edges(&text, &ruling);
    let grid = Grid { rect, boxes: &ruling.boxes, bounds: &bounds, edges: &edges };
    Some(grid.table(&pieces.concat()))
}

/// The text's box with the frame that is drawn around it.
fn frame(text: &Rect, ruling: &Ruling) -> Rect {
    let lows = |rails: &[ruling::Rail]| rails.first().map_or(f32::INFINITY, |r| r.at);
    let highs = |rails: &[ruling::Rail]| rails.last().map_or(f32::NEG_INFINITY, |r| r.at);
    let (flat, upright) = (&ruling.horizontal, &ruling.vertical);
    Rect::new(
        text.x0.min(lows(upright)),
        text.y0.min(lows(flat)),
        text.x1.max(highs(upright)),
        text.y1.max(highs(flat)),
    )
}
