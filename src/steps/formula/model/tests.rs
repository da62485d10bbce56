use std::sync::{Arc, Mutex};

use image::RgbImage;
use ndarray::{Array3, ArrayD, IxDyn};

use super::*;
use crate::{
    Error,
    model::{
        Model, Port,
        encoder_decoder::{Fit, Input},
        tokenizer::Tokenizer,
    },
};

const WORDS: [&str; 7] = ["<s>", "</s>", "\\frac", "{a}", "{b}", "\\sum", "}"];
const START: u32 = 0;
const END: u32 = 1;

/// The likeliest first token leads to unlikely ones; what follows depends on the whole text.
fn garden_path(text: &[u32]) -> Vec<(u32, f32)> {
    match text {
        [START] => vec![(5, 0.6), (2, 0.4)],
        [START, 5] => vec![(3, 0.3), (4, 0.25), (5, 0.25), (2, 0.2)],
        [START, 2] => vec![(3, 0.9), (4, 0.1)],
        [START, 2, 3] => vec![(4, 1.0)],
        _ => vec![(END, 1.0)],
    }
}

fn fraction(text: &[u32]) -> Vec<(u32, f32)> {
    vec![([2, 3, 4, END][(text.len() - 1).min(3)], 0.9), (6, 0.1)]
}

type Next = fn(&[u32]) -> Vec<(u32, f32)>;

fn logits(steps: usize, next: &[(u32, f32)]) -> Tensor {
    // Only the last step counts.
    let mut logits = Array3::from_elem((1, steps, WORDS.len()), f32::NEG_INFINITY);
    for (token, probability) in next {
        logits[[0, steps - 1, *token as usize]] = probability.ln();
    }
    logits.into_dyn()
}

/// Is given all tokens each time.
fn plain(next: Next) -> Model {
    Model::from_fn(move |inputs| {
        assert_eq!(inputs[1].shape(), [1, 2, 3]);
        let text: Vec<u32> = inputs[0].iter().map(|&id| id as u32).collect();
        Ok(vec![logits(text.len(), &next(&text))])
    })
}

fn cache(prefix: &str) -> [Port; 2] {
    ["decoder", "encoder"].map(|part| Port::new(format!("{prefix}.0.{part}.key"), [-1, 2, -1, 4]))
}

/// Keeps the tokens in its cache, `[1, 2, t, 4]`, and answers with what is there; `seen` notes how many tokens were given
/// and how many were cached. What it makes of the features it says once.
fn caching(next: Next, seen: &Arc<Mutex<Vec<(usize, usize)>>>, merged: bool) -> Model {
    let seen = Arc::clone(seen);
    let answer = move |inputs: &[Tensor]| {
        let (ids, own, cross) = (&inputs[0], &inputs[1], &inputs[2]);
        let cached = own.shape()[2];
        seen.lock().unwrap().push((ids.len(), cached));
        assert!(!merged || inputs[3].iter().eq([&f32::from(u8::from(cached > 0))]));
        assert_eq!(cross.shape(), if cached > 0 { [1, 2, 2, 4] } else { [1, 2, 0, 4] });
        let text: Vec<f32> = own.iter().take(cached * 4).step_by(4).chain(ids).copied().collect();
        let present = ArrayD::from_shape_fn(IxDyn(&[1, 2, text.len(), 4]), |at| text[at[2]]);
        let cross = ArrayD::zeros(IxDyn(&[1, 2, if cached > 0 { 0 } else { 2 }, 4]));
        let text: Vec<u32> = text.iter().map(|&id| id as u32).collect();
        Ok(vec![logits(ids.len(), &next(&text)), present, cross])
    };
    let mut inputs = vec![Port::new("input_ids", [-1, -1])];
    inputs.extend(cache("past_key_values"));
    inputs.extend(merged.then(|| Port::new("use_cache_branch", [1])));
    Model::from_fn(answer).with_ports(inputs, outputs())
}

fn outputs() -> Vec<Port> {
    let [own, cross] = cache("present");
    vec![Port::new("logits", [-1, -1, -1]), own, cross]
}

