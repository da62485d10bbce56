//! A picture of one formula to LaTeX, by an encoder and a decoder that the user
//! supplies ([`EncoderDecoder`] says which files). What the model writes goes
//! through the same check as what is read from glyphs.

mod decoder;
mod picture;
mod search;

#[cfg(test)]
mod file;

use std::time::{Duration, Instant};

use ndarray::Ix3;

use super::check;
use crate::{
    Models, Result,
    content::Raster,
    geometry::Rect,
    model::{
        FORMULA_RECOGNITION, Tensor,
        encoder_decoder::{EncoderDecoder, Writing},
    },
};

pub use search::{End, Step, Written, search};

/// Points. Crops in the training sets have a little paper around.
const AROUND: f32 = 3.0;

/// How far a recogniser may go with one formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Tokens written. A model that knows fewer places stops there.
    pub tokens: usize,
    /// Wall-clock time of writing, looked at before each token.
    pub time: Duration,
    /// Texts followed at once: 1 is greedy search. Each costs as much as the first.
    pub beams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { tokens: 1024, time: Duration::from_secs(30), beams: 1 }
    }
}

/// What a recogniser reads in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Without delimiters.
    pub latex: String,
    /// 0 to 1: the geometric mean of the tokens' probabilities.
    pub confidence: f32,
    /// Why it is not whole, or why a LaTeX parser does not take it.
    pub problem: Option<String>,
}

/// The formula in `area` (points) of an upright raster; `None` where nothing of it is on the page, or the model writes
/// nothing.
///
/// # Errors
/// When the model cannot be loaded or run.
pub fn recognise(models: &Models, raster: &Raster, area: &Rect, limits: &Limits) -> Result<Option<Reading>> {
    let Some(part) = raster.crop(&area.inflate(AROUND)).filter(|part| !part.pixels.is_empty()) else {
        return Ok(None);
    };
    let pair = models.encoder_decoder(FORMULA_RECOGNITION)?;
    let features = features(&pair, &picture::tensor(&part.pixels, &pair.input))?;
    let mut decoder = decoder::Decoder::new(&pair, features);
    let Writing { start, end, most_tokens } = pair.writing;
    let begun = Instant::now();
    // The first token is a place too.
    let places = most_tokens.map_or(usize::MAX, |most| most.saturating_sub(1));
    let limits = Limits { tokens: limits.tokens.min(places), ..*limits };
    let late = || begun.elapsed() >= limits.time;
    let written = search(start, end, &limits, &late, &mut |tokens| decoder.step(tokens))?;
    Ok(reading(&pair, &written, &limits))
}

/// `[1, n, d]`.
fn features(pair: &EncoderDecoder, picture: &Tensor) -> Result<Tensor> {
    let encoder = &pair.encoder;
    let found = encoder.run_views(&[picture.view()], |outputs| outputs.first().map(|o| o.to_owned()))?;
    let shape = found.as_ref().map_or(Vec::new(), |found| found.shape().to_vec());
    let whole = found.and_then(|found| found.into_dimensionality::<Ix3>().ok()).filter(|f| f.dim().0 == 1);
    whole.map(|f| f.into_dyn()).ok_or_else(|| encoder.wrong_shape("features [1, n, d]", shape))
}

fn reading(pair: &EncoderDecoder, written: &Written, limits: &Limits) -> Option<Reading> {
    let latex = trimmed(&pair.tokenizer.decode(&written.tokens));
    let cut = match written.end {
        End::Finished => None,
        End::TokenLimit => Some(format!("the recogniser stopped after {} tokens", limits.tokens)),
        End::TimeLimit => Some(format!("the recogniser stopped after {:?}", limits.time)),
    };
    let problem = cut.or_else(|| check::problem(&latex));
    (!latex.is_empty()).then(|| Reading { latex, confidence: written.confidence(), problem })
}

/// LaTeX without the delimiters that some models write around it, and without double spaces.
fn trimmed(text: &str) -> String {
    const AROUND: [(&str, &str); 4] = [("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$")];
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let inner = |(open, close)| text.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    let inner = AROUND.into_iter().find_map(inner).unwrap_or(&text).trim();
    // The space that ends a line `\ ` is a part of that command.
    if inner.ends_with('\\') && !inner.ends_with("\\\\") { format!("{inner} ") } else { inner.to_owned() }
}

#[cfg(test)]
mod tests;
