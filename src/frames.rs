//! Contents to polars frames, and frames to files.
//!
//! Every frame starts with `document` (str) and `page` (u32, from 1), and ends with
//! the box `x0, y0, x1, y1` (f32, points from the top left) where its rows have a
//! place, so that all of them join.
//!
//! | frame | a row is | columns between |
//! |---|---|---|
//! | `documents` | a document (no `page`) | `pages` u32, `title`, `author`, `creator`, `producer`, `created` str?, `extracted` u32 (pages that gave content) |
//! | `pages` | a page | `width`, `height` f32, `turn` u32 (degrees), `skew` f32, `source` str, `blocks`, `words`, `characters` u32, `confidence` f32, `seconds` f64, `warnings` str (joined by `; `) |
//! | `blocks` | a block | `block` str (id), `order` u32, `kind`, `evidence` str, `level` u32?, `text` str, `marker` str?, `caption_of` str? (id of a figure or table), `continues` str? (id of the block before), `confidence` f32, `source` str, `label` str? (of the layout region), `score` f32? |
//! | `lines` | a line of a block | `block` str, `line` u32, `text` str, `size` f32, `bold`, `italic`, `monospace` bool, `confidence` f32, `source` str |
//! | `words` | a word of a line | `block` str, `line`, `word` u32, `text` str, `confidence` f32 |
//! | `figures` | a figure | `figure` str (name) |
//! | `formulas` | a formula | `formula` str (id), `display` bool, `latex` str?, `text` str, `number` str?, `source` str? (`glyphs`, `model`), `confidence` f32, `valid` bool, `problem` str?, `symbols` u32 |
//! | `tables` | a table; one that goes on over pages is one, with the page and box of its first part | `block`, `table` str (name of its file, without extension), `parts` u32 (pages it stands on), `rows`, `columns`, `header_rows` u32, `confidence` f32 |
//! | `cells` | a cell of a table, by row, then column, with the page it stands on | `block` str (its table's), `part` u32 (from 1), `row`, `column` u32 (from 0), `row_span`, `column_span` u32 (1 or more), `header` bool, `text` str, `confidence` f32 |
//! | `timings` | a stage of a page | `stage` str, `seconds` f64, `resident` u64 (bytes in memory at its end), `growth` i64 (bytes that it left in memory) |
//!
//! What a single step gave turns into a frame by [`ToFrame`], named by where it came from: `regions.frame(&page)`. It has
//! the same key and box, so it joins with the frames of whole documents and with those of the other steps:
//!
//! ```
//! use flatleaf::{content::Page, frames::ToFrame, steps::text};
//!
//! # fn show(page: &Page) -> flatleaf::Result<()> {
//! println!("{}", text::spans(page).frame(page)?);
//! # Ok(())
//! # }
//! ```
//!
//! [`table`] and [`typed_table`] make one table a frame of its own, with the columns that the page shows. In a
//! notebook:
//!
//! ```
//! # use flatleaf::{content::PageContent, frames};
//! # fn show(pages: &[PageContent]) -> flatleaf::Result<()> {
//! for named in frames::named_tables(pages) {
//!     println!("{}", frames::table(&named.table)?); // all text, as printed
//!     println!("{}", frames::typed_table(&named.table)?); // numbers and dates where a column has nothing else
//! }
//! # Ok(())
//! # }
//! ```

mod grid;
mod rows;
mod typed;

use std::{fs::File, io::BufWriter, path::Path};

use polars::prelude::*;

use crate::{
    Error, Result,
    content::{Block, Cell, Line, PageContent, Table, Word},
    document::DocumentInfo,
    geometry::Rect,
    steps::structure::whole_table,
};

pub use rows::{PageKey, Row, ToFrame};

/// One row.
pub fn documents(info: &DocumentInfo, pages: &[PageContent]) -> Result<DataFrame> {
    let one = |name: &str, value: &Option<String>| Column::new(name.into(), [value.clone()]);
    frame(
        "documents",
        vec![
            Column::new("document".into(), [info.path.clone()]),
            Column::new("pages".into(), [info.pages as u32]),
            one("title", &info.title),
            one("author", &info.author),
            one("creator", &info.creator),
            one("producer", &info.producer),
            one("created", &info.created),
            Column::new("extracted".into(), [pages.len() as u32]),
        ],
    )
}

