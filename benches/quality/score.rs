//! Readings against truth: one row for each tool and sample.

use crate::{
    metrics::{self, Errors, Heading, Overlap, normalised},
    peers::Reading,
    truth::{File, Group, Sample, Truth, markdown},
};
use std::{fs, path::Path};

/// How well one tool read one sample.
#[derive(Clone, Debug)]
pub struct Score {
    pub tool: String,
    pub version: String,
    pub file: String,
    pub page: Option<usize>,
    pub group: Group,
    /// Why there was nothing to score; the scores are those of an empty text.
    pub error: Option<String>,
    pub nid: f64,
    pub headings: Overlap,
    /// `None` where the truth has no headings.
    pub mhs: Option<f64>,
    /// Titles found with the right level.
    pub levels: Overlap,
    pub characters: Errors,
    pub words: Errors,
    pub bag: Overlap,
    /// A page of the file, on average.
    pub cpu_seconds: Option<f64>,
    pub wall_seconds: f64,
}

/// The scores of one tool on those samples whose file it was given. What was
/// compared is left in `texts`, a file for each side, to be laid side by side.
pub fn all(
    tool: &str,
    version: &str,
    readings: &[Reading],
    samples: &[Sample],
    files: &[File],
    texts: &Path,
) -> Vec<Score> {
    let of = |sample: &Sample| {
        let reading = readings.iter().find(|reading| reading.file == sample.file)?;
        let pages = files.iter().find(|file| file.name == sample.file)?.pages.max(1);
        let found = found(reading, sample.page);
        keep(texts, sample, "truth", &sample.truth);
        keep(texts, sample, tool, &found);
        let score = score(sample, reading, &found, pages);
        Some(Score { tool: tool.to_string(), version: version.to_string(), ..score })
    };
    samples.iter().filter_map(of).collect()
}

/// Writes a text, headings first, for people to look at.
fn keep(texts: &Path, sample: &Sample, side: &str, truth: &Truth) {
    let page = sample.page.map(|number| format!(".{number}")).unwrap_or_default();
    let path = texts.join(format!("{}{page}.{side}.txt", sample.file.replace('/', "__")));
    let heading = |h: &Heading| format!("{:>2} {}\n", h.level, h.title);
    let headings: String = truth.headings.iter().map(heading).collect();
    // Nobody's score depends on it.
    let _ = fs::create_dir_all(texts);
    let _ = fs::write(path, format!("{headings}\n{}\n", truth.text));
}

fn score(sample: &Sample, reading: &Reading, found: &Truth, pages: usize) -> Score {
    let (truth, text) = (comparable(&sample.truth, sample), comparable(found, sample));
    let titles = without_printed(found, sample);
    Score {
        tool: String::new(),
        version: String::new(),
        file: sample.file.clone(),
        page: sample.page,
        group: sample.group,
        error: reading.error.clone(),
        nid: metrics::nid(&truth, &text),
        headings: metrics::headings(&sample.truth.headings, &titles),
        mhs: metrics::mhs(&sample.truth.headings, &titles),
        levels: metrics::levels(&sample.truth.headings, &titles),
        characters: metrics::characters(&truth, &text),
        words: metrics::words(&truth, &text),
        bag: metrics::bag_of_words(&truth, &text),
        cpu_seconds: reading.cpu_seconds.map(|seconds| seconds / pages as f64),
        wall_seconds: reading.wall_seconds / pages as f64,
    }
}

/// What the tool says of a page, or of the whole document.
pub fn found(reading: &Reading, page: Option<usize>) -> Truth {
    let plain = match page {
        Some(number) if !reading.pages.is_empty() => reading.pages.get(number - 1).cloned(),
        _ => None,
    };
    match (plain, &reading.markdown) {
        (Some(text), _) => Truth { text, ..Truth::default() },
        (None, Some(source)) => markdown::read(source),
        (None, None) => Truth { text: reading.pages.join("\n"), ..Truth::default() },
    }
}

/// Titles that a document's class prints by itself, in the corpus's languages.
const PRINTED: [&str; 17] = [
    "abstract",
    "résumé",
    "zusammenfassung",
    "contents",
    "table of contents",
    "table des matières",
    "inhaltsverzeichnis",
    "references",
    "références",
    "literatur",
    "bibliography",
    "list of figures",
    "list of tables",
    "index",
    "目录",
    "参考文献",
    "摘要",
];

/// The titles found, without those that LaTeX source cannot tell of: they are neither right nor wrong.
pub fn without_printed(found: &Truth, sample: &Sample) -> Vec<Heading> {
    let told = |key: &str| sample.truth.headings.iter().any(|heading| heading.key() == key);
    let counts = |heading: &&Heading| {
        let key = heading.key();
        !sample.group.is_source() || !PRINTED.contains(&key.as_str()) || told(&key)
    };
    found.headings.iter().filter(counts).cloned().collect()
}

fn comparable(truth: &Truth, sample: &Sample) -> String {
    let text = normalised(&truth.text);
    if sample.group.ignores_case() { text.to_lowercase() } else { text }
}
