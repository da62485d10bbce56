//! ONNX files written byte by byte, for tests: through the real loader and
//! runtime they show what `Model::from_fn` cannot.

/// A protocol buffer (protobuf.dev/programming-guides/encoding).
#[derive(Default)]
pub(crate) struct Message(pub(crate) Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    pub(crate) fn number(mut self, field: u64, value: u64) -> Self {
        self.varint(field << 3);
        self.varint(value);
        self
    }

    pub(crate) fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    pub(crate) fn message(self, field: u64, message: Message) -> Self {
        self.bytes(field, &message.0)
    }
}

/// `onnx.TensorProto.DataType`.
pub(crate) const FLOAT: u64 = 1;
pub(crate) const INT64: u64 = 7;
pub(crate) const BOOL: u64 = 9;

/// `onnx.ValueInfoProto`; -1 is a length that may vary.
pub(crate) fn value(name: &str, kind: u64, shape: &[i64]) -> Message {
    let dimension = |n: &i64| match u64::try_from(*n) {
        Ok(n) => Message::default().number(1, n),
        Err(_) => Message::default().text(2, "n"),
    };
    let shape = shape.iter().fold(Message::default(), |shape, n| shape.message(1, dimension(n)));
    let tensor = Message::default().number(1, kind).message(2, shape);
    Message::default().text(1, name).message(2, Message::default().message(1, tensor))
}

/// `onnx.TensorProto` of floats.
pub(crate) fn constant(name: &str, shape: &[u64], values: &[f32]) -> Message {
    raw(name, FLOAT, shape, &values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>())
}

/// `onnx.TensorProto` of whole numbers, in a row.
pub(crate) fn numbers(name: &str, values: &[i64]) -> Message {
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    raw(name, INT64, &[values.len() as u64], &bytes)
}

fn raw(name: &str, kind: u64, shape: &[u64], bytes: &[u8]) -> Message {
    let shape = shape.iter().fold(Message::default(), |message, n| message.number(1, *n));
    shape.number(2, kind).text(8, name).bytes(9, bytes)
}

/// `onnx.NodeProto`.
pub(crate) fn node(operator: &str, from: &[&str], to: &str) -> Message {
    let from = from.iter().fold(Message::default(), |message, name| message.text(1, name));
    from.text(2, to).text(4, operator)
}

/// The same node, with an attribute that is a whole number (`onnx.AttributeProto`).
pub(crate) fn with_number(node: Message, name: &str, number: u64) -> Message {
    node.message(5, Message::default().text(1, name).number(3, number).number(20, 2))
}

/// `onnx.ModelProto` of this graph, for the operators of set 17.
pub(crate) fn file(graph: Message) -> Message {
    Message::default().number(1, 8).message(7, graph).message(8, Message::default().number(2, 17))
}
