//! `post.put`, `.delete`, `.retract`, `.control`: copies of other homes' posts.

use super::{COMING_BACK, INVALID, Incoming, NOT_AUTHORISED, stamp_of};
use crate::author::{put_item, stored};
use crate::media::{Carrier, attach_remote};
use crate::posts::{Written, erase, keep_version, notify_mentioned, take_away, tell_new, tell_viewers};
use crate::visibility::{Homes, Standing, audience_permits};
use crate::wire::{Checked as _, PostControl, PostDelete, PostPut, PostRetract};
use crate::{Social, scope, text};
use hearth_api::feed::Audience;
use hearth_api::{ApiResult, CommentId, Event, HomeId, PersonId, PostId, Timestamp};
use hearth_db::inbox::{InboxRow, InboxState};
use hearth_db::post::PostRow;
use hearth_db::tombstone::{self, Gone, TombstoneRow};
use hearth_db::{ReadTx, WriteTx, comment, friendship, inbox, item_activity, kept, post, reaction};
use hearth_federation::activity::SignedActivity;
use hearth_federation::apply::Verdict;
use sha2::{Digest as _, Sha256};

impl Social {
    pub(super) fn apply_post_put(&self, tx: &mut WriteTx<'_>, incoming: &Incoming<'_>) -> ApiResult<Verdict> {
        let (Some(id), Some(put)) = (incoming.post(), PostPut::checked(incoming.said())) else {
            return Ok(INVALID);
        };
        let before = post::get(tx, id)?;
        // What hangs on an item is found by its id alone, so that of a comment cannot be a post's as well.
        let taken = comment::get(tx, CommentId(id.0))?.is_some();
        if !incoming.is_direct() || taken || before.as_ref().is_some_and(|row| row.author != incoming.actor) {
            return Ok(NOT_AUTHORISED);
        }
        let stamp = stamp_of(incoming);
        let superseded = tombstone::of(tx, id.0)?
            .iter()
            .any(|tomb| tomb.by == incoming.actor && (tomb.state == Gone::Deleted || tomb.hlc >= stamp));
        if superseded || before.as_ref().is_some_and(|row| row.hlc >= stamp && !row.kept) {
            return Ok(Verdict::Duplicate);
        }
        if !self.has_reader(tx, incoming.actor, &incoming.actor_home, put.audience)? {
            // Sent before its author's home knew that nobody here may see it any more.
            return Ok(Verdict::Overtaken);
        }
        if let Err(verdict) = self.learn(tx, incoming)? {
            return Ok(verdict);
        }
        self.observe(tx, incoming)?;
        tombstone::lift(tx, id.0, incoming.actor)?;
        // The homes are connected again: what is given anew takes the place of what was kept, with all that hangs on it.
        let mut unsaid = Vec::new();
        let before = match before {
            Some(row) if row.kept => {
                unsaid = self.taken_back_on(tx, &row)?;
                erase(tx, &row, None, incoming.now)?;
                kept::forget_readers(tx)?;
                None
            }
            other => other,
        };
        self.store_copy(tx, incoming, id, put, before, stamp)?;
        self.say_now(tx, id, &unsaid, incoming.now)?;
        Ok(Verdict::Applied)
    }

    /// The words by which people of this home have taken reactions back on a kept post: its home, which still has the reactions, was not told.
    fn taken_back_on(&self, tx: &ReadTx<'_>, post: &PostRow) -> ApiResult<Vec<SignedActivity>> {
        let mut said = Vec::new();
        for row in reaction::of_post(tx, post.id)? {
            // On a comment that never came to the post's home it would wait there for that.
            let is_known = row.item == post.id.0
                || comment::get(tx, CommentId(row.item))?.is_some_and(|comment| comment.accepted);
            if row.emoji.is_none() && is_known && self.lives_here(tx, row.person)? {
                said.extend(row.activity.map(|id| stored(tx, id)).transpose()?.flatten());
            }
        }
        Ok(said)
    }

