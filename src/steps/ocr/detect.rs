//! Pixels to the outlines of text, by PP-OCR's detector (differentiable
//! binarisation, arXiv:1911.08947): it draws the core of each line, which is
//! then let out to the line's own height.

use image::RgbImage;
use ndarray::{ArrayViewD, Ix4, s};

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
/// Pixels. Bounds what one run of the model costs.
const LONGEST: f32 = 2048.0;

/// Outlines of the cores of text lines, in pixels of the image, from the top.
pub fn cores(models: &Models, pixels: &RgbImage) -> Result<Vec<Vec<Point>>> {
    let (width, height) = input_size(pixels);
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

fn input_size(pixels: &RgbImage) -> (u32, u32) {
    let (width, height) = (pixels.width() as f32, pixels.height() as f32);
    let longest: f32 = std::env::var("DET").ok().and_then(|v| v.parse().ok()).unwrap_or(1280.0);
    let scale = (longest / width.max(height)).min(LONGEST);
    let side = |pixels: f32| ((pixels * scale / MULTIPLE).round().max(2.0) * MULTIPLE).min(LONGEST) as u32;
    (side(width), side(height))
}
