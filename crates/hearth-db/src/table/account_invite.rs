//! Invites to an account of this home.

use crate::sql::{at, id, opt_at};
use crate::table::account::{role_of, role_text};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::account::{AccountInviteInfo, Role};
use hearth_api::{InviteId, PersonId, Timestamp};
use rusqlite::Row;

/// An invite; its code is not read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountInviteRow {
    /// Its id.
    pub id: InviteId,
    /// The role it gives: admin or member.
    pub role: Role,
    /// A note for the list.
    pub note: String,
    /// Who made it.
    pub created_by: PersonId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// When it was accepted or withdrawn.
    pub used_at: Option<Timestamp>,
}

impl AccountInviteRow {
    /// As shown in the list.
    #[must_use]
    pub fn to_info(&self) -> AccountInviteInfo {
        AccountInviteInfo {
            id: self.id,
            role: self.role,
            note: self.note.clone(),
            created_at: self.created_at,
            expires_at: self.expires_at,
        }
    }
}

const COLUMNS: &str = "id, role, note, created_by, created_at, expires_at, used_at";

fn read(row: &Row<'_>) -> DbResult<AccountInviteRow> {
    Ok(AccountInviteRow {
        id: id(row, 0)?,
        role: role_of(&row.get::<_, String>(1)?)?,
        note: row.get(2)?,
        created_by: id(row, 3)?,
        created_at: at(row, 4)?,
        expires_at: at(row, 5)?,
        used_at: opt_at(row, 6)?,
    })
}

/// The invite with a code's hash, used or not.
///
/// # Errors
/// A database error.
pub fn by_code(tx: &ReadTx<'_>, code: &[u8; 32]) -> DbResult<Option<AccountInviteRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM account_invite WHERE code = ?1"),
        [code],
        read,
    )
}

/// Invites that can still be accepted, newest first.
///
/// # Errors
/// A database error.
pub fn open(tx: &ReadTx<'_>, now: Timestamp) -> DbResult<Vec<AccountInviteRow>> {
    tx.all(
        &format!(
            "SELECT {COLUMNS} FROM account_invite WHERE used_at IS NULL AND expires_at > ?1 ORDER BY created_at DESC, id DESC"
        ),
        [now.0],
        read,
    )
}

/// Adds an invite.
///
/// # Errors
/// A database error.
pub fn insert(tx: &mut WriteTx<'_>, row: &AccountInviteRow, code: &[u8; 32]) -> DbResult<()> {
    tx.run(
        "INSERT INTO account_invite (id, code, role, note, created_by, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            row.id.as_bytes(),
            code,
            role_text(row.role),
            &row.note,
            row.created_by.as_bytes(),
            row.created_at.0,
            row.expires_at.0,
        ),
    )?;
    Ok(())
}

/// Uses an invite up, once: false when there is none to use.
///
/// # Errors
/// A database error.
pub fn take(tx: &mut WriteTx<'_>, invite: InviteId, now: Timestamp) -> DbResult<bool> {
    let rows = tx.run(
        "UPDATE account_invite SET used_at = ?2 WHERE id = ?1 AND used_at IS NULL",
        (invite.as_bytes(), now.0),
    )?;
    Ok(rows == 1)
}

/// Forgets invites that ended before a time.
///
/// # Errors
/// A database error.
pub fn sweep(tx: &mut WriteTx<'_>, ended: Timestamp) -> DbResult<usize> {
    tx.run(
        "DELETE FROM account_invite WHERE expires_at < ?1 OR used_at < ?1",
        [ended.0],
    )
}
