//! `flatleaf report`: documents to one HTML page of overlays, tables, formulas and charts. It gets its name when it is
//! whole.

use std::{
    cell::RefCell,
    fs,
    io::BufWriter,
    path::{Path, PathBuf},
    process::ExitCode,
};

use flatleaf::{Assets, Document, Error, Models, Result, content::PageContent, json::FailedPage, report};
use tempfile::NamedTempFile;

use crate::{
    arguments::Report,
    extraction::{NOTHING, Tally, begin, read_all},
    inputs::Job,
    interrupt,
    reading::{Reader, Sink},
};

/// In the folder of the report.
const FILE: &str = "index.html";

pub fn run(arguments: &Report, assets: &Assets) -> ExitCode {
    interrupt::or(match write(arguments, assets) {
        Ok(tally) => tally.code(),
        Err(error) => {
            interrupt::complain(&error);
            ExitCode::from(NOTHING)
        }
    })
}

/// # Errors
/// What stops the whole run: no models, no output folder.
fn write(arguments: &Report, assets: &Assets) -> Result<Tally> {
    let (reading, options) = (&arguments.reading, arguments.reading.options());
    let (jobs, mut account) = begin(reading, &options, assets)?;
    let (html, models) = (Html::new(&arguments.output)?, Models::new(assets)?);
    let reader = Reader { reading, options, join_tables: true, models: &models, sink: &html };
    read_all(&reader, &jobs, &mut account)?;
    if account.tally.done > 0 && !interrupt::requested() {
        html.finish(&arguments.output.join(FILE))?;
    }
    Ok(account.tally)
}

/// The report, as far as it is.
struct Html(RefCell<report::Report<BufWriter<NamedTempFile>>>);

impl Html {
    /// # Errors
    /// The folder cannot be made or written.
    fn new(folder: &Path) -> Result<Self> {
        let part = fs::create_dir_all(folder).and_then(|()| NamedTempFile::new_in(folder));
        let part = part.map_err(|error| unwritable(folder, error))?;
        Ok(Self(RefCell::new(report::Report::new(BufWriter::new(part))?)))
    }

    /// Gives it its name.
    fn finish(self, target: &Path) -> Result<()> {
        let written = self.0.into_inner().finish()?.into_inner().map_err(|error| error.into_error());
        let placed = written.and_then(|part| part.persist(target).map_err(|error| error.error));
        placed.and_then(|_| readable(target)).map_err(|error| unwritable(target, error))?;
        eprintln!("the report is in {}", target.display());
        Ok(())
    }
}

impl Sink for Html {
    fn page(&self, _: &Job, _: &Document, page: PageContent) -> Result<PageContent> {
        Ok(page)
    }

    fn document(
        &self,
        _: &Job,
        document: &Document,
        pages: &[PageContent],
        lost: &[FailedPage],
    ) -> Result<()> {
        self.0.borrow_mut().document(document, pages, lost)
    }
}

/// Temporary files are their owner's alone; what bears a name is for all whom the folder lets in.
#[cfg(unix)]
fn readable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn unwritable(path: &Path, source: std::io::Error) -> Error {
    Error::Write { path: PathBuf::from(path), source }
}
