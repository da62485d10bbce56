//! The parent's side of one worker after the other: orders one document, listens until it is done, and where the worker
//! is lost, says what became of the document and takes another.

use std::{
    fs,
    path::Path,
    sync::mpsc::Sender,
    time::{Duration, Instant},
};

use crate::{arguments::Limits, explain, inputs::Job, output::Output, reading::Event};

use super::{
    News, Queue,
    loss::{Loss, is_from_outside},
    messages::Order,
    process::Process,
    stage,
};

/// How often memory is measured, and asked whether anyone still wants the document.
const WATCH: Duration = Duration::from_millis(20);
/// A document whose workers are killed from outside is given up after so many.
const TRIES: usize = 5;

/// A document's share of the news: what was said of it so far stays said when another worker begins anew.
#[derive(Default)]
struct Said {
    wanted: Option<usize>,
    done: usize,
}

pub struct Shift<'a> {
    queue: &'a Queue<'a>,
    assignment: &'a str,
    limits: Limits,
    output: &'a Output,
    stages: &'a Path,
    tell: Sender<(usize, News)>,
    process: Option<Process>,
}

impl<'a> Shift<'a> {
    pub fn new(
        queue: &'a Queue<'a>,
        assignment: &'a str,
        limits: Limits,
        output: &'a Output,
        stages: &'a Path,
        tell: Sender<(usize, News)>,
    ) -> Self {
        Self { queue, assignment, limits, output, stages, tell, process: None }
    }

    /// Until the queue is empty.
    pub fn work(&mut self) {
        while let Some((number, job)) = self.queue.next() {
            let events = match self.document(number, job) {
                Ok(events) => events,
                Err(Loss::Dropped { .. }) => return,
                Err(loss) => vec![Event::Failed { error: explain(&loss), pages: 1 }],
            };
            self.tell(number, News::Finished(events));
        }
    }

    fn tell(&self, number: usize, news: News) {
        // Nobody listens any more once standard output is closed.
        let _ = self.tell.send((number, news));
    }

    /// What was done and what failed, its files in their places.
    fn document(&mut self, number: usize, job: &Job) -> Result<Vec<Event>, Loss> {
        let mut said = Said::default();
        let mut read = self.tried(number, job, &mut said, 1);
        for tries in 2..=TRIES {
            let Err(Loss::Killed { .. }) = read else { break };
            read = self.tried(number, job, &mut said, tries);
        }
        self.make_up(number, &said);
        let events = read?;
        match self.output.fetch(&stage(self.stages, number)) {
            Ok(()) => Ok(events),
            Err(error) => Ok(vec![Event::Failed { error: explain(&error), pages: 1 }]),
        }
    }

    /// So that the bar arrives whatever was lost.
    fn make_up(&self, number: usize, said: &Said) {
        if said.wanted.is_none() {
            self.tell(number, News::Progress(Event::Opened { pages: 0 }));
        }
        for _ in said.done..said.wanted.unwrap_or(0) {
            self.tell(number, News::Progress(Event::PageDone));
        }
    }

    /// One worker's try. A lost worker is let go of, with all it has left.
    fn tried(&mut self, number: usize, job: &Job, said: &mut Said, tries: usize) -> Result<Vec<Event>, Loss> {
        let mut page = None;
        let read = self.read(number, job, said, &mut page);
        if let Err(end) = read {
            let process = self.process.take();
            let _ = fs::remove_dir_all(stage(self.stages, number));
            return Err(self.loss(end, process, place(job, page), tries));
        }
        read.map_err(|_| Loss::Dropped { place: place(job, page) })
    }

    fn loss(&self, end: End, process: Option<Process>, place: String, tries: usize) -> Loss {
        match (end, process.map(|mut process| process.status())) {
            (End::Time, _) => Loss::TimedOut { place, seconds: self.limits.timeout.as_secs_f64() },
            (End::Memory, _) => Loss::OverBudget { place, limit_mib: self.limits.memory_mib },
            (End::Unwanted, _) => Loss::Dropped { place },
            (End::NoStart(source), _) | (End::Death, Some(Err(source))) => Loss::NotStarted { place, source },
            (End::Death, Some(Ok(status))) if is_from_outside(status) => {
                Loss::Killed { place, status, tries }
            }
            (End::Death, Some(Ok(status))) => Loss::BrokeDown { place, status },
            (End::Death, None) => Loss::Dropped { place },
        }
    }

    /// Orders the document and listens until it is done. `page` is the one that is being read.
    fn read(
        &mut self,
        number: usize,
        job: &Job,
        said: &mut Said,
        page: &mut Option<usize>,
    ) -> Result<Vec<Event>, End> {
        let order = Order {
            path: job.path.clone().into(),
            stem: job.stem.clone(),
            stage: stage(self.stages, number).into(),
        };
        self.order(&order)?;
        let (start, mut watched, mut done, mut kept) = (Instant::now(), Instant::now(), 0, Vec::new());
        loop {
            let process = self.process.as_ref().ok_or(End::Death)?;
            let event = process.event(WATCH).map_err(|()| End::Death)?;
            if watched.elapsed() >= WATCH {
                self.watch(process, start)?;
                watched = Instant::now();
            }
            match event {
                Some(Event::Opened { pages }) if said.wanted.is_none() => {
                    said.wanted = Some(pages);
                    self.tell(number, News::Progress(Event::Opened { pages }));
                }
                Some(Event::Stage { page: begun, stage }) => {
                    *page = Some(begun);
                    self.tell(number, News::Progress(Event::Stage { page: begun, stage }));
                }
                Some(Event::PageDone) => {
                    done += 1;
                    if done > said.done {
                        said.done = done;
                        self.tell(number, News::Progress(Event::PageDone));
                    }
                }
                Some(event @ Event::Failed { .. }) => kept.push(event),
                Some(event @ Event::Done { .. }) => {
                    kept.push(event);
                    return Ok(kept);
                }
                Some(Event::Opened { .. }) | None => (),
            }
        }
    }

    /// Takes another worker where there is none or it died while it had nothing to do.
    fn order(&mut self, order: &Order) -> Result<(), End> {
        if self.process.as_mut().is_some_and(|process| process.order(order).is_ok()) {
            return Ok(());
        }
        let mut process = Process::start(self.assignment).map_err(End::NoStart)?;
        let ordered = process.order(order);
        self.process = Some(process);
        ordered.map_err(|_| End::Death)
    }

    fn watch(&self, process: &Process, start: Instant) -> Result<(), End> {
        if self.queue.is_closed() {
            return Err(End::Unwanted);
        }
        if start.elapsed() > self.limits.timeout {
            return Err(End::Time);
        }
        if process.memory() > self.limits.memory_mib << 20 {
            return Err(End::Memory);
        }
        Ok(())
    }
}

/// Why a worker is lost.
enum End {
    Time,
    Memory,
    Unwanted,
    Death,
    NoStart(std::io::Error),
}

fn place(job: &Job, page: Option<usize>) -> String {
    match page {
        Some(page) => format!("{}, page {page}", job.path.display()),
        None => job.path.display().to_string(),
    }
}
