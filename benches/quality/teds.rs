//! Tree edit distance based similarity of tables (Zhong, ShafieiBavani, Jimeno
//! Yepes: Image-based Table Recognition: Data, Model, and Evaluation, 2020):
//! 1 − tree edit distance / nodes of the larger tree, over trees of a table,
//! its rows and their cells. Head and body are no nodes here, as few truths
//! and tools tell them apart.

use crate::{grid::Grid, metrics::normalised};
use rapidfuzz::distance::levenshtein;

/// What is compared of a cell besides its spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Text,
    /// TEDS-S, for "structure".
    Ignored,
}

pub fn teds(truth: &Grid, reading: &Grid, content: Content) -> f64 {
    let (truth, reading) = (tree(truth), tree(reading));
    let rename = |from: &Node, to: &Node| change(&from.label, &to.label, content);
    1.0 - distance(&truth, &reading, rename) / truth.len().max(reading.len()) as f64
}

/// For each true table TEDS and TEDS-S of the table found that is its counterpart, nought where it has none. Pairs are
/// made by TEDS, from the best downwards.
pub fn of_tables(truth: &[Grid], found: &[Grid]) -> Vec<(f64, f64)> {
    let score = |(t, f): (usize, usize)| (teds(&truth[t], &found[f], Content::Text), t, f);
    let pairs = (0..truth.len()).flat_map(|t| (0..found.len()).map(move |f| (t, f)));
    let mut pairs: Vec<(f64, usize, usize)> = pairs.map(score).collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut scores, mut used) = (vec![None; truth.len()], vec![false; found.len()]);
    for (score, t, f) in pairs {
        if scores[t].is_none() && !used[f] {
            scores[t] = Some((score, teds(&truth[t], &found[f], Content::Ignored)));
            used[f] = true;
        }
    }
    scores.into_iter().map(Option::unwrap_or_default).collect()
}

#[derive(Clone, Debug, PartialEq)]
enum Label {
    Table,
    Row,
    Cell { spans: (usize, usize), text: Vec<char> },
}

/// In a list where children come before their parent.
struct Node {
    label: Label,
    /// Index of the first leaf below it, or of itself.
    first_leaf: usize,
}

fn tree(grid: &Grid) -> Vec<Node> {
    let mut nodes = Vec::new();
    for row in 0..grid.rows() {
        let start = nodes.len();
        let mut cells: Vec<_> = grid.cells.iter().filter(|cell| cell.row == row).collect();
        cells.sort_by_key(|cell| cell.column);
        for cell in cells {
            let label = Label::Cell {
                spans: (cell.row_span, cell.column_span),
                text: normalised(&cell.text).chars().collect(),
            };
            nodes.push(Node { label, first_leaf: nodes.len() });
        }
        nodes.push(Node { label: Label::Row, first_leaf: start });
    }
    nodes.push(Node { label: Label::Table, first_leaf: 0 });
    nodes
}

/// Cost of making one node the other: what differs of their texts, or 1 where anything else differs.
fn change(from: &Label, to: &Label, content: Content) -> f64 {
    match (from, to) {
        (Label::Cell { spans: a, text: from }, Label::Cell { spans: b, text: to }) if a == b => match content
        {
            Content::Text => levenshtein::normalized_distance(from.iter().copied(), to.iter().copied()),
            Content::Ignored => 0.0,
        },
        _ if from == to => 0.0,
        _ => 1.0,
    }
}

/// Tree edit distance (Zhang, Shasha: Simple fast algorithms for the editing distance between trees, 1989).
/// Insertion and deletion cost 1.
fn distance(from: &[Node], to: &[Node], rename: impl Fn(&Node, &Node) -> f64) -> f64 {
    let mut trees = vec![vec![0.0; to.len()]; from.len()];
    for &i in &key_roots(from) {
        for &j in &key_roots(to) {
            forests(from, to, (i, j), &mut trees, &rename);
        }
    }
    trees[from.len() - 1][to.len() - 1]
}

