//! Whether what was read is a table, and how sure that is.

use super::{
    Sheet,
    areas::Area,
    pieces::is_figure,
    ruling::{Rail, Ruling},
};
use crate::{
    content::{Cell, Label, Line, Region, Table},
    geometry::Rect,
};

/// Share of the grid's places that are filled, in a table that rules draw, that the layout step sees, that is only
/// aligned.
const FILLED: (f32, f32, f32) = (0.35, 0.3, 0.55);
/// Rows of a table that is only aligned.
const FEWEST_ROWS: usize = 3;
/// Characters. Cells of a table that is only aligned are shorter on average.
const SHORT_CELL: f32 = 28.0;
/// Characters. Longer cells are a page's columns or boxes of text.
const LONGEST_CELL: f32 = 350.0;

/// The table with its confidence; `None` for what is no table.
pub(super) fn accepted(sheet: &Sheet, mut table: Table, area: &Area, regions: &[Region]) -> Option<Table> {
    trim(&mut table);
    // Pictures fill cells too, where rules tell which.
    let pictures = if area.ruled { pictured(&table, sheet) } else { Vec::new() };
    let facts = Facts::of(&table, &pictures);
    // One full row alone is a bar of titles, such as slides are navigated by.
    if full_rows(&table, &pictures) < 2
        || table.columns < 2
        || facts.filled < 4
        || facts.mean_length > LONGEST_CELL
    {
        return None;
    }
    let ruled = area.ruled && !is_frame_alone(&table, sheet);
    let drawn = ruled && facts.share > DENSE;
    let picture = is_picture(&table, sheet) || !drawn && in_figure(&table, regions);
    if picture || is_code(&table, sheet) || is_numbered(&table) || is_contents(&table) || is_diagram(&table) {
        return None;
    }
    if area.seen.is_none() && is_list(&table, sheet) {
        return None;
    }
    let fits = match (ruled, area.seen) {
        (true, _) => facts.share >= FILLED.0,
        (false, Some(_)) => facts.share >= FILLED.1,
        (false, None) => facts.share >= FILLED.2 && is_aligned_table(&table, &facts),
    };
    table.confidence = confidence(area, &facts);
    fits.then_some(table)
}

/// What is counted over a table.
struct Facts {
    /// Cells with text or a picture.
    filled: usize,
    /// Of all places.
    share: f32,
    /// Characters of a filled cell.
    mean_length: f32,
    /// Of the filled cells right of the first column and below the first row.
    figures: f32,
}

impl Facts {
    fn of(table: &Table, pictures: &[&Cell]) -> Self {
        let filled: Vec<&Cell> = table.filled().collect();
        let places: usize = filled.iter().chain(pictures).map(|c| c.row_span * c.column_span).sum();
        let length: usize = filled.iter().map(|c| c.text.chars().count()).sum();
        let inner: Vec<&&Cell> = filled.iter().filter(|c| c.row > 0 && c.column > 0).collect();
        let figures = inner.iter().filter(|c| is_figure(&c.text)).count();
        Self {
            filled: filled.len() + pictures.len(),
            share: places as f32 / (table.rows * table.columns).max(1) as f32,
            mean_length: length as f32 / filled.len().max(1) as f32,
            figures: figures as f32 / inner.len().max(1) as f32,
        }
    }
}

/// Bullets or numbers before text, entries before page numbers, names before values; lists set beside each other.
fn is_list(table: &Table, sheet: &Sheet) -> bool {
    let labels = texts(table, 0);
    let most = |is: &dyn Fn(&str) -> bool| {
        !labels.is_empty() && labels.iter().filter(|t| is(t)).count() * 3 >= labels.len() * 2
    };
    let leads = |l: &&Line| l.text().contains("....") || l.text().contains(". . .");
    let dotted = sheet.lines.iter().filter(|l| table.rect.contains(l.rect.center())).filter(leads).count();
    let marker = |t: &str| {
        t.chars().count() <= 4
            && !t.chars().any(char::is_whitespace)
            && t.ends_with(['.', ')', ':', '•', '◦', '–', '-', '·', '▪', ']'])
    };
    let items = table.filled().filter(|c| is_item(&c.text)).count();
    2 * items >= table.filled().count()
        || table.columns == 2 && (3 * dotted >= table.rows || most(&marker) || most(&|t| t.ends_with(':')))
}

