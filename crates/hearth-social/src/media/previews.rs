//! Previews of other homes' pictures, which come right after what carries them: so a post that is here is shown with its pictures, also
//! when its home sleeps again.
//!
//! Not here: fetching (`hearth-node`).

use super::ingest::to_blob;
use super::limits::{self, MediaLimits};
use super::open::{FetchNeeded, stored_variant};
use super::upload::blocking;
use crate::Social;
use hearth_api::media::Variant;
use hearth_api::{ApiResult, HomeId, MediaHash};
use hearth_db::{attachment, media};
use hearth_media::{BlobStore, MediaError};
use std::collections::HashSet;

/// The rendition that comes by itself.
const PREVIEW: Variant = Variant::Medium;
/// The longest that it may be, in bytes: as large as its pixels are without any compression.
const MAX_PREVIEW: u64 = 1_000_000;
/// Of so many of the latest files on posts, and on comments, previews are fetched. Older ones come when they are looked at.
const AMONG: u32 = 300;

impl Social {
    /// Waits until something came from another home that carries files. The transaction that brought it may not have ended yet.
    pub async fn media_arrived(&self) {
        self.media.arrived.notified().await;
    }

    /// The previews of the latest pictures of connected homes that are not here.
    ///
    /// # Errors
    /// A storage error.
    pub async fn missing_previews(&self) -> ApiResult<Vec<FetchNeeded>> {
        let pictures = self
            .db()
            .read(|tx| {
                if media::cached_bytes(tx)? >= MediaLimits::read(tx)?.cache {
                    return Ok(Vec::new());
                }
                attachment::recent_pictures(tx, AMONG)
            })
            .await?;
        let blobs = self.parts.blobs.clone();
        blocking(move || {
            let mut seen = HashSet::new();
            let mut missing = Vec::new();
            for (hash, home) in pictures {
                if seen.insert(hash.clone()) && is_missing(&blobs, &hash)? {
                    missing.push(wanted(hash, home));
                }
            }
            Ok(missing)
        })
        .await?
    }
}

fn wanted(hash: MediaHash, home: HomeId) -> FetchNeeded {
    FetchNeeded {
        homes: vec![home],
        hash,
        variant: PREVIEW,
        limit: MAX_PREVIEW,
    }
}

/// Blocks.
fn is_missing(blobs: &BlobStore, hash: &MediaHash) -> ApiResult<bool> {
    let Some(size) = stored_variant(PREVIEW) else {
        return Ok(false);
    };
    match blobs.open_variant(&to_blob(hash)?, size) {
        Ok(_) => Ok(false),
        Err(MediaError::NotFound) => Ok(true),
        Err(error) => Err(limits::explain(error)),
    }
}
