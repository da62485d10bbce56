//! What one may write on the command line, and what it means.

use std::{fmt, num::NonZero, ops::RangeInclusive, path::PathBuf, str::FromStr, thread, time::Duration};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValue, PossibleValuesParser},
};
use flatleaf::{
    Ocr, Options, assets,
    extract::{Formulas, Layout, Tables},
};
use serde::{Deserialize, Serialize};

/// Reads PDFs and page images: layout, text in reading order, tables, formulas, figures.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// Folder of the native libraries and models [default: $FLATLEAF_MODELS, else the user's data folder].
    #[arg(long, global = true, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

const EXIT_CODES: &str = "Exit codes: 0 all pages came out, 1 some failed, 2 none, 130 stopped by Ctrl-C.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring the native libraries and models (68 MB), with python3's pip.
    Setup {
        /// Bring this too, which extraction does without unless told otherwise.
        #[arg(long, value_name = "NAME", value_parser = optional())]
        optional: Vec<String>,
    },
    /// Check libraries, models, processor, fonts and disk; say what is missing and the next step.
    Doctor,
    /// Extract documents to Markdown, JSON and frames.
    Extract(Box<Extract>),
    /// A Jupyter kernel: Rust cells with Flatleaf and polars at hand.
    Kernel(Kernel),
    /// The same cells in a terminal, without Jupyter.
    Repl(Repl),
    /// Read documents that standard input names: what `extract --jobs` starts.
    #[command(hide = true)]
    Worker,
    /// Write one HTML page that shows what is found: overlays, tables, formulas, charts.
    Report(Report),
}

#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Kernel {
    /// Say what is installed, or the next step.
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    pub command: Option<KernelCommand>,
}

