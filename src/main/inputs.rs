//! Files and folders to the documents to read, each with a name of its own for
//! what is written.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use flatleaf::Error;

/// What a folder is searched for. A file named on the command line is opened whatever it is called.
const PDF: &str = "pdf";
const IMAGES: [&str; 7] = ["png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp"];

/// One document to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub path: PathBuf,
    /// What its outputs are called; no other job has it.
    pub stem: String,
}

impl Job {
    /// By its name, which is all that is known before it is read.
    pub fn is_image(&self) -> bool {
        IMAGES.contains(&extension(&self.path).as_str())
    }
}

/// The documents among `inputs`, folders searched to their bottom in
/// alphabetical order, each document once; and what could not be searched.
pub fn jobs(inputs: &[PathBuf]) -> (Vec<Job>, Vec<Error>) {
    let (mut paths, mut errors) = (Vec::new(), Vec::new());
    for input in inputs {
        if let Err(source) = collect(input, &mut paths) {
            errors.push(Error::Read { path: input.clone(), source });
        }
    }
    let mut seen = HashSet::new();
    paths.retain(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    (named(paths), errors)
}

fn collect(input: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    if !input.is_dir() {
        paths.push(input.to_owned());
        return Ok(());
    }
    let before = paths.len();
    search(input, paths)?;
    match paths.len() - before {
        0 => Err(io::Error::new(io::ErrorKind::NotFound, "the folder holds no PDF and no page image")),
        _ => Ok(()),
    }
}

fn search(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        // Hidden files are not documents: macOS puts a `._scan.pdf` beside each `scan.pdf` on foreign disks.
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        let path = entry.path();
        // A link to a folder is not followed, as it may lead back here.
        if !hidden && entry.file_type()?.is_dir() {
            search(&path, paths)?;
        } else if !hidden && is_document(&path) && path.is_file() {
            paths.push(path);
        }
    }
    Ok(())
}

fn is_document(path: &Path) -> bool {
    let extension = extension(path);
    extension == PDF || IMAGES.contains(&extension.as_str())
}

fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// `paper.pdf` and `paper.png` become `paper` and `paper-2`.
fn named(paths: Vec<PathBuf>) -> Vec<Job> {
    let mut taken = HashSet::new();
    let mut job = |path: PathBuf| {
        let stem = path.file_stem().map_or_else(|| "document".into(), |stem| stem.to_string_lossy());
        let numbered = (2..).map(|number| format!("{stem}-{number}"));
        let free = std::iter::once(stem.to_string()).chain(numbered).find(|stem| is_free(stem, &taken));
        let stem = free.expect("there are more numbers than jobs");
        taken.extend(outputs(&stem));
        Job { path, stem }
    };
    paths.into_iter().map(&mut job).collect()
}

fn is_free(stem: &str, taken: &HashSet<String>) -> bool {
    outputs(stem).iter().all(|name| !taken.contains(name))
}

/// All that is written for a stem. The folder of `a.md.pdf` is called as the
/// Markdown of `a.pdf` is; and for some file systems, `A` is `a`.
fn outputs(stem: &str) -> [String; 3] {
    let stem = stem.to_lowercase();
    [format!("{stem}.md"), format!("{stem}.json"), stem]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(names: &[&str]) -> Vec<String> {
        named(names.iter().map(PathBuf::from).collect()).into_iter().map(|job| job.stem).collect()
    }

    #[test]
    fn the_second_of_one_stem_gets_a_number() {
        assert_eq!(stems(&["x/paper.pdf", "y/paper.pdf", "paper.png"]), ["paper", "paper-2", "paper-3"]);
    }

    #[test]
    fn a_number_that_is_taken_is_passed_over() {
        assert_eq!(stems(&["a-2.pdf", "a.pdf", "a.png"]), ["a-2", "a", "a-3"]);
    }

    #[test]
    fn stems_that_differ_in_case_are_one() {
        assert_eq!(stems(&["Paper.pdf", "paper.pdf"]), ["Paper", "paper-2"]);
    }

    #[test]
    fn a_folder_is_never_called_as_a_file() {
        assert_eq!(stems(&["a.pdf", "a.md.pdf", "a.json.pdf"]), ["a", "a.md-2", "a.json-2"]);
    }

    #[test]
    fn a_folder_gives_its_documents_sorted_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("b");
        fs::create_dir(&inner).unwrap();
        for name in ["c.PDF", "a.tiff", "notes.txt", "._a.pdf", "b/z.jpeg"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let inputs = [folder.path().to_owned(), folder.path().join("c.PDF"), inner];
        let (jobs, errors) = jobs(&inputs);
        let stems: Vec<_> = jobs.iter().map(|job| job.stem.as_str()).collect();
        assert_eq!((stems, errors.len()), (vec!["a", "z", "c"], 0));
    }

    #[test]
    fn an_empty_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (jobs, errors) = jobs(&[folder.path().to_owned()]);
        assert!(jobs.is_empty() && errors.len() == 1);
    }
}
