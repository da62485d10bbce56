//! Why a document came to nothing with its worker, said so that one knows what to do next.

use std::{io, process::ExitStatus};

/// `place` is the document and, where one had begun, its page.
#[derive(Debug, thiserror::Error)]
pub enum Loss {
    #[error(
        "{place}: not done after {seconds} s, and given up; raise `--timeout`, or leave the page out with `--pages`"
    )]
    TimedOut { place: String, seconds: f64 },

    #[error(
        "{place}: its process needed more than {limit_mib} MiB, and was ended; raise `--job-memory`, or lower `--dpi`"
    )]
    OverBudget { place: String, limit_mib: u64 },

    /// By its own doing.
    #[error(
        "{place}: its process broke down ({status}); leave the page out with `--pages`, and report the file as a bug"
    )]
    BrokeDown { place: String, status: ExitStatus },

    /// By somebody else's.
    #[error(
        "{place}: its process was killed from outside ({status}), {tries} times over; if the system was out of memory, lower `--jobs`"
    )]
    Killed { place: String, status: ExitStatus, tries: usize },

    #[error("{place}: no process could be started to read it; lower `--jobs`")]
    NotStarted { place: String, source: io::Error },

    /// Nobody wants the document any more.
    #[error("{place}: not read")]
    Dropped { place: String },
}

/// Whether the document had no part in it: these are the signals that people, shells and a system without memory send. A
/// program that breaks down ends by another, or by a status.
pub fn is_from_outside(status: ExitStatus) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        matches!(status.signal(), Some(libc::SIGKILL | libc::SIGTERM | libc::SIGINT | libc::SIGHUP))
    }
    #[cfg(not(unix))]
    false
}
