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

/// What SQLite finds wrong with the file (`integrity_check`) and with references between rows; empty when all is well.
///
/// # Errors
/// A database error.
pub fn integrity_faults(tx: &ReadTx<'_>) -> DbResult<Vec<String>> {
    let mut faults: Vec<String> = tx.all("PRAGMA integrity_check", (), |row| Ok(row.get(0)?))?;
    faults.retain(|fault| fault != "ok");
    let broken: Vec<String> = tx.all("PRAGMA foreign_key_check", (), |row| {
        Ok(format!(
            "{} refers to a missing {}",
            row.get::<_, String>(0)?,
            row.get::<_, String>(2)?
        ))
    })?;
    faults.extend(broken);
    Ok(faults)
}
