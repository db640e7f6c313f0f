//! What other homes say: checked by the same rules as what people here do, and applied so that homes agree whatever the order.
//!
//! Of each item and author the last word by the hybrid logical clock counts; a deletion counts for ever. An activity comes from
//! its author's home, or is relayed by the home of the post that it belongs to; this home relays what it takes for its own posts to
//! all homes that hold them. What belongs to something not here yet waits.
//!
//! Not here: envelopes, signatures, what waits or was refused (`hearth-federation`), and people's own data (`profile`).

mod comments;
#[cfg(test)]
mod convergence;
mod friends;
mod ids;
mod posts;
#[cfg(test)]
pub(crate) mod pump;
mod reactions;
mod restore;
mod retracted;
#[cfg(test)]
mod tests;

use crate::author::holders;
use crate::authz::Roles;
use crate::notifications::{tell_of_connection, tell_put_off};
use crate::visibility::{ItemFacts, ViewerFacts, may_see};
use crate::wire::kind;
use crate::{Social, identity, profile, scope};
use hearth_api::feed::DeliveryState;
use hearth_api::notify::HomeChange;
use hearth_api::{ApiResult, Code, CommentId, HomeId, PersonId, PostId, Timestamp};
use hearth_db::post::PostRow;
use hearth_db::tombstone::{self, Gone};
use hearth_db::{ReadTx, WriteTx, item_activity, peer_log, person, post};
use hearth_federation::activity::{Activity, SignedActivity, UnverifiedActivity};
use hearth_federation::apply::{Apply, Compared, Verdict};
use hearth_federation::bound::Bound;
use hearth_federation::keys::{Kid, PersonPublicKey};
use hearth_federation::log;
use uuid::Uuid;

/// An activity on its way through the rules.
pub(crate) struct Incoming<'a> {
    /// The home that sent it.
    from: &'a HomeId,
    /// The home to fetch files from that hang on it.
    files: &'a HomeId,
    /// As signed.
    signed: &'a SignedActivity,
    /// Who did it.
    actor: PersonId,
    /// Where they live.
    actor_home: HomeId,
    /// It comes back from a home that had it from this one, which had taken it then.
    was_taken: bool,
    now: Timestamp,
}

impl Incoming<'_> {
    fn said(&self) -> &Activity {
        self.signed.activity()
    }

    /// Whether it came from its author's own home.
    fn is_direct(&self) -> bool {
        self.actor_home == *self.from
    }

    fn post(&self) -> Option<PostId> {
        self.said().post.map(PostId)
    }
}

/// Either what to go on with, or the verdict.
type Checked<T> = Result<T, Verdict>;

const NOT_AUTHORISED: Verdict = Verdict::Refused(Code::NotAuthorised);
/// What this home's people say about other homes' posts.
const COMING_BACK: [&str; 3] = [kind::COMMENT_PUT, kind::COMMENT_DELETE, kind::REACT_SET];
const INVALID: Verdict = Verdict::Refused(Code::InvalidActivity);
/// It speaks under the id of somebody else's post, comment or person.
const ID_NOT_YOURS: Verdict = Verdict::Refused(Code::IdNotYours);

impl Apply for Social {
    fn author_key(
        &self,
        tx: &ReadTx<'_>,
        activity: &UnverifiedActivity,
    ) -> ApiResult<Result<PersonPublicKey, Code>> {
        Ok(identity::author_key(tx, activity)?)
    }

    fn apply(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        activity: &SignedActivity,
        now: Timestamp,
    ) -> ApiResult<Verdict> {
        self.apply_heard(tx, from, activity, false, now)
    }

    fn taken(&self, tx: &mut WriteTx<'_>, now: Timestamp) -> ApiResult<()> {
        Ok(tell_put_off(tx, now)?)
    }

    fn take_back(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        activity: &SignedActivity,
        now: Timestamp,
    ) -> ApiResult<Verdict> {
        self.take_word_back(tx, from, activity, now)
    }

    fn compared(
        &self,
        tx: &mut WriteTx<'_>,
        with: &HomeId,
        things: &[Compared],
        now: Timestamp,
    ) -> ApiResult<()> {
        self.give_lost(tx, with, things, now)
    }

