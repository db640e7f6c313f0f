//! What is gone, and what clients' operations made.

use crate::sql::{id, parsed};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, PersonId, Timestamp};
use uuid::Uuid;

/// For how many days a client's repeat is recognised.
pub const OPERATION_DAYS: i64 = 30;

/// Tombstones of things that never were here, of each home that sent them.
pub const KEEP_UNKNOWN: u32 = 10_000;

/// How something is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// For ever.
    Deleted,
    /// Until its author gives it anew.
    Retracted,
}

impl std::str::FromStr for Gone {
    type Err = DbError;
    fn from_str(text: &str) -> DbResult<Self> {
        match text {
            "deleted" => Ok(Self::Deleted),
            "retracted" => Ok(Self::Retracted),
            _ => Err(DbError::Malformed("tombstone state")),
        }
    }
}

/// A tombstone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TombstoneRow {
    /// What is gone.
    pub item: Uuid,
    /// Who said so.
    pub by: PersonId,
    /// How.
    pub state: Gone,
    /// When, by the hybrid logical clock.
    pub hlc: String,
}

/// The tombstones of an item: one for each person who set one.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, item: Uuid) -> DbResult<Vec<TombstoneRow>> {
    tx.all(
        "SELECT item, by, state, hlc FROM tombstone WHERE item = ?1",
        [item.as_bytes()],
        |row| {
            Ok(TombstoneRow {
                item: id(row, 0)?,
                by: id(row, 1)?,
                state: parsed(row, 2, "tombstone state")?,
                hlc: row.get(3)?,
            })
        },
    )
}

/// Sets a tombstone. `Deleted` stays; of two retractions the later one counts.
///
/// # Errors
/// A database error.
pub fn set(tx: &mut WriteTx<'_>, row: &TombstoneRow, now: Timestamp) -> DbResult<()> {
    let state = match row.state {
        Gone::Deleted => "deleted",
        Gone::Retracted => "retracted",
    };
    tx.run(
        "INSERT INTO tombstone (item, by, state, hlc, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (item, by) DO UPDATE SET state = ?3, hlc = ?4, at = ?5
             WHERE state = 'retracted' AND (?3 = 'deleted' OR hlc < ?4)",
        (row.item.as_bytes(), row.by.as_bytes(), state, &row.hlc, now.0),
    )?;
    Ok(())
}

/// Sets a tombstone of something that never was here, because a home says so. Of these the newest [`KEEP_UNKNOWN`] of each home stay.
///
/// # Errors
/// A database error.
pub fn set_unknown(tx: &mut WriteTx<'_>, row: &TombstoneRow, from: &HomeId, now: Timestamp) -> DbResult<()> {
    set_bounded(tx, row, from, now, KEEP_UNKNOWN)
}

/// The home that said so of something that was not here, if it was so.
///
/// # Errors
/// A database error.
pub fn unknown_from(tx: &ReadTx<'_>, item: Uuid, by: PersonId) -> DbResult<Option<HomeId>> {
    let from = tx.first(
        "SELECT unknown_from FROM tombstone WHERE item = ?1 AND by = ?2 AND unknown_from IS NOT NULL",
        (item.as_bytes(), by.as_bytes()),
        |row| crate::sql::home(row, 0),
    )?;
    Ok(from)
}

fn set_bounded(
    tx: &mut WriteTx<'_>,
    row: &TombstoneRow,
    from: &HomeId,
    now: Timestamp,
    keep: u32,
) -> DbResult<()> {
    let key = (row.item.as_bytes(), row.by.as_bytes());
    let known = tx.exists("SELECT 1 FROM tombstone WHERE item = ?1 AND by = ?2", key)?;
    set(tx, row, now)?;
    if known {
        return Ok(());
    }
    tx.run(
        "UPDATE tombstone SET unknown_from = ?3 WHERE item = ?1 AND by = ?2",
        (row.item.as_bytes(), row.by.as_bytes(), from.as_str()),
    )?;
    let gone = tx.all(BEYOND, (from.as_str(), keep), |row| {
        Ok((id::<Uuid>(row, 0)?, id::<Uuid>(row, 1)?))
    })?;
    for (item, by) in gone {
        tx.run(
            "DELETE FROM tombstone WHERE item = ?1 AND by = ?2",
            (item.as_bytes(), by.as_bytes()),
        )?;
        super::slot::forget_gone(tx, item, from)?;
    }
    Ok(())
}

const BEYOND: &str =
    "SELECT item, by FROM tombstone WHERE unknown_from = ?1 ORDER BY at DESC LIMIT -1 OFFSET ?2";

/// Takes a retraction back: its author gave the item anew.
///
/// # Errors
/// A database error.
pub fn lift(tx: &mut WriteTx<'_>, item: Uuid, by: PersonId) -> DbResult<()> {
    tx.run(
        "DELETE FROM tombstone WHERE item = ?1 AND by = ?2 AND state = 'retracted'",
        (item.as_bytes(), by.as_bytes()),
    )?;
    Ok(())
}

