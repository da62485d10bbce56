//! Flatleaf through its public interface, as the child process of the
//! benchmark: files on the command line, one JSON line each, as from `run.py`.

use crate::{formulas, grid::Grid, observed::Observed, peers::Reading, truth};
use cpu_time::ProcessTime;
use flatleaf::{
    Assets, Document, Models, Options, Result,
    content::{Block, PageContent},
    document, extract,
    geometry::Rect,
    markdown::markdown,
    steps::{
        structure::{self, structure},
        table::{self, Sheet},
        text,
    },
};
use std::{path::Path, time::Instant};

/// Loads what reading needs, or says what is missing.
pub fn start() -> Result<Models> {
    let assets = Assets::default_location();
    document::bind(&assets)?;
    // One thread, as the peers: CPU time on two that share a core counts double.
    Models::with_threads(&assets, 1)
}

/// Reads `files`. The first is read twice, so that no file pays for loading the models.
pub fn read(files: &[String], options: &Options) -> Result<()> {
    let models = start()?;
    if let Some(file) = files.first() {
        drop(reading(file, &models, options));
    }
    for file in files {
        let reading = reading(file, &models, options);
        println!("{}", serde_json::to_string(&reading).expect("strings and numbers"));
    }
    Ok(())
}

fn reading(file: &str, models: &Models, options: &Options) -> Reading {
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    let mut reading = Reading { file: file.to_string(), ..Reading::default() };
    match Document::open(file) {
        Ok(document) => fill(&mut reading, &document, models, options),
        Err(e) => reading.error = Some(e.to_string()),
    }
    reading.wall_seconds = wall.elapsed().as_secs_f64();
    reading.cpu_seconds = Some(cpu.elapsed().as_secs_f64());
    reading
}

fn fill(reading: &mut Reading, document: &Document, models: &Models, options: &Options) {
    let mut good = Vec::new();
    for page in extract(document, models, options) {
        match page {
            Ok(page) => {
                reading.pages.push(plain(&page));
                good.push(page);
            }
            Err(e) => {
                reading.pages.push(String::new());
                reading.page_errors.push(e.to_string());
            }
        }
    }
    if good.is_empty() {
        reading.error = Some(reading.page_errors.first().cloned().unwrap_or("no pages".to_string()));
    }
    structure(&mut good, &document.outline().unwrap_or_default());
    reading.observed = Some(Observed::of(&good));
    reading.tables = Some(good.iter().flat_map(tables).collect());
    reading.formulas = Some(good.iter().flat_map(formulas::of_page).collect());
    structure::join_tables(&mut good);
    reading.markdown = Some(markdown(&good));
    reading.whole = Some(whole(&good));
    reading.given = given(&reading.file, document);
}

fn tables(page: &PageContent) -> Vec<Grid> {
    let grid = |block: &Block| Some(Grid::of(block.table.as_ref()?, page.number, block.rect));
    page.blocks.iter().filter_map(grid).collect()
}

/// As Markdown has them.
fn whole(pages: &[PageContent]) -> Vec<Grid> {
    let of =
        |page: &PageContent| page.blocks.iter().map(|block| (page.number, block.clone())).collect::<Vec<_>>();
    let grid = |(page, block): (usize, Block)| {
        Some(Grid::of(&structure::whole_table(pages, &block.id)?, page, block.rect))
    };
    pages.iter().flat_map(of).filter_map(grid).collect()
}

/// What stands in the true regions of a file that has them, all of its truths one after the other.
fn given(file: &str, document: &Document) -> Vec<Option<Grid>> {
    if !truth::tables::has_regions(Path::new(file)) {
        return Vec::new();
    }
    let height = |number| document.page(number).map_or(0.0, |page| page.height);
    let heights: Vec<f32> = (1..=document.pages()).map(height).collect();
    let truths = truth::tables::icdar(Path::new(file), &heights).unwrap_or_default();
    let read = |truth: &Grid| read_in(document, truth.page?, &truth.rect?);
    truths.iter().flatten().map(read).collect()
}

fn read_in(document: &Document, number: usize, area: &Rect) -> Option<Grid> {
    let page = document.page(number).ok()?;
    let lines = text::lines(&text::spans(&page));
    let table = table::read(&Sheet::of(&page, &lines), area)?;
    Some(Grid::of(&table, number, table.rect))
}

/// A page's text as read: line by line in reading order, with running heads
/// and with hyphens at line ends, as other OCR gives it.
fn plain(page: &PageContent) -> String {
    page.blocks.iter().flat_map(lines).collect::<Vec<_>>().join("\n")
}

fn lines(block: &Block) -> Vec<String> {
    if block.lines.is_empty() {
        return vec![block.text.clone()];
    }
    block.lines.iter().map(|line| line.text()).collect()
}
