//! libpdfium, found and bound once per process, and the one lock in front of it.
//!
//! pdfium is not thread-safe, not even across documents, so every use of it
//! holds this lock from the first call to the last.
//!
//! pdfium remembers every font that a page was ever drawn with, by an entry of 64
//! bytes that outlives its document. Strewn over the heap, they keep the pages around
//! them: drawing 300 pages of twenty papers again and again grew by 230 KiB a round,
//! though 20 KiB more were in use. So the library is started anew now and then, between
//! two documents; after that both are 0, and it takes .1 ms.

use std::{
    ffi::{c_ulong, c_void},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use pdfium_render::prelude::{FPDF_DOCUMENT, Pdfium, PdfiumLibraryBindings};

use crate::{Assets, Error, Result};

/// pdfium's own functions, one for one.
pub(super) type Bindings = Box<dyn PdfiumLibraryBindings>;

static LIBRARY: OnceLock<Mutex<Library>> = OnceLock::new();

/// Held while a library is being loaded, so that two threads load it once.
static LOADING: Mutex<()> = Mutex::new(());

/// Pages drawn before the library is started anew. What they leave is some tens of KiB.
const PAGES_BEFORE_RESTART: usize = 100;

/// pdfium, and what tells when it may be started anew.
pub(super) struct Library {
    pub(super) pdfium: Bindings,
    /// Documents that are open.
    open: usize,
    /// Pages drawn since the library was started.
    drawn: usize,
}

impl Library {
    /// A document over `bytes`, to be closed by [`Library::close`]; null if pdfium cannot open it.
    ///
    /// # Safety
    /// The bytes live, where they are, until the document is closed.
    pub(super) unsafe fn open(&mut self, bytes: &[u8], password: Option<&str>) -> FPDF_DOCUMENT {
        // SAFETY: as the caller promises.
        let document = unsafe { self.pdfium.FPDF_LoadMemDocument64(bytes, password) };
        self.open += usize::from(!document.is_null());
        document
    }

    /// # Safety
    /// The document came from [`Library::open`] and is closed once; nothing of it is in use.
    pub(super) unsafe fn close(&mut self, document: FPDF_DOCUMENT) {
        // SAFETY: as the caller promises.
        unsafe { self.pdfium.FPDF_CloseDocument(document) };
        self.open -= 1;
        if self.open == 0 && self.drawn >= PAGES_BEFORE_RESTART {
            self.restart();
        }
    }

    /// Counts a page that is drawn.
    pub(super) fn count_drawn(&mut self) {
        self.drawn += 1;
    }

    fn restart(&mut self) {
        self.drawn = 0;
        // SAFETY: no document is open, and whoever uses the library holds its lock, which is ours now.
        unsafe {
            self.pdfium.FPDF_DestroyLibrary();
            self.pdfium.FPDF_InitLibrary();
        }
    }
}

/// Binds libpdfium from `assets`; does nothing if it is bound already. Without
/// this call, opening a document binds it from [`Assets::default_location`].
///
/// The library is Flatleaf's own from then on: it is started anew now and then, when no
/// [`Document`](crate::Document) is open, whoever else uses the same file in this process.
///
/// # Errors
/// The library is missing, or does not load on this machine.
pub fn bind(assets: &Assets) -> Result<()> {
    let _one_at_a_time = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
    if LIBRARY.get().is_none() {
        let library = Library { pdfium: load(assets)?, open: 0, drawn: 0 };
        let _ = LIBRARY.set(Mutex::new(library));
    }
    Ok(())
}

/// The library, for as long as the guard lives.
pub(super) fn lock() -> Result<MutexGuard<'static, Library>> {
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
