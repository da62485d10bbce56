//! Two readings of one table to one: the grid that words and rules make, and
//! what a model sees.
//!
//! Where they agree, both are surer. Where they differ, evidence decides: drawn
//! rules win; without, the model's grid is taken only if each word of the table
//! stands in exactly one of its cells and no rule runs through any of them. Else
//! the geometric grid stays, less sure of itself.

use super::{
    AROUND, Sheet,
    model::{Slot, Structure},
    pieces::{self, Ink},
    ruling::{Rail, Ruling},
};
use crate::{
    content::{Cell, Table},
    geometry::Rect,
};

/// Share of the cells that both see alike, in grids of one size, from which the two agree.
const AGREED: f32 = 0.9;
/// Of what is missing to certainty. Agreement makes up so much of it: little, as the model also agrees with grids that
/// are wrong, such as all those of the four worst files of ICDAR 2013.
const SURER: f32 = 0.25;
/// Of the confidence. What is left of it when nothing agrees.
const DOUBTED: f32 = 0.5;
/// Of a word's area. It stands in a cell that holds more: the model's boxes follow the text, but not closely.
const IN_CELL: f32 = 0.3;
/// Of that share. Another cell that holds more holds the word as well.
const ALSO: f32 = 0.5;
/// Points. Neighbours may lap over each other by this much: boxes of words are not exact.
const LAP: f32 = 2.0;

/// `table`, weighed against what the model sees in its place.
pub fn fused(sheet: &Sheet, seen: &Structure, table: Table) -> Table {
    if seen.slots.is_empty() {
        return table;
    }
    let agreement = agreement(&table, seen);
    if agreement >= AGREED {
        let confidence = table.confidence + SURER * (1.0 - table.confidence) * agreement;
        return Table { confidence, ..table };
    }
    let ruling = Ruling::within(sheet, &table.rect);
    if is_drawn(&table, &ruling) {
        return table;
    }
    let confidence = table.confidence * (DOUBTED + (1.0 - DOUBTED) * agreement);
    match adopted(sheet, seen, &table, &ruling) {
        Some(model) => Table { confidence: confidence.max(table.confidence * seen.confidence), ..model },
        None => Table { confidence, ..table },
    }
}

/// 0 to 1: how alike the numbers of rows and of columns are, times the share of filled cells that both see with the
/// same spans.
fn agreement(table: &Table, seen: &Structure) -> f32 {
    let alike = |a: usize, b: usize| a.min(b) as f32 / a.max(b).max(1) as f32;
    let filled: Vec<&Cell> = table.cells.iter().filter(|c| !c.text.is_empty()).collect();
    let same = filled.iter().filter(|cell| is_seen_alike(cell, table, seen)).count();
    alike(table.rows, seen.rows) * alike(table.columns, seen.columns) * same as f32
        / filled.len().max(1) as f32
}

/// Whether the model sees this cell with its spans: in its place in a grid of the same size, else where the boxes
/// overlap most. On pages unlike those it learned from, the model's boxes go astray before its grid does.
fn is_seen_alike(cell: &Cell, table: &Table, seen: &Structure) -> bool {
    if (table.rows, table.columns) == (seen.rows, seen.columns) {
        let place = (cell.row, cell.column, cell.row_span, cell.column_span);
        return seen.slots.iter().any(|s| (s.row, s.column, s.row_span, s.column_span) == place);
    }
    let shared = |slot: &Slot| slot.rect.overlap_area(&cell.rect);
    let Some(slot) = seen.slots.iter().max_by(|a, b| shared(a).total_cmp(&shared(b))) else { return false };
    let lies_here = shared(slot) > 0.5 * slot.rect.area().min(cell.rect.area());
    lies_here && (slot.row_span, slot.column_span) == (cell.row_span, cell.column_span)
}

/// Whether rules part all rows and all columns.
fn is_drawn(table: &Table, ruling: &Ruling) -> bool {
    let inner = |rails: &[Rail], from: f32, to: f32| {
        rails.iter().filter(|r| r.drawn && r.at > from + LAP && r.at < to - LAP).count()
    };
    let rect = &table.rect;
    inner(&ruling.vertical, rect.x0, rect.x1) + 1 >= table.columns
        && inner(&ruling.horizontal, rect.y0, rect.y1) + 1 >= table.rows
}

