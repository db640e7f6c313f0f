//! How this home's people say something to other homes: stamped, signed, stored, appended, in the writer's transaction.

use crate::{Social, identity, scope};
use hearth_api::{ApiError, ApiResult, Code, CommentId, HomeId, PersonId, PostId, Timestamp};
use hearth_db::{DbResult, ReadTx, WriteTx, comment, item_activity, peer_log, post, tombstone};
use hearth_federation::activity::{Activity, ActivityError, SignedActivity};
use hearth_federation::bound::Bound;
use hearth_federation::hlc::Hlc;
use hearth_federation::jws::JwsError;
use hearth_federation::log;
use serde::Serialize;
use uuid::Uuid;

impl Social {
    /// Whether a person lives on this home.
    pub(crate) fn is_own(&self, home: &HomeId) -> bool {
        self.home == *home
    }

    /// A new id for a post, bound to its author. One that was used is never used again, whatever the clock does.
    pub(crate) fn new_post_id(&self, tx: &ReadTx<'_>, author: PersonId) -> DbResult<PostId> {
        let bound = Bound::Post { author: author.0 };
        Ok(PostId(self.unused(tx, &bound)?))
    }

    /// A new id for a comment on a post, bound to both and to its author.
    pub(crate) fn new_comment_id(
        &self,
        tx: &ReadTx<'_>,
        author: PersonId,
        post: PostId,
    ) -> DbResult<CommentId> {
        let bound = Bound::Comment {
            author: author.0,
            post: post.0,
        };
        Ok(CommentId(self.unused(tx, &bound)?))
    }

    fn unused(&self, tx: &ReadTx<'_>, bound: &Bound<'_>) -> DbResult<Uuid> {
        loop {
            // The source never gives the same twice; before the program was started another one may have.
            let id = bound.name(self.parts.ids.uuid());
            let known = post::get(tx, PostId(id))?.is_some()
                || comment::get(tx, CommentId(id))?.is_some()
                || !tombstone::of(tx, id)?.is_empty();
            if !known {
                return Ok(id);
            }
        }
    }

    /// Signs what a person of this home does. Nothing is stored yet but the stamp.
    pub(crate) fn sign(
        &self,
        tx: &mut WriteTx<'_>,
        actor: PersonId,
        kind: &str,
        post: Option<PostId>,
        object: &impl Serialize,
        now: Timestamp,
    ) -> ApiResult<SignedActivity> {
        let at = log::stamp(tx, &self.parts.node, now)?;
        self.sign_at(tx, actor, kind, post, object, at)
    }

    /// As [`Social::sign`], with a stamp that was given before.
    pub(crate) fn sign_at(
        &self,
        tx: &WriteTx<'_>,
        actor: PersonId,
        kind: &str,
        post: Option<PostId>,
        object: &impl Serialize,
        at: Hlc,
    ) -> ApiResult<SignedActivity> {
        let object = serde_json::to_value(object).map_err(|error| internal(&error))?;
        let mut activity = Activity::new(self.parts.ids.uuid(), kind, actor.0, self.parts.node, at, object);
        activity.post = post.map(|post| post.0);
        identity::attach(tx, &self.parts.keys, &mut activity)?;
        let key = self.parts.keys.person(tx, actor)?;
        SignedActivity::by_person(activity, &key).map_err(|error| match error {
            ActivityError::Jws(JwsError::TooLong) => ApiError::new(
                Code::TooLarge,
                "The text and the descriptions of the pictures are too long together. Shorten them and try again.",
            ),
            error => internal(&error),
        })
    }
}

fn internal(error: &dyn std::error::Error) -> ApiError {
    tracing::error!(error = %error, "Signing an activity failed");
    ApiError::new(Code::Internal, "Something went wrong on our side. Try again.")
}

/// Stores the activity that put an item and appends it to the logs of `homes`. What earlier activities about the item still
/// wait there and cannot have left is replaced by it, and the texts that go nowhere any more are erased.
pub(crate) fn put_item(
    tx: &mut WriteTx<'_>,
    homes: &[HomeId],
    activity: &SignedActivity,
    item: Uuid,
    track: bool,
    now: Timestamp,
) -> DbResult<()> {
    scope::tell(tx, homes, activity, track.then_some(item), now)?;
    let id = activity.key();
    for old in item_activity::of(tx, item)? {
        if old != id {
            item_activity::drop_unsent(tx, item, old)?;
        }
    }
    item_activity::note(tx, item, id)
}

/// Erases the texts of all activities that put an item. If `instead` was said of it, none of them is sent any more.
pub(crate) fn erase_item(tx: &mut WriteTx<'_>, item: Uuid, instead: Option<Uuid>) -> DbResult<()> {
    for old in item_activity::of(tx, item)? {
        if instead.is_some_and(|instead| instead != old) {
            peer_log::withdraw_activity(tx, old)?;
        }
        item_activity::drop_unsent(tx, item, old)?;
    }
    Ok(())
}

/// The other homes that hold a copy of an own post.
pub(crate) fn holders(tx: &ReadTx<'_>, post: PostId) -> DbResult<Vec<HomeId>> {
    item_activity::holders(tx, post.0)
}

/// An activity as stored, for sending it to one more home.
pub(crate) fn stored(tx: &ReadTx<'_>, activity: Uuid) -> DbResult<Option<SignedActivity>> {
    Ok(peer_log::activity(tx, activity)?.and_then(|jws| {
        hearth_federation::activity::UnverifiedActivity::parse(&jws)
            .ok()
            .map(|found| found.trust_stored())
    }))
}
