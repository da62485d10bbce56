//! What the process holds, and where: Rust's heap, the native heap, the system's
//! own figures, the loaded models, the cached pages.
//!
//! A snapshot before and one after tell in one line what grew:
//!
//! ```
//! use flatleaf::memory;
//!
//! # fn main() -> flatleaf::Result<()> {
//! let before = memory::snapshot();
//! // … a step, a page, a thousand documents …
//! println!("{}", memory::snapshot().since(&before)?);
//! # Ok(())
//! # }
//! ```
//!
//! What cannot be known here is `None`: the native heap without glibc, the system's figures outside Linux, Rust's heap
//! without the [`CountingAllocator`].

mod allocator;
mod held;
mod process;
#[cfg(target_os = "linux")]
pub(crate) mod scratch;

use polars::prelude::{Column, DataFrame};

use crate::{Error, Result};

pub use allocator::{CountingAllocator, trim};
pub(crate) use allocator::{give_back, in_use, keep_flat};
pub use held::HeldModel;
pub(crate) use held::{Held, twin};
use process::note_start;
pub(crate) use process::{growth, resident};

/// What the process holds at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Bytes that Rust code has allocated; known where the program's global allocator is [`CountingAllocator`].
    pub rust_heap: Option<u64>,
    /// Blocks that these bytes are in.
    pub rust_blocks: Option<u64>,
    /// Bytes allocated by pdfium, ONNX Runtime and Rust alike: with `malloc` (glibc's `mallinfo2`), and where models work.
    pub native_heap: Option<u64>,
    /// Bytes kept though they are free.
    pub native_free: Option<u64>,
    /// Bytes in memory, shared libraries included (`VmRSS`).
    pub resident: Option<u64>,
    /// Of these, bytes that no file backs (`Anonymous`): what the process itself has written. Pages of files, code among them,
    /// are taken away and read again as the system likes.
    pub anonymous: Option<u64>,
    /// All in memory, with what is shared divided by who shares it (`Pss`).
    pub proportional: Option<u64>,
    /// The most that was in memory at once so far (`VmHWM`).
    pub peak: Option<u64>,
    /// Open files.
    pub files: Option<u64>,
    /// Threads.
    pub threads: Option<u64>,
    /// The models in memory, in the order in which they were loaded.
    pub models: Vec<HeldModel>,
    /// Bytes of page images in the caches of all open documents.
    pub cached: u64,
}

/// What the process holds now. Takes some tens of microseconds, most of it the kernel's count of `Pss`.
pub fn snapshot() -> Snapshot {
    let (rust, native, process) = (allocator::counted(), allocator::native(), process::figures());
    Snapshot {
        rust_heap: rust.map(|(bytes, _)| bytes),
        rust_blocks: rust.map(|(_, blocks)| blocks),
        native_heap: native.map(|(used, _)| used),
        native_free: native.map(|(_, free)| free),
        resident: process.resident,
        anonymous: process.anonymous,
        proportional: process.proportional,
        peak: process.peak,
        files: process.files,
        threads: process.threads,
        models: held::models(),
        cached: held::cached(),
    }
}

impl Snapshot {
    /// A row for each figure that is known: `measure` str, `value` u64, `unit` str (`bytes` or empty).
    ///
    /// # Errors
    /// None that is known; polars may refuse.
    pub fn frame(&self) -> Result<DataFrame> {
        let rows: Vec<_> = self.figures().into_iter().filter_map(|(n, v, u)| Some((n, v?, u))).collect();
        frame(vec![
            column("measure", rows.iter().map(|(name, ..)| name.clone())),
            Column::new("value".into(), rows.iter().map(|(_, value, _)| *value).collect::<Vec<_>>()),
            column("unit", rows.iter().map(|(.., unit)| (*unit).to_owned())),
        ])
    }

