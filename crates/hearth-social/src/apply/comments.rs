//! `comment.put` and `.delete`: on posts of this home, which checks and relays them, and on copies, whose home did.

use super::{ID_NOT_YOURS, INVALID, Incoming, NOT_AUTHORISED, stamp_of};
use crate::author::put_item;
use crate::authz::{Action, Roles};
use crate::comments::{keep_version, leave_placeholder, note_taken, place_reply, tell_comment, tell_erased};
use crate::media::{Carrier, attach_remote};
use crate::posts::{Written, notify_mentioned, tell_viewers};
use crate::wire::{Checked as _, CommentDelete, CommentPut, kind};
use crate::{Social, scope, text};
use hearth_api::{ApiResult, Code, CommentId, Event, PostId, Timestamp};
use hearth_db::comment::CommentRow;
use hearth_db::post::PostRow;
use hearth_db::tombstone::{self, Gone, TombstoneRow};
use hearth_db::{ReadTx, WriteTx, comment, peer_log, post};
use hearth_federation::apply::Verdict;
use hearth_federation::bound::Bound;

/// For how long a comment that comes with another home's post is worth a notification.
const NEWS_DAYS: i64 = 7;

impl Social {
    pub(super) fn apply_comment_put(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
    ) -> ApiResult<Verdict> {
        let Some(put) = CommentPut::checked(incoming.said()) else {
            return Ok(INVALID);
        };
        let post = match self.post_of(tx, incoming)? {
            Ok(post) => post,
            Err(verdict) => return Ok(verdict),
        };
        let before = comment::get(tx, put.id)?;
        if let Err(verdict) = self.may_put(tx, incoming, &post, put.id, before.as_ref())? {
            return Ok(verdict);
        }
        let stamp = stamp_of(incoming);
        let deleted = Self::is_deleted(tx, put.id.0, &[incoming.actor, post.author])?;
        let newer = |row: &CommentRow| row.hlc >= stamp || row.deleted && row.author == incoming.actor;
        if before.as_ref().is_some_and(newer) {
            self.say_deletion_again(tx, incoming, &post, &put)?;
            if self.is_own(&incoming.actor_home) && *incoming.files == post.home {
                // It comes from the post's home, which has taken it.
                note_taken(self, tx, &post.home, put.id, incoming.signed.key(), incoming.now)?;
            }
            return Ok(Verdict::Duplicate);
        }
        let parent = match parent_of(tx, put.parent, &post)? {
            Ok(parent) => parent,
            Err(verdict) => return Ok(verdict),
        };
        if let Err(verdict) = self.learn(tx, incoming)? {
            return Ok(verdict);
        }
        self.observe(tx, incoming)?;
        let (parent, depth) = place_reply(parent.as_ref());
        // One's own that has come back before the post's home has taken it is shown to its author only, as before.
        let pending = self.is_own(&incoming.actor_home)
            && peer_log::waits_still(tx, &post.home, incoming.signed.key(), put.id.0, incoming.now)?;
        let row = CommentRow {
            id: put.id,
            post: post.id,
            parent: before.as_ref().map_or(parent, |row| row.parent),
            depth: before.as_ref().map_or(depth, |row| row.depth),
            author: incoming.actor,
            text: if deleted { String::new() } else { put.text.clone() },
            created_at: put.created_at.min(incoming.now),
            edited_at: put.edited_at.map(|at| at.min(incoming.now)).filter(|_| !deleted),
            version: put.version,
            hlc: stamp,
            // Of a deleted one, what said so stands for it.
            activity: if deleted {
                before.as_ref().and_then(|row| row.activity)
            } else {
                Some(incoming.signed.key())
            },
            accepted: !pending || deleted,
            deleted,
        };
        if deleted {
            // The text is not kept anywhere.
            comment::put(tx, &row)?;
            self.say_deletion_again(tx, incoming, &post, &put)?;
            return Ok(Verdict::Duplicate);
        }
        self.store_comment(tx, incoming, &post, before, &row, &put)?;
        Ok(Verdict::Applied)
    }

