//! Bad input, made here: each gives a typed error that names the file (and the
//! page) and the next step, and good pages beside a bad one still come out.

use std::{error::Error as _, iter::successors, path::PathBuf};

use flatleaf::{
    Document, Error, Models, Ocr, Options, Result,
    content::PageContent,
    extract::{Layout, extract},
    markdown,
};
use image::{ImageFormat, RgbImage};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};

use crate::need;

const SAMPLE: &[u8] = include_bytes!("../data/sample.pdf");
const LETTER: [f32; 4] = [0.0, 0.0, 612.0, 792.0];

fn open(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Document> {
    Document::from_bytes(name, bytes.into(), None)
}

fn error(result: Result<Document>) -> Error {
    result.expect_err("bad input opens as a document")
}

/// The message with all its causes, as the command prints it.
fn message(error: &Error) -> String {
    let causes = successors(error.source(), |cause| (*cause).source());
    std::iter::once(error.to_string()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
}

fn assert_says(error: &Error, parts: &[&str]) {
    let message = message(error);
    assert!(parts.iter().all(|part| message.contains(part)), "{parts:?} wanted: {message}");
}

/// All pages from the text layer alone.
fn read(document: &Document, models: &Models) -> Vec<Result<PageContent>> {
    let options = Options { layout: Layout::None, ocr: Ocr::Never, ..Default::default() };
    extract(document, models, &options).collect()
}

/// A PDF with a page for each box; each says its number.
fn pdf(boxes: &[[f32; 4]]) -> Vec<u8> {
    let (catalog, tree, font) = (Ref::new(1), Ref::new(2), Ref::new(3));
    let page = |n: usize| Ref::new(10 + 2 * n as i32);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids((0..boxes.len()).map(page)).count(boxes.len() as i32);
    pdf.type1_font(font).base_font(Name(b"Helvetica"));
    for (n, &[x0, y0, x1, y1]) in boxes.iter().enumerate() {
        let content = Ref::new(page(n).get() + 1);
        let mut writer = pdf.page(page(n));
        writer.parent(tree).media_box(Rect::new(x0, y0, x1, y1)).contents(content);
        writer.resources().fonts().pair(Name(b"F1"), font);
        writer.finish();
        pdf.stream(content, &text(&format!("This is page {}.", n + 1)));
    }
    pdf.finish()
}

fn text(line: &str) -> Vec<u8> {
    let mut content = Content::new();
    content.begin_text().set_font(Name(b"F1"), 12.0).next_line(72.0, 700.0);
    content.show(Str(line.as_bytes())).end_text();
    content.finish().to_vec()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    RgbImage::from_fn(width, height, |x, y| image::Rgb([(x * 7) as u8, (y * 13) as u8, (x * y) as u8]))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

/// A 24-bit BMP that says it is this large, and ends after its header.
fn bmp_header(width: i32, height: i32) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    bytes.extend([54_u32, 0, 54, 40].map(u32::to_le_bytes).concat());
    bytes.extend([width, height].map(i32::to_le_bytes).concat());
    bytes.extend([1_u16, 24].map(u16::to_le_bytes).concat());
    bytes.extend([0_u8; 24]);
    bytes
}

/// A PNG that says it is this large, and ends after its header.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend([width, height].map(u32::to_be_bytes).concat());
    header.extend([8, 2, 0, 0, 0]);
    let sum = crc32(&header).to_be_bytes();
    let end = b"\0\0\0\0IDAT\x35\xaf\x06\x1e";
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0d", &header[..], &sum, end].concat()
}

/// As the PNG specification has it, annex D.
fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32, _| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit))
}

#[test]
fn what_is_no_document_is_refused_by_name() {
    let Some(_) = need::models() else { return };
    assert_says(&error(open("notes.pdf", "Dear diary,")), &["notes.pdf", "not a PDF", "convert"]);
    assert_says(&error(open("empty.pdf", "")), &["empty.pdf", "empty", "again"]);
    assert_says(&error(open("empty.png", "")), &["empty.png", "empty", "again"]);
    assert_says(&error(open("head.pdf", "%PDF-1.7\n")), &["head.pdf", "damaged", "repair"]);
    let nowhere = error(Document::open("no/such/file.pdf"));
    assert_says(&nowhere, &["no/such/file.pdf", "check that it exists"]);
}

#[test]
fn a_cut_document_gives_pages_or_an_error() {
    let Some(models) = need::models() else { return };
    for part in 1..16 {
        let cut = &SAMPLE[..SAMPLE.len() * part / 16];
        match open("cut.pdf", cut) {
            Err(error) => assert_says(&error, &["cut.pdf", "fetch it again"]),
            Ok(document) => assert!(!read(&document, models).is_empty()),
        }
    }
}

#[test]
fn a_document_of_no_pages_is_an_error() {
    let Some(_) = need::models() else { return };
    assert_says(&error(open("none.pdf", pdf(&[]))), &["none.pdf", "no pages"]);
}

