//! Memory over the workload of the account that Flatleaf answers (README.md, "Memory"): twenty papers of fifteen pages on
//! average, with formulas and tables, in one process, in a fixed order, over and over; with every shipped model in memory.
//! Peers read the same files in the same loop. Each run is a process of its own; Linux only.
//!
//! `cargo bench --bench workload -- [--rounds N] [--peers --python PYTHON]` prints the table, and leaves the series as
//! Parquet and the chart as SVG in the target folder's `tmp/workload`.

use std::{
    error::Error,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use flatleaf::{
    Assets, Document, Models, Options,
    assets::{AssetKind, required},
    document,
    extract::extract,
    frames::{self, FrameFormat},
    markdown::markdown,
    memory,
    model::SessionOptions,
    plot,
    steps::structure::structure,
};
use polars::prelude::{Column, DataFrame};

/// What cargo passes to ask for a whole run, and what this program passes to itself.
const WHOLE: &str = "--bench";
const CHILD: &str = "--child";

/// Of the corpus, by name. All have six pages and more, 300 together.
const PAPERS: [&str; 20] = [
    "mineru/demo3.pdf",
    "papers/array_channels/paper.pdf",
    "papers/blake3/paper.pdf",
    "papers/candy1991/paper.pdf",
    "papers/disjunctive_programming/paper.pdf",
    "papers/gorder/paper.pdf",
    "papers/prosecutors_fallacy/paper.pdf",
    "papers/qian2014/paper.pdf",
    "papers/raytracer/paper.pdf",
    "sample_files/GeoTopo.pdf",
    "texlive/aps_revtex41/paper.pdf",
    "texlive/asce/paper.pdf",
    "texlive/hfutexam_simple/paper.pdf",
    "texlive/mathnotes_multivar/paper.pdf",
    "texlive/nathguide/paper.pdf",
    "texlive/nwejm_fr/paper.pdf",
    "texlive/spie/paper.pdf",
    "texlive/t_angles/paper.pdf",
    "texlive/thubeamer_zh/paper.pdf",
    "texlive/tuda_exercise/paper.pdf",
];

/// Pages read of one document, so that the longest does not make up half of the workload.
const MOST_PAGES: usize = 68;
/// Rounds unless told otherwise; the claim is of forty.
const ROUNDS: usize = 3;
/// Pages of each document that a peer of OCR reads: it takes seconds a page.
const PEER_PAGES: usize = 3;

/// Tools of benches/peers/run.py that are run beside.
const PEERS: [&str; 2] = ["pymupdf4llm", "rapidocr"];

/// The most that memory may grow: after ten papers over after three, and after all rounds over after the first.
const MOST_GROWTH: (f64, f64) = (1.02, 1.03);
/// MiB.
const MOST_PEAK: f64 = 350.0;

/// The process after a document; bytes.
#[derive(Clone, Copy)]
struct Sample {
    resident: u64,
    peak: u64,
    /// In use of the native heap; not known of peers.
    native: Option<u64>,
}

/// What one tool held, from its start over all documents of all rounds.
struct Series {
    tool: String,
    samples: Vec<Sample>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, choice, rounds] = arguments.as_slice()
        && flag == CHILD
    {
        return child(Choice::ALL[choice.parse::<usize>()?], rounds.parse()?);
    }
    if !corpus().is_dir() {
        eprintln!("SKIPPED: no corpus at {}: nothing was measured", corpus().display());
        return Ok(());
    }
    let value = |flag: &str| arguments.iter().skip_while(|a| *a != flag).nth(1);
    let whole = arguments.iter().any(|a| a == WHOLE);
    let rounds = value("--rounds").map_or(Ok(if whole { ROUNDS } else { 1 }), |n| n.parse())?;
    let mut all = vec![ours(Choice::AsItIs, rounds)?];
    if whole {
        all.push(ours(Choice::LibrariesOwn, 1)?);
    }
    if arguments.iter().any(|a| a == "--peers") {
        let python = value("--python").map_or("python3", String::as_str);
        for tool in PEERS {
            all.extend(peer(python, tool, rounds));
        }
    }
    report(&all, rounds)?;
    keep(&all)
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/docs")
}

