//! The last effective word on everything that travels.

use crate::sql::{id, opt_id};
use crate::{DbResult, ReadTx, WriteTx, item_activity};
use hearth_api::HomeId;
use rusqlite::Row;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The last word on one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotRow {
    /// The thing.
    pub id: Uuid,
    /// The activity that says it; its text is in `activity`.
    pub activity: Uuid,
    /// The activity's kind.
    pub kind: String,
    /// The author's home.
    pub home: String,
    /// The home that it is about, when that is known without the post that it belongs to.
    pub about: Option<String>,
    /// The post that it belongs to.
    pub post: Option<Uuid>,
    /// When it was said, as it says.
    pub hlc: String,
}

const COLUMNS: &str = "id, activity, kind, home, about, post, hlc";

fn read(row: &Row<'_>) -> DbResult<SlotRow> {
    Ok(SlotRow {
        id: id(row, 0)?,
        activity: id(row, 1)?,
        kind: row.get(2)?,
        home: row.get(3)?,
        about: row.get(4)?,
        post: opt_id(row, 5)?,
        hlc: row.get(6)?,
    })
}

/// The last word on a thing.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, slot: Uuid) -> DbResult<Option<SlotRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM slot WHERE id = ?1"),
        [slot.as_bytes()],
        read,
    )
}

/// Stores the last word on a thing. Without `about` it is about the home of the post that it belongs to, else about its author's.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &SlotRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO slot (id, activity, kind, home, about, post, hlc)
         VALUES (?1, ?2, ?3, ?4, coalesce(?5, (SELECT home FROM post WHERE id = ?6), ?4), ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET activity = ?2, kind = ?3, home = ?4, about = excluded.about, post = ?6, hlc = ?7",
        (
            row.id.as_bytes(),
            row.activity.as_bytes(),
            &row.kind,
            &row.home,
            &row.about,
            row.post.map(|post| *post.as_bytes()),
            &row.hlc,
        ),
    )?;
    Ok(())
}

const BY_HOME: &str =
    "SELECT id, activity, kind, home, about, post, hlc FROM slot WHERE home = ?1 AND id > ?2
     ORDER BY id LIMIT ?3";
const ABOUT_HOME: &str =
    "SELECT id, activity, kind, home, about, post, hlc FROM slot WHERE about = ?1 AND id > ?2
     ORDER BY id LIMIT ?3";

