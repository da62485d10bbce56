//! libpdfium, found and bound once per process, and the one lock in front of it.
//!
//! pdfium is not thread-safe, not even across documents, so every use of it
//! holds this lock from the first call to the last.

use std::{
    ffi::{c_ulong, c_void},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

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
    crate::memory::keep_flat();
    let path = assets.path("pdfium")?;
    let bindings =
        Pdfium::bind_to_library(&path).map_err(|e| Error::Library { path, reason: e.to_string() })?;
    // SAFETY: called once, before any other function of the library.
    unsafe { bindings.FPDF_InitLibrary() };
    Ok(bindings)
}

/// Text that pdfium writes as UTF-16LE with a closing zero: asked for its
/// length in bytes first, then for itself. `None` when empty.
pub(super) fn utf16(read: impl Fn(*mut c_void, c_ulong) -> c_ulong) -> Option<String> {
    let length = read(std::ptr::null_mut(), 0);
    if length <= 2 {
        return None;
    }
    let mut units = vec![0_u16; length as usize / 2];
    read(units.as_mut_ptr().cast::<c_void>(), length);
    let text = String::from_utf16_lossy(&units);
    let text = text.trim_end_matches('\0').trim();
    (!text.is_empty()).then(|| text.to_owned())
}
