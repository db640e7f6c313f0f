//! What is kept about an answer: who gave it, asked how, at what cost, and what happened on the way. Never content.

use crate::chat::TokenUsage;
use crate::parameters::Parameters;
use crate::provider::Locality;
use serde::{Deserialize, Serialize};

/// What is kept about an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AnswerInfo {
    /// The provider's name.
    pub provider: String,
    /// The real model id.
    pub model: String,
    /// Where it ran.
    pub locality: Option<Locality>,
    /// Parameters sent; the context is the window that the conversation was cut to.
    #[serde(default)]
    pub sent: Parameters,
    /// Names of parameters that were set, but which the server does not take: `temperature`, `top_p`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// Tokens.
    pub usage: Option<TokenUsage>,
    /// Milliseconds to the first token.
    pub first_token_ms: Option<u64>,
    /// Tokens per second from first to last token.
    pub tokens_per_second: Option<f32>,
    /// Why it ended: `stop`, `length`, `content_filter`, …
    pub finish_reason: Option<String>,
    /// What happened, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<TraceStep>,
}

/// A step on the way to an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStep {
    /// Milliseconds since its turn began.
    pub at_ms: u64,
    /// What.
    #[serde(flatten)]
    pub what: TraceWhat,
}

/// What a step was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum TraceWhat {
    /// An answer that was there in part goes on; times count anew.
    Continued,
    /// The conversation was cut to the window.
    Prepared {
        /// Messages sent.
        messages: u32,
        /// Messages that there were.
        of: u32,
        /// Tokens of them, estimated.
        tokens: u64,
    },
    /// The server was asked.
    Asked,
    /// The attempt failed in a way that passes.
    Retrying {
        /// The pause before the next one.
        after_ms: u64,
    },
    /// The server loads the model.
    LoadingModel,
    /// The server refused parameters and was asked without them.
    Adapted,
    /// It did not fit; asked again with half of the conversation.
    Trimmed,
    /// The first token came.
    FirstToken,
    /// The last token came.
    LastToken,
    /// The turn ended.
    Ended,
    /// A step of a newer version.
    #[serde(other)]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_survive_and_those_of_newer_versions_are_no_error() {
        let step = TraceStep {
            at_ms: 12,
            what: TraceWhat::Retrying { after_ms: 1000 },
        };
        let json = serde_json::to_string(&step).unwrap();
        assert_eq!(json, r#"{"at_ms":12,"step":"retrying","after_ms":1000}"#);
        assert_eq!(serde_json::from_str::<TraceStep>(&json).unwrap(), step);
        let newer: TraceStep = serde_json::from_str(r#"{"at_ms":1,"step":"dreamt"}"#).unwrap();
        assert_eq!(newer.what, TraceWhat::Unknown);
    }

    #[test]
    fn what_older_versions_kept_is_read() {
        let old = r#"{"provider":"P","model":"m","locality":"local","parameters":"{}","usage":null,
            "first_token_ms":null,"tokens_per_second":null,"finish_reason":"stop"}"#;
        let info: AnswerInfo = serde_json::from_str(old).unwrap();
        assert!(info.sent.is_empty() && info.trace.is_empty());
    }
}
