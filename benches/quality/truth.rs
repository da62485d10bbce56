//! Ground truth: which pages and documents of the corpus have one, and what it
//! says, as plain text and headings. Nothing here comes from a tool's output:
//! the corpus's Markdown from docling is left out for that reason.

pub mod markdown;
mod markup;
pub mod symbols;
pub mod tables;
pub mod tex;
mod xml;

use crate::metrics::Heading;
use serde::Deserialize;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What a page or document says.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    pub text: String,
    pub headings: Vec<Heading>,
    /// Texts of footnotes, from LaTeX source alone; `text` has them too.
    pub notes: Vec<String>,
}

impl Truth {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// Something to score: a document, or one page of it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Relative to the corpus.
    pub file: String,
    /// Page from 1 that the truth is for; the whole document when `None`.
    pub page: Option<usize>,
    pub group: Group,
    pub truth: Truth,
}

/// Samples that are averaged together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Journal papers, JATS XML.
    Jats,
    /// Papers, LaTeX source.
    Papers,
    /// Samples of publishers' classes, LaTeX source.
    Texlive,
    /// Tests of LaTeX features, LaTeXML XML.
    Latexml,
    /// Pages of papers, DocBank's tokens.
    Docbank,
    /// Small LaTeX documents and one book, LaTeX source and plain text.
    SampleFiles,
    /// A page of an encyclopaedia, Markdown.
    Olmocr,
    /// Texts, slides and a sheet, OpenDocument.
    Office,
    /// Scans with one column, Latin script.
    OneColumn,
    /// Scans with two columns or more, Latin script.
    Columns,
    /// Receipts; one column, scored without case.
    Receipts,
    /// A page of a Chinese book.
    Chinese,
    /// Images of single lines in eight scripts.
    Lines,
    /// Lines of 19th-century Fraktur.
    Fraktur,
}

impl Group {
    pub fn name(self) -> &'static str {
        match self {
            Self::Jats => "jats",
            Self::Papers => "papers",
            Self::Texlive => "texlive",
            Self::Latexml => "latexml",
            Self::Docbank => "docbank",
            Self::SampleFiles => "sample_files",
            Self::Olmocr => "olmocr",
            Self::Office => "office",
            Self::OneColumn => "one column",
            Self::Columns => "columns",
            Self::Receipts => "receipts",
            Self::Chinese => "chinese",
            Self::Lines => "lines",
            Self::Fraktur => "fraktur",
        }
    }

    /// Receipts are transcribed in capitals whatever was printed.
    pub fn ignores_case(self) -> bool {
        self == Self::Receipts
    }

    /// LaTeX source leaves some titles to the document's class.
    pub fn is_source(self) -> bool {
        matches!(self, Self::Papers | Self::Texlive | Self::SampleFiles)
    }

    /// The pages that the OCR averages are over: text pages in Latin script.
    pub fn is_page(self) -> bool {
        matches!(self, Self::OneColumn | Self::Columns | Self::Receipts)
    }

    pub fn is_one_column(self) -> bool {
        matches!(self, Self::OneColumn | Self::Receipts)
    }
}

#[derive(Deserialize)]
struct Manifest {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    file: String,
    #[serde(default)]
    pages: usize,
    #[serde(default)]
    ground_truth: Vec<Source>,
}

/// A PDF or page image of the corpus.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// Relative to the corpus.
    pub name: String,
    /// As the corpus counts them.
    pub pages: usize,
}

#[derive(Deserialize)]
struct Source {
    file: String,
    format: String,
    #[serde(default)]
    main: bool,
}

/// Every PDF or page image of `corpus/<part>`, with or without truth.
pub fn files(corpus: &Path, part: &str) -> io::Result<Vec<File>> {
    let mut found = Vec::new();
    for entry in manifest(corpus, part)?.entries {
        match entry.file.strip_suffix("/*.tif") {
            Some(folder) => {
                let images = images(corpus, &format!("{part}/{folder}"))?;
                found.extend(images.into_iter().map(|name| File { name, pages: 1 }));
            }
            None => found.push(File { name: format!("{part}/{}", entry.file), pages: entry.pages }),
        }
    }
    found.sort();
    Ok(found)
}

fn manifest(corpus: &Path, part: &str) -> io::Result<Manifest> {
    Ok(serde_json::from_str(&fs::read_to_string(corpus.join(part).join("MANIFEST.json"))?)?)
}

fn images(corpus: &Path, folder: &str) -> io::Result<Vec<String>> {
    let names =
        fs::read_dir(corpus.join(folder))?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter(|name| name.ends_with(".tif")).map(|name| format!("{folder}/{name}")).collect())
}

/// The documents of `corpus/docs` that have a truth.
pub fn documents(corpus: &Path) -> io::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for entry in manifest(corpus, "docs")?.entries {
        let Some(group) = document_group(&entry.file) else { continue };
        if let Some(truth) = document_truth(&corpus.join("docs"), &entry)? {
            samples.push(Sample { file: format!("docs/{}", entry.file), page: None, group, truth });
        }
    }
    Ok(samples)
}

