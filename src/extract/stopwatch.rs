//! Seconds by stage, for the timings frame, and word of each stage as it begins.

use std::time::Instant;

use crate::content::Timing;

pub(super) struct Stopwatch<'a> {
    on_stage: &'a dyn Fn(&'static str),
    timings: Vec<Timing>,
}

impl<'a> Stopwatch<'a> {
    pub(super) fn new(on_stage: &'a dyn Fn(&'static str)) -> Self {
        Self { on_stage, timings: Vec::new() }
    }

    /// Runs one stage and notes its time.
    pub(super) fn time<T>(&mut self, stage: &'static str, run: impl FnOnce() -> T) -> T {
        (self.on_stage)(stage);
        let start = Instant::now();
        let result = run();
        self.timings.push(Timing { stage, seconds: start.elapsed().as_secs_f64() });
        result
    }

    pub(super) fn timings(self) -> Vec<Timing> {
        self.timings
    }
}
