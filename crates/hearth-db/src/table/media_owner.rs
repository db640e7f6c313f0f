//! Which accounts of this home stored a file; what they store counts against their quota.
//!
//! A file that nothing of the account carries is *loose* since a time; loose ones are let go of later, those loose since 0 at once
//! and without counting any more.

use crate::sql::{at, id, opt_at, parsed};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{MediaHash, PersonId, Timestamp};

/// A file as an account stored it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerRow {
    /// Who.
    pub account: PersonId,
    /// Which file.
    pub hash: MediaHash,
    /// Its name, for downloads.
    pub name: String,
    /// When it was uploaded.
    pub at: Timestamp,
    /// Since when nothing of the account carries it.
    pub loose_since: Option<Timestamp>,
}

/// A file of an account.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, account: PersonId, hash: &MediaHash) -> DbResult<Option<OwnerRow>> {
    tx.first(
        "SELECT account, hash, name, at, loose_since FROM media_owner WHERE account = ?1 AND hash = ?2",
        (account.as_bytes(), hash.as_str()),
        |row| {
            Ok(OwnerRow {
                account: id(row, 0)?,
                hash: parsed(row, 1, "media hash")?,
                name: row.get(2)?,
                at: at(row, 3)?,
                loose_since: opt_at(row, 4)?,
            })
        },
    )
}

/// Whether a file is anybody's of this home.
///
/// # Errors
/// A database error.
pub fn is_owned(tx: &ReadTx<'_>, hash: &MediaHash) -> DbResult<bool> {
    tx.exists("SELECT 1 FROM media_owner WHERE hash = ?1", [hash.as_str()])
}

/// Stores that an account has a file.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &OwnerRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO media_owner (account, hash, name, at, loose_since) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (account, hash) DO UPDATE SET name = ?3, at = ?4, loose_since = ?5",
        (
            row.account.as_bytes(),
            row.hash.as_str(),
            &row.name,
            row.at.0,
            row.loose_since.map(|t| t.0),
        ),
    )?;
    Ok(())
}

/// Bytes that an account stores.
///
/// # Errors
/// A database error.
pub fn usage(tx: &ReadTx<'_>, account: PersonId) -> DbResult<u64> {
    tx.count(
        "SELECT coalesce(sum(m.bytes), 0) FROM media_owner AS o JOIN media AS m ON m.hash = o.hash
         WHERE o.account = ?1 AND (o.loose_since IS NULL OR o.loose_since > 0)",
        [account.as_bytes()],
    )
}

/// Notes since when nothing of the account carries a file; `None` when something does.
///
/// # Errors
/// A database error.
pub fn set_loose(
    tx: &mut WriteTx<'_>,
    account: PersonId,
    hash: &MediaHash,
    since: Option<Timestamp>,
) -> DbResult<()> {
    tx.run(
        "UPDATE media_owner SET loose_since = ?3 WHERE account = ?1 AND hash = ?2",
        (account.as_bytes(), hash.as_str(), since.map(|t| t.0)),
    )?;
    Ok(())
}

/// Lets go of files that were loose before a time and that nothing of their account carries after all; tells how many.
///
/// # Errors
/// A database error.
pub fn release(tx: &mut WriteTx<'_>, before: Timestamp) -> DbResult<usize> {
    tx.run(
        "DELETE FROM media_owner WHERE loose_since IS NOT NULL AND loose_since < ?1
             AND NOT EXISTS (SELECT 1 FROM attachment AS a
                             WHERE a.hash = media_owner.hash AND a.account = media_owner.account)
             AND NOT EXISTS (SELECT 1 FROM person AS p
                             WHERE p.picture = media_owner.hash AND p.id = media_owner.account)
             AND NOT EXISTS (SELECT 1 FROM profile_picture AS p
                             WHERE p.original = media_owner.hash AND p.person = media_owner.account)",
        [before.0],
    )
}

/// Lets go of everything an account stored: the account was erased.
///
/// # Errors
/// A database error.
pub fn release_all(tx: &mut WriteTx<'_>, account: PersonId) -> DbResult<()> {
    tx.run("DELETE FROM media_owner WHERE account = ?1", [account.as_bytes()])?;
    tx.run("DELETE FROM upload WHERE account = ?1", [account.as_bytes()])?;
    Ok(())
}
