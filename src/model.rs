//! ONNX models behind one seam: a `Model` is a function from tensors to
//! tensors. `Models` loads each on first use, once, and can let go of it again.
//! All that names `ort` is in this file.

pub mod encoder_decoder;
pub mod input;
pub mod output;
#[cfg(test)]
pub(crate) mod tiny;
pub mod tokenizer;

use std::{
    collections::HashMap,
    num::NonZero,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use ndarray::{ArrayD, ArrayViewD, IxDyn};
use ort::{
    environment::{Environment, GlobalThreadPoolOptions},
    ep,
    logging::LogLevel,
    session::{Session, SessionInputValue, builder::SessionBuilder},
    value::{DynValue, Outlet, Tensor as Owned, TensorElementType, TensorRef},
};

use crate::{Assets, Error, Result};
use encoder_decoder::EncoderDecoder;

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

    fn of(outlet: &Outlet) -> Self {
        let shape = outlet.dtype().tensor_shape().map_or(Vec::new(), |shape| shape.iter().copied().collect());
        Self { name: outlet.name().to_owned(), shape }
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
}

impl Model {
    /// The ONNX file at `path`, ready to run. Labels are the lines of its
    /// metadata entry `character`, where PaddleOCR's exports keep them.
    ///
    /// # Errors
    /// [`Error::Model`] when the runtime refuses the file.
    pub fn load(environment: &Environment, path: &Path) -> Result<Self> {
        Self::load_with(environment, path, None)
    }

    /// As [`Model::load`]; with `threads` the session gets threads of its own,
    /// else it works in the environment's pool.
    fn load_with(environment: &Environment, path: &Path, threads: Option<usize>) -> Result<Self> {
        let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let session = session(environment, path, threads).map_err(failed(&name, "loading"))?;
        let labels = labels(&session);
        let inputs = session.inputs().iter().map(Port::of).collect();
        let outputs = session.outputs().iter().map(Port::of).collect();
        let function = run_session(name.clone(), session);
        Ok(Self { name, labels, inputs, outputs, function: Mutex::new(Box::new(function)) })
    }

    /// Any function in a model's place, for tests and benchmarks.
    pub fn from_fn(mut f: impl FnMut(&[Tensor]) -> Result<Vec<Tensor>> + Send + 'static) -> Self {
        let function = move |inputs: &[ArrayViewD<'_, f32>], read: Read| {
            let outputs = f(&inputs.iter().map(|input| input.to_owned()).collect::<Vec<_>>())?;
            read(&outputs.iter().map(|o| o.view()).collect::<Vec<_>>());
            Ok(())
        };
        let (inputs, outputs) = (Vec::new(), Vec::new());
        let function: Mutex<Box<Function>> = Mutex::new(Box::new(function));
        Self { name: "function".into(), labels: Vec::new(), inputs, outputs, function }
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
        let (mut read, mut result) = (Some(read), None);
        let mut once = |outputs: &[ArrayViewD<'_, f32>]| result = read.take().map(|read| read(outputs));
        (lock(&self.function))(inputs, &mut once)?;
        result.ok_or_else(|| self.wrong_shape("an answer", "none"))
    }

    /// The error for an answer of another shape than the task has.
    pub fn wrong_shape(&self, expected: &str, found: impl std::fmt::Debug) -> Error {
        Error::ModelShape { model: self.name.clone(), expected: expected.into(), found: format!("{found:?}") }
    }
}

/// Memory: the CPU arena grows to the worst shape seen and gives nothing back
/// (onnxruntime#11627), and registering no provider leaves it on; the memory
/// pattern caches a plan for every new shape (onnxruntime#11118).
///
/// Errors are told by [`Model::run`]; warnings are not for the user: the loop of SLANet-plus gives four for each step.
fn session(environment: &Environment, path: &Path, threads: Option<usize>) -> ort::Result<Session> {
    let builder = Session::builder(environment)?
        .with_log_level(LogLevel::Error)?
        .with_execution_providers([ep::CPU::default().with_arena_allocator(false).build()])?
        .with_memory_pattern(false)?;
    with_threads(builder, threads)?.commit_from_file(path)
}

fn with_threads(builder: SessionBuilder, threads: Option<usize>) -> ort::Result<SessionBuilder> {
    let Some(threads) = threads else { return Ok(builder) };
    let builder = builder.with_independent_thread_pool()?.with_intra_threads(threads)?;
    Ok(builder.with_intra_op_spinning(false)?)
}

fn labels(session: &Session) -> Vec<String> {
    let entry = session.metadata().ok().and_then(|metadata| metadata.custom("character"));
    // Labels may be any character but this one: U+3000 and U+2028 are among them.
    entry.map(|lines| lines.split('\n').map(String::from).collect()).unwrap_or_default()
}

fn run_session(
    name: String,
    mut session: Session,
) -> impl FnMut(&[ArrayViewD<'_, f32>], Read) -> Result<()> + Send {
    let kinds: Vec<_> = session.inputs().iter().map(|input| input.dtype().tensor_type()).collect();
    move |inputs, read| {
        let kinds = kinds.iter().copied().chain(std::iter::repeat(None));
        let values = inputs.iter().zip(kinds).map(|(input, kind)| input_value(input, kind));
        let values = values.collect::<ort::Result<Vec<_>>>().map_err(failed(&name, "preparing its input"))?;
        let outputs = session.run(&values[..]).map_err(failed(&name, "a run"))?;
        let values: Vec<_> = outputs.values().collect();
        let arrays = values.iter().map(|value| output_array(value));
        let arrays = arrays.collect::<ort::Result<Vec<_>>>().map_err(failed(&name, "reading its output"))?;
        read(&arrays);
        Ok(())
    }
}

/// Floats where they lie; integers and truth values made of them.
fn input_value<'a>(
    input: &'a ArrayViewD<'_, f32>,
    kind: Option<TensorElementType>,
) -> ort::Result<SessionInputValue<'a>> {
    Ok(match kind {
        Some(TensorElementType::Int64) => Owned::from_array(input.mapv(|v| v as i64))?.into(),
        Some(TensorElementType::Int32) => Owned::from_array(input.mapv(|v| v as i32))?.into(),
        Some(TensorElementType::Bool) => Owned::from_array(input.mapv(|v| v != 0.0))?.into(),
        _ => TensorRef::from_array_view(input.view())?.into(),
    })
}

/// An output of no elements may have no address, which `ort` takes for a fault.
fn output_array(value: &DynValue) -> ort::Result<ArrayViewD<'_, f32>> {
    let shape: Vec<usize> = value.shape().iter().map(|&n| usize::try_from(n).unwrap_or(0)).collect();
    match shape.contains(&0).then(|| ArrayViewD::from_shape(IxDyn(&shape), &[])) {
        Some(Ok(empty)) => Ok(empty),
        _ => value.try_extract_array::<f32>(),
    }
}

