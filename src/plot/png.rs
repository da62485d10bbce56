//! Pixels to PNG in memory.

use image::{
    ExtendedColorType, ImageEncoder, RgbImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};

/// The bytes of a PNG file; none for a picture without pixels.
pub fn png(pixels: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    let (width, height) = pixels.dimensions();
    // Into memory only a picture of no pixels cannot be written.
    let _ = encoder.write_image(pixels, width, height, ExtendedColorType::Rgb8);
    bytes
}
