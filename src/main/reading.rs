//! One document: opened, read page by page, written. Whoever asked hears of it as it goes on, in this process or in that
//! of a worker's parent.

use std::borrow::Cow;

use flatleaf::{
    Document, Error, Models, Options, Result,
    content::PageContent,
    extract::extract_observed,
    json::FailedPage,
    steps::structure::{join_tables, structure},
};
use serde::{Deserialize, Serialize};

use crate::{
    arguments::Extract,
    explain,
    inputs::Job,
    interrupt,
    output::{Output, is_closed_pipe},
};

/// What one hears of a document while it is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// So many of its pages are wanted; 0 if it does not open.
    Opened { pages: usize },
    /// A stage of a page begins.
    Stage { page: usize, stage: Cow<'static, str> },
    /// One page more is done, well or badly.
    PageDone,
    /// What went wrong, and how many pages it cost.
    Failed { error: String, pages: usize },
    /// The last: pages that came out, and seconds by stage over all of them, in running order.
    Done { pages: usize, timings: Vec<(Cow<'static, str>, f64)> },
}

/// What documents are read with, and where their results go.
pub struct Reader<'a> {
    pub arguments: &'a Extract,
    pub models: &'a Models,
    pub output: &'a Output,
}

impl Reader<'_> {
    /// Tells `hear` all that happens, ending with [`Event::Done`]. A document that an interrupt cuts short is not
    /// written: half of it would look like all of it.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn document(&self, job: &Job, hear: &dyn Fn(Event)) -> Result<()> {
        let pages = match self.pages(job, hear) {
            Err(error) if is_closed_pipe(&error) => return Err(error),
            Err(error) => {
                hear(failed(&error, 1));
                Vec::new()
            }
            Ok(pages) => pages,
        };
        hear(Event::Done { pages: pages.len(), timings: seconds_by_stage(&pages) });
        Ok(())
    }

    /// The pages that came out.
    ///
    /// # Errors
    /// The document does not open, or standard output is closed.
    fn pages(&self, job: &Job, hear: &dyn Fn(Event)) -> Result<Vec<PageContent>> {
        let opened = self.open(job);
        let options = self.arguments.options(opened.as_ref().map_or(0, Document::pages));
        let wanted = opened.as_ref().map_or(0, |document| pages_wanted(&options, document));
        hear(Event::Opened { pages: wanted });
        let document = opened?;
        let (mut pages, mut lost) = (Vec::new(), Vec::new());
        let numbers = options.pages.clone().unwrap_or_else(|| (1..=document.pages()).collect());
        let on_stage = |page, stage| hear(Event::Stage { page, stage: Cow::Borrowed(stage) });
        let contents = extract_observed(&document, self.models, &options, on_stage);
        for (number, page) in numbers.into_iter().zip(contents) {
            match page.and_then(|page| self.output.page(job, &document, page)) {
                Ok(page) => pages.push(page),
                Err(error) => {
                    hear(failed(&error, 1));
                    lost.push(FailedPage { number, error: explain(&error) });
                }
            }
            hear(Event::PageDone);
            if interrupt::requested() && pages.len() + lost.len() < wanted {
                return Ok(Vec::new());
            }
        }
        self.write(job, &document, pages, &lost, hear)
    }

    fn open(&self, job: &Job) -> Result<Document> {
        match &self.arguments.password {
            Some(password) => Document::open_with_password(&job.path, password),
            None => Document::open(&job.path),
        }
    }

    /// The pages, if they could be written.
    ///
    /// # Errors
    /// Standard output is closed.
    fn write(
        &self,
        job: &Job,
        document: &Document,
        mut pages: Vec<PageContent>,
        lost: &[FailedPage],
        hear: &dyn Fn(Event),
    ) -> Result<Vec<PageContent>> {
        if pages.is_empty() {
            return Ok(pages);
        }
        structure(&mut pages, &document.outline().unwrap_or_default());
        if !self.arguments.no_join_tables {
            join_tables(&mut pages);
        }
        match self.output.document(job, document.info(), &pages, lost) {
            Err(error) if is_closed_pipe(&error) => Err(error),
            Err(error) => {
                hear(failed(&error, pages.len()));
                Ok(Vec::new())
            }
            Ok(()) => Ok(pages),
        }
    }
}

fn failed(error: &Error, pages: usize) -> Event {
    Event::Failed { error: explain(error), pages }
}

fn pages_wanted(options: &Options, document: &Document) -> usize {
    options.pages.as_ref().map_or(document.pages(), Vec::len)
}

fn seconds_by_stage(pages: &[PageContent]) -> Vec<(Cow<'static, str>, f64)> {
    let mut sums = Vec::new();
    for timing in pages.iter().flat_map(|page| &page.timings) {
        add_seconds(&mut sums, Cow::Borrowed(timing.stage), timing.seconds);
    }
    sums
}

/// Adds to the stage's entry, which it makes if there is none.
pub fn add_seconds(sums: &mut Vec<(Cow<'static, str>, f64)>, stage: Cow<'static, str>, seconds: f64) {
    match sums.iter_mut().find(|(name, _)| *name == stage) {
        Some((_, sum)) => *sum += seconds,
        None => sums.push((stage, seconds)),
    }
}
