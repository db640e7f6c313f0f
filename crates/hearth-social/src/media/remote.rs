//! Copies of other homes' files: checked, stored under a limit, let go of when they were not used longest.

use super::ingest::{kind_of, to_blob};
use super::limits::{self, MAX_THUMBNAIL, MediaLimits};
use super::open::stored_variant;
use super::placeholder;
use super::upload::blocking;
use crate::Social;
use hearth_api::media::{MediaCache, MediaKind, Variant};
use hearth_api::{ApiError, ApiResult, MediaHash};
use hearth_db::media::MediaRow;
use hearth_db::{DbError, WriteTx, media};
use hearth_media::sniff::SNIFF_LEN;
use hearth_media::{BlobStore, Class, Hash, Limits, ingest_reader, sniff};
use std::io::Read;
use tokio::runtime::Handle;

impl Social {
    /// Sets how many bytes copies of other homes' files may take, and lets go of what is over that.
    ///
    /// # Errors
    /// `invalid_bytes`; a storage error.
    pub async fn set_media_cache(&self, bytes: u64) -> ApiResult<()> {
        if bytes > limits::MAX_CACHE {
            return Err(ApiError::invalid(
                "bytes",
                "Copies may take at most 100 TB. Choose less.",
            ));
        }
        let blobs = self.parts.blobs.clone();
        self.db()
            .write(move |tx| {
                limits::set_cache(tx, bytes)?;
                evict(tx, &blobs, None)
            })
            .await?;
        self.trim_previews().await
    }

    /// How much room copies of other homes' files take, and may take.
    ///
    /// # Errors
    /// A storage error.
    pub async fn media_cache(&self) -> ApiResult<MediaCache> {
        let (used, allowed, foreign) = self
            .db()
            .read(|tx| {
                let allowed = MediaLimits::read(tx)?.cache;
                Ok::<_, DbError>((media::cached_bytes(tx)?, allowed, media::foreign(tx)?))
            })
            .await?;
        let blobs = self.parts.blobs.clone();
        let previews = blocking(move || {
            let sizes = foreign.iter().map(|(hash, _)| previews_of(&blobs, hash));
            sizes.sum::<ApiResult<u64>>()
        })
        .await??;
        Ok(MediaCache {
            used: used.saturating_add(previews),
            allowed,
        })
    }

    /// Lets go of the previews of other homes' pictures not shown longest, as far as they do not fit beside the pictures themselves. Run it
    /// once a day.
    ///
    /// # Errors
    /// A storage error.
    pub async fn trim_previews(&self) -> ApiResult<()> {
        let blobs = self.parts.blobs.clone();
        let (used, allowed, foreign) = self
            .db()
            .read(|tx| {
                let allowed = MediaLimits::read(tx)?.cache;
                Ok::<_, DbError>((media::cached_bytes(tx)?, allowed, media::foreign(tx)?))
            })
            .await?;
        blocking(move || {
            // Of those shown last as many as fit.
            let mut room = allowed.saturating_sub(used);
            for (hash, may_go) in foreign.iter().rev() {
                let size = previews_of(&blobs, hash)?;
                if size <= room || !may_go {
                    room = room.saturating_sub(size);
                } else {
                    room = 0;
                    blobs.delete_variants(&to_blob(hash)?).map_err(limits::explain)?;
                }
            }
            Ok(())
        })
        .await?
    }

    /// Stores a file that another home sent for [`super::FetchNeeded`]. An original must be the bytes that its hash names; a
    /// thumbnail must be a small picture, loses its metadata, and gives way to one made here once the original is. An original
    /// may come as slowly as it does: it goes to the disk, and work on other files goes on.
    ///
    /// # Errors
    /// `not_found` for a file that nothing here names, `bad_file`, `file_too_large`, `storage_full`.
    pub async fn media_store_remote(
        &self,
        hash: &MediaHash,
        variant: Variant,
        bytes: impl Read + Send + 'static,
    ) -> ApiResult<()> {
        let wanted = hash.clone();
        let (limits, named) = self
            .db()
            .read(move |tx| Ok::<_, ApiError>((MediaLimits::read(tx)?, media::is_named(tx, &wanted)?)))
            .await?;
        if !named {
            return Err(ApiError::not_found());
        }
        limits::check_space(self.media.free_bytes())?;
        let social = self.clone();
        let hash = hash.clone();
        let Some(size) = stored_variant(variant) else {
            let runtime = Handle::current();
            return blocking(move || social.store_original(&hash, bytes, &limits, &runtime)).await?;
        };
        let permit = self.media.permit().await;
        blocking(move || {
            let _permit = permit;
            store_thumbnail(&social.parts.blobs, &to_blob(&hash)?, size, bytes)
        })
        .await?
    }

