//! What the scenarios read: the sample of the repository, pages drawn here, scans made of the sample, and the corpus where it is.

use std::{
    io::Cursor,
    path::{Path, PathBuf},
};

use flatleaf::{Assets, Document, Models, content::Raster, document, geometry::Rect};
use image::{ImageFormat, RgbImage, imageops::FilterType};
use pdf_writer::{Content, Finish, Name, Pdf, Ref, Str};

/// Two typeset pages, and one that is a picture of a page.
pub const SAMPLE: &[u8] = include_bytes!("../../tests/data/sample.pdf");

/// The models; without them the test says so and passes, or fails where it must not be skipped.
pub fn models() -> Option<Models> {
    let assets = assets()?;
    Some(Models::new(&assets).expect("no model is loaded yet"))
}

/// The models folder, with libpdfium bound.
pub fn assets() -> Option<Assets> {
    let assets = Assets::default_location();
    let missing: Vec<_> = assets.missing().iter().map(|asset| asset.name.as_str()).collect();
    if !missing.is_empty() {
        return absent(&format!("{} in {}", missing.join(", "), assets.directory().display()));
    }
    document::bind(&assets).expect("libpdfium loads");
    Some(assets)
}

/// A folder of the corpus that lies beside the checkout.
pub fn corpus(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(folder);
    if path.is_dir() { Some(path) } else { absent(&path.display().to_string()) }
}

fn absent<T>(what: &str) -> Option<T> {
    let required = ["CI", "FLATLEAF_REQUIRE"].iter().any(|name| std::env::var_os(name).is_some());
    assert!(!required, "not there: {what}");
    eprintln!("SKIPPED: not there: {what}");
    None
}

pub fn sample() -> Document {
    open("sample.pdf", SAMPLE)
}

pub fn open(name: &str, bytes: &[u8]) -> Document {
    Document::from_bytes(name, bytes.to_vec(), None).expect("a sound document opens")
}

/// A page of a few lines, of another size for each `n`, in one of several languages.
pub fn drawn(n: usize) -> Vec<u8> {
    const LINES: [&str; 5] = [
        "Memory stays flat, one page at a time.",
        "Der Speicher bleibt flach, Seite f\u{fc}r Seite.",
        "La m\u{e9}moire reste plate, page apr\u{e8}s page.",
        "La memoria permanece plana, p\u{e1}gina a p\u{e1}gina.",
        "x + y = 1 (2)",
    ];
    let (width, height) = (300.0 + 17.0 * (n % 13) as f32, 400.0 + 23.0 * (n % 11) as f32);
    let (catalog, tree, font, page, content) =
        (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4), Ref::new(5));
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids([page]).count(1);
    pdf.type1_font(font).base_font(Name(b"Helvetica"));
    let mut writer = pdf.page(page);
    writer.parent(tree).media_box(pdf_writer::Rect::new(0.0, 0.0, width, height)).contents(content);
    writer.resources().fonts().pair(Name(b"F1"), font);
    writer.finish();
    let mut text = Content::new();
    text.begin_text().set_font(Name(b"F1"), 9.0 + (n % 4) as f32).next_line(30.0, height - 40.0);
    for line in 0..5 + n % 7 {
        let latin: Vec<u8> = LINES[(n + line) % LINES.len()].chars().map(|c| c as u8).collect();
        text.show(Str(&latin)).next_line(0.0, -18.0);
    }
    text.end_text();
    pdf.stream(content, &text.finish());
    pdf.finish()
}

/// A scan: some lines of the sample as PNG, in one of several shapes.
pub fn scan(n: usize) -> Vec<u8> {
    let page = sample().render(1, 110.0).expect("the sample can be drawn");
    let (left, top) = (40.0 + 3.0 * (n % 5) as f32, 90.0 + 30.0 * (n % 9) as f32);
    let area = Rect::new(left, top, left + 200.0 + 15.0 * (n % 7) as f32, top + 24.0 + 11.0 * (n % 5) as f32);
    let part = page.crop(&area).expect("the area is on the page");
    png(&part.pixels)
}

/// A picture of the sample's first page in `width` by `height` pixels.
pub fn picture(width: u32, height: u32) -> Raster {
    let page = sample().render(1, 72.0).expect("the sample can be drawn");
    let pixels = image::imageops::resize(&page.pixels, width, height, FilterType::Triangle);
    Raster { pixels, scale: 1.0 }
}

pub fn png(pixels: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, ImageFormat::Png).expect("PNG takes any pixels");
    bytes.into_inner()
}
