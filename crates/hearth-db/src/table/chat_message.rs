//! Messages of conversations with the assistant.

use crate::sql::{at, id, json, opt_at, to_json};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::chat::{AnswerInfo, ChatRole, TurnState};
use hearth_api::{ChatId, MessageId, Timestamp};
use rusqlite::Row;
use uuid::Uuid;

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageRow {
    /// Its id.
    pub id: MessageId,
    /// Its conversation.
    pub chat: ChatId,
    /// Its place in the conversation.
    pub n: u32,
    /// Who wrote it.
    pub role: ChatRole,
    /// The client's id of sending it.
    pub op: Option<Uuid>,
    /// Its text.
    pub text: String,
    /// The model's reasoning.
    pub reasoning: String,
    /// The state of the answer.
    pub state: TurnState,
    /// What went wrong, a stable code.
    pub error: Option<String>,
    /// The same in plain words.
    pub error_message: Option<String>,
    /// When it was written.
    pub at: Timestamp,
    /// What is kept about an answer.
    pub info: Option<AnswerInfo>,
    /// -1, 0 or 1.
    pub rating: i8,
    /// When it went into the trash.
    pub deleted_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "id, chat, n, role, op, text, reasoning, state, error, error_message, at, info, rating, deleted_at";

fn state_text(state: TurnState) -> &'static str {
    match state {
        TurnState::Queued => "queued",
        TurnState::Retrieving => "retrieving",
        TurnState::LoadingModel => "loading_model",
        TurnState::Waiting => "waiting",
        TurnState::Streaming => "streaming",
        TurnState::AwaitingApproval => "awaiting_approval",
        TurnState::Done => "done",
        TurnState::Stopped => "stopped",
        TurnState::Interrupted => "interrupted",
        TurnState::Failed => "failed",
    }
}

fn state_of(text: &str) -> DbResult<TurnState> {
    use TurnState::{
        AwaitingApproval, Done, Failed, Interrupted, LoadingModel, Queued, Retrieving, Stopped, Streaming,
        Waiting,
    };
    [
        Queued,
        Retrieving,
        LoadingModel,
        Waiting,
        Streaming,
        AwaitingApproval,
        Done,
        Stopped,
        Interrupted,
        Failed,
    ]
    .into_iter()
    .find(|s| state_text(*s) == text)
    .ok_or(DbError::Malformed("turn state"))
}

fn read(row: &Row<'_>) -> DbResult<MessageRow> {
    let role: String = row.get(3)?;
    let state: String = row.get(7)?;
    let info: Option<String> = row.get(11)?;
    Ok(MessageRow {
        id: id(row, 0)?,
        chat: id(row, 1)?,
        n: crate::sql::unsigned(row, 2, "message number")?,
        role: if role == "user" {
            ChatRole::User
        } else {
            ChatRole::Assistant
        },
        op: crate::sql::opt_id(row, 4)?,
        text: row.get(5)?,
        reasoning: row.get(6)?,
        state: state_of(&state)?,
        error: row.get(8)?,
        error_message: row.get(9)?,
        at: at(row, 10)?,
        info: if info.is_some() {
            Some(json(row, 11, "answer info")?)
        } else {
            None
        },
        rating: row.get(12)?,
        deleted_at: opt_at(row, 13)?,
    })
}

/// The messages of a conversation that are not in the trash, oldest first.
///
/// # Errors
/// A database error.
pub fn of_chat(tx: &ReadTx<'_>, chat: ChatId) -> DbResult<Vec<MessageRow>> {
    tx.all(
        &format!("SELECT {COLUMNS} FROM chat_message WHERE chat = ?1 AND deleted_at IS NULL ORDER BY n"),
        [chat.as_bytes()],
        read,
    )
}

/// A message by id.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, message: MessageId) -> DbResult<Option<MessageRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM chat_message WHERE id = ?1"),
        [message.as_bytes()],
        read,
    )
}

/// A message by the client's id of sending it.
///
/// # Errors
/// A database error.
pub fn by_op(tx: &ReadTx<'_>, op: Uuid) -> DbResult<Option<MessageRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM chat_message WHERE op = ?1"),
        [op.as_bytes()],
        read,
    )
}

