//! Where the kernel's files lie: in the user's data and cache folders, as XDG has them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use etcetera::BaseStrategy;

use super::{
    failure::{Failure, Result},
    tools::Evcxr,
};

/// MiB. evcxr's build takes 1,900, the library's 2,300.
const BUILT: u64 = 4_500;
/// MiB. What stays when all is built.
const KEPT: u64 = 600;
/// MiB. With less, a build has most likely failed for want of room.
const FULL: u64 = 32;
const MIB: u64 = 1 << 20;

pub struct Places {
    root: PathBuf,
    cache: PathBuf,
}

impl Places {
    pub fn of_user() -> Result<Self> {
        let folders = etcetera::base_strategy::choose_native_strategy().map_err(|_| Failure::NoHome)?;
        let below = |folder: PathBuf| folder.join("flatleaf").join("kernel");
        Ok(Self { root: below(folders.data_dir()), cache: below(folders.cache_dir()) })
    }

    /// All that running kernels need.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What makes the next install quick, and can be deleted.
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// Where cargo builds, unless the user has a place for that.
    pub fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.cache.join("target"), PathBuf::from)
    }

    /// cargo's root for the programs it installs.
    pub fn tools(&self) -> PathBuf {
        self.root.join("tools")
    }

    pub fn evcxr(&self, evcxr: Evcxr) -> PathBuf {
        self.tools().join("bin").join(evcxr.program()).with_extension(std::env::consts::EXE_EXTENSION)
    }

    /// The shared library and the metadata of all that is in it.
    pub fn library(&self) -> PathBuf {
        self.root.join("library")
    }

    /// The crate that cells depend on.
    pub fn facade(&self) -> PathBuf {
        self.root.join("facade")
    }

    /// Manifests for rust-analyzer.
    pub fn analysis(&self) -> PathBuf {
        self.root.join("analysis")
    }

    /// evcxr's configuration.
    pub fn configuration(&self, evcxr: Evcxr) -> PathBuf {
        self.root.join("configuration").join(evcxr.program())
    }

    /// A crate of one cell, built, which each kernel begins with.
    pub fn template(&self) -> PathBuf {
        self.root.join("cells").join("template")
    }

    /// Where the kernel of this process compiles its cells. A process that becomes evcxr keeps its number.
    pub fn cells(&self) -> PathBuf {
        self.root.join("cells").join(std::process::id().to_string())
    }

    /// Overrides what evcxr writes into a cell's crate, for all cells' folders.
    pub fn profile(&self) -> PathBuf {
        self.root.join("cells").join(".cargo").join("config.toml")
    }

    /// What was installed.
    pub fn session(&self) -> PathBuf {
        self.root.join("session.toml")
    }

    /// # Errors
    /// A folder cannot be written, or too little is free for a build from nothing where there is none yet.
    pub fn make_room(&self) -> Result<()> {
        let installed = self.session().exists();
        for (folder, needed) in [(&self.root, KEPT), (&self.cache, 0), (&self.target(), BUILT)] {
            writable(folder)?;
            if !installed {
                roomy(folder, needed)?;
            }
        }
        Ok(())
    }

    /// Why a build failed: for want of room, if there is none left.
    pub fn why(&self, failure: Failure) -> Failure {
        match (&failure, roomy(&self.target(), FULL)) {
            (Failure::Cargo { .. }, Err(Failure::NoRoom { folder, free_mib, .. })) => {
                Failure::NoRoom { folder, free_mib, needed_mib: BUILT }
            }
            _ => failure,
        }
    }
}

/// Makes the folder if need be. Better known before a build of half an hour than after it.
pub fn writable(folder: &Path) -> Result<()> {
    let tried = fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
    tried.map(|_| ()).map_err(written(folder))
}

fn roomy(folder: &Path, needed_mib: u64) -> Result<()> {
    let free_mib = fs4::available_space(folder).map_err(written(folder))? / MIB;
    match free_mib < needed_mib {
        true => Err(Failure::NoRoom { folder: folder.to_owned(), free_mib, needed_mib }),
        false => Ok(()),
    }
}

/// Writes `text`, and the folders above it.
pub fn write(path: &Path, text: &str) -> Result<()> {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text))
        .map_err(written(path))
}

pub fn written(path: &Path) -> impl FnOnce(io::Error) -> Failure + use<> {
    let path = path.to_owned();
    move |source| Failure::Write { path, source }
}

pub fn read(path: &Path) -> impl FnOnce(io::Error) -> Failure + use<> {
    let path = path.to_owned();
    move |source| Failure::Read { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_too_small_is_named_with_the_next_step() {
        let folder = tempfile::tempdir().unwrap();
        assert!(roomy(folder.path(), 0).is_ok());
        let said = roomy(folder.path(), u64::MAX).unwrap_err().to_string();
        assert!(
            said.starts_with(folder.path().to_str().unwrap()) && said.contains("XDG_CACHE_HOME"),
            "{said}"
        );
    }
}
