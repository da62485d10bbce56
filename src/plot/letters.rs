//! Text on pictures, in a font that comes along: a machine may have none.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScaleFont, ScaleFont, point};
use image::{Rgb, RgbImage};

static FONT: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(dejavu::sans::regular()).ok());

/// The font at `size` pixels.
fn font(size: f32) -> Option<PxScaleFont<&'static FontRef<'static>>> {
    FONT.as_ref().map(|font| font.as_scaled(size))
}

/// Pixels across.
pub(super) fn width(text: &str, size: f32) -> f32 {
    font(size).map_or(0.0, |font| text.chars().map(|c| font.h_advance(font.glyph_id(c))).sum())
}

/// Writes `text` with its upper left corner at `(x, y)`.
pub(super) fn write(picture: &mut RgbImage, (x, y): (f32, f32), size: f32, text: &str, color: Rgb<u8>) {
    let Some(font) = font(size) else { return };
    let mut pen = point(x, y + font.ascent());
    for c in text.chars() {
        let glyph = font.glyph_id(c).with_scale_and_position(size, pen);
        pen.x += font.h_advance(glyph.id);
        let Some(outline) = font.outline_glyph(glyph) else { continue };
        let corner = outline.px_bounds().min;
        outline.draw(|dx, dy, cover| {
            let (x, y) = (corner.x as i64 + i64::from(dx), corner.y as i64 + i64::from(dy));
            let pixel = u32::try_from(x).ok().zip(u32::try_from(y).ok());
            if let Some(pixel) = pixel.and_then(|(x, y)| picture.get_pixel_mut_checked(x, y)) {
                blend(pixel, color, cover.clamp(0.0, 1.0));
            }
        });
    }
}

fn blend(pixel: &mut Rgb<u8>, color: Rgb<u8>, cover: f32) {
    for (old, new) in pixel.0.iter_mut().zip(color.0) {
        *old = (f32::from(*old) * (1.0 - cover) + f32::from(new) * cover).round() as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_as_wide_as_measured_and_stops_at_the_edge() {
        let mut picture = RgbImage::new(40, 20);
        write(&mut picture, (0.0, 0.0), 14.0, "lll", Rgb([255; 3]));
        let last = picture.enumerate_pixels().filter(|(.., p)| p.0[0] > 0).map(|(x, ..)| x).max().unwrap();
        assert!((last as f32) < width("lll", 14.0) && width("lll", 14.0) < 20.0, "{last}");
        write(&mut picture, (-5.0, -5.0), 30.0, "Wide text", Rgb([255; 3]));
    }
}
