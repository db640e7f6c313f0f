//! Pictures and files: uploading, and how they hang on posts.

use crate::ids::{MediaHash, UploadId};
use serde::{Deserialize, Serialize};

/// What a file is, told by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// JPEG, PNG, GIF or WebP; has thumbnails.
    Image,
    /// MP4, WebM or MOV.
    Video,
    /// MP3, M4A, OGG, WAV or FLAC.
    Audio,
    /// Anything else: download only.
    File,
}

/// Which rendition of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// As stored, without metadata.
    Original,
    /// Longest side 160 pixels.
    Small,
    /// Longest side 480 pixels.
    Medium,
    /// Longest side 1280 pixels.
    Large,
}

impl Variant {
    /// The name in URLs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Small => "160",
            Self::Medium => "480",
            Self::Large => "1280",
        }
    }
    /// From the name in URLs.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Original, Self::Small, Self::Medium, Self::Large]
            .into_iter()
            .find(|v| v.as_str() == text)
    }
    /// Longest side in pixels; `None` for the original.
    #[must_use]
    pub fn longest_side(self) -> Option<u32> {
        match self {
            Self::Original => None,
            Self::Small => Some(160),
            Self::Medium => Some(480),
            Self::Large => Some(1280),
        }
    }
}

/// A file as it hangs on a post, comment or draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MediaItem {
    /// The file.
    pub hash: MediaHash,
    /// What it is.
    pub kind: MediaKind,
    /// MIME type by content.
    pub mime: String,
    /// Its name when uploaded, for downloads.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// Width in pixels, for images.
    pub width: Option<u32>,
    /// Height in pixels, for images.
    pub height: Option<u32>,
    /// A tiny preview as a `data:` URL or empty.
    pub placeholder: String,
    /// Alternative text.
    pub alt: String,
    /// Caption.
    pub caption: String,
}

/// Begins an upload. The bytes follow by the client's transport in chunks; it may be interrupted and go on later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BeginUpload {
    /// Chosen by the client (UUID); a repeat goes on with the same upload.
    pub id: UploadId,
    /// The file's name.
    pub name: String,
    /// Its length in bytes, up to 100 MB.
    pub bytes: u64,
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadState {
    /// Its id.
    pub id: UploadId,
    /// Bytes received; go on from here.
    pub offset: u64,
    /// Bytes expected.
    pub bytes: u64,
}

/// Finishes an upload: checks what the file is, strips metadata, makes thumbnails.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FinishUpload {
    /// Which.
    pub id: UploadId,
}

/// Gives an upload up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AbortUpload {
    /// Which.
    pub id: UploadId,
}

/// Asks how much the account stores.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetUsage {}

/// How much the account stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Bytes stored.
    pub bytes: u64,
    /// Bytes allowed.
    pub quota: u64,
    /// Whether 90 % is reached.
    pub warn: bool,
}

/// Asks what may be stored (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetMediaLimits {}

/// What may be stored. What is there already stays when a limit becomes smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaLimits {
    /// The longest file, in bytes: 1 MB to 100 MB, which is the most that homes send each other; 100 MB at first.
    pub max_file: u64,
    /// The largest picture, in pixels: 1 to 100 million; 50 million at first.
    pub max_pixels: u64,
    /// What an account may store, in bytes: 100 MB to 100 TB; 20 GB at first.
    pub quota: u64,
}

/// Sets what may be stored (admins). Errors: `invalid_max_file`, `invalid_max_pixels`, `invalid_quota`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetMediaLimits {
    /// The new limits.
    #[serde(flatten)]
    pub limits: MediaLimits,
}

/// Sets how many bytes copies of other homes' files may take (admins). What was not used longest goes first, and is fetched again
/// when somebody looks at it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetMediaCache {
    /// Bytes; 5 GB at first.
    pub bytes: u64,
}

/// Asks how much room copies of other homes' files take (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetMediaCache {}

/// The room for copies of other homes' files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaCache {
    /// Bytes that copies take.
    pub used: u64,
    /// Bytes that they may take, as set by [`SetMediaCache`].
    pub allowed: u64,
}
