//! Single facts of this home.

use crate::{DbResult, ReadTx, WriteTx};
use std::collections::BTreeMap;

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

/// Forgets a fact; nothing happens if it is not set.
///
/// # Errors
/// A database error.
pub fn remove(tx: &mut WriteTx<'_>, key: &str) -> DbResult<()> {
    tx.run("DELETE FROM meta WHERE key = ?1", [key])?;
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

/// All rows of all tables, as text in a fixed order: to see whether something changed, and what.
///
/// # Errors
/// A database error.
pub fn contents(tx: &ReadTx<'_>) -> DbResult<BTreeMap<String, Vec<String>>> {
    let tables: Vec<String> = tx.all(
        "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
        (),
        |row| Ok(row.get(0)?),
    )?;
    let mut all = BTreeMap::new();
    for table in tables {
        let columns: Vec<String> = tx.all("SELECT name FROM pragma_table_info(?1)", [&table], |row| {
            Ok(row.get(0)?)
        })?;
        let quoted: Vec<String> = columns.iter().map(|name| format!("quote(\"{name}\")")).collect();
        let row = quoted.join(" || ' ' || ");
        let rows = tx.all(
            &format!("SELECT {row} AS line FROM \"{table}\" ORDER BY line"),
            (),
            |row| Ok(row.get(0)?),
        )?;
        all.insert(table, rows);
    }
    Ok(all)
}
