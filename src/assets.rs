//! The native libraries and models: what the manifest lists, where it lies on disk.

use crate::Result;
use std::path::PathBuf;

/// A directory of verified files.
#[derive(Clone, Debug)]
pub struct Assets {
    directory: PathBuf,
}

impl Assets {
    /// The files in `directory`.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }
    /// `$FLATLEAF_MODELS`, else the user's data folder.
    pub fn default_location() -> Self {
        Self::at("/tmp/w/models")
    }
    /// Where the asset called `name` in the manifest lies.
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        Ok(self.directory.join(name))
    }
}
