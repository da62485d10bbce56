//! A document opened, looked at and dropped leaves nothing of Rust's heap behind.

#[path = "suite/heap.rs"]
mod heap;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use suite::{
    Form,
    inputs::{self, SAMPLE},
};

fn scenario(form: Form) {
    if inputs::assets().is_none() {
        return;
    }
    heap::assert_flat("document", form, |n| {
        let document = inputs::open("sample.pdf", SAMPLE);
        let number = 1 + n % document.pages();
        assert_eq!(document.page(number).expect("a sound page").number, number);
        assert!(!document.render(number, 36.0).expect("a sound page").pixels.is_empty());
        document.outline().expect("the library is bound");
    });
}

#[test]
fn a_dropped_document_leaves_nothing() {
    scenario(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn a_dropped_document_leaves_nothing_in_full() {
    scenario(Form::Full);
}
