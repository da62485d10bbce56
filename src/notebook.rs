//! What a notebook cell shows of a value: `evcxr_display` for everything that is `Debug`.
//!
//! evcxr shows the last expression of a cell by calling `(expression).evcxr_display()`, and compiles the cell a second
//! time where there is no such method. With `use flatleaf::notebook::Show` there always is: frames come as tables, pages
//! and charts as pictures, tables as tables, formulas typeset, several of them one below the other; so do these in a
//! `Vec`, `Option`, `Arc` or `Result`. All else comes as `{:?}`, cut at some length.
//!
//! | value | shown as |
//! |---|---|
//! | `DataFrame` | an HTML table |
//! | regions, spans, lines, words, characters, rules, links, cells, blocks, figures, timings | the table of their frame |
//! | [`Raster`], [`RgbImage`] | a picture, at most 1,000 pixels wide |
//! | [`Page`] | a drawing of what was read of it |
//! | [`PageContent`] | the table of its blocks; several: the table of the pages |
//! | [`Table`], [`table::Found`](crate::steps::table::Found) | an HTML table with spans |
//! | [`Formula`], [`formula::Found`](crate::steps::formula::Found) | typeset: MathML, and LaTeX for viewers without |
//! | [`Document`] | its metadata and thumbnails |
//! | [`Snapshot`](crate::memory::Snapshot), [`Loaded`](crate::model::Loaded) models | a table |
//! | [`Chart`](crate::plot::Chart) | a picture, as SVG |
//!
//! In a terminal (`flatleaf repl`) these come as text, frames as tables of it, and each picture as the path of a file.

mod bundle;
mod known;
mod value;

use std::fmt::Debug;

pub use bundle::{Bundle, PICTURES, Rich};
use value::Value;

#[cfg(doc)]
use crate::{
    Document,
    content::{Formula, Page, PageContent, Raster, Table},
};
#[cfg(doc)]
use image::RgbImage;

/// Shown in a notebook.
pub trait Show {
    /// What is shown.
    fn bundle(&self) -> Bundle;

    /// What evcxr calls: writes the bundle to standard output, in evcxr's form.
    fn evcxr_display(&self) {
        self.bundle().print();
    }
}

impl<T: Debug + ?Sized> Show for T {
    fn bundle(&self) -> Bundle {
        known::bundle(&Value::of(&self))
    }
}

#[cfg(test)]
mod tests;
