//! Every document of the corpus through the command, each in a process of its
//! own: no signal, no panic, no time-out, bounded memory; and page counts and
//! passwords as the manifests have them.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::need;

/// With five processes a core; alone, the slowest takes a tenth of this.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Bytes at the peak.
const MEMORY_LIMIT: u64 = 1_500_000_000;
const POLL: Duration = Duration::from_millis(5);
const EXTENSIONS: [&str; 6] = ["pdf", "png", "jpg", "jpeg", "tif", "tiff"];
const TEXT_LAYER: [&str; 4] = ["--layout", "none", "--ocr", "never"];

/// What the manifest has wrong: qpdf refuses its password and accepts this one.
const PASSWORDS: [(&str, &str); 1] = [("pdfminer/aes-256-r6.pdf", "usersecret")];

/// What poppler opens and pdfium does not: the stream that holds the page tree says it is of type `Potato`.
const NOT_OURS: &str = "qpdf/bad35.pdf";

/// What became of one document.
struct Run {
    file: PathBuf,
    status: Option<ExitStatus>,
    peak: u64,
    json: String,
    said: String,
}

impl Run {
    /// Extracts `file` to JSON.
    fn of(file: &Path, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (out, err) = (folder.path().join("out"), folder.path().join("err"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_flatleaf"))
            .args(["extract", "--quiet", "--format", "json"])
            .args(arguments)
            .arg(file)
            .stdin(Stdio::null())
            .stdout(fs::File::create(&out).unwrap())
            .stderr(fs::File::create(&err).unwrap())
            .spawn()
            .unwrap();
        let (status, peak) = wait(&mut child);
        let text = |path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        Self { file: file.to_owned(), status, peak, json: text(out), said: text(err) }
    }

    fn is_fine(&self) -> bool {
        let code = self.status.and_then(|status| status.code());
        matches!(code, Some(0..=2)) && !self.said.contains("panicked at") && self.peak <= MEMORY_LIMIT
    }

    fn report(&self) -> String {
        let status = self.status.map_or("out of time".to_owned(), |status| status.to_string());
        format!("{}: {status}, {} MB: {}", self.file.display(), self.peak / 1_000_000, self.said.trim())
    }

    /// Of the document, not of what was extracted.
    fn pages(&self) -> Option<u64> {
        serde_json::from_str::<Value>(&self.json).ok()?["document"]["pages"].as_u64()
    }
}

/// Until it ends or its time or memory does; `None` if it was stopped.
fn wait(child: &mut Child) -> (Option<ExitStatus>, u64) {
    let (start, mut peak) = (Instant::now(), 0);
    loop {
        peak = peak.max(peak_memory(child.id()));
        if let Some(status) = child.try_wait().unwrap() {
            return (Some(status), peak);
        }
        if start.elapsed() > TIME_LIMIT || peak > MEMORY_LIMIT {
            child.kill().unwrap();
            child.wait().unwrap();
            return (None, peak);
        }
        thread::sleep(POLL);
    }
}

/// Bytes; 0 where there is no /proc.
fn peak_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kib| kib * 1024)
}

/// One process for each file, as many at a time as there are cores.
fn run_all(files: Vec<PathBuf>, arguments: &[&str]) -> Vec<Run> {
    let (queue, runs) = (Mutex::new(files), Mutex::new(Vec::new()));
    let next = || queue.lock().unwrap().pop();
    let work = || {
        while let Some(file) = next() {
            let run = Run::of(&file, arguments);
            runs.lock().unwrap().push(run);
        }
    };
    let cores = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
    let mut runs = runs.into_inner().unwrap();
    runs.sort_by(|a: &Run, b: &Run| a.file.cmp(&b.file));
    runs
}

