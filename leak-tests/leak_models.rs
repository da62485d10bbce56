//! A model loaded and let go of again and again leaves nothing of Rust's heap behind, and nothing of the process.

#[allow(dead_code, reason = "its steps take too long for the usual length")]
#[path = "suite/heap.rs"]
mod heap;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use flatleaf::model::{LAYOUT, OCR_DETECTION, OCR_ORIENTATION, OCR_RECOGNITION};
use heap::Length;
use suite::{Form, inputs};

/// Each of four models fifty times.
const LENGTH: Length = Length { warm: 20, last: 200 };

fn scenario(form: Form) {
    let Some(models) = inputs::models() else { return };
    let names = [LAYOUT, OCR_DETECTION, OCR_ORIENTATION, OCR_RECOGNITION];
    heap::assert_flat_over("models", form, LENGTH, |n| {
        let name = names[n % names.len()];
        models.get(name).expect("the model loads");
        assert_eq!(models.loaded().len(), 1);
        models.unload(name);
        assert!(models.loaded().is_empty());
    });
}

#[test]
fn an_unloaded_model_leaves_nothing() {
    scenario(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn an_unloaded_model_leaves_nothing_in_full() {
    scenario(Form::Full);
}