/// What an account's operation made, if it was done before.
///
/// # Errors
/// A database error.
pub fn operation(tx: &ReadTx<'_>, account: PersonId, op: Uuid) -> DbResult<Option<Uuid>> {
    tx.first(
        "SELECT item FROM operation WHERE account = ?1 AND op = ?2",
        (account.as_bytes(), op.as_bytes()),
        |row| id(row, 0),
    )
}

/// Notes what an account's operation made.
///
/// # Errors
/// A database error.
pub fn put_operation(
    tx: &mut WriteTx<'_>,
    account: PersonId,
    op: Uuid,
    item: Uuid,
    now: Timestamp,
) -> DbResult<()> {
    tx.run(
        "INSERT INTO operation (account, op, item, at) VALUES (?1, ?2, ?3, ?4)",
        (account.as_bytes(), op.as_bytes(), item.as_bytes(), now.0),
    )?;
    Ok(())
}

/// Forgets operations from before a time: no client repeats them any more.
///
/// # Errors
/// A database error.
pub fn prune_operations(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<()> {
    tx.run("DELETE FROM operation WHERE at < ?1", [before.0])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::plan::check_found_by_key;
    use crate::{Db, DbOptions, peer_log, slot};

    #[tokio::test]
    async fn of_what_never_was_here_the_newest_of_each_home_stay() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("hearth.db"), &DbOptions::default()).unwrap();
        let homes: [HomeId; 2] = ["a", "b"].map(|letter| letter.repeat(52).parse().unwrap());
        let kept = db
            .write(move |tx| {
                let row = |n: u128| TombstoneRow {
                    item: Uuid::from_u128(n),
                    by: PersonId(Uuid::from_u128(1000)),
                    state: Gone::Deleted,
                    hlc: "1".to_owned(),
                };
                set(tx, &row(1), Timestamp(0))?;
                set_bounded(tx, &row(1), &homes[0], Timestamp(1), 3)?;
                for n in 2..8 {
                    let now = Timestamp(i64::try_from(n).unwrap());
                    set_bounded(tx, &row(n), &homes[0], now, 3)?;
                }
                set_bounded(tx, &row(9), &homes[1], Timestamp(0), 3)?;
                let mut kept = Vec::new();
                for n in 1..10 {
                    if !of(tx, Uuid::from_u128(n))?.is_empty() {
                        kept.push(n);
                    }
                }
                Ok::<_, DbError>(kept)
            })
            .await
            .unwrap();
        assert_eq!(kept, [1, 5, 6, 7, 9], "what was here before stays in any case");
        db.close();
    }

    #[tokio::test]
    async fn a_home_that_says_much_pushes_out_no_word_but_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("hearth.db"), &DbOptions::default()).unwrap();
        let homes: [HomeId; 2] = ["a", "b"].map(|letter| letter.repeat(52).parse().unwrap());
        let (thief, owner) = (PersonId(Uuid::from_u128(1000)), PersonId(Uuid::from_u128(2000)));
        let left = db
            .write(move |tx| {
                let gone = |n: u128, by| TombstoneRow {
                    item: Uuid::from_u128(n),
                    by,
                    state: Gone::Deleted,
                    hlc: "1".to_owned(),
                };
                let word = |n: u128, home: &HomeId| slot::SlotRow {
                    id: Uuid::from_u128(n),
                    activity: Uuid::from_u128(100 + n),
                    kind: "post.delete".to_owned(),
                    home: home.to_string(),
                    about: None,
                    post: None,
                    hlc: "1".to_owned(),
                };
                for n in 1..=5 {
                    peer_log::put_activity(tx, Uuid::from_u128(100 + n), "post.delete", "a.b.c")?;
                }
                // Of the first one its owner has said the same, and that stands for it.
                set_bounded(tx, &gone(1, owner), &homes[1], Timestamp(0), 3)?;
                slot::put(tx, &word(1, &homes[1]))?;
                for n in 1..=5 {
                    let now = Timestamp(i64::try_from(n).unwrap());
                    set_bounded(tx, &gone(n, thief), &homes[0], now, 3)?;
                    if n > 1 {
                        slot::put(tx, &word(n, &homes[0]))?;
                    }
                }
                let mut left = Vec::new();
                for n in 1..=5 {
                    if slot::get(tx, Uuid::from_u128(n))?.is_some() {
                        left.push(n);
                    }
                }
                let by: Vec<PersonId> = of(tx, Uuid::from_u128(1))?.iter().map(|tomb| tomb.by).collect();
                assert_eq!(by, [owner]);
                Ok::<_, DbError>(left)
            })
            .await
            .unwrap();
        assert_eq!(left, [1, 3, 4, 5]);
        db.close();
    }

    #[test]
    fn what_is_beyond_is_found_by_its_key() {
        check_found_by_key(BEYOND);
    }
}
