//! A page's content drawn over its picture.

use image::{Rgb, RgbImage};
use imageproc::{drawing, point::Point, rect::Rect as PixelRect};

use super::letters;
use crate::{
    content::{Kind, PageContent, Raster},
    geometry::Rect,
};

/// Points. A tag's letters grow with the picture, as far as they are neither hard to read nor in the way.
const LETTERS: f32 = 8.0;
/// Pixels.
const LEAST_LETTERS: f32 = 11.0;
/// Pixels.
const MOST_LETTERS: f32 = 20.0;
/// Pixels. Left and right of a tag's text.
const PADDING: f32 = 3.0;
/// Pixels. Thickness of the boxes' lines.
const STROKE: i32 = 2;
/// No block's colour is near it.
const ARROW: Rgb<u8> = Rgb([255, 0, 200]);
/// A tag under another one is worse than text under one: its number is what one looks for.
const TAG_WEIGHT: f32 = 4.0;
/// Pixels. An arrow reaches so far into both boxes, so that it shows where they touch.
const INTO_BOX: f32 = 7.0;
/// Pixels. Length and half the breadth of an arrow's head.
const HEAD: (f32, f32) = (9.0, 4.0);

/// The page's picture with a box around each block, tagged with its place in
/// reading order, its kind, what decided that and its confidence; arrows lead
/// from block to block, past running heads and feet. Tables have their cells
/// drawn in, thinner; one that covers places of several is one. So are formulas in lines of text.
pub fn overlay(raster: &Raster, content: &PageContent) -> RgbImage {
    let mut picture = raster.pixels.clone();
    let rects: Vec<Rect> = content.blocks.iter().map(|block| block.rect.scale(raster.scale)).collect();
    for (block, rect) in content.blocks.iter().zip(&rects) {
        outline(&mut picture, rect, color(block.kind));
        for cell in block.table.iter().flat_map(|table| &table.cells) {
            thin(&mut picture, &cell.rect.scale(raster.scale), color(block.kind));
        }
    }
    for formula in content.formulas.iter().filter(|formula| !formula.display) {
        thin(&mut picture, &formula.rect.scale(raster.scale), color(Kind::Formula));
    }
    let body: Vec<usize> = (0..rects.len()).filter(|&n| !content.blocks[n].kind.is_furniture()).collect();
    for pair in body.windows(2) {
        arrow(&mut picture, &rects[pair[0]], &rects[pair[1]]);
    }
    draw_tags(&mut picture, content, &rects, raster.scale);
    picture
}

/// Each where it hides least of the text, of other blocks and of the tags before. `rects` are the blocks' in pixels.
fn draw_tags(picture: &mut RgbImage, content: &PageContent, rects: &[Rect], scale: f32) {
    let lines = content.blocks.iter().flat_map(|block| &block.lines);
    let mut taken: Vec<Taken> = lines.map(|line| Taken(line.rect.scale(scale), 1.0)).collect();
    taken.extend(rects.iter().map(|rect| Taken(*rect, 1.0)));
    for (n, (block, rect)) in content.blocks.iter().zip(rects).enumerate() {
        let text =
            format!("{} {} {} {:.2}", n + 1, block.kind.name(), block.evidence.name(), block.confidence);
        put_tag(picture, &text, rect, color(block.kind), scale, &mut taken);
    }
}

/// A tag for the box `rect`, where it hides least of what is `taken`; then its place is taken too.
pub(super) fn put_tag(
    picture: &mut RgbImage,
    text: &str,
    rect: &Rect,
    color: Rgb<u8>,
    scale: f32,
    taken: &mut Vec<Taken>,
) {
    let letters = (LETTERS * scale).clamp(LEAST_LETTERS, MOST_LETTERS);
    let size = ((letters::width(text, letters) + 2.0 * PADDING) as u32, letters as u32 + 2);
    let place = tag_place(rect, size, picture.dimensions(), taken);
    tag(picture, &place, letters, text, color);
    taken.push(Taken(place, TAG_WEIGHT));
}

/// What a tag should not hide, and how much each pixel of it counts.
pub(super) struct Taken(pub Rect, pub f32);

/// Over or under the box or inside it; beside it, where it could be taken for a neighbour's, only on blank paper.
fn tag_place(rect: &Rect, size: (u32, u32), picture: (u32, u32), taken: &[Taken]) -> Rect {
    let (width, height) = (size.0 as f32, size.1 as f32);
    let on_picture = |(x, y): (f32, f32)| {
        let x = x.min(picture.0 as f32 - width).max(0.0).floor();
        let y = y.min(picture.1 as f32 - height).max(0.0).floor();
        Rect::new(x, y, x + width, y + height)
    };
    let others = || taken.iter().filter(|t| t.0 != *rect);
    let hidden = |place: &Rect| others().map(|t| t.1 * t.0.overlap_area(place)).sum::<f32>();
    let (left, right) = (rect.x0, rect.x1 - width);
    let (over, under, inside) = (rect.y0 - height, rect.y1, rect.y0);
    let near = [(left, over), (right, over), (right, under), (left, under), (right, inside), (left, inside)];
    let beside = [(left - width, inside), (rect.x1, inside)].map(on_picture);
    let blank = beside.into_iter().filter(|place| hidden(place) == 0.0);
    let places = near.map(on_picture).into_iter().chain(blank);
    places.min_by(|a, b| hidden(a).total_cmp(&hidden(b))).expect("there are six places near the box")
}

