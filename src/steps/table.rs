//! Words and rules to tables: where they are, and the grid of their cells. One
//! engine for digital pages and scans; nothing here knows which of the two it
//! was given.
//!
//! The rules of a digital page are the page's own; those of a scan are what [`rules`](crate::steps::rules) sees on its
//! raster.
//!
//! [`recognise`] asks a model what it sees in a picture of a table, and [`fused`] weighs its answer.
//!
//! Everything here is in the upright frame of the page's text; tables set sideways on it are read in their own, and
//! given back in the page's.

mod areas;
mod cells;
mod columns;
mod doubt;
mod fusion;
mod headers;
mod judge;
mod model;
mod pieces;
mod rows;
mod ruling;
mod turned;

use crate::{
    content::{Line, Page, Region, Table},
    geometry::Rect,
};
use cells::Grid;
use pieces::Piece;
use ruling::Ruling;

pub use fusion::fused;
pub use model::{Slot, Structure, recognise};
pub(crate) use turned::lying;

/// What tables are read from.
#[derive(Clone, Debug, Default)]
pub struct Sheet<'a> {
    /// The page.
    pub page: Rect,
    /// From the text layer or from OCR.
    pub lines: &'a [Line],
    /// Ruling lines: longer than thick, either way.
    pub rules: Vec<Rect>,
    /// Filled rectangles: shaded cells and bands.
    pub boxes: Vec<Rect>,
    /// Images and drawings, which tables do not stand on.
    pub pictures: Vec<Rect>,
}

impl<'a> Sheet<'a> {
    /// Of an upright page with a text layer.
    pub fn of(page: &Page, lines: &'a [Line]) -> Self {
        Self {
            page: page.rect(),
            lines,
            rules: page.rules.iter().map(|rule| rule.rect).collect(),
            boxes: page.boxes.clone(),
            pictures: page.images.iter().chain(&page.drawings).copied().collect(),
        }
    }
}

/// What [`find`] found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// From the top.
    pub tables: Vec<Table>,
    /// What was cut short on a page of very many rules, for the page's warnings.
    pub warning: Option<String>,
}

/// The tables of a page, those set sideways too. `regions` are those of the layout step; there may be none.
///
/// Its time grows with the square of the lines of text, and with the rules times the groups of them that do not meet.
/// `benches/steps.rs` has bounds for bad input: 2,000 cells take 0.1 s, 2,000 words over 110,000 strokes 0.1 s, over
/// 7,000 that do not meet 0.3 s. Of more than 500 groups, those of one width are not joined to tables any more, and
/// there is a warning.
pub fn find(sheet: &Sheet, regions: &[Region]) -> Found {
    let turned =
        turned::tables(sheet, regions, |sheet, regions| find_upright(sheet, regions, Vec::new()).tables);
    find_upright(sheet, regions, turned)
}

/// The tables whose text lies upright, beside those that were `found` before.
fn find_upright(sheet: &Sheet, regions: &[Region], mut found: Vec<Table>) -> Found {
    let (areas, warning) = areas::candidates(sheet, regions);
    for area in areas {
        let Some(table) = read(sheet, &area.rect) else { continue };
        let Some(mut table) = judge::accepted(sheet, table, &area, regions) else { continue };
        let taken =
            |t: &Table| t.rect.overlap_area(&table.rect) > TAKEN * t.rect.area().min(table.rect.area());
        if !found.iter().any(taken) {
            headers::mark(&mut table);
            doubt::weigh(&mut table);
            found.push(table);
        }
    }
    found.sort_by(|a, b| a.rect.y0.total_cmp(&b.rect.y0).then(a.rect.x0.total_cmp(&b.rect.x0)));
    Found { tables: found, warning }
}

/// Share of the smaller one. Tables do not overlap more.
const TAKEN: f32 = 0.1;
/// Points. Words that reach over the edge of an area still stand in it.
const AROUND: f32 = 2.0;

