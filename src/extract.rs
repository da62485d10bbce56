//! A document to its pages' contents: the stages wired, one line each.
//!
//! A user who outgrows [`Options`] copies the body of [`page_content`] and composes
//! the steps anew.

mod budget;
mod formulas;
mod scan;
mod sender;
mod stopwatch;

use std::borrow::Cow;

use crate::{
    Document, Error, Models, Result,
    content::{Block, Figure, Formula, Kind, Line, Link, Page, PageContent, Raster, Region, Source, Table},
    geometry::{Pose, Rect, Turn},
    steps::{
        assemble::{Painted, Parts, assemble},
        layout,
        ocr::{self, Reading},
        rules::Ruled,
        table::{self, Sheet},
        text,
    },
};

use budget::{Budget, Stage};
use sender::Plan;
use stopwatch::Stopwatch;

/// When to read pixels rather than the PDF's own characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ocr {
    /// The text layer where it is usable; OCR where there is none, where it is garbage, and in images without text.
    #[default]
    Auto,
    /// OCR on every page.
    Always,
    /// The text layer alone; scans give no text.
    Never,
}

/// Where regions come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// The layout model looks where something is painted that it could make a figure, table or box of, and at scans.
    /// Pages of nothing but characters are left to geometry and fonts.
    #[default]
    Auto,
    /// The layout model looks at every page: 0.1–0.2 s a page.
    Always,
    /// Geometry and fonts alone.
    None,
}

/// What the grid of a table is read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tables {
    /// Words and rules alone.
    #[default]
    Geometry,
    /// A model looks at each table too, and its answer is weighed against the other: 0.1–0.6 s a table. The model is
    /// the optional asset [`TABLE_STRUCTURE`](crate::model::TABLE_STRUCTURE).
    Model,
}

/// What formulas are read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Formulas {
    /// The PDF's own glyphs and rules alone. Formulas that have none, as in scans, keep their text and stay unread.
    #[default]
    Glyphs,
    /// A model reads those that have no glyphs, one token after the other: the cost grows with the formula's length, up
    /// to [`Limits`](crate::steps::formula::Limits). The model is the optional folder
    /// [`FORMULA_RECOGNITION`](crate::model::FORMULA_RECOGNITION), which the user supplies.
    Model,
}

/// What to extract, and at what cost.
#[derive(Clone, Debug)]
pub struct Options {
    /// When to read pixels.
    pub ocr: Ocr,
    /// Where regions come from.
    pub layout: Layout,
    /// What the grid of a table is read from.
    pub tables: Tables,
    /// What formulas are read from.
    pub formulas: Formulas,
    /// Resolution that scans are read at. Time and memory grow with its square: a letter page is 11 MiB at 200.
    pub dpi: f32,
    /// Page numbers from 1, in the order wanted; all when `None`.
    pub pages: Option<Vec<usize>>,
    /// Cut figures out as pictures. Costs a render of each page that has one.
    pub figures: bool,
    /// Bytes by which the process may grow above start-up. Near it, `extract` lets go of the page images kept, then of
    /// models that no stage is using, looks less closely, and lowers the resolution, in this order, and says so in the
    /// page's warnings; a page that does not fit even so fails. What the caller keeps counts too. No ceiling when `None`,
    /// nor where the system does not say what a process holds.
    pub memory_budget: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ocr: Ocr::Auto,
            layout: Layout::Auto,
            tables: Tables::Geometry,
            formulas: Formulas::Glyphs,
            dpi: 200.0,
            pages: None,
            figures: false,
            memory_budget: None,
        }
    }
}

/// Dots an inch. The layout model sees 800 by 608 pixels, so more would only be thrown away.
const LAYOUT_DPI: f32 = 80.0;
/// Dots an inch. A table of half a page's width fills the 488 pixels that the table model sees.
const TABLE_DPI: f32 = 144.0;
/// Dots an inch. Recognisers were trained on pages drawn at about this resolution.
const FORMULA_DPI: f32 = 200.0;
/// Pixels. A poster is read at a lower resolution than asked for, so that its picture stays below 120 MiB.
const MOST_PIXELS: f32 = 40e6;

