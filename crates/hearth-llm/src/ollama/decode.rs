//! Decodes the answer of `/api/chat`, one JSON document a line.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    classify::{Asked, judge},
    error::LlmError,
    error_body::ErrorBody,
    event::Usage,
    ndjson::NdjsonParser,
    provider::ProviderKind,
    redact::Redactor,
    tool_calls::ToolCallPart,
    wire::{Decode, Finish, Item, MAX_EVENT, arguments, string_bytes, word},
};

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    message: Option<WireMessage<'a>>,
    #[serde(default)]
    done: bool,
    #[serde(borrow)]
    done_reason: Option<&'a RawValue>,
    prompt_eval_count: Option<u64>,
    eval_count: Option<u64>,
    #[serde(borrow)]
    remote_host: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct WireMessage<'a> {
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow)]
    thinking: Option<&'a RawValue>,
    #[serde(borrow)]
    tool_calls: Option<Vec<WireCall<'a>>>,
}

#[derive(Deserialize)]
struct WireCall<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    function: Option<WireFunction<'a>>,
}

#[derive(Deserialize)]
struct WireFunction<'a> {
    index: Option<u64>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    arguments: Option<&'a RawValue>,
}

/// The decoder of one response.
pub(crate) struct OllamaDecoder {
    lines: NdjsonParser,
    redactor: Redactor,
}

impl OllamaDecoder {
    pub(crate) fn new(redactor: Redactor) -> Self {
        Self {
            lines: NdjsonParser::new(MAX_EVENT),
            redactor,
        }
    }

    fn line(&self, line: &[u8], cut_off: bool, out: &mut Vec<Item>) {
        // Invalid UTF-8 becomes U+FFFD rather than an error.
        match serde_json::from_str::<Line<'_>>(&String::from_utf8_lossy(line)) {
            Ok(decoded) => self.decoded(&decoded, line, out),
            Err(_cut) if cut_off => {}
            Err(_not_json) => out.push(Item::Fail(LlmError::bad_stream(match line.first() {
                Some(b'<') => "The server answered with a web page instead of an answer.",
                _ if line.starts_with(b"data:") => {
                    "This looks like an OpenAI-compatible server, not like Ollama."
                }
                _ => "The server's answer is not in the expected format.",
            }))),
        }
    }

    fn decoded(&self, line: &Line<'_>, raw: &[u8], out: &mut Vec<Item>) {
        if line.error.is_some() {
            let asked = Asked {
                kind: ProviderKind::Ollama,
                images: false,
                limit: None,
                redactor: &self.redactor,
            };
            out.push(Item::Fail(
                judge(asked, None, &ErrorBody::parse(raw), None).into_error(),
            ));
            return;
        }
        if line.remote_host.is_some_and(|host| host.get() != "\"\"") {
            out.push(Item::FromCloud);
        }
        if let Some(message) = &line.message {
            let text = |raw: Option<&RawValue>| raw.and_then(string_bytes).filter(|bytes| !bytes.is_empty());
            out.extend(text(message.thinking).map(Item::Reasoning));
            out.extend(text(message.content).map(Item::Content));
            for call in message.tool_calls.iter().flatten() {
                out.push(Item::ToolCall(ToolCallPart {
                    // Ollama numbers calls within a message or not at all; a whole call in each line
                    // may then have the same number as the last, so only ids tell them apart.
                    index: call.id.and(call.function.as_ref().and_then(|f| f.index)),
                    id: call.id.and_then(word),
                    name: call.function.as_ref().and_then(|f| f.name).and_then(word),
                    arguments: arguments(call.function.as_ref().and_then(|f| f.arguments)),
                }));
            }
        }
        if line.done {
            if line.prompt_eval_count.is_some() || line.eval_count.is_some() {
                out.push(Item::Usage(Usage {
                    prompt: line.prompt_eval_count.unwrap_or_default(),
                    completion: line.eval_count.unwrap_or_default(),
                    reasoning: None,
                    reported: true,
                }));
            }
            let reason = line.done_reason.and_then(word).filter(|word| !word.is_empty());
            out.push(Item::Finish(Finish::from_word(
                reason.as_deref().unwrap_or("stop"),
            )));
            out.push(Item::Done);
        }
    }
}

impl Decode for OllamaDecoder {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<Item>) {
        let mut lines = Vec::new();
        let fits = self.lines.push(bytes, &mut lines);
        for line in &lines {
            self.line(line, false, out);
        }
        if fits.is_err() {
            out.push(Item::Fail(LlmError::too_large()));
        }
    }

    fn finish(&mut self, out: &mut Vec<Item>) {
        if let Some(line) = self.lines.finish() {
            // A web page has no reason to end with a line break, and is not cut off.
            let cut_off = line.first() == Some(&b'{');
            self.line(&line, cut_off, out);
        }
    }
}
