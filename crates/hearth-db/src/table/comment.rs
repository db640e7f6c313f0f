//! Comments.

use super::batch::hex_list;
use crate::sql::{at, id, opt_at, opt_id, unsigned};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{CommentId, PersonId, PostId, Timestamp};
use rusqlite::Row;
use uuid::Uuid;

/// A comment, or the placeholder of a deleted one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentRow {
    /// Its id.
    pub id: CommentId,
    /// On which post.
    pub post: PostId,
    /// Replying to which.
    pub parent: Option<CommentId>,
    /// Its level, 1 to 8.
    pub depth: u8,
    /// Who wrote it.
    pub author: PersonId,
    /// Its text; empty when deleted.
    pub text: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Its version, from 1.
    pub version: u32,
    /// Hybrid logical clock of the newest `comment.put`.
    pub hlc: String,
    /// The newest `comment.put`.
    pub activity: Option<Uuid>,
    /// Whether the post's home has accepted it.
    pub accepted: bool,
    /// Whether it was deleted.
    pub deleted: bool,
}

const COLUMNS: &str = "c.id, c.post, c.parent, c.depth, c.author, c.text, c.created_at, c.edited_at, c.version, \
                       c.hlc, c.activity, c.accepted, c.deleted";

/// Whom blocked homes house: they and what they wrote are not shown.
const NOT_BLOCKED: &str = "c.author NOT IN (SELECT p.id FROM home h JOIN person p ON p.home = h.id \
                           WHERE h.state = 'blocked')";

fn read(row: &Row<'_>) -> DbResult<CommentRow> {
    Ok(CommentRow {
        id: id(row, 0)?,
        post: id(row, 1)?,
        parent: opt_id(row, 2)?,
        depth: unsigned(row, 3, "depth")?,
        author: id(row, 4)?,
        text: row.get(5)?,
        created_at: at(row, 6)?,
        edited_at: opt_at(row, 7)?,
        version: unsigned(row, 8, "version")?,
        hlc: row.get(9)?,
        activity: opt_id(row, 10)?,
        accepted: row.get(11)?,
        deleted: row.get(12)?,
    })
}

/// A comment by id.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, comment: CommentId) -> DbResult<Option<CommentRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM comment c WHERE c.id = ?1"),
        [comment.as_bytes()],
        read,
    )
}

/// Stores a comment, replacing one with the same id.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &CommentRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO comment (id, post, parent, depth, author, text, created_at, edited_at, version, hlc,
             activity, accepted, deleted)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET author = ?5, text = ?6, created_at = ?7, edited_at = ?8, version = ?9, hlc = ?10,
             activity = ?11, accepted = ?12, deleted = ?13",
        (
            row.id.as_bytes(),
            row.post.as_bytes(),
            row.parent.map(|p| *p.as_bytes()),
            row.depth,
            row.author.as_bytes(),
            &row.text,
            row.created_at.0,
            row.edited_at.map(|t| t.0),
            row.version,
            &row.hlc,
            row.activity.map(|a| *a.as_bytes()),
            row.accepted,
            row.deleted,
        ),
    )?;
    Ok(())
}

/// All comments of a post, oldest first, placeholders and waiting ones too.
///
/// # Errors
/// A database error.
pub fn of_post(tx: &ReadTx<'_>, post: PostId) -> DbResult<Vec<CommentRow>> {
    tx.all(
        &format!("SELECT {COLUMNS} FROM comment c WHERE c.post = ?1 ORDER BY c.created_at, c.id"),
        [post.as_bytes()],
        read,
    )
}

/// All comments of a post that may be shown to `viewer`, oldest first, placeholders too.
///
/// # Errors
/// A database error.
pub fn shown(tx: &ReadTx<'_>, post: PostId, viewer: PersonId) -> DbResult<Vec<CommentRow>> {
    tx.all(&shown_sql(), (post.as_bytes(), viewer.as_bytes()), read)
}

fn shown_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM comment c WHERE c.post = ?1 AND (c.accepted = 1 OR c.author = ?2)
         AND {NOT_BLOCKED} ORDER BY c.created_at, c.id"
    )
}

