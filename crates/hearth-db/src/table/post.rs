//! Posts that are here: own ones and copies.

use crate::sql::{at, home, id, opt_at, opt_id, parsed, unsigned};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, PersonId, PostId, Timestamp, feed::Audience};
use rusqlite::Row;
use uuid::Uuid;

/// A post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostRow {
    /// Its id.
    pub id: PostId,
    /// Who wrote it.
    pub author: PersonId,
    /// The author's home.
    pub home: HomeId,
    /// Who may see it.
    pub audience: Audience,
    /// Its text.
    pub text: String,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Its version, from 1.
    pub version: u32,
    /// Whether comments are on.
    pub comments_on: bool,
    /// Hybrid logical clock of the newest `post.put`.
    pub hlc: String,
    /// Hybrid logical clock of what last said whether comments are on.
    pub control_hlc: String,
    /// The newest `post.put` that left or entered this home.
    pub activity: Option<Uuid>,
    /// Whether it is kept of a home that was removed, to be read only.
    pub kept: bool,
}

pub(crate) const COLUMNS: &str = "id, author, home, audience, text, created_at, edited_at, version, comments_on, hlc, control_hlc, activity, kept";

pub(crate) fn read(row: &Row<'_>) -> DbResult<PostRow> {
    Ok(PostRow {
        id: id(row, 0)?,
        author: id(row, 1)?,
        home: home(row, 2)?,
        audience: parsed(row, 3, "audience")?,
        text: row.get(4)?,
        created_at: at(row, 5)?,
        edited_at: opt_at(row, 6)?,
        version: unsigned(row, 7, "version")?,
        comments_on: row.get(8)?,
        hlc: row.get(9)?,
        control_hlc: row.get(10)?,
        activity: opt_id(row, 11)?,
        kept: row.get(12)?,
    })
}

/// A post by id.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, post: PostId) -> DbResult<Option<PostRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM post WHERE id = ?1"),
        [post.as_bytes()],
        read,
    )
}

/// Stores a post, replacing one with the same id; comments and reactions stay.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &PostRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO post (id, author, home, audience, text, created_at, edited_at, version, comments_on,
             hlc, control_hlc, activity, kept)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET audience = ?4, text = ?5, created_at = ?6, edited_at = ?7,
             version = ?8, comments_on = ?9, hlc = ?10, control_hlc = ?11, activity = ?12, kept = ?13",
        (
            row.id.as_bytes(),
            row.author.as_bytes(),
            row.home.as_str(),
            row.audience.as_str(),
            &row.text,
            row.created_at.0,
            row.edited_at.map(|t| t.0),
            row.version,
            row.comments_on,
            &row.hlc,
            &row.control_hlc,
            row.activity.map(|a| *a.as_bytes()),
            row.kept,
        ),
    )?;
    Ok(())
}

/// Deletes a post with its comments, reactions, mentions and versions.
///
/// # Errors
/// A database error.
pub fn delete(tx: &mut WriteTx<'_>, post: PostId) -> DbResult<()> {
    tx.run("DELETE FROM post WHERE id = ?1", [post.as_bytes()])?;
    Ok(())
}

/// The posts of an author with one of two wider audiences, oldest first, after a place: for delivery to a new reader.
///
/// # Errors
/// A database error.
pub fn shared_by(
    tx: &ReadTx<'_>,
    author: PersonId,
    after: (Timestamp, PostId),
    limit: u32,
) -> DbResult<Vec<PostRow>> {
    tx.all(
        &format!(
            "SELECT {COLUMNS} FROM post WHERE author = ?1 AND audience IN ('friends', 'public')
             AND (created_at, id) > (?2, ?3) ORDER BY created_at, id LIMIT ?4"
        ),
        (author.as_bytes(), after.0.0, after.1.as_bytes(), limit),
        read,
    )
}

/// An author's posts for friends or everybody, with whom they are for; without what is kept of a home that was removed.
///
/// # Errors
/// A database error.
pub fn shared_of(tx: &ReadTx<'_>, author: PersonId) -> DbResult<Vec<(PostId, Audience)>> {
    tx.all(
        "SELECT id, audience FROM post WHERE author = ?1 AND audience IN ('friends', 'public') AND kept = 0",
        [author.as_bytes()],
        |row| Ok((id(row, 0)?, parsed(row, 1, "audience")?)),
    )
}

/// How many posts of a home are here, without those that are kept though it was removed.
///
/// # Errors
/// A database error.
pub fn count_of(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count(
        "SELECT count(*) FROM post WHERE home = ?1 AND kept = 0",
        [home.as_str()],
    )
}

/// The ids of the copies from a home, without those that are kept though it was removed.
///
/// # Errors
/// A database error.
pub fn of_home(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Vec<PostId>> {
    tx.all(
        "SELECT id FROM post WHERE home = ?1 AND kept = 0",
        [home.as_str()],
        |row| id(row, 0),
    )
}

/// The ids of all posts of an author.
///
/// # Errors
/// A database error.
pub fn by(tx: &ReadTx<'_>, author: PersonId) -> DbResult<Vec<PostId>> {
    tx.all(
        "SELECT id FROM post WHERE author = ?1",
        [author.as_bytes()],
        |row| id(row, 0),
    )
}
