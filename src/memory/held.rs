//! What Flatleaf keeps on purpose, entered by its owners: a model when it is loaded, page images as they are cached. An entry ends
//! with its owner.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A model in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldModel {
    /// As the manifest calls it.
    pub name: String,
    /// Bytes by which the process's heap grew as it was loaded.
    pub bytes: u64,
}

#[derive(Clone)]
struct Entry {
    id: u64,
    /// `None` for cached pages.
    model: Option<String>,
    bytes: u64,
}

#[derive(Default)]
struct Entries {
    last_id: u64,
    all: Vec<Entry>,
}

static ENTRIES: Mutex<Entries> = Mutex::new(Entries { last_id: 0, all: Vec::new() });

fn entries() -> MutexGuard<'static, Entries> {
    ENTRIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An owner's entry.
#[derive(Debug)]
pub(crate) struct Held {
    id: u64,
}

impl Held {
    /// A model of this name and size.
    pub(crate) fn model(name: &str, bytes: u64) -> Self {
        Self::enter(Some(name.to_owned()), bytes)
    }

    /// A cache of page images, empty yet.
    pub(crate) fn cache() -> Self {
        Self::enter(None, 0)
    }

    fn enter(model: Option<String>, bytes: u64) -> Self {
        let mut entries = entries();
        entries.last_id += 1;
        let id = entries.last_id;
        entries.all.push(Entry { id, model, bytes });
        Self { id }
    }

    /// From now on it is this much.
    pub(crate) fn set(&self, bytes: u64) {
        if let Some(entry) = entries().all.iter_mut().find(|entry| entry.id == self.id) {
            entry.bytes = bytes;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        entries().all.retain(|entry| entry.id != self.id);
    }
}

/// All models, in the order in which they were loaded.
pub(super) fn models() -> Vec<HeldModel> {
    let model = |entry: &Entry| Some(HeldModel { name: entry.model.clone()?, bytes: entry.bytes });
    entries().all.iter().filter_map(model).collect()
}

/// A model of which another copy is in memory too.
pub(crate) fn twin() -> Option<HeldModel> {
    let models = models();
    let is_twin = |(n, model): (usize, &HeldModel)| {
        models[..n].iter().any(|m| m.name == model.name).then(|| model.clone())
    };
    models.iter().enumerate().find_map(is_twin)
}

/// Bytes of all caches of page images.
pub(super) fn cached() -> u64 {
    entries().all.iter().filter(|entry| entry.model.is_none()).map(|entry| entry.bytes).sum()
}
