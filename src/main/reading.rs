//! One document: opened, read page by page, written. Whoever asked hears of it as it goes on, in this process or in that
//! of a worker's parent.

use std::borrow::Cow;

use flatleaf::{
    Document, Error, Models, Options, Result,
    content::{PageContent, Timing},
    extract::extract_observed,
    json::FailedPage,
    steps::structure::{join_tables, structure},
};
use serde::{Deserialize, Serialize};

use crate::{arguments::Reading, explain, inputs::Job, interrupt, output::is_closed_pipe};

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
    /// The last: pages that came out, and what each stage took over all of them, in running order.
    Done { pages: usize, stages: Vec<StageTotal> },
}

/// What a stage took over many pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageTotal {
    pub stage: Cow<'static, str>,
    pub seconds: f64,
    /// The most that was in memory at its end, bytes.
    pub resident: u64,
    /// What it left in memory, bytes.
    pub growth: i64,
}

/// Where what is read goes.
pub trait Sink {
    /// Takes one page as soon as it is read, and gives back what is to be kept of it until the document is whole.
    fn page(&self, job: &Job, document: &Document, page: PageContent) -> Result<PageContent>;

    /// Takes all pages that came out, with the structure over them, and those that did not.
    fn document(
        &self,
        job: &Job,
        document: &Document,
        pages: &[PageContent],
        lost: &[FailedPage],
    ) -> Result<()>;
}

/// What documents are read with, and where their results go.
pub struct Reader<'a> {
    pub reading: &'a Reading,
    /// What the library is asked for; the pages are those of `reading`.
    pub options: Options,
    /// Whether tables that go on over a page are made one.
    pub join_tables: bool,
    pub models: &'a Models,
    pub sink: &'a dyn Sink,
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
        hear(Event::Done { pages: pages.len(), stages: stage_totals(&pages) });
        Ok(())
    }

    /// The pages that came out.
    ///
    /// # Errors
    /// The document does not open, or standard output is closed.
    fn pages(&self, job: &Job, hear: &dyn Fn(Event)) -> Result<Vec<PageContent>> {
        let opened = self.open(job);
        let numbers = opened.as_ref().map_or_else(|_| Vec::new(), |document| self.numbers(document));
        let wanted = numbers.len();
        hear(Event::Opened { pages: wanted });
        let document = opened?;
        let (mut pages, mut lost) = (Vec::new(), Vec::new());
        let options = Options { pages: Some(numbers.clone()), ..self.options.clone() };
        let on_stage = |page, stage| hear(Event::Stage { page, stage: Cow::Borrowed(stage) });
        let contents = extract_observed(&document, self.models, &options, on_stage);
        for (number, page) in numbers.into_iter().zip(contents) {
            match page.and_then(|page| self.sink.page(job, &document, page)) {
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
        match &self.reading.password {
            Some(password) => Document::open_with_password(&job.path, password),
            None => Document::open(&job.path),
        }
    }

    /// Of the pages that are wanted.
    fn numbers(&self, document: &Document) -> Vec<usize> {
        match &self.reading.pages {
            Some(pages) => pages.of(document.pages()),
            None => (1..=document.pages()).collect(),
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
        structure(&mut pages, &document.outline().unwrap_or_default());
        if self.join_tables {
            join_tables(&mut pages);
        }
        match self.sink.document(job, document, &pages, lost) {
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

fn stage_totals(pages: &[PageContent]) -> Vec<StageTotal> {
    let mut totals = Vec::new();
    for &Timing { stage, seconds, resident, growth } in pages.iter().flat_map(|page| &page.timings) {
        add_stage(&mut totals, StageTotal { stage: Cow::Borrowed(stage), seconds, resident, growth });
    }
    totals
}

/// Adds to the stage's entry, which it makes if there is none.
pub fn add_stage(totals: &mut Vec<StageTotal>, more: StageTotal) {
    match totals.iter_mut().find(|total| total.stage == more.stage) {
        Some(total) => {
            total.seconds += more.seconds;
            total.resident = total.resident.max(more.resident);
            total.growth += more.growth;
        }
        None => totals.push(more),
    }
}
