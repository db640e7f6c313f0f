//! Editing a comment (COM-2).

use crate::authz::Action;
use crate::posts::{Written, notify_mentioned, stale, tell_viewers};
use crate::{Social, Viewer, text};
use hearth_api::feed::{Comment, EditComment, Target};
use hearth_api::{ApiResult, Code, Event};
use hearth_db::attachment::{self, Carrier};
use hearth_db::comment::CommentRow;
use hearth_db::post::PostRow;
use hearth_db::version::{self, VersionRow};
use hearth_db::{DbResult, WriteTx, comment};

/// Keeps the present version of a comment as an earlier one.
pub(crate) fn keep_version(tx: &mut WriteTx<'_>, post: &PostRow, old: &CommentRow) -> DbResult<()> {
    version::keep(
        tx,
        &VersionRow {
            item: old.id.0,
            version: old.version,
            post: post.id,
            audience: post.audience,
            text: old.text.clone(),
            at: old.edited_at.unwrap_or(old.created_at),
        },
    )
}

impl Social {
    /// Edits one's own comment.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, `stale_edit`, and as [`Social::create_comment`].
    pub async fn edit_comment(&self, viewer: &Viewer, req: EditComment) -> ApiResult<Comment> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let seen = social.visible(tx, viewer, Target::Comment(req.id))?;
                seen.roles.check(Action::EditComment)?;
                let post = seen.post;
                let Some(old) = seen.comment else {
                    return Err(hearth_api::ApiError::not_found());
                };
                let has_media = !attachment::of(tx, Carrier::Comment(old.id))?.is_empty();
                text::check(&req.text, has_media, Code::EmptyComment)?;
                if old.version != req.version {
                    let place = format!("edit:{}", req.id);
                    social.keep_draft(tx, viewer, &place, &req.text, &[], post.audience)?;
                    return Ok(Err(stale()));
                }
                if old.text != req.text {
                    let mentions = text::mentions(tx, &req.text, &social.home, |person| {
                        text::sees_thread(tx, &social.home, &post, person)
                    })?;
                    let now = social.now();
                    keep_version(tx, &post, &old)?;
                    let mut row = CommentRow {
                        text: req.text.clone(),
                        edited_at: Some(now),
                        version: old.version.saturating_add(1),
                        ..old
                    };
                    comment::put(tx, &row)?;
                    let mentioned = text::store_mentions(tx, row.id.0, post.id, &mentions)?;
                    social.send_comment(tx, &post, &mut row, now)?;
                    tell_viewers(tx, &post, now, &Event::CommentsChanged { post: post.id })?;
                    if row.accepted {
                        notify_mentioned(&social, tx, &post, Written::comment(&row), &mentioned, now)?;
                    }
                }
                social.shown_comment(tx, viewer, req.id).map(Ok)
            })
            .await?
    }
}
