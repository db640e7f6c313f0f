//! A content-addressed store of files in a folder.
//!
//! ```text
//! root/blobs/ab/cd/abcd…            the bytes whose SHA-256 is the name
//! root/variants/ab/cd/abcd….480     a thumbnail of that blob: derived, can be made again
//! root/tmp/                         files being written; what a crash left is cleared at opening
//! ```
//!
//! Invariants: a name is made from a [`struct@Hash`] and never from text that came from outside, so no path can
//! lead out of the folder. A blob appears by one rename after its bytes are on the disk, so a crash leaves
//! it whole or absent. Blobs are never changed.
//!
//! Not here: which blobs are still wanted (the database knows), quotas, encryption at rest.

mod hash;
mod staged;
mod store;
#[cfg(test)]
mod tests;

pub use hash::{Hash, Hasher};
pub(crate) use staged::{Staging, ensure_dir, sync_dir};
pub(crate) use store::read_limited;
pub use store::{BlobStore, Blobs, MAX_RANGE, Stored, Variant};
