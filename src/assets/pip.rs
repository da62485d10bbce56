//! One wheel, brought by the user's own pip, so that its settings for proxies,
//! certificates and indexes count. pip installs nothing here.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread::sleep,
    time::Duration,
};

use super::fetch::Wheel;
use crate::{Error, Result};

/// The name that python.org's installer gives on each platform.
const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };

/// Whatever Python the user has: the wheel of this one is asked for, because the manifest's hashes are its.
const PYTHON_VERSION: &str = "3.11";

/// Often enough for a bar to look alive.
const POLL: Duration = Duration::from_millis(100);

const PREPARE_ELSEWHERE: &str = "check the network and pip's settings (proxy, certificates, index), or run `flatleaf setup --models DIR` on another machine of this kind, copy DIR here and name it with `--models`";

/// Downloads `wheel` into the empty folder `into` and gives its path.
/// `progress` gets the number of bytes on disk so far.
pub(super) fn download(wheel: &Wheel, into: &Path, progress: &mut dyn FnMut(u64)) -> Result<PathBuf> {
    let messages = into.join("pip.txt");
    let status = run(wheel, into, &messages, progress).map_err(|error| not_started(wheel, &error))?;
    match wheel_in(into) {
        Some(path) if status.success() => Ok(path),
        _ => Err(failed(wheel, &fs::read_to_string(messages).unwrap_or_default())),
    }
}

fn run(wheel: &Wheel, into: &Path, messages: &Path, progress: &mut dyn FnMut(u64)) -> io::Result<ExitStatus> {
    let mut pip = Pip(command(wheel, into).stderr(File::create(messages)?).spawn()?);
    loop {
        if let Some(status) = pip.0.try_wait()? {
            return Ok(status);
        }
        progress(size_of(into).min(wheel.bytes));
        sleep(POLL);
    }
}

fn command(wheel: &Wheel, into: &Path) -> Command {
    let mut command = Command::new(PYTHON);
    command.args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]);
    command.args(["--progress-bar=off", "--disable-pip-version-check"]);
    command.args(["--implementation=cp", "--python-version", PYTHON_VERSION]);
    command.args(wheel.tag.map(|tag| format!("--platform={tag}")));
    command.arg("--dest").arg(into).arg(format!("{}=={}", wheel.package, wheel.version));
    // pip fills the system's folder for temporary files otherwise, which is often small and on another disk.
    command.env("TMPDIR", into).env("TEMP", into).env("TMP", into);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// A pip that does not outlive the call.
struct Pip(Child);

impl Drop for Pip {
    fn drop(&mut self) {
        // It has ended already, unless the loop above was left by an error.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wheel_in(folder: &Path) -> Option<PathBuf> {
    let mut files = fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    files.find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}

/// Bytes in `folder`; 0 for what goes away while one looks.
fn size_of(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(data) if data.is_dir() => size_of(&entry.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    };
    entries.map(size).sum()
}

fn not_started(wheel: &Wheel, error: &io::Error) -> Error {
    let (reason, next_step) = match error.kind() {
        ErrorKind::NotFound => (
            format!("there is no `{PYTHON}` on the PATH"),
            "install Python 3 with pip and run `flatleaf setup`",
        ),
        _ => (format!("`{PYTHON}` cannot be started: {error}"), "run `flatleaf doctor`"),
    };
    Error::Fetch { name: wheel.to_string(), reason, next_step }
}

/// What pip's messages on standard error mean.
fn failed(wheel: &Wheel, messages: &str) -> Error {
    let last = messages.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("it said nothing");
    let (reason, next_step) = if messages.contains("No module named pip") {
        let step = "install pip (`apt install python3-pip`, `dnf install python3-pip` or `python3 -m ensurepip`) and run `flatleaf setup`";
        (format!("`{PYTHON}` has no pip"), step)
    } else if messages.contains("No space left on device") {
        (format!("pip: {last}"), "free some space on the disk of the models folder and run `flatleaf setup`")
    } else if messages.contains("connection broken") {
        (format!("pip reached no package index: {last}"), PREPARE_ELSEWHERE)
    } else {
        (format!("pip: {last}"), PREPARE_ELSEWHERE)
    };
    Error::Fetch { name: wheel.to_string(), reason, next_step }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHEEL: Wheel = Wheel { package: "onnxruntime", version: "1.32.0", tag: Some("any"), bytes: 1 };

    #[test]
    fn a_missing_pip_names_what_to_install() {
        let message = failed(&WHEEL, "/usr/bin/python3: No module named pip\n").to_string();
        assert!(
            message.starts_with("onnxruntime 1.32.0: cannot be fetched (`python3` has no pip); install pip")
        );
    }

    #[test]
    fn a_failure_carries_the_last_line_of_pip() {
        let message = failed(&WHEEL, "WARNING: first\nERROR: No matching distribution found\n\n").to_string();
        assert!(message.contains("(pip: ERROR: No matching distribution found)"), "{message}");
    }

    #[test]
    fn a_missing_python_names_what_to_install() {
        let message = not_started(&WHEEL, &ErrorKind::NotFound.into()).to_string();
        assert!(message.contains("on the PATH); install Python 3 with pip"), "{message}");
    }

    #[test]
    fn the_wheel_is_asked_for_by_platform_without_its_dependencies() {
        let command = command(&WHEEL, Path::new("here"));
        let arguments: Vec<_> = command.get_args().filter_map(|argument| argument.to_str()).collect();
        assert!(arguments.contains(&"--no-deps") && arguments.contains(&"--platform=any"), "{arguments:?}");
        assert_eq!(arguments.last(), Some(&"onnxruntime==1.32.0"));
    }
}
