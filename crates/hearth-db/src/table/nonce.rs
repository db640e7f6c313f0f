//! Once-only values of signed requests, so that none is taken twice, also after a restart.

use crate::{DbResult, WriteTx};
use hearth_api::{HomeId, Timestamp};

/// Remembers the value of a genuine request; false when that home used it before.
///
/// # Errors
/// A database error.
pub fn first_use(tx: &mut WriteTx<'_>, home: &HomeId, nonce: &[u8; 16], now: Timestamp) -> DbResult<bool> {
    let rows = tx.run(
        "INSERT INTO nonce (home, nonce, at) VALUES (?1, ?2, ?3) ON CONFLICT (home, nonce) DO NOTHING",
        (home.as_str(), nonce, now.0),
    )?;
    Ok(rows == 1)
}

/// Forgets what came before a time.
///
/// # Errors
/// A database error.
pub fn prune(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<usize> {
    tx.run("DELETE FROM nonce WHERE at < ?1", [before.0])
}
