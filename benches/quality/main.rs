//! Quality of whole documents against ground truth, beside the peers' on the
//! same files in the same run. What it measures, and how to run it with peers:
//! benches/README.md.

#![cfg_attr(
    test,
    allow(dead_code, unused_imports, reason = "cargo sets cfg(test) here too, but tests.rs has the harness")
)]

mod formulas;
mod formulas_part;
mod grid;
mod metrics;
mod observed;
mod ours;
mod papers;
mod part;
mod peers;
mod report;
mod score;
mod tables;
mod teds;
mod truth;

use clap::Parser;
use flatleaf::{
    Options,
    extract::{Layout, Tables},
};
use peers::{Peer, Reading};
use report::Table;
use score::Score;
use std::{
    error::Error,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use truth::{File, Sample};

#[derive(Parser)]
struct Arguments {
    /// Documents with ground truth: reading order and headings. All parts if none is named.
    #[arg(long)]
    docs: bool,
    /// Scans: characters and words.
    #[arg(long)]
    ocr: bool,
    /// Tables: their places and cells.
    #[arg(long)]
    tables: bool,
    /// Formulas: their places and LaTeX. Needs TeX.
    #[arg(long)]
    formulas: bool,
    /// Leaves the pass over tables as pictures out.
    #[arg(long)]
    no_scans: bool,
    /// Runs the peers too, those that are installed.
    #[arg(long)]
    peers: bool,
    /// Python with benches/peers/requirements.txt.
    #[arg(long, default_value = "python3")]
    python: PathBuf,
    /// Runs the peers again instead of taking what they read last time. Needed to compare times.
    #[arg(long)]
    fresh: bool,
    /// Only files with this in their path.
    #[arg(long, default_value = "")]
    only: String,
    /// At most this many files of each folder.
    #[arg(long, default_value_t = usize::MAX)]
    limit: usize,
    /// Where the layout model looks: auto, always or none.
    #[arg(long, default_value = "auto", value_parser = ["auto", "always", "none"])]
    layout: String,
    /// Weighs what the table model sees.
    #[arg(long)]
    table_model: bool,
    /// Leaves Flatleaf out: peers alone.
    #[arg(long)]
    no_flatleaf: bool,
    /// Reads these files and prints a JSON line for each: the benchmark's own child process.
    #[arg(long, num_args = 1.., hide = true)]
    one: Vec<String>,
    /// What cargo passes when benchmarks are to be run in full, not only tried.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Arguments {
    fn options(&self) -> Options {
        let layout = match self.layout.as_str() {
            "always" => Layout::Always,
            "none" => Layout::None,
            _ => Layout::Auto,
        };
        let tables = if self.table_model { Tables::Model } else { Tables::default() };
        Options { layout, tables, ..Options::default() }
    }
}

/// Seconds that Flatleaf may take for one file, and for each of its pages on top: a scan of many pages on a busy
/// machine is slow, not hung.
const LIMIT: (u64, u64) = (120, 30);

/// A half of the corpus, with the peers that it is compared with.
struct Part {
    name: &'static str,
    peers: &'static [&'static str],
    samples: fn(&Path) -> std::io::Result<Vec<Sample>>,
    table: fn(&[Score]) -> Table,
}

/// By name in `run.py`.
const PEERS: [&str; 5] = ["pymupdf4llm", "opendataloader-pdf", "edgeparse", "pdf_oxide", "markitdown"];

const DOCS: Part = Part { name: "docs", peers: &PEERS, samples: truth::documents, table: report::documents };
const OCR: Part =
    Part { name: "ocr", peers: &["rapidocr", "tesseract"], samples: truth::scans, table: report::scans };

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = Arguments::parse();
    if !arguments.one.is_empty() {
        return Ok(ours::read(&arguments.one, &arguments.options())?);
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.is_dir() {
        eprintln!("SKIPPED: no corpus at {}: nothing was measured", corpus.display());
        return Ok(());
    }
    if !arguments.bench {
        arguments.limit = 1;
        eprintln!("tried out on one file of each folder, since `cargo bench` did not ask for the whole");
    }
    if !arguments.no_flatleaf {
        drop(ours::start()?);
    }
    let all = !arguments.docs && !arguments.ocr && !arguments.tables && !arguments.formulas;
    for (part, wanted) in [(DOCS, arguments.docs), (OCR, arguments.ocr)] {
        if all || wanted {
            measure(&part, &arguments, &corpus)?;
        }
    }
    if all || arguments.tables {
        part::measure(&arguments, &corpus)?;
    }
    if all || arguments.formulas {
        formulas_part::measure(&arguments, &corpus)?;
    }
    Ok(())
}

