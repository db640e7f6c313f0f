//! What carries a file: posts, comments, drafts. Profiles name theirs in `person` and `profile_picture`.

use super::batch::hex_list;
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
}

impl Carrier {
    fn kind(self) -> &'static str {
        match self {
            Self::Post(_) => "post",
            Self::Comment(_) => "comment",
            Self::Draft(_) => "draft",
        }
    }
    fn bytes(&self) -> &[u8; 16] {
        match self {
            Self::Post(id) => id.as_bytes(),
            Self::Comment(id) => id.as_bytes(),
            Self::Draft(id) => id.as_bytes(),
        }
    }
    fn of(kind: &str, id: Uuid) -> DbResult<Self> {
        Ok(match kind {
            "post" => Self::Post(PostId(id)),
            "comment" => Self::Comment(CommentId(id)),
            "draft" => Self::Draft(DraftId(id)),
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

const ITEMS: &str =
    "SELECT a.kind, a.item, a.hash, m.kind, m.mime, a.name, m.bytes, m.width, m.height, m.placeholder,
         a.alt, a.caption
     FROM json_each(?2) AS wanted
     CROSS JOIN attachment AS a ON a.kind = ?1 AND a.item = unhex(wanted.value)
     CROSS JOIN media AS m ON m.hash = a.hash
     ORDER BY wanted.id, a.position";
const CARRIERS: &str = "SELECT kind, item, position, hash, name, alt, caption, account, home FROM attachment
     WHERE hash = ?1 ORDER BY kind DESC, item DESC LIMIT ?2";
/// The latest of all are looked at, whatever hangs there, so that the work has a bound.
const RECENT_PICTURES: &str = "SELECT a.hash, a.home FROM (
         SELECT hash, home FROM attachment WHERE kind = ?1 ORDER BY item DESC, position DESC LIMIT ?2
     ) AS a CROSS JOIN media AS m ON m.hash = a.hash CROSS JOIN home AS h ON h.id = a.home
     WHERE m.kind = 'image' AND m.stored = 0 AND h.state = 'connected'";
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

/// The pictures of connected homes, with the home to fetch each from, whose originals are not here, among the latest `among` files of posts
/// and of comments each; those of the latest first.
///
/// # Errors
/// A database error.
pub fn recent_pictures(tx: &ReadTx<'_>, among: u32) -> DbResult<Vec<(MediaHash, HomeId)>> {
    let mut found = Vec::new();
    for kind in ["post", "comment"] {
        found.extend(tx.all(RECENT_PICTURES, (kind, among), |row| {
            Ok((parsed(row, 0, "media hash")?, parsed(row, 1, "home id")?))
        })?);
    }
    Ok(found)
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

/// What hangs on each of some carriers, in order, as shown to people.
///
/// # Errors
/// A database error.
pub fn items(tx: &ReadTx<'_>, carriers: &[Carrier]) -> DbResult<Vec<(Carrier, MediaItem)>> {
    let mut found = Vec::new();
    for kind in ["post", "comment", "draft"] {
        let ids: Vec<Uuid> = carriers
            .iter()
            .filter(|carrier| carrier.kind() == kind)
            .map(|carrier| Uuid::from_bytes(*carrier.bytes()))
            .collect();
        if ids.is_empty() {
            continue;
        }
        found.extend(tx.all(ITEMS, (kind, hex_list(&ids)), read_item)?);
    }
    Ok(found)
}

fn read_item(row: &Row<'_>) -> DbResult<(Carrier, MediaItem)> {
    let carrier = Carrier::of(&row.get::<_, String>(0)?, id(row, 1)?)?;
    let item = MediaItem {
        hash: parsed(row, 2, "media hash")?,
        kind: super::media::kind_of(&row.get::<_, String>(3)?)?,
        mime: row.get(4)?,
        name: row.get(5)?,
        bytes: unsigned(row, 6, "media length")?,
        width: row.get(7)?,
        height: row.get(8)?,
        placeholder: row.get(9)?,
        alt: row.get(10)?,
        caption: row.get(11)?,
    };
    Ok((carrier, item))
}

/// Everything that carries a file, newest items first, at most `limit`.
///
/// # Errors
/// A database error.
pub fn carriers(tx: &ReadTx<'_>, hash: &MediaHash, limit: u32) -> DbResult<Vec<AttachmentRow>> {
    tx.all(CARRIERS, (hash.as_str(), limit), read)
}

/// Whether anything that an account attached, or its profile, carries a file.
///
/// # Errors
/// A database error.
pub fn carried_by(tx: &ReadTx<'_>, account: PersonId, hash: &MediaHash) -> DbResult<bool> {
    tx.exists(
        "SELECT 1 FROM attachment WHERE hash = ?1 AND account = ?2
         UNION ALL SELECT 1 FROM person WHERE picture = ?1 AND id = ?2
         UNION ALL SELECT 1 FROM profile_picture WHERE original = ?1 AND person = ?2",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_their_carriers_are_found_by_indexes() {
        crate::table::plan::check_indexed(CARRIERS);
        crate::table::plan::check_found_by_key(ITEMS);
    }
}
