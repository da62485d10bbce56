//! The whole process, native libraries included: memory over iterations, judged by a robust fit through the later half. A cache
//! that fills looks like a leak at first.

#[path = "fit.rs"]
mod fit;

use std::{fs, ops::Range};

use flatleaf::memory;

use crate::suite::{
    Form,
    series::{self, Sample},
};
use fit::Slope;

/// What a scenario's process held.
pub struct Verdict {
    scenario: String,
    /// Bytes an iteration of what the process itself has written to memory. All resident memory would not do: a system short
    /// of memory takes pages of files away, and code that runs again brings them back, which looks like growth.
    pub anonymous: Slope,
    /// Bytes an iteration.
    pub native: Slope,
    /// Open files, mapped files or threads that were not there at the start of the later half.
    pub handles: u64,
    /// The most that may be gained for each iteration.
    limit: f64,
}

impl Verdict {
    /// The judge, also of the deliberate leaks: no slope of memory that could be as high as the limit, and no more files and
    /// threads than before.
    pub fn is_flat(&self) -> bool {
        self.anonymous.high < self.limit && self.native.high < self.limit && self.handles == 0
    }

    pub fn assert_flat(&self) {
        assert!(self.is_flat(), "{self}");
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let slope = |s: &Slope| format!("{:.1} ({:.1} to {:.1})", s.median, s.low, s.high);
        let (anonymous, native) = (slope(&self.anonymous), slope(&self.native));
        write!(
            f,
            "{}: anonymous memory {anonymous}, native heap {native} bytes an iteration, limit {}; files, mapped files and threads +{}",
            self.scenario, self.limit, self.handles
        )
    }
}

/// Samples in the series.
const SAMPLES: usize = 100;

/// Runs `step` for `iterations`, in rounds of `round` that do the same each time, so that samples are taken at like moments.
/// What is not flat goes on for as long again: a heap finds room anew once in some thousand pages, 0.3 MiB at a time, and
/// stays; a leak goes on.
pub fn run(
    scenario: &str,
    form: Form,
    (iterations, round): (usize, usize),
    (limit, deliberate): (f64, bool),
    mut step: impl FnMut(usize),
) -> Verdict {
    let rounds = iterations.div_ceil(round);
    let every = (rounds / SAMPLES).max(1);
    let mut samples = Vec::with_capacity(2 * rounds);
    let mut go_on = |samples: &mut Vec<Sample>, rounds: Range<usize>| {
        for n in rounds {
            (0..round).for_each(|place| step(n * round + place));
            if (n + 1) % every == 0 {
                samples.push(sample((n + 1) * round));
            }
        }
        let verdict = judge(scenario, samples, limit);
        eprintln!("{verdict}");
        verdict
    };
    let mut verdict = go_on(&mut samples, 0..rounds);
    if !verdict.is_flat() {
        eprintln!("{scenario}: not flat, so goes on for as long again");
        verdict = go_on(&mut samples, rounds..2 * rounds);
    }
    series::write(scenario, form, deliberate, &samples).expect("the series can be written");
    verdict
}

/// By the later half.
fn judge(scenario: &str, samples: &[Sample], limit: f64) -> Verdict {
    let later = &samples[samples.len() / 2..];
    let fit = |of: fn(&Sample) -> Option<u64>| fit::slope(&points(later, of));
    Verdict {
        scenario: scenario.to_owned(),
        anonymous: fit(|s| s.anonymous),
        native: fit(|s| s.native),
        handles: risen(later, |s| s.files).max(risen(later, |s| s.threads)),
        limit,
    }
}

/// What is free, though the allocator has not given it back yet, is not held.
fn sample(iteration: usize) -> Sample {
    memory::trim();
    let now = memory::snapshot();
    Sample {
        iteration,
        native: now.native_heap,
        resident: now.resident,
        anonymous: now.anonymous,
        files: now.files.map(|open| open + mapped_files()),
        threads: now.threads,
        ..Sample::default()
    }
}

/// How many parts of files are mapped, which stay so when the file is closed.
fn mapped_files() -> u64 {
    let maps = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    maps.lines().filter(|line| line.contains('/')).count() as u64
}

fn points(samples: &[Sample], of: fn(&Sample) -> Option<u64>) -> Vec<(f64, f64)> {
    samples.iter().filter_map(|s| Some((s.iteration as f64, of(s)? as f64))).collect()
}

/// By how many more are open through the last third than through the first. What is open for a moment stays open nowhere.
fn risen(samples: &[Sample], of: fn(&Sample) -> Option<u64>) -> u64 {
    let values: Vec<u64> = samples.iter().filter_map(of).collect();
    let third = values.len().div_ceil(3);
    let fewest = |values: &[u64]| values.iter().min().copied().unwrap_or(0);
    fewest(&values[values.len() - third..]).saturating_sub(fewest(&values[..third]))
}
