//! A PDF or page image, opened: its pages by number, each read or drawn on its own.
//!
//! The pdfium document, its bytes and the page images kept of it live and die with the `Document`; no other
//! handle outlives the call that made it. A page image is a document of one page.

mod cache;
mod image_file;
mod library;
mod pdf;
mod read;
mod tags;
mod underscores;

use std::{fmt, path::Path, sync::Arc};

use serde::Serialize;

use crate::{
    Error, Result,
    content::{OutlineEntry, Page, Raster},
    memory,
};

pub use cache::PageCache;
pub use library::bind;

/// MiB. A page or image that needs more for its pixels fails before anything is
/// allocated: an A0 poster at 200 dpi takes 176.
const RASTER_LIMIT_MIB: u64 = 256;

/// An open PDF or page image.
pub struct Document {
    info: DocumentInfo,
    kind: Kind,
    cache: PageCache,
    _last: GivesBack,
}

/// The last field to be dropped: what the others freed goes back to the system.
struct GivesBack;

impl Drop for GivesBack {
    fn drop(&mut self) {
        memory::give_back();
    }
}

enum Kind {
    Pdf(pdf::Pdf),
    Image(image_file::ImageFile),
}

/// What a document says of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DocumentInfo {
    /// As it was opened.
    pub path: String,
    /// Number of pages.
    pub pages: usize,
    /// From the metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// From the metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// From the metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// From the metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keywords: Option<String>,
    /// The program that wrote the original.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<String>,
    /// The program that made the PDF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub producer: Option<String>,
    /// As in the file: `D:20240131…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}

impl Document {
    /// Opens a PDF, PNG, JPEG, TIFF, WebP or BMP file.
    ///
    /// # Errors
    /// Not readable, empty, of another kind, damaged, encrypted, or without
    /// pages; an image of more than 256 MiB of pixels.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_file(path.as_ref(), None)
    }

    /// Opens an encrypted PDF.
    ///
    /// # Errors
    /// As [`Document::open`]; also when the password does not fit.
    pub fn open_with_password(path: impl AsRef<Path>, password: &str) -> Result<Self> {
        Self::open_file(path.as_ref(), Some(password))
    }

    /// Opens a document that is in memory; `name` stands in for its path in
    /// errors and results.
    ///
    /// # Errors
    /// As [`Document::open`].
    pub fn from_bytes(name: &str, bytes: Vec<u8>, password: Option<&str>) -> Result<Self> {
        if bytes.is_empty() {
            return Err(Error::Empty { document: name.to_owned() });
        }
        let mut info = DocumentInfo { path: name.to_owned(), pages: 1, ..Default::default() };
        let kind = if image_file::is_image(&bytes) {
            Kind::Image(image_file::ImageFile::open(name, bytes)?)
        } else {
            Kind::Pdf(pdf::Pdf::open(&mut info, bytes, password)?)
        };
        Ok(Self { info, kind, cache: PageCache::default(), _last: GivesBack })
    }

    fn open_file(path: &Path, password: Option<&str>) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Self::from_bytes(&path.to_string_lossy(), bytes, password)
    }

    /// Number of pages, at least 1.
    pub fn pages(&self) -> usize {
        self.info.pages
    }

    /// Path, page count and metadata.
    pub fn info(&self) -> &DocumentInfo {
        &self.info
    }

    /// The bookmarks, flattened in reading order; empty when there are none.
    ///
    /// # Errors
    /// libpdfium is missing.
    pub fn outline(&self) -> Result<Vec<OutlineEntry>> {
        match &self.kind {
            Kind::Pdf(pdf) => pdf.outline(),
            Kind::Image(_) => Ok(Vec::new()),
        }
    }

    /// What page `number` (from 1) holds; an image file holds one picture and no characters.
    ///
    /// # Errors
    /// No such page, a damaged page, or a page box of no or absurd size.
    pub fn page(&self, number: usize) -> Result<Page> {
        self.check(number)?;
        let page = match &self.kind {
            Kind::Pdf(pdf) => pdf.page(&self.info, number)?,
            Kind::Image(image) => image.page(),
        };
        Ok(Page { document: Arc::from(self.info.path.as_str()), ..page })
    }

    /// Page `number` (from 1) as pixels. An image file, taken for a page at 200 dpi, comes in its own pixels at most.
    ///
    /// # Errors
    /// As [`Document::page`]; also when the pixels would pass 256 MiB.
    pub fn render(&self, number: usize, dpi: f32) -> Result<Raster> {
        self.check(number)?;
        match &self.kind {
            Kind::Pdf(pdf) => pdf.render(&self.info, number, dpi),
            Kind::Image(image) => image.render(&self.info.path, dpi),
        }
    }

    /// As [`Document::render`], kept in the page cache for whoever wants to see the page again. Extraction draws its own.
    ///
    /// # Errors
    /// As [`Document::render`].
    pub fn image(&self, number: usize, dpi: f32) -> Result<Arc<Raster>> {
        self.cache.get(number, dpi, || self.render(number, dpi))
    }

    /// The page images that are kept: how many bytes, how often they helped, and how to let go of them.
    pub fn page_cache(&self) -> &PageCache {
        &self.cache
    }

    fn check(&self, page: usize) -> Result<()> {
        if (1..=self.info.pages).contains(&page) {
            return Ok(());
        }
        Err(Error::NoSuchPage { document: self.info.path.clone(), page, pages: self.info.pages })
    }
}

/// Its path and number of pages.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("path", &self.info.path).field("pages", &self.info.pages).finish()
    }
}

/// MiB that a raster takes.
fn raster_mib(width: u32, height: u32) -> u64 {
    (u64::from(width) * u64::from(height)).saturating_mul(3) >> 20
}
