//! Sealed secrets by name. What is sealed here was encrypted before it came.

use crate::{DbResult, ReadTx, WriteTx};

/// A sealed secret, if there is one of that name.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, name: &str) -> DbResult<Option<Vec<u8>>> {
    tx.value("SELECT sealed FROM secret WHERE name = ?1", [name])
}

/// Stores a sealed secret, replacing one of the same name.
///
/// # Errors
/// A database error.
pub fn set(tx: &mut WriteTx<'_>, name: &str, sealed: &[u8]) -> DbResult<()> {
    tx.run(
        "INSERT INTO secret (name, sealed) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET sealed = ?2",
        (name, sealed),
    )?;
    Ok(())
}

/// Destroys a secret; nothing happens if there is none.
///
/// # Errors
/// A database error.
pub fn delete(tx: &mut WriteTx<'_>, name: &str) -> DbResult<()> {
    tx.run("DELETE FROM secret WHERE name = ?1", [name])?;
    Ok(())
}
