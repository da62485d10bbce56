//! The values that are shown as more than their `Debug` text.

use std::{fmt::Debug, sync::Arc};

use image::RgbImage;
use polars::{
    df,
    prelude::{DataFrame, PolarsError, PolarsResult},
};

use super::{Bundle, Rich, value::Value};
use crate::{
    Document, Error, Result,
    content::{
        Block, Cell, Char, Figure, Formula, Line, Link, Page, PageContent, Raster, Region, Rule, Span, Table,
        Timing, Word,
    },
    frames::{self, PageKey, Row, ToFrame},
    html,
    memory::Snapshot,
    model::Loaded,
    plot::{Chart, png},
    steps::{formula, ocr, table},
};

/// Shown one by one. More would bury the notebook.
const MOST: usize = 20;
/// Pages of a document that are shown as pictures.
const THUMBNAILS: usize = 12;
/// Dots an inch: a letter page is 255 pixels wide.
const THUMBNAIL_DPI: f32 = 30.0;
/// CSS pixels.
const THUMBNAIL_WIDTH: u32 = 128;

/// What a value is shown as.
pub(super) fn bundle(value: &Value) -> Bundle {
    KNOWN.iter().find_map(|shown| shown(value)).unwrap_or_else(|| Bundle::debug(value.debug()))
}

/// Each type with all that may be around it.
const KNOWN: &[fn(&Value) -> Option<Bundle>] = &[
    shown::<DataFrame>,
    shown_or::<DataFrame, PolarsError>,
    shown::<Raster>,
    shown::<RgbImage>,
    shown::<Chart>,
    shown::<Page>,
    shown::<PageContent>,
    shown::<Document>,
    shown::<Snapshot>,
    shown::<Table>,
    shown::<table::Found>,
    shown::<Formula>,
    shown::<formula::Found>,
    shown::<ocr::Reading>,
    shown::<Region>,
    shown::<Span>,
    shown::<Line>,
    shown::<Word>,
    shown::<Char>,
    shown::<Rule>,
    shown::<Link>,
    shown::<Cell>,
    shown::<Block>,
    shown::<Figure>,
    shown::<Timing>,
    shown::<Loaded>,
];

/// A type that is shown as more than its `Debug` text. It names no lifetime.
trait Known: Debug + Sized + 'static {
    fn one(&self) -> Bundle;

    /// Several of them: one below the other.
    fn all(values: &[Self]) -> Bundle {
        let shown: Vec<Bundle> = values.iter().take(MOST).map(Known::one).collect();
        let left_out = values.len() - shown.len();
        Bundle::several(shown, left_out)
    }
}

fn shown<T: Known>(value: &Value) -> Option<Bundle> {
    let some = value.get::<Option<T>>().and_then(Option::as_ref);
    let one = value.get().or_else(|| value.get::<Arc<T>>().map(AsRef::as_ref)).or(some);
    let all = value.slice().or_else(|| value.get::<Vec<T>>().map(Vec::as_slice));
    let several = || all.map(T::all);
    one.map(T::one).or_else(several).or_else(|| shown_or::<T, Error>(value))
}

/// What came of something that can fail.
fn shown_or<T: Known, E: std::error::Error + 'static>(value: &Value) -> Option<Bundle> {
    fn either<T, E: std::error::Error>(result: &Result<T, E>, show: impl Fn(&T) -> Bundle) -> Bundle {
        result.as_ref().map_or_else(|error| told(error), show)
    }
    let one = value.get::<Result<T, E>>().map(|result| either(result, T::one));
    let shared = || value.get::<Result<Arc<T>, E>>().map(|result| either(result, |value| value.one()));
    let all = || value.get::<Result<Vec<T>, E>>().map(|result| either(result, |values| T::all(values)));
    one.or_else(shared).or_else(all)
}

/// What went wrong and what to do, then each cause.
fn told(error: &dyn std::error::Error) -> Bundle {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let text = causes.map(ToString::to_string).collect::<Vec<_>>().join("\nbecause: ");
    Bundle { text: format!("error: {text}"), rich: Rich::Nothing }
}

impl Known for DataFrame {
    fn one(&self) -> Bundle {
        Bundle::html(self.to_string(), html::frame(self))
    }
}

impl Known for Raster {
    fn one(&self) -> Bundle {
        let (width, height) = self.pixels.dimensions();
        let text = format!("{width} × {height} pixels at {:.0} dpi", 72.0 * self.scale);
        Bundle::picture(text, &self.pixels)
    }
}

impl Known for RgbImage {
    fn one(&self) -> Bundle {
        Bundle::picture(format!("{} × {} pixels", self.width(), self.height()), self)
    }
}

impl Known for Chart {
    fn one(&self) -> Bundle {
        self.svg().map_or_else(|error| told(&error), |svg| Bundle::svg(self.title(), svg))
    }
}

impl Known for Page {
    fn one(&self) -> Bundle {
        let Page { document, number, width, height, chars, .. } = self;
        let text = format!(
            "page {number} of {document}: {width:.0} × {height:.0} points, {} characters",
            chars.len()
        );
        Bundle::svg(text, html::page(self))
    }
}

impl Known for PageContent {
    fn one(&self) -> Bundle {
        let title = format!("page {} of {}", self.number, self.document);
        let warnings: String =
            self.warnings.iter().map(|warning| format!("<div>⚠ {}</div>", html::escaped(warning))).collect();
        match keyless(&self.blocks) {
            Ok(frame) => Bundle::html(
                format!("{title}\n{frame}"),
                format!("<b>{}</b>{warnings}<br>{}", html::escaped(&title), html::frame(&frame)),
            ),
            Err(error) => told(&error),
        }
    }

