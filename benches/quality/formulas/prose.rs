//! Documents without formulas: what is found in them is false.

use crate::truth::{self, File, Sourced};
use std::{io, path::Path};

/// Looked through by eye and by search for signs, relations and Greek letters: no line of these files, but for those
/// in [`WITH`], reads as a formula. Reports, forms, letters, slides, patents, bulletins, receipts.
const WITHOUT: [&str; 7] = [
    "docs/docling/",
    "docs/unstructured/",
    "docs/olmocr_gnarly/",
    "tables/icdar2013-eu/",
    "tables/pdfplumber/",
    "tables/camelot/",
    "ocr/sroie/",
];

/// With formulas, test statistics, or sizes of samples (`N = 412`).
const WITH: [&str; 21] = [
    "docling/2305.03393v1-pg9",
    "docling/code_and_formula",
    "docling/text_document_01",
    "unstructured/a1977-backus-p21",
    "unstructured/multi-column-2p",
    "olmocr_gnarly/dolma-page-1",
    "olmocr_gnarly/large_prompt_hint2",
    "icdar2013-eu/eu-004",
    "icdar2013-eu/eu-016",
    "icdar2013-eu/eu-017",
    "icdar2013-eu/eu-018",
    "icdar2013-eu/eu-019",
    "icdar2013-eu/eu-020",
    "icdar2013-eu/eu-021",
    "icdar2013-eu/eu-025",
    "icdar2013-eu/eu-026",
    "icdar2013-eu/eu-027",
    // Its formulas are in an environment that `truth::tex` does not know.
    "latexml/structure_IEEE",
    "camelot/superscript",
    "camelot/background_lines_2",
    "camelot/missing_values",
];

/// Those looked through, and those whose source has no formula.
pub fn files(corpus: &Path, sources: &[Sourced]) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    for part in ["docs", "tables", "ocr"] {
        files.extend(truth::files(corpus, part)?);
    }
    let is_looked_through = |name: &str| WITHOUT.iter().any(|folder| name.starts_with(folder));
    let is_plain_source =
        |name: &str| sources.iter().any(|source| source.file == name && source.formulas.is_empty());
    let is_plain_journal =
        |name: &str| truth::is_journal_without_formula(&corpus.join(name)).unwrap_or(false);
    files.retain(|file| {
        let name = file.name.as_str();
        (is_looked_through(name) || is_plain_source(name) || is_plain_journal(name))
            && !WITH.iter().any(|file| name.contains(file))
    });
    Ok(files)
}
