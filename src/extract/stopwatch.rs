//! Seconds by stage, for the timings frame.

use std::time::Instant;

use crate::content::Timing;

#[derive(Default)]
pub(super) struct Stopwatch(Vec<Timing>);

impl Stopwatch {
    /// Runs one stage and notes its time.
    pub(super) fn time<T>(&mut self, stage: &'static str, run: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = run();
        self.0.push(Timing { stage, seconds: start.elapsed().as_secs_f64() });
        result
    }

    pub(super) fn timings(self) -> Vec<Timing> {
        self.0
    }
}
