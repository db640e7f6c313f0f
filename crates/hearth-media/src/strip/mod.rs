//! Walks through a picture's file without decoding it: finds its size and metadata, and which parts of it
//! to keep.
//!
//! Each format has a list of what is kept; everything else goes: EXIF, XMP, IPTC, maker notes, comments,
//! text, embedded previews, unknown chunks, and whatever follows the end of the picture. Pixels, colour
//! profile and animation stay as they are, byte for byte.

mod gif;
mod jpeg;
mod png;
mod webp;

use std::borrow::Cow;

use crate::error::{MediaError, Result};
use crate::exif::Exif;
use crate::sniff::Kind;

pub(crate) use jpeg::Sampling;

/// What a walk through a file found.
#[derive(Debug, Default)]
pub(crate) struct Scan<'a> {
    /// Size as it lies in the file.
    pub(crate) width: u32,
    /// Size as it lies in the file.
    pub(crate) height: u32,
    /// The most pixels that anything in the file claims to have: the picture or one of its frames.
    pub(crate) pixels: u64,
    /// Whether there is more than one frame.
    pub(crate) animated: bool,
    pub(crate) exif: Exif,
    /// The colour profile, where it is not compressed.
    pub(crate) icc: Option<Vec<u8>>,
    /// Of a JPEG: how much finer brightness is sampled than colour.
    pub(crate) sampling: Option<Sampling>,
    /// What is kept of the file.
    kept: Vec<Cow<'a, [u8]>>,
}

impl Scan<'_> {
    /// The file without its metadata.
    pub(crate) fn kept(&self) -> Vec<u8> {
        self.kept.concat()
    }

    fn claim(&mut self, width: u32, height: u32) {
        self.pixels = self.pixels.max(u64::from(width) * u64::from(height));
    }
}

/// Walks through a picture of the given kind.
///
/// # Errors
/// [`MediaError::UnsupportedType`] when it is no picture, [`MediaError::ImageDamaged`] when its structure is
/// broken.
pub(crate) fn scan(kind: Kind, bytes: &[u8]) -> Result<Scan<'_>> {
    let scan = match kind {
        Kind::Jpeg => jpeg::scan(bytes),
        Kind::Png => png::scan(bytes),
        Kind::Gif => gif::scan(bytes),
        Kind::WebP => webp::scan(bytes),
        Kind::Heic => return Err(MediaError::HeicUnsupported),
        _ => return Err(MediaError::UnsupportedType),
    }?;
    if scan.width == 0 || scan.height == 0 {
        return Err(MediaError::damaged("The picture has no size"));
    }
    Ok(scan)
}

/// For structures that end too early.
fn cut_short() -> MediaError {
    MediaError::damaged("The file ends too early")
}
