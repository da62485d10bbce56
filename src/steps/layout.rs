//! A raster to labelled regions, by a PicoDet detector with the ten classes of
//! CDLA. The model sees the page squeezed to one size, whatever its shape.

use ndarray::{ArrayView2, ArrayViewD, Ix3, s};

use crate::{
    Models, Result,
    content::{Label, Raster, Region},
    geometry::{Point, Rect},
    model::{
        LAYOUT, Model,
        input::{self, Normal},
        output,
    },
};

/// Pixels across and down, fixed in the model.
const INPUT: (u32, u32) = (608, 800);
/// Input pixels between the cells of each of the detector's four grids.
const STRIDES: [f32; 4] = [8.0, 16.0, 32.0, 64.0];
/// Below this nothing is passed on to [`settle`].
const CANDIDATE_SCORE: f32 = 0.3;
/// Overlap over union from which two boxes of one class are one thing (the detector's own setting).
const SAME: f32 = 0.5;

/// In the order of the model's classes.
const LABELS: [Label; 10] = [
    Label::Text,
    Label::Title,
    Label::Figure,
    Label::FigureCaption,
    Label::Table,
    Label::TableCaption,
    Label::Header,
    Label::Footer,
    Label::Reference,
    Label::Equation,
];

/// Everything on the page that may be a region, in points; overlapping and
/// doubtful ones included, which [`settle`] sorts out.
///
/// # Errors
/// When the model cannot be loaded or run.
pub fn detect(models: &Models, raster: &Raster) -> Result<Vec<Region>> {
    if raster.pixels.is_empty() {
        return Ok(Vec::new());
    }
    let model = models.get(LAYOUT)?;
    let squeezed = input::resize(&raster.pixels, INPUT.0, INPUT.1);
    let tensor = input::tensor(&squeezed, &Normal::IMAGENET);
    let found = model.run_with(&[tensor], |outputs| candidates(&model, outputs))??;
    Ok(suppressed(&found).into_iter().map(|region| on_page(region, raster)).collect())
}

/// From the outputs (four of scores `[1, cells, classes]`, then four of
/// distances `[1, cells, 4 * bins]`) to boxes in input pixels.
fn candidates(model: &Model, outputs: &[ArrayViewD<f32>]) -> Result<Vec<Region>> {
    let shapes = || outputs.iter().map(|o| o.shape().to_vec()).collect::<Vec<_>>();
    let wrong = || model.wrong_shape("four grids of scores and four of distances", shapes());
    if outputs.len() != 2 * STRIDES.len() {
        return Err(wrong());
    }
    let (scores, distances) = outputs.split_at(STRIDES.len());
    let mut found = Vec::new();
    for ((scores, distances), stride) in scores.iter().zip(distances).zip(STRIDES) {
        let scores = scores.view().into_dimensionality::<Ix3>().map_err(|_| wrong())?;
        let distances = distances.view().into_dimensionality::<Ix3>().map_err(|_| wrong())?;
        let fits = scores.dim().0 == 1
            && scores.dim().2 == LABELS.len()
            && distances.dim().0 == 1
            && distances.dim().1 == scores.dim().1
            && distances.dim().2.is_multiple_of(4);
        if !fits {
            return Err(wrong());
        }
        found.extend(grid(scores.slice(s![0, .., ..]), distances.slice(s![0, .., ..]), stride));
    }
    Ok(found)
}

/// The boxes of one grid, whose cells go left to right, then down.
fn grid(scores: ArrayView2<f32>, distances: ArrayView2<f32>, stride: f32) -> Vec<Region> {
    let columns = (INPUT.0 as f32 / stride).ceil() as usize;
    let bins = distances.ncols() / 4;
    let mut found = Vec::new();
    for (cell, scores) in scores.outer_iter().enumerate() {
        for (label, &score) in LABELS.into_iter().zip(scores).filter(|(_, score)| **score > CANDIDATE_SCORE) {
            let side = |k| stride * output::expected(distances.slice(s![cell, k * bins..(k + 1) * bins]));
            let x = ((cell % columns) as f32 + 0.5) * stride;
            let y = ((cell / columns) as f32 + 0.5) * stride;
            let rect = Rect::new(x - side(0), y - side(1), x + side(2), y + side(3));
            found.push(Region { rect, label, score });
        }
    }
    found
}

/// Of boxes of one class that overlap, the best.
fn suppressed(found: &[Region]) -> Vec<Region> {
    let of = |label| found.iter().filter(move |r| r.label == label).cloned().collect::<Vec<_>>();
    let best = |same: Vec<Region>| {
        let boxes: Vec<_> = same.iter().map(|r| (r.rect, r.score)).collect();
        output::suppress(&boxes, SAME).into_iter().map(|i| same[i].clone()).collect::<Vec<_>>()
    };
    LABELS.into_iter().map(of).flat_map(best).collect()
}

/// From input pixels to points; what reaches beyond the page is cut off.
fn on_page(region: Region, raster: &Raster) -> Region {
    let (width, height) = (raster.width(), raster.height());
    let place = |p: Point| {
        Point::new(
            (p.x / INPUT.0 as f32 * width).clamp(0.0, width),
            (p.y / INPUT.1 as f32 * height).clamp(0.0, height),
        )
    };
    let a = place(Point::new(region.rect.x0, region.rect.y0));
    let b = place(Point::new(region.rect.x1, region.rect.y1));
    Region { rect: Rect::new(a.x, a.y, b.x, b.y), ..region }
}

