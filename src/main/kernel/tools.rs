//! What others made and the kernel needs: cargo, the sources of Rust's standard library, evcxr.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    failure::{Failure, Result},
    places::Places,
};

/// The one that Flatleaf is tried with.
const EVCXR: &str = "0.22.0";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evcxr {
    /// The kernel.
    Jupyter,
    /// The same in a terminal.
    Repl,
}

impl Evcxr {
    pub fn program(self) -> &'static str {
        match self {
            Evcxr::Jupyter => "evcxr_jupyter",
            Evcxr::Repl => "evcxr",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Evcxr::Jupyter => "evcxr_jupyter",
            Evcxr::Repl => "evcxr_repl",
        }
    }
}

/// The compiler that cells are compiled with.
pub struct Rust {
    /// As `rustc --version` says it.
    pub version: String,
    /// `x86_64-unknown-linux-gnu`.
    pub host: String,
    /// The standard library's sources, if they are there.
    pub sources: Option<PathBuf>,
}

impl Rust {
    pub fn find() -> Result<Self> {
        said("cargo", &["--version"]).ok_or(Failure::NoCargo { tool: "cargo" })?;
        let verbose = said("rustc", &["--version", "--verbose"]).ok_or(Failure::NoCargo { tool: "rustc" })?;
        let host =
            verbose.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned();
        let version = verbose.lines().next().unwrap_or_default().to_owned();
        Ok(Self { version, host, sources: standard_library() })
    }

    /// Has the standard library's sources afterwards, and what they depend on in cargo's cache.
    pub fn fetch_standard_library(&self) -> Result<()> {
        let library = match &self.sources {
            Some(library) => library.clone(),
            None => add_rust_sources().map_err(|source| Failure::NoRustSources { source })?,
        };
        // Types are found without them too; a first start without a network waits for them in vain.
        let _ = Command::new("cargo")
            .args(["metadata", "--locked", "--format-version", "1", "--manifest-path"])
            .arg(library.join("Cargo.toml"))
            .env("RUSTC_BOOTSTRAP", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        Ok(())
    }
}

/// Has rustup bring them, and says where they are.
fn add_rust_sources() -> io::Result<PathBuf> {
    let added = Command::new("rustup").args(["component", "add", "rust-src"]).stdin(Stdio::null()).output();
    let added = added.map_err(|error| io::Error::other(format!("`rustup` did not start: {error}")))?;
    let said = String::from_utf8_lossy(&added.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("they are still not there");
    standard_library().ok_or_else(|| io::Error::other(format!("rustup: {last}")))
}

/// `library` of the sources: where the user says, in the toolchain, or where Debian puts them.
fn standard_library() -> Option<PathBuf> {
    let given = std::env::var_os("RUST_SRC_PATH").map(PathBuf::from);
    let sysroot = said("rustc", &["--print", "sysroot"]);
    let own = sysroot.map(|root| Path::new(&root).join("lib/rustlib/src/rust/library"));
    let debian = fs::read_dir("/usr/src").into_iter().flatten().flatten().map(|entry| entry.path());
    let debian = debian
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("rustc")));
    let places = given.into_iter().chain(own).chain(debian.map(|path| path.join("library")));
    places.into_iter().find(|library| library.join("std/src/lib.rs").exists())
}

/// What `program` says on standard output, if it succeeds.
pub fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The compiler's flags for cells, as evcxr 0.22 sets them (its src/eval_context.rs): it prefers mold, which it runs around
/// cargo, then lld. With others, each kernel would build anew what is built.
pub fn cell_flags() -> &'static str {
    let lld = !cfg!(target_os = "macos") && !is_on_path("mold") && is_on_path("lld");
    if lld { "-Cprefer-dynamic -Clink-arg=-fuse-ld=lld" } else { "-Cprefer-dynamic" }
}

fn is_on_path(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders)
        .any(|folder| folder.join(program).with_extension(std::env::consts::EXE_EXTENSION).is_file())
}

/// Has `evcxr` in place afterwards.
pub fn install(places: &Places, evcxr: Evcxr) -> Result<()> {
    let (package, program) = (evcxr.package(), places.evcxr(evcxr));
    if program.exists() && installed(&places.tools(), package) {
        return Ok(());
    }
    eprintln!("building {package} {EVCXR} with cargo: once, about ten minutes on two cores");
    let cargo = Command::new("cargo")
        .args(["install", package, "--version", EVCXR, "--locked", "--force", "--root"])
        .arg(places.tools())
        .env("CARGO_TARGET_DIR", places.target())
        .stdin(Stdio::null())
        .status();
    let status = cargo.map_err(|source| Failure::Start { program: "cargo".into(), source })?;
    match status.success() {
        true => Ok(()),
        false => Err(Failure::Cargo { doing: format!("building {package} {EVCXR}") }),
    }
}

/// Whether cargo's own list says that the pinned version is there.
fn installed(root: &Path, package: &str) -> bool {
    let list = fs::read_to_string(root.join(".crates.toml")).unwrap_or_default();
    list.contains(&format!("\"{package} {EVCXR} "))
}