/// A document with the formulas of its LaTeX source.
#[derive(Clone, Debug)]
pub struct Sourced {
    /// Relative to the corpus.
    pub file: String,
    pub pages: usize,
    /// The folder that it is from.
    pub folder: String,
    /// In source order.
    pub formulas: Vec<tex::Formula>,
}

/// The documents of the corpus whose LaTeX source is there.
pub fn sourced(corpus: &Path) -> io::Result<Vec<Sourced>> {
    let mut found = Vec::new();
    for part in ["docs", "formulas"] {
        for entry in manifest(corpus, part)?.entries.iter().filter(|entry| entry.file.ends_with(".pdf")) {
            let Some(main) = entry.ground_truth.iter().find(|source| source.main) else { continue };
            let Some(formulas) = tex::formulas(&corpus.join(part).join(&main.file))? else { continue };
            let folder = entry.file.split('/').next().unwrap_or_default();
            let folder = if part == "docs" { folder.to_string() } else { format!("{folder} formulas") };
            found.push(Sourced {
                file: format!("{part}/{}", entry.file),
                pages: entry.pages,
                folder,
                formulas,
            });
        }
    }
    Ok(found)
}

/// Whether a PDF has a JATS file beside it that has no formula.
pub fn is_journal_without_formula(pdf: &Path) -> io::Result<bool> {
    let xml = pdf.with_extension("jats.xml");
    Ok(xml.is_file() && !fs::read_to_string(xml)?.contains("tex-math"))
}

fn document_group(file: &str) -> Option<Group> {
    Some(match file.split('/').next()? {
        "jats" => Group::Jats,
        "papers" => Group::Papers,
        "texlive" => Group::Texlive,
        "latexml" => Group::Latexml,
        "docbank" => Group::Docbank,
        "sample_files" => Group::SampleFiles,
        "olmocr_gnarly" => Group::Olmocr,
        "docling" => Group::Office,
        _ => return None,
    })
}

/// The first source in order of exactness: XML, a transcription, then LaTeX.
fn document_truth(folder: &Path, entry: &Entry) -> io::Result<Option<Truth>> {
    let source = |start: &str| entry.ground_truth.iter().find(|source| source.format.starts_with(start));
    let text = |source: &Source| fs::read_to_string(folder.join(&source.file));
    if let Some(file) = source("JATS") {
        return Ok(Some(xml::jats(&text(file)?)));
    }
    if let Some(file) = source("LaTeXML") {
        return Ok(Some(xml::latexml(&text(file)?)));
    }
    if let Some(file) = source("DocBank") {
        let table = text(file)?;
        return Ok((!reads_across_columns(&table)).then(|| docbank(&table)));
    }
    if let Some(file) = source("OpenDocument") {
        return Ok(Some(xml::open_document(&content(&folder.join(&file.file))?)));
    }
    if let Some(file) = source("plain text") {
        return Ok(Some(Truth::plain(text(file)?)));
    }
    if let Some(file) = source("Markdown with YAML") {
        return Ok(Some(markdown::read(&text(file)?)));
    }
    let main = entry.ground_truth.iter().find(|source| source.main);
    match main {
        Some(source) => tex::read(&folder.join(&source.file)),
        None => Ok(None),
    }
}

/// The text of an OpenDocument file, out of its archive.
fn content(path: &Path) -> io::Result<String> {
    let mut archive = zip::ZipArchive::new(fs::File::open(path)?)?;
    io::read_to_string(archive.by_name("content.xml")?)
}

/// DocBank's tokens in order. Figures and rules are tokens of their own there,
/// written `##LTFigure##` and `##LTLine##`. Headings are runs labelled section
/// or title.
fn docbank(table: &str) -> Truth {
    let mut truth = Truth::default();
    let mut before = "";
    for (token, label) in table.lines().filter_map(token) {
        let level = match label {
            "title" => Some(0),
            "section" => Some(1),
            _ => None,
        };
        match (level, truth.headings.last_mut().filter(|_| label == before)) {
            (Some(_), Some(heading)) => heading.title.extend([" ", token]),
            (Some(level), None) => truth.headings.push(Heading::new(level, token)),
            _ => {}
        }
        truth.text.extend([token, " "]);
        before = label;
    }
    truth
}

/// DocBank lists a page's tokens line by line over its whole width, so that on
/// a page of two columns its order is not that of reading: such a page has no
/// truth to give. It shows in lines with a gutter in the middle of the page.
fn reads_across_columns(table: &str) -> bool {
    /// Thousandths of the page's height: a third of a line. The baselines of two columns need not meet.
    const SAME_LINE: i32 = 8;
    /// Thousandths of the page's width: wider than a word space, narrower than a gutter.
    const GUTTER: i32 = 14;
    /// Thousandths of the page's width.
    const MIDDLE: std::ops::Range<i32> = 430..570;
    let boxes: Vec<[i32; 4]> =
        table.lines().filter(|line| token(line).is_some()).filter_map(token_box).collect();
    let same_line = |a: &[i32; 4], b: &[i32; 4]| (a[1] - b[1]).abs() <= SAME_LINE;
    let neighbours = || boxes.iter().zip(boxes.iter().skip(1));
    let lines = neighbours().filter(|(a, b)| !same_line(a, b)).count() + 1;
    let gutter = |a: &[i32; 4], b: &[i32; 4]| b[0] - a[2] > GUTTER && MIDDLE.contains(&((a[2] + b[0]) / 2));
    let split = neighbours().filter(|(a, b)| same_line(a, b) && gutter(a, b)).count();
    split * 4 > lines
}