/// A model's cell with the words in it.
struct Body {
    slot: Slot,
    inks: Vec<Ink>,
    /// Around its words; where the model sees it if it has none.
    rect: Rect,
}

/// The model's grid with the table's words; `None` if they do not fit each other.
fn adopted(sheet: &Sheet, seen: &Structure, table: &Table, ruling: &Ruling) -> Option<Table> {
    let bodies = bodies(&pieces::within(sheet, &table.rect.inflate(AROUND)), seen)?;
    if bodies.iter().any(|body| is_crossed(body, ruling)) {
        return None;
    }
    let columns = edges(&bodies, seen.columns, (table.rect.x0, table.rect.x1), |b| {
        (b.slot.column, b.slot.column_span, b.rect.x0, b.rect.x1)
    })?;
    let rows = edges(&bodies, seen.rows, (table.rect.y0, table.rect.y1), |b| {
        (b.slot.row, b.slot.row_span, b.rect.y0, b.rect.y1)
    })?;
    let mut cells: Vec<Cell> = bodies.into_iter().map(|body| cell(body, &rows, &columns)).collect();
    let bare: Vec<Cell> = bare(seen).map(|slot| cell(Body::empty(slot), &rows, &columns)).collect();
    cells.extend(bare);
    cells.sort_by_key(|c| (c.row, c.column));
    let (rows, columns) = (seen.rows, seen.columns);
    Some(Table { rows, columns, header_rows: header_rows(seen), cells, ..table.clone() })
}

/// The model's cells with their words; `None` if a word stands in none of them or in two.
fn bodies(inks: &[Ink], seen: &Structure) -> Option<Vec<Body>> {
    let mut bodies: Vec<Body> = seen.slots.iter().copied().map(Body::empty).collect();
    for ink in inks {
        let mut holding: Vec<(f32, usize)> =
            bodies.iter().enumerate().map(|(n, b)| (ink.rect.share_in(&b.slot.rect), n)).collect();
        holding.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (share, best) = *holding.first()?;
        if share < IN_CELL || holding.get(1).is_some_and(|second| second.0 > ALSO * share) {
            return None;
        }
        bodies[best].inks.push(ink.clone());
    }
    for body in &mut bodies {
        body.rect = Rect::around_all(body.inks.iter().map(|i| &i.rect)).unwrap_or(body.slot.rect);
    }
    Some(bodies)
}

impl Body {
    fn empty(slot: Slot) -> Self {
        Self { slot, inks: Vec::new(), rect: slot.rect }
    }
}

/// Whether a rule parts the words of a cell.
fn is_crossed(body: &Body, ruling: &Ruling) -> bool {
    let inner = body.rect.inflate(-LAP);
    let parts = |rail: &Rail, across: (f32, f32), along: (f32, f32)| {
        rail.drawn && across.0 < rail.at && rail.at < across.1 && rail.bounds(along.0, along.1)
    };
    let (x, y) = ((inner.x0, inner.x1), (inner.y0, inner.y1));
    let flat = ruling.horizontal.iter().any(|rail| parts(rail, y, x));
    !body.inks.is_empty() && (flat || ruling.vertical.iter().any(|rail| parts(rail, x, y)))
}

/// The lines of a grid one way: those around it and, between two rows or columns, the middle of the gap between what
/// ends and what begins there. `extent` gives first, number, from and to. `None` if there is no gap.
fn edges(
    bodies: &[Body],
    count: usize,
    around: (f32, f32),
    extent: impl Fn(&Body) -> (usize, usize, f32, f32),
) -> Option<Vec<f32>> {
    let mut edges = vec![around.0];
    for n in 1..count {
        // What is empty says where it stands only if nothing else does.
        let bound = |filled: bool| {
            let own = || bodies.iter().filter(|b| b.inks.is_empty() != filled).map(&extent);
            let before = own().filter(|e| e.0 + e.1 == n).map(|e| e.3).reduce(f32::max)?;
            let after = own().filter(|e| e.0 == n).map(|e| e.2).reduce(f32::min)?;
            (after - before > -LAP).then_some(0.5 * (before + after))
        };
        let at = bound(true).or_else(|| bound(false))?;
        let last = *edges.last()?;
        if at <= last || at >= around.1 {
            return None;
        }
        edges.push(at);
    }
    edges.push(around.1);
    Some(edges)
}

