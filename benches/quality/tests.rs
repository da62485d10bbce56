//! The benchmark's own tests: measures against examples worked out by hand,
//! ground-truth readers against small sources. Benchmarks with their own
//! `main` have no test harness, so this target gives them one.
#![expect(dead_code, reason = "the benchmark uses what no test does")]

mod formulas;
mod grid;
mod metrics;
mod observed;
mod papers;
mod peers;
mod report;
mod score;
mod tables;
mod teds;
mod truth;
