//! Posts: writing, editing, deleting, reacting, and bringing them to the homes whose people may see them.
//!
//! Invariants:
//!
//! * A home holds a copy exactly as long as somebody there may see the post; `delivery` rows say which homes do.
//! * What was written over is kept as a version; what was deleted is erased with everything that hangs on it.
//!
//! Not here: comments, feeds, and what other homes send (`apply`).

mod audience;
mod control;
mod create;
mod deliver;
mod delivery;
mod edit;
mod erase;
mod history;
mod purge;
mod react;
mod tell;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use deliver::wire_mentions;
pub(crate) use delivery::Comparing;
pub(crate) use edit::{keep_version, stale};
pub(crate) use erase::{erase, erase_copy, take_away};
pub(crate) use react::{ReactedTo, note_reaction};
pub(crate) use tell::{Written, is_news, notify_mentioned, tell_new, tell_viewers};

use crate::Social;
use crate::authz::Roles;
use crate::visibility::{ItemFacts, ViewerFacts, may_see};
use hearth_api::{ApiError, ApiResult, CommentId, PersonId, PostId, feed::Target};
use hearth_db::comment::CommentRow;
use hearth_db::post::PostRow;
use hearth_db::{ReadTx, comment, mention, post};
use uuid::Uuid;

/// An item and how somebody stands towards it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// The post that it is or belongs to.
    pub(crate) post: PostRow,
    /// The comment, when it is one.
    pub(crate) comment: Option<CommentRow>,
    /// The roles of the person.
    pub(crate) roles: Roles,
}

impl Seen {
    /// The id of the item itself.
    pub(crate) fn item(&self) -> Uuid {
        self.comment
            .as_ref()
            .map_or(self.post.id.0, |comment| comment.id.0)
    }
}

impl Social {
    /// How the viewer sees the world.
    pub(crate) fn facts(&self, tx: &ReadTx<'_>, viewer: PersonId) -> ApiResult<ViewerFacts> {
        ViewerFacts::load(tx, viewer, &self.home)?.ok_or_else(ApiError::not_found)
    }

    /// A post with how a person, from here or elsewhere, stands towards it; `None` when it is not here.
    pub(crate) fn seen_post(&self, tx: &ReadTx<'_>, who: PersonId, id: PostId) -> ApiResult<Option<Seen>> {
        let Some(post) = post::get(tx, id)? else {
            return Ok(None);
        };
        let viewer = ViewerFacts::load(tx, who, &self.home)?
            .is_some_and(|facts| may_see(&facts, &ItemFacts::from(&post)));
        let mentioned = mention::get(tx, id.0, who)?.is_some_and(|row| row.present || row.removed);
        let roles = Roles {
            author: post.author == who,
            post_author: false,
            mentioned,
            viewer,
            kept: post.kept,
        };
        Ok(Some(Seen {
            post,
            comment: None,
            roles,
        }))
    }

    /// A living comment with how a person stands towards it; `None` when it is not here, or waits and is not their own.
    pub(crate) fn seen_comment(
        &self,
        tx: &ReadTx<'_>,
        who: PersonId,
        id: CommentId,
    ) -> ApiResult<Option<Seen>> {
        let Some(row) = comment::get(tx, id)?.filter(|row| !row.deleted) else {
            return Ok(None);
        };
        let Some(seen) = self.seen_post(tx, who, row.post)? else {
            return Ok(None);
        };
        if !row.accepted && row.author != who {
            return Ok(None);
        }
        let mentioned = mention::get(tx, id.0, who)?.is_some_and(|row| row.present || row.removed);
        let roles = Roles {
            author: row.author == who,
            post_author: seen.post.author == who,
            mentioned,
            viewer: seen.roles.viewer,
            kept: seen.post.kept,
        };
        Ok(Some(Seen {
            post: seen.post,
            comment: Some(row),
            roles,
        }))
    }

    /// A post or comment that the viewer may see.
    ///
    /// # Errors
    /// `not_found`.
    pub(crate) fn visible(&self, tx: &ReadTx<'_>, viewer: PersonId, target: Target) -> ApiResult<Seen> {
        let seen = match target {
            Target::Post(id) => self.seen_post(tx, viewer, id)?,
            Target::Comment(id) => self.seen_comment(tx, viewer, id)?,
        };
        seen.filter(|seen| seen.roles.viewer)
            .ok_or_else(ApiError::not_found)
    }
}
