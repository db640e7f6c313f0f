//! What another home refused that is no post or comment whose delivery is followed.

use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, Timestamp};

/// Refusals kept of each home, the newest ones.
const KEEP: u32 = 1_000;

/// A refused activity.
#[derive(Debug, Clone, Copy)]
pub struct RefusalRow<'a> {
    /// What it stated.
    pub slot: Option<&'a str>,
    /// Its kind.
    pub kind: &'a str,
    /// Why.
    pub code: &'a str,
    /// When.
    pub at: Timestamp,
}

/// Notes that a home refused an activity, in place of what it refused of the same slot before. The newest of each home stay.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, home: &HomeId, row: &RefusalRow<'_>) -> DbResult<()> {
    put_bounded(tx, home, row, KEEP)
}

fn put_bounded(tx: &mut WriteTx<'_>, home: &HomeId, row: &RefusalRow<'_>, keep: u32) -> DbResult<()> {
    settled(tx, home, row.slot)?;
    tx.run(
        "INSERT INTO refusal (home, slot, kind, code, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (home.as_str(), row.slot, row.kind, row.code, row.at.0),
    )?;
    tx.run(BEYOND, (home.as_str(), keep))?;
    Ok(())
}

const BEYOND: &str = "DELETE FROM refusal WHERE home = ?1 AND id <=
     (SELECT id FROM refusal WHERE home = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";

/// Forgets what a home refused of a slot: it has answered to a later word.
///
/// # Errors
/// A database error.
pub fn settled(tx: &mut WriteTx<'_>, home: &HomeId, slot: Option<&str>) -> DbResult<()> {
    if let Some(slot) = slot {
        tx.run(SETTLED, (home.as_str(), slot))?;
    }
    Ok(())
}

const SETTLED: &str = "DELETE FROM refusal WHERE slot = ?2 AND home = ?1";

/// How many a home refused.
///
/// # Errors
/// A database error.
pub fn count(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count("SELECT count(*) FROM refusal WHERE home = ?1", [home.as_str()])
}

/// Forgets everything that a home refused.
///
/// # Errors
/// A database error.
pub fn clear(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM refusal WHERE home = ?1", [home.as_str()])?;
    Ok(())
}

/// Forgets what was refused before a time.
///
/// # Errors
/// A database error.
pub fn prune(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<()> {
    tx.run("DELETE FROM refusal WHERE at < ?1", [before.0])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::plan::check_found_by_key;
    use crate::{Db, DbError, DbOptions, aside, home};

    #[tokio::test]
    async fn the_newest_refusals_stay_until_a_later_word_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&dir.path().join("hearth.db"), &DbOptions::default()).unwrap();
        let homes: [HomeId; 2] = ["a", "b"].map(|letter| letter.repeat(52).parse().unwrap());
        let seen = db
            .write(move |tx| {
                for id in &homes {
                    let named = home::HomeRow {
                        id: id.clone(),
                        name: "Other".to_owned(),
                        nickname: String::new(),
                        state: home::HomeRowState::Connected,
                    };
                    home::put(tx, &named)?;
                }
                let row = |slot, at| RefusalRow {
                    slot,
                    kind: "post.delete",
                    code: "not_authorised",
                    at: Timestamp(at),
                };
                put_bounded(tx, &homes[1], &row(Some("post:1"), 0), 3)?;
                put_bounded(tx, &homes[0], &row(None, 1), 3)?;
                put_bounded(tx, &homes[0], &row(Some("post:1"), 2), 3)?;
                put_bounded(tx, &homes[0], &row(Some("post:2"), 3), 3)?;
                put_bounded(tx, &homes[0], &row(Some("post:1"), 4), 3)?;
                put_bounded(tx, &homes[0], &row(None, 5), 3)?;
                let mut seen = Vec::new();
                let mut look = |tx: &ReadTx<'_>| {
                    let rows = aside::refused_there(tx, &homes[0], 10)?;
                    seen.push(rows.iter().map(|row| row.at.0).collect::<Vec<_>>());
                    Ok::<_, DbError>(())
                };
                look(tx)?;
                settled(tx, &homes[0], Some("post:1"))?;
                look(tx)?;
                prune(tx, Timestamp(5))?;
                look(tx)?;
                clear(tx, &homes[0])?;
                look(tx)?;
                Ok::<_, DbError>((seen, count(tx, &homes[1])?))
            })
            .await
            .unwrap();
        assert_eq!(seen, (vec![vec![5, 4, 3], vec![5, 3], vec![5], vec![]], 0));
        db.close();
    }

    #[test]
    fn refusals_are_found_by_their_keys() {
        check_found_by_key(SETTLED);
    }
}
