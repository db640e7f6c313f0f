//! What to tell a home that still uses a secret which was destroyed here.

use crate::sql::{home, json, to_json};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, Timestamp};

/// A word that a home may not have heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// Which home.
    pub home: HomeId,
    /// The word, as it was signed.
    pub jws: String,
    /// Where that home was reached.
    pub addresses: Vec<String>,
}

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

/// Notes where a home is to be told its word.
///
/// # Errors
/// A database error.
pub fn tell_at(tx: &mut WriteTx<'_>, home: &HomeId, addresses: &[String]) -> DbResult<()> {
    let addresses = to_json(&addresses, "addresses of a parted home")?;
    tx.run(
        "UPDATE parting SET addresses = ?2, tried_at = NULL WHERE home = ?1",
        (home.as_str(), addresses),
    )?;
    Ok(())
}

/// Words said since a time that may not have been heard and were not tried again since another, at most `limit`; they count as tried now.
///
/// # Errors
/// A database error.
pub fn take_untold(
    tx: &mut WriteTx<'_>,
    said_since: Timestamp,
    tried_before: Timestamp,
    now: Timestamp,
    limit: u32,
) -> DbResult<Vec<Untold>> {
    let untold = tx.all(
        "SELECT home, jws, addresses FROM parting
         WHERE addresses IS NOT NULL AND at >= ?1 AND coalesce(tried_at, 0) <= ?2
         GROUP BY home, jws ORDER BY tried_at, home LIMIT ?3",
        (said_since.0, tried_before.0, limit),
        |row| {
            Ok(Untold {
                home: home(row, 0)?,
                jws: row.get(1)?,
                addresses: json(row, 2, "addresses of a parted home")?,
            })
        },
    )?;
    for word in &untold {
        tx.run(
            "UPDATE parting SET tried_at = ?2 WHERE home = ?1",
            (word.home.as_str(), now.0),
        )?;
    }
    Ok(untold)
}

/// A home has heard its word: it is told again only when it asks.
///
/// # Errors
/// A database error.
pub fn told(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run(
        "UPDATE parting SET addresses = NULL WHERE home = ?1",
        [home.as_str()],
    )?;
    Ok(())
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
