//! The shared library that cells link, and the crate by which they do.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{
    analysis,
    failure::{Failure, Result},
    places::{Places, write, written},
    tools::{self, Rust},
};

const FACADE: [(&str, &str); 3] = [
    ("Cargo.toml", include_str!("../../../notebooks/kernel/facade/facade.toml")),
    ("build.rs", include_str!("../../../notebooks/kernel/facade/build.rs")),
    ("src/lib.rs", include_str!("../../../notebooks/kernel/facade/src/lib.rs")),
];

/// Where this program's sources are, if they have not moved since it was built.
pub fn built_from() -> Result<PathBuf> {
    checked(Path::new(env!("CARGO_MANIFEST_DIR")))
}

/// `folder`, if it holds the sources of this very version.
pub fn checked(folder: &Path) -> Result<PathBuf> {
    let gone = || Failure::NoSources { folder: folder.to_owned() };
    let folder = folder.canonicalize().map_err(|_| gone())?;
    let text = fs::read_to_string(folder.join("Cargo.toml")).map_err(|_| gone())?;
    let package: toml::Table = text.parse().map_err(|_| gone())?;
    let found =
        package.get("package").and_then(|package| package.get("version")?.as_str()).ok_or_else(gone)?;
    let wanted = env!("CARGO_PKG_VERSION");
    match found == wanted && manifest(&folder).exists() {
        true => Ok(folder),
        false => Err(Failure::OtherSources { folder, found: found.to_owned(), wanted: wanted.to_owned() }),
    }
}

/// The manifest of the library in `sources`.
pub fn manifest(sources: &Path) -> PathBuf {
    sources.join("notebooks").join("kernel").join("Cargo.toml")
}

/// Builds the library out of `sources`; quick where nothing changed. Returns cargo's messages of what is in it.
pub fn build(places: &Places, sources: &Path) -> Result<Vec<Value>> {
    eprintln!("building Flatleaf and polars for notebooks from {}", sources.display());
    let built = compile(places, sources)?;
    collect(places, built.iter().filter_map(artifact))?;
    for (name, text) in FACADE {
        let text = text.replace("{library}", &toml_text(&places.library()));
        let text = text.replace("{kernel}", &toml_text(&analysis::of_library(places)));
        write(&places.facade().join(name), &text)?;
    }
    Ok(built)
}

/// As it may stand between quotes in TOML and Rust.
fn toml_text(path: &Path) -> String {
    path.display().to_string().replace('\\', "\\\\").replace('"', "\\\"")
}

/// What cargo says of this library and each that is in it.
fn compile(places: &Places, sources: &Path) -> Result<Vec<Value>> {
    let failed = || Failure::Cargo { doing: "building the notebook library".to_owned() };
    let mut cargo = Command::new("cargo")
        .args([
            "rustc",
            "--release",
            "--locked",
            "--message-format",
            "json-render-diagnostics",
            "--manifest-path",
        ])
        .arg(manifest(sources))
        .env("CARGO_TARGET_DIR", places.target())
        // The library and evcxr's cells share one standard library.
        .args(["--", "-Cprefer-dynamic", "-Cstrip=debuginfo"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|source| Failure::Start { program: "cargo".into(), source })?;
    let messages = BufReader::new(cargo.stdout.take().ok_or_else(failed)?);
    let built =
        messages.lines().map_while(std::io::Result::ok).filter_map(|line| serde_json::from_str(&line).ok());
    let built = built.collect();
    match cargo.wait().is_ok_and(|status| status.success()) {
        true => Ok(built),
        false => Err(failed()),
    }
}

/// The one that a compiler reads of those in one of cargo's messages. Code is in the library alone; of what is in it,
/// metadata is enough.
fn artifact(message: &Value) -> Option<PathBuf> {
    let files: Vec<&Path> =
        message["filenames"].as_array()?.iter().filter_map(Value::as_str).map(Path::new).collect();
    let ending = |end: &str| files.iter().find(|file| file.extension().is_some_and(|found| found == end));
    // A library of several kinds comes without separate metadata.
    let found =
        ending("rmeta").or_else(|| ending("rlib")).or_else(|| ending(std::env::consts::DLL_EXTENSION));
    found.map(|file| (*file).to_owned())
}

/// Puts `artifacts` into the library's folder, which then needs no target folder.
fn collect(places: &Places, artifacts: impl Iterator<Item = PathBuf>) -> Result<()> {
    let (library, fresh) = (places.library(), places.library().with_extension("new"));
    let _ = fs::remove_dir_all(&fresh);
    fs::create_dir_all(&fresh).map_err(written(&fresh))?;
    for file in artifacts {
        let copy = fresh.join(file.file_name().unwrap_or_default());
        fs::copy(&file, &copy).map_err(written(&copy))?;
    }
    let _ = fs::remove_dir_all(&library);
    fs::rename(&fresh, &library).map_err(written(&library))
}

/// Builds a crate of one cell, which links the library, so that no kernel's first cell has to.
pub fn try_out(places: &Places, rust: &Rust) -> Result<()> {
    let template = places.template();
    let _ = fs::remove_dir_all(&template);
    write(&places.profile(), include_str!("../../../notebooks/kernel/cells.toml"))?;
    let facade = toml_text(&places.facade());
    write(
        &template.join("Cargo.toml"),
        &include_str!("../../../notebooks/kernel/cell.toml").replace("{facade}", &facade),
    )?;
    write(&template.join("src/lib.rs"), "pub use flatleaf::prelude;\n")?;
    let cargo = |arguments: &[&str]| {
        let command = Command::new("cargo")
            .args(arguments)
            .current_dir(&template)
            // As evcxr calls cargo, so that what is built here is fresh there.
            .env("CARGO_TARGET_DIR", "target")
            .env("CARGO_BUILD_BUILD_DIR", "target")
            .env("RUSTFLAGS", tools::cell_flags())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        command.is_ok_and(|status| status.success())
    };
    match cargo(&["build", "--quiet", "--target", &rust.host]) {
        true => Ok(()),
        false => Err(Failure::Cargo { doing: "building a first cell".to_owned() }),
    }
}
