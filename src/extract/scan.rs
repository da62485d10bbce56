//! Tables of a page that OCR reads: what is ruled is seen on its raster.

use super::sender::map_line;
use crate::{
    content::{Label, Line, Raster, Region, Table},
    geometry::Rect,
    steps::{
        rules::{self, Ruled},
        table::{self, Found, Sheet},
    },
};

/// The tables on an upright raster. In `lines`, words that run across a ruling line are taken apart, and dashes that
/// OCR overlooked are added. Also what is ruled.
pub(super) fn tables(raster: &Raster, lines: &mut Vec<Line>, regions: &[Region]) -> (Found, Option<Ruled>) {
    let ruled = rules::find(raster, lines);
    *lines = rules::parted(std::mem::take(lines), &ruled.rules);
    let page = Rect::new(0.0, 0.0, raster.width(), raster.height());
    let mut found = find(page, lines, &ruled, regions);
    let tables = found.tables.iter();
    let marks: Vec<Line> = tables.flat_map(|table| rules::marks(raster, &table.rect, lines)).collect();
    if !marks.is_empty() {
        lines.extend(marks);
        found = find(page, lines, &ruled, regions);
    }
    found.tables.retain(|table| !is_chart(table, regions));
    (found, Some(ruled))
}

/// Points. Pages are enlarged to this size of text: a picture does not say how large it was printed, and the table step
/// knows what is near by text of a usual size.
const USUAL_SIZE: f32 = 10.0;
/// Size of text, as a share of the usual, that is taken as it is.
const USUAL: std::ops::Range<f32> = 0.65..1.6;

fn find(page: Rect, lines: &[Line], ruled: &Ruled, regions: &[Region]) -> Found {
    let size = rules::text_size(lines).unwrap_or(USUAL_SIZE) / USUAL_SIZE;
    let by = if USUAL.contains(&size) { 1.0 } else { 1.0 / size };
    let all = |rects: &[Rect]| rects.iter().map(|rect| rect.scale(by)).collect::<Vec<Rect>>();
    let lines: Vec<Line> = lines.iter().map(|line| enlarged(line.clone(), by)).collect();
    let regions: Vec<Region> = regions.iter().map(|r| Region { rect: r.rect.scale(by), ..*r }).collect();
    let sheet = Sheet {
        page: page.scale(by),
        lines: &lines,
        rules: all(&ruled.rules),
        boxes: all(&ruled.boxes),
        pictures: Vec::new(),
    };
    let mut found = table::find(&sheet, &regions);
    for table in &mut found.tables {
        table.rect = table.rect.scale(1.0 / by);
        table.cells.iter_mut().for_each(|cell| cell.rect = cell.rect.scale(1.0 / by));
    }
    found
}

fn enlarged(mut line: Line, by: f32) -> Line {
    map_line(&mut line, &|rect| rect.scale(by));
    for span in &mut line.spans {
        (span.baseline, span.size) = (span.baseline * by, span.size * by);
    }
    line
}

/// Share of a table that lies in a figure, if it is the figure's.
const IN_FIGURE: f32 = 0.6;
/// Share of the places of a chart's grid that hold text; tables that the layout step took for figures hold more.
const CHART: f32 = 0.75;

/// Whether the layout step saw a figure here, and the grid is as empty as that of a chart.
fn is_chart(table: &Table, regions: &[Region]) -> bool {
    let filled = table.cells.iter().filter(|c| !c.text.is_empty());
    let places: usize = filled.map(|c| c.row_span * c.column_span).sum();
    let share = places as f32 / (table.rows * table.columns).max(1) as f32;
    let seen =
        |label: Label| regions.iter().any(|r| r.label == label && table.rect.share_in(&r.rect) > IN_FIGURE);
    seen(Label::Figure) && !seen(Label::Table) && share < CHART
}