#[test]
fn an_encrypted_document_asks_for_its_password() {
    let (Some(_), Some(corpus)) = (need::models(), need::corpus("hostile/pdfminer")) else { return };
    let locked: PathBuf = corpus.join("aes-128-m.pdf");
    assert_says(&error(Document::open(&locked)), &["aes-128-m.pdf", "encrypted", "--password"]);
    let wrong = error(Document::open_with_password(&locked, "guess"));
    assert_says(&wrong, &["aes-128-m.pdf", "password does not open", "check"]);
    assert_eq!(Document::open_with_password(&locked, "foo").unwrap().pages(), 1);
}

#[test]
fn a_page_of_absurd_size_fails_alone() {
    let Some(models) = need::models() else { return };
    let document = open("huge.pdf", pdf(&[LETTER, [0.0, 0.0, 1e7, 1e7], LETTER])).unwrap();
    let pages = read(&document, models);
    let [Ok(first), Err(second), Ok(third)] = &pages[..] else { panic!("{pages:?}") };
    assert_says(second, &["huge.pdf, page 2", "10000000 by 10000000 points"]);
    let text = markdown::markdown(&[first.clone(), third.clone()]);
    assert_eq!(text, "This is page 1.\n\nThis is page 3.\n");
}

#[test]
fn a_page_of_no_size_is_letter_paper_or_an_error() {
    let Some(models) = need::models() else { return };
    for flat in [[0.0; 4], [72.0, 72.0, 72.0, 700.0], [0.0, 700.0, 612.0, 700.0]] {
        let document = open("flat.pdf", pdf(&[flat, LETTER])).unwrap();
        let pages = read(&document, models);
        match &pages[0] {
            Ok(page) => assert_eq!((page.width, page.height), (612.0, 792.0)),
            Err(error) => assert_says(error, &["flat.pdf, page 1", "page box"]),
        }
        assert!(pages[1].is_ok(), "{pages:?}");
    }
}

#[test]
fn a_damaged_page_fails_alone() {
    let Some(models) = need::models() else { return };
    let bytes = pdf(&[LETTER, LETTER, LETTER]);
    // The second page's object becomes a string; the length stays, so that all offsets hold.
    let at = |needle: &[u8]| bytes.windows(needle.len()).position(|window| window == needle).unwrap();
    let start = at(b"12 0 obj") + b"12 0 obj".len();
    let end = start + bytes[start..].windows(6).position(|window| window == b"endobj").unwrap();
    let mut broken = bytes.clone();
    broken[start..end].fill(b' ');
    broken[start + 1] = b'7';
    let document = open("broken.pdf", broken).unwrap();
    let pages = read(&document, models);
    let [Ok(first), Err(second), Ok(third)] = &pages[..] else { panic!("{pages:?}") };
    assert_says(second, &["broken.pdf, page 2", "damaged", "the others are not affected"]);
    assert_eq!((first.number, third.number), (1, 3));
}

#[test]
fn a_raster_over_the_limit_is_refused_before_it_is_made() {
    let Some(_) = need::models() else { return };
    let document = open("wall.pdf", pdf(&[[0.0, 0.0, 14400.0, 14400.0]])).unwrap();
    let error = document.render(1, 600.0).unwrap_err();
    assert_says(&error, &["wall.pdf, page 1", "600 dpi", "lower `--dpi`"]);
    assert!(document.page(1).is_ok());
}

#[test]
fn an_image_that_declares_absurd_size_is_refused_before_it_is_decoded() {
    for (name, bytes) in [("wall.png", png_header(60_000, 60_000)), ("wall.bmp", bmp_header(60_000, 60_000))]
    {
        let error = match open(name, bytes) {
            Err(error) => error,
            Ok(document) => document.render(1, 200.0).unwrap_err(),
        };
        assert_says(&error, &[name, "60000 by 60000 pixels", "scale it down"]);
    }
}

#[test]
fn an_image_cut_short_is_an_error_not_a_white_page() {
    let whole = png(300, 300);
    let document = open("cut.png", &whole[..whole.len() / 2]).unwrap();
    assert_says(&document.render(1, 200.0).unwrap_err(), &["cut.png", "cannot be decoded", "save it again"]);
    assert_says(&error(open("cut.png", &whole[..20])), &["cut.png", "cannot be decoded"]);
}

#[test]
fn tiny_images_have_no_text() {
    let Some(models) = need::models() else { return };
    for (width, height) in [(1, 1), (1, 400), (400, 1), (3, 5)] {
        let document = open("tiny.png", png(width, height)).unwrap();
        let pages: Result<Vec<_>> = extract(&document, models, &Options::default()).collect();
        assert_eq!(markdown::markdown(&pages.unwrap()).trim(), "", "{width} by {height}");
    }
}