/// The pages of `document` one after the other. A page that fails is an `Err`
/// in its place, and the next call goes on with the page after it.
pub fn extract<'a>(
    document: &'a Document,
    models: &'a Models,
    options: &'a Options,
) -> impl Iterator<Item = Result<PageContent>> + 'a {
    extract_observed(document, models, options, |_, _| ())
}

/// As [`extract`]; tells `on_stage` the page number and the stage's name as each stage begins.
pub fn extract_observed<'a>(
    document: &'a Document,
    models: &'a Models,
    options: &'a Options,
    on_stage: impl Fn(usize, &'static str) + 'a,
) -> impl Iterator<Item = Result<PageContent>> + 'a {
    let pages = options.pages.clone().unwrap_or_else(|| (1..=document.pages()).collect());
    pages
        .into_iter()
        .map(move |number| page_content(document, models, options, number, &|stage| on_stage(number, stage)))
}

/// One page through all stages; `on_stage` hears the name of each as it begins.
///
/// # Errors
/// The page cannot be read or drawn, or a model fails; other pages are not affected.
pub fn page_content(
    document: &Document,
    models: &Models,
    options: &Options,
    number: usize,
    on_stage: &dyn Fn(&'static str),
) -> Result<PageContent> {
    let mut watch = Stopwatch::new(on_stage);
    let staged = |stage| move |error| staged(document, number, stage, error);
    let mut page = watch.time("read", || document.page(number))?;
    let plan = sender::plan(&page, options);
    let mut budget = Budget::new((document, models), options, &mut page, &plan)?;
    let raster = watch.time("render", || render(document, &page, &mut budget))?;

    let reading =
        watch.time("ocr", || read(models, raster.as_ref(), &plan, &mut budget)).map_err(staged("ocr"))?;
    let pose = sender::pose(&page, reading.as_ref(), &plan);
    budget.make_room(Stage::Copies);
    let raster = watch.time("upright", || raster.map(|raster| upright(raster, &pose)));
    let regions = watch
        .time("layout", || regions(models, &plan, raster.as_ref(), &mut budget))
        .map_err(staged("layout"))?;
    let found = watch.time("formulas", || formulas::find(&page, &regions, &pose, &plan));
    let spans = watch.time("text", || match plan.text_layer {
        true => text::spans_with(&page, &found),
        false => Vec::new(),
    });
    let mut lines = watch.time("lines", || sender::upright_lines(text::joined(spans), reading, &pose, &plan));
    let painted = painted(&page, &pose, &plan);
    let tables = watch
        .time("tables", || {
            let (found, ruled) = match (&painted, &raster) {
                (None, Some(raster)) => {
                    budget.make_room(Stage::Copies);
                    scan::tables(raster, &mut lines, &regions)
                }
                _ => {
                    let lines = lying(&lines, &pose);
                    (table::find(&sheet(paper(&pose), &lines, painted.as_ref()), &regions), None)
                }
            };
            page.warnings.extend(found.warning);
            let found = found.tables;
            if options.tables == Tables::Geometry || found.is_empty() {
                return Ok(found);
            }
            let lines = lying(&lines, &pose);
            let sheet = ruled_sheet(sheet(paper(&pose), &lines, painted.as_ref()), ruled);
            budget.make_room(Stage::Tables);
            let raster = fine_raster(document, &page, raster.as_ref(), &pose, budget.dpi(TABLE_DPI))?;
            weighed(models, &raster, &sheet, found)
        })
        .map_err(staged("tables"))?;
    let read: Vec<Formula> = found.into_iter().map(|found| found.formula).collect();
    let found = Found { lines, regions: &regions, painted, tables, formulas: &read };
    let mut blocks = watch.time("assemble", || assemble_page(&page, found, &pose, &plan));
    for_each_rect(&mut blocks, |rect| pose.to_displayed(rect));
    let mut formulas = formulas::settled(number, &mut blocks, read);
    if options.formulas == Formulas::Model && formulas.iter().any(|formula| formula.latex.is_none()) {
        watch
            .time("recognition", || {
                budget.make_room(Stage::Recognition);
                let raster = fine_raster(document, &page, raster.as_ref(), &pose, budget.dpi(FORMULA_DPI))?;
                formulas::recognise(models, &raster, &pose, &mut formulas)
            })
            .map_err(staged("recognition"))?;
    }
    drop(raster);
    let figures = watch
        .time("figures", || figures(document, options, budget.dpi(options.dpi), number, &mut blocks))
        .map_err(staged("figures"))?;

    page.warnings.extend(budget.warnings());
    Ok(PageContent {
        document: page.document,
        number,
        width: page.width,
        height: page.height,
        turn: pose.turn,
        skew: pose.skew,
        source: if plan.text_layer { Source::TextLayer } else { Source::Ocr },
        blocks,
        figures,
        formulas,
        regions: regions.into_iter().map(|r| Region { rect: pose.to_displayed(&r.rect), ..r }).collect(),
        links: page.links,
        warnings: page.warnings,
        timings: watch.timings(),
    })
}

fn staged(document: &Document, page: usize, stage: &'static str, source: Error) -> Error {
    Error::Stage { document: document.info().path.clone(), page, stage, source: Box::new(source) }
}

/// The page's pixels, at the resolution of the most demanding step that wants
/// them; `None` when no step does.
fn render(document: &Document, page: &Page, budget: &mut Budget) -> Result<Option<Raster>> {
    let Some(dpi) = budget.means.dpi else { return Ok(None) };
    budget.make_room(Stage::Render);
    document.render(page.number, dpi).map(Some)
}

/// What OCR reads on the page.
fn read(
    models: &Models,
    raster: Option<&Raster>,
    plan: &Plan,
    budget: &mut Budget,
) -> Result<Option<Reading>> {
    budget.make_room(Stage::Ocr);
    sender::read(models, raster, plan, &budget.means.effort)
}

fn most_dpi(page: &Page) -> f32 {
    72.0 * (MOST_PIXELS / (page.width * page.height)).sqrt()
}

/// The raster in the upright frame.
fn upright(raster: Raster, pose: &Pose) -> Raster {
    let lies_straight = pose.turn == Turn::None && pose.skew == 0.0;
    if lies_straight { raster } else { ocr::upright(&raster, pose.turn, pose.skew) }
}

/// In the upright frame, as `raster` is.
fn regions(
    models: &Models,
    plan: &Plan,
    raster: Option<&Raster>,
    budget: &mut Budget,
) -> Result<Vec<Region>> {
    let Some(raster) = raster.filter(|_| plan.layout) else { return Ok(Vec::new()) };
    budget.make_room(Stage::Layout);
    Ok(layout::settle(layout::detect(models, raster)?))
}

/// The page's pixels, upright and as fine as `dpi`, for the table model and the formula recogniser. The layout step's are
/// not, and it sees other regions in finer ones.
fn fine_raster<'a>(
    document: &Document,
    page: &Page,
    raster: Option<&'a Raster>,
    pose: &Pose,
    dpi: f32,
) -> Result<Cow<'a, Raster>> {
    // A hair's breadth less is the same resolution, rounded.
    match raster.filter(|raster| 72.0 * raster.scale >= 0.99 * dpi) {
        Some(raster) => Ok(Cow::Borrowed(raster)),
        None => Ok(Cow::Owned(upright(document.render(page.number, dpi)?, pose))),
    }
}

