//! `--jobs N`: documents read by worker processes, since pdfium is not thread-safe and a process can be killed.
//!
//! A queue in the parent feeds the workers, one document at a time each. A worker says on its standard output, a line of
//! JSON for each event, how far it is, and leaves its results as files in a stage of their own on the disk they go to;
//! when the document is done, the parent gives them their names. So nothing large crosses a pipe or is held in the
//! parent, all that is costly to write is written by the workers, and of a worker that dies nothing is left. (Arrow IPC
//! between the two would be a second form of everything: no frame holds marks, links or spans, and what one wants in the
//! end are files.)
//!
//! What is printed, and what is complained of, comes in the order of the documents, whatever their number of workers.

#[path = "jobs/loss.rs"]
mod loss;
#[path = "jobs/messages.rs"]
mod messages;
#[path = "jobs/process.rs"]
mod process;
#[path = "jobs/shift.rs"]
mod shift;
#[path = "jobs/worker.rs"]
pub mod worker;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver},
    },
    thread,
};

use flatleaf::{Assets, Result};

use crate::{
    arguments::{Extract, Limits},
    extraction::Account,
    inputs::Job,
    interrupt,
    output::Output,
    reading::Event,
};

use messages::Assignment;
use shift::Shift;

/// What all workers share: the documents that are still to be read, and whether anyone wants them.
struct Queue<'a> {
    jobs: Mutex<std::iter::Enumerate<std::slice::Iter<'a, Job>>>,
    closed: AtomicBool,
}

impl<'a> Queue<'a> {
    fn next(&self) -> Option<(usize, &'a Job)> {
        let mut jobs = self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if self.is_closed() { None } else { jobs.next() }
    }

    /// Whether what is under way is to be dropped, and nothing more begun.
    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed) || interrupt::requested()
    }
}

/// What the parent hears of a document.
enum News {
    /// How far it is, which is shown at once.
    Progress(Event),
    /// All that was done and that failed, which waits for the documents before.
    Finished(Vec<Event>),
}

/// Has workers read all documents.
///
/// # Errors
/// Standard output is closed, or there is no place for the results.
pub fn read_all(
    arguments: &Extract,
    assets: &Assets,
    jobs: &[Job],
    output: &Output,
    limits: Limits,
    account: &mut Account,
) -> Result<()> {
    let stages = output.stages()?;
    let (formats, prints) = output.formats();
    let assignment = Assignment {
        arguments,
        formats: formats.to_vec(),
        prints,
        models: assets.directory().into(),
        threads: limits.threads(),
    };
    let assignment = assignment.line();
    let queue = Queue { jobs: Mutex::new(jobs.iter().enumerate()), closed: AtomicBool::new(false) };
    let (tell, news) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..limits.workers.min(jobs.len()) {
            let (tell, stages) = (tell.clone(), stages.path());
            let mut shift = Shift::new(&queue, &assignment, limits, output, stages, tell);
            scope.spawn(move || shift.work());
        }
        drop(tell);
        let heard = listen(&news, jobs, output, stages.path(), account);
        queue.closed.store(true, Ordering::Relaxed);
        heard
    })
}

/// Where a worker leaves the results of the document of this number.
fn stage(stages: &Path, number: usize) -> PathBuf {
    stages.join(number.to_string())
}

/// Shows the news, prints the results and complaints in the order of the documents.
///
/// # Errors
/// Standard output is closed.
fn listen(
    news: &Receiver<(usize, News)>,
    jobs: &[Job],
    output: &Output,
    stages: &Path,
    account: &mut Account,
) -> Result<()> {
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    for (number, news) in news {
        match news {
            News::Progress(event) => account.hear(&jobs[number], event),
            News::Finished(events) => {
                waiting.insert(number, events);
            }
        }
        while let Some(events) = waiting.remove(&next) {
            account.print(|| output.print(&stage(stages, next)))?;
            events.into_iter().for_each(|event| account.hear(&jobs[next], event));
            let _ = std::fs::remove_dir_all(stage(stages, next));
            next += 1;
        }
    }
    // After an interrupt, documents that were not read lie between some that were.
    for (number, events) in waiting {
        events.into_iter().for_each(|event| account.hear(&jobs[number], event));
    }
    Ok(())
}
