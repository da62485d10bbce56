//! What a step gave, a row for each: the columns of each kind, and the page that they stand on.

use polars::prelude::*;

use super::{column, keys};
use crate::{
    Result,
    content::{
        Block, Cell, Char, Figure, Formula, FormulaSource, Line, Link, Page, PageContent, Region, Rule, Span,
        Style, Table, Target, Timing, Word,
    },
    geometry::Rect,
    steps::{formula, ocr, table},
};

/// What joins the frames of one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageKey<'a> {
    /// The document's path, or the name it was opened under.
    pub document: &'a str,
    /// Counted from 1.
    pub page: usize,
}

impl<'a> From<&'a Page> for PageKey<'a> {
    fn from(page: &'a Page) -> Self {
        Self { document: &page.document, page: page.number }
    }
}

impl<'a> From<&'a PageContent> for PageKey<'a> {
    fn from(page: &'a PageContent) -> Self {
        Self { document: &page.document, page: page.number }
    }
}

/// What a step gave, as a frame.
pub trait ToFrame {
    /// A row for each value: `document`, `page`, the columns of its kind, and its box, if it has one. `page` is what the
    /// step was given: a [`Page`], a [`PageContent`], or a [`PageKey`] of your own.
    ///
    /// # Errors
    /// None that is known; polars may refuse.
    fn frame<'a>(&self, page: impl Into<PageKey<'a>>) -> Result<DataFrame>;
}

impl<T: Row> ToFrame for [T] {
    fn frame<'a>(&self, page: impl Into<PageKey<'a>>) -> Result<DataFrame> {
        let key = page.into();
        frame(&self.iter().enumerate().map(|row| (key, row)).collect::<Vec<_>>())
    }
}

/// The cells.
impl ToFrame for Table {
    fn frame<'a>(&self, page: impl Into<PageKey<'a>>) -> Result<DataFrame> {
        self.cells.frame(page)
    }
}

/// The spans.
impl ToFrame for ocr::Reading {
    fn frame<'a>(&self, page: impl Into<PageKey<'a>>) -> Result<DataFrame> {
        self.spans.frame(page)
    }
}

/// The tables.
impl ToFrame for table::Found {
    fn frame<'a>(&self, page: impl Into<PageKey<'a>>) -> Result<DataFrame> {
        self.tables.frame(page)
    }
}

/// What is a row of a frame.
pub trait Row: Sized {
    /// What the frame is called.
    const NAME: &'static str;

    /// What is known of each value, its key and box left out. With each value comes its place among those of its page,
    /// counted from 0.
    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column>;

    /// Where a value is; `None` for a kind that has no place on the page.
    const RECT: Option<fn(&Self) -> Rect>;
}

