//! Where each item stands on each home.

use crate::refusal;
use crate::sql::{at, home, id};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, Timestamp, feed::DeliveryState};
use uuid::Uuid;

/// Where an item stands on a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Which home.
    pub home: HomeId,
    /// The state.
    pub state: DeliveryState,
    /// Why it was refused, or why it is not shown there yet.
    pub code: Option<String>,
    /// Since when.
    pub at: Timestamp,
}

pub(super) fn state_text(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "waiting",
        DeliveryState::Delivered => "delivered",
        DeliveryState::Refused => "refused",
        // Not stored: it follows from what waits in the log.
        DeliveryState::TakingBack => "taking_back",
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

/// Notes what became of an activity that waits at a home, or that was refused there and has been taken after all; the item that it put, or
/// `None` when neither is so.
///
/// # Errors
/// A database error.
pub fn settle_later(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    activity: Uuid,
    state: DeliveryState,
    code: Option<&str>,
    now: Timestamp,
) -> DbResult<Option<Uuid>> {
    let key = (home.as_str(), activity.as_bytes());
    let mut item = tx.first(WAITS_THERE, key, |row| id::<Uuid>(row, 0))?;
    if item.is_none() && state == DeliveryState::Delivered {
        item = tx.first(REFUSED_THERE, key, |row| id::<Uuid>(row, 0))?;
    }
    if let Some(item) = item {
        tx.run(
            "UPDATE delivery SET state = ?3, code = ?4, at = ?5 WHERE item = ?1 AND home = ?2",
            (item.as_bytes(), home.as_str(), state_text(state), code, now.0),
        )?;
    }
    Ok(item)
}

pub(crate) const WAITS_THERE: &str =
    "SELECT item FROM delivery WHERE home = ?1 AND activity = ?2 AND code = 'waiting_there'";

pub(crate) const REFUSED_THERE: &str =
    "SELECT item FROM delivery WHERE home = ?1 AND activity = ?2 AND state = 'refused'";

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

/// How many items and other changes a home refused.
///
/// # Errors
/// A database error.
pub fn refused(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    let items = tx.count(
        "SELECT count(*) FROM delivery WHERE home = ?1 AND state = 'refused'",
        [home.as_str()],
    )?;
    Ok(items + refusal::count(tx, home)?)
}
