//! `flatleaf report`: documents to one HTML page of overlays, tables, formulas and charts. It gets its name when it is
//! whole.

use std::{
    fs,
    io::BufWriter,
    path::{Path, PathBuf},
    process::ExitCode,
};

use flatleaf::{
    Assets, Document, Error, Models, Result,
    extract::extract_observed,
    json::FailedPage,
    report,
    steps::structure::{join_tables, structure},
};
use tempfile::NamedTempFile;

use crate::{
    arguments::Report,
    explain,
    extraction::{NOTHING, prepare},
    inputs::{self, Job},
    interrupt,
    progress::Progress,
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
    let (jobs, errors) = inputs::jobs(&arguments.inputs);
    prepare(&arguments.options(0), &jobs, assets, arguments.quiet)?;
    let models = Models::new(assets)?;
    let (folder, target) = (&arguments.output, arguments.output.join(FILE));
    let part = fs::create_dir_all(folder).and_then(|()| NamedTempFile::new_in(folder));
    let part = part.map_err(|error| unwritable(folder, error))?;
    let page = report::Report::new(BufWriter::new(part))?;
    let progress = Progress::new(jobs.len(), arguments.quiet);
    let mut run = Run { arguments, models: &models, progress, page, tally: Tally::default() };
    errors.iter().for_each(|error| run.fail(error, 1));
    for job in &jobs {
        if let Err(error) = run.document(job) {
            run.fail(&error, 1);
        }
        if interrupt::requested() {
            return Ok(run.tally);
        }
    }
    if run.tally.done > 0 {
        let written = run.page.finish()?.into_inner().map_err(|error| error.into_error());
        let placed = written.and_then(|part| part.persist(&target).map_err(|error| error.error));
        placed.and_then(|_| readable(&target)).map_err(|error| unwritable(&target, error))?;
        eprintln!("the report is in {}", target.display());
    }
    Ok(run.tally)
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

struct Run<'a> {
    arguments: &'a Report,
    models: &'a Models,
    progress: Progress,
    page: report::Report<BufWriter<NamedTempFile>>,
    tally: Tally,
}

impl Run<'_> {
    /// # Errors
    /// The document does not open, or its part of the report cannot be written.
    fn document(&mut self, job: &Job) -> Result<()> {
        let opened = match &self.arguments.password {
            Some(password) => Document::open_with_password(&job.path, password),
            None => Document::open(&job.path),
        };
        let options = self.arguments.options(opened.as_ref().map_or(0, Document::pages));
        let numbers = |document: &Document| match &options.pages {
            Some(pages) => pages.clone(),
            None => (1..=document.pages()).collect(),
        };
        self.progress.document(opened.as_ref().map_or(0, |document| numbers(document).len()));
        let document = opened?;
        let (mut pages, mut failed) = (Vec::new(), Vec::new());
        let on_stage = |page, stage| self.progress.reading(&job.path, page, stage);
        let contents = extract_observed(&document, self.models, &options, on_stage);
        for (number, page) in numbers(&document).into_iter().zip(contents) {
            match page {
                Ok(page) => pages.push(page),
                Err(error) => {
                    self.progress.complain(&explain(&error));
                    failed.push(FailedPage { number, error: explain(&error) });
                }
            }
            self.progress.page();
            if interrupt::requested() {
                return Ok(());
            }
        }
        structure(&mut pages, &document.outline().unwrap_or_default());
        join_tables(&mut pages);
        self.page.document(&document, &pages, &failed)?;
        self.tally.done += pages.len();
        self.tally.failed += failed.len();
        Ok(())
    }

    fn fail(&mut self, error: &Error, pages: usize) {
        self.progress.complain(&explain(error));
        self.tally.failed += pages;
    }
}

/// What came of the pages.
#[derive(Default)]
struct Tally {
    done: usize,
    failed: usize,
}

impl Tally {
    fn code(&self) -> ExitCode {
        match (self.done, self.failed) {
            (0, _) => ExitCode::from(NOTHING),
            (_, 0) => ExitCode::SUCCESS,
            _ => ExitCode::from(1),
        }
    }
}
