//! Tables as drawn to frames as read.

use polars::prelude::*;

use super::*;
use crate::content::{Carried, Evidence, Kind, Label, Region, Source, Timing, Why};

/// `text` at row, column, over rows and columns.
fn cell(at: [usize; 2], over: [usize; 2], text: &str) -> Cell {
    Cell {
        row: at[0],
        column: at[1],
        row_span: over[0],
        column_span: over[1],
        header: false,
        text: text.into(),
        confidence: 0.5,
        rect: Rect::new(at[1] as f32, at[0] as f32, at[1] as f32 + 1.0, at[0] as f32 + 1.0),
    }
}

/// Cells by line, parted by `|`.
fn drawn(header_rows: usize, lines: &[&str]) -> Table {
    let mut table = Table { rows: lines.len(), header_rows, confidence: 0.75, ..Table::default() };
    for (row, line) in lines.iter().enumerate() {
        for (column, text) in line.split('|').enumerate() {
            table.columns = table.columns.max(column + 1);
            table.cells.push(cell([row, column], [1, 1], text.trim()));
        }
    }
    table
}

fn spanning(size: [usize; 2], header_rows: usize, cells: Vec<Cell>) -> Table {
    Table { rows: size[0], columns: size[1], header_rows, cells, ..Table::default() }
}

fn names(table: &Table) -> Vec<String> {
    super::table(table).unwrap().get_column_names().iter().map(|name| name.to_string()).collect()
}

fn page(number: usize, tables: Vec<Table>) -> PageContent {
    let block = |(n, table): (usize, Table)| Block {
        id: crate::content::block_id(number, n),
        kind: Kind::Table,
        evidence: Evidence::Grid,
        level: None,
        rect: table.rect,
        text: String::new(),
        marks: Vec::new(),
        marker: None,
        caption_of: None,
        continues: None,
        lines: Vec::new(),
        confidence: 1.0,
        source: Source::TextLayer,
        region: None,
        role: None,
        table: Some(table),
        formula: None,
        figure: None,
    };
    PageContent {
        document: "a.pdf".into(),
        number,
        width: 100.0,
        height: 100.0,
        blocks: tables.into_iter().enumerate().map(block).collect(),
        ..PageContent::default()
    }
}

fn text_frame(columns: &[(&str, &[Option<&str>])]) -> DataFrame {
    let columns = columns.iter().map(|(name, texts)| Column::new((*name).into(), *texts)).collect();
    DataFrame::new_infer_height(columns).unwrap()
}

#[test]
fn a_table_is_a_frame_of_its_columns() {
    let frame = table(&drawn(1, &["Year | Sales", "1996 | 1,234", "1997 |"])).unwrap();
    let wanted = text_frame(&[("Year", &[Some("1996"), Some("1997")]), ("Sales", &[Some("1,234"), None])]);
    assert!(frame.equals_missing(&wanted), "{frame}");
}

#[test]
fn header_levels_are_joined_and_repeats_said_once() {
    let header = vec![
        cell([0, 0], [2, 1], "Region"),
        cell([0, 1], [1, 2], "Sales"),
        cell([1, 1], [1, 1], "1996"),
        cell([1, 2], [1, 1], "1997"),
        cell([0, 3], [1, 1], "Total"),
        cell([1, 3], [1, 1], "Total"),
    ];
    assert_eq!(names(&spanning([2, 4], 2, header)), ["Region", "Sales / 1996", "Sales / 1997", "Total"]);
}

#[test]
fn columns_without_a_name_get_a_number_and_doubles_another() {
    let table = drawn(1, &["a | a | | a (2) | a", "1 | 2 | 3 | 4 | 5"]);
    assert_eq!(names(&table), ["a", "a (3)", "column_3", "a (2)", "a (4)"]);
    assert_eq!(names(&drawn(0, &["a | b"])), ["column_1", "column_2"]);
}

