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
const NEEDED: u64 = 4_500;
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
    /// Too little is free for a build from nothing, and there is none yet.
    pub fn make_room(&self) -> Result<()> {
        for folder in [&self.root, &self.cache] {
            fs::create_dir_all(folder).map_err(written(folder))?;
        }
        let free_mib = fs4::available_space(&self.cache).map_err(written(&self.cache))? / MIB;
        if free_mib < NEEDED && !self.session().exists() {
            return Err(Failure::NoRoom { folder: self.cache.clone(), free_mib, needed_mib: NEEDED });
        }
        Ok(())
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