/// How our process keeps house.
#[derive(Clone, Copy)]
enum Choice {
    AsItIs,
    /// As ONNX Runtime and glibc do unless told otherwise.
    LibrariesOwn,
}

impl Choice {
    const ALL: [Choice; 2] = [Choice::AsItIs, Choice::LibrariesOwn];

    fn name(self) -> &'static str {
        match self {
            Choice::AsItIs => "flatleaf",
            Choice::LibrariesOwn => "flatleaf, the libraries' own choices",
        }
    }
}

fn ours(choice: Choice, rounds: usize) -> Result<Series, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([CHILD, &(choice as usize).to_string(), &rounds.to_string()]);
    series(choice.name(), command, |line| {
        let mut numbers = line.split(' ').map(str::parse);
        Some(Sample {
            resident: numbers.next()?.ok()?,
            peak: numbers.next()?.ok()?,
            native: numbers.next()?.ok(),
        })
    })
}

/// `None`, said aloud, where the tool is not installed or dies.
fn peer(python: &str, tool: &str, rounds: usize) -> Option<Series> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/run.py");
    let mut command = Command::new(python);
    command.arg(script).args([tool, "--first", &PEER_PAGES.to_string()]);
    (0..rounds).for_each(|_| {
        command.args(PAPERS.map(|paper| corpus().join(paper)));
    });
    let read = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(Sample { resident: line["resident"].as_u64()?, peak: line["peak"].as_u64()?, native: None })
    };
    series(tool, command, read).inspect_err(|error| eprintln!("{tool} is left out: {error}")).ok()
}

/// Runs `command`, and takes a sample from each line that it prints.
fn series(
    tool: &str,
    mut command: Command,
    read: impl Fn(&str) -> Option<Sample>,
) -> Result<Series, Box<dyn Error>> {
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let output = process.stdout.take().ok_or("a child without output")?;
    let mut samples = Vec::new();
    for line in BufReader::new(output).lines() {
        samples.push(read(&line?).ok_or("a child printed other than a sample")?);
        eprint!("\r{tool}: {} documents ", samples.len());
    }
    eprintln!();
    match process.wait()?.success() && samples.len() > PAPERS.len() {
        true => Ok(Series { tool: tool.to_owned(), samples }),
        false => Err(format!("{tool} ended after {} documents", samples.len()).into()),
    }
}

impl Series {
    /// MiB in memory after so many documents; 0 is the start.
    fn after(&self, documents: usize) -> f64 {
        mib(self.samples[documents.min(self.samples.len() - 1)].resident)
    }

