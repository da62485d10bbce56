//! Tables as every tool's output and every truth gives them: cells with a
//! place and a text. And what is compared of them: adjacency relations.

use crate::metrics::normalised;
use flatleaf::{content::Table, geometry::Rect};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Grid {
    /// From 1; `None` where the tool does not say.
    pub page: Option<usize>,
    /// Points from the top left of the page as displayed; `None` where the tool does not say.
    pub rect: Option<Rect>,
    pub cells: Vec<Cell>,
    /// From Flatleaf alone.
    pub confidence: Option<f32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cell {
    /// Counted from 0.
    pub row: usize,
    /// Counted from 0.
    pub column: usize,
    pub row_span: usize,
    pub column_span: usize,
    pub text: String,
    /// In rows at the top that name the columns.
    pub header: bool,
    /// From Flatleaf alone.
    pub confidence: Option<f32>,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            row: 0,
            column: 0,
            row_span: 1,
            column_span: 1,
            text: String::new(),
            header: false,
            confidence: None,
        }
    }
}

impl Cell {
    pub fn at(row: usize, column: usize, text: &str) -> Self {
        Self { row, column, text: text.to_string(), ..Self::default() }
    }

    pub fn rows(&self) -> std::ops::Range<usize> {
        self.row..self.row + self.row_span.max(1)
    }

    pub fn columns(&self) -> std::ops::Range<usize> {
        self.column..self.column + self.column_span.max(1)
    }
}

impl Grid {
    /// Of cells that cover one place each.
    pub fn of_rows(rows: &[Vec<String>]) -> Self {
        let cells = rows.iter().enumerate().flat_map(|(row, texts)| {
            texts.iter().enumerate().map(move |(column, text)| Cell::at(row, column, text))
        });
        Self { cells: cells.collect(), ..Self::default() }
    }

    /// Flatleaf's; `rect` as displayed.
    pub fn of(table: &Table, page: usize, rect: Rect) -> Self {
        let cell = |cell: &flatleaf::content::Cell| Cell {
            row: cell.row,
            column: cell.column,
            row_span: cell.row_span,
            column_span: cell.column_span,
            text: cell.text.clone(),
            header: cell.row < table.header_rows,
            confidence: Some(cell.confidence),
        };
        Self {
            page: Some(page),
            rect: Some(rect),
            cells: table.cells.iter().map(cell).collect(),
            confidence: Some(table.confidence),
        }
    }

    pub fn rows(&self) -> usize {
        self.cells.iter().map(|cell| cell.rows().end).max().unwrap_or(0)
    }

    pub fn columns(&self) -> usize {
        self.cells.iter().map(|cell| cell.columns().end).max().unwrap_or(0)
    }

    /// The words of all cells.
    pub fn text(&self) -> String {
        normalised(&self.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" "))
    }

    /// Which cell covers each place. Where two do, which no sound table has, the first.
    fn places(&self) -> HashMap<(usize, usize), usize> {
        let mut places = HashMap::new();
        for (index, cell) in self.cells.iter().enumerate() {
            for row in cell.rows() {
                for column in cell.columns() {
                    places.entry((row, column)).or_insert(index);
                }
            }
        }
        places
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    Right,
    Down,
}

/// That one text is the next after another in a row or column (Göbel, Hassan,
/// Oro, Orsi: A Methodology for Evaluating Algorithms for Table Understanding
/// in PDF Documents, 2012). Texts without white space.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Relation {
    pub from: String,
    pub to: String,
    pub direction: Direction,
}

/// A relation with the cells that it holds between, as indices into [`Grid::cells`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbours {
    pub cells: [usize; 2],
    pub relation: Relation,
}

/// Each cell that holds text with the nearest such cell to its right and below
/// it. A cell that spans rows or columns looks out of each of them; two cells
/// are neighbours once in a direction, along however many rows they meet.
pub fn neighbours(grid: &Grid) -> Vec<Neighbours> {
    let texts: Vec<String> = grid.cells.iter().map(|cell| bare(&cell.text)).collect();
    let places = grid.places();
    let (rows, columns) = (grid.rows(), grid.columns());
    let full = |row, column| places.get(&(row, column)).copied().filter(|cell| !texts[*cell].is_empty());
    let mut pairs = BTreeSet::new();
    for (from, cell) in grid.cells.iter().enumerate().filter(|(index, _)| !texts[*index].is_empty()) {
        for row in cell.rows() {
            let next = (cell.columns().end..columns).find_map(|column| full(row, column));
            pairs.extend(next.map(|to| (from, Direction::Right, to)));
        }
        for column in cell.columns() {
            let next = (cell.rows().end..rows).find_map(|row| full(row, column));
            pairs.extend(next.map(|to| (from, Direction::Down, to)));
        }
    }
    let named = |(from, direction, to): (usize, Direction, usize)| Neighbours {
        cells: [from, to],
        relation: Relation { from: texts[from].clone(), to: texts[to].clone(), direction },
    };
    pairs.into_iter().map(named).collect()
}

/// All relations of `tables`.
pub fn relations<'a>(tables: impl IntoIterator<Item = &'a Grid>) -> Vec<Relation> {
    tables.into_iter().flat_map(neighbours).map(|pair| pair.relation).collect()
}

/// Normalised, then without white space: the competition compared texts so.
pub fn bare(text: &str) -> String {
    normalised(text).split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(from: &str, to: &str) -> Relation {
        Relation { from: from.into(), to: to.into(), direction: Direction::Right }
    }

    fn down(from: &str, to: &str) -> Relation {
        Relation { from: from.into(), to: to.into(), direction: Direction::Down }
    }

    fn sorted(grid: &Grid) -> Vec<Relation> {
        let mut all = relations([grid]);
        all.sort();
        all
    }

    fn rows(rows: &[&[&str]]) -> Grid {
        Grid::of_rows(&rows.iter().map(|row| row.iter().map(|t| t.to_string()).collect()).collect::<Vec<_>>())
    }

    #[test]
    fn neighbours_are_found_to_the_right_and_below() {
        let grid = rows(&[&["a", "b"], &["c", "d"]]);
        assert_eq!(sorted(&grid), [right("a", "b"), down("a", "c"), down("b", "d"), right("c", "d")]);
    }

    #[test]
    fn empty_cells_are_looked_across() {
        let grid = rows(&[&["a", "", "b"], &["", "", ""], &["c", "", ""]]);
        assert_eq!(sorted(&grid), [right("a", "b"), down("a", "c")]);
    }

    #[test]
    fn a_spanning_cell_has_each_neighbour_once() {
        // | head  |
        // | a | b |
        let head = Cell { column_span: 2, ..Cell::at(0, 0, "head") };
        let grid = Grid { cells: vec![head, Cell::at(1, 0, "a"), Cell::at(1, 1, "b")], ..Grid::default() };
        assert_eq!(sorted(&grid), [right("a", "b"), down("head", "a"), down("head", "b")]);
        // Two rows tall beside two rows tall: they meet in both rows and are one pair.
        let tall = |column, text| Cell { row_span: 2, ..Cell::at(0, column, text) };
        let grid = Grid { cells: vec![tall(0, "x"), tall(1, "y")], ..Grid::default() };
        assert_eq!(sorted(&grid), [right("x", "y")]);
    }

    #[test]
    fn texts_are_compared_without_white_space() {
        assert_eq!(bare(" 1 234\u{a0}ﬁ\nx "), "1234fix");
    }
}
