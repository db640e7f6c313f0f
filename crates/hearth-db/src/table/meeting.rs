//! How often this home and others have begun a connection, and how the present ones began. It outlasts the connections.

use crate::sql::unsigned;
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::HomeId;

/// What is known of the connections with one home.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeetingRow {
    /// How often one was begun, as far as it was counted.
    pub times: u32,
    /// The invite by which the present one began, by its public name; `None` without one, or if that was not counted.
    pub invite: Option<String>,
}

/// What is known of the connections with a home; nothing was counted of one that is not known.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<MeetingRow> {
    let row = tx.first(
        "SELECT times, invite FROM meeting WHERE home = ?1",
        [home.as_str()],
        |row| {
            Ok(MeetingRow {
                times: unsigned(row, 0, "times of a meeting")?,
                invite: row.get(1)?,
            })
        },
    )?;
    Ok(row.unwrap_or_default())
}

/// Notes a connection that has begun, or goes on.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, home: &HomeId, row: &MeetingRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO meeting (home, times, invite) VALUES (?1, ?2, ?3)
         ON CONFLICT (home) DO UPDATE SET times = ?2, invite = ?3",
        (home.as_str(), row.times, row.invite.as_deref()),
    )?;
    Ok(())
}

/// Notes that the connection with a home has ended: how many there were is still known.
///
/// # Errors
/// A database error.
pub fn end(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run(
        "UPDATE meeting SET invite = NULL WHERE home = ?1",
        [home.as_str()],
    )?;
    Ok(())
}
