//! A folder to an encoder and a decoder that writes what the encoder saw: the
//! ONNX exports of TrOCR, UniMERNet, pix2tex and PP-FormulaNet, as Hugging Face's
//! optimum names their inputs and outputs.
//!
//! | file | what |
//! |---|---|
//! | `encoder.onnx` | `pixel_values` `[1, channels, height, width]` to `last_hidden_state` `[1, n, d]`; the names may differ |
//! | `decoder.onnx` | `input_ids` `[1, t]`, `encoder_hidden_states` to `logits` `[1, t, tokens]`; perhaps `past_key_values.*` to `present.*`, and `use_cache_branch` |
//! | `decoder_with_past.onnx` | optional: the decoder for all tokens after the first, where it is a file of its own |
//! | `tokenizer.json` | the words of the tokens ([`Tokenizer`]) |
//! | `preprocessor_config.json` | optional: size, mean, deviation ([`Input`]) |
//! | `generation_config.json`, `config.json` | optional: `decoder_start_token_id`, `eos_token_id`, `max_length` |

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::Value;

use super::{Model, tokenizer::Tokenizer};
use crate::{Error, Result, assets::SUPPLY};

/// Reads a picture and writes what it says, token by token.
pub struct EncoderDecoder {
    /// A picture `[1, channels, height, width]` to features `[1, n, d]`.
    pub encoder: Model,
    /// Tokens and features to what token comes next.
    pub decoder: Model,
    /// The same for all tokens after the first, where the decoder above keeps no cache going by itself.
    pub with_past: Option<Model>,
    /// What the tokens mean.
    pub tokenizer: Tokenizer,
    /// What the encoder wants to see.
    pub input: Input,
    /// How writing begins and ends.
    pub writing: Writing,
}

/// What an encoder wants to see.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Red, green and blue, or grey alone.
    pub colour: bool,
    /// Of each channel; 0 to 1. Grey takes the first.
    pub mean: [f32; 3],
    /// Of each channel; 0 to 1. Grey takes the first.
    pub deviation: [f32; 3],
    /// How a picture of another shape is brought to this size.
    pub fit: Fit,
    /// Pixels. An encoder of no fixed size sees no more paper than fills a multiple of this, up to the size; 0 where it
    /// always sees the whole size.
    pub divisor: u32,
}

/// How a picture of another shape is brought to the encoder's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Each side by itself, as TrOCR does.
    Stretch,
    /// Ratio kept, at the top left, the rest of this byte, 255 being white.
    Corner(u8),
    /// Ratio kept, in the middle, the rest of this byte.
    Centre(u8),
}

/// How writing begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writing {
    /// The token that begins.
    pub start: u32,
    /// The token that ends.
    pub end: u32,
    /// The decoder knows no more places than this.
    pub most_tokens: Option<usize>,
}

impl EncoderDecoder {
    /// The files of `folder`; `load` makes a model of an ONNX file.
    ///
    /// # Errors
    /// [`Error::ModelFile`] naming the file that is missing or is not what it should be; what `load` fails with.
    pub fn load(folder: &Path, load: impl Fn(&Path) -> Result<Model>) -> Result<Self> {
        let onnx = |name: &str| {
            let path = folder.join(name);
            if path.is_file() { load(&path) } else { Err(missing(path)) }
        };
        let with_past = "decoder_with_past.onnx";
        let tokenizer = tokenizer(folder)?;
        let encoder = onnx("encoder.onnx")?;
        Ok(Self {
            input: Input::of(folder, &encoder)?,
            writing: Writing::of(folder, &tokenizer)?,
            encoder,
            decoder: onnx("decoder.onnx")?,
            with_past: folder.join(with_past).is_file().then(|| onnx(with_past)).transpose()?,
            tokenizer,
        })
    }

    /// Since any of its models ran.
    pub(super) fn idle(&self) -> Duration {
        self.models().map(Model::idle).min().unwrap_or_default()
    }

    /// The two or three models.
    pub(super) fn models(&self) -> impl Iterator<Item = &Model> {
        [&self.encoder, &self.decoder].into_iter().chain(&self.with_past)
    }
}

fn tokenizer(folder: &Path) -> Result<Tokenizer> {
    let path = folder.join("tokenizer.json");
    let text = text(&path)?.ok_or_else(|| missing(path.clone()))?;
    Tokenizer::parse(&text).map_err(|reason| Error::ModelFile {
        path,
        reason,
        next_step: "copy it again from the model that the ONNX files were exported from",
    })
}