    fn all(values: &[Self]) -> Bundle {
        frames::pages(values).map_or_else(|error| told(&error), |frame| frame.one())
    }
}

impl Known for Document {
    fn one(&self) -> Bundle {
        let info = self.info();
        let named = [("title", &info.title), ("author", &info.author), ("creator", &info.creator)];
        let named = named.into_iter().chain([("producer", &info.producer), ("created", &info.created)]);
        let known: Vec<_> = named.filter_map(|(name, value)| Some((name, value.as_deref()?))).collect();
        let pages = format!("{} page{}", info.pages, if info.pages == 1 { "" } else { "s" });
        let lines: String = known.iter().map(|(name, value)| format!("\n{name}: {value}")).collect();
        let rows: String = known.iter().map(|(name, value)| info_row(name, value)).collect();
        let shown = self.pages().min(THUMBNAILS);
        let thumbnails: String = (1..=shown).map(|number| thumbnail(self, number)).collect();
        let more = if shown < self.pages() { format!("… {pages}") } else { String::new() };
        Bundle::html(
            format!("{}: {pages}{lines}", info.path),
            format!(
                "<b>{}</b>, {pages}<table>{rows}</table><div>{thumbnails}{more}</div>",
                html::escaped(&info.path)
            ),
        )
    }
}

fn info_row(name: &str, value: &str) -> String {
    let style = "style=\"text-align:left\"";
    format!("<tr><td {style}>{name}</td><td {style}>{}</td></tr>", html::escaped(value))
}

/// A page that cannot be drawn is a blank sheet that says why.
fn thumbnail(document: &Document, number: usize) -> String {
    let sheet = "display:inline-block;margin:4px;border:1px solid #999;vertical-align:top";
    match document.render(number, THUMBNAIL_DPI) {
        Ok(raster) => {
            let picture = html::png(&png(&raster.pixels), Some(THUMBNAIL_WIDTH), &format!("page {number}"));
            format!("<span style=\"{sheet}\" title=\"page {number}\">{picture}</span>")
        }
        Err(error) => {
            let text = html::escaped(&error.to_string());
            format!("<span style=\"{sheet};width:{THUMBNAIL_WIDTH}px;white-space:normal\">{text}</span>")
        }
    }
}

impl Known for Snapshot {
    fn one(&self) -> Bundle {
        match self.frame() {
            Ok(frame) => Bundle::html(frame.to_string(), html::snapshot(self)),
            Err(error) => told(&error),
        }
    }
}

impl Known for Table {
    fn one(&self) -> Bundle {
        let text = frames::table(self).map_or_else(|error| error.to_string(), |frame| frame.to_string());
        Bundle::html(text, html::table(self))
    }
}

impl Known for table::Found {
    fn one(&self) -> Bundle {
        Table::all(&self.tables)
    }
}

impl Known for Formula {
    fn one(&self) -> Bundle {
        let latex = self.latex.as_deref().filter(|_| self.is_valid());
        let text = latex.unwrap_or(&self.text).to_owned();
        let html = html::formula(self);
        let rich = match latex {
            Some(latex) if self.display => Rich::Formula { html, latex: format!("$$ {latex} $$") },
            Some(latex) => Rich::Formula { html, latex: format!("$ {latex} $") },
            None => Rich::Html(html),
        };
        Bundle { text, rich }
    }
}

impl Known for formula::Found {
    fn one(&self) -> Bundle {
        self.formula.one()
    }
}

impl Known for ocr::Reading {
    fn one(&self) -> Bundle {
        Span::all(&self.spans)
    }
}

impl Known for Loaded {
    fn one(&self) -> Bundle {
        Self::all(std::slice::from_ref(self))
    }

    fn all(values: &[Self]) -> Bundle {
        models(values).map_or_else(|error| told(&error), |frame| frame.one())
    }
}

fn models(loaded: &[Loaded]) -> PolarsResult<DataFrame> {
    let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    df!(
        "model" => loaded.iter().map(|model| model.name.as_str()).collect::<Vec<_>>(),
        "MiB on disk" => loaded.iter().map(|model| mib(model.disk)).collect::<Vec<_>>(),
        "MiB in memory" => loaded.iter().map(|model| mib(model.resident)).collect::<Vec<_>>(),
        "runs" => loaded.iter().map(|model| model.runs).collect::<Vec<_>>(),
        "seconds busy" => loaded.iter().map(|model| model.busy.as_secs_f64()).collect::<Vec<_>>(),
        "seconds idle" => loaded.iter().map(|model| model.idle.as_secs_f64()).collect::<Vec<_>>(),
    )
}

/// The frame of values whose page nobody asks for.
fn keyless<T: Row>(values: &[T]) -> Result<DataFrame> {
    let frame = values.frame(PageKey { document: "", page: 0 })?;
    Ok(frame.drop_many(["document", "page"]))
}

fn rows<T: Row>(values: &[T]) -> Bundle {
    keyless(values).map_or_else(|error| told(&error), |frame| frame.one())
}

/// Shown as the table of their frame.
macro_rules! known_as_rows {
    ($($row:ty),*) => {$(
        impl Known for $row {
            fn one(&self) -> Bundle {
                rows(std::slice::from_ref(self))
            }

            fn all(values: &[Self]) -> Bundle {
                rows(values)
            }
        }
    )*};
}

known_as_rows!(Region, Span, Line, Word, Char, Rule, Link, Cell, Block, Timing);

impl Known for Figure {
    fn one(&self) -> Bundle {
        self.crop.as_ref().map_or_else(|| rows(std::slice::from_ref(self)), Known::one)
    }
}
