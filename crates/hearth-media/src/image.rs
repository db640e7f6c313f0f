//! A picture as it is taken in.
//!
//! Where nothing has to be turned, the file keeps its pixels byte for byte and only loses its metadata. A
//! picture that lies on its side is written anew, upright: a JPEG as JPEG at quality 90, others without
//! loss. Animations are never written anew; an orientation that one claims is dropped.

use std::fmt;
use std::io::Read;

use crate::blob::read_limited;
use crate::decode::{decode, guarded};
use crate::encode;
use crate::error::{MediaError, Result};
use crate::palette::{self, Colour, Placeholder};
use crate::raster::Channels;
use crate::sniff::{Kind, sniff};
use crate::strip::{self, Scan};
use crate::thumbs::{self, Preview};

/// Quality of a JPEG that had to be written anew.
const QUALITY: u8 = 90;

/// What is taken; limits are inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest file, in bytes.
    pub max_bytes: u64,
    /// The largest picture, in pixels.
    pub max_pixels: u64,
}

impl Default for Limits {
    /// 100 MB and 50 megapixels.
    fn default() -> Self {
        Self {
            max_bytes: 100_000_000,
            max_pixels: 50_000_000,
        }
    }
}

impl Limits {
    pub(crate) fn check_len(&self, bytes: &[u8]) -> Result<()> {
        if bytes.len() as u64 > self.max_bytes {
            return Err(MediaError::FileTooLarge {
                limit: self.max_bytes,
            });
        }
        Ok(())
    }

    pub(crate) fn check_pixels(&self, scan: &Scan<'_>) -> Result<()> {
        if scan.pixels > self.max_pixels {
            return Err(MediaError::ImageTooLarge {
                pixels: scan.pixels,
                limit: self.max_pixels,
            });
        }
        Ok(())
    }
}

/// A picture ready to be stored.
#[derive(Clone)]
pub struct Ingested {
    /// The file without metadata; it is stored under the hash of these bytes.
    pub bytes: Vec<u8>,
    /// What the file is; for a picture that had to be turned it can differ from what came.
    pub kind: Kind,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// Whether it moves.
    pub animated: bool,
    /// When it was taken, local time at the camera without a zone: `YYYY-MM-DDTHH:MM:SS`.
    pub captured_at: Option<String>,
    /// What is shown while it loads.
    pub placeholder: Placeholder,
    /// The colour that most of it has.
    pub dominant: Colour,
    /// The picture made smaller, to make the thumbnails from without reading the file again.
    pub preview: Preview,
}

impl fmt::Debug for Ingested {
    /// Tells the form of the picture, not its content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            bytes,
            kind,
            width,
            height,
            animated,
            ..
        } = self;
        let len = bytes.len();
        write!(
            f,
            "Ingested({kind:?} {width}x{height}, animated: {animated}, {len} bytes)"
        )
    }
}

/// Takes in a picture: checks its limits before decoding it, reads when it was taken, strips its metadata,
/// turns it upright, and makes sure that it can be shown.
///
/// # Errors
/// [`MediaError::FileTooLarge`], [`MediaError::ImageTooLarge`], [`MediaError::HeicUnsupported`],
/// [`MediaError::UnsupportedType`] when it is no picture, [`MediaError::ImageDamaged`].
pub fn ingest_image(bytes: &[u8], limits: &Limits) -> Result<Ingested> {
    limits.check_len(bytes)?;
    guarded(|| ingest(bytes, limits))
}

/// Like [`ingest_image`], reading at most [`Limits::max_bytes`].
///
/// # Errors
/// Like [`ingest_image`], and when reading fails.
pub fn ingest_reader(reader: impl Read, limits: &Limits) -> Result<Ingested> {
    ingest_image(&read_limited(reader, limits.max_bytes)?, limits)
}

fn ingest(bytes: &[u8], limits: &Limits) -> Result<Ingested> {
    let kind = sniff(bytes).kind;
    let scan = strip::scan(kind, bytes)?;
    limits.check_pixels(&scan)?;
    let (kind, stored) = if scan.exif.orientation.is_upright() || scan.animated {
        (kind, scan.kept())
    } else {
        write_upright(kind, &scan)?
    };
    // What is stored is what was proved to be readable.
    let preview = thumbs::read_preview(&stored, limits)?;
    let (width, height) = preview.full_size();
    let small = preview.smallest()?;
    Ok(Ingested {
        kind,
        width,
        height,
        animated: scan.animated,
        captured_at: scan.exif.captured_at,
        placeholder: Placeholder::of(&small)?,
        dominant: palette::dominant(&small),
        bytes: stored,
        preview,
    })
}

fn write_upright(kind: Kind, scan: &Scan<'_>) -> Result<(Kind, Vec<u8>)> {
    let orientation = scan.exif.orientation;
    // Decoded from what is kept, so that no decoder meets a chunk that is thrown away.
    let decoded = decode(kind, &scan.kept(), scan, u32::MAX)?;
    let icc = decoded.icc.as_deref();
    let opaque = decoded.raster.channels() == Channels::Rgb;
    match kind {
        Kind::Jpeg => {
            let sampling = scan.sampling.map(|sampling| sampling.turned(orientation));
            Ok((
                Kind::Jpeg,
                encode::jpeg(&decoded.raster, orientation, QUALITY, sampling, icc)?,
            ))
        }
        Kind::WebP if !decoded.lossless && opaque => {
            let sampling = strip::Sampling {
                horizontal: 2,
                vertical: 2,
            };
            Ok((
                Kind::Jpeg,
                encode::jpeg(&decoded.raster, orientation, QUALITY, Some(sampling), icc)?,
            ))
        }
        Kind::WebP => Ok((
            Kind::WebP,
            encode::webp(&decoded.raster.upright(orientation), icc)?,
        )),
        _ => Ok((Kind::Png, encode::png(&decoded.raster.upright(orientation), icc)?)),
    }
}
