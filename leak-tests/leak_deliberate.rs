//! Leaks on purpose, which the judges must find: the three of the account that this suite answers, one in native memory, a
//! mapping, and a small one.

#[allow(dead_code, reason = "no leak passes for flat")]
#[path = "suite/heap.rs"]
mod heap;
#[allow(dead_code, reason = "no leak passes for flat")]
#[path = "suite/process.rs"]
mod process;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use std::{collections::HashMap, fs::File, hint::black_box, os::fd::AsRawFd, ptr::null_mut};

use flatleaf::{Assets, Models, content::Raster, model::OCR_ORIENTATION, steps::text};
use pdfium_render::prelude::{Pdfium, PdfiumLibraryBindings};
use suite::{
    Form,
    inputs::{self, SAMPLE},
};

/// Bytes a page, as for digital pages.
const LIMIT: f64 = 64.0;

/// One after the other: each judge wants the process for itself.
#[test]
fn every_deliberate_leak_is_found() {
    let Some(assets) = inputs::assets() else { return };
    assert!(!heap_judges("deliberate map", cached_for_ever()));
    assert!(!heap_judges("deliberate image", images_kept()));
    assert!(!heap_judges("deliberate 100 bytes", a_hundred_bytes()));
    assert!(!process_judges("deliberate map in the process", 4_000, cached_for_ever()));
    assert!(!process_judges("deliberate image in the process", 200, images_kept()));
    assert!(!process_judges("deliberate 100 bytes in the process", 4_000, a_hundred_bytes()));
    assert!(!process_judges("deliberate page", 1_000, page_never_closed(&assets)));
    assert!(!process_judges("deliberate mapped file", 200, file_mapped()));
    assert!(!process_judges("deliberate model", 40, model_for_each_request(&assets)));
    // The same judges, on the same steps without their leaks.
    assert!(heap_judges("nothing kept", nothing_kept()));
    assert!(process_judges("nothing kept in the process", 4_000, nothing_kept()));
}

fn heap_judges(scenario: &str, step: impl FnMut(usize)) -> bool {
    heap::is_flat(heap::growth(scenario, Form::Quick, heap::LENGTH, leaks(scenario), step))
}

fn process_judges(scenario: &str, iterations: usize, step: impl FnMut(usize)) -> bool {
    process::run(scenario, Form::Quick, (iterations, 1), (LIMIT, leaks(scenario)), step).is_flat()
}

fn leaks(scenario: &str) -> bool {
    scenario.starts_with("deliberate")
}

fn page_text() -> String {
    let page = inputs::sample().page(1).expect("a sound page");
    text::lines(&text::spans(&page)).iter().map(|line| line.text()).collect()
}

fn nothing_kept() -> impl FnMut(usize) {
    let page = inputs::sample().page(1).expect("a sound page");
    move |_| drop(black_box(text::spans(&page)))
}

/// The account's unbounded dictionary.
fn cached_for_ever() -> impl FnMut(usize) {
    let (text, mut cache) = (page_text(), HashMap::new());
    move |n| drop(cache.insert(n, text.clone()))
}

/// The account's native images that nobody released.
fn images_kept() -> impl FnMut(usize) {
    let (document, mut kept) = (inputs::sample(), Vec::<Raster>::new());
    move |_| kept.push(document.render(1, 36.0).expect("a sound page"))
}

/// The account's model loaded for each request.
fn model_for_each_request(assets: &Assets) -> impl FnMut(usize) {
    let mut kept = Vec::new();
    move |_| {
        let models = Models::new(assets).expect("nothing is loaded yet");
        models.get(OCR_ORIENTATION).expect("the model loads");
        kept.push(models);
    }
}

fn a_hundred_bytes() -> impl FnMut(usize) {
    |_| {
        black_box(Box::leak(Box::new([1_u8; 100])));
    }
}

/// A file mapped for each request: closed, but never unmapped. No page of it is looked at, so that no memory shows it.
fn file_mapped() -> impl FnMut(usize) {
    |_| {
        let file =
            File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/sample.pdf")).expect("it is here");
        // SAFETY: a new mapping, at a place that the kernel chooses, of a file that nobody writes. It stays: that is the leak.
        let at =
            unsafe { libc::mmap(null_mut(), 1, libc::PROT_READ, libc::MAP_PRIVATE, file.as_raw_fd(), 0) };
        assert!(at != libc::MAP_FAILED);
    }
}

/// A pdfium page never closed, which only the whole process shows: Rust's heap knows nothing of it.
fn page_never_closed(assets: &Assets) -> impl FnMut(usize) {
    let library = assets.path("pdfium").expect("it was found before");
    // The same library that Flatleaf has initialised; the test is its only user while it runs.
    let pdfium: Box<dyn PdfiumLibraryBindings> = Pdfium::bind_to_library(library).expect("it loads");
    move |_| {
        // SAFETY: the document is open until the last line, the bytes are static. The page is not closed: that is the leak.
        unsafe {
            let document = pdfium.FPDF_LoadMemDocument64(SAMPLE, None);
            assert!(!pdfium.FPDF_LoadPage(document, 0).is_null());
            pdfium.FPDF_CloseDocument(document);
        }
    }
}