    fn reconciled(&self, tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> ApiResult<()> {
        self.home_mended(tx, home, now)
    }

    fn restored(&self, tx: &mut WriteTx<'_>, home: Option<&HomeId>, now: Timestamp) -> ApiResult<()> {
        // Of this home itself its health page tells.
        match home {
            Some(home) => Ok(tell_of_connection(tx, home, HomeChange::Restored, now)?),
            None => Ok(()),
        }
    }

    fn settled(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        item: Uuid,
        state: DeliveryState,
        _code: Option<&str>,
        now: Timestamp,
    ) -> ApiResult<()> {
        self.note_settled(tx, home, item, state, now)?;
        self.give_more(tx, home, now)
    }

    fn overtaken(&self, tx: &mut WriteTx<'_>, home: &HomeId, item: Uuid, now: Timestamp) -> ApiResult<()> {
        let own = post::get(tx, PostId(item))?.filter(|row| self.is_own(&row.home));
        let Some(mut row) = own else { return Ok(()) };
        if !self.homes_of(tx, row.author, row.audience)?.contains(home) {
            return Ok(());
        }
        // Who may see it there came to be friends after it: it is said again after that.
        item_activity::not_held(tx, item, home)?;
        self.deliver(tx, &mut row, std::slice::from_ref(home), now)
    }

    fn taken_back(
        &self,
        tx: &mut WriteTx<'_>,
        _home: &HomeId,
        items: &[Uuid],
        now: Timestamp,
    ) -> ApiResult<()> {
        Self::tell_delivery(tx, items, now)
    }

    fn refused(&self, tx: &mut WriteTx<'_>, home: &HomeId, activity: Uuid, now: Timestamp) -> ApiResult<()> {
        self.drop_refused_reaction(tx, home, activity, now)
    }

    fn settled_later(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        item: Uuid,
        state: DeliveryState,
        code: Option<&str>,
        now: Timestamp,
    ) -> ApiResult<()> {
        if state == DeliveryState::Refused {
            // It was taken for accepted when it arrived there.
            hearth_db::comment::withdraw(tx, CommentId(item))?;
        }
        self.settled(tx, home, item, state, code, now)
    }

    fn connected(&self, tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> ApiResult<()> {
        self.home_connected(tx, home, now)
    }

    fn narrowed(&self, tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> ApiResult<()> {
        self.narrow(tx, home, now)
    }

    fn keep_copies(&self, tx: &mut WriteTx<'_>, home: &HomeId) -> ApiResult<()> {
        self.keep_copies_of(tx, home)
    }

    fn disconnected(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        why: HomeChange,
        now: Timestamp,
    ) -> ApiResult<()> {
        self.home_removed(tx, home, why, now)
    }
}

impl Social {
    /// Applies what another home said, as news or as what was seen before.
    fn apply_heard(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        activity: &SignedActivity,
        was_taken: bool,
        now: Timestamp,
    ) -> ApiResult<Verdict> {
        let at = i64::try_from(activity.activity().at.unix_ms()).unwrap_or(i64::MAX);
        tx.set_old_news(restore::was_seen(tx, from, Timestamp(at))?);
        let verdict = self.apply_word(tx, from, activity, was_taken, now);
        tx.set_old_news(false);
        verdict
    }

    /// Applies what another home's log brought, or what comes back and was taken here before.
    fn apply_word(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        activity: &SignedActivity,
        was_taken: bool,
        now: Timestamp,
    ) -> ApiResult<Verdict> {
        let said = activity.activity();
        if let Some(covered) = scope::covered(tx, from)?
            && !scope::passes(tx, &covered, said)?
        {
            return Ok(Verdict::Refused(Code::OutOfScope));
        }
        match said.kind.as_str() {
            kind::PERSON_UPDATE => return profile::apply_person_update(self, tx, from, activity, now),
            kind::PERSON_DELETE => return profile::apply_person_delete(self, tx, from, activity, now),
            _ => {}
        }
        let Kid::Person(actor) = *activity.kid() else {
            return Ok(Verdict::Refused(Code::UnsupportedType));
        };
        let incoming = Incoming {
            from,
            files: from,
            signed: activity,
            actor: PersonId(actor),
            actor_home: HomeId::from(&said.home),
            was_taken,
            now,
        };
        if self.is_own(&incoming.actor_home) || self.lives_here(tx, incoming.actor)? {
            // Nobody from elsewhere speaks for people of this home. What they said themselves, by their own signature, may
            // come back with a post of another home whose copy was gone for a while.
            if !self.is_own(&incoming.actor_home) || !COMING_BACK.contains(&said.kind.as_str()) {
                return Ok(NOT_AUTHORISED);
            }
        }
        if !ids::are_theirs(said) {
            return Ok(ID_NOT_YOURS);
        }
        match said.kind.as_str() {
            kind::POST_PUT => self.apply_post_put(tx, &incoming),
            kind::POST_DELETE => self.apply_post_delete(tx, &incoming),
            kind::POST_RETRACT => self.apply_post_retract(tx, &incoming),
            kind::POST_CONTROL => self.apply_post_control(tx, &incoming),
            kind::COMMENT_PUT => self.apply_comment_put(tx, &incoming),
            kind::COMMENT_DELETE => self.apply_comment_delete(tx, &incoming),
            kind::REACT_SET => self.apply_react(tx, &incoming),
            kind::MENTION_REMOVE => self.apply_mention_remove(tx, &incoming),
            other => match other.strip_prefix(kind::FRIEND).map(str::parse) {
                Some(Ok(word)) => self.apply_friend(tx, &incoming, word),
                _ => Ok(Verdict::Refused(Code::UnsupportedType)),
            },
        }
    }
}

/// The stamp to order by: as it was signed, however wrong the clock was, because all homes must come to the same order.
fn stamp_of(incoming: &Incoming<'_>) -> String {
    incoming.said().at.to_string()
}

impl Social {
    /// The stamp to order by, once nothing speaks against the activity any more: this home's next stamps come after it.
    fn observe(&self, tx: &mut WriteTx<'_>, incoming: &Incoming<'_>) -> ApiResult<String> {
        if self.is_own(&incoming.actor_home) {
            log::resume(tx, incoming.said().at)?;
        } else {
            log::observe(tx, &self.parts.node, incoming.said().at, incoming.now)?;
        }
        Ok(stamp_of(incoming))
    }

    /// Makes sure that its author is known here.
    fn learn(&self, tx: &mut WriteTx<'_>, incoming: &Incoming<'_>) -> ApiResult<Checked<()>> {
        if self.is_own(&incoming.actor_home) {
            return Ok(Ok(()));
        }
        let learned = identity::learn_author(tx, &self.home, incoming.from, incoming.said())?;
        Ok(learned.map(|_| ()).map_err(Verdict::Refused))
    }

    /// The post that an activity belongs to, once it is clear that the sender may bring it: for a post of this home the
    /// author's home itself, for a copy the post's home. What is kept of a home that was removed counts as not here: a word on it waits
    /// for the post to be given anew.
    fn post_of(&self, tx: &ReadTx<'_>, incoming: &Incoming<'_>) -> ApiResult<Checked<PostRow>> {
        let Some(id) = incoming.post() else {
            return Ok(Err(INVALID));
        };
        let Some(row) = post::get(tx, id)?.filter(|row| !row.kept) else {
            let verdict = if self.is_gone(tx, incoming, id)? {
                Verdict::Overtaken
            } else {
                Verdict::Waiting { on: id.0 }
            };
            return Ok(Err(verdict));
        };
        let may_bring = if self.is_own(&row.home) {
            incoming.is_direct()
        } else {
            *incoming.from == row.home
        };
        Ok(if may_bring { Ok(row) } else { Err(NOT_AUTHORISED) })
    }

    /// Whether a post that is not here was deleted or taken back by somebody of its home: this one, or the sender. A word of somebody here may
    /// come back from any home that kept it; then its author's say counts, whose id it is.
    fn is_gone(&self, tx: &ReadTx<'_>, incoming: &Incoming<'_>, id: PostId) -> ApiResult<bool> {
        for tomb in tombstone::of(tx, id.0)? {
            let home = person::get(tx, tomb.by)?.map(|row| row.home);
            // A word of somebody here that comes back counts as from here, and came from a home all the same.
            let is_of = |home: &HomeId| home == incoming.from || home == incoming.files || self.is_own(home);
            let author = Bound::Post { author: tomb.by.0 };
            let is_authors = self.is_own(&incoming.actor_home) && author.is(id.0);
            if is_authors || home.is_some_and(|home| is_of(&home)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether somebody who may do so deleted an item for ever.
    fn is_deleted(tx: &ReadTx<'_>, item: Uuid, by: &[PersonId]) -> ApiResult<bool> {
        let tombs = tombstone::of(tx, item)?;
        Ok(tombs
            .iter()
            .any(|tomb| tomb.state == Gone::Deleted && by.contains(&tomb.by)))
    }

    /// How the author of an activity stands towards a post of this home, by the same rule as for people here.
    fn roles_at(&self, tx: &ReadTx<'_>, incoming: &Incoming<'_>, row: &PostRow) -> ApiResult<Roles> {
        if person::get(tx, incoming.actor)?.is_some() {
            return Ok(self
                .seen_post(tx, incoming.actor, row.id)?
                .map(|seen| seen.roles)
                .unwrap_or_default());
        }
        let facts = ViewerFacts::of_stranger(tx, incoming.actor, &incoming.actor_home, &self.home)?;
        Ok(Roles {
            viewer: may_see(&facts, &ItemFacts::from(row)),
            ..Roles::default()
        })
    }

    /// The homes to pass an activity on to: all that hold the post, when it is of this home. Where it came from it goes back to only
    /// when the post itself is still on its way there: that home may have lost what its own people said together with its copy.
    fn relays(&self, tx: &ReadTx<'_>, incoming: &Incoming<'_>, row: &PostRow) -> ApiResult<Vec<HomeId>> {
        if !self.is_own(&row.home) {
            return Ok(Vec::new());
        }
        let on_its_way = peer_log::delivery(tx, row.id.0)?
            .iter()
            .any(|line| line.home == *incoming.from && line.state == DeliveryState::Waiting);
        Ok(holders(tx, row.id)?
            .into_iter()
            .filter(|home| on_its_way || home != incoming.from)
            .collect())
    }
}
