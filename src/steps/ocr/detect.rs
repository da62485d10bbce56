//! Pixels to the outlines of text, by PP-OCR's detector (differentiable
//! binarisation, arXiv:1911.08947): it draws the core of each line, which is
//! then let out to the line's own height.

use image::RgbImage;
use ndarray::{ArrayViewD, Ix4, s};

use super::strip::Strip;
use crate::{
    Models, Result,
    geometry::Point,
    model::{
        Model, OCR_DETECTION,
        input::{self, Normal},
        output::{self, Blob},
    },
};

/// Probability from which a pixel belongs to text.
const PIXEL: f32 = 0.3;
/// Mean probability from which a blob is text.
const BLOB: f32 = 0.5;
/// The model halves its input five times.
const MULTIPLE: f32 = 32.0;
/// Pixels. The longest side of the model's input; beyond it the image is squeezed.
const LONGEST: f32 = 2560.0;

/// Pixels. What the first look works on: a page at 82 dpi, where 6 point text is still seen.
const FIRST_LOOK: f32 = 960.0 * 680.0;
/// Pixels. What a closer look works on at most, a page at 110 dpi: the model takes 166 bytes for each, 190 MiB. Half as many
/// again gave .001 more of the words of 29 pages.
pub const CLOSER_LOOK: f32 = 1280.0 * 936.0;
/// Pixels of the model's input. Lines lower than this are seen, but blurred into their neighbours.
const LOW_LINE: f32 = 16.0;
/// Pixels of the model's input. How high a closer look makes them.
const GOOD_LINE: f32 = 20.0;
/// Enlarging beyond this shows nothing new.
const LARGEST_SCALE: f32 = 2.0;

/// Outlines of the cores of text lines, in pixels of the image, from the top.
/// The detector costs as much as its input has pixels, so it looks once from
/// afar, and closer only where the lines turn out to be low: on `most` pixels at most.
///
/// # Errors
/// When the model cannot be loaded or run.
pub fn cores(models: &Models, pixels: &RgbImage, most: f32) -> Result<Vec<Vec<Point>>> {
    let first = scale_for(pixels, FIRST_LOOK.min(most)).min(1.0);
    let found = look(models, pixels, first)?;
    let wanted = low_line(&found).map_or(first, |low| first * closer(low * first));
    let second = wanted.min(scale_for(pixels, most)).min(LARGEST_SCALE);
    if second > first * WORTH_A_LOOK { look(models, pixels, second) } else { Ok(found) }
}

/// A second look that is not larger by this much shows nothing new.
const WORTH_A_LOOK: f32 = 1.2;

/// The scale that brings an image to `area` pixels.
fn scale_for(pixels: &RgbImage, area: f32) -> f32 {
    (area / (pixels.width() as f32 * pixels.height() as f32).max(1.0)).sqrt()
}

/// Pixels of the image: three quarters of the lines are higher than this.
fn low_line(cores: &[Vec<Point>]) -> Option<f32> {
    let lines = cores.iter().filter_map(|core| Strip::smallest(core)).map(let_out);
    let mut heights: Vec<f32> = lines.map(|line| line.height).collect();
    let quarter = heights.len() / 4;
    (!heights.is_empty()).then(|| *heights.select_nth_unstable_by(quarter, f32::total_cmp).1)
}

/// How much larger lines of this height have to be.
fn closer(line: f32) -> f32 {
    if line < LOW_LINE { GOOD_LINE / line.max(1.0) } else { 1.0 }
}

/// The detector was taught cores shrunk by their area over their perimeter;
/// letting them out by this much of it gives back the line.
const LET_OUT: f32 = 1.6;

/// The line around a core.
pub fn let_out(core: Strip) -> Strip {
    let distance = LET_OUT * core.length * core.height / (2.0 * (core.length + core.height)).max(1e-3);
    core.inflate(distance)
}

fn look(models: &Models, pixels: &RgbImage, scale: f32) -> Result<Vec<Vec<Point>>> {
    let (width, height) = input_size(pixels, scale);
    let model = models.get(OCR_DETECTION)?;
    let small = input::resize(pixels, width, height);
    let tensor = input::tensor(&small, &Normal::OCR);
    let found = model.run_with(&[tensor], |outputs| text_blobs(&model, outputs))??;
    let scale = Point::new(pixels.width() as f32 / width as f32, pixels.height() as f32 / height as f32);
    let outline = |b: Blob| b.hull.iter().map(|p| Point::new(p.x * scale.x, p.y * scale.y)).collect();
    Ok(found.into_iter().map(outline).collect())
}

/// From the output, `[1, 1, height, width]`.
fn text_blobs(model: &Model, outputs: &[ArrayViewD<f32>]) -> Result<Vec<Blob>> {
    let wrong = || {
        model.wrong_shape(
            "a map of one channel",
            outputs.iter().map(|o| o.shape().to_vec()).collect::<Vec<_>>(),
        )
    };
    let map = outputs.first().ok_or_else(wrong)?.view().into_dimensionality::<Ix4>().map_err(|_| wrong())?;
    if map.dim().0 != 1 || map.dim().1 != 1 {
        return Err(wrong());
    }
    let mut found = output::blobs(map.slice(s![0, 0, .., ..]), PIXEL);
    found.retain(|blob| blob.score > BLOB);
    Ok(found)
}

fn input_size(pixels: &RgbImage, scale: f32) -> (u32, u32) {
    let side =
        |pixels: u32| ((pixels as f32 * scale / MULTIPLE).round() * MULTIPLE).clamp(MULTIPLE, LONGEST) as u32;
    (side(pixels.width()), side(pixels.height()))
}
