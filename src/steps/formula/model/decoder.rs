//! A decoder as a step of the search: tokens to logits. Keeps the key-value cache
//! of the texts that go on, if the file has one, so that each step runs one token
//! and not all; else runs all.

use std::collections::HashMap;

use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn};

use crate::{
    Error, Result,
    model::{Model, Port, Tensor, encoder_decoder::EncoderDecoder},
};

/// Keys and values by name, without `past_key_values.` and `present.`.
type Cache = HashMap<String, Tensor>;

/// Writes on, from what the encoder saw.
pub(super) struct Decoder<'a> {
    pair: &'a EncoderDecoder,
    /// `[1, n, d]`.
    features: Tensor,
    /// What the decoder makes of the features: the same for all texts and steps.
    cross: Cache,
    /// Of the texts of one token less than the last step's. There are as many as beams.
    before: Vec<(Vec<u32>, Cache)>,
    now: Vec<(Vec<u32>, Cache)>,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(pair: &'a EncoderDecoder, features: Tensor) -> Self {
        Self { pair, features, cross: Cache::new(), before: Vec::new(), now: Vec::new() }
    }

    /// Logits of the token after `tokens`.
    ///
    /// # Errors
    /// [`Error::Model`], [`Error::ModelShape`] or [`Error::ModelFile`].
    pub(super) fn step(&mut self, tokens: &[u32]) -> Result<Vec<f32>> {
        if self.now.first().is_some_and(|(text, _)| text.len() < tokens.len()) {
            self.before = std::mem::take(&mut self.now);
        }
        let writes_on = self.pair.with_past.as_ref().unwrap_or(&self.pair.decoder);
        let shorter = tokens.len().saturating_sub(1);
        let past = self.before.iter().find(|(text, _)| *text == tokens[..shorter]).map(|(_, cache)| cache);
        let (model, new) = match past {
            Some(_) => (writes_on, &tokens[shorter..]),
            None => (&self.pair.decoder, tokens),
        };
        let (logits, present) = self.run(model, new, tokens.len(), past)?;
        if writes_on.inputs().iter().any(|port| past_name(port).is_some()) {
            let (cross, own): (Cache, Cache) = present.into_iter().partition(|(name, _)| is_cross(name));
            // Exports give nothing in place of these once they have a cache.
            if self.cross.is_empty() {
                self.cross = cross;
            }
            self.now.push((tokens.to_owned(), own));
        }
        Ok(logits)
    }

    /// Logits and what comes out of the cache, for the `new` last of `all` tokens.
    fn run(&self, model: &Model, new: &[u32], all: usize, past: Option<&Cache>) -> Result<(Vec<f32>, Cache)> {
        let assumed = [Port::new("input_ids", [1, -1]), Port::new("encoder_hidden_states", [1, -1, -1])];
        let ports = if model.inputs().is_empty() { &assumed[..] } else { model.inputs() };
        let made = ports.iter().map(|port| self.made(model, port, new, all, past.is_some()));
        let made = made.collect::<Result<Vec<_>>>()?;
        let kept = |port: &Port| {
            let name = past_name(port)?;
            past.and_then(|past| if is_cross(name) { self.cross.get(name) } else { past.get(name) })
        };
        let views = ports.iter().zip(&made).map(|(port, made)| match made {
            Some(made) => Ok(made.view()),
            None if is_features(port) => Ok(self.features.view()),
            None => kept(port).map(|kept| kept.view()).ok_or_else(|| no_output_for(model, port)),
        });
        let views = views.collect::<Result<Vec<ArrayViewD<f32>>>>()?;
        let keep_cross = self.cross.is_empty();
        model.run_views(&views, |outputs| answer(model, outputs, keep_cross))?
    }

    /// The input at `port`; `None` where it is kept somewhere already.
    fn made(
        &self,
        model: &Model,
        port: &Port,
        new: &[u32],
        all: usize,
        has_past: bool,
    ) -> Result<Option<Tensor>> {
        let ones = |length: usize| Some(ArrayD::from_elem(IxDyn(&[1, length]), 1.0));
        Ok(match port.name.as_str() {
            "input_ids" | "decoder_input_ids" => {
                let ids = new.iter().map(|&token| token as f32).collect();
                // The shape is that of the list.
                Some(ArrayD::from_shape_vec(IxDyn(&[1, new.len()]), ids).unwrap_or_default())
            }
            "use_cache_branch" => Some(ArrayD::from_elem(IxDyn(&[1]), f32::from(u8::from(has_past)))),
            "encoder_attention_mask" => ones(self.features.shape().get(1).copied().unwrap_or(0)),
            "attention_mask" | "decoder_attention_mask" => ones(all),
            _ if is_features(port) => None,
            _ if past_name(port).is_none() => return Err(unknown(model, port)),
            _ if has_past => None,
            _ => Some(nothing_yet(port).ok_or_else(|| unknown(model, port))?),
        })
    }
}

fn is_features(port: &Port) -> bool {
    matches!(
        port.name.as_str(),
        "encoder_hidden_states" | "encoder_outputs" | "last_hidden_state" | "context"
    )
}

fn past_name(port: &Port) -> Option<&str> {
    port.name.strip_prefix("past_key_values.")
}

fn is_cross(name: &str) -> bool {
    name.contains(".encoder.")
}

/// A cache of no tokens, `[1, heads, 0, d]`.
fn nothing_yet(port: &Port) -> Option<Tensor> {
    let [_, heads, _, width] = port.shape[..] else { return None };
    let (heads, width) = (usize::try_from(heads).ok()?, usize::try_from(width).ok()?);
    Some(ArrayD::zeros(IxDyn(&[1, heads, 0, width])))
}

/// The last row of the logits, `[1, t, tokens]` or `[1, tokens]`, and the cache.
fn answer(model: &Model, outputs: &[ArrayViewD<f32>], keep_cross: bool) -> Result<(Vec<f32>, Cache)> {
    let at = model.outputs().iter().position(|port| port.name == "logits").unwrap_or(0);
    let wrong = || {
        let shapes: Vec<_> = outputs.iter().map(|o| o.shape().to_vec()).collect();
        model.wrong_shape("finite logits [1, t, tokens]", shapes)
    };
    let logits = outputs.get(at).ok_or_else(wrong)?;
    let row = match logits.shape() {
        &[1, steps, _] if steps > 0 => logits.index_axis(Axis(1), steps - 1).iter().copied().collect(),
        [1, _] => logits.iter().copied().collect(),
        _ => Vec::new(),
    };
    if !row.iter().any(|logit| logit.is_finite()) {
        return Err(wrong());
    }
    let named = model.outputs().iter().zip(outputs);
    let present = named.filter_map(|(port, output)| Some((port.name.strip_prefix("present.")?, output)));
    let wanted = present.filter(|(name, _)| keep_cross || !is_cross(name));
    Ok((row, wanted.map(|(name, output)| (name.to_owned(), output.to_owned())).collect()))
}

fn unknown(model: &Model, port: &Port) -> Error {
    odd(model, format!("its input `{}` {:?} is not known", port.name, port.shape))
}

fn no_output_for(model: &Model, port: &Port) -> Error {
    odd(model, format!("the decoder gives nothing for its input `{}`", port.name))
}

fn odd(model: &Model, reason: String) -> Error {
    Error::ModelFile {
        path: format!("{}.onnx", model.name()).into(),
        reason,
        next_step: "export it with optimum (`optimum-cli export onnx --task image-to-text-with-past`)",
    }
}
