//! The grid between edges, and which of its cells are one.

use super::{
    columns::Bound,
    doubt::Evidence,
    pieces::{Piece, is_figure},
    rows::Edge,
};
use crate::{
    content::{Cell, Table},
    geometry::Rect,
    steps::wording::had_no_room,
};

/// Of a piece's height. It stands in a row that it reaches into by more.
const IN_ROW: f32 = 0.3;
/// Points. A box covers what lies this far inside it.
const SHADED: f32 = 2.0;

/// Of the font size. Text ends this far before the edge of its column.
const PADDING: f32 = 0.5;

/// The lines of a grid.
pub(super) struct Grid<'a> {
    pub(super) rect: Rect,
    /// Shaded cells and bands.
    pub(super) boxes: &'a [Rect],
    pub(super) bounds: &'a [Bound],
    pub(super) edges: &'a [Edge],
}

/// Rows and columns, first and last of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    rows: (usize, usize),
    columns: (usize, usize),
}

impl Block {
    fn place(row: usize, column: usize) -> Self {
        Self { rows: (row, row), columns: (column, column) }
    }

    fn meets(&self, other: &Block) -> bool {
        let meet = |a: (usize, usize), b: (usize, usize)| a.0 <= b.1 && b.0 <= a.1;
        meet(self.rows, other.rows) && meet(self.columns, other.columns)
    }

    fn around(&self, other: &Block) -> Block {
        let around = |a: (usize, usize), b: (usize, usize)| (a.0.min(b.0), a.1.max(b.1));
        Block { rows: around(self.rows, other.rows), columns: around(self.columns, other.columns) }
    }
}

