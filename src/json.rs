//! Contents to JSON of a stable, versioned schema.
//!
//! ```json
//! {"schema": 1,
//!  "document": {"path": "a.pdf", "pages": 2, "title": "…", "author": "…", …},
//!  "pages": [
//!   {"number": 1, "width": 612.0, "height": 792.0, "turn": 0, "skew": 0.0, "warnings": [],
//!    "blocks": [
//!     {"id": "p1-b1", "kind": "heading", "evidence": "size", "level": 1, "box": [72.0, 72.0, 300.0, 90.0],
//!      "text": "…", "marks": [{"start": 4, "end": 9, "kind": "link", "target": "https://…"}],
//!      "marker": "1.", "caption_of": "p1-b4", "continues": {"of": "p1-b0", "joint": "space"},
//!      "confidence": 1.0, "source": "text_layer", "region": {"label": "title", "score": 0.93},
//!      "table": {"rows": 2, "columns": 2, "cells": [{"row": 0, "column": 0, "row_span": 1,
//!                "column_span": 1, "header": true, "text": "…", "box": […]}]},
//!      "formula": "p1-f1", "latex": "…", "display": true, "number": "1",
//!      "image": "a/figures/page-0001-figure-1.png"}],
//!    "formulas": [{"id": "p1-f1", "box": […], "display": true, "latex": "…", "text": "…", "number": "1",
//!                  "source": "glyphs", "confidence": 0.98, "symbols": 9}]},
//!   {"number": 2, "error": "a.pdf, page 2: the page is damaged …"}]}
//! ```
//!
//! Pages count from 1; boxes are `[x0, y0, x1, y1]` in points from the top
//! left; fields that do not apply are left out. Marks count characters (Unicode
//! scalar values) of `text`; the target of a `link` is an address or a page, of
//! a `note` the id of the footnote's block, of a `formula` the id of one of the page's `formulas`. `joint` is what stands between the
//! text of block `of` and this one: a `space`, `nothing`, or `hyphen`, where the
//! hyphen that the first text ends in goes. A page that failed has its `error`
//! in place of its content. `schema` grows by one with any change that could
//! break a reader; new fields do not.

use serde::Serialize;

use crate::{
    content::{
        Block, Carried, Continuation, Evidence, Formula, Joint, Kind, Label, Mark, MarkKind, PageContent,
        Table, Target,
    },
    document::DocumentInfo,
    geometry::Rect,
};

/// The version of the schema that is written.
pub const SCHEMA: u32 = 1;

/// A page that gave no content.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FailedPage {
    /// Counted from 1.
    pub number: usize,
    /// What went wrong, and the next step.
    pub error: String,
}

/// The document as indented JSON. `path_of` gives the path of a figure's
/// picture by its name, where one was written.
pub fn document(
    info: &DocumentInfo,
    pages: &[PageContent],
    failed: &[FailedPage],
    path_of: impl Fn(&str) -> Option<String>,
) -> String {
    let mut entries: Vec<Entry> = pages.iter().map(|p| Entry::Page(page(p, &path_of))).collect();
    entries.extend(failed.iter().map(Entry::Failed));
    entries.sort_by_key(Entry::number);
    let root = Root { schema: SCHEMA, document: info, pages: entries };
    serde_json::to_string_pretty(&root).expect("strings, numbers and lists always have a JSON form")
}

#[derive(Serialize)]
struct Root<'a> {
    schema: u32,
    document: &'a DocumentInfo,
    pages: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Page(JsonPage<'a>),
    Failed(&'a FailedPage),
}

impl Entry<'_> {
    fn number(&self) -> usize {
        match self {
            Entry::Page(page) => page.number,
            Entry::Failed(page) => page.number,
        }
    }
}

#[derive(Serialize)]
struct JsonPage<'a> {
    number: usize,
    width: f64,
    height: f64,
    turn: u16,
    skew: f64,
    warnings: &'a [String],
    blocks: Vec<JsonBlock<'a>>,
    #[serde(skip_serializing_if = "<[Formula]>::is_empty")]
    formulas: &'a [Formula],
}

