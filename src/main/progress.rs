//! One bar on standard error, for whoever looks at a terminal.

use std::{path::Path, time::Duration};

use flatleaf::assets::FetchProgress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PAGES: &str = "{wide_msg} {bar:24} {pos}/{len} pages, {eta} left";
const BYTES: &str = "{wide_msg} {bar:24} {bytes}/{total_bytes}, {eta} left";

/// Redraws the clock while a page takes its time.
const TICK: Duration = Duration::from_millis(500);

/// Nothing is drawn where standard error is no terminal.
fn bar(template: &str, quiet: bool) -> ProgressBar {
    let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(Some(0), target).with_style(style);
    bar.enable_steady_tick(TICK);
    bar
}

/// The bar of a run over all documents.
pub struct Progress {
    bar: ProgressBar,
    documents: usize,
    opened: usize,
    pages: usize,
}

impl Progress {
    pub fn new(documents: usize, quiet: bool) -> Self {
        Self { bar: bar(PAGES, quiet), documents, opened: 0, pages: 0 }
    }

    /// A document of which `pages` are wanted (0 if it did not open). Those not yet
    /// opened count as the mean of those that are, so that no file is opened twice.
    pub fn document(&mut self, pages: usize) {
        self.opened += 1;
        self.pages += pages;
        let ahead = self.documents.saturating_sub(self.opened) * self.pages / self.opened;
        self.bar.set_length((self.pages + ahead) as u64);
    }

    /// A stage of a page of the document at `path` begins.
    pub fn reading(&self, path: &Path, page: usize, stage: &str) {
        if !self.bar.is_hidden() {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            self.bar.set_message(format!("{name}, page {page}: {stage}"));
        }
    }

    /// One page more is done, well or badly.
    pub fn page(&self) {
        self.bar.inc(1);
    }

    /// A line on standard error, above the bar.
    pub fn complain(&self, error: &str) {
        self.bar.suspend(|| eprintln!("error: {error}"));
    }

    /// Has `print` write to standard output, where the bar may stand too.
    pub fn print<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Shows a fetch: a bar on a terminal, a line for each file in a log.
pub fn fetching(quiet: bool) -> impl FnMut(FetchProgress) {
    let bar = bar(BYTES, quiet);
    move |progress| match progress {
        FetchProgress::Waiting => bar.set_message("waiting for another flatleaf that does the same"),
        FetchProgress::Downloading { package, done, total } => {
            bar.set_length(total);
            bar.set_position(done);
            bar.set_message(format!("fetching {package}"));
        }
        FetchProgress::Placed { asset } if bar.is_hidden() && !quiet => eprintln!("fetched {asset}"),
        FetchProgress::Placed { .. } => (),
    }
}
