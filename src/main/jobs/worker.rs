//! The hidden `flatleaf worker`: reads the documents that standard input names and tells what happens on standard output.

use std::{
    cell::Cell,
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::mpsc::{self, Receiver},
    thread,
};

use flatleaf::{Assets, Models, document};

use crate::{arguments::Extract, explain, inputs::Job, output::Output, reading::Event};

use super::messages::{Assignment, Order, line};

/// Until there are no more orders.
pub fn run() -> ExitCode {
    let orders = orders();
    let Some(assignment) = orders.recv().ok().and_then(|line| serde_json::from_str(&line).ok()) else {
        eprintln!("error: this is what `flatleaf extract --jobs` starts; it is of no use by itself");
        return ExitCode::from(2);
    };
    let assignment: Assignment<Extract> = assignment;
    let assets = Assets::at(&assignment.models);
    let models = match Models::with_threads(&assets, assignment.threads) {
        Ok(models) => models,
        Err(error) => {
            eprintln!("error: {}", explain(&error));
            return ExitCode::FAILURE;
        }
    };
    for order in orders.iter().map_while(|line| serde_json::from_str(&line).ok()) {
        read(&order, &assignment, &assets, &models);
    }
    ExitCode::SUCCESS
}

/// The lines of standard input. Its end is that of the parent, who wants nothing any more, not even what is under way:
/// the process ends on the spot.
fn orders() -> Receiver<String> {
    let (tell, hear) = mpsc::channel();
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                break;
            }
        }
        // SAFETY: ends the process without running what natively libraries have left to be run at its end, which does
        // not bear that another thread is still using them.
        unsafe { libc::_exit(0) };
    });
    hear
}

fn read(order: &Order, assignment: &Assignment<Extract>, assets: &Assets, models: &Models) {
    let job = Job { path: PathBuf::from(&order.path), stem: order.stem.clone() };
    if !job.is_image()
        && let Err(error) = document::bind(assets)
    {
        tell(&Event::Failed { error: explain(&error), pages: 1 });
        return tell(&Event::Done { pages: 0, stages: Vec::new() });
    }
    let arguments = &assignment.arguments;
    let output = Output::staged(arguments, &assignment.formats, Path::new(&order.stage), assignment.prints);
    let begun = Cell::new(0);
    let hear = |event: Event| match &event {
        // The parent needs the page alone, should this one break down in it.
        Event::Stage { page, .. } if begun.replace(*page) == *page => (),
        _ => tell(&event),
    };
    // What is to be printed goes to a file, so that no pipe can be closed.
    let _ = arguments.reader(models, &output).document(&job, &hear);
}

/// The parent is gone if it cannot be told, and then this process ends by itself.
fn tell(event: &Event) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(line(event).as_bytes()).and_then(|()| out.flush());
}
