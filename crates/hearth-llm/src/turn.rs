//! From decoded items to the events of one answer: joins characters and tool calls, separates
//! reasoning, counts, and decides what the end means. No I/O.

use crate::{
    classify::filtered,
    error::{ErrorCode, LlmError},
    event::{ChatEvent, FinishReason, Usage, estimate_tokens},
    request::ChatRequest,
    think::{Piece, ThinkSplitter},
    tool_calls::ToolCallAssembler,
    utf8::TextDecoder,
    wire::{Finish, Item},
};

/// What an item, or the end of the body, did to the answer.
#[derive(Debug)]
pub(crate) enum Progress {
    /// There is more to come.
    Going,
    /// It is complete; [`Turn::complete`] has the rest.
    Done,
    /// It failed; what was said before stands.
    Failed(LlmError),
}

/// The answer so far.
pub(crate) struct Turn {
    content: TextDecoder,
    reasoning: TextDecoder,
    think: ThinkSplitter,
    tools: ToolCallAssembler,
    usage: Option<Usage>,
    finish: Option<Finish>,
    refusal: Vec<u8>,
    started: bool,
    estimate: Usage,
    allow_cloud: bool,
}

/// As much of a refusal as is worth showing.
const MAX_REFUSAL: usize = 2000;

impl Turn {
    pub(crate) fn new(allow_cloud: bool) -> Self {
        Self {
            content: TextDecoder::new(),
            reasoning: TextDecoder::new(),
            think: ThinkSplitter::new(),
            tools: ToolCallAssembler::default(),
            usage: None,
            finish: None,
            refusal: Vec::new(),
            started: false,
            estimate: Usage::default(),
            allow_cloud,
        }
    }

    /// Tells whether the first token has come.
    pub(crate) fn started(&self) -> bool {
        self.started
    }

    /// Tells whether the server gave a reason for the end, after which a close is no loss.
    pub(crate) fn finished(&self) -> bool {
        self.finish.is_some()
    }

    /// Takes one item and appends the events it makes.
    pub(crate) fn apply(&mut self, item: Item, out: &mut Vec<ChatEvent>) -> Progress {
        match item {
            Item::Content(bytes) => {
                self.started = true;
                let text = self.content.push(&bytes);
                self.text(&text, out);
            }
            Item::Reasoning(bytes) => {
                self.started = true;
                let text = self.reasoning.push(&bytes);
                self.reason(text, out);
            }
            Item::Refusal(bytes) => {
                self.started = true;
                let room = MAX_REFUSAL.saturating_sub(self.refusal.len());
                self.refusal.extend(bytes.into_iter().take(room));
            }
            Item::ToolCall(part) => {
                self.started = true;
                match self.tools.push(part) {
                    Ok(event) => out.push(event),
                    Err(error) => return Progress::Failed(error),
                }
            }
            Item::Usage(usage) => self.usage = Some(usage),
            Item::Finish(finish) => self.finish = Some(finish),
            Item::Done => return Progress::Done,
            Item::FromCloud if self.allow_cloud => {}
            Item::FromCloud => return Progress::Failed(cloud_refused()),
            Item::Fail(error) => return Progress::Failed(error),
        }
        Progress::Going
    }

    /// The body ended without the server's saying so.
    pub(crate) fn closed(&self) -> Progress {
        if self.finished() {
            Progress::Done
        } else {
            Progress::Failed(LlmError::interrupted())
        }
    }

    /// Hands out text that was kept back; also when the answer breaks off.
    pub(crate) fn flush(&mut self, out: &mut Vec<ChatEvent>) {
        let text = self.content.finish();
        self.text(&text, out);
        let mut pieces = Vec::new();
        self.think.finish(&mut pieces);
        self.pieces(pieces, out);
        let reasoning = self.reasoning.finish();
        self.reason(reasoning, out);
    }

    /// The last events of a complete answer.
    pub(crate) fn complete(
        mut self,
        request: &ChatRequest,
        out: &mut Vec<ChatEvent>,
    ) -> Result<(), LlmError> {
        self.flush(out);
        let calls = if self.tools.is_empty() {
            Vec::new()
        } else {
            self.tools.finish()
        };
        let called = !calls.is_empty();
        for call in calls {
            if let crate::request::ToolArguments::Object(map) = &call.arguments {
                self.estimate.completion += map
                    .iter()
                    .map(|(k, v)| estimate_tokens(k) + estimate_tokens(&v.to_string()))
                    .sum::<u64>();
            }
            out.push(ChatEvent::ToolCall(call));
        }
        let usage = self.usage.unwrap_or_else(|| Usage {
            prompt: estimate_prompt(request),
            ..self.estimate
        });
        out.push(ChatEvent::Usage(usage));
        if !self.refusal.is_empty() || self.finish == Some(Finish::Filtered) {
            return Err(filtered(String::from_utf8_lossy(&self.refusal).into_owned()));
        }
        let reason = match self.finish {
            // Some servers say `stop` although they called tools.
            Some(Finish::Reason(FinishReason::Stop)) | None if called => FinishReason::ToolCalls,
            Some(Finish::Reason(reason)) => reason,
            Some(Finish::Filtered) | None => FinishReason::Stop,
        };
        out.push(ChatEvent::Finish { reason });
        Ok(())
    }

    fn text(&mut self, text: &str, out: &mut Vec<ChatEvent>) {
        if !text.is_empty() {
            let mut pieces = Vec::new();
            self.think.push(text, &mut pieces);
            self.pieces(pieces, out);
        }
    }

    fn pieces(&mut self, pieces: Vec<Piece>, out: &mut Vec<ChatEvent>) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => {
                    self.estimate.completion += estimate_tokens(&text);
                    out.push(ChatEvent::Delta(text));
                }
                Piece::Reasoning(text) => self.reason(text, out),
            }
        }
    }

    fn reason(&mut self, text: String, out: &mut Vec<ChatEvent>) {
        if !text.is_empty() {
            let tokens = estimate_tokens(&text);
            self.estimate.completion += tokens;
            self.estimate.reasoning = Some(self.estimate.reasoning.unwrap_or_default() + tokens);
            out.push(ChatEvent::Reasoning(text));
        }
    }
}

/// A model that Ollama proxies to a cloud, without consent to that.
pub(crate) fn cloud_refused() -> LlmError {
    LlmError::new(
        ErrorCode::ConsentRequired,
        "Ollama passes this model's conversations on to a host on the internet.",
        "Give consent to a remote model first, or choose one that runs on that machine.",
    )
}

fn estimate_prompt(request: &ChatRequest) -> u64 {
    // Four for each message's frame.
    request
        .messages
        .iter()
        .map(|message| estimate_tokens(&message.content) + 4)
        .sum()
}
