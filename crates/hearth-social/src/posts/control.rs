//! Switching comments off and on, and taking oneself out of a mention.

use super::tell_viewers;
use crate::author::holders;
use crate::authz::Action;
use crate::notifications::{Notice, SubjectRef, take_back};
use crate::wire::{MentionRemove, PostControl, kind};
use crate::{Social, Viewer, scope};
use hearth_api::command::Done;
use hearth_api::feed::{Post, RemoveMention, SetComments, Target};
use hearth_api::notify::NotificationType;
use hearth_api::{ApiResult, Event};
use hearth_db::{mention, post};

impl Social {
    /// Switches comments on one's own post off or on.
    ///
    /// # Errors
    /// `not_found`, `forbidden`.
    pub async fn set_comments(&self, viewer: &Viewer, req: SetComments) -> ApiResult<Post> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let seen = social.visible(tx, viewer, Target::Post(req.id))?;
                seen.roles.check(Action::ControlPost)?;
                let mut row = seen.post;
                if row.comments_on != req.on {
                    let now = social.now();
                    let object = PostControl { comments_on: req.on };
                    let activity = social.sign(tx, viewer, kind::POST_CONTROL, Some(row.id), &object, now)?;
                    let homes = holders(tx, row.id)?;
                    scope::tell(tx, &homes, &activity, None, now)?;
                    row.comments_on = req.on;
                    row.control_hlc = activity.activity().at.to_string();
                    post::put(tx, &row)?;
                    tell_viewers(tx, &row, now, &Event::PostChanged { post: row.id })?;
                }
                social.shown_post(tx, viewer, req.id)
            })
            .await
    }

    /// Takes the viewer's mention out of a post or comment.
    ///
    /// # Errors
    /// `not_found`, `forbidden` when they are not mentioned.
    pub async fn remove_mention(&self, viewer: &Viewer, req: RemoveMention) -> ApiResult<Done> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let seen = social.visible(tx, viewer, req.target)?;
                seen.roles.check(Action::RemoveMention)?;
                let now = social.now();
                let post = &seen.post;
                if mention::remove(tx, seen.item(), post.id, viewer)? {
                    let comment = seen.comment.as_ref().map(|comment| comment.id);
                    let object = MentionRemove { comment };
                    let activity =
                        social.sign(tx, viewer, kind::MENTION_REMOVE, Some(post.id), &object, now)?;
                    let homes = social.homes_to_tell(tx, post)?;
                    scope::tell(tx, &homes, &activity, None, now)?;
                    let subject = match comment {
                        Some(comment) => SubjectRef::Comment {
                            post: post.id,
                            comment,
                        },
                        None => SubjectRef::Post(post.id),
                    };
                    let actor = seen
                        .comment
                        .as_ref()
                        .map_or(post.author, |comment| comment.author);
                    take_back(
                        tx,
                        &Notice {
                            to: viewer,
                            kind: NotificationType::Mention,
                            actor: Some(actor),
                            subject,
                            at: now,
                        },
                    )?;
                    let event = match comment {
                        Some(_) => Event::CommentsChanged { post: post.id },
                        None => Event::PostChanged { post: post.id },
                    };
                    tell_viewers(tx, post, now, &event)?;
                }
                Ok(Done {})
            })
            .await
    }
}
