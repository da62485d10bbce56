//! What a test needs beside the checkout. Where it is not there, the test says
//! so and passes; where CI or FLATLEAF_REQUIRE is set, it fails.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

use flatleaf::{Assets, Models, document};

/// The models, loaded once for all tests of the binary.
pub fn models() -> Option<&'static Models> {
    static MODELS: OnceLock<Option<Models>> = OnceLock::new();
    MODELS.get_or_init(load).as_ref()
}

fn load() -> Option<Models> {
    let assets = Assets::default_location();
    let missing: Vec<_> = assets.missing().iter().map(|asset| asset.name.as_str()).collect();
    if !missing.is_empty() {
        return absent(&format!("{} in {}", missing.join(", "), assets.directory().display()));
    }
    document::bind(&assets).unwrap();
    Some(Models::new(&assets).unwrap())
}

/// A folder of the corpus that lies beside the checkout.
pub fn corpus(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(folder);
    if path.is_dir() { Some(path) } else { absent(&path.display().to_string()) }
}

fn absent<T>(what: &str) -> Option<T> {
    let required = ["CI", "FLATLEAF_REQUIRE"].iter().any(|name| std::env::var_os(name).is_some());
    assert!(!required, "not there: {what}");
    eprintln!("SKIPPED: not there: {what}");
    None
}
