//! Posts, comments, reactions and the feeds that show them; what becomes of a post at other homes; drafts.

mod delivery;
mod draft;

pub use delivery::{Delivery, DeliveryState, DeliverySummary, GetDelivery, RetryDelivery, SENDING_PAUSED};
pub use draft::{DeleteDraft, Draft, ListDrafts, MAX_DRAFT_TEXT, SaveDraft};

use crate::ids::{CommentId, DraftId, MediaHash, PersonId, PostId, Timestamp};
use crate::media::MediaItem;
use crate::people::PersonCard;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest text of a post or comment, in characters.
pub const MAX_TEXT: usize = 20_000;
/// Most media of a post.
pub const MAX_POST_MEDIA: usize = 30;
/// Most media of a comment.
pub const MAX_COMMENT_MEDIA: usize = 10;
/// Deepest level of a reply; deeper ones join this level.
pub const MAX_DEPTH: u8 = 8;
/// Longest alternative text, in characters.
pub const MAX_ALT: usize = 1500;
/// Longest caption, in characters.
pub const MAX_CAPTION: usize = 2000;

/// Who may see something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Only the author.
    Me,
    /// People of the author's home.
    Local,
    /// The author's friends.
    Friends,
    /// People of the author's home and of all homes connected with it.
    Public,
}

impl Audience {
    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Me => "me",
            Self::Local => "local",
            Self::Friends => "friends",
            Self::Public => "public",
        }
    }
}

impl std::str::FromStr for Audience {
    type Err = crate::ids::InvalidId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "me" => Self::Me,
            "local" => Self::Local,
            "friends" => Self::Friends,
            "public" => Self::Public,
            _ => return Err(crate::ids::InvalidId("Audience")),
        })
    }
}

/// A mention in a text. The text holds `@{puid}`; this says how to show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Whether they took themselves out: shown as plain text, without a link.
    pub removed: bool,
}

/// One person's reaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reaction {
    /// Who.
    pub person: PersonCard,
    /// One emoji.
    pub emoji: String,
}

/// What the viewer may do with a post or comment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// Edit it.
    pub edit: bool,
    /// Delete it.
    pub delete: bool,
    /// Comment on it, or reply to it.
    pub comment: bool,
    /// React to it.
    #[serde(default)]
    pub react: bool,
    /// Switch comments off and on.
    pub moderate: bool,
}

/// A post as the viewer sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// Who wrote it.
    pub author: PersonCard,
    /// Who may see it.
    pub audience: Audience,
    /// Its text: the Markdown of POST-1, mentions as `@{puid}`.
    pub text: String,
    /// People mentioned.
    pub mentions: Vec<Mention>,
    /// Its pictures and files, in order.
    pub media: Vec<MediaItem>,
    /// When it was posted.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Number of its present version, from 1; pass it back when editing.
    pub version: u32,
    /// Reactions, oldest first (all of them up to 100).
    pub reactions: Vec<Reaction>,
    /// Visible comments.
    pub comment_count: u32,
    /// The last two visible comments, oldest first.
    pub last_comments: Vec<Comment>,
    /// Whether comments are on.
    pub comments_on: bool,
    /// How far it has travelled; only on own posts.
    pub delivery: Option<DeliverySummary>,
    /// Whether it is kept of a home that was removed: it can only be read.
    #[serde(default)]
    pub kept: bool,
    /// What the viewer may do.
    pub may: Rights,
}

/// A comment as the viewer sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The post it belongs to.
    pub post: PostId,
    /// The comment it replies to.
    pub parent: Option<CommentId>,
    /// Level, 1 for a comment on the post itself, at most 8.
    pub depth: u8,
    /// Who wrote it; `None` for the placeholder of a deleted one that has replies.
    pub author: Option<PersonCard>,
    /// Its text, empty when deleted.
    pub text: String,
    /// People mentioned.
    pub mentions: Vec<Mention>,
    /// Its media.
    pub media: Vec<MediaItem>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub edited_at: Option<Timestamp>,
    /// Number of its present version.
    pub version: u32,
    /// Reactions, oldest first.
    pub reactions: Vec<Reaction>,
    /// Whether it still waits to be accepted by the post's home.
    pub pending: bool,
    /// Why the post's home refused it, if it did; only for its author.
    pub refused: Option<String>,
    /// What the viewer may do.
    pub may: Rights,
}

