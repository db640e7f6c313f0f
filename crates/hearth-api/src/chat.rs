//! Conversations with the assistant.

pub use crate::answer::{AnswerInfo, TraceStep, TraceWhat};
use crate::ids::{ChatId, MessageId, Timestamp, TurnId};
use crate::provider::{Locality, ModelRef};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest message, in characters.
pub const MAX_MESSAGE: usize = 200_000;

/// Lists conversations, last message first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListChats {
    /// Whether to list the archived ones instead.
    #[serde(default)]
    pub archived: bool,
    /// Part of a title; empty lists all.
    #[serde(default)]
    pub query: String,
    /// Where to go on; pages of 50.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A conversation in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatSummary {
    /// Its id.
    pub id: ChatId,
    /// Its title.
    pub title: String,
    /// Pinned on top.
    pub pinned: bool,
    /// Archived.
    pub archived: bool,
    /// When the last message was written.
    pub last_message_at: Timestamp,
    /// Whether a turn is running.
    pub running: bool,
    /// Whether it has an unsent draft.
    pub has_draft: bool,
}

/// Asks for a conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetChat {
    /// Which.
    pub id: ChatId,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chat {
    /// As in the list.
    pub summary: ChatSummary,
    /// Its messages, oldest first.
    pub messages: Vec<ChatMessage>,
    /// The model chosen for it, if one was.
    pub model: Option<ModelRef>,
    /// The unsent draft.
    pub draft: String,
    /// The running turn.
    pub turn: Option<TurnId>,
    /// The latest event number of the running turn included in `messages`; ask for later ones.
    pub turn_seq: u64,
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatRole {
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// The state of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnState {
    /// Waiting for its turn.
    Queued,
    /// Looking things up.
    Retrieving,
    /// The server loads the model.
    LoadingModel,
    /// Sent, no token yet.
    Waiting,
    /// Tokens arrive.
    Streaming,
    /// A tool waits for a click.
    AwaitingApproval,
    /// Finished.
    Done,
    /// Stopped by the person; the text stays.
    Stopped,
    /// Broke off; the text stays.
    Interrupted,
    /// Failed.
    Failed,
}

impl TurnState {
    /// Whether nothing more will come.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Done | Self::Stopped | Self::Interrupted | Self::Failed
        )
    }
}

/// How many tokens went in and out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// Tokens of the prompt.
    pub prompt: u32,
    /// Tokens of the answer.
    pub completion: u32,
    /// Of these, tokens of reasoning.
    pub reasoning: u32,
    /// Whether the server told them, or they are estimated.
    pub reported: bool,
}

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Its id.
    pub id: MessageId,
    /// Who wrote it.
    pub role: ChatRole,
    /// Its text, Markdown.
    pub text: String,
    /// The model's reasoning, if any.
    pub reasoning: String,
    /// The state of an answer; `done` for the person's.
    pub state: TurnState,
    /// What went wrong, a stable code.
    pub error: Option<String>,
    /// The same in plain words.
    pub error_message: Option<String>,
    /// When it was written.
    pub at: Timestamp,
    /// What is kept about an answer.
    pub info: Option<AnswerInfo>,
    /// -1, 0 or 1; stays here.
    pub rating: i8,
    /// Whether Continue makes sense: partial or limited by length.
    pub can_continue: bool,
}

/// Sends a message; the turn then runs and reports by events.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendMessage {
    /// Chosen by the client; a repeat does nothing twice.
    pub op: Uuid,
    /// In which conversation; `None` begins one.
    #[serde(default)]
    pub chat: Option<ChatId>,
    /// The text, 1 to 200000 characters.
    pub text: String,
    /// The model; else the conversation's, the account's, the home's default.
    #[serde(default)]
    pub model: Option<ModelRef>,
}

/// A turn that has begun.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurnStarted {
    /// In which conversation.
    pub chat: ChatId,
    /// The turn.
    pub turn: TurnId,
    /// The stored question.
    pub question: ChatMessage,
    /// The answer to come.
    pub answer: ChatMessage,
}

/// Stops the running turn of a conversation; the text so far stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StopTurn {
    /// Which conversation.
    pub chat: ChatId,
}

/// Extends a partial or length-limited answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ContinueAnswer {
    /// Which conversation.
    pub chat: ChatId,
    /// Which answer: the last one.
    pub message: MessageId,
}

