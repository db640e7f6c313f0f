//! Names of the secrets shared with paired homes. The secrets themselves are sealed elsewhere.

use crate::sql::home;
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, Timestamp};

/// The home that shares the secret of this name.
///
/// # Errors
/// A database error.
pub fn home_of(tx: &ReadTx<'_>, key_id: &str) -> DbResult<Option<HomeId>> {
    tx.first(
        "SELECT home FROM pair_secret WHERE key_id = ?1",
        [key_id],
        |row| home(row, 0),
    )
}

/// The names of a home's secrets, newest first: the first one signs, the others are still accepted.
///
/// # Errors
/// A database error.
pub fn of_home(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Vec<String>> {
    tx.all(
        "SELECT key_id FROM pair_secret WHERE home = ?1 ORDER BY created_at DESC, key_id",
        [home.as_str()],
        |row| Ok(row.get(0)?),
    )
}

/// Stores the name of a new secret.
///
/// # Errors
/// A database error.
pub fn insert(tx: &mut WriteTx<'_>, key_id: &str, home: &HomeId, now: Timestamp) -> DbResult<()> {
    tx.run(
        "INSERT INTO pair_secret (key_id, home, created_at) VALUES (?1, ?2, ?3)",
        (key_id, home.as_str(), now.0),
    )?;
    Ok(())
}

/// Forgets all secrets of a home.
///
/// # Errors
/// A database error.
pub fn delete_all(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM pair_secret WHERE home = ?1", [home.as_str()])?;
    Ok(())
}
