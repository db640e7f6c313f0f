//! Reactions on posts and comments.

use super::batch::hex_list;
use crate::sql::{at, id, opt_id};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{PersonId, PostId, Timestamp};
use rusqlite::Row;
use uuid::Uuid;

/// One person's reaction to one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReactionRow {
    /// The post or comment.
    pub item: Uuid,
    /// Who.
    pub person: PersonId,
    /// The post that the item is, or belongs to.
    pub post: PostId,
    /// One emoji; `None` when taken back.
    pub emoji: Option<String>,
    /// When.
    pub at: Timestamp,
    /// By the hybrid logical clock.
    pub hlc: String,
    /// The `react.set`.
    pub activity: Option<Uuid>,
}

fn read(row: &Row<'_>) -> DbResult<ReactionRow> {
    Ok(ReactionRow {
        item: id(row, 0)?,
        person: id(row, 1)?,
        post: id(row, 2)?,
        emoji: row.get(3)?,
        at: at(row, 4)?,
        hlc: row.get(5)?,
        activity: opt_id(row, 6)?,
    })
}

/// What a person last set on an item.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, item: Uuid, person: PersonId) -> DbResult<Option<ReactionRow>> {
    tx.first(
        "SELECT item, person, post, emoji, at, hlc, activity FROM reaction WHERE item = ?1 AND person = ?2",
        (item.as_bytes(), person.as_bytes()),
        read,
    )
}

/// Stores a reaction instead of what the person set before.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &ReactionRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO reaction (item, person, post, emoji, at, hlc, activity) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (item, person) DO UPDATE SET emoji = ?4, at = ?5, hlc = ?6, activity = ?7",
        (
            row.item.as_bytes(),
            row.person.as_bytes(),
            row.post.as_bytes(),
            &row.emoji,
            row.at.0,
            &row.hlc,
            row.activity.map(|a| *a.as_bytes()),
        ),
    )?;
    Ok(())
}

/// The reactions that stand on each of the items, without those of people on blocked homes.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, items: &[Uuid]) -> DbResult<Vec<ReactionRow>> {
    tx.all(
        "SELECT r.item, r.person, r.post, r.emoji, r.at, r.hlc, r.activity
         FROM json_each(?1) j JOIN reaction r ON r.item = unhex(j.value)
         WHERE r.emoji IS NOT NULL AND r.person NOT IN (
             SELECT p.id FROM home h JOIN person p ON p.home = h.id WHERE h.state = 'blocked')",
        [hex_list(items)],
        read,
    )
}

/// All reactions on a post and its comments, those taken back too: for delivery to a new home.
///
/// # Errors
/// A database error.
pub fn of_post(tx: &ReadTx<'_>, post: PostId) -> DbResult<Vec<ReactionRow>> {
    tx.all(
        "SELECT item, person, post, emoji, at, hlc, activity FROM reaction WHERE post = ?1",
        [post.as_bytes()],
        read,
    )
}

/// All reactions on one item, those taken back too.
///
/// # Errors
/// A database error.
pub fn of_item(tx: &ReadTx<'_>, item: Uuid) -> DbResult<Vec<ReactionRow>> {
    tx.all(
        "SELECT item, person, post, emoji, at, hlc, activity FROM reaction WHERE item = ?1",
        [item.as_bytes()],
        read,
    )
}

/// Erases what a person set on an item.
///
/// # Errors
/// A database error.
pub fn delete(tx: &mut WriteTx<'_>, item: Uuid, person: PersonId) -> DbResult<()> {
    tx.run(
        "DELETE FROM reaction WHERE item = ?1 AND person = ?2",
        (item.as_bytes(), person.as_bytes()),
    )?;
    Ok(())
}

/// Erases all reactions of a person.
///
/// # Errors
/// A database error.
pub fn delete_by(tx: &mut WriteTx<'_>, person: PersonId) -> DbResult<()> {
    tx.run("DELETE FROM reaction WHERE person = ?1", [person.as_bytes()])?;
    Ok(())
}
