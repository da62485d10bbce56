//! The whole extraction of scans, through the real models, leaves nothing of Rust's heap behind.

#[path = "suite/heap.rs"]
mod heap;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use flatleaf::{
    Options,
    extract::{Layout, extract},
};
use suite::{Form, inputs};

fn scenario(form: Form) {
    let Some(models) = inputs::models() else { return };
    let scans: Vec<Vec<u8>> = (0..6).map(inputs::scan).collect();
    heap::assert_flat("scan", form, |n| {
        let document = inputs::open("scan.png", &scans[n % scans.len()]);
        // The layout model takes most of the time, and does the same at each.
        let layout = if n % 20 == 0 { Layout::Always } else { Layout::None };
        let options = Options { layout, ..Options::default() };
        assert!(extract(&document, &models, &options).all(|page| page.is_ok()));
    });
}

#[test]
fn scans_leave_nothing() {
    scenario(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn scans_leave_nothing_in_full() {
    scenario(Form::Full);
}