/// A bullet, alone or with its text; a text after `3.` or `b)`.
fn is_item(text: &str) -> bool {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let counts = first.trim_end_matches(['.', ')']);
    let counted = counts.len() < first.len() && counts.len() <= 2 && !rest.is_empty();
    ["•", "◦", "·", "▪"].contains(&first)
        || counted && counts.chars().all(|c| c.is_ascii_digit() || c.is_ascii_lowercase())
}

/// Share of a table's area. What stands on more of a picture is a chart.
const PICTURED: f32 = 0.25;

/// Share of a drawing that text covers, from which it is the text's ground.
const GROUND: f32 = 0.15;
/// Points. A chart reaches this far over its labels; what reaches farther is the page's ground or ornament.
const AROUND: f32 = 30.0;

/// Whether it is the labels of a chart: drawings of some size lie within.
fn is_picture(table: &Table, sheet: &Sheet) -> bool {
    let text = |p: &Rect| sheet.lines.iter().map(|l| l.rect.overlap_area(p)).sum::<f32>();
    let own = |p: &&Rect| p.share_in(&table.rect.inflate(AROUND)) > 0.5 && text(p) < GROUND * p.area();
    let inside: f32 = sheet.pictures.iter().filter(own).map(|p| p.overlap_area(&table.rect)).sum();
    inside > PICTURED * table.rect.area()
}

/// Share of the places of a grid that are filled, from which it is no drawing.
const DENSE: f32 = 0.75;
/// Share of the lines in fixed pitch, from which a frame without lines between columns holds program text.
const CODE: f32 = 0.6;
/// Share of the lines that read like a program's, from which it does too: many fonts for programs are not of fixed
/// pitch.
const CODE_LINES: f32 = 0.3;

fn is_code(table: &Table, sheet: &Sheet) -> bool {
    let inside = || sheet.lines.iter().filter(|l| table.rect.contains(l.rect.center()));
    let count = inside().count() as f32;
    let fixed = |l: &&Line| 2 * l.spans.iter().filter(|s| s.style.monospace).count() > l.spans.len();
    let code = inside().filter(|l| reads_like_code(&l.text())).count() as f32;
    let inner = table.rect.inflate(-INNER);
    let parted = sheet.rules.iter().any(|r| r.height() > 2.0 * INNER && inner.contains(r.center()));
    !parted && (inside().filter(fixed).count() as f32 > CODE * count || code > CODE_LINES * count)
}

/// Whether a line assigns, calls, opens a block or is a program's comment, or breaks off as no cell of a table does.
fn reads_like_code(line: &str) -> bool {
    let has = |signs: &[&str]| signs.iter().any(|sign| line.contains(sign));
    let text = line.trim();
    text.ends_with(['(', '[', '{', ';', ','])
        || text.starts_with(['@', '#', '{', '}']) && text.chars().any(char::is_alphabetic)
        || text.starts_with("//")
        || has(&[" = ", " == ", "::", "->", "=>", "+=", ":=", "!(", " !("])
}

/// Whether nothing is drawn but a frame: listings and boxes of text have one as well.
fn is_frame_alone(table: &Table, sheet: &Sheet) -> bool {
    let ruling = Ruling::within(sheet, &table.rect);
    let inside =
        |rails: &[Rail], from: f32, to: f32| rails.iter().any(|r| r.at > from + INNER && r.at < to - INNER);
    let rect = &table.rect;
    ruling.vertical.len() >= 2
        && !inside(&ruling.vertical, rect.x0, rect.x1)
        && !inside(&ruling.horizontal, rect.y0, rect.y1)
}

/// Share of a table's rows. Cells over whole rows, and several, make up less of one.
const LUMPED: f32 = 0.25;

/// Whether boxes and lines part text so little that much of it falls into cells over several whole rows.
fn is_diagram(table: &Table) -> bool {
    let lump = |c: &&Cell| table.columns > 2 && c.column_span == table.columns && c.row_span > 1;
    let rows: usize = table.filled().filter(lump).map(|c| c.row_span).sum();
    rows as f32 > LUMPED * table.rows as f32
}

/// Points. Rules farther inside are not a frame's.
const INNER: f32 = 6.0;

/// Equations with their numbers.
fn is_numbered(table: &Table) -> bool {
    let last: Vec<&str> = texts(table, table.columns - 1);
    let number = |t: &&&str| {
        t.starts_with('(') && t.ends_with(')') && t.len() <= 8 && t.contains(|c: char| c.is_ascii_digit())
    };
    table.columns <= 3 && !last.is_empty() && last.iter().filter(number).count() * 5 >= last.len() * 4
}

