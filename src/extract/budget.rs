//! The memory budget: what a page's stages need, and what is given up so that they fit.
//!
//! In this order: page images kept by the document, models that no stage is using, how closely OCR looks, the
//! resolution. What does not fit even so is an error of that page.

use std::collections::BTreeSet;

use super::{FORMULA_DPI, Formulas, LAYOUT_DPI, Options, TABLE_DPI, Tables, most_dpi, sender::Plan};
use crate::{
    Document, Error, Models, Result,
    content::{DrawingCost, Page},
    memory,
    model::{
        FORMULA_RECOGNITION, LAYOUT, Loaded, OCR_DETECTION, OCR_ORIENTATION, OCR_RECOGNITION, TABLE_STRUCTURE,
    },
    steps::ocr::Effort,
};

/// Dots an inch below which small print is lost.
const LOWEST_DPI: f32 = 72.0;
/// By which the resolution is lowered until the page fits.
const LOWER: f32 = 0.9;
/// Less and less close: the second still sees 6 point text on a letter page.
const EFFORTS: [Effort; 3] =
    [Effort { look: 0.9e6, run: 1280 }, Effort { look: 0.65e6, run: 640 }, Effort { look: 0.33e6, run: 320 }];

/// Bytes that the layout model works in: its input has one size.
const LAYOUT_RUN: f32 = 57e6;
/// Bytes that the detector works in, for each pixel of its input.
const DETECTION_RUN: f32 = 166.0;
/// Bytes that the recogniser works in, for each pixel of width in a run.
const RECOGNITION_RUN: f32 = 30e3;
/// Bytes that the table model works in: its input has one size.
const TABLE_RUN: f32 = 60e6;
/// Share of the budget that is left for what no stage accounts for.
const RESERVE: f32 = 0.03;
/// Rasters that are in memory at once in [`Stage::Copies`].
const COPIES: f32 = 2.0;

/// A part of the work on a page that has its own needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Render,
    Ocr,
    /// Where the page is set upright, and where its ruling lines are sought.
    Copies,
    Layout,
    Tables,
    Recognition,
}

impl Stage {
    const ALL: [Stage; 6] =
        [Stage::Render, Stage::Ocr, Stage::Copies, Stage::Layout, Stage::Tables, Stage::Recognition];

    fn models(self) -> &'static [&'static str] {
        match self {
            Stage::Render | Stage::Copies => &[],
            Stage::Ocr => &[OCR_DETECTION, OCR_ORIENTATION, OCR_RECOGNITION],
            Stage::Layout => &[LAYOUT],
            Stage::Tables => &[TABLE_STRUCTURE],
            Stage::Recognition => &[FORMULA_RECOGNITION],
        }
    }

    fn uses(self, model: &Loaded) -> bool {
        self.models().contains(&model.asset())
    }

    /// Bytes of its models among those `loaded`.
    fn resident(self, loaded: &[Loaded]) -> u64 {
        loaded.iter().filter(|model| self.uses(model)).map(|model| model.resident).sum()
    }
}

/// What is to be done with a page.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    /// Points by points.
    area: f32,
    drawing: DrawingCost,
    /// At which its pixels are wanted; `None` when no stage wants them.
    dpi: Option<f32>,
    ocr: bool,
    whole_page: bool,
    layout: bool,
    tables: bool,
    formulas: bool,
}

impl Work {
    pub(super) fn of(page: &Page, plan: &Plan, options: &Options) -> Self {
        let (ocr, layout) = (plan.reads_pixels(), plan.layout);
        let wanted = [ocr.then_some(options.dpi), layout.then_some(LAYOUT_DPI)];
        Self {
            area: page.width * page.height,
            drawing: page.drawing_cost,
            dpi: wanted.into_iter().flatten().reduce(f32::max),
            ocr,
            whole_page: plan.whole_page,
            layout,
            tables: options.tables == Tables::Model,
            formulas: options.formulas == Formulas::Model,
        }
    }

    /// Bytes that a stage works in beside its models; `None` if it is not run.
    fn need(&self, stage: Stage, means: &Means) -> Option<f32> {
        let raster = |dpi: f32| 3.0 * self.area * (dpi / 72.0).powi(2);
        let pixels = means.dpi.map_or(0.0, raster);
        let look = means.effort.look.min(DEEPEST_LOOK * pixels / 3.0);
        let need = match stage {
            Stage::Render => pixels + means.dpi.map_or(0.0, |dpi| self.drawing.at(dpi)),
            Stage::Ocr => pixels + (DETECTION_RUN * look).max(RECOGNITION_RUN * means.effort.run as f32),
            Stage::Copies => COPIES * pixels,
            Stage::Layout => pixels + LAYOUT_RUN,
            Stage::Tables => pixels + raster(TABLE_DPI) + TABLE_RUN,
            Stage::Recognition => pixels + raster(FORMULA_DPI),
        };
        let runs = match stage {
            Stage::Render => means.dpi.is_some(),
            Stage::Ocr => self.ocr,
            Stage::Copies => self.whole_page,
            Stage::Layout => self.layout,
            Stage::Tables => self.tables,
            Stage::Recognition => self.formulas,
        };
        runs.then_some(need)
    }
}