#[derive(Args, Debug)]
pub struct Repl {
    /// A checkout of this very version [default: the one it was built from].
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
    /// Folder to write pictures to [default: a new one among the system's temporary files].
    #[arg(long, value_name = "DIR")]
    pub pictures: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum KernelCommand {
    /// Build it and tell Jupyter of it: once, with cargo, half an hour on two cores.
    Install {
        /// A checkout of this very version [default: the one it was built from].
        #[arg(long, value_name = "DIR")]
        source: Option<PathBuf>,
    },
    /// Remove it, and all that was built for it.
    Uninstall,
    /// What Jupyter calls.
    #[command(hide = true)]
    Start { connection: PathBuf },
}

/// What is read and how, whatever is made of it.
#[derive(Args, Debug, Serialize, Deserialize)]
pub struct Reading {
    /// PDFs, page images (PNG, JPEG, TIFF, WebP, BMP), or folders of them.
    #[arg(required = true, value_name = "INPUT")]
    #[serde(skip)]
    pub inputs: Vec<PathBuf>,
    /// Pages from 1, such as 1-3,7 or 5-.
    #[arg(long)]
    pub pages: Option<Pages>,
    /// Opens encrypted PDFs.
    #[arg(long)]
    pub password: Option<String>,
    /// Read pixels where the text layer is missing or garbage, everywhere, or nowhere.
    #[arg(long, value_enum, default_value = "auto")]
    pub ocr: OcrChoice,
    /// Ask the layout model for regions where more than characters is on the page, everywhere, or nowhere.
    #[arg(long, value_enum, default_value = "auto")]
    pub layout: LayoutChoice,
    /// Weigh what a model sees in each table too (an optional file, fetched if need be).
    #[arg(long)]
    pub table_model: bool,
    /// Read formulas that have no glyphs, as in scans, with the recogniser that you put into the models folder.
    #[arg(long)]
    pub formula_model: bool,
    /// Resolution that scans are read at; `extract --overlay` draws at it too.
    #[arg(long, default_value_t = Options::default().dpi, value_parser = dpi)]
    pub dpi: f32,
    /// Most that the process may grow by, such as 800M or 1.5G: kept images, idle models, OCR's closeness and the
    /// resolution are given up for it, in this order.
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub memory_budget: Option<u64>,
    /// No progress bar.
    #[arg(short, long)]
    pub quiet: bool,
}

impl Reading {
    /// What the library is asked for, of all pages.
    pub fn options(&self) -> Options {
        Options {
            ocr: self.ocr.into(),
            layout: self.layout.into(),
            tables: if self.table_model { Tables::Model } else { Tables::Geometry },
            formulas: if self.formula_model { Formulas::Model } else { Formulas::Glyphs },
            dpi: self.dpi,
            memory_budget: self.memory_budget,
            ..Options::default()
        }
    }
}

#[derive(Args, Debug, Serialize, Deserialize)]
pub struct Extract {
    #[command(flatten)]
    pub reading: Reading,
    /// Folder to write to; without it, Markdown goes to standard output.
    #[arg(short, long, value_name = "DIR")]
    #[serde(skip)]
    pub output: Option<PathBuf>,
    /// What to write [default: md,json,parquet; without -o: md].
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMATS")]
    pub format: Vec<Format>,
    /// Write figures out as PNG.
    #[arg(long, requires = "output")]
    pub figures: bool,
    /// Leave tables that go on over a page apart.
    #[arg(long)]
    pub no_join_tables: bool,
    /// Write each table out as CSV, all text as printed.
    #[arg(long, requires = "output")]
    pub tables: bool,
    /// Write each page as a PNG with its labelled regions.
    #[arg(long, requires = "output")]
    pub overlay: bool,
    /// Read so many documents at once, each in a process of its own, which a bad one cannot take the others down with
    /// [default: one after the other, in this process].
    #[arg(short, long, value_name = "N", value_parser = jobs)]
    pub jobs: Option<usize>,
    /// With --jobs: give a document up after so long [default: 120].
    #[arg(long, value_name = "SECONDS", value_parser = seconds, requires = "jobs")]
    pub timeout: Option<f64>,
    /// With --jobs: give a document up whose process needs more than this [default: 2048].
    #[arg(long, value_name = "MIB", requires = "jobs")]
    pub job_memory: Option<u64>,
    /// Say at the end how long each stage took, and what it left in memory.
    #[arg(long)]
    pub timings: bool,
}

#[derive(Args, Debug)]
pub struct Report {
    #[command(flatten)]
    pub reading: Reading,
    /// Folder to write index.html to.
    #[arg(short, long, value_name = "DIR", default_value = "report")]
    pub output: PathBuf,
}

fn optional() -> PossibleValuesParser {
    assets::optional().map(|asset| PossibleValue::new(asset.name.as_str()).help(asset.task.as_str())).into()
}

impl Extract {
    /// What the library is asked for, of all pages.
    pub fn options(&self) -> Options {
        Options { figures: self.figures, ..self.reading.options() }
    }

    /// How many workers read, and within what limits; `None` when this process is to read.
    pub fn workers(&self) -> Option<Limits> {
        Some(Limits {
            workers: self.jobs?,
            timeout: self.timeout.map_or(TIMEOUT, Duration::from_secs_f64),
            memory_mib: self.job_memory.unwrap_or(MEMORY_MIB),
        })
    }

