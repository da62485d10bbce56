//! `flatleaf extract`: document after document, page after page. What fails is
//! said and counted; the rest goes on.

use std::{cell::RefCell, process::ExitCode, thread};

use flatleaf::{
    Assets, Models, Ocr, Options, Result, assets, document,
    extract::{Formulas, Layout, Tables},
    model::{LAYOUT, OCR_DETECTION, OCR_ORIENTATION, OCR_RECOGNITION},
};

use crate::{
    arguments::{Extract, Format, Reading},
    explain,
    inputs::{self, Job},
    interrupt, jobs,
    output::{Output, is_closed_pipe},
    progress::Progress,
    reading::{Event, Reader, StageTotal, add_stage},
    setup,
};

/// No page came out, as for a wrong command line.
pub const NOTHING: u8 = 2;
/// Bytes.
const MIB: f64 = 1_048_576.0;

pub fn run(arguments: &Extract, assets: &Assets) -> ExitCode {
    let tally = match arguments.formats() {
        Ok(formats) => start(arguments, formats, assets),
        Err(message) => {
            eprintln!("error: {message}");
            return ExitCode::from(NOTHING);
        }
    };
    interrupt::or(match tally {
        Ok(tally) => {
            if arguments.timings {
                tally.print_timings();
            }
            tally.code()
        }
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            interrupt::complain(&error);
            ExitCode::from(NOTHING)
        }
    })
}

/// # Errors
/// What stops the whole run: no models, no output folder, nobody who reads on.
fn start(arguments: &Extract, formats: Vec<Format>, assets: &Assets) -> Result<Tally> {
    let (jobs, mut account) = begin(&arguments.reading, &arguments.options(), assets)?;
    let output = Output::new(arguments, formats)?;
    match arguments.workers() {
        Some(limits) => jobs::read_all(arguments, assets, &jobs, &output, limits, &mut account)?,
        None => {
            let models = Models::new(assets)?;
            read_all(&arguments.reader(&models, &output), &jobs, &mut account)?;
        }
    }
    Ok(account.tally)
}

impl Extract {
    /// Has `output` take what is read.
    pub fn reader<'a>(&'a self, models: &'a Models, output: &'a Output) -> Reader<'a> {
        Reader {
            reading: &self.reading,
            options: self.options(),
            join_tables: !self.no_join_tables,
            models,
            sink: output,
        }
    }
}

/// The documents to read, with all in place that reading them needs, and an account of the run, which knows already what
/// could not be searched.
///
/// # Errors
/// Something is missing and cannot be fetched.
pub fn begin(reading: &Reading, options: &Options, assets: &Assets) -> Result<(Vec<Job>, Account)> {
    let (jobs, errors) = inputs::jobs(&reading.inputs);
    prepare(options, &jobs, assets, reading.quiet)?;
    let mut account = Account::new(jobs.len(), reading.quiet);
    errors.iter().for_each(|error| account.fail(&explain(error), 1));
    Ok((jobs, account))
}

/// Fetches what the run needs and the folder lacks: nothing for files that are
/// not there. Which pages are scans shows only when they are read, so OCR
/// counts as needed unless it is forbidden.
fn prepare(options: &Options, jobs: &[Job], assets: &Assets, quiet: bool) -> Result<()> {
    let jobs: Vec<&Job> = jobs.iter().filter(|job| job.path.exists()).collect();
    let pdfs = jobs.iter().any(|job| !job.is_image());
    let (layout, ocr) = (options.layout != Layout::None, options.ocr != Ocr::Never);
    let (tables, formulas) = (options.tables == Tables::Model, options.formulas == Formulas::Model);
    let names = assets::all().iter().map(|asset| asset.name.as_str());
    let missing: Vec<&str> = names
        .filter(|&name| match name {
            "pdfium" => pdfs,
            "onnxruntime" => layout || tables || formulas || ocr,
            "layout" => layout,
            "table-structure" => tables,
            "formula-recognition" => formulas,
            _ => ocr,
        })
        .filter(|name| !jobs.is_empty() && assets.path(name).is_err())
        .collect();
    if !missing.is_empty() {
        setup::bring(assets, &missing, quiet)?;
    }
    if pdfs { document::bind(assets) } else { Ok(()) }
}