/// The number for the next message of a conversation.
///
/// # Errors
/// A database error.
pub fn next_n(tx: &ReadTx<'_>, chat: ChatId) -> DbResult<u32> {
    let n = tx.count(
        "SELECT coalesce(max(n), 0) + 1 FROM chat_message WHERE chat = ?1",
        [chat.as_bytes()],
    )?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// Stores a message, replacing one with the same id.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &MessageRow) -> DbResult<()> {
    let info = row.info.as_ref().map(|i| to_json(i, "answer info")).transpose()?;
    let role = if row.role == ChatRole::User {
        "user"
    } else {
        "assistant"
    };
    tx.run(
        "INSERT INTO chat_message (id, chat, n, role, op, text, reasoning, state, error, error_message, at, info,
             rating, deleted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (id) DO UPDATE SET text = ?6, reasoning = ?7, state = ?8, error = ?9, error_message = ?10,
             at = ?11, info = ?12, rating = ?13, deleted_at = ?14",
        (
            row.id.as_bytes(),
            row.chat.as_bytes(),
            row.n,
            role,
            row.op.map(|o| *o.as_bytes()),
            &row.text,
            &row.reasoning,
            state_text(row.state),
            &row.error,
            &row.error_message,
            row.at.0,
            info,
            row.rating,
            row.deleted_at.map(|t| t.0),
        ),
    )?;
    Ok(())
}

/// Stores the text of an answer under way.
///
/// # Errors
/// A database error.
pub fn set_partial(
    tx: &mut WriteTx<'_>,
    message: MessageId,
    state: TurnState,
    text: &str,
    reasoning: &str,
) -> DbResult<()> {
    tx.run(
        "UPDATE chat_message SET state = ?2, text = ?3, reasoning = ?4 WHERE id = ?1",
        (message.as_bytes(), state_text(state), text, reasoning),
    )?;
    Ok(())
}

/// Rates a message.
///
/// # Errors
/// A database error.
pub fn set_rating(tx: &mut WriteTx<'_>, message: MessageId, rating: i8) -> DbResult<()> {
    tx.run(
        "UPDATE chat_message SET rating = ?2 WHERE id = ?1",
        (message.as_bytes(), rating),
    )?;
    Ok(())
}

/// Puts a message and all later ones of its conversation into the trash.
///
/// # Errors
/// A database error.
pub fn trash_from(tx: &mut WriteTx<'_>, chat: ChatId, n: u32, now: Timestamp) -> DbResult<()> {
    tx.run(
        "UPDATE chat_message SET deleted_at = ?3 WHERE chat = ?1 AND n >= ?2 AND deleted_at IS NULL",
        (chat.as_bytes(), n, now.0),
    )?;
    Ok(())
}

/// Takes what went into the trash together out of it.
///
/// # Errors
/// A database error.
pub fn restore(tx: &mut WriteTx<'_>, chat: ChatId, deleted_at: Timestamp) -> DbResult<()> {
    tx.run(
        "UPDATE chat_message SET deleted_at = NULL WHERE chat = ?1 AND deleted_at = ?2",
        (chat.as_bytes(), deleted_at.0),
    )?;
    Ok(())
}

/// Marks answers that a crash cut off as interrupted; how many there were.
///
/// # Errors
/// A database error.
pub fn interrupt_unfinished(tx: &mut WriteTx<'_>, error: &str, message: &str) -> DbResult<usize> {
    tx.run(
        "UPDATE chat_message SET state = 'interrupted', error = ?1, error_message = ?2
         WHERE state IN ('queued', 'retrieving', 'loading_model', 'waiting', 'streaming', 'awaiting_approval')",
        (error, message),
    )
}

/// How many answers are still being written.
///
/// # Errors
/// A database error.
pub fn unfinished(tx: &ReadTx<'_>) -> DbResult<u64> {
    tx.count(
        "SELECT count(*) FROM chat_message
         WHERE state IN ('queued', 'retrieving', 'loading_model', 'waiting', 'streaming', 'awaiting_approval')",
        (),
    )
}
