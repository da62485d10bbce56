//! What the scenarios share, beside their judges: `heap.rs` judges Rust's heap, exactly; `process.rs` the whole process, by a
//! robust fit. Each scenario takes the one it wants, since `heap.rs` replaces the allocator.

pub mod inputs;
pub mod series;

/// How long a scenario runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Part of the usual tests: seconds.
    Quick,
    /// `cargo test --release --test 'leak_*' -- --ignored`: minutes.
    Full,
}

impl Form {
    /// Quick runs are so many times shorter than full ones.
    pub const QUICK: usize = 50;

    /// Of as many iterations as the full form has.
    pub fn of(self, iterations: usize) -> usize {
        match self {
            Form::Quick => iterations.div_ceil(Self::QUICK),
            Form::Full => iterations,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Form::Quick => "quick",
            Form::Full => "full",
        }
    }
}
