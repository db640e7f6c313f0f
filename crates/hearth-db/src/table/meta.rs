//! Single facts of this home.

use crate::{DbResult, ReadTx, WriteTx};

/// A fact, if it is set.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, key: &str) -> DbResult<Option<String>> {
    tx.value("SELECT value FROM meta WHERE key = ?1", [key])
}

/// Sets a fact.
///
/// # Errors
/// A database error.
pub fn set(tx: &mut WriteTx<'_>, key: &str, value: &str) -> DbResult<()> {
    tx.run(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
        [key, value],
    )?;
    Ok(())
}
