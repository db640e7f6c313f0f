//! Received activities that are not applied: waiting, ready to be tried again, or refused.

use crate::sql::{home, opt_id, parsed};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, Timestamp};
use rusqlite::Row;
use uuid::Uuid;

/// Refused activities kept of each home, the newest ones.
const KEEP_REFUSED: u32 = 1_000;
/// Bytes of their texts that are kept of each home.
const KEEP_REFUSED_BYTES: i64 = 16 * 1024 * 1024;

/// What is known of a received activity that is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboxState {
    /// It refers to something that is not here.
    Waiting,
    /// What it waited for has come.
    Ready,
    /// It may not be done.
    Refused,
}

impl InboxState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Refused => "refused",
        }
    }
}

impl std::str::FromStr for InboxState {
    type Err = DbError;
    fn from_str(text: &str) -> DbResult<Self> {
        match text {
            "waiting" => Ok(Self::Waiting),
            "ready" => Ok(Self::Ready),
            "refused" => Ok(Self::Refused),
            _ => Err(DbError::Malformed("inbox state")),
        }
    }
}

/// A received activity that is not applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRow {
    /// The home that sent it.
    pub home: HomeId,
    /// SHA-256 of the text.
    pub digest: [u8; 32],
    /// Its id, as it says; `None` if it cannot be read.
    pub activity: Option<Uuid>,
    /// Its kind, as it says.
    pub kind: String,
    /// The text as it came.
    pub jws: String,
    /// Where it stands.
    pub state: InboxState,
    /// What it waits for.
    pub waits_on: Option<Uuid>,
    /// Why it was refused.
    pub code: Option<String>,
    /// When it came.
    pub at: Timestamp,
}

const COLUMNS: &str = "home, digest, activity, kind, jws, state, waits_on, code, at";

fn read(row: &Row<'_>) -> DbResult<InboxRow> {
    Ok(InboxRow {
        home: home(row, 0)?,
        digest: row.get(1)?,
        activity: opt_id(row, 2)?,
        kind: row.get(3)?,
        jws: row.get(4)?,
        state: parsed(row, 5, "inbox state")?,
        waits_on: opt_id(row, 6)?,
        code: row.get(7)?,
        at: crate::sql::at(row, 8)?,
    })
}

/// Sets an activity aside, replacing what was said of the same text from the same home. Of refused ones the newest stay.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &InboxRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO inbox (home, digest, activity, kind, jws, state, waits_on, code, at, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, length(CAST(?5 AS BLOB)))
         ON CONFLICT (home, digest) DO UPDATE SET state = ?6, waits_on = ?7, code = ?8",
        (
            row.home.as_str(),
            &row.digest,
            row.activity.map(|i| *i.as_bytes()),
            &row.kind,
            &row.jws,
            row.state.as_str(),
            row.waits_on.map(|i| *i.as_bytes()),
            &row.code,
            row.at.0,
        ),
    )?;
    if row.state == InboxState::Refused {
        tx.run(
            "DELETE FROM inbox WHERE home = ?1 AND state = 'refused' AND id <=
                 (SELECT id FROM inbox WHERE home = ?1 AND state = 'refused' ORDER BY id DESC LIMIT 1 OFFSET ?2)",
            (row.home.as_str(), KEEP_REFUSED),
        )?;
        tx.run(
            "DELETE FROM inbox WHERE id IN (
                 SELECT id FROM (SELECT id, sum(bytes) OVER (ORDER BY id DESC) AS total
                                 FROM inbox WHERE home = ?1 AND state = 'refused')
                 WHERE total > ?2)",
            (row.home.as_str(), KEEP_REFUSED_BYTES),
        )?;
    }
    Ok(())
}

/// What was set aside with this text from that home.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, home: &HomeId, digest: &[u8; 32]) -> DbResult<Option<InboxRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM inbox WHERE home = ?1 AND digest = ?2"),
        (home.as_str(), digest),
        read,
    )
}

/// The bytes of the texts of a home that wait or are ready.
///
/// # Errors
/// A database error.
pub fn waiting_bytes(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count(WAITING_BYTES, [home.as_str()])
}

const WAITING_BYTES: &str =
    "SELECT coalesce(sum(bytes), 0) FROM inbox WHERE home = ?1 AND state IN ('waiting', 'ready')";

