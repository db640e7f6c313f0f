//! Names of the secrets shared with paired homes. The secrets themselves are sealed elsewhere.

use crate::sql::{at, home, opt_at, unsigned};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, Timestamp};

/// The home that shares the secret of this name.
///
/// # Errors
/// A database error.
pub fn home_of(tx: &ReadTx<'_>, key_id: &str) -> DbResult<Option<HomeId>> {
    tx.first(
        "SELECT home FROM pair_secret WHERE key_id = ?1",
        [key_id],
        |row| home(row, 0),
    )
}

/// The names of a home's secrets; the first one signs, the others are still accepted.
///
/// # Errors
/// A database error.
pub fn of_home(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Vec<String>> {
    tx.all(
        "SELECT key_id FROM pair_secret WHERE home = ?1 ORDER BY usable DESC, generation DESC, key_id DESC",
        [home.as_str()],
        |row| Ok(row.get(0)?),
    )
}

/// Stores the name of a new secret.
///
/// # Errors
/// A database error.
pub fn insert(tx: &mut WriteTx<'_>, key_id: &str, home: &HomeId, now: Timestamp) -> DbResult<()> {
    tx.run(
        "INSERT INTO pair_secret (key_id, home, created_at) VALUES (?1, ?2, ?3)",
        (key_id, home.as_str(), now.0),
    )?;
    Ok(())
}

/// Forgets all secrets of a home.
///
/// # Errors
/// A database error.
pub fn delete_all(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM pair_secret WHERE home = ?1", [home.as_str()])?;
    Ok(())
}

/// A secret's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretRow {
    /// Its name.
    pub key_id: String,
    /// When it was agreed.
    pub created_at: Timestamp,
    /// How many went before it since the homes were paired.
    pub generation: u32,
    /// The other home is known to have it, so it may sign.
    pub usable: bool,
    /// When a request signed with it was first answered.
    pub answered_at: Option<Timestamp>,
    /// When a request signed with it first came.
    pub received_at: Option<Timestamp>,
    /// When one was last answered or came, to half a minute; later than of any other that was used before.
    pub used_at: Option<Timestamp>,
    /// When the other home used a secret from before this one, unless it used this one long enough after.
    pub doubted_at: Option<Timestamp>,
}

/// How exactly the last use of a secret is known, in milliseconds.
const USE_MS: i64 = 30_000;

/// A home's secrets, the one that signs first.
///
/// # Errors
/// A database error.
pub fn lives(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Vec<SecretRow>> {
    tx.all(
        "SELECT key_id, created_at, generation, usable, answered_at, received_at, used_at, doubted_at FROM pair_secret
         WHERE home = ?1 ORDER BY usable DESC, generation DESC, key_id DESC",
        [home.as_str()],
        |row| {
            Ok(SecretRow {
                key_id: row.get(0)?,
                created_at: at(row, 1)?,
                generation: unsigned(row, 2, "generation")?,
                usable: row.get(3)?,
                answered_at: opt_at(row, 4)?,
                received_at: opt_at(row, 5)?,
                used_at: opt_at(row, 6)?,
                doubted_at: opt_at(row, 7)?,
            })
        },
    )
}

/// Stores the name of the secret that follows another.
///
/// # Errors
/// A database error.
pub fn insert_next(tx: &mut WriteTx<'_>, home: &HomeId, row: &SecretRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO pair_secret (key_id, home, created_at, generation, usable) VALUES (?1, ?2, ?3, ?4, ?5)",
        (
            &row.key_id,
            home.as_str(),
            row.created_at.0,
            row.generation,
            row.usable,
        ),
    )?;
    Ok(())
}

