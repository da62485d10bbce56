use std::{collections::HashSet, io::Write, sync::Mutex};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    fetch::{Download, Wheel, fetch, unpack},
    *,
};

/// Smallest model, so that its hash is quick to take.
const SMALL: &str = "ocr-orientation";

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A wheel that has `content` where the manifest says that the file called `name` is.
fn wheel(name: &str, content: &[u8], into: &Path) -> Result<PathBuf> {
    let path = into.join("fake.whl");
    let mut archive = ZipWriter::new(File::create(&path).unwrap());
    let file = &manifest::named(name).unwrap().build()?.file;
    archive.start_file(file, SimpleFileOptions::default()).unwrap();
    archive.write_all(content).unwrap();
    archive.finish().unwrap();
    Ok(path)
}

fn fetch_small(directory: &Path, download: &mut Download) -> Result<()> {
    fetch(&Assets::at(directory), &[SMALL], download, &mut |_| ())
}

/// All that is in `directory` but the lock.
fn files(directory: &Path) -> Vec<String> {
    let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name != ".lock");
    names
}

/// A file of the right size and the wrong content.
fn put_zeros(directory: &Path, name: &str) {
    let asset = manifest::named(name).unwrap();
    let file = File::create(directory.join(asset.file_name())).unwrap();
    file.set_len(asset.build().unwrap().bytes).unwrap();
}

#[test]
fn the_manifest_parses_and_each_name_and_file_is_there_once() {
    let assets = manifest::parse(include_str!("../../models/manifest.toml")).unwrap();
    let names: HashSet<_> = assets.iter().map(|asset| asset.name.as_str()).collect();
    let files: HashSet<_> = assets.iter().map(Asset::file_name).collect();
    assert_eq!((assets.len(), names.len(), files.len()), (8, 8, 8));
}

