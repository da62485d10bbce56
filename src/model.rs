//! ONNX models: loaded once, on first use.

use crate::{Assets, Result};

/// All models of a process.
pub struct Models {}

impl Models {
    /// The models among `assets`; none is loaded yet.
    pub fn new(_assets: &Assets) -> Result<Self> {
        Ok(Self {})
    }
}