fn failed(model: &str, doing: &'static str) -> impl FnOnce(ort::Error) -> Error {
    let model = model.to_owned();
    move |source| Error::Model { model, doing, source }
}

type Slot<T> = Arc<Mutex<Option<Arc<T>>>>;
type Slots<T> = Mutex<HashMap<String, Slot<T>>>;
type Loader<T> = dyn Fn(&str) -> Result<T> + Send + Sync;

/// All models of a process: nothing is loaded before its first use.
pub struct Models {
    loader: Box<Loader<Model>>,
    slots: Slots<Model>,
    pair_loader: Box<Loader<EncoderDecoder>>,
    pairs: Slots<EncoderDecoder>,
    loads: Mutex<HashMap<String, usize>>,
}

impl Models {
    /// The models among `assets`, run on all cores; none is loaded yet.
    ///
    /// # Errors
    /// None today; a missing file shows on first use.
    pub fn new(assets: &Assets) -> Result<Self> {
        Self::with_threads(assets, thread::available_parallelism().map_or(1, NonZero::get))
    }

    /// As [`Models::new`], run on `threads` cores, at least one.
    pub fn with_threads(assets: &Assets, threads: usize) -> Result<Self> {
        crate::native::keep_flat();
        let (threads, one, both) = (threads.max(1), assets.clone(), assets.clone());
        let models = Self::with_loader(move |name| load(&one, name, threads));
        Ok(Self { pair_loader: Box::new(move |name| load_pair(&both, name, threads)), ..models })
    }