/// Titles with the numbers of their pages.
fn is_contents(table: &Table) -> bool {
    let last = texts(table, table.columns - 1);
    let pages: Vec<usize> = last.iter().filter_map(|t| t.parse().ok()).collect();
    let ascending = pages.windows(2).all(|p| p[0] <= p[1]);
    let figures = (1..table.columns - 1).flat_map(|n| texts(table, n)).filter(|t| is_figure(t)).count();
    table.columns <= 3
        && pages.len() >= 3
        && pages.len() + 1 >= last.len()
        && ascending
        && figures == 0
        && last.len() * 3 >= table.rows * 2
        && texts(table, 0).iter().filter(|t| is_section(t)).count() * 2 > texts(table, 0).len()
}

/// A title with its number, or the number alone.
fn is_section(text: &str) -> bool {
    let first = text.split(' ').next().unwrap_or_default();
    first.starts_with(|c: char| c.is_ascii_digit() || "ABCIVX".contains(c))
        && first.chars().all(|c| c.is_ascii_digit() || ".ABCIVX".contains(c))
}

/// What a column says, row by row.
fn texts(table: &Table, column: usize) -> Vec<&str> {
    table.filled().filter(|c| c.column == column).map(|c| c.text.as_str()).collect()
}

/// Share of a table. What lies in a figure by more is a part of it.
const IN_FIGURE: f32 = 0.6;

fn in_figure(table: &Table, regions: &[Region]) -> bool {
    regions.iter().any(|r| r.label == Label::Figure && table.rect.share_in(&r.rect) > IN_FIGURE)
}

/// The cells that hold a picture and no text.
fn pictured<'a>(table: &'a Table, sheet: &Sheet) -> Vec<&'a Cell> {
    let holds =
        |c: &&Cell| c.text.trim().is_empty() && sheet.pictures.iter().any(|p| p.share_in(&c.rect) > 0.5);
    table.cells.iter().filter(holds).collect()
}

/// Rows with text or pictures in two cells or more.
fn full_rows(table: &Table, pictures: &[&Cell]) -> usize {
    let pictured = |row: usize| pictures.iter().filter(|c| c.row == row).count();
    let cells = |row: usize| table.filled().filter(|c| c.row == row).count() + pictured(row);
    (0..table.rows).filter(|&row| cells(row) >= 2).count()
}

/// Whether rows that no rule parts are filled as those of a table are.
fn is_aligned_table(table: &Table, facts: &Facts) -> bool {
    let rows = full_rows(table, &[]);
    rows >= FEWEST_ROWS
        && facts.mean_length < SHORT_CELL
        && (facts.figures > 0.5 || rows > FEWEST_ROWS && table.columns >= 3 && facts.share > DENSE)
}

fn confidence(area: &Area, facts: &Facts) -> f32 {
    let witness = match (area.ruled, area.seen) {
        (true, Some(score)) => 0.75 + 0.2 * score,
        (true, None) => 0.7,
        (false, Some(score)) => 0.4 + 0.4 * score,
        (false, None) => 0.5,
    };
    (witness * (0.7 + 0.3 * facts.share.min(1.0))).clamp(0.0, 1.0)
}

/// Characters. A shorter line over all columns names the rows under it.
const LONGEST_TITLE: usize = 30;

/// Takes off rows at the top and the foot that are a title or a note: one piece of text over the whole width.
fn trim(table: &mut Table) {
    let whole = |t: &Table, row: usize| {
        let mut filled = t.filled().filter(|c| c.row == row);
        let (Some(one), None) = (filled.next(), filled.next()) else { return false };
        let across = one.column == 0 && one.column_span == t.columns && t.columns > 1;
        across && one.text.chars().count() > LONGEST_TITLE
    };
    while table.rows > 2 && whole(table, table.rows - 1) {
        drop_row(table, table.rows - 1);
    }
    while table.rows > 2 && whole(table, 0) {
        drop_row(table, 0);
    }
}

fn drop_row(table: &mut Table, row: usize) {
    table.cells.retain(|c| c.row != row);
    for cell in table.cells.iter_mut().filter(|c| c.row > row) {
        cell.row -= 1;
    }
    table.rows -= 1;
    table.rect = Rect::around_all(table.cells.iter().map(|c| &c.rect)).unwrap_or(table.rect);
}
