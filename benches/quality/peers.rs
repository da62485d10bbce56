//! Tools in processes of their own. In: a command and files. Out: what each
//! read, one JSON line a file, with crashes and hangs as results: the process
//! is started again after the file that brought it down.

use crate::{formulas::Found, grid::Grid, observed::Observed};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};

/// What one tool made of one file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    pub file: String,
    /// Plain text by page, from tools that give that.
    pub pages: Vec<String>,
    /// The whole document, from tools that give Markdown.
    pub markdown: Option<String>,
    /// Whole process, without loading the models. `None` where it died.
    pub cpu_seconds: Option<f64>,
    pub wall_seconds: f64,
    /// Why there is no text.
    pub error: Option<String>,
    /// Whether the tool failed without saying so itself.
    pub died: bool,
    /// Pages that failed among good ones.
    pub page_errors: Vec<String>,
    /// Of the structure, from Flatleaf alone.
    pub observed: Option<Observed>,
    /// From tools that give tables as such.
    pub tables: Option<Vec<Grid>>,
    /// With tables that go on over pages joined, from Flatleaf alone; peers that join give them so in `tables`.
    pub whole: Option<Vec<Grid>>,
    /// Where true regions are known, what Flatleaf reads in each, in order of the truth.
    pub given: Vec<Option<Grid>>,
    /// From Flatleaf alone.
    pub formulas: Option<Vec<Found>>,
}

impl Reading {
    fn dead(file: &str, how: String) -> Self {
        Self { file: file.to_string(), error: Some(how), died: true, ..Self::default() }
    }
}

/// Something that can be compared.
pub struct Peer {
    pub name: String,
    pub version: String,
    runner: Runner,
}

#[derive(Clone)]
struct Runner {
    python: PathBuf,
    script: PathBuf,
}

impl Runner {
    fn command(&self, tool: &str) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(&self.script).arg(tool);
        command
    }
}

/// How long a peer may take for one file: the slowest takes minutes for a book.
const PEER_LIMIT: Duration = Duration::from_secs(600);

impl Peer {
    /// The tool called `name` in `run.py`, or why it cannot run.
    pub fn find(name: &str, python: &Path, folder: &Path) -> Result<Self, String> {
        let runner = Runner { python: python.to_path_buf(), script: folder.join("run.py") };
        let asked = runner.command(name).arg("--version").output();
        let asked = asked.map_err(|e| format!("{}: {e}", python.display()))?;
        let told: Option<Version> = serde_json::from_slice(&asked.stdout).ok();
        match told {
            Some(told) => Ok(Self { name: name.to_string(), version: told.version, runner }),
            None => Err(String::from_utf8_lossy(&asked.stderr).trim().to_string()),
        }
    }

    /// Readings of `files` (relative to `corpus`), from `cache` where they are known and `fresh` is not asked for.
    /// `options` go to `run.py`.
    pub fn read(
        &self,
        corpus: &Path,
        files: &[String],
        options: &[&str],
        cache: &Path,
        fresh: bool,
    ) -> Vec<Reading> {
        let folder = cache.join(format!("{}-{}{}", self.name, self.version, options.concat()));
        let kept = |file: &String| folder.join(digest(&corpus.join(file))).with_extension("json");
        let known = |file: &String| -> Option<Reading> {
            let reading = serde_json::from_slice(&fs::read(kept(file)).ok()?).ok()?;
            Some(Reading { file: file.clone(), ..reading })
        };
        let missing: Vec<String> =
            files.iter().filter(|file| fresh || known(file).is_none()).cloned().collect();
        let mut command = || {
            let mut command = self.runner.command(&self.name);
            command.args(options);
            command
        };
        read(&mut command, corpus, &missing, &|_| PEER_LIMIT, |reading| {
            // A cache that cannot be written costs time in the next run, nothing else.
            let _ = fs::create_dir_all(&folder);
            let _ = serde_json::to_vec(reading).map(|json| fs::write(kept(&reading.file), json));
        });
        files.iter().filter_map(known).collect()
    }
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

fn digest(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Gives `files` to the command, in the corpus folder, and hands each reading to `each` as it comes.
pub fn read(
    command: &mut dyn FnMut() -> Command,
    corpus: &Path,
    files: &[String],
    limit: &dyn Fn(&str) -> Duration,
    mut each: impl FnMut(&Reading),
) {
    let mut left = files;
    while !left.is_empty() {
        let mut command = command();
        command.current_dir(corpus).args(left).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(e) => {
                left.iter().for_each(|file| each(&Reading::dead(file, format!("does not start: {e}"))));
                return;
            }
        };
        let lines = lines(&mut child);
        left = follow(&mut child, &lines, left, limit, &mut each);
    }
}

/// Follows one process to its end, and returns the files it did not get to.
fn follow<'a>(
    child: &mut Child,
    lines: &Receiver<String>,
    mut left: &'a [String],
    limit: &dyn Fn(&str) -> Duration,
    each: &mut impl FnMut(&Reading),
) -> &'a [String] {
    while let Some((file, rest)) = left.split_first() {
        let limit = limit(file);
        let reading = match lines.recv_timeout(limit) {
            Ok(line) => serde_json::from_str(&line)
                .unwrap_or_else(|e| Reading::dead(file, format!("not a result ({e}): {line:.80}"))),
            Err(RecvTimeoutError::Timeout) => {
                end(child);
                each(&Reading::dead(file, format!("hangs: nothing after {} s", limit.as_secs())));
                return rest;
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status = child.wait().map_or_else(|e| e.to_string(), |status| status.to_string());
                each(&Reading::dead(file, format!("crashes: {status}")));
                return rest;
            }
        };
        each(&reading);
        left = rest;
    }
    end(child);
    left
}

fn end(child: &mut Child) {
    // Either may fail only because the process is gone already.
    let _ = child.kill();
    let _ = child.wait();
}

/// The child's output line by line, so that waiting for one can have a limit.
fn lines(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
    }
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &'static str) -> impl FnMut() -> Command {
        move || {
            let mut command = Command::new("sh");
            command.args(["-c", script, "sh"]);
            command
        }
    }

    fn readings(script: &'static str, files: &[&str]) -> Vec<Reading> {
        let files: Vec<String> = files.iter().map(|file| file.to_string()).collect();
        let mut found = Vec::new();
        let limit = |_: &str| Duration::from_millis(400);
        read(&mut shell(script), Path::new("."), &files, &limit, |reading| found.push(reading.clone()));
        found
    }

    #[test]
    fn a_crash_costs_its_file_only() {
        let script = r#"for f; do [ $f = bad ] && kill -9 $$; echo "{\"file\":\"$f\"}"; done"#;
        let found = readings(script, &["a", "bad", "c"]);
        let died: Vec<(&str, bool)> = found.iter().map(|r| (r.file.as_str(), r.died)).collect();
        assert_eq!(died, [("a", false), ("bad", true), ("c", false)]);
    }

    #[test]
    fn a_hang_is_ended_and_named() {
        let script = r#"for f; do [ $f = slow ] && sleep 60; echo "{\"file\":\"$f\"}"; done"#;
        let found = readings(script, &["slow", "b"]);
        assert!(found[0].error.as_ref().is_some_and(|e| e.starts_with("hangs")));
        assert!(!found[1].died);
    }
}