/// The table in `area`, where there is known to be one; `None` if no text stands there.
pub fn read(sheet: &Sheet, area: &Rect) -> Option<Table> {
    let inks = pieces::within(sheet, &area.inflate(AROUND));
    let rect = Rect::around_all(inks.iter().map(|i| &i.rect))?;
    let rows = pieces::rows(inks);
    let size = pieces::usual_size(&rows);
    let ruling = Ruling::within(sheet, &rect);
    let bounds = columns::bounds(&rows, &ruling, &rect, size);
    let bounds = columns::without_signs(columns::without_empty(bounds, &rows, size), &rows);
    let pieces: Vec<Vec<Piece>> =
        rows.iter().enumerate().map(|(n, row)| pieces::cut(row, n, &bounds)).collect();
    let rect = frame(&rect, &ruling);
    let columns: Vec<(f32, f32)> = {
        let grid = Grid { rect, boxes: &[], bounds: &bounds, edges: &[] };
        (0..=bounds.len()).map(|n| grid.column(n)).collect()
    };
    let text = rows::Text { rows: &rows, pieces: &pieces, columns: &columns, size };
    let edges = rows::edges(&text, &ruling);
    let grid = Grid { rect, boxes: &ruling.boxes, bounds: &bounds, edges: &edges };
    Some(grid.table(&pieces.concat()))
}

