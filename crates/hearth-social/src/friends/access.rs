//! What befriending gives and unfriending takes away (AUD-4): copies on the other's home, and copies of theirs here.

use super::words;
use crate::notifications::tell_of_connection;
use crate::posts::erase_copy;
use crate::visibility::{AuthorReach, homes_for, limited};
use crate::wire::{MAX_RETRACTED, PostRetract, kind};
use crate::{Social, profile, scope};
use hearth_api::feed::Audience;
use hearth_api::notify::HomeChange;
use hearth_api::{ApiResult, Event, HomeId, PersonId, PostId, Timestamp};
use hearth_db::backlog::{self, BacklogRow};
use hearth_db::home::{self, HomeRowState};
use hearth_db::{
    WriteTx, event, friendship, item_activity, peer_log, person, post, reconcile, slot, taking_back,
};
use uuid::Uuid;

/// How many earlier posts are given at once; more follow when these have arrived.
const BATCH: u32 = 50;

impl Social {
    /// Begins to give an author's earlier posts to a home that may see them now; the first of them at once.
    pub(crate) fn grant(
        &self,
        tx: &mut WriteTx<'_>,
        author: PersonId,
        home: &HomeId,
        now: Timestamp,
    ) -> ApiResult<()> {
        let begin = BacklogRow {
            author,
            home: home.clone(),
            after: (Timestamp(i64::MIN), PostId(Uuid::nil())),
        };
        backlog::put(tx, &begin)?;
        if reconcile::is_due(tx, home)? {
            // What that home holds, and what was lost here, is found out first.
            return Ok(());
        }
        self.give_batch(tx, &begin, now)
    }

    /// Gives the next of an author's earlier posts to a home, with their comments and reactions, oldest first.
    fn give_batch(&self, tx: &mut WriteTx<'_>, row: &BacklogRow, now: Timestamp) -> ApiResult<()> {
        let connected = home::get(tx, &row.home)?.is_some_and(|home| home.state == HomeRowState::Connected);
        let reach = AuthorReach::load(tx, row.author, &self.home)?;
        let mut row = row.clone();
        let mut given = false;
        while !given {
            let posts = post::shared_by(tx, row.author, row.after, BATCH)?;
            let Some(last) = posts.last().filter(|_| connected) else {
                return Ok(backlog::done(tx, row.author, &row.home)?);
            };
            row.after = (last.created_at, last.id);
            for mut post in posts {
                if homes_for(&reach, post.audience).contains(&row.home)
                    && !item_activity::holds(tx, post.id.0, &row.home)?
                {
                    self.deliver(tx, &mut post, std::slice::from_ref(&row.home), now)?;
                    given = true;
                }
            }
        }
        Ok(backlog::put(tx, &row)?)
    }

