//! After this home, or another, was restored from an older state: taking back what was lost here, and giving what was lost there.
//!
//! What people of this home said comes back as they signed it, and does what it did then, as far as nothing newer is known. Nobody is
//! notified of what was seen before.
//!
//! Not here: finding out what was lost (`hearth-federation`).

use super::{COMING_BACK, ID_NOT_YOURS, INVALID, Incoming, NOT_AUTHORISED, ids, stamp_of};
use crate::author::stored;
use crate::comments::note_taken;
use crate::friends::{Pair, Said};
use crate::scope::tell;
use crate::wire::{Checked as _, FriendWord, PostDelete, PostPut, kind};
use crate::{Social, profile};
use hearth_api::{ApiResult, Code, CommentId, Event, HomeId, PersonId, PostId, Timestamp};
use hearth_db::post::PostRow;
use hearth_db::reconcile::{self, Restored};
use hearth_db::slot::{self, SlotRow};
use hearth_db::tombstone::{self, Gone};
use hearth_db::{DbResult, ReadTx, WriteTx, comment, event, item_activity, person, post};
use hearth_federation::activity::SignedActivity;
use hearth_federation::apply::{Compared, Held, Verdict};
use hearth_federation::keys::Kid;

/// Whether the people here saw what was said then before this home was restored.
pub(super) fn was_seen(tx: &ReadTx<'_>, from: &HomeId, at: Timestamp) -> DbResult<bool> {
    Ok(reconcile::get(tx, from)?
        .is_some_and(|row| row.restored == Restored::Here && row.seen_until.is_some_and(|until| at <= until)))
}

impl Social {
    /// Takes back what was lost here. See [`hearth_federation::apply::Apply::take_back`].
    pub(super) fn take_word_back(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        activity: &SignedActivity,
        now: Timestamp,
    ) -> ApiResult<Verdict> {
        let said = activity.activity();
        let Kid::Person(actor) = *activity.kid() else {
            return Ok(Verdict::Refused(Code::UnsupportedType));
        };
        let actor = PersonId(actor);
        let actor_home = HomeId::from(&said.home);
        if !self.is_own(&actor_home) {
            let may_come = if said.kind.starts_with(kind::FRIEND) {
                actor_home == *from
            } else {
                COMING_BACK.contains(&said.kind.as_str()) || said.kind == kind::MENTION_REMOVE
            };
            return if may_come {
                // What hangs on a post here others have from this home alone; but two homes may say so together of what was never here.
                let was_taken = actor_home != *from && hearth_federation::reconcile::has_lost(tx, from)?;
                self.apply_heard(tx, &actor_home, activity, was_taken, now)
            } else {
                Ok(NOT_AUTHORISED)
            };
        }
        if !self.lives_here(tx, actor)? {
            // The account was made after the state that was restored, or erased: its key is gone.
            return Ok(Verdict::Refused(Code::NotFound));
        }
        if !ids::are_theirs(said) {
            return Ok(ID_NOT_YOURS);
        }
        let post_home = match said.post {
            Some(id) => post::get(tx, PostId(id))?.map(|row| row.home),
            None => None,
        };
        // As it would have come: from the home of the post, or of its author.
        let way = post_home.unwrap_or_else(|| actor_home.clone());
        let incoming = Incoming {
            from: &way,
            files: from,
            signed: activity,
            actor,
            actor_home,
            was_taken: true,
            now,
        };
        tx.set_old_news(true);
        let verdict = self.take_own_back(tx, from, &incoming);
        tx.set_old_news(false);
        verdict
    }

    fn take_own_back(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        incoming: &Incoming<'_>,
    ) -> ApiResult<Verdict> {
        match incoming.said().kind.as_str() {
            kind::POST_PUT => self.take_post_back(tx, from, incoming),
            kind::POST_DELETE | kind::POST_CONTROL => {
                let holders = match incoming.post() {
                    Some(id) => compared_holders(tx, id, from)?,
                    None => Vec::new(),
                };
                let verdict = if incoming.said().kind == kind::POST_DELETE {
                    self.apply_post_delete(tx, incoming)?
                } else {
                    self.apply_post_control(tx, incoming)?
                };
                if verdict == Verdict::Applied {
                    tell(tx, &holders, incoming.signed, None, incoming.now)?;
                }
                Ok(verdict)
            }
            kind::POST_RETRACT => self.take_retraction_back(tx, from, incoming),
            kind::COMMENT_PUT => self.apply_comment_put(tx, incoming),
            kind::COMMENT_DELETE => self.apply_comment_delete(tx, incoming),
            kind::REACT_SET => self.apply_react(tx, incoming),
            kind::MENTION_REMOVE => self.apply_mention_remove(tx, incoming),
            kind::PERSON_UPDATE => profile::take_back(self, tx, from, incoming.signed, incoming.now),
            kind::PERSON_DELETE => self.take_deletion_back(tx, incoming),
            other => match other.strip_prefix(kind::FRIEND).map(str::parse) {
                Some(Ok(word)) => self.take_friend_word_back(tx, incoming, word),
                _ => Ok(Verdict::Refused(Code::UnsupportedType)),
            },
        }
    }

