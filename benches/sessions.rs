//! What each choice for flat memory costs and saves: the same pages in processes that differ in one choice, A B A B. Prints
//! resident memory at the end, the peak, and CPU time over that of the choice taken.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use cpu_time::ProcessTime;
use flatleaf::{Assets, Document, Models, Ocr, Options, document, extract, memory, model::SessionOptions};

/// What cargo passes to ask for a whole run, and what this program passes to itself.
const WHOLE: &str = "--bench";
const CHILD: &str = "--choice";

/// Rounds over all pages in one process, after one that warms up.
const ROUNDS: usize = 3;
/// Processes of each choice.
const TURNS: usize = 3;

/// Scans of different shapes, and digital pages for the layout model.
const PAGES: [&str; 8] = [
    "ocr/sroie/000.jpg",
    "ocr/sroie/161.jpg",
    "ocr/pytesseract/test-european.jpg",
    "ocr/sroie/020.jpg",
    "docs/papers/hts_tabix/paper.pdf",
    "docs/texlive/facture_basique/paper.pdf",
    "docs/unstructured/IRS-form-1987.pdf",
    "docs/jats/jose.00196.pdf",
];

/// Name, and what is done otherwise.
fn choices() -> Vec<(&'static str, SessionOptions, Native)> {
    let (taken, native) = (SessionOptions::default(), Native::default());
    let runtimes_own = SessionOptions { arena: true, ..taken };
    let own_pages = |threshold| Native { threshold: Some(threshold) };
    vec![
        ("as it is", taken, native),
        ("scratch off", SessionOptions { scratch: false, ..taken }, native),
        ("arena on", runtimes_own, native),
        ("memory pattern off", SessionOptions { memory_pattern: false, ..taken }, native),
        ("prepacking off", SessionOptions { prepacking: false, ..taken }, native),
        ("a pool for each session", SessionOptions { shared_pool: false, ..taken }, native),
        ("spinning on", SessionOptions { spinning: true, ..taken }, native),
        ("own pages from 128 KiB", taken, own_pages(128 << 10)),
        ("own pages from 512 KiB", taken, own_pages(512 << 10)),
        ("own pages from 1 MiB", taken, own_pages(1 << 20)),
        ("own pages from 4 MiB", taken, own_pages(4 << 20)),
        ("own pages from 32 MiB", taken, own_pages(32 << 20)),
        (
            "the libraries' own choices",
            SessionOptions { spinning: true, ..runtimes_own },
            own_pages(32 << 20),
        ),
    ]
}

/// glibc's own choices.
#[derive(Clone, Copy, Default)]
struct Native {
    /// Bytes from which a block has pages of its own; glibc raises it to 32 MiB by itself.
    threshold: Option<i32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, choice, rounds] = arguments.as_slice()
        && flag == CHILD
    {
        return child(choice.parse()?, rounds.parse()?);
    }
    let corpus = corpus();
    if !corpus.is_dir() {
        eprintln!("SKIPPED: no corpus at {}: nothing was measured", corpus.display());
        return Ok(());
    }
    let whole = arguments.iter().any(|a| a == WHOLE);
    let (turns, rounds) = if whole { (TURNS, ROUNDS) } else { (1, 1) };
    let choices = choices();
    let shown = if whole { choices.len() } else { 3 };
    let mut found = vec![Vec::new(); shown];
    for _ in 0..turns {
        for (n, found) in found.iter_mut().enumerate() {
            found.push(measured(n, rounds)?);
        }
    }
    println!("{:<26} {:>12} {:>10} {:>10} {:>10}", "choice", "resident MiB", "peak MiB", "CPU", "wall");
    let base = medians(&found[0]);
    for ((name, ..), found) in choices.iter().zip(&found) {
        let [resident, peak, cpu, wall] = medians(found);
        println!("{name:<26} {resident:>12.1} {peak:>10.1} {:>9.3}x {:>9.3}x", cpu / base[2], wall / base[3]);
    }
    println!(
        "as it is: {:.2} CPU-seconds and {:.2} s a round of {} documents",
        base[2],
        base[3],
        PAGES.len()
    );
    Ok(())
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus")
}

/// MiB resident, MiB at the peak, CPU seconds and seconds a round, of a process of its own.
fn measured(choice: usize, rounds: usize) -> Result<[f64; 4], Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?)
        .args([CHILD, &choice.to_string(), &rounds.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("choice {choice} ended with {}", output.status).into());
    }
    let numbers: Vec<f64> =
        String::from_utf8(output.stdout)?.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    numbers.try_into().map_err(|_| "a child printed other than four numbers".into())
}

fn medians(found: &[[f64; 4]]) -> [f64; 4] {
    std::array::from_fn(|n| {
        let mut values: Vec<f64> = found.iter().map(|numbers| numbers[n]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    })
}

fn child(choice: usize, rounds: usize) -> Result<(), Box<dyn Error>> {
    let (_, options, native) = choices()[choice];
    let assets = Assets::default_location();
    document::bind(&assets)?;
    let threads = std::thread::available_parallelism()?.get();
    let models = Models::with_session_options(&assets, threads, options)?;
    native.set();
    round(&models)?;
    let (start, cpu) = (std::time::Instant::now(), ProcessTime::now());
    for _ in 0..rounds {
        round(&models)?;
    }
    let each = |seconds: f64| seconds / rounds as f64;
    let (cpu, wall) = (each(cpu.elapsed().as_secs_f64()), each(start.elapsed().as_secs_f64()));
    let now = memory::snapshot();
    let mib = |bytes: Option<u64>| bytes.unwrap_or(0) as f64 / f64::from(1 << 20);
    println!("{} {} {cpu} {wall}", mib(now.resident), mib(now.peak));
    Ok(())
}

fn round(models: &Models) -> Result<(), Box<dyn Error>> {
    for page in PAGES {
        let path = corpus().join(page);
        let document = Document::from_bytes(page, fs::read(path)?, None)?;
        let ocr = if page.ends_with("pdf") { Ocr::Never } else { Ocr::Always };
        let options = Options { ocr, ..Options::default() };
        extract(&document, models, &options).try_for_each(|content| content.map(drop))?;
    }
    Ok(())
}

impl Native {
    fn set(self) {
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        if let Some(threshold) = self.threshold {
            // SAFETY: changes a tunable of the allocator, which may be done at any time.
            unsafe {
                libc::mallopt(libc::M_MMAP_THRESHOLD, threshold);
            }
        }
    }
}