/// The decoder for the first token where the cache has a file of its own.
fn first(next: Next) -> Model {
    let answer = move |inputs: &[Tensor]| {
        assert_eq!((inputs[0].shape(), inputs[1].shape()), (&[1, 2, 3][..], &[1, 1][..]));
        assert_eq!(inputs[2].shape(), [1, 2]);
        let present = ArrayD::zeros(IxDyn(&[1, 2, 1, 4]));
        Ok(vec![logits(1, &next(&[START])), present, ArrayD::zeros(IxDyn(&[1, 2, 2, 4]))])
    };
    let names = ["encoder_hidden_states", "input_ids", "encoder_attention_mask"];
    Model::from_fn(answer).with_ports(names.map(|name| Port::new(name, [-1, -1])).to_vec(), outputs())
}

fn pair(decoder: Model) -> EncoderDecoder {
    let words: Vec<String> = WORDS.iter().enumerate().map(|(id, word)| format!("{word:?}: {id}")).collect();
    let special = |id| format!(r#"{{"id": {id}, "content": {:?}, "special": true}}"#, WORDS[id]);
    let file = format!(
        r#"{{"added_tokens": [{}, {}], "model": {{"type": "WordLevel", "vocab": {{{}}}}}}}"#,
        special(0),
        special(1),
        words.join(", ")
    );
    let encoder = Model::from_fn(|inputs| {
        assert_eq!(inputs[0].shape(), [1, 3, 16, 32]);
        Ok(vec![ArrayD::zeros(IxDyn(&[1, 2, 3]))])
    });
    EncoderDecoder {
        encoder,
        decoder,
        with_past: None,
        tokenizer: Tokenizer::parse(&file).unwrap(),
        input: Input {
            width: 32,
            height: 16,
            colour: true,
            mean: [0.5; 3],
            deviation: [0.5; 3],
            fit: Fit::Corner(255),
            divisor: 0,
        },
        writing: Writing { start: START, end: END, most_tokens: None },
    }
}

fn raster() -> Raster {
    Raster { pixels: RgbImage::new(200, 100), scale: 2.0 }
}

fn read(pair: EncoderDecoder, limits: &Limits) -> Result<Option<Reading>> {
    let models = Models::with_loader(|name| panic!("{name} is not faked"));
    let models = models.with_encoder_decoder(FORMULA_RECOGNITION, pair);
    recognise(&models, &raster(), &Rect::new(20.0, 10.0, 60.0, 30.0), limits)
}

fn beams(beams: usize) -> Limits {
    Limits { beams, ..Limits::default() }
}

fn latex(pair: EncoderDecoder, limits: &Limits) -> String {
    read(pair, limits).unwrap().map(|reading| reading.latex).unwrap_or_default()
}

#[test]
fn tokens_become_latex_that_was_checked() {
    let found = read(pair(plain(fraction)), &beams(1)).unwrap().unwrap();
    assert_eq!((found.latex.as_str(), found.problem), ("\\frac {a} {b}", None));
    assert!((found.confidence - 0.9).abs() < 1e-4);
    let odd = read(pair(plain(|text| vec![([6, END][text.len() - 1], 1.0)])), &beams(1)).unwrap().unwrap();
    assert!(odd.latex == "}" && odd.problem.is_some(), "{odd:?}");
}

#[test]
fn a_cache_gives_what_all_tokens_give_and_each_step_runs_one() {
    for width in [1, 2] {
        let seen = Arc::default();
        let cached = latex(pair(caching(garden_path, &seen, true)), &beams(width));
        assert_eq!(cached, latex(pair(plain(garden_path)), &beams(width)));
        let own_file = EncoderDecoder {
            with_past: Some(caching(garden_path, &Arc::default(), false)),
            ..pair(first(garden_path))
        };
        assert_eq!(cached, latex(own_file, &beams(width)));
        assert_eq!(cached, ["\\sum {a}", "\\frac {a} {b}"][width - 1]);
        let seen = seen.lock().unwrap();
        assert!(seen.iter().all(|(given, _)| *given == 1) && seen[..2] == [(1, 0), (1, 1)], "{seen:?}");
    }
}

#[test]
fn a_text_that_does_not_end_is_cut_and_says_so() {
    let endless = || pair(plain(|_| vec![(3, 1.0)]));
    let cut = read(endless(), &Limits { tokens: 4, ..beams(2) }).unwrap().unwrap();
    assert_eq!(cut.latex, "{a} {a} {a} {a}");
    assert_eq!(cut.problem.as_deref(), Some("the recogniser stopped after 4 tokens"));
    let few_places =
        EncoderDecoder { writing: Writing { start: START, end: END, most_tokens: Some(3) }, ..endless() };
    assert_eq!(latex(few_places, &beams(1)), "{a} {a}");
}

#[test]
fn a_slow_model_is_stopped_and_says_so() {
    let slow = || {
        pair(plain(|_| {
            std::thread::sleep(Duration::from_millis(5));
            vec![(3, 1.0)]
        }))
    };
    let limits = Limits { time: Duration::from_millis(40), ..beams(1) };
    let cut = read(slow(), &limits).unwrap().unwrap();
    assert_eq!(cut.problem.as_deref(), Some("the recogniser stopped after 40ms"));
    assert_eq!(read(slow(), &Limits { time: Duration::ZERO, ..limits }).unwrap(), None);
}

#[test]
fn strange_answers_are_errors() {
    let shapes: [&[usize]; 4] = [&[1], &[1, 0, 7], &[1, 1, 0], &[2, 1, 7]];
    for shape in shapes {
        let odd = Model::from_fn(move |_| Ok(vec![ArrayD::zeros(IxDyn(shape))]));
        assert!(matches!(read(pair(odd), &beams(1)), Err(Error::ModelShape { .. })), "{shape:?}");
    }
    let nothing = Model::from_fn(|_| Ok(vec![]));
    assert!(matches!(read(pair(nothing), &beams(1)), Err(Error::ModelShape { .. })));
    let lost = Model::from_fn(|_| Ok(vec![ArrayD::from_elem(IxDyn(&[1, 1, 7]), f32::NAN)]));
    assert!(matches!(read(pair(lost), &beams(1)), Err(Error::ModelShape { .. })));
    let blind = Model::from_fn(|_| Ok(vec![ArrayD::zeros(IxDyn(&[1, 3]))]));
    let found = read(EncoderDecoder { encoder: blind, ..pair(plain(fraction)) }, &beams(1));
    assert!(matches!(found, Err(Error::ModelShape { .. })));
}

#[test]
fn inputs_of_another_signature_are_named() {
    let odd = plain(fraction).with_ports(vec![Port::new("memory", [1])], vec![]);
    let error = read(pair(odd), &beams(1)).unwrap_err().to_string();
    assert!(error.contains("its input `memory` [1] is not known; export it with optimum"), "{error}");
    let open = Port::new("past_key_values.0.decoder.key", [-1, -1, -1, -1]);
    let error = read(pair(plain(fraction).with_ports(vec![open], vec![])), &beams(1)).unwrap_err();
    assert!(matches!(error, Error::ModelFile { .. }));
    let dropped = caching(fraction, &Arc::default(), false);
    let inputs = dropped.inputs().to_vec();
    let error = read(pair(dropped.with_ports(inputs, vec![])), &beams(1)).unwrap_err().to_string();
    assert!(error.contains("gives nothing for its input `past_key_values.0.decoder.key`"), "{error}");
}

#[test]
fn an_area_off_the_page_is_no_formula_and_loads_nothing() {
    let none = Models::with_loader(|_| panic!("loaded"));
    let outside = Rect::new(900.0, 900.0, 950.0, 950.0);
    assert_eq!(recognise(&none, &raster(), &outside, &Limits::default()).unwrap(), None);
}

#[test]
fn delimiters_and_double_spaces_are_left_out() {
    for text in ["$$ a  + b $$", "\\[a + b\\]", "\\( a +\nb \\)", "$a + b$", " a + b "] {
        assert_eq!(trimmed(text), "a + b");
    }
    assert_eq!((trimmed("$"), trimmed("a \\ ")), ("$".into(), "a \\ ".into()));
}
