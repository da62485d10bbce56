//! Documents to one HTML page that stands by itself: charts over all of them, then each with its pages, what was found
//! drawn over them, its tables and its formulas.
//!
//! The page is written as the documents come, one page's picture in memory at a time. The charts are drawn last, and
//! stand first by their style.

use std::io::{self, Write};

use polars::prelude::{Column, DataFrame};

use crate::{
    Document, Error, Result,
    content::{Formula, PageContent},
    frames, html,
    json::FailedPage,
    plot::{self, Chart},
};

/// Dots an inch of the pages' pictures.
const DPI: f32 = 100.0;

const HEAD: &str = "<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Flatleaf report</title>
<style>
body { display: flex; flex-direction: column; margin: 24px auto; max-width: 1280px; padding: 0 16px;
  font: 15px/1.45 system-ui, sans-serif; color: #222; background: #fff; }
header { order: -2 } #charts { order: -1 }
h1 { font-size: 24px } h2 { font-size: 20px; border-bottom: 1px solid #ccc; margin-top: 40px } h3 { font-size: 16px }
table { border-collapse: collapse; font-size: 13px; margin: 8px 0 }
.dataframe td, .dataframe th { border-bottom: 1px solid #ddd }
.page { display: grid; grid-template-columns: 3fr 2fr; gap: 0 24px; align-items: start }
.page > h3, .page > details { grid-column: 1 / 3 } .page > div { min-width: 0; overflow-x: auto }
.page img { max-width: 100%; height: auto; border: 1px solid #ccc }
@media (max-width: 900px) { .page { display: block } }
svg { max-width: 100%; height: auto } figure { margin: 12px 0 }
summary { cursor: pointer; color: #0072b2 } .failed { color: #c81414 } .formula { margin: 8px 0; overflow-x: auto }
</style>
</head>
<body>
";

/// A report that is being written to `out`.
pub struct Report<W> {
    out: W,
    /// Of all documents so far, for the charts.
    frames: Frames,
}

impl<W: Write> Report<W> {
    /// Begins the page.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn new(mut out: W) -> Result<Self> {
        written(out.write_all(HEAD.as_bytes()))?;
        Ok(Self { out, frames: Frames::default() })
    }

    /// One document: its metadata, then page after page, each drawn anew for its overlay. Pages that were `failed` are
    /// named.
    ///
    /// # Errors
    /// A page cannot be drawn, polars refuses, or `out` cannot be written.
    pub fn document(
        &mut self,
        document: &Document,
        pages: &[PageContent],
        failed: &[FailedPage],
    ) -> Result<()> {
        self.frames.add(document, pages)?;
        let info = document.info();
        let title = info.title.as_deref().filter(|title| !title.trim().is_empty());
        let title = title.map_or(String::new(), |title| format!("<p>{}</p>", html::escaped(title)));
        self.put(&format!("<section>\n<h2>{}</h2>\n{title}\n", html::escaped(&info.path)))?;
        for page in failed {
            let (number, error) = (page.number, html::escaped(&page.error));
            self.put(&format!("<p class=\"failed\">Page {number} failed: {error}</p>\n"))?;
        }
        pages.iter().try_for_each(|page| self.page(document, page, pages))?;
        self.put("</section>\n")
    }

    /// The charts over all documents, and the end of the page; gives `out` back.
    ///
    /// # Errors
    /// plotters or polars refuses, or `out` cannot be written.
    pub fn finish(mut self) -> Result<W> {
        let version = env!("CARGO_PKG_VERSION");
        self.put(&format!("<header><h1>Flatleaf report</h1><p>flatleaf {version}</p></header>\n"))?;
        self.put("<section id=\"charts\">\n<h2>All documents</h2>\n")?;
        if let Some(documents) = self.frames.documents.take() {
            self.put(&html::frame(&documents))?;
        }
        for chart in self.frames.charts()?.iter().filter(|chart| !chart.is_empty()) {
            self.put(&format!("<figure>{}</figure>\n", chart.svg()?))?;
        }
        self.put("</section>\n</body>\n</html>\n")?;
        written(self.out.flush())?;
        Ok(self.out)
    }

    /// Its picture beside what was found.
    fn page(&mut self, document: &Document, page: &PageContent, pages: &[PageContent]) -> Result<()> {
        let number = page.number;
        let raster = document.render(number, DPI)?;
        let overlay = plot::png(&plot::overlay(&raster, page));
        drop(raster);
        let picture = html::png(&overlay, None, &format!("page {number} and its blocks"));
        self.put(&format!("<section class=\"page\">\n<h3>Page {number}</h3>\n{picture}\n<div>\n"))?;
        for warning in &page.warnings {
            self.put(&format!("<p class=\"failed\">{}</p>\n", html::escaped(warning)))?;
        }
        self.formulas(page)?;
        self.tables(page, pages)?;
        let (count, blocks) = (page.blocks.len(), html::frame(&frames::blocks(std::slice::from_ref(page))?));
        self.put(&format!(
            "</div>\n<details><summary>{count} blocks</summary>{blocks}</details>\n</section>\n"
        ))
    }

    fn formulas(&mut self, page: &PageContent) -> Result<()> {
        let mut shown = page.formulas.iter().filter(|formula| formula.display);
        let inline = page.formulas.iter().filter(|formula| !formula.display).count();
        shown.try_for_each(|formula: &Formula| {
            self.put(&format!("<div class=\"formula\">{}</div>\n", html::formula(formula)))
        })?;
        match inline {
            0 => Ok(()),
            _ => self.put(&format!("<p>{inline} formulas in lines of text</p>\n")),
        }
    }

    /// Those that begin on the page, with what goes on of them on others.
    fn tables(&mut self, page: &PageContent, pages: &[PageContent]) -> Result<()> {
        let own = page.blocks.iter().filter(|block| block.table.is_some());
        for table in own.filter_map(|block| crate::steps::structure::whole_table(pages, &block.id)) {
            let over = table.parts.len();
            let note = if over > 1 { format!(", over {over} pages") } else { String::new() };
            let size = format!("{} rows, {} columns{note}", table.rows, table.columns);
            self.put(&format!(
                "<figure><figcaption>Table: {size}</figcaption>{}</figure>\n",
                html::table(&table)
            ))?;
        }
        Ok(())
    }

    fn put(&mut self, text: &str) -> Result<()> {
        written(self.out.write_all(text.as_bytes()))
    }
}

fn written(result: io::Result<()>) -> Result<()> {
    result.map_err(|source| Error::Write { path: "the report".into(), source })
}

/// What the charts need of all documents: no text.
#[derive(Default)]
struct Frames {
    documents: Option<DataFrame>,
    timings: Option<DataFrame>,
    pages: Option<DataFrame>,
    blocks: Option<DataFrame>,
    lines: Option<DataFrame>,
}

const TIMINGS: &[&str] = &["document", "page", "stage", "seconds"];
const PAGES: &[&str] = &["document", "page", "words", "source"];
const BLOCKS: &[&str] = &["kind", "confidence", "label", "score", "x0", "y0", "x1", "y1"];
const LINES: &[&str] = &["y0", "y1", "confidence", "source"];
const DOCUMENTS: &[&str] = &["document", "pages", "extracted", "title", "author", "producer"];

impl Frames {
    fn add(&mut self, document: &Document, pages: &[PageContent]) -> Result<()> {
        stack(&mut self.documents, frames::documents(document.info(), pages)?, DOCUMENTS)?;
        stack(&mut self.timings, frames::timings(pages)?, TIMINGS)?;
        stack(&mut self.pages, frames::pages(pages)?, PAGES)?;
        stack(&mut self.blocks, frames::blocks(pages)?, BLOCKS)?;
        stack(&mut self.lines, frames::lines(pages)?, LINES)
    }

    /// None of no documents.
    fn charts(&self) -> Result<Vec<Chart>> {
        let (Some(timings), Some(pages), Some(blocks), Some(lines)) =
            (&self.timings, &self.pages, &self.blocks, &self.lines)
        else {
            return Ok(Vec::new());
        };
        Ok(vec![
            plot::stage_times(timings)?,
            plot::page_times(timings)?,
            plot::words_per_page(pages)?,
            plot::regions_by_label(blocks)?,
            plot::confidence_by_kind(blocks)?,
            plot::confidence_by_height(lines)?,
            plot::positions(blocks)?,
        ])
    }
}

/// Puts the `columns` of `more` below those of the documents before.
fn stack(all: &mut Option<DataFrame>, more: DataFrame, columns: &[&str]) -> Result<()> {
    let failed = |source| Error::Frame { doing: "putting the report's frames together".to_owned(), source };
    let kept = columns.iter().map(|name| more.column(name).cloned()).collect::<Result<Vec<Column>, _>>();
    let kept = DataFrame::new_infer_height(kept.map_err(failed)?).map_err(failed)?;
    match all {
        None => *all = Some(kept),
        Some(all) => drop(all.vstack_mut(&kept).map_err(failed)?),
    }
    Ok(())
}
