//! tokenizer.json to the words of tokens. Recognisers only write, so this reads
//! what decoding needs of Hugging Face's format: the vocabulary, the added tokens
//! and the decoder. (The `tokenizers` crate also encodes, and would bring 33
//! crates that nothing else here needs.)

use std::collections::HashMap;

use serde_json::Value;

/// What tokens mean.
#[derive(Clone, Debug, Default)]
pub struct Tokenizer {
    /// By id; empty where an id is not used.
    words: Vec<String>,
    /// Those that say something about the text and are not of it, by id.
    special: Vec<bool>,
    /// One after the other.
    decoders: Vec<Decoder>,
}

/// What makes text of tokens.
#[derive(Clone, Debug, PartialEq)]
enum Decoder {
    /// GPT-2's letters for bytes.
    ByteLevel,
    /// This character for a space, none at the beginning.
    Metaspace(char),
    /// This before all that goes on in a word; a space before all others.
    WordPiece(String),
    /// This after all that ends a word.
    Suffix(String),
    /// `<0x41>`.
    ByteFallback,
    /// All tokens as one.
    Fuse,
    /// One text for another.
    Replace(String, String),
    /// A character that is taken away so often at the beginning and the end.
    Strip(char, usize, usize),
}

/// Ids above are a fault of the file: no vocabulary is so large.
const MOST_TOKENS: u64 = 1 << 22;

impl Tokenizer {
    /// The text of a tokenizer.json.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
        let model = file.get("model").ok_or("it has no `model`")?;
        let mut found = Self::default();
        match model.get("vocab") {
            Some(Value::Object(words)) => {
                for (word, id) in words {
                    found.put(word, id.as_u64(), false)?;
                }
            }
            Some(Value::Array(words)) => {
                for (id, word) in words.iter().enumerate() {
                    let word = word.get(0).and_then(Value::as_str).ok_or("its `model.vocab` has no words")?;
                    found.put(word, Some(id as u64), false)?;
                }
            }
            _ => return Err("it has no `model.vocab`".into()),
        }
        if found.words.is_empty() {
            return Err("its `model.vocab` is empty".into());
        }
        for token in file.get("added_tokens").and_then(Value::as_array).into_iter().flatten() {
            let word = token.get("content").and_then(Value::as_str).ok_or("an added token has no content")?;
            let special = token.get("special").and_then(Value::as_bool).unwrap_or(false);
            found.put(word, token.get("id").and_then(Value::as_u64), special)?;
        }
        found.decoders = match file.get("decoder") {
            Some(decoder @ Value::Object(_)) => decoders(decoder)?,
            _ => usual(model),
        };
        Ok(found)
    }

    fn put(&mut self, word: &str, id: Option<u64>, special: bool) -> Result<(), String> {
        let id = id.filter(|id| *id < MOST_TOKENS).ok_or_else(|| format!("the token `{word}` has no id"))?;
        let id = id as usize;
        if self.words.len() <= id {
            self.words.resize(id + 1, String::new());
            self.special.resize(id + 1, false);
        }
        self.words[id] = word.to_owned();
        self.special[id] = special;
        Ok(())
    }

    /// Number of tokens, unused ids included.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The token written `word` in the file.
    pub fn id(&self, word: &str) -> Option<u32> {
        self.words.iter().position(|w| w == word).and_then(|n| u32::try_from(n).ok())
    }

    /// The text of these tokens; special and unknown ones say nothing.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let known = |&id: &u32| {
            let id = id as usize;
            self.words.get(id).filter(|_| !self.special.get(id).is_some_and(|special| *special)).cloned()
        };
        let words: Vec<String> = tokens.iter().filter_map(known).collect();
        // Without a decoder, words stand apart, as in a vocabulary of whole LaTeX commands.
        if self.decoders.is_empty() {
            return words.join(" ");
        }
        self.decoders.iter().fold(words, |words, decoder| decoder.apply(words)).concat()
    }
}

