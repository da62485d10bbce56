//! libpdfium, found and bound once per process, and the one lock in front of it.
//!
//! pdfium is not thread-safe, not even across documents, so every use of it
//! holds this lock from the first call to the last.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use pdfium_render::prelude::{Pdfium, PdfiumLibraryBindings};

use crate::{Assets, Error, Result};

/// pdfium's own functions, one for one.
pub(super) type Bindings = Box<dyn PdfiumLibraryBindings>;

static LIBRARY: OnceLock<Mutex<Bindings>> = OnceLock::new();

/// Held while a library is being loaded, so that two threads load it once.
static LOADING: Mutex<()> = Mutex::new(());

/// Binds libpdfium from `assets`; does nothing if it is bound already. Without
/// this call, opening a document binds it from [`Assets::default_location`].
///
/// # Errors
/// The library is missing, or does not load on this machine.
pub fn bind(assets: &Assets) -> Result<()> {
    let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
    if LIBRARY.get().is_none() {
        let _ = LIBRARY.set(Mutex::new(load(assets)?));
    }
    Ok(())
}

/// The library, for as long as the guard lives.
pub(super) fn lock() -> Result<MutexGuard<'static, Bindings>> {
    if LIBRARY.get().is_none() {
        bind(&Assets::default_location())?;
    }
    let library = LIBRARY.get().expect("bind() set it or returned an error");
    // pdfium keeps no half-done state between our calls, so a panic elsewhere under the lock did it no harm.
    Ok(library.lock().unwrap_or_else(PoisonError::into_inner))
}

fn load(assets: &Assets) -> Result<Bindings> {
    crate::native::keep_flat();
    let path = assets.path("pdfium")?;
    let bindings =
        Pdfium::bind_to_library(&path).map_err(|e| Error::Library { path, reason: e.to_string() })?;
    // SAFETY: called once, before any other function of the library.
    unsafe { bindings.FPDF_InitLibrary() };
    Ok(bindings)
}
