//! Puts tool calls together from their deltas.
//!
//! Servers differ: calls may be interleaved by index, carry their id only in the first delta, have
//! no index at all, share index 0 while the ids differ, or come whole. The parts are joined by
//! index, else by id, else in order.

use serde_json::{Map, Value};

use crate::{
    error::LlmError,
    event::{ChatEvent, ToolCallDelta},
    request::{ToolArguments, ToolCall},
    utf8::TextDecoder,
};

/// One delta of a call, as decoded from the wire.
#[derive(Debug, Default)]
pub(crate) struct ToolCallPart {
    pub(crate) index: Option<u64>,
    pub(crate) id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) arguments: Arguments,
}

/// The arguments within a delta.
#[derive(Debug, Default)]
pub(crate) enum Arguments {
    /// None in this delta.
    #[default]
    None,
    /// The next piece of a JSON text, as WTF-8.
    Piece(Vec<u8>),
    /// The whole object, as JSON text.
    Whole(String),
}

#[derive(Debug, Default)]
struct Slot {
    index: Option<u64>,
    id: Option<String>,
    name: String,
    arguments: String,
    decoder: TextDecoder,
    whole: bool,
}

/// The calls of one answer so far.
#[derive(Debug, Default)]
pub(crate) struct ToolCallAssembler {
    slots: Vec<Slot>,
    bytes: usize,
}

/// The most calls in one answer.
const MAX_CALLS: usize = 128;
/// The most bytes of names, ids and arguments in one answer.
const MAX_BYTES: usize = 8 << 20;

impl ToolCallAssembler {
    /// Tells whether there is any call.
    pub(crate) fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Takes the next delta.
    pub(crate) fn push(&mut self, part: ToolCallPart) -> Result<ChatEvent, LlmError> {
        let id = part.id.filter(|id| !id.is_empty());
        let name = part.name.filter(|name| !name.is_empty());
        self.bytes += id.as_ref().map_or(0, String::len) + name.as_ref().map_or(0, String::len);
        self.bytes += match &part.arguments {
            Arguments::None => 0,
            Arguments::Piece(piece) => piece.len(),
            Arguments::Whole(text) => text.len(),
        };
        let whole = matches!(part.arguments, Arguments::Whole(_));
        let at = self.find(part.index, id.as_deref(), name.as_deref(), whole);
        if self.bytes > MAX_BYTES || (at.is_none() && self.slots.len() >= MAX_CALLS) {
            return Err(LlmError::too_large());
        }
        let at = at.unwrap_or(self.slots.len());
        if at == self.slots.len() {
            self.slots.push(Slot {
                index: part.index,
                ..Slot::default()
            });
        }
        let Some(slot) = self.slots.get_mut(at) else {
            return Err(LlmError::too_large());
        };
        slot.id = slot.id.take().or(id);
        match name {
            // Repeated in every delta by some servers, cut in two by others.
            Some(name) if slot.name != name && slot.arguments.is_empty() => slot.name.push_str(&name),
            _ => {}
        }
        let piece = match part.arguments {
            Arguments::None => String::new(),
            Arguments::Piece(piece) => slot.decoder.push(&piece),
            Arguments::Whole(text) => {
                slot.whole = true;
                slot.arguments.clear();
                text
            }
        };
        slot.arguments.push_str(&piece);
        Ok(ChatEvent::ToolCallDelta(ToolCallDelta {
            index: at,
            name: slot.name.clone(),
            arguments: piece,
        }))
    }

    fn find(&self, index: Option<u64>, id: Option<&str>, name: Option<&str>, whole: bool) -> Option<usize> {
        let (at, slot) = match (index, id) {
            (Some(_), _) => self
                .slots
                .iter()
                .enumerate()
                .rfind(|(_, slot)| slot.index == index)?,
            (None, Some(id)) => self
                .slots
                .iter()
                .enumerate()
                .rfind(|(_, slot)| slot.id.as_deref() == Some(id))?,
            (None, None) => self.slots.iter().enumerate().next_back()?,
        };
        // A name or a whole object where there is one already begins another call.
        let other_id = id.is_some() && slot.id.is_some() && slot.id.as_deref() != id;
        let again = id.is_none() && slot.whole && (whole || name.is_some());
        let unnumbered = index.is_none() && id.is_none() && name.is_some() && !slot.arguments.is_empty();
        let another = again || unnumbered || (other_id && name.is_some());
        (!another).then_some(at)
    }

    /// The finished calls, in order of appearance.
    pub(crate) fn finish(&mut self) -> Vec<ToolCall> {
        std::mem::take(&mut self.slots)
            .into_iter()
            .map(|mut slot| {
                let tail = slot.decoder.finish();
                slot.arguments.push_str(&tail);
                slot
            })
            .filter(|slot| !(slot.name.is_empty() && slot.arguments.trim().is_empty()))
            .enumerate()
            .map(|(at, slot)| ToolCall {
                id: slot.id.unwrap_or_else(|| format!("call_{at}")),
                name: slot.name,
                arguments: parse_arguments(slot.arguments),
            })
            .collect()
    }
}

