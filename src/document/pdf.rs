//! An open pdfium document: the only owner of its handle and bytes.

use std::ffi::{c_int, c_ulong, c_void};

use image::RgbImage;
use pdfium_render::prelude::{FPDF_BITMAP, FPDF_BOOKMARK, FPDF_DOCUMENT, FPDF_PAGE};

use super::{
    DocumentInfo,
    library::{self, Bindings, utf16},
    read,
};
use crate::{
    Error, Result,
    content::{OutlineEntry, Page, Raster},
};

/// Points. The largest page that a PDF viewer must accept is 14,400; some
/// drawings use a larger unit.
const LARGEST_SIDE: f32 = 100_000.0;

/// Entries. Outlines of damaged files can run in circles.
const OUTLINE_LIMIT: usize = 10_000;

/// `FPDF_ERR_*` of fpdfview.h.
const ERROR_PASSWORD: c_ulong = 4;
const ERROR_SECURITY: c_ulong = 5;

/// `FPDFBitmap_BGR`, 3 bytes a pixel; with the byte order reversed, RGB.
const BITMAP_BGR: c_int = 2;
/// `FPDF_ANNOT | FPDF_REVERSE_BYTE_ORDER`.
const RENDER_FLAGS: c_int = 0x01 | 0x10;

pub(super) struct Pdf {
    handle: FPDF_DOCUMENT,
    /// pdfium reads from these until the document is closed.
    _bytes: Vec<u8>,
}

// SAFETY: the handle is used only under the library's lock, by whichever thread holds it.
unsafe impl Send for Pdf {}
// SAFETY: as above.
unsafe impl Sync for Pdf {}

impl Drop for Pdf {
    fn drop(&mut self) {
        if let Ok(mut library) = library::lock() {
            // SAFETY: the handle came from `Library::open` and is closed once, here; pages do not outlive the call that
            // loaded them.
            unsafe { library.close(self.handle) };
        }
    }
}

impl Pdf {
    /// Opens `bytes` and fills `info` from it.
    pub(super) fn open(info: &mut DocumentInfo, bytes: Vec<u8>, password: Option<&str>) -> Result<Self> {
        let mut library = library::lock()?;
        // SAFETY: the bytes are kept beside the handle, and their heap address does not change.
        let handle = unsafe { library.open(&bytes, password) };
        let pdfium = &library.pdfium;
        if handle.is_null() {
            // SAFETY: reads a number.
            let code = unsafe { pdfium.FPDF_GetLastError() };
            return Err(open_error(&info.path, code, password, &bytes));
        }
        let pdf = Self { handle, _bytes: bytes };
        // SAFETY: the handle is open.
        let pages = unsafe { pdfium.FPDF_GetPageCount(handle) };
        fill_metadata(pdfium, handle, info);
        drop(library);
        info.pages = usize::try_from(pages).unwrap_or(0);
        if info.pages == 0 {
            return Err(Error::NoPages { document: info.path.clone() });
        }
        Ok(pdf)
    }

    pub(super) fn page(&self, info: &DocumentInfo, number: usize) -> Result<Page> {
        let pdfium = &library::lock()?.pdfium;
        let open = OpenPage::load(pdfium, self.handle, info, number)?;
        Ok(read::page(pdfium, self.handle, open.handle, number, (open.width, open.height)))
    }

    pub(super) fn render(&self, info: &DocumentInfo, number: usize, dpi: f32) -> Result<Raster> {
        let mut library = library::lock()?;
        library.count_drawn();
        let pdfium = &library.pdfium;
        let page = OpenPage::load(pdfium, self.handle, info, number)?;
        let scale = dpi / 72.0;
        // Saturates, so that an absurd resolution is over the limit too.
        let pixels_of = |points: f32| (points * scale).ceil().max(1.0) as u32;
        let (width, height) = (pixels_of(page.width), pixels_of(page.height));
        let (need_mib, limit_mib) = (super::raster_mib(width, height), super::RASTER_LIMIT_MIB);
        let document = || info.path.clone();
        if need_mib > limit_mib {
            return Err(Error::RasterTooLarge {
                document: document(),
                page: number,
                dpi,
                need_mib,
                limit_mib,
            });
        }
        let pixels = draw(pdfium, page.handle, width, height)
            .ok_or_else(|| Error::Render { document: document(), page: number })?;
        Ok(Raster { pixels, scale })
    }

    pub(super) fn outline(&self) -> Result<Vec<OutlineEntry>> {
        let pdfium = &library::lock()?.pdfium;
        let mut entries = Vec::new();
        // SAFETY: a null parent means the root.
        let first = unsafe { pdfium.FPDFBookmark_GetFirstChild(self.handle, std::ptr::null_mut()) };
        outline_level(pdfium, self.handle, first, 1, &mut entries);
        Ok(entries)
    }
}

