//! Whether low confidence is where the mistakes are.

use crate::{
    grid::{Grid, Relation, bare, neighbours},
    metrics,
};
use std::collections::HashMap;

/// What a confidence stands for, with how much of it is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    pub confidence: f32,
    pub wrong: usize,
}

/// Each cell that holds text, table by table. One is wrong if any of its relations is not in the truth, or if it has
/// none at all. Tables of tools that give no confidence are left out.
pub fn cells(truth: &[Relation], found: &[Grid]) -> Vec<(f32, Vec<Judged>)> {
    let mut left: HashMap<&Relation, usize> = HashMap::new();
    truth.iter().for_each(|relation| *left.entry(relation).or_default() += 1);
    let mut tables = Vec::new();
    for grid in found {
        let (mut right, mut wrong) = (vec![false; grid.cells.len()], vec![false; grid.cells.len()]);
        for pair in neighbours(grid) {
            let is_known = match left.get_mut(&pair.relation) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    true
                }
                _ => false,
            };
            let side = if is_known { &mut right } else { &mut wrong };
            pair.cells.iter().for_each(|cell| side[*cell] = true);
        }
        let judged = |(index, cell): (usize, &crate::grid::Cell)| {
            let is_wrong = wrong[index] || !right[index];
            Some(Judged { confidence: cell.confidence?, wrong: usize::from(is_wrong) })
        };
        let full = grid.cells.iter().enumerate().filter(|(_, cell)| !bare(&cell.text).is_empty());
        tables.extend(grid.confidence.map(|confidence| (confidence, full.filter_map(judged).collect())));
    }
    tables
}

/// Of all that is wrong, the share in that tenth of the items that has the lowest confidence. Items of one
/// confidence share alike what of them belongs to the tenth. `None` where nothing is wrong.
pub fn in_worst_tenth(items: &[Judged]) -> Option<f64> {
    let mut items = items.to_vec();
    items.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let total: usize = items.iter().map(|item| item.wrong).sum();
    let (mut room, mut caught) = (items.len() as f64 / 10.0, 0.0);
    for group in items.chunk_by(|a, b| a.confidence == b.confidence) {
        let part = (room / group.len() as f64).clamp(0.0, 1.0);
        caught += part * group.iter().map(|item| item.wrong as f64).sum::<f64>();
        room -= group.len() as f64;
    }
    (total > 0).then(|| metrics::ratio(caught, total as f64, 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Cell, relations};

    fn grid(texts: &[(&str, f32)]) -> Grid {
        let cell = |(column, (text, confidence)): (usize, &(&str, f32))| Cell {
            confidence: Some(*confidence),
            ..Cell::at(0, column, text)
        };
        Grid { cells: texts.iter().enumerate().map(cell).collect(), confidence: Some(0.5), ..Grid::default() }
    }

    #[test]
    fn a_cell_is_wrong_with_its_relations() {
        let truth = relations([&grid(&[("a", 1.0), ("b", 1.0), ("c", 1.0)])]);
        let found =
            cells(&truth, &[grid(&[("a", 0.9), ("b", 0.8), ("", 0.1), ("x", 0.2)]), grid(&[("c", 0.3)])]);
        let wrong = |table: usize| found[table].1.iter().map(|cell| cell.wrong).collect::<Vec<_>>();
        assert_eq!(wrong(0), [0, 1, 1]);
        assert_eq!(wrong(1), [1]);
    }

    #[test]
    fn the_worst_tenth_is_by_confidence_and_ties_share_it() {
        let items = |low: f32| {
            (0..10).map(move |n| Judged {
                confidence: if n == 0 { low } else { 0.9 },
                wrong: usize::from(n < 2),
            })
        };
        assert_eq!(in_worst_tenth(&items(0.1).collect::<Vec<_>>()), Some(0.5));
        // All alike: a tenth of each.
        assert_eq!(in_worst_tenth(&items(0.9).collect::<Vec<_>>()), Some(0.1));
        assert_eq!(in_worst_tenth(&[Judged { confidence: 0.1, wrong: 0 }]), None);
    }
}
