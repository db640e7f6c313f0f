//! Decodes a chat completion: a stream of server-sent events or, from servers that do not stream,
//! one whole JSON document.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    classify::{Asked, judge},
    error::LlmError,
    error_body::ErrorBody,
    event::Usage,
    provider::ProviderKind,
    redact::Redactor,
    sse::{SseEvent, SseParser},
    tool_calls::ToolCallPart,
    wire::{Decode, Finish, Item, MAX_EVENT, arguments, string_bytes, word},
};

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    choices: Option<Vec<Choice<'a>>>,
    usage: Option<WireUsage>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    object: Option<&'a RawValue>,
    #[serde(borrow)]
    detail: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    index: Option<u64>,
    #[serde(borrow, alias = "message")]
    delta: Option<Delta<'a>>,
    #[serde(borrow)]
    finish_reason: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow)]
    reasoning_content: Option<&'a RawValue>,
    #[serde(borrow)]
    reasoning: Option<&'a RawValue>,
    #[serde(borrow)]
    thinking: Option<&'a RawValue>,
    #[serde(borrow)]
    refusal: Option<&'a RawValue>,
    #[serde(borrow)]
    tool_calls: Option<Vec<WirePart<'a>>>,
}

#[derive(Deserialize)]
struct WirePart<'a> {
    index: Option<u64>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    function: Option<WireFunction<'a>>,
}

#[derive(Deserialize)]
struct WireFunction<'a> {
    #[serde(borrow)]
    name: Option<&'a RawValue>,
    #[serde(borrow)]
    arguments: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct WireUsage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
    completion_tokens_details: Option<CompletionDetails>,
}

#[derive(Deserialize)]
struct CompletionDetails {
    reasoning_tokens: Option<u64>,
}

/// A part of a content that is a list.
#[derive(Deserialize)]
struct ContentPart<'a> {
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    #[serde(borrow)]
    thinking: Option<&'a RawValue>,
}

enum Mode {
    /// Nothing but blanks has come yet.
    Unknown,
    Events(SseParser),
    /// One whole document, so far.
    Whole(Vec<u8>),
}

/// The decoder of one response.
pub(crate) struct OpenAiDecoder {
    mode: Mode,
    redactor: Redactor,
    bom: u8,
}

const HTML: &str = "The server answered with a web page instead of an answer.";
const NOT_JSON: &str = "The server's answer is not in the expected format.";

impl OpenAiDecoder {
    pub(crate) fn new(redactor: Redactor) -> Self {
        Self {
            mode: Mode::Unknown,
            redactor,
            bom: 0,
        }
    }

    /// Decides what the body is by its first byte that is neither blank nor part of a mark.
    fn sniff(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            match (byte, self.bom) {
                (0xEF, 0) | (0xBB, 1) | (0xBF, 2) => self.bom += 1,
                (b' ' | b'\t' | b'\r' | b'\n', _) => {}
                (b'{' | b'<' | b'[', _) => {
                    self.mode = Mode::Whole(Vec::new());
                    return Some(at);
                }
                _ => {
                    self.mode = Mode::Events(SseParser::new(MAX_EVENT));
                    return Some(at);
                }
            }
        }
        None
    }

    fn event(&self, event: &SseEvent, cut_off: bool, out: &mut Vec<Item>) {
        let data = event.data.trim_ascii();
        if data == b"[DONE]" {
            out.push(Item::Done);
        } else if event.event == "error" {
            out.push(self.failure(data));
        } else if !data.is_empty() && !self.document(data, out) {
            // Servers that forget the blank line between events send several documents in one.
            let mut lines = data
                .split(|b| *b == b'\n')
                .map(<[u8]>::trim_ascii)
                .filter(|l| !l.is_empty());
            let several = data.contains(&b'\n');
            let all = several
                && lines.all(|line| {
                    if line == b"[DONE]" {
                        out.push(Item::Done);
                        return true;
                    }
                    self.document(line, out)
                });
            if !all && !cut_off {
                out.push(Item::Fail(LlmError::bad_stream(NOT_JSON)));
            }
        }
    }

    /// Decodes one JSON document; false if it is none.
    fn document(&self, data: &[u8], out: &mut Vec<Item>) -> bool {
        // Invalid UTF-8 becomes U+FFFD rather than an error.
        let text = String::from_utf8_lossy(data);
        let decoded = serde_json::from_str::<Chunk<'_>>(&text);
        if let Ok(chunk) = &decoded {
            self.chunk(chunk, data, out);
        }
        decoded.is_ok()
    }

    fn chunk(&self, chunk: &Chunk<'_>, data: &[u8], out: &mut Vec<Item>) {
        let error_object = chunk.object.is_some_and(|object| object.get() == "\"error\"");
        let detail_alone = chunk.detail.is_some() && chunk.choices.is_none();
        if chunk.error.is_some_and(|error| error.get() != "{}") || error_object || detail_alone {
            out.push(self.failure(data));
            return;
        }
        // Other choices than the first were not asked for.
        for choice in chunk
            .choices
            .iter()
            .flatten()
            .filter(|choice| choice.index.unwrap_or(0) == 0)
        {
            if let Some(delta) = &choice.delta {
                self::delta(delta, out);
            }
            if let Some(finish) = choice
                .finish_reason
                .and_then(word)
                .filter(|word| !word.is_empty())
            {
                out.push(Item::Finish(Finish::from_word(&finish)));
            }
        }
        if let Some(usage) = &chunk.usage
            && (usage.prompt_tokens.is_some() || usage.completion_tokens.is_some())
        {
            out.push(Item::Usage(Usage {
                prompt: usage.prompt_tokens.unwrap_or_default(),
                completion: usage.completion_tokens.unwrap_or_default(),
                reasoning: usage
                    .completion_tokens_details
                    .as_ref()
                    .and_then(|d| d.reasoning_tokens),
                reported: true,
            }));
        }
    }

    fn failure(&self, data: &[u8]) -> Item {
        let asked = Asked {
            kind: ProviderKind::OpenAi,
            images: false,
            limit: None,
            redactor: &self.redactor,
        };
        Item::Fail(judge(asked, None, &ErrorBody::parse(data), None).into_error())
    }
}