/// A picture or file to attach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attach {
    /// The uploaded file.
    pub media: MediaHash,
    /// Alternative text, up to 1500 characters.
    #[serde(default)]
    pub alt: String,
    /// Caption, up to 2000 characters.
    #[serde(default)]
    pub caption: String,
}

/// Publishes a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreatePost {
    /// Chosen by the client; a repeat with the same id does nothing twice and answers the same post.
    pub op: Uuid,
    /// Who may see it.
    pub audience: Audience,
    /// Text, up to 20000 characters; mentions as `@{puid}`.
    #[serde(default)]
    pub text: String,
    /// Up to 30 files.
    #[serde(default)]
    pub media: Vec<Attach>,
    /// Whether others may comment.
    #[serde(default = "yes")]
    pub comments_on: bool,
    /// The draft it came from, deleted with it.
    #[serde(default)]
    pub draft: Option<DraftId>,
}

fn yes() -> bool {
    true
}

/// Edits one's own post. Narrowing the audience takes copies back from homes without readers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditPost {
    /// Which.
    pub id: PostId,
    /// The version the edit began from; a newer one gives `stale_edit`.
    pub version: u32,
    /// The new text.
    pub text: String,
    /// The new media.
    pub media: Vec<Attach>,
    /// The new audience.
    pub audience: Audience,
}

/// Deletes a post and everything that hangs on it, here and on other homes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeletePost {
    /// Which.
    pub id: PostId,
}

/// Asks for one post.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetPost {
    /// Which.
    pub id: PostId,
}

/// Switches comments on a post off or on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetComments {
    /// Which post.
    pub id: PostId,
    /// Whether comments are on.
    pub on: bool,
}

/// Takes the viewer's mention out of a post.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveMention {
    /// Of which post or comment.
    pub target: Target,
}

/// A post or a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A post.
    Post(PostId),
    /// A comment.
    Comment(CommentId),
}

/// Sets, changes or removes the viewer's reaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct React {
    /// To what.
    pub target: Target,
    /// One emoji; `None` removes.
    pub emoji: Option<String>,
}

/// Asks for the earlier versions that the viewer was allowed to see, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetHistory {
    /// Of what.
    pub target: Target,
}

/// An earlier version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Its number.
    pub version: u32,
    /// Its text.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

/// Which feed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feed {
    /// Own, friends' and this home's posts.
    #[default]
    Home,
    /// Other public posts.
    Public,
    /// One person's posts.
    Person(PersonId),
}

/// Asks for a page of a feed, newest first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetFeed {
    /// Which feed.
    #[serde(default)]
    pub feed: Feed,
    /// Where to go on, from the last page.
    #[serde(default)]
    pub cursor: Option<String>,
    /// At most this many, 1-50; 20 if not given.
    #[serde(default)]
    pub limit: Option<u8>,
}

/// Asks for all visible comments of a post, in thread order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListComments {
    /// Which post.
    pub post: PostId,
}

/// Writes a comment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreateComment {
    /// Chosen by the client; a repeat does nothing twice.
    pub op: Uuid,
    /// On which post.
    pub post: PostId,
    /// Replying to which comment.
    #[serde(default)]
    pub parent: Option<CommentId>,
    /// Text, up to 20000 characters.
    #[serde(default)]
    pub text: String,
    /// Up to 10 files.
    #[serde(default)]
    pub media: Vec<Attach>,
}

/// Edits one's own comment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EditComment {
    /// Which.
    pub id: CommentId,
    /// The version the edit began from.
    pub version: u32,
    /// The new text.
    pub text: String,
}

/// Deletes a comment; replies stay under a placeholder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteComment {
    /// Which.
    pub id: CommentId,
}

/// Who will see a post with this audience: for the composer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreviewAudience {
    /// The audience.
    pub audience: Audience,
}

/// Who will see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AudiencePreview {
    /// How many people.
    pub people: u32,
    /// In how many homes they live, or more may whom this home does not know; this one only if somebody here is among them.
    pub homes: u32,
    /// Whether somebody of this home is among them.
    #[serde(default)]
    pub here: bool,
    /// Their names, at most 200, by name.
    pub names: Vec<PersonCard>,
}

/// Finds people to mention who may see a post with this audience.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SuggestMentions {
    /// The post's audience.
    pub audience: Audience,
    /// For a comment: the post, whose own audience then counts.
    #[serde(default)]
    pub post: Option<PostId>,
    /// Part of a name.
    pub query: String,
}
