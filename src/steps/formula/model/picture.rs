//! A crop to the encoder's tensor: brought to its size, grey or in colour,
//! normalised. Pure.

use image::{RgbImage, imageops};
use ndarray::Array4;

use crate::model::{
    Tensor,
    encoder_decoder::{Fit, Input},
    input::resize,
};

/// `[1, 1 or 3, height, width]`.
pub(super) fn tensor(pixels: &RgbImage, input: &Input) -> Tensor {
    let fitted = fitted(pixels, input);
    let channels = if input.colour { 3 } else { 1 };
    let shape = (1, channels, fitted.height() as usize, fitted.width() as usize);
    Array4::from_shape_fn(shape, |(_, channel, y, x)| {
        let pixel = fitted.get_pixel(x as u32, y as u32).0;
        let byte = if input.colour { f32::from(pixel[channel]) } else { luma(pixel) };
        (byte / 255.0 - input.mean[channel]) / input.deviation[channel]
    })
    .into_dyn()
}

/// ITU-R BT.601, as Pillow's mode `L`.
fn luma([red, green, blue]: [u8; 3]) -> f32 {
    (0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)).round()
}

fn fitted(pixels: &RgbImage, input: &Input) -> RgbImage {
    let (width, height) = (input.width, input.height);
    let scale =
        (width as f32 / pixels.width().max(1) as f32).min(height as f32 / pixels.height().max(1) as f32);
    match input.fit {
        Fit::Stretch => resize(pixels, width, height),
        // pix2tex pads small pictures and never enlarges them; Donut's kin do.
        Fit::Corner(paper) => padded(&scaled(pixels, scale.min(1.0), input), paper, input, |_| 0),
        Fit::Centre(paper) => padded(&scaled(pixels, scale, input), paper, input, |room| room / 2),
    }
}

fn scaled(pixels: &RgbImage, scale: f32, input: &Input) -> RgbImage {
    let side = |length: u32, most: u32| ((length as f32 * scale).round() as u32).clamp(1, most.max(1));
    resize(pixels, side(pixels.width(), input.width), side(pixels.height(), input.height))
}

/// `place` says how much of the room that is left lies before the picture.
fn padded(pixels: &RgbImage, paper: u8, input: &Input, place: impl Fn(u32) -> u32) -> RgbImage {
    let whole = |length: u32, most: u32| match input.divisor {
        0 => most,
        divisor => length.next_multiple_of(divisor).min(most),
    };
    let (width, height) = (whole(pixels.width(), input.width), whole(pixels.height(), input.height));
    let mut out = RgbImage::from_pixel(width, height, image::Rgb([paper; 3]));
    let (x, y) = (width.saturating_sub(pixels.width()), height.saturating_sub(pixels.height()));
    imageops::replace(&mut out, pixels, i64::from(place(x)), i64::from(place(y)));
    out
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn input(fit: Fit, colour: bool) -> Input {
        Input { width: 8, height: 4, colour, mean: [0.0; 3], deviation: [1.0; 3], fit, divisor: 0 }
    }

    fn row(tensor: &Tensor, channel: usize, y: usize) -> Vec<f32> {
        (0..tensor.shape()[3]).map(|x| tensor[[0, channel, y, x]]).collect()
    }

    #[test]
    fn a_large_picture_keeps_its_ratio_at_the_corner_and_white_fills_the_rest() {
        let tensor = tensor(&RgbImage::new(16, 16), &input(Fit::Corner(255), false));
        assert_eq!(tensor.shape(), [1, 1, 4, 8]);
        assert_eq!(row(&tensor, 0, 3), [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn a_small_picture_is_enlarged_in_the_centre_and_not_at_the_corner() {
        let dot = RgbImage::from_pixel(2, 2, Rgb([255; 3]));
        assert_eq!(
            row(&tensor(&dot, &input(Fit::Centre(0), true)), 2, 0),
            [0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0]
        );
        let corner = tensor(&dot, &input(Fit::Corner(0), true));
        assert_eq!((row(&corner, 0, 1)[1], row(&corner, 0, 2)[1]), (1.0, 0.0));
    }

    #[test]
    fn an_encoder_of_no_fixed_size_sees_no_more_paper_than_it_must() {
        let open = Input { divisor: 3, ..input(Fit::Corner(255), true) };
        assert_eq!(tensor(&RgbImage::new(2, 2), &open).shape(), [1, 3, 3, 3]);
        assert_eq!(tensor(&RgbImage::new(80, 40), &open).shape(), [1, 3, 4, 8]);
    }

    #[test]
    fn stretching_fills_all_and_channels_are_normalised() {
        let red = RgbImage::from_pixel(3, 9, Rgb([255, 0, 0]));
        let normal = Input { mean: [0.5; 3], deviation: [0.5, 0.5, 0.25], ..input(Fit::Stretch, true) };
        let found = tensor(&red, &normal);
        assert_eq!([found[[0, 0, 3, 7]], found[[0, 1, 0, 0]], found[[0, 2, 0, 0]]], [1.0, -1.0, -2.0]);
        let grey = tensor(&red, &input(Fit::Stretch, false));
        assert!((grey[[0, 0, 0, 0]] - 76.0 / 255.0).abs() < 1e-6);
    }
}
