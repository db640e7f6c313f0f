//! What a running answer consists of. `Debug` shows sizes, never content.

use std::{fmt, time::Duration};

use crate::{quirks::Quirks, request::ToolCall};

/// One step of an answer. The last one of a successful answer is [`ChatEvent::Finish`].
#[derive(Clone, PartialEq)]
pub enum ChatEvent {
    /// The server is loading the model; the first token may take minutes.
    Loading,
    /// The attempt failed in a way that passes; it is repeated after this time.
    Retrying {
        /// The pause.
        after: Duration,
    },
    /// The server rejected a parameter and accepted the request without it: to be stored per
    /// provider and model, and passed to the next request.
    Adapted(Quirks),
    /// The next text of the answer.
    Delta(String),
    /// The next text of the reasoning.
    Reasoning(String),
    /// A part of a tool call, for display while it arrives.
    ToolCallDelta(ToolCallDelta),
    /// A whole tool call; all of them come at the end, in order.
    ToolCall(ToolCall),
    /// Token counts, once, before the finish.
    Usage(Usage),
    /// The end.
    Finish {
        /// Why it ended.
        reason: FinishReason,
    },
}

/// A part of a tool call.
#[derive(Clone, PartialEq, Eq)]
pub struct ToolCallDelta {
    /// Which call, counted from 0 in order of appearance.
    pub index: usize,
    /// The tool's name, as far as it is known.
    pub name: String,
    /// The next text of the arguments.
    pub arguments: String,
}

/// Why an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FinishReason {
    /// The model was done.
    Stop,
    /// It reached the limit of tokens; it can be continued.
    Length,
    /// It waits for the results of its tool calls.
    ToolCalls,
    /// It was stopped by the person.
    Stopped,
    /// Something else, in the server's word.
    Other(String),
}

impl FinishReason {
    /// The word to store.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
            Self::Stopped => "stopped",
            Self::Other(word) => word,
        }
    }
}

/// Token counts of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens of the request.
    pub prompt: u64,
    /// Tokens of the answer, reasoning included.
    pub completion: u64,
    /// Tokens of the reasoning alone, where the server tells.
    pub reasoning: Option<u64>,
    /// True if the server counted, false if this is an estimate.
    pub reported: bool,
}

impl fmt::Debug for ChatEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loading => f.write_str("Loading"),
            Self::Retrying { after } => write!(f, "Retrying({after:?})"),
            Self::Adapted(quirks) => write!(f, "Adapted({quirks:?})"),
            Self::Delta(text) => write!(f, "Delta({} bytes)", text.len()),
            Self::Reasoning(text) => write!(f, "Reasoning({} bytes)", text.len()),
            Self::ToolCallDelta(delta) => write!(f, "{delta:?}"),
            Self::ToolCall(call) => write!(f, "{call:?}"),
            Self::Usage(usage) => write!(f, "{usage:?}"),
            Self::Finish { reason } => write!(f, "Finish({reason:?})"),
        }
    }
}

impl fmt::Debug for ToolCallDelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ToolCallDelta({} {}, {} bytes)",
            self.index,
            self.name,
            self.arguments.len()
        )
    }
}

/// A rough count of tokens, for where no server counts: four ASCII characters or one and a half
/// others make a token.
pub fn estimate_tokens(text: &str) -> u64 {
    let (mut ascii, mut other) = (0_u64, 0_u64);
    for c in text.chars() {
        if c.is_ascii() {
            ascii += 1;
        } else {
            other += 1;
        }
    }
    ascii.div_ceil(4) + (other * 2).div_ceil(3)
}
