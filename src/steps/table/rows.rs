//! Where rows part: at horizontal rails, and between rows of text that are not
//! one cell's lines.

use super::{
    pieces::{Piece, TextRow, is_figure},
    ruling::{Rail, Ruling},
};
use crate::steps::wording::had_no_room;

/// Of the font size. Lines of one cell are no farther apart than rows are, by this factor.
const LEADING_STEP: f32 = 1.18;
/// Of the font size. Lines of a heading over a column stand as close as this.
const TIGHT: f32 = 1.4;
/// Bands between rails, from which rails part all rows.
const RULED_BANDS: usize = 3;
/// Share of the bands that hold figures one below the other, from which rails part groups of rows.
const STACKED: f32 = 0.25;

/// Words. A line of as many is running text.
const PROSE_WORDS: usize = 4;
/// Points. Where lines end is known no better.
const ROUNDING: f32 = 0.5;

/// The edge between two rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Edge {
    pub(super) at: f32,
    /// The line that is drawn here, if one is.
    pub(super) rail: Option<Rail>,
}

/// What rows are told by.
pub(super) struct Text<'a> {
    pub(super) rows: &'a [TextRow],
    /// Of each row.
    pub(super) pieces: &'a [Vec<Piece>],
    /// From and to of each column.
    pub(super) columns: &'a [(f32, f32)],
    pub(super) size: f32,
}

/// The edges between rows, from the top.
pub(super) fn edges(text: &Text, ruling: &Ruling) -> Vec<Edge> {
    let mut edges = drawn(text, ruling);
    let bands = bands(text, &edges);
    let stacked = |band: &&Vec<usize>| band.windows(2).any(|p| text.stack_figures(&p[..1], p[1]));
    let filled = bands.iter().filter(|b| !b.is_empty()).count();
    let groups = bands.iter().filter(stacked).count();
    let ruled = filled >= RULED_BANDS && groups as f32 <= STACKED * filled as f32;
    let leading = text.leading(&bands);
    let first_figures = (0..text.rows.len()).find(|&r| text.has_figures(r));
    for (n, band) in bands.iter().enumerate() {
        let above_figures = first_figures.is_some_and(|f| band.last().is_some_and(|&last| last < f));
        let one_row = ruled && !stacked(&band) || above_figures && n + 1 < bands.len();
        let leading = leading.filter(|_| !one_row);
        let mut group: Vec<usize> = Vec::new();
        for &row in band {
            if !group.is_empty() && !text.goes_on(&group, row, one_row, leading, first_figures) {
                edges.push(text.between(&group, row));
                group.clear();
            }
            group.push(row);
        }
    }
    edges.sort_by(|a, b| a.at.total_cmp(&b.at));
    edges
}

/// Rails that run along some column, with text above and below.
fn drawn(text: &Text, ruling: &Ruling) -> Vec<Edge> {
    let middles = || text.rows.iter().map(TextRow::middle);
    let (first, last) =
        (middles().fold(f32::INFINITY, f32::min), middles().fold(f32::NEG_INFINITY, f32::max));
    let parts = |rail: &&Rail| first < rail.at && rail.at < last;
    let along = |rail: &&Rail| text.columns.iter().any(|c| rail.bounds(c.0, c.1));
    let rails = ruling.horizontal.iter().filter(parts).filter(along);
    rails.map(|rail| Edge { at: rail.at, rail: Some(rail.clone()) }).collect()
}

/// The rows of text between edges, without those that stand half beside two others.
fn bands(text: &Text, edges: &[Edge]) -> Vec<Vec<usize>> {
    let mut bands = vec![Vec::new(); edges.len() + 1];
    for (n, row) in text.rows.iter().enumerate() {
        if !text.is_between(n) {
            bands[edges.iter().filter(|e| e.at < row.middle()).count()].push(n);
        }
    }
    bands
}

