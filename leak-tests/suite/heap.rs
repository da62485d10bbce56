//! Rust's heap under dhat, to the byte: what is held after the last iteration is what was held after the warm-up.

use flatleaf::memory;

use crate::suite::{
    Form,
    series::{self, Sample},
};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// Iterations of the full form.
#[derive(Clone, Copy, Debug)]
pub struct Length {
    /// Before the first count: caches, tables and buffers have their size by then.
    pub warm: usize,
    /// In all.
    pub last: usize,
}

/// Of every scenario that says nothing else.
pub const LENGTH: Length = Length { warm: 200, last: 2_000 };
/// Samples in the series.
const SAMPLES: usize = 20;
/// Quick forms need some iterations more for their warm-up than a fiftieth.
const QUICK_WARM: usize = 10;

/// What was held at the end more than after the warm-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    pub bytes: i64,
    pub blocks: i64,
}

/// What may be held at one moment and not at another, and is not a leak: it does not add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception {
    pub bytes: i64,
    pub blocks: i64,
    pub why: &'static str,
}

/// Fails unless `step`, called with 0, 1, …, leaves nothing behind.
pub fn assert_flat(scenario: &str, form: Form, step: impl FnMut(usize)) {
    assert_flat_but(scenario, form, Exception { bytes: 0, blocks: 0, why: "" }, step);
}

/// Fails unless `step`, called with 0, 1, …, leaves no more than `exception` behind, however often it is called.
pub fn assert_flat_but(scenario: &str, form: Form, exception: Exception, step: impl FnMut(usize)) {
    assert_flat_twice((scenario, form, LENGTH), exception, step);
}

/// As [`assert_flat`], for steps of seconds.
#[allow(dead_code, reason = "one scenario has such steps")]
pub fn assert_flat_over(scenario: &str, form: Form, length: Length, step: impl FnMut(usize)) {
    assert_flat_twice((scenario, form, length), Exception { bytes: 0, blocks: 0, why: "" }, step);
}

/// Runs what was not flat once more, and judges that: what another thread takes once, as the test harness's own does when the
/// system was slow to let it, is no leak. A leak is there again.
fn assert_flat_twice(
    (scenario, form, length): (&str, Form, Length),
    exception: Exception,
    mut step: impl FnMut(usize),
) {
    let mut found = growth(scenario, form, length, false, &mut step);
    if !is_excepted(found, exception) {
        eprintln!("{scenario}: {found:?}; once more");
        found = growth(scenario, form, length, false, &mut step);
    }
    judge(scenario, found, exception);
}

fn is_excepted(growth: Growth, exception: Exception) -> bool {
    growth.bytes.abs() <= exception.bytes && growth.blocks.abs() <= exception.blocks
}

fn judge(scenario: &str, growth: Growth, exception: Exception) {
    assert!(is_excepted(growth, exception), "{scenario}: {growth:?}; excepted: {exception:?}");
    if !is_flat(growth) {
        eprintln!("{scenario}: {growth:?}, excepted: {}", exception.why);
    }
}

/// The judge, also of the deliberate leaks.
pub fn is_flat(growth: Growth) -> bool {
    growth == Growth { bytes: 0, blocks: 0 }
}

/// What `step` leaves behind between warm-up and end; the series goes to its file.
pub fn growth(
    scenario: &str,
    form: Form,
    length: Length,
    deliberate: bool,
    mut step: impl FnMut(usize),
) -> Growth {
    let warm = form.of(length.warm).max(QUICK_WARM);
    let last = warm + form.of(length.last - length.warm);
    let every = (last / SAMPLES).max(1);
    // Its room is taken before the count begins.
    let mut samples: Vec<Sample> = Vec::with_capacity(last + 2);
    let profiler = dhat::Profiler::builder().testing().trim_backtraces(Some(4)).build();
    let mut after_warm_up = None;
    for n in 0..last {
        step(n);
        if n + 1 == warm {
            after_warm_up = Some(held());
        }
        if (n + 1) % every == 0 {
            samples.push(sample(n + 1));
        }
    }
    let (before, now) = (after_warm_up.expect("there is a warm-up"), held());
    drop(profiler);
    series::write(scenario, form, deliberate, &samples).expect("the series can be written");
    Growth { bytes: now.0 - before.0, blocks: now.1 - before.1 }
}

fn held() -> (i64, i64) {
    let stats = dhat::HeapStats::get();
    (stats.curr_bytes as i64, stats.curr_blocks as i64)
}

fn sample(iteration: usize) -> Sample {
    let (bytes, blocks) = held();
    let now = memory::snapshot();
    Sample {
        iteration,
        rust: Some(bytes as u64),
        blocks: Some(blocks as u64),
        native: now.native_heap,
        resident: now.resident,
        files: now.files,
        threads: now.threads,
        ..Sample::default()
    }
}
