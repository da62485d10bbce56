//! What was installed, and a kernel or terminal started from it.

use std::{
    ffi::OsString,
    fmt, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use flatleaf::{Assets, assets};
use serde::{Deserialize, Serialize};

use super::{
    failure::{Failure, Result},
    places::{self, Places, write, written},
    tools::{self, Evcxr, Rust},
};

/// evcxr's configuration; each cell begins with its prelude.
const CONFIGURATION: &str = include_str!("../../../notebooks/kernel/evcxr.toml");

/// Where the loader looks for what a cell links.
#[cfg(target_os = "macos")]
const LIBRARY_PATH: &str = "DYLD_LIBRARY_PATH";
#[cfg(not(target_os = "macos"))]
const LIBRARY_PATH: &str = "LD_LIBRARY_PATH";

#[derive(Debug, Deserialize, Serialize)]
pub struct Session {
    /// Flatleaf's version.
    flatleaf: String,
    /// The compiler that the library was built with; no other can link it.
    rust: String,
    /// The checkout that it was built from, where types are looked up.
    sources: PathBuf,
    standard_library: PathBuf,
    models: PathBuf,
}

impl Session {
    pub fn new(rust: &Rust, sources: &Path, models: &Assets) -> Self {
        Self {
            flatleaf: env!("CARGO_PKG_VERSION").to_owned(),
            rust: rust.version.clone(),
            sources: sources.to_owned(),
            standard_library: rust.sources.clone().unwrap_or_default(),
            models: models.directory().to_owned(),
        }
    }

    pub fn write(&self, places: &Places) -> Result<()> {
        for evcxr in [Evcxr::Jupyter, Evcxr::Repl] {
            let facade = places.facade().display().to_string().replace('\\', "\\\\");
            let text = CONFIGURATION.replace("{facade}", &facade);
            write(&places.configuration(evcxr).join("evcxr.toml"), &text)?;
        }
        let text = toml::to_string(self)
            .map_err(|error| Failure::Write { path: places.session(), source: io::Error::other(error) })?;
        write(&places.session(), &text)
    }

    /// evcxr, with a folder of its own, which is filled now.
    pub fn evcxr(&self, places: &Places, evcxr: Evcxr) -> Result<Command> {
        sweep(places);
        let cells = places.cells();
        let _ = fs::remove_dir_all(&cells);
        copy_folder(&places.template(), &cells).map_err(written(&cells))?;
        let mut command = Command::new(places.evcxr(evcxr));
        command
            .env("EVCXR_CONFIG_DIR", places.configuration(evcxr))
            .env("EVCXR_TMPDIR", &cells)
            .env(LIBRARY_PATH, library_path(places))
            .env("RUST_SRC_PATH", &self.standard_library)
            // For rust-analyzer alone: evcxr sets flags of its own for the cells' builds.
            .env("RUSTFLAGS", "--cfg flatleaf_analysis");
        if std::env::var_os(assets::VARIABLE).is_none() {
            command.env(assets::VARIABLE, &self.models);
        }
        Ok(command)
    }
}

/// Becomes what `command` starts; returns when that cannot be.
pub fn become_it(mut command: Command) -> Result<()> {
    let program = PathBuf::from(command.get_program());
    replace(&mut command).map_err(|source| Failure::Start { program, source })
}

/// The library, Rust's own standard library, which it shares with the cells, and what was looked through before.
fn library_path(places: &Places) -> OsString {
    let own =
        [Some(places.library()), tools::said("rustc", &["--print", "target-libdir"]).map(PathBuf::from)];
    let before = std::env::var_os(LIBRARY_PATH).unwrap_or_default();
    let folders = own.into_iter().flatten().chain(std::env::split_paths(&before));
    // A folder with a separator in its name cannot be looked through anyway.
    std::env::join_paths(folders).unwrap_or_else(|_| places.library().into())
}

/// # Errors
/// Nothing is installed, or for another version of Flatleaf or of the compiler.
pub fn read(places: &Places) -> Result<Session> {
    let text = fs::read_to_string(places.session()).map_err(|_| Failure::NotInstalled)?;
    let session: Session =
        toml::from_str(&text).map_err(|error| places::read(&places.session())(io::Error::other(error)))?;
    let rust = tools::said("rustc", &["--version"]).ok_or(Failure::NoCargo { tool: "rustc" })?;
    let outdated =
        |installed: &str, now: &str| Failure::Outdated { installed: installed.into(), now: now.into() };
    let version = env!("CARGO_PKG_VERSION");
    match () {
        () if session.flatleaf != version => {
            Err(outdated(&format!("Flatleaf {}", session.flatleaf), &format!("Flatleaf {version}")))
        }
        () if session.rust != rust => Err(outdated(&session.rust, &rust)),
        () => Ok(session),
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Flatleaf {} from {}", self.flatleaf, self.sources.display())?;
        writeln!(f, "{}, its standard library in {}", self.rust, self.standard_library.display())?;
        write!(f, "models in {}", self.models.display())
    }
}

/// Removes the folders of kernels that have ended. Those killed could not do it themselves.
fn sweep(places: &Places) {
    let Some(folder) = places.cells().parent().map(Path::to_owned) else { return };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let number = entry.file_name().to_string_lossy().parse::<i32>();
        if number.is_ok_and(|number| !runs(number)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(unix)]
fn runs(process: i32) -> bool {
    // SAFETY: signal 0 only asks whether there is such a process.
    unsafe { libc::kill(process, 0) == 0 }
}

#[cfg(not(unix))]
fn runs(_: i32) -> bool {
    true
}

/// Modification times come along: cargo takes what is copied for built.
fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, copy) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_folder(&path, &copy)?;
            continue;
        }
        fs::copy(&path, &copy)?;
        fs::File::options().write(true).open(&copy)?.set_modified(entry.metadata()?.modified()?)?;
    }
    Ok(())
}

#[cfg(unix)]
fn replace(command: &mut Command) -> io::Result<()> {
    Err(std::os::unix::process::CommandExt::exec(command))
}

#[cfg(not(unix))]
fn replace(command: &mut Command) -> io::Result<()> {
    let status = command.status()?;
    std::process::exit(status.code().unwrap_or(1))
}
