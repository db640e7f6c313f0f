//! The one error type of the crate.

use std::io;

use crate::blob::Hash;

/// What the functions of this crate return.
pub type Result<T, E = MediaError> = std::result::Result<T, E>;

/// Why a file was not taken, not stored or not read.
///
/// [`MediaError::code`] is what callers and the person's screen branch on.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The file is longer than its limit.
    #[error("The file is larger than {limit} bytes")]
    FileTooLarge {
        /// The longest file that is taken, in bytes.
        limit: u64,
    },
    /// The picture has more pixels than its limit.
    #[error("The picture has {pixels} pixels, more than {limit}")]
    ImageTooLarge {
        /// Pixels that the picture claims to have.
        pixels: u64,
        /// Pixels that are taken.
        limit: u64,
    },
    /// A HEIC, HEIF or AVIF picture, which most screens cannot show.
    #[error("HEIC, HEIF and AVIF pictures cannot be shown; save the picture as JPEG")]
    HeicUnsupported,
    /// The file is not of a kind that this operation works on.
    #[error("Files of this kind are not supported here")]
    UnsupportedType,
    /// The picture cannot be read.
    #[error("The picture is damaged: {0}")]
    ImageDamaged(String),
    /// The video cannot be read.
    #[error("The video is damaged: {0}")]
    VideoDamaged(String),
    /// The square to cut out does not lie within the picture.
    #[error("The square does not lie within the picture")]
    InvalidCrop,
    /// There is no such blob, variant or upload.
    #[error("Not found")]
    NotFound,
    /// The disk is full.
    #[error("The disk is full")]
    StorageFull(#[source] io::Error),
    /// Stored or received bytes are not those that their hash names.
    #[error("The bytes are not those of {expected}")]
    HashMismatch {
        /// The hash that the bytes should have.
        expected: Hash,
    },
    /// A range begins behind the end of the blob.
    #[error("The range begins behind the end, which is at {len}")]
    RangeNotSatisfiable {
        /// Length of the blob in bytes.
        len: u64,
    },
    /// The text is not a SHA-256 hash in lower-case hexadecimal.
    #[error("Not a SHA-256 hash in lower-case hexadecimal")]
    InvalidHash,
    /// An upload's id has a form that is not allowed.
    #[error("An upload's id is 1 to 64 characters of a-z, 0-9, - and _")]
    InvalidUploadId,
    /// An upload of this id exists and was begun with other values.
    #[error("An upload of this id was begun with another length")]
    UploadExists,
    /// The upload is being worked on by another call.
    #[error("Another request is working on this upload")]
    UploadBusy,
    /// The bytes do not continue where the upload stands.
    #[error("The upload continues at {expected}")]
    UploadOffset {
        /// Where the upload continues.
        expected: u64,
    },
    /// The upload ended before all its bytes had come.
    #[error("The upload has {received} of {declared} bytes")]
    UploadIncomplete {
        /// Bytes that have come.
        received: u64,
        /// Bytes that were announced.
        declared: u64,
    },
    /// Reading or writing failed.
    #[error("Storage failed: {0}")]
    Io(#[source] io::Error),
}

impl MediaError {
    /// The stable code of the error, as the specification names it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::FileTooLarge { .. } => "file_too_large",
            Self::ImageTooLarge { .. } => "image_too_large",
            Self::HeicUnsupported => "heic_unsupported",
            Self::UnsupportedType => "unsupported_type",
            Self::ImageDamaged(_) => "image_damaged",
            Self::VideoDamaged(_) => "video_damaged",
            Self::InvalidCrop => "invalid_crop",
            Self::NotFound => "not_found",
            Self::StorageFull(_) => "storage_full",
            Self::HashMismatch { .. } => "hash_mismatch",
            Self::RangeNotSatisfiable { .. } => "range_not_satisfiable",
            Self::InvalidHash => "invalid_hash",
            Self::InvalidUploadId => "invalid_upload_id",
            Self::UploadExists => "upload_exists",
            Self::UploadBusy => "upload_busy",
            Self::UploadOffset { .. } => "upload_offset",
            Self::UploadIncomplete { .. } => "upload_incomplete",
            Self::Io(_) => "internal",
        }
    }

    /// Tells of a picture that cannot be read.
    pub(crate) fn damaged(what: impl ToString) -> Self {
        Self::ImageDamaged(what.to_string())
    }
}

impl From<io::Error> for MediaError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::StorageFull(error),
            _ => Self::Io(error),
        }
    }
}