/// A file of old may say no decoder.
fn usual(model: &Value) -> Vec<Decoder> {
    let text = |name: &str| model.get(name).and_then(Value::as_str);
    // Nor, older still, what sort of model it is: pix2tex's.
    let kind = text("type").or(model.get("merges").map(|_| "BPE"));
    match kind.or(model.get("vocab").is_some_and(Value::is_array).then_some("Unigram")) {
        Some("WordPiece") => {
            vec![Decoder::WordPiece(text("continuing_subword_prefix").unwrap_or("##").to_owned())]
        }
        Some("Unigram") => vec![Decoder::Metaspace('▁')],
        // GPT-2's letter for a space is among the words of byte-level vocabularies only.
        Some("BPE") if model.get("vocab").and_then(Value::as_object).is_some_and(|v| v.contains_key("Ġ")) => {
            vec![Decoder::ByteLevel]
        }
        Some("BPE") => vec![Decoder::Fuse],
        _ => Vec::new(),
    }
}

fn decoders(value: &Value) -> Result<Vec<Decoder>, String> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let character = |name: &str| text(name).and_then(|text| text.chars().next());
    let number = |name: &str| value.get(name).and_then(Value::as_u64).map_or(0, |n| n as usize);
    let one = match text("type") {
        Some("ByteLevel") => Decoder::ByteLevel,
        Some("Metaspace") => Decoder::Metaspace(character("replacement").unwrap_or('▁')),
        Some("WordPiece") => Decoder::WordPiece(text("prefix").unwrap_or("##").to_owned()),
        Some("BPEDecoder") => Decoder::Suffix(text("suffix").unwrap_or("</w>").to_owned()),
        Some("ByteFallback") => Decoder::ByteFallback,
        Some("Fuse") => Decoder::Fuse,
        Some("Replace") => {
            let pattern = value.get("pattern").and_then(|p| p.get("String")).and_then(Value::as_str);
            let pattern = pattern.filter(|p| !p.is_empty()).ok_or("its decoder replaces no plain text")?;
            Decoder::Replace(pattern.to_owned(), text("content").unwrap_or_default().to_owned())
        }
        Some("Strip") => Decoder::Strip(character("content").unwrap_or(' '), number("start"), number("stop")),
        Some("Sequence") => {
            let parts = value.get("decoders").and_then(Value::as_array).into_iter().flatten();
            return parts.map(decoders).collect::<Result<Vec<_>, _>>().map(|parts| parts.concat());
        }
        other => return Err(format!("its decoder is `{}`, which is not known", other.unwrap_or("nothing"))),
    };
    Ok(vec![one])
}

impl Decoder {
    fn apply(&self, words: Vec<String>) -> Vec<String> {
        match self {
            Decoder::ByteLevel => vec![byte_level(&words)],
            Decoder::Metaspace(sign) => {
                let spaced = |(n, word): (usize, String)| {
                    let word = word.replace(*sign, " ");
                    if n == 0 { word.strip_prefix(' ').map(str::to_owned).unwrap_or(word) } else { word }
                };
                words.into_iter().enumerate().map(spaced).collect()
            }
            Decoder::WordPiece(prefix) => {
                let joined = |(n, word): (usize, String)| match word.strip_prefix(prefix.as_str()) {
                    Some(rest) if n > 0 => rest.to_owned(),
                    _ if n > 0 => format!(" {word}"),
                    _ => word,
                };
                words.into_iter().enumerate().map(joined).collect()
            }
            Decoder::Suffix(suffix) => {
                let last = words.len().saturating_sub(1);
                let joined =
                    |(n, word): (usize, String)| word.replace(suffix, if n == last { "" } else { " " });
                words.into_iter().enumerate().map(joined).collect()
            }
            Decoder::ByteFallback => byte_fallback(words),
            Decoder::Fuse => vec![words.concat()],
            Decoder::Replace(from, to) => words.iter().map(|word| word.replace(from, to)).collect(),
            Decoder::Strip(sign, start, stop) => {
                words.iter().map(|word| stripped(word, *sign, *start, *stop)).collect()
            }
        }
    }
}

fn stripped(word: &str, sign: char, start: usize, stop: usize) -> String {
    let mut word = word;
    for _ in 0..start {
        word = word.strip_prefix(sign).unwrap_or(word);
    }
    for _ in 0..stop {
        word = word.strip_suffix(sign).unwrap_or(word);
    }
    word.to_owned()
}

