//! Earlier posts that a home is still to be given.

use crate::sql::{at, home, id};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, PersonId, PostId, Timestamp};

/// Where giving an author's earlier posts to a home has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BacklogRow {
    /// Whose posts.
    pub author: PersonId,
    /// To which home.
    pub home: HomeId,
    /// The last post looked at.
    pub after: (Timestamp, PostId),
}

/// Something that is left to give to a home, if there is.
///
/// # Errors
/// A database error.
pub fn of_home(tx: &ReadTx<'_>, to: &HomeId) -> DbResult<Option<BacklogRow>> {
    tx.first(
        "SELECT author, home, after_at, after_id FROM backlog WHERE home = ?1 LIMIT 1",
        [to.as_str()],
        |row| {
            Ok(BacklogRow {
                author: id(row, 0)?,
                home: home(row, 1)?,
                after: (at(row, 2)?, id(row, 3)?),
            })
        },
    )
}

/// Begins, or begins anew, or notes how far it has come.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &BacklogRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO backlog (author, home, after_at, after_id) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (author, home) DO UPDATE SET after_at = ?3, after_id = ?4",
        (
            row.author.as_bytes(),
            row.home.as_str(),
            row.after.0.0,
            row.after.1.as_bytes(),
        ),
    )?;
    Ok(())
}

/// Notes that all is given.
///
/// # Errors
/// A database error.
pub fn done(tx: &mut WriteTx<'_>, author: PersonId, home: &HomeId) -> DbResult<()> {
    tx.run(
        "DELETE FROM backlog WHERE author = ?1 AND home = ?2",
        (author.as_bytes(), home.as_str()),
    )?;
    Ok(())
}

/// Forgets what was left to give to a home.
///
/// # Errors
/// A database error.
pub fn forget(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM backlog WHERE home = ?1", [home.as_str()])?;
    Ok(())
}

/// Whether a home has answered for every post and comment that was given to it.
///
/// # Errors
/// A database error.
pub fn all_taken(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<bool> {
    Ok(!tx.exists(
        "SELECT 1 FROM delivery WHERE home = ?1 AND state = 'waiting'",
        [home.as_str()],
    )?)
}
