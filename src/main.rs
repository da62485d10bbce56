//! The command: flags to options to files or standard output. Results go to
//! standard output or to files, everything said about them to standard error.

#[path = "main/arguments.rs"]
mod arguments;
#[path = "main/doctor.rs"]
mod doctor;
#[path = "main/extraction.rs"]
mod extraction;
#[path = "main/inputs.rs"]
mod inputs;
#[path = "main/interrupt.rs"]
mod interrupt;
#[path = "main/jobs.rs"]
mod jobs;
#[path = "main/kernel/mod.rs"]
mod kernel;
#[path = "main/output.rs"]
mod output;
#[path = "main/progress.rs"]
mod progress;
#[path = "main/reading.rs"]
mod reading;
#[path = "main/report.rs"]
mod report;
#[path = "main/setup.rs"]
mod setup;

use std::process::ExitCode;

use clap::Parser;
use flatleaf::Assets;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    // SAFETY: no other thread runs yet.
    unsafe { std::env::set_var(NO_TELEMETRY, "1") };
    log_to_stderr();
    let arguments = Arguments::parse();
    // A worker has no last word: it ends with what it is told, or where it stands.
    if !matches!(arguments.command, Command::Worker) {
        interrupt::listen();
    }
    let assets = arguments.models.map_or_else(Assets::default_location, Assets::at);
    match arguments.command {
        Command::Setup { optional } => setup::run(&assets, &optional),
        Command::Doctor => doctor::run(&assets),
        Command::Extract(extract) => extraction::run(&extract, &assets),
        Command::Kernel(kernel) => kernel::run(&kernel, &assets),
        Command::Repl(repl) => kernel::repl(&repl, &assets),
        Command::Worker => jobs::worker::run(),
        Command::Report(report) => report::run(&report, &assets),
    }
}

/// ONNX Runtime keeps a data base of its use in the user's cache folder, to be sent, unless this is set: 30 ms of a start.
const NO_TELEMETRY: &str = "ORT_DISABLE_TELEMETRY";

/// Warnings, or what `RUST_LOG` asks for.
fn log_to_stderr() {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::WARN.into()).from_env_lossy();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// One line: what was being done, then each cause that is not told already.
fn explain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string);
    let told = |line: String, cause: String| match line.contains(&cause) {
        true => line,
        false => format!("{line}: {cause}"),
    };
    causes.reduce(told).unwrap_or_default().replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::explain;
    use flatleaf::Error;

    #[test]
    fn an_error_is_one_line_with_its_cause_told_once() {
        let cause = |text: &str| Error::Read { path: "a".into(), source: std::io::Error::other(text) };
        let said = "a: cannot be read; check that it exists and that you may read it";
        assert_eq!(explain(&cause("no\ndisk")), format!("{said}: no disk"));
        assert_eq!(explain(&cause("exists")), said);
    }
}
