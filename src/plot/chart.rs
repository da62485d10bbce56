//! A chart: axes, a legend, and what stands between them, in the units of the data.

use std::path::Path;

use image::RgbImage;

use super::{draw, palette::Color, png};
use crate::{Error, Result};

/// A chart, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub(super) title: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) legend: Vec<(String, Color)>,
    pub(super) marks: Vec<Mark>,
    /// Pixels.
    pub(super) size: (u32, u32),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub label: String,
    /// What is at its beginning, and what at its end: at left and right, at the foot and the head.
    pub ends: (f64, f64),
    pub ticks: Vec<(f64, String)>,
    /// Whether a line runs through the chart at each tick.
    pub grid: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// Filled, between two corners.
    Bar([(f64, f64); 2], Color),
    Line(Vec<(f64, f64)>, Color),
    Dot((f64, f64), Color),
    /// Text that begins right of a place.
    Beside((f64, f64), String),
    /// Text over a place.
    Above((f64, f64), String),
}

/// Pixels of a chart in a picture for each of its own, so that it is sharp on fine screens.
const ZOOM: u32 = 2;

impl Chart {
    /// What it shows.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// 900 pixels wide as a rule: what a notebook shows without a scroll bar.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Whether there was nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// As SVG.
    ///
    /// # Errors
    /// None that is known; plotters may refuse.
    pub fn svg(&self) -> Result<String> {
        draw::svg(self).map_err(|reason| self.undrawn(reason))
    }

    /// As pixels, twice as many each way as [`Chart::size`] says.
    ///
    /// # Errors
    /// None that is known; plotters may refuse.
    pub fn picture(&self) -> Result<RgbImage> {
        draw::picture(self, ZOOM).map_err(|reason| self.undrawn(reason))
    }

    /// To a file: as PNG if its name ends so, else as SVG.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let is_png = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png"));
        let bytes = if is_png { png(&self.picture()?) } else { self.svg()?.into_bytes() };
        std::fs::write(path, bytes).map_err(|source| Error::Write { path: path.to_owned(), source })
    }

    fn undrawn(&self, reason: String) -> Error {
        Error::Chart { chart: self.title.clone(), reason }
    }
}

impl Axis {
    /// From 0, or from below it, to a little more than `most`; ticks at round numbers.
    pub fn numbers(label: impl Into<String>, least: f64, most: f64) -> Self {
        let (least, most) = (least.min(0.0), if most > least { most } else { least + 1.0 });
        let step = round_step((most - least) / 5.0);
        let (first, last) = ((least / step).floor(), (most / step).ceil());
        let tick = |n: f64| (n * step, number(n * step, step));
        let ticks = (0..=(last - first) as usize).map(|n| tick(first + n as f64)).collect();
        Axis { label: label.into(), ends: (first * step, last * step), ticks, grid: true }
    }

    /// Between exact ends; ticks at round numbers.
    pub fn between(label: impl Into<String>, from: f64, to: f64) -> Self {
        let (least, most) = (from.min(to), from.max(to));
        let step = round_step((most - least).max(f64::MIN_POSITIVE) / 6.0);
        let ticks = (0..)
            .map(|n| ((least / step).ceil() + f64::from(n)) * step)
            .take_while(|at| *at <= most + step * 1e-6)
            .map(|at| (at, number(at, step)));
        Axis { label: label.into(), ends: (from, to), ticks: ticks.collect(), grid: true }
    }

    /// A place for each name, at 0, 1, 2 …; of many only some are written.
    pub fn names(label: impl Into<String>, names: &[String], most: usize) -> Self {
        let every = names.len().div_ceil(most).max(1);
        let ticks = names.iter().enumerate().step_by(every).map(|(n, name)| (n as f64, name.clone()));
        let ends = (-0.5, (names.len() as f64 - 0.5).max(0.5));
        Axis { label: label.into(), ends, ticks: ticks.collect(), grid: false }
    }
}

/// 1, 2 or 5 times a power of ten, not below `step`.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * power >= step * 0.999);
    factor.unwrap_or(10.0) * power
}

/// With as many places as the step between ticks needs, and commas between thousands.
fn number(value: f64, step: f64) -> String {
    let places = (-step.log10().floor()).max(0.0) as usize;
    // Not "-0".
    let text = format!("{:.places$}", if value.abs() < step / 2.0 { 0.0 } else { value });
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let (sign, digits) = whole.split_at(usize::from(whole.starts_with('-')));
    format!("{sign}{}{fraction}", in_thousands(digits))
}

fn in_thousands(digits: &str) -> String {
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(labels(&Axis::numbers("", 0.0, 23.0)), ["0", "5", "10", "15", "20", "25"]);
        assert_eq!(labels(&Axis::numbers("", 0.0, 0.9)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&Axis::numbers("", -1.0, 1500.0)), ["-500", "0", "500", "1,000", "1,500"]);
        assert_eq!(labels(&Axis::between("", 0.5, 1.0)), ["0.5", "0.6", "0.7", "0.8", "0.9", "1.0"]);
    }

    #[test]
    fn an_axis_of_nothing_has_some_length() {
        assert_eq!(Axis::numbers("", 0.0, 0.0).ends, (0.0, 1.0));
        assert_eq!(Axis::names("", &[], 9).ends, (-0.5, 0.5));
    }

    #[test]
    fn of_many_names_some_are_written() {
        let names: Vec<String> = (1..=100).map(|n| n.to_string()).collect();
        assert_eq!(labels(&Axis::names("", &names, 4)), ["1", "26", "51", "76"]);
    }
}