/// GPT-2's `bytes_to_unicode`, backwards: printable Latin-1 stands for itself, the other bytes for U+0100 and up.
fn byte_level(words: &[String]) -> String {
    let printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    let others = (0..=255).filter(|&byte| !printable(byte));
    let letters: HashMap<char, u8> = (0..=255)
        .filter(|&byte| printable(byte))
        .map(|byte| (char::from(byte), byte))
        .chain((0x100..).filter_map(char::from_u32).zip(others))
        .collect();
    let mut bytes = Vec::new();
    for c in words.iter().flat_map(|word| word.chars()) {
        match letters.get(&c) {
            Some(byte) => bytes.push(*byte),
            // Added tokens are written as they are.
            None => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Runs of `<0x..>` to the text of their bytes.
fn byte_fallback(words: Vec<String>) -> Vec<String> {
    let (mut out, mut bytes) = (Vec::new(), Vec::new());
    let flush = |bytes: &mut Vec<u8>, out: &mut Vec<String>| {
        if !bytes.is_empty() {
            out.push(String::from_utf8_lossy(&std::mem::take(bytes)).into_owned());
        }
    };
    for word in words {
        let digits = word.strip_prefix("<0x").and_then(|rest| rest.strip_suffix('>'));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => bytes.push(byte),
            None => {
                flush(&mut bytes, &mut out);
                out.push(word);
            }
        }
    }
    flush(&mut bytes, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn decoded(file: Value, tokens: &[u32]) -> String {
        Tokenizer::parse(&file.to_string()).unwrap().decode(tokens)
    }

    #[test]
    fn byte_level_letters_are_bytes_and_special_tokens_say_nothing() {
        let file = json!({
            "added_tokens": [{"id": 0, "content": "<s>", "special": true}, {"id": 5, "content": "\\alpha"}],
            "decoder": {"type": "ByteLevel", "add_prefix_space": true},
            "model": {"type": "BPE", "vocab": {"<s>": 0, "\\frac": 1, "Ġ{": 2, "Ã": 3, "©": 4}, "merges": []}
        });
        assert_eq!(decoded(file, &[0, 1, 2, 3, 4, 5, 99]), "\\frac {é\\alpha");
    }

    #[test]
    fn a_byte_level_vocabulary_may_say_no_decoder_as_pix2tex_does() {
        let file = json!({
            "added_tokens": [{"id": 1, "content": "[BOS]", "special": true}], "decoder": null,
            "model": {"vocab": {"[BOS]": 1, "Ġ": 2, "\\frac": 3, "Ġ{": 4}, "merges": []}
        });
        assert_eq!(decoded(file, &[1, 3, 4, 2]), "\\frac { ");
    }

    #[test]
    fn words_without_a_decoder_stand_apart() {
        let file = json!({"model": {"type": "WordLevel", "vocab": {"\\sum": 0, "x": 1}}, "decoder": null});
        assert_eq!(decoded(file, &[0, 1, 1]), "\\sum x x");
    }

    #[test]
    fn unigram_pieces_carry_their_spaces() {
        let file = json!({"model": {"type": "Unigram", "vocab": [["▁a", -1.0], ["b", -2.0], ["▁c", -2.5]]}});
        assert_eq!(decoded(file, &[0, 1, 2]), "ab c");
    }

    #[test]
    fn pieces_of_words_are_joined() {
        let file = json!({"model": {"type": "WordPiece", "vocab": {"a": 0, "##b": 1}}});
        assert_eq!(decoded(file, &[0, 1, 0]), "ab a");
        let file = json!({"decoder": {"type": "BPEDecoder"}, "model": {"type": "BPE", "vocab": {"a</w>": 0, "b": 1}}});
        assert_eq!(decoded(file, &[1, 0, 0]), "ba a");
    }

    #[test]
    fn decoders_follow_each_other() {
        let file = json!({
            "decoder": {"type": "Sequence", "decoders": [
                {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
                {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
            "model": {"type": "BPE", "vocab": {"▁a": 0, "<0xC3>": 1, "<0xA9>": 2}}
        });
        assert_eq!(decoded(file, &[0, 1, 2, 0]), "aé a");
    }

    #[test]
    fn what_is_not_known_is_said() {
        let reason = |text: &str| Tokenizer::parse(text).map(drop).unwrap_err();
        assert!(reason("{").starts_with("not JSON: "));
        assert_eq!(reason(r#"{"model": {"vocab": {"a": -1}}}"#), "the token `a` has no id");
        assert_eq!(reason(r#"{"model": {"vocab": {"a": 99999999}}}"#), "the token `a` has no id");
        let odd = r#"{"model": {"vocab": {"a": 0}}, "decoder": {"type": "CTC"}}"#;
        assert_eq!(reason(odd), "its decoder is `CTC`, which is not known");
    }
}
