//! Contents to pictures: pages with what was found drawn over them.

use font8x8::UnicodeFonts;
use image::{Rgb, RgbImage};
use imageproc::{drawing, rect::Rect as PixelRect};

use crate::{
    content::{Block, Kind, PageContent, Raster},
    geometry::Rect,
};

/// Pixels. Side of the bitmap font's cells.
const GLYPH: u32 = 8;
/// Times. The labels' size on an overlay.
const ZOOM: u32 = 2;
/// Pixels. Thickness of the boxes' lines.
const STROKE: i32 = 2;

/// The page's picture with a box around each block, labelled with its place in
/// reading order, its kind and its confidence.
pub fn overlay(raster: &Raster, content: &PageContent) -> RgbImage {
    let mut picture = raster.pixels.clone();
    for (order, block) in content.blocks.iter().enumerate() {
        draw_block(&mut picture, order, block, raster.scale);
    }
    picture
}

fn draw_block(picture: &mut RgbImage, order: usize, block: &Block, scale: f32) {
    let color = color(block.kind);
    let rect = block.rect.scale(scale);
    outline(picture, &rect, color);
    let label = format!("{} {} {:.2}", order + 1, block.kind.name(), block.confidence);
    tag(picture, rect.x0 as i32, rect.y0 as i32, &label, color);
}

fn color(kind: Kind) -> Rgb<u8> {
    Rgb(match kind {
        Kind::Heading => [200, 30, 30],
        Kind::Paragraph => [30, 90, 200],
        Kind::ListItem => [0, 140, 140],
        Kind::Caption => [150, 90, 20],
        Kind::Footnote => [110, 110, 110],
        Kind::Table => [20, 130, 50],
        Kind::Formula => [150, 40, 170],
        Kind::Figure => [220, 120, 0],
        Kind::Code => [60, 60, 60],
        Kind::Header | Kind::Footer | Kind::LineNumber => [150, 150, 150],
        Kind::Reference => [90, 70, 160],
    })
}

fn outline(picture: &mut RgbImage, rect: &Rect, color: Rgb<u8>) {
    for inset in 0..STROKE {
        let (width, height) = (rect.width() as i32 - 2 * inset, rect.height() as i32 - 2 * inset);
        if width < 1 || height < 1 {
            return;
        }
        let at = PixelRect::at(rect.x0 as i32 + inset, rect.y0 as i32 + inset);
        drawing::draw_hollow_rect_mut(picture, at.of_size(width as u32, height as u32), color);
    }
}

/// White on the box's colour, above its top left corner or, at the page's edge, inside it.
fn tag(picture: &mut RgbImage, x: i32, y: i32, text: &str, color: Rgb<u8>) {
    let (width, height) = (text.chars().count() as u32 * GLYPH * ZOOM, GLYPH * ZOOM + 2);
    let top = if y >= height as i32 { y - height as i32 } else { y };
    drawing::draw_filled_rect_mut(picture, PixelRect::at(x, top).of_size(width.max(1), height), color);
    for (n, c) in text.chars().enumerate() {
        glyph(picture, x + (n as u32 * GLYPH * ZOOM) as i32, top + 1, c);
    }
}

fn glyph(picture: &mut RgbImage, x: i32, y: i32, c: char) {
    let rows = font8x8::BASIC_FONTS.get(c).unwrap_or_default();
    for (dy, row) in rows.iter().enumerate() {
        for dx in (0..GLYPH).filter(|dx| row & (1 << dx) != 0) {
            let dot =
                PixelRect::at(x + (dx * ZOOM) as i32, y + (dy as u32 * ZOOM) as i32).of_size(ZOOM, ZOOM);
            drawing::draw_filled_rect_mut(picture, dot, Rgb([255, 255, 255]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_at_the_edge_stays_on_the_picture() {
        let mut picture = RgbImage::from_pixel(100, 40, Rgb([255, 255, 255]));
        tag(&mut picture, 90, 0, "1 text", Rgb([200, 0, 0]));
        assert_eq!(*picture.get_pixel(90, 0), Rgb([200, 0, 0]));
    }
}
