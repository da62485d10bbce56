//! `flatleaf kernel` where something is missing: one line, with the next step. The kernel itself runs in
//! `tests/notebooks.py`.
#![cfg(unix)]

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use tempfile::{TempDir, tempdir};

/// A user with a home of nothing, and `programs` (name, shell script) alone on the path.
fn user(programs: &[(&str, &str)]) -> TempDir {
    let home = tempdir().unwrap();
    let bin = home.path().join("bin");
    fs::create_dir(&bin).unwrap();
    for (name, script) in programs {
        let path = bin.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    home
}

/// The one line that the command fails with.
fn complaint(home: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_flatleaf"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("PATH", home.join("bin"))
        .env("FLATLEAF_MODELS", home.join("models"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    said
}

const JUPYTER: (&str, &str) = ("jupyter", "echo 5.0");
const CARGO: (&str, &str) = ("cargo", "echo cargo 1.95");
const RUSTC: (&str, &str) = ("rustc", "echo rustc 1.95; echo host: x86_64-unknown-linux-gnu");

#[test]
fn without_jupyter_it_says_how_to_get_it_and_what_goes_without() {
    let said = complaint(user(&[CARGO, RUSTC]).path(), &["kernel", "install"]);
    assert!(said.contains("pip install jupyterlab") && said.contains("flatleaf repl"), "{said}");
}

#[test]
fn without_cargo_it_says_where_rust_is() {
    for programs in [&[JUPYTER][..], &[JUPYTER, CARGO]] {
        let said = complaint(user(programs).path(), &["kernel", "install"]);
        assert!(said.contains("rustup.rs"), "{said}");
    }
}

#[test]
fn without_the_sources_of_the_standard_library_it_says_how_to_get_them() {
    const RUSTUP: (&str, &str) = ("rustup", "echo info: downloading >&2; echo error: no network >&2; exit 1");
    for (programs, cause) in
        [(&[JUPYTER, CARGO, RUSTC][..], "`rustup`"), (&[JUPYTER, CARGO, RUSTC, RUSTUP], "no network")]
    {
        let said = complaint(user(programs).path(), &["kernel", "install"]);
        assert!(said.contains("rustup component add rust-src") && said.contains(cause), "{said}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named_before_anything_is_built() {
    let home = user(&[JUPYTER, CARGO, RUSTC]);
    fs::create_dir(home.path().join(".local")).unwrap();
    fs::write(home.path().join(".local/share"), "a file").unwrap();
    let said = complaint(home.path(), &["kernel", "install"]);
    assert!(said.contains(".local/share") && said.contains("cannot be written; check"), "{said}");
}

#[test]
fn sources_elsewhere_must_be_of_this_version() {
    let home = user(&[JUPYTER, CARGO, RUSTC]);
    let nowhere = complaint(home.path(), &["kernel", "install", "--source", "/nowhere"]);
    assert!(nowhere.contains("--source DIR"), "{nowhere}");
    fs::write(home.path().join("Cargo.toml"), "[package]\nversion = \"0.0.1\"\n").unwrap();
    let old = complaint(home.path(), &["kernel", "install", "--source", home.path().to_str().unwrap()]);
    assert!(old.contains("0.0.1"), "{old}");
}

#[test]
fn a_kernel_that_is_not_installed_says_so_when_asked_and_when_started() {
    let home = user(&[JUPYTER, CARGO, RUSTC]);
    for arguments in [&["kernel", "--check"][..], &["kernel", "start", "connection.json"]] {
        let said = complaint(home.path(), arguments);
        assert!(said.contains("flatleaf kernel install"), "{said}");
    }
}

#[test]
fn one_installed_by_another_version_or_compiler_wants_to_be_installed_again() {
    let home = user(&[JUPYTER, CARGO, RUSTC]);
    let folder = home.path().join(".local/share/flatleaf/kernel");
    fs::create_dir_all(&folder).unwrap();
    let session = |flatleaf: &str, rust: &str| {
        let text = format!(
            "flatleaf = \"{flatleaf}\"\nrust = \"{rust}\"\nsources = \"\"\nstandard_library = \"\"\nmodels = \"\"\n"
        );
        fs::write(folder.join("session.toml"), text).unwrap();
        complaint(home.path(), &["kernel", "start", "connection.json"])
    };
    let version = env!("CARGO_PKG_VERSION");
    assert!(session("0.0.1", "rustc 1.95").contains("Flatleaf 0.0.1"));
    assert!(session(version, "rustc 1.2").contains("rustc 1.2"));
}
