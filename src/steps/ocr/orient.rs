//! How a page lies: turned by quarters, askew by degrees. The lines' long sides
//! give the axis and the skew. Which end is the top, the recogniser shows: letters
//! on their heads are hardly legible. Where it does not, a classifier says it of a
//! few lines, and where that wavers, the recogniser again, both ways.

use std::f32::consts::{FRAC_PI_2, FRAC_PI_4};

use image::RgbImage;
use ndarray::{ArrayViewD, Ix2};

use super::{recognise, strip::Strip, words::Piece};
use crate::{
    Models, Result,
    geometry::{Point, Turn},
    model::{
        Model, OCR_ORIENTATION,
        input::{self, Normal},
    },
};

/// Length over height from which a box shows which way its line runs.
const LINE: f32 = 2.5;
/// Length over height from which it shows by how many degrees.
const LONG_LINE: f32 = 5.0;
/// Degrees. Below this a page counts as straight: it is as much as the outlines' own pixels blur.
const STRAIGHT: f32 = 0.2;
/// Degrees. Skewed lines differ from each other by less, or they are no page of lines.
const AGREEMENT: f32 = 2.0;
/// Degrees. Lines on a page askew by more are labels of a chart.
const MOST_SKEWED: f32 = 30.0;
/// Lines that the classifier looks at.
const WITNESSES: usize = 8;
/// Mean probability that settles the classifier's vote.
const SETTLED: f32 = 0.8;
/// Votes below which the classifier alone is not believed.
const QUORUM: usize = 3;
/// How much more has to be legible on its head for a page to stand on it.
const CLEARLY: f32 = 1.2;
/// Lines that are read both ways when the vote is open.
const READINGS: usize = 4;
/// Letters from which what was read tells how the page lies, and their mean confidence from which it stands upright: of
/// sixteen scans it was .97 to 1, and on their heads .59 to .72.
const ENOUGH_LETTERS: usize = 40;
const LEGIBLE: f32 = 0.85;
/// Pixels, as the classifier was taught.
const WITNESS_SIZE: (u32, u32) = (192, 48);

/// Which way the lines with these cores run, across the raster or down it, and the degrees clockwise that the page then
/// lies askew. It may still stand on its head.
pub fn axis(cores: &[Vec<Point>]) -> (Turn, f32) {
    let lying: Vec<Strip> = cores.iter().filter_map(|core| Strip::smallest(core)).collect();
    let sideways = is_sideways(&lying);
    (if sideways { Turn::Right } else { Turn::None }, skew(&lying, sideways))
}

/// The other way round.
pub fn reverse(turn: Turn) -> Turn {
    match turn {
        Turn::None => Turn::Half,
        Turn::Right => Turn::Left,
        Turn::Half => Turn::None,
        Turn::Left => Turn::Right,
    }
}

/// Whether a page reads so well that it does not stand on its head.
pub fn is_legible(lines: &[Vec<Piece>]) -> bool {
    let letters: usize = lines.iter().flatten().map(|piece| piece.text.chars().count()).sum();
    letters >= ENOUGH_LETTERS && sure(lines) >= LEGIBLE * letters as f32
}

/// Sum of the confidences of all letters.
fn sure(lines: &[Vec<Piece>]) -> f32 {
    lines.iter().flatten().map(|piece| piece.confidence * piece.text.chars().count() as f32).sum()
}

/// Whether more of the lines' length runs down the raster than across it.
fn is_sideways(lying: &[Strip]) -> bool {
    let lines = lying.iter().filter(|s| s.aspect() >= LINE);
    lines.map(|s| if is_steep(s) { s.length } else { -s.length }).sum::<f32>() > 0.0
}

fn is_steep(strip: &Strip) -> bool {
    strip.angle.abs() > FRAC_PI_4
}

/// Degrees: the middle one of the lines' deviations from their axis, each
/// counted by its length.
fn skew(lying: &[Strip], sideways: bool) -> f32 {
    let along = lying.iter().filter(|s| is_steep(s) == sideways);
    let lines: Vec<&Strip> = along.filter(|s| s.aspect() >= LONG_LINE).collect();
    let deviation = |s: &&Strip| match sideways {
        true => s.angle - FRAC_PI_2.copysign(s.angle),
        false => s.angle,
    };
    let deviations: Vec<_> = lines.iter().map(|s| (deviation(s).to_degrees(), s.length)).collect();
    let middle = weighted_median(deviations.clone());
    let length =
        |near: f32| deviations.iter().filter(|d| (d.0 - middle).abs() <= near).map(|d| d.1).sum::<f32>();
    let agreed = length(AGREEMENT) > length(f32::MAX) / 2.0 && middle.abs() < MOST_SKEWED;
    if agreed && middle.abs() >= STRAIGHT { middle } else { 0.0 }
}

/// 0 for none.
fn weighted_median(mut values: Vec<(f32, f32)>) -> f32 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|v| v.1).sum::<f32>() / 2.0;
    let mut passed = 0.0;
    let reaches_half = |v: &&(f32, f32)| {
        passed += v.1;
        passed >= half
    };
    values.iter().find(reaches_half).map_or(0.0, |v| v.0)
}

