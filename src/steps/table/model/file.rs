//! A tiny ONNX file of SLANet-plus's signature, written byte by byte: two
//! constants for outputs and the dictionary in the metadata. Through the real
//! loader and runtime, it shows what `Model::from_fn` cannot.

use image::RgbImage;

use super::recognise;
use crate::{
    Models,
    content::Raster,
    geometry::Rect,
    model::{
        TABLE_STRUCTURE, load_for_test,
        tiny::{FLOAT, Message, constant, file, node, value},
    },
};

/// `onnx.ModelProto`, which answers everything with these corners and classes.
fn onnx(corners: &[[f32; 8]], classes: &[usize], tags: &[&str]) -> Vec<u8> {
    let (steps, width) = (classes.len() as u64, tags.len() + 2);
    let probabilities: Vec<f32> =
        classes.iter().flat_map(|&c| (0..width).map(move |n| f32::from(u8::from(n == c)))).collect();
    let (boxes, shape) = ([1, steps, 8], [1, steps, width as u64]);
    let graph = Message::default()
        .message(1, node("Identity", &["corners"], "loc_preds"))
        .message(1, node("Identity", &["classes"], "structure_probs"))
        .text(2, "table")
        .message(5, constant("corners", &boxes, corners.as_flattened()))
        .message(5, constant("classes", &shape, &probabilities))
        .message(11, value("x", FLOAT, &[1, 3, 488, 488]))
        .message(12, value("loc_preds", FLOAT, &boxes.map(u64::cast_signed)))
        .message(12, value("structure_probs", FLOAT, &shape.map(u64::cast_signed)));
    file(graph).message(14, Message::default().text(1, "character").text(2, &tags.join("\n"))).0
}

#[test]
fn a_file_of_the_models_signature_is_loaded_with_its_dictionary_and_read() {
    let corners = [[0.0; 8], [0.1, 0.1, 0.4, 0.1, 0.4, 0.2, 0.1, 0.2], [0.0; 8]];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table-structure.onnx");
    // `<tr>`, `<td></td>`, `eos`.
    std::fs::write(&path, onnx(&corners, &[1, 3, 4], &["<tr>", "<td", "<td></td>"])).unwrap();
    let Some(model) = load_for_test(&path) else { return };
    assert_eq!(model.labels(), ["<tr>", "<td", "<td></td>"]);
    let models = Models::with_loader(|_| unreachable!()).with(TABLE_STRUCTURE, model);
    let raster = Raster { pixels: RgbImage::new(200, 100), scale: 1.0 };
    let found = recognise(&models, &raster, &Rect::new(4.0, 4.0, 196.0, 96.0)).unwrap();
    assert_eq!((found.rows, found.columns, found.confidence), (1, 1, 1.0));
    assert!(found.slots[0].rect.iou(&Rect::new(20.0, 20.0, 80.0, 40.0)) > 0.999, "{found:?}");
}