    /// Models that come from `loader`, called with a name at most once as long
    /// as it succeeds and nothing is unloaded.
    pub fn with_loader(loader: impl Fn(&str) -> Result<Model> + Send + Sync + 'static) -> Self {
        Self {
            loader: Box::new(loader),
            slots: Mutex::default(),
            pair_loader: Box::new(|name| Err(not_put_in(name))),
            pairs: Mutex::default(),
            loads: Mutex::default(),
        }
    }

    /// The same, with `model` in the place of the one called `name`.
    pub fn with(self, name: &str, model: Model) -> Self {
        *lock(&slot(&self.slots, name)) = Some(Arc::new(model));
        self
    }

    /// The same, with `pair` in the place of the encoder and decoder called `name`.
    pub fn with_encoder_decoder(self, name: &str, pair: EncoderDecoder) -> Self {
        *lock(&slot(&self.pairs, name)) = Some(Arc::new(pair));
        self
    }

    /// The model called `name` in the manifest. Loads it if need be; who asks
    /// at the same time waits for that one load. After a failure the next call
    /// tries again.
    ///
    /// # Errors
    /// [`Error::AssetMissing`], [`Error::Library`] or [`Error::Model`].
    pub fn get(&self, name: &str) -> Result<Arc<Model>> {
        self.loaded(&self.slots, &*self.loader, name)
    }

    /// The encoder and decoder called `name` in the manifest, as [`Models::get`].
    ///
    /// # Errors
    /// [`Error::ModelFile`], [`Error::Library`] or [`Error::Model`].
    pub fn encoder_decoder(&self, name: &str) -> Result<Arc<EncoderDecoder>> {
        self.loaded(&self.pairs, &*self.pair_loader, name)
    }

    fn loaded<T>(&self, slots: &Slots<T>, loader: &Loader<T>, name: &str) -> Result<Arc<T>> {
        let slot = slot(slots, name);
        let mut slot = lock(&slot);
        if let Some(model) = &*slot {
            return Ok(Arc::clone(model));
        }
        let model = Arc::new(loader(name)?);
        *lock(&self.loads).entry(name.to_owned()).or_default() += 1;
        *slot = Some(Arc::clone(&model));
        Ok(model)
    }

    /// Lets go of a model; its memory is freed when no run uses it any more.
    /// The next use loads it again.
    pub fn unload(&self, name: &str) {
        *lock(&slot(&self.slots, name)) = None;
        *lock(&slot(&self.pairs, name)) = None;
    }

    /// How often the model was loaded so far.
    pub fn loads(&self, name: &str) -> usize {
        lock(&self.loads).get(name).copied().unwrap_or(0)
    }
}

fn slot<T>(slots: &Slots<T>, name: &str) -> Slot<T> {
    Arc::clone(lock(slots).entry(name.to_owned()).or_default())
}

/// A panic while the lock was held leaves these values whole: slots and
/// functions are replaced in one step.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn load(assets: &Assets, name: &str, threads: usize) -> Result<Model> {
    let path = assets.path(name)?;
    let (environment, pool) = environment(&assets.path(RUNTIME)?, threads)?;
    let own = (pool != threads).then_some(threads);
    Ok(Model { name: name.to_owned(), ..Model::load_with(&environment, &path, own)? })
}

fn load_pair(assets: &Assets, name: &str, threads: usize) -> Result<EncoderDecoder> {
    let folder = assets.path(name)?;
    let (environment, pool) = environment(&assets.path(RUNTIME)?, threads)?;
    let own = (pool != threads).then_some(threads);
    EncoderDecoder::load(&folder, |path| Model::load_with(&environment, path, own))
}

/// Of [`Models::with_loader`], which loads single files.
fn not_put_in(name: &str) -> Error {
    Error::AssetMissing { name: name.to_owned(), directory: "memory".into(), optional: false }
}