/// How many activities of a home wait or are ready.
///
/// # Errors
/// A database error.
pub fn waiting(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count(
        "SELECT count(*) FROM inbox WHERE home = ?1 AND state IN ('waiting', 'ready')",
        [home.as_str()],
    )
}

/// Makes ready what waited for something that has come; how many that are.
///
/// # Errors
/// A database error.
pub fn release(tx: &mut WriteTx<'_>, waited_for: Uuid) -> DbResult<usize> {
    tx.run(
        "UPDATE inbox SET state = 'ready', waits_on = NULL WHERE state = 'waiting' AND waits_on = ?1",
        [waited_for.as_bytes()],
    )
}

/// The oldest activities that are ready, at most `limit`.
///
/// # Errors
/// A database error.
pub fn ready(tx: &ReadTx<'_>, limit: u32) -> DbResult<Vec<InboxRow>> {
    tx.all(
        &format!("SELECT {COLUMNS} FROM inbox WHERE state = 'ready' ORDER BY id LIMIT ?1"),
        [limit],
        read,
    )
}

/// The newest activities that were refused from a home, at most `limit`.
///
/// # Errors
/// A database error.
pub fn refused(tx: &ReadTx<'_>, home: &HomeId, limit: u32) -> DbResult<Vec<InboxRow>> {
    tx.all(
        &format!(
            "SELECT {COLUMNS} FROM inbox WHERE home = ?1 AND state = 'refused' ORDER BY id DESC LIMIT ?2"
        ),
        (home.as_str(), limit),
        read,
    )
}

/// Forgets an activity that was set aside.
///
/// # Errors
/// A database error.
pub fn delete(tx: &mut WriteTx<'_>, home: &HomeId, digest: &[u8; 32]) -> DbResult<()> {
    tx.run(
        "DELETE FROM inbox WHERE home = ?1 AND digest = ?2",
        (home.as_str(), digest),
    )?;
    Ok(())
}

/// Forgets everything that was set aside from a home.
///
/// # Errors
/// A database error.
pub fn delete_all(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM inbox WHERE home = ?1", [home.as_str()])?;
    Ok(())
}

/// Forgets what came before a time; what of it still waited, by home and text.
///
/// # Errors
/// A database error.
pub fn prune(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<Vec<(HomeId, [u8; 32])>> {
    let waited = tx.all(
        "SELECT home, digest FROM inbox WHERE at < ?1 AND state <> 'refused' ORDER BY id",
        [before.0],
        |row| Ok((home(row, 0)?, row.get(1)?)),
    )?;
    tx.run("DELETE FROM inbox WHERE at < ?1", [before.0])?;
    Ok(waited)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::plan::check_found_by_key;
    use crate::{Db, DbOptions, home};

    #[tokio::test]
    async fn what_is_set_aside_of_a_home_is_bounded_by_its_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("hearth.db"), &DbOptions::default()).unwrap();
        let from: HomeId = "a".repeat(52).parse().unwrap();
        let (waiting, kept) = db
            .write(move |tx| {
                let named = home::HomeRow {
                    id: from.clone(),
                    name: "Other".to_owned(),
                    nickname: String::new(),
                    state: home::HomeRowState::Connected,
                };
                home::put(tx, &named)?;
                let row = |n: u8, state, jws: String| InboxRow {
                    home: from.clone(),
                    digest: [n; 32],
                    activity: None,
                    kind: String::new(),
                    jws,
                    state,
                    waits_on: Some(Uuid::from_u128(1)),
                    code: None,
                    at: Timestamp(0),
                };
                put(tx, &row(1, InboxState::Waiting, "ä".repeat(50)))?;
                put(tx, &row(2, InboxState::Ready, "a".repeat(7)))?;
                for n in 3..9 {
                    put(tx, &row(n, InboxState::Refused, "a".repeat(4 << 20)))?;
                }
                let kept = refused(tx, &from, 100)?;
                let kept: Vec<u8> = kept.iter().map(|row| row.digest[0]).collect();
                Ok::<_, DbError>((waiting_bytes(tx, &from)?, kept))
            })
            .await
            .unwrap();
        assert_eq!(waiting, 107);
        assert_eq!(kept, [8, 7, 6, 5]);
        db.close();
    }

    #[test]
    fn the_size_of_what_waits_is_found_by_its_key() {
        check_found_by_key(WAITING_BYTES);
    }
}
