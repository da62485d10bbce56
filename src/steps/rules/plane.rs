//! One byte for each pixel: how light it is.

use image::RgbImage;

/// Pixels. One of so many is looked at to tell the paper's light.
const SAMPLED: usize = 97;
/// Pixels. A square of this side is turned at once, so that its rows stay in the cache.
const TILE: usize = 32;

/// The light of each pixel, row by row.
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    light: Vec<u8>,
    /// What lies outside of the picture.
    paper: Vec<u8>,
}

impl Plane {
    /// The darkest of the three colours: pale tints are as far from white in it as they can be.
    pub(super) fn of(pixels: &RgbImage) -> Self {
        let light: Vec<u8> = pixels.as_raw().chunks_exact(3).map(|p| p[0].min(p[1]).min(p[2])).collect();
        let paper = usual(&light);
        Self::new(pixels.width() as usize, pixels.height() as usize, light, paper)
    }

    fn new(width: usize, height: usize, light: Vec<u8>, paper: u8) -> Self {
        Self { width, height, light, paper: vec![paper; width] }
    }

    /// One row; paper above the first and below the last.
    pub(super) fn row(&self, y: isize) -> &[u8] {
        match usize::try_from(y) {
            Ok(y) if y < self.height => &self.light[y * self.width..][..self.width],
            _ => &self.paper,
        }
    }

    /// With rows for columns.
    pub(super) fn transposed(&self) -> Self {
        let (width, height) = (self.width, self.height);
        let mut light = vec![0; self.light.len()];
        for top in (0..height).step_by(TILE) {
            let rows = top..(top + TILE).min(height);
            for left in (0..width).step_by(TILE) {
                for x in left..(left + TILE).min(width) {
                    let out = &mut light[x * height + top..x * height + rows.end];
                    let column = self.light[rows.start * width + x..].iter().step_by(width);
                    out.iter_mut().zip(column).for_each(|(to, from)| *to = *from);
                }
            }
        }
        Self::new(height, width, light, self.paper.first().copied().unwrap_or(u8::MAX))
    }
}

/// The light of most of the paper.
fn usual(light: &[u8]) -> u8 {
    let mut sample: Vec<u8> = light.iter().copied().step_by(SAMPLED).collect();
    let middle = sample.len() / 2;
    if sample.is_empty() { u8::MAX } else { *sample.select_nth_unstable(middle).1 }
}
