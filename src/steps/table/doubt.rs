//! What speaks against a cell: how far its words, its edges and its neighbours leave open where it begins and ends.
//!
//! Nothing here is a probability. Cells are ranked: what is drawn and stands alone is sure, what was put together of
//! several texts, or parted by little white space, is not. The factors were chosen by what wrong cells have in common
//! in the benchmark's scans.

use super::{
    columns::Bound,
    pieces::{Piece, is_figure},
    rows::Edge,
};
use crate::content::Table;

/// Texts that stand beside each other were put into one cell, for no edge parts them.
const SIDE_BY_SIDE: f32 = 0.6;
/// Each line that was put into a cell without rules over and under it, up to [`MOST_LINES`].
const LINE: f32 = 0.85;
const MOST_LINES: usize = 4;
/// Lines between two rules are one cell's.
const RULED_LINES: f32 = 0.97;
/// A cell over columns or rows that only its text tells.
const SPAN: f32 = 0.75;
/// A figure that reaches over an edge.
const FIGURE_ASTRIDE: f32 = 0.7;
/// An edge beside the cell with hardly any white space, and none of it at [`WIDE`].
const NARROW: f32 = 0.8;
/// Of the font size. White space as wide as this parts columns for sure.
const WIDE: f32 = 1.5;
/// Titles are set more freely than what they head.
const TITLE: f32 = 0.85;
/// Of its own confidence: what a cell keeps beside one of none, as both stand where the edge between them says.
const BESIDE: f32 = 0.7;

/// The edges around a cell, those within it, and its texts.
pub(super) struct Evidence<'a> {
    pub(super) pieces: &'a [&'a Piece],
    /// Between its columns.
    pub(super) inner: &'a [Bound],
    /// Left and right of it.
    pub(super) beside: [Option<&'a Bound>; 2],
    /// Over and under it; `None` at the table's own edge.
    pub(super) over_and_under: [Option<&'a Edge>; 2],
    /// Whether it covers several rows.
    pub(super) tall: bool,
}

impl Evidence<'_> {
    /// 0 to 1, by what stands in the cell and around it.
    pub(super) fn confidence(&self) -> f32 {
        let read = self.pieces.iter().map(|p| p.confidence).fold(1.0, f32::min);
        read * self.lines() * self.spans() * self.edges()
    }

    fn lines(&self) -> f32 {
        let mut rows: Vec<usize> = self.pieces.iter().map(|p| p.row).collect();
        let all = rows.len();
        rows.dedup();
        let abreast = if rows.len() < all { SIDE_BY_SIDE } else { 1.0 };
        let ruled = self.over_and_under.iter().all(|edge| edge.is_none_or(|e| e.rail.is_some()));
        let line = if ruled { RULED_LINES } else { LINE };
        abreast * line.powi(rows.len().clamp(1, MOST_LINES) as i32 - 1)
    }

    fn spans(&self) -> f32 {
        let guessed = !self.inner.is_empty() && self.inner.iter().all(|bound| bound.rail.is_none());
        let figure = !self.inner.is_empty() && self.pieces.iter().any(|p| is_figure(&p.text));
        let tall = self.tall && self.over_and_under.iter().any(|edge| edge.is_some_and(|e| e.rail.is_none()));
        let factor = |is: bool, factor: f32| if is { factor } else { 1.0 };
        factor(guessed || tall, SPAN) * factor(figure, FIGURE_ASTRIDE)
    }

    /// The less white space parts it from its neighbours.
    fn edges(&self) -> f32 {
        let Some(size) = self.pieces.first().map(|p| p.size) else { return 1.0 };
        let bare = self.beside.iter().flatten().filter(|b| b.rail.is_none());
        let narrowest = bare.map(|b| (b.gap.1 - b.gap.0) / size).fold(WIDE, f32::min);
        NARROW + (1.0 - NARROW) * (narrowest / WIDE).clamp(0.0, 1.0)
    }
}

/// Lowers what depends on others: titles, cells beside doubtful ones, and the table as a whole.
pub(super) fn weigh(table: &mut Table) {
    for cell in table.cells.iter_mut().filter(|c| c.header) {
        cell.confidence *= TITLE;
    }
    let own: Vec<f32> = table.cells.iter().map(|c| c.confidence).collect();
    let least = neighbours(table);
    for ((cell, own), least) in table.cells.iter_mut().zip(&own).zip(least) {
        cell.confidence = own * (BESIDE + (1.0 - BESIDE) * least.min(1.0));
    }
    let filled: Vec<f32> = table.filled().map(|c| c.confidence).collect();
    let mean = filled.iter().sum::<f32>() / filled.len().max(1) as f32;
    table.confidence *= mean;
}

/// For each cell the least confidence of those that touch it; 1 where none does.
fn neighbours(table: &Table) -> Vec<f32> {
    let mut places = vec![vec![None; table.columns]; table.rows];
    for (n, cell) in table.cells.iter().enumerate() {
        for row in places.iter_mut().skip(cell.row).take(cell.row_span) {
            row.iter_mut().skip(cell.column).take(cell.column_span).for_each(|place| *place = Some(n));
        }
    }
    let mut least = vec![1.0f32; table.cells.len()];
    let mut meet = |a: Option<usize>, b: Option<usize>| {
        let (Some(a), Some(b)) = (a, b) else { return };
        if a != b {
            least[a] = least[a].min(table.cells[b].confidence);
            least[b] = least[b].min(table.cells[a].confidence);
        }
    };
    for row in 0..table.rows {
        for column in 0..table.columns {
            let here = places[row][column];
            meet(here, places[row].get(column + 1).copied().flatten());
            meet(here, places.get(row + 1).and_then(|below| below[column]));
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Cell;

    fn table(confidences: &[f32]) -> Table {
        let cell = |(column, confidence): (usize, &f32)| Cell {
            row: 0,
            column,
            row_span: 1,
            column_span: 1,
            header: false,
            text: "a".into(),
            confidence: *confidence,
            rect: Default::default(),
        };
        let cells: Vec<Cell> = confidences.iter().enumerate().map(cell).collect();
        Table { rows: 1, columns: cells.len(), cells, confidence: 1.0, ..Table::default() }
    }

    #[test]
    fn a_cell_beside_a_doubtful_one_is_doubted_less() {
        let mut table = table(&[1.0, 1.0, 0.5]);
        weigh(&mut table);
        let of = |n: usize| table.cells[n].confidence;
        assert!(of(0) > of(1) && of(1) > of(2), "{:?}", table.cells);
        assert!(table.confidence < 1.0);
    }

    #[test]
    fn a_title_is_less_sure_than_what_it_heads() {
        let mut titles = table(&[1.0]);
        titles.cells[0].header = true;
        weigh(&mut titles);
        assert!(titles.cells[0].confidence < 1.0);
        weigh(&mut Table::default());
    }
}