/// The last words by people of a home or about it, after a thing, in order, at most `limit`.
///
/// # Errors
/// A database error.
pub fn of_home(tx: &ReadTx<'_>, home: &HomeId, after: Uuid, limit: u32) -> DbResult<Vec<SlotRow>> {
    let mut found = BTreeMap::new();
    for sql in [BY_HOME, ABOUT_HOME] {
        for row in tx.all(sql, (home.as_str(), after.as_bytes(), limit), read)? {
            found.insert(row.id, row);
        }
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(found.into_values().take(limit).collect())
}

/// Whether a thing is by people of a home or about it.
#[must_use]
pub fn is_of(row: &SlotRow, home: &HomeId) -> bool {
    row.home == home.as_str() || row.about.as_deref() == Some(home.as_str())
}

/// Whether people of a home have said something that hangs on a post.
///
/// # Errors
/// A database error.
pub fn hangs_by(tx: &ReadTx<'_>, post: Uuid, home: &HomeId) -> DbResult<bool> {
    tx.exists(HANGS_BY, (post.as_bytes(), home.as_str()))
}

const HANGS_BY: &str = "SELECT 1 FROM slot WHERE post = ?1 AND home = ?2 AND id <> ?1";

/// Forgets what hangs on a post, but not the word about the post itself.
///
/// # Errors
/// A database error.
pub fn erase_hanging(tx: &mut WriteTx<'_>, post: Uuid) -> DbResult<()> {
    let deletions = tx.all(
        "SELECT id, activity FROM slot WHERE post = ?1 AND kind = 'comment.delete'",
        [post.as_bytes()],
        |row| Ok((id::<Uuid>(row, 0)?, id::<Uuid>(row, 1)?)),
    )?;
    tx.run("DELETE FROM slot WHERE post = ?1 AND id <> ?1", [post.as_bytes()])?;
    deletions
        .into_iter()
        .try_for_each(|(comment, activity)| item_activity::drop_unsent(tx, comment, activity))
}

/// As [`erase_hanging`], but the words by which comments were deleted.
///
/// # Errors
/// A database error.
pub fn erase_hanging_but_deletions(tx: &mut WriteTx<'_>, post: Uuid) -> DbResult<()> {
    tx.run(
        "DELETE FROM slot WHERE post = ?1 AND id <> ?1 AND kind <> 'comment.delete'",
        [post.as_bytes()],
    )?;
    Ok(())
}

/// Forgets the word about a post and what hangs on it: its copy says nothing to its home any more.
///
/// # Errors
/// A database error.
pub fn forget_post(tx: &mut WriteTx<'_>, post: Uuid) -> DbResult<()> {
    erase_hanging(tx, post)?;
    tx.run("DELETE FROM slot WHERE id = ?1", [post.as_bytes()])?;
    Ok(())
}

/// Forgets what people of a home said of themselves, and what people here and there said of each other: the connection has ended, and
/// nothing of it is to come back when the homes meet again.
///
/// # Errors
/// A database error.
pub fn forget_people(tx: &mut WriteTx<'_>, of: &HomeId) -> DbResult<()> {
    for sql in [OF_PEOPLE, ABOUT_PEOPLE] {
        for (slot, activity) in tx.all(sql, [of.as_str()], |row| {
            Ok((id::<Uuid>(row, 0)?, id::<Uuid>(row, 1)?))
        })? {
            tx.run("DELETE FROM slot WHERE id = ?1", [slot.as_bytes()])?;
            drop_superseded(tx, activity)?;
        }
    }
    Ok(())
}

const OF_PEOPLE: &str =
    "SELECT id, activity FROM slot WHERE home = ?1 AND (kind LIKE 'friend.%' OR kind LIKE 'person.%')";
const ABOUT_PEOPLE: &str = "SELECT id, activity FROM slot WHERE about = ?1 AND kind LIKE 'friend.%'";

/// Forgets the word by which somebody of a home says that something is gone, and its text; another home's word stands.
///
/// # Errors
/// A database error.
pub(crate) fn forget_gone(tx: &mut WriteTx<'_>, item: Uuid, of: &HomeId) -> DbResult<()> {
    let is_end = |kind: &str| kind.ends_with(".delete") || kind == "post.retract";
    let said = get(tx, item)?.filter(|row| is_end(&row.kind) && row.home == of.as_str());
    let Some(row) = said else { return Ok(()) };
    tx.run("DELETE FROM slot WHERE id = ?1", [item.as_bytes()])?;
    drop_superseded(tx, row.activity)
}

/// Forgets the last word on a thing, and its text, if it is still this one.
///
/// # Errors
/// A database error.
pub fn forget_word(tx: &mut WriteTx<'_>, slot: Uuid, activity: Uuid) -> DbResult<()> {
    tx.run(
        "DELETE FROM slot WHERE id = ?1 AND activity = ?2",
        (slot.as_bytes(), activity.as_bytes()),
    )?;
    drop_superseded(tx, activity)
}

/// Erases the text of an activity that is no last word on anything any more and is not to be sent.
///
/// # Errors
/// A database error.
pub fn drop_superseded(tx: &mut WriteTx<'_>, activity: Uuid) -> DbResult<()> {
    tx.run(
        "DELETE FROM activity WHERE id = ?1
         AND NOT EXISTS (SELECT 1 FROM slot WHERE activity = ?1)
         AND NOT EXISTS (SELECT 1 FROM peer_log WHERE activity = ?1)",
        [activity.as_bytes()],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::table::plan::{check_found_by_key, check_uses};

    #[test]
    fn the_things_of_a_home_are_found_by_their_key() {
        check_found_by_key(super::BY_HOME);
        check_found_by_key(super::ABOUT_HOME);
        check_found_by_key(super::OF_PEOPLE);
        check_found_by_key(super::ABOUT_PEOPLE);
        check_uses(super::HANGS_BY, "slot_by_post (post=?");
    }
}