impl Grid<'_> {
    fn rows(&self) -> usize {
        self.edges.len() + 1
    }

    fn columns(&self) -> usize {
        self.bounds.len() + 1
    }

    /// From and to of a row.
    fn row(&self, n: usize) -> (f32, f32) {
        let top = n.checked_sub(1).map_or(self.rect.y0, |i| self.edges[i].at);
        (top, self.edges.get(n).map_or(self.rect.y1, |e| e.at))
    }

    /// From and to of a column.
    pub(super) fn column(&self, n: usize) -> (f32, f32) {
        let left = n.checked_sub(1).map_or(self.rect.x0, |i| self.bounds[i].at);
        (left, self.bounds.get(n).map_or(self.rect.x1, |b| b.at))
    }

    /// The rows that a piece stands in.
    fn rows_of(&self, piece: &Piece) -> (usize, usize) {
        let (top, foot) = piece.band();
        let height = foot - top;
        let inside = |n: &usize| {
            let (from, to) = self.row(*n);
            to.min(foot) - from.max(top) > IN_ROW * height
        };
        let rows: Vec<usize> = (0..self.rows()).filter(inside).collect();
        match (rows.first(), rows.last()) {
            (Some(&first), Some(&last)) => (first, last),
            _ => {
                let middle = 0.5 * (top + foot);
                let n = self.edges.iter().filter(|e| e.at < middle).count();
                (n, n)
            }
        }
    }

    /// Cells that are one because no line is drawn between them where the grid has one elsewhere.
    fn open(&self, pieces: &[Piece], placed: &[Block]) -> Vec<Block> {
        let mut open = Vec::new();
        for row in 0..self.rows() {
            let (from, to) = self.row(row);
            let ruled = self.bounds.iter().any(|b| b.is_drawn(from, to));
            for (k, bound) in self.bounds.iter().enumerate().filter(|_| ruled) {
                let rail = bound.rail.as_ref().filter(|rail| !rail.bounds(from, to));
                let place = Rect::new(bound.at, from, bound.at, to);
                let missing = rail.is_some_and(|rail| rail.drawn || self.is_shaded_over(&place));
                let filled = |column| placed.iter().any(|b| b.meets(&Block::place(row, column)));
                if missing && !(filled(k) && filled(k + 1)) {
                    open.push(Block { rows: (row, row), columns: (k, k + 1) });
                }
            }
        }
        for column in 0..self.columns() {
            let (from, to) = self.column(column);
            for (k, edge) in self.edges.iter().enumerate() {
                let Some(rail) = edge.rail.as_ref().filter(|rail| !rail.bounds(from, to)) else { continue };
                let shaded = self.is_shaded_over(&Rect::new(from, edge.at, to, edge.at));
                if (shaded || rail.drawn) && self.go_on((k, column), pieces, placed) {
                    open.push(Block { rows: (k, k + 1), columns: (column, column) });
                }
            }
        }
        open
    }

    /// Whether the text under a place goes on with the text in it; also where one of the two has none.
    fn go_on(&self, (row, column): (usize, usize), pieces: &[Piece], placed: &[Block]) -> bool {
        let of = |row: usize| {
            let here = Block::place(row, column);
            pieces.iter().zip(placed).filter(move |(_, b)| b.meets(&here)).map(|(piece, _)| piece)
        };
        let (Some(upper), Some(lower)) = (of(row).next_back(), of(row + 1).next()) else { return true };
        let right = self.column(column).1 - PADDING * upper.size;
        let small_start = lower.text.starts_with(|c: char| c.is_lowercase() || c == '(');
        // Where both lines have figures beside them, each is a label unless its first letter says otherwise.
        let figures = |row: usize| {
            let of_row = |b: &Block| b.rows == (row, row) && b.columns.0 != column;
            pieces.iter().zip(placed).any(|(piece, b)| of_row(b) && is_figure(&piece.text))
        };
        let labels = figures(row) && figures(row + 1);
        upper.columns == lower.columns
            && !is_figure(&upper.text)
            && !is_figure(&lower.text)
            && (small_start || !labels && had_no_room(upper.rect.x1, upper.size, lower.first_word, right))
    }

    /// Whether one box covers the cells on both sides of a place.
    fn is_shaded_over(&self, place: &Rect) -> bool {
        let middle = place.center();
        let over = |b: &Rect| {
            b.inflate(-SHADED).contains(middle)
                && b.overlap_x(place) >= 0.5 * place.width()
                && b.overlap_y(place) >= 0.5 * place.height()
        };
        self.boxes.iter().any(over)
    }

    /// The table of these pieces.
    pub(super) fn table(&self, pieces: &[Piece]) -> Table {
        let placed: Vec<Block> =
            pieces.iter().map(|p| Block { rows: self.rows_of(p), columns: p.columns }).collect();
        let mut blocks = placed.clone();
        blocks.extend(self.open(pieces, &placed));
        let blocks = self.whole(merged(blocks));
        let cells = blocks.iter().map(|block| {
            let own = pieces.iter().zip(&placed).filter(|(_, p)| p.meets(block)).map(|(piece, _)| piece);
            self.cell(block, own.collect())
        });
        let mut table = Table {
            rect: self.rect,
            rows: self.rows(),
            columns: self.columns(),
            cells: cells.collect(),
            ..Table::default()
        };
        table.cells.sort_by_key(|c| (c.row, c.column));
        table
    }

    /// These blocks and a cell for each place that none of them covers.
    fn whole(&self, mut blocks: Vec<Block>) -> Vec<Block> {
        for row in 0..self.rows() {
            for column in 0..self.columns() {
                let here = Block::place(row, column);
                if !blocks.iter().any(|b| b.meets(&here)) {
                    blocks.push(here);
                }
            }
        }
        blocks
    }

    fn evidence<'a>(&'a self, block: &Block, pieces: &'a [&'a Piece]) -> Evidence<'a> {
        let (first, last) = block.columns;
        let before = |n: usize| n.checked_sub(1);
        Evidence {
            pieces,
            inner: &self.bounds[first..last],
            beside: [before(first).and_then(|n| self.bounds.get(n)), self.bounds.get(last)],
            over_and_under: [
                before(block.rows.0).and_then(|n| self.edges.get(n)),
                self.edges.get(block.rows.1),
            ],
            tall: block.rows.0 < block.rows.1,
        }
    }

    fn cell(&self, block: &Block, mut pieces: Vec<&Piece>) -> Cell {
        pieces.sort_by(|a, b| a.row.cmp(&b.row).then(a.rect.x0.total_cmp(&b.rect.x0)));
        let texts: Vec<&str> = pieces.iter().map(|p| p.text.as_str()).collect();
        let (left, right) = (self.column(block.columns.0).0, self.column(block.columns.1).1);
        let (top, foot) = (self.row(block.rows.0).0, self.row(block.rows.1).1);
        Cell {
            row: block.rows.0,
            column: block.columns.0,
            row_span: block.rows.1 - block.rows.0 + 1,
            column_span: block.columns.1 - block.columns.0 + 1,
            header: false,
            text: texts.join(" "),
            confidence: self.evidence(block, &pieces).confidence(),
            rect: Rect::new(left, top, right, foot),
        }
    }
}

/// Blocks of which no two meet: those that do are one.
fn merged(mut blocks: Vec<Block>) -> Vec<Block> {
    let mut apart: Vec<Block> = Vec::with_capacity(blocks.len());
    while let Some(mut block) = blocks.pop() {
        while let Some(i) = apart.iter().position(|b| b.meets(&block)) {
            block = block.around(&apart.swap_remove(i));
        }
        apart.push(block);
    }
    apart
}
