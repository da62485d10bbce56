//! Tables against true ones: readings to scores, one for each tool and file.

pub mod report;
mod view;

use crate::{
    grid::{Grid, Relation, relations},
    metrics::Overlap,
    peers::Reading,
    truth::tables::{Kind, Tables},
};
use std::path::Path;

/// How well one tool read the tables of one file.
#[derive(Clone, Debug)]
pub struct Score {
    pub tool: String,
    pub version: String,
    pub file: String,
    pub kind: Kind,
    /// Why there was nothing to score.
    pub error: Option<String>,
    /// Relations of the tables in the true regions; `None` for who cannot be told where a table is.
    pub structure: Option<Overlap>,
    /// Relations of all tables found in the file.
    pub whole: Overlap,
}

/// The scores of one tool on those files that it was given. What differs is left in `folder`, if there is one.
pub fn scores(
    tool: &str,
    version: &str,
    readings: &[Reading],
    truths: &[Tables],
    folder: Option<&Path>,
) -> Vec<Score> {
    let of = |truth: &Tables| {
        let reading = readings.iter().find(|reading| reading.file == truth.file)?;
        if let Some(folder) = folder {
            view::keep(folder, truth, reading);
        }
        let score = score(truth, reading);
        Some(Score { tool: tool.to_string(), version: version.to_string(), ..score })
    };
    truths.iter().filter_map(of).collect()
}

fn score(truth: &Tables, reading: &Reading) -> Score {
    Score {
        tool: String::new(),
        version: String::new(),
        file: truth.file.clone(),
        kind: truth.kind,
        error: reading.error.clone(),
        structure: structure(truth, reading).map(|compared| compared.overlap()),
        whole: whole(truth, reading).overlap(),
    }
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
        Tables { file: "t.pdf".into(), kind: Kind::Icdar, alternatives }
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