    /// Gives more of earlier posts to a home that has taken all that was given so far. Of an author of whom nothing is left to give it goes
    /// on to the next at once, as nothing would be answered that could lead there.
    pub(crate) fn give_more(&self, tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> ApiResult<()> {
        while let Some(row) = backlog::of_home(tx, home)? {
            if !backlog::all_taken(tx, home)? || reconcile::is_due(tx, home)? {
                break;
            }
            self.give_batch(tx, &row, now)?;
        }
        Ok(())
    }

    /// Takes an author's posts back from a home on which no friend is left: those for friends, and where the homes are connected for
    /// some people only, all.
    pub(crate) fn revoke(
        &self,
        tx: &mut WriteTx<'_>,
        author: PersonId,
        home: &HomeId,
        now: Timestamp,
    ) -> ApiResult<()> {
        let reach = AuthorReach::load(tx, author, &self.home)?;
        if homes_for(&reach, Audience::Friends).contains(home) {
            return Ok(());
        }
        // A blocked home keeps what was public, to go on from there when it is not blocked any more.
        let public_stays =
            !limited(tx)?.contains_key(home) || homes_for(&reach, Audience::Public).contains(home);
        let mut held = Vec::new();
        for (post, audience) in post::shared_of(tx, author)? {
            let given = audience == Audience::Public && public_stays;
            if !given && item_activity::holds(tx, post.0, home)? {
                held.push(post);
            }
        }
        self.retract(tx, author, &held, home, now)?;
        self.hang_again(tx, author, home, now)
    }

    /// Gives again what hangs on the posts that a home still holds though its friends of the author are gone: where a post was for
    /// friends before, that home may have erased its copy by itself and then got the newer version alone.
    fn hang_again(
        &self,
        tx: &mut WriteTx<'_>,
        author: PersonId,
        home: &HomeId,
        now: Timestamp,
    ) -> ApiResult<()> {
        for id in post::by(tx, author)? {
            let Some(row) = post::get(tx, id)? else { continue };
            if row.version > 1 && item_activity::holds(tx, id.0, home)? {
                self.deliver_hanging(tx, &row, std::slice::from_ref(home), now)?;
            }
        }
        Ok(())
    }

    /// Takes copies of an author's posts back from a home.
    pub(crate) fn retract(
        &self,
        tx: &mut WriteTx<'_>,
        author: PersonId,
        posts: &[PostId],
        home: &HomeId,
        now: Timestamp,
    ) -> ApiResult<()> {
        for some in posts.chunks(MAX_RETRACTED) {
            let object = PostRetract { posts: some.to_vec() };
            let activity = self.sign(tx, author, kind::POST_RETRACT, None, &object, now)?;
            let mut there = Vec::with_capacity(some.len());
            for post in some {
                if taking_back::may_have(tx, home, post.0)? {
                    there.push(post.0);
                }
            }
            scope::tell(tx, std::slice::from_ref(home), &activity, None, now)?;
            for post in some {
                // Also where the retraction itself may not go: the post may even less.
                for old in item_activity::of(tx, post.0)? {
                    peer_log::withdraw_activity_from(tx, home, old)?;
                }
                item_activity::not_held(tx, post.0, home)?;
            }
            taking_back::note(tx, home, activity.key(), &there)?;
            Self::tell_delivery(tx, &there, now)?;
        }
        Ok(())
    }

    /// Erases the copies of a remote author's posts that nobody here may see any more, when a friend of theirs was lost. Where somebody here
    /// has asked the author and not heard the answer, the author's home says: as it may know of another friend here, who is to have them, it
    /// takes back what is not for that one.
    pub(crate) fn erase_unreadable(
        &self,
        tx: &mut WriteTx<'_>,
        author: PersonId,
        now: Timestamp,
    ) -> ApiResult<()> {
        let Some(row) = person::get(tx, author)? else {
            return Ok(());
        };
        for own in person::of_home(tx, &self.home)? {
            if words::own_request(tx, own.id, author)?.is_some() {
                return Ok(());
            }
        }
        let readable = |audience| self.has_reader(tx, author, &row.home, audience);
        let by_friends = readable(Audience::Friends)?;
        let by_all = !limited(tx)?.contains_key(&row.home) || readable(Audience::Public)?;
        for (id, audience) in post::shared_of(tx, author)? {
            let read = if audience == Audience::Public {
                by_all
            } else {
                by_friends
            };
            if !read {
                erase_copy(tx, id, now)?;
            }
        }
        Ok(())
    }

    /// Tells a home that was just connected of the people here, and begins to give it their public posts. Those who run this home
    /// are told of it.
    ///
    /// # Errors
    /// A database error.
    pub(crate) fn home_connected(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        now: Timestamp,
    ) -> ApiResult<()> {
        tell_of_connection(tx, home, HomeChange::Connected, now)?;
        profile::home_connected(self, tx, home, now)?;
        for row in person::of_home(tx, &self.home)? {
            self.grant(tx, row.id, home, now)?;
        }
        Ok(())
    }

    /// Ends what was shared with a home that was removed: friendships, what its people were to be given, and the copies of
    /// their posts.
    ///
    /// # Errors
    /// A database error.
    pub(crate) fn home_removed(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        why: HomeChange,
        now: Timestamp,
    ) -> ApiResult<()> {
        tell_of_connection(tx, home, why, now)?;
        for row in person::of_home(tx, home)? {
            for (friend, _) in friendship::of(tx, row.id)? {
                event::append(tx, Some(friend), now, &Event::FriendsChanged)?;
            }
            friendship::forget_person(tx, row.id)?;
        }
        profile::home_removed(tx, home)?;
        backlog::forget(tx, home)?;
        item_activity::holds_nothing(tx, home)?;
        for id in post::of_home(tx, home)? {
            erase_copy(tx, id, now)?;
            // Should the homes meet again, this one does not say that it holds them.
            slot::forget_post(tx, id.0)?;
        }
        Ok(slot::forget_people(tx, home)?)
    }
}