    fn take_post_back(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        incoming: &Incoming<'_>,
    ) -> ApiResult<Verdict> {
        let (Some(id), Some(put)) = (incoming.post(), PostPut::checked(incoming.said())) else {
            return Ok(INVALID);
        };
        let before = post::get(tx, id)?;
        if before.as_ref().is_some_and(|row| row.author != incoming.actor) {
            return Ok(NOT_AUTHORISED);
        }
        let stamp = stamp_of(incoming);
        if Self::is_deleted(tx, id.0, &[incoming.actor])? {
            return Ok(Verdict::Duplicate);
        }
        if let Some(row) = before.as_ref().filter(|row| row.hlc >= stamp) {
            self.note_older_held(tx, row.clone(), from, incoming)?;
            return Ok(Verdict::Duplicate);
        }
        self.observe(tx, incoming)?;
        let allowed = self.homes_of(tx, incoming.actor, put.audience)?;
        self.store_copy(tx, incoming, id, put, before, stamp)?;
        item_activity::note_held(tx, id.0, from, incoming.signed.key(), incoming.now)?;
        if self.was_taken_back(tx, id, incoming)? {
            return Ok(Verdict::Applied);
        }
        for home in compared_holders(tx, id, from)? {
            if !allowed.contains(&home) {
                self.retract(tx, incoming.actor, &[id], &home, incoming.now)?;
            }
        }
        let others = compared_of(tx, allowed, from)?;
        let mut new = Vec::new();
        for home in &others {
            if !item_activity::holds(tx, id.0, home)? {
                new.push(home.clone());
            }
        }
        tell(tx, &others, incoming.signed, Some(id.0), incoming.now)?;
        if let Some(row) = post::get(tx, id)?.filter(|_| !new.is_empty()) {
            self.deliver_hanging(tx, &row, &new, incoming.now)?;
        }
        Ok(Verdict::Applied)
    }

    /// A home holds an older state of a post of which nothing was told from here by all that is known: it gets the present one, or that is
    /// taken back.
    fn note_older_held(
        &self,
        tx: &mut WriteTx<'_>,
        mut row: PostRow,
        held_by: &HomeId,
        incoming: &Incoming<'_>,
    ) -> ApiResult<()> {
        if slot::get(tx, row.id.0)?.is_some() {
            // What was told is compared.
            return Ok(());
        }
        item_activity::note_held(tx, row.id.0, held_by, incoming.signed.key(), incoming.now)?;
        if self.homes_of(tx, row.author, row.audience)?.contains(held_by) {
            self.deliver(tx, &mut row, std::slice::from_ref(held_by), incoming.now)
        } else {
            self.retract(tx, row.author, &[row.id], held_by, incoming.now)
        }
    }

    fn take_friend_word_back(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
        word: hearth_db::friendship::Word,
    ) -> ApiResult<Verdict> {
        let Some(said) = FriendWord::checked(incoming.said()) else {
            return Ok(INVALID);
        };
        let Some(other) = person::get(tx, said.person)? else {
            return Ok(Verdict::Waiting { on: said.person.0 });
        };
        if self.is_own(&other.home) || other.deleted_at.is_some() {
            return Ok(Verdict::Duplicate);
        }
        let hlc = self.observe(tx, incoming)?;
        let said_at = i64::try_from(incoming.said().at.unix_ms()).unwrap_or(i64::MAX);
        let pair = Pair {
            speaker: incoming.actor,
            speaker_home: self.home.clone(),
            other: other.id,
            other_home: other.home,
        };
        let said = Said {
            word,
            note: said.note,
            at: Timestamp(said_at).min(incoming.now),
            hlc,
        };
        let changed = self.hear(tx, &pair, &said, incoming.now)?;
        Ok(if changed {
            Verdict::Applied
        } else {
            Verdict::Duplicate
        })
    }

