//! Flatleaf on digital pages against what the native libraries themselves need. Both in turn, A B A B, over the digital
//! documents of the corpus: absolute times on a shared machine mean little, the ratio stays.
//!
//! Without models, in CPU time of the one thread: pdfium loads a page and hands over its characters and paths. With
//! `--layout`, in wall time: it draws the page too, and ONNX Runtime runs the layout model once.

use cpu_time::ThreadTime;
use flatleaf::{
    Assets, Document, Models, Ocr, Options, document,
    extract::{Layout, extract},
    model::{LAYOUT, Model, Tensor},
};
use pdfium_render::prelude::{
    FPDF_DOCUMENT, FPDF_PAGE, FPDF_PAGEOBJ_FORM, FPDF_PAGEOBJ_PATH, FPDF_PAGEOBJECT, Pdfium,
    PdfiumLibraryBindings,
};
use std::{
    error::Error,
    ffi::{c_int, c_ulong, c_void},
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

/// Timed rounds of each side, after one that warms up fonts and caches.
const ROUNDS: usize = 7;
const LAYOUT_ROUNDS: usize = 3;

/// Pages of a document that are timed: a book should not outweigh the rest.
const PAGES: usize = 20;

/// Characters. A page with fewer, on average, is a scan or a picture.
const DIGITAL: usize = 200;

/// Dots an inch and pixels (down, across) at which the layout step draws a page and shows it to its model.
const LAYOUT_DPI: f32 = 80.0;
const LAYOUT_INPUT: [usize; 4] = [1, 3, 800, 608];
/// As Flatleaf draws: three bytes a pixel, annotations, red first (`fpdfview.h`).
const BITMAP_BGR: c_int = 2;
const RENDER_FLAGS: c_int = 0x01 | 0x10;

type Bindings = Box<dyn PdfiumLibraryBindings>;

fn main() -> Result<(), Box<dyn Error>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/docs");
    if !corpus.is_dir() {
        eprintln!("SKIPPED: no corpus at {}: nothing was measured", corpus.display());
        return Ok(());
    }
    let whole = std::env::args().any(|argument| argument == "--bench");
    let only = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default();
    let assets = Assets::default_location();
    document::bind(&assets)?;
    let models = Models::new(&assets)?;
    // A second handle to the library that Flatleaf has loaded and initialised; both are used from this thread only.
    let pdfium = Pdfium::bind_to_library(assets.path("pdfium")?)?;

    let layout = std::env::args().any(|argument| argument == "--layout");
    let layout = if layout { Some(models.get(LAYOUT)?) } else { None };
    let mut files = pdfs(&corpus)?;
    files.retain(|file| file.to_string_lossy().contains(&only));
    files.truncate(if whole { usize::MAX } else { 2 });
    let mut results = Vec::new();
    println!("{:<64} {:>5} {:>9} {:>9} {:>6}", "document", "pages", "native ms", "ours ms", "ratio");
    for file in files {
        if let Some(result) = compare(&pdfium, &models, layout.as_ref(), &file)? {
            println!("{}", result.line(&file.strip_prefix(&corpus).unwrap_or(&file).display().to_string()));
            results.push(result);
        }
    }
    println!("{}", summary(&results));
    if layout.is_some() {
        println!("share of wall time in the native libraries: {:.1} %", 100.0 / whole_ratio(&results));
    }
    Ok(())
}

/// Medians over the rounds, milliseconds a page.
struct Comparison {
    pages: usize,
    native: f64,
    ours: f64,
}

impl Comparison {
    fn ratio(&self) -> f64 {
        self.ours / self.native
    }

    fn line(&self, name: &str) -> String {
        let (pages, native, ours) = (self.pages, self.native, self.ours);
        format!("{name:<64} {pages:>5} {native:>9.2} {ours:>9.2} {:>6.2}", self.ratio())
    }
}

