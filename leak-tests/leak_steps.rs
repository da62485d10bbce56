//! Every step by itself leaves nothing of Rust's heap behind; models are stood in for by functions.

#[path = "suite/heap.rs"]
mod heap;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use flatleaf::{
    Models,
    content::{Label, Region},
    geometry::Rect,
    model::{LAYOUT, Model, OCR_DETECTION, OCR_ORIENTATION, OCR_RECOGNITION, Tensor},
    steps::{
        formula, layout, ocr, order, rules,
        table::{self, Sheet},
        tags, text,
    },
};
use ndarray::{Array2, Array3, Array4, ArrayD, IxDyn};
use suite::{Form, inputs};

fn scenario(form: Form) {
    if inputs::assets().is_none() {
        return;
    }
    let page = inputs::sample().page(1).expect("a sound page");
    let (spans, boxes) = (text::spans(&page), rects());
    let lines = text::lines(&spans);
    let raster = inputs::picture(306, 396);
    let models = stand_ins();
    let equations = Vec::new();

    heap::assert_flat("text", form, |_| assert!(!text::lines(&text::spans(&page)).is_empty()));
    heap::assert_flat("formulas", form, |_| assert!(!formula::find(&page, &equations).is_empty()));
    heap::assert_flat("tables", form, |_| drop(table::find(&Sheet::of(&page, &lines), &[])));
    heap::assert_flat("order", form, |_| assert_eq!(order::reading_order(&boxes).len(), boxes.len()));
    heap::assert_flat("tags", form, |_| drop(tags::sound_order(&page, &lines)));
    heap::assert_flat("rules", form, |_| drop(rules::find(&raster, &lines)));
    heap::assert_flat("settle", form, |_| assert!(!layout::settle(regions()).is_empty()));
    heap::assert_flat("layout", form, |_| drop(layout::detect(&models, &raster).expect("a function runs")));
    heap::assert_flat("ocr", form, |_| {
        let reading = ocr::read(&models, &raster, &[]).expect("functions run");
        assert!(!reading.spans.is_empty());
    });
    heap::assert_flat("upright", form, |_| drop(ocr::upright(&raster, Default::default(), 2.0)));
}

fn rects() -> Vec<Rect> {
    let rect = |n: usize| {
        let (x, y) = (50.0 + 250.0 * (n % 2) as f32, 40.0 + 30.0 * (n / 2) as f32);
        Rect::new(x, y, x + 200.0, y + 20.0)
    };
    (0..40).map(rect).collect()
}

fn regions() -> Vec<Region> {
    rects().into_iter().map(|rect| Region { rect, label: Label::Text, score: 0.8 }).collect()
}

fn stand_ins() -> Models {
    Models::with_loader(|name| panic!("nothing stands in for {name}"))
        .with(LAYOUT, sees_nothing())
        .with(OCR_DETECTION, sees_ink())
        .with(OCR_ORIENTATION, says_upright())
        .with(OCR_RECOGNITION, reads_a())
}

/// Scores of nothing on the detector's four grids.
fn sees_nothing() -> Model {
    Model::from_fn(|_: &[Tensor]| {
        let cells = [7_600, 1_900, 475, 130];
        let grid = |n: &usize, wide| ArrayD::zeros(IxDyn(&[1, *n, wide]));
        let (scores, distances) = (cells.iter().map(|n| grid(n, 10)), cells.iter().map(|n| grid(n, 32)));
        Ok(scores.chain(distances).collect())
    })
}

/// A line of text in every fifth row of sixteen pixels.
fn sees_ink() -> Model {
    Model::from_fn(|inputs: &[Tensor]| {
        let (height, width) = (inputs[0].shape()[2], inputs[0].shape()[3]);
        let ink = |(_, _, y, x): (usize, usize, usize, usize)| {
            if y % 80 < 16 && (20..width - 20).contains(&x) { 0.9 } else { 0.0 }
        };
        Ok(vec![Array4::from_shape_fn((1, 1, height, width), ink).into_dyn()])
    })
}

fn says_upright() -> Model {
    Model::from_fn(|inputs: &[Tensor]| {
        let vote = |(_, class): (usize, usize)| if class == 0 { 1.0 } else { 0.0 };
        Ok(vec![Array2::from_shape_fn((inputs[0].shape()[0], 2), vote).into_dyn()])
    })
}

/// `a` in every fourth time step.
fn reads_a() -> Model {
    let answer = |inputs: &[Tensor]| {
        let (n, steps) = (inputs[0].shape()[0], inputs[0].shape()[3] / 8);
        let class = |(_, step, class): (usize, usize, usize)| {
            let letter = if step % 4 == 0 { 1 } else { 0 };
            if class == letter { 0.9 } else { 0.0 }
        };
        Ok(vec![Array3::from_shape_fn((n, steps, 3), class).into_dyn()])
    };
    Model::from_fn(answer).with_labels(["a"])
}

#[test]
fn every_step_leaves_nothing() {
    scenario(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn every_step_leaves_nothing_in_full() {
    scenario(Form::Full);
}