/// Lines that fit the classifier's input: not too short to tell, little squeezed.
fn witnesses(strips: &[Strip]) -> Vec<Strip> {
    let fit = |s: &Strip| {
        let aspect = s.aspect();
        if aspect < 1.0 { f32::MAX } else { (aspect / 6.0).ln().abs() }
    };
    let mut order = strips.to_vec();
    order.sort_by(|a, b| fit(a).total_cmp(&fit(b)));
    order.truncate(WITNESSES);
    order
}

/// Whether the lines stand on their heads.
///
/// # Errors
/// When a model cannot be loaded or run.
pub fn is_reversed(models: &Models, pixels: &RgbImage, lines: &[Strip]) -> Result<bool> {
    let witnesses = witnesses(lines);
    if witnesses.is_empty() {
        return Ok(false);
    }
    let reversed = classify(models, pixels, &witnesses)?;
    let many = witnesses.len() >= QUORUM;
    if many && !(1.0 - SETTLED..=SETTLED).contains(&reversed) {
        return Ok(reversed > 0.5);
    }
    let some = &witnesses[..witnesses.len().min(READINGS)];
    let other: Vec<Strip> = some.iter().map(|s| s.reversed()).collect();
    Ok(legibility(models, pixels, &other)? > CLEARLY * legibility(models, pixels, some)?)
}

/// Mean probability that the lines stand on their heads.
fn classify(models: &Models, pixels: &RgbImage, strips: &[Strip]) -> Result<f32> {
    let model = models.get(OCR_ORIENTATION)?;
    let images: Vec<RgbImage> = strips.iter().map(|strip| witness(pixels, strip)).collect();
    let batch = input::batch(&images, WITNESS_SIZE.0, &Normal::OCR);
    model.run_with(&[batch], |outputs| mean_reversed(&model, outputs))?
}

fn witness(pixels: &RgbImage, strip: &Strip) -> RgbImage {
    let (widest, height) = WITNESS_SIZE;
    let width = ((height as f32 * strip.aspect()).ceil() as u32).clamp(1, widest);
    input::rectify(pixels, strip.origin(), strip.along(), strip.down(), width, height)
}

/// From the output, `[n, 2]`: probabilities of upright and reversed.
fn mean_reversed(model: &Model, outputs: &[ArrayViewD<f32>]) -> Result<f32> {
    let wrong = || model.wrong_shape("two probabilities for each line", shapes(outputs));
    let votes =
        outputs.first().ok_or_else(wrong)?.view().into_dimensionality::<Ix2>().map_err(|_| wrong())?;
    if votes.ncols() != 2 {
        return Err(wrong());
    }
    Ok(votes.column(1).mean().unwrap_or(0.0))
}

fn shapes(outputs: &[ArrayViewD<f32>]) -> Vec<Vec<usize>> {
    outputs.iter().map(|o| o.shape().to_vec()).collect()
}

/// Sum of the confidences of what the recogniser reads.
fn legibility(models: &Models, pixels: &RgbImage, strips: &[Strip]) -> Result<f32> {
    Ok(sure(&recognise::recognise(models, pixels, strips, recognise::RUN)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(degrees: f32, length: f32) -> Strip {
        Strip { center: Point::default(), angle: degrees.to_radians(), length, height: 10.0 }
    }

    fn read(text: &str, confidence: f32) -> Vec<Piece> {
        vec![Piece { text: text.into(), from: 0.0, to: 1.0, confidence }]
    }

    #[test]
    fn many_sure_letters_stand_upright() {
        let (long, short) = ("a".repeat(80), "a".repeat(20));
        assert!(is_legible(&[read(&long, 0.95), read(&short, 0.6)]));
        assert!(!is_legible(&[read(&long, 0.7), read(&short, 0.99)]));
        assert!(!is_legible(&[read(&short, 0.99)]) && !is_legible(&[]));
    }

    #[test]
    fn the_longer_lines_say_which_way_the_page_runs() {
        assert!(is_sideways(&[line(89.0, 300.0), line(-88.0, 300.0), line(0.0, 100.0)]));
        assert!(!is_sideways(&[line(89.0, 100.0), line(0.0, 300.0)]));
        assert!(!is_sideways(&[]));
    }

    #[test]
    fn skew_is_the_same_from_both_ends_of_the_right_angle() {
        let askew = [line(-87.0, 300.0), line(-88.0, 200.0), line(-86.0, 200.0)];
        assert!((skew(&askew, true) - 3.0).abs() < 1e-3);
        assert!((skew(&[line(92.0 - 180.0, 300.0)], true) - 2.0).abs() < 1e-3);
        assert!((skew(&[line(-3.0, 300.0)], false) + 3.0).abs() < 1e-3);
        assert_eq!(skew(&[line(0.1, 300.0)], false), 0.0);
        assert_eq!(skew(&[], false), 0.0);
    }
}
