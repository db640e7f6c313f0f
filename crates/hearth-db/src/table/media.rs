//! Files known here by their hash.

use crate::sql::{at, parsed, unsigned};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::media::MediaKind;
use hearth_api::{HomeId, MediaHash, Timestamp};
use rusqlite::Row;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaRow {
    /// SHA-256 of its bytes.
    pub hash: MediaHash,
    /// How it is presented.
    pub kind: MediaKind,
    /// MIME type; of a file not here yet, what its home says.
    pub mime: String,
    /// Length.
    pub bytes: u64,
    /// Width in pixels, for images.
    pub width: Option<u32>,
    /// Height in pixels, for images.
    pub height: Option<u32>,
    /// A tiny preview as a `data:` URL, or empty.
    pub placeholder: String,
    /// When the camera says the picture was taken, in its own local time.
    pub captured_at: Option<String>,
    /// Whether the bytes are here.
    pub stored: bool,
    /// When it was last shown.
    pub used_at: Timestamp,
}

const COLUMNS: &str = "hash, kind, mime, bytes, width, height, placeholder, captured_at, stored, used_at";

fn kind_text(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Audio => "audio",
        MediaKind::File => "file",
    }
}

pub(super) fn kind_of(text: &str) -> DbResult<MediaKind> {
    Ok(match text {
        "image" => MediaKind::Image,
        "video" => MediaKind::Video,
        "audio" => MediaKind::Audio,
        "file" => MediaKind::File,
        _ => return Err(DbError::Malformed("media kind")),
    })
}

fn read(row: &Row<'_>) -> DbResult<MediaRow> {
    Ok(MediaRow {
        hash: parsed(row, 0, "media hash")?,
        kind: kind_of(&row.get::<_, String>(1)?)?,
        mime: row.get(2)?,
        bytes: unsigned(row, 3, "media length")?,
        width: row.get(4)?,
        height: row.get(5)?,
        placeholder: row.get(6)?,
        captured_at: row.get(7)?,
        stored: row.get(8)?,
        used_at: at(row, 9)?,
    })
}

fn length(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// A file by its hash.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, hash: &MediaHash) -> DbResult<Option<MediaRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM media WHERE hash = ?1"),
        [hash.as_str()],
        read,
    )
}

/// Stores what is known of a file, replacing what was known before.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &MediaRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO media (hash, kind, mime, bytes, width, height, placeholder, captured_at, stored, used_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (hash) DO UPDATE SET kind = ?2, mime = ?3, bytes = ?4, width = ?5, height = ?6,
             placeholder = ?7, captured_at = ?8, stored = ?9, used_at = ?10",
        (
            row.hash.as_str(),
            kind_text(row.kind),
            &row.mime,
            length(row.bytes),
            row.width,
            row.height,
            &row.placeholder,
            &row.captured_at,
            row.stored,
            row.used_at.0,
        ),
    )?;
    Ok(())
}

/// Notes whether the bytes are here.
///
/// # Errors
/// A database error.
pub fn set_stored(tx: &mut WriteTx<'_>, hash: &MediaHash, stored: bool) -> DbResult<()> {
    tx.run(
        "UPDATE media SET stored = ?2 WHERE hash = ?1",
        (hash.as_str(), stored),
    )?;
    Ok(())
}

/// Notes that a file was shown.
///
/// # Errors
/// A database error.
pub fn touch(tx: &mut WriteTx<'_>, hash: &MediaHash, now: Timestamp) -> DbResult<()> {
    tx.run(
        "UPDATE media SET used_at = ?2 WHERE hash = ?1 AND used_at < ?2",
        (hash.as_str(), now.0),
    )?;
    Ok(())
}

/// The files whose bytes are here: the hash, the length, and whether an account of this home stored it.
///
/// # Errors
/// A database error.
pub fn stored(tx: &ReadTx<'_>) -> DbResult<Vec<(MediaHash, u64, bool)>> {
    tx.all(
        "SELECT hash, bytes, EXISTS (SELECT 1 FROM media_owner AS o WHERE o.hash = media.hash) FROM media
         WHERE stored = 1 ORDER BY hash",
        [],
        |row| {
            Ok((
                parsed(row, 0, "media hash")?,
                unsigned(row, 1, "media length")?,
                row.get(2)?,
            ))
        },
    )
}

/// The files whose bytes are here, at most so many: those that an account of this home stored first, then those shown last. Each with
/// whether an account of this home stored it.
///
/// # Errors
/// A database error.
pub fn stored_first(tx: &ReadTx<'_>, limit: u32) -> DbResult<Vec<(MediaHash, bool)>> {
    tx.all(
        "SELECT hash, EXISTS (SELECT 1 FROM media_owner AS o WHERE o.hash = media.hash) AS own FROM media
         WHERE stored = 1 ORDER BY own DESC, used_at DESC, hash LIMIT ?1",
        [limit],
        |row| Ok((parsed(row, 0, "media hash")?, row.get(1)?)),
    )
}

