//! Drafts.

use crate::sql::{at, id, parsed};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{DraftId, PersonId, Timestamp, feed::Audience};
use rusqlite::Row;

/// A draft; what is attached to it is in `attachment`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Its id.
    pub id: DraftId,
    /// Whose.
    pub account: PersonId,
    /// Where it belongs.
    pub place: String,
    /// What was typed.
    pub text: String,
    /// The audience chosen.
    pub audience: Audience,
    /// When it was saved.
    pub saved_at: Timestamp,
}

fn read(row: &Row<'_>) -> DbResult<DraftRow> {
    Ok(DraftRow {
        id: id(row, 0)?,
        account: id(row, 1)?,
        place: row.get(2)?,
        text: row.get(3)?,
        audience: parsed(row, 4, "audience")?,
        saved_at: at(row, 5)?,
    })
}

/// A draft by id.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, draft: DraftId) -> DbResult<Option<DraftRow>> {
    tx.first(
        "SELECT id, account, place, text, audience, saved_at FROM draft WHERE id = ?1",
        [draft.as_bytes()],
        read,
    )
}

/// An account's drafts, newest first.
///
/// # Errors
/// A database error.
pub fn list(tx: &ReadTx<'_>, account: PersonId) -> DbResult<Vec<DraftRow>> {
    tx.all(
        "SELECT id, account, place, text, audience, saved_at FROM draft
         WHERE account = ?1 ORDER BY saved_at DESC, id DESC",
        [account.as_bytes()],
        read,
    )
}

/// How many drafts an account has.
///
/// # Errors
/// A database error.
pub fn count(tx: &ReadTx<'_>, account: PersonId) -> DbResult<u64> {
    tx.count(
        "SELECT count(*) FROM draft WHERE account = ?1",
        [account.as_bytes()],
    )
}

/// Stores a draft, replacing one with the same id.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &DraftRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO draft (id, account, place, text, audience, saved_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET place = ?3, text = ?4, audience = ?5, saved_at = ?6",
        (
            row.id.as_bytes(),
            row.account.as_bytes(),
            &row.place,
            &row.text,
            row.audience.as_str(),
            row.saved_at.0,
        ),
    )?;
    Ok(())
}

/// Deletes a draft.
///
/// # Errors
/// A database error.
pub fn delete(tx: &mut WriteTx<'_>, draft: DraftId) -> DbResult<()> {
    tx.run("DELETE FROM draft WHERE id = ?1", [draft.as_bytes()])?;
    Ok(())
}
