//! What is known of a provider's models. What a server does not tell stays `None`, to be filled
//! from the person's own settings.

use serde::{Deserialize, Serialize};

/// What a model can do, as far as the server tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Capabilities {
    /// Holds a conversation.
    pub chat: Option<bool>,
    /// Takes images.
    pub vision: Option<bool>,
    /// Calls tools.
    pub tools: Option<bool>,
    /// Reasons before it answers.
    pub reasoning: Option<bool>,
    /// Makes embeddings.
    pub embedding: Option<bool>,
    /// Takes or makes sound.
    pub audio: Option<bool>,
}

impl Capabilities {
    /// From a list of words, where absence means no.
    pub(crate) fn from_words(words: &[String]) -> Self {
        let has = |wanted: &[&str]| Some(words.iter().any(|word| wanted.contains(&word.as_str())));
        Self {
            chat: has(&["completion", "chat", "completion_chat"]),
            vision: has(&["vision", "image", "multimodal"]),
            tools: has(&["tools", "tool_use", "function_calling"]),
            reasoning: has(&["thinking", "reasoning"]),
            embedding: has(&["embedding", "embeddings"]),
            audio: has(&["audio", "transcription", "speech"]),
        }
    }
}

/// One model of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ModelEntry {
    /// The id to ask with.
    pub id: String,
    /// The most tokens of its window.
    pub context_length: Option<u64>,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Whether it is in memory.
    pub loaded: Option<bool>,
    /// Its size on that machine, in bytes.
    pub size_bytes: Option<u64>,
    /// True if Ollama passes it on to a host on the internet: then it counts as remote, wherever
    /// Ollama itself runs.
    pub cloud: bool,
}

impl ModelEntry {
    pub(crate) fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }
}
