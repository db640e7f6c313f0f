//! How much is taken: the defaults, unless an administrator set others.

use crate::Social;
use hearth_api::{ApiError, ApiResult, Code, media as api};
use hearth_db::{DbResult, ReadTx, WriteTx, meta};
use hearth_media::{Limits, MediaError};
use std::ops::RangeInclusive;

/// Longest file, in bytes.
const MAX_FILE: u64 = 100_000_000;
/// Longest thumbnail taken from another home, in bytes.
pub(super) const MAX_THUMBNAIL: u64 = 4_000_000;
/// Largest picture, in pixels.
const MAX_PIXELS: u64 = 50_000_000;
/// What an account may store, in bytes.
const QUOTA: u64 = 20_000_000_000;
/// What copies of other homes' files may take, in bytes.
const CACHE: u64 = 5_000_000_000;
/// The most that copies can be allowed to take, in bytes.
pub(super) const MAX_CACHE: u64 = 100_000_000_000_000;
const CACHE_KEY: &str = "media_cache";
const MAX_FILE_KEY: &str = "media_max_file";
const MAX_PIXELS_KEY: &str = "media_max_pixels";
const QUOTA_KEY: &str = "media_quota";
/// What an administrator may choose. Homes send each other no longer file than the first one's end (federation, §8), and a
/// picture is decoded in memory.
const FILES: RangeInclusive<u64> = 1_000_000..=MAX_FILE;
const PIXELS: RangeInclusive<u64> = 1_000_000..=100_000_000;
const QUOTAS: RangeInclusive<u64> = 100_000_000..=100_000_000_000_000;
/// Free space below which uploads are refused, in bytes.
const MIN_FREE: u64 = 1_000_000_000;

/// How much free space the disk with the files has. Passed in by the host; without one, only a full disk stops uploads.
pub trait FreeSpace: Send + Sync {
    /// Bytes that can still be written; `None` when the system does not tell.
    fn free_bytes(&self) -> Option<u64>;
}

/// The limits in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MediaLimits {
    pub(super) max_file: u64,
    pub(super) max_pixels: u64,
    pub(super) quota: u64,
    pub(super) cache: u64,
}

impl MediaLimits {
    /// As set by an administrator (`media_…` in `meta`), else the defaults.
    pub(super) fn read(tx: &ReadTx<'_>) -> DbResult<Self> {
        let set = |key: &str, default: u64| -> DbResult<u64> {
            Ok(meta::get(tx, key)?
                .and_then(|text| text.parse().ok())
                .unwrap_or(default))
        };
        Ok(Self {
            max_file: set(MAX_FILE_KEY, MAX_FILE)?,
            max_pixels: set(MAX_PIXELS_KEY, MAX_PIXELS)?,
            quota: set(QUOTA_KEY, QUOTA)?,
            cache: set(CACHE_KEY, CACHE)?,
        })
    }

    /// How long a file of another home may be.
    pub(super) fn of_fetched(&self, variant: api::Variant) -> u64 {
        match variant {
            api::Variant::Original => self.max_file,
            _ => MAX_THUMBNAIL,
        }
    }

    pub(super) fn for_decoding(&self) -> Limits {
        Limits {
            max_bytes: self.max_file,
            max_pixels: self.max_pixels,
        }
    }

    /// Whether this much stored is nearly all: 90 %.
    pub(super) fn is_nearly_full(&self, bytes: u64) -> bool {
        bytes >= self.quota - self.quota / 10
    }
}

impl Social {
    /// What may be stored.
    ///
    /// # Errors
    /// A storage error.
    pub async fn media_limits(&self) -> ApiResult<api::MediaLimits> {
        self.db()
            .read(|tx| {
                let limits = MediaLimits::read(tx)?;
                Ok(api::MediaLimits {
                    max_file: limits.max_file,
                    max_pixels: limits.max_pixels,
                    quota: limits.quota,
                })
            })
            .await
    }

    /// Sets what may be stored. What is there already stays.
    ///
    /// # Errors
    /// `invalid_max_file`, `invalid_max_pixels`, `invalid_quota`; a storage error.
    pub async fn set_media_limits(&self, limits: api::MediaLimits) -> ApiResult<()> {
        if !FILES.contains(&limits.max_file) {
            return Err(ApiError::invalid(
                "max_file",
                "A file may be from 1 to 100 MB long: homes send each other no longer ones.",
            ));
        }
        if !PIXELS.contains(&limits.max_pixels) {
            return Err(ApiError::invalid(
                "max_pixels",
                "A picture may have from 1 to 100 megapixels.",
            ));
        }
        if !QUOTAS.contains(&limits.quota) {
            return Err(ApiError::invalid(
                "quota",
                "An account may store from 0.1 GB to 100000 GB.",
            ));
        }
        self.db()
            .write(move |tx| -> ApiResult<()> {
                meta::set(tx, MAX_FILE_KEY, &limits.max_file.to_string())?;
                meta::set(tx, MAX_PIXELS_KEY, &limits.max_pixels.to_string())?;
                meta::set(tx, QUOTA_KEY, &limits.quota.to_string())?;
                Ok(())
            })
            .await
    }
}

