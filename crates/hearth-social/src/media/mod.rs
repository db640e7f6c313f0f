//! Pictures and files: uploading them, hanging them on things, and who may open them.
//!
//! Invariants:
//!
//! * A file is opened only by somebody who may see something that carries it; the one visibility rule decides.
//! * What is served is judged by its content. Files of other kinds than pictures, video and sound are only downloaded.
//! * What nothing names any more is erased, with its thumbnails.
//!
//! Not here: decoding and the blob store (`hearth-media`), HTTP and the window's scheme (`hearth-node`).

mod attach;

pub(crate) use attach::{attach, attach_remote, detach_all, items_of, set_picture};
pub(crate) use hearth_db::attachment::Carrier;
