//! The lines of a table in the order of its cells: from the left, each from its
//! top, row after row. A cell of several lines is told from several rows by the
//! rules between rows, else by its words: a line goes on with the cell above
//! when its first word had no room there.

use crate::{
    content::{Line, Source},
    geometry::Rect,
    steps::wording::had_no_room,
};

/// Points. A rule is no thicker.
const RULE: f32 = 3.0;
/// Share of the table's width. A shorter rule parts no rows.
const RULE_LENGTH: f32 = 0.5;
/// Of a line's height. Lines of one cell stand closer.
const LEADING: f32 = 0.9;
/// Words. A column whose cells have no more holds figures and names, which do not wrap.
const SHORT_CELL: usize = 2;
/// Share of the table's width. A longer line is a title over columns, and bounds none.
const ACROSS: f32 = 0.6;
/// Points. Columns are parted by at least this much white space.
const COLUMN_GAP: f32 = 3.0;

/// Sorts `members` (indices of `lines`) by cells.
pub(super) fn sort(members: &mut [usize], lines: &[Line], rules: &[Rect], table: &Rect) {
    let mut rows = rows(members, lines);
    let cuts: Vec<f32> = rules.iter().filter(|r| parts_rows(r, table)).map(|r| r.center().y).collect();
    let ruled = cuts.iter().filter(|&&y| splits(&rows, lines, y)).count() >= 3;
    let columns = Columns::of(members, lines, table);
    let mut sorted = Vec::with_capacity(members.len());
    let mut band: Vec<usize> = Vec::new();
    for row in &mut rows {
        if let (Some(above), Some(here)) = (around(&band, lines), around(row, lines)) {
            let between = |y: &&f32| above.y0 < **y && **y < here.center().y && **y > above.y1 - 2.0 * RULE;
            let cut = cuts.iter().any(|y| between(&y));
            if cut || !ruled && !columns.go_on(row, &band, lines) {
                sorted.append(&mut by_columns(&band, lines));
                band.clear();
            }
        }
        band.append(row);
    }
    sorted.append(&mut by_columns(&band, lines));
    members.copy_from_slice(&sorted);
}

/// The x ranges of a table's columns, and whether their cells are long enough to wrap.
struct Columns(Vec<(f32, f32, bool)>);

impl Columns {
    fn of(members: &[usize], lines: &[Line], table: &Rect) -> Self {
        let narrow = |i: &usize| lines[*i].rect.width() < ACROSS * table.width();
        let own: Vec<usize> = members.iter().copied().filter(narrow).collect();
        let long = |i: &usize| lines[*i].text().split_whitespace().count() > SHORT_CELL;
        let column =
            |lines_of: &Vec<usize>| around(lines_of, lines).map(|r| (r.x0, r.x1, lines_of.iter().any(long)));
        Self(columns(&own, lines).iter().filter_map(column).collect())
    }

    /// Whether each line of a row goes on with the cell above it in the rows before.
    fn go_on(&self, row: &[usize], band: &[usize], lines: &[Line]) -> bool {
        row.iter().all(|&i| {
            let (line, middle) = (&lines[i], lines[i].rect.center().x);
            let Some(column) = self.0.iter().find(|c| c.0 <= middle && middle <= c.1) else { return false };
            let above = band.iter().map(|&j| &lines[j]).filter(|l| {
                let x = l.rect.center().x;
                column.0 <= x && x <= column.1
            });
            let lowest = above.max_by(|a, b| a.rect.y1.total_cmp(&b.rect.y1));
            column.2 && lowest.is_some_and(|above| wraps(above, line, column.1))
        })
    }
}

/// Whether the first word of `line` had no room at the end of the line above, in a column that ends at `right`.
fn wraps(above: &Line, line: &Line, right: f32) -> bool {
    let Some(word) = line.words().into_iter().next() else { return false };
    let close = line.rect.y0 - above.rect.y1 < LEADING * line.rect.height();
    // Boxes from OCR are too rough to tell what had room.
    let exact = line.source() == Source::TextLayer;
    exact && close && had_no_room(above.rect.x1, line.size(), word.rect.width(), right)
}

pub(super) fn parts_rows(rule: &Rect, table: &Rect) -> bool {
    let inside = table.inflate(RULE);
    rule.height() <= RULE
        && rule.overlap_x(&inside) > RULE_LENGTH * table.width()
        && rule.overlap_y(&inside) >= 0.0
}

fn splits(rows: &[Vec<usize>], lines: &[Line], y: f32) -> bool {
    let middle = |row: &Vec<usize>| around(row, lines).map_or(y, |r| r.center().y);
    rows.iter().any(|r| middle(r) < y) && rows.iter().any(|r| middle(r) > y)
}