/// The runtime's environment and the threads of its pool. `ort` allows one for
/// the life of a process, so it cannot go with `Models`; it holds no weights.
static ENVIRONMENT: Mutex<Option<(Environment, usize)>> = Mutex::new(None);

fn environment(library: &Path, threads: usize) -> Result<(Environment, usize)> {
    let mut cell = lock(&ENVIRONMENT);
    if let Some((environment, pool)) = &*cell {
        return Ok((environment.clone(), *pool));
    }
    let refused = |reason: String| Error::Library { path: library.to_owned(), reason };
    let builder = ort::init_from(library).map_err(|e| refused(e.to_string()))?;
    let environment = pool(threads)
        .and_then(|pool| builder.with_telemetry(false).with_global_thread_pool(pool).build())
        .map_err(|e| refused(e.to_string()))?;
    *cell = Some((environment.clone(), threads));
    Ok((environment, threads))
}

/// Threads that sleep between runs: spinning ones cost a core while other
/// stages work.
fn pool(threads: usize) -> ort::Result<GlobalThreadPoolOptions> {
    GlobalThreadPoolOptions::default()
        .with_intra_threads(threads)?
        .with_inter_threads(1)?
        .with_spin_control(false)
}

/// The ONNX file at `path` on the runtime of the usual folder; `None`, said aloud, where there is none and nobody counts
/// on it.
#[cfg(test)]
pub(crate) fn load_for_test(path: &Path) -> Option<Model> {
    let Ok(runtime) = Assets::default_location().path(RUNTIME) else {
        let set_to = |name, wanted| std::env::var(name).is_ok_and(|value| value == wanted);
        assert!(
            !set_to("CI", "true") && !set_to("FLATLEAF_REQUIRE", "1"),
            "no runtime: run `flatleaf setup`"
        );
        eprintln!("SKIPPED: no runtime in the models folder");
        return None;
    };
    let (environment, _) = environment(&runtime, 1).unwrap();
    Some(Model::load(&environment, path).unwrap())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ndarray::arr1;

    use super::*;

    fn doubling() -> Model {
        Model::from_fn(|inputs| Ok(inputs.iter().map(|i| i * 2.0).collect()))
    }

    #[test]
    fn a_function_stands_in_for_a_model() {
        let outputs = doubling().run(&[arr1(&[1.0, 2.0]).into_dyn()]).unwrap();
        assert_eq!(outputs, [arr1(&[2.0, 4.0]).into_dyn()]);
    }

    #[test]
    fn many_first_uses_at_once_load_once() {
        let models = Models::with_loader(|_| {
            thread::sleep(std::time::Duration::from_millis(20));
            Ok(doubling())
        });
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| models.get(LAYOUT).unwrap());
            }
        });
        assert_eq!(models.loads(LAYOUT), 1);
    }

    #[test]
    fn a_failed_load_can_be_tried_again() {
        let tries = AtomicUsize::new(0);
        let models = Models::with_loader(move |name| match tries.fetch_add(1, Ordering::Relaxed) {
            0 => {
                Err(Error::AssetMissing { name: name.into(), directory: "/nowhere".into(), optional: false })
            }
            _ => Ok(doubling()),
        });
        assert!(matches!(models.get(LAYOUT), Err(Error::AssetMissing { .. })));
        assert!(models.get(LAYOUT).is_ok());
        assert_eq!(models.loads(LAYOUT), 1);
    }

    #[test]
    fn an_unloaded_model_is_loaded_anew() {
        let models = Models::with_loader(|_| Ok(doubling()));
        models.get(LAYOUT).unwrap();
        models.unload(LAYOUT);
        models.get(LAYOUT).unwrap();
        assert_eq!(models.loads(LAYOUT), 2);
    }

    #[test]
    fn a_model_put_in_by_hand_is_not_loaded() {
        let models = Models::with_loader(|_| panic!("loaded")).with(LAYOUT, doubling());
        assert!(models.get(LAYOUT).is_ok());
    }
}
