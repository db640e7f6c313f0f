//! Opening files: for people of this home and for other homes, each by the rule.

use super::access::{self, Sources};
use super::ingest::{kind_of, to_blob};
use super::limits::{self, MediaLimits};
use super::upload::blocking;
use crate::{Social, Viewer, scope};
use hearth_api::media::{MediaKind, Variant};
use hearth_api::{ApiError, ApiResult, Code, HomeId, MediaHash, PersonId};
use hearth_db::home::HomeRowState;
use hearth_db::media::MediaRow;
use hearth_db::{DbResult, ReadTx, attachment, home, media, media_owner};
use hearth_media::sniff::SNIFF_LEN;
use hearth_media::{BlobStore, Class, Hash, MediaError, sniff, thumbnails};
use std::fs::File;
use std::io::{Read, Seek};

/// How long a note of the last use stays good enough, in milliseconds.
const USE_NOTE: i64 = 3_600_000;

/// A file to be served. Its type was judged by its first bytes, at this moment.
#[derive(Debug)]
pub struct MediaFile {
    /// The bytes, from their beginning.
    pub file: File,
    /// How many.
    pub len: u64,
    /// MIME type by content: one of pictures, video and sound, or `application/octet-stream`.
    pub mime: String,
    /// How it is presented.
    pub kind: MediaKind,
    /// To be saved, never shown: send `Content-Disposition: attachment`.
    pub download: bool,
    /// Its name, for saving.
    pub name: String,
}

/// What is to be asked of other homes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchNeeded {
    /// Connected homes that have the file, in the order to ask them; at least one.
    pub homes: Vec<HomeId>,
    /// The file.
    pub hash: MediaHash,
    /// Which rendition.
    pub variant: Variant,
    /// How many bytes of it may come.
    pub limit: u64,
}

/// The answer to somebody who may open a file.
#[derive(Debug)]
pub enum Opened {
    /// It is here.
    Here(MediaFile),
    /// It is on another home: fetch it, hand it to [`Social::media_store_remote`], and open it again.
    Elsewhere(FetchNeeded),
}

struct Found {
    row: Option<MediaRow>,
    name: String,
    sources: Sources,
    limits: MediaLimits,
}

impl Social {
    /// Opens a file for a person of this home.
    ///
    /// # Errors
    /// `not_found` also for what exists and nothing visible carries, `media_unavailable`.
    pub async fn media_open(&self, viewer: &Viewer, hash: &MediaHash, variant: Variant) -> ApiResult<Opened> {
        let (viewer, wanted) = (viewer.person, hash.clone());
        let found = self
            .db()
            .read(move |tx| {
                let sources = access::for_viewer(tx, viewer, &wanted)?;
                find(tx, Some(viewer), &wanted, sources)
            })
            .await?;
        self.open_found(found.ok_or_else(ApiError::not_found)?, hash, variant)
            .await
    }

    /// Opens a file for another home: only if somebody there may see something that carries it.
    ///
    /// # Errors
    /// `not_found`, `out_of_scope` to a home that is connected for some people only, `media_unavailable`.
    pub async fn media_for_peer(
        &self,
        asking: &HomeId,
        hash: &MediaHash,
        variant: Variant,
    ) -> ApiResult<Opened> {
        let (asking, wanted) = (asking.clone(), hash.clone());
        let found = self
            .db()
            .read(move |tx| {
                let connected =
                    home::get(tx, &asking)?.is_some_and(|row| row.state == HomeRowState::Connected);
                let sources = if connected {
                    access::for_home(tx, &asking, &wanted)?
                } else {
                    None
                };
                if sources.is_none() && connected && scope::covered(tx, &asking)?.is_some() {
                    // The same whether the file exists or not.
                    return Err(ApiError::new(
                        Code::OutOfScope,
                        "The connection does not cover this file.",
                    ));
                }
                Ok(find(tx, None, &wanted, sources)?)
            })
            .await?;
        self.open_found(found.ok_or_else(ApiError::not_found)?, hash, variant)
            .await
    }

