//! `flatleaf extract --jobs`: what comes out is what comes out without it, whatever becomes of the workers. Page images
//! stand for documents, so that no library is needed.
#![cfg(target_os = "linux")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::{TempDir, tempdir};

fn extract(inputs: &[&Path]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flatleaf"));
    command.args(["extract", "--ocr", "never", "--layout", "none"]).args(inputs).stdin(Stdio::null());
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn page_image(path: PathBuf, side: u32) -> PathBuf {
    image::RgbImage::from_pixel(side, side, image::Rgb([255, 255, 255])).save(&path).unwrap();
    path
}

/// A folder of so many documents; every tenth is cut short.
fn documents(number: usize) -> TempDir {
    let folder = tempdir().unwrap();
    let good = fs::read(page_image(folder.path().join("0000.png"), 20)).unwrap();
    for n in 1..number {
        let bytes = if n % 10 == 5 { &good[..40] } else { &good[..] };
        fs::write(folder.path().join(format!("{n:04}.png")), bytes).unwrap();
    }
    folder
}

/// A document that is read for ever: whoever opens it waits for somebody who writes.
fn hanging(folder: &Path) -> PathBuf {
    let path = folder.join("hang.png");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// The processes that `parent` has started and that live.
fn children(parent: u32) -> Vec<u32> {
    let processes =
        fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    processes.filter(|process| is_child(*process, parent)).collect()
}

fn is_child(process: u32, parent: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    status.contains(&format!("\nPPid:\t{parent}\n")) && !status.contains("\nState:\tZ")
}

fn signal(process: u32, name: &str) {
    let _ = Command::new("kill").args([name, &process.to_string()]).stderr(Stdio::null()).status();
}

/// Until `done`, for half a minute.
fn wait_until(done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(30), "nothing happened");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Sorted names, hidden ones included.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_is_said_does_not_depend_on_the_number_of_workers() {
    let folder = documents(60);
    let run = |flags: &[&str]| {
        let output = extract(&[folder.path()]).args(["--format", "json"]).args(flags).output().unwrap();
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        (output.stdout, output.stderr)
    };
    let alone = run(&[]);
    assert!(run(&["--jobs", "1"]) == alone && run(&["--jobs", "3"]) == alone);
}

#[test]
fn what_is_written_does_not_depend_on_the_number_of_workers() {
    let (folder, out) = (documents(20), tempdir().unwrap());
    let run = |name: &str, flags: &[&str]| {
        let out = out.path().join(name);
        let mut command = extract(&[folder.path()]);
        let output = command.args(["--format", "md,json,csv", "-o"]).arg(&out).args(flags).output().unwrap();
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        names(&out).iter().map(|name| (name.clone(), contents(&out.join(name)))).collect::<Vec<_>>()
    };
    let (alone, workers) = (run("a", &[]), run("b", &["--jobs", "3"]));
    assert!(alone.len() == 18 * 3 && alone == workers, "{alone:?}\n{workers:?}");
}

/// The text of a file; the names in a folder, as its frames tell times.
fn contents(path: &Path) -> String {
    if path.is_dir() { names(path).join(" ") } else { fs::read_to_string(path).unwrap() }
}

/// The paths of the documents that were printed as JSON, in order.
fn printed(output: &Output) -> Vec<String> {
    let values = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Value>();
    values.map(|value| value.unwrap()["document"]["path"].as_str().unwrap().to_owned()).collect()
}

/// Seeded, as all chance in tests: xorshift.
fn chance(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Kills one of the workers after the other, after times by chance, until their parent ends; how many.
fn kill_at_random(parent: &mut Child, state: &mut u64) -> usize {
    let mut killed = 0;
    while parent.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(5 + chance(state) % 40));
        let workers = children(parent.id());
        if let Some(&worker) = workers.get(chance(state) as usize % workers.len().max(1)) {
            signal(worker, if chance(state).is_multiple_of(2) { "-KILL" } else { "-TERM" });
            killed += 1;
        }
    }
    killed
}

#[test]
fn none_is_lost_or_repeated_when_workers_are_killed_at_random() {
    let folder = documents(600);
    let (mut state, mut killed) = (0x2545_F491_4F6C_DD1D, 0);
    // A fast machine has read all before many are killed: then again.
    while killed < 6 {
        killed += read_while_workers_are_killed(folder.path(), &mut state);
    }
}

/// Asserts that each of the 600 documents of a folder is printed or named once; how many workers were killed.
fn read_while_workers_are_killed(folder: &Path, state: &mut u64) -> usize {
    let stdout = tempfile::NamedTempFile::new().unwrap();
    let mut command = extract(&[folder]);
    command.args(["--format", "json", "--jobs", "2"]).stdout(stdout.reopen().unwrap()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let killed = kill_at_random(&mut child, state);
    let mut output = child.wait_with_output().unwrap();
    output.stdout = fs::read(stdout.path()).unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let path = |n: usize| folder.join(format!("{n:04}.png")).display().to_string();
    let (bad, good): (Vec<usize>, Vec<usize>) = (0..600).partition(|n| n % 10 == 5);
    assert_eq!(printed(&output), good.into_iter().map(path).collect::<Vec<_>>());
    let complaints: Vec<String> = stderr(&output).lines().map(str::to_owned).collect();
    assert_eq!(complaints.len(), bad.len(), "{complaints:?}");
    let named = |(complaint, n): (&String, usize)| complaint.starts_with(&format!("error: {}:", path(n)));
    assert!(complaints.iter().zip(bad).all(named), "{complaints:?}");
    killed
}

#[test]
fn a_document_that_hangs_costs_itself_alone() {
    let folder = documents(3);
    let (hang, rest) = (hanging(folder.path()), [0, 1, 2].map(|n| folder.path().join(format!("{n:04}.png"))));
    let output = extract(&[&rest[0], &hang, &rest[1], &rest[2]])
        .args(["--format", "json", "--jobs", "1", "--timeout", "1.5"])
        .output()
        .unwrap();
    assert_eq!(code(&output), 1);
    assert_eq!(printed(&output), rest.map(|path| path.display().to_string()));
    let said = format!("error: {}: not done after 1.5 s, and given up; raise `--timeout`", hang.display());
    assert!(stderr(&output).starts_with(&said), "{}", stderr(&output));
}

#[test]
fn a_worker_that_breaks_down_is_named_and_replaced() {
    let folder = documents(2);
    let (hang, rest) = (hanging(folder.path()), [0, 1].map(|n| folder.path().join(format!("{n:04}.png"))));
    let mut command = extract(&[&hang, &rest[0], &rest[1]]);
    command.args(["--format", "json", "--jobs", "1"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    wait_until(|| !children(child.id()).is_empty());
    // So that it has begun with the document.
    thread::sleep(Duration::from_millis(500));
    children(child.id()).into_iter().for_each(|worker| signal(worker, "-ABRT"));
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), printed(&output).len()), (1, 2), "{}", stderr(&output));
    let said = format!("error: {}: its process broke down (signal: 6", hang.display());
    assert!(stderr(&output).starts_with(&said), "{}", stderr(&output));
}

#[test]
fn a_page_that_needs_too_much_memory_is_named() {
    let folder = documents(2);
    let (large, small) = (page_image(folder.path().join("large.png"), 9000), folder.path().join("0000.png"));
    let out = folder.path().join("out");
    let output = extract(&[&large, &small])
        .args(["--overlay", "--format", "md", "--jobs", "1", "--job-memory", "100", "-o"])
        .arg(&out)
        .output()
        .unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let said = format!("error: {}, page 1: its process needed more than 100 MiB", large.display());
    assert!(stderr(&output).starts_with(&said), "{}", stderr(&output));
    assert_eq!(names(&out), ["0000", "0000.md"]);
}

#[test]
fn an_interrupt_ends_all_workers_and_leaves_complete_files_only() {
    let (folder, out) = (documents(3000), tempdir().unwrap());
    let out = out.path().join("out");
    let mut command = extract(&[folder.path()]);
    command.args(["--format", "json", "--jobs", "2", "-o"]).arg(&out).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    wait_until(|| out.is_dir() && names(&out).len() > 3);
    let workers = children(child.id());
    signal(child.id(), "-INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(!workers.is_empty() && workers.iter().all(|worker| !is_alive(*worker)), "{workers:?}");
    assert!(names(&out).len() < 2700);
    for name in names(&out) {
        assert!(name.ends_with(".json"), "{name}");
        assert!(serde_json::from_slice::<Value>(&fs::read(out.join(&name)).unwrap()).is_ok(), "{name}");
    }
}

fn is_alive(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    !status.is_empty() && !status.contains("\nState:\tZ")
}

#[test]
fn workers_end_with_their_parent() {
    let folder = tempdir().unwrap();
    let hang = hanging(folder.path());
    let mut child = extract(&[&hang]).args(["--jobs", "1"]).stderr(Stdio::null()).spawn().unwrap();
    wait_until(|| !children(child.id()).is_empty());
    let workers = children(child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until(|| workers.iter().all(|worker| !is_alive(*worker)));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = documents(200);
    let mut command = extract(&[folder.path()]);
    command.args(["--format", "json", "--jobs", "2"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
}

#[test]
fn limits_that_make_no_sense_are_explained() {
    for (flags, message) in [
        (["--jobs", "0"], "from 1 to 1024"),
        (["--jobs", "x"], "from 1 to 1024"),
        (["--timeout", "5"], "--jobs"),
    ] {
        let output = extract(&[Path::new("x.png")]).args(flags).output().unwrap();
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(message), "{flags:?}: {}", stderr(&output));
    }
    let output = extract(&[Path::new("x.png")]).args(["--jobs", "1", "--timeout", "0"]).output().unwrap();
    assert!(code(&output) == 2 && stderr(&output).contains("above 0"), "{}", stderr(&output));
}