    /// A comment that somebody here deleted comes back from another home's post: that home has not heard of it, as when the connection
    /// ended before it was told.
    fn say_deletion_again(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
        post: &PostRow,
        put: &CommentPut,
    ) -> ApiResult<()> {
        let is_ours = self.is_own(&incoming.actor_home) && !self.is_own(&post.home);
        if !is_ours || !Self::is_deleted(tx, put.id.0, &[incoming.actor])? {
            return Ok(());
        }
        let object = CommentDelete {
            id: put.id,
            parent: put.parent,
            created_at: put.created_at,
            author: None,
        };
        let deletion = self.sign(
            tx,
            incoming.actor,
            kind::COMMENT_DELETE,
            Some(post.id),
            &object,
            incoming.now,
        )?;
        let to = std::slice::from_ref(&post.home);
        Ok(scope::tell(tx, to, &deletion, None, incoming.now)?)
    }

    /// Whether the author may write or change this comment (COM-1, COM-2).
    fn may_put(
        &self,
        tx: &ReadTx<'_>,
        incoming: &Incoming<'_>,
        post: &PostRow,
        item: CommentId,
        before: Option<&CommentRow>,
    ) -> ApiResult<Result<(), Verdict>> {
        if let Some(row) = before {
            // The author of a placeholder that came before its comment is whoever deleted it.
            let own = row.author == incoming.actor || row.deleted && row.author == post.author;
            let roles = Roles {
                author: own && row.post == post.id,
                ..Roles::default()
            };
            return Ok(roles.check_remote(Action::EditComment).map_err(Verdict::Refused));
        }
        // What hangs on an item is found by its id alone, so that of a post cannot be a comment's as well.
        if post::get(tx, PostId(item.0))?.is_some() {
            return Ok(Err(NOT_AUTHORISED));
        }
        if !self.is_own(&post.home) {
            return Ok(Ok(()));
        }
        let roles = self.roles_at(tx, incoming, post)?;
        if let Err(code) = roles.check_remote(Action::Comment) {
            return Ok(Err(Verdict::Refused(code)));
        }
        // What was taken while comments were on stays.
        Ok(if post.comments_on || incoming.was_taken {
            Ok(())
        } else {
            Err(Verdict::Refused(Code::CommentsOff))
        })
    }

    /// Whether the author of an activity could have commented on a post of this home.
    fn may_comment(&self, tx: &ReadTx<'_>, incoming: &Incoming<'_>, post: &PostRow) -> ApiResult<bool> {
        let roles = self.roles_at(tx, incoming, post)?;
        Ok(roles.check_remote(Action::Comment).is_ok())
    }

    fn store_comment(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
        post: &PostRow,
        before: Option<CommentRow>,
        row: &CommentRow,
        put: &CommentPut,
    ) -> ApiResult<()> {
        let now = incoming.now;
        if let Some(old) = before.as_ref().filter(|old| old.version != row.version) {
            keep_version(tx, post, old)?;
        }
        comment::put(tx, row)?;
        let own = self.is_own(&incoming.actor_home).then_some(incoming.actor);
        attach_remote(tx, Carrier::Comment(row.id), &put.media, incoming.files, own, now)?;
        self.media.note_arrival(put.media.len());
        let mentioned = text::store_mentions(tx, row.id.0, post.id, &put.mentions)?;
        let homes = self.relays(tx, incoming, post)?;
        put_item(tx, &homes, incoming.signed, row.id.0, false, now)?;
        if before.as_ref().is_some_and(|old| !old.accepted) && row.accepted {
            self.send_reactions(tx, post, row.id, now)?;
        }
        let news = self.is_own(&post.home) || row.created_at >= now.plus_days(-NEWS_DAYS);
        if before.is_none() && news && row.accepted {
            return tell_comment(self, tx, post, row, now);
        }
        tell_viewers(tx, post, now, &Event::CommentsChanged { post: post.id })?;
        notify_mentioned(self, tx, post, Written::comment(row), &mentioned, now)
    }

