//! Taking a file in: what it is, stripped and stored, its thumbnails, and the row that knows it.
//!
//! The bytes go to the blob store before the row is written; between the two a sweep may erase them as bytes that nothing names.
//! Sweeps run on the writer's thread, so the transaction that writes the row sees whether the bytes are still there.

use super::limits::{self, MediaLimits};
use super::placeholder;
use hearth_api::media::MediaKind;
use hearth_api::{ApiError, ApiResult, Code, MediaHash, Timestamp};
use hearth_db::media::MediaRow;
use hearth_media::movie::scrub;
use hearth_media::sniff::SNIFF_LEN;
use hearth_media::{BlobStore, Class, Hash, Kind, MediaError, Thumbnail, ingest_reader, sniff};
use std::fs::File;
use std::io::{Read, Seek};

/// What is to be stored.
enum Content {
    /// A picture without its metadata.
    Picture(Vec<u8>),
    /// A video or sound file of the MP4 family, whose metadata is taken out as it is stored.
    Movie(File, u64),
    /// The upload as it is.
    File(File, u64),
}

/// A file ready to be stored.
pub(super) struct Taken {
    content: Content,
    thumbnails: Vec<Thumbnail>,
    kind: Kind,
    size: Option<(u32, u32)>,
    placeholder: String,
    captured_at: Option<String>,
}

impl Taken {
    /// Looks at an upload and, when it is a picture, takes it in.
    pub(super) fn look(mut file: File, len: u64, limits: &MediaLimits) -> ApiResult<Self> {
        let mut head = Vec::with_capacity(SNIFF_LEN);
        (&file)
            .take(SNIFF_LEN as u64)
            .read_to_end(&mut head)
            .and_then(|_| file.rewind())
            .map_err(|error| limits::explain(error.into()))?;
        let kind = sniff(&head).kind;
        match (kind, kind.class()) {
            (Kind::Heic, _) => Err(limits::explain(MediaError::HeicUnsupported)),
            (_, Class::Image) => Self::picture(&file, limits),
            (Kind::Mp4 | Kind::Mov | Kind::M4a, _) => {
                let captured_at = scrub(&file)
                    .map_err(limits::explain)?
                    .captured_at()
                    .map(str::to_owned);
                Ok(Self::unchanged(Content::Movie(file, len), kind, captured_at))
            }
            _ => Ok(Self::unchanged(Content::File(file, len), kind, None)),
        }
    }

    fn unchanged(content: Content, kind: Kind, captured_at: Option<String>) -> Self {
        Self {
            content,
            thumbnails: Vec::new(),
            kind,
            size: None,
            placeholder: String::new(),
            captured_at,
        }
    }

    /// Takes a picture in.
    fn picture(bytes: impl Read, limits: &MediaLimits) -> ApiResult<Self> {
        let taken = ingest_reader(bytes, &limits.for_decoding()).map_err(limits::explain)?;
        Ok(Self {
            thumbnails: taken.preview.thumbnails().map_err(limits::explain)?,
            kind: taken.kind,
            size: Some((taken.width, taken.height)),
            placeholder: placeholder::data_url(&taken.placeholder),
            captured_at: taken.captured_at,
            content: Content::Picture(taken.bytes),
        })
    }

    /// Writes the bytes and thumbnails to the store, as far as they are not there; answers the row to be written.
    pub(super) fn store(&mut self, blobs: &BlobStore, now: Timestamp) -> ApiResult<MediaRow> {
        let (hash, bytes) = match &mut self.content {
            Content::Picture(bytes) => {
                let hash = blobs.put_bytes(bytes).map_err(limits::explain)?;
                (hash, bytes.len() as u64)
            }
            Content::Movie(file, len) => {
                let scrubbed = scrub(&*file).map_err(limits::explain)?;
                let stored = blobs.put_reader(scrubbed, *len).map_err(limits::explain)?;
                (stored.hash, stored.len)
            }
            Content::File(file, len) => {
                file.rewind().map_err(|error| limits::explain(error.into()))?;
                let stored = blobs.put_reader(file, *len).map_err(limits::explain)?;
                (stored.hash, stored.len)
            }
        };
        for thumbnail in &self.thumbnails {
            blobs
                .put_variant(&hash, thumbnail.variant, &thumbnail.bytes)
                .map_err(limits::explain)?;
        }
        Ok(MediaRow {
            hash: to_api(&hash)?,
            kind: kind_of(self.kind),
            mime: self.kind.mime().to_owned(),
            bytes,
            width: self.size.map(|(width, _)| width),
            height: self.size.map(|(_, height)| height),
            placeholder: self.placeholder.clone(),
            captured_at: self.captured_at.clone(),
            stored: true,
            used_at: now,
        })
    }
}

/// How a kind of file is presented.
pub(super) fn kind_of(kind: Kind) -> MediaKind {
    match kind.class() {
        Class::Image => MediaKind::Image,
        Class::Video => MediaKind::Video,
        Class::Audio => MediaKind::Audio,
        Class::Download => MediaKind::File,
    }
}

/// The store's name of a file.
pub(super) fn to_blob(hash: &MediaHash) -> ApiResult<Hash> {
    hash.as_str().parse().map_err(limits::explain)
}

/// The public name of a blob.
pub(super) fn to_api(hash: &Hash) -> ApiResult<MediaHash> {
    hash.to_string().parse().map_err(|error: hearth_api::InvalidId| {
        ApiError::new(Code::Internal, format!("A blob has no proper name: {error}"))
    })
}
