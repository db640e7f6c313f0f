//! What waits between this home and another, and what either did not take, without its content.

use crate::sql::at;
use crate::{DbResult, ReadTx};
use hearth_api::{HomeId, Timestamp};
use rusqlite::Row;

/// One thing that waits or was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsideRow {
    /// The activity's kind; empty if it is not known any more.
    pub kind: String,
    /// Why it was refused.
    pub code: Option<String>,
    /// Since when.
    pub at: Timestamp,
    /// The activity's text, if it is kept.
    pub jws: Option<String>,
}

fn read(row: &Row<'_>) -> DbResult<AsideRow> {
    Ok(AsideRow {
        kind: row.get(0)?,
        code: row.get(1)?,
        at: at(row, 2)?,
        jws: row.get(3)?,
    })
}

const OUTGOING: &str = "SELECT a.kind, NULL, l.at, a.jws FROM peer_log l JOIN activity a ON a.id = l.activity
     WHERE l.home = ?1 ORDER BY l.seq LIMIT ?2";

/// What waits to go to a home, oldest first, at most `limit`.
///
/// # Errors
/// A database error.
pub fn outgoing(tx: &ReadTx<'_>, home: &HomeId, limit: u32) -> DbResult<Vec<AsideRow>> {
    tx.all(OUTGOING, (home.as_str(), limit), read)
}

/// What a home did not take, newest first, at most `limit`.
///
/// # Errors
/// A database error.
pub fn refused_there(tx: &ReadTx<'_>, home: &HomeId, limit: u32) -> DbResult<Vec<AsideRow>> {
    tx.all(
        "SELECT coalesce(a.kind, ''), d.code, d.at AS since, a.jws FROM delivery d LEFT JOIN activity a ON a.id = d.activity
         WHERE d.home = ?1 AND d.state = 'refused'
         UNION ALL SELECT kind, code, at, NULL FROM refusal WHERE home = ?1
         ORDER BY since DESC LIMIT ?2",
        (home.as_str(), limit),
        read,
    )
}

const INCOMING: &str =
    "SELECT kind, code, at, jws FROM inbox WHERE home = ?1 AND state IN ('waiting', 'ready')
     ORDER BY id LIMIT ?2";

/// What came from a home and waits here, oldest first, at most `limit`.
///
/// # Errors
/// A database error.
pub fn incoming(tx: &ReadTx<'_>, home: &HomeId, limit: u32) -> DbResult<Vec<AsideRow>> {
    tx.all(INCOMING, (home.as_str(), limit), read)
}

const REFUSED_HERE: &str = "SELECT kind, code, at, jws FROM inbox WHERE home = ?1 AND state = 'refused'
     ORDER BY id DESC LIMIT ?2";

/// How much came from a home and was not taken here, and the newest of it, at most `limit`.
///
/// # Errors
/// A database error.
pub fn refused_here(tx: &ReadTx<'_>, home: &HomeId, limit: u32) -> DbResult<(u64, Vec<AsideRow>)> {
    let count = tx.count(
        "SELECT count(*) FROM inbox WHERE home = ?1 AND state = 'refused'",
        [home.as_str()],
    )?;
    Ok((count, tx.all(REFUSED_HERE, (home.as_str(), limit), read)?))
}

#[cfg(test)]
mod tests {
    use crate::table::plan::{check_found_by_key, check_indexed};

    #[test]
    fn the_lists_are_read_by_their_keys() {
        check_indexed(super::OUTGOING);
        check_indexed(super::REFUSED_HERE);
        check_found_by_key(super::INCOMING);
    }
}
