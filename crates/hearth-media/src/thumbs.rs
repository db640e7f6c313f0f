//! Thumbnails and square crops.
//!
//! A picture is read once, no larger than the largest thumbnail needs, and each thumbnail is made from the
//! next larger one. For an animation they show its first frame.

use std::fmt;

use fast_image_resize::Resizer;

use crate::blob::Variant;
use crate::decode::{decode, guarded};
use crate::encode;
use crate::error::{MediaError, Result};
use crate::image::Limits;
use crate::raster::Raster;
use crate::sniff::{Kind, sniff};
use crate::strip;

/// A picture in memory, upright and no larger than thumbnails need.
#[derive(Clone)]
pub struct Preview {
    raster: Raster,
    icc: Option<Vec<u8>>,
    full_size: (u32, u32),
}

/// A small picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// Which of the sizes it is.
    pub variant: Variant,
    /// JPEG where the picture is opaque, else PNG.
    pub kind: Kind,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A square cut out of a picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Square {
    /// JPEG where the picture is opaque, else PNG.
    pub kind: Kind,
    /// Length of a side in pixels.
    pub side: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height) = self.full_size;
        write!(f, "Preview({:?} of {width}x{height})", self.raster)
    }
}

impl fmt::Debug for Thumbnail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            variant,
            kind,
            width,
            height,
            bytes,
        } = self;
        write!(
            f,
            "Thumbnail({variant:?} {kind:?} {width}x{height}, {} bytes)",
            bytes.len()
        )
    }
}

impl fmt::Debug for Square {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Square({:?} {} pixels, {} bytes)",
            self.kind,
            self.side,
            self.bytes.len()
        )
    }
}

/// Reads a picture as far as thumbnails need it.
///
/// # Errors
/// Like [`crate::ingest_image`].
pub fn preview(bytes: &[u8], limits: &Limits) -> Result<Preview> {
    limits.check_len(bytes)?;
    guarded(|| read_preview(bytes, limits))
}

/// Makes every thumbnail of a picture, smallest first.
///
/// # Errors
/// Like [`crate::ingest_image`].
pub fn thumbnails(bytes: &[u8], limits: &Limits) -> Result<Vec<Thumbnail>> {
    preview(bytes, limits)?.thumbnails()
}

/// Cuts the square with the upper left corner `x`, `y` and sides of `size` pixels out of a picture and makes
/// it `out` pixels wide, never more than `size`. Positions are those of the upright picture.
///
/// # Errors
/// [`MediaError::InvalidCrop`] when the square does not lie within the picture or `out` is 0 or more than
/// 4096, and like [`crate::ingest_image`].
pub fn square_crop(bytes: &[u8], x: u32, y: u32, size: u32, out: u32, limits: &Limits) -> Result<Square> {
    const MAX_SIDE: u32 = 4096;
    const QUALITY: u8 = 88;
    limits.check_len(bytes)?;
    if size == 0 || out == 0 || out > MAX_SIDE {
        return Err(MediaError::InvalidCrop);
    }
    guarded(|| {
        let side = out.min(size);
        let preview = read(bytes, limits, |(width, height)| {
            let inside = |from: u32, len: u32| from.checked_add(size).is_some_and(|to| to <= len);
            if !inside(x, width) || !inside(y, height) {
                return Err(MediaError::InvalidCrop);
            }
            let longest = u64::from(width.max(height)) * u64::from(side);
            Ok(u32::try_from(longest.div_ceil(u64::from(size))).unwrap_or(u32::MAX))
        })?;
        let raster = &preview.raster;
        let across = f64::from(raster.width()) / f64::from(preview.full_size.0);
        let down = f64::from(raster.height()) / f64::from(preview.full_size.1);
        let scaled = (f64::from(size) * across).min(f64::from(size) * down).max(1.0);
        let left = (f64::from(x) * across)
            .min(f64::from(raster.width()) - scaled)
            .max(0.0);
        let top = (f64::from(y) * down)
            .min(f64::from(raster.height()) - scaled)
            .max(0.0);
        let square = raster.cropped(left, top, scaled, side)?;
        let (kind, bytes) = encode::small(&square, QUALITY, preview.icc.as_deref())?;
        Ok(Square { kind, side, bytes })
    })
}

/// Like [`preview`], for callers that stand under the guard already.
pub(crate) fn read_preview(bytes: &[u8], limits: &Limits) -> Result<Preview> {
    read(bytes, limits, |_| Ok(Variant::Large.pixels()))
}

/// Reads a picture; `at_least` tells from its size how many pixels its longest side has to keep.
fn read(bytes: &[u8], limits: &Limits, at_least: impl FnOnce((u32, u32)) -> Result<u32>) -> Result<Preview> {
    let kind = sniff(bytes).kind;
    let scan = strip::scan(kind, bytes)?;
    limits.check_pixels(&scan)?;
    // Animations are shown as they lie in the file, see `image`.
    let orientation = if scan.animated {
        Default::default()
    } else {
        scan.exif.orientation
    };
    let full_size = orientation.upright_size((scan.width, scan.height));
    let decoded = decode(kind, bytes, &scan, at_least(full_size)?)?;
    Ok(Preview {
        raster: decoded.raster.upright(orientation),
        icc: decoded.icc,
        full_size,
    })
}

impl Preview {
    /// Width and height of the whole picture in pixels.
    #[must_use]
    pub fn full_size(&self) -> (u32, u32) {
        self.full_size
    }

    /// Makes every thumbnail, smallest first. One that would be larger than the picture has its size.
    ///
    /// # Errors
    /// [`MediaError::ImageDamaged`] when an encoder fails.
    pub fn thumbnails(&self) -> Result<Vec<Thumbnail>> {
        guarded(|| {
            let mut resizer = Resizer::new();
            let mut made: Vec<Thumbnail> = Vec::with_capacity(Variant::ALL.len());
            let mut larger = None;
            for variant in Variant::ALL.into_iter().rev() {
                let raster = larger
                    .as_ref()
                    .unwrap_or(&self.raster)
                    .fitted(variant.pixels(), &mut resizer)?;
                let (kind, bytes) = encode::small(&raster, quality(variant), self.icc.as_deref())?;
                made.push(Thumbnail {
                    variant,
                    kind,
                    width: raster.width(),
                    height: raster.height(),
                    bytes,
                });
                larger = Some(raster);
            }
            made.reverse();
            Ok(made)
        })
    }

    /// The picture at the size of the smallest thumbnail, for its colours.
    pub(crate) fn smallest(&self) -> Result<Raster> {
        self.raster.fitted(Variant::Small.pixels(), &mut Resizer::new())
    }
}

/// Quality of a JPEG thumbnail: the less it is looked at, the less.
const fn quality(variant: Variant) -> u8 {
    match variant {
        Variant::Small => 78,
        Variant::Medium => 80,
        Variant::Large => 84,
    }
}
