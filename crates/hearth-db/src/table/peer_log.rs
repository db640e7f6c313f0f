//! Activities, the peers' logs, and where each item stands on each home.

use crate::sql::{at, home, id, unsigned};
use crate::{DbError, DbResult, ReadTx, Wake, WriteTx};
use hearth_api::{HomeId, Timestamp, feed::DeliveryState};
use uuid::Uuid;

/// One row of a peer's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Its number, rising by one.
    pub seq: u64,
    /// The activity's id.
    pub activity: Uuid,
    /// The activity as signed.
    pub jws: String,
    /// The post or comment that it is about.
    pub item: Option<Uuid>,
    /// When it was appended.
    pub at: Timestamp,
}

/// Where an item stands on a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Which home.
    pub home: HomeId,
    /// The state.
    pub state: DeliveryState,
    /// Why it was refused.
    pub code: Option<String>,
    /// Since when.
    pub at: Timestamp,
}

fn state_text(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "waiting",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Refused => "refused",
    }
}

fn state_of(text: &str) -> DbResult<DeliveryState> {
    Ok(match text {
        "waiting" => DeliveryState::Waiting,
        "delivered" => DeliveryState::Delivered,
        "refused" => DeliveryState::Refused,
        _ => return Err(DbError::Malformed("delivery state")),
    })
}

/// Stores an activity once; false when it was there.
///
/// # Errors
/// A database error.
pub fn put_activity(tx: &mut WriteTx<'_>, activity: Uuid, kind: &str, jws: &str) -> DbResult<bool> {
    let rows = tx.run(
        "INSERT INTO activity (id, kind, jws) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
        (activity.as_bytes(), kind, jws),
    )?;
    Ok(rows == 1)
}

/// An activity as signed, if it is stored.
///
/// # Errors
/// A database error.
pub fn activity(tx: &ReadTx<'_>, activity: Uuid) -> DbResult<Option<String>> {
    tx.value("SELECT jws FROM activity WHERE id = ?1", [activity.as_bytes()])
}

/// Appends a stored activity to a home's log and, when it is about an item, marks that as waiting there. Wakes the delivery.
///
/// # Errors
/// A database error.
pub fn append(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    activity: Uuid,
    item: Option<Uuid>,
    now: Timestamp,
) -> DbResult<u64> {
    tx.run(
        "INSERT INTO peer_log_end (home, seq) VALUES (?1, 1) ON CONFLICT (home) DO UPDATE SET seq = seq + 1",
        [home.as_str()],
    )?;
    let seq = tx.count("SELECT seq FROM peer_log_end WHERE home = ?1", [home.as_str()])?;
    let item = item.map(|i| *i.as_bytes());
    tx.run(
        "INSERT INTO peer_log (home, seq, activity, item, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            home.as_str(),
            i64::try_from(seq).unwrap_or(i64::MAX),
            activity.as_bytes(),
            item,
            now.0,
        ),
    )?;
    if let Some(item) = item {
        tx.run(
            "INSERT INTO delivery (item, home, activity, state, at) VALUES (?1, ?2, ?3, 'waiting', ?4)
             ON CONFLICT (item, home) DO UPDATE SET activity = ?3, state = 'waiting', code = NULL, at = ?4",
            (item, home.as_str(), activity.as_bytes(), now.0),
        )?;
    }
    tx.wake(Wake::Delivery);
    Ok(seq)
}

/// The oldest rows of a home's log after a number, at most `limit`.
///
/// # Errors
/// A database error.
pub fn rows(tx: &ReadTx<'_>, home: &HomeId, after: u64, limit: u32) -> DbResult<Vec<LogRow>> {
    tx.all(
        "SELECT l.seq, l.activity, a.jws, l.item, l.at FROM peer_log l JOIN activity a ON a.id = l.activity
         WHERE l.home = ?1 AND l.seq > ?2 ORDER BY l.seq LIMIT ?3",
        (home.as_str(), i64::try_from(after).unwrap_or(i64::MAX), limit),
        |row| {
            Ok(LogRow {
                seq: unsigned(row, 0, "log seq")?,
                activity: id(row, 1)?,
                jws: row.get(2)?,
                item: crate::sql::opt_id(row, 3)?,
                at: at(row, 4)?,
            })
        },
    )
}

/// How many rows wait for a home.
///
/// # Errors
/// A database error.
pub fn waiting(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count("SELECT count(*) FROM peer_log WHERE home = ?1", [home.as_str()])
}

/// The last number given in a home's log; 0 when nothing ever was.
///
/// # Errors
/// A database error.
pub fn end(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count("SELECT seq FROM peer_log_end WHERE home = ?1", [home.as_str()])
}