/// Repeats a failed turn without a second copy of the question.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResendMessage {
    /// Which conversation.
    pub chat: ChatId,
    /// The failed answer.
    pub message: MessageId,
    /// Another model.
    #[serde(default)]
    pub model: Option<ModelRef>,
}

/// Asks for the events of a turn after a number; a reloaded window goes on with these.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetTurnEvents {
    /// Which turn.
    pub turn: TurnId,
    /// After which event number.
    pub after: u64,
}

/// The events asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TurnEvents {
    /// In order, without gaps.
    pub events: Vec<TurnEvent>,
}

/// Something that happened in a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurnEvent {
    /// The conversation.
    pub chat: ChatId,
    /// The turn.
    pub turn: TurnId,
    /// The answer's message.
    pub message: MessageId,
    /// Rising by one from 1 within the turn.
    pub seq: u64,
    /// What.
    pub what: TurnUpdate,
}

/// What happened in a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TurnUpdate {
    /// A new state.
    State {
        /// Which.
        state: TurnState,
    },
    /// More text.
    Delta {
        /// To append.
        text: String,
    },
    /// More reasoning.
    Reasoning {
        /// To append.
        text: String,
    },
    /// Tokens so far.
    Usage {
        /// The counts.
        usage: TokenUsage,
    },
    /// A new title of the conversation.
    Title {
        /// The title.
        title: String,
    },
    /// It failed.
    Error {
        /// Stable code.
        code: String,
        /// Plain words.
        message: String,
        /// When trying again makes sense, in milliseconds.
        retry_after_ms: Option<u64>,
    },
    /// Nothing more will come; the message as stored.
    End {
        /// The stored answer.
        message: Box<ChatMessage>,
    },
}

/// What to change of a conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateChat {
    /// Which.
    pub id: ChatId,
    /// New title, 1-200 characters; never overwritten afterwards.
    #[serde(default)]
    pub title: Option<String>,
    /// Pin or unpin.
    #[serde(default)]
    pub pinned: Option<bool>,
    /// Archive or take back.
    #[serde(default)]
    pub archived: Option<bool>,
    /// Choose its model.
    #[serde(default)]
    pub model: Option<ModelRef>,
}

/// Puts a conversation into the trash for 30 days.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteChat {
    /// Which.
    pub id: ChatId,
}

/// Takes a conversation or message out of the trash.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RestoreChat {
    /// Which conversation.
    pub id: ChatId,
    /// Only this message and what followed it.
    #[serde(default)]
    pub message: Option<MessageId>,
}

/// Most conversations changed at once.
pub const MAX_CHATS_AT_ONCE: usize = 1000;

/// Pins or archives several conversations: all of them or, when one is not there, none.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateChats {
    /// Which, 1 to 1000.
    pub ids: Vec<ChatId>,
    /// Pin or unpin.
    #[serde(default)]
    pub pinned: Option<bool>,
    /// Archive or take back.
    #[serde(default)]
    pub archived: Option<bool>,
}

/// Puts several conversations into the trash for 30 days: all of them or, when one is not there, none.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteChats {
    /// Which, 1 to 1000.
    pub ids: Vec<ChatId>,
}

/// Takes several conversations out of the trash.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RestoreChats {
    /// Which, 1 to 1000.
    pub ids: Vec<ChatId>,
}

/// Puts a message and all that follow it into the trash.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteMessage {
    /// Of which conversation.
    pub chat: ChatId,
    /// Which message.
    pub message: MessageId,
}

/// Rates an answer; stays here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RateAnswer {
    /// Of which conversation.
    pub chat: ChatId,
    /// Which answer.
    pub message: MessageId,
    /// -1, 0 or 1.
    pub rating: i8,
}

/// Saves the unsent draft of a conversation, or of a new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaveChatDraft {
    /// Which; `None` is the new conversation.
    #[serde(default)]
    pub chat: Option<ChatId>,
    /// What was typed; empty deletes the draft.
    pub text: String,
}

/// Asks whether the composer can send, and the new conversation's draft.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetComposer {}

/// What the composer needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComposerState {
    /// The draft of the new conversation.
    pub draft: String,
    /// The model that would be used.
    pub model: Option<ModelRef>,
    /// Where it runs.
    pub locality: Option<Locality>,
    /// Why nothing can be sent, a stable code: `no_provider`, `model_not_found`, `consent_required`, `provider_unreachable`.
    pub blocked: Option<String>,
}