/// The detector enlarges a small image by 2 at most, so it works on this many times its pixels.
const DEEPEST_LOOK: f32 = 4.0;

/// With what a page is read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Means {
    /// `None` when no stage wants pixels.
    pub(super) dpi: Option<f32>,
    pub(super) effort: Effort,
}

/// What a page's stages may take, and what was given up for it.
pub(super) struct Budget<'a> {
    document: &'a Document,
    models: &'a Models,
    /// Bytes above start-up.
    limit: Option<u64>,
    work: Work,
    /// Beyond which no page of this size is drawn.
    most_dpi: f32,
    pub(super) means: Means,
    /// Page images of the document were let go of.
    evicted: bool,
    /// Models were.
    unloaded: BTreeSet<String>,
}

impl<'a> Budget<'a> {
    /// Chooses the means for a page. What is given up is said in its warnings.
    ///
    /// # Errors
    /// [`Error::OverBudget`] when nothing that can be given up makes it fit.
    pub(super) fn new(
        (document, models): (&'a Document, &'a Models),
        options: &Options,
        page: &mut Page,
        plan: &Plan,
    ) -> Result<Self> {
        let work = Work::of(page, plan, options);
        let limit = options.memory_budget.filter(|_| memory::growth().is_some());
        let most_dpi = most_dpi(page);
        let means = Means { dpi: work.dpi.map(|dpi| dpi.min(most_dpi)), effort: Effort::default() };
        let (evicted, unloaded) = (false, BTreeSet::new());
        let mut budget = Self { document, models, limit, work, most_dpi, means, evicted, unloaded };
        if let (Some(wanted), Some(dpi)) = (budget.work.dpi, budget.means.dpi)
            && dpi < wanted
        {
            page.warnings
                .push(format!("read at {dpi:.0} dpi instead of {wanted:.0}: the page is very large"));
        }
        if let Some(limit) = limit {
            let chosen = budget.chosen().ok_or_else(|| budget.too_low(limit, page.number))?;
            page.warnings.extend(given_up(&budget.means, &chosen));
            budget.means = chosen;
        }
        Ok(budget)
    }

    /// The best means that fit; `None` if none do.
    fn chosen(&self) -> Option<Means> {
        let fits = |means: &Means| self.lowest_peak(means) <= self.ceiling();
        if !fits(&self.means) {
            memory::trim();
        }
        chosen(&self.means, fits)
    }

    /// Bytes above start-up that stages may come to.
    fn ceiling(&self) -> f32 {
        (1.0 - RESERVE) * self.limit.map_or(f32::INFINITY, |limit| limit as f32)
    }

    /// Bytes above start-up at the page's highest stage, if nothing is kept that can be let go of.
    fn lowest_peak(&self, means: &Means) -> f32 {
        let loaded = self.models.loaded();
        let all: u64 = loaded.iter().map(|model| model.resident).sum();
        let kept = all + self.document.page_cache().bytes() as u64;
        let base = memory::growth().unwrap_or(0).saturating_sub(kept);
        let need = |&stage: &Stage| {
            let work = self.work.need(stage, means)?;
            Some(work + (stage.resident(&loaded) + self.models.weight(stage.models())) as f32)
        };
        base as f32 + Stage::ALL.iter().filter_map(need).fold(0.0, f32::max)
    }

    fn too_low(&self, limit: u64, page: usize) -> Error {
        let least =
            Means { dpi: self.means.dpi.map(|dpi| dpi.min(LOWEST_DPI)), effort: EFFORTS[EFFORTS.len() - 1] };
        let mib = |bytes: f32| (bytes / f32::from(1_u16 << 10).powi(2)).ceil() as u64;
        Error::OverBudget {
            document: self.document.info().path.clone(),
            page,
            need_mib: mib(self.lowest_peak(&least)),
            budget_mib: limit >> 20,
        }
    }

    /// Lets go of kept images, and then of models that `stage` does not use, if it would not fit beside them.
    pub(super) fn make_room(&mut self, stage: Stage) {
        let (Some(_), Some(need)) = (self.limit, self.work.need(stage, &self.means)) else { return };
        let need = need + self.models.weight(stage.models()) as f32;
        let ceiling = self.ceiling();
        let over = || memory::growth().unwrap_or(0) as f32 + need > ceiling;
        if !over() {
            return;
        }
        memory::trim();
        let cache = self.document.page_cache();
        if over() && cache.bytes() > 0 {
            cache.clear();
            memory::trim();
            self.evicted = true;
        }
        for model in self.models.loaded() {
            if over() && !stage.uses(&model) {
                self.models.unload(model.asset());
                self.unloaded.insert(model.asset().to_owned());
            }
        }
    }

