//! A page image: decoded anew for each render, so that an open document holds
//! the file's bytes and no pixels.

use std::io::Cursor;

use image::{
    DynamicImage, GenericImageView, ImageDecoder, ImageReader, RgbImage, Rgba, metadata::Orientation,
};

use crate::{
    Error, Result,
    content::{DrawingCost, Page, Raster},
    geometry::Rect,
};

/// Pixels an inch. Image files rarely state a true one; scanners' default is
/// near this, and it makes the default render resolution the file's own.
const ASSUMED_DPI: f32 = 200.0;

pub(super) struct ImageFile {
    bytes: Vec<u8>,
    /// Pixels, as displayed.
    size: (u32, u32),
    /// Bytes of its pixels in its own colours.
    decoded: u64,
}

/// Whether the bytes start as an image file that we read does.
pub(super) fn is_image(bytes: &[u8]) -> bool {
    image::guess_format(bytes).is_ok_and(|format| format.reading_enabled())
}

impl ImageFile {
    pub(super) fn open(name: &str, bytes: Vec<u8>) -> Result<Self> {
        let document = name.to_owned();
        let Header { size, decoded, .. } = match header(&bytes) {
            Ok(header) => header,
            Err(source) => return Err(Error::Image { document, source }),
        };
        let (width, height) = size;
        if width == 0 || height == 0 {
            return Err(Error::PageSize { document, page: 1, width: width as f32, height: height as f32 });
        }
        let (need_mib, limit_mib) = (super::raster_mib(width, height), super::RASTER_LIMIT_MIB);
        if need_mib > limit_mib {
            return Err(Error::ImageTooLarge { document, width, height, need_mib, limit_mib });
        }
        Ok(Self { bytes, size, decoded })
    }

    pub(super) fn page(&self) -> Page {
        let points = |pixels: u32| pixels as f32 * 72.0 / ASSUMED_DPI;
        let (width, height) = (points(self.size.0), points(self.size.1));
        Page {
            number: 1,
            width,
            height,
            images: vec![Rect::new(0.0, 0.0, width, height)],
            drawing_cost: DrawingCost { fixed: self.decoded as f32, by_dpi: 0.0 },
            ..Default::default()
        }
    }

    /// Its own pixels, or fewer if `dpi` says so: never more.
    pub(super) fn render(&self, document: &str, dpi: f32) -> Result<Raster> {
        let fail = |source| Error::Image { document: document.to_owned(), source };
        let orientation = header(&self.bytes).map_err(fail)?.orientation;
        let image = reader(&self.bytes).and_then(ImageReader::decode).map_err(fail)?;
        let dpi = dpi.min(ASSUMED_DPI);
        // Shrunk in its own colours, so that a large grey scan never takes the room of a coloured one.
        let mut image = shrunk(image, dpi / ASSUMED_DPI);
        image.apply_orientation(orientation);
        Ok(Raster { pixels: opaque(image), scale: dpi / 72.0 })
    }
}

fn shrunk(image: DynamicImage, scale: f32) -> DynamicImage {
    if scale >= 1.0 {
        return image;
    }
    let scaled = |pixels: u32| ((pixels as f32 * scale).ceil() as u32).max(1);
    image.thumbnail_exact(scaled(image.width()), scaled(image.height()))
}

fn reader(bytes: &[u8]) -> image::ImageResult<ImageReader<Cursor<&[u8]>>> {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(image::ImageError::from)
}

/// What an image file says before it is decoded.
struct Header {
    /// Pixels, as displayed.
    size: (u32, u32),
    /// How the camera was held.
    orientation: Orientation,
    /// Bytes of the pixels in their own colours.
    decoded: u64,
}

fn header(bytes: &[u8]) -> image::ImageResult<Header> {
    let mut decoder = reader(bytes)?.into_decoder()?;
    let orientation = decoder.orientation()?;
    let ((width, height), decoded) = (decoder.dimensions(), decoder.total_bytes());
    let sideways = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let size = if sideways { (height, width) } else { (width, height) };
    Ok(Header { size, orientation, decoded })
}

/// Transparent pictures are laid on the paper that their ink shows on: white,
/// or black if the ink is light.
fn opaque(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let paper = if ink_is_light(&image) { 0.0 } else { 255.0 };
    let image = image.into_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let Rgba([r, g, b, a]) = *image.get_pixel(x, y);
        let alpha = f32::from(a) / 255.0;
        image::Rgb([r, g, b].map(|c| (f32::from(c) * alpha + paper * (1.0 - alpha)) as u8))
    })
}

/// Only when part of the picture is see-through; a fully opaque one brings its own paper.
fn ink_is_light(image: &DynamicImage) -> bool {
    let (mut seen, mut clear, mut sum) = (0u64, 0u64, 0u64);
    for (_, _, Rgba([r, g, b, a])) in image.pixels() {
        if a < 128 {
            clear += 1;
        } else {
            seen += 1;
            sum += (u64::from(r) + u64::from(g) + u64::from(b)) / 3;
        }
    }
    clear > seen && sum > 192 * seen
}
