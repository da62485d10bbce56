//! Flatleaf reads PDFs and page images and gives back what is on the page:
//! layout, text in reading order, tables, formulas, figures. Each step runs by
//! itself, every result is a polars frame, and memory stays flat.
//!
//! Modules are listed in the order in which values flow; each uses only those
//! above it.

pub mod error;
pub mod geometry;

pub mod content;

pub mod assets;
pub mod memory;

pub mod document;
pub mod model;
pub mod steps;

pub mod extract;

pub mod frames;
pub mod html;
pub mod json;
pub mod markdown;
pub mod plot;

pub mod notebook;
pub mod report;

pub mod prelude;

pub use assets::Assets;
pub use document::Document;
pub use error::{Error, Result};
pub use extract::{Ocr, Options, extract};
pub use model::Models;
