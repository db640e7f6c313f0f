//! What the decoders of both protocols share: their output, and reading JSON leniently.

use std::fmt;

use serde::{Deserialize, Deserializer, de::Visitor};
use serde_json::value::RawValue;

use crate::{
    error::LlmError,
    event::{FinishReason, Usage},
    tool_calls::{Arguments, ToolCallPart},
};

/// The most bytes of one event, one line or one whole answer.
pub(crate) const MAX_EVENT: usize = 8 << 20;

/// One decoded thing. Text is WTF-8, because a surrogate pair may be split over two deltas.
#[derive(Debug)]
pub(crate) enum Item {
    Content(Vec<u8>),
    Reasoning(Vec<u8>),
    Refusal(Vec<u8>),
    ToolCall(ToolCallPart),
    Usage(Usage),
    /// A finish reason; usage may still follow.
    Finish(Finish),
    /// The server says that this is all.
    Done,
    /// The answer comes from another host than the one asked (Ollama's cloud).
    FromCloud,
    /// Nothing that follows counts.
    Fail(LlmError),
}

/// A finish reason as the server names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Finish {
    Reason(FinishReason),
    Filtered,
}

impl Finish {
    /// Reads the word.
    pub(crate) fn from_word(word: &str) -> Self {
        Self::Reason(match word {
            "stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence" | "stop_str" => FinishReason::Stop,
            "length" | "max_tokens" | "model_length" => FinishReason::Length,
            "tool_calls" | "tool_use" | "function_call" => FinishReason::ToolCalls,
            "content_filter" | "safety" | "refusal" => return Self::Filtered,
            other => FinishReason::Other(other.chars().filter(|c| !c.is_control()).take(40).collect()),
        })
    }
}

/// A decoder of a response body.
pub(crate) trait Decode: Send {
    /// Takes the next bytes and appends what they complete.
    fn push(&mut self, bytes: &[u8], out: &mut Vec<Item>);
    /// The body ended as it should: appends what is left. Something cut off is left out.
    fn finish(&mut self, out: &mut Vec<Item>);
}

/// A JSON string as WTF-8 bytes: lone surrogates and invalid UTF-8 are passed on, not refused.
struct WtfString(Vec<u8>);

impl<'de> Deserialize<'de> for WtfString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = WtfString;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(WtfString(bytes.to_vec()))
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Self::Value, E> {
                Ok(WtfString(bytes))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// The bytes of a JSON string; nothing for anything else.
pub(crate) fn string_bytes(raw: &RawValue) -> Option<Vec<u8>> {
    raw.get()
        .starts_with('"')
        .then(|| serde_json::from_str::<WtfString>(raw.get()).ok().map(|s| s.0))?
}

/// A short JSON string such as an id or a name, or a number in its place.
pub(crate) fn word(raw: &RawValue) -> Option<String> {
    match string_bytes(raw) {
        Some(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        None => raw
            .get()
            .starts_with(|c: char| c.is_ascii_digit())
            .then(|| raw.get().to_owned()),
    }
}

/// Tool arguments: a string is a piece of JSON, an object is the whole.
pub(crate) fn arguments(raw: Option<&RawValue>) -> Arguments {
    match raw {
        None => Arguments::None,
        Some(raw) => match string_bytes(raw) {
            Some(bytes) => Arguments::Piece(bytes),
            None if raw.get().starts_with("null") => Arguments::None,
            None => Arguments::Whole(raw.get().to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_survive_as_bytes() {
        let raw = RawValue::from_string(r#""a\ud83d""#.to_owned()).expect("JSON");
        assert_eq!(string_bytes(&raw), Some(b"a\xED\xA0\xBD".to_vec()));
        let raw = RawValue::from_string("null".to_owned()).expect("JSON");
        assert_eq!(string_bytes(&raw), None);
    }

    #[test]
    fn finish_words() {
        assert_eq!(Finish::from_word("content_filter"), Finish::Filtered);
        assert_eq!(Finish::from_word("eos_token"), Finish::Reason(FinishReason::Stop));
        assert_eq!(
            Finish::from_word("odd"),
            Finish::Reason(FinishReason::Other("odd".into()))
        );
    }
}