/// A row for each page.
pub fn pages(pages: &[PageContent]) -> Result<DataFrame> {
    let rows: Keyed<&PageContent> = pages.iter().map(|p| (p.into(), p)).collect();
    let words = |p: &PageContent| lines_of(p).map(|(_, l)| l.words().len() as u32).sum::<u32>();
    let characters = |p: &PageContent| p.blocks.iter().map(|b| b.text.chars().count() as u32).sum::<u32>();
    let columns = vec![
        column(&rows, "width", |p| p.width),
        column(&rows, "height", |p| p.height),
        column(&rows, "turn", |p| u32::from(p.turn.degrees())),
        column(&rows, "skew", |p| p.skew),
        column(&rows, "source", |p| p.source.name()),
        column(&rows, "blocks", |p| p.blocks.len() as u32),
        column(&rows, "words", |p| words(p)),
        column(&rows, "characters", |p| characters(p)),
        column(&rows, "confidence", |p| mean_confidence(p)),
        column(&rows, "seconds", |p| p.timings.iter().map(|t| t.seconds).sum::<f64>()),
        column(&rows, "warnings", |p| p.warnings.join("; ")),
    ];
    placed("pages", &rows, columns, |p| Rect::new(0.0, 0.0, p.width, p.height))
}

/// A row for each block, in reading order.
pub fn blocks(pages: &[PageContent]) -> Result<DataFrame> {
    of_all(pages, |page| &page.blocks)
}

/// A row for each line of each block.
pub fn lines(pages: &[PageContent]) -> Result<DataFrame> {
    let (mut blocks, mut rows): (Vec<&str>, Keyed<(usize, &Line)>) = Default::default();
    for (page, block) in pages.iter().flat_map(|page| page.blocks.iter().map(move |block| (page, block))) {
        blocks.extend(block.lines.iter().map(|_| block.id.as_str()));
        rows.extend(block.lines.iter().enumerate().map(|line| (page.into(), line)));
    }
    let mut columns = vec![Column::new("block".into(), blocks)];
    columns.extend(Line::columns(&rows));
    placed("lines", &rows, columns, |(_, line)| line.rect)
}

/// A row for each word of each line.
pub fn words(pages: &[PageContent]) -> Result<DataFrame> {
    let mut rows: Keyed<(&str, usize, usize, Word)> = Vec::new();
    for page in pages {
        for block in &page.blocks {
            for (n, line) in block.lines.iter().enumerate() {
                rows.extend(
                    line.words()
                        .into_iter()
                        .enumerate()
                        .map(|(w, word)| (page.into(), (block.id.as_str(), n, w, word))),
                );
            }
        }
    }
    let columns = vec![
        column(&rows, "block", |(id, ..)| *id),
        column(&rows, "line", |(_, n, ..)| *n as u32),
        column(&rows, "word", |(_, _, w, _)| *w as u32),
        column(&rows, "text", |(.., word)| word.text.as_str()),
        column(&rows, "confidence", |(.., word)| word.confidence),
    ];
    placed("words", &rows, columns, |(.., word)| word.rect)
}

/// A row for each formula, in reading order.
pub fn formulas(pages: &[PageContent]) -> Result<DataFrame> {
    of_all(pages, |page| &page.formulas)
}

/// A row for each figure.
pub fn figures(pages: &[PageContent]) -> Result<DataFrame> {
    of_all(pages, |page| &page.figures)
}

/// A row for each table. Those that [`join_tables`](crate::steps::structure::join_tables) found to go on over pages are
/// one.
pub fn tables(pages: &[PageContent]) -> Result<DataFrame> {
    let tables = tables_of(pages);
    let rows: Keyed<(usize, &Table)> = tables.iter().map(|(p, t)| ((*p).into(), (0, &t.table))).collect();
    let named: Keyed<&NamedTable> = tables.iter().map(|(p, t)| ((*p).into(), t)).collect();
    let mut columns = vec![
        column(&named, "block", |t| t.block),
        column(&named, "table", |t| t.name.as_str()),
        column(&named, "parts", |t| t.table.parts.len() as u32),
    ];
    columns.extend(Table::columns(&rows));
    placed("tables", &rows, columns, |(_, table)| table.rect)
}