/// A loaded page, closed on drop.
struct OpenPage<'a> {
    pdfium: &'a Bindings,
    handle: FPDF_PAGE,
    width: f32,
    height: f32,
}

impl<'a> OpenPage<'a> {
    fn load(
        pdfium: &'a Bindings,
        document: FPDF_DOCUMENT,
        info: &DocumentInfo,
        number: usize,
    ) -> Result<Self> {
        // SAFETY: the document is open; the number was checked against its page count.
        let handle = unsafe { pdfium.FPDF_LoadPage(document, (number - 1) as c_int) };
        if handle.is_null() {
            return Err(Error::PageDamaged { document: info.path.clone(), page: number });
        }
        // SAFETY: the page is open.
        let (width, height) =
            unsafe { (pdfium.FPDF_GetPageWidthF(handle), pdfium.FPDF_GetPageHeightF(handle)) };
        let page = Self { pdfium, handle, width, height };
        let sane = |side: f32| side > 0.0 && side <= LARGEST_SIDE;
        if !sane(width) || !sane(height) {
            return Err(Error::PageSize { document: info.path.clone(), page: number, width, height });
        }
        Ok(page)
    }
}

impl Drop for OpenPage<'_> {
    fn drop(&mut self) {
        // SAFETY: loaded in `load`, closed once, here.
        unsafe { self.pdfium.FPDF_ClosePage(self.handle) };
    }
}

/// pdfium draws straight into our pixels; `None` if it cannot.
fn draw(pdfium: &Bindings, page: FPDF_PAGE, width: u32, height: u32) -> Option<RgbImage> {
    let mut pixels = vec![0xFF_u8; width as usize * height as usize * 3];
    let (w, h) = (width as c_int, height as c_int);
    // SAFETY: the buffer holds `height` rows of `3 * width` bytes and outlives the bitmap, which is destroyed
    // below before the buffer is used again.
    unsafe {
        let bitmap: FPDF_BITMAP =
            pdfium.FPDFBitmap_CreateEx(w, h, BITMAP_BGR, pixels.as_mut_ptr().cast::<c_void>(), 3 * w);
        if bitmap.is_null() {
            return None;
        }
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, w, h, 0, RENDER_FLAGS);
        pdfium.FPDFBitmap_Destroy(bitmap);
    }
    RgbImage::from_raw(width, height, pixels)
}

fn open_error(path: &str, code: c_ulong, password: Option<&str>, bytes: &[u8]) -> Error {
    let document = path.to_owned();
    let head = &bytes[..bytes.len().min(1024)];
    match code {
        ERROR_PASSWORD if password.is_some() => Error::WrongPassword { document },
        ERROR_PASSWORD => Error::PasswordNeeded { document },
        ERROR_SECURITY => Error::Damaged { document, reason: "its encryption is of an unknown kind" },
        _ if !head.windows(5).any(|w| w == b"%PDF-") => Error::Unsupported { document },
        _ => Error::Damaged { document, reason: "its structure cannot be read" },
    }
}

fn fill_metadata(pdfium: &Bindings, document: FPDF_DOCUMENT, info: &mut DocumentInfo) {
    let get = |tag: &str| {
        // SAFETY: the document is open; the buffer is as long as it says.
        utf16(|buffer, length| unsafe { pdfium.FPDF_GetMetaText(document, tag, buffer, length) })
    };
    info.title = get("Title");
    info.author = get("Author");
    info.subject = get("Subject");
    info.keywords = get("Keywords");
    info.creator = get("Creator");
    info.producer = get("Producer");
    info.created = get("CreationDate");
}

fn outline_level(
    pdfium: &Bindings,
    document: FPDF_DOCUMENT,
    mut bookmark: FPDF_BOOKMARK,
    level: u8,
    entries: &mut Vec<OutlineEntry>,
) {
    while !bookmark.is_null() && entries.len() < OUTLINE_LIMIT && level < u8::MAX {
        // SAFETY: bookmarks belong to the open document; the buffer is as long as it says.
        let title = utf16(|buffer, length| unsafe { pdfium.FPDFBookmark_GetTitle(bookmark, buffer, length) });
        // SAFETY: as above; a missing destination is null and gives a negative page.
        let (page, child, next) = unsafe {
            let to = pdfium.FPDFBookmark_GetDest(document, bookmark);
            let page = if to.is_null() { -1 } else { pdfium.FPDFDest_GetDestPageIndex(document, to) };
            let child = pdfium.FPDFBookmark_GetFirstChild(document, bookmark);
            (page, child, pdfium.FPDFBookmark_GetNextSibling(document, bookmark))
        };
        let page = usize::try_from(page).ok().map(|index| index + 1);
        entries.push(OutlineEntry { title: title.unwrap_or_default(), level, page });
        outline_level(pdfium, document, child, level + 1, entries);
        bookmark = next;
    }
}
