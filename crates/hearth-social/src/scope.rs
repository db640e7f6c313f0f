//! What a limited connection lets through (FED-7): the one check, beside the one table of who may do what.
//!
//! A home that is connected for some people only gets, and may bring, what these people and people over there share as friends:
//! their words of friendship, their profiles to each other, the posts of either that the other may see, and what hangs on these. The
//! same [`passes`] decides what is written into that home's log ([`within`]) and what is taken from it.
//!
//! Groups, pages and events have their place in `subscription` already; what hangs on one of them will pass by naming it.

use crate::Social;
use crate::posts::erase_copy;
use crate::visibility::{AuthorReach, Covered, Homes, homes_for, limited};
use crate::wire::kind;
use hearth_api::{ApiResult, Event, HomeId, PersonId, PostId, Timestamp};
use hearth_db::{
    DbResult, ReadTx, WriteTx, backlog, event, friendship, item_activity, peer_log, person, post,
};
use hearth_federation::activity::{Activity, SignedActivity, UnverifiedActivity};
use hearth_federation::log;
use uuid::Uuid;

/// Rows of a log that are looked at together.
const ROWS: u32 = 200;

/// What a home is connected for; nothing when it is connected as a whole, or not at all.
pub(crate) fn covered(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Option<Covered>> {
    Ok(limited(tx)?.remove(home))
}

/// Whether an activity may pass over a connection that covers these people, in either direction.
pub(crate) fn passes(tx: &ReadTx<'_>, covered: &Covered, said: &Activity) -> DbResult<bool> {
    let actor = PersonId(said.actor);
    if covered.contains(&actor) {
        return Ok(true);
    }
    let kind = said.kind.as_str();
    if kind.starts_with(kind::FRIEND) {
        let about = said.object.get("person").and_then(|id| id.as_str()?.parse().ok());
        return Ok(about.is_some_and(|person| covered.contains(&person)));
    }
    match kind {
        kind::PERSON_UPDATE | kind::PERSON_DELETE | kind::POST_PUT | kind::POST_RETRACT => {
            concerns(tx, covered, actor)
        }
        kind::POST_DELETE
        | kind::POST_CONTROL
        | kind::COMMENT_PUT
        | kind::COMMENT_DELETE
        | kind::REACT_SET
        | kind::MENTION_REMOVE => match said.post.map(PostId) {
            None => Ok(true),
            Some(id) => match post::get(tx, id)? {
                Some(row) => concerns(tx, covered, row.author),
                // It waits for the post, and is looked at again with it.
                None => Ok(true),
            },
        },
        _ => Ok(false),
    }
}

/// Whether a connection that covers these people has to do with somebody: one of them, or somebody of the other home with whom one of
/// them has had to do, because one of the two has said something about the other.
pub(crate) fn concerns(tx: &ReadTx<'_>, covered: &Covered, who: PersonId) -> DbResult<bool> {
    if covered.contains(&who) {
        return Ok(true);
    }
    let Some(whose) = person::get(tx, who)? else {
        return Ok(false);
    };
    for id in covered {
        let apart = person::get(tx, *id)?.is_some_and(|row| row.home != whose.home);
        if apart && friendship::has_word(tx, who, *id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Those of the homes to which an activity may go.
fn within(tx: &ReadTx<'_>, homes: &[HomeId], said: &Activity) -> DbResult<Vec<HomeId>> {
    let limited = limited(tx)?;
    let mut open = Vec::with_capacity(homes.len());
    for home in homes {
        let passes = match limited.get(home) {
            None => true,
            Some(covered) => passes(tx, covered, said)?,
        };
        if passes {
            open.push(home.clone());
        }
    }
    Ok(open)
}

/// Appends a signed activity to the logs of those of the homes to which it may go; `item` is the post or comment whose delivery it
/// moves. The one way into a log for what people of this home do, or what this home relays.
pub(crate) fn tell(
    tx: &mut WriteTx<'_>,
    homes: &[HomeId],
    activity: &SignedActivity,
    item: Option<Uuid>,
    now: Timestamp,
) -> DbResult<()> {
    let homes = within(tx, homes, activity.activity())?;
    log::append(tx, &homes, activity, item, now)
}

impl Social {
    /// Lets go of what a connection that goes on for fewer people no longer covers: what was to be sent, who holds what, copies and
    /// relations. Both homes do so for themselves.
    pub(crate) fn narrow(&self, tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> ApiResult<()> {
        let homes = Homes::load(tx, &self.home)?;
        for row in person::of_home(tx, home)? {
            for (friend, _) in friendship::of(tx, row.id)? {
                if !homes.covers((&self.home, friend), (home, row.id)) {
                    friendship::forget(tx, row.id, friend)?;
                    event::append(tx, Some(friend), now, &Event::FriendsChanged)?;
                }
            }
            for (id, audience) in post::shared_of(tx, row.id)? {
                if !self.has_reader(tx, row.id, home, audience)? {
                    erase_copy(tx, id, now)?;
                }
            }
            self.forget_unknown(tx, &homes, home, row.id)?;
        }
        for row in person::of_home(tx, &self.home)? {
            let reach = AuthorReach::load(tx, row.id, &self.home)?;
            for (id, audience) in post::shared_of(tx, row.id)? {
                if !homes_for(&reach, audience).contains(home) {
                    item_activity::not_held(tx, id.0, home)?;
                }
            }
        }
        backlog::forget(tx, home)?;
        hearth_db::profile::forget_told(tx, home)?;
        self.withdraw_uncovered(tx, home)
    }

    /// Takes the words out that are between uncovered people, and with them what was told of somebody's profile.
    fn forget_unknown(
        &self,
        tx: &mut WriteTx<'_>,
        homes: &Homes,
        home: &HomeId,
        who: PersonId,
    ) -> ApiResult<()> {
        for own in person::of_home(tx, &self.home)? {
            if friendship::has_word(tx, who, own.id)? && !homes.covers((&self.home, own.id), (home, who)) {
                friendship::forget(tx, who, own.id)?;
            }
        }
        let covered = homes.limited.get(home).cloned().unwrap_or_default();
        if !concerns(tx, &covered, who)? {
            crate::profile::forget_told_of(tx, who)?;
        }
        Ok(())
    }

    /// Takes out of a home's log what may no longer go there.
    fn withdraw_uncovered(&self, tx: &mut WriteTx<'_>, home: &HomeId) -> ApiResult<()> {
        let covered = covered(tx, home)?.unwrap_or_default();
        let mut after = 0;
        loop {
            let rows = peer_log::rows(tx, home, after, ROWS)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.seq;
            for row in &rows {
                let Ok(stored) = UnverifiedActivity::parse(&row.jws) else {
                    continue;
                };
                let said = stored.unverified();
                // What this home says for itself goes everywhere.
                if said.actor.is_nil() {
                    continue;
                }
                let taken_back = match row.item {
                    Some(item) if said.kind == kind::POST_PUT => !item_activity::holds(tx, item, home)?,
                    _ => false,
                };
                if taken_back || !passes(tx, &covered, said)? {
                    peer_log::withdraw(tx, home, row)?;
                }
            }
        }
    }
}
