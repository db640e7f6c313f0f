//! What carries a file: posts, comments, drafts, profiles.

use crate::sql::{id, opt_id, parsed, unsigned};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::media::MediaItem;
use hearth_api::{CommentId, DraftId, HomeId, MediaHash, PersonId, PostId};
use rusqlite::Row;
use uuid::Uuid;

/// Something that files hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// A post.
    Post(PostId),
    /// A comment.
    Comment(CommentId),
    /// A draft.
    Draft(DraftId),
    /// A person's profile: at position 0 the square picture, at 1 the picture that it was cut from.
    Profile(PersonId),
}

impl Carrier {
    fn kind(self) -> &'static str {
        match self {
            Self::Post(_) => "post",
            Self::Comment(_) => "comment",
            Self::Draft(_) => "draft",
            Self::Profile(_) => "profile",
        }
    }
    fn bytes(&self) -> &[u8; 16] {
        match self {
            Self::Post(id) => id.as_bytes(),
            Self::Comment(id) => id.as_bytes(),
            Self::Draft(id) => id.as_bytes(),
            Self::Profile(id) => id.as_bytes(),
        }
    }
    fn of(kind: &str, id: Uuid) -> DbResult<Self> {
        Ok(match kind {
            "post" => Self::Post(PostId(id)),
            "comment" => Self::Comment(CommentId(id)),
            "draft" => Self::Draft(DraftId(id)),
            "profile" => Self::Profile(PersonId(id)),
            _ => return Err(DbError::Malformed("attachment kind")),
        })
    }
}

/// A file on its carrier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRow {
    /// What carries it.
    pub carrier: Carrier,
    /// Its place, from 0.
    pub position: u32,
    /// The file.
    pub hash: MediaHash,
    /// Its name, for downloads.
    pub name: String,
    /// Alternative text.
    pub alt: String,
    /// Caption.
    pub caption: String,
    /// The account of this home that attached it.
    pub account: Option<PersonId>,
    /// Else the home to fetch it from.
    pub home: Option<HomeId>,
}

fn read(row: &Row<'_>) -> DbResult<AttachmentRow> {
    let kind: String = row.get(0)?;
    let home: Option<String> = row.get(8)?;
    Ok(AttachmentRow {
        carrier: Carrier::of(&kind, id(row, 1)?)?,
        position: unsigned(row, 2, "attachment position")?,
        hash: parsed(row, 3, "media hash")?,
        name: row.get(4)?,
        alt: row.get(5)?,
        caption: row.get(6)?,
        account: opt_id(row, 7)?,
        home: home.map(|_| parsed(row, 8, "home id")).transpose()?,
    })
}

const COLUMNS: &str = "kind, item, position, hash, name, alt, caption, account, home";

/// Puts a file on its carrier.
///
/// # Errors
/// A database error; a unique violation when the place is taken.
pub fn insert(tx: &mut WriteTx<'_>, row: &AttachmentRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO attachment (kind, item, position, hash, name, alt, caption, account, home)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            row.carrier.kind(),
            row.carrier.bytes(),
            row.position,
            row.hash.as_str(),
            &row.name,
            &row.alt,
            &row.caption,
            row.account.map(|id| *id.as_bytes()),
            row.home.as_ref().map(HomeId::as_str),
        ),
    )?;
    Ok(())
}

/// What hangs on a carrier, in order.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, carrier: Carrier) -> DbResult<Vec<AttachmentRow>> {
    tx.all(
        &format!("SELECT {COLUMNS} FROM attachment WHERE kind = ?1 AND item = ?2 ORDER BY position"),
        (carrier.kind(), carrier.bytes()),
        read,
    )
}

/// What hangs on a carrier, in order, as shown to people.
///
/// # Errors
/// A database error.
pub fn items(tx: &ReadTx<'_>, carrier: Carrier) -> DbResult<Vec<MediaItem>> {
    tx.all(
        "SELECT a.hash, m.kind, m.mime, a.name, m.bytes, m.width, m.height, m.placeholder, a.alt, a.caption
         FROM attachment AS a JOIN media AS m ON m.hash = a.hash
         WHERE a.kind = ?1 AND a.item = ?2 ORDER BY a.position",
        (carrier.kind(), carrier.bytes()),
        |row| {
            Ok(MediaItem {
                hash: parsed(row, 0, "media hash")?,
                kind: super::media::kind_of(&row.get::<_, String>(1)?)?,
                mime: row.get(2)?,
                name: row.get(3)?,
                bytes: unsigned(row, 4, "media length")?,
                width: row.get(5)?,
                height: row.get(6)?,
                placeholder: row.get(7)?,
                alt: row.get(8)?,
                caption: row.get(9)?,
            })
        },
    )
}

/// Everything that carries a file, newest items first, at most `limit`.
///
/// # Errors
/// A database error.
pub fn carriers(tx: &ReadTx<'_>, hash: &MediaHash, limit: u32) -> DbResult<Vec<AttachmentRow>> {
    tx.all(
        &format!("SELECT {COLUMNS} FROM attachment WHERE hash = ?1 ORDER BY kind, item DESC LIMIT ?2"),
        (hash.as_str(), limit),
        read,
    )
}

/// Whether anything that an account attached carries a file.
///
/// # Errors
/// A database error.
pub fn carried_by(tx: &ReadTx<'_>, account: PersonId, hash: &MediaHash) -> DbResult<bool> {
    tx.exists(
        "SELECT 1 FROM attachment WHERE hash = ?1 AND account = ?2",
        (hash.as_str(), account.as_bytes()),
    )
}

/// Takes everything off a carrier.
///
/// # Errors
/// A database error.
pub fn clear(tx: &mut WriteTx<'_>, carrier: Carrier) -> DbResult<()> {
    tx.run(
        "DELETE FROM attachment WHERE kind = ?1 AND item = ?2",
        (carrier.kind(), carrier.bytes()),
    )?;
    Ok(())
}
