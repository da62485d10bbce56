//! Tables against true ones: readings to scores, one for each tool and file.

mod confidence;
mod regions;
pub mod report;
mod view;

use crate::{
    grid::{Grid, Relation, relations},
    metrics::Overlap,
    peers::Reading,
    teds::of_tables,
    truth::{
        File, markdown,
        tables::{Kind, Tables},
    },
};
use confidence::Judged;
use regions::Regions;
use std::path::Path;

/// How well one tool read the tables of one file.
#[derive(Clone, Debug)]
pub struct Score {
    pub tool: String,
    pub version: String,
    pub file: String,
    pub kind: Kind,
    pub pages: usize,
    /// Why there was nothing to score.
    pub error: Option<String>,
    /// Relations of the tables in the true regions; `None` for who cannot be told where a table is.
    pub structure: Option<Overlap>,
    /// Relations of all tables found in the file.
    pub whole: Overlap,
    /// The same of the pages as pictures, by tools that can read these.
    pub scanned: Option<Overlap>,
    /// `None` without true regions, or where the tool does not say where it found its tables.
    pub regions: Option<Regions>,
    /// TEDS and TEDS-S of each true table.
    pub teds: Vec<(f64, f64)>,
    /// How many tables were found.
    pub found: usize,
    /// By table with its confidence: cells, wrong or not. From Flatleaf alone.
    pub cells: Vec<(f32, Vec<Judged>)>,
    /// The same of the pages as pictures.
    pub scanned_cells: Vec<(f32, Vec<Judged>)>,
    /// A page of the file, on average.
    pub cpu_seconds: Option<f64>,
}

/// One tool's readings.
pub struct Tool<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub readings: Vec<Reading>,
    /// Of the pages of files as pictures, under the names of the files.
    pub scanned: Vec<Reading>,
}

/// The scores of one tool on those files that it was given.
pub fn scores(tool: &Tool, truths: &[Tables], files: &[File]) -> Vec<Score> {
    // A document in which nothing is found has no place that is missing, so the whole tool is asked.
    let mut tables = tool.readings.iter().flat_map(|reading| &reading.tables).flatten();
    let has_places = tables.any(|table| table.rect.is_some());
    let of = |truth: &Tables| {
        let in_list =
            |list: &[Reading]| list.iter().find(|reading| reading.file == truth.file).map(with_tables);
        let reading = in_list(&tool.readings)?;
        let pictures = in_list(&tool.scanned);
        let scanned = pictures.as_ref().map(|reading| whole(truth, reading).overlap());
        let scanned_cells = pictures.as_ref().map(|reading| judged(truth, reading)).unwrap_or_default();
        let pages = files.iter().find(|file| file.name == truth.file)?.pages.max(1);
        let mut score = score(truth, &reading, pages);
        score.regions = score.regions.filter(|_| has_places);
        let (tool, version) = (tool.name.to_string(), tool.version.to_string());
        Some(Score { tool, version, scanned, scanned_cells, ..score })
    };
    truths.iter().filter_map(of).collect()
}

/// Leaves in `folder` what differs, a file for each document, and one for its pages as pictures.
pub fn keep(tool: &Tool, truths: &[Tables], folder: &Path) {
    for (readings, suffix) in [(&tool.readings, ""), (&tool.scanned, ".pictures")] {
        for truth in truths.iter().filter(|truth| truth.kind != Kind::Without) {
            if let Some(reading) = readings.iter().find(|reading| reading.file == truth.file) {
                view::keep(folder, suffix, truth, reading);
            }
        }
    }
}

/// Tools that give no tables as such give them in their Markdown.
fn with_tables(reading: &Reading) -> Reading {
    let mut reading = reading.clone();
    if let (None, Some(source)) = (&reading.tables, &reading.markdown) {
        reading.tables = Some(markdown::tables(source));
    }
    reading
}

fn score(truth: &Tables, reading: &Reading, pages: usize) -> Score {
    let found = reading.tables.as_deref().unwrap_or_default();
    let whole = whole(truth, reading);
    let has_regions = truth.kind == Kind::Icdar;
    Score {
        tool: String::new(),
        version: String::new(),
        file: truth.file.clone(),
        kind: truth.kind,
        pages,
        error: reading.error.clone(),
        structure: structure(truth, reading).map(|compared| compared.overlap()),
        whole: whole.overlap(),
        scanned: None,
        regions: has_regions.then(|| regions(truth, found)).flatten(),
        teds: teds(truth, joined(truth, reading)),
        found: found.len(),
        cells: judged(truth, reading),
        scanned_cells: Vec::new(),
        cpu_seconds: reading.cpu_seconds.map(|seconds| seconds / pages as f64),
    }
}