fn measure(part: &Part, arguments: &Arguments, corpus: &Path) -> Result<(), Box<dyn Error>> {
    let output = target_folder()?.join("quality");
    let texts = output.join("texts");
    let files = chosen(truth::files(corpus, part.name)?, arguments);
    let samples = (part.samples)(corpus)?;
    let with_truth = |file: &&File| samples.iter().any(|sample| sample.file == file.name);
    let names: Vec<String> = files.iter().filter(with_truth).map(|file| file.name.clone()).collect();

    let (mut scores, mut papers) = (Vec::new(), Vec::new());
    if !arguments.no_flatleaf {
        let readings = flatleaf(arguments, corpus, &files)?;
        println!("{}", report::outcomes(part.name, &readings));
        papers = papers::all(&readings, &samples);
        scores.extend(score::all("flatleaf", env!("CARGO_PKG_VERSION"), &readings, &samples, &files, &texts));
    }
    for name in part.peers.iter().filter(|_| arguments.peers) {
        match Peer::find(name, &arguments.python, &peers_folder()) {
            Ok(peer) => {
                let readings = peer.read(corpus, &names, &[], &output.join("peers"), arguments.fresh);
                scores.extend(score::all(name, &peer.version, &readings, &samples, &files, &texts));
            }
            Err(reason) => {
                eprintln!("SKIPPED PEER {name}: {reason} (benches/README.md says how to install it)")
            }
        }
    }
    println!("{}", (part.table)(&scores));
    if part.name == DOCS.name && arguments.peers && !arguments.no_flatleaf {
        println!("{}", report::lead(&scores));
    }
    println!("{}", report::worst(part.name, &scores));
    if !papers.is_empty() {
        println!("{}\n{}", report::papers(&papers), report::examples(&papers));
    }
    if arguments.peers && !arguments.fresh {
        println!("Peers' seconds may come from an earlier run: compare times only after --fresh.");
    }
    println!("{}", report::parquet(&scores, &output, part.name)?.display());
    println!("{}\n", report::speed(&scores, &output, part.name)?.display());
    Ok(())
}

/// The files that the arguments ask for.
fn chosen(files: Vec<File>, arguments: &Arguments) -> Vec<File> {
    let mut taken = std::collections::HashMap::new();
    files
        .into_iter()
        .filter(|file| file.name.contains(&arguments.only))
        .filter(|file| {
            let folder = file.name.split('/').nth(1).unwrap_or_default().to_string();
            let count = taken.entry(folder).or_insert(0);
            *count += 1;
            *count <= arguments.limit
        })
        .collect()
}

/// Flatleaf's readings, from this program run as a child, so that a crash or hang costs one file.
fn flatleaf(arguments: &Arguments, corpus: &Path, files: &[File]) -> std::io::Result<Vec<Reading>> {
    let program = std::env::current_exe()?;
    let mut command = || {
        let mut command = Command::new(&program);
        command.args(["--layout", &arguments.layout]);
        command.args(arguments.table_model.then_some("--table-model")).arg("--one");
        command
    };
    let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
    let limit = |name: &str| {
        let pages = files.iter().find(|file| file.name == name).map_or(1, |file| file.pages);
        Duration::from_secs(LIMIT.0 + LIMIT.1 * pages as u64)
    };
    let mut readings = Vec::new();
    peers::read(&mut command, corpus, &names, &limit, |reading| {
        eprintln!(
            "{:>4}/{} {:6.1} s {}",
            readings.len() + 1,
            names.len(),
            reading.wall_seconds,
            reading.file
        );
        readings.push(reading.clone());
    });
    Ok(readings)
}

/// Where cargo builds: this program lies in `<target>/<profile>/deps`.
fn target_folder() -> std::io::Result<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program.ancestors().nth(3).unwrap_or(Path::new("target")).to_path_buf())
}

fn peers_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers")
}
