//! Tiny ONNX files of a recogniser's signature, in a folder with a tokenizer: the
//! encoder answers everything with the same features, the decoder looks up in a
//! table which token follows the last, and keeps a cache.

use std::fs;

use image::RgbImage;
use tempfile::TempDir;

use super::{Limits, recognise};
use crate::{
    Assets, Models,
    content::Raster,
    geometry::Rect,
    model::{
        FORMULA_RECOGNITION, RUNTIME, load_for_test,
        tiny::{BOOL, FLOAT, INT64, Message, constant, file, node, numbers, value, with_number},
    },
};

const TOKENIZER: &str = r#"{
    "added_tokens": [{"id": 0, "content": "<s>", "special": true}, {"id": 1, "content": "</s>", "special": true}],
    "decoder": {"type": "ByteLevel"},
    "model": {"type": "BPE", "merges": [], "vocab": {"<s>": 0, "</s>": 1, "\\alpha": 2, "Ġ+": 3, "Ġ1": 4}}
}"#;

/// Which token follows each: `\alpha + 1` and the end.
const NEXT: [usize; 5] = [2, 0, 3, 4, 1];

fn encoder() -> Message {
    file(
        Message::default()
            .message(1, node("Identity", &["features"], "last_hidden_state"))
            .text(2, "encoder")
            .message(5, constant("features", &[1, 2, 3], &[0.5; 6]))
            .message(11, value("pixel_values", FLOAT, &[-1, 1, 32, 64]))
            .message(12, value("last_hidden_state", FLOAT, &[1, 2, 3])),
    )
}

/// As optimum's `decoder_model_merged`, and without a cache.
fn decoder(cached: bool) -> Message {
    let table: Vec<f32> =
        NEXT.iter().flat_map(|&n| (0..5).map(move |k| if k == n { 9.0 } else { 0.0 })).collect();
    let graph = Message::default()
        .message(1, node("Gather", &["table", "input_ids"], "logits"))
        .text(2, "decoder")
        .message(5, constant("table", &[5, 5], &table))
        .message(11, value("input_ids", INT64, &[-1, -1]))
        .message(11, value("encoder_hidden_states", FLOAT, &[-1, -1, 3]))
        .message(12, value("logits", FLOAT, &[-1, -1, 5]));
    if !cached {
        return file(graph);
    }
    let ids = with_number(node("Cast", &["input_ids"], "ids"), "to", FLOAT);
    let present = with_number(
        node("Concat", &["past_key_values.0.decoder.key", "new"], "present.0.decoder.key"),
        "axis",
        2,
    );
    let own = |name: &str| value(name, FLOAT, &[-1, 1, -1, 1]);
    file(
        graph
            .message(1, ids)
            .message(1, node("Reshape", &["ids", "shape"], "new"))
            .message(1, present)
            .message(1, node("Identity", &["past_key_values.0.encoder.key"], "present.0.encoder.key"))
            .message(5, numbers("shape", &[1, 1, -1, 1]))
            .message(11, own("past_key_values.0.decoder.key"))
            .message(11, own("past_key_values.0.encoder.key"))
            .message(11, value("use_cache_branch", BOOL, &[1]))
            .message(12, own("present.0.decoder.key"))
            .message(12, own("present.0.encoder.key")),
    )
}

/// A models folder with the runtime of the usual one and this recogniser; `None` where there is no runtime.
fn models_folder(cached: bool) -> Option<TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join(FORMULA_RECOGNITION);
    fs::create_dir(&own).unwrap();
    fs::write(own.join("encoder.onnx"), encoder().0).unwrap();
    fs::write(own.join("decoder.onnx"), decoder(cached).0).unwrap();
    fs::write(own.join("tokenizer.json"), TOKENIZER).unwrap();
    load_for_test(&own.join("encoder.onnx"))?;
    let runtime = Assets::default_location().path(RUNTIME).unwrap();
    fs::copy(&runtime, folder.path().join(runtime.file_name().unwrap())).unwrap();
    Some(folder)
}

#[test]
fn files_of_the_models_signature_are_loaded_from_their_folder_and_read() {
    for (cached, beams) in [(false, 1), (true, 1), (true, 3)] {
        let Some(folder) = models_folder(cached) else { return };
        let models = Models::with_threads(&Assets::at(folder.path()), 1).unwrap();
        let input = models.encoder_decoder(FORMULA_RECOGNITION).unwrap().input.clone();
        assert_eq!((input.width, input.height, input.colour), (64, 32, false));
        let raster = Raster { pixels: RgbImage::new(200, 100), scale: 1.0 };
        let limits = Limits { beams, ..Limits::default() };
        let read =
            || recognise(&models, &raster, &Rect::new(10.0, 10.0, 90.0, 40.0), &limits).unwrap().unwrap();
        let found = read();
        assert_eq!((found.latex.as_str(), &found.problem), ("\\alpha + 1", &None), "{cached} {beams}");
        assert!(found.confidence > 0.99);
        assert_eq!(models.loads(FORMULA_RECOGNITION), 1);
        models.unload(FORMULA_RECOGNITION);
        assert_eq!((read(), models.loads(FORMULA_RECOGNITION)), (found, 2));
    }
}

#[test]
fn a_broken_tokenizer_is_named_with_the_next_step() {
    let Some(folder) = models_folder(true) else { return };
    let path = folder.path().join(FORMULA_RECOGNITION).join("tokenizer.json");
    fs::write(&path, &TOKENIZER[..100]).unwrap();
    let models = Models::with_threads(&Assets::at(folder.path()), 1).unwrap();
    let error = models.encoder_decoder(FORMULA_RECOGNITION).err().map(|error| error.to_string());
    let error = error.unwrap_or_default();
    assert!(
        error.starts_with(&format!("{}: not JSON", path.display())) && error.contains("; copy it again"),
        "{error}"
    );
}
