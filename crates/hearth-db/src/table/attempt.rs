//! Failed attempts to prove who one is. A subject is a hash of whom or from where.

use crate::sql::{at, unsigned};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::Timestamp;

/// What is remembered of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptRow {
    /// Failures in a row.
    pub failures: u32,
    /// When the last one was.
    pub last_at: Timestamp,
    /// Until when nothing is tried.
    pub blocked_until: Timestamp,
}

/// What is remembered of a subject.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, subject: &[u8; 32]) -> DbResult<Option<AttemptRow>> {
    tx.first(
        "SELECT failures, last_at, blocked_until FROM attempt WHERE subject = ?1",
        [subject],
        |row| {
            Ok(AttemptRow {
                failures: unsigned(row, 0, "failures")?,
                last_at: at(row, 1)?,
                blocked_until: at(row, 2)?,
            })
        },
    )
}

/// Remembers a subject.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, subject: &[u8; 32], row: AttemptRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO attempt (subject, failures, last_at, blocked_until) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (subject) DO UPDATE SET failures = ?2, last_at = ?3, blocked_until = ?4",
        (subject, row.failures, row.last_at.0, row.blocked_until.0),
    )?;
    Ok(())
}

/// Forgets a subject.
///
/// # Errors
/// A database error.
pub fn forget(tx: &mut WriteTx<'_>, subject: &[u8; 32]) -> DbResult<()> {
    tx.run("DELETE FROM attempt WHERE subject = ?1", [subject])?;
    Ok(())
}

/// Forgets all whose last failure and wait are before `quiet`.
///
/// # Errors
/// A database error.
pub fn sweep(tx: &mut WriteTx<'_>, quiet: Timestamp) -> DbResult<usize> {
    tx.run(
        "DELETE FROM attempt WHERE last_at < ?1 AND blocked_until < ?1",
        [quiet.0],
    )
}