    pub(super) fn apply_comment_delete(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
    ) -> ApiResult<Verdict> {
        let Some(delete) = CommentDelete::checked(incoming.said()) else {
            return Ok(INVALID);
        };
        let post = match self.post_of(tx, incoming)? {
            Ok(post) => post,
            Err(verdict) => return Ok(verdict),
        };
        let before = comment::get(tx, delete.id)?;
        match &before {
            Some(row) if row.post != post.id => return Ok(INVALID),
            Some(row) => {
                let roles = Roles {
                    author: row.author == incoming.actor,
                    post_author: post.author == incoming.actor,
                    ..Roles::default()
                };
                if let Err(code) = roles.check_remote(Action::DeleteComment) {
                    return Ok(Verdict::Refused(code));
                }
                if row.deleted {
                    return Ok(Verdict::Duplicate);
                }
            }
            None if !may_take_place(incoming, &post, &delete) => return Ok(ID_NOT_YOURS),
            None if post::get(tx, PostId(delete.id.0))?.is_some() => return Ok(NOT_AUTHORISED),
            None if self.is_own(&post.home) && !self.may_comment(tx, incoming, &post)? => {
                // It was deleted before it left its author's home, by somebody who may not comment here any more.
                if Self::is_deleted(tx, delete.id.0, &[incoming.actor])? {
                    return Ok(Verdict::Duplicate);
                }
                if let Err(verdict) = self.learn(tx, incoming)? {
                    return Ok(verdict);
                }
                let hlc = self.observe(tx, incoming)?;
                let tomb = TombstoneRow {
                    item: delete.id.0,
                    by: incoming.actor,
                    state: Gone::Deleted,
                    hlc,
                };
                tombstone::set_unknown(tx, &tomb, incoming.from, incoming.now)?;
                return Ok(Verdict::Applied);
            }
            // Deleted before it left its author's home: replies to it, which come after it, still need its place.
            None => {}
        }
        let parent = match parent_of(tx, delete.parent.filter(|_| before.is_none()), &post)? {
            Ok(parent) => parent,
            Err(verdict) => return Ok(verdict),
        };
        if let Err(verdict) = self.learn(tx, incoming)? {
            return Ok(verdict);
        }
        let hlc = self.observe(tx, incoming)?;
        let tomb = TombstoneRow {
            item: delete.id.0,
            by: incoming.actor,
            state: Gone::Deleted,
            hlc,
        };
        tombstone::set(tx, &tomb, incoming.now)?;
        let homes = self.relays(tx, incoming, &post)?;
        scope::tell(tx, &homes, incoming.signed, None, incoming.now)?;
        let row = match before {
            Some(row) => row,
            None => {
                let (parent, depth) = place_reply(parent.as_ref());
                let row = unseen(incoming, &post, &delete, parent, depth);
                comment::put(tx, &row)?;
                row
            }
        };
        leave_placeholder(tx, &row, Some(incoming.signed.key()))?;
        tell_erased(tx, &post, &row, incoming.now)?;
        Ok(Verdict::Applied)
    }
}

/// The comment that a reply belongs to.
fn parent_of(
    tx: &ReadTx<'_>,
    parent: Option<CommentId>,
    post: &PostRow,
) -> ApiResult<Result<Option<CommentRow>, Verdict>> {
    let Some(id) = parent else { return Ok(Ok(None)) };
    Ok(match comment::get(tx, id)? {
        None => Err(Verdict::Waiting { on: id.0 }),
        Some(row) if row.post != post.id => Err(INVALID),
        Some(row) => Ok(Some(row)),
    })
}

/// Whether a comment that never came can be what its deletion says: the actor's own, or on the actor's post that of whom it names.
fn may_take_place(incoming: &Incoming<'_>, post: &PostRow, delete: &CommentDelete) -> bool {
    let author = delete.author.unwrap_or(incoming.actor);
    let bound = Bound::Comment {
        author: author.0,
        post: post.id.0,
    };
    bound.may_be(delete.id.0) && (author == incoming.actor || post.author == incoming.actor)
}

/// What stands for a comment that was deleted before it came.
fn unseen(
    incoming: &Incoming<'_>,
    post: &PostRow,
    delete: &CommentDelete,
    parent: Option<CommentId>,
    depth: u8,
) -> CommentRow {
    CommentRow {
        id: delete.id,
        post: post.id,
        parent,
        depth,
        author: incoming.actor,
        text: String::new(),
        created_at: delete.created_at.clamp(Timestamp(0), incoming.now),
        edited_at: None,
        version: 1,
        hlc: String::new(),
        activity: None,
        accepted: true,
        deleted: true,
    }
}
