//! How a page lies: turned by quarters, askew by degrees.

use image::RgbImage;

use crate::{
    Models, Result,
    geometry::{Point, Turn},
};

/// Turn, and degrees clockwise that the text then lies askew.
pub fn lie(_models: &Models, _pixels: &RgbImage, _cores: &[Vec<Point>]) -> Result<(Turn, f32)> {
    Ok((Turn::None, 0.0))
}
