//! `react.set` and `mention.remove`: on posts and comments.

use super::{INVALID, Incoming, stamp_of};
use crate::authz::Action;
use crate::posts::{ReactedTo, note_reaction, tell_viewers};
use crate::wire::{Checked as _, MentionRemove, ReactSet};
use crate::{Social, scope};
use hearth_api::{ApiResult, CommentId, Event, Timestamp};
use hearth_db::comment::CommentRow;
use hearth_db::post::PostRow;
use hearth_db::reaction::{self, ReactionRow};
use hearth_db::{ReadTx, WriteTx, comment, mention};
use hearth_federation::apply::Verdict;

/// The comment of a post that an activity is about.
fn comment_of(
    tx: &ReadTx<'_>,
    id: Option<CommentId>,
    post: &PostRow,
) -> ApiResult<Result<Option<CommentRow>, Verdict>> {
    let Some(id) = id else { return Ok(Ok(None)) };
    Ok(match comment::get(tx, id)? {
        None => Err(Verdict::Waiting { on: id.0 }),
        Some(row) if row.post != post.id => Err(INVALID),
        Some(row) if row.deleted => Err(Verdict::Duplicate),
        Some(row) => Ok(Some(row)),
    })
}

/// Whether a reaction of the actor stands on this item. It is theirs to change, as a comment is: their home may not have heard that the post is not
/// for them any more.
fn is_standing(
    tx: &ReadTx<'_>,
    incoming: &Incoming<'_>,
    post: &PostRow,
    comment: Option<CommentId>,
) -> ApiResult<bool> {
    let item = comment.map_or(post.id.0, |id| id.0);
    let row = reaction::get(tx, item, incoming.actor)?;
    Ok(row.is_some_and(|row| row.post == post.id && row.emoji.is_some()))
}

impl Social {
    pub(super) fn apply_react(&self, tx: &mut WriteTx<'_>, incoming: &Incoming<'_>) -> ApiResult<Verdict> {
        let Some(set) = ReactSet::checked(incoming.said()) else {
            return Ok(INVALID);
        };
        let post = match self.post_of(tx, incoming)? {
            Ok(post) => post,
            Err(verdict) => return Ok(verdict),
        };
        if self.is_own(&post.home) {
            let roles = self.roles_at(tx, incoming, &post)?;
            if let Err(code) = roles.check_remote(Action::React)
                && !is_standing(tx, incoming, &post, set.comment)?
            {
                return Ok(Verdict::Refused(code));
            }
        }
        let comment = match comment_of(tx, set.comment, &post)? {
            Ok(comment) => comment,
            Err(verdict) => return Ok(verdict),
        };
        let item = comment.as_ref().map_or(post.id.0, |comment| comment.id.0);
        let before = reaction::get(tx, item, incoming.actor)?;
        let stamp = stamp_of(incoming);
        if before.as_ref().is_some_and(|row| row.hlc >= stamp) {
            return Ok(Verdict::Duplicate);
        }
        if let Err(verdict) = self.learn(tx, incoming)? {
            return Ok(verdict);
        }
        self.observe(tx, incoming)?;
        let homes = self.relays(tx, incoming, &post)?;
        scope::tell(tx, &homes, incoming.signed, None, incoming.now)?;
        let said_at = i64::try_from(incoming.said().at.unix_ms()).unwrap_or(i64::MAX);
        let row = ReactionRow {
            item,
            person: incoming.actor,
            post: post.id,
            emoji: set.emoji,
            at: Timestamp(said_at).min(incoming.now),
            hlc: stamp,
            activity: Some(incoming.signed.key()),
        };
        let to = ReactedTo {
            post: &post,
            comment: comment.map(|comment| (comment.id, comment.author)),
        };
        note_reaction(tx, to, before.as_ref(), &row)?;
        Ok(Verdict::Applied)
    }

    /// Everybody may take out the mention of themselves, wherever it is or will be.
    pub(super) fn apply_mention_remove(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
    ) -> ApiResult<Verdict> {
        let Some(remove) = MentionRemove::checked(incoming.said()) else {
            return Ok(INVALID);
        };
        let post = match self.post_of(tx, incoming)? {
            Ok(post) => post,
            Err(verdict) => return Ok(verdict),
        };
        let comment = match comment_of(tx, remove.comment, &post)? {
            Ok(comment) => comment,
            Err(verdict) => return Ok(verdict),
        };
        let item = comment.as_ref().map_or(post.id.0, |comment| comment.id.0);
        let mentioned = mention::get(tx, item, incoming.actor)?;
        if self.is_own(&post.home) && mentioned.is_none() {
            // Before the mention that it takes out: from those only who may see where it will be.
            let roles = self.roles_at(tx, incoming, &post)?;
            if let Err(code) = roles.check_remote(Action::Read) {
                return Ok(Verdict::Refused(code));
            }
        }
        if mentioned.is_some_and(|row| row.removed) {
            return Ok(Verdict::Duplicate);
        }
        if let Err(verdict) = self.learn(tx, incoming)? {
            return Ok(verdict);
        }
        self.observe(tx, incoming)?;
        mention::remove(tx, item, post.id, incoming.actor)?;
        let homes = self.relays(tx, incoming, &post)?;
        scope::tell(tx, &homes, incoming.signed, None, incoming.now)?;
        let event = match comment {
            Some(_) => Event::CommentsChanged { post: post.id },
            None => Event::PostChanged { post: post.id },
        };
        tell_viewers(tx, &post, incoming.now, &event)?;
        Ok(Verdict::Applied)
    }
}