/// The root and every node that has a brother before it.
fn key_roots(nodes: &[Node]) -> Vec<usize> {
    let is_last = |i: &usize| !nodes[i + 1..].iter().any(|later| later.first_leaf == nodes[*i].first_leaf);
    (0..nodes.len()).filter(is_last).collect()
}

/// Fills `trees` for all subtrees that begin where those of the two roots begin.
fn forests(
    from: &[Node],
    to: &[Node],
    (i, j): (usize, usize),
    trees: &mut [Vec<f64>],
    rename: &impl Fn(&Node, &Node) -> f64,
) {
    let (first, second) = (from[i].first_leaf, to[j].first_leaf);
    let (rows, columns) = (i - first + 1, j - second + 1);
    let mut costs = vec![vec![0.0; columns + 1]; rows + 1];
    (1..=rows).for_each(|x| costs[x][0] = x as f64);
    (1..=columns).for_each(|y| costs[0][y] = y as f64);
    for x in 1..=rows {
        for y in 1..=columns {
            let (a, b) = (first + x - 1, second + y - 1);
            let least = (costs[x - 1][y] + 1.0).min(costs[x][y - 1] + 1.0);
            if from[a].first_leaf == first && to[b].first_leaf == second {
                costs[x][y] = least.min(costs[x - 1][y - 1] + rename(&from[a], &to[b]));
                trees[a][b] = costs[x][y];
            } else {
                let before = costs[from[a].first_leaf - first][to[b].first_leaf - second];
                costs[x][y] = least.min(before + trees[a][b]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Cell;

    fn rows(rows: &[&[&str]]) -> Grid {
        Grid::of_rows(&rows.iter().map(|row| row.iter().map(|t| t.to_string()).collect()).collect::<Vec<_>>())
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn equal_tables_are_one_and_a_missing_cell_costs_a_node() {
        // 7 nodes: table, 2 rows, 4 cells.
        let truth = rows(&[&["a", "b"], &["c", "d"]]);
        assert!(close(teds(&truth, &truth, Content::Text), 1.0));
        assert!(close(teds(&truth, &rows(&[&["a", "b"], &["c"]]), Content::Text), 6.0 / 7.0));
        // A row and its two cells.
        assert!(close(teds(&truth, &rows(&[&["a", "b"]]), Content::Text), 4.0 / 7.0));
    }

    #[test]
    fn a_changed_text_costs_its_share_of_letters_and_nothing_for_the_structure() {
        let (truth, found) = (rows(&[&["abcd", "x"]]), rows(&[&["abxd", "x"]]));
        assert!(close(teds(&truth, &found, Content::Text), 1.0 - 0.25 / 4.0));
        assert!(close(teds(&truth, &found, Content::Ignored), 1.0));
    }

    #[test]
    fn a_changed_span_costs_a_node() {
        let wide = Cell { column_span: 2, ..Cell::at(0, 0, "a") };
        let found = Grid { cells: vec![wide], ..Grid::default() };
        assert!(close(teds(&rows(&[&["a"]]), &found, Content::Text), 2.0 / 3.0));
    }

    #[test]
    fn a_cell_in_another_row_is_deleted_and_inserted() {
        let (truth, found) = (rows(&[&["a", "b"], &["c"]]), rows(&[&["a"], &["b", "c"]]));
        assert!(close(teds(&truth, &found, Content::Text), 1.0 - 2.0 / 6.0));
    }

    #[test]
    fn each_true_table_has_one_counterpart_at_most() {
        let (a, b) = (rows(&[&["a", "b"]]), rows(&[&["x", "y"]]));
        let (whole, none) = ((1.0, 1.0), (0.0, 0.0));
        assert_eq!(of_tables(&[a.clone(), b.clone()], &[b.clone(), a.clone()]), [whole, whole]);
        assert_eq!(of_tables(&[a.clone(), a.clone()], &[a]), [whole, none]);
    }
}
