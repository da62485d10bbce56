//! Ctrl-C (and SIGTERM): the first lets the page under way come to its end, the
//! second ends the process where it stands.

use std::{
    process::{ExitCode, exit},
    sync::atomic::{AtomicBool, Ordering},
};

/// As shells report a process that SIGINT ended.
const STATUS: u8 = 130;

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// From here on, a signal only asks for the end.
pub fn listen() {
    let listening = ctrlc::set_handler(|| {
        if REQUESTED.swap(true, Ordering::Relaxed) {
            exit(STATUS.into());
        }
        eprintln!("stopping as soon as nothing is left half-done; once more to stop at once");
    });
    if let Err(error) = listening {
        tracing::warn!("Ctrl-C ends the program in mid-page: {error}");
    }
}

/// Whether somebody asked for the end.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// Says what stopped the run, unless the interrupt did: pip hears Ctrl-C too and fails.
pub fn complain(error: &flatleaf::Error) {
    if !requested() {
        eprintln!("error: {}", crate::explain(error));
    }
}

/// `code`, unless somebody asked for the end.
pub fn or(code: ExitCode) -> ExitCode {
    if requested() { ExitCode::from(STATUS) } else { code }
}