impl Input {
    /// From `preprocessor_config.json`, where there is one, and from what the encoder's own input says.
    fn of(folder: &Path, encoder: &Model) -> Result<Self> {
        let path = folder.join("preprocessor_config.json");
        let config = json(&path)?.unwrap_or(Value::Null);
        let shape = encoder.inputs().first().map_or(&[][..], |port| &port.shape);
        let fixed = |axis: usize| shape.get(axis).and_then(|&n| u32::try_from(n).ok()).filter(|n| *n > 0);
        let told = size(config.get("size").unwrap_or(&Value::Null));
        let width = fixed(3).or(told.map(|(width, _)| width));
        let height = fixed(2).or(told.map(|(_, height)| height));
        let (Some(width @ 1..=MOST_PIXELS), Some(height @ 1..=MOST_PIXELS)) = (width, height) else {
            return Err(Error::ModelFile {
                path,
                reason: "the size of the encoder's picture is neither here nor in encoder.onnx".into(),
                next_step: r#"write it there: {"size": {"height": 192, "width": 672}}"#,
            });
        };
        let mean = channels(config.get("image_mean")).unwrap_or([0.5; 3]);
        let deviation = channels(config.get("image_std")).unwrap_or([0.5; 3]);
        let told = config.get("num_channels").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
        let colour = fixed(1).or(told) != Some(1);
        let deviation = deviation.map(|d| if d.is_finite() && d > 0.0 { d } else { 1.0 });
        let plain = config.get("do_normalize") == Some(&Value::Bool(false));
        let (mean, deviation) = if plain { ([0.0; 3], [1.0; 3]) } else { (mean, deviation) };
        let open = fixed(2).is_none() && fixed(3).is_none();
        let divisor = config.get("size_divisor").and_then(Value::as_u64).filter(|_| open);
        let divisor = divisor.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        Ok(Self { width, height, colour, mean, deviation, fit: fit(&config), divisor })
    }
}

/// Pixels, each way: a wrong number must not fill the memory.
const MOST_PIXELS: u32 = 4096;

/// Width and height: `384`, `[height, width]`, `{"height": …, "width": …}` or `{"shortest_edge": …}`.
fn size(value: &Value) -> Option<(u32, u32)> {
    let number = |value: &Value| value.as_u64().and_then(|n| u32::try_from(n).ok());
    let named = |name: &str| value.get(name).and_then(number);
    match value {
        Value::Number(_) => number(value).map(|side| (side, side)),
        Value::Array(sides) => Some((number(sides.get(1)?)?, number(sides.first()?)?)),
        _ => named("width").zip(named("height")).or(named("shortest_edge").map(|side| (side, side))),
    }
}

/// One number for all channels, one of grey, or one for each.
fn channels(value: Option<&Value>) -> Option<[f32; 3]> {
    let number = |value: &Value| value.as_f64().map(|v| v as f32);
    let all = match value? {
        Value::Array(values) => values.iter().map(number).collect::<Option<Vec<_>>>()?,
        single => vec![number(single)?],
    };
    match all[..] {
        [one] => Some([one; 3]),
        [red, green, blue] => Some([red, green, blue]),
        _ => None,
    }
}

/// `fit` (`stretch`, `corner`, `centre`) and `pad_value` say it outright; else as transformers' processor of that name
/// does.
fn fit(config: &Value) -> Fit {
    let text = |name: &str| config.get(name).and_then(Value::as_str);
    let kind = text("image_processor_type").or(text("feature_extractor_type")).unwrap_or_default();
    let byte = config.get("pad_value").and_then(Value::as_u64).and_then(|v| u8::try_from(v).ok());
    match text("fit") {
        Some("stretch") => Fit::Stretch,
        Some("centre" | "center") => Fit::Centre(byte.unwrap_or(255)),
        Some("corner") => Fit::Corner(byte.unwrap_or(255)),
        _ if kind.starts_with("ViT") || kind.starts_with("DeiT") => Fit::Stretch,
        _ if kind.starts_with("Donut") || kind.starts_with("Nougat") => Fit::Centre(byte.unwrap_or(0)),
        _ => Fit::Corner(byte.unwrap_or(255)),
    }
}

impl Writing {
    /// From the configurations, where there are some; else by the names that such tokens have.
    fn of(folder: &Path, tokenizer: &Tokenizer) -> Result<Self> {
        let generation = json(&folder.join("generation_config.json"))?.unwrap_or(Value::Null);
        let config = json(&folder.join("config.json"))?.unwrap_or(Value::Null);
        let decoder = config.get("decoder").unwrap_or(&Value::Null);
        let number = |name: &str| {
            let values = [&generation, &config, decoder].map(|c| c.get(name));
            values.into_iter().flatten().find_map(first_number)
        };
        let token = |name: &str| number(name).and_then(|n| u32::try_from(n).ok());
        let named = |names: &[&str]| names.iter().find_map(|name| tokenizer.id(name));
        let start = token("decoder_start_token_id").or(token("bos_token_id")).or_else(|| named(&STARTS));
        let end = token("eos_token_id").or_else(|| named(&ENDS));
        let places = decoder.get("max_position_embeddings").or(config.get("max_position_embeddings"));
        let most = number("max_length").or(places.and_then(first_number));
        match (start, end) {
            (Some(start), Some(end)) => {
                let most_tokens = most.and_then(|n| usize::try_from(n).ok()).filter(|n| *n > SHORTEST);
                Ok(Self { start, end, most_tokens })
            }
            _ => Err(Error::ModelFile {
                path: folder.join("generation_config.json"),
                reason: "which tokens begin and end a formula is neither here nor in tokenizer.json".into(),
                next_step: r#"write it there: {"decoder_start_token_id": 1, "eos_token_id": 2}"#,
            }),
        }
    }
}

