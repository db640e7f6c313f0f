//! Codes by which somebody who forgot their password chooses a new one.

use crate::sql::{at, id};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{PersonId, Timestamp};

/// Keeps the hash of a person's code, instead of the one before.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, person: PersonId, code: &[u8; 32], until: Timestamp) -> DbResult<()> {
    tx.run(
        "INSERT INTO password_code (person, code, until) VALUES (?1, ?2, ?3)
         ON CONFLICT (person) DO UPDATE SET code = ?2, until = ?3",
        (person.as_bytes(), code, until.0),
    )?;
    Ok(())
}

/// Whose code this is and until when it is good, if there is such a code.
///
/// # Errors
/// A database error.
pub fn by_code(tx: &ReadTx<'_>, code: &[u8; 32]) -> DbResult<Option<(PersonId, Timestamp)>> {
    tx.first(
        "SELECT person, until FROM password_code WHERE code = ?1",
        [code],
        |row| Ok((id(row, 0)?, at(row, 1)?)),
    )
}

/// Ends a person's code; false when there is none.
///
/// # Errors
/// A database error.
pub fn end(tx: &mut WriteTx<'_>, person: PersonId) -> DbResult<bool> {
    let rows = tx.run("DELETE FROM password_code WHERE person = ?1", [person.as_bytes()])?;
    Ok(rows == 1)
}

/// Ends the codes of everybody; how many that were.
///
/// # Errors
/// A database error.
pub fn end_everybodys(tx: &mut WriteTx<'_>) -> DbResult<usize> {
    tx.run("DELETE FROM password_code", [])
}

/// Forgets codes that are past their time.
///
/// # Errors
/// A database error.
pub fn sweep(tx: &mut WriteTx<'_>, now: Timestamp) -> DbResult<usize> {
    tx.run("DELETE FROM password_code WHERE until <= ?1", [now.0])
}
