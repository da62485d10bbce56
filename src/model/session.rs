//! ONNX Runtime: one environment for the process, sessions set up so that memory stays flat. All that names `ort`.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

use ndarray::{ArrayViewD, IxDyn};
use ort::{
    environment::{Environment, GlobalThreadPoolOptions},
    ep,
    logging::LogLevel,
    session::{Session, SessionInputValue, builder::SessionBuilder},
    value::{DynValue, Outlet, Tensor as Owned, TensorElementType, TensorRef},
};

#[cfg(target_os = "linux")]
mod scratch;

use super::{Function, Port, Read, lock};
use crate::{Error, Result};

/// How sessions are set up. The defaults keep memory flat; the others are there to measure what that costs.
///
/// Eight scans and digital pages over and over, on two cores (`cargo bench --bench sessions`); time is CPU time over that of
/// the choices taken:
///
/// | choice | resident MiB | peak MiB | time |
/// |---|---|---|---|
/// | taken: scratch memory, a plan for each shape | 94 | 209 | 1 |
/// | new pages for each run, with a plan | 92 | 208 | 1.15 |
/// | arena and plan (the runtime's own choice) | 476 | 501 | 1.02 |
/// | scratch memory, no plan | 95 | 194 | 1.11 |
/// | no prepacking | 94 | 209 | 1.03 |
/// | a pool for each session | 94 | 210 | 1 (0.84 to 1.07) |
/// | spinning | 94 | 210 | 1.02 |
///
/// So flatness costs nothing: the arena is no faster than the scratch memory, for five times as much. New pages for each run
/// were 2.2 million page faults of 4 KiB; with scratch memory they are 0.2 million.
///
/// A plan takes about 1 KiB for each shape seen, and shapes are few: the layout model's 608 by 800 and the table model's 488 by 488
/// alone; lines of text of 48 pixels by multiples of 64 up to 3,200, up to 1,280 together; eight lines or fewer of 192 by 48 for
/// orientation; for the detector, sides of multiples of 32 on two areas, some hundreds. Each model has one session, so its prepacked
/// weights are there once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionOptions {
    /// Allocate from the runtime's arena, which grows to the worst shape seen and gives nothing back
    /// (onnxruntime#11627). Registering no provider at all leaves it on.
    pub arena: bool,
    /// Work in one region of memory for all sessions, whose pages stay from run to run; else each run takes new pages from the
    /// system. Without [`arena`](Self::arena) only, and on Linux only.
    pub scratch: bool,
    /// Plan the buffers of each input shape once, and take them as one block that goes back after the run. A plan is kept
    /// for every shape seen (onnxruntime#11118), so shapes have to be few.
    pub memory_pattern: bool,
    /// Keep a second copy of the weights, laid out for the kernels.
    pub prepacking: bool,
    /// All sessions work in one pool of threads; else each has its own.
    pub shared_pool: bool,
    /// Threads wait for work in a busy loop, which costs a core while other stages work.
    pub spinning: bool,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            arena: false,
            scratch: true,
            memory_pattern: true,
            prepacking: true,
            shared_pool: true,
            spinning: false,
        }
    }
}

/// The library, and how it is to work.
#[derive(Clone, Debug)]
pub(super) struct Runtime {
    pub library: PathBuf,
    pub threads: usize,
    pub options: SessionOptions,
}

/// A session as a function, with what its file says of itself.
pub(super) struct Opened {
    pub labels: Vec<String>,
    pub inputs: Vec<Port>,
    pub outputs: Vec<Port>,
    pub function: Box<Function>,
}

/// # Errors
/// [`Error::Library`] when the runtime does not load, [`Error::Model`] when it refuses the file.
pub(super) fn open(runtime: &Runtime, name: &str, path: &Path) -> Result<Opened> {
    let (environment, pool) = environment(runtime)?;
    let own_threads = !runtime.options.shared_pool || pool != runtime.threads;
    let threads = own_threads.then_some(runtime.threads);
    let session = session(&environment, path, threads, &runtime.options).map_err(failed(name, "loading"))?;
    Ok(Opened {
        labels: labels(&session),
        inputs: session.inputs().iter().map(port).collect(),
        outputs: session.outputs().iter().map(port).collect(),
        function: Box::new(run_session(name.to_owned(), session)),
    })
}

fn port(outlet: &Outlet) -> Port {
    let shape = outlet.dtype().tensor_shape().map_or(Vec::new(), |shape| shape.iter().copied().collect());
    Port { name: outlet.name().to_owned(), shape }
}

/// Errors are told by [`Model::run`](super::Model::run); warnings are not for the user: the loop of SLANet-plus gives
/// four for each step.
fn session(
    environment: &Environment,
    path: &Path,
    threads: Option<usize>,
    options: &SessionOptions,
) -> ort::Result<Session> {
    let builder = Session::builder(environment)?
        .with_log_level(LogLevel::Error)?
        .with_execution_providers([ep::CPU::default().with_arena_allocator(options.arena).build()])?
        .with_memory_pattern(options.memory_pattern)?
        .with_prepacking(options.prepacking)?;
    let scratch = options.scratch && !options.arena && cfg!(target_os = "linux");
    let builder = if scratch { builder.with_env_allocators()? } else { builder };
    with_threads(builder, threads, options.spinning)?.commit_from_file(path)
}

fn with_threads(
    builder: SessionBuilder,
    threads: Option<usize>,
    spinning: bool,
) -> ort::Result<SessionBuilder> {
    let Some(threads) = threads else { return Ok(builder) };
    let builder = builder.with_independent_thread_pool()?.with_intra_threads(threads)?;
    Ok(builder.with_intra_op_spinning(spinning)?)
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

/// The runtime's environment and the threads of its pool. `ort` allows one for
/// the life of a process, so it cannot go with `Models`; it holds no weights.
static ENVIRONMENT: Mutex<Option<(Environment, usize)>> = Mutex::new(None);

fn environment(runtime: &Runtime) -> Result<(Environment, usize)> {
    let mut cell = lock(&ENVIRONMENT);
    if let Some((environment, pool)) = &*cell {
        return Ok((environment.clone(), *pool));
    }
    let refused = |reason: String| Error::Library { path: runtime.library.clone(), reason };
    let builder = ort::init_from(&runtime.library).map_err(|e| refused(e.to_string()))?;
    let environment = pool(runtime)
        .and_then(|pool| builder.with_telemetry(false).with_global_thread_pool(pool).build())
        .map_err(|e| refused(e.to_string()))?;
    #[cfg(target_os = "linux")]
    scratch::register(&environment).map_err(|e| refused(e.to_string()))?;
    *cell = Some((environment.clone(), runtime.threads));
    Ok((environment, runtime.threads))
}

fn pool(runtime: &Runtime) -> ort::Result<GlobalThreadPoolOptions> {
    GlobalThreadPoolOptions::default()
        .with_intra_threads(runtime.threads)?
        .with_inter_threads(1)?
        .with_spin_control(runtime.options.spinning)
}