/// Reads the arguments: nothing is an empty object, a string that holds an object is unwrapped.
fn parse_arguments(raw: String) -> ToolArguments {
    if raw.trim().is_empty() {
        return ToolArguments::Object(Map::new());
    }
    let value = match serde_json::from_str::<Value>(&raw) {
        Ok(Value::String(inner)) if !inner.trim().is_empty() => serde_json::from_str(&inner),
        Ok(Value::String(_)) => Ok(Value::Null),
        other => other,
    };
    match value {
        Ok(Value::Object(map)) => ToolArguments::Object(map),
        Ok(Value::Null) => ToolArguments::Object(Map::new()),
        Ok(_) => ToolArguments::Invalid {
            raw,
            reason: "the arguments must be a JSON object".to_owned(),
        },
        Err(error) => ToolArguments::Invalid {
            raw,
            reason: format!("the arguments are not JSON: {error}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn part(index: Option<u64>, id: &str, name: &str, arguments: &str) -> ToolCallPart {
        ToolCallPart {
            index,
            id: (!id.is_empty()).then(|| id.to_owned()),
            name: (!name.is_empty()).then(|| name.to_owned()),
            arguments: Arguments::Piece(arguments.as_bytes().to_vec()),
        }
    }

    fn assemble(parts: Vec<ToolCallPart>) -> Vec<(String, String, Value)> {
        let mut assembler = ToolCallAssembler::default();
        for part in parts {
            assembler.push(part).expect("within the limits");
        }
        assembler
            .finish()
            .into_iter()
            .map(|c| (c.id, c.name, c.arguments.to_value()))
            .collect()
    }

    fn call(id: &str, name: &str, arguments: Value) -> (String, String, Value) {
        (id.to_owned(), name.to_owned(), arguments)
    }

    #[test]
    fn interleaved_by_index() {
        let calls = assemble(vec![
            part(Some(0), "a", "one", ""),
            part(Some(1), "b", "two", "{\"y\""),
            part(Some(0), "", "", "{\"x\":1"),
            part(Some(1), "", "", ":2}"),
            part(Some(0), "", "", "}"),
        ]);
        assert_eq!(
            calls,
            [call("a", "one", json!({"x":1})), call("b", "two", json!({"y":2}))]
        );
    }

    #[test]
    fn without_an_index() {
        let calls = assemble(vec![
            part(None, "a", "one", "{\"x\""),
            part(None, "", "", ":1}"),
            part(None, "b", "two", "{}"),
            part(None, "a", "", ""),
        ]);
        assert_eq!(
            calls,
            [call("a", "one", json!({"x":1})), call("b", "two", json!({}))]
        );
        let calls = assemble(vec![
            part(None, "", "one", "{}"),
            part(None, "", "two", "{\"z\":1}"),
        ]);
        assert_eq!(
            calls,
            [
                call("call_0", "one", json!({})),
                call("call_1", "two", json!({"z":1}))
            ]
        );
    }

    #[test]
    fn one_index_for_all_but_different_ids() {
        let calls = assemble(vec![
            part(Some(0), "a", "one", "{}"),
            part(Some(0), "b", "two", "{}"),
        ]);
        assert_eq!(calls.len(), 2);
    }

    #[test]
    fn a_repeated_or_split_name_is_one_name() {
        let calls = assemble(vec![
            part(Some(0), "a", "get_", ""),
            part(Some(0), "", "time", "{}"),
        ]);
        assert_eq!(calls, [call("a", "get_time", json!({}))]);
        let calls = assemble(vec![part(Some(0), "a", "go", ""), part(Some(0), "a", "go", "{}")]);
        assert_eq!(calls, [call("a", "go", json!({}))]);
    }

    #[test]
    fn arguments_in_every_state() {
        let read = |raw: &str| parse_arguments(raw.to_owned());
        assert!(matches!(read(""), ToolArguments::Object(map) if map.is_empty()));
        assert!(matches!(read("null"), ToolArguments::Object(map) if map.is_empty()));
        assert!(matches!(read(r#""{\"a\":1}""#), ToolArguments::Object(map) if map.len() == 1));
        assert!(matches!(read("{\"a\":"), ToolArguments::Invalid { .. }));
        assert!(matches!(read("[1]"), ToolArguments::Invalid { .. }));
    }

    #[test]
    fn endless_calls_are_refused() {
        let mut assembler = ToolCallAssembler::default();
        let result = (0..1000).try_for_each(|i| assembler.push(part(Some(i), "", "x", "{}")).map(|_| ()));
        assert!(result.is_err());
    }
}
