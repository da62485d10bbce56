//! What a scenario held over its iterations, and its file.

use std::{error::Error, fs, path::Path};

use flatleaf::frames::{self, FrameFormat};
use polars::prelude::{Column, DataFrame};

use super::Form;

/// What was held after so many iterations; `None` where it was not measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    pub iteration: usize,
    /// Bytes that Rust code holds.
    pub rust: Option<u64>,
    /// Blocks that Rust code holds.
    pub blocks: Option<u64>,
    /// Bytes of `malloc`.
    pub native: Option<u64>,
    /// Bytes in memory.
    pub resident: Option<u64>,
    /// Bytes in memory that no file backs.
    pub anonymous: Option<u64>,
    /// Open files; where the whole process is judged, mapped ones too.
    pub files: Option<u64>,
    pub threads: Option<u64>,
}

/// Leaves `leaks/SCENARIO-FORM.parquet` in the target folder's `tmp`.
pub fn write(scenario: &str, form: Form, deliberate: bool, samples: &[Sample]) -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("leaks");
    fs::create_dir_all(&folder)?;
    let column = |name: &str, of: fn(&Sample) -> Option<u64>| {
        Column::new(name.into(), samples.iter().map(of).collect::<Vec<_>>())
    };
    let same = |name: &str, value: &str| Column::new(name.into(), vec![value; samples.len()]);
    let mut frame = DataFrame::new_infer_height(vec![
        same("scenario", scenario),
        same("form", form.name()),
        Column::new("deliberate".into(), vec![deliberate; samples.len()]),
        column("iteration", |s| Some(s.iteration as u64)),
        column("rust_heap", |s| s.rust),
        column("rust_blocks", |s| s.blocks),
        column("native_heap", |s| s.native),
        column("resident", |s| s.resident),
        column("anonymous", |s| s.anonymous),
        column("files", |s| s.files),
        column("threads", |s| s.threads),
    ])?;
    let path = folder.join(format!("{scenario}-{}.parquet", form.name()));
    frames::write(&mut frame, &path, FrameFormat::Parquet)?;
    Ok(())
}
