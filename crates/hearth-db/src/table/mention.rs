//! Mentions in posts and comments.

use super::batch::hex_list;
use crate::sql::id;
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{PersonId, PostId};
use rusqlite::Row;
use uuid::Uuid;

/// A person mentioned in an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentionRow {
    /// The post or comment.
    pub item: Uuid,
    /// Who.
    pub person: PersonId,
    /// The post that the item is, or belongs to.
    pub post: PostId,
    /// Their name as the author's home knew it.
    pub name: String,
    /// Whether the present text names them.
    pub present: bool,
    /// Whether they took themselves out.
    pub removed: bool,
}

fn read(row: &Row<'_>) -> DbResult<MentionRow> {
    Ok(MentionRow {
        item: id(row, 0)?,
        person: id(row, 1)?,
        post: id(row, 2)?,
        name: row.get(3)?,
        present: row.get(4)?,
        removed: row.get(5)?,
    })
}

/// The mention of a person in an item.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, item: Uuid, person: PersonId) -> DbResult<Option<MentionRow>> {
    tx.first(
        "SELECT item, person, post, name, present, removed FROM mention WHERE item = ?1 AND person = ?2",
        (item.as_bytes(), person.as_bytes()),
        read,
    )
}

/// Says that an item's present text names nobody; follow with [`put`] for each that it does.
///
/// # Errors
/// A database error.
pub fn clear(tx: &mut WriteTx<'_>, item: Uuid) -> DbResult<()> {
    tx.run(
        "UPDATE mention SET present = 0 WHERE item = ?1",
        [item.as_bytes()],
    )?;
    Ok(())
}

/// Notes that an item names a person. Whoever took themselves out stays out.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, item: Uuid, post: PostId, person: PersonId, name: &str) -> DbResult<()> {
    tx.run(
        "INSERT INTO mention (item, person, post, name, present) VALUES (?1, ?2, ?3, ?4, 1)
         ON CONFLICT (item, person) DO UPDATE SET name = ?4, present = 1",
        (item.as_bytes(), person.as_bytes(), post.as_bytes(), name),
    )?;
    Ok(())
}

/// Notes that a person took themselves out of an item; false when they had before.
///
/// # Errors
/// A database error.
pub fn remove(tx: &mut WriteTx<'_>, item: Uuid, post: PostId, person: PersonId) -> DbResult<bool> {
    Ok(tx.run(
        "INSERT INTO mention (item, person, post, name, present, removed) VALUES (?1, ?2, ?3, '', 0, 1)
         ON CONFLICT (item, person) DO UPDATE SET removed = 1 WHERE removed = 0",
        (item.as_bytes(), person.as_bytes(), post.as_bytes()),
    )? > 0)
}

/// The mentions in the present texts of the items.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, items: &[Uuid]) -> DbResult<Vec<MentionRow>> {
    tx.all(
        "SELECT m.item, m.person, m.post, m.name, m.present, m.removed
         FROM json_each(?1) j JOIN mention m ON m.item = unhex(j.value) WHERE m.present = 1",
        [hex_list(items)],
        read,
    )
}