/// The sheet of a scan, with what is ruled on its raster.
fn ruled_sheet<'a>(sheet: Sheet<'a>, ruled: Option<Ruled>) -> Sheet<'a> {
    match ruled {
        Some(Ruled { rules, boxes }) => Sheet { rules, boxes, ..sheet },
        None => sheet,
    }
}

/// The tables, each weighed against what the model sees in its place.
fn weighed(models: &Models, raster: &Raster, sheet: &Sheet, tables: Vec<Table>) -> Result<Vec<Table>> {
    let fused =
        |table: Table| Ok(table::fused(sheet, &table::recognise(models, raster, &table.rect)?, table));
    tables.into_iter().map(fused).collect()
}

/// The lines as the table step takes them, with turns and baselines of the upright frame.
fn lying<'a>(lines: &'a [Line], pose: &Pose) -> Cow<'a, [Line]> {
    match pose.turn {
        Turn::None => Cow::Borrowed(lines),
        turn => Cow::Owned(table::lying(lines, turn, pose.size)),
    }
}

/// What is painted, in the upright frame. On a scan the one large image is the paper, and says nothing.
fn painted(page: &Page, pose: &Pose, plan: &Plan) -> Option<Painted> {
    let upright = |rects: &[Rect]| rects.iter().map(|rect| pose.to_upright(rect)).collect::<Vec<Rect>>();
    plan.text_layer.then(|| Painted {
        images: upright(&page.images),
        boxes: upright(&page.boxes),
        drawings: upright(&page.drawings),
        rules: page.rules.iter().map(|rule| pose.to_upright(&rule.rect)).collect(),
    })
}

