//! Pictures and files: uploading them, hanging them on things, and who may open them.
//!
//! * Posts, comments and drafts hang files on themselves by `attach`, let go of them by `detach_all` and show them by
//!   `items_of`; a copy of another home's item does so by `attach_remote`.
//! * The preview of another home's picture is fetched as soon as what carries it has come (`previews`); the picture itself when it is opened.
//! * A file is a row of `media` (what it is), of `media_owner` for each account that stored it (whose quota it counts
//!   against), of `attachment` for each thing that carries it, and a blob.
//!
//! Invariants:
//!
//! * A file is opened only by somebody who may see something that carries it; the one visibility rule decides.
//! * What is served is judged by its content. Files of other kinds than pictures, video and sound are only downloaded.
//! * What nothing names any more is erased, with its thumbnails. Blobs are erased on the database writer's thread only.
//!
//! Not here: decoding and the blob store (`hearth-media`), HTTP and the window's scheme (`hearth-node`).

mod access;
mod attach;
mod ingest;
mod limits;
mod open;
mod placeholder;
mod previews;
mod remote;
mod sight;
mod sweep;
mod upload;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;

pub(crate) use attach::{attach, attach_remote, detach_all, items_of, media_of};
pub(crate) use hearth_db::attachment::Carrier;
pub use limits::FreeSpace;
pub use open::{FetchNeeded, MediaFile, Opened};
pub(crate) use sight::{Sight, is_kept};
pub use sweep::Swept;
pub(crate) use sweep::erase_account;

use std::sync::Arc;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Pictures worked on at the same time.
const WORKERS: usize = 2;

/// What media need beside the parts of [`crate::Social`].
#[derive(Clone)]
pub(crate) struct MediaParts {
    free_space: Option<Arc<dyn FreeSpace>>,
    work: Arc<Semaphore>,
    arrived: Arc<Notify>,
}

impl Default for MediaParts {
    fn default() -> Self {
        Self {
            free_space: None,
            work: Arc::new(Semaphore::new(WORKERS)),
            arrived: Arc::default(),
        }
    }
}

impl MediaParts {
    pub(crate) fn with_free_space(self, free_space: Arc<dyn FreeSpace>) -> Self {
        Self {
            free_space: Some(free_space),
            ..self
        }
    }

    /// Tells whoever fetches previews that something with so many files comes from another home.
    pub(crate) fn note_arrival(&self, files: usize) {
        if files > 0 {
            self.arrived.notify_one();
        }
    }

    fn free_bytes(&self) -> Option<u64> {
        self.free_space.as_ref()?.free_bytes()
    }

    /// Waits for a turn to work on a picture. Nobody closes the semaphore.
    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.work).acquire_owned().await.ok()
    }
}
