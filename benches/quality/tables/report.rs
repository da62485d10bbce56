//! Scores of tables, printed and as Parquet.

use super::Score;
use crate::{
    metrics::Overlap,
    report::{Table, WORST, header, mean, number, tools},
    truth::tables::Kind,
};

/// Precision of a file in which nothing was found is nought: there is something to find in each.
fn precision(overlap: Overlap) -> f64 {
    if overlap.reading == 0 { 0.0 } else { overlap.precision() }
}

/// Precision and recall, each the mean over files; F1 of the two; the mean of the files' F1.
fn averages(overlaps: &[Overlap]) -> Option<[f64; 4]> {
    let mean_of = |value: fn(Overlap) -> f64| mean(&overlaps.iter().map(|o| value(*o)).collect::<Vec<_>>());
    let (precision, recall) = (mean_of(precision)?, mean_of(Overlap::recall)?);
    let sum = precision + recall;
    let f1 = if sum == 0.0 { 0.0 } else { 2.0 * precision * recall / sum };
    Some([precision, recall, f1, mean_of(Overlap::f1)?])
}

/// Adjacency relations, a line for each tool and way of asking.
pub fn relations(scores: &[Score]) -> Table {
    let mut table =
        vec![header(&["icdar2013-eu", "tool", "files", "failed", "precision", "recall", "F1", "mean F1"])];
    let ways: [(&str, fn(&Score) -> Option<Overlap>); 2] =
        [("structure", |s| s.structure), ("end to end", |s| Some(s.whole))];
    for (way, value) in ways {
        for tool in tools(scores.iter().map(|score| &score.tool)) {
            let own: Vec<&Score> =
                scores.iter().filter(|s| s.tool == tool && s.kind == Kind::Icdar).collect();
            let overlaps: Vec<Overlap> = own.iter().filter_map(|score| value(score)).collect();
            if let Some(averages) = averages(&overlaps) {
                let failed = own.iter().filter(|score| score.error.is_some()).count();
                let mut row = vec![way.to_string(), tool, overlaps.len().to_string(), failed.to_string()];
                row.extend(averages.map(|value| number(Some(value))));
                table.push(row);
            }
        }
    }
    Table::new(table)
}

/// The first tool's worst documents from end to end, the other tools beside it.
pub fn worst(scores: &[Score]) -> Table {
    let tools = tools(scores.iter().map(|score| &score.tool));
    let is_first = |s: &&Score| Some(&s.tool) == tools.first() && s.kind == Kind::Icdar;
    let mut first: Vec<&Score> = scores.iter().filter(is_first).collect();
    first.sort_by(|a, b| a.whole.f1().total_cmp(&b.whole.f1()));
    let mut table = vec![vec!["worst F1".to_string(), "structure".to_string()]];
    table[0].extend(tools.iter().cloned());
    for score in first.into_iter().take(WORST) {
        let mut row = vec![score.file.clone(), number(score.structure.map(Overlap::f1))];
        row.extend(tools.iter().map(|tool| {
            let same = |s: &&Score| s.tool == *tool && s.file == score.file;
            number(scores.iter().find(same).map(|s| s.whole.f1()))
        }));
        table.push(row);
    }
    Table::new(table)
}