impl Text<'_> {
    fn has_figures(&self, row: usize) -> bool {
        let inner = |p: &&Piece| p.columns.0 > 0 && is_figure(&p.text);
        self.pieces[row].iter().any(|p| inner(&p))
    }

    /// Whether a row has the label of two others, between which it stands.
    fn is_between(&self, n: usize) -> bool {
        let (top, foot) = self.rows[n].band();
        let crosses = |m: usize| {
            let (t, f) = self.rows[m].band();
            f.min(foot) - t.max(top) > 0.15 * self.size && self.pieces[m].len() > self.pieces[n].len()
        };
        (n > 0 && crosses(n - 1)) || (n + 1 < self.rows.len() && crosses(n + 1))
    }

    /// The last piece of the rows that stands in the column alone.
    fn last_in(&self, rows: &[usize], column: usize) -> Option<&Piece> {
        let of = |&r: &usize| self.pieces[r].iter().find(|p| p.columns == (column, column));
        rows.iter().rev().find_map(of)
    }

    /// Whether a figure stands under another, in a column of its own.
    fn stack_figures(&self, above: &[usize], row: usize) -> bool {
        let stacked = |p: &Piece| {
            p.columns.0 == p.columns.1
                && is_figure(&p.text)
                && self.last_in(above, p.columns.0).is_some_and(|a| is_figure(&a.text))
        };
        self.pieces[row].iter().any(stacked)
    }

    /// A distance of baselines that lines of one cell keep below and rows above, if there is one.
    fn leading(&self, bands: &[Vec<usize>]) -> Option<f32> {
        let pairs = || bands.iter().flat_map(|b| b.windows(2));
        let distance = |p: &[usize]| self.rows[p[1]].baseline - self.rows[p[0]].baseline;
        let mut distances: Vec<f32> = pairs().map(distance).collect();
        distances.sort_by(f32::total_cmp);
        let jump = (1..distances.len()).filter(|&i| distances[i] > LEADING_STEP * distances[i - 1]).max_by(
            |&i, &j| (distances[i] / distances[i - 1]).total_cmp(&(distances[j] / distances[j - 1])),
        )?;
        let limit = 0.5 * (distances[jump - 1] + distances[jump]);
        let stacked = pairs().any(|p| distance(p) < limit && self.stack_figures(&p[..1], p[1]));
        (!stacked && distances[0] < TIGHT * self.size).then_some(limit)
    }

    /// Whether a row of text belongs to the cells of the rows above it.
    fn goes_on(
        &self,
        group: &[usize],
        row: usize,
        one_row: bool,
        leading: Option<f32>,
        first_figures: Option<usize>,
    ) -> bool {
        let last = group[group.len() - 1];
        let distance = self.rows[row].baseline - self.rows[last].baseline;
        if self.stack_figures(group, row) {
            return false;
        }
        if self.is_title_over(last, row) {
            return false;
        }
        if one_row {
            return true;
        }
        if let Some(leading) = leading {
            return distance < leading;
        }
        let heading = first_figures.is_some_and(|f| row < f) && distance < TIGHT * self.size;
        heading || self.wraps(group, row)
    }

    /// Whether the upper row has a title over several columns that the lower one names one by one.
    fn is_title_over(&self, upper: usize, lower: usize) -> bool {
        let titles = self.pieces[upper].iter().map(|p| p.columns).filter(|c| c.0 < c.1);
        let mut inner = titles.map(|c| {
            self.pieces[lower]
                .iter()
                .filter(|p| c.0 <= p.columns.0 && p.columns.1 <= c.1 && p.columns != c)
                .count()
        });
        inner.any(|n| n > 0)
    }

    /// Whether each piece of the row goes on with one above it, whose line had no room for its first word.
    fn wraps(&self, group: &[usize], row: usize) -> bool {
        let first = &self.pieces[group[0]];
        let (above, pieces) = (&self.pieces[group[group.len() - 1]], &self.pieces[row]);
        let figures = pieces.iter().any(|p| is_figure(&p.text) && p.columns.0 > 0);
        if !figures && pieces.len() < first.len().max(2) {
            return pieces.iter().all(|p| self.goes_on_in_column(group, p));
        }
        if !figures && self.wraps_whole(group, row) {
            return true;
        }
        // A label that wraps has its figures beside its last line.
        above.len() == 1
            && above[0].columns == (0, 0)
            && pieces.first().is_some_and(|p| p.columns.0 == 0 && self.goes_on_in_column(group, p))
    }

    /// Whether a row that fills as many columns as the one above is its next line: none of its words had room there,
    /// and some of them go on with running text.
    fn wraps_whole(&self, group: &[usize], row: usize) -> bool {
        let words = |p: &Piece| p.text.split_whitespace().count();
        // A cell's lines follow each other: one that is empty in the row above has ended.
        let last = &group[group.len() - 1..];
        let above = |p: &Piece| self.last_in(last, p.columns.0).filter(|a| !is_figure(&a.text));
        let pieces = &self.pieces[row];
        let no_room = |p: &Piece| {
            p.columns.0 == p.columns.1
                && above(p).is_some_and(|a| self.had_no_room(a, p))
                && self.is_wordy(p.columns.0)
        };
        // The longest line of a column never has room for another word, so that alone tells nothing.
        let runs_on =
            |p: &Piece, a: &Piece| p.text.starts_with(char::is_lowercase) || self.is_full_beside(a, p);
        let telling = |p: &Piece| above(p).is_some_and(|a| words(a) >= PROSE_WORDS && runs_on(p, a));
        pieces.iter().all(no_room) && pieces.iter().any(telling)
    }

    /// Whether another line of the column than `above` has no room for the word that `piece` begins with.
    fn is_full_beside(&self, above: &Piece, piece: &Piece) -> bool {
        let own = self.pieces.iter().flatten().filter(|p| p.columns == piece.columns && p.rect != above.rect);
        own.into_iter().any(|other| self.had_no_room(other, piece))
    }

    /// Whether a piece goes on with the last one above it in its column.
    fn goes_on_in_column(&self, group: &[usize], piece: &Piece) -> bool {
        let (column, _) = piece.columns;
        let Some(above) = self.last_in(group, column).filter(|a| !is_figure(&a.text)) else { return false };
        let no_room = || self.is_wordy(column) && self.had_no_room(above, piece);
        piece.text.starts_with(char::is_lowercase) || no_room()
    }

    fn had_no_room(&self, above: &Piece, piece: &Piece) -> bool {
        had_no_room(above.rect.x1, self.size, piece.first_word, self.right_of(piece.columns.0) + ROUNDING)
    }

    /// Whether cells of a column hold more than one word, without which nothing wraps.
    fn is_wordy(&self, column: usize) -> bool {
        let mut own = self.pieces.iter().flatten().filter(|p| p.columns == (column, column));
        own.any(|p| p.text.contains(char::is_whitespace))
    }

    /// Where the text of a column ends.
    fn right_of(&self, column: usize) -> f32 {
        let own = self.pieces.iter().flatten().filter(|p| p.columns == (column, column));
        own.map(|p| p.rect.x1).fold(f32::NEG_INFINITY, f32::max)
    }

    fn between(&self, group: &[usize], row: usize) -> Edge {
        let above = group.iter().map(|&r| self.rows[r].baseline).fold(f32::NEG_INFINITY, f32::max);
        let (top, _) = self.rows[row].band();
        Edge { at: above + 0.6 * (top - above).max(0.0), rail: None }
    }
}
