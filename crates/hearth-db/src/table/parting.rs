//! What to tell a home that still uses a secret which was destroyed here.

use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, Timestamp};

/// Keeps this home's signed word for who uses the secret of that name.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, key_id: &str, home: &HomeId, jws: &str, now: Timestamp) -> DbResult<()> {
    tx.run(
        "INSERT INTO parting (key_id, home, jws, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (key_id) DO UPDATE SET jws = ?3, at = ?4",
        (key_id, home.as_str(), jws, now.0),
    )?;
    Ok(())
}

/// What to tell who uses the secret of that name.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, key_id: &str) -> DbResult<Option<String>> {
    tx.value("SELECT jws FROM parting WHERE key_id = ?1", [key_id])
}

/// Forgets words from before a time; how many that were.
///
/// # Errors
/// A database error.
pub fn prune(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<usize> {
    tx.run("DELETE FROM parting WHERE at < ?1", [before.0])
}

/// Forgets what was kept for a home: it has heard.
///
/// # Errors
/// A database error.
pub fn forget(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM parting WHERE home = ?1", [home.as_str()])?;
    Ok(())
}
