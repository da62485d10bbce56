//! The part of the benchmark that is about tables: reads, scores, prints.

use crate::{
    Arguments, File, chosen, flatleaf,
    peers::{Peer, Reading},
    peers_folder, report, tables,
    tables::{Score, Tool, report as print},
    target_folder,
    truth::{
        self,
        tables::{Kind, Leaf, Tables},
    },
};
use flatleaf::{Assets, Document, content::Char, document};
use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

/// By name in `run.py`.
const PEERS: [&str; 9] = [
    "pymupdf4llm",
    "opendataloader-pdf",
    "edgeparse",
    "pdf_oxide",
    "markitdown",
    "pdfplumber",
    "camelot",
    "camelot-lattice",
    "camelot-stream",
];

/// Peers that read pictures.
const READERS: [&str; 1] = ["pymupdf4llm"];

/// Of the pages as pictures.
const DPI: f32 = 150.0;

pub fn measure(arguments: &Arguments, corpus: &Path) -> Result<(), Box<dyn Error>> {
    document::bind(&Assets::default_location())?;
    let output = target_folder()?.join("quality");
    let mut truths = truth::tables::all(corpus, &|pdf| leaves(pdf).unwrap_or_default())?;
    let files = files(corpus, &truths, arguments)?;
    truths.retain(|truth| files.iter().any(|file| file.name == truth.file));
    let pictures = if arguments.no_scans { Vec::new() } else { pictures(corpus, &truths, &output)? };

    let mut scores: Vec<Score> = Vec::new();
    if !arguments.no_flatleaf {
        let readings = flatleaf(arguments, corpus, &files)?;
        println!("{}", report::outcomes("tables", &readings));
        let pages: Vec<File> = pictures.iter().map(|picture| picture.as_file()).collect();
        let scanned = gathered(&pictures, &flatleaf(arguments, corpus, &pages)?);
        let tool = Tool { name: "flatleaf", version: env!("CARGO_PKG_VERSION"), readings, scanned };
        tables::keep(&tool, &truths, &output.join("tables"));
        scores.extend(tables::scores(&tool, &truths, &files));
    }
    for name in PEERS.iter().filter(|_| arguments.peers) {
        match Peer::find(name, &arguments.python, &peers_folder()) {
            Ok(peer) => scores.extend(of_peer(&peer, arguments, corpus, &truths, &files, &pictures)?),
            Err(reason) => {
                eprintln!("SKIPPED PEER {name}: {reason} (benches/README.md says how to install it)")
            }
        }
    }
    for table in [
        print::relations(&scores),
        print::regions(&scores),
        print::teds(&scores),
        print::without(&scores),
        print::confidence(&scores),
        print::worst(&scores),
    ] {
        println!("{table}");
    }
    println!("{}\n{}\n", print::named(&scores), print::parquet(&scores, &output)?.display());
    Ok(())
}

fn of_peer(
    peer: &Peer,
    arguments: &Arguments,
    corpus: &Path,
    truths: &[Tables],
    files: &[File],
    pictures: &[Picture],
) -> Result<Vec<Score>, Box<dyn Error>> {
    let cache = target_folder()?.join("quality/peers");
    let read = |names: &[String]| peer.read(corpus, names, &["--tables"], &cache, arguments.fresh);
    let is_reader = READERS.contains(&peer.name.as_str());
    let is_readable = |file: &&File| is_reader || file.name.ends_with(".pdf");
    let names: Vec<String> = files.iter().filter(is_readable).map(|file| file.name.clone()).collect();
    let pages: Vec<String> =
        pictures.iter().filter(|_| is_reader).map(|picture| picture.as_file().name).collect();
    let scanned = if is_reader { gathered(pictures, &read(&pages)) } else { Vec::new() };
    let tool = Tool { name: &peer.name, version: &peer.version, readings: read(&names), scanned };
    Ok(tables::scores(&tool, truths, files))
}

/// Those files with a truth that the arguments ask for.
fn files(corpus: &Path, truths: &[Tables], arguments: &Arguments) -> std::io::Result<Vec<File>> {
    let mut files = [truth::files(corpus, "tables")?, truth::files(corpus, "docs")?].concat();
    files.retain(|file| truths.iter().any(|truth| truth.file == file.name));
    Ok(chosen(files, arguments))
}

fn leaves(pdf: &Path) -> flatleaf::Result<Vec<Leaf>> {
    let document = Document::open(pdf)?;
    let visible = |char: &&Char| !char.generated && !char.unicode.is_whitespace();
    let leaf = |number| {
        let page = document.page(number)?;
        let glyphs = page.chars.iter().filter(visible).map(|char| char.rect.center()).collect();
        Ok(Leaf { height: page.height, glyphs })
    };
    (1..=document.pages()).map(leaf).collect()
}

/// A page with tables, drawn.
struct Picture {
    /// Of the corpus, that the page is of.
    file: String,
    page: usize,
    path: PathBuf,
}

impl Picture {
    fn as_file(&self) -> File {
        File { name: self.path.to_string_lossy().into_owned(), pages: 1 }
    }
}

/// The pages of the competition's documents that have tables, drawn where they are not from an earlier run.
fn pictures(corpus: &Path, truths: &[Tables], output: &Path) -> Result<Vec<Picture>, Box<dyn Error>> {
    let folder = output.join("pages");
    fs::create_dir_all(&folder)?;
    let mut pictures = Vec::new();
    for truth in truths.iter().filter(|truth| truth.kind == Kind::Icdar) {
        let document = Document::open(corpus.join(&truth.file))?;
        let mut pages: Vec<usize> =
            truth.alternatives.iter().flatten().filter_map(|table| table.page).collect();
        pages.sort_unstable();
        pages.dedup();
        for page in pages {
            let stem = Path::new(&truth.file).file_stem().unwrap_or_default().to_string_lossy();
            let path = folder.join(format!("{stem}.{page}.{DPI}.png"));
            if !path.is_file() {
                document.render(page, DPI)?.pixels.save(&path)?;
            }
            pictures.push(Picture { file: truth.file.clone(), page, path });
        }
    }
    Ok(pictures)
}

/// Readings of pages put together again, one for each file, with the tables of all its pages.
fn gathered(pictures: &[Picture], readings: &[Reading]) -> Vec<Reading> {
    let mut files: Vec<Reading> = Vec::new();
    for picture in pictures {
        let Some(reading) = readings.iter().find(|reading| reading.file == picture.as_file().name) else {
            continue;
        };
        if files.last().is_none_or(|last| last.file != picture.file) {
            files.push(Reading {
                file: picture.file.clone(),
                tables: Some(Vec::new()),
                ..Reading::default()
            });
        }
        if let Some(tables) = files.last_mut().and_then(|last| last.tables.as_mut()) {
            let mut own = reading.tables.clone().unwrap_or_default();
            own.iter_mut().for_each(|table| table.page = Some(picture.page));
            tables.extend(own);
        }
    }
    files
}