#[test]
fn every_hash_in_the_manifest_is_a_hash() {
    for asset in all().iter().filter(|asset| asset.kind != AssetKind::Folder) {
        let hash = &asset.build().unwrap().sha256;
        assert!(hash.len() == 64 && hash.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')), "{hash}");
    }
}

#[test]
fn an_empty_directory_lacks_everything() {
    let folder = folder();
    let assets = Assets::at(folder.path());
    assert_eq!(assets.missing().len(), required().count());
    assert!(matches!(assets.path(SMALL), Err(Error::AssetMissing { name, .. }) if name == SMALL));
}

#[test]
fn models_beyond_the_usual_are_optional_and_not_missed() {
    let names: Vec<_> = optional().map(|asset| asset.name.as_str()).collect();
    assert_eq!(names, ["table-structure", "formula-recognition"]);
    assert!(!Assets::at("nowhere").missing().iter().any(|asset| asset.optional));
    let error = Assets::at("nowhere").path("table-structure").unwrap_err().to_string();
    assert!(error.contains("run `flatleaf setup --optional table-structure`"), "{error}");
}

#[test]
fn a_folder_that_the_user_supplies_is_not_fetched_and_says_what_is_missing() {
    let (folder, name) = (folder(), "formula-recognition");
    let assets = Assets::at(folder.path());
    let mut download = |_: &Wheel, _: &Path, _: &mut dyn FnMut(u64)| panic!("asked for");
    let error = fetch(&assets, &[name], &mut download, &mut |_| ()).unwrap_err().to_string();
    assert!(error.contains("formula-recognition: there is no such folder; put an ONNX export"), "{error}");
    assert!(assets.is_unsupplied(name) && !assets.is_unsupplied(SMALL));
    fs::create_dir(folder.path().join(name)).unwrap();
    fs::write(folder.path().join(name).join("encoder.onnx"), "").unwrap();
    let error = assets.path(name).unwrap_err().to_string();
    assert!(error.contains("decoder.onnx: there is no such file"), "{error}");
    assert!(!assets.is_unsupplied(name));
    for file in ["decoder.onnx", "tokenizer.json"] {
        fs::write(folder.path().join(name).join(file), "").unwrap();
    }
    assert_eq!(assets.verify(name).unwrap(), folder.path().join(name));
    assert!(fetch(&assets, &[name], &mut download, &mut |_| ()).is_ok());
}

#[test]
fn a_file_of_another_size_is_wrong() {
    let folder = folder();
    fs::write(folder.path().join("ocr-orientation.onnx"), "short").unwrap();
    let error = Assets::at(folder.path()).path(SMALL).unwrap_err();
    assert!(error.to_string().contains("5 bytes instead of 585532"), "{error}");
}

#[test]
fn a_file_of_the_right_size_and_another_hash_passes_path_and_fails_verify() {
    let folder = folder();
    put_zeros(folder.path(), SMALL);
    let assets = Assets::at(folder.path());
    assert!(assets.path(SMALL).is_ok());
    assert!(matches!(assets.verify(SMALL), Err(Error::AssetWrong { .. })));
}

#[test]
fn an_unknown_name_is_missing() {
    assert!(matches!(Assets::at("nowhere").path("no such"), Err(Error::AssetMissing { .. })));
}

#[test]
fn a_wheel_with_another_file_leaves_nothing_and_says_both_hashes() {
    let folder = folder();
    let error = fetch_small(folder.path(), &mut |_, into, _| wheel(SMALL, b"evil", into)).unwrap_err();
    assert!(error.to_string().contains("models/manifest.toml lists e47acedf"), "{error}");
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn a_truncated_wheel_leaves_nothing() {
    let folder = folder();
    let mut cut = |_: &Wheel, into: &Path, _: &mut dyn FnMut(u64)| {
        let path = wheel(SMALL, &[7; 100_000], into)?;
        File::options().write(true).open(&path).unwrap().set_len(90).unwrap();
        Ok(path)
    };
    let error = fetch_small(folder.path(), &mut cut).unwrap_err();
    assert!(error.to_string().contains("rapidocr 3.10.0 is truncated or damaged"), "{error}");
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn a_wheel_without_the_file_is_damaged() {
    let folder = folder();
    let error = fetch_small(folder.path(), &mut |_, into, _| wheel("layout", b"other", into)).unwrap_err();
    assert!(error.to_string().contains("truncated or damaged: "), "{error}");
}

#[test]
fn a_longer_file_than_listed_is_not_unpacked_to_its_end() {
    let folder = folder();
    let content = vec![0; 3 << 20];
    let error = fetch_small(folder.path(), &mut |_, into, _| wheel(SMALL, &content, into)).unwrap_err();
    assert!(matches!(error, Error::Fetch { .. }), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_is_named_with_its_cause() {
    let (folder, asset) = (folder(), manifest::named(SMALL).unwrap());
    let wheel = wheel(SMALL, &[7; 100_000], folder.path()).unwrap();
    let mut full = File::options().write(true).open("/dev/full").unwrap();
    let error = unpack(asset, asset.build().unwrap(), &wheel, &mut full, Path::new("models/x")).unwrap_err();
    assert!(matches!(error, Error::Write { source, .. } if source.kind() == ErrorKind::StorageFull));
}

#[test]
fn a_failing_download_leaves_what_was_there() {
    let folder = folder();
    put_zeros(folder.path(), SMALL);
    let next_step = "wait";
    let mut fail = |wheel: &Wheel, _: &Path, _: &mut dyn FnMut(u64)| {
        Err(Error::Fetch { name: wheel.to_string(), reason: "offline".into(), next_step })
    };
    assert!(fetch_small(folder.path(), &mut fail).is_err());
    assert_eq!(files(folder.path()), ["ocr-orientation.onnx"]);
}

#[test]
fn what_a_killed_process_left_is_removed() {
    let folder = folder();
    fs::create_dir_all(folder.path().join(".fetch-old")).unwrap();
    let _ = fetch_small(folder.path(), &mut |_, into, _| wheel(SMALL, b"evil", into));
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn three_models_of_one_wheel_are_one_download() {
    let (folder, asked) = (folder(), Mutex::new(Vec::new()));
    let mut download = |asked_for: &Wheel, into: &Path, _: &mut dyn FnMut(u64)| {
        asked.lock().unwrap().push(asked_for.to_string());
        wheel("ocr-detection", b"evil", into)
    };
    let names = ["ocr-detection", "ocr-recognition", "ocr-orientation"];
    let _ = fetch(&Assets::at(folder.path()), &names, &mut download, &mut |_| ());
    assert_eq!(*asked.lock().unwrap(), ["rapidocr 3.10.0"]);
}

/// Says so aloud, and only where nobody counts on these tests.
fn skip() {
    let set_to = |name, wanted| std::env::var(name).is_ok_and(|value| value == wanted);
    let required = set_to("CI", "true") || set_to("FLATLEAF_REQUIRE", "1");
    assert!(!required, "{SMALL} is not in the models folder: run `flatleaf setup`");
    eprintln!("SKIPPED: {SMALL} is not in the models folder");
}

/// The whole way, with a wheel made of a prepared directory.
#[test]
fn a_good_wheel_is_put_in_place_by_two_at_once() {
    let Ok(prepared) = Assets::default_location().verify(SMALL) else {
        return skip();
    };
    let (folder, content) = (folder(), fs::read(prepared).unwrap());
    let set_up = || fetch_small(folder.path(), &mut |_, into, _| wheel(SMALL, &content, into));
    std::thread::scope(|scope| {
        let both = [scope.spawn(set_up), scope.spawn(set_up)];
        both.into_iter().for_each(|one| one.join().unwrap().unwrap());
    });
    assert!(Assets::at(folder.path()).verify(SMALL).is_ok());
    assert_eq!(files(folder.path()), ["ocr-orientation.onnx"]);
}

#[test]
fn a_filled_directory_is_never_downloaded_again() {
    let Ok(prepared) = Assets::default_location().verify(SMALL) else {
        return skip();
    };
    let directory = prepared.parent().unwrap();
    fetch_small(directory, &mut |_, _, _| panic!("asked for a download")).unwrap();
}
