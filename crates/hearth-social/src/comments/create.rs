//! Writing a comment.

use crate::authz::Action;
use crate::media::{Carrier, attach};
use crate::notifications::{Notice, SubjectRef, raise};
use crate::posts::{Written, is_news, notify_mentioned, tell_viewers};
use crate::{Social, Viewer, text};
use hearth_api::feed::{Comment, CreateComment, MAX_DEPTH, Target};
use hearth_api::notify::NotificationType;
use hearth_api::{ApiError, ApiResult, Code, CommentId, Event, PersonId, Timestamp};
use hearth_db::comment::CommentRow;
use hearth_db::post::PostRow;
use hearth_db::{WriteTx, comment, tombstone};

/// Where a reply to `parent` goes: its parent and level. Replies below the deepest level join it.
pub(crate) fn place_reply(parent: Option<&CommentRow>) -> (Option<CommentId>, u8) {
    let Some(parent) = parent else { return (None, 1) };
    if parent.depth < MAX_DEPTH {
        return (Some(parent.id), parent.depth.saturating_add(1));
    }
    (parent.parent, parent.depth)
}

/// Tells everybody here who may see a comment, once it is accepted, and notifies those whom it answers.
pub(crate) fn tell_comment(
    social: &Social,
    tx: &mut WriteTx<'_>,
    post: &PostRow,
    row: &CommentRow,
    now: Timestamp,
) -> ApiResult<()> {
    tell_viewers(tx, post, now, &Event::CommentsChanged { post: post.id })?;
    let subject = SubjectRef::Comment {
        post: post.id,
        comment: row.id,
    };
    let parent = match row.parent {
        Some(parent) => comment::get(tx, parent)?
            .filter(|parent| !parent.deleted)
            .map(|parent| parent.author),
        None => None,
    };
    let mentioned = hearth_db::mention::of(tx, &[row.id.0])?
        .into_iter()
        .filter(|mention| !mention.removed)
        .map(|mention| mention.person)
        .collect();
    notify_mentioned(social, tx, post, Written::comment(row), &mentioned, now)?;
    let mut tell = |to: PersonId, kind| {
        if !is_news(social, tx, post, to, row.created_at)? {
            return Ok(());
        }
        raise(
            tx,
            &Notice {
                to,
                kind,
                actor: Some(row.author),
                subject,
                at: now,
            },
        )
    };
    if let Some(parent) = parent {
        tell(parent, NotificationType::Reply)?;
    }
    if parent != Some(post.author) {
        tell(post.author, NotificationType::Comment)?;
    }
    Ok(())
}

impl Social {
    /// Writes a comment.
    ///
    /// # Errors
    /// `not_found`, `comments_off`, `empty_comment`, `text_too_long`, `too_many_media`, `invalid_mentions`.
    pub async fn create_comment(&self, viewer: &Viewer, req: CreateComment) -> ApiResult<Comment> {
        text::check(&req.text, !req.media.is_empty(), Code::EmptyComment)?;
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let id = match tombstone::operation(tx, viewer, req.op)? {
                    Some(made) => CommentId(made),
                    None => social.comment(tx, viewer, &req)?,
                };
                social.shown_comment(tx, viewer, id)
            })
            .await
    }

    fn comment(&self, tx: &mut WriteTx<'_>, author: PersonId, req: &CreateComment) -> ApiResult<CommentId> {
        let seen = self.visible(tx, author, Target::Post(req.post))?;
        seen.roles.check(Action::Comment)?;
        let post = seen.post;
        if !post.comments_on {
            return Err(ApiError::new(
                Code::CommentsOff,
                "Comments on this post are switched off.",
            ));
        }
        let parent = match req.parent {
            Some(parent) => Some(
                comment::get(tx, parent)?
                    .filter(|row| {
                        row.post == post.id && !row.deleted && (row.accepted || row.author == author)
                    })
                    .ok_or_else(ApiError::not_found)?,
            ),
            None => None,
        };
        let (parent, depth) = place_reply(parent.as_ref());
        let mentions = text::mentions(tx, &req.text, &self.home, |person| {
            text::sees_thread(tx, &self.home, &post, person)
        })?;
        let now = self.now();
        let mut row = CommentRow {
            id: self.new_comment_id(tx, author, post.id)?,
            post: post.id,
            parent,
            depth,
            author,
            text: req.text.clone(),
            created_at: now,
            edited_at: None,
            version: 1,
            hlc: String::new(),
            activity: None,
            accepted: self.is_own(&post.home),
            deleted: false,
        };
        comment::put(tx, &row)?;
        attach(tx, Carrier::Comment(row.id), &req.media, author)?;
        text::store_mentions(tx, row.id.0, post.id, &mentions)?;
        self.send_comment(tx, &post, &mut row, now)?;
        tombstone::prune_operations(tx, now.plus_days(-tombstone::OPERATION_DAYS))?;
        tombstone::put_operation(tx, author, req.op, row.id.0, now)?;
        if row.accepted {
            tell_comment(self, tx, &post, &row, now)?;
        } else {
            // Others are told when the post's home has taken it.
            hearth_db::event::append(tx, Some(author), now, &Event::CommentsChanged { post: post.id })?;
        }
        Ok(row.id)
    }
}