    /// A person whose account was erased after the state that was restored stays erased.
    fn take_deletion_back(&self, tx: &mut WriteTx<'_>, incoming: &Incoming<'_>) -> ApiResult<Verdict> {
        self.observe(tx, incoming)?;
        self.erase_account_of(tx, incoming.actor, incoming.now)?;
        Ok(Verdict::Applied)
    }

    /// Gives what another home lacks, and takes back what it may not have. See [`hearth_federation::apply::Apply::compared`].
    pub(super) fn give_lost(
        &self,
        tx: &mut WriteTx<'_>,
        with: &HomeId,
        things: &[Compared],
        now: Timestamp,
    ) -> ApiResult<()> {
        for thing in things {
            let (own, theirs) = (&thing.own, thing.theirs.as_ref());
            match own.kind.as_str() {
                kind::POST_PUT | kind::POST_RETRACT if own.home == self.home.as_str() => {
                    self.give_post(tx, with, own, theirs, now)?;
                }
                kind::POST_PUT | kind::POST_RETRACT => {}
                kind::POST_DELETE | kind::PERSON_DELETE => {
                    if own.home == self.home.as_str()
                        && theirs.is_some_and(|theirs| theirs.kind != own.kind)
                        && let Some(activity) = stored(tx, own.activity)?
                    {
                        tell(tx, std::slice::from_ref(with), &activity, None, now)?;
                    }
                }
                kind::PERSON_UPDATE if own.home == self.home.as_str() && is_older(theirs, own) => {
                    hearth_db::profile::forget_told_of(tx, PersonId(own.id), with)?;
                }
                _ if is_older(theirs, own) => self.give_word(tx, with, own, now)?,
                kind::COMMENT_PUT
                    if own.home == self.home.as_str()
                        && theirs.is_some_and(|theirs| is_same(theirs, own)) =>
                {
                    self.note_held_there(tx, with, own, now)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn give_post(
        &self,
        tx: &mut WriteTx<'_>,
        with: &HomeId,
        own: &SlotRow,
        theirs: Option<&Held>,
        now: Timestamp,
    ) -> ApiResult<()> {
        let id = PostId(own.id);
        let holds = theirs.is_some_and(|theirs| theirs.kind == kind::POST_PUT);
        let Some(mut row) = post::get(tx, id)? else {
            // Deleted while nobody else was known to hold it.
            let tombs = tombstone::of(tx, own.id)?;
            if let Some(tomb) = tombs
                .iter()
                .find(|tomb| tomb.state == Gone::Deleted)
                .filter(|_| holds)
                && self.lives_here(tx, tomb.by)?
            {
                let activity = self.sign(tx, tomb.by, kind::POST_DELETE, Some(id), &PostDelete {}, now)?;
                tell(tx, std::slice::from_ref(with), &activity, None, now)?;
            }
            return Ok(());
        };
        if !self.is_own(&row.home) {
            return Ok(());
        }
        let allowed = self.homes_of(tx, row.author, row.audience)?.contains(with);
        match (holds, allowed) {
            (true, false) => self.retract(tx, row.author, &[id], with, now),
            (false, false) => {
                Self::note_not_held(tx, &row, with, now)?;
                // What its people said of the post comes back to it, and would wait there for a post that does not come.
                if theirs.is_none() && hearth_db::slot::hangs_by(tx, own.id, with)? {
                    self.retract(tx, row.author, &[id], with, now)?;
                }
                Ok(())
            }
            // It was taken back from another home; who sees it now was said by a newer word.
            (_, true) if own.kind == kind::POST_RETRACT => Ok(()),
            // Nobody elsewhere was told of its last change: it must be said as it is now.
            (_, true) if row.hlc > own.hlc => self.deliver(tx, &mut row, std::slice::from_ref(with), now),
            (true, true) if !is_older(theirs, own) => {
                if !item_activity::holds(tx, id.0, with)? {
                    item_activity::note_held(tx, id.0, with, own.activity, now)?;
                    let changed = Event::DeliveryChanged { post: id };
                    event::append(tx, Some(row.author), now, &changed)?;
                }
                Ok(())
            }
            // It was taken back from there after this was said: it must be said anew.
            (false, true) if theirs.is_some_and(|theirs| theirs.hlc >= own.hlc) => {
                item_activity::not_held(tx, id.0, with)?;
                self.deliver(tx, &mut row, std::slice::from_ref(with), now)
            }
            (_, true) => {
                if let Some(activity) = stored(tx, own.activity)? {
                    tell(tx, std::slice::from_ref(with), &activity, Some(id.0), now)?;
                }
                Ok(())
            }
        }
    }

    /// A home has nothing of a post that it had by what is known here: it was taken back, and that was lost.
    fn note_not_held(tx: &mut WriteTx<'_>, row: &PostRow, home: &HomeId, now: Timestamp) -> ApiResult<()> {
        if item_activity::holds(tx, row.id.0, home)? {
            item_activity::not_held(tx, row.id.0, home)?;
            event::append(
                tx,
                Some(row.author),
                now,
                &Event::DeliveryChanged { post: row.id },
            )?;
        }
        Ok(())
    }

    /// A comment of somebody here is held as it is here: when it is the post's home that holds it, that has taken it.
    fn note_held_there(
        &self,
        tx: &mut WriteTx<'_>,
        with: &HomeId,
        own: &SlotRow,
        now: Timestamp,
    ) -> ApiResult<()> {
        let on = own.post.map(PostId);
        match on.map(|id| post::get(tx, id)).transpose()?.flatten() {
            Some(row) if row.home == *with => {
                note_taken(self, tx, with, CommentId(own.id), own.activity, now)
            }
            _ => Ok(()),
        }
    }

    /// Gives a word that hangs on a post, or about a friendship.
    fn give_word(&self, tx: &mut WriteTx<'_>, with: &HomeId, own: &SlotRow, now: Timestamp) -> ApiResult<()> {
        let is_ours = own.home == self.home.as_str();
        let Some(activity) = stored(tx, own.activity)? else {
            return Ok(());
        };
        // A comment of ours on their post: what becomes of it there is waited for.
        let mut item = None;
        let is_for_them = match own.post.map(PostId) {
            Some(id) => match post::get(tx, id)? {
                // Their people's own words they fetch themselves.
                Some(row) if self.is_own(&row.home) => {
                    own.home != with.as_str() && self.homes_of(tx, row.author, row.audience)?.contains(with)
                }
                Some(row) => {
                    item = (own.kind == kind::COMMENT_PUT).then_some(own.id);
                    is_ours && row.home == *with && !is_on_refused(tx, &activity)?
                }
                None => false,
            },
            None => match FriendWord::checked(activity.activity())
                .filter(|_| own.kind.starts_with(kind::FRIEND))
            {
                Some(said) => is_ours && person::get(tx, said.person)?.is_some_and(|row| row.home == *with),
                None => false,
            },
        };
        if is_for_them {
            tell(tx, std::slice::from_ref(with), &activity, item, now)?;
        }
        Ok(())
    }

    /// All was compared with a home: what had to wait for that goes on.
    pub(super) fn home_mended(&self, tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> ApiResult<()> {
        for row in person::of_home(tx, &self.home)? {
            self.publish_person(tx, row.id, now)?;
        }
        self.give_more(tx, home, now)
    }
}

/// Those of the homes, besides the one from which a word came back, with which all was compared before: nothing else would tell them.
/// What is still to be compared with the others gives it to them.
fn compared_of(tx: &ReadTx<'_>, homes: Vec<HomeId>, from: &HomeId) -> DbResult<Vec<HomeId>> {
    let mut found = Vec::new();
    for home in homes {
        if home != *from && !reconcile::is_due(tx, &home)? {
            found.push(home);
        }
    }
    Ok(found)
}

/// Those of them that hold a post.
pub(super) fn compared_holders(tx: &ReadTx<'_>, post: PostId, from: &HomeId) -> DbResult<Vec<HomeId>> {
    compared_of(tx, item_activity::holders(tx, post.0)?, from)
}

/// Whether a word is about a comment of this home that the post's home has not taken: there, it would wait for it in vain.
fn is_on_refused(tx: &ReadTx<'_>, said: &SignedActivity) -> DbResult<bool> {
    let about = said.activity().object.get("comment");
    let about = about.and_then(|id| id.as_str()?.parse().ok());
    Ok(match about.map(CommentId) {
        Some(id) => comment::get(tx, id)?.is_some_and(|row| !row.accepted),
        None => false,
    })
}

/// Whether the word that is held there is the one that is held here.
fn is_same(theirs: &Held, own: &SlotRow) -> bool {
    theirs.kind == own.kind && theirs.hlc == own.hlc
}

/// Whether what is held there is older than what is here, or nothing.
fn is_older(theirs: Option<&Held>, own: &SlotRow) -> bool {
    theirs.is_none_or(|theirs| {
        hearth_federation::slots::supersedes((&own.kind, &own.hlc), (&theirs.kind, &theirs.hlc))
    })
}
