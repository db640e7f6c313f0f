//! How a model is asked to answer: in one conversation, and by default in all of an account.

use crate::ids::ChatId;
use serde::{Deserialize, Serialize};

/// Highest temperature; the lowest is 0.
pub const MAX_TEMPERATURE: f32 = 2.0;
/// Most tokens that an answer may be limited to; the fewest is 1.
pub const MAX_ANSWER_TOKENS: u32 = 131_072;
/// Fewest tokens of context that can be set.
pub const MIN_CONTEXT: u32 = 512;
/// Most tokens of context that can be set.
pub const MAX_CONTEXT: u32 = 2_097_152;
/// Most texts that end an answer.
pub const MAX_STOPS: usize = 4;
/// Longest text that ends an answer, in characters.
pub const MAX_STOP: usize = 200;

/// How a model is asked to answer. What is not set is not sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// Sampling temperature, 0 to 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
    /// Nucleus sampling, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f32>,
    /// The most tokens of an answer, 1 to 131072.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u32>,
    /// Texts that end an answer, up to 4.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
    /// Tokens of context. Ollama is told it; for the others it decides how much of a conversation is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<u32>,
}

impl Parameters {
    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// These, and where one is not set, the other's.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            temperature: self.temperature.or(other.temperature),
            top_p: self.top_p.or(other.top_p),
            max_tokens: self.max_tokens.or(other.max_tokens),
            stop: if self.stop.is_empty() {
                other.stop
            } else {
                self.stop
            },
            context: self.context.or(other.context),
        }
    }
}

/// What parameters are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ParametersOf {
    /// One conversation.
    Chat {
        /// Which; `None` is the one not begun yet.
        #[serde(default)]
        chat: Option<ChatId>,
    },
    /// All conversations of the account, where they set nothing themselves.
    Account,
}

/// Asks for the parameters of a conversation.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetParameters {
    /// Which; `None` is the one not begun yet.
    #[serde(default)]
    pub chat: Option<ChatId>,
}

/// The parameters of a conversation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ChatParameters {
    /// Its own.
    pub own: Parameters,
    /// The account's, used where it sets nothing.
    pub defaults: Parameters,
}

/// Sets all parameters of a conversation or of the account; what is left out is not set any more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetParameters {
    /// What they are for.
    pub of: ParametersOf,
    /// The parameters.
    pub parameters: Parameters,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_goes_before_the_account_one_by_one() {
        let own = Parameters {
            temperature: Some(0.2),
            ..Parameters::default()
        };
        let account = Parameters {
            temperature: Some(1.0),
            max_tokens: Some(100),
            stop: vec!["END".into()],
            ..Parameters::default()
        };
        let both = own.or(account);
        assert_eq!((both.temperature, both.max_tokens), (Some(0.2), Some(100)));
        assert_eq!(both.stop, ["END"]);
    }

    #[test]
    fn what_is_not_set_is_not_written() {
        assert_eq!(serde_json::to_string(&Parameters::default()).unwrap(), "{}");
        let some = Parameters {
            temperature: Some(0.7),
            ..Parameters::default()
        };
        assert_eq!(serde_json::to_string(&some).unwrap(), r#"{"temperature":0.7}"#);
    }
}