/// Places that no cell of the model covers.
fn bare(seen: &Structure) -> impl Iterator<Item = Slot> {
    let covers = |s: &Slot, row: usize, column: usize| {
        (s.row..s.row + s.row_span).contains(&row) && (s.column..s.column + s.column_span).contains(&column)
    };
    let places = (0..seen.rows).flat_map(|row| (0..seen.columns).map(move |column| (row, column)));
    places.filter(move |&(row, column)| !seen.slots.iter().any(|s| covers(s, row, column))).map(
        |(row, column)| Slot {
            row,
            column,
            row_span: 1,
            column_span: 1,
            header: false,
            rect: Rect::default(),
        },
    )
}

fn cell(body: Body, rows: &[f32], columns: &[f32]) -> Cell {
    let Slot { row, column, row_span, column_span, header, .. } = body.slot;
    let confidence = body.inks.iter().map(|i| i.confidence).fold(1.0, f32::min);
    let lines = pieces::rows(body.inks);
    let words: Vec<&str> = lines.iter().flat_map(|line| &line.inks).map(|i| i.text.as_str()).collect();
    Cell {
        row,
        column,
        row_span,
        column_span,
        header,
        text: words.join(" "),
        confidence,
        rect: Rect::new(columns[column], rows[row], columns[column + column_span], rows[row + row_span]),
    }
}