fn assert_fine(runs: &[Run]) {
    let bad: Vec<String> = runs.iter().filter(|run| !run.is_fine()).map(Run::report).collect();
    assert!(bad.is_empty(), "{} of {}:\n{}", bad.len(), runs.len(), bad.join("\n"));
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_dir() {
            files.extend(documents(&path));
        } else if EXTENSIONS.contains(&extension.as_str()) {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn entries(folder: &Path) -> Vec<Value> {
    let manifest = fs::read_to_string(folder.join("MANIFEST.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    manifest["entries"].as_array().unwrap().clone()
}

fn file(entry: &Value) -> &str {
    entry["file"].as_str().unwrap()
}

/// Each document with its page count, where poppler or the assembler found one.
fn page_counts(folder: &Path) -> Vec<(PathBuf, u64)> {
    let opens = |entry: &Value| entry["reference"]["poppler_opens"] != false;
    let known = |entry: &Value| Some((folder.join(file(entry)), entry["pages"].as_u64()?));
    entries(folder).iter().filter(|entry| opens(entry)).filter_map(known).collect()
}

/// Prints where we differ; most must agree.
fn assert_page_counts(folder: &Path, runs: &[Run]) {
    let known = page_counts(folder);
    let ours = |path: &Path| runs.iter().find(|run| run.file == path).and_then(Run::pages);
    let differ: Vec<_> = known.iter().filter(|(path, pages)| ours(path) != Some(*pages)).collect();
    for (path, pages) in &differ {
        eprintln!("{}: {:?} pages, the manifest says {pages}", path.display(), ours(path));
    }
    assert!(differ.len() * 20 <= known.len(), "{} of {} differ", differ.len(), known.len());
}

fn survives(folder: &str) {
    let (Some(_), Some(folder)) = (need::models(), need::corpus(folder)) else { return };
    let runs = run_all(documents(&folder), &TEXT_LAYER);
    assert_fine(&runs);
    assert_page_counts(&folder, &runs);
}

#[test]
fn hostile_documents_crash_nothing() {
    survives("hostile");
}

/// As one command line has them: each ends as a result or as an error that names it.
fn survive_in_one_run(arguments: &[&str]) {
    let (Some(_), Some(folder)) = (need::models(), need::corpus("hostile")) else { return };
    let out = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_flatleaf"))
        .args(["extract", "--quiet", "--format", "json", "--jobs", "2", "--timeout", "60", "-o"])
        .arg(out.path())
        .args(arguments)
        .arg(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let results = results(out.path());
    for file in documents(&folder) {
        let path = file.display().to_string();
        let errors = said.lines().filter(|line| line.starts_with(&format!("error: {path}"))).count();
        assert!(results.contains_key(&path) || errors == 1, "{path}: {errors} errors\n{said}");
    }
    for (file, pages) in page_counts(&folder) {
        let found = results.get(&file.display().to_string()).copied();
        assert!(found == Some(pages) || file.ends_with(NOT_OURS), "{}: {found:?}", file.display());
    }
    assert!(!said.contains("not done after") && !said.contains("its process"), "{said}");
}

/// Path and page count of each document of which there is JSON.
fn results(folder: &Path) -> HashMap<String, u64> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let values = files.map(|file| serde_json::from_slice::<Value>(&fs::read(file).unwrap()).unwrap());
    values
        .map(|v| {
            (v["document"]["path"].as_str().unwrap().to_owned(), v["document"]["pages"].as_u64().unwrap())
        })
        .collect()
}

#[test]
fn hostile_documents_survive_in_one_run_of_workers() {
    survive_in_one_run(&TEXT_LAYER);
}

#[test]
#[ignore = "takes minutes"]
fn hostile_documents_survive_in_one_run_of_workers_with_models() {
    survive_in_one_run(&[]);
}

#[test]
fn passwords_of_the_manifest_open_their_documents() {
    let (Some(_), Some(folder)) = (need::models(), need::corpus("hostile")) else { return };
    let entries = entries(&folder);
    let locked = entries.iter().filter_map(|entry| Some((file(entry), entry["password"].as_str()?)));
    for (file, password) in locked {
        let password = PASSWORDS.iter().find(|(name, _)| *name == file).map_or(password, |(_, right)| right);
        let with = |extra: &[&str]| Run::of(&folder.join(file), &[&TEXT_LAYER, extra].concat());
        let (shut, open) = (with(&[]), with(&["--password", password]));
        assert!(
            shut.is_fine() && shut.json.is_empty() && shut.said.contains("password"),
            "{}",
            shut.report()
        );
        assert!(open.is_fine() && open.pages().is_some(), "{}", open.report());
    }
}

#[test]
fn tables_crash_nothing() {
    survives("tables");
}

#[test]
fn documents_crash_nothing() {
    survives("docs");
}

#[test]
fn scans_crash_nothing() {
    survives("ocr");
}

/// A few of each kind; all of them take minutes (`cargo test --release -- --ignored`).
#[test]
fn models_crash_on_none_of_a_sample() {
    models_survive("docs", 12, &["--pages", "1"]);
    models_survive("ocr", 12, &["--pages", "1"]);
    models_survive("hostile", 12, &["--pages", "1"]);
}

#[test]
#[ignore = "takes minutes"]
fn models_crash_on_none() {
    ["docs", "ocr", "hostile", "tables"].iter().for_each(|folder| models_survive(folder, 1, &[]));
}

/// Every n-th document of the folder, with layout and OCR.
fn models_survive(folder: &str, nth: usize, arguments: &[&str]) {
    let (Some(_), Some(folder)) = (need::models(), need::corpus(folder)) else { return };
    assert_fine(&run_all(documents(&folder).into_iter().step_by(nth).collect(), arguments));
}