/// Notes that a request signed with a secret came: the other home has it, so it may sign. True when that is news: the first time, when
/// another secret was used last, and when the secret is not doubted any more, `proof_ms` after it began to be.
///
/// # Errors
/// A database error.
pub fn received(tx: &mut WriteTx<'_>, key_id: &str, now: Timestamp, proof_ms: i64) -> DbResult<bool> {
    let is_first = tx.run(
        "UPDATE pair_secret SET received_at = ?2 WHERE key_id = ?1 AND received_at IS NULL",
        (key_id, now.0),
    )? > 0;
    Ok(used(tx, key_id, now, proof_ms)? || is_first)
}

/// As [`received`], of a request signed with a secret that was answered.
///
/// # Errors
/// A database error.
pub fn answered(tx: &mut WriteTx<'_>, key_id: &str, now: Timestamp, proof_ms: i64) -> DbResult<bool> {
    let is_first = tx.run(
        "UPDATE pair_secret SET answered_at = ?2 WHERE key_id = ?1 AND answered_at IS NULL",
        (key_id, now.0),
    )? > 0;
    Ok(used(tx, key_id, now, proof_ms)? || is_first)
}

/// Notes a use of a secret; those that would be preferred to it are doubted from now on, if they were not before.
fn used(tx: &mut WriteTx<'_>, key_id: &str, now: Timestamp, proof_ms: i64) -> DbResult<bool> {
    let is_news = tx.run(
        "UPDATE pair_secret SET doubted_at = CASE WHEN doubted_at + ?3 < ?2 THEN NULL ELSE doubted_at END, usable = 1, used_at = NULL
         WHERE key_id = ?1 AND (NOT usable OR used_at IS NULL OR doubted_at + ?3 < ?2 OR EXISTS (
             SELECT 1 FROM pair_secret other WHERE other.home = pair_secret.home AND other.used_at > pair_secret.used_at))",
        (key_id, now.0, proof_ms),
    )? > 0;
    tx.run(
        "UPDATE pair_secret SET used_at = max(?2, coalesce((
             SELECT max(other.used_at) + 1 FROM pair_secret other
             WHERE other.home = pair_secret.home AND other.key_id != pair_secret.key_id), ?2))
         WHERE key_id = ?1 AND (used_at IS NULL OR used_at <= ?2 - ?3)",
        (key_id, now.0, USE_MS),
    )?;
    if is_news {
        tx.run(
            "UPDATE pair_secret SET doubted_at = ?2
             WHERE doubted_at IS NULL AND home = (SELECT home FROM pair_secret WHERE key_id = ?1)
               AND (generation, key_id) > (SELECT generation, key_id FROM pair_secret WHERE key_id = ?1)",
            (key_id, now.0),
        )?;
    }
    Ok(is_news)
}

/// Notes that the other home does not have a secret any more, or never had it: it does not sign until the other uses it.
///
/// # Errors
/// A database error.
pub fn lost(tx: &mut WriteTx<'_>, key_id: &str) -> DbResult<()> {
    tx.run("UPDATE pair_secret SET usable = 0 WHERE key_id = ?1", [key_id])?;
    Ok(())
}

/// As [`lost`], of all secrets that would be preferred to one: those last used at `used_until` or before, and those never used that were
/// agreed on until `made_until`. True when there were some.
///
/// # Errors
/// A database error.
pub fn lost_above(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    key_id: &str,
    used_until: Timestamp,
    made_until: Timestamp,
) -> DbResult<bool> {
    let rows = tx.run(
        "UPDATE pair_secret SET usable = 0
         WHERE home = ?1 AND usable AND (generation, key_id) > (SELECT generation, key_id FROM pair_secret WHERE key_id = ?2)
           AND CASE WHEN used_at IS NULL THEN created_at <= ?4 ELSE used_at <= ?3 END",
        (home.as_str(), key_id, used_until.0, made_until.0),
    )?;
    Ok(rows > 0)
}

/// Forgets one secret's name.
///
/// # Errors
/// A database error.
pub fn delete(tx: &mut WriteTx<'_>, key_id: &str) -> DbResult<()> {
    tx.run("DELETE FROM pair_secret WHERE key_id = ?1", [key_id])?;
    Ok(())
}