/// The page in its upright frame.
fn paper(pose: &Pose) -> Rect {
    let (width, height) = pose.upright_size();
    Rect::new(0.0, 0.0, width, height)
}

fn assemble_page(page: &Page, found: Found, pose: &Pose, plan: &Plan) -> Vec<Block> {
    let turned = |link: &Link| Link { rect: pose.to_upright(&link.rect), target: link.target.clone() };
    let links: Vec<Link> = page.links.iter().map(turned).collect();
    assemble(Parts {
        page: paper(pose),
        number: page.number,
        lines: found.lines,
        regions: found.regions,
        tables: found.tables,
        formulas: found.formulas,
        painted: found.painted.as_ref(),
        links: &links,
        source: plan.text_layer.then_some(page),
    })
}

/// What the steps before found on a page, in its upright frame.
struct Found<'a> {
    lines: Vec<Line>,
    regions: &'a [Region],
    painted: Option<Painted>,
    tables: Vec<Table>,
    formulas: &'a [Formula],
}

fn sheet<'a>(page: Rect, lines: &'a [Line], painted: Option<&Painted>) -> Sheet<'a> {
    let Some(painted) = painted else { return Sheet { page, lines, ..Sheet::default() } };
    Sheet {
        page,
        lines,
        rules: painted.rules.clone(),
        boxes: painted.boxes.clone(),
        pictures: painted.images.iter().chain(&painted.drawings).copied().collect(),
    }
}

fn for_each_rect(blocks: &mut [Block], map: impl Fn(&Rect) -> Rect) {
    for block in blocks {
        block.rect = map(&block.rect);
        for line in &mut block.lines {
            sender::map_line(line, &map);
        }
        if let Some(table) = &mut block.table {
            table.rect = map(&table.rect);
            table.cells.iter_mut().for_each(|cell| cell.rect = map(&cell.rect));
        }
    }
}

/// Numbers the figures, ties each to its block, and cuts it out if the options ask for it.
fn figures(
    document: &Document,
    options: &Options,
    dpi: f32,
    number: usize,
    blocks: &mut [Block],
) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for block in blocks.iter_mut().filter(|b| b.kind == Kind::Figure) {
        block.figure = Some(figures.len());
        let name = format!("page-{number:04}-figure-{}.png", figures.len() + 1);
        figures.push(Figure { rect: block.rect, name, crop: None });
    }
    if options.figures && !figures.is_empty() {
        let raster = document.render(number, dpi)?;
        for figure in &mut figures {
            figure.crop = raster.crop(&figure.rect);
        }
    }
    Ok(figures)
}
