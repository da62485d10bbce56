//! Tables of a page that OCR reads: what is ruled is seen on its raster.

use crate::{
    content::{Label, Line, Raster, Region, Table},
    geometry::Rect,
    steps::{
        rules::{self, Ruled},
        table::{self, Sheet},
    },
};

/// The tables on an upright raster. In `lines`, words that run across a ruling line are taken apart, and dashes that
/// OCR overlooked are added.
pub(super) fn tables(raster: &Raster, lines: &mut Vec<Line>, regions: &[Region]) -> Vec<Table> {
    let Ruled { rules, boxes } = rules::find(raster, lines);
    *lines = rules::parted(std::mem::take(lines), &rules);
    let page = Rect::new(0.0, 0.0, raster.width(), raster.height());
    let find = |lines: &[Line]| {
        let sheet = Sheet { page, lines, rules: rules.clone(), boxes: boxes.clone(), pictures: Vec::new() };
        table::find(&sheet, regions)
    };
    let mut tables = find(lines);
    let marks: Vec<Line> =
        tables.iter().flat_map(|table| rules::marks(raster, &table.rect, lines)).collect();
    if !marks.is_empty() {
        lines.extend(marks);
        tables = find(lines);
    }
    tables.retain(|table| !is_chart(table, regions));
    tables
}

/// Share of a table that lies in a figure, if it is the figure's.
const IN_FIGURE: f32 = 0.6;
/// Share of the places of a chart's grid that hold text; tables that the layout step took for figures hold more.
const CHART: f32 = 0.75;

/// Whether the layout step saw a figure here, and the grid is as empty as that of a chart.
fn is_chart(table: &Table, regions: &[Region]) -> bool {
    let of = |label: Label| {
        let over = regions.iter().filter(move |r| r.label == label && table.rect.share_in(&r.rect) > IN_FIGURE);
        over.map(|r| r.score).fold(0.0, f32::max)
    };
    let filled = table.cells.iter().filter(|c| !c.text.is_empty());
    let places: usize = filled.map(|c| c.row_span * c.column_span).sum();
    let share = places as f32 / (table.rows * table.columns).max(1) as f32;
    of(Label::Figure) > of(Label::Table) && share < CHART
}