    /// Tells a post's home what it was not told while its copy was only kept, and has it take effect here before what comes with the post.
    fn say_now(
        &self,
        tx: &mut WriteTx<'_>,
        id: PostId,
        said: &[SignedActivity],
        now: Timestamp,
    ) -> ApiResult<()> {
        let Some(post) = post::get(tx, id)?.filter(|_| !said.is_empty()) else {
            return Ok(());
        };
        for activity in said {
            scope::tell(tx, std::slice::from_ref(&post.home), activity, None, now)?;
            item_activity::note_unsent(tx, id.0, activity.key())?;
        }
        self.say_again(tx, &post, now)
    }

    pub(super) fn store_copy(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
        id: PostId,
        put: PostPut,
        before: Option<PostRow>,
        stamp: String,
    ) -> ApiResult<()> {
        let now = incoming.now;
        if let Some(old) = before.as_ref().filter(|old| old.version != put.version) {
            keep_version(tx, old)?;
        }
        let (comments_on, control_hlc) = match &before {
            Some(old) if old.control_hlc >= stamp => (old.comments_on, old.control_hlc.clone()),
            _ => (put.comments_on, stamp.clone()),
        };
        let row = PostRow {
            id,
            author: incoming.actor,
            home: incoming.actor_home.clone(),
            audience: put.audience,
            text: put.text,
            created_at: put.created_at.min(now),
            edited_at: put.edited_at.map(|at| at.min(now)),
            version: put.version,
            comments_on,
            hlc: stamp,
            control_hlc,
            activity: Some(incoming.signed.key()),
            kept: false,
        };
        post::put(tx, &row)?;
        let own = self.is_own(&incoming.actor_home).then_some(incoming.actor);
        attach_remote(tx, Carrier::Post(id), &put.media, incoming.files, own, now)?;
        self.media.note_arrival(put.media.len());
        let mentioned = text::store_mentions(tx, id.0, id, &put.mentions)?;
        put_item(tx, &[], incoming.signed, id.0, false, now)?;
        let Some(old) = before else {
            self.say_again(tx, &row, now)?;
            return tell_new(self, tx, &row, &mentioned, now);
        };
        tell_viewers(tx, &old, now, &Event::PostChanged { post: id })?;
        if old.audience != row.audience {
            tell_viewers(
                tx,
                &row,
                now,
                &Event::PostAdded {
                    post: id,
                    author: row.author,
                },
            )?;
        }
        notify_mentioned(self, tx, &row, Written::post(&row), &mentioned, now)
    }

    /// What people of this home said about an earlier copy of a post and is still on its way to its home: it has its effect here
    /// as soon as what it belongs to has come.
    fn say_again(&self, tx: &mut WriteTx<'_>, post: &PostRow, now: Timestamp) -> ApiResult<()> {
        for id in item_activity::of(tx, post.id.0)? {
            let Some(said) = stored(tx, id)? else { continue };
            let kind = &said.activity().kind;
            if !COMING_BACK.contains(&kind.as_str()) || !self.is_own(&HomeId::from(&said.activity().home)) {
                continue;
            }
            let row = InboxRow {
                home: post.home.clone(),
                digest: Sha256::digest(said.jws().as_bytes()).into(),
                activity: Some(said.activity().id),
                kind: kind.clone(),
                jws: said.jws().to_owned(),
                state: InboxState::Ready,
                waits_on: None,
                code: None,
                at: now,
            };
            inbox::put(tx, &row)?;
        }
        Ok(())
    }

