//! What can go wrong, said so that a stranger knows what to do next.

use std::{io, path::PathBuf};

/// The result of anything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What was being done, to which file, page or model, and the next step; the
/// cause is kept as `source`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read.
    #[error("{path}: cannot be read; check that it exists and that you may read it")]
    Read { path: PathBuf, source: io::Error },

    /// A result cannot be written.
    #[error("{path}: cannot be written; check the folder's permissions and the free space")]
    Write { path: PathBuf, source: io::Error },

    /// The file has no bytes.
    #[error("{document}: the file is empty; fetch or copy it again")]
    Empty { document: String },

    /// Neither a PDF nor a page image.
    #[error("{document}: not a PDF and not a PNG, JPEG, TIFF, WebP or BMP image; convert it to one of these")]
    Unsupported { document: String },

    /// A PDF that pdfium cannot open.
    #[error(
        "{document}: the PDF is damaged ({reason}); fetch it again, or repair it with a tool such as `qpdf`"
    )]
    Damaged { document: String, reason: &'static str },

    /// Encrypted, and no password was given.
    #[error(
        "{document}: the PDF is encrypted; give its password (`--password`, `Document::open_with_password`)"
    )]
    PasswordNeeded { document: String },

    /// Encrypted, and the password given does not open it.
    #[error("{document}: the password does not open the PDF; check it")]
    WrongPassword { document: String },

    /// A PDF of no pages.
    #[error("{document}: the PDF has no pages; there is nothing to extract")]
    NoPages { document: String },

    /// A page number outside the document.
    #[error("{document}, page {page}: no such page; the document has {pages}, counted from 1")]
    NoSuchPage { document: String, page: usize, pages: usize },

    /// A page that pdfium cannot load; others of the document may be fine.
    #[error("{document}, page {page}: the page is damaged and was left out; the others are not affected")]
    PageDamaged { document: String, page: usize },

    /// A page box of no area or beyond all paper.
    #[error(
        "{document}, page {page}: the page box is {width} by {height} points, which cannot be drawn; the page was left out"
    )]
    PageSize { document: String, page: usize, width: f32, height: f32 },

    /// A picture of the page would not fit the limit.
    #[error(
        "{document}, page {page}: a picture at {dpi} dpi needs {need_mib} MiB, the limit is {limit_mib} MiB; lower `--dpi`"
    )]
    RasterTooLarge { document: String, page: usize, dpi: f32, need_mib: u64, limit_mib: u64 },

    /// An image file whose pixels would not fit the limit.
    #[error(
        "{document}: the image is {width} by {height} pixels, which need {need_mib} MiB, the limit is {limit_mib} MiB; scale it down"
    )]
    ImageTooLarge { document: String, width: u32, height: u32, need_mib: u64, limit_mib: u64 },

    /// A page that needs more memory than the budget leaves, whatever is given up for it.
    #[error(
        "{document}, page {page}: reading it takes {need_mib} MiB above start-up, the memory budget is {budget_mib} MiB; raise `--memory-budget`; the other pages are not affected"
    )]
    OverBudget { document: String, page: usize, need_mib: u64, budget_mib: u64 },

    /// pdfium could not draw the page.
    #[error("{document}, page {page}: the page cannot be drawn; try a lower `--dpi`")]
    Render { document: String, page: usize },

    /// An image file that cannot be decoded.
    #[error("{document}: the image cannot be decoded; open it in a viewer and save it again as PNG")]
    Image { document: String, source: image::ImageError },

    /// A page whose extraction was stopped by a failing step.
    #[error("{document}, page {page}: {stage} failed; the other pages are not affected")]
    Stage { document: String, page: usize, stage: &'static str, source: Box<Error> },

    /// A model or native library is not on the disk.
    #[error(
        "{name} is missing in {directory}; run `flatleaf setup{}`, or name a prepared directory with `--models`",
        if *.optional { format!(" --optional {name}") } else { String::new() }
    )]
    AssetMissing { name: String, directory: PathBuf, optional: bool },

    /// A model or native library is on the disk but is not what the manifest says.
    #[error(
        "{path}: not the file that models/manifest.toml lists ({reason}); delete it and run `flatleaf setup`"
    )]
    AssetWrong { path: PathBuf, reason: String },

    /// A model or native library could not be fetched.
    #[error("{name}: cannot be fetched ({reason}); {next_step}")]
    Fetch { name: String, reason: String, next_step: &'static str },

    /// A native library is there but does not load.
    #[error("{path}: the library does not load ({reason}); run `flatleaf doctor`")]
    Library { path: PathBuf, reason: String },

    /// ONNX Runtime refused a model or a run of it.
    #[error("model {model}: {doing} failed; run `flatleaf doctor`")]
    Model { model: String, doing: &'static str, source: ort::Error },

    /// A model answered with tensors of another shape than its task has.
    #[error("model {model}: answered with {found} where {expected} was expected; check models/manifest.toml")]
    ModelShape { model: String, expected: String, found: String },

    /// A file of a model that the user supplies is missing, or is not what it should be.
    #[error("{path}: {reason}; {next_step}")]
    ModelFile { path: PathBuf, reason: String, next_step: &'static str },

    /// polars refused a frame or its file.
    #[error("{doing} failed")]
    Frame { doing: String, source: polars::error::PolarsError },

    /// A chart could not be drawn.
    #[error("the chart \"{chart}\" cannot be drawn ({reason}); its frame is not affected")]
    Chart { chart: String, reason: String },

    /// JSON could not be written.
    #[error("{doing} failed")]
    Json { doing: String, source: serde_json::Error },
}