    /// The formats asked for, or the usual ones.
    ///
    /// # Errors
    /// A frame for standard output, which takes text only.
    pub fn formats(&self) -> Result<Vec<Format>, String> {
        let usual: &[Format] = match self.output {
            Some(_) => &[Format::Md, Format::Json, Format::Parquet],
            None => &[Format::Md],
        };
        let formats = if self.format.is_empty() { usual } else { &self.format };
        let stray = formats.iter().find(|format| self.output.is_none() && !format.is_text());
        match stray {
            Some(format) => {
                Err(format!("--format {format} writes files; name a folder for them with -o DIR"))
            }
            None => Ok(formats.to_vec()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum Format {
    Md,
    Json,
    Parquet,
    Csv,
    Ipc,
    Jsonl,
}

impl Format {
    fn is_text(self) -> bool {
        matches!(self, Format::Md | Format::Json)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_possible_value().map_or(Ok(()), |value| f.write_str(value.get_name()))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum OcrChoice {
    Auto,
    Always,
    Never,
}

impl From<OcrChoice> for Ocr {
    fn from(choice: OcrChoice) -> Self {
        match choice {
            OcrChoice::Auto => Ocr::Auto,
            OcrChoice::Always => Ocr::Always,
            OcrChoice::Never => Ocr::Never,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
pub enum LayoutChoice {
    Auto,
    Always,
    None,
}

impl From<LayoutChoice> for Layout {
    fn from(choice: LayoutChoice) -> Self {
        match choice {
            LayoutChoice::Auto => Layout::Auto,
            LayoutChoice::Always => Layout::Always,
            LayoutChoice::None => Layout::None,
        }
    }
}

/// Below, no letter can be told from another; above, one page fills the memory.
const DPI: RangeInclusive<f32> = 36.0..=1200.0;

fn dpi(text: &str) -> Result<f32, String> {
    let value = text.parse().ok().filter(|value| DPI.contains(value));
    value.ok_or_else(|| format!("a number from {} to {} is wanted", DPI.start(), DPI.end()))
}

/// MiB. Less than pdfium and one page's pixels take.
const LEAST_BUDGET: f64 = 16.0;

/// A number of bytes, with K, M or G for 1024 of each other.
fn bytes(text: &str) -> Result<u64, String> {
    let text = text.trim_end_matches(['B', 'b']).trim_end_matches('i');
    let (number, unit) = match text.char_indices().next_back() {
        Some((at, unit)) if unit.is_ascii_alphabetic() => (&text[..at], unit.to_ascii_uppercase()),
        _ => (text, ' '),
    };
    let exponent = [' ', 'K', 'M', 'G'].iter().position(|known| *known == unit);
    let value = number.parse::<f64>().ok().zip(exponent).map(|(n, power)| n * 1024_f64.powi(power as i32));
    let enough = value.filter(|bytes| bytes.is_finite() && *bytes >= LEAST_BUDGET * 1024_f64.powi(2));
    enough
        .map(|bytes| bytes as u64)
        .ok_or_else(|| format!("a size of at least {LEAST_BUDGET} MiB is wanted, such as 800M or 1.5G"))
}

/// A page takes milliseconds to seconds; what takes longer than this is most often a loop without end.
const TIMEOUT: Duration = Duration::from_secs(120);
/// MiB. With all models, a poster takes a third of this.
const MEMORY_MIB: u64 = 2048;
/// Seconds. A week; longer is as good as for ever.
const LONGEST: f64 = 604_800.0;

/// What each worker may take for one document.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub workers: usize,
    pub timeout: Duration,
    pub memory_mib: u64,
}

impl Limits {
    /// Threads for the models of each worker: together as many as there are cores.
    pub fn threads(&self) -> usize {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        (cores / self.workers).max(1)
    }
}

fn jobs(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=1024).contains(number));
    number.ok_or_else(|| "a number from 1 to 1024 is wanted; as many as there are cores is fastest".into())
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|seconds| *seconds > 0.0 && *seconds <= LONGEST);
    seconds.ok_or_else(|| format!("a number above 0, at most {LONGEST}, is wanted"))
}

/// Page numbers as asked for, before it is known how many there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages(Vec<RangeInclusive<usize>>);

impl Pages {
    /// Their numbers in a document of `pages` pages, each once, in the order
    /// asked for. A range ends with the document; one that starts beyond it
    /// keeps its first number, so that the page is reported and not forgotten.
    pub fn of(&self, pages: usize) -> Vec<usize> {
        let mut numbers = Vec::new();
        for range in &self.0 {
            let last = (*range.end()).min(pages).max(*range.start());
            numbers.extend(*range.start()..=last);
        }
        let mut seen = std::collections::HashSet::new();
        numbers.retain(|number| seen.insert(*number));
        numbers
    }
}

impl FromStr for Pages {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split(',').map(|part| range(part.trim())).collect::<Result<_, _>>().map(Pages)
    }
}

fn range(text: &str) -> Result<RangeInclusive<usize>, String> {
    let (first, last) = match text.split_once('-') {
        Some((first, "")) => (page(first)?, usize::MAX),
        Some((first, last)) => (page(first)?, page(last)?),
        None => (page(text)?, page(text)?),
    };
    if first > last {
        return Err(format!("`{text}` runs backwards; write {last}-{first}"));
    }
    Ok(first..=last)
}

fn page(text: &str) -> Result<usize, String> {
    let number = text.trim().parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("`{text}` is no page number; pages count from 1, as in 1-3,7 or 5-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(text: &str, of: usize) -> Vec<usize> {
        text.parse::<Pages>().unwrap().of(of)
    }

    #[test]
    fn clap_finds_no_fault() {
        <Arguments as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn pages_come_in_the_order_asked_for_and_once() {
        assert_eq!(pages("7, 1-3,2", 9), [7, 1, 2, 3]);
    }

    #[test]
    fn a_range_ends_with_the_document() {
        assert_eq!((pages("2-", 4), pages("3-99999999999", 4)), (vec![2, 3, 4], vec![3, 4]));
    }

    #[test]
    fn a_page_beyond_the_document_is_kept_to_be_reported() {
        assert_eq!((pages("9", 4), pages("8-9", 4), pages("8-", 4)), (vec![9], vec![8], vec![8]));
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for text in ["", "0", "3-1", "x", "1,,2", "-3", "1-2-3", "1.5"] {
            assert!(text.parse::<Pages>().is_err(), "{text}");
        }
    }

    fn parsed(line: &str) -> Result<Extract, clap::Error> {
        let words = ["flatleaf", "extract"].into_iter().chain(line.split(' '));
        Arguments::try_parse_from(words).map(|arguments| match arguments.command {
            Command::Extract(extract) => *extract,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn setup_brings_only_optional_files_that_there_are() {
        let setup = |name| Arguments::try_parse_from(["flatleaf", "setup", "--optional", name]);
        assert!(setup("table-structure").is_ok() && setup("layout").is_err());
        assert!(parsed("a.pdf --formula-model").unwrap().options().formulas == Formulas::Model);
    }

    #[test]
    fn formats_depend_on_where_they_go() {
        assert_eq!(parsed("a.pdf").unwrap().formats(), Ok(vec![Format::Md]));
        let three = vec![Format::Md, Format::Json, Format::Parquet];
        assert_eq!(parsed("a.pdf -o out").unwrap().formats(), Ok(three));
        assert!(parsed("a.pdf --format md,csv").unwrap().formats().unwrap_err().contains("csv"));
    }

    #[test]
    fn what_needs_a_folder_says_so() {
        for flag in ["--figures", "--tables", "--overlay"] {
            assert!(parsed(&format!("a.pdf {flag}")).is_err(), "{flag}");
        }
    }

    #[test]
    fn a_memory_budget_is_a_size() {
        let budget =
            |text: &str| parsed(&format!("a --memory-budget {text}")).map(|e| e.reading.memory_budget);
        for (text, mib) in [("800M", 800), ("1.5G", 1536), ("262144k", 256), ("33554432", 32), ("64MiB", 64)]
        {
            assert_eq!(budget(text).unwrap(), Some(mib << 20), "{text}");
        }
        for text in ["12", "1M", "x", "-1G", "infG", "M"] {
            assert!(budget(text).is_err(), "{text}");
        }
    }

    #[test]
    fn resolutions_beyond_reason_are_refused() {
        assert!(
            ["0", "-1", "nan", "inf", "5000"].iter().all(|dpi| parsed(&format!("a --dpi {dpi}")).is_err())
        );
    }
}