/// Regions that are believed, from the top: those with a good score, where no
/// two claim the same part of the page. Settling twice changes nothing.
pub fn settle(regions: Vec<Region>) -> Vec<Region> {
    let mut order: Vec<Region> = regions.into_iter().filter(believed).collect();
    order.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let mut kept: Vec<Region> = Vec::new();
    for region in order {
        if !kept.iter().any(|k| rivals(k, &region)) {
            kept.push(region);
        }
    }
    kept.sort_by(|a, b| {
        (a.rect.y0, a.rect.x0).partial_cmp(&(b.rect.y0, b.rect.x0)).unwrap_or(std::cmp::Ordering::Equal)
    });
    kept
}

/// Score from which a region is believed.
const SCORE: f32 = 0.4;

fn believed(region: &Region) -> bool {
    region.score >= SCORE && region.rect.area() > 0.0
}

/// Score from which a figure or table owns what lies in it. Below, the model
/// also calls columns and whole pages figures.
const SURE: f32 = 0.6;

/// Figures and tables own what lies in them, so they are settled before the
/// text regions that the detector also sees inside.
fn rank(region: &Region) -> f32 {
    let owns_inside = matches!(region.label, Label::Figure | Label::Table) && region.score >= SURE;
    region.score + if owns_inside { 1.0 } else { 0.0 }
}

/// Share of the smaller of two regions from which the two claim one place.
const SAME_PLACE: f32 = 0.6;

/// Whether `region` claims the place that `kept` holds: one lies mostly in the
/// other, or they share most of both.
fn rivals(kept: &Region, region: &Region) -> bool {
    let (inside, around) = (region.rect.share_in(&kept.rect), kept.rect.share_in(&region.rect));
    inside.max(around) > SAME_PLACE
}

#[cfg(test)]
mod tests {
    use image::RgbImage;
    use ndarray::{Array3, arr1};

    use super::*;

    fn region(x0: f32, y0: f32, x1: f32, y1: f32, label: Label, score: f32) -> Region {
        Region { rect: Rect::new(x0, y0, x1, y1), label, score }
    }

    #[test]
    fn doubtful_and_nested_regions_go() {
        let text = region(0.0, 0.0, 100.0, 50.0, Label::Text, 0.9);
        let found = vec![
            text.clone(),
            region(0.0, 0.0, 100.0, 48.0, Label::Reference, 0.5),
            region(10.0, 10.0, 90.0, 20.0, Label::Title, 0.6),
            region(0.0, 60.0, 100.0, 70.0, Label::Footer, 0.1),
        ];
        assert_eq!(settle(found), [text]);
    }

    #[test]
    fn a_table_keeps_the_place_of_text_seen_in_it() {
        let table = region(0.0, 0.0, 100.0, 100.0, Label::Table, 0.7);
        let text = region(5.0, 5.0, 95.0, 30.0, Label::Text, 0.9);
        assert_eq!(settle(vec![text, table.clone()]), [table]);
    }

    #[test]
    fn a_doubtful_figure_does_not_swallow_a_column() {
        let figure = region(0.0, 0.0, 100.0, 400.0, Label::Figure, 0.45);
        let column = region(2.0, 2.0, 98.0, 398.0, Label::Text, 0.95);
        assert_eq!(settle(vec![figure, column.clone()]), [column]);
    }

    #[test]
    fn settling_twice_changes_nothing() {
        let mut seed = 7_u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 24) as f32
        };
        for _ in 0..100 {
            let regions = (0..20).map(|i| {
                let (x, y) = (500.0 * next(), 700.0 * next());
                let (w, h) = (200.0 * next(), 200.0 * next());
                region(x, y, x + w, y + h, LABELS[i % 10], next())
            });
            let once = settle(regions.collect());
            assert_eq!(settle(once.clone()), once);
        }
    }

    /// A model that sees one table, four cells of 32 pixels to every side of
    /// cell 5 by 5 in the third grid.
    fn one_table() -> Model {
        Model::from_fn(|_| {
            let cells = [7600, 1900, 475, 130];
            let mut scores = cells.map(|n| Array3::zeros((1, n, 10)));
            let mut distances = cells.map(|n| Array3::zeros((1, n, 32)));
            let cell = 5 * 19 + 5;
            scores[2][[0, cell, 4]] = 0.9;
            let four = arr1(&[0.0, 0.0, 0.0, 0.0, 99.0, 0.0, 0.0, 0.0]);
            for k in 0..4 {
                distances[2].slice_mut(s![0, cell, 8 * k..8 * k + 8]).assign(&four);
            }
            Ok(scores.into_iter().chain(distances).map(Array3::into_dyn).collect())
        })
    }

    #[test]
    fn a_cell_of_the_detector_becomes_a_box_in_points() {
        let models = Models::with_loader(|_| unreachable!()).with(LAYOUT, one_table());
        let raster = Raster { pixels: RgbImage::new(1216, 1600), scale: 2.0 };
        let found = detect(&models, &raster).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].label, Label::Table);
        let rect = found[0].rect;
        let wanted = Rect::new(48.0, 48.0, 304.0, 304.0);
        assert!(rect.iou(&wanted) > 0.999, "{rect:?}");
    }

    #[test]
    fn a_strange_answer_is_an_error_and_an_empty_page_has_no_regions() {
        let models = Models::with_loader(|_| unreachable!()).with(LAYOUT, Model::from_fn(|_| Ok(vec![])));
        let tiny = Raster { pixels: RgbImage::new(1, 1), scale: 1.0 };
        assert!(matches!(detect(&models, &tiny), Err(crate::Error::ModelShape { .. })));
        let empty = Raster { pixels: RgbImage::new(0, 0), scale: 1.0 };
        assert_eq!(detect(&models, &empty).unwrap(), []);
    }
}
