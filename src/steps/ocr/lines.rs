//! Cores to lines: let out to their full height, at the page's angle or their
//! own, and taken apart where the detector ran two printed lines together.

use image::{RgbImage, imageops};

use super::{
    detect::let_out,
    strip::{Strip, off_axis},
};
use crate::{
    geometry::{Point, median},
    model::input,
};

/// Length over height from which a line that lies otherwise than its page is believed.
const STRAY: f32 = 6.0;
/// Degrees from the page's angle: less is blur, more is not a line of text.
const STRAY_ANGLES: std::ops::Range<f32> = 1.0..30.0;

/// Line boxes around the cores, for text that runs at `angle`.
pub fn around(cores: &[Vec<Point>], angle: f32) -> Vec<Strip> {
    let line = |core: &Vec<Point>| own_angle(core, angle).or_else(|| Strip::around(core, angle));
    cores.iter().filter_map(line).map(let_out).collect()
}

/// The box of a long line that runs at an angle of its own.
fn own_angle(core: &[Point], angle: f32) -> Option<Strip> {
    let own = Strip::smallest(core).filter(|s| s.aspect() >= STRAY)?;
    let off = off_axis(own.angle - angle);
    STRAY_ANGLES.contains(&off.to_degrees().abs()).then_some(Strip { angle: angle + off, ..own })
}

/// How many times the page's usual height may be two lines.
const HIGH: f32 = 1.6;
/// Lines from which a page has a usual height.
const ENOUGH: usize = 5;

/// The same, with boxes of two lines taken apart.
pub fn separated(pixels: &RgbImage, lines: Vec<Strip>) -> Vec<Strip> {
    let mut heights: Vec<f32> = lines.iter().map(|line| line.height).collect();
    let usual = median(&mut heights).filter(|_| lines.len() >= ENOUGH).unwrap_or(f32::INFINITY);
    let apart =
        |line: Strip| if line.height > HIGH * usual { printed_lines(pixels, line) } else { vec![line] };
    lines.into_iter().flat_map(apart).collect()
}

/// Pixels: what the rows of a box are counted on.
const SKETCH: (u32, u32) = (256, 64);
/// Share of the fullest row's ink up to which a row is paper.
const PAPER: f32 = 0.08;
/// Share of the box below which a band of ink is dots and tails, not a line.
const BAND: f32 = 0.2;

/// The bands of ink in a box, each as a box; the box itself if there is one band.
fn printed_lines(pixels: &RgbImage, line: Strip) -> Vec<Strip> {
    let rows = ink_rows(pixels, &line);
    let full = rows.iter().copied().fold(0.0, f32::max);
    let height = rows.len() as f32;
    let mut bands = Vec::new();
    let mut start = 0;
    for run in rows.chunk_by(|a, b| (*a > PAPER * full) == (*b > PAPER * full)) {
        let end = start + run.len();
        if run[0] > PAPER * full && run.len() as f32 >= BAND * height {
            bands.push((start as f32 / height, end as f32 / height));
        }
        start = end;
    }
    if bands.len() < 2 {
        vec![line]
    } else {
        bands.into_iter().map(|(from, to)| band(&line, from, to)).collect()
    }
}

/// A band of the box with half of the paper that a line is usually given.
fn band(line: &Strip, from: f32, to: f32) -> Strip {
    const MARGIN: f32 = 0.2;
    let margin = MARGIN * (to - from);
    let (from, to) = ((from - margin).max(0.0), (to + margin).min(1.0));
    Strip { center: line.at(0.5, (from + to) / 2.0), height: (to - from) * line.height, ..*line }
}

/// For each row of a sketch of the box, how far its pixels are from the paper's grey.
fn ink_rows(pixels: &RgbImage, line: &Strip) -> Vec<f32> {
    let sketch = input::rectify(pixels, line.origin(), line.along(), line.down(), SKETCH.0, SKETCH.1);
    let grey = imageops::grayscale(&sketch);
    let mut values: Vec<f32> = grey.iter().map(|&v| f32::from(v)).collect();
    let paper = median(&mut values).unwrap_or(255.0);
    let ink = |row: &[u8]| row.iter().map(|&v| (f32::from(v) - paper).abs()).filter(|&d| d > FAINT).sum();
    grey.chunks_exact(SKETCH.0 as usize).map(ink).collect()
}

/// Levels of grey that paper and scanner vary by.
const FAINT: f32 = 40.0;

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn lying(x: f32, y: f32, length: f32, height: f32) -> Strip {
        Strip { center: Point::new(x + length / 2.0, y + height / 2.0), angle: 0.0, length, height }
    }

    /// White paper with black bars from one row to another.
    fn paper(bars: &[(u32, u32)]) -> RgbImage {
        let is_ink = |x: u32, y| {
            (20..180).contains(&x) && x.is_multiple_of(4) && bars.iter().any(|b| (b.0..b.1).contains(&y))
        };
        RgbImage::from_fn(200, 200, |x, y| Rgb([if is_ink(x, y) { 0 } else { 255 }; 3]))
    }

    #[test]
    fn a_box_of_two_printed_lines_is_taken_apart() {
        let pixels = paper(&[(104, 120), (128, 144)]);
        let mut lines = vec![lying(20.0, 10.0, 160.0, 20.0); 5];
        lines.push(lying(10.0, 100.0, 180.0, 48.0));
        let found = separated(&pixels, lines);
        assert_eq!(found.len(), 7);
        assert!(found[5..].iter().all(|line| line.height < 24.0));
        assert!(found[5].center.y < 120.0 && found[6].center.y > 128.0);
    }

    #[test]
    fn a_high_headline_stays_whole() {
        let pixels = paper(&[(104, 144)]);
        let mut lines = vec![lying(20.0, 10.0, 160.0, 20.0); 5];
        lines.push(lying(10.0, 100.0, 180.0, 48.0));
        assert_eq!(separated(&pixels, lines.clone()), lines);
    }

    #[test]
    fn a_long_line_keeps_its_own_angle_a_short_one_takes_the_page_s() {
        let slanted = |length| Strip { angle: 0.1, ..lying(50.0, 50.0, length, 10.0) };
        let core =
            |s: Strip| [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(|(x, y)| s.at(x, y)).to_vec();
        let found = around(&[core(slanted(200.0)), core(slanted(20.0))], 0.0);
        assert!((found[0].angle - 0.1).abs() < 1e-3);
        assert_eq!(found[1].angle, 0.0);
    }
}
