//! Where the time goes: papers and scans of the corpus, by stage, and what of it pdfium and the models themselves take.

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use flatleaf::{
    Assets, Document, Models, Options,
    content::PageContent,
    document, extract,
    frames::{self, FrameFormat},
    model::{LAYOUT, Loaded, OCR_DETECTION, OCR_RECOGNITION},
    plot,
};

/// Pages read of one document, so that a book does not outweigh the rest.
const PAGES: usize = 20;
/// Stages whose time is pdfium's, nearly all of it.
const PDFIUM: [&str; 2] = ["read", "render"];

/// Documents of one kind.
struct Kind {
    name: &'static str,
    /// Folders of the corpus.
    folders: &'static [&'static str],
    extensions: &'static [&'static str],
    /// Read of each folder.
    files: usize,
}

const KINDS: [Kind; 2] = [
    Kind { name: "papers", folders: &["docs/papers"], extensions: &["pdf"], files: usize::MAX },
    Kind {
        name: "scans",
        folders: &["ocr/docling", "ocr/pytesseract", "ocr/sroie", "ocr/tesseract"],
        extensions: &["pdf", "jpg", "png", "tif"],
        files: 3,
    },
];

/// One table, one Parquet file and two charts for each kind, in `<target>/tmp/pipeline`. With `files` less than all, a trial.
pub fn stages(files: usize) -> Result<(), Box<dyn Error>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.is_dir() {
        eprintln!("SKIPPED: no corpus at {}: stages were not measured", corpus.display());
        return Ok(());
    }
    let assets = Assets::default_location();
    document::bind(&assets)?;
    for kind in KINDS {
        let models = Models::new(&assets)?;
        for name in [LAYOUT, OCR_DETECTION, OCR_RECOGNITION] {
            models.get(name)?;
        }
        let paths = of_kind(&corpus, &kind, files)?;
        let pages = read(&paths, &models);
        println!("\n{}: {} pages of {} files", kind.name, pages.len(), paths.len());
        print(&pages, &models.loaded());
        keep(kind.name, &pages)?;
    }
    Ok(())
}

fn of_kind(corpus: &Path, kind: &Kind, files: usize) -> std::io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for folder in kind.folders {
        let mut found = files_in(&corpus.join(folder))?;
        found.retain(|path| {
            path.extension().is_some_and(|own| kind.extensions.iter().any(|wanted| own == *wanted))
        });
        found.truncate(kind.files.min(files));
        all.extend(found);
    }
    Ok(all)
}

fn files_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files_in(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

/// Those that can be read; the others are no matter of time.
fn read(paths: &[PathBuf], models: &Models) -> Vec<PageContent> {
    let mut all = Vec::new();
    for path in paths {
        let Ok(document) = Document::open(path) else { continue };
        let pages = Some((1..=document.pages().min(PAGES)).collect());
        let options = Options { pages, ..Options::default() };
        all.extend(extract(&document, models, &options).flatten());
    }
    all
}

/// Milliseconds a page and shares: of each stage, then of what our own code adds to pdfium and the models.
fn print(pages: &[PageContent], models: &[Loaded]) {
    let mut stages: BTreeMap<usize, (&str, f64)> = BTreeMap::new();
    for timing in pages.iter().flat_map(|page| &page.timings) {
        let known = stages.values().position(|(stage, _)| *stage == timing.stage).unwrap_or(stages.len());
        stages.entry(known).or_insert((timing.stage, 0.0)).1 += timing.seconds;
    }
    let all: f64 = stages.values().map(|(_, seconds)| seconds).sum();
    let line = |name: &str, seconds: f64| {
        println!(
            "{name:<24} {:>9.2} ms a page {:>6.1} %",
            1000.0 * seconds / pages.len().max(1) as f64,
            100.0 * seconds / all
        );
    };
    stages.values().for_each(|(stage, seconds)| line(stage, *seconds));
    let pdfium =
        stages.values().filter(|(stage, _)| PDFIUM.contains(stage)).map(|(_, seconds)| seconds).sum();
    line("all", all);
    println!("of which");
    line("pdfium: read, render", pdfium);
    let mut own = all - pdfium;
    for model in models.iter().filter(|model| model.runs > 0) {
        let seconds = model.busy.as_secs_f64();
        own -= seconds;
        line(&model.name, seconds);
    }
    line("ours", own);
}

fn keep(name: &str, pages: &[PageContent]) -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pipeline");
    fs::create_dir_all(&folder)?;
    let mut timings = frames::timings(pages)?;
    frames::write(&mut timings, &folder.join(format!("{name}.parquet")), FrameFormat::Parquet)?;
    plot::stage_times(&timings)?.save(folder.join(format!("{name}-stages.svg")))?;
    plot::page_times(&timings)?.save(folder.join(format!("{name}-pages.svg")))?;
    println!("series and charts: {}", folder.join(format!("{name}*")).display());
    Ok(())
}
