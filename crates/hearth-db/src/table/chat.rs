//! Conversations with the assistant, and unsent text.

use crate::sql::{at, id, opt_at, opt_id};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::provider::ModelRef;
use hearth_api::{ChatId, PersonId, ProviderId, Timestamp};
use rusqlite::Row;

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatRow {
    /// Its id.
    pub id: ChatId,
    /// Whose.
    pub account: PersonId,
    /// Its title.
    pub title: String,
    /// Whether a person gave the title.
    pub titled_by_hand: bool,
    /// Pinned.
    pub pinned: bool,
    /// Archived.
    pub archived: bool,
    /// The model chosen.
    pub model: Option<ModelRef>,
    /// When the last message was written.
    pub last_message_at: Timestamp,
    /// When it went into the trash.
    pub deleted_at: Option<Timestamp>,
    /// Whether it has an unsent draft.
    pub has_draft: bool,
}

const SELECT: &str =
    "SELECT c.id, c.account, c.title, c.titled_by_hand, c.pinned, c.archived, c.provider, c.model,
    c.last_message_at, c.deleted_at,
    EXISTS (SELECT 1 FROM chat_draft d WHERE d.account = c.account AND d.chat = c.id) FROM chat c";

fn read(row: &Row<'_>) -> DbResult<ChatRow> {
    let provider: Option<ProviderId> = opt_id(row, 6)?;
    let model: Option<String> = row.get(7)?;
    Ok(ChatRow {
        id: id(row, 0)?,
        account: id(row, 1)?,
        title: row.get(2)?,
        titled_by_hand: row.get(3)?,
        pinned: row.get(4)?,
        archived: row.get(5)?,
        model: provider
            .zip(model)
            .map(|(provider, model)| ModelRef { provider, model }),
        last_message_at: at(row, 8)?,
        deleted_at: opt_at(row, 9)?,
        has_draft: row.get(10)?,
    })
}

/// An account's conversation, in the trash or not.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, account: PersonId, chat: ChatId) -> DbResult<Option<ChatRow>> {
    tx.first(
        &format!("{SELECT} WHERE c.id = ?1 AND c.account = ?2"),
        (chat.as_bytes(), account.as_bytes()),
        read,
    )
}

/// The place in the list after which to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// Whether that conversation is pinned.
    pub pinned: bool,
    /// When its last message was written.
    pub last: Timestamp,
    /// Its id.
    pub id: ChatId,
}

/// An account's conversations, pinned first, then by last message; those whose title contains `query`.
///
/// # Errors
/// A database error.
pub fn list(
    tx: &ReadTx<'_>,
    account: PersonId,
    archived: bool,
    query: &str,
    after: Option<After>,
    limit: u32,
) -> DbResult<Vec<ChatRow>> {
    let start = After {
        pinned: true,
        last: Timestamp(i64::MAX),
        id: ChatId::from_bytes([0; 16]),
    };
    let after = after.unwrap_or(start);
    tx.all(
        &format!(
            "{SELECT} WHERE c.account = ?1 AND c.archived = ?2 AND c.deleted_at IS NULL
               AND (c.pinned < ?3 OR (c.pinned = ?3 AND (c.last_message_at < ?4
                    OR (c.last_message_at = ?4 AND c.id > ?5))))
               AND (?6 = '' OR instr(lower(c.title), lower(?6)) > 0)
             ORDER BY c.pinned DESC, c.last_message_at DESC, c.id LIMIT ?7"
        ),
        (
            account.as_bytes(),
            archived,
            after.pinned,
            after.last.0,
            after.id.as_bytes(),
            query,
            limit,
        ),
        read,
    )
}

/// Stores a conversation, replacing one with the same id.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &ChatRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO chat (id, account, title, titled_by_hand, pinned, archived, provider, model, last_message_at, deleted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET title = ?3, titled_by_hand = ?4, pinned = ?5, archived = ?6, provider = ?7,
             model = ?8, last_message_at = ?9, deleted_at = ?10",
        (
            row.id.as_bytes(),
            row.account.as_bytes(),
            &row.title,
            row.titled_by_hand,
            row.pinned,
            row.archived,
            row.model.as_ref().map(|m| *m.provider.as_bytes()),
            row.model.as_ref().map(|m| m.model.as_str()),
            row.last_message_at.0,
            row.deleted_at.map(|t| t.0),
        ),
    )?;
    Ok(())
}

/// Erases conversations and messages that went into the trash before a time.
///
/// # Errors
/// A database error.
pub fn purge(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<()> {
    tx.run("DELETE FROM chat_message WHERE deleted_at < ?1", [before.0])?;
    tx.run("DELETE FROM chat WHERE deleted_at < ?1", [before.0])?;
    tx.run(
        "DELETE FROM chat_draft WHERE length(chat) = 16 AND chat NOT IN (SELECT id FROM chat)",
        [],
    )?;
    super::parameters::purge(tx)
}

fn draft_key(chat: Option<ChatId>) -> Vec<u8> {
    chat.map(|c| c.as_bytes().to_vec()).unwrap_or_default()
}

/// The unsent text of a conversation, or of the new one.
///
/// # Errors
/// A database error.
pub fn draft(tx: &ReadTx<'_>, account: PersonId, chat: Option<ChatId>) -> DbResult<String> {
    let text = tx.value(
        "SELECT text FROM chat_draft WHERE account = ?1 AND chat = ?2",
        (account.as_bytes(), draft_key(chat)),
    )?;
    Ok(text.unwrap_or_default())
}

/// Stores unsent text; an empty one is deleted.
///
/// # Errors
/// A database error.
pub fn set_draft(
    tx: &mut WriteTx<'_>,
    account: PersonId,
    chat: Option<ChatId>,
    text: &str,
    now: Timestamp,
) -> DbResult<()> {
    if text.is_empty() {
        tx.run(
            "DELETE FROM chat_draft WHERE account = ?1 AND chat = ?2",
            (account.as_bytes(), draft_key(chat)),
        )?;
    } else {
        tx.run(
            "INSERT INTO chat_draft (account, chat, text, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (account, chat) DO UPDATE SET text = ?3, at = ?4",
            (account.as_bytes(), draft_key(chat), text, now.0),
        )?;
    }
    Ok(())
}