    /// A row for each figure known in both: `measure` str, `before`, `now` u64, `growth` i64, `unit` str. A model that only
    /// one of them has counts 0 in the other.
    ///
    /// # Errors
    /// None that is known; polars may refuse.
    pub fn since(&self, earlier: &Snapshot) -> Result<DataFrame> {
        let rows = compared(&earlier.figures(), &self.figures());
        let numbers = |name: &str, of: fn(&Compared) -> u64| {
            Column::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
        };
        let growth: Vec<i64> = rows.iter().map(|row| row.now as i64 - row.before as i64).collect();
        frame(vec![
            column("measure", rows.iter().map(|row| row.measure.clone())),
            numbers("before", |row| row.before),
            numbers("now", |row| row.now),
            Column::new("growth".into(), growth),
            column("unit", rows.iter().map(|row| row.unit.to_owned())),
        ])
    }

    /// Name, value, unit.
    fn figures(&self) -> Vec<(String, Option<u64>, &'static str)> {
        let models: u64 = self.models.iter().map(|model| model.bytes).sum();
        let fixed = [
            ("rust heap", self.rust_heap, BYTES),
            ("rust blocks", self.rust_blocks, COUNT),
            ("native heap", self.native_heap, BYTES),
            ("native free", self.native_free, BYTES),
            ("resident", self.resident, BYTES),
            ("anonymous", self.anonymous, BYTES),
            ("proportional", self.proportional, BYTES),
            ("peak", self.peak, BYTES),
            ("files", self.files, COUNT),
            ("threads", self.threads, COUNT),
            ("page cache", Some(self.cached), BYTES),
            ("models", Some(models), BYTES),
        ];
        let fixed = fixed.map(|(name, value, unit)| (name.to_owned(), value, unit));
        let model = |model: &HeldModel| (format!("model {}", model.name), Some(model.bytes), BYTES);
        fixed.into_iter().chain(self.models.iter().map(model)).collect()
    }
}

const BYTES: &str = "bytes";
const COUNT: &str = "";

struct Compared {
    measure: String,
    before: u64,
    now: u64,
    unit: &'static str,
}

type Figure = (String, Option<u64>, &'static str);

fn compared(before: &[Figure], now: &[Figure]) -> Vec<Compared> {
    let value =
        |figures: &[Figure], name: &str| figures.iter().find(|f| f.0 == name).map_or(Some(0), |f| f.1);
    let gone = before.iter().filter(|f| now.iter().all(|other| other.0 != f.0));
    let both = now.iter().chain(gone).filter_map(|(name, _, unit)| {
        let (before, now) = (value(before, name)?, value(now, name)?);
        Some(Compared { measure: name.clone(), before, now, unit })
    });
    both.collect()
}

fn column(name: &str, values: impl Iterator<Item = String>) -> Column {
    Column::new(name.into(), values.collect::<Vec<_>>())
}

fn frame(columns: Vec<Column>) -> Result<DataFrame> {
    let doing = || "building the memory frame".to_owned();
    DataFrame::new_infer_height(columns).map_err(|source| Error::Frame { doing: doing(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_models(names: &[&str]) -> Snapshot {
        let models = names.iter().map(|name| HeldModel { name: (*name).into(), bytes: 7 }).collect();
        Snapshot { resident: Some(10), models, ..Snapshot::default() }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let frame = with_models(&["layout"]).frame().unwrap();
        let names = frame.column("measure").unwrap().str().unwrap();
        let names: Vec<_> = names.iter().flatten().collect();
        assert_eq!(names, ["resident", "page cache", "models", "model layout"]);
    }

    #[test]
    fn growth_counts_models_that_came_and_went() {
        let frame = with_models(&["layout"]).since(&with_models(&["ocr"])).unwrap();
        let growth = frame.column("growth").unwrap().i64().unwrap();
        assert_eq!(growth.iter().flatten().collect::<Vec<_>>(), [0, 0, 0, 7, -7]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_has_memory_files_and_threads() {
        let now = snapshot();
        for figure in
            [now.resident, now.anonymous, now.proportional, now.peak, now.files, now.threads, now.native_heap]
        {
            assert!(figure.is_some_and(|value| value > 0), "{now:?}");
        }
    }
}