    fn peak(&self) -> f64 {
        self.samples.iter().map(|sample| mib(sample.peak)).fold(0.0, f64::max)
    }
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn report(all: &[Series], rounds: usize) -> Result<(), Box<dyn Error>> {
    println!(
        "MiB resident over {} papers, {rounds} rounds; a peer of OCR reads {PEER_PAGES} pages of each",
        PAPERS.len()
    );
    println!(
        "{:<38} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "tool", "start-up", "after 3", "after 10", "round 1", "last", "peak", "10 / 3", "last / 1"
    );
    for series in all {
        let last = series.samples.len() - 1;
        let [start, three, ten, first, end] = [0, 3, 10, PAPERS.len(), last].map(|n| series.after(n));
        println!(
            "{:<38} {start:>8.1} {three:>8.1} {ten:>8.1} {first:>8.1} {end:>8.1} {:>8.1} {:>8.3} {:>8.3}",
            series.tool,
            series.peak(),
            ten / three,
            end / first
        );
    }
    let ours = all.first().ok_or("nothing was measured")?;
    let (ten, all_rounds) =
        (ours.after(10) / ours.after(3), ours.after(usize::MAX) / ours.after(PAPERS.len()));
    let within = |what: &str, value: f64, most: f64| {
        println!("{what}: {value:.3}, {} {most}", if value <= most { "within" } else { "OVER" });
    };
    within("after ten papers over after three", ten, MOST_GROWTH.0);
    within(&format!("after {rounds} rounds over after one"), all_rounds, MOST_GROWTH.1);
    within("peak, MiB", ours.peak(), MOST_PEAK);
    let in_use = |n: usize| ours.samples[n].native.map_or(f64::NAN, mib);
    let (first, last) = (PAPERS.len(), ours.samples.len() - 1);
    println!(
        "in use on the native heap after one round {:.2}, at the end {:.2} MiB",
        in_use(first),
        in_use(last)
    );
    Ok(())
}

/// The series as Parquet, and the chart.
fn keep(all: &[Series]) -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workload");
    fs::create_dir_all(&folder)?;
    let rows =
        || all.iter().flat_map(|s| s.samples.iter().enumerate().map(move |(n, sample)| (s, n, sample)));
    let mut frame = DataFrame::new_infer_height(vec![
        Column::new("scenario".into(), rows().map(|(s, ..)| s.tool.as_str()).collect::<Vec<_>>()),
        Column::new("iteration".into(), rows().map(|(_, n, _)| n as u64).collect::<Vec<_>>()),
        Column::new("resident".into(), rows().map(|(.., sample)| sample.resident).collect::<Vec<_>>()),
        Column::new("native_heap".into(), rows().map(|(.., sample)| sample.native).collect::<Vec<_>>()),
        Column::new("peak".into(), rows().map(|(.., sample)| sample.peak).collect::<Vec<_>>()),
    ])?;
    frames::write(&mut frame, &folder.join("series.parquet"), FrameFormat::Parquet)?;
    plot::memory(&frame, "resident")?.save(folder.join("resident.svg"))?;
    println!("series and chart: {}", folder.display());
    Ok(())
}

/// Reads all papers in all rounds, keeps nothing, and prints a sample at the start and after each.
fn child(choice: Choice, rounds: usize) -> Result<(), Box<dyn Error>> {
    print_sample();
    let own_choices = matches!(choice, Choice::LibrariesOwn);
    let assets = Assets::default_location();
    document::bind(&assets)?;
    let threads = std::thread::available_parallelism()?.get();
    let options = SessionOptions { arena: own_choices, spinning: own_choices, ..SessionOptions::default() };
    let models = Models::with_session_options(&assets, threads, options)?;
    if own_choices {
        grow_as_glibc_does();
    }
    for model in required().filter(|asset| asset.kind == AssetKind::Model) {
        models.get(&model.name)?;
    }
    for paper in (0..rounds).flat_map(|_| PAPERS) {
        read(&corpus().join(paper), &models)?;
        print_sample();
    }
    Ok(())
}

fn read(path: &Path, models: &Models) -> Result<(), Box<dyn Error>> {
    let document = Document::open(path)?;
    let pages = Some((1..=document.pages().min(MOST_PAGES)).collect());
    let options = Options { pages, ..Options::default() };
    let mut pages: Vec<_> = extract(&document, models, &options).collect::<flatleaf::Result<_>>()?;
    structure(&mut pages, &document.outline()?);
    std::hint::black_box((markdown(&pages), frames::blocks(&pages)?));
    Ok(())
}

fn print_sample() {
    let now = memory::snapshot();
    println!("{} {} {}", now.resident.unwrap_or(0), now.peak.unwrap_or(0), now.native_heap.unwrap_or(0));
}

/// The threshold at which glibc arrives by itself.
fn grow_as_glibc_does() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: changes a tunable of the allocator, which may be done at any time.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20);
    }
}
