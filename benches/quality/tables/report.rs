//! Scores of tables, printed and as Parquet.

use super::{
    Score,
    confidence::{Judged, in_worst_tenth},
    regions::Regions,
};
use crate::{
    metrics::Overlap,
    report::{Rows, Table, WORST, header, mean, number, tools, write},
    truth::tables::Kind,
};
use polars::prelude::Column;
use std::{
    collections::BTreeSet,
    error::Error,
    path::{Path, PathBuf},
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

/// Each tool with its scores on files of one kind.
fn by_tool(scores: &[Score], kind: Kind) -> Vec<(String, Vec<&Score>)> {
    let own = |tool: String| {
        let own = scores.iter().filter(|s| s.tool == tool && s.kind == kind).collect::<Vec<_>>();
        (tool, own)
    };
    let tools = tools(scores.iter().map(|score| &score.tool));
    tools.into_iter().map(own).filter(|(_, own)| !own.is_empty()).collect()
}

/// What a score says of the relations, asked one way.
type Way = fn(&Score) -> Option<Overlap>;

/// Adjacency relations, a line for each tool and way of asking.
pub fn relations(scores: &[Score]) -> Table {
    let names =
        ["icdar2013-eu", "tool", "files", "failed", "precision", "recall", "F1", "mean F1", "CPU s/page"];
    let mut table = vec![header(&names)];
    let ways: [(&str, Way); 3] =
        [("structure", |s| s.structure), ("end to end", |s| Some(s.whole)), ("as pictures", |s| s.scanned)];
    for (way, value) in ways {
        for (tool, own) in by_tool(scores, Kind::Icdar) {
            let overlaps: Vec<Overlap> = own.iter().filter_map(|score| value(score)).collect();
            let Some(averages) = averages(&overlaps) else { continue };
            let failed = own.iter().filter(|score| score.error.is_some()).count();
            let mut row = vec![way.to_string(), tool, overlaps.len().to_string(), failed.to_string()];
            row.extend(averages.map(|value| number(Some(value))));
            let seconds = mean(&own.iter().filter_map(|score| score.cpu_seconds).collect::<Vec<_>>());
            row.push(number(seconds.filter(|_| way == "end to end")));
            table.push(row);
        }
    }
    Table::new(table)
}

/// Completeness and purity over all regions of the competition's documents.
pub fn regions(scores: &[Score]) -> Table {
    let names = ["regions", "tool", "true", "found", "complete", "pure", "correct", "completeness", "purity"];
    let mut table = vec![header(&names)];
    for (tool, own) in by_tool(scores, Kind::Icdar) {
        let regions: Vec<Regions> = own.iter().filter_map(|score| score.regions).collect();
        if regions.is_empty() {
            continue;
        }
        let sum = |value: fn(&Regions) -> usize| regions.iter().map(value).sum::<usize>();
        let [truth, found, complete, pure, correct] =
            [sum(|r| r.truth), sum(|r| r.found), sum(|r| r.complete), sum(|r| r.pure), sum(|r| r.correct)];
        let share = |part: usize, whole: usize| number((whole > 0).then(|| part as f64 / whole as f64));
        let mut row = vec!["icdar2013-eu".to_string(), tool];
        row.extend([truth, found, complete, pure, correct].map(|count| count.to_string()));
        row.extend([share(complete, truth), share(pure, found)]);
        table.push(row);
    }
    Table::new(table)
}

/// Tree edit distance based similarity, means over tables.
pub fn teds(scores: &[Score]) -> Table {
    let mut table = vec![header(&["TEDS", "tool", "tables", "TEDS", "TEDS-S", "found"])];
    let kinds: BTreeSet<Kind> = scores.iter().map(|score| score.kind).collect();
    for kind in kinds.into_iter().filter(|kind| *kind != Kind::Without) {
        for (tool, own) in by_tool(scores, kind) {
            let tables: Vec<(f64, f64)> = own.iter().flat_map(|score| score.teds.clone()).collect();
            let of =
                |value: fn(&(f64, f64)) -> f64| number(mean(&tables.iter().map(value).collect::<Vec<_>>()));
            let found: usize = own.iter().map(|score| score.found).sum();
            table.push(vec![
                kind.name().to_string(),
                tool,
                tables.len().to_string(),
                of(|t| t.0),
                of(|t| t.1),
                found.to_string(),
            ]);
        }
    }
    Table::new(table)
}

/// Tables found in documents that have none.
pub fn without(scores: &[Score]) -> Table {
    let mut table = vec![header(&["no tables", "tool", "files", "pages", "false tables", "per 100 pages"])];
    for (tool, own) in by_tool(scores, Kind::Without) {
        let (pages, found): (usize, usize) =
            (own.iter().map(|score| score.pages).sum(), own.iter().map(|score| score.found).sum());
        table.push(vec![
            "documents without".to_string(),
            tool,
            own.len().to_string(),
            pages.to_string(),
            found.to_string(),
            format!("{:.2}", 100.0 * found as f64 / pages as f64),
        ]);
    }
    Table::new(table)
}

/// The documents in which the first tool found tables that are none.
pub fn named(scores: &[Score]) -> String {
    let first = scores.first().map(|score| &score.tool);
    let is_own =
        |score: &&Score| score.kind == Kind::Without && score.found > 0 && Some(&score.tool) == first;
    let line = |score: &Score| format!("  {}: {}\n", score.file, score.found);
    let lines: String = scores.iter().filter(is_own).map(line).collect();
    if lines.is_empty() { lines } else { format!("false tables\n{lines}") }
}

/// How much of what is wrong stands in the cells, and in the tables, of the lowest confidence.
pub fn confidence(scores: &[Score]) -> Table {
    let mut table = vec![header(&[
        "confidence",
        "tool",
        "cells",
        "wrong",
        "in worst tenth of cells",
        "in worst tenth of tables",
    ])];
    type Judgement = fn(&Score) -> &Vec<(f32, Vec<Judged>)>;
    let parts: [(&str, Kind, Judgement); 5] = [
        ("icdar2013-eu", Kind::Icdar, |s| &s.cells),
        ("as pictures", Kind::Icdar, |s| &s.scanned_cells),
        ("latexml", Kind::Latexml, |s| &s.cells),
        ("jats", Kind::Jats, |s| &s.cells),
        ("pubtabnet", Kind::PubTabNet, |s| &s.cells),
    ];
    for (name, kind, cells_of) in parts {
        for (tool, own) in by_tool(scores, kind) {
            let tables: Vec<_> = own.iter().flat_map(|score| cells_of(score)).collect();
            table.extend(ranked(name, tool, &tables));
        }
    }
    Table::new(table)
}

/// A line of the table of confidence; `None` where there are no cells.
fn ranked(name: &str, tool: String, tables: &[&(f32, Vec<Judged>)]) -> Option<Vec<String>> {
    let cells: Vec<Judged> = tables.iter().flat_map(|(_, cells)| cells.clone()).collect();
    let wrong = |cells: &[Judged]| cells.iter().map(|cell| cell.wrong).sum::<usize>();
    let whole: Vec<Judged> = tables
        .iter()
        .map(|(confidence, cells)| Judged { confidence: *confidence, wrong: wrong(cells) })
        .collect();
    let line = || {
        vec![
            name.to_string(),
            tool,
            cells.len().to_string(),
            wrong(&cells).to_string(),
            number(in_worst_tenth(&cells)),
            number(in_worst_tenth(&whole)),
        ]
    };
    (!cells.is_empty()).then(line)
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

/// One row for each score, in `<folder>/tables.parquet`.
pub fn parquet(scores: &[Score], folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    write(folder, "tables", scores.len(), columns(scores))
}

fn columns(scores: &[Score]) -> Vec<Column> {
    let rows = Rows(scores);
    vec![
        rows.text("tool", |s| Some(s.tool.clone())),
        rows.text("version", |s| Some(s.version.clone())),
        rows.text("file", |s| Some(s.file.clone())),
        rows.text("group", |s| Some(s.kind.name().to_string())),
        rows.count("pages", |s| Some(s.pages)),
        rows.text("error", |s| s.error.clone()),
        rows.real("structure_precision", |s| s.structure.map(precision)),
        rows.real("structure_recall", |s| s.structure.map(Overlap::recall)),
        rows.real("structure_f1", |s| s.structure.map(Overlap::f1)),
        rows.real("precision", |s| has_truth(s).then(|| precision(s.whole))),
        rows.real("recall", |s| has_truth(s).then(|| s.whole.recall())),
        rows.real("f1", |s| has_truth(s).then(|| s.whole.f1())),
        rows.real("pictures_precision", |s| s.scanned.map(precision)),
        rows.real("pictures_recall", |s| s.scanned.map(Overlap::recall)),
        rows.real("pictures_f1", |s| s.scanned.map(Overlap::f1)),
        rows.count("true_tables", |s| Some(s.teds.len())),
        rows.count("found_tables", |s| Some(s.found)),
        rows.count("complete_regions", |s| s.regions.map(|r| r.complete)),
        rows.count("pure_regions", |s| s.regions.map(|r| r.pure)),
        rows.count("correct_regions", |s| s.regions.map(|r| r.correct)),
        rows.real("teds", |s| mean(&s.teds.iter().map(|t| t.0).collect::<Vec<_>>())),
        rows.real("teds_s", |s| mean(&s.teds.iter().map(|t| t.1).collect::<Vec<_>>())),
        rows.real("cpu_seconds_per_page", |s| s.cpu_seconds),
    ]
}

fn has_truth(score: &Score) -> bool {
    score.kind != Kind::Without
}
