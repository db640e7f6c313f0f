//! Which activities put which item, and what of them is still to be sent.

use crate::sql::{home, id};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, Timestamp};
use uuid::Uuid;

/// The activities that put an item and whose texts are still stored.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, item: Uuid) -> DbResult<Vec<Uuid>> {
    tx.all(
        "SELECT activity FROM item_activity WHERE item = ?1",
        [item.as_bytes()],
        |row| id(row, 0),
    )
}

/// Notes that an activity put an item.
///
/// # Errors
/// A database error.
pub fn note(tx: &mut WriteTx<'_>, item: Uuid, activity: Uuid) -> DbResult<()> {
    tx.run(
        "INSERT INTO item_activity (item, activity) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        (item.as_bytes(), activity.as_bytes()),
    )?;
    Ok(())
}

/// Notes with an item an activity that is still to be sent somewhere.
///
/// # Errors
/// A database error.
pub fn note_unsent(tx: &mut WriteTx<'_>, item: Uuid, activity: Uuid) -> DbResult<()> {
    tx.run(
        "INSERT INTO item_activity (item, activity)
         SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM peer_log WHERE activity = ?2)
         ON CONFLICT DO NOTHING",
        (item.as_bytes(), activity.as_bytes()),
    )?;
    Ok(())
}

/// Erases the text of an activity, unless it is still to be sent somewhere.
///
/// # Errors
/// A database error.
pub fn drop_unsent(tx: &mut WriteTx<'_>, item: Uuid, activity: Uuid) -> DbResult<()> {
    tx.run(
        "DELETE FROM activity WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM peer_log WHERE activity = ?1)",
        [activity.as_bytes()],
    )?;
    tx.run(
        "DELETE FROM item_activity WHERE item = ?1 AND activity = ?2
         AND NOT EXISTS (SELECT 1 FROM activity WHERE id = ?2)",
        (item.as_bytes(), activity.as_bytes()),
    )?;
    Ok(())
}

/// The homes to which an item was given and not taken back from.
///
/// # Errors
/// A database error.
pub fn holders(tx: &ReadTx<'_>, item: Uuid) -> DbResult<Vec<HomeId>> {
    tx.all(
        "SELECT d.home FROM delivery d JOIN home h ON h.id = d.home AND h.state IN ('connected', 'blocked')
         WHERE d.item = ?1 ORDER BY d.home",
        [item.as_bytes()],
        |row| home(row, 0),
    )
}

/// Whether a home was given an item that was not taken back.
///
/// # Errors
/// A database error.
pub fn holds(tx: &ReadTx<'_>, item: Uuid, home: &HomeId) -> DbResult<bool> {
    tx.exists(
        "SELECT 1 FROM delivery WHERE item = ?1 AND home = ?2",
        (item.as_bytes(), home.as_str()),
    )
}

/// Notes that a home holds an item, when that was not known; `activity` is what it has of it.
///
/// # Errors
/// A database error.
pub fn note_held(
    tx: &mut WriteTx<'_>,
    item: Uuid,
    home: &HomeId,
    activity: Uuid,
    now: Timestamp,
) -> DbResult<()> {
    tx.run(
        "INSERT INTO delivery (item, home, activity, state, at) VALUES (?1, ?2, ?3, 'delivered', ?4)
         ON CONFLICT (item, home) DO NOTHING",
        (item.as_bytes(), home.as_str(), activity.as_bytes(), now.0),
    )?;
    Ok(())
}

/// Notes that an item was taken back from a home.
///
/// # Errors
/// A database error.
pub fn not_held(tx: &mut WriteTx<'_>, item: Uuid, home: &HomeId) -> DbResult<()> {
    tx.run(
        "DELETE FROM delivery WHERE item = ?1 AND home = ?2",
        (item.as_bytes(), home.as_str()),
    )?;
    Ok(())
}

/// Notes that a home holds nothing of what was given to it.
///
/// # Errors
/// A database error.
pub fn holds_nothing(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM delivery WHERE home = ?1", [home.as_str()])?;
    Ok(())
}
