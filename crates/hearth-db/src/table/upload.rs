//! Uploads under way: whose they are. Their bytes lie in the upload folder.

use crate::sql::{at, id, opt_hash, unsigned};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{MediaHash, PersonId, Timestamp, UploadId};

/// An upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// Its id, chosen by the client.
    pub id: UploadId,
    /// Whose.
    pub account: PersonId,
    /// The file's name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// When bytes last came.
    pub at: Timestamp,
    /// The file that it became.
    pub hash: Option<MediaHash>,
}

/// An upload by its id.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, upload: UploadId) -> DbResult<Option<UploadRow>> {
    tx.first(
        "SELECT id, account, name, bytes, at, hash FROM upload WHERE id = ?1",
        [upload.as_bytes()],
        |row| {
            Ok(UploadRow {
                id: id(row, 0)?,
                account: id(row, 1)?,
                name: row.get(2)?,
                bytes: unsigned(row, 3, "upload length")?,
                at: at(row, 4)?,
                hash: opt_hash(row, 5)?,
            })
        },
    )
}

/// Stores a new upload.
///
/// # Errors
/// A database error; a unique violation when the id is taken.
pub fn insert(tx: &mut WriteTx<'_>, row: &UploadRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO upload (id, account, name, bytes, at, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            row.id.as_bytes(),
            row.account.as_bytes(),
            &row.name,
            i64::try_from(row.bytes).unwrap_or(i64::MAX),
            row.at.0,
            row.hash.as_ref().map(MediaHash::as_str),
        ),
    )?;
    Ok(())
}

/// Notes that bytes came.
///
/// # Errors
/// A database error.
pub fn touch(tx: &mut WriteTx<'_>, upload: UploadId, now: Timestamp) -> DbResult<()> {
    tx.run(
        "UPDATE upload SET at = max(at, ?2) WHERE id = ?1",
        (upload.as_bytes(), now.0),
    )?;
    Ok(())
}

/// Notes the file that an upload became.
///
/// # Errors
/// A database error.
pub fn finish(tx: &mut WriteTx<'_>, upload: UploadId, hash: &MediaHash, now: Timestamp) -> DbResult<()> {
    tx.run(
        "UPDATE upload SET hash = ?2, at = max(at, ?3) WHERE id = ?1",
        (upload.as_bytes(), hash.as_str(), now.0),
    )?;
    Ok(())
}

/// Bytes announced by an account's unfinished uploads, and how many there are.
///
/// # Errors
/// A database error.
pub fn announced(tx: &ReadTx<'_>, account: PersonId) -> DbResult<(u64, u32)> {
    let row = tx.first(
        "SELECT coalesce(sum(bytes), 0), count(*) FROM upload WHERE account = ?1 AND hash IS NULL",
        [account.as_bytes()],
        |row| Ok((unsigned(row, 0, "upload length")?, row.get(1)?)),
    )?;
    Ok(row.unwrap_or_default())
}

/// Whether bytes of an unfinished upload came at a time or later.
///
/// # Errors
/// A database error.
pub fn under_way(tx: &ReadTx<'_>, since: Timestamp) -> DbResult<bool> {
    let found = tx.first(
        "SELECT 1 FROM upload WHERE at >= ?1 AND hash IS NULL LIMIT 1",
        [since.0],
        |_row| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Forgets an upload.
///
/// # Errors
/// A database error.
pub fn remove(tx: &mut WriteTx<'_>, upload: UploadId) -> DbResult<()> {
    tx.run("DELETE FROM upload WHERE id = ?1", [upload.as_bytes()])?;
    Ok(())
}

/// Uploads that nothing came for since before a time.
///
/// # Errors
/// A database error.
pub fn stale(tx: &ReadTx<'_>, before: Timestamp) -> DbResult<Vec<UploadId>> {
    tx.all("SELECT id FROM upload WHERE at < ?1", [before.0], |row| {
        id(row, 0)
    })
}
