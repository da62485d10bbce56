//! `flatleaf extract`: document after document, page after page. What fails is
//! said and counted; the rest goes on.

use std::process::ExitCode;

use flatleaf::{
    Assets, Document, Error, Models, Ocr, Options, Result, assets,
    content::PageContent,
    document,
    extract::extract_observed,
    json::FailedPage,
    steps::structure::{join_tables, structure},
};

use crate::{
    arguments::{Extract, Format, LayoutChoice},
    explain,
    inputs::{self, Job},
    interrupt,
    output::{Output, is_closed_pipe},
    progress::Progress,
    setup,
};

/// No page came out, as for a wrong command line.
const NOTHING: u8 = 2;

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
    let (jobs, errors) = inputs::jobs(&arguments.inputs);
    prepare(arguments, &jobs, assets)?;
    let (models, output) = (Models::new(assets)?, Output::new(arguments, formats)?);
    let progress = Progress::new(jobs.len(), arguments.quiet);
    let run = Run { arguments, models: &models, output: &output, progress, tally: Tally::default() };
    run.all(&jobs, &errors)
}

/// Fetches what the run needs and the folder lacks: nothing for files that are
/// not there. Which pages are scans shows only when they are read, so OCR
/// counts as needed unless it is forbidden.
fn prepare(arguments: &Extract, jobs: &[Job], assets: &Assets) -> Result<()> {
    let jobs: Vec<&Job> = jobs.iter().filter(|job| job.path.exists()).collect();
    let pdfs = jobs.iter().any(|job| !job.is_image());
    let layout = arguments.layout == LayoutChoice::Model;
    let (tables, formulas) = (arguments.table_model, arguments.formula_model);
    let ocr = Ocr::from(arguments.ocr) != Ocr::Never;
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
        setup::bring(assets, &missing, arguments.quiet)?;
    }
    if pdfs { document::bind(assets) } else { Ok(()) }
}

struct Run<'a> {
    arguments: &'a Extract,
    models: &'a Models,
    output: &'a Output,
    progress: Progress,
    tally: Tally,
}

impl Run<'_> {
    fn all(mut self, jobs: &[Job], errors: &[Error]) -> Result<Tally> {
        errors.iter().for_each(|error| self.fail(error, 1));
        for job in jobs {
            match self.document(job) {
                Err(error) if is_closed_pipe(&error) => return Err(error),
                Err(error) => self.fail(&error, 1),
                Ok(()) => (),
            }
            if interrupt::requested() {
                break;
            }
        }
        Ok(self.tally)
    }

    /// A document that an interrupt cuts short is not written: half of it would look like all of it.
    ///
    /// # Errors
    /// The document does not open, or standard output is closed.
    fn document(&mut self, job: &Job) -> Result<()> {
        let (models, output) = (self.models, self.output);
        let opened = self.open(job);
        let options = self.arguments.options(opened.as_ref().map_or(0, Document::pages));
        let wanted = opened.as_ref().map_or(0, |document| pages_wanted(&options, document));
        self.progress.document(wanted);
        let document = opened?;
        let (mut pages, mut failed) = (Vec::new(), Vec::new());
        let numbers = options.pages.clone().unwrap_or_else(|| (1..=document.pages()).collect());
        let contents = extract_observed(&document, models, &options, self.progress.reading(&job.path));
        for (number, page) in numbers.into_iter().zip(contents) {
            match page.and_then(|page| output.page(job, &document, page)) {
                Ok(page) => pages.push(page),
                Err(error) => {
                    self.fail(&error, 1);
                    failed.push(FailedPage { number, error: explain(&error) });
                }
            }
            self.progress.page();
            if interrupt::requested() && pages.len() + failed.len() < wanted {
                return Ok(());
            }
        }
        self.write(job, &document, &mut pages, &failed)
    }

    fn open(&self, job: &Job) -> Result<Document> {
        match &self.arguments.password {
            Some(password) => Document::open_with_password(&job.path, password),
            None => Document::open(&job.path),
        }
    }

    /// # Errors
    /// Standard output is closed.
    fn write(
        &mut self,
        job: &Job,
        document: &Document,
        pages: &mut [PageContent],
        failed: &[FailedPage],
    ) -> Result<()> {
        if pages.is_empty() {
            return Ok(());
        }
        structure(pages, &document.outline().unwrap_or_default());
        if !self.arguments.no_join_tables {
            join_tables(pages);
        }
        match self.output.document(job, document.info(), pages, failed) {
            Err(error) if is_closed_pipe(&error) => return Err(error),
            Err(error) => self.fail(&error, pages.len()),
            Ok(()) => self.tally.add(pages),
        }
        Ok(())
    }

    fn fail(&mut self, error: &Error, pages: usize) {
        self.progress.complain(error);
        self.tally.failed += pages;
    }
}

fn pages_wanted(options: &Options, document: &Document) -> usize {
    options.pages.as_ref().map_or(document.pages(), Vec::len)
}

/// What came of the pages.
#[derive(Debug, Default)]
struct Tally {
    done: usize,
    failed: usize,
    /// Stage and seconds over all pages, in running order.
    timings: Vec<(&'static str, f64)>,
}

impl Tally {
    fn add(&mut self, pages: &[PageContent]) {
        self.done += pages.len();
        for timing in pages.iter().flat_map(|page| &page.timings) {
            match self.timings.iter_mut().find(|(stage, _)| *stage == timing.stage) {
                Some((_, seconds)) => *seconds += timing.seconds,
                None => self.timings.push((timing.stage, timing.seconds)),
            }
        }
    }

    fn print_timings(&self) {
        for (stage, seconds) in &self.timings {
            eprintln!(
                "{stage:16} {seconds:9.3} s {:9.1} ms a page",
                1000.0 * seconds / self.done.max(1) as f64
            );
        }
    }

    fn code(&self) -> ExitCode {
        match (self.done, self.failed) {
            (0, _) => ExitCode::from(NOTHING),
            (_, 0) => ExitCode::SUCCESS,
            _ => ExitCode::from(1),
        }
    }
}
