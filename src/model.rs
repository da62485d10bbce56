//! ONNX models behind one seam: a `Model` is a function from tensors to
//! tensors. `Models` loads each on first use, once, and can let go of it again.
//! All that names `ort` is in `session.rs`.

pub mod encoder_decoder;
pub mod input;
mod models;
pub mod output;
mod session;
#[cfg(test)]
pub(crate) mod tiny;
pub mod tokenizer;

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use ndarray::{ArrayD, ArrayViewD};

use crate::{
    Error, Result,
    memory::{self, Held},
};

pub use models::{Loaded, Models};
pub use session::SessionOptions;

/// The native library that runs the models, as the manifest calls it.
pub const RUNTIME: &str = "onnxruntime";
/// Regions of a page.
pub const LAYOUT: &str = "layout";
/// Where text is.
pub const OCR_DETECTION: &str = "ocr-detection";
/// Whether a line of text stands on its head.
pub const OCR_ORIENTATION: &str = "ocr-orientation";
/// Rows, columns and spans of a table; optional.
pub const TABLE_STRUCTURE: &str = "table-structure";
/// LaTeX of a formula; optional, an encoder and a decoder in a folder that the user supplies.
pub const FORMULA_RECOGNITION: &str = "formula-recognition";
/// What a line of text says.
pub const OCR_RECOGNITION: &str = "ocr-recognition";

/// What goes in and comes out: 32-bit floats of any rank. Where a file wants integers or truth values, they are made of
/// the floats, which hold whole numbers up to 2²⁴ exactly.
pub type Tensor = ArrayD<f32>;

/// A named input or output of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Port {
    /// As in the file.
    pub name: String,
    /// -1 is a length that may vary.
    pub shape: Vec<i64>,
}

impl Port {
    /// The port called `name`, of this shape.
    pub fn new(name: impl Into<String>, shape: impl Into<Vec<i64>>) -> Self {
        Self { name: name.into(), shape: shape.into() }
    }
}

