//! Seconds and memory by stage, for the timings frame, and word of each stage as it begins.

use std::time::Instant;

use crate::{content::Timing, memory};

pub(super) struct Stopwatch<'a> {
    on_stage: &'a dyn Fn(&'static str),
    timings: Vec<Timing>,
    /// Bytes in memory when the last stage ended.
    resident: u64,
}

impl<'a> Stopwatch<'a> {
    pub(super) fn new(on_stage: &'a dyn Fn(&'static str)) -> Self {
        Self { on_stage, timings: Vec::new(), resident: resident() }
    }

    /// Runs one stage and notes its time and what it left in memory.
    pub(super) fn time<T>(&mut self, stage: &'static str, run: impl FnOnce() -> T) -> T {
        (self.on_stage)(stage);
        let start = Instant::now();
        let result = run();
        let (seconds, now) = (start.elapsed().as_secs_f64(), resident());
        let growth = now as i64 - self.resident as i64;
        self.timings.push(Timing { stage, seconds, resident: now, growth });
        self.resident = now;
        result
    }

    pub(super) fn timings(self) -> Vec<Timing> {
        self.timings
    }
}

/// 0 where the system does not say.
fn resident() -> u64 {
    memory::resident().unwrap_or(0)
}
