//! Letting go: of uploads given up, of files that nothing carries, of bytes that nothing names.

use super::ingest::{to_api, to_blob};
use super::limits;
use super::upload::blocking;
use crate::Social;
use hearth_api::{ApiError, ApiResult, MediaHash, PersonId, Timestamp};
use hearth_db::{DbResult, WriteTx, account, media, media_owner, upload};
use hearth_media::{BlobStore, Hash, MediaError};
use std::time::{Duration, SystemTime};

/// How long an upload may rest, and an uploaded file may wait for something to carry it: 7 days.
const PATIENCE: Duration = Duration::from_secs(7 * 24 * 3600);
/// Files erased in one transaction.
const BATCH: u32 = 100;

/// What a sweep let go of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads given up.
    pub uploads: u64,
    /// Files erased.
    pub files: u64,
}

impl Social {
    /// Lets go of uploads that rested for 7 days and of files that nothing names any more. Cheap when there is nothing to do;
    /// run it every few minutes, so that what people delete is erased soon.
    ///
    /// # Errors
    /// A storage error.
    pub async fn sweep_media(&self) -> ApiResult<Swept> {
        let now = self.now();
        let before = now.plus_ms(-i64::try_from(PATIENCE.as_millis()).unwrap_or(i64::MAX));
        let social = self.clone();
        blocking(move || {
            let uploads = social.sweep_uploads(now, before)?;
            social
                .db()
                .write_blocking(move |tx| media_owner::release(tx, before))?;
            let mut files = 0;
            loop {
                let unnamed = social.db().read_blocking(|tx| media::unnamed(tx, BATCH))?;
                let found = unnamed.len();
                let blobs = social.parts.blobs.clone();
                files += social
                    .db()
                    .write_blocking(move |tx| erase_unnamed(tx, &blobs, &unnamed))?;
                if found < BATCH as usize {
                    return Ok(Swept { uploads, files });
                }
            }
        })
        .await?
    }

    /// Compares the whole store with the database and erases bytes that a crash left without a name. Run it once a day.
    ///
    /// # Errors
    /// A storage error.
    pub async fn sweep_stray_bytes(&self) -> ApiResult<u64> {
        let social = self.clone();
        blocking(move || {
            // A database that holds no home knows of no file: what lies there is not this one's to judge.
            if social.db().read_blocking(account::owner)?.is_none() {
                return Ok(0);
            }
            let blobs = social.parts.blobs.clone();
            let mut stray = Vec::new();
            let mut erased = 0;
            for stored in blobs.iter().map_err(limits::explain)? {
                let hash = stored.map_err(limits::explain)?.hash;
                let name = to_api(&hash)?;
                if social.db().read_blocking(|tx| media::get(tx, &name))?.is_none() {
                    stray.push(hash);
                }
                if stray.len() >= BATCH as usize {
                    erased += social.erase_stray(std::mem::take(&mut stray))?;
                }
            }
            Ok(erased + social.erase_stray(stray)?)
        })
        .await?
    }

    fn sweep_uploads(&self, now: Timestamp, before: Timestamp) -> ApiResult<u64> {
        let mut swept = 0;
        for id in self.db().read_blocking(|tx| upload::stale(tx, before))? {
            match self.parts.uploads.abort(&id.to_string()) {
                Err(MediaError::UploadBusy) => continue,
                gone => gone.map_err(limits::explain)?,
            }
            self.db().write_blocking(move |tx| upload::remove(tx, id))?;
            swept += 1;
        }
        // Bytes of which the database does not know.
        let wall = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
        let lost = self
            .parts
            .uploads
            .sweep(PATIENCE, wall)
            .map_err(limits::explain)?;
        Ok(swept + lost as u64)
    }

    fn erase_stray(&self, hashes: Vec<Hash>) -> ApiResult<u64> {
        let blobs = self.parts.blobs.clone();
        self.db().write_blocking(move |tx| {
            let mut erased = 0;
            for hash in hashes {
                if media::get(tx, &to_api(&hash)?)?.is_none() {
                    erased += u64::from(blobs.delete(&hash).map_err(limits::explain)?);
                }
            }
            Ok::<_, ApiError>(erased)
        })
    }
}

/// Lets go of everything an erased account uploaded; the next sweep erases the bytes that nothing else names.
pub(crate) fn erase_account(tx: &mut WriteTx<'_>, account: PersonId) -> DbResult<()> {
    media_owner::release_all(tx, account)
}

/// Erases files that nothing names. The bytes go in the writer's thread: whoever stores the same file again sees that in their own
/// transaction.
fn erase_unnamed(tx: &mut WriteTx<'_>, blobs: &BlobStore, hashes: &[MediaHash]) -> ApiResult<u64> {
    let mut erased = 0;
    for hash in hashes {
        if !media::is_named(tx, hash)? {
            media::remove(tx, hash)?;
            blobs.delete(&to_blob(hash)?).map_err(limits::explain)?;
            erased += 1;
        }
    }
    Ok(erased)
}