/// A row for each cell of each table, on the page where it stands. A cell that spans is one row; places of the grid
/// that no cell covers are none.
pub fn cells(pages: &[PageContent]) -> Result<DataFrame> {
    let tables = tables_of(pages);
    let (mut whence, mut rows): (Keyed<(&str, usize)>, Keyed<(usize, &Cell)>) = Default::default();
    for (first, named) in &tables {
        for cell in &named.table.cells {
            let (part, page) = named.table.part_of(cell.row).map_or((0, first.number), |(n, p)| (n, p.page));
            let is_its = |p: &&PageContent| p.number == page && p.document == first.document;
            let page = pages.iter().find(is_its).unwrap_or(first);
            whence.push((page.into(), (named.block, part + 1)));
            rows.push((page.into(), (0, cell)));
        }
    }
    let mut columns = vec![
        column(&whence, "block", |(block, _)| *block),
        column(&whence, "part", |(_, part)| *part as u32),
    ];
    columns.extend(Cell::columns(&rows));
    placed("cells", &rows, columns, |(_, cell)| cell.rect)
}

/// A table, its block's id, and a name that no other table of the document has.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTable<'a> {
    /// `page-0001-table-1`: the page, and the place among its tables in reading order.
    pub name: String,
    /// [`Block::id`]; of the first part of a table that goes on over pages.
    pub block: &'a str,
    /// The whole table, as [`whole_table`] gives it.
    pub table: Table,
}

/// The tables of all pages, named; what goes on with one of an earlier page is a part of it, and none by itself.
pub fn named_tables(pages: &[PageContent]) -> Vec<NamedTable<'_>> {
    tables_of(pages).into_iter().map(|(_, table)| table).collect()
}

fn tables_of(pages: &[PageContent]) -> Vec<(&PageContent, NamedTable<'_>)> {
    let documents = pages.chunk_by(|a, b| a.document == b.document);
    documents.flat_map(|own| own.iter().flat_map(move |page| begun_on(page, own))).collect()
}

/// The tables that begin on a page of a document.
fn begun_on<'a>(
    page: &'a PageContent,
    document: &'a [PageContent],
) -> impl Iterator<Item = (&'a PageContent, NamedTable<'a>)> {
    let blocks = page.blocks.iter().filter(|b| b.table.is_some()).map(|b| b.id.as_str());
    blocks.enumerate().filter_map(move |(n, block)| {
        let name = format!("page-{:04}-table-{}", page.number, n + 1);
        Some((page, NamedTable { name, block, table: whole_table(document, block)? }))
    })
}

/// One table as text: a row for each row below the header rows, a str column for each column, null where a cell is
/// empty.
///
/// The header rows become the names: from the top, joined by ` / `, each of equal neighbours once; a header cell over
/// several columns is in the name of each. A column without one is `column_3` (counted from 1), the second of a name
/// has ` (2)` added. Text of a body cell that spans stands in each of its rows and columns, as in pandas' `read_html`.
///
/// A table that was joined over pages has two more columns before: `page` and `part` (u32, from 1), where each row
/// stands.
pub fn table(table: &Table) -> Result<DataFrame> {
    let columns = grid::columns(table, taken(table));
    frame("table", whence(table).into_iter().chain(columns.iter().map(text_column)).collect())
}

/// Columns that say where a joined table's rows stand.
const WHENCE: [&str; 2] = ["page", "part"];

/// Names that no column of the page may have.
fn taken(table: &Table) -> &'static [&'static str] {
    if table.parts.len() > 1 { &WHENCE } else { &[] }
}

