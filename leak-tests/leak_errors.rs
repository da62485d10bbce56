//! What goes wrong leaves nothing of Rust's heap behind.

#[path = "suite/heap.rs"]
mod heap;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use std::panic;

use flatleaf::{
    Document, Error, Models, Ocr, Options,
    extract::{Layout, extract, extract_observed},
};
use suite::{
    Form,
    inputs::{self, SAMPLE},
};

/// Opens with `secret`.
const ENCRYPTED: &[u8] = include_bytes!("../tests/data/encrypted.pdf");

fn scenario(form: Form) {
    if inputs::assets().is_none() {
        return;
    }
    let models = Models::with_loader(|name| {
        Err(Error::AssetMissing { name: name.into(), directory: "/nowhere".into(), optional: false })
    });
    let plain = Options { layout: Layout::None, ocr: Ocr::Never, ..Options::default() };
    let document = inputs::sample();
    let opened = |bytes: &[u8]| Document::from_bytes("a.pdf", bytes.to_vec(), Some("no")).err();

    heap::assert_flat("not a pdf", form, |_| {
        assert!(matches!(opened(b"not a PDF at all"), Some(Error::Unsupported { .. })));
    });
    heap::assert_flat("cut off", form, |_| drop(opened(&SAMPLE[..SAMPLE.len() / 2])));
    heap::assert_flat("wrong password", form, |_| {
        assert!(matches!(opened(ENCRYPTED), Some(Error::WrongPassword { .. })));
    });
    heap::assert_flat("no such page", form, |_| assert!(document.page(99).is_err()));
    heap::assert_flat("a picture too large", form, |_| assert!(document.render(1, 1e6).is_err()));
    heap::assert_flat("a model that is missing", form, |_| {
        assert!(extract(&document, &models, &Options::default()).all(|page| page.is_err()));
    });
    heap::assert_flat("an iterator dropped half-way", form, |_| {
        assert!(extract(&document, &models, &plain).next().is_some_and(|page| page.is_ok()));
    });
    // The message of each panic is a line on standard error, which nobody wants two thousand times.
    panic::set_hook(Box::new(|_| ()));
    heap::assert_flat("a panic in a callback", form, |_| {
        let observed = || extract_observed(&document, &models, &plain, |_, _| panic!("enough")).next();
        assert!(panic::catch_unwind(panic::AssertUnwindSafe(observed)).is_err());
    });
    drop(panic::take_hook());
}

#[test]
fn errors_leave_nothing() {
    scenario(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn errors_leave_nothing_in_full() {
    scenario(Form::Full);
}
