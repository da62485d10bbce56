//! Strips of an image to text, by PP-OCR's recogniser. Strips of like width go
//! through the model together, so that little is spent on padding.

use image::RgbImage;
use ndarray::{ArrayViewD, Axis, Ix3};

use super::{
    strip::Strip,
    words::{self, Piece},
};
use crate::{
    Models, Result,
    model::{
        Model, OCR_RECOGNITION,
        input::{self, Normal},
        output::{self, Token},
    },
};

/// Pixels, fixed in the model.
const HEIGHT: u32 = 48;
/// Pixels. Widths of the model's input are multiples of this, so there are few shapes.
const BUCKET: u32 = 64;
/// Pixels. Longer lines are squeezed.
const WIDEST: u32 = 3200;
/// Pixels of width in one run: the answer takes 9 kB for each pixel.
pub const RUN: u32 = 1280;

/// The words on each of `strips`; none where nothing is legible. Strips go through the model `run` pixels of width at a
/// time.
pub fn recognise(models: &Models, pixels: &RgbImage, strips: &[Strip], run: u32) -> Result<Vec<Vec<Piece>>> {
    let mut found = vec![Vec::new(); strips.len()];
    if strips.is_empty() {
        return Ok(found);
    }
    let model = models.get(OCR_RECOGNITION)?;
    for (bucket, members) in batches(strips, run) {
        let images: Vec<RgbImage> = members.iter().map(|&i| image(pixels, &strips[i])).collect();
        let batch = input::batch(&images, bucket, &Normal::OCR);
        let tokens = model.run_with(&[batch], |outputs| tokens(&model, outputs, members.len()))??;
        for ((index, image), (tokens, steps)) in members.into_iter().zip(&images).zip(tokens) {
            let step = bucket as f32 / steps.max(1) as f32 / image.width() as f32;
            found[index] = words::words(&words::glyphs(&tokens, model.labels(), step));
        }
    }
    Ok(found)
}

/// Pixels across when the strip is brought to the model's height.
fn width(strip: &Strip) -> u32 {
    ((HEIGHT as f32 * strip.aspect()).ceil() as u32).clamp(8, WIDEST)
}

fn bucket(width: u32) -> u32 {
    width.div_ceil(BUCKET) * BUCKET
}

/// Input widths, and the strips that go through the model at that width.
fn batches(strips: &[Strip], run: u32) -> Vec<(u32, Vec<usize>)> {
    let mut order: Vec<usize> = (0..strips.len()).collect();
    order.sort_by_key(|&i| bucket(width(&strips[i])));
    let mut batches: Vec<(u32, Vec<usize>)> = Vec::new();
    for index in order {
        let wide = bucket(width(&strips[index]));
        match batches.last_mut() {
            Some((w, members)) if *w == wide && wide * (members.len() as u32 + 1) <= run => {
                members.push(index)
            }
            _ => batches.push((wide, vec![index])),
        }
    }
    batches
}

fn image(pixels: &RgbImage, strip: &Strip) -> RgbImage {
    input::rectify(pixels, strip.origin(), strip.along(), strip.down(), width(strip), HEIGHT)
}

/// From the output, `[n, time, classes]`: the tokens of each line and how many
/// time steps there were.
fn tokens(model: &Model, outputs: &[ArrayViewD<f32>], n: usize) -> Result<Vec<(Vec<Token>, usize)>> {
    let wrong = || {
        model.wrong_shape(
            "classes over time for each line",
            outputs.iter().map(|o| o.shape().to_vec()).collect::<Vec<_>>(),
        )
    };
    let lines =
        outputs.first().ok_or_else(wrong)?.view().into_dimensionality::<Ix3>().map_err(|_| wrong())?;
    if lines.dim().0 != n || lines.dim().2 != model.labels().len() + 2 {
        return Err(wrong());
    }
    Ok(lines.axis_iter(Axis(0)).map(|line| (output::ctc(line), line.nrows())).collect())
}