    /// At which pixels may be drawn that a stage wants at `wanted`.
    pub(super) fn dpi(&self, wanted: f32) -> f32 {
        let lowered = self.work.dpi.zip(self.means.dpi).filter(|(asked, given)| given < asked);
        lowered.map_or(wanted, |(_, given)| wanted.min(given)).min(self.most_dpi)
    }

    /// What was let go of while the page was read, as warnings.
    pub(super) fn warnings(self) -> Vec<String> {
        let images = self.evicted.then(|| "memory budget: the page images kept were let go of".to_owned());
        let names: Vec<String> = self.unloaded.into_iter().collect();
        let models = (!names.is_empty())
            .then(|| format!("memory budget: models unloaded between stages: {}", names.join(", ")));
        images.into_iter().chain(models).collect()
    }
}

/// The best means, from the full ones down, that fit; `None` if none do.
fn chosen(full: &Means, fits: impl Fn(&Means) -> bool) -> Option<Means> {
    let efforts = || std::iter::once(full.effort).chain(EFFORTS);
    let least = EFFORTS[EFFORTS.len() - 1];
    let dpi = match full.dpi {
        None => None,
        Some(dpi) => Some(resolutions(dpi).find(|&dpi| fits(&Means { dpi: Some(dpi), effort: least }))?),
    };
    efforts().map(|effort| Means { dpi, effort }).find(fits)
}

/// From `dpi` down to the lowest that is worth reading.
fn resolutions(dpi: f32) -> impl Iterator<Item = f32> {
    let lowest = LOWEST_DPI.min(dpi);
    let lower = std::iter::successors(Some(dpi), |dpi| Some(dpi * LOWER)).take_while(move |d| *d > lowest);
    lower.chain(std::iter::once(lowest))
}

fn given_up(full: &Means, chosen: &Means) -> Vec<String> {
    let mut said = Vec::new();
    if chosen.effort != full.effort {
        said.push("memory budget: OCR looks less closely, and may miss small print".to_owned());
    }
    if let (Some(full), Some(chosen)) = (full.dpi, chosen.dpi)
        && chosen < full
    {
        said.push(format!("memory budget: read at {chosen:.0} dpi instead of {full:.0}"));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: f32 = 1_048_576.0;

    fn letter() -> Work {
        Work {
            area: 612.0 * 792.0,
            dpi: Some(200.0),
            ocr: true,
            whole_page: true,
            layout: true,
            ..Work::default()
        }
    }

    fn full() -> Means {
        Means { dpi: Some(200.0), effort: Effort::default() }
    }

    fn peak(work: &Work, means: &Means) -> f32 {
        Stage::ALL.iter().filter_map(|&stage| work.need(stage, means)).fold(0.0, f32::max) / MIB
    }

    fn drawing(mib: f32) -> DrawingCost {
        DrawingCost { fixed: mib * MIB, by_dpi: 0.0 }
    }

    fn within(work: &Work, mib: f32) -> Option<Means> {
        chosen(&full(), |means| peak(work, means) <= mib)
    }

    #[test]
    fn a_roomy_budget_changes_nothing() {
        assert_eq!(within(&letter(), 250.0), Some(full()));
        assert_eq!(given_up(&full(), &full()), Vec::<String>::new());
    }

    #[test]
    fn ocr_looks_less_closely_before_the_resolution_falls() {
        let means = within(&letter(), 160.0).unwrap();
        assert_eq!((means.dpi, means.effort), (Some(200.0), EFFORTS[0]));
        assert_eq!(given_up(&full(), &means).len(), 1);
    }

    #[test]
    fn a_large_image_lowers_the_resolution_alone() {
        let work = Work { area: 842.0 * 1191.0, drawing: drawing(200.0), ..letter() };
        let means = within(&work, 215.0).unwrap();
        assert!(means.dpi.unwrap() < 200.0 && means.effort == Effort::default(), "{means:?}");
        assert!(peak(&work, &means) <= 215.0);
    }

    #[test]
    fn what_never_fits_has_no_means() {
        let work = Work { drawing: drawing(300.0), ..letter() };
        assert_eq!(within(&work, 250.0), None);
    }

    #[test]
    fn stages_that_do_not_run_need_nothing() {
        let digital = Work { area: 612.0 * 792.0, ..Work::default() };
        assert_eq!(peak(&digital, &Means { dpi: None, effort: Effort::default() }), 0.0);
    }

    #[test]
    fn resolutions_end_with_the_lowest() {
        assert_eq!(resolutions(80.0).collect::<Vec<_>>(), [80.0, 72.0]);
        assert_eq!(resolutions(50.0).collect::<Vec<_>>(), [50.0]);
    }
}
