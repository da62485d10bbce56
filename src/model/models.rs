//! All models of a process: each loaded on first use, once, counted, and let go of again.

use std::{
    collections::HashMap,
    num::NonZero,
    sync::{Arc, Mutex, Once},
    thread,
    time::Duration,
};

use super::{Model, RUNTIME, SessionOptions, encoder_decoder::EncoderDecoder, lock, session::Runtime};
use crate::{
    Assets, Error, Result,
    memory::{self, HeldModel},
};

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
    /// Bytes of an asset on the disk; 0 for none.
    sizes: Box<dyn Fn(&str) -> u64 + Send + Sync>,
}

/// Hundredths of its file that a model takes in memory: the weights, and a second copy of some, laid out for the kernels.
/// Measured: 119 to 218, 156 over the models of OCR.
const WEIGHTS: u64 = 160;
/// Hundredths of the runtime's library that are read into memory.
const LIBRARY: u64 = 65;

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
        Self::with_session_options(assets, threads, SessionOptions::default())
    }

    /// As [`Models::with_threads`], with sessions set up otherwise.
    ///
    /// # Errors
    /// As [`Models::new`].
    pub fn with_session_options(assets: &Assets, threads: usize, options: SessionOptions) -> Result<Self> {
        memory::keep_flat();
        let (threads, one, both, all) = (threads.max(1), assets.clone(), assets.clone(), assets.clone());
        let models = Self::with_loader(move |name| load(&one, name, threads, options));
        let pair = move |name: &str| load_pair(&both, name, threads, options);
        Ok(Self { pair_loader: Box::new(pair), sizes: Box::new(move |name| all.bytes(name)), ..models })
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
            sizes: Box::new(|_| 0),
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
        self.once(&self.slots, &*self.loader, name)
    }

    /// The encoder and decoder called `name` in the manifest, as [`Models::get`].
    ///
    /// # Errors
    /// [`Error::ModelFile`], [`Error::Library`] or [`Error::Model`].
    pub fn encoder_decoder(&self, name: &str) -> Result<Arc<EncoderDecoder>> {
        self.once(&self.pairs, &*self.pair_loader, name)
    }

    fn once<T>(&self, slots: &Slots<T>, loader: &Loader<T>, name: &str) -> Result<Arc<T>> {
        let slot = slot(slots, name);
        let mut slot = lock(&slot);
        if let Some(model) = &*slot {
            return Ok(Arc::clone(model));
        }
        let model = Arc::new(loader(name)?);
        warn_of_twins();
        *lock(&self.loads).entry(name.to_owned()).or_default() += 1;
        *slot = Some(Arc::clone(&model));
        Ok(model)
    }

    /// The models in memory, by name.
    pub fn loaded(&self) -> Vec<Loaded> {
        let mut all: Vec<Loaded> =
            kept(&self.slots).iter().map(|(name, model)| Loaded::of(name, model)).collect();
        for (name, pair) in kept(&self.pairs) {
            all.extend(pair.models().map(|model| Loaded::of(&name, model)));
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// Lets go of a model; its memory is freed when no run uses it any more.
    /// The next use loads it again.
    pub fn unload(&self, name: &str) {
        *lock(&slot(&self.slots, name)) = None;
        *lock(&slot(&self.pairs, name)) = None;
        memory::trim();
    }

    /// Lets go of the models that nobody has run for `idle`, and says which, by name.
    pub fn unload_idle(&self, idle: Duration) -> Vec<String> {
        let single = kept(&self.slots).into_iter().map(|(name, model)| (name, model.idle()));
        let pairs = kept(&self.pairs).into_iter().map(|(name, pair)| (name, pair.idle()));
        let resting = single.chain(pairs).filter(|(_, since)| *since >= idle);
        let mut names: Vec<String> = resting.map(|(name, _)| name).collect();
        names.sort();
        names.iter().for_each(|name| self.unload(name));
        names
    }

    /// Bytes, about, that loading these will take: what is loaded already takes nothing, the first one brings the runtime.
    pub(crate) fn weight(&self, names: &[&str]) -> u64 {
        let loaded = self.loaded();
        let missing = names.iter().filter(|name| loaded.iter().all(|model| model.asset() != **name));
        let weights: u64 = missing.map(|name| (self.sizes)(name) * WEIGHTS / 100).sum();
        let first = weights > 0 && lock(&self.loads).is_empty();
        weights + if first { (self.sizes)(RUNTIME) * LIBRARY / 100 } else { 0 }
    }

    /// How often the model was loaded so far.
    pub fn loads(&self, name: &str) -> usize {
        lock(&self.loads).get(name).copied().unwrap_or(0)
    }
}

fn slot<T>(slots: &Slots<T>, name: &str) -> Slot<T> {
    Arc::clone(lock(slots).entry(name.to_owned()).or_default())
}

/// Those of `slots` that are in memory. One that is just being loaded is not waited for.
fn kept<T>(slots: &Slots<T>) -> Vec<(String, Arc<T>)> {
    let model = |(name, slot): (&String, &Slot<T>)| Some((name.clone(), slot.try_lock().ok()?.clone()?));
    lock(slots).iter().filter_map(model).collect()
}

/// A second `Models` that loads what a first one holds pays for it again; said once for a process.
fn warn_of_twins() {
    static ONCE: Once = Once::new();
    if let Some(twin) = memory::twin() {
        ONCE.call_once(|| tracing::warn!("{}", twin_cost(&twin)));
    }
}

fn twin_cost(twin: &HeldModel) -> String {
    format!(
        "the model {} is in memory twice, {} MiB more: share one `Models` among all documents and threads",
        twin.name,
        twin.bytes.div_ceil(1 << 20)
    )
}

fn load(assets: &Assets, name: &str, threads: usize, options: SessionOptions) -> Result<Model> {
    let path = assets.path(name)?;
    Model::load(&Runtime { library: assets.path(RUNTIME)?, threads, options }, name, &path)
}

fn load_pair(assets: &Assets, name: &str, threads: usize, options: SessionOptions) -> Result<EncoderDecoder> {
    let folder = assets.path(name)?;
    let runtime = Runtime { library: assets.path(RUNTIME)?, threads, options };
    EncoderDecoder::load(&folder, |path| {
        let file = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy();
        Model::load(&runtime, &format!("{name}/{file}"), path)
    })
}

/// Of [`Models::with_loader`], which loads single files.
fn not_put_in(name: &str) -> Error {
    Error::AssetMissing { name: name.to_owned(), directory: "memory".into(), optional: false }
}

/// A model in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// As the manifest calls it.
    pub name: String,
    /// Bytes of its file.
    pub disk: u64,
    /// Bytes by which the process's heap grew as it was loaded; what other threads took in that time counts too.
    pub resident: u64,
    /// Runs since it was loaded.
    pub runs: u64,
    /// What they took together, without what was made of their answers.
    pub busy: Duration,
    /// Since its last run, or since it was loaded.
    pub idle: Duration,
}

