//! Scores as aligned tables on standard output, and as Parquet.

use crate::{
    metrics::{Errors, Overlap},
    papers::Paper,
    peers::Reading,
    score::Score,
    truth::Group,
};
use flatleaf::plot;
use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, ParquetWriter, Series};
use std::{
    collections::BTreeSet,
    error::Error,
    fmt, fs,
    path::{Path, PathBuf},
};

/// Cells, the first row being the header; the first two columns are names.
pub struct Table(Vec<Vec<String>>);

impl Table {
    pub fn new(rows: Vec<Vec<String>>) -> Self {
        Self(rows)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let columns = self.0.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |row: &Vec<String>, column| row.get(column).map_or(0, |cell: &String| cell.chars().count());
        let widest = |column| self.0.iter().map(|row| width(row, column)).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(widest).collect();
        for row in &self.0 {
            for (column, cell) in row.iter().enumerate() {
                match (column, widths[column]) {
                    (0 | 1, width) => write!(out, "{cell:<width$}  ")?,
                    (_, width) => write!(out, "{cell:>width$}  ")?,
                }
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

pub fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

/// A set of groups that is averaged, under one name.
struct Average {
    name: String,
    groups: fn(Group) -> bool,
    only: Option<Group>,
}

impl Average {
    fn holds(&self, score: &Score) -> bool {
        self.only.is_none_or(|group| group == score.group) && (self.groups)(score.group)
    }
}

fn each_group(scores: &[Score]) -> Vec<Average> {
    let groups: BTreeSet<Group> = scores.iter().map(|score| score.group).collect();
    let average = |group: Group| Average { name: group.name().into(), groups: |_| true, only: Some(group) };
    groups.into_iter().map(average).collect()
}

fn over(name: &str, groups: fn(Group) -> bool) -> Average {
    Average { name: name.to_string(), groups, only: None }
}

/// Each tool once, in order of appearance.
pub fn tools<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut tools: Vec<String> = Vec::new();
    for name in names {
        if !tools.contains(name) {
            tools.push(name.clone());
        }
    }
    tools
}

/// One line for each average and tool, from the scores that belong to both.
fn lines(
    scores: &[Score],
    averages: &[Average],
    line: impl Fn(&[&Score]) -> Vec<String>,
) -> Vec<Vec<String>> {
    let mut table = Vec::new();
    for average in averages {
        for tool in tools(scores.iter().map(|score| &score.tool)) {
            let own: Vec<&Score> = scores.iter().filter(|s| s.tool == tool && average.holds(s)).collect();
            if !own.is_empty() {
                let mut row = vec![average.name.clone(), tool];
                row.extend(line(&own));
                table.push(row);
            }
        }
    }
    table
}

/// Means over documents; levels over all titles found.
pub fn documents(scores: &[Score]) -> Table {
    let names = [
        "docs",
        "tool",
        "files",
        "failed",
        "NID",
        "worst",
        "headings F1",
        "MHS",
        "levels",
        "CPU s/page",
        "s/page",
    ];
    let mut table = vec![header(&names)];
    let mut averages = each_group(scores);
    averages.push(over("all", |_| true));
    table.extend(lines(scores, &averages, |own| {
        let [nid, headings, mhs, levels] = means(own);
        vec![
            own.len().to_string(),
            failed(own),
            number(nid),
            number(own.iter().map(|s| s.nid).reduce(f64::min)),
            number(headings),
            number(mhs),
            number(levels),
            seconds(mean(&own.iter().filter_map(|s| s.cpu_seconds).collect::<Vec<_>>())),
            seconds(mean(&own.iter().map(|s| s.wall_seconds).collect::<Vec<_>>())),
        ]
    }));
    Table(table)
}

/// What [`means`] gives.
const MEASURES: [&str; 4] = ["NID", "headings F1", "MHS", "levels"];

/// Of one tool's documents.
fn means(own: &[&Score]) -> [Option<f64>; 4] {
    let titled: Vec<&&Score> = own.iter().filter(|s| s.mhs.is_some()).collect();
    let levels = sum(own.iter().map(|s| s.levels));
    [
        mean(&own.iter().map(|s| s.nid).collect::<Vec<_>>()),
        mean(&titled.iter().map(|s| s.headings.f1()).collect::<Vec<_>>()),
        mean(&titled.iter().filter_map(|s| s.mhs).collect::<Vec<_>>()),
        (levels.truth > 0).then(|| levels.recall()),
    ]
}

/// The first tool's means less the best other tool's, measure by measure, with that tool's name.
pub fn lead(scores: &[Score]) -> Table {
    let (tools, mut averages) = (tools(scores.iter().map(|score| &score.tool)), each_group(scores));
    averages.push(over("all", |_| true));
    let mut table = vec![header(&["over the best peer"])];
    table[0].extend(MEASURES.iter().flat_map(|name| [name.to_string(), "best peer".to_string()]));
    for average in averages {
        let of = |tool: &String| {
            means(&scores.iter().filter(|s| s.tool == *tool && average.holds(s)).collect::<Vec<_>>())
        };
        let Some((first, others)) = tools.split_first() else { break };
        let (ours, theirs) = (of(first), others.iter().map(|tool| (tool, of(tool))).collect::<Vec<_>>());
        let mut row = vec![average.name.clone()];
        for (n, ours) in ours.into_iter().enumerate() {
            let known = theirs.iter().filter_map(|(tool, means)| Some((*tool, means[n]?)));
            let best = known.max_by(|a, b| a.1.total_cmp(&b.1));
            let ahead = ours.zip(best).map(|(ours, (_, best))| format!("{:+.3}", ours - best));
            row.push(ahead.unwrap_or("-".to_string()));
            row.push(best.map_or("-".to_string(), |(tool, _)| tool.clone()));
        }
        table.push(row);
    }
    Table(table)
}

/// Rates over all characters and words of a group (micro), then means over pages (macro).
pub fn scans(scores: &[Score]) -> Table {
    let names = [
        "ocr",
        "tool",
        "pages",
        "failed",
        "CER",
        "WER",
        "words F1",
        "mean CER",
        "mean WER",
        "mean F1",
        "CPU s/page",
        "s/page",
    ];
    let mut table = vec![header(&names)];
    let mut averages = each_group(scores);
    averages.push(over("one-column pages", Group::is_one_column));
    averages.push(over("all pages", Group::is_page));
    table.extend(lines(scores, &averages, |own| {
        let mean_of =
            |value: fn(&Score) -> f64| number(mean(&own.iter().map(|s| value(s)).collect::<Vec<_>>()));
        vec![
            own.len().to_string(),
            failed(own),
            number(Some(total(own.iter().map(|s| s.characters)).rate())),
            number(Some(total(own.iter().map(|s| s.words)).rate())),
            number(Some(sum(own.iter().map(|s| s.bag)).f1())),
            mean_of(|s| s.characters.rate()),
            mean_of(|s| s.words.rate()),
            mean_of(|s| s.bag.f1()),
            seconds(mean(&own.iter().filter_map(|s| s.cpu_seconds).collect::<Vec<_>>())),
            seconds(mean(&own.iter().map(|s| s.wall_seconds).collect::<Vec<_>>())),
        ]
    }));
    Table(table)
}

/// How many of the worst samples are named.
pub const WORST: usize = 10;

/// The first tool's worst samples, the other tools' scores beside them.
pub fn worst(part: &str, scores: &[Score]) -> Table {
    let tools = tools(scores.iter().map(|score| &score.tool));
    let (measure, value): (_, fn(&Score) -> f64) = match part {
        "docs" => ("NID", |s| s.nid),
        _ => ("1 − CER", |s| 1.0 - s.characters.rate()),
    };
    let mut first: Vec<&Score> = scores.iter().filter(|s| Some(&s.tool) == tools.first()).collect();
    first.sort_by(|a, b| value(a).total_cmp(&value(b)));
    let mut table = vec![vec![format!("worst {measure}"), "group".to_string()]];
    table[0].extend(tools.iter().cloned());
    for score in first.into_iter().take(WORST) {
        let page = score.page.map(|n| format!(", page {n}")).unwrap_or_default();
        let mut row = vec![format!("{}{page}", score.file), score.group.name().to_string()];
        row.extend(tools.iter().map(|tool| {
            let same = |s: &&Score| s.tool == *tool && s.file == score.file && s.page == score.page;
            number(scores.iter().find(same).map(value))
        }));
        table.push(row);
    }
    Table(table)
}

/// Flatleaf's structure beside LaTeX source: one row a document, then sums.
pub fn papers(papers: &[Paper]) -> Table {
    let names = [
        "papers",
        "group",
        "sections",
        "levels",
        "running heads in text",
        "hyphens right",
        "hanging",
        "notes out of body",
    ];
    let mut table = vec![header(&names)];
    for paper in papers {
        table.push(paper_row(&paper.file, &[paper]));
    }
    for group in [Some(Group::Papers), None] {
        let own: Vec<&Paper> = papers.iter().filter(|p| group.is_none_or(|g| g == p.group)).collect();
        table.push(paper_row(&format!("all {}", group.map_or("", Group::name)), &own));
    }
    Table(table)
}

fn paper_row(name: &str, papers: &[&Paper]) -> Vec<String> {
    let of = |value: fn(&Paper) -> Overlap| {
        let all = sum(papers.iter().map(|paper| value(paper)));
        if all.truth == 0 { "-".to_string() } else { format!("{}/{}", all.shared, all.truth) }
    };
    let count = |value: fn(&Paper) -> &Vec<String>| {
        papers.iter().map(|paper| value(paper).len()).sum::<usize>().to_string()
    };
    let group = papers.first().filter(|_| papers.len() == 1).map_or("", |paper| paper.group.name());
    vec![
        name.to_string(),
        group.to_string(),
        of(|p| p.sections),
        of(|p| p.levels),
        count(|p| &p.running),
        of(|p| p.hyphens),
        count(|p| &p.hanging),
        of(|p| p.notes),
    ]
}

/// How many examples of a fault are printed.
const EXAMPLES: usize = 10;

/// The first running head of each document, and some words and notes of all.
pub fn examples(papers: &[Paper]) -> String {
    let list = |title: &str, value: fn(&Paper) -> Vec<&String>, of_each: usize| {
        let each = |paper: &'_ Paper| -> Vec<String> {
            let found = value(paper).into_iter().take(of_each);
            found.map(|text| format!("  {}: {text:.100}", paper.file)).collect()
        };
        let lines: Vec<String> = papers.iter().flat_map(each).take(EXAMPLES).collect();
        if lines.is_empty() { String::new() } else { format!("{title}\n{}\n", lines.join("\n")) }
    };
    [
        list("running heads in the text, the first of each", |p| p.running.iter().collect(), 1),
        list("hyphens wrong, as they should be", |p| p.wrong.iter().collect(), EXAMPLES),
        list("hyphens at the end of blocks", |p| p.hanging.iter().collect(), EXAMPLES),
        list("notes not found as such", |p| p.missed.iter().collect(), EXAMPLES),
    ]
    .concat()
}

/// How many files ended how, and the reason of each that gave no text.
pub fn outcomes(part: &str, readings: &[Reading]) -> String {
    let died: Vec<&Reading> = readings.iter().filter(|r| r.died).collect();
    let refused: Vec<&Reading> = readings.iter().filter(|r| !r.died && r.error.is_some()).collect();
    let pages: usize = readings.iter().map(|r| r.page_errors.len()).sum();
    let mut text = format!(
        "{part}: {} files, {} read, {} with an error, {} crashed or hung; {pages} pages failed",
        readings.len(),
        readings.len() - died.len() - refused.len(),
        refused.len(),
        died.len()
    );
    for reading in died.iter().chain(&refused) {
        text.push_str(&format!("\n  {}: {}", reading.file, reading.error.as_deref().unwrap_or_default()));
    }
    text
}

fn failed(scores: &[&Score]) -> String {
    scores.iter().filter(|score| score.error.is_some()).count().to_string()
}

pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn total(errors: impl Iterator<Item = Errors>) -> Errors {
    errors.fold(Errors { edits: 0, length: 0 }, |all, one| Errors {
        edits: all.edits + one.edits,
        length: all.length + one.length,
    })
}

fn sum(overlaps: impl Iterator<Item = Overlap>) -> Overlap {
    overlaps.fold(Overlap::default(), |all, one| Overlap {
        shared: all.shared + one.shared,
        truth: all.truth + one.truth,
        reading: all.reading + one.reading,
    })
}

pub fn number(value: Option<f64>) -> String {
    value.map_or("-".to_string(), |value| format!("{value:.3}"))
}

fn seconds(value: Option<f64>) -> String {
    value.map_or("-".to_string(), |value| format!("{value:.2}"))
}

/// One row for each score, in `<folder>/<part>.parquet`.
pub fn parquet(scores: &[Score], folder: &Path, part: &str) -> Result<PathBuf, Box<dyn Error>> {
    write(folder, part, scores.len(), columns(scores))
}

/// Pages a second of each tool on the samples, as the chart `<folder>/<part>-speed.svg`.
pub fn speed(scores: &[Score], folder: &Path, part: &str) -> Result<PathBuf, Box<dyn Error>> {
    let tools: Vec<&str> =
        BTreeSet::from_iter(scores.iter().map(|score| score.tool.as_str())).into_iter().collect();
    let of = |tool: &str| scores.iter().filter(move |score| score.tool == tool).collect::<Vec<_>>();
    let pages: Vec<u64> = tools.iter().map(|tool| of(tool).len() as u64).collect();
    let seconds: Vec<f64> =
        tools.iter().map(|tool| of(tool).iter().map(|score| score.wall_seconds).sum()).collect();
    let columns = vec![
        Series::new("tool".into(), &tools).into_column(),
        Series::new("pages".into(), pages).into_column(),
        Series::new("seconds".into(), seconds).into_column(),
    ];
    let path = folder.join(format!("{part}-speed.svg"));
    plot::pages_per_second(&DataFrame::new(tools.len(), columns)?)?.save(&path)?;
    Ok(path)
}

/// The columns as `<folder>/<part>.parquet`.
pub fn write(
    folder: &Path,
    part: &str,
    height: usize,
    columns: Vec<Column>,
) -> Result<PathBuf, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let path = folder.join(part).with_extension("parquet");
    ParquetWriter::new(fs::File::create(&path)?).finish(&mut DataFrame::new(height, columns)?)?;
    Ok(path)
}

/// Scores, from which columns are made.
pub struct Rows<'a, S>(pub &'a [S]);

