//! What can go wrong with the notebook kernel, with the next step.

use std::{io, path::PathBuf};

pub type Result<T, E = Failure> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("the kernel is not installed; run `flatleaf kernel install`")]
    NotInstalled,

    #[error(
        "the kernel was installed for {installed}, and this is {now}; run `flatleaf kernel install` again"
    )]
    Outdated { installed: String, now: String },

    #[error(
        "`{tool}` was not found: notebook cells are compiled; install Rust from https://rustup.rs, then run this again"
    )]
    NoCargo { tool: &'static str },

    #[error(
        "no Jupyter was found; run `python3 -m pip install jupyterlab`, then this again (`flatleaf repl` needs no Jupyter)"
    )]
    NoJupyter,

    #[error(
        "the sources of Rust's standard library are missing, and types cannot be found without them; run `rustup component add rust-src`, or install Debian's rust-src, or name their folder `library` in RUST_SRC_PATH"
    )]
    NoRustSources { source: io::Error },

    #[error(
        "{folder}: {free_mib} MiB are free, and building the kernel needs {needed_mib}; make room, or name another disk in XDG_DATA_HOME and XDG_CACHE_HOME"
    )]
    NoRoom { folder: PathBuf, free_mib: u64, needed_mib: u64 },

    #[error("{folder}: Flatleaf's sources are not there any more; name a checkout with `--source DIR`")]
    NoSources { folder: PathBuf },

    #[error(
        "{folder}: holds Flatleaf {found}, and this is {wanted}; name a checkout of {wanted} with `--source DIR`"
    )]
    OtherSources { folder: PathBuf, found: String, wanted: String },

    #[error("your home folder is not known; set HOME")]
    NoHome,

    #[error("{doing} failed; what cargo says is above. Without a network, install once where there is one")]
    Cargo { doing: String },

    #[error("`{program}` did not start")]
    Start { program: PathBuf, source: io::Error },

    #[error("{path}: cannot be read; run `flatleaf kernel install` again")]
    Read { path: PathBuf, source: io::Error },

    #[error("{path}: cannot be written; check the folder's permissions and the free space")]
    Write { path: PathBuf, source: io::Error },

    #[error("the models are missing, which the notebook's steps need")]
    Models(#[source] flatleaf::Error),
}
