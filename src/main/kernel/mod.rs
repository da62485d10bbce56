//! `flatleaf kernel` and `flatleaf repl`: Rust cells with Flatleaf at hand, in Jupyter or in a terminal.
//!
//! evcxr compiles each cell. Left to itself it would build all dependencies in
//! the first one, check 290 packages in each, and give each its own copy of
//! every static, models included. So `install` builds one shared library ahead,
//! and a cell's only dependency is a crate that links it.

mod analysis;
mod failure;
mod library;
mod places;
mod session;
mod spec;
mod tools;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use flatleaf::{Assets, assets, notebook};

use crate::{
    arguments::{Kernel, KernelCommand, Repl},
    explain, setup,
};
use failure::{Failure, Result};
use places::Places;
use session::Session;
use tools::{Evcxr, Rust};

pub fn run(kernel: &Kernel, models: &Assets) -> ExitCode {
    let done = match &kernel.command {
        Some(KernelCommand::Install { source }) => install(source.as_deref(), models),
        Some(KernelCommand::Uninstall) => uninstall(),
        Some(KernelCommand::Start { connection }) => start(connection),
        None => check(),
    };
    exit(done)
}

/// A terminal instead of Jupyter; prepares what is missing.
pub fn repl(repl: &Repl, models: &Assets) -> ExitCode {
    exit(Places::of_user().and_then(|places| open_terminal(&places, repl, models)))
}

fn open_terminal(places: &Places, repl: &Repl, models: &Assets) -> Result<()> {
    let session = match session::read(places) {
        Ok(ready) if places.evcxr(Evcxr::Repl).exists() => ready,
        _ => prepare(places, Evcxr::Repl, repl.source.as_deref(), models)?,
    };
    let pictures = repl.pictures.clone().map_or_else(temporary_folder, Ok)?;
    let mut command = session.evcxr(places, Evcxr::Repl)?;
    command.env(notebook::PICTURES, &pictures);
    eprintln!("pictures go to {}", pictures.display());
    session::become_it(command)
}

/// Kept when the terminal is closed: one may want to look at its pictures later.
fn temporary_folder() -> Result<PathBuf> {
    let made = tempfile::Builder::new().prefix("flatleaf-").tempdir();
    made.map(tempfile::TempDir::keep).map_err(places::written(&std::env::temp_dir()))
}

fn exit(done: Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {}", explain(&failure));
            ExitCode::FAILURE
        }
    }
}

fn install(source: Option<&Path>, models: &Assets) -> Result<()> {
    let begun = Instant::now();
    let places = Places::of_user()?;
    spec::find_jupyter()?;
    places::writable(&spec::folder()?)?;
    prepare(&places, Evcxr::Jupyter, source, models)?;
    let spec = spec::write_spec(&places)?;
    let seconds = begun.elapsed().as_secs();
    eprintln!(
        "\"{}\" is installed ({}), in {} min {} s",
        spec::NAME,
        spec.display(),
        seconds / 60,
        seconds % 60
    );
    eprintln!("start `jupyter lab` and choose it for a notebook; kernels that run now need a restart");
    Ok(())
}

/// All that a cell needs, in place afterwards; quick where it is already.
fn prepare(places: &Places, evcxr: Evcxr, source: Option<&Path>, models: &Assets) -> Result<Session> {
    let rust = Rust::find()?;
    let sources = source.map_or_else(library::built_from, library::checked)?;
    rust.fetch_standard_library()?;
    places.make_room()?;
    let names: Vec<&str> = assets::required().map(|asset| asset.name.as_str()).collect();
    setup::bring(models, &names, false).map_err(Failure::Models)?;
    build(places, evcxr, &rust, &sources).map_err(|failure| places.why(failure))?;
    let session = Session::new(&rust, &sources, models);
    session.write(places)?;
    Ok(session)
}

fn build(places: &Places, evcxr: Evcxr, rust: &Rust, sources: &Path) -> Result<()> {
    tools::install(places, evcxr)?;
    let built = library::build(places, sources)?;
    analysis::write_manifests(places, sources, &rust.host, &built)?;
    library::try_out(places, rust)
}

fn uninstall() -> Result<()> {
    let places = Places::of_user()?;
    let gone = [spec::folder()?, places.root().to_owned(), places.cache().to_owned()];
    for folder in gone.iter().filter(|folder| folder.exists()) {
        std::fs::remove_dir_all(folder).map_err(|source| Failure::Write { path: folder.clone(), source })?;
        eprintln!("removed {}", folder.display());
    }
    Ok(())
}

fn start(connection: &Path) -> Result<()> {
    let places = Places::of_user()?;
    let mut command = session::read(&places)?.evcxr(&places, Evcxr::Jupyter)?;
    command.arg("--control_file").arg(connection);
    session::become_it(command)
}

/// Says what is installed, or the next step. Changes nothing.
fn check() -> Result<()> {
    let places = Places::of_user()?;
    let session = session::read(&places)?;
    let spec = spec::folder()?.join("kernel.json");
    if !spec.exists() || !places.evcxr(Evcxr::Jupyter).exists() {
        return Err(Failure::NotInstalled);
    }
    spec::find_jupyter()?;
    println!("\"{}\" is installed: {}", spec::NAME, spec.display());
    println!("{session}");
    Ok(())
}