fn whence(table: &Table) -> Vec<Column> {
    let places = || (table.header_rows.min(table.rows)..table.rows).map(|row| table.part_of(row));
    let pages: Vec<Option<u32>> = places().map(|p| p.map(|(_, part)| part.page as u32)).collect();
    let parts: Vec<Option<u32>> = places().map(|p| p.map(|(n, _)| n as u32 + 1)).collect();
    let columns = WHENCE.iter().zip([pages, parts]).map(|(name, values)| Column::new((*name).into(), values));
    if taken(table).is_empty() { Vec::new() } else { columns.collect() }
}

/// The frame of [`table`], same rows and names, in which a column all of whose values are numbers, or all dates, has
/// them as such:
///
/// - i64: no number has a fraction. f64: one has, or all are percentages, which become fractions: `12.5 %` is 0.125.
///   Date: `2012-12-31`, `31.12.2012`, `31/12/2012`, `31 Dec 2012`, `Dec 31, 2012`.
/// - Digits can be in groups of three, by comma, point, any space or apostrophe. Whether point or comma parts the
///   fraction off is one answer for a column: what all its numbers allow; if they allow both, what more of the table's
///   other columns need; else the point (`1.234` alone is 1.234, `1,234` is 1234).
/// - Negative: `-5`, `−5`, `–5`, `5-`, `(5)`. Currency signs go, if the column has no two of them, and so do footnote
///   marks that can be nothing else: `12.5*`, `12.5†`, `12.5ᵃ`, `1,234 (1)`.
/// - Missing, so null: empty, dashes, `.`, `..`, `…`, `:`, `n.a.`, `n/a`, `NA`, `n.m.`, `NaN`, `null`.
/// - A cell over several columns that is no number or date, or that covers the whole row, counts where it begins; in
///   the columns after it is null.
///
/// A column stays str, as printed, when one value fits nothing; when it mixes percentages with bare numbers,
/// currencies, or parentheses with significance stars (standard errors); when numbers have leading zeros, or more
/// digits than the type holds; when `(1)`, `(2)`, … count; when day and month could change places (`01/02/2012`); when
/// nothing in it is a value.
pub fn typed_table(table: &Table) -> Result<DataFrame> {
    let columns = grid::columns(table, taken(table));
    let places: Vec<_> = columns.iter().map(|column| column.places.as_slice()).collect();
    let typed = typed::typed(&places);
    let typed_column = |(column, values): (&grid::GridColumn, Option<typed::Values>)| {
        let name: PlSmallStr = column.name.as_str().into();
        match values {
            None => Ok(text_column(column)),
            Some(typed::Values::Integers(values)) => Ok(Column::new(name, values)),
            Some(typed::Values::Floats(values)) => Ok(Column::new(name, values)),
            Some(typed::Values::Dates(days)) => Column::new(name, days).cast(&DataType::Date),
        }
    };
    let whence = whence(table).into_iter().map(Ok);
    let columns: PolarsResult<Vec<Column>> =
        whence.chain(columns.iter().zip(typed).map(typed_column)).collect();
    frame("table", columns.map_err(|source| building("table", source))?)
}

fn text_column(column: &grid::GridColumn) -> Column {
    let texts: Vec<Option<&str>> = column.places.iter().map(|place| place.text).collect();
    Column::new(column.name.as_str().into(), texts)
}

/// A row for each stage of each page.
pub fn timings(pages: &[PageContent]) -> Result<DataFrame> {
    of_all(pages, |page| &page.timings)
}

/// What a frame says of each of the values that every page has some of.
fn of_all<T: Row>(pages: &[PageContent], values: impl Fn(&PageContent) -> &Vec<T>) -> Result<DataFrame> {
    let keyed = |page| values(page).iter().enumerate().map(move |row| (PageKey::from(page), row));
    rows::frame(&pages.iter().flat_map(keyed).collect::<Vec<_>>())
}

fn lines_of(page: &PageContent) -> impl Iterator<Item = (&Block, &Line)> {
    page.blocks.iter().flat_map(|b| b.lines.iter().map(move |l| (b, l)))
}

/// Weighed by the characters of each block; 1 for an empty page.
fn mean_confidence(page: &PageContent) -> f32 {
    let (mut sum, mut all) = (0.0, 0.0);
    for block in &page.blocks {
        sum += block.confidence * block.text.len() as f32;
        all += block.text.len() as f32;
    }
    if all > 0.0 { sum / all } else { 1.0 }
}

