//! What each step costs by itself, a group for each module, inputs of three sizes drawn here, the middle one that of a
//! letter page (200 dpi where it is pixels). The models themselves are left out; `pipeline -- stages` has their time.
//! Beside them, pages of the corpus through all steps.

use std::{hint::black_box, path::Path, time::Duration};

use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
    measurement::WallTime,
};
use flatleaf::{
    Assets, Document, Models, Ocr, Options,
    content::{Char, Font, Label, Line, Page, Raster, Region, Span, Word},
    document,
    extract::{Layout, extract},
    geometry::{Point, Rect},
    markdown::markdown,
    model::{
        input::{self, Normal},
        output,
    },
    steps::{
        formula, layout, order, rules,
        table::{self, Sheet},
        text,
    },
};
use image::{Rgb, RgbImage};
use ndarray::Array2;

type Group<'a> = BenchmarkGroup<'a, WallTime>;

fn group<'a>(c: &'a mut Criterion, module: &str) -> Group<'a> {
    let mut group = c.benchmark_group(module);
    group.sample_size(10).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group
}

/// One step on an input of some size, that many elements (characters, cells, pixels …) at once.
fn measure<R>(group: &mut Group, step: &str, elements: usize, mut run: impl FnMut() -> R) {
    group.throughput(Throughput::Elements(elements as u64));
    group.bench_function(BenchmarkId::new(step, elements), |b| b.iter(&mut run));
}

/// Pixels of a letter page at 100, 200 and 400 dpi.
const SCANS: [(u32, u32); 3] = [(850, 1100), (1700, 2200), (3400, 4400)];

/// Black bars on white where lines of text would be.
fn page((width, height): (u32, u32)) -> RgbImage {
    let is_ink = |x: u32, y: u32| y % 40 < 24 && (width / 17..width - width / 17).contains(&x);
    RgbImage::from_fn(width, height, |x, y| Rgb([if is_ink(x, y) { 0 } else { 255 }; 3]))
}

fn inputs(c: &mut Criterion) {
    let mut group = group(c, "model/input");
    for size in SCANS {
        let (page, pixels) = (page(size), (size.0 * size.1) as usize);
        measure(&mut group, "resize to the detector's size, pixels", pixels, || {
            input::resize(black_box(&page), 704, 928)
        });
        measure(&mut group, "tensor, pixels", pixels, || input::tensor(black_box(&page), &Normal::OCR));
    }
    let page = page(SCANS[1]);
    let (corner, down) = (Point::new(100.0, 100.0), Point::new(-0.5, 40.0));
    for length in [320, 900, 1800] {
        let along = Point::new(0.8 * length as f32, 20.0);
        measure(&mut group, "a skewed line, pixels long", length as usize, || {
            input::rectify(black_box(&page), corner, along, down, length, 48)
        });
    }
}

fn outputs(c: &mut Criterion) {
    let mut group = group(c, "model/output");
    for (height, width) in [(464, 352), (928, 704), (1856, 1408)] {
        let is_line = |y: usize, x: usize| y % 17 < 5 && (40..width - 44).contains(&x);
        let map = Array2::from_shape_fn((height, width), |(y, x)| if is_line(y, x) { 0.9 } else { 0.0 });
        measure(&mut group, "blobs, cells of the map", height * width, || {
            output::blobs(black_box(map.view()), 0.3)
        });
    }
    for steps in [40, 160, 480] {
        let line = Array2::from_shape_fn((steps, 18_710), |(step, class)| match (step % 2, class) {
            (0, 0) => 0.99,
            (1, class) if class == step => 0.99,
            _ => 0.0,
        });
        measure(&mut group, "a line's letters, time steps", steps, || output::ctc(black_box(line.view())));
    }
}

fn regions(c: &mut Criterion) {
    let mut group = group(c, "steps/layout");
    let region = |i: usize| {
        let (x, y) = ((i % 10) as f32 * 50.0, (i / 10) as f32 * 60.0);
        let label = if i.is_multiple_of(7) { Label::Table } else { Label::Text };
        Region { rect: Rect::new(x, y, x + 90.0, y + 80.0), label, score: 0.4 + (i % 6) as f32 / 10.0 }
    };
    for count in [10, 30, 300] {
        let found: Vec<Region> = (0..count).map(region).collect();
        measure(&mut group, "settle, regions", count, || layout::settle(black_box(found.clone())));
    }
}

/// A page of text with a table of 30 rows and 6 columns, on grey paper.
fn ruled((width, height): (u32, u32)) -> RgbImage {
    let (row, column) = (height / 58, width / 6);
    let is_letter = |x: u32, y: u32| y % row < row / 3 && x % 11 < 5 && (100..width - 50).contains(&x);
    let is_rule = |x: u32, y: u32| {
        let inside = (100..width - 50).contains(&x) && (height / 6..2 * height / 3).contains(&y);
        inside && (y % row == row - 10 || x % column < 2)
    };
    let light = |x, y| if is_letter(x, y) || is_rule(x, y) { 30 } else { 240 - (x * 7 + y * 13) as u8 % 8 };
    RgbImage::from_fn(width, height, |x, y| Rgb([light(x, y); 3]))
}