    async fn open_found(&self, found: Found, hash: &MediaHash, variant: Variant) -> ApiResult<Opened> {
        let Found {
            row,
            name,
            sources,
            limits,
        } = found;
        let thumbnail = stored_variant(variant);
        let known_kind = row.as_ref().map(|row| row.kind);
        if thumbnail.is_some() && known_kind.is_some_and(|kind| kind != MediaKind::Image) {
            return Err(ApiError::not_found());
        }
        let blob = to_blob(hash)?;
        let blobs = self.parts.blobs.clone();
        let opened = match thumbnail {
            None => blocking(move || blobs.open_blob(&blob)).await?,
            Some(size) => {
                let there = blocking(move || blobs.open_variant(&blob, size)).await?;
                match there {
                    Err(MediaError::NotFound) => self.make_thumbnail(blob, size, limits).await,
                    there => there,
                }
            }
        };
        match opened {
            Ok(file) => {
                let (file, len, kind) = blocking(move || judge(file)).await?.map_err(limits::explain)?;
                self.note_use(row.as_ref(), hash).await?;
                let shown = kind.class() != Class::Download;
                Ok(Opened::Here(MediaFile {
                    file,
                    len,
                    mime: kind.mime().to_owned(),
                    kind: kind_of(kind),
                    download: !shown,
                    name,
                }))
            }
            Err(MediaError::NotFound) if !sources.is_empty() => Ok(Opened::Elsewhere(FetchNeeded {
                homes: sources,
                hash: hash.clone(),
                variant,
                limit: limits.of_fetched(variant),
            })),
            Err(MediaError::NotFound) => Err(unavailable()),
            Err(
                MediaError::ImageDamaged(_) | MediaError::UnsupportedType | MediaError::ImageTooLarge { .. },
            ) => Err(ApiError::not_found()),
            Err(error) => Err(limits::explain(error)),
        }
    }

    /// Makes the thumbnails of a picture that is here and opens one of them.
    async fn make_thumbnail(
        &self,
        blob: Hash,
        size: hearth_media::Variant,
        limits: MediaLimits,
    ) -> Result<File, MediaError> {
        let permit = self.media.permit().await;
        let blobs = self.parts.blobs.clone();
        let made = blocking(move || {
            let _permit = permit;
            // Somebody who waited for the same picture finds it made.
            match blobs.open_variant(&blob, size) {
                Err(MediaError::NotFound) => make_thumbnails(&blobs, &blob, &limits)?,
                there => return there,
            }
            blobs.open_variant(&blob, size)
        })
        .await;
        made.unwrap_or_else(|error| Err(MediaError::ImageDamaged(error.message)))
    }

    /// Notes that a file was used, for the cache, once an hour at most.
    async fn note_use(&self, row: Option<&MediaRow>, hash: &MediaHash) -> ApiResult<()> {
        let now = self.now();
        if row.is_none_or(|row| row.used_at.plus_ms(USE_NOTE) > now) {
            return Ok(());
        }
        let hash = hash.clone();
        self.db().write(move |tx| Ok(media::touch(tx, &hash, now)?)).await
    }
}

/// What is needed to open a file that somebody may open.
fn find(
    tx: &ReadTx<'_>,
    viewer: Option<PersonId>,
    hash: &MediaHash,
    sources: Option<Sources>,
) -> DbResult<Option<Found>> {
    let Some(mut sources) = sources else {
        return Ok(None);
    };
    let mut connected = Vec::with_capacity(sources.len());
    for source in sources.drain(..) {
        if home::get(tx, &source)?.is_some_and(|row| row.state == HomeRowState::Connected) {
            connected.push(source);
        }
    }
    let own = viewer
        .map(|viewer| media_owner::get(tx, viewer, hash))
        .transpose()?
        .flatten();
    let name = match own {
        Some(owner) => owner.name,
        None => attachment::carriers(tx, hash, 1)?
            .pop()
            .map_or_else(|| "file".to_owned(), |row| row.name),
    };
    Ok(Some(Found {
        row: media::get(tx, hash)?,
        name,
        sources: connected,
        limits: MediaLimits::read(tx)?,
    }))
}

/// Makes and stores every thumbnail of a picture.
fn make_thumbnails(blobs: &BlobStore, blob: &Hash, limits: &MediaLimits) -> Result<(), MediaError> {
    let bytes = blobs.read(blob, limits.max_file)?;
    for thumbnail in thumbnails(&bytes, &limits.for_decoding())? {
        blobs.put_variant(blob, thumbnail.variant, &thumbnail.bytes)?;
    }
    Ok(())
}

/// Tells what a file is by its first bytes.
fn judge(mut file: File) -> Result<(File, u64, hearth_media::Kind), MediaError> {
    let len = file.metadata()?.len();
    let mut head = Vec::with_capacity(SNIFF_LEN);
    (&file).take(SNIFF_LEN as u64).read_to_end(&mut head)?;
    file.rewind()?;
    Ok((file, len, sniff(&head).kind))
}

/// The store's size of a rendition; `None` for the original.
pub(super) fn stored_variant(variant: Variant) -> Option<hearth_media::Variant> {
    match variant {
        Variant::Original => None,
        Variant::Small => Some(hearth_media::Variant::Small),
        Variant::Medium => Some(hearth_media::Variant::Medium),
        Variant::Large => Some(hearth_media::Variant::Large),
    }
}

fn unavailable() -> ApiError {
    ApiError::new(
        Code::MediaUnavailable,
        "This file is on another home that can't be asked for it now. Try again later.",
    )
}
