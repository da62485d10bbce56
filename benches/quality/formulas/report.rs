//! Scores of formulas, printed, as Parquet, and laid side by side.

use super::score::{Score, detection};
use crate::report::{Rows, Table, WORST, header, mean, number, tools, write};
use polars::prelude::Column;
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// What scores are averaged over: a name, and which belong to it.
type Groups<'a> = Vec<(String, Vec<&'a Score>)>;

/// Lists and folders, fonts, then all that was compiled, all that was not, and everything.
fn groups<'a>(scores: &[&'a Score]) -> Groups<'a> {
    let of = |keep: &dyn Fn(&Score) -> bool| scores.iter().copied().filter(|s| keep(s)).collect::<Vec<_>>();
    let names: BTreeSet<(bool, &String)> = scores.iter().map(|s| (s.setup.is_none(), &s.group)).collect();
    let setups: BTreeSet<&String> = scores.iter().filter_map(|s| s.setup.as_ref()).collect();
    let mut groups: Groups = Vec::new();
    groups.extend(names.iter().map(|(_, name)| ((*name).clone(), of(&|s| s.group == **name))));
    groups.extend(setups.iter().map(|name| (format!("in {name}"), of(&|s| s.setup.as_ref() == Some(*name)))));
    groups.push(("all compiled".to_string(), of(&|s| s.setup.is_some())));
    groups.push(("all from source".to_string(), of(&|s| s.setup.is_none())));
    groups.push(("all".to_string(), of(&|_| true)));
    groups.retain(|(_, own)| !own.is_empty());
    groups
}

/// One line for each group and tool. Means are over true formulas; one that was not found has nothing right.
pub fn formulas(scores: &[Score]) -> Table {
    let names = [
        "formulas", "tool", "display", "symbols", "exact", "NED", "CDM", "found F1", "inline", "symbols",
        "exact", "NED", "CDM", "found F1", "numbers",
    ];
    let mut table = vec![header(&names)];
    let tools = tools(scores.iter().map(|score| &score.tool));
    for (group, own) in groups(&scores.iter().collect::<Vec<_>>()) {
        for tool in &tools {
            let own: Vec<&Score> = own.iter().copied().filter(|score| score.tool == *tool).collect();
            if own.is_empty() {
                continue;
            }
            let mut row = vec![group.clone(), tool.clone()];
            row.extend(measures(&own, true));
            row.extend(measures(&own, false));
            let numbers: Vec<bool> = own.iter().filter_map(|score| score.number).collect();
            row.push(share(numbers.iter().filter(|right| **right).count(), numbers.len()));
            table.push(row);
        }
    }
    Table::new(table)
}

fn share(part: usize, whole: usize) -> String {
    number((whole > 0).then(|| part as f64 / whole as f64))
}

fn measures(scores: &[&Score], display: bool) -> Vec<String> {
    let own: Vec<&Score> =
        scores.iter().copied().filter(|s| s.display == display && s.truth.is_some()).collect();
    let count = |test: fn(&Score) -> bool| share(own.iter().filter(|score| test(score)).count(), own.len());
    let found = detection(scores, display);
    vec![
        own.len().to_string(),
        count(|score| score.same_symbols),
        count(|score| score.same),
        number(mean(&own.iter().map(|score| score.distance).collect::<Vec<_>>())),
        number(mean(&own.iter().filter_map(|score| score.cdm).collect::<Vec<_>>())),
        number((found.truth > 0).then(|| found.f1())),
    ]
}

/// What a tool gave, whether it trusts it, and whether TeX takes it.
pub fn counts(scores: &[Score], tool: &str) -> String {
    let given: Vec<&Score> = scores.iter().filter(|s| s.tool == tool && s.found.is_some()).collect();
    let unread = given.iter().filter(|s| s.found.as_ref().is_some_and(String::is_empty)).count();
    let flagged: Vec<&&Score> = given.iter().filter(|s| s.problem.is_some()).collect();
    let valid: Vec<&&Score> = given.iter().filter(|s| s.problem.is_none()).collect();
    let rejected: Vec<&&&Score> = valid.iter().filter(|s| s.compiles == Some(false)).collect();
    let mut text = format!(
        "{tool}: {} formulas given, {} of them not read; {} called valid, of which TeX rejects {}; {} flagged\n",
        given.len(),
        unread,
        valid.len(),
        rejected.len(),
        flagged.len()
    );
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for score in flagged {
        *reasons.entry(score.problem.as_deref().unwrap_or_default()).or_default() += 1;
    }
    for (reason, count) in reasons {
        let _ = writeln!(text, "  flagged, {reason}: {count}");
    }
    for score in rejected.iter().take(WORST) {
        let _ = writeln!(text, "  TeX rejects, in {}: {}", score.document, one_line(score.found.as_deref()));
    }
    text
}