/// The cells found, with whether they are wrong.
fn judged(truth: &Tables, reading: &Reading) -> Vec<(f32, Vec<Judged>)> {
    confidence::cells(&whole(truth, reading).truth, joined(truth, reading))
}

/// Beside the truth that the regions found come nearest to.
fn regions(truth: &Tables, found: &[Grid]) -> Option<Regions> {
    let compared = truth.alternatives.iter().map(|tables| regions::compare(tables, found, &truth.glyphs));
    compared.collect::<Option<Vec<_>>>()?.into_iter().max_by_key(|r| (r.correct, r.complete + r.pure))
}

/// The tables found, joined over pages where the truth is. In the competition's, each page has its own.
fn joined<'a>(truth: &Tables, reading: &'a Reading) -> &'a [Grid] {
    let of_source = matches!(truth.kind, Kind::Jats | Kind::Latexml);
    let whole = reading.whole.as_deref().filter(|_| of_source);
    whole.or(reading.tables.as_deref()).unwrap_or_default()
}

/// Of the truth that the tables found come nearest to.
fn teds(truth: &Tables, found: &[Grid]) -> Vec<(f64, f64)> {
    let sum = |scores: &Vec<(f64, f64)>| scores.iter().map(|score| score.0).sum::<f64>();
    let of = |tables: &Vec<Grid>| of_tables(tables, found);
    truth.alternatives.iter().map(of).max_by(|a, b| sum(a).total_cmp(&sum(b))).unwrap_or_default()
}

/// The relations of a truth and those found.
pub struct Compared {
    pub truth: Vec<Relation>,
    pub found: Vec<Relation>,
}

impl Compared {
    fn of<'a>(truth: &[Grid], found: impl IntoIterator<Item = &'a Grid>) -> Self {
        Self { truth: relations(truth), found: relations(found) }
    }

    pub fn overlap(&self) -> Overlap {
        Overlap::between(&self.truth, &self.found)
    }
}

/// What stands in all tables found, beside the truth that it comes nearest to.
pub fn whole(truth: &Tables, reading: &Reading) -> Compared {
    let found = reading.tables.as_deref().unwrap_or_default();
    best(truth.alternatives.iter().map(|tables| Compared::of(tables, found)))
}

/// What is read in the true regions, beside the truth that it comes nearest to.
pub fn structure(truth: &Tables, reading: &Reading) -> Option<Compared> {
    let mut given = reading.given.as_slice();
    let compared = truth.alternatives.iter().filter_map(|tables| {
        let own = given.split_off(..tables.len())?;
        Some(Compared::of(tables, own.iter().flatten()))
    });
    let compared: Vec<Compared> = compared.collect();
    (!compared.is_empty()).then(|| best(compared.into_iter()))
}

fn best(compared: impl Iterator<Item = Compared>) -> Compared {
    compared
        .max_by(|a, b| a.overlap().f1().total_cmp(&b.overlap().f1()))
        .unwrap_or(Compared { truth: Vec::new(), found: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(texts: &[&str]) -> Grid {
        Grid::of_rows(&[texts.iter().map(|text| text.to_string()).collect()])
    }

    fn tables(alternatives: Vec<Vec<Grid>>) -> Tables {
        Tables { file: "t.pdf".into(), kind: Kind::Icdar, alternatives, glyphs: Vec::new() }
    }

    #[test]
    fn relations_of_a_file_are_pooled_over_its_tables() {
        let truth = tables(vec![vec![row(&["a", "b", "c"]), row(&["a", "b"])]]);
        let found = Reading { tables: Some(vec![row(&["a", "b", "x"])]), ..Reading::default() };
        assert_eq!(whole(&truth, &found).overlap(), Overlap { shared: 1, truth: 3, reading: 2 });
        assert!(structure(&truth, &found).is_none());
    }

    #[test]
    fn the_nearest_of_several_truths_counts() {
        let truth = tables(vec![vec![row(&["a", "b", "c"])], vec![row(&["b", "c"])]]);
        let given = vec![Some(row(&["a", "b"])), Some(row(&["b", "c"]))];
        let found = Reading { given, ..Reading::default() };
        let overlap = structure(&truth, &found).map(|compared| compared.overlap());
        assert_eq!(overlap, Some(Overlap { shared: 1, truth: 1, reading: 1 }));
    }
}