fn delta(delta: &Delta<'_>, out: &mut Vec<Item>) {
    let text = |raw: Option<&RawValue>| raw.and_then(string_bytes).filter(|bytes| !bytes.is_empty());
    // Some servers send the same reasoning under two names.
    let reasoning = [delta.reasoning_content, delta.reasoning, delta.thinking]
        .into_iter()
        .find_map(text);
    out.extend(reasoning.map(Item::Reasoning));
    if let Some(content) = delta.content {
        if content.get().starts_with('[') {
            content_parts(content, out);
        } else {
            out.extend(text(Some(content)).map(Item::Content));
        }
    }
    out.extend(text(delta.refusal).map(Item::Refusal));
    for part in delta.tool_calls.iter().flatten() {
        out.push(Item::ToolCall(ToolCallPart {
            index: part.index,
            id: part.id.and_then(word),
            name: part.function.as_ref().and_then(|f| f.name).and_then(word),
            arguments: arguments(part.function.as_ref().and_then(|f| f.arguments)),
        }));
    }
}

/// A content that is a list of parts: `{"type": "text", "text": …}`, or thinking of such parts.
fn content_parts(content: &RawValue, out: &mut Vec<Item>) {
    let parts: Vec<ContentPart<'_>> = serde_json::from_str(content.get()).unwrap_or_default();
    for part in parts {
        if let Some(thinking) = part.thinking {
            let mut inner = Vec::new();
            match string_bytes(thinking) {
                Some(bytes) => inner.push(Item::Content(bytes)),
                None if content.get().len() > thinking.get().len() => content_parts(thinking, &mut inner),
                None => {}
            }
            out.extend(inner.into_iter().map(|item| match item {
                Item::Content(bytes) => Item::Reasoning(bytes),
                other => other,
            }));
        }
        out.extend(part.text.and_then(string_bytes).map(Item::Content));
    }
}

impl Decode for OpenAiDecoder {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<Item>) {
        let mut bytes = bytes;
        if matches!(self.mode, Mode::Unknown) {
            let Some(at) = self.sniff(bytes) else { return };
            bytes = bytes.get(at..).unwrap_or_default();
        }
        match &mut self.mode {
            Mode::Unknown => {}
            Mode::Whole(body) => {
                if body.is_empty() && bytes.first() == Some(&b'<') {
                    out.push(Item::Fail(LlmError::bad_stream(HTML)));
                } else if body.len() + bytes.len() > MAX_EVENT {
                    out.push(Item::Fail(LlmError::too_large()));
                } else {
                    body.extend_from_slice(bytes);
                }
            }
            Mode::Events(parser) => {
                let mut events = Vec::new();
                let fits = parser.push(bytes, &mut events);
                for event in &events {
                    self.event(event, false, out);
                }
                if fits.is_err() {
                    out.push(Item::Fail(LlmError::too_large()));
                }
            }
        }
    }

    fn finish(&mut self, out: &mut Vec<Item>) {
        match std::mem::replace(&mut self.mode, Mode::Unknown) {
            Mode::Unknown => {}
            Mode::Whole(body) => {
                let before = out.len();
                if self.document(&body, out) && out.len() > before {
                    out.push(Item::Done);
                } else {
                    out.push(Item::Fail(LlmError::bad_stream(NOT_JSON)));
                }
            }
            Mode::Events(mut parser) => {
                if let Some(event) = parser.finish() {
                    self.event(&event, true, out);
                }
            }
        }
    }
}