    /// Blocks.
    fn store_original(
        &self,
        hash: &MediaHash,
        bytes: impl Read,
        limits: &MediaLimits,
        runtime: &Handle,
    ) -> ApiResult<()> {
        let blobs = self.parts.blobs.clone();
        let blob = to_blob(hash)?;
        let stored = blobs
            .put_expected(bytes, limits.max_file, blob)
            .map_err(limits::explain)?;
        let _permit = runtime.block_on(self.media.permit());
        let facts = Facts::of(&blobs, &blob, limits)?;
        let (hash, now) = (hash.clone(), self.now());
        self.db().write_blocking(move |tx| {
            if !media::is_named(tx, &hash)? {
                blobs.delete(&blob).map_err(limits::explain)?;
                return Err(ApiError::not_found());
            }
            if !blobs.contains(&blob) {
                // A sweep was quicker; the file is fetched again.
                return Ok(());
            }
            let captured_at = media::get(tx, &hash)?.and_then(|known| known.captured_at);
            media::put(
                tx,
                &MediaRow {
                    hash: hash.clone(),
                    kind: facts.kind,
                    mime: facts.mime.to_owned(),
                    bytes: stored.len,
                    width: facts.size.map(|(width, _)| width),
                    height: facts.size.map(|(_, height)| height),
                    placeholder: facts.placeholder.clone(),
                    captured_at,
                    stored: true,
                    used_at: now,
                },
            )?;
            evict(tx, &blobs, Some(&hash))
        })
    }
}

/// What the bytes turned out to be.
struct Facts {
    kind: MediaKind,
    mime: &'static str,
    size: Option<(u32, u32)>,
    placeholder: String,
}

impl Facts {
    fn of(blobs: &BlobStore, blob: &Hash, limits: &MediaLimits) -> ApiResult<Self> {
        let mut head = Vec::with_capacity(SNIFF_LEN);
        let file = blobs.open_blob(blob).map_err(limits::explain)?;
        (&file)
            .take(SNIFF_LEN as u64)
            .read_to_end(&mut head)
            .map_err(|error| limits::explain(error.into()))?;
        let kind = sniff(&head).kind;
        let mut facts = Self {
            kind: kind_of(kind),
            mime: kind.mime(),
            size: None,
            placeholder: String::new(),
        };
        if kind.class() != Class::Image {
            return Ok(facts);
        }
        // Thumbnails that came before were taken on trust.
        blobs.delete_variants(blob).map_err(limits::explain)?;
        let file = blobs.open_blob(blob).map_err(limits::explain)?;
        match ingest_reader(file, &limits.for_decoding()) {
            Ok(picture) => {
                facts.size = Some((picture.width, picture.height));
                facts.placeholder = placeholder::data_url(&picture.placeholder);
                for thumbnail in picture.preview.thumbnails().map_err(limits::explain)? {
                    blobs
                        .put_variant(blob, thumbnail.variant, &thumbnail.bytes)
                        .map_err(limits::explain)?;
                }
            }
            // It cannot be shown; it can still be saved.
            Err(error) => {
                tracing::debug!(error = %error, "A picture of another home cannot be read");
                facts.kind = MediaKind::File;
                facts.mime = "application/octet-stream";
            }
        }
        Ok(facts)
    }
}

fn store_thumbnail(
    blobs: &BlobStore,
    blob: &Hash,
    size: hearth_media::Variant,
    bytes: impl Read,
) -> ApiResult<()> {
    if blobs.contains(blob) {
        return Ok(());
    }
    let side = u64::from(size.pixels());
    let limits = Limits {
        max_bytes: MAX_THUMBNAIL,
        max_pixels: side * side,
    };
    let picture = ingest_reader(bytes, &limits).map_err(limits::explain)?;
    blobs
        .put_variant(blob, size, &picture.bytes)
        .map_err(limits::explain)
}

/// Bytes of the smaller renditions of a picture. Blocks.
fn previews_of(blobs: &BlobStore, hash: &MediaHash) -> ApiResult<u64> {
    let renditions = blobs.variants(&to_blob(hash)?).map_err(limits::explain)?;
    Ok(renditions.into_iter().map(|(_, bytes)| bytes).sum())
}

/// Lets go of the copies not used longest until the others fit; `keep` stays.
fn evict(tx: &mut WriteTx<'_>, blobs: &BlobStore, keep: Option<&MediaHash>) -> ApiResult<()> {
    let limits = MediaLimits::read(tx)?;
    let mut cached = media::cached_bytes(tx)?;
    while cached > limits.cache {
        let oldest = media::cached_oldest(tx, 50)?;
        let before = cached;
        for (hash, bytes) in oldest {
            if cached <= limits.cache {
                break;
            }
            if Some(&hash) != keep {
                erase_copy(tx, blobs, &hash)?;
                cached = cached.saturating_sub(bytes);
            }
        }
        if cached == before {
            break;
        }
    }
    Ok(())
}

/// Erases the bytes of a copy; what it is stays known, so that it can be fetched again.
fn erase_copy(tx: &mut WriteTx<'_>, blobs: &BlobStore, hash: &MediaHash) -> ApiResult<()> {
    media::set_stored(tx, hash, false)?;
    blobs.delete(&to_blob(hash)?).map_err(limits::explain)?;
    Ok(())
}
