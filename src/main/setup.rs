//! `flatleaf setup`, and what `extract` does of it by itself.

use std::process::ExitCode;

use flatleaf::{Assets, Result, assets};

use crate::{interrupt, progress};

/// What is required, and `optional`, by name.
pub fn run(assets: &Assets, optional: &[String]) -> ExitCode {
    let required = assets::required().map(|asset| asset.name.as_str());
    let names: Vec<&str> = required.chain(optional.iter().map(String::as_str)).collect();
    let code = match bring(assets, &names, false) {
        Ok(()) => {
            eprintln!("all {} files are in {}", names.len(), assets.directory().display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            interrupt::complain(&error);
            ExitCode::FAILURE
        }
    };
    interrupt::or(code)
}

/// Has `names` in place afterwards.
pub fn bring(assets: &Assets, names: &[&str], quiet: bool) -> Result<()> {
    assets.fetch(names, &mut progress::fetching(quiet))
}
