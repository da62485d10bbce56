//! The whole extraction of digital pages leaves nothing of Rust's heap behind.

#[path = "suite/heap.rs"]
mod heap;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use flatleaf::{
    Models, Ocr, Options,
    extract::{Layout, extract},
    markdown::markdown,
    steps::structure::{join_tables, structure},
};
use suite::{
    Form,
    inputs::{self, SAMPLE},
};

fn scenario(form: Form) {
    if inputs::assets().is_none() {
        return;
    }
    let models = Models::with_loader(|name| panic!("{name} is not needed"));
    let plain = Options { layout: Layout::None, ocr: Ocr::Never, ..Options::default() };
    heap::assert_flat("extract", form, |n| {
        let drawn = inputs::drawn(n % 77);
        let bytes = if n % 2 == 0 { SAMPLE } else { &drawn };
        let document = inputs::open("a.pdf", bytes);
        let pages = extract(&document, &models, &plain).collect::<flatleaf::Result<Vec<_>>>();
        let mut pages = pages.expect("sound pages");
        structure(&mut pages, &document.outline().expect("the library is bound"));
        join_tables(&mut pages);
        assert!(!markdown(&pages).is_empty());
    });
}

#[test]
fn digital_pages_leave_nothing() {
    scenario(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn digital_pages_leave_nothing_in_full() {
    scenario(Form::Full);
}