/// Sets what copies of other homes' files may take.
pub(super) fn set_cache(tx: &mut WriteTx<'_>, bytes: u64) -> DbResult<()> {
    meta::set(tx, CACHE_KEY, &bytes.to_string())
}

/// Refuses uploads while the disk has less than 1 GB free.
pub(super) fn check_space(free: Option<u64>) -> ApiResult<()> {
    if free.is_some_and(|bytes| bytes < MIN_FREE) {
        return Err(ApiError::new(
            Code::StorageFull,
            "The disk of this home has less than 1 GB free, so no files are taken. Free some space on it and try again; everything else works.",
        ));
    }
    Ok(())
}

/// Refuses what does not fit the account's quota.
pub(super) fn check_quota(limits: &MediaLimits, stored: u64, more: u64) -> ApiResult<()> {
    if stored.saturating_add(more) > limits.quota {
        return Err(ApiError::new(
            Code::QuotaExceeded,
            format!(
                "This does not fit: you store {} of {}. Delete something with large files, or ask an administrator for more space.",
                in_words(stored),
                in_words(limits.quota)
            ),
        ));
    }
    Ok(())
}

/// A length for people.
pub(super) fn in_words(bytes: u64) -> String {
    match bytes {
        1_000_000_000.. => {
            format!(
                "{}.{} GB",
                bytes / 1_000_000_000,
                bytes % 1_000_000_000 / 100_000_000
            )
        }
        1_000_000.. => format!("{} MB", bytes / 1_000_000),
        1_000.. => format!("{} kB", bytes / 1_000),
        _ => format!("{bytes} bytes"),
    }
}

/// A failure of the file crate, for people.
pub(super) fn explain(error: MediaError) -> ApiError {
    match error {
        MediaError::FileTooLarge { limit } => ApiError::new(
            Code::FileTooLarge,
            format!(
                "A file may have at most {}. Make this one smaller and try again.",
                in_words(limit)
            ),
        ),
        MediaError::ImageTooLarge { limit, .. } => ApiError::new(
            Code::ImageTooLarge,
            format!(
                "A picture may have at most {} megapixels. Make this one smaller and try again.",
                limit / 1_000_000
            ),
        ),
        MediaError::HeicUnsupported => ApiError::new(
            Code::HeicUnsupported,
            "HEIC and AVIF pictures can't be shown here yet. Save or export the picture as JPEG and add that; on an iPhone, \
             Settings > Camera > Formats > Most Compatible makes new pictures JPEG.",
        ),
        MediaError::ImageDamaged(_) | MediaError::UnsupportedType | MediaError::InvalidCrop => ApiError::new(
            Code::BadFile,
            "This picture is damaged or was cut off, and can't be read whole. Copy it again from where it comes from, or save it again in another program, and add that.",
        ),
        MediaError::VideoDamaged(_) => ApiError::new(
            Code::BadFile,
            "This video or sound file is damaged, so its metadata can't be taken out. Save it again in another program and add that.",
        ),
        MediaError::NotFound | MediaError::InvalidHash => ApiError::not_found(),
        MediaError::InvalidUploadId => ApiError::invalid("id", "That is not the id of an upload."),
        MediaError::UploadExists => ApiError::invalid(
            "bytes",
            "This upload was begun with another length. Add the file again.",
        ),
        MediaError::UploadBusy => ApiError::new(
            Code::UploadBusy,
            "This upload is being worked on already. Wait a moment and go on.",
        )
        .after_ms(1000),
        MediaError::UploadOffset { expected } => ApiError::new(
            Code::WrongOffset,
            format!("The upload goes on at byte {expected}."),
        ),
        MediaError::UploadIncomplete { received, declared } => ApiError::wrong_state(format!(
            "Only {received} of {declared} bytes have come. Send the rest first."
        )),
        MediaError::HashMismatch { .. } => ApiError::new(
            Code::BadFile,
            "The bytes are not those of this file, so they were not kept.",
        ),
        MediaError::RangeNotSatisfiable { .. } => {
            ApiError::invalid("range", "That part of the file does not exist.")
        }
        MediaError::StorageFull(_) => ApiError::new(
            Code::StorageFull,
            "The disk of this home is full, so the file was not stored. Free some space on it and try again.",
        ),
        MediaError::Io(error) => {
            tracing::error!(error = %error, "Reading or writing files failed");
            ApiError::new(
                Code::StorageError,
                "Reading or writing the file failed. Try again.",
            )
        }
    }
}