impl<S> Rows<'_, S> {
    pub fn text(&self, name: &str, value: fn(&S) -> Option<String>) -> Column {
        Series::new(name.into(), self.0.iter().map(value).collect::<Vec<_>>()).into_column()
    }

    pub fn real(&self, name: &str, value: fn(&S) -> Option<f64>) -> Column {
        Series::new(name.into(), self.0.iter().map(value).collect::<Vec<_>>()).into_column()
    }

    pub fn count(&self, name: &str, value: fn(&S) -> Option<usize>) -> Column {
        let values: Vec<Option<u64>> = self.0.iter().map(|s| value(s).map(|n| n as u64)).collect();
        Series::new(name.into(), values).into_column()
    }
}

fn columns(scores: &[Score]) -> Vec<Column> {
    let rows = Rows(scores);
    vec![
        rows.text("tool", |s| Some(s.tool.clone())),
        rows.text("version", |s| Some(s.version.clone())),
        rows.text("file", |s| Some(s.file.clone())),
        rows.count("page", |s| s.page),
        rows.text("group", |s| Some(s.group.name().to_string())),
        rows.text("error", |s| s.error.clone()),
        rows.real("nid", |s| Some(s.nid)),
        rows.real("headings_f1", |s| s.mhs.map(|_| s.headings.f1())),
        rows.real("headings_precision", |s| s.mhs.map(|_| s.headings.precision())),
        rows.real("headings_recall", |s| s.mhs.map(|_| s.headings.recall())),
        rows.real("mhs", |s| s.mhs),
        rows.count("titles_found", |s| Some(s.levels.truth)),
        rows.count("levels_right", |s| Some(s.levels.shared)),
        rows.real("cer", |s| Some(s.characters.rate())),
        rows.count("character_edits", |s| Some(s.characters.edits)),
        rows.count("characters", |s| Some(s.characters.length)),
        rows.real("wer", |s| Some(s.words.rate())),
        rows.count("word_edits", |s| Some(s.words.edits)),
        rows.count("words", |s| Some(s.words.length)),
        rows.real("words_f1", |s| Some(s.bag.f1())),
        rows.real("cpu_seconds_per_page", |s| s.cpu_seconds),
        rows.real("seconds_per_page", |s| Some(s.wall_seconds)),
    ]
}
