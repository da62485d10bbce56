//! The native libraries and models: where they lie, whether they are there and
//! are what models/manifest.toml says. Only [`Assets::fetch`] touches the
//! network, and only when something is missing.

mod fetch;
mod manifest;
mod pip;

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use etcetera::BaseStrategy;
use sha2::{Digest, Sha256};

use crate::{Error, Result};

pub use fetch::FetchProgress;
pub use manifest::{Asset, AssetKind, Build, all, optional, required};

/// Names a prepared directory, where the command's `--models` does not.
pub const VARIABLE: &str = "FLATLEAF_MODELS";

/// What to do where a recogniser that the user supplies is missing.
pub(crate) const SUPPLY: &str = "put an ONNX export of a formula recogniser there (encoder.onnx, decoder.onnx, tokenizer.json; README.md, \"Formulas in scans\"), or leave `--formula-model` out";

/// A directory of verified files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    directory: PathBuf,
}

impl Assets {
    /// The files in `directory`, which need not exist yet.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    /// `$FLATLEAF_MODELS`, else `flatleaf/models` in the user's data folder
    /// (`~/.local/share` on Linux, `~/Library/Application Support` on macOS,
    /// `%APPDATA%` on Windows). A user without a home gets a folder beside the
    /// program.
    pub fn default_location() -> Self {
        match std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
            Some(directory) => Self::at(directory),
            None => Self::at(data_folder().join("flatleaf").join("models")),
        }
    }

    /// Where the files lie.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The file of the asset called `name` in the manifest. Looks at its size
    /// only: its hash was checked when it was put there, and `flatleaf doctor`
    /// checks it again.
    ///
    /// # Errors
    /// [`Error::AssetMissing`], [`Error::AssetWrong`], or [`Error::Read`]; [`Error::ModelFile`] for a folder that the
    /// user supplies, whose files' sizes are not known.
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        let Some(asset) = manifest::named(name) else { return Err(self.missing_error(name)) };
        if asset.kind == AssetKind::Folder {
            return self.folder(asset);
        }
        let (path, expected) = (self.place(asset), asset.build()?.bytes);
        match fs::metadata(&path) {
            Ok(found) if found.is_file() && found.len() == expected => Ok(path),
            Ok(found) => {
                let reason = format!("{} bytes instead of {expected}", found.len());
                Err(Error::AssetWrong { path, reason })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Err(self.missing_error(name)),
            Err(source) => Err(Error::Read { path, source }),
        }
    }

    /// Bytes of it on the disk, of a folder those of all its files; 0 where it is not.
    pub(crate) fn bytes(&self, name: &str) -> u64 {
        let Ok(path) = self.path(name) else { return 0 };
        let size = |path: &Path| fs::metadata(path).map_or(0, |found| found.len());
        match fs::read_dir(&path) {
            Ok(files) => files.flatten().map(|file| size(&file.path())).sum(),
            Err(_) => size(&path),
        }
    }

    /// A folder that the user supplies, with all its files.
    fn folder(&self, asset: &Asset) -> Result<PathBuf> {
        let folder = self.place(asset);
        let missing = |path: PathBuf, what: &str| Error::ModelFile {
            path,
            reason: format!("there is no such {what}"),
            next_step: SUPPLY,
        };
        if !folder.is_dir() {
            return Err(missing(folder, "folder"));
        }
        match asset.files.iter().map(|file| folder.join(file)).find(|path| !path.is_file()) {
            Some(path) => Err(missing(path, "file")),
            None => Ok(folder),
        }
    }

    /// Whether `name` is a folder that the user supplies and has not supplied, not even in part.
    pub fn is_unsupplied(&self, name: &str) -> bool {
        let asset = manifest::named(name).filter(|asset| asset.kind == AssetKind::Folder);
        asset.is_some_and(|asset| !self.place(asset).exists())
    }

    /// Like [`Assets::path`], and reads the whole file to check its SHA-256:
    /// a tenth of a second for the largest.
    pub fn verify(&self, name: &str) -> Result<PathBuf> {
        let path = self.path(name)?;
        if path.is_dir() {
            return Ok(path);
        }
        let found = sha256_of(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
        match manifest::named(name) {
            Some(asset) if asset.build()?.sha256 != found => {
                Err(Error::AssetWrong { path, reason: format!("its SHA-256 is {found}") })
            }
            _ => Ok(path),
        }
    }

    /// What the manifest requires and this directory lacks, by [`Assets::path`].
    pub fn missing(&self) -> Vec<&'static Asset> {
        required().filter(|asset| self.path(&asset.name).is_err()).collect()
    }

    /// Brings those of `names` that are missing or damaged. Afterwards each is
    /// in place with the right hash, or nothing of it is. Needs `python3` with
    /// pip, unless all are there already.
    ///
    /// # Errors
    /// [`Error::Fetch`] when pip cannot bring a wheel or the wheel is not what
    /// was expected; [`Error::Write`] when the directory cannot be written.
    pub fn fetch(&self, names: &[&str], progress: &mut dyn FnMut(FetchProgress)) -> Result<()> {
        fetch::fetch(self, names, &mut pip::download, progress)
    }

    fn place(&self, asset: &Asset) -> PathBuf {
        self.directory.join(asset.file_name())
    }

    fn missing_error(&self, name: &str) -> Error {
        let optional = manifest::named(name).is_some_and(|asset| asset.optional);
        Error::AssetMissing { name: name.to_owned(), directory: self.directory.clone(), optional }
    }
}

fn data_folder() -> PathBuf {
    if let Ok(folders) = etcetera::base_strategy::choose_native_strategy() {
        return folders.data_dir();
    }
    // Not the working directory: libraries would be loaded from wherever one happens to stand.
    std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned)).unwrap_or_default()
}

fn sha256_of(path: &Path) -> io::Result<String> {
    let (mut file, mut hash, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(hash)),
            read => hash.update(&buffer[..read]),
        }
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
