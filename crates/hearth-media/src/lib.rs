//! Pictures, files and where their bytes live.
//!
//! * [`blob`]: the content-addressed store and, beside it, the thumbnails derived from it.
//! * [`upload`]: uploads that survive an interruption and a restart.
//! * [`mod@sniff`]: what a file is, judged by its content.
//! * [`image`]: a picture as it is taken in: checked, turned upright, rid of its metadata.
//! * [`thumbs`]: thumbnails and square crops.
//! * [`movie`]: videos without their metadata.
//!
//! Invariants:
//!
//! * Every byte that comes in is hostile. Sizes are checked before anything is decoded, and a panic in a
//!   decoder becomes [`MediaError::ImageDamaged`].
//! * A blob is either whole under its hash or not there; its name is made from the hash alone.
//! * What is stored of a picture carries no EXIF, XMP, IPTC, comment or text, and nothing behind its end.
//! * Nothing here tells the clock or makes up ids; times and names are passed in.
//! * Everything here is synchronous: callers keep it off the async threads.
//!
//! Not here: who may see what (the visibility rule), quotas (they need the database), and transport.

pub mod blob;
mod cursor;
mod decode;
mod encode;
mod error;
mod exif;
pub mod image;
pub mod movie;
mod palette;
mod raster;
pub mod sniff;
mod strip;
pub mod thumbs;
pub mod upload;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tests;

pub use blob::{BlobStore, Hash, Stored, Variant};
pub use error::{MediaError, Result};
pub use image::{Ingested, Limits, ingest_image, ingest_reader};
pub use palette::{Colour, Placeholder};
pub use sniff::{Class, Kind, Sniffed, sniff};
pub use thumbs::{Preview, Square, Thumbnail, preview, square_crop, thumbnails};
pub use upload::{UploadStatus, Uploads};
