//! A tiny ONNX file of SLANet-plus's signature, written byte by byte: two
//! constants for outputs and the dictionary in the metadata. Through the real
//! loader and runtime, it shows what `Model::from_fn` cannot.

use image::RgbImage;

use super::recognise;
use crate::{
    Models,
    content::Raster,
    geometry::Rect,
    model::{TABLE_STRUCTURE, load_for_test},
};

/// A protocol buffer (protobuf.dev/programming-guides/encoding).
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn number(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }

    fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    fn message(self, field: u64, message: Message) -> Self {
        self.bytes(field, &message.0)
    }
}

/// `onnx.TensorProto.FLOAT`.
const FLOAT: u64 = 1;

/// `onnx.ValueInfoProto`.
fn value(name: &str, shape: &[u64]) -> Message {
    let dimension = |shape: Message, n: &u64| shape.message(1, Message::default().number(1, *n));
    let shape = shape.iter().fold(Message::default(), dimension);
    let tensor = Message::default().number(1, FLOAT).message(2, shape);
    Message::default().text(1, name).message(2, Message::default().message(1, tensor))
}

/// `onnx.TensorProto`.
fn constant(name: &str, shape: &[u64], values: &[f32]) -> Message {
    let raw: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let shape = shape.iter().fold(Message::default(), |message, n| message.number(1, *n));
    shape.number(2, FLOAT).text(8, name).bytes(9, &raw)
}

/// `onnx.NodeProto`.
fn identity(from: &str, to: &str) -> Message {
    Message::default().text(1, from).text(2, to).text(4, "Identity")
}

/// `onnx.ModelProto`, which answers everything with these corners and classes.
fn onnx(corners: &[[f32; 8]], classes: &[usize], tags: &[&str]) -> Vec<u8> {
    let (steps, width) = (classes.len() as u64, tags.len() + 2);
    let probabilities: Vec<f32> =
        classes.iter().flat_map(|&c| (0..width).map(move |n| f32::from(u8::from(n == c)))).collect();
    let (boxes, shape) = ([1, steps, 8], [1, steps, width as u64]);
    let graph = Message::default()
        .message(1, identity("corners", "loc_preds"))
        .message(1, identity("classes", "structure_probs"))
        .text(2, "table")
        .message(5, constant("corners", &boxes, corners.as_flattened()))
        .message(5, constant("classes", &shape, &probabilities))
        .message(11, value("x", &[1, 3, 488, 488]))
        .message(12, value("loc_preds", &boxes))
        .message(12, value("structure_probs", &shape));
    Message::default()
        .number(1, 8)
        .message(7, graph)
        .message(8, Message::default().number(2, 17))
        .message(14, Message::default().text(1, "character").text(2, &tags.join("\n")))
        .0
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
