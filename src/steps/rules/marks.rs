//! Dashes and dots that stand alone in a table, where there is no figure. OCR's
//! detector overlooks them: it was taught lines of text.

use image::RgbImage;

use crate::{
    content::{Line, Raster, Source, Span, Word},
    geometry::{Rect, median},
};

/// Levels of grey. Ink is darker than its ground by more.
const INK: u8 = 50;
/// Of the font size: how long a dash is, and how high at most.
const DASH: (f32, f32, f32) = (0.18, 1.3, 0.2);
/// Times its height. A dash is longer.
const SLENDER: f32 = 1.7;
/// Of the font size: how long and high a dot is.
const DOT: (f32, f32) = (0.07, 0.25);
/// Of the font size. Nothing else stands as near; dots of one mark do.
const ALONE: f32 = 0.5;
/// Of the font size: how far the baseline lies below the middle of a dash.
const RAISED: f32 = 0.28;

/// The marks in `area` (points) that no word of `lines` covers, each as a line of its own.
pub(super) fn within(raster: &Raster, area: &Rect, lines: &[Line], size: f32) -> Vec<Line> {
    let Some(part) = raster.crop(area) else { return Vec::new() };
    let corner = raster.crop_corner(area);
    let words = lines.iter().filter(|l| l.rect.overlap_area(area) > 0.0).flat_map(Line::words);
    let words: Vec<Rect> = words.map(|word| word.rect).collect();
    let covered = words.iter().map(|w| w.translate(-corner.x, -corner.y).scale(raster.scale));
    let blobs = blobs(&part.pixels, covered.collect(), 2.0 * size * raster.scale);
    let placed = blobs.iter().map(|b| b.scale(1.0 / raster.scale).translate(corner.x, corner.y));
    marks(&placed.collect::<Vec<_>>(), &words, size)
}

/// Boxes around what is dark outside of `covered`, in pixels, without what is longer than `largest`.
fn blobs(pixels: &RgbImage, covered: Vec<Rect>, largest: f32) -> Vec<Rect> {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let light: Vec<u8> = pixels.as_raw().chunks_exact(3).map(|p| p[0].min(p[1]).min(p[2])).collect();
    let mut sample: Vec<f32> = light.iter().step_by(7).map(|&v| f32::from(v)).collect();
    let ground = median(&mut sample).unwrap_or(255.0) as u8;
    let mut ink: Vec<bool> = light.iter().map(|&v| v < ground.saturating_sub(INK)).collect();
    for rect in covered {
        let within = |v: f32, end: usize| (v.max(0.0) as usize).min(end);
        let (x0, x1) = (within(rect.x0, width), within(rect.x1.ceil(), width));
        for y in within(rect.y0, height)..within(rect.y1.ceil(), height) {
            ink[y * width..][x0..x1].fill(false);
        }
    }
    let (mut found, mut front) = (Vec::new(), Vec::new());
    for start in 0..ink.len() {
        if !std::mem::take(&mut ink[start]) {
            continue;
        }
        front.push(start);
        let (mut x0, mut y0, mut x1, mut y1) = (width, height, 0, 0);
        while let Some(i) = front.pop() {
            let (x, y) = (i % width, i / width);
            (x0, y0, x1, y1) = (x0.min(x), y0.min(y), x1.max(x + 1), y1.max(y + 1));
            for y in y.saturating_sub(1)..(y + 2).min(height) {
                for x in x.saturating_sub(1)..(x + 2).min(width) {
                    if std::mem::take(&mut ink[y * width + x]) {
                        front.push(y * width + x);
                    }
                }
            }
        }
        found.push(Rect::new(x0 as f32, y0 as f32, x1 as f32, y1 as f32));
    }
    found.retain(|blob| blob.width() <= largest);
    found
}

/// Blobs from which an area is no table with a few marks, but a screened picture.
const SCREEN: usize = 2000;

/// Blobs that are dashes or rows of dots, with nothing beside them.
fn marks(blobs: &[Rect], words: &[Rect], size: f32) -> Vec<Line> {
    if blobs.len() > SCREEN {
        return Vec::new();
    }
    let is_dash = |b: &&Rect| {
        (DASH.0..DASH.1).contains(&(b.width() / size))
            && b.height() < DASH.2 * size
            && b.width() > SLENDER * b.height()
    };
    let is_dot = |b: &&Rect| [b.width(), b.height()].iter().all(|v| (DOT.0..DOT.1).contains(&(v / size)));
    let beside = |a: &Rect, b: &Rect| a.overlap_y(b) > -ALONE * size && a.overlap_x(b) > -ALONE * size;
    let alone = |mark: &Rect, own: usize| {
        blobs.iter().filter(|b| beside(mark, b)).count() == own && !words.iter().any(|w| beside(mark, w))
    };
    let mut found = Vec::new();
    for dash in blobs.iter().filter(is_dash).filter(|d| alone(d, 1)) {
        let text = if dash.width() < 0.45 * size { "-" } else { "–" };
        found.push(line(text, *dash, dash.center().y + RAISED * size, size));
    }
    let mut dots: Vec<Rect> = blobs.iter().filter(is_dot).copied().collect();
    dots.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    while let Some(first) = dots.first().copied() {
        let (mut mark, mut count) = (first, 0);
        dots.retain(|dot| {
            let next = dot.overlap_y(&mark) > 0.0 && dot.x0 - mark.x1 < ALONE * size;
            if next {
                (mark, count) = (mark.union(dot), count + 1);
            }
            !next
        });
        if (2..=3).contains(&count) && alone(&mark, count) {
            found.push(line(&".".repeat(count), mark, mark.y1, size));
        }
    }
    found
}

fn line(text: &str, rect: Rect, baseline: f32, size: f32) -> Line {
    let word = Word { text: text.into(), rect, confidence: SEEN };
    let span = Span {
        text: text.into(),
        rect,
        words: vec![word],
        baseline,
        size,
        source: Source::Ocr,
        confidence: SEEN,
        ..Span::default()
    };
    Line { rect, spans: vec![span] }
}

/// How sure a mark is that was told by its shape alone.
const SEEN: f32 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn dashes_and_dots_that_stand_alone_are_read() {
        let bars =
            [[20, 30, 28, 33], [80, 38, 83, 41], [87, 38, 90, 41], [140, 20, 160, 50], [150, 60, 152, 62]];
        let in_bar = |x, y| bars.iter().any(|b| (b[0]..b[2]).contains(&x) && (b[1]..b[3]).contains(&y));
        let pixels = RgbImage::from_fn(200, 80, |x, y| Rgb([if in_bar(x, y) { 0 } else { 250 }; 3]));
        let raster = Raster { pixels, scale: 2.0 };
        let found = within(&raster, &Rect::new(0.0, 0.0, 100.0, 40.0), &[], 10.0);
        let texts: Vec<String> = found.iter().map(Line::text).collect();
        assert_eq!(texts, ["-", ".."]);
        assert_eq!(found[0].rect, Rect::new(10.0, 15.0, 14.0, 16.5));
    }
}