/// One document after the other, in this process.
///
/// # Errors
/// Standard output is closed.
pub fn read_all(reader: &Reader, jobs: &[Job], account: &mut Account) -> Result<()> {
    let models = reader.models;
    let account = RefCell::new(account);
    thread::scope(|scope| {
        for name in needed_for_certain(&reader.options, jobs) {
            // An error is told where the model is wanted.
            scope.spawn(|| models.get(name));
        }
        for job in jobs {
            reader.document(job, &|event| account.borrow_mut().hear(job, event))?;
            if interrupt::requested() {
                break;
            }
        }
        Ok(())
    })
}

/// The models that load while the first file is opened and read. Whether a PDF is a scan shows only when it is read.
/// None under a memory budget, which decides what is in memory when.
fn needed_for_certain(options: &Options, jobs: &[Job]) -> Vec<&'static str> {
    if options.memory_budget.is_some() {
        return Vec::new();
    }
    let there = || jobs.iter().filter(|job| job.path.exists());
    let ocr = match options.ocr {
        Ocr::Always => there().next().is_some(),
        Ocr::Auto => there().next().is_some_and(Job::is_image),
        Ocr::Never => false,
    };
    let layout = options.layout != Layout::None && there().next().is_some();
    let ocr = ocr.then_some([OCR_RECOGNITION, OCR_DETECTION, OCR_ORIENTATION]);
    layout.then_some(LAYOUT).into_iter().chain(ocr.into_iter().flatten()).collect()
}

/// What has come of the run so far, and what of it is shown.
pub struct Account {
    progress: Progress,
    pub tally: Tally,
}

impl Account {
    fn new(documents: usize, quiet: bool) -> Self {
        Self { progress: Progress::new(documents, quiet), tally: Tally::default() }
    }

    pub fn hear(&mut self, job: &Job, event: Event) {
        match event {
            Event::Opened { pages } => self.progress.document(pages),
            Event::Stage { page, stage } => self.progress.reading(&job.path, page, &stage),
            Event::PageDone => self.progress.page(),
            Event::Failed { error, pages } => self.fail(&error, pages),
            Event::Done { pages, stages } => self.tally.add(pages, stages),
        }
    }

    /// Has `print` write to standard output.
    pub fn print<T>(&self, print: impl FnOnce() -> T) -> T {
        self.progress.print(print)
    }

    fn fail(&mut self, error: &str, pages: usize) {
        self.progress.complain(error);
        self.tally.failed += pages;
    }
}

/// What came of the pages.
#[derive(Debug, Default)]
pub struct Tally {
    /// Pages that came out.
    pub done: usize,
    failed: usize,
    /// Over all pages, in running order.
    stages: Vec<StageTotal>,
}

impl Tally {
    fn add(&mut self, pages: usize, stages: Vec<StageTotal>) {
        self.done += pages;
        stages.into_iter().for_each(|stage| add_stage(&mut self.stages, stage));
    }

    /// With `--jobs`, each worker process has a memory of its own: the largest counts.
    fn print_timings(&self) {
        eprintln!("{:16} {:>9} {:>9} {:>9} {:>9}", "stage", "s", "ms a page", "MiB left", "MiB most");
        for StageTotal { stage, seconds, resident, growth } in &self.stages {
            let a_page = 1000.0 * seconds / self.done.max(1) as f64;
            let (left, most) = (*growth as f64 / MIB, *resident as f64 / MIB);
            eprintln!("{stage:16} {seconds:9.3} {a_page:9.1} {left:9.1} {most:9.1}");
        }
    }

    pub fn code(&self) -> ExitCode {
        match (self.done, self.failed) {
            (0, _) => ExitCode::from(NOTHING),
            (_, 0) => ExitCode::SUCCESS,
            _ => ExitCode::from(1),
        }
    }
}
