//! Earlier versions of posts and comments.

use crate::sql::{at, id, parsed, unsigned};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{PostId, Timestamp, feed::Audience};
use uuid::Uuid;

/// An earlier version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// The post or comment.
    pub item: Uuid,
    /// Its number.
    pub version: u32,
    /// The post that the item is, or belongs to.
    pub post: PostId,
    /// Who might see it then.
    pub audience: Audience,
    /// Its text.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

/// Keeps an earlier version; one that is kept already stays.
///
/// # Errors
/// A database error.
pub fn keep(tx: &mut WriteTx<'_>, row: &VersionRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO version (item, version, post, audience, text, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (item, version) DO NOTHING",
        (
            row.item.as_bytes(),
            row.version,
            row.post.as_bytes(),
            row.audience.as_str(),
            &row.text,
            row.at.0,
        ),
    )?;
    Ok(())
}

/// The earlier versions of an item, newest first.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, item: Uuid) -> DbResult<Vec<VersionRow>> {
    tx.all(
        "SELECT item, version, post, audience, text, at FROM version WHERE item = ?1 ORDER BY version DESC LIMIT 200",
        [item.as_bytes()],
        |row| {
            Ok(VersionRow {
                item: id(row, 0)?,
                version: unsigned(row, 1, "version")?,
                post: id(row, 2)?,
                audience: parsed(row, 3, "audience")?,
                text: row.get(4)?,
                at: at(row, 5)?,
            })
        },
    )
}
