//! Up to which number another home knows what became of its log here, while that is less than what was fetched from it.

use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::HomeId;

/// The number, if the home is not told all.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Option<u64>> {
    let seq: Option<i64> = tx.value("SELECT seq FROM untold WHERE home = ?1", [home.as_str()])?;
    Ok(seq.map(|seq| u64::try_from(seq).unwrap_or(0)))
}

/// Notes that what follows a number was fetched and is not told yet; an earlier note stands.
///
/// # Errors
/// A database error.
pub fn begin(tx: &mut WriteTx<'_>, home: &HomeId, after: u64) -> DbResult<()> {
    tx.run(
        "INSERT INTO untold (home, seq) VALUES (?1, ?2) ON CONFLICT (home) DO NOTHING",
        (home.as_str(), i64::try_from(after).unwrap_or(i64::MAX)),
    )?;
    Ok(())
}

/// The home knows all.
///
/// # Errors
/// A database error.
pub fn end(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM untold WHERE home = ?1", [home.as_str()])?;
    Ok(())
}
