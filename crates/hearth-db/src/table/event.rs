//! The stream of events for windows.

use crate::sql::{at, json, to_json};
use crate::{DbResult, ReadTx, Wake, WriteTx};
use hearth_api::{Event, EventEnvelope, PersonId, Timestamp};

/// How many events are kept.
const KEEP: i64 = 20_000;

/// Appends an event for one account, or for everybody of this home; windows are told after the commit.
///
/// # Errors
/// A database error.
pub fn append(
    tx: &mut WriteTx<'_>,
    account: Option<PersonId>,
    now: Timestamp,
    event: &Event,
) -> DbResult<()> {
    let body = to_json(event, "event")?;
    let account = account.map(|id| *id.as_bytes());
    tx.run(
        "INSERT INTO event (account, at, body) VALUES (?1, ?2, ?3)",
        (account, now.0, body),
    )?;
    tx.wake(Wake::Events);
    Ok(())
}

/// The number of the latest event; 0 when there was none.
///
/// # Errors
/// A database error.
pub fn latest(tx: &ReadTx<'_>) -> DbResult<u64> {
    tx.count("SELECT seq FROM sqlite_sequence WHERE name = 'event'", [])
}

/// The oldest event kept; 0 when there is none.
///
/// # Errors
/// A database error.
pub fn oldest(tx: &ReadTx<'_>) -> DbResult<u64> {
    tx.count("SELECT min(seq) FROM event", [])
}

/// The events of an account after a number, oldest first, at most `limit`.
///
/// # Errors
/// A database error.
pub fn after(tx: &ReadTx<'_>, account: PersonId, seq: u64, limit: u32) -> DbResult<Vec<EventEnvelope>> {
    tx.all(
        "SELECT seq, at, body FROM event
         WHERE seq > ?1 AND (account IS NULL OR account = ?2) ORDER BY seq LIMIT ?3",
        (i64::try_from(seq).unwrap_or(i64::MAX), account.as_bytes(), limit),
        |row| {
            Ok(EventEnvelope {
                seq: Some(crate::sql::unsigned(row, 0, "event seq")?),
                at: at(row, 1)?,
                event: json(row, 2, "event")?,
            })
        },
    )
}

/// Drops all but the newest events.
///
/// # Errors
/// A database error.
pub fn prune(tx: &mut WriteTx<'_>) -> DbResult<()> {
    tx.run(
        "DELETE FROM event WHERE seq <= (SELECT max(seq) FROM event) - ?1",
        [KEEP],
    )?;
    Ok(())
}
