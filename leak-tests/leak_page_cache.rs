//! Page images that come and go in a cache at its budget leave nothing of Rust's heap behind.

#[path = "suite/heap.rs"]
mod heap;
#[allow(dead_code, reason = "each scenario uses a part of it")]
mod suite;

use suite::{Form, inputs};

/// Bytes. Three of the images that are asked for.
const BUDGET: usize = 3 * 306 * 396 * 3;

fn scenario(form: Form) {
    if inputs::assets().is_none() {
        return;
    }
    let document = inputs::sample();
    let cache = document.page_cache();
    cache.set_budget(BUDGET);
    // Six images take turns, so that each throws another one out; a round ends with the same three.
    heap::assert_flat("page cache", form, |n| {
        let dpi = if n % 2 == 0 { 36.0 } else { 30.0 };
        for number in 1..=document.pages() {
            document.image(number, dpi).expect("a sound page");
        }
        assert!(cache.bytes() <= BUDGET);
    });
    assert!(cache.misses() > 0 && cache.bytes() > 0);
}

#[test]
fn a_cache_at_its_budget_stays_there() {
    scenario(Form::Quick);
}

#[test]
#[ignore = "the full form"]
fn a_cache_at_its_budget_stays_there_in_full() {
    scenario(Form::Full);
}
