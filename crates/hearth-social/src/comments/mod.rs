//! Comments (COM-1 to COM-3).
//!
//! The post's home checks every comment, edit and deletion and relays it, as its author signed it, to all homes that hold the post.
//! A comment from here on another home's post is shown to its author at once, and to others when that home has taken it.
//!
//! Not here: what other homes send (`apply`).

mod create;
mod edit;
mod erase;
mod list;
#[cfg(test)]
mod tests;

pub(crate) use create::{place_reply, tell_comment};
pub(crate) use edit::keep_version;
pub(crate) use erase::{leave_placeholder, tell_erased};

use crate::Social;
use crate::author::{holders, put_item};
use crate::media::{Carrier, media_of};
use crate::posts::{tell_viewers, wire_mentions};
use crate::wire::{CommentPut, kind};
use hearth_api::feed::DeliveryState;
use hearth_api::{ApiResult, CommentId, Event, HomeId, Timestamp};
use hearth_db::comment::CommentRow;
use hearth_db::home::HomeRowState;
use hearth_db::post::PostRow;
use hearth_db::{ReadTx, WriteTx, comment, home, peer_log, post};
use uuid::Uuid;

impl Social {
    /// The homes to tell of what a person of this home does with a post: those that hold it, or its home. Of what is kept of a removed
    /// home nobody is told.
    pub(crate) fn homes_to_tell(&self, tx: &ReadTx<'_>, post: &PostRow) -> ApiResult<Vec<HomeId>> {
        let removed = || {
            Ok::<_, hearth_api::ApiError>(
                home::get(tx, &post.home)?.is_none_or(|home| home.state == HomeRowState::Removed),
            )
        };
        Ok(if self.is_own(&post.home) {
            holders(tx, post.id)?
        } else if post.kept && removed()? {
            Vec::new()
        } else {
            vec![post.home.clone()]
        })
    }

    /// Signs a comment of this home as it is stored, and sends it off.
    pub(crate) fn send_comment(
        &self,
        tx: &mut WriteTx<'_>,
        post: &PostRow,
        row: &mut CommentRow,
        now: Timestamp,
    ) -> ApiResult<()> {
        let object = CommentPut {
            id: row.id,
            parent: row.parent,
            text: row.text.clone(),
            created_at: row.created_at,
            edited_at: row.edited_at,
            version: row.version,
            media: media_of(tx, Carrier::Comment(row.id))?,
            mentions: wire_mentions(tx, row.id.0)?,
        };
        let activity = self.sign(tx, row.author, kind::COMMENT_PUT, Some(post.id), &object, now)?;
        let homes = self.homes_to_tell(tx, post)?;
        put_item(tx, &homes, &activity, row.id.0, !self.is_own(&post.home), now)?;
        row.hlc = activity.activity().at.to_string();
        row.activity = Some(activity.key());
        Ok(comment::put(tx, row)?)
    }
}

/// Takes note that a post's home has a comment from here, as its last `activity` put it: whatever it answered before, it has taken it.
pub(crate) fn note_taken(
    social: &Social,
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    id: CommentId,
    activity: Uuid,
    now: Timestamp,
) -> ApiResult<()> {
    let state = DeliveryState::Delivered;
    match peer_log::settle_later(tx, home, activity, state, None, now)? {
        Some(item) if item == id.0 => note_settled(social, tx, home, id, state, now),
        _ => Ok(()),
    }
}

/// Takes note of the answer of a post's home about a comment from here.
pub(crate) fn note_settled(
    social: &Social,
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    id: CommentId,
    state: DeliveryState,
    now: Timestamp,
) -> ApiResult<()> {
    let Some(row) = comment::get(tx, id)? else {
        return Ok(());
    };
    let Some(post) = post::get(tx, row.post)? else {
        return Ok(());
    };
    if post.home != *home || !social.lives_here(tx, row.author)? {
        return Ok(());
    }
    match state {
        DeliveryState::Delivered if comment::accept(tx, id)? => {
            social.send_reactions(tx, &post, id, now)?;
            tell_comment(social, tx, &post, &row, now)?;
        }
        DeliveryState::Refused => {
            hearth_db::event::append(
                tx,
                Some(row.author),
                now,
                &Event::CommentsChanged { post: post.id },
            )?;
        }
        _ => tell_viewers(tx, &post, now, &Event::CommentsChanged { post: post.id })?,
    }
    Ok(())
}
