//! Blob store, image decoding, thumbnails, metadata stripping.
