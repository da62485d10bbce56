//! All that a notebook has at hand: `use flatleaf::prelude::*`.
//!
//! ```
//! use flatleaf::prelude::*;
//!
//! # fn main() -> flatleaf::Result<()> {
//! # if Assets::default_location().path("pdfium").is_err() { return Ok(()) }
//! let page = Document::open("tests/data/sample.pdf")?.page(1)?;
//! let lines = text::lines(&text::spans(&page));
//! # assert!(!lines.is_empty());
//! # Ok(())
//! # }
//! ```

pub use polars::prelude::*;

pub use crate::{
    Assets, Document, Error, Models, Ocr, Options, Result,
    content::{
        Block, Cell, Figure, Formula, Kind, Label, Line, OutlineEntry, Page, PageContent, Raster, Region,
        Source, Span, Table, Word,
    },
    extract::{self, Formulas, Layout, Tables, extract, page_content},
    frames::{self, PageKey, ToFrame},
    geometry::{Point, Rect},
    json,
    markdown::{self, markdown},
    memory, model,
    notebook::Show,
    plot::{self, Chart, boxes, overlay},
    report,
    steps::{
        assemble::{self, assemble},
        formula, layout, ocr, order, rules,
        structure::{self, structure},
        table, tags, text,
    },
};