fn ruling_lines(c: &mut Criterion) {
    let mut group = group(c, "steps/rules");
    for size in SCANS {
        let raster = Raster { pixels: ruled(size), scale: size.0 as f32 / 612.0 };
        measure(&mut group, "find, pixels", (size.0 * size.1) as usize, || {
            rules::find(black_box(&raster), &[])
        });
    }
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
    let mut group = group(c, "steps/table");
    let mut find = |name: &str, lines: &[Line], rules: Vec<Rect>| {
        let sheet = Sheet { page: LETTER, lines, rules, ..Sheet::default() };
        measure(&mut group, name, lines.len(), || table::find(black_box(&sheet), &[]));
    };
    for (rows, columns) in [(10, 4), (40, 6), (100, 20)] {
        let (lines, rules) = grid(rows, columns);
        find("ruled, cells", &lines, rules.clone());
        find("aligned, cells", &lines, Vec::new());
        find("dashed, cells", &lines, dashed(&rules));
    }
    let (lines, _) = grid(100, 20);
    find("words among 110,000 strokes that meet", &lines, strokes(2.0, 2.2));
    find("words among 7,000 strokes that do not", &lines, strokes(4.0, 17.0));
}

/// A page of text with a formula in each of its lines, and a display after each five.
fn page_of_formulas(lines: usize) -> Page {
    let fonts = ["Serif", "CMMI10", "CMR10", "CMMI7", "CMEX10"];
    let fonts =
        fonts.iter().map(|name| Font { name: (*name).into(), weight: 400, ..Font::default() }).collect();
    let height = 100.0 + 26.0 * lines as f32;
    let mut page = Page { number: 1, width: 612.0, height, fonts, ..Page::default() };
    for line in 0..lines {
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
    let mut group = group(c, "steps/formula");
    for lines in [10, 50, 250] {
        let page = page_of_formulas(lines);
        let found = formula::find(&page, &[]).len();
        measure(&mut group, "find, formulas", found, || formula::find(black_box(&page), &[]));
    }
}

/// Lines of text over the page, 72 characters each.
fn page_of_text(lines: usize) -> Page {
    let fonts = vec![Font { name: "Serif".into(), weight: 400, ..Font::default() }];
    let height = 100.0 + 12.0 * lines as f32;
    let mut page = Page { number: 1, width: 612.0, height, fonts, ..Page::default() };
    for line in 0..lines {
        let words = "several words of a text that goes on from line to line, as any page does";
        write(&mut page, 0, 10.0, 72.0, 60.0 + 12.0 * line as f32, words);
    }
    page
}

fn words(c: &mut Criterion) {
    let mut group = group(c, "steps/text");
    for lines in [10, 50, 250] {
        let page = page_of_text(lines);
        measure(&mut group, "spans and lines, characters", page.chars.len(), || {
            text::lines(&text::spans(black_box(&page)))
        });
    }
}

fn reading_order(c: &mut Criterion) {
    let mut group = group(c, "steps/order");
    for count in [10, 60, 600] {
        // Two columns, given in rows.
        let place = |n: usize| (50.0 + 260.0 * (n % 2) as f32, 40.0 + 20.0 * (n / 2) as f32);
        let boxes: Vec<Rect> =
            (0..count).map(place).map(|(x, y)| Rect::new(x, y, x + 240.0, y + 16.0)).collect();
        measure(&mut group, "two columns, blocks", count, || order::reading_order(black_box(&boxes)));
    }
}

/// Of the corpus: few characters, an ordinary page of two columns, one of formulas.
const PAGES: [(&str, usize); 3] =
    [("papers/altacv", 1), ("papers/gorder", 2), ("papers/disjunctive_programming", 4)];

/// Real pages from PDF to Markdown, without models.
fn pages(c: &mut Criterion) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/docs");
    let assets = Assets::default_location();
    if !corpus.is_dir() || document::bind(&assets).is_err() {
        eprintln!("SKIPPED: no corpus at {} or no libpdfium: no pages were measured", corpus.display());
        return;
    }
    let models = Models::with_loader(|name| panic!("{name} is not needed"));
    let mut group = group(c, "extract");
    group.throughput(Throughput::Elements(1));
    for (name, page) in PAGES {
        let document = Document::open(corpus.join(name).join("paper.pdf")).expect("the corpus is whole");
        let options =
            Options { layout: Layout::None, ocr: Ocr::Never, pages: Some(vec![page]), ..Options::default() };
        group.bench_function(BenchmarkId::new("page", format!("{name} {page}")), |b| {
            b.iter(|| markdown(&extract(&document, &models, &options).flatten().collect::<Vec<_>>()))
        });
    }
}

criterion_group!(
    benches,
    words,
    reading_order,
    formulas,
    tables,
    regions,
    ruling_lines,
    inputs,
    outputs,
    pages
);
criterion_main!(benches);
