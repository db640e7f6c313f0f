//! Invites to pair with this home.

use super::subscription::Subject;
use crate::sql::{at, id};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, InviteId, PersonId, Timestamp};
use rusqlite::Row;

/// An invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeInviteRow {
    /// Its id here.
    pub id: InviteId,
    /// Its name on the wire.
    pub public_id: String,
    /// Who made it.
    pub person: PersonId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The home that used it.
    pub used_by: Option<HomeId>,
    /// Whether it was withdrawn.
    pub cancelled: bool,
    /// The one thing that it opens; nothing for a connection as a whole.
    pub scope: Option<Subject>,
}

const COLUMNS: &str = "id, public_id, person, created_at, expires_at, used_by, cancelled, scope, target";

fn read(row: &Row<'_>) -> DbResult<HomeInviteRow> {
    let used_by: Option<String> = row.get(5)?;
    Ok(HomeInviteRow {
        id: id(row, 0)?,
        public_id: row.get(1)?,
        person: id(row, 2)?,
        created_at: at(row, 3)?,
        expires_at: at(row, 4)?,
        used_by: used_by
            .map(|h| {
                h.parse()
                    .map_err(|_why: hearth_api::InvalidId| DbError::Malformed("home id"))
            })
            .transpose()?,
        cancelled: row.get(6)?,
        scope: match row.get::<_, String>(7)?.as_str() {
            "full" => None,
            kind => Some(Subject {
                kind: kind.parse()?,
                target: id(row, 8)?,
            }),
        },
    })
}

/// An invite by its name on the wire.
///
/// # Errors
/// A database error.
pub fn by_public_id(tx: &ReadTx<'_>, public_id: &str) -> DbResult<Option<HomeInviteRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM home_invite WHERE public_id = ?1"),
        [public_id],
        read,
    )
}

/// An invite by its id.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, invite: InviteId) -> DbResult<Option<HomeInviteRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM home_invite WHERE id = ?1"),
        [invite.as_bytes()],
        read,
    )
}

/// All invites, newest first.
///
/// # Errors
/// A database error.
pub fn list(tx: &ReadTx<'_>) -> DbResult<Vec<HomeInviteRow>> {
    tx.all(
        &format!("SELECT {COLUMNS} FROM home_invite ORDER BY created_at DESC, id"),
        [],
        read,
    )
}

/// Stores a new invite.
///
/// # Errors
/// A database error.
pub fn insert(tx: &mut WriteTx<'_>, row: &HomeInviteRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO home_invite (id, public_id, person, created_at, expires_at, scope, target)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            row.id.as_bytes(),
            &row.public_id,
            row.person.as_bytes(),
            row.created_at.0,
            row.expires_at.0,
            row.scope.map_or("full", |scope| scope.kind.as_str()),
            row.scope.map(|scope| *scope.target.as_bytes()),
        ),
    )?;
    Ok(())
}

/// Marks an invite as used by a home; false if it was used already.
///
/// # Errors
/// A database error.
pub fn set_used(tx: &mut WriteTx<'_>, public_id: &str, home: &HomeId) -> DbResult<bool> {
    let rows = tx.run(
        "UPDATE home_invite SET used_by = ?2 WHERE public_id = ?1 AND used_by IS NULL AND cancelled = 0",
        (public_id, home.as_str()),
    )?;
    Ok(rows == 1)
}

/// Withdraws an invite.
///
/// # Errors
/// A database error.
pub fn cancel(tx: &mut WriteTx<'_>, invite: InviteId) -> DbResult<()> {
    tx.run(
        "UPDATE home_invite SET cancelled = 1 WHERE id = ?1",
        [invite.as_bytes()],
    )?;
    Ok(())
}

/// Drops invites that ended before a time; their ids, whose sealed tokens are to be destroyed.
///
/// # Errors
/// A database error.
pub fn delete_ended(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<Vec<InviteId>> {
    let ended = tx.all(
        "SELECT id FROM home_invite WHERE expires_at < ?1",
        [before.0],
        |row| id(row, 0),
    )?;
    tx.run("DELETE FROM home_invite WHERE expires_at < ?1", [before.0])?;
    Ok(ended)
}