fn token_box(line: &str) -> Option<[i32; 4]> {
    let mut fields = line.split('\t').skip(1).map(str::parse);
    let mut next = || fields.next()?.ok();
    Some([next()?, next()?, next()?, next()?])
}

fn token(line: &str) -> Option<(&str, &str)> {
    let token = line.split('\t').next()?;
    let label = line.rsplit('\t').next()?;
    (!token.starts_with("##LT")).then_some((token, label))
}

/// The pages of `corpus/ocr` that have a truth.
pub fn scans(corpus: &Path) -> io::Result<Vec<Sample>> {
    let folder = corpus.join("ocr");
    let mut samples = Vec::new();
    for entry in manifest(corpus, "ocr")?.entries {
        if entry.file.starts_with("fraktur_lines/") {
            samples.extend(fraktur(corpus)?);
        } else if let Some(source) = entry.ground_truth.first() {
            samples.extend(scan(&folder, &entry.file, source)?);
        }
    }
    Ok(samples)
}

/// The pages of one file. Where one page stands in a file several times (the
/// four rotations of a scan), each has the same truth.
fn scan(folder: &Path, file: &str, source: &Source) -> io::Result<Vec<Sample>> {
    let text = fs::read_to_string(folder.join(&source.file))?;
    let text = match source.file.rsplit('.').next() {
        Some("csv") => receipt(&text),
        Some("json") => expected_line(&text, file)?,
        _ => text,
    };
    let pages = if file.ends_with("cardinal.pdf") { 1..=4 } else { 1..=1 };
    let sample = |page| Sample {
        file: format!("ocr/{file}"),
        page: Some(page),
        group: scan_group(file),
        truth: Truth::plain(text.clone()),
    };
    Ok(pages.map(sample).collect())
}

fn scan_group(file: &str) -> Group {
    match file.split('/').next().unwrap_or_default() {
        "ocrmypdf" => Group::Columns,
        _ if file.contains("8071_093") => Group::Columns,
        "sroie" => Group::Receipts,
        "mineru" => Group::Chinese,
        "rapidocr" => Group::Lines,
        _ => Group::OneColumn,
    }
}

/// `x1,y1,…,x4,y4,TEXT`: the text may hold commas.
fn receipt(boxes: &str) -> String {
    boxes.lines().filter_map(|line| line.splitn(9, ',').nth(8)).collect::<Vec<_>>().join("\n")
}

fn expected_line(json: &str, file: &str) -> io::Result<String> {
    let lines: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json)?;
    let name = file.rsplit('/').next().unwrap_or_default();
    Ok(lines.get(name).and_then(|line| line.as_str()).unwrap_or_default().to_string())
}

fn fraktur(corpus: &Path) -> io::Result<Vec<Sample>> {
    let mut names = images(corpus, "ocr/fraktur_lines")?;
    names.sort();
    let sample = |name: String| {
        let text = fs::read_to_string(corpus.join(PathBuf::from(&name).with_extension("gt.txt")))?;
        Ok(Sample { file: name, page: Some(1), group: Group::Fraktur, truth: Truth::plain(text) })
    };
    names.into_iter().map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docbank_tokens_stay_in_order_and_section_runs_are_headings() {
        let truth = docbank(
            "1\t0\t0\t1\t1\t0\t0\t0\tF\tsection\nIntro\t0\t0\t1\t1\t0\t0\t0\tF\tsection\n\
             ##LTLine##\t0\t0\t1\t1\t0\t0\t0\tF\tfigure\nText\t0\t0\t1\t1\t0\t0\t0\tF\tparagraph",
        );
        assert_eq!(truth.text.trim(), "1 Intro Text");
        assert_eq!(truth.headings, [Heading::new(1, "1 Intro")]);
    }

    #[test]
    fn docbank_pages_read_across_columns_are_known() {
        let row = |x: i32, y: i32| format!("w\t{x}\t{y}\t{}\t{}\t0\t0\t0\tF\tparagraph", x + 300, y + 9);
        let two: Vec<String> =
            (0..9).flat_map(|n| [row(150, 100 + 20 * n), row(510, 100 + 20 * n)]).collect();
        let one: Vec<String> = (0..9).map(|n| row(150, 100 + 20 * n)).collect();
        assert!(reads_across_columns(&two.join("\n")));
        assert!(!reads_across_columns(&one.join("\n")));
    }

    #[test]
    fn a_receipt_line_may_hold_commas() {
        assert_eq!(receipt("1,2,3,4,5,6,7,8,NO. 5, JALAN\n"), "NO. 5, JALAN");
    }
}
