//! What differs between a truth and a reading, for people to look at.

use super::Compared;
use crate::{
    grid::{Cell, Direction, Grid, Relation},
    peers::Reading,
    truth::tables::Tables,
};
use std::{collections::HashMap, fmt::Write, fs, path::Path};

/// Writes `<file><suffix>.txt`, relations missing and too many, and `<file><suffix>.html`, the tables themselves.
pub fn keep(folder: &Path, suffix: &str, truth: &Tables, reading: &Reading) {
    let name = truth.file.split('/').skip(1).collect::<Vec<_>>().join("__");
    let path = |extension: &str| folder.join(format!("{name}{suffix}.{extension}"));
    // Nobody's score depends on it.
    let _ = fs::create_dir_all(folder);
    let _ = fs::write(path("txt"), differences(truth, reading));
    let _ = fs::write(path("html"), page(truth, reading));
}

fn differences(truth: &Tables, reading: &Reading) -> String {
    let mut text = String::new();
    for (way, compared) in
        [("structure", super::structure(truth, reading)), ("end to end", Some(super::whole(truth, reading)))]
    {
        let Some(Compared { truth, found }) = compared else { continue };
        let f1 = Compared { truth: truth.clone(), found: found.clone() }.overlap().f1();
        let _ = writeln!(text, "{way}: F1 {f1:.3}, {} true, {} found", truth.len(), found.len());
        for (sign, list) in [("missing", without(&truth, &found)), ("extra", without(&found, &truth))] {
            let _ = writeln!(text, "{way}: {} {sign}", list.len());
            list.iter().for_each(|relation| text.push_str(&line(relation)));
        }
    }
    text
}

fn line(relation: &Relation) -> String {
    let arrow = match relation.direction {
        Direction::Right => "->",
        Direction::Down => "v",
    };
    format!("    {} {arrow} {}\n", relation.from, relation.to)
}

/// What `all` has more often than `known`, in order.
fn without(all: &[Relation], known: &[Relation]) -> Vec<Relation> {
    let mut left: HashMap<&Relation, usize> = HashMap::new();
    known.iter().for_each(|relation| *left.entry(relation).or_default() += 1);
    let is_new = |relation: &&Relation| match left.get_mut(*relation) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    all.iter().filter(is_new).cloned().collect()
}

const STYLE: &str = "<meta charset=utf-8><style>table{border-collapse:collapse;margin:1em;font:12px sans-serif}\
                     td{border:1px solid #888;padding:2px 4px}td.h{background:#ddd}</style>";

fn page(truth: &Tables, reading: &Reading) -> String {
    let mut html = STYLE.to_string();
    for tables in &truth.alternatives {
        tables.iter().for_each(|grid| section(&mut html, "truth", grid));
    }
    reading.given.iter().flatten().for_each(|grid| section(&mut html, "structure", grid));
    reading.tables.iter().flatten().for_each(|grid| section(&mut html, "end to end", grid));
    html
}

fn section(html: &mut String, title: &str, grid: &Grid) {
    let page = grid.page.map(|page| format!(", page {page}")).unwrap_or_default();
    let _ = write!(html, "<h3>{title}{page}</h3><table>");
    for row in 0..grid.rows() {
        html.push_str("<tr>");
        let mut cells: Vec<&Cell> = grid.cells.iter().filter(|cell| cell.row == row).collect();
        cells.sort_by_key(|cell| cell.column);
        let mut next = cells.first().map_or(0, |cell| first_free(grid, row, cell.column));
        for cell in cells {
            (next..cell.column)
                .filter(|column| is_free(grid, row, *column))
                .for_each(|_| html.push_str("<td>"));
            next = cell.columns().end;
            let _ = write!(
                html,
                "<td{} rowspan={} colspan={}>{}",
                if cell.header { " class=h" } else { "" },
                cell.row_span,
                cell.column_span,
                cell.text.replace('&', "&amp;").replace('<', "&lt;")
            );
        }
    }
    html.push_str("</table>");
}

fn first_free(grid: &Grid, row: usize, before: usize) -> usize {
    (0..before).find(|column| is_free(grid, row, *column)).unwrap_or(before)
}

fn is_free(grid: &Grid, row: usize, column: usize) -> bool {
    !grid.cells.iter().any(|cell| cell.rows().contains(&row) && cell.columns().contains(&column))
}