/// The frame of values of one kind.
pub(super) fn frame<T: Row>(rows: &[(PageKey<'_>, (usize, &T))]) -> Result<DataFrame> {
    let columns = T::columns(rows);
    match T::RECT {
        Some(rect) => super::placed(T::NAME, rows, columns, |(_, row)| rect(row)),
        None => super::frame(T::NAME, keys(rows).into_iter().chain(columns).collect()),
    }
}

impl Row for Region {
    const NAME: &'static str = "regions";
    const RECT: Option<fn(&Self) -> Rect> = Some(|region| region.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![
            column(rows, "region", |(n, _)| *n as u32),
            column(rows, "label", |(_, r)| r.label.name()),
            column(rows, "score", |(_, r)| r.score),
        ]
    }
}

impl Row for Span {
    const NAME: &'static str = "spans";
    const RECT: Option<fn(&Self) -> Rect> = Some(|span| span.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![
            column(rows, "span", |(n, _)| *n as u32),
            column(rows, "text", |(_, s)| s.text.as_str()),
            column(rows, "size", |(_, s)| s.size),
            column(rows, "bold", |(_, s)| s.style.bold),
            column(rows, "italic", |(_, s)| s.style.italic),
            column(rows, "monospace", |(_, s)| s.style.monospace),
            column(rows, "turn", |(_, s)| u32::from(s.turn.degrees())),
            column(rows, "formula", |(_, s)| s.formula.as_deref()),
            column(rows, "confidence", |(_, s)| s.confidence),
            column(rows, "source", |(_, s)| s.source.name()),
        ]
    }
}

impl Row for Line {
    const NAME: &'static str = "lines";
    const RECT: Option<fn(&Self) -> Rect> = Some(|line| line.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        let all = |l: &Line, is: fn(&Style) -> bool| l.spans.iter().all(|s| is(&s.style));
        vec![
            column(rows, "line", |(n, _)| *n as u32),
            column(rows, "text", |(_, l)| l.text()),
            column(rows, "size", |(_, l)| l.size()),
            column(rows, "bold", |(_, l)| all(l, |s| s.bold)),
            column(rows, "italic", |(_, l)| all(l, |s| s.italic)),
            column(rows, "monospace", |(_, l)| all(l, |s| s.monospace)),
            column(rows, "confidence", |(_, l)| l.confidence()),
            column(rows, "source", |(_, l)| l.spans.first().map(|s| s.source.name())),
        ]
    }
}

impl Row for Word {
    const NAME: &'static str = "words";
    const RECT: Option<fn(&Self) -> Rect> = Some(|word| word.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![
            column(rows, "word", |(n, _)| *n as u32),
            column(rows, "text", |(_, w)| w.text.as_str()),
            column(rows, "confidence", |(_, w)| w.confidence),
        ]
    }
}

impl Row for Char {
    const NAME: &'static str = "chars";
    const RECT: Option<fn(&Self) -> Rect> = Some(|char| char.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![
            column(rows, "char", |(n, _)| *n as u32),
            column(rows, "text", |(_, c)| c.unicode.to_string()),
            column(rows, "font", |(_, c)| u32::from(c.font)),
            column(rows, "size", |(_, c)| c.size),
            column(rows, "angle", |(_, c)| c.angle),
            column(rows, "generated", |(_, c)| c.generated),
            column(rows, "invisible", |(_, c)| c.invisible),
        ]
    }
}

impl Row for Rule {
    const NAME: &'static str = "rules";
    const RECT: Option<fn(&Self) -> Rect> = Some(|rule| rule.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![column(rows, "axis", |(_, r)| r.axis.name())]
    }
}

impl Row for Link {
    const NAME: &'static str = "links";
    const RECT: Option<fn(&Self) -> Rect> = Some(|link| link.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        let uri = |link: &Link| match &link.target {
            Target::Uri(uri) => Some(uri.clone()),
            Target::Page(_) => None,
        };
        let page = |link: &Link| match link.target {
            Target::Page(page) => Some(page as u32),
            Target::Uri(_) => None,
        };
        vec![column(rows, "uri", |(_, l)| uri(l)), column(rows, "to_page", |(_, l)| page(l))]
    }
}

impl Row for Table {
    const NAME: &'static str = "tables";
    const RECT: Option<fn(&Self) -> Rect> = Some(|table| table.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![
            column(rows, "rows", |(_, t)| t.rows as u32),
            column(rows, "columns", |(_, t)| t.columns as u32),
            column(rows, "header_rows", |(_, t)| t.header_rows as u32),
            column(rows, "confidence", |(_, t)| t.confidence),
        ]
    }
}

impl Row for Cell {
    const NAME: &'static str = "cells";
    const RECT: Option<fn(&Self) -> Rect> = Some(|cell| cell.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![
            column(rows, "row", |(_, c)| c.row as u32),
            column(rows, "column", |(_, c)| c.column as u32),
            column(rows, "row_span", |(_, c)| c.row_span as u32),
            column(rows, "column_span", |(_, c)| c.column_span as u32),
            column(rows, "header", |(_, c)| c.header),
            column(rows, "text", |(_, c)| c.text.as_str()),
            column(rows, "confidence", |(_, c)| c.confidence),
        ]
    }
}

impl Row for Formula {
    const NAME: &'static str = "formulas";
    const RECT: Option<fn(&Self) -> Rect> = Some(|formula| formula.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![
            column(rows, "formula", |(_, f)| f.id.as_str()),
            column(rows, "display", |(_, f)| f.display),
            column(rows, "latex", |(_, f)| f.latex.as_deref()),
            column(rows, "text", |(_, f)| f.text.as_str()),
            column(rows, "number", |(_, f)| f.number.as_deref()),
            column(rows, "source", |(_, f)| f.source.map(FormulaSource::name)),
            column(rows, "confidence", |(_, f)| f.confidence),
            column(rows, "valid", |(_, f)| f.is_valid()),
            column(rows, "problem", |(_, f)| f.problem.as_deref()),
            column(rows, "symbols", |(_, f)| f.symbols as u32),
        ]
    }
}

impl Row for formula::Found {
    const NAME: &'static str = Formula::NAME;
    const RECT: Option<fn(&Self) -> Rect> = Some(|found| found.formula.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        let formulas = rows.iter().map(|(key, (n, found))| (*key, (*n, &found.formula)));
        Formula::columns(&formulas.collect::<Vec<_>>())
    }
}

impl Row for Figure {
    const NAME: &'static str = "figures";
    const RECT: Option<fn(&Self) -> Rect> = Some(|figure| figure.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![column(rows, "figure", |(_, f)| f.name.as_str())]
    }
}

impl Row for Block {
    const NAME: &'static str = "blocks";
    const RECT: Option<fn(&Self) -> Rect> = Some(|block| block.rect);

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![
            column(rows, "block", |(_, b)| b.id.as_str()),
            column(rows, "order", |(n, _)| *n as u32),
            column(rows, "kind", |(_, b)| b.kind.name()),
            column(rows, "evidence", |(_, b)| b.evidence.name()),
            column(rows, "level", |(_, b)| b.level.map(u32::from)),
            column(rows, "text", |(_, b)| b.text.as_str()),
            column(rows, "marker", |(_, b)| b.marker.as_deref()),
            column(rows, "caption_of", |(_, b)| b.caption_of.as_deref()),
            column(rows, "continues", |(_, b)| b.continues.as_ref().map(|c| c.of.as_str())),
            column(rows, "confidence", |(_, b)| b.confidence),
            column(rows, "source", |(_, b)| b.source.name()),
            column(rows, "label", |(_, b)| b.region.map(|(label, _)| label.name())),
            column(rows, "score", |(_, b)| b.region.map(|(_, score)| score)),
        ]
    }
}

impl Row for Timing {
    const NAME: &'static str = "timings";
    const RECT: Option<fn(&Self) -> Rect> = None;

    fn columns(rows: &[(PageKey<'_>, (usize, &Self))]) -> Vec<Column> {
        vec![
            column(rows, "stage", |(_, t)| t.stage),
            column(rows, "seconds", |(_, t)| t.seconds),
            column(rows, "resident", |(_, t)| t.resident),
            column(rows, "growth", |(_, t)| t.growth),
        ]
    }
}