impl Loaded {
    /// What the manifest calls the model that this is, or is a part of.
    pub(crate) fn asset(&self) -> &str {
        self.name.split_once('/').map_or(&self.name, |(asset, _)| asset)
    }

    fn of(name: &str, model: &Model) -> Self {
        let name = if model.name.starts_with(name) { &model.name } else { name };
        let runs = *lock(&model.usage.runs);
        Self {
            name: name.to_owned(),
            disk: model.usage.disk,
            resident: model.usage.resident,
            runs: runs.count,
            busy: runs.busy,
            idle: runs.last.elapsed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Instant,
    };

    use ndarray::arr1;

    use super::*;
    use crate::model::{LAYOUT, OCR_DETECTION};

    fn doubling() -> Model {
        Model::from_fn(|inputs| Ok(inputs.iter().map(|i| i * 2.0).collect()))
    }

    #[test]
    fn runs_of_what_is_loaded_are_counted() {
        let models = Models::with_loader(|_| Ok(doubling()));
        for _ in 0..3 {
            models.get(LAYOUT).unwrap().run(&[arr1(&[1.0]).into_dyn()]).unwrap();
        }
        let loaded = models.loaded();
        assert_eq!((loaded.len(), loaded[0].name.as_str(), loaded[0].runs), (1, LAYOUT, 3));
    }

    #[test]
    fn what_is_made_of_an_answer_is_not_the_models_time() {
        let slow = Model::from_fn(|_| {
            thread::sleep(Duration::from_millis(5));
            Ok(Vec::new())
        });
        let models = Models::with_loader(|_| panic!("loaded")).with(LAYOUT, slow);
        let start = Instant::now();
        let pause = || thread::sleep(Duration::from_millis(20));
        models.get(LAYOUT).unwrap().run_with(&[], |_| pause()).unwrap();
        let (busy, all) = (models.loaded()[0].busy, start.elapsed());
        assert!(busy >= Duration::from_millis(5) && busy + Duration::from_millis(20) <= all, "{busy:?}");
    }

    #[test]
    fn only_idle_models_are_let_go() {
        let models = Models::with_loader(|_| Ok(doubling()));
        models.get(LAYOUT).unwrap();
        thread::sleep(Duration::from_millis(20));
        models.get(OCR_DETECTION).unwrap().run(&[]).unwrap();
        assert_eq!(models.unload_idle(Duration::from_millis(15)), [LAYOUT]);
        assert_eq!(models.loaded().len(), 1);
    }

    #[test]
    fn the_cost_of_a_twin_is_named() {
        let twin = HeldModel { name: LAYOUT.into(), bytes: 5 << 20 };
        assert!(twin_cost(&twin).starts_with("the model layout is in memory twice, 5 MiB more"));
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
