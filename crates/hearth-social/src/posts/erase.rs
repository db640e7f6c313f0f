//! Deleting posts (POST-12), and erasing copies.

use super::tell_viewers;
use crate::author::{erase_item, holders};
use crate::authz::Action;
use crate::media::{Carrier, detach_all};
use crate::notifications::{SubjectRef, withdraw};
use crate::wire::{PostDelete, kind};
use crate::{Social, Viewer, scope};
use hearth_api::command::Done;
use hearth_api::feed::{DeletePost, Target};
use hearth_api::{ApiResult, Event, PostId, Timestamp};
use hearth_db::post::PostRow;
use hearth_db::tombstone::{self, Gone, TombstoneRow};
use hearth_db::{DbResult, WriteTx, comment, item_activity, peer_log, post, reaction, slot};
use hearth_federation::log;
use uuid::Uuid;

impl Social {
    /// Deletes a post and everything that hangs on it, here and on other homes.
    ///
    /// # Errors
    /// `not_found`, `forbidden`.
    pub async fn delete_post(&self, viewer: &Viewer, req: DeletePost) -> ApiResult<Done> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let seen = social.visible(tx, viewer, Target::Post(req.id))?;
                seen.roles.check(Action::DeletePost)?;
                social.delete(tx, &seen.post)?;
                Ok(Done {})
            })
            .await
    }

    pub(crate) fn delete(&self, tx: &mut WriteTx<'_>, row: &PostRow) -> ApiResult<()> {
        let now = self.now();
        let homes = holders(tx, row.id)?;
        let (hlc, instead) = if homes.is_empty() {
            (log::stamp(tx, &self.parts.node, now)?, None)
        } else {
            let activity = self.sign(
                tx,
                row.author,
                kind::POST_DELETE,
                Some(row.id),
                &PostDelete {},
                now,
            )?;
            scope::tell(tx, &homes, &activity, None, now)?;
            (activity.activity().at, Some(activity.key()))
        };
        let tomb = TombstoneRow {
            item: row.id.0,
            by: row.author,
            state: Gone::Deleted,
            hlc: hlc.to_string(),
        };
        tombstone::set(tx, &tomb, now)?;
        Ok(erase(tx, row, instead, now)?)
    }
}

/// Erases a post with all that hangs on it. If `instead` was said of it, nothing of it that waits is sent any more. Sets no tombstone.
/// What people of this home said about a copy and is still on its way is noted with the post, in case the copy comes back.
pub(crate) fn erase(
    tx: &mut WriteTx<'_>,
    row: &PostRow,
    instead: Option<Uuid>,
    now: Timestamp,
) -> DbResult<()> {
    erase_all(tx, row, instead, now, false)?;
    slot::erase_hanging(tx, row.id.0)
}

/// Erases a copy as [`erase`] does, but for the words by which comments on it were deleted: they say nothing of what was deleted, and that
/// stays so when the copy comes back, also from a home that has lost it.
pub(crate) fn take_away(tx: &mut WriteTx<'_>, row: &PostRow, now: Timestamp) -> DbResult<()> {
    erase_all(tx, row, None, now, true)?;
    slot::erase_hanging_but_deletions(tx, row.id.0)
}

fn erase_all(
    tx: &mut WriteTx<'_>,
    row: &PostRow,
    instead: Option<Uuid>,
    now: Timestamp,
    but_deletions: bool,
) -> DbResult<()> {
    tell_viewers(tx, row, now, &Event::PostRemoved { post: row.id })?;
    let mut said = Vec::new();
    for comment in comment::of_post(tx, row.id)? {
        if but_deletions && comment.deleted {
            continue;
        }
        detach_all(tx, Carrier::Comment(comment.id))?;
        erase_item(tx, comment.id.0, instead)?;
        peer_log::forget_delivery(tx, comment.id.0)?;
        said.extend(comment.activity);
    }
    for activity in reaction::of_post(tx, row.id)?
        .into_iter()
        .filter_map(|reaction| reaction.activity)
    {
        if instead.is_some() {
            peer_log::withdraw_activity(tx, activity)?;
        }
        item_activity::drop_unsent(tx, row.id.0, activity)?;
        said.push(activity);
    }
    if instead.is_some() {
        peer_log::withdraw_slot(tx, &log::control_slot(row.id.0))?;
    }
    detach_all(tx, Carrier::Post(row.id))?;
    erase_item(tx, row.id.0, instead)?;
    for activity in said {
        item_activity::note_unsent(tx, row.id.0, activity)?;
    }
    peer_log::forget_delivery(tx, row.id.0)?;
    withdraw(tx, SubjectRef::Post(row.id), now)?;
    post::delete(tx, row.id)
}

/// Takes a copy away, if it is here; false when it is not.
pub(crate) fn erase_copy(tx: &mut WriteTx<'_>, id: PostId, now: Timestamp) -> DbResult<bool> {
    match post::get(tx, id)? {
        Some(row) => take_away(tx, &row, now).map(|()| true),
        None => Ok(false),
    }
}