/// Rows, each with the page that it stands on.
type Keyed<'a, R> = Vec<(PageKey<'a>, R)>;

/// A column from one value of each row.
fn column<'a, R, T, K: ?Sized>(rows: &'a [(PageKey<'_>, R)], name: &str, value: impl Fn(&'a R) -> T) -> Column
where
    Series: NamedFrom<Vec<T>, K>,
{
    let values: Vec<T> = rows.iter().map(|(_, row)| value(row)).collect();
    Series::new(name.into(), values).into()
}

fn keys<R>(rows: &[(PageKey<'_>, R)]) -> Vec<Column> {
    let document: Vec<&str> = rows.iter().map(|(key, _)| key.document).collect();
    let page: Vec<u32> = rows.iter().map(|(key, _)| key.page as u32).collect();
    vec![Column::new("document".into(), document), Column::new("page".into(), page)]
}

fn placed<R>(
    name: &str,
    rows: &[(PageKey<'_>, R)],
    columns: Vec<Column>,
    place: impl Fn(&R) -> Rect,
) -> Result<DataFrame> {
    let side = |name: &str, of: fn(&Rect) -> f32| {
        let values: Vec<f32> = rows.iter().map(|(_, row)| of(&place(row))).collect();
        Column::new(name.into(), values)
    };
    let mut all = keys(rows);
    all.extend(columns);
    all.extend([side("x0", |r| r.x0), side("y0", |r| r.y0), side("x1", |r| r.x1), side("y1", |r| r.y1)]);
    frame(name, all)
}

fn frame(name: &str, columns: Vec<Column>) -> Result<DataFrame> {
    DataFrame::new_infer_height(columns).map_err(|source| building(name, source))
}

fn building(name: &str, source: PolarsError) -> Error {
    Error::Frame { doing: format!("building the {name} frame"), source }
}

/// A file format for frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameFormat {
    /// Apache Parquet, compressed with zstd.
    Parquet,
    /// Comma-separated, with a header row.
    Csv,
    /// Arrow IPC (Feather 2).
    Ipc,
    /// One JSON object a line.
    JsonLines,
}

impl FrameFormat {
    /// The usual file extension.
    pub fn extension(self) -> &'static str {
        match self {
            FrameFormat::Parquet => "parquet",
            FrameFormat::Csv => "csv",
            FrameFormat::Ipc => "ipc",
            FrameFormat::JsonLines => "jsonl",
        }
    }
}

/// Writes a frame to `path`.
///
/// # Errors
/// The file cannot be written, or the format has no form for a column.
pub fn write(frame: &mut DataFrame, path: &Path, format: FrameFormat) -> Result<()> {
    let file = File::create(path).map_err(|source| Error::Write { path: path.to_owned(), source })?;
    let mut file = BufWriter::new(file);
    match format {
        FrameFormat::Parquet => ParquetWriter::new(&mut file).finish(frame).map(drop),
        FrameFormat::Csv => {
            dates_as_text(frame).and_then(|mut frame| CsvWriter::new(&mut file).finish(&mut frame))
        }
        FrameFormat::Ipc => IpcWriter::new(&mut file).finish(frame),
        FrameFormat::JsonLines => {
            JsonWriter::new(&mut file).with_json_format(JsonFormat::JsonLines).finish(frame)
        }
    }
    .map_err(|source| Error::Frame { doing: format!("writing {}", path.display()), source })
}

/// `2012-12-31`. polars' CSV writer knows dates only with a feature that is dear to build: see `Cargo.toml`.
fn dates_as_text(frame: &DataFrame) -> PolarsResult<DataFrame> {
    let text = |column: &Column| match column.dtype() {
        DataType::Date => column.cast(&DataType::String),
        _ => Ok(column.clone()),
    };
    DataFrame::new_infer_height(frame.columns().iter().map(text).collect::<PolarsResult<_>>()?)
}

#[cfg(test)]
mod tests;