#[derive(Serialize)]
struct JsonBlock<'a> {
    id: &'a str,
    kind: Kind,
    evidence: Evidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u8>,
    #[serde(rename = "box")]
    rect: [f64; 4],
    text: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<JsonMark<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption_of: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    continues: Option<JsonContinuation<'a>>,
    confidence: f64,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<JsonRegion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<JsonTable<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    formula: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latex: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
}

#[derive(Serialize)]
struct JsonMark<'a> {
    start: usize,
    end: usize,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<JsonTarget<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonTarget<'a> {
    Name(&'a str),
    Page(usize),
}

#[derive(Serialize)]
struct JsonContinuation<'a> {
    of: &'a str,
    joint: Joint,
}

#[derive(Serialize)]
struct JsonRegion {
    label: Label,
    score: f64,
}

#[derive(Serialize)]
struct JsonTable<'a> {
    #[serde(rename = "box")]
    rect: [f64; 4],
    rows: usize,
    columns: usize,
    header_rows: usize,
    confidence: f64,
    cells: Vec<JsonCell<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carried: Option<&'a Carried>,
}

#[derive(Serialize)]
struct JsonCell<'a> {
    row: usize,
    column: usize,
    row_span: usize,
    column_span: usize,
    header: bool,
    text: &'a str,
    confidence: f64,
    #[serde(rename = "box")]
    rect: [f64; 4],
}

fn page<'a>(page: &'a PageContent, path_of: &impl Fn(&str) -> Option<String>) -> JsonPage<'a> {
    JsonPage {
        number: page.number,
        width: rounded(page.width),
        height: rounded(page.height),
        turn: page.turn.degrees(),
        skew: rounded(page.skew),
        warnings: &page.warnings,
        blocks: page.blocks.iter().map(|b| block(page, b, path_of)).collect(),
        formulas: &page.formulas,
    }
}

fn block<'a>(
    page: &'a PageContent,
    block: &'a Block,
    path_of: &impl Fn(&str) -> Option<String>,
) -> JsonBlock<'a> {
    let formula = block.formula.as_ref().and_then(|id| page.formulas.iter().find(|f| f.id == *id));
    let figure = block.figure.and_then(|i| page.figures.get(i));
    JsonBlock {
        id: &block.id,
        kind: block.kind,
        evidence: block.evidence,
        level: block.level,
        rect: boxed(&block.rect),
        text: &block.text,
        marks: block.marks.iter().map(|m| mark(&block.text, m)).collect(),
        marker: block.marker.as_deref(),
        caption_of: block.caption_of.as_deref(),
        continues: block.continues.as_ref().map(continuation),
        confidence: rounded(block.confidence),
        source: block.source.name(),
        region: block.region.map(|(label, score)| JsonRegion { label, score: rounded(score) }),
        table: block.table.as_ref().map(table),
        formula: block.formula.as_deref(),
        latex: formula.and_then(|f| f.latex.as_deref()),
        display: formula.map(|f| f.display),
        number: formula.and_then(|f| f.number.as_deref()),
        image: figure.and_then(|f| path_of(&f.name)),
    }
}

fn mark<'a>(text: &str, mark: &'a Mark) -> JsonMark<'a> {
    let characters = |bytes: usize| text.char_indices().take_while(|&(at, _)| at < bytes).count();
    let target = match &mark.kind {
        MarkKind::Link(Target::Uri(address)) => Some(JsonTarget::Name(address)),
        MarkKind::Link(Target::Page(number)) => Some(JsonTarget::Page(*number)),
        MarkKind::Note(id) | MarkKind::Formula(id) => Some(JsonTarget::Name(id)),
        _ => None,
    };
    JsonMark { start: characters(mark.start), end: characters(mark.end), kind: mark.kind.name(), target }
}

fn continuation(continuation: &Continuation) -> JsonContinuation<'_> {
    JsonContinuation { of: &continuation.of, joint: continuation.joint }
}

