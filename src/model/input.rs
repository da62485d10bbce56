//! Pixels to tensors. Pure: resampling, normalising, batching. PaddleOCR's
//! models take channels in the order blue, green, red.

use fast_image_resize::{
    FilterType, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::U8x3,
};
use image::RgbImage;
use ndarray::{Array4, ArrayViewMut3};

use crate::{geometry::Point, model::Tensor};

/// Which channel comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red, as OpenCV reads files.
    Bgr,
}

/// How bytes become numbers: `(byte / 255 - mean) / deviation`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    /// Which channel comes first.
    pub channels: Channels,
    /// Of each channel in the tensor's order; 0 to 1.
    pub mean: [f32; 3],
    /// Of each channel in the tensor's order; 0 to 1.
    pub deviation: [f32; 3],
}

impl Normal {
    /// -1 to 1, as PP-OCR was trained.
    pub const OCR: Normal = Normal { channels: Channels::Bgr, mean: [0.5; 3], deviation: [0.5; 3] };
    /// The statistics of ImageNet, as PicoDet was trained.
    pub const IMAGENET: Normal =
        Normal { channels: Channels::Rgb, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
    /// The same numbers on channels the other way round, as SLANet was trained.
    pub const TABLE: Normal = Normal { channels: Channels::Bgr, ..Normal::IMAGENET };

    /// For each place in the tensor's channel axis: which byte of an RGB pixel, and the number for each value.
    fn tables(&self) -> [(usize, [f32; 256]); 3] {
        [0, 1, 2].map(|place| {
            let byte = if self.channels == Channels::Bgr { 2 - place } else { place };
            let table =
                std::array::from_fn(|v| (v as f32 / 255.0 - self.mean[place]) / self.deviation[place]);
            (byte, table)
        })
    }
}

/// `pixels` at another size, each side resampled by itself. Averages where it
/// shrinks. Sides are at least 1.
pub fn resize(pixels: &RgbImage, width: u32, height: u32) -> RgbImage {
    let (width, height) = (width.max(1), height.max(1));
    let mut out = RgbImage::new(width, height);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    // The typed call: the untyped one compiles every pixel format into this crate, a minute's work.
    let from = TypedImageRef::<U8x3>::from_buffer(pixels.width(), pixels.height(), pixels);
    let to = TypedImage::<U8x3>::from_buffer(width, height, &mut out);
    // Both images have the sizes they claim, or no pixels at all: then `out` stays black.
    if let (Ok(from), Ok(mut to)) = (from, to) {
        let _ = Resizer::new().resize_typed(&from, &mut to, &options);
    }
    out
}

/// One image as `[1, 3, height, width]`.
pub fn tensor(pixels: &RgbImage, normal: &Normal) -> Tensor {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let mut out = Array4::zeros((1, 3, height, width));
    write(pixels, normal, out.index_axis_mut(ndarray::Axis(0), 0));
    out.into_dyn()
}

/// One image as `[1, 3, side, side]`: its longer side fills the square, with
/// zeros to its right or below.
pub fn square(pixels: &RgbImage, side: u32, normal: &Normal) -> Tensor {
    let (width, height) = pixels.dimensions();
    let longer = u64::from(width.max(height).max(1));
    let scaled = |length: u32| (u64::from(length) * u64::from(side) / longer) as u32;
    let mut out = Array4::zeros((1, 3, side as usize, side as usize));
    let fitted = resize(pixels, scaled(width), scaled(height));
    write(&fitted, normal, out.index_axis_mut(ndarray::Axis(0), 0));
    out.into_dyn()
}

/// Images of one height as `[n, 3, height, width]`, each at the left, with
/// zeros, which is mid-grey, to its right.
pub fn batch(images: &[RgbImage], width: u32, normal: &Normal) -> Tensor {
    let height = images.iter().map(|i| i.height()).max().unwrap_or(0) as usize;
    let mut out = Array4::zeros((images.len(), 3, height, width as usize));
    for (image, place) in images.iter().zip(out.outer_iter_mut()) {
        write(image, normal, place);
    }
    out.into_dyn()
}

/// Writes `pixels` to the top left of `place`, `[3, height, width]`; what
/// reaches beyond it is left out.
fn write(pixels: &RgbImage, normal: &Normal, mut place: ArrayViewMut3<f32>) {
    let row_bytes = 3 * pixels.width().max(1) as usize;
    for ((byte, table), mut plane) in normal.tables().into_iter().zip(place.outer_iter_mut()) {
        for (source, mut row) in pixels.chunks_exact(row_bytes).zip(plane.outer_iter_mut()) {
            for (pixel, value) in source.chunks_exact(3).zip(row.iter_mut()) {
                *value = table[usize::from(pixel[byte])];
            }
        }
    }
}

/// The part of `pixels` in an oriented box, turned upright: `origin` is its top
/// left corner, `along` and `down` are the sides, all in pixels. Outside the
/// image the nearest pixel counts.
pub fn rectify(
    pixels: &RgbImage,
    origin: Point,
    along: Point,
    down: Point,
    width: u32,
    height: u32,
) -> RgbImage {
    let (fine_x, fine_y) = (fineness(along, width), fineness(down, height));
    let (columns, rows) = (width * fine_x, height * fine_y);
    let fine = sampled(pixels, origin, along, down, columns, rows);
    if (fine_x, fine_y) == (1, 1) { fine } else { averaged(&fine, fine_x, fine_y) }
}

/// How many samples make one output pixel: enough that none of the source is skipped.
fn fineness(side: Point, size: u32) -> u32 {
    let length = side.x.hypot(side.y);
    // Half a pixel over is what bilinear sampling bridges by itself.
    ((length / size.max(1) as f32) - 0.5).ceil().clamp(1.0, 8.0) as u32
}

fn sampled(pixels: &RgbImage, origin: Point, along: Point, down: Point, columns: u32, rows: u32) -> RgbImage {
    let mut out = RgbImage::new(columns, rows);
    if pixels.width() == 0 || pixels.height() == 0 || columns == 0 || rows == 0 {
        return out;
    }
    let (step_x, step_y) = (
        Point::new(along.x / columns as f32, along.y / columns as f32),
        Point::new(down.x / rows as f32, down.y / rows as f32),
    );
    for (row, line) in out.chunks_exact_mut(3 * columns as usize).enumerate() {
        // Sample points are pixel centres on both sides.
        let r = row as f32 + 0.5;
        let start = Point::new(
            origin.x + r * step_y.x + 0.5 * step_x.x - 0.5,
            origin.y + r * step_y.y + 0.5 * step_x.y - 0.5,
        );
        for (column, value) in line.chunks_exact_mut(3).enumerate() {
            let c = column as f32;
            bilinear(pixels, start.x + c * step_x.x, start.y + c * step_x.y, value);
        }
    }
    out
}

/// 8 bits of fraction are as fine as the bytes they weigh.
fn bilinear(pixels: &RgbImage, x: f32, y: f32, value: &mut [u8]) {
    let (right, bottom) = (pixels.width() - 1, pixels.height() - 1);
    let (x, y) = (x.clamp(0.0, right as f32), y.clamp(0.0, bottom as f32));
    let (x0, y0) = (x as u32, y as u32);
    let (fx, fy) = (((x - x0 as f32) * 256.0) as u32, ((y - y0 as f32) * 256.0) as u32);
    let (x1, y1) = ((x0 + 1).min(right), (y0 + 1).min(bottom));
    let at = |x: u32, y: u32| 3 * (y as usize * pixels.width() as usize + x as usize);
    let (a, b, c, d) = (at(x0, y0), at(x1, y0), at(x0, y1), at(x1, y1));
    let bytes: &[u8] = pixels;
    for (k, out) in value.iter_mut().enumerate() {
        let (a, b) = (u32::from(bytes[a + k]), u32::from(bytes[b + k]));
        let (c, d) = (u32::from(bytes[c + k]), u32::from(bytes[d + k]));
        let top = a * (256 - fx) + b * fx;
        let low = c * (256 - fx) + d * fx;
        *out = ((top * (256 - fy) + low * fy + (1 << 15)) >> 16) as u8;
    }
}

fn averaged(fine: &RgbImage, fine_x: u32, fine_y: u32) -> RgbImage {
    let count = fine_x * fine_y;
    RgbImage::from_fn(fine.width() / fine_x, fine.height() / fine_y, |x, y| {
        let mut sum = [count / 2; 3];
        for (dx, dy) in (0..fine_y).flat_map(|dy| (0..fine_x).map(move |dx| (dx, dy))) {
            let pixel = fine.get_pixel(x * fine_x + dx, y * fine_y + dy);
            for (sum, byte) in sum.iter_mut().zip(pixel.0) {
                *sum += u32::from(byte);
            }
        }
        image::Rgb(sum.map(|s| (s / count) as u8))
    })
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn black_and_white_become_minus_one_and_one() {
        let mut pixels = RgbImage::new(2, 1);
        pixels.put_pixel(1, 0, Rgb([255; 3]));
        let values: Vec<f32> = tensor(&pixels, &Normal::OCR).iter().copied().collect();
        assert_eq!(values, [-1.0, 1.0, -1.0, 1.0, -1.0, 1.0]);
    }

    #[test]
    fn a_square_is_filled_by_the_longer_side_and_padded_with_zeros() {
        let wide = RgbImage::from_pixel(8, 4, Rgb([255, 0, 0]));
        let tensor = square(&wide, 4, &Normal::TABLE);
        assert_eq!(tensor.shape(), [1, 3, 4, 4]);
        let (blue, red) = ((0.0 - 0.485) / 0.229, (1.0 - 0.406) / 0.225);
        assert_eq!([tensor[[0, 0, 1, 3]], tensor[[0, 2, 1, 3]], tensor[[0, 2, 2, 0]]], [blue, red, 0.0]);
    }

    #[test]
    fn a_batch_is_padded_with_zeros_on_the_right() {
        let images = [RgbImage::new(1, 1), RgbImage::new(3, 1)];
        let batch = batch(&images, 3, &Normal::OCR);
        assert_eq!(batch.shape(), [2, 3, 1, 3]);
        assert_eq!(batch.iter().take(3).copied().collect::<Vec<_>>(), [-1.0, 0.0, 0.0]);
    }

    #[test]
    fn a_quarter_turn_is_undone_exactly() {
        let pixels = RgbImage::from_fn(4, 2, |x, y| Rgb([(10 * x + 100 * y) as u8; 3]));
        let turned = image::imageops::rotate90(&pixels);
        let (origin, along, down) = (Point::new(2.0, 0.0), Point::new(0.0, 4.0), Point::new(-2.0, 0.0));
        assert_eq!(rectify(&turned, origin, along, down, 4, 2), pixels);
    }

    #[test]
    fn shrinking_averages() {
        let stripes = RgbImage::from_fn(40, 40, |x, _| Rgb([if x.is_multiple_of(2) { 0 } else { 200 }; 3]));
        let (along, down) = (Point::new(40.0, 0.0), Point::new(0.0, 40.0));
        let small = rectify(&stripes, Point::default(), along, down, 10, 10);
        assert!(small.pixels().all(|p| p.0.iter().all(|&v| v.abs_diff(100) < 15)));
    }

    #[test]
    fn images_of_no_pixels_give_tensors_of_none() {
        assert_eq!(tensor(&RgbImage::new(0, 0), &Normal::OCR).len(), 0);
        assert_eq!(resize(&RgbImage::new(0, 0), 1, 1).dimensions(), (1, 1));
        let nothing = RgbImage::new(0, 5);
        let side = Point::new(1.0, 1.0);
        assert_eq!(rectify(&nothing, side, side, side, 2, 2).dimensions(), (2, 2));
    }
}