/// Rows at the top whose cells all stand in the head.
fn header_rows(seen: &Structure) -> usize {
    let is_head = |row: &usize| seen.slots.iter().filter(|s| s.row == *row).all(|s| s.header);
    (0..seen.rows).take_while(is_head).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Line, Span, Word};

    /// A line of one word for each text, 20 points wide and 10 high, at these corners.
    fn lines(words: &[(&str, f32, f32)]) -> Vec<Line> {
        let line = |&(text, x, y): &(&str, f32, f32)| {
            let rect = Rect::new(x, y, x + 20.0, y + 10.0);
            let word = Word { text: text.into(), rect, confidence: 1.0 };
            let span = Span {
                text: text.into(),
                rect,
                words: vec![word],
                baseline: y + 8.0,
                size: 10.0,
                confidence: 1.0,
                ..Span::default()
            };
            Line { rect, spans: vec![span] }
        };
        words.iter().map(line).collect()
    }

    /// Two rows of two.
    const FOUR: [(&str, f32, f32); 4] =
        [("a", 0.0, 0.0), ("b", 60.0, 0.0), ("c", 0.0, 20.0), ("d", 60.0, 20.0)];

    fn page(lines: &[Line]) -> Sheet<'_> {
        Sheet { page: Rect::new(0.0, 0.0, 200.0, 200.0), lines, ..Sheet::default() }
    }

    fn slot(row: usize, column: usize, rect: [f32; 4]) -> Slot {
        Slot { row, column, row_span: 1, column_span: 1, header: row == 0, rect: rect.into() }
    }

    fn seen(rows: usize, columns: usize, slots: Vec<Slot>) -> Structure {
        Structure { rows, columns, slots, confidence: 0.95 }
    }

    fn two_by_two() -> Structure {
        let at = |row, column, x: f32, y: f32| slot(row, column, [x, y, x + 20.0, y + 10.0]);
        seen(2, 2, vec![at(0, 0, 0.0, 0.0), at(0, 1, 60.0, 0.0), at(1, 0, 0.0, 20.0), at(1, 1, 60.0, 20.0)])
    }

    fn read(sheet: &Sheet) -> Table {
        let table = super::super::read(sheet, &Rect::new(0.0, 0.0, 100.0, 40.0)).unwrap();
        Table { confidence: 0.6, ..table }
    }

    /// One column: what a reading without the model would be if it missed the gap.
    fn one_column(sheet: &Sheet) -> Table {
        let (table, texts) = (read(sheet), ["a b", "c d"]);
        let cell = |row: usize| Cell {
            row,
            column: 0,
            row_span: 1,
            column_span: 1,
            header: false,
            text: texts[row].into(),
            confidence: 1.0,
            rect: Rect::new(0.0, 15.0 * row as f32, 80.0, 15.0 * (row + 1) as f32),
        };
        Table { rows: 2, columns: 1, cells: vec![cell(0), cell(1)], ..table }
    }

    fn texts(table: &Table) -> Vec<&str> {
        table.cells.iter().map(|c| c.text.as_str()).collect()
    }

    #[test]
    fn agreement_makes_the_same_table_surer() {
        let lines = lines(&FOUR);
        let sheet = page(&lines);
        let table = read(&sheet);
        let fused = fused(&sheet, &two_by_two(), table.clone());
        assert!((fused.confidence - 0.7).abs() < 1e-4, "{}", fused.confidence);
        assert_eq!(fused.cells, table.cells);
    }

    #[test]
    fn a_model_whose_cells_fit_the_words_is_believed_where_nothing_is_drawn() {
        let lines = lines(&FOUR);
        let sheet = page(&lines);
        let fused = fused(&sheet, &two_by_two(), one_column(&sheet));
        assert_eq!((fused.rows, fused.columns, fused.header_rows), (2, 2, 1));
        assert_eq!(texts(&fused), ["a", "b", "c", "d"]);
        assert_eq!(fused.cells[0].rect, Rect::new(0.0, 0.0, 40.0, 15.0));
        assert!(fused.confidence < 0.6);
    }

    #[test]
    fn words_in_no_cell_or_in_two_keep_the_geometric_grid_in_doubt() {
        let lines = lines(&FOUR);
        let sheet = page(&lines);
        let mut three = two_by_two();
        three.slots.pop();
        let mut twice = two_by_two();
        twice.slots[3].rect = Rect::new(0.0, 20.0, 80.0, 30.0);
        for seen in [three, twice] {
            let table = one_column(&sheet);
            let fused = fused(&sheet, &seen, table.clone());
            assert!(fused.confidence < 0.5 && fused.confidence >= 0.3, "{}", fused.confidence);
            assert_eq!(fused.cells, table.cells);
        }
    }

    #[test]
    fn drawn_rules_win() {
        let lines = lines(&FOUR);
        let grid = [Rect::new(0.0, 14.5, 80.0, 15.5), Rect::new(39.5, 0.0, 40.5, 30.0)];
        let sheet = Sheet { rules: grid.to_vec(), ..page(&lines) };
        let table = read(&sheet);
        let one = seen(1, 1, vec![slot(0, 0, [0.0, 0.0, 80.0, 30.0])]);
        assert_eq!(fused(&sheet, &one, table.clone()), table);
    }

    #[test]
    fn a_cell_that_a_rule_runs_through_is_not_believed() {
        let lines = lines(&FOUR);
        let sheet = Sheet { rules: vec![Rect::new(0.0, 14.5, 80.0, 15.5)], ..page(&lines) };
        let columns = vec![slot(0, 0, [0.0, 0.0, 20.0, 30.0]), slot(0, 1, [60.0, 0.0, 80.0, 30.0])];
        let fused = fused(&sheet, &seen(1, 2, columns), read(&sheet));
        assert_eq!((fused.rows, fused.columns), (2, 2));
        assert!(fused.confidence < 0.6);
    }

    #[test]
    fn a_model_that_sees_nothing_changes_nothing() {
        let lines = lines(&FOUR);
        let sheet = page(&lines);
        assert_eq!(fused(&sheet, &Structure::default(), read(&sheet)), read(&sheet));
    }

    #[test]
    fn places_that_the_model_leaves_out_are_empty_cells() {
        let lines = lines(&FOUR[..3]);
        let sheet = page(&lines);
        let mut three = two_by_two();
        three.slots.pop();
        let table = Table { rect: Rect::new(0.0, 0.0, 80.0, 30.0), ..one_column(&sheet) };
        let fused = fused(&sheet, &three, table);
        assert_eq!(texts(&fused), ["a", "b", "c", ""]);
    }
}
