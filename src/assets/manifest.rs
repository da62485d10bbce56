//! models/manifest.toml as values. It is compiled in, so that the hashes are
//! those of the program that checks them.

use std::{
    env::consts::{ARCH, DLL_PREFIX, DLL_SUFFIX, OS},
    sync::LazyLock,
};

use serde::Deserialize;

use crate::{Error, Result};

/// A native library or a model.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// What the program calls it.
    pub name: String,
    /// Library or model.
    pub kind: AssetKind,
    /// Comes only when asked for by name.
    #[serde(default)]
    pub optional: bool,
    /// What it is for.
    pub task: String,
    /// The Python package whose wheel carries it; empty for a folder.
    #[serde(default)]
    pub package: String,
    /// The package's exact version; empty for a folder.
    #[serde(default)]
    pub version: String,
    /// As an SPDX expression; empty for a folder.
    #[serde(default)]
    pub licence: String,
    /// Of a folder: the files that must be in it.
    #[serde(default)]
    pub files: Vec<String>,
    /// Shape of the input tensor (batch, channel, height, width); -1 may vary. Empty for a library.
    #[serde(default)]
    pub input: Vec<i64>,
    /// What the model's classes are called, in the order of its output.
    #[serde(default)]
    pub labels: Vec<String>,
    #[serde(default, rename = "build")]
    builds: Vec<Build>,
}

/// What sort of file an asset is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum AssetKind {
    /// Machine code, one build for each platform.
    Library,
    /// ONNX, the same everywhere.
    Model,
    /// Several files that the user supplies; nothing fetches them, and no hash is known.
    Folder,
}

/// One file that an asset comes as.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// Operating system and processor; all when `None`.
    pub platform: Option<String>,
    /// The wheel's platform tag.
    pub tag: Option<String>,
    /// Path inside the wheel.
    pub file: String,
    /// Size of the file.
    pub bytes: u64,
    /// Of the file, in lower-case hexadecimal.
    pub sha256: String,
    /// Size of the wheel.
    pub wheel_bytes: u64,
}

impl Asset {
    /// The file for the platform that this program was built for.
    ///
    /// # Errors
    /// [`Error::Fetch`] where no such build is published.
    pub fn build(&self) -> Result<&Build> {
        let here = format!("{OS}-{ARCH}");
        let fits = |build: &&Build| build.platform.as_ref().is_none_or(|platform| *platform == here);
        self.builds.iter().find(fits).ok_or_else(|| Error::Fetch {
            name: self.name.clone(),
            reason: format!("no build of it for {here} is published"),
            next_step: "use Linux (x86-64 or aarch64), macOS (Apple silicon) or Windows (x86-64)",
        })
    }

    /// What the file is called on disk: the same from version to version.
    pub fn file_name(&self) -> String {
        match self.kind {
            AssetKind::Library => format!("{DLL_PREFIX}{}{DLL_SUFFIX}", self.name),
            AssetKind::Model => format!("{}.onnx", self.name),
            AssetKind::Folder => self.name.clone(),
        }
    }
}

/// All assets, in the manifest's order.
pub fn all() -> &'static [Asset] {
    static ASSETS: LazyLock<Vec<Asset>> =
        LazyLock::new(|| parse(include_str!("../../models/manifest.toml")).expect("a test parses this text"));
    &ASSETS
}

/// What extraction needs unless its options ask for more.
pub fn required() -> impl Iterator<Item = &'static Asset> {
    all().iter().filter(|asset| !asset.optional)
}

/// What comes only when asked for by name.
pub fn optional() -> impl Iterator<Item = &'static Asset> {
    all().iter().filter(|asset| asset.optional)
}

pub(super) fn named(name: &str) -> Option<&'static Asset> {
    all().iter().find(|asset| asset.name == name)
}

pub(super) fn parse(text: &str) -> Result<Vec<Asset>, toml::de::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Manifest {
        asset: Vec<Asset>,
    }
    toml::from_str(text).map(|manifest: Manifest| manifest.asset)
}
