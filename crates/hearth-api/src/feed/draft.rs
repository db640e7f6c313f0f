//! What was typed and not shared yet.

use super::{Attach, Audience};
use crate::ids::{DraftId, Timestamp};
use crate::media::MediaItem;
use serde::{Deserialize, Serialize};

/// Longest text of a draft, in characters: what is too long to be shared is still kept until it is shortened.
pub const MAX_DRAFT_TEXT: usize = 100_000;

/// Saves a draft; creates it when the id is new.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveDraft {
    /// Chosen by the client (UUIDv7).
    pub id: DraftId,
    /// The place it belongs to: `feed`, `post:<id>` (a comment), `reply:<id>` (of a comment) or `edit:<id>`.
    pub place: String,
    /// What was typed.
    pub text: String,
    /// What was attached.
    #[serde(default)]
    pub media: Vec<Attach>,
    /// The audience chosen.
    pub audience: Audience,
}

/// Lists the account's drafts, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListDrafts {}

/// A draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// The place it belongs to.
    pub place: String,
    /// What was typed.
    pub text: String,
    /// What was attached.
    pub media: Vec<MediaItem>,
    /// The audience chosen.
    pub audience: Audience,
    /// When it was last saved.
    pub saved_at: Timestamp,
}

/// Deletes a draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteDraft {
    /// Which.
    pub id: DraftId,
}