/// The text's box with the frame that is drawn around it.
fn frame(text: &Rect, ruling: &Ruling) -> Rect {
    let lows = |rails: &[ruling::Rail]| rails.first().map_or(f32::INFINITY, |r| r.at);
    let highs = |rails: &[ruling::Rail]| rails.last().map_or(f32::NEG_INFINITY, |r| r.at);
    let (flat, upright) = (&ruling.horizontal, &ruling.vertical);
    Rect::new(
        text.x0.min(lows(upright)),
        text.y0.min(lows(flat)),
        text.x1.max(highs(upright)),
        text.y1.max(highs(flat)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::Turn,
        steps::{
            drawing::{Drawing, draw},
            text,
        },
    };

    /// Where the columns of the drawn tables begin.
    const LEFT: [f32; 4] = [72.0, 200.0, 300.0, 400.0];

    /// Rows of cells from a baseline on, 20 points apart; the text of each stands a little inside its column.
    fn rows(page: Drawing, y: f32, rows: &[&[&str]]) -> Drawing {
        let row = |page, (n, cells): (usize, &&[&str])| {
            cells.iter().enumerate().fold(page, |page: Drawing, (k, text)| match *text {
                "" => page,
                text => page.text(LEFT[k] + 6.0, y + 20.0 * n as f32, text),
            })
        };
        rows.iter().enumerate().fold(page, row)
    }

    /// Lines around `count` rows whose first baseline is `y`, and between three columns of them.
    fn framed(page: Drawing, y: f32, count: usize) -> Drawing {
        let (top, foot) = (y - 14.0, y - 14.0 + 20.0 * count as f32);
        let page =
            (0..=count).map(|n| top + 20.0 * n as f32).fold(page, |page, y| page.rule(72.0, y, 400.0, y));
        LEFT.iter().fold(page, |page, &x| page.rule(x, top, x, foot))
    }

    fn tables(page: Drawing) -> Vec<Table> {
        let page = page.page();
        let lines = text::lines(&text::spans(&page));
        find(&Sheet::of(&page, &lines), &[]).tables
    }

    /// Row by row: each cell's text, and its spans where it has any.
    fn grid(table: &Table) -> Vec<Vec<String>> {
        let text = |c: &crate::content::Cell| match (c.row_span, c.column_span) {
            (1, 1) => c.text.clone(),
            (rows, columns) => format!("{} {rows}x{columns}", c.text),
        };
        (0..table.rows).map(|n| table.cells.iter().filter(|c| c.row == n).map(text).collect()).collect()
    }

    fn only(page: Drawing) -> Table {
        let found = tables(page);
        assert_eq!(found.len(), 1);
        found[0].clone()
    }

    const TREES: [&[&str]; 4] =
        [&["Tree", "Height", "Age"], &["Oak", "31", "400"], &["Elm", "25", "150"], &["Fir", "40", "200"]];

    #[test]
    fn rules_part_cells() {
        let table = only(framed(rows(draw(), 100.0, &TREES), 100.0, 4));
        assert_eq!(grid(&table), TREES.map(<[&str]>::to_vec));
        assert_eq!(table.header_rows, 1);
    }

    #[test]
    fn white_space_parts_cells() {
        assert_eq!(grid(&only(rows(draw(), 100.0, &TREES))), TREES.map(<[&str]>::to_vec));
    }

    #[test]
    fn lines_between_two_rules_are_one_cell() {
        let page = draw()
            .text(78.0, 100.0, "a name that")
            .text(78.0, 112.0, "has two lines")
            .text(206.0, 100.0, "31")
            .text(78.0, 132.0, "Elm")
            .text(206.0, 132.0, "25")
            .text(78.0, 152.0, "Fir")
            .text(206.0, 152.0, "40");
        let page = [86.0, 118.0, 138.0, 158.0].iter().fold(page, |page, &y| page.rule(72.0, y, 300.0, y));
        let page = [72.0, 200.0, 300.0].iter().fold(page, |page, &x| page.rule(x, 86.0, x, 158.0));
        assert_eq!(grid(&only(page)), [["a name that has two lines", "31"], ["Elm", "25"], ["Fir", "40"]]);
    }

    #[test]
    fn a_title_over_two_columns_spans_them() {
        let page =
            rows(draw(), 120.0, &[&["Tree", "low", "high"], &["Oak", "21", "31"], &["Elm", "15", "25"]])
                .text(270.0, 100.0, "Heights");
        let page = [86.0, 106.0, 126.0, 146.0, 166.0].iter().fold(page, |p, &y| p.rule(72.0, y, 400.0, y));
        let page = [72.0, 200.0, 400.0].iter().fold(page, |p, &x| p.rule(x, 86.0, x, 166.0));
        let table = only(page.rule(300.0, 106.0, 300.0, 166.0));
        assert_eq!(grid(&table)[0], ["", "Heights 1x2"]);
        assert_eq!(table.header_rows, 2);
    }

    #[test]
    fn a_column_without_a_line_spans_the_rows_of_the_others() {
        let page =
            rows(draw(), 100.0, &[&["Oak", "male", "31"], &["", "female", "25"], &["Elm", "male", "9"]]);
        let page = [86.0, 126.0, 146.0].iter().fold(page, |p, &y| p.rule(72.0, y, 400.0, y));
        let page = LEFT.iter().fold(page.rule(200.0, 106.0, 400.0, 106.0), |p, &x| p.rule(x, 86.0, x, 146.0));
        assert_eq!(grid(&only(page))[0], ["Oak 2x1", "male", "31"]);
    }

    #[test]
    fn leaders_are_left_out() {
        let row = |label: &'static str, a, b| -> [&str; 3] { [label, a, b] };
        let body =
            [row("Oak ......", "31", "400"), row("Elm ......", "25", "150"), row("Fir ......", "40", "200")];
        let table = only(rows(draw(), 100.0, &body.each_ref().map(|r| r.as_slice())));
        assert_eq!(grid(&table)[0], ["Oak", "31", "400"]);
    }

    #[test]
    fn dots_in_a_cell_of_their_own_are_text() {
        let page = rows(
            draw(),
            100.0,
            &[&["E", ".", "H", "...."], &["I", "..", "S", "..."], &["M", "--", "5", "....."]],
        );
        let page = (0..=3).map(|n| 86.0 + 20.0 * n as f32).fold(page, |p, y| p.rule(72.0, y, 500.0, y));
        let page = LEFT.iter().chain(&[500.0]).fold(page, |p, &x| p.rule(x, 86.0, x, 146.0));
        assert_eq!(grid(&only(page))[0], ["E", ".", "H", "...."]);
    }

    #[test]
    fn lines_that_had_no_room_in_any_column_are_one_row() {
        let line = |page: Drawing, (n, (a, b)): (usize, &(&str, &str))| {
            page.text(72.0, 120.0 + 12.0 * n as f32, a).text(200.0, 120.0 + 12.0 * n as f32, b)
        };
        let lines = [
            ("An Oak of some", "several words that fill the whole of a line"),
            ("hundred years", "and go on below"),
            ("Elm", "several other words fill the line as these"),
            ("and other trees", "do, where nothing but words tells of rows"),
        ];
        let page = lines.iter().enumerate().fold(rows(draw(), 100.0, &[]), line);
        let page = [94.0, 106.0, 160.0].iter().fold(page, |p, &y| p.rule(72.0, y, 440.0, y));
        let table = only(page.text(72.0, 102.0, "Tree").text(200.0, 102.0, "Text"));
        let labels: Vec<String> = grid(&table).iter().map(|row| row[0].clone()).collect();
        // There was room behind "Elm".
        assert_eq!(labels, ["Tree", "An Oak of some hundred years", "Elm", "and other trees"]);
    }

    /// Lines under the titles and under the last row.
    fn two_rules(page: Drawing, y: f32, count: usize, right: f32) -> Drawing {
        let foot = y + 6.0 + 20.0 * (count - 1) as f32;
        page.rule(72.0, y + 6.0, right, y + 6.0).rule(72.0, foot, right, foot)
    }

    #[test]
    fn titles_over_the_first_rule_belong_to_the_table() {
        let table = only(two_rules(rows(draw(), 100.0, &TREES), 100.0, 4, 450.0));
        assert_eq!(grid(&table), TREES.map(<[&str]>::to_vec));
    }

    #[test]
    fn rows_under_the_titles_rule_go_on_where_no_rule_ends_them() {
        let page = rows(draw(), 100.0, &[&["Tree", "Height"], &["Oak of old", "big"], &["Elm", "small"]]);
        let page = page.rule(72.0, 86.0, 400.0, 86.0).rule(72.0, 106.0, 400.0, 106.0);
        assert_eq!(grid(&only(page)).len(), 3);
    }

    #[test]
    fn captions_and_widths_part_tables() {
        let page = two_rules(rows(draw(), 100.0, &TREES), 100.0, 4, 450.0);
        let page = page.text(150.0, 182.0, "Table 2: Other trees");
        let page = two_rules(rows(page, 204.0, &TREES), 204.0, 4, 450.0);
        assert_eq!(tables(page).len(), 2);
        let page = two_rules(rows(draw(), 100.0, &TREES), 100.0, 4, 450.0);
        let page = two_rules(rows(page, 180.0, &TREES), 180.0, 4, 500.0);
        let page = two_rules(rows(page, 260.0, &TREES), 260.0, 4, 450.0);
        assert_eq!(tables(page).len(), 3);
    }

    #[test]
    fn what_captions_beside_each_other_name_are_two_tables() {
        let page = rows(draw(), 100.0, &[&["1", "2", "", ""], &["3", "4", "", ""]]);
        let right = |page: Drawing, (n, texts): (usize, &[&str; 2])| {
            let y = 100.0 + 20.0 * n as f32;
            page.text(400.0, y, texts[0]).text(480.0, y, texts[1])
        };
        let page = [["5", "6"], ["7", "8"]].iter().enumerate().fold(page, right);
        let page = page.text(80.0, 138.0, "Table 1: Trees.").text(400.0, 138.0, "Table 2: Birds.");
        let found = tables(page);
        assert_eq!(
            found.iter().map(grid).collect::<Vec<_>>(),
            [[["1", "2"], ["3", "4"]], [["5", "6"], ["7", "8"]]]
        );
    }

    #[test]
    fn listings_and_lists_beside_each_other_are_no_tables() {
        let code: [&[&str]; 4] =
            [&["camera = Camera(", "1,"], &["Vector(0,", "1,"], &["0),", "30.0,"], &["field = 3)", "end"]];
        let page = rows(draw(), 100.0, &code);
        let page = page.rule(72.0, 86.0, 300.0, 86.0).rule(72.0, 170.0, 300.0, 170.0);
        assert_eq!(tables(page.rule(72.0, 86.0, 72.0, 170.0).rule(300.0, 86.0, 300.0, 170.0)), []);
        let lists: [&[&str]; 3] =
            [&["1. Oak", "• a", "1. Owl"], &["2. Elm", "• b", "2. Jay"], &["3. Fir", "• c", "3. Kite"]];
        assert_eq!(tables(rows(draw(), 100.0, &lists)), []);
    }

    #[test]
    fn contents_lists_and_numbered_equations_are_no_tables() {
        let contents: [&[&str]; 3] = [&["1", "Oaks", "2"], &["2", "Elms", "5"], &["3", "Firs", "9"]];
        let list: [&[&str]; 3] = [&["(a)", "Oaks"], &["(b)", "Elms"], &["(c)", "Firs"]];
        let equations: [&[&str]; 3] = [&["y = x", "(1)"], &["y = 2x", "(2)"], &["y = 3x", "(3)"]];
        for rows_of in [&contents, &list, &equations] {
            assert_eq!(tables(rows(draw(), 100.0, rows_of)), []);
        }
    }

    #[test]
    fn one_row_of_titles_in_a_frame_is_no_table() {
        let page = rows(draw(), 100.0, &[&["Trees", "Birds", "Rivers"], &[], &["Oak"]]);
        assert_eq!(tables(framed(page, 100.0, 3)), []);
    }

    #[test]
    fn prose_in_two_columns_is_no_table() {
        let words = ["several", "of", "the", "longest", "words", "fill", "a", "column"];
        let line = |n: usize| (n..n + 6).map(|i| words[i % 8]).collect::<Vec<_>>().join(" ");
        let page = (0..8).fold(draw(), |page, n| {
            let y = 100.0 + 12.0 * n as f32;
            page.text(72.0, y, &line(n)).text(320.0, y, &line(n + 3))
        });
        assert_eq!(tables(page), []);
    }

    #[test]
    fn two_frames_under_each_other_are_two_tables() {
        let page = framed(rows(draw(), 100.0, &TREES), 100.0, 4);
        assert_eq!(tables(framed(rows(page, 260.0, &TREES), 260.0, 4)).len(), 2);
    }

    /// The trees set sideways, upwards, rows from the left.
    fn sideways(page: Drawing) -> Drawing {
        let cell = |page: Drawing, (row, column): (usize, usize)| {
            page.text(100.0 + 20.0 * row as f32, 700.0 - LEFT[column], TREES[row][column])
        };
        let places = (0..4).flat_map(|row| (0..3).map(move |column| (row, column)));
        places.fold(page.turned(270.0), cell).turned(0.0)
    }

    #[test]
    fn a_table_set_sideways_is_read_in_its_own_frame() {
        let prose = |page: Drawing, y: f32| page.text(300.0, y, "several of the longest words of prose here");
        let page = [100.0, 112.0, 124.0, 136.0].into_iter().fold(sideways(draw()), prose);
        let table = only(page);
        assert_eq!(grid(&table), TREES.map(<[&str]>::to_vec));
        assert!(table.rect.height() > table.rect.width() && table.rect.x1 < 200.0, "{:?}", table.rect);
    }

    #[test]
    fn a_page_turned_as_a_whole_is_read_word_by_word() {
        let page = sideways(draw()).page();
        let pose = crate::geometry::Pose { turn: Turn::Left, skew: 0.0, size: (page.width, page.height) };
        let mut lines = lying(&text::lines(&text::spans(&page)), pose.turn, pose.size);
        for line in &mut lines {
            line.rect = pose.to_upright(&line.rect);
            for span in &mut line.spans {
                span.words.iter_mut().for_each(|word| word.rect = pose.to_upright(&word.rect));
            }
        }
        let (width, height) = pose.upright_size();
        let sheet = Sheet { page: Rect::new(0.0, 0.0, width, height), lines: &lines, ..Sheet::default() };
        assert_eq!(
            find(&sheet, &[]).tables.iter().map(grid).collect::<Vec<_>>(),
            [TREES.map(<[&str]>::to_vec)]
        );
    }

    #[test]
    fn a_page_of_very_many_rules_is_warned_about() {
        let rules = |count: usize| {
            let corner = |n: usize| (20.0 * (n % 25) as f32, 20.0 * (n / 25) as f32);
            let rule = |(x, y)| Rect::new(x, y, x + 14.0, y + 0.5);
            let rules = (0..count).map(corner).map(rule).collect();
            Sheet { page: Rect::new(0.0, 0.0, 612.0, 792.0), rules, ..Sheet::default() }
        };
        assert!(find(&rules(400), &[]).warning.is_none());
        assert!(find(&rules(600), &[]).warning.is_some());
    }

    #[test]
    fn an_empty_sheet_has_no_tables() {
        assert_eq!(find(&Sheet::default(), &[]), Found::default());
        assert_eq!(read(&Sheet::default(), &Rect::new(0.0, 0.0, 100.0, 100.0)), None);
    }
}