/// From the middle of a box's lower edge to the nearest point of the next one's upper edge.
fn arrow(picture: &mut RgbImage, from: &Rect, to: &Rect) {
    let start = (from.center().x, from.y1 - INTO_BOX.min(from.height() / 2.0));
    let end = (start.0.max(to.x0).min(to.x1), to.y0 + INTO_BOX.min(to.height() / 2.0));
    let (dx, dy) = (end.0 - start.0, end.1 - start.1);
    let length = dx.hypot(dy);
    if length < 1.0 {
        return;
    }
    let (ux, uy) = (dx / length, dy / length);
    // Two pixels thick: once more, shifted across.
    let (right, down) = if dx.abs() < dy.abs() { (1.0, 0.0) } else { (0.0, 1.0) };
    drawing::draw_line_segment_mut(picture, start, end, ARROW);
    drawing::draw_line_segment_mut(
        picture,
        (start.0 + right, start.1 + down),
        (end.0 + right, end.1 + down),
        ARROW,
    );
    let corner = |side: f32| {
        let (x, y) = (end.0 - HEAD.0 * ux - side * HEAD.1 * uy, end.1 - HEAD.0 * uy + side * HEAD.1 * ux);
        Point::new(x.round() as i32, y.round() as i32)
    };
    let tip = Point::new(end.0.round() as i32, end.1.round() as i32);
    drawing::draw_polygon_mut(picture, &[tip, corner(1.0), corner(-1.0)], ARROW);
}

pub(super) fn color(kind: Kind) -> Rgb<u8> {
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

/// Around the box, so that no letter at its edge is hidden.
pub(super) fn outline(picture: &mut RgbImage, rect: &Rect, color: Rgb<u8>) {
    for outset in 1..=STROKE {
        let (width, height) = (rect.width() as i32 + 2 * outset, rect.height() as i32 + 2 * outset);
        let at = PixelRect::at(rect.x0 as i32 - outset, rect.y0 as i32 - outset);
        drawing::draw_hollow_rect_mut(picture, at.of_size(width as u32, height as u32), color);
    }
}

/// On the box: neighbours share a line.
pub(super) fn thin(picture: &mut RgbImage, rect: &Rect, color: Rgb<u8>) {
    let (x, y) = (rect.x0.round() as i32, rect.y0.round() as i32);
    let (width, height) = (rect.x1.round() as i32 - x + 1, rect.y1.round() as i32 - y + 1);
    let at = PixelRect::at(x, y).of_size(width.max(1) as u32, height.max(1) as u32);
    drawing::draw_hollow_rect_mut(picture, at, color);
}

/// White on the box's colour.
fn tag(picture: &mut RgbImage, place: &Rect, letters: f32, text: &str, color: Rgb<u8>) {
    let (x, y) = (place.x0 as i32, place.y0 as i32);
    let size = (place.width() as u32, place.height() as u32);
    drawing::draw_filled_rect_mut(picture, PixelRect::at(x, y).of_size(size.0.max(1), size.1.max(1)), color);
    letters::write(picture, (place.x0 + PADDING, place.y0 + 1.0), letters, text, Rgb([255, 255, 255]));
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Rgb<u8> = Rgb([255, 255, 255]);

    #[test]
    fn a_tag_at_the_edge_stays_on_the_picture() {
        let place = tag_place(&Rect::new(90.0, 0.0, 99.0, 9.0), (60, 10), (100, 40), &[]);
        assert_eq!(place, Rect::new(40.0, 0.0, 100.0, 10.0));
    }

    #[test]
    fn a_tag_makes_way_for_text() {
        let block = Rect::new(10.0, 20.0, 90.0, 30.0);
        let above = Rect::new(10.0, 8.0, 60.0, 18.0);
        assert_eq!(tag_place(&block, (20, 10), (100, 60), &[]), Rect::new(10.0, 10.0, 30.0, 20.0));
        assert_eq!(
            tag_place(&block, (20, 10), (100, 60), &[Taken(above, 1.0)]),
            Rect::new(70.0, 10.0, 90.0, 20.0)
        );
    }

    #[test]
    fn an_arrow_leads_from_one_box_down_to_the_next() {
        let mut picture = RgbImage::from_pixel(100, 100, WHITE);
        arrow(&mut picture, &Rect::new(0.0, 0.0, 80.0, 20.0), &Rect::new(0.0, 60.0, 80.0, 90.0));
        assert_eq!([*picture.get_pixel(40, 40), *picture.get_pixel(43, 60)], [ARROW, ARROW]);
        assert_eq!([*picture.get_pixel(43, 40), *picture.get_pixel(40, 75)], [WHITE, WHITE]);
    }

    #[test]
    fn boxes_without_extent_have_no_arrow() {
        let mut picture = RgbImage::from_pixel(10, 10, WHITE);
        let dot = Rect::new(5.0, 5.0, 5.0, 5.0);
        arrow(&mut picture, &dot, &dot);
        assert!(picture.pixels().all(|pixel| *pixel == WHITE));
    }
}
