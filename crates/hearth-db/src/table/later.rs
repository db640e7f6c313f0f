//! What became of activities that had to wait: told to the home that sent them, until it has heard it.

use crate::sql::unsigned;
use crate::{DbResult, ReadTx, Wake, WriteTx};
use hearth_api::{HomeId, Timestamp};
use uuid::Uuid;

/// Words kept for each home, the newest ones.
pub const KEEP: u32 = 10_000;

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterRow {
    /// Its number; they rise, and none is used twice in one life of the database.
    pub id: u64,
    /// SHA-256 of the activity's text.
    pub digest: [u8; 32],
    /// Why it was refused; `None` when it was applied.
    pub code: Option<String>,
}

/// Notes what became of an activity of a home. Of these the newest [`KEEP`] of each home stay.
///
/// # Errors
/// A database error.
pub fn put(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    digest: &[u8; 32],
    code: Option<&str>,
    now: Timestamp,
) -> DbResult<()> {
    tx.run(
        "INSERT INTO later (home, digest, code, at) VALUES (?1, ?2, ?3, ?4)",
        (home.as_str(), digest, code, now.0),
    )?;
    tx.run(BEYOND, (home.as_str(), KEEP))?;
    tx.wake(Wake::Delivery);
    Ok(())
}

const BEYOND: &str = "DELETE FROM later WHERE home = ?1 AND id <=
     (SELECT id FROM later WHERE home = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";

/// Whether there is anything that a home has not heard yet.
///
/// # Errors
/// A database error.
pub fn any(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<bool> {
    tx.exists("SELECT 1 FROM later WHERE home = ?1", [home.as_str()])
}

/// How much there is that a home has not heard yet.
///
/// # Errors
/// A database error.
pub fn count(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count("SELECT count(*) FROM later WHERE home = ?1", [home.as_str()])
}

/// What a home has not heard yet, the oldest first, at most `limit`.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, home: &HomeId, limit: u32) -> DbResult<Vec<LaterRow>> {
    tx.all(OF, (home.as_str(), limit), |row| {
        Ok(LaterRow {
            id: unsigned(row, 0, "later id")?,
            digest: row.get(1)?,
            code: row.get(2)?,
        })
    })
}

const OF: &str = "SELECT id, digest, code FROM later WHERE home = ?1 ORDER BY id LIMIT ?2";

/// Forgets what a home has heard: all up to a number.
///
/// # Errors
/// A database error.
pub fn forget(tx: &mut WriteTx<'_>, home: &HomeId, up_to: u64) -> DbResult<()> {
    tx.run(
        "DELETE FROM later WHERE home = ?1 AND id <= ?2",
        (home.as_str(), i64::try_from(up_to).unwrap_or(i64::MAX)),
    )?;
    Ok(())
}

/// Forgets everything between this home and another: what it has not heard, and what was heard of it.
///
/// # Errors
/// A database error.
pub fn clear(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM later WHERE home = ?1", [home.as_str()])?;
    tx.run("DELETE FROM later_heard WHERE home = ?1", [home.as_str()])?;
    tx.run("DELETE FROM later_early WHERE home = ?1", [home.as_str()])?;
    Ok(())
}

/// Forgets what was noted before a time.
///
/// # Errors
/// A database error.
pub fn prune(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<()> {
    tx.run("DELETE FROM later WHERE at < ?1", [before.0])?;
    Ok(())
}

/// Up to which number another home's words were heard here, and in which life of its database they were given.
///
/// # Errors
/// A database error.
pub fn heard(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Option<(String, u64)>> {
    tx.first(
        "SELECT epoch, id FROM later_heard WHERE home = ?1",
        [home.as_str()],
        |row| Ok((row.get(0)?, unsigned(row, 1, "later id")?)),
    )
}

/// Notes up to which number another home's words were heard.
///
/// # Errors
/// A database error.
pub fn set_heard(tx: &mut WriteTx<'_>, home: &HomeId, epoch: &str, up_to: u64) -> DbResult<()> {
    tx.run(
        "INSERT INTO later_heard (home, epoch, id) VALUES (?1, ?2, ?3)
         ON CONFLICT (home) DO UPDATE SET epoch = ?2, id = ?3",
        (home.as_str(), epoch, i64::try_from(up_to).unwrap_or(i64::MAX)),
    )?;
    Ok(())
}

/// Keeps what was heard of something that is still on its way to a home, until its own answer is handled. Of these at most [`KEEP`] of a
/// home stay; what has left the log by another way goes first.
///
/// # Errors
/// A database error.
pub fn put_early(tx: &mut WriteTx<'_>, home: &HomeId, activity: Uuid, code: Option<&str>) -> DbResult<()> {
    put_early_bounded(tx, home, activity, code, KEEP)
}

fn put_early_bounded(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    activity: Uuid,
    code: Option<&str>,
    keep: u32,
) -> DbResult<()> {
    let full = |tx: &WriteTx<'_>| {
        let kept = tx.count(
            "SELECT count(*) FROM (SELECT 1 FROM later_early WHERE home = ?1 LIMIT ?2)",
            (home.as_str(), keep),
        )?;
        Ok::<_, crate::DbError>(kept >= u64::from(keep))
    };
    if full(tx)? {
        tx.run(
            "DELETE FROM later_early WHERE home = ?1 AND NOT EXISTS
                 (SELECT 1 FROM peer_log l WHERE l.activity = later_early.activity AND l.home = ?1)",
            [home.as_str()],
        )?;
        if full(tx)? {
            return Ok(());
        }
    }
    tx.run(
        "INSERT INTO later_early (home, activity, code) VALUES (?1, ?2, ?3)
         ON CONFLICT (home, activity) DO UPDATE SET code = ?3",
        (home.as_str(), activity.as_bytes(), code),
    )?;
    Ok(())
}

/// Takes what was heard early of something: the reason of its refusal, or none.
///
/// # Errors
/// A database error.
pub fn take_early(tx: &mut WriteTx<'_>, home: &HomeId, activity: Uuid) -> DbResult<Option<Option<String>>> {
    let key = (home.as_str(), activity.as_bytes());
    let found = tx.first(
        "SELECT code FROM later_early WHERE home = ?1 AND activity = ?2",
        key,
        |row| row.get::<_, Option<String>>(0).map_err(Into::into),
    )?;
    if found.is_some() {
        tx.run("DELETE FROM later_early WHERE home = ?1 AND activity = ?2", key)?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::plan::check_found_by_key;
    use crate::{Db, DbError, DbOptions, home, peer_log};

    #[test]
    fn the_words_for_a_home_are_found_by_their_key() {
        check_found_by_key(OF);
        check_found_by_key(BEYOND);
    }

    #[tokio::test]
    async fn what_was_heard_early_is_bounded_and_what_is_not_on_its_way_any_more_goes_first() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("hearth.db"), &DbOptions::default()).unwrap();
        let (of, other): (HomeId, HomeId) =
            ("a".repeat(52).parse().unwrap(), "b".repeat(52).parse().unwrap());
        let id = |n: u8| Uuid::from_u128(u128::from(n));
        let kept = db
            .write(move |tx| {
                for home in [&of, &other] {
                    let row = home::HomeRow {
                        id: home.clone(),
                        name: "Other".to_owned(),
                        nickname: String::new(),
                        state: home::HomeRowState::Connected,
                    };
                    home::put(tx, &row)?;
                }
                for n in 1..=6 {
                    peer_log::put_activity(tx, id(n), "post.put", &format!("text {n}"))?;
                    // The second is not on its way to that home any more, whatever waits for another.
                    let home = if n == 2 { &other } else { &of };
                    peer_log::append(tx, home, id(n), None, Timestamp(0))?;
                }
                for n in 1..=4 {
                    put_early_bounded(tx, &of, id(n), None, 4)?;
                }
                put_early_bounded(tx, &other, id(2), None, 4)?;
                put_early_bounded(tx, &of, id(5), Some("too_large"), 4)?;
                // Full of what is all on its way: nothing more is kept, and nothing that is known is lost.
                put_early_bounded(tx, &of, id(6), None, 4)?;
                let mut kept = Vec::new();
                for n in 1..=6 {
                    if let Some(code) = take_early(tx, &of, id(n))? {
                        kept.push((n, code));
                    }
                }
                assert_eq!(
                    take_early(tx, &other, id(2))?,
                    Some(None),
                    "another home's is not touched"
                );
                assert_eq!(take_early(tx, &of, id(1))?, None, "it is taken once");
                Ok::<_, DbError>(kept)
            })
            .await
            .unwrap();
        let refused = Some("too_large".to_owned());
        assert_eq!(kept, [(1, None), (3, None), (4, None), (5, refused)]);
        db.close();
    }
}