#[test]
fn text_of_a_cell_that_spans_stands_in_each_place() {
    let cells = vec![cell([0, 0], [2, 1], "north"), cell([0, 1], [1, 2], "7"), cell([1, 1], [1, 1], "8")];
    let frame = table(&spanning([2, 3], 0, cells)).unwrap();
    let wanted = text_frame(&[
        ("column_1", &[Some("north"), Some("north")]),
        ("column_2", &[Some("7"), Some("8")]),
        ("column_3", &[Some("7"), None]),
    ]);
    assert!(frame.equals_missing(&wanted), "{frame}");
}

#[test]
fn a_header_cell_that_reaches_into_the_body_is_no_value() {
    let cells = vec![cell([0, 0], [2, 1], "n"), cell([2, 0], [1, 1], "5")];
    let frame = table(&spanning([3, 1], 1, cells)).unwrap();
    assert!(frame.equals_missing(&text_frame(&[("n", &[None, Some("5")])])), "{frame}");
}

#[test]
fn tables_without_body_or_cells_are_empty_frames() {
    assert_eq!(table(&drawn(1, &["a | b"])).unwrap().shape(), (0, 2));
    assert_eq!(typed_table(&drawn(9, &["a | b"])).unwrap().shape(), (0, 2));
    assert_eq!(typed_table(&Table::default()).unwrap().shape(), (0, 0));
}

fn balance() -> Table {
    drawn(
        1,
        &[
            "Item | Day | 2012 | Share | Growth | Note",
            "Assets | 31.12.2012 | 1,234 | 12.5% | 1.5 | 1",
            "Debts | 1.2.2013 | (56) | 0.5% | – | 2b",
            "Other | n/a | $ 7 | | −2.25 |",
        ],
    )
}

#[test]
fn the_typed_twin_has_the_same_names_and_rows() {
    let frame = typed_table(&balance()).unwrap();
    assert_eq!(frame.get_column_names(), table(&balance()).unwrap().get_column_names());
    let types: Vec<DataType> = frame.dtypes();
    assert_eq!(
        types,
        [
            DataType::String,
            DataType::Date,
            DataType::Int64,
            DataType::Float64,
            DataType::Float64,
            DataType::String
        ]
    );
    let column = |name: &str| frame.column(name).unwrap().clone();
    let wanted = [
        Column::new("2012".into(), [Some(1234i64), Some(-56), Some(7)]),
        Column::new("Share".into(), [Some(0.125), Some(0.005), None]),
        Column::new("Growth".into(), [Some(1.5), None, Some(-2.25)]),
        Column::new("Day".into(), [Some(15_705i32), Some(15_737), None]).cast(&DataType::Date).unwrap(),
        Column::new("Note".into(), [Some("1"), Some("2b"), None]),
    ];
    for wanted in wanted {
        assert!(column(wanted.name()).equals_missing(&wanted), "{wanted:?}");
    }
}

#[test]
fn typed_frames_have_a_form_in_each_format() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frame");
    for format in [FrameFormat::Parquet, FrameFormat::Ipc, FrameFormat::JsonLines, FrameFormat::Csv] {
        write(&mut typed_table(&balance()).unwrap(), &path, format).unwrap();
    }
    let csv = std::fs::read_to_string(&path).unwrap();
    assert_eq!(csv.lines().nth(1), Some("Assets,2012-12-31,1234,0.125,1.5,1"), "{csv}");
}

#[test]
fn tables_are_named_by_page_and_place() {
    let pages = [page(1, vec![balance(), drawn(0, &["a"])]), page(12, vec![drawn(1, &["a", "b"])])];
    let names: Vec<String> = named_tables(&pages).into_iter().map(|t| t.name).collect();
    assert_eq!(names, ["page-0001-table-1", "page-0001-table-2", "page-0012-table-1"]);
    let frame = tables(&pages).unwrap();
    assert_eq!(
        frame.get_column_names().into_iter().map(|name| name.as_str()).collect::<Vec<_>>(),
        [
            "document",
            "page",
            "block",
            "table",
            "parts",
            "rows",
            "columns",
            "header_rows",
            "confidence",
            "x0",
            "y0",
            "x1",
            "y1"
        ]
    );
    let rows: Vec<Option<u32>> = frame.column("rows").unwrap().u32().unwrap().iter().collect();
    assert_eq!(rows, [Some(4), Some(1), Some(2)]);
}

