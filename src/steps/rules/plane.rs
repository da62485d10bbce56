//! One byte for each pixel: how light it is.

use image::RgbImage;

/// What lies outside of the picture.
const PAPER: u8 = 255;
/// Pixels. A square of this side is turned at once, so that its rows stay in the cache.
const TILE: usize = 32;

/// The light of each pixel, row by row.
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    light: Vec<u8>,
    paper: Vec<u8>,
}

impl Plane {
    /// The darkest of the three colours: pale tints are as far from white in it as they can be.
    pub(super) fn of(pixels: &RgbImage) -> Self {
        let light = pixels.as_raw().chunks_exact(3).map(|p| p[0].min(p[1]).min(p[2])).collect();
        Self::new(pixels.width() as usize, pixels.height() as usize, light)
    }

    fn new(width: usize, height: usize, light: Vec<u8>) -> Self {
        Self { width, height, light, paper: vec![PAPER; width] }
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
        Self::new(height, width, light)
    }
}