/// The first tool's formulas that are furthest from the truth, each true formula once.
pub fn worst(scores: &[Score]) -> String {
    let Some(tool) = scores.first().map(|score| &score.tool) else { return String::new() };
    let mut own: Vec<&Score> = scores.iter().filter(|s| s.tool == *tool && s.truth.is_some()).collect();
    let rank = |score: &Score| score.cdm.unwrap_or(1.0 - score.distance);
    let read = |score: &Score| score.found.as_ref().is_some_and(|found| !found.is_empty());
    own.sort_by(|a, b| read(b).cmp(&read(a)).then(rank(a).total_cmp(&rank(b))));
    let mut seen = BTreeSet::new();
    let mut text = "worst formulas that were read\n".to_string();
    for score in own.into_iter().filter(|score| seen.insert(&score.truth)).take(WORST) {
        let _ = writeln!(
            text,
            "  {} page {}, NED {:.3}, CDM {}\n    truth {}\n    found {}",
            score.document,
            score.page,
            score.distance,
            number(score.cdm),
            one_line(score.truth.as_deref()),
            one_line(score.found.as_deref())
        );
    }
    text
}

fn one_line(latex: Option<&str>) -> String {
    latex.unwrap_or("-").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One tool's formulas beside the true ones, a file for each document.
pub fn keep(scores: &[Score], folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let documents: BTreeSet<(&String, &String)> =
        scores.iter().map(|score| (&score.document, &score.tool)).collect();
    for (document, tool) in documents {
        let mut text = String::new();
        for score in scores.iter().filter(|s| s.document == *document && s.tool == *tool) {
            let verdict = match (&score.truth, &score.found) {
                (None, _) => "FALSE",
                (_, None) => "MISSED",
                _ if score.same => "same",
                _ if score.same_symbols => "STRUCTURE",
                _ => "SYMBOLS",
            };
            let kind = if score.display { "display" } else { "inline" };
            let _ = writeln!(
                text,
                "{verdict} {kind} page {}{} NED {:.3} CDM {}\n  truth {}\n  found {}",
                score.page,
                if score.detected || score.truth.is_none() { "" } else { " not detected" },
                score.distance,
                number(score.cdm),
                one_line(score.truth.as_deref()),
                one_line(score.found.as_deref())
            );
        }
        fs::write(folder.join(format!("{}.{tool}.txt", document.replace('/', "__"))), text)?;
    }
    Ok(())
}

/// One row for each score, in `<folder>/formulas.parquet`.
pub fn parquet(scores: &[Score], folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    write(folder, "formulas", scores.len(), columns(scores))
}

fn columns(scores: &[Score]) -> Vec<Column> {
    let rows = Rows(scores);
    vec![
        rows.text("tool", |s| Some(s.tool.clone())),
        rows.text("version", |s| Some(s.version.clone())),
        rows.text("document", |s| Some(s.document.clone())),
        rows.text("group", |s| Some(s.group.clone())),
        rows.text("fonts", |s| s.setup.clone()),
        rows.count("page", |s| Some(s.page)),
        rows.text("kind", |s| Some(if s.display { "display" } else { "inline" }.to_string())),
        rows.text("truth", |s| s.truth.clone()),
        rows.text("found", |s| s.found.clone()),
        rows.count("detected", |s| Some(usize::from(s.detected))),
        rows.count("same_symbols", |s| Some(usize::from(s.same_symbols))),
        rows.count("same", |s| Some(usize::from(s.same))),
        rows.real("distance", |s| s.truth.as_ref().map(|_| s.distance)),
        rows.real("cdm", |s| s.cdm),
        rows.count("number_right", |s| s.number.map(usize::from)),
        rows.text("problem", |s| s.problem.clone()),
        rows.count("compiles", |s| s.compiles.map(usize::from)),
    ]
}