/// Bytes of the copies of other homes' files.
///
/// # Errors
/// A database error.
pub fn cached_bytes(tx: &ReadTx<'_>) -> DbResult<u64> {
    tx.count(
        "SELECT coalesce(sum(bytes), 0) FROM media
         WHERE stored = 1 AND NOT EXISTS (SELECT 1 FROM media_owner AS o WHERE o.hash = media.hash)",
        [],
    )
}

/// How many files from a home are stored here that nobody of this home owns, and their bytes.
///
/// # Errors
/// A database error.
pub fn cached_of(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<(u64, u64)> {
    const OF_HOME: &str = "FROM media AS m WHERE m.stored = 1
         AND m.hash IN (SELECT a.hash FROM attachment AS a WHERE a.home = ?1)
         AND NOT EXISTS (SELECT 1 FROM media_owner AS o WHERE o.hash = m.hash)";
    let files = tx.count(&format!("SELECT count(*) {OF_HOME}"), [home.as_str()])?;
    let bytes = tx.count(
        &format!("SELECT coalesce(sum(m.bytes), 0) {OF_HOME}"),
        [home.as_str()],
    )?;
    Ok((files, bytes))
}

/// How many files that are kept of a home that was removed are stored here, and their bytes.
///
/// # Errors
/// A database error.
pub fn kept_of(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<(u64, u64)> {
    tx.first(
        "SELECT count(*), coalesce(sum(m.bytes), 0) FROM media AS m WHERE m.stored = 1 AND m.hash IN (
             SELECT a.hash FROM post AS p JOIN attachment AS a ON a.item = p.id AND a.kind = 'post'
             WHERE p.kept = 1 AND p.home = ?1)",
        [home.as_str()],
        |row| Ok((unsigned(row, 0, "count")?, unsigned(row, 1, "media length")?)),
    )
    .map(Option::unwrap_or_default)
}

/// The copies of other homes' files, those not shown longest first, with their length. What hangs on a post that is kept of a home that
/// was removed is not among them: it could not be fetched again.
///
/// # Errors
/// A database error.
pub fn cached_oldest(tx: &ReadTx<'_>, limit: u32) -> DbResult<Vec<(MediaHash, u64)>> {
    tx.all(
        "SELECT hash, bytes FROM media
         WHERE stored = 1 AND NOT EXISTS (SELECT 1 FROM media_owner AS o WHERE o.hash = media.hash)
             AND NOT EXISTS (
                 SELECT 1 FROM attachment AS a LEFT JOIN comment AS c ON c.id = a.item
                 JOIN post AS p ON p.id = coalesce(c.post, a.item) WHERE a.hash = media.hash AND p.kept = 1)
         ORDER BY used_at LIMIT ?1",
        [limit],
        |row| Ok((parsed(row, 0, "media hash")?, unsigned(row, 1, "media length")?)),
    )
}

/// The files that nobody of this home owns, those not shown longest first, with whether they may be let go of: what hangs on a post that is kept
/// of a home that was removed could not be fetched again.
///
/// # Errors
/// A database error.
pub fn foreign(tx: &ReadTx<'_>) -> DbResult<Vec<(MediaHash, bool)>> {
    tx.all(
        "SELECT hash, NOT EXISTS (
             SELECT 1 FROM attachment AS a LEFT JOIN comment AS c ON c.id = a.item
             JOIN post AS p ON p.id = coalesce(c.post, a.item) WHERE a.hash = media.hash AND p.kept = 1)
         FROM media WHERE NOT EXISTS (SELECT 1 FROM media_owner AS o WHERE o.hash = media.hash) ORDER BY used_at",
        [],
        |row| Ok((parsed(row, 0, "media hash")?, row.get(1)?)),
    )
}

/// Whether an account, an item or a profile still names a file.
///
/// # Errors
/// A database error.
pub fn is_named(tx: &ReadTx<'_>, hash: &MediaHash) -> DbResult<bool> {
    tx.exists(
        "SELECT 1 FROM media_owner WHERE hash = ?1
         UNION ALL SELECT 1 FROM attachment WHERE hash = ?1
         UNION ALL SELECT 1 FROM person WHERE picture = ?1
         UNION ALL SELECT 1 FROM profile_picture WHERE original = ?1",
        [hash.as_str()],
    )
}

/// Files that nothing names any more.
///
/// # Errors
/// A database error.
pub fn unnamed(tx: &ReadTx<'_>, limit: u32) -> DbResult<Vec<MediaHash>> {
    tx.all(
        "SELECT hash FROM media AS m
         WHERE NOT EXISTS (SELECT 1 FROM media_owner AS o WHERE o.hash = m.hash)
             AND NOT EXISTS (SELECT 1 FROM attachment AS a WHERE a.hash = m.hash)
             AND NOT EXISTS (SELECT 1 FROM person AS p WHERE p.picture = m.hash)
             AND NOT EXISTS (SELECT 1 FROM profile_picture AS p WHERE p.original = m.hash)
         LIMIT ?1",
        [limit],
        |row| parsed(row, 0, "media hash"),
    )
}

/// Forgets a file.
///
/// # Errors
/// A database error; a constraint when something still names it.
pub fn remove(tx: &mut WriteTx<'_>, hash: &MediaHash) -> DbResult<()> {
    tx.run("DELETE FROM media WHERE hash = ?1", [hash.as_str()])?;
    Ok(())
}
