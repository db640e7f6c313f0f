//! What is asked: messages, tools, parameters. The same for every kind of provider.
//!
//! Parameters that are not set are not sent. `Debug` shows sizes, never content.

use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Instructions.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// The result of a tool call.
    Tool,
}

impl Role {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }
}

/// An image within a message.
#[derive(Clone)]
pub struct Image {
    /// Its media type, such as `image/jpeg`.
    pub mime: String,
    /// The encoded file.
    pub data: Bytes,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}, {} bytes)", self.mime, self.data.len())
    }
}

/// One message of the conversation.
#[derive(Clone)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// The text.
    pub content: String,
    /// Images, for models that see.
    pub images: Vec<Image>,
    /// The calls that an assistant message made.
    pub tool_calls: Vec<ToolCall>,
    /// For a tool result: the call it answers.
    pub tool_call_id: Option<String>,
    /// For a tool result: the tool's name.
    pub tool_name: Option<String>,
    /// Reasoning to send back, for providers that want it back with tool calls.
    pub reasoning: Option<String>,
}

impl Message {
    /// A message of text alone.
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self {
            role,
            content: content.into(),
            images: Vec::new(),
            tool_calls: Vec::new(),
            tool_call_id: None,
            tool_name: None,
            reasoning: None,
        }
    }

    /// Instructions.
    pub fn system(content: impl Into<String>) -> Self {
        Self::new(Role::System, content)
    }

    /// What the person says.
    pub fn user(content: impl Into<String>) -> Self {
        Self::new(Role::User, content)
    }

    /// What the model said. As the last message it is continued.
    pub fn assistant(content: impl Into<String>) -> Self {
        Self::new(Role::Assistant, content)
    }

    /// What a tool answered to `call`.
    pub fn tool_result(call: &ToolCall, content: impl Into<String>) -> Self {
        Self {
            tool_call_id: Some(call.id.clone()),
            tool_name: Some(call.name.clone()),
            ..Self::new(Role::Tool, content)
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("role", &self.role)
            .field("content_bytes", &self.content.len())
            .field("images", &self.images.len())
            .field("tool_calls", &self.tool_calls.len())
            .finish_non_exhaustive()
    }
}

/// A tool that the model may call.
#[derive(Debug, Clone)]
pub struct ToolSpec {
    /// Its name: letters, digits, `_` and `-`.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// The JSON schema of its arguments, an object.
    pub parameters: Value,
}

/// A whole call of a tool.
#[derive(Clone, PartialEq)]
pub struct ToolCall {
    /// The server's id of the call, or one made up by position (`call_0`).
    pub id: String,
    /// The tool.
    pub name: String,
    /// The arguments.
    pub arguments: ToolArguments,
}

impl fmt::Debug for ToolCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolCall")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The arguments of a tool call.
#[derive(Clone, PartialEq)]
pub enum ToolArguments {
    /// A JSON object, as it should be; empty if the model gave none.
    Object(Map<String, Value>),
    /// Not an object: to be reported back to the model as the call's result.
    Invalid {
        /// What the model wrote.
        raw: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl ToolArguments {
    /// The object to send back with the history; empty where the arguments were invalid, because
    /// servers reject a history that is not valid itself.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Object(map) => Value::Object(map.clone()),
            Self::Invalid { .. } => Value::Object(Map::new()),
        }
    }
}

/// Whether and how hard a reasoning model reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reasoning {
    /// Not at all.
    Off,
    /// As the server sees fit.
    On,
    /// Briefly.
    Low,
    /// Moderately.
    Medium,
    /// Thoroughly.
    High,
}

impl Reasoning {
    /// The effort's name, unless it is a mere switch.
    pub(crate) const fn effort(self) -> Option<&'static str> {
        match self {
            Self::Off | Self::On => None,
            Self::Low => Some("low"),
            Self::Medium => Some("medium"),
            Self::High => Some("high"),
        }
    }
}

/// One request for an answer.
#[derive(Clone)]
pub struct ChatRequest {
    /// The model's id at the provider.
    pub model: String,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
    /// Tools the model may call.
    pub tools: Vec<ToolSpec>,
    /// Sampling temperature.
    pub temperature: Option<f32>,
    /// Nucleus sampling.
    pub top_p: Option<f32>,
    /// The most tokens to answer with.
    pub max_tokens: Option<u32>,
    /// Texts that end the answer.
    pub stop: Vec<String>,
    /// The window in tokens. Ollama is always told it; other servers have it in their own settings.
    pub context_tokens: u32,
    /// Reasoning; not sent if unset.
    pub reasoning: Option<Reasoning>,
    /// A JSON schema that the answer must fit.
    pub answer_schema: Option<Value>,
    /// Whether the account consented to Ollama's passing this on to a cloud host. Without it a
    /// model that Ollama proxies is refused, wherever Ollama itself runs.
    pub allow_cloud: bool,
}

impl ChatRequest {
    /// A request with nothing but messages set, and a window of 4096 tokens.
    pub fn new(model: impl Into<String>, messages: Vec<Message>) -> Self {
        Self {
            model: model.into(),
            messages,
            tools: Vec::new(),
            temperature: None,
            top_p: None,
            max_tokens: None,
            stop: Vec::new(),
            context_tokens: 4096,
            reasoning: None,
            answer_schema: None,
            allow_cloud: false,
        }
    }

    pub(crate) fn has_images(&self) -> bool {
        self.messages.iter().any(|message| !message.images.is_empty())
    }
}

impl fmt::Debug for ChatRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatRequest")
            .field("model", &self.model)
            .field("messages", &self.messages.len())
            .field("tools", &self.tools.len())
            .finish_non_exhaustive()
    }
}
