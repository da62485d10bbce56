//! Tables of a page that OCR reads: what is ruled is seen on its raster.

use crate::{
    content::{Label, Line, Raster, Region, Table},
    geometry::Rect,
    steps::{
        rules::{self, Ruled},
        table::{self, Sheet},
    },
};

/// From this score on, a region is a figure.
const FIGURE: f32 = 0.5;

/// The tables on an upright raster. Words that run across a ruling line are taken apart in `lines`.
pub(super) fn tables(raster: &Raster, lines: &mut Vec<Line>, regions: &[Region]) -> Vec<Table> {
    let figures = figures(regions);
    let Ruled { rules, boxes } = without(&figures, rules::find(raster, lines));
    *lines = rules::parted(std::mem::take(lines), &rules);
    let page = Rect::new(0.0, 0.0, raster.width(), raster.height());
    table::find(&Sheet { page, lines, rules, boxes, pictures: figures }, regions)
}

/// Regions of figures that are not taken for tables as well.
fn figures(regions: &[Region]) -> Vec<Rect> {
    let tables = || regions.iter().filter(|r| r.label == Label::Table);
    let figures = regions.iter().filter(|r| r.label == Label::Figure && r.score >= FIGURE);
    figures.map(|r| r.rect).filter(|f| !tables().any(|t| t.rect.overlap_area(f) > 0.0)).collect()
}

/// Axes, bars and grids of charts rule no table.
fn without(figures: &[Rect], ruled: Ruled) -> Ruled {
    let outside = |rect: &Rect| !figures.iter().any(|f| f.contains(rect.center()));
    let keep = |rects: Vec<Rect>| rects.into_iter().filter(outside).collect();
    Ruled { rules: keep(ruled.rules), boxes: keep(ruled.boxes) }
}