fn whole_ratio(results: &[Comparison]) -> f64 {
    let total = |time: fn(&Comparison) -> f64| results.iter().map(|r| time(r) * r.pages as f64).sum::<f64>();
    total(|r| r.ours) / total(|r| r.native)
}

fn summary(results: &[Comparison]) -> String {
    let pages: usize = results.iter().map(|r| r.pages).sum();
    let total = |time: fn(&Comparison) -> f64| results.iter().map(|r| time(r) * r.pages as f64).sum::<f64>();
    let (native, ours) = (total(|r| r.native), total(|r| r.ours));
    let mut ratios: Vec<f64> = results.iter().map(Comparison::ratio).collect();
    let all = Comparison { pages, native: native / pages as f64, ours: ours / pages as f64 };
    format!(
        "{}\nmedian ratio over {} documents: {:.2}",
        all.line("all pages"),
        results.len(),
        median(&mut ratios)
    )
}

fn pdfs(corpus: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(corpus)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(pdfs(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "pdf") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// `None` where the document is not digital or does not open.
fn compare(
    pdfium: &Bindings,
    models: &Models,
    layout: Option<&Arc<Model>>,
    file: &Path,
) -> Result<Option<Comparison>, Box<dyn Error>> {
    let Ok(document) = Document::open(file) else { return Ok(None) };
    let pages = document.pages().min(PAGES);
    let bare = Bare::open(pdfium, fs::read(file)?);
    let Some(bare) = bare.filter(|bare| bare.read(pages) >= DIGITAL * pages) else { return Ok(None) };
    let options = Options {
        ocr: Ocr::Never,
        layout: if layout.is_some() { Layout::Always } else { Layout::None },
        pages: Some((1..=pages).collect()),
        ..Options::default()
    };
    let input = [Tensor::zeros(LAYOUT_INPUT.as_slice())];
    let native = || {
        black_box(bare.read(pages));
        if let Some(model) = layout {
            (0..pages).for_each(|page| bare.draw(page as c_int));
            (0..pages).filter_map(|_| model.run_with(&input, |outputs| outputs.len()).ok()).count();
        }
    };
    let ours = || {
        black_box(extract(&document, models, &options).filter(|page| page.is_ok()).count());
    };
    let timed = if layout.is_some() { wall } else { cpu };

    let (mut native_times, mut our_times) = (Vec::new(), Vec::new());
    for round in 0..=if layout.is_some() { LAYOUT_ROUNDS } else { ROUNDS } {
        let (a, b) = (timed(&native), timed(&ours));
        if round > 0 {
            native_times.push(a);
            our_times.push(b);
        }
    }
    let per_page = |times: &mut Vec<f64>| median(times) * 1000.0 / pages as f64;
    Ok(Some(Comparison { pages, native: per_page(&mut native_times), ours: per_page(&mut our_times) }))
}

/// CPU seconds.
fn cpu(work: &dyn Fn()) -> f64 {
    let start = ThreadTime::now();
    work();
    start.elapsed().as_secs_f64()
}

/// Wall seconds.
fn wall(work: &dyn Fn()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A document as pdfium alone reads it.
struct Bare<'a> {
    pdfium: &'a Bindings,
    handle: FPDF_DOCUMENT,
    /// pdfium reads from these until the document is closed.
    _bytes: Vec<u8>,
}

impl Drop for Bare<'_> {
    fn drop(&mut self) {
        // SAFETY: opened in `open`, closed once, here.
        unsafe { self.pdfium.FPDF_CloseDocument(self.handle) };
    }
}

impl<'a> Bare<'a> {
    fn open(pdfium: &'a Bindings, bytes: Vec<u8>) -> Option<Self> {
        // SAFETY: the bytes live as long as the handle, at the same address.
        let handle = unsafe { pdfium.FPDF_LoadMemDocument64(&bytes, None) };
        (!handle.is_null()).then_some(Self { pdfium, handle, _bytes: bytes })
    }

    /// Loads each page, takes all its characters and paths; the number of characters.
    fn read(&self, pages: usize) -> usize {
        (0..pages).map(|index| self.page(index as c_int)).sum()
    }

    fn page(&self, index: c_int) -> usize {
        // SAFETY: the document is open; the page is used before it is closed.
        unsafe {
            let page = self.pdfium.FPDF_LoadPage(self.handle, index);
            if page.is_null() {
                return 0;
            }
            let characters = self.characters(page);
            for object in 0..self.pdfium.FPDFPage_CountObjects(page) {
                self.object(self.pdfium.FPDFPage_GetObject(page, object));
            }
            self.pdfium.FPDF_ClosePage(page);
            characters
        }
    }

    /// Draws a page as the layout step wants it.
    fn draw(&self, index: c_int) {
        // SAFETY: the document is open; page and bitmap are used before they are given back; the bytes outlive the bitmap.
        unsafe {
            let page = self.pdfium.FPDF_LoadPage(self.handle, index);
            if page.is_null() {
                return;
            }
            let pixels = |points: f32| (points * LAYOUT_DPI / 72.0).ceil() as c_int;
            let (width, height) =
                (pixels(self.pdfium.FPDF_GetPageWidthF(page)), pixels(self.pdfium.FPDF_GetPageHeightF(page)));
            let mut paper = vec![0xFF_u8; 3 * width as usize * height as usize];
            let bytes = paper.as_mut_ptr().cast::<c_void>();
            let bitmap = self.pdfium.FPDFBitmap_CreateEx(width, height, BITMAP_BGR, bytes, 3 * width);
            if !bitmap.is_null() {
                self.pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, RENDER_FLAGS);
                self.pdfium.FPDFBitmap_Destroy(bitmap);
            }
            black_box(paper);
            self.pdfium.FPDF_ClosePage(page);
        }
    }

    /// # Safety
    /// The page is open.
    unsafe fn characters(&self, page: FPDF_PAGE) -> usize {
        let (mut left, mut right, mut bottom, mut top, mut x, mut y) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        // SAFETY: the page is open, the indices are below the count, the places are ours.
        unsafe {
            let text = self.pdfium.FPDFText_LoadPage(page);
            if text.is_null() {
                return 0;
            }
            let count = self.pdfium.FPDFText_CountChars(text).max(0);
            for index in 0..count {
                black_box(self.pdfium.FPDFText_GetUnicode(text, index));
                black_box(self.pdfium.FPDFText_GetFontSize(text, index));
                self.pdfium.FPDFText_GetCharBox(text, index, &mut left, &mut right, &mut bottom, &mut top);
                self.pdfium.FPDFText_GetCharOrigin(text, index, &mut x, &mut y);
                black_box((left, right, bottom, top, x, y));
            }
            self.pdfium.FPDFText_ClosePage(text);
            count as usize
        }
    }

    /// # Safety
    /// The object belongs to an open page.
    unsafe fn object(&self, object: FPDF_PAGEOBJECT) {
        let (mut x, mut y) = (0.0, 0.0);
        // SAFETY: as the function's; the indices are below the counts, the places are ours.
        unsafe {
            match self.pdfium.FPDFPageObj_GetType(object) as u32 {
                FPDF_PAGEOBJ_PATH => {
                    for index in 0..self.pdfium.FPDFPath_CountSegments(object) {
                        let segment = self.pdfium.FPDFPath_GetPathSegment(object, index);
                        self.pdfium.FPDFPathSegment_GetPoint(segment, &mut x, &mut y);
                        black_box((self.pdfium.FPDFPathSegment_GetType(segment), x, y));
                    }
                }
                FPDF_PAGEOBJ_FORM => {
                    for index in 0..self.pdfium.FPDFFormObj_CountObjects(object) {
                        self.object(self.pdfium.FPDFFormObj_GetObject(object, index as c_ulong));
                    }
                }
                _ => {}
            }
        }
    }
}
