//! Copies that are being taken back from other homes, until these have answered.

use crate::sql::{at, home, id};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, Timestamp};
use uuid::Uuid;

/// Whether a home may have something of an item: not when what puts it there waits and cannot have left.
///
/// # Errors
/// A database error.
pub fn may_have(tx: &ReadTx<'_>, to: &HomeId, item: Uuid) -> DbResult<bool> {
    Ok(!tx.exists(NOT_LEFT, (to.as_str(), item.as_bytes()))?)
}

const NOT_LEFT: &str = "SELECT 1 FROM peer_log l JOIN peer_log_end e ON e.home = l.home
     WHERE l.home = ?1 AND l.item = ?2 AND l.fresh AND l.seq > max(e.pushed, e.offered)";

/// Notes what a retraction in a home's log takes back from there.
///
/// # Errors
/// A database error.
pub fn note(tx: &mut WriteTx<'_>, from: &HomeId, retraction: Uuid, items: &[Uuid]) -> DbResult<()> {
    tx.run(
        "UPDATE peer_log_end SET retracted = max(retracted,
             coalesce((SELECT max(seq) FROM peer_log WHERE activity = ?2 AND home = ?1), 0)) WHERE home = ?1",
        (from.as_str(), retraction.as_bytes()),
    )?;
    for item in items {
        tx.run(
            "INSERT INTO taking_back (home, activity, item) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            (from.as_str(), retraction.as_bytes(), item.as_bytes()),
        )?;
    }
    Ok(())
}

/// The homes from which an item is being taken back, and since when. One to which it is given again has a line of its own.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, item: Uuid) -> DbResult<Vec<(HomeId, Timestamp)>> {
    tx.all(OF, [item.as_bytes()], |row| Ok((home(row, 0)?, at(row, 1)?)))
}

const OF: &str = "SELECT t.home, max(l.at) FROM taking_back t JOIN peer_log l ON l.activity = t.activity AND l.home = t.home
     WHERE t.item = ?1 AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.item = t.item AND d.home = t.home)
     GROUP BY t.home ORDER BY t.home";

/// A row of a home's log was answered or withdrawn; what it took back from there.
///
/// # Errors
/// A database error.
pub fn done(tx: &mut WriteTx<'_>, from: &HomeId, activity: Uuid) -> DbResult<Vec<Uuid>> {
    let items = tx.all(
        "SELECT item FROM taking_back WHERE home = ?1 AND activity = ?2",
        (from.as_str(), activity.as_bytes()),
        |row| id(row, 0),
    )?;
    if !items.is_empty() {
        tx.run(
            "DELETE FROM taking_back WHERE home = ?1 AND activity = ?2",
            (from.as_str(), activity.as_bytes()),
        )?;
    }
    Ok(items)
}

/// Forgets what was being taken back from a home.
///
/// # Errors
/// A database error.
pub fn forget(tx: &mut WriteTx<'_>, from: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM taking_back WHERE home = ?1", [from.as_str()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::table::plan::check_found_by_key;

    #[test]
    fn what_is_taken_back_is_found_by_key() {
        check_found_by_key(super::OF);
        check_found_by_key(super::NOT_LEFT);
    }
}
