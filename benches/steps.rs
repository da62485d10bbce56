//! What the pure parts around the models cost: pixels in, boxes and text out.
//! The sizes are those of a letter page at 200 dpi.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use flatleaf::{
    content::{Label, Raster, Region},
    geometry::{Point, Rect},
    model::{
        input::{self, Normal},
        output,
    },
    steps::{layout, rules},
};
use image::{Rgb, RgbImage};
use ndarray::Array2;

/// Black bars on white where lines of text would be.
fn page() -> RgbImage {
    let is_ink = |x: u32, y: u32| y % 40 < 24 && (100..1600).contains(&x);
    RgbImage::from_fn(1700, 2200, |x, y| Rgb([if is_ink(x, y) { 0 } else { 255 }; 3]))
}

fn pixels_to_tensors(c: &mut Criterion) {
    let page = page();
    c.bench_function("input: a page to the detector's size", |b| {
        b.iter(|| input::resize(black_box(&page), 704, 928));
    });
    let small = input::resize(&page, 704, 928);
    c.bench_function("input: a page to a tensor", |b| {
        b.iter(|| input::tensor(black_box(&small), &Normal::OCR))
    });
    let (corner, along, down) = (Point::new(100.0, 100.0), Point::new(1500.0, 20.0), Point::new(-0.5, 40.0));
    c.bench_function("input: a skewed line", |b| {
        b.iter(|| input::rectify(black_box(&page), corner, along, down, 1800, 48));
    });
}

fn tensors_to_boxes_and_text(c: &mut Criterion) {
    let map = Array2::from_shape_fn(
        (928, 704),
        |(y, x)| {
            if y % 17 < 5 && (40..660).contains(&x) { 0.9 } else { 0.0 }
        },
    );
    c.bench_function("output: blobs of a page of lines", |b| {
        b.iter(|| output::blobs(black_box(map.view()), 0.3))
    });
    let line = Array2::from_shape_fn((160, 18_710), |(step, class)| match (step % 2, class) {
        (0, 0) => 0.99,
        (1, class) if class == step => 0.99,
        _ => 0.0,
    });
    c.bench_function("output: a line of 80 characters", |b| b.iter(|| output::ctc(black_box(line.view()))));
}

fn regions(c: &mut Criterion) {
    let region = |i: usize| {
        let (x, y) = ((i % 10) as f32 * 50.0, (i / 10) as f32 * 60.0);
        let label = if i.is_multiple_of(7) { Label::Table } else { Label::Text };
        Region { rect: Rect::new(x, y, x + 90.0, y + 80.0), label, score: 0.4 + (i % 6) as f32 / 10.0 }
    };
    let found: Vec<Region> = (0..100).map(region).collect();
    c.bench_function("layout: settle a hundred regions", |b| {
        b.iter(|| layout::settle(black_box(found.clone())))
    });
}

/// A full page of text with a table of 30 rows and 6 columns, on grey paper.
fn ruling_lines(c: &mut Criterion) {
    let is_letter = |x: u32, y: u32| y % 40 < 14 && x % 11 < 5 && (100..1600).contains(&x);
    let is_rule = |x: u32, y: u32| {
        let inside = (100..1600).contains(&x) && (400..1600).contains(&y);
        inside && (y % 40 == 30 || x % 250 < 2)
    };
    let light = |x, y| if is_letter(x, y) || is_rule(x, y) { 30 } else { 240 - (x * 7 + y * 13) as u8 % 8 };
    let pixels = RgbImage::from_fn(1654, 2339, |x, y| Rgb([light(x, y); 3]));
    let raster = Raster { pixels, scale: 200.0 / 72.0 };
    c.bench_function("rules: a page of text and a table", |b| {
        b.iter(|| rules::find(black_box(&raster), &[]))
    });
}

criterion_group!(benches, pixels_to_tensors, tensors_to_boxes_and_text, regions, ruling_lines);
criterion_main!(benches);