/// Takes an acknowledged row out of the log and notes the outcome at its item, unless something newer about it waits.
/// False when another activity took the row's place while it was on its way: that one is appended again under a new
/// number, as this one is used up.
///
/// # Errors
/// A database error.
pub fn settle(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    row: &LogRow,
    state: DeliveryState,
    code: Option<&str>,
    now: Timestamp,
) -> DbResult<bool> {
    let seq = i64::try_from(row.seq).unwrap_or(i64::MAX);
    let there_now = tx.first(
        "SELECT activity, item FROM peer_log WHERE home = ?1 AND seq = ?2",
        (home.as_str(), seq),
        |there| Ok((id::<Uuid>(there, 0)?, crate::sql::opt_id(there, 1)?)),
    )?;
    tx.run(
        "DELETE FROM peer_log WHERE home = ?1 AND seq = ?2",
        (home.as_str(), seq),
    )?;
    if let Some((activity, item)) = there_now.filter(|(activity, _)| *activity != row.activity) {
        append(tx, home, activity, item, now)?;
        return Ok(false);
    }
    tx.run(
        "UPDATE delivery SET state = ?4, code = ?5, at = ?6 WHERE item = ?1 AND home = ?2 AND activity = ?3",
        (
            row.item.map(|i| *i.as_bytes()),
            home.as_str(),
            row.activity.as_bytes(),
            state_text(state),
            code,
            now.0,
        ),
    )?;
    Ok(true)
}

/// Takes a row out of a home's log that is not to be sent any more; its number is used up.
///
/// # Errors
/// A database error.
pub fn withdraw(tx: &mut WriteTx<'_>, home: &HomeId, row: &LogRow) -> DbResult<()> {
    tx.run(
        "DELETE FROM peer_log WHERE home = ?1 AND seq = ?2",
        (home.as_str(), i64::try_from(row.seq).unwrap_or(i64::MAX)),
    )?;
    if let Some(item) = row.item {
        tx.run(
            "DELETE FROM delivery WHERE item = ?1 AND home = ?2 AND activity = ?3",
            (item.as_bytes(), home.as_str(), row.activity.as_bytes()),
        )?;
    }
    Ok(())
}

/// Marks an item as waiting at a home once more, if the activity that put it still waits in the log; whether it does.
///
/// # Errors
/// A database error.
pub fn waits_still(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    activity: Uuid,
    item: Uuid,
    now: Timestamp,
) -> DbResult<bool> {
    let marked = tx.run(
        "INSERT INTO delivery (item, home, activity, state, at)
         SELECT ?3, ?1, ?2, 'waiting', ?4
         WHERE EXISTS (SELECT 1 FROM peer_log WHERE home = ?1 AND activity = ?2)
         ON CONFLICT (item, home) DO UPDATE SET activity = ?2, state = 'waiting', code = NULL, at = ?4",
        (home.as_str(), activity.as_bytes(), item.as_bytes(), now.0),
    )?;
    Ok(marked > 0)
}

/// Drops everything that waits for a home.
///
/// # Errors
/// A database error.
pub fn clear(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM peer_log WHERE home = ?1", [home.as_str()])?;
    tx.run(
        "DELETE FROM delivery WHERE home = ?1 AND state = 'waiting'",
        [home.as_str()],
    )?;
    Ok(())
}

/// Where an item stands, by home.
///
/// # Errors
/// A database error.
pub fn delivery(tx: &ReadTx<'_>, item: Uuid) -> DbResult<Vec<DeliveryRow>> {
    tx.all(
        "SELECT home, state, code, at FROM delivery WHERE item = ?1 ORDER BY home",
        [item.as_bytes()],
        |row| {
            let state: String = row.get(1)?;
            Ok(DeliveryRow {
                home: home(row, 0)?,
                state: state_of(&state)?,
                code: row.get(2)?,
                at: at(row, 3)?,
            })
        },
    )
}

/// Forgets where an item stands everywhere: it is gone.
///
/// # Errors
/// A database error.
pub fn forget_delivery(tx: &mut WriteTx<'_>, item: Uuid) -> DbResult<()> {
    tx.run("DELETE FROM delivery WHERE item = ?1", [item.as_bytes()])?;
    Ok(())
}

/// The activity last sent about an item to a home, for sending it again.
///
/// # Errors
/// A database error.
pub fn last_sent(tx: &ReadTx<'_>, item: Uuid, home: &HomeId) -> DbResult<Option<Uuid>> {
    tx.first(
        "SELECT activity FROM delivery WHERE item = ?1 AND home = ?2",
        (item.as_bytes(), home.as_str()),
        |row| id(row, 0),
    )
}

/// How many items a home refused.
///
/// # Errors
/// A database error.
pub fn refused(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count(
        "SELECT count(*) FROM delivery WHERE home = ?1 AND state = 'refused'",
        [home.as_str()],
    )
}
