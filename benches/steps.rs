//! What the pure parts around the models cost: pixels in, boxes and text out.
//! The sizes are those of a letter page at 200 dpi.

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use flatleaf::{
    content::{Char, Font, Label, Line, Page, Raster, Region, Span, Word},
    geometry::{Point, Rect},
    model::{
        input::{self, Normal},
        output,
    },
    steps::{
        formula, layout, rules,
        table::{self, Sheet},
    },
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

/// A line of one word.
fn word(text: &str, x: f32, baseline: f32) -> Line {
    let rect = Rect::new(x, baseline - 8.0, x + 5.0 * text.len() as f32, baseline + 2.0);
    let span = Span {
        text: text.into(),
        rect,
        words: vec![Word { text: text.into(), rect, confidence: 1.0 }],
        baseline,
        size: 10.0,
        confidence: 1.0,
        ..Span::default()
    };
    Line { rect, spans: vec![span] }
}

const LETTER: Rect = Rect { x0: 0.0, y0: 0.0, x1: 612.0, y1: 792.0 };

/// A grid of `rows` by `columns` figures, and the lines around its cells.
fn grid(rows: usize, columns: usize) -> (Vec<Line>, Vec<Rect>) {
    let (width, height) = (500.0 / columns as f32, 700.0 / rows as f32);
    let place = |n: usize| (50.0 + (n % columns) as f32 * width, 40.0 + (n / columns) as f32 * height);
    let cell = |n: usize| word("1.5", place(n).0 + 2.0, place(n).1 + 0.8 * height);
    let down = (0..=rows).map(|n| 40.0 + n as f32 * height).map(|y| Rect::new(50.0, y, 550.0, y + 0.5));
    let along = (0..=columns).map(|n| 50.0 + n as f32 * width).map(|x| Rect::new(x, 40.0, x + 0.5, 740.0));
    ((0..rows * columns).map(cell).collect(), down.chain(along).collect())
}

/// Upright strokes over the page, so far apart.
fn strokes(across: f32, down: f32) -> Vec<Rect> {
    let columns = (LETTER.width() / across) as usize;
    let place = |n: usize| ((n % columns) as f32 * across, (n / columns) as f32 * down);
    let count = columns * (LETTER.height() / down) as usize;
    (0..count).map(place).map(|(x, y)| Rect::new(x, y, x + 0.3, y + 12.5)).collect()
}

/// Every rule cut into dashes of three points.
fn dashed(rules: &[Rect]) -> Vec<Rect> {
    let dashes = |r: &Rect| {
        let (count, flat) = ((r.width().max(r.height()) / 5.0) as usize, r.width() > r.height());
        let (x, y) = (r.x0, r.y0);
        let dash = move |n: usize| match (5.0 * n as f32, flat) {
            (at, true) => Rect::new(x + at, y, x + at + 3.0, y + 0.5),
            (at, false) => Rect::new(x, y + at, x + 0.5, y + at + 3.0),
        };
        (0..count).map(dash).collect::<Vec<Rect>>()
    };
    rules.iter().flat_map(dashes).collect()
}

fn tables(c: &mut Criterion) {
    let mut group = c.benchmark_group("steps/table");
    group.sample_size(10).measurement_time(Duration::from_secs(2));
    let mut measure = |name: &str, lines: &[Line], rules: Vec<Rect>| {
        let sheet = Sheet { page: LETTER, lines, rules, ..Sheet::default() };
        group.bench_function(name, |b| b.iter(|| table::find(black_box(&sheet), &[])));
    };
    let (lines, rules) = grid(40, 6);
    measure("40 rows of 6 cells, ruled", &lines, rules.clone());
    measure("40 rows of 6 cells, aligned", &lines, Vec::new());
    measure("40 rows of 6 cells, dashed", &lines, dashed(&rules));
    let (lines, rules) = grid(100, 20);
    measure("2,000 cells", &lines, rules);
    measure("2,000 words, 110,000 strokes that meet", &lines, strokes(2.0, 2.2));
    measure("2,000 words, 7,000 strokes that do not", &lines, strokes(4.0, 17.0));
}

/// A page of text with a formula in each line, and a display after each five: 50 formulas.
fn page_of_formulas() -> Page {
    let fonts = ["Serif", "CMMI10", "CMR10", "CMMI7", "CMEX10"];
    let fonts =
        fonts.iter().map(|name| Font { name: (*name).into(), weight: 400, ..Font::default() }).collect();
    let mut page = Page { number: 1, width: 612.0, height: 1400.0, fonts, ..Page::default() };
    for line in 0..50 {
        let y = 60.0 + 26.0 * line as f32;
        let display = line % 5 == 4;
        let from = if display { 250.0 } else { 72.0 };
        let words = if display { "" } else { "several words of the text that the formula stands in " };
        let mut x = write(&mut page, 0, 10.0, from, y, words);
        for (font, size, dy, text) in [
            (1, 10.0, 0.0, "x"),
            (3, 7.0, 2.0, "i"),
            (2, 10.0, 0.0, "="),
            (1, 10.0, 0.0, "a"),
            (2, 10.0, 0.0, "+"),
            (1, 10.0, 0.0, "b"),
        ] {
            x = write(&mut page, font, size, x, y + dy, text);
        }
        write(&mut page, 1, 10.0, x + 2.0, y - 7.0, "cd");
        write(&mut page, 1, 10.0, x + 2.0, y + 7.5, "e");
        page.bars.push(Rect::new(x + 1.5, y - 2.7, x + 12.5, y - 2.3));
    }
    page
}

/// Where the pen stands after a text of letters half as wide as high.
fn write(page: &mut Page, font: u16, size: f32, x: f32, y: f32, text: &str) -> f32 {
    let mut pen = x;
    for unicode in text.chars() {
        let rect = Rect::new(pen, y - 0.7 * size, pen + 0.5 * size, y + 0.2 * size);
        let ink = Rect::new(pen, y - 0.45 * size, pen + 0.45 * size, y);
        page.chars.push(Char {
            unicode,
            font,
            size,
            origin: Point::new(pen, y),
            rect,
            ink,
            angle: 0.0,
            generated: false,
            invisible: false,
            unmapped: false,
            soft_hyphen: false,
            tag: None,
        });
        pen += 0.5 * size;
    }
    pen
}

fn formulas(c: &mut Criterion) {
    let page = page_of_formulas();
    let found = formula::find(&page, &[]).len();
    c.bench_function(&format!("steps/formula/a page of {found} formulas"), |b| {
        b.iter(|| formula::find(black_box(&page), &[]))
    });
}

criterion_group!(
    benches,
    formulas,
    tables,
    pixels_to_tensors,
    tensors_to_boxes_and_text,
    regions,
    ruling_lines
);
criterion_main!(benches);
