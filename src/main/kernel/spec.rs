//! What Jupyter reads to find the kernel: a folder with `kernel.json`.

use std::path::PathBuf;

use etcetera::BaseStrategy;
use serde_json::json;

use super::{
    failure::{Failure, Result},
    places::{Places, write},
    tools::said,
};

/// As Jupyter shows it.
pub const NAME: &str = "Rust (Flatleaf)";

/// # Errors
/// No Jupyter on the path, nor among python3's packages.
pub fn find_jupyter() -> Result<()> {
    let found = said("jupyter", &["--version"]).or_else(|| said("python3", &["-c", "import jupyter_client"]));
    found.map(|_| ()).ok_or(Failure::NoJupyter)
}

/// The user's own kernels, which every Jupyter of the user sees.
pub fn folder() -> Result<PathBuf> {
    let jupyter = match std::env::var_os("JUPYTER_DATA_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => user_folder()?,
    };
    Ok(jupyter.join("kernels").join("flatleaf"))
}

/// As `jupyter_core.paths.jupyter_data_dir` has it.
fn user_folder() -> Result<PathBuf> {
    if cfg!(target_os = "macos") {
        return Ok(etcetera::home_dir().map_err(|_| Failure::NoHome)?.join("Library").join("Jupyter"));
    }
    let folders = etcetera::base_strategy::choose_native_strategy().map_err(|_| Failure::NoHome)?;
    Ok(folders.data_dir().join("jupyter"))
}

/// Writes it, and says where.
pub fn write_spec(places: &Places) -> Result<PathBuf> {
    let program =
        std::env::current_exe().map_err(|source| Failure::Start { program: "flatleaf".into(), source })?;
    let spec = json!({
        "argv": [program, "kernel", "start", "{connection_file}"],
        "display_name": NAME,
        "language": "rust",
        // evcxr takes no signals.
        "interrupt_mode": "message",
        "metadata": { "flatleaf": env!("CARGO_PKG_VERSION"), "root": places.root() },
    });
    let path = folder()?.join("kernel.json");
    write(&path, &format!("{spec:#}\n"))?;
    Ok(path)
}
