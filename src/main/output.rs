//! Pages to files or standard output. A file is written beside its place and
//! renamed, so that whatever bears its name is whole.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use flatleaf::{
    Document, Error, Result,
    content::{PageContent, Raster},
    document::DocumentInfo,
    frames::{self, FrameFormat},
    json::{self, FailedPage},
    markdown, plot,
};
use image::{ImageError, ImageFormat, RgbImage};
use tempfile::TempDir;

use crate::{
    arguments::{Extract, Format},
    inputs::Job,
};

/// Where results go, and which.
pub struct Output {
    folder: Option<Folder>,
    formats: Vec<Format>,
    /// Resolution of overlays; `None` when there are to be none.
    overlay: Option<f32>,
    /// Whether figures are cut out.
    figures: bool,
    /// Whether tables are written one by one.
    tables: bool,
}

struct Folder {
    path: PathBuf,
    /// On the same disk, so that a rename moves a file out of it.
    scratch: TempDir,
}

impl Output {
    /// # Errors
    /// The output folder cannot be made or written.
    pub fn new(arguments: &Extract, formats: Vec<Format>) -> Result<Self> {
        let folder = arguments.output.as_deref().map(Folder::new).transpose()?;
        Ok(Self {
            folder,
            formats,
            overlay: arguments.overlay.then_some(arguments.dpi),
            figures: arguments.figures,
            tables: arguments.tables,
        })
    }

    /// Writes the pictures of one page and lets go of them, so that a document
    /// is held as text only.
    pub fn page(&self, job: &Job, document: &Document, mut content: PageContent) -> Result<PageContent> {
        let Some(folder) = &self.folder else { return Ok(content) };
        for figure in &mut content.figures {
            if let Some(Raster { pixels, .. }) = figure.crop.take() {
                folder.picture(&Path::new(&job.stem).join("figures").join(&figure.name), &pixels)?;
            }
        }
        if let Some(dpi) = self.overlay {
            let drawn = plot::overlay(&document.render(content.number, dpi)?, &content);
            let name = format!("page-{:04}.png", content.number);
            folder.picture(&Path::new(&job.stem).join("overlay").join(name), &drawn)?;
        }
        Ok(content)
    }

    /// Writes what is made of a whole document.
    pub fn document(
        &self,
        job: &Job,
        info: &DocumentInfo,
        pages: &[PageContent],
        failed: &[FailedPage],
    ) -> Result<()> {
        let cut_out = self.figures && self.folder.is_some();
        let picture = |name: &str| cut_out.then(|| format!("{}/figures/{name}", job.stem));
        let markdown = || markdown::with_figures(pages, picture);
        let json = || json::document(info, pages, failed, picture);
        self.formats.iter().try_for_each(|format| match (format, &self.folder) {
            (Format::Md, Some(folder)) => folder.text(&format!("{}.md", job.stem), &markdown()),
            (Format::Json, Some(folder)) => folder.text(&format!("{}.json", job.stem), &json()),
            (Format::Md, None) => print(&markdown()),
            (Format::Json, None) => print(&json()),
            (Format::Parquet, Some(folder)) => folder.frames(job, info, pages, FrameFormat::Parquet),
            (Format::Csv, Some(folder)) => folder.frames(job, info, pages, FrameFormat::Csv),
            (Format::Ipc, Some(folder)) => folder.frames(job, info, pages, FrameFormat::Ipc),
            (Format::Jsonl, Some(folder)) => folder.frames(job, info, pages, FrameFormat::JsonLines),
            // `Extract::formats` refuses frames for standard output.
            (_, None) => Ok(()),
        })?;
        match &self.folder {
            Some(folder) if self.tables => folder.tables(job, pages),
            _ => Ok(()),
        }
    }
}

impl Folder {
    fn new(path: &Path) -> Result<Self> {
        fs::create_dir_all(path).map_err(|error| unwritable(path, error))?;
        let scratch = tempfile::Builder::new().prefix(".flatleaf-").tempdir_in(path);
        Ok(Self { path: path.to_owned(), scratch: scratch.map_err(|error| unwritable(path, error))? })
    }

    fn text(&self, name: &str, text: &str) -> Result<()> {
        self.place(Path::new(name), |path| fs::write(path, text).map_err(|error| unwritable(path, error)))
    }

    fn picture(&self, name: &Path, pixels: &RgbImage) -> Result<()> {
        self.place(name, |path| {
            pixels.save_with_format(path, ImageFormat::Png).map_err(|error| match error {
                ImageError::IoError(error) => unwritable(path, error),
                other => unwritable(path, io::Error::other(other)),
            })
        })
    }

    /// One frame after the other, so that one is in memory at a time.
    fn frames(
        &self,
        job: &Job,
        info: &DocumentInfo,
        pages: &[PageContent],
        format: FrameFormat,
    ) -> Result<()> {
        let write = |name: &str, frame: Result<_>| {
            let (mut frame, name) = (frame?, format!("{name}.{}", format.extension()));
            self.place(&Path::new(&job.stem).join(name), |path| frames::write(&mut frame, path, format))
        };
        write("documents", frames::documents(info, pages))?;
        write("pages", frames::pages(pages))?;
        write("blocks", frames::blocks(pages))?;
        write("lines", frames::lines(pages))?;
        write("words", frames::words(pages))?;
        write("figures", frames::figures(pages))?;
        write("formulas", frames::formulas(pages))?;
        write("tables", frames::tables(pages))?;
        write("cells", frames::cells(pages))?;
        write("timings", frames::timings(pages))
    }

    fn tables(&self, job: &Job, pages: &[PageContent]) -> Result<()> {
        let format = FrameFormat::Csv;
        frames::named_tables(pages).iter().try_for_each(|named| {
            let mut frame = frames::table(&named.table)?;
            let name = format!("{}.{}", named.name, format.extension());
            let path = Path::new(&job.stem).join("tables").join(name);
            self.place(&path, |path| frames::write(&mut frame, path, format))
        })
    }

    /// Has `write` make a file elsewhere, then gives it its name in the folder.
    fn place(&self, name: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let (part, target) = (self.scratch.path().join("part"), self.path.join(name));
        write(&part)?;
        let parent = target.parent().unwrap_or(&self.path);
        let moved = fs::create_dir_all(parent).and_then(|()| fs::rename(&part, &target));
        moved.map_err(|error| unwritable(&target, error))
    }
}

fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
    written.map_err(|error| unwritable(Path::new("standard output"), error))
}

/// Whoever read standard output has read enough.
pub fn is_closed_pipe(error: &Error) -> bool {
    matches!(error, Error::Write { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}

fn unwritable(path: &Path, source: io::Error) -> Error {
    Error::Write { path: path.to_owned(), source }
}