fn table(table: &Table) -> JsonTable<'_> {
    let cells = table.cells.iter().map(|c| JsonCell {
        row: c.row,
        column: c.column,
        row_span: c.row_span,
        column_span: c.column_span,
        header: c.header,
        text: &c.text,
        confidence: rounded(c.confidence),
        rect: boxed(&c.rect),
    });
    JsonTable {
        rect: boxed(&table.rect),
        rows: table.rows,
        columns: table.columns,
        header_rows: table.header_rows,
        confidence: rounded(table.confidence),
        cells: cells.collect(),
        carried: table.carried.as_ref(),
    }
}

fn boxed(rect: &Rect) -> [f64; 4] {
    [rect.x0, rect.y0, rect.x1, rect.y1].map(rounded)
}

/// To hundredths: a hundredth of a point is a tenth of a printer's dot.
fn rounded(value: f32) -> f64 {
    (f64::from(value) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::steps::{
        assemble::{Parts, assemble},
        drawing::draw,
        text,
    };

    fn content(line: &str) -> PageContent {
        let page = draw().text(72.0, 100.0, line).page();
        let lines = text::lines(&text::spans(&page));
        let parts = Parts {
            page: page.rect(),
            number: 1,
            lines,
            regions: &[],
            tables: Vec::new(),
            formulas: &[],
            painted: None,
            links: &[],
            source: None,
        };
        PageContent {
            document: Arc::from("a.pdf"),
            number: 1,
            width: 612.0,
            height: 792.0,
            blocks: assemble(parts),
            warnings: vec!["odd".into()],
            ..PageContent::default()
        }
    }

    #[test]
    fn the_schema_is_stable() {
        let content = content("One line.");
        let info = DocumentInfo { path: "a.pdf".into(), pages: 2, ..Default::default() };
        let failed = [FailedPage { number: 2, error: "damaged".into() }];
        let found: serde_json::Value =
            serde_json::from_str(&document(&info, &[content], &failed, |_| None)).unwrap();
        let expected = serde_json::json!({
            "schema": 1,
            "document": {"path": "a.pdf", "pages": 2},
            "pages": [
                {"number": 1, "width": 612.0, "height": 792.0, "turn": 0, "skew": 0.0, "warnings": ["odd"],
                 "blocks": [{"id": "p1-b1", "kind": "paragraph", "evidence": "default",
                             "box": [72.0, 92.0, 117.0, 102.0],
                             "text": "One line.", "confidence": 1.0, "source": "text_layer"}]},
                {"number": 2, "error": "damaged"},
            ],
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn marks_count_characters_and_name_their_targets() {
        let mut content = content("ünder 1 see");
        let link = |target| MarkKind::Link(target);
        content.blocks[0].marks = vec![
            Mark { start: 0, end: 6, kind: MarkKind::Italic },
            Mark { start: 0, end: 6, kind: link(Target::Uri("https://a.org".into())) },
            Mark { start: 7, end: 8, kind: MarkKind::Note("p2-b9".into()) },
            Mark { start: 9, end: 12, kind: link(Target::Page(3)) },
        ];
        let found = serde_json::to_value(page(&content, &|_| None)).unwrap();
        let expected = serde_json::json!([
            {"start": 0, "end": 5, "kind": "italic"},
            {"start": 0, "end": 5, "kind": "link", "target": "https://a.org"},
            {"start": 6, "end": 7, "kind": "note", "target": "p2-b9"},
            {"start": 8, "end": 11, "kind": "link", "target": 3},
        ]);
        assert_eq!(found["blocks"][0]["marks"], expected);
    }

    #[test]
    fn what_a_block_belongs_to_is_named() {
        let mut content = content("1 a note");
        let block = &mut content.blocks[0];
        (block.evidence, block.marker, block.caption_of) =
            (Evidence::Marker, Some("1".into()), Some("p1-b4".into()));
        block.continues = Some(Continuation { of: "p1-b7".into(), joint: Joint::Hyphen });
        let found = &serde_json::to_value(page(&content, &|_| None)).unwrap()["blocks"][0];
        assert_eq!(found["evidence"], "marker");
        assert_eq!(found["marker"], "1");
        assert_eq!(found["caption_of"], "p1-b4");
        assert_eq!(found["continues"], serde_json::json!({"of": "p1-b7", "joint": "hyphen"}));
    }
}
