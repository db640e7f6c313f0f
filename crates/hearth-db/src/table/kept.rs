//! Copies that are kept of a home that was removed, and who may still read them.

use crate::sql::{home, id, unsigned};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, PersonId, PostId};

/// What is kept of a home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    /// The home.
    pub home: HomeId,
    /// Posts that are kept.
    pub posts: u64,
}

/// Keeps all copies from a home.
///
/// # Errors
/// A database error.
pub fn keep(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("UPDATE post SET kept = 1 WHERE home = ?1", [home.as_str()])?;
    Ok(())
}

/// The people of a home who wrote a post that is here.
///
/// # Errors
/// A database error.
pub fn authors(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Vec<PersonId>> {
    tx.all(
        "SELECT DISTINCT author FROM post WHERE home = ?1",
        [home.as_str()],
        |row| id(row, 0),
    )
}

/// Notes that somebody may read what is kept of an author; `friend` also what was for friends. What they may read already stays.
///
/// # Errors
/// A database error.
pub fn put_reader(tx: &mut WriteTx<'_>, author: PersonId, reader: PersonId, friend: bool) -> DbResult<()> {
    tx.run(
        "INSERT INTO kept_reader (reader, author, friend) VALUES (?1, ?2, ?3)
         ON CONFLICT (reader, author) DO UPDATE SET friend = max(friend, ?3)",
        (reader.as_bytes(), author.as_bytes(), friend),
    )?;
    Ok(())
}

/// The authors of whom somebody may read what is kept, and whether they were friends.
///
/// # Errors
/// A database error.
pub fn read_by(tx: &ReadTx<'_>, reader: PersonId) -> DbResult<Vec<(PersonId, bool)>> {
    tx.all(
        "SELECT author, friend FROM kept_reader WHERE reader = ?1",
        [reader.as_bytes()],
        |row| Ok((id(row, 0)?, row.get(1)?)),
    )
}

/// The homes of which something is kept.
///
/// # Errors
/// A database error.
pub fn homes(tx: &ReadTx<'_>) -> DbResult<Vec<KeptRow>> {
    tx.all(
        "SELECT home, count(*) FROM post WHERE kept = 1 GROUP BY home ORDER BY home",
        [],
        |row| {
            Ok(KeptRow {
                home: home(row, 0)?,
                posts: unsigned(row, 1, "count")?,
            })
        },
    )
}

/// The ids of the posts that are kept of a home.
///
/// # Errors
/// A database error.
pub fn posts_of(tx: &ReadTx<'_>, of: &HomeId) -> DbResult<Vec<PostId>> {
    tx.all(
        "SELECT id FROM post WHERE home = ?1 AND kept = 1",
        [of.as_str()],
        |row| id(row, 0),
    )
}

/// Forgets who may read what is kept of authors of whom nothing is kept any more.
///
/// # Errors
/// A database error.
pub fn forget_readers(tx: &mut WriteTx<'_>) -> DbResult<()> {
    tx.run(
        "DELETE FROM kept_reader WHERE NOT EXISTS
             (SELECT 1 FROM post AS p WHERE p.author = kept_reader.author AND p.kept = 1)",
        [],
    )?;
    Ok(())
}

/// Keeps what is known of the people of a home of whom posts are kept.
///
/// # Errors
/// A database error.
pub fn freeze(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run(
        "UPDATE person SET frozen = 1 WHERE home = ?1
         AND EXISTS (SELECT 1 FROM post AS p WHERE p.author = person.id AND p.kept = 1)",
        [home.as_str()],
    )?;
    Ok(())
}

/// Whether what is known of a person is kept as it was when their home was removed.
///
/// # Errors
/// A database error.
pub fn is_frozen(tx: &ReadTx<'_>, person: PersonId) -> DbResult<bool> {
    tx.exists(
        "SELECT 1 FROM person WHERE id = ?1 AND frozen = 1",
        [person.as_bytes()],
    )
}

/// Does not keep it any more; whose it was.
///
/// # Errors
/// A database error.
pub fn thaw(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<Vec<PersonId>> {
    let frozen = tx.all(
        "SELECT id FROM person WHERE home = ?1 AND frozen = 1",
        [home.as_str()],
        |row| id(row, 0),
    )?;
    tx.run(
        "UPDATE person SET frozen = 0 WHERE home = ?1 AND frozen = 1",
        [home.as_str()],
    )?;
    Ok(frozen)
}