    /// Whether anybody of this home may see a post of a remote author.
    pub(crate) fn has_reader(
        &self,
        tx: &ReadTx<'_>,
        author: PersonId,
        home: &HomeId,
        audience: Audience,
    ) -> ApiResult<bool> {
        let homes = Homes::load(tx, &self.home)?;
        let connected = homes.in_reach(&self.home, home);
        let friends: Vec<PersonId> = friendship::with_homes(tx, author)?
            .into_iter()
            .filter(|(_, home)| self.is_own(home))
            .map(|(friend, _)| friend)
            .collect();
        let covered = friends
            .iter()
            .any(|friend| homes.covers((&self.home, *friend), (home, author)));
        Ok(audience_permits(
            Standing {
                owner: false,
                same_home: false,
                friend: if connected { !friends.is_empty() } else { covered },
                connected,
                covered,
            },
            audience,
        ))
    }

    pub(super) fn apply_post_delete(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
    ) -> ApiResult<Verdict> {
        let (Some(id), Some(_)) = (incoming.post(), PostDelete::checked(incoming.said())) else {
            return Ok(INVALID);
        };
        let before = post::get(tx, id)?;
        if !incoming.is_direct() || before.as_ref().is_some_and(|row| row.author != incoming.actor) {
            return Ok(NOT_AUTHORISED);
        }
        if before.is_none() && Self::is_deleted(tx, id.0, &[incoming.actor])? {
            return Ok(Verdict::Duplicate);
        }
        if let Err(verdict) = self.learn(tx, incoming)? {
            return Ok(verdict);
        }
        let hlc = self.observe(tx, incoming)?;
        let tomb = TombstoneRow {
            item: id.0,
            by: incoming.actor,
            state: Gone::Deleted,
            hlc,
        };
        match before {
            Some(row) => {
                tombstone::set(tx, &tomb, incoming.now)?;
                erase(tx, &row, None, incoming.now)?;
            }
            None => tombstone::set_unknown(tx, &tomb, incoming.from, incoming.now)?,
        }
        Ok(Verdict::Applied)
    }

    pub(super) fn apply_post_retract(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
    ) -> ApiResult<Verdict> {
        let Some(retract) = PostRetract::checked(incoming.said()) else {
            return Ok(INVALID);
        };
        if !incoming.is_direct() {
            return Ok(NOT_AUTHORISED);
        }
        if let Err(verdict) = self.learn(tx, incoming)? {
            return Ok(verdict);
        }
        let hlc = self.observe(tx, incoming)?;
        let mut changed = false;
        for id in retract.posts {
            let row = post::get(tx, id)?;
            if row
                .as_ref()
                .is_some_and(|row| row.author != incoming.actor || row.hlc > hlc)
            {
                continue;
            }
            let known = tombstone::of(tx, id.0)?
                .iter()
                .any(|tomb| tomb.by == incoming.actor && (tomb.state == Gone::Deleted || tomb.hlc >= hlc));
            if row.is_none() && known {
                continue;
            }
            let tomb = TombstoneRow {
                item: id.0,
                by: incoming.actor,
                state: Gone::Retracted,
                hlc: hlc.clone(),
            };
            match row {
                Some(row) => {
                    tombstone::set(tx, &tomb, incoming.now)?;
                    take_away(tx, &row, incoming.now)?;
                }
                None => tombstone::set_unknown(tx, &tomb, incoming.from, incoming.now)?,
            }
            changed = true;
        }
        Ok(if changed {
            Verdict::Applied
        } else {
            Verdict::Duplicate
        })
    }

    pub(super) fn apply_post_control(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
    ) -> ApiResult<Verdict> {
        let Some(control) = PostControl::checked(incoming.said()) else {
            return Ok(INVALID);
        };
        let mut row = match self.post_of(tx, incoming)? {
            Ok(row) => row,
            Err(verdict) => return Ok(verdict),
        };
        if row.author != incoming.actor {
            return Ok(NOT_AUTHORISED);
        }
        if row.control_hlc >= stamp_of(incoming) {
            return Ok(Verdict::Duplicate);
        }
        row.control_hlc = self.observe(tx, incoming)?;
        row.comments_on = control.comments_on;
        post::put(tx, &row)?;
        tell_viewers(tx, &row, incoming.now, &Event::PostChanged { post: row.id })?;
        Ok(Verdict::Applied)
    }
}
