//! Reactions (POST-7): one emoji per person per item.

use super::tell_viewers;
use crate::author::stored;
use crate::authz::Action;
use crate::emoji::is_one_emoji;
use crate::notifications::{Notice, SubjectRef, raise, take_back};
use crate::wire::{Checked as _, ReactSet, kind};
use crate::{Social, Viewer, scope};
use hearth_api::command::Done;
use hearth_api::feed::React;
use hearth_api::notify::NotificationType;
use hearth_api::{ApiError, ApiResult, CommentId, Event, HomeId, PersonId, PostId, Timestamp};
use hearth_db::post::PostRow;
use hearth_db::reaction::{self, ReactionRow};
use hearth_db::{DbResult, WriteTx, comment, item_activity, peer_log, post, slot};
use hearth_federation::slots::slots_of;
use uuid::Uuid;

/// What is reacted to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReactedTo<'a> {
    /// The post, or the post of the comment.
    pub(crate) post: &'a PostRow,
    /// The comment and who wrote it.
    pub(crate) comment: Option<(CommentId, PersonId)>,
}

impl Social {
    /// Sets, changes or removes the viewer's reaction.
    ///
    /// # Errors
    /// `not_found`, `invalid_emoji`.
    pub async fn react(&self, viewer: &Viewer, req: React) -> ApiResult<Done> {
        if req.emoji.as_deref().is_some_and(|emoji| !is_one_emoji(emoji)) {
            return Err(ApiError::invalid(
                "emoji",
                "A reaction is a single emoji. Choose one.",
            ));
        }
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let seen = social.visible(tx, viewer, req.target)?;
                seen.roles.check(match &req.emoji {
                    Some(_) => Action::React,
                    None => Action::Unreact,
                })?;
                let before = reaction::get(tx, seen.item(), viewer)?;
                if before.as_ref().and_then(|row| row.emoji.as_ref()) == req.emoji.as_ref() {
                    return Ok(Done {});
                }
                let now = social.now();
                let comment = seen.comment.as_ref().map(|comment| (comment.id, comment.author));
                let object = ReactSet {
                    comment: comment.map(|(id, _)| id),
                    emoji: req.emoji.clone(),
                };
                let activity = social.sign(tx, viewer, kind::REACT_SET, Some(seen.post.id), &object, now)?;
                // On a comment that the post's home has not taken, it stays here until that has; refused ones have none elsewhere.
                let homes = match &seen.comment {
                    Some(comment) if !comment.accepted => Vec::new(),
                    _ => social.homes_to_tell(tx, &seen.post)?,
                };
                scope::tell(tx, &homes, &activity, None, now)?;
                let row = ReactionRow {
                    item: seen.item(),
                    person: viewer,
                    post: seen.post.id,
                    emoji: req.emoji,
                    at: now,
                    hlc: activity.activity().at.to_string(),
                    activity: Some(activity.key()),
                };
                note_reaction(
                    tx,
                    ReactedTo {
                        post: &seen.post,
                        comment,
                    },
                    before.as_ref(),
                    &row,
                )?;
                Ok(Done {})
            })
            .await
    }
}

impl Social {
    /// Sends the reactions of people here to a comment that its post's home has taken just now.
    pub(crate) fn send_reactions(
        &self,
        tx: &mut WriteTx<'_>,
        post: &PostRow,
        comment: CommentId,
        now: Timestamp,
    ) -> ApiResult<()> {
        for row in reaction::of_item(tx, comment.0)? {
            if self.lives_here(tx, row.person)?
                && let Some(id) = row.activity
                && let Some(activity) = stored(tx, id)?
            {
                scope::tell(tx, std::slice::from_ref(&post.home), &activity, None, now)?;
            }
        }
        Ok(())
    }

    /// Takes out a reaction from here that the post's home has refused, as when the post was narrowed before it heard of it: nobody else
    /// sees it either.
    pub(crate) fn drop_refused_reaction(
        &self,
        tx: &mut WriteTx<'_>,
        by: &HomeId,
        activity: Uuid,
        now: Timestamp,
    ) -> ApiResult<()> {
        let Some(signed) = stored(tx, activity)? else {
            return Ok(());
        };
        let said = signed.activity();
        let Some(set) = ReactSet::checked(said).filter(|_| said.kind == kind::REACT_SET) else {
            return Ok(());
        };
        let on = said.post.map(PostId);
        let post = on.map(|id| post::get(tx, id)).transpose()?.flatten();
        let Some(post) = post.filter(|row| row.home == *by) else {
            return Ok(());
        };
        let comment = match set.comment {
            Some(id) => comment::get(tx, id)?.map(|row| (row.id, row.author)),
            None => None,
        };
        let (item, actor) = (set.comment.map_or(post.id.0, |id| id.0), PersonId(said.actor));
        let Some(row) = reaction::get(tx, item, actor)?.filter(|row| row.activity == Some(activity)) else {
            return Ok(());
        };
        reaction::delete(tx, item, actor)?;
        item_activity::drop_unsent(tx, item, activity)?;
        for slot in slots_of(said) {
            slot::forget_word(tx, slot, activity)?;
        }
        let to = ReactedTo { post: &post, comment };
        let (notice, event) = told_of(to, &row);
        if row.emoji.is_some() {
            take_back(tx, &notice)?;
        }
        Ok(tell_viewers(tx, &post, now, &event)?)
    }
}

/// Stores a reaction instead of the one before, and tells of it.
pub(crate) fn note_reaction(
    tx: &mut WriteTx<'_>,
    to: ReactedTo<'_>,
    before: Option<&ReactionRow>,
    row: &ReactionRow,
) -> DbResult<()> {
    reaction::put(tx, row)?;
    if let (Some(old), Some(new)) = (before.and_then(|row| row.activity), row.activity)
        && old != new
    {
        // To whom it may go, the new one goes by itself.
        peer_log::withdraw_activity(tx, old)?;
        item_activity::drop_unsent(tx, row.item, old)?;
    }
    let (notice, event) = told_of(to, row);
    match (before.is_some_and(|row| row.emoji.is_some()), row.emoji.is_some()) {
        (false, true) => raise(tx, &notice)?,
        (true, false) => take_back(tx, &notice)?,
        _ => {}
    }
    tell_viewers(tx, to.post, row.at, &event)
}

/// How its author is told of a reaction, and the windows that something has changed.
fn told_of<'a>(to: ReactedTo<'a>, row: &ReactionRow) -> (Notice<'a>, Event) {
    let (author, subject, event) = match to.comment {
        Some((comment, author)) => (
            author,
            SubjectRef::Comment {
                post: to.post.id,
                comment,
            },
            Event::CommentsChanged { post: to.post.id },
        ),
        None => (
            to.post.author,
            SubjectRef::Post(to.post.id),
            Event::PostChanged { post: to.post.id },
        ),
    };
    let notice = Notice {
        to: author,
        kind: NotificationType::Reaction,
        actor: Some(row.person),
        subject,
        at: row.at,
    };
    (notice, event)
}
