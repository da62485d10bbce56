//! Tables whose text is turned while the page lies otherwise: wide ones set sideways. Each turn is read in a frame of
//! its own, and what is found goes back into the page's.

use super::Sheet;
use crate::{
    content::{Line, Region, Span, Table},
    geometry::{Point, Rect, Turn},
};

/// Lines. Fewer that are turned are the titles of narrow columns, or an axis.
const FEWEST_LINES: usize = 8;
/// Of the characters of a table set sideways. Fewer that are turned are titles of an upright one.
const TURNED: f32 = 0.5;

/// The tables among the lines that run upwards, and those among the lines that run downwards. `find` reads a sheet
/// whose lines lie upright.
pub(super) fn tables(
    sheet: &Sheet,
    regions: &[Region],
    find: impl Fn(&Sheet, &[Region]) -> Vec<Table>,
) -> Vec<Table> {
    let of = |turn: Turn| {
        let lines: Vec<&Line> = sheet.lines.iter().filter(|l| l.turn() == turn).collect();
        if lines.len() < FEWEST_LINES {
            return Vec::new();
        }
        let size = (sheet.page.x1, sheet.page.y1);
        let back = |rect: &Rect| turn.inverse().rect(rect, size);
        let lines: Vec<Line> = lines.into_iter().map(|line| moved(line, back, turn, size)).collect();
        let regions: Vec<Region> = regions.iter().map(|r| Region { rect: back(&r.rect), ..*r }).collect();
        let all = |rects: &[Rect]| rects.iter().map(back).collect::<Vec<Rect>>();
        let frame = Sheet {
            page: back(&sheet.page),
            lines: &lines,
            rules: all(&sheet.rules),
            boxes: all(&sheet.boxes),
            pictures: all(&sheet.pictures),
        };
        let mut found = find(&frame, &regions);
        let out = |rect: &Rect| turn.rect(rect, turn.size(size));
        for table in &mut found {
            table.rect = out(&table.rect);
            table.cells.iter_mut().for_each(|cell| cell.rect = out(&cell.rect));
        }
        found.retain(|table| is_of(sheet, table, turn));
        found
    };
    [Turn::Right, Turn::Left].into_iter().flat_map(of).collect()
}

/// Whether most of a table's text is turned so.
fn is_of(sheet: &Sheet, table: &Table, turn: Turn) -> bool {
    let (mut own, mut all) = (0, 0);
    for line in sheet.lines.iter().filter(|l| table.rect.contains(l.rect.center())) {
        let length = line.text().len();
        all += length;
        own += if line.turn() == turn { length } else { 0 };
    }
    own as f32 > TURNED * all as f32
}

/// Lines of a page that is read turned back by `turn`, with baselines and turns as there; their boxes are so already.
/// `size` is the page's as displayed, points.
pub(crate) fn lying(lines: &[Line], turn: Turn, size: (f32, f32)) -> Vec<Line> {
    lines.iter().map(|line| moved(line, |rect| *rect, turn, size)).collect()
}

fn moved(line: &Line, map: impl Fn(&Rect) -> Rect, turn: Turn, size: (f32, f32)) -> Line {
    let mut line = line.clone();
    line.rect = map(&line.rect);
    for span in &mut line.spans {
        span.rect = map(&span.rect);
        span.words.iter_mut().for_each(|word| word.rect = map(&word.rect));
        turn_back(span, turn, size);
    }
    line
}

/// A span's turn and baseline, seen from a page turned back by `turn`. Baselines are measured across the text's own
/// direction.
fn turn_back(span: &mut Span, turn: Turn, size: (f32, f32)) {
    let along = |turn: Turn| f32::from(turn.degrees()).to_radians().sin_cos();
    let (sin, cos) = along(span.turn);
    let on_it = Point::new(-span.baseline * sin, span.baseline * cos);
    let point = turn.inverse().point(on_it, size);
    span.turn = Turn::nearest(f32::from(span.turn.degrees()) - f32::from(turn.degrees()));
    let (sin, cos) = along(span.turn);
    span.baseline = point.y * cos - point.x * sin;
}