#[test]
fn each_cell_is_a_row_with_its_place() {
    let cells = vec![cell([0, 0], [1, 2], "both"), cell([1, 1], [1, 1], "")];
    let frame = super::cells(&[page(3, vec![spanning([2, 2], 1, cells)])]).unwrap();
    let wanted = df!(
        "document" => ["a.pdf"; 2],
        "page" => [3u32; 2],
        "block" => ["p3-b1"; 2],
        "part" => [1u32; 2],
        "row" => [0u32, 1],
        "column" => [0u32, 1],
        "row_span" => [1u32, 1],
        "column_span" => [2u32, 1],
        "header" => [false; 2],
        "text" => ["both", ""],
        "confidence" => [0.5f32; 2],
        "x0" => [0f32, 1.0],
        "y0" => [0f32, 1.0],
        "x1" => [1f32, 2.0],
        "y1" => [1f32, 2.0],
    )
    .unwrap();
    assert!(frame.equals_missing(&wanted), "{frame}");
}

/// Two pages of one table, the second of which repeats the header.
fn joined() -> [PageContent; 2] {
    let first = drawn(1, &["page | n", "a | 1", "b | 2"]);
    let mut next = drawn(1, &["page | n", "c | 3"]);
    next.carried = Some(Carried { of: "p1-b1".into(), repeated: 1, why: Why::Header });
    [page(1, vec![first]), page(2, vec![next])]
}

#[test]
fn a_table_over_two_pages_is_one_that_says_whose_its_rows_are() {
    let pages = joined();
    let named = named_tables(&pages);
    assert_eq!(named.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["page-0001-table-1"]);
    let frame = table(&named[0].table).unwrap();
    let wanted = df!(
        "page" => [1u32, 1, 2],
        "part" => [1u32, 1, 2],
        "page (2)" => ["a", "b", "c"],
        "n" => ["1", "2", "3"],
    )
    .unwrap();
    assert!(frame.equals_missing(&wanted), "{frame}");
    let typed = typed_table(&named[0].table).unwrap();
    assert_eq!(typed.get_column_names(), frame.get_column_names());
}

#[test]
fn the_cells_of_a_table_over_two_pages_stand_on_their_own() {
    let frame = super::cells(&joined()).unwrap();
    let values =
        |name: &str| -> Vec<Option<u32>> { frame.column(name).unwrap().u32().unwrap().iter().collect() };
    assert_eq!(values("row"), [0, 0, 1, 1, 2, 2, 3, 3].map(Some));
    assert_eq!(values("page"), [1, 1, 1, 1, 1, 1, 2, 2].map(Some));
    assert_eq!(values("part"), values("page"));
}

#[test]
fn what_steps_give_joins_by_document_page_and_box() {
    let page = crate::content::Page { document: "a.pdf".into(), number: 3, ..Default::default() };
    let region = Region { rect: Rect::new(1.0, 2.0, 3.0, 4.0), label: Label::Text, score: 0.5 };
    let regions = [region].frame(&page).unwrap();
    let cells = drawn(0, &["a"]).frame(PageKey { document: "a.pdf", page: 3 }).unwrap();
    for frame in [&regions, &cells] {
        let names: Vec<&str> = frame.get_column_names().iter().map(|name| name.as_str()).collect();
        assert_eq!(
            (&names[..2], &names[names.len() - 4..]),
            (&["document", "page"][..], &["x0", "y0", "x1", "y1"][..])
        );
        assert_eq!(frame.column("document").unwrap().str().unwrap().get(0), Some("a.pdf"));
        assert_eq!(frame.column("page").unwrap().u32().unwrap().get(0), Some(3));
    }
    assert_eq!(regions.column("label").unwrap().str().unwrap().get(0), Some("text"));
}

#[test]
fn the_frame_of_nothing_has_the_columns_of_something() {
    let page = crate::content::Page::default();
    let region = Region { rect: Rect::default(), label: Label::Text, score: 0.5 };
    assert_eq!(<[Region]>::frame(&[], &page).unwrap().schema(), [region].frame(&page).unwrap().schema());
    assert_eq!(<[Timing]>::frame(&[], &page).unwrap().width(), 6);
}
