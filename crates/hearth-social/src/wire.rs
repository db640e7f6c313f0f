//! What the activities of posts, comments, reactions and friendships carry in their `object`.
//!
//! Everything read here came from another home: [`Checked::checked`] holds it to the same limits as what people type.
//! Members that this version does not know are ignored. The activity's `post` names the post that it is about.

use hearth_api::feed::{Audience, MAX_ALT, MAX_CAPTION, MAX_COMMENT_MEDIA, MAX_POST_MEDIA};
use hearth_api::media::MediaItem;
use hearth_api::{CommentId, PersonId, PostId, Timestamp};
use hearth_federation::activity::Activity;
use hearth_federation::identity::is_shown_safely;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::emoji::is_one_emoji;
use crate::friends::MAX_NOTE;
use crate::text::{MAX_MENTIONS, is_too_long};

/// The kinds of activity that are made and understood here.
pub(crate) mod kind {
    pub(crate) const POST_PUT: &str = "post.put";
    pub(crate) const POST_DELETE: &str = "post.delete";
    pub(crate) const POST_RETRACT: &str = "post.retract";
    pub(crate) const POST_CONTROL: &str = "post.control";
    pub(crate) const COMMENT_PUT: &str = "comment.put";
    pub(crate) const COMMENT_DELETE: &str = "comment.delete";
    pub(crate) const REACT_SET: &str = "react.set";
    pub(crate) const MENTION_REMOVE: &str = "mention.remove";
    pub(crate) const FRIEND: &str = "friend.";
    pub(crate) const PERSON_UPDATE: &str = "person.update";
    pub(crate) const PERSON_DELETE: &str = "person.delete";
}

/// Most posts of one `post.retract`.
pub(crate) const MAX_RETRACTED: usize = 1000;
/// Longest file name, in characters.
const MAX_FILE_NAME: usize = 500;
/// Longest preview, in bytes.
const MAX_PLACEHOLDER: usize = 8192;

/// Objects that know their limits.
pub(crate) trait Checked: DeserializeOwned {
    /// Whether all members are within their limits.
    fn is_sound(&self) -> bool;

    /// The object of an activity, if it is one of these and within its limits.
    fn checked(activity: &Activity) -> Option<Self> {
        Self::deserialize(&activity.object).ok().filter(Self::is_sound)
    }
}

/// Somebody mentioned, with their name for homes that do not know them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct WireMention {
    pub(crate) person: PersonId,
    pub(crate) name: String,
    /// They took themselves out.
    #[serde(default)]
    pub(crate) removed: bool,
}

/// `post.put`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PostPut {
    pub(crate) text: String,
    pub(crate) audience: Audience,
    pub(crate) created_at: Timestamp,
    #[serde(default)]
    pub(crate) edited_at: Option<Timestamp>,
    pub(crate) version: u32,
    #[serde(default = "yes")]
    pub(crate) comments_on: bool,
    #[serde(default)]
    pub(crate) media: Vec<MediaItem>,
    #[serde(default)]
    pub(crate) mentions: Vec<WireMention>,
}

fn yes() -> bool {
    true
}

fn media_are_sound(media: &[MediaItem], most: usize) -> bool {
    media.len() <= most
        && media.iter().all(|item| {
            item.alt.chars().count() <= MAX_ALT
                && item.caption.chars().count() <= MAX_CAPTION
                && item.name.chars().count() <= MAX_FILE_NAME
                && item.mime.len() <= 100
                && item.placeholder.len() <= MAX_PLACEHOLDER
        })
}

/// Nothing was written before 1970. What lies in the future is taken back to now when it is stored.
fn times_are_sound(created_at: Timestamp, edited_at: Option<Timestamp>) -> bool {
    created_at >= Timestamp(0) && edited_at.is_none_or(|at| at >= Timestamp(0))
}

fn mentions_are_sound(mentions: &[WireMention]) -> bool {
    mentions.len() <= MAX_MENTIONS && mentions.iter().all(|mention| is_shown_safely(&mention.name))
}

impl Checked for PostPut {
    fn is_sound(&self) -> bool {
        !is_too_long(&self.text)
            && (!self.text.trim().is_empty() || !self.media.is_empty())
            && matches!(self.audience, Audience::Friends | Audience::Public)
            && self.version > 0
            && times_are_sound(self.created_at, self.edited_at)
            && media_are_sound(&self.media, MAX_POST_MEDIA)
            && mentions_are_sound(&self.mentions)
    }
}

/// `post.delete`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PostDelete {}

impl Checked for PostDelete {
    fn is_sound(&self) -> bool {
        true
    }
}

/// `post.retract`: copies of these posts of the actor are to be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PostRetract {
    pub(crate) posts: Vec<PostId>,
}

impl Checked for PostRetract {
    fn is_sound(&self) -> bool {
        self.posts.len() <= MAX_RETRACTED
    }
}

/// `post.control`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PostControl {
    pub(crate) comments_on: bool,
}

impl Checked for PostControl {
    fn is_sound(&self) -> bool {
        true
    }
}

/// `comment.put`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CommentPut {
    pub(crate) id: CommentId,
    #[serde(default)]
    pub(crate) parent: Option<CommentId>,
    pub(crate) text: String,
    pub(crate) created_at: Timestamp,
    #[serde(default)]
    pub(crate) edited_at: Option<Timestamp>,
    pub(crate) version: u32,
    #[serde(default)]
    pub(crate) media: Vec<MediaItem>,
    #[serde(default)]
    pub(crate) mentions: Vec<WireMention>,
}

impl Checked for CommentPut {
    fn is_sound(&self) -> bool {
        !is_too_long(&self.text)
            && (!self.text.trim().is_empty() || !self.media.is_empty())
            && self.version > 0
            && times_are_sound(self.created_at, self.edited_at)
            && self.parent != Some(self.id)
            && media_are_sound(&self.media, MAX_COMMENT_MEDIA)
            && mentions_are_sound(&self.mentions)
    }
}

/// `comment.delete`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CommentDelete {
    pub(crate) id: CommentId,
    /// What it replied to and when it was written: enough for a placeholder where it was never seen.
    #[serde(default)]
    pub(crate) parent: Option<CommentId>,
    #[serde(default)]
    pub(crate) created_at: Timestamp,
    /// Who wrote it, when somebody else deletes it: its id is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) author: Option<PersonId>,
}

impl Checked for CommentDelete {
    fn is_sound(&self) -> bool {
        true
    }
}

/// `react.set`: on a comment of the post, or on the post itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReactSet {
    #[serde(default)]
    pub(crate) comment: Option<CommentId>,
    pub(crate) emoji: Option<String>,
}

impl Checked for ReactSet {
    fn is_sound(&self) -> bool {
        self.emoji.as_deref().is_none_or(is_one_emoji)
    }
}

/// `mention.remove`: from a comment of the post, or from the post itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MentionRemove {
    #[serde(default)]
    pub(crate) comment: Option<CommentId>,
}

impl Checked for MentionRemove {
    fn is_sound(&self) -> bool {
        true
    }
}

/// `friend.request`, `.accept`, `.cancel`, `.decline`, `.remove`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FriendWord {
    pub(crate) person: PersonId,
    #[serde(default)]
    pub(crate) note: String,
}

impl Checked for FriendWord {
    fn is_sound(&self) -> bool {
        self.note.chars().count() <= MAX_NOTE
    }
}