/// Lines at one height, from the top; each row from the left.
pub(super) fn rows(members: &[usize], lines: &[Line]) -> Vec<Vec<usize>> {
    let mut sorted = members.to_vec();
    sorted.sort_by(|&a, &b| lines[a].rect.center().y.total_cmp(&lines[b].rect.center().y));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for i in sorted {
        let rect = lines[i].rect;
        let same = |row: &&mut Vec<usize>| lines[row[0]].rect.shares_row(&rect);
        match rows.last_mut().filter(same) {
            Some(row) => row.push(i),
            None => rows.push(vec![i]),
        }
    }
    rows.iter_mut().for_each(|row| row.sort_by(|&a, &b| lines[a].rect.x0.total_cmp(&lines[b].rect.x0)));
    rows
}

fn around(members: &[usize], lines: &[Line]) -> Option<Rect> {
    Rect::around_all(members.iter().map(|&i| &lines[i].rect))
}

/// The lines of one row of cells, cell by cell.
fn by_columns(band: &[usize], lines: &[Line]) -> Vec<usize> {
    columns(band, lines).iter().flat_map(|column| rows(column, lines).concat()).collect()
}

/// Lines with no white space between them, from the left.
fn columns(members: &[usize], lines: &[Line]) -> Vec<Vec<usize>> {
    let mut left = members.to_vec();
    left.sort_by(|&a, &b| lines[a].rect.x0.total_cmp(&lines[b].rect.x0));
    let mut columns: Vec<Vec<usize>> = Vec::new();
    let mut right = f32::NEG_INFINITY;
    for i in left {
        let rect = lines[i].rect;
        match columns.last_mut() {
            Some(column) if rect.x0 < right + COLUMN_GAP => column.push(i),
            _ => {
                columns.push(vec![i]);
                right = rect.x1;
            }
        }
        right = right.max(rect.x1);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::Page,
        steps::{drawing::draw, text},
    };

    /// The page's lines in the order of the cells of one table.
    fn read(page: &Page, rules: &[Rect]) -> Vec<String> {
        let lines = text::lines(&text::spans(page));
        let mut members: Vec<usize> = (0..lines.len()).collect();
        let table = around(&members, &lines).unwrap();
        sort(&mut members, &lines, rules, &table);
        members.iter().map(|&i| lines[i].text()).collect()
    }

    #[test]
    fn a_cell_whose_words_wrap_is_read_whole() {
        let page = draw()
            .text(72.0, 100.0, "several words here")
            .text(72.0, 112.0, "that wrap")
            .text(220.0, 100.0, "1.5")
            .text(72.0, 136.0, "other words here")
            .text(220.0, 136.0, "2.5")
            .page();
        let cells = ["several words here", "that wrap", "1.5", "other words here", "2.5"];
        assert_eq!(read(&page, &[]), cells);
    }

    #[test]
    fn a_line_whose_first_word_had_room_above_is_another_row() {
        let page = draw()
            .text(72.0, 100.0, "one of all")
            .text(220.0, 100.0, "1.5")
            .text(72.0, 112.0, "two much longer words")
            .text(220.0, 112.0, "2.5")
            .page();
        assert_eq!(read(&page, &[]), ["one of all", "1.5", "two much longer words", "2.5"]);
    }

    #[test]
    fn short_cells_are_read_row_by_row() {
        let page = draw()
            .text(72.0, 100.0, "a")
            .text(72.0, 112.0, "b")
            .text(220.0, 100.0, "1")
            .text(220.0, 112.0, "2")
            .page();
        assert_eq!(read(&page, &[]), ["a", "1", "b", "2"]);
    }

    #[test]
    fn lines_between_two_rules_are_one_row() {
        let page = draw()
            .text(72.0, 100.0, "red")
            .text(72.0, 112.0, "hair")
            .text(220.0, 100.0, "1")
            .text(72.0, 128.0, "b")
            .text(220.0, 128.0, "2")
            .text(72.0, 144.0, "c")
            .text(220.0, 144.0, "3")
            .text(72.0, 160.0, "d")
            .text(220.0, 160.0, "4")
            .page();
        let rules = [117.0, 133.0, 149.0].map(|y| Rect::new(72.0, y, 225.0, y + 0.5));
        assert_eq!(read(&page, &rules), ["red", "hair", "1", "b", "2", "c", "3", "d", "4"]);
        assert_eq!(read(&page, &[])[..3], ["red", "1", "hair"]);
    }
}
