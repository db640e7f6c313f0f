//! What is gone, and what clients' operations made.

use crate::sql::{id, parsed};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::{PersonId, Timestamp};
use uuid::Uuid;

/// For how many days a client's repeat is recognised.
pub const OPERATION_DAYS: i64 = 30;

/// How something is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// For ever.
    Deleted,
    /// Until its author gives it anew.
    Retracted,
}

impl std::str::FromStr for Gone {
    type Err = DbError;
    fn from_str(text: &str) -> DbResult<Self> {
        match text {
            "deleted" => Ok(Self::Deleted),
            "retracted" => Ok(Self::Retracted),
            _ => Err(DbError::Malformed("tombstone state")),
        }
    }
}

/// A tombstone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TombstoneRow {
    /// What is gone.
    pub item: Uuid,
    /// Who said so.
    pub by: PersonId,
    /// How.
    pub state: Gone,
    /// When, by the hybrid logical clock.
    pub hlc: String,
}

/// The tombstones of an item: one for each person who set one.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, item: Uuid) -> DbResult<Vec<TombstoneRow>> {
    tx.all(
        "SELECT item, by, state, hlc FROM tombstone WHERE item = ?1",
        [item.as_bytes()],
        |row| {
            Ok(TombstoneRow {
                item: id(row, 0)?,
                by: id(row, 1)?,
                state: parsed(row, 2, "tombstone state")?,
                hlc: row.get(3)?,
            })
        },
    )
}

/// Sets a tombstone. `Deleted` stays; of two retractions the later one counts.
///
/// # Errors
/// A database error.
pub fn set(tx: &mut WriteTx<'_>, row: &TombstoneRow, now: Timestamp) -> DbResult<()> {
    let state = match row.state {
        Gone::Deleted => "deleted",
        Gone::Retracted => "retracted",
    };
    tx.run(
        "INSERT INTO tombstone (item, by, state, hlc, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (item, by) DO UPDATE SET state = ?3, hlc = ?4, at = ?5
             WHERE state = 'retracted' AND (?3 = 'deleted' OR hlc < ?4)",
        (row.item.as_bytes(), row.by.as_bytes(), state, &row.hlc, now.0),
    )?;
    Ok(())
}

/// Takes a retraction back: its author gave the item anew.
///
/// # Errors
/// A database error.
pub fn lift(tx: &mut WriteTx<'_>, item: Uuid, by: PersonId) -> DbResult<()> {
    tx.run(
        "DELETE FROM tombstone WHERE item = ?1 AND by = ?2 AND state = 'retracted'",
        (item.as_bytes(), by.as_bytes()),
    )?;
    Ok(())
}

/// What an account's operation made, if it was done before.
///
/// # Errors
/// A database error.
pub fn operation(tx: &ReadTx<'_>, account: PersonId, op: Uuid) -> DbResult<Option<Uuid>> {
    tx.first(
        "SELECT item FROM operation WHERE account = ?1 AND op = ?2",
        (account.as_bytes(), op.as_bytes()),
        |row| id(row, 0),
    )
}

/// Notes what an account's operation made.
///
/// # Errors
/// A database error.
pub fn put_operation(
    tx: &mut WriteTx<'_>,
    account: PersonId,
    op: Uuid,
    item: Uuid,
    now: Timestamp,
) -> DbResult<()> {
    tx.run(
        "INSERT INTO operation (account, op, item, at) VALUES (?1, ?2, ?3, ?4)",
        (account.as_bytes(), op.as_bytes(), item.as_bytes(), now.0),
    )?;
    Ok(())
}

/// Forgets operations from before a time: no client repeats them any more.
///
/// # Errors
/// A database error.
pub fn prune_operations(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<()> {
    tx.run("DELETE FROM operation WHERE at < ?1", [before.0])?;
    Ok(())
}