fn counts_sql() -> String {
    format!(
        "SELECT unhex(j.value), (SELECT count(*) FROM comment c WHERE c.post = unhex(j.value) AND c.deleted = 0
             AND (c.accepted = 1 OR c.author = ?2) AND {NOT_BLOCKED})
         FROM json_each(?1) j"
    )
}

fn nth_last_sql(offset: u8) -> String {
    format!(
        "SELECT {COLUMNS} FROM json_each(?1) j JOIN comment c ON c.rowid = (
             SELECT c.rowid FROM comment c WHERE c.post = unhex(j.value) AND c.deleted = 0
                 AND (c.accepted = 1 OR c.author = ?2) AND {NOT_BLOCKED}
             ORDER BY c.created_at DESC, c.id DESC LIMIT 1 OFFSET {offset})"
    )
}

/// How many comments of each post may be shown to `viewer`.
///
/// # Errors
/// A database error.
pub fn counts(tx: &ReadTx<'_>, posts: &[Uuid], viewer: PersonId) -> DbResult<Vec<(PostId, u32)>> {
    tx.all(&counts_sql(), (hex_list(posts), viewer.as_bytes()), |row| {
        Ok((id(row, 0)?, unsigned(row, 1, "count")?))
    })
}

/// The last two comments of each post that may be shown to `viewer`, newest first.
///
/// # Errors
/// A database error.
pub fn last_two(tx: &ReadTx<'_>, posts: &[Uuid], viewer: PersonId) -> DbResult<Vec<CommentRow>> {
    let mut rows = tx.all(&nth_last_sql(0), (hex_list(posts), viewer.as_bytes()), read)?;
    let more: Vec<Uuid> = rows.iter().map(|row| row.post.0).collect();
    rows.extend(tx.all(&nth_last_sql(1), (hex_list(&more), viewer.as_bytes()), read)?);
    Ok(rows)
}

/// Whether somebody has a comment on a post.
///
/// # Errors
/// A database error.
pub fn wrote_on(tx: &ReadTx<'_>, post: PostId, person: PersonId) -> DbResult<bool> {
    tx.exists(
        "SELECT 1 FROM comment WHERE post = ?1 AND author = ?2 AND accepted = 1 AND deleted = 0",
        (post.as_bytes(), person.as_bytes()),
    )
}

/// Marks a comment as accepted by the post's home; false when it was, or is not here.
///
/// # Errors
/// A database error.
pub fn accept(tx: &mut WriteTx<'_>, comment: CommentId) -> DbResult<bool> {
    Ok(tx.run(
        "UPDATE comment SET accepted = 1 WHERE id = ?1 AND accepted = 0",
        [comment.as_bytes()],
    )? > 0)
}

/// Takes back that a comment was accepted by the post's home.
///
/// # Errors
/// A database error.
pub fn withdraw(tx: &mut WriteTx<'_>, comment: CommentId) -> DbResult<()> {
    tx.run(
        "UPDATE comment SET accepted = 0 WHERE id = ?1",
        [comment.as_bytes()],
    )?;
    Ok(())
}

/// Erases what an item gathered: reactions, mentions, earlier versions.
///
/// # Errors
/// A database error.
pub fn erase_gathered(tx: &mut WriteTx<'_>, comment: CommentId) -> DbResult<()> {
    for sql in [
        "DELETE FROM reaction WHERE item = ?1",
        "DELETE FROM mention WHERE item = ?1",
        "DELETE FROM version WHERE item = ?1",
    ] {
        tx.run(sql, [comment.as_bytes()])?;
    }
    Ok(())
}

/// All comments of an author that are not deleted.
///
/// # Errors
/// A database error.
pub fn by(tx: &ReadTx<'_>, author: PersonId) -> DbResult<Vec<CommentRow>> {
    tx.all(
        &format!("SELECT {COLUMNS} FROM comment c WHERE c.author = ?1 AND c.deleted = 0"),
        [author.as_bytes()],
        read,
    )
}

#[cfg(test)]
mod tests {
    use super::{counts_sql, nth_last_sql, shown_sql};
    use crate::table::plan::{check_found_by_key, check_indexed};

    #[test]
    fn threads_and_the_comments_of_a_page_come_from_indexes() {
        check_indexed(&shown_sql());
        check_found_by_key(&counts_sql());
        check_found_by_key(&nth_last_sql(1));
    }
}