const STARTS: [&str; 4] = ["<s>", "[BOS]", "<bos>", "[CLS]"];
const ENDS: [&str; 4] = ["</s>", "[EOS]", "<eos>", "[SEP]"];

/// Tokens. `max_length` is 20 in configurations in which nobody set it (transformers' default).
const SHORTEST: usize = 20;

/// `eos_token_id` may be several.
fn first_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_array()?.first()?.as_u64())
}

/// The file's text; `None` where there is none.
fn text(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Read { path: path.to_owned(), source }),
    }
}

fn json(path: &Path) -> Result<Option<Value>> {
    let Some(text) = text(path)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|error| Error::ModelFile {
        path: path.to_owned(),
        reason: format!("not JSON: {error}"),
        next_step: "copy it again, or delete it: it is optional",
    })
}

fn missing(path: PathBuf) -> Error {
    Error::ModelFile { path, reason: "there is no such file".into(), next_step: SUPPLY }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Port;

    const TOKENS: &str = r#"{"model": {"type": "WordLevel", "vocab": {"<s>": 0, "</s>": 2, "x": 3}}}"#;

    fn encoder(shape: &[i64]) -> Model {
        Model::from_fn(|_| Ok(vec![])).with_ports(vec![Port::new("pixel_values", shape)], vec![])
    }

    fn loaded(files: &[(&str, &str)], shape: &[i64]) -> Result<EncoderDecoder> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        EncoderDecoder::load(folder.path(), |_| Ok(encoder(shape)))
    }

    const ONNX: [(&str, &str); 2] = [("encoder.onnx", ""), ("decoder.onnx", "")];

    fn with(files: &[(&str, &str)], shape: &[i64]) -> Result<EncoderDecoder> {
        loaded(&[&ONNX[..], &[("tokenizer.json", TOKENS)], files].concat(), shape)
    }

    #[test]
    fn the_encoder_says_its_size_and_the_tokenizer_how_to_begin() {
        let pair = with(&[], &[-1, 1, 64, 128]).unwrap();
        let (mean, deviation) = ([0.5; 3], [0.5; 3]);
        let wanted = Input {
            width: 128,
            height: 64,
            colour: false,
            mean,
            deviation,
            fit: Fit::Corner(255),
            divisor: 0,
        };
        assert_eq!((pair.input, pair.with_past.is_none()), (wanted, true));
        assert_eq!(pair.writing, Writing { start: 0, end: 2, most_tokens: None });
    }

    #[test]
    fn configurations_say_the_rest() {
        let preprocessor = r#"{"size": {"height": 192, "width": 672}, "image_mean": [0.7931], "image_std": 0.1738,
            "image_processor_type": "DonutImageProcessor", "size_divisor": 32}"#;
        let files = [
            ("preprocessor_config.json", preprocessor),
            (
                "generation_config.json",
                r#"{"decoder_start_token_id": 2, "eos_token_id": [3], "max_length": 20}"#,
            ),
            ("config.json", r#"{"decoder": {"max_position_embeddings": 1536}, "max_length": 20}"#),
            ("decoder_with_past.onnx", ""),
        ];
        let pair = with(&files, &[-1, -1, -1, -1]).unwrap();
        let (mean, deviation, fit) = ([0.7931; 3], [0.1738; 3], Fit::Centre(0));
        assert_eq!(
            pair.input,
            Input { width: 672, height: 192, colour: true, mean, deviation, fit, divisor: 32 }
        );
        assert_eq!((pair.writing.start, pair.writing.end, pair.with_past.is_some()), (2, 3, true));
    }

    fn message(found: Result<EncoderDecoder>) -> String {
        found.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_is_missing_is_named_with_the_next_step() {
        let error = message(loaded(&ONNX, &[1, 3, 8, 8]));
        assert!(
            error.contains("tokenizer.json: there is no such file") && error.contains("put an ONNX export")
        );
        let error = message(loaded(&[("tokenizer.json", TOKENS)], &[1, 3, 8, 8]));
        assert!(error.contains("encoder.onnx: there is no such file"), "{error}");
        let error = message(with(&[], &[-1, 3, -1, -1]));
        assert!(error.contains("preprocessor_config.json") && error.contains(r#"{"size""#), "{error}");
    }

    #[test]
    fn broken_files_are_named_with_the_next_step() {
        for tokens in
            ["{", "[]", r#"{"model": {"type": "BPE"}}"#, r#"{"model": {"type": "BPE", "vocab": {}}}"#]
        {
            let error = message(loaded(&[&ONNX[..], &[("tokenizer.json", tokens)]].concat(), &[1, 3, 8, 8]));
            assert!(error.contains("tokenizer.json: ") && error.contains("; copy it again"), "{error}");
        }
        let error = message(with(&[("config.json", "nonsense")], &[1, 3, 8, 8]));
        assert!(error.contains("config.json: not JSON") && error.contains("it is optional"), "{error}");
    }
}
