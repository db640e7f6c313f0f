//! Files from other homes: a few fetched at a time, each by one request for all who want it, none longer than it may be.
//!
//! Invariant: an original goes to the disk as it comes, and becomes a file only when it is the one that its name says.
//!
//! Not here: who gets a place when (`places`).

mod places;

use crate::node::Node;
use bytes::Bytes;
use hearth_api::media::Variant;
use hearth_api::{ApiError, ApiResult, Code, HomeId, MediaHash};
use hearth_db::DbError;
use hearth_social::Viewer;
use hearth_social::media::{FetchNeeded, MediaFile, Opened};
pub(crate) use places::Fetches;
use places::pass_on;
use std::io::{Cursor, Read};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long a thumbnail may take.
const THUMBNAIL: Duration = Duration::from_secs(60);
/// Pieces of an original that came and were not written yet.
const PIECES: usize = 4;

fn unavailable() -> ApiError {
    ApiError::new(
        Code::MediaUnavailable,
        "This file is on a home that does not answer now. It comes when that home is awake.",
    )
}

impl Node {
    /// Opens a file here, or fetches it from a home that has it and opens it then.
    pub(crate) async fn open_media(
        &self,
        viewer: &Viewer,
        hash: MediaHash,
        variant: Variant,
    ) -> ApiResult<MediaFile> {
        let needed = match self.social().media_open(viewer, &hash, variant).await? {
            Opened::Here(file) => return Ok(file),
            Opened::Elsewhere(needed) => needed,
        };
        let _turn = self.fetches().turn(&needed).await?;
        // Who waited for another finds what that one brought.
        let needed = match self.social().media_open(viewer, &hash, variant).await? {
            Opened::Here(file) => return Ok(file),
            Opened::Elsewhere(needed) => needed,
        };
        let mut last = unavailable();
        for home in &needed.homes {
            match self.fetch(home, &needed).await {
                Ok(()) => {
                    return match self.social().media_open(viewer, &hash, variant).await? {
                        Opened::Here(file) => Ok(file),
                        Opened::Elsewhere(_) => Err(unavailable()),
                    };
                }
                Err(error) => {
                    tracing::info!(home = %home, code = %error.code, "A home did not give a file");
                    if error.code != Code::NotConnected {
                        last = error;
                    }
                }
            }
        }
        Err(last)
    }

    /// Fetches the previews of other homes' latest pictures that are not here, from homes that answer; whether none is missing now.
    pub(crate) async fn fetch_previews(&self) -> ApiResult<bool> {
        // What brought them was announced before it was written: whoever writes after it sees it.
        self.db().write(|_tx| Ok::<_, DbError>(())).await?;
        let missing = self.social().missing_previews().await?;
        if missing.is_empty() {
            return Ok(true);
        }
        let homes = self.federation().list_homes().await?;
        let mut awake: Vec<&HomeId> = homes
            .iter()
            .filter(|home| home.reachable)
            .map(|home| &home.id)
            .collect();
        let mut all = true;
        for needed in &missing {
            let Some(home) = needed.homes.iter().find(|home| awake.contains(home)) else {
                all = false;
                continue;
            };
            let _turn = self.fetches().turn(needed).await?;
            if let Err(error) = self.fetch(home, needed).await {
                tracing::debug!(home = %home, code = %error.code, "A preview did not come");
                // A picture that is no more, or is none, is not missed.
                if !matches!(
                    error.code,
                    Code::NotFound | Code::BadFile | Code::FileTooLarge | Code::ImageTooLarge
                ) {
                    all = false;
                    awake.retain(|one| *one != home);
                }
            }
        }
        Ok(all)
    }

    /// Fetches a file from one home and stores it.
    async fn fetch(&self, home: &HomeId, needed: &FetchNeeded) -> ApiResult<()> {
        let mut place = self.fetches().place(home, needed.variant).await?;
        let (hash, variant, limit) = (&needed.hash, needed.variant, needed.limit);
        if variant != Variant::Original {
            let fetched = self.federation().fetch_media(home, hash, variant, limit);
            let bytes = timeout(THUMBNAIL, fetched)
                .await
                .map_err(|_elapsed| unavailable())??;
            return self
                .social()
                .media_store_remote(hash, variant, Cursor::new(bytes))
                .await;
        }
        let (sender, arriving) = mpsc::channel(PIECES);
        let (writer, pieces) = mpsc::channel(PIECES);
        let reader = Pieces {
            pieces,
            current: Bytes::new(),
        };
        let passed = pass_on(self.fetches(), &mut place, arriving, writer);
        let stored = self.social().media_store_remote(hash, variant, reader);
        let fetched = async {
            let fetched = self
                .federation()
                .fetch_media_pieces(home, hash, variant, limit, sender.clone())
                .await;
            // What is told is what failed first.
            let unwanted = sender.is_closed();
            drop(sender);
            (fetched, unwanted)
        };
        match tokio::join!(fetched, passed, stored) {
            (_, Err(error), _) | ((Err(error), false), ..) => Err(error),
            (.., stored) => stored,
        }
    }
}

/// The pieces of a file, read as they come. Only off the async threads.
struct Pieces {
    pieces: mpsc::Receiver<Bytes>,
    current: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.current.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.current = piece,
                None => return Ok(0),
            }
        }
        let count = buffer.len().min(self.current.len());
        self.current
            .split_to(count)
            .as_ref()
            .read_exact(buffer.split_at_mut(count).0)?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pieces_are_read_as_one_file() {
        let (sender, pieces) = mpsc::channel(PIECES);
        let mut reader = Pieces {
            pieces,
            current: Bytes::new(),
        };
        for piece in ["a f", "", "ile"] {
            sender.send(Bytes::from_static(piece.as_bytes())).await.unwrap();
        }
        drop(sender);
        let read = tokio::task::spawn_blocking(move || {
            let mut all = String::new();
            reader.read_to_string(&mut all).map(|_| all)
        });
        assert_eq!(read.await.unwrap().unwrap(), "a file");
    }
}
