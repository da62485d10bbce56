//! Thousands of pages of all kinds leave the process as large as it was: what C++ leaks shows here and nowhere else.

#[path = "suite/process.rs"]
mod process;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use flatleaf::{
    Models, Ocr, Options,
    content::PageContent,
    extract::{Layout, extract},
    frames,
    markdown::markdown,
    steps::structure::structure,
};
use suite::{
    Form,
    inputs::{self, SAMPLE},
};

/// Pages of the full form, digital.
const DIGITAL: usize = 10_000;
/// Bytes a page that digital pages may gain at most.
const DIGITAL_LIMIT: f64 = 64.0;
/// Enough for every font of a page to be used.
const DRAWING_DPI: f32 = 50.0;
/// Pages: as many as are drawn before pdfium is started anew, so that each round does.
const DRAWINGS_ROUND: usize = 100;
/// Pages of the full form that models look at.
const MODELS: usize = 3_000;
/// Bytes a page that they may gain at most.
const MODELS_LIMIT: f64 = 1024.0;

/// Pages of the corpus in other scripts, shapes and ways of writing PDF.
const DIGITAL_PAGES: [&str; 12] = [
    "docs/docling/right_to_left_01.pdf",
    "docs/docling/right_to_left_03.pdf",
    "docs/docling/code_and_formula.pdf",
    "docs/unstructured/korean-text-with-tables.pdf",
    "docs/unstructured/IRS-form-1987.pdf",
    "docs/unstructured/embedded-images-tables.pdf",
    "docs/texlive/inkpaper_cn/paper.pdf",
    "docs/texlive/facture_basique/paper.pdf",
    "docs/latexml/structure_IEEE.pdf",
    "docs/papers/hts_tabix/paper.pdf",
    "docs/olmocr_gnarly/edgar.pdf",
    "docs/docbank/8.tar_1501.04227.gz_tunablefailure_draft_20160624_p8.pdf",
];

/// Scans of the corpus in different shapes.
const SCANS: [&str; 3] = ["ocr/sroie/000.jpg", "ocr/sroie/161.jpg", "ocr/pytesseract/test-european.jpg"];

/// One scenario at a time: each judges the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// A document, and one of its pages.
struct Input {
    name: String,
    bytes: Vec<u8>,
    page: usize,
}

fn input(name: &str, bytes: Vec<u8>, page: usize) -> Input {
    Input { name: name.to_owned(), bytes, page }
}

fn drawn() -> Vec<Input> {
    (0..26).map(|n| input("drawn.pdf", inputs::drawn(3 * n), 1)).collect()
}

fn of_corpus(files: &[&str]) -> Option<Vec<Input>> {
    let corpus: PathBuf = inputs::corpus("")?;
    let read = |file: &&str| input(file, fs::read(corpus.join(file)).expect("the corpus is whole"), 1);
    Some(files.iter().map(read).collect())
}

/// The sample's, and those of the corpus.
fn digital_pages() -> Option<Vec<Input>> {
    let sample = [1, 2].map(|page| input("sample.pdf", SAMPLE.to_vec(), page));
    Some(sample.into_iter().chain(of_corpus(&DIGITAL_PAGES)?).collect())
}

/// One page from bytes to Markdown and a frame, as somebody would who keeps nothing.
fn read(input: &Input, models: &Models, options: &Options) {
    let document = inputs::open(&input.name, &input.bytes);
    let options = Options { pages: Some(vec![input.page]), ..options.clone() };
    let pages: flatleaf::Result<Vec<PageContent>> = extract(&document, models, &options).collect();
    let mut pages = pages.expect("a sound page");
    structure(&mut pages, &document.outline().expect("the library is bound"));
    let (text, frame) = (markdown(&pages), frames::blocks(&pages).expect("the frame can be built"));
    assert!(pages.len() == 1 && text.is_empty() == (frame.height() == 0));
}

/// Noise does not shrink with the run: the quick form allows as much in all as the full one.
fn limit(of: f64, form: Form) -> f64 {
    match form {
        Form::Quick => of * Form::QUICK as f64,
        Form::Full => of,
    }
}

fn digital(form: Form) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (Some(_), Some(pages)) = (inputs::assets(), digital_pages()) else { return };
    let pages = round(drawn().into_iter().chain(pages), form);
    let models = Models::with_loader(|name| panic!("{name} is not needed"));
    let options = Options { layout: Layout::None, ocr: Ocr::Never, ..Options::default() };
    let length = (form.of(DIGITAL), pages.len());
    let verdict = process::run("digital", form, length, (limit(DIGITAL_LIMIT, form), false), |n| {
        read(&pages[n % pages.len()], &models, &options);
    });
    verdict.assert_flat();
}

/// Pages drawn, as each time before: pdfium remembers the fonts of what it drew, and is started anew to forget them.
fn drawings(form: Form) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (Some(_), Some(pages)) = (inputs::assets(), digital_pages()) else { return };
    let draw = |input: &Input| {
        let document = inputs::open(&input.name, &input.bytes);
        document.render(input.page, DRAWING_DPI).expect("a sound page").pixels
    };
    let first: Vec<u64> = pages.iter().map(|page| digest(&draw(page))).collect();
    let shorter = if form == Form::Quick { 10 } else { 1 };
    let (length, limit) = ((DIGITAL / shorter, DRAWINGS_ROUND), DIGITAL_LIMIT * shorter as f64);
    let verdict = process::run("drawings", form, length, (limit, false), |n| {
        let place = n % DRAWINGS_ROUND % pages.len();
        assert_eq!(
            digest(&draw(&pages[place])),
            first[place],
            "{} is drawn in another way",
            pages[place].name
        );
    });
    verdict.assert_flat();
}

fn digest(pixels: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    pixels.hash(&mut hasher);
    hasher.finish()
}

fn models(form: Form) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (Some(models), Some(scans)) = (inputs::models(), of_corpus(&SCANS)) else { return };
    let sample = [1, 3].map(|page| input("sample.pdf", SAMPLE.to_vec(), page));
    let small = |count| (0..count).map(|n| input("scan.png", inputs::scan(n), 1));
    // A whole scan takes as long as thirty small ones.
    let pages = match form {
        Form::Quick => round(sample.into_iter().chain(small(7)), form),
        Form::Full => round(scans.into_iter().chain(sample).chain(small(95)), form),
    };
    let length = (form.of(MODELS), pages.len());
    let verdict = process::run("models", form, length, (limit(MODELS_LIMIT, form), false), |n| {
        let place = n % pages.len();
        // The layout model takes most of the time of a small one, and does the same at each.
        let layout = if place < 5 || place % 5 == 0 { Layout::Always } else { Layout::None };
        read(&pages[place], &models, &Options { layout, ..Options::default() });
    });
    verdict.assert_flat();
}

/// The pages of one round. The quick form takes few, for enough rounds to fit a line through.
fn round(pages: impl Iterator<Item = Input>, form: Form) -> Vec<Input> {
    let every = if form == Form::Quick { 3 } else { 1 };
    pages.step_by(every).collect()
}

#[test]
fn digital_pages_leave_the_process_as_it_was() {
    digital(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn digital_pages_leave_the_process_as_it_was_in_full() {
    digital(Form::Full);
}

#[test]
fn drawn_pages_leave_the_process_as_it_was() {
    drawings(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn drawn_pages_leave_the_process_as_it_was_in_full() {
    drawings(Form::Full);
}

#[test]
fn pages_that_models_read_leave_the_process_as_it_was() {
    models(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn pages_that_models_read_leave_the_process_as_it_was_in_full() {
    models(Form::Full);
}
