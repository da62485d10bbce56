//! Pages to files or standard output. A file is written beside its place and
//! renamed, so that whatever bears its name is whole.

use std::{
    fs::{self, File},
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
    reading::Sink,
};

/// Where results go, and which.
pub struct Output {
    folder: Option<Folder>,
    /// Where a worker keeps what is to be printed; else it goes to standard output.
    printed: Option<PathBuf>,
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
    /// On the same disk, so that a rename moves a file out of it. A worker has none: its folder is of no use until the
    /// document is done.
    scratch: Option<TempDir>,
}

impl Output {
    /// # Errors
    /// The output folder cannot be made or written.
    pub fn new(arguments: &Extract, formats: Vec<Format>) -> Result<Self> {
        let folder = arguments.output.as_deref().map(Folder::new).transpose()?;
        Ok(Self {
            folder,
            printed: None,
            formats,
            overlay: arguments.overlay.then_some(arguments.reading.dpi),
            figures: arguments.figures,
            tables: arguments.tables,
        })
    }

    /// Of a worker: all that is made of one document goes to `stage`, a folder, to be fetched from there; what is to be
    /// printed, to a file of that name.
    pub fn staged(arguments: &Extract, formats: &[Format], stage: &Path, prints: bool) -> Self {
        let folder = Folder { path: stage.to_owned(), scratch: None };
        Self {
            folder: (!prints).then_some(folder),
            printed: prints.then(|| stage.to_owned()),
            formats: formats.to_vec(),
            overlay: arguments.overlay.then_some(arguments.reading.dpi),
            figures: arguments.figures,
            tables: arguments.tables,
        }
    }

    /// What is written, and whether it goes to standard output.
    pub fn formats(&self) -> (&[Format], bool) {
        (&self.formats, self.folder.is_none())
    }

    /// A folder for the stages of workers, on the disk that results go to.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn stages(&self) -> Result<TempDir> {
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix(".flatleaf-");
        match &self.folder {
            Some(folder) => builder.tempdir_in(&folder.path).map_err(|error| unwritable(&folder.path, error)),
            None => builder.tempdir().map_err(|error| unwritable(&std::env::temp_dir(), error)),
        }
    }

    /// Puts the files of a document that a worker is done with in their places. What is to be printed stays.
    ///
    /// # Errors
    /// A file cannot be moved.
    pub fn fetch(&self, stage: &Path) -> Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let moved = match stage.is_dir() {
            true => move_all(stage, &folder.path),
            false => Ok(()),
        };
        moved.map_err(|error| unwritable(&folder.path, error))
    }

    /// Prints what a worker kept to be printed, and lets go of it.
    ///
    /// # Errors
    /// Standard output is closed, or the file cannot be read.
    pub fn print(&self, kept: &Path) -> Result<()> {
        if self.folder.is_some() || !kept.exists() {
            return Ok(());
        }
        let mut text = File::open(kept).map_err(|source| Error::Read { path: kept.to_owned(), source })?;
        let _ = fs::remove_file(kept);
        let mut out = io::stdout().lock();
        let printed = io::copy(&mut text, &mut out).and_then(|_| out.flush());
        printed.map_err(|error| unwritable(Path::new("standard output"), error))
    }

    /// On standard output, or where a worker keeps it.
    fn say(&self, text: &str) -> Result<()> {
        let Some(printed) = &self.printed else {
            let mut out = io::stdout().lock();
            let said = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
            return said.map_err(|error| unwritable(Path::new("standard output"), error));
        };
        let file = File::options().append(true).create(true).open(printed);
        let kept = file.and_then(|mut file| writeln!(file, "{}", text.trim_end()));
        kept.map_err(|error| unwritable(printed, error))
    }
}

impl Sink for Output {
    /// Writes the pictures of one page and lets go of them, so that a document
    /// is held as text only.
    fn page(&self, job: &Job, document: &Document, mut content: PageContent) -> Result<PageContent> {
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

    /// Nothing, where no page came out.
    fn document(
        &self,
        job: &Job,
        document: &Document,
        pages: &[PageContent],
        failed: &[FailedPage],
    ) -> Result<()> {
        if pages.is_empty() {
            return Ok(());
        }
        let info = document.info();
        let cut_out = self.figures && self.folder.is_some();
        let picture = |name: &str| cut_out.then(|| format!("{}/figures/{name}", job.stem));
        let markdown = || markdown::with_figures(pages, picture);
        let json = || json::document(info, pages, failed, picture);
        self.formats.iter().try_for_each(|format| match (format, &self.folder) {
            (Format::Md, Some(folder)) => folder.text(&format!("{}.md", job.stem), &markdown()),
            (Format::Json, Some(folder)) => folder.text(&format!("{}.json", job.stem), &json()),
            (Format::Md, None) => self.say(&markdown()),
            (Format::Json, None) => self.say(&json()),
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
        Ok(Self { path: path.to_owned(), scratch: Some(scratch.map_err(|error| unwritable(path, error))?) })
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

    /// Has `write` make a file elsewhere, then gives it its name in the folder; a worker's is made in its place.
    fn place(&self, name: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let target = self.path.join(name);
        let parent = target.parent().unwrap_or(&self.path);
        let made = |made: io::Result<()>| made.map_err(|error| unwritable(&target, error));
        let Some(scratch) = &self.scratch else {
            made(fs::create_dir_all(parent))?;
            return write(&target);
        };
        let part = scratch.path().join("part");
        write(&part)?;
        made(fs::create_dir_all(parent).and_then(|()| fs::rename(&part, &target)))
    }
}

/// Moves all files below `from` to the same places below `to`, and leaves it empty.
fn move_all(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (here, there) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&there)?;
            move_all(&here, &there)?;
            fs::remove_dir(&here)?;
        } else {
            fs::rename(&here, &there)?;
        }
    }
    Ok(())
}

/// Whoever read standard output has read enough.
pub fn is_closed_pipe(error: &Error) -> bool {
    matches!(error, Error::Write { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}

fn unwritable(path: &Path, source: io::Error) -> Error {
    Error::Write { path: path.to_owned(), source }
}
