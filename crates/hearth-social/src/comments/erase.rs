//! Deleting a comment: its text goes, replies stay under a placeholder.

use crate::author::erase_item;
use crate::authz::Action;
use crate::media::{Carrier, detach_all};
use crate::notifications::{SubjectRef, withdraw};
use crate::posts::tell_viewers;
use crate::wire::{CommentDelete, kind};
use crate::{Social, Viewer, scope};
use hearth_api::command::Done;
use hearth_api::feed::{DeleteComment, Target};
use hearth_api::{ApiError, ApiResult, Event, Timestamp};
use hearth_db::comment::CommentRow;
use hearth_db::post::PostRow;
use hearth_db::tombstone::{self, Gone, TombstoneRow};
use hearth_db::{DbResult, WriteTx, comment, item_activity, peer_log, reaction};
use uuid::Uuid;

impl Social {
    /// Deletes a comment: one's own, or one on one's own post.
    ///
    /// # Errors
    /// `not_found`, `forbidden`.
    pub async fn delete_comment(&self, viewer: &Viewer, req: DeleteComment) -> ApiResult<Done> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let seen = social.visible(tx, viewer, Target::Comment(req.id))?;
                seen.roles.check(Action::DeleteComment)?;
                let post = seen.post;
                let Some(row) = seen.comment else {
                    return Err(ApiError::not_found());
                };
                let now = social.now();
                let object = CommentDelete {
                    id: row.id,
                    parent: row.parent,
                    created_at: row.created_at,
                    author: Some(row.author).filter(|author| *author != viewer),
                };
                let activity = social.sign(tx, viewer, kind::COMMENT_DELETE, Some(post.id), &object, now)?;
                let homes = social.homes_to_tell(tx, &post)?;
                scope::tell(tx, &homes, &activity, None, now)?;
                let said = activity.activity();
                let tomb = TombstoneRow {
                    item: row.id.0,
                    by: viewer,
                    state: Gone::Deleted,
                    hlc: said.at.to_string(),
                };
                tombstone::set(tx, &tomb, now)?;
                leave_placeholder(tx, &row, Some(activity.key()))?;
                tell_erased(tx, &post, &row, now)?;
                Ok(Done {})
            })
            .await
    }
}

/// Erases a comment's text and what hangs on it; `deleted_by` is the activity that says so, which now stands for the comment.
pub(crate) fn leave_placeholder(
    tx: &mut WriteTx<'_>,
    row: &CommentRow,
    deleted_by: Option<Uuid>,
) -> DbResult<()> {
    detach_all(tx, Carrier::Comment(row.id))?;
    for reaction in reaction::of_item(tx, row.id.0)? {
        if let Some(activity) = reaction.activity {
            item_activity::drop_unsent(tx, row.id.0, activity)?;
        }
    }
    comment::erase_gathered(tx, row.id)?;
    erase_item(tx, row.id.0, deleted_by)?;
    if let Some(activity) = deleted_by {
        item_activity::note(tx, row.id.0, activity)?;
    }
    peer_log::forget_delivery(tx, row.id.0)?;
    comment::put(
        tx,
        &CommentRow {
            text: String::new(),
            edited_at: None,
            activity: deleted_by,
            accepted: true,
            deleted: true,
            ..row.clone()
        },
    )
}

/// Tells everybody here who saw a comment that it is gone.
pub(crate) fn tell_erased(
    tx: &mut WriteTx<'_>,
    post: &PostRow,
    row: &CommentRow,
    now: Timestamp,
) -> DbResult<()> {
    withdraw(
        tx,
        SubjectRef::Comment {
            post: post.id,
            comment: row.id,
        },
        now,
    )?;
    tell_viewers(tx, post, now, &Event::CommentsChanged { post: post.id })
}