/// Looks at the outputs while the runtime still holds them.
type Read<'a> = &'a mut dyn FnMut(&[ArrayViewD<'_, f32>]);
type Function = dyn FnMut(&[ArrayViewD<'_, f32>], Read) -> Result<()> + Send;

/// A function from input tensors to output tensors, with the names of what it
/// tells apart.
pub struct Model {
    name: String,
    labels: Vec<String>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    function: Mutex<Box<Function>>,
    usage: Usage,
    /// Its entry among what the process holds; a function has none.
    _held: Option<Held>,
}

/// What a model costs, and how it is used.
#[derive(Debug)]
struct Usage {
    disk: u64,
    resident: u64,
    runs: Mutex<Runs>,
}

/// How often and how long a model has run since it was loaded.
#[derive(Clone, Copy, Debug)]
struct Runs {
    count: u64,
    busy: Duration,
    /// The end of the last; when it was loaded before the first.
    last: Instant,
}

impl Usage {
    fn new(disk: u64, resident: u64) -> Self {
        let runs = Runs { count: 0, busy: Duration::ZERO, last: Instant::now() };
        Self { disk, resident, runs: Mutex::new(runs) }
    }
}

impl Model {
    /// The ONNX file at `path`, ready to run in `runtime`, under `name`. Labels are the lines of its metadata entry
    /// `character`, where PaddleOCR's exports keep them.
    ///
    /// # Errors
    /// [`Error::Library`] or [`Error::Model`] when the runtime does not load or refuses the file.
    fn load(runtime: &session::Runtime, name: &str, path: &Path) -> Result<Self> {
        let before = memory::in_use();
        let opened = session::open(runtime, name, path)?;
        let resident = memory::in_use().saturating_sub(before);
        let disk = path.metadata().map_or(0, |file| file.len());
        Ok(Self {
            name: name.to_owned(),
            labels: opened.labels,
            inputs: opened.inputs,
            outputs: opened.outputs,
            function: Mutex::new(opened.function),
            usage: Usage::new(disk, resident),
            _held: Some(Held::model(name, resident)),
        })
    }

    /// Any function in a model's place, for tests and benchmarks.
    pub fn from_fn(mut f: impl FnMut(&[Tensor]) -> Result<Vec<Tensor>> + Send + 'static) -> Self {
        let function = move |inputs: &[ArrayViewD<'_, f32>], read: Read| {
            let outputs = f(&inputs.iter().map(|input| input.to_owned()).collect::<Vec<_>>())?;
            read(&outputs.iter().map(|o| o.view()).collect::<Vec<_>>());
            Ok(())
        };
        Self {
            name: "function".into(),
            labels: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            function: Mutex::new(Box::new(function)),
            usage: Usage::new(0, 0),
            _held: None,
        }
    }

    /// The same model, telling `labels` apart.
    pub fn with_labels(self, labels: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { labels: labels.into_iter().map(Into::into).collect(), ..self }
    }

    /// The same model, with these inputs and outputs in their order; a file says its own.
    pub fn with_ports(self, inputs: Vec<Port>, outputs: Vec<Port>) -> Self {
        Self { inputs, outputs, ..self }
    }

    /// As the manifest calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the classes of its output mean, in order; a recogniser's dictionary.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// What goes in, in order; unknown, and empty, for a function unless [`Model::with_ports`] says it.
    pub fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    /// What comes out, in order; as for [`Model::inputs`].
    pub fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    /// The outputs for `inputs`, copied; the runtime's own are freed. One run
    /// at a time: others wait.
    ///
    /// # Errors
    /// [`Error::Model`] when the runtime refuses the inputs.
    pub fn run(&self, inputs: &[Tensor]) -> Result<Vec<Tensor>> {
        self.run_with(inputs, |outputs| outputs.iter().map(|o| o.to_owned()).collect())
    }

    /// What `read` makes of the outputs for `inputs`, without a copy: a
    /// recogniser's answer is 75 kB for each of its time steps. The views end
    /// with the call, so that no buffer of the runtime outlives it.
    ///
    /// # Errors
    /// [`Error::Model`] when the runtime refuses the inputs.
    pub fn run_with<R>(
        &self,
        inputs: &[Tensor],
        read: impl FnOnce(&[ArrayViewD<'_, f32>]) -> R,
    ) -> Result<R> {
        self.run_views(&inputs.iter().map(|input| input.view()).collect::<Vec<_>>(), read)
    }

    /// As [`Model::run_with`], for inputs that stay where they are: a decoder's cache is tens of megabytes.
    ///
    /// # Errors
    /// [`Error::Model`] when the runtime refuses the inputs.
    pub fn run_views<R>(
        &self,
        inputs: &[ArrayViewD<'_, f32>],
        read: impl FnOnce(&[ArrayViewD<'_, f32>]) -> R,
    ) -> Result<R> {
        let (mut read, mut result, mut busy) = (Some(read), None, Duration::ZERO);
        {
            let mut function = lock(&self.function);
            let start = Instant::now();
            let mut once = |outputs: &[ArrayViewD<'_, f32>]| {
                busy = start.elapsed();
                result = read.take().map(|read| read(outputs));
            };
            function(inputs, &mut once)?;
        }
        let mut runs = lock(&self.usage.runs);
        *runs = Runs { count: runs.count + 1, busy: runs.busy + busy, last: Instant::now() };
        drop(runs);
        result.ok_or_else(|| self.wrong_shape("an answer", "none"))
    }

    /// Since its last run, or since it was loaded.
    fn idle(&self) -> Duration {
        lock(&self.usage.runs).last.elapsed()
    }

    /// The error for an answer of another shape than the task has.
    pub fn wrong_shape(&self, expected: &str, found: impl std::fmt::Debug) -> Error {
        Error::ModelShape { model: self.name.clone(), expected: expected.into(), found: format!("{found:?}") }
    }
}

/// A panic while the lock was held leaves these values whole: slots and
/// functions are replaced in one step.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The ONNX file at `path` on the runtime of the usual folder; `None`, said aloud, where there is none and nobody counts
/// on it.
#[cfg(test)]
pub(crate) fn load_for_test(path: &Path) -> Option<Model> {
    let Ok(library) = crate::Assets::default_location().path(RUNTIME) else {
        let set_to = |name, wanted| std::env::var(name).is_ok_and(|value| value == wanted);
        assert!(
            !set_to("CI", "true") && !set_to("FLATLEAF_REQUIRE", "1"),
            "no runtime: run `flatleaf setup`"
        );
        eprintln!("SKIPPED: no runtime in the models folder");
        return None;
    };
    let runtime = session::Runtime { library, threads: 1, options: SessionOptions::default() };
    Some(Model::load(&runtime, "test", path).unwrap())
}

#[cfg(test)]
mod tests {
    use ndarray::arr1;

    use super::*;

    #[test]
    fn a_function_stands_in_for_a_model() {
        let doubling = Model::from_fn(|inputs| Ok(inputs.iter().map(|i| i * 2.0).collect()));
        let outputs = doubling.run(&[arr1(&[1.0, 2.0]).into_dyn()]).unwrap();
        assert_eq!(outputs, [arr1(&[2.0, 4.0]).into_dyn()]);
    }
}
