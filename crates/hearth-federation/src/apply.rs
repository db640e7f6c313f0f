//! What the receiving side asks of the part that knows the rules.
//!
//! Reception checks the envelope (sender, size, signature) and hands each activity over in its own write transaction;
//! whoever implements [`Apply`] decides whether it may change something, and does it. Every peer is answered with a
//! [`Verdict`] for each item.
//!
//! Invariants:
//!
//! * Applying an activity again, or activities in another order, leads to the same state.
//! * A refused or waiting activity has changed nothing.
//!
//! Not here: the rules (`hearth-social`), and keeping what waits or was refused (reception).

use crate::activity::{Activity, SignedActivity, UnverifiedActivity};
use crate::keys::PersonPublicKey;
use hearth_api::feed::DeliveryState;
use hearth_api::notify::HomeChange;
use hearth_api::{ApiResult, Code, HomeId, Timestamp};
use hearth_db::slot::SlotRow;
use hearth_db::{ReadTx, WriteTx};
use uuid::Uuid;

/// What became of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It changed something.
    Applied,
    /// It was known, or something newer is: nothing to do.
    Duplicate,
    /// It changes nothing here any more: what it belongs to was deleted, or nobody here may see it now.
    Overtaken,
    /// It refers to something that is not here yet; offer it again when that has come.
    Waiting {
        /// The id of what is missing.
        on: Uuid,
    },
    /// It may not be done. Kept and shown, never tried again.
    Refused(Code),
}

impl Verdict {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Duplicate => "duplicate",
            Self::Overtaken => "overtaken",
            Self::Waiting { .. } => "waiting",
            Self::Refused(_) => "refused",
        }
    }
}

/// What another home holds of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The kind of the last word on it there.
    pub kind: String,
    /// When that was said.
    pub hlc: String,
}

/// One thing of this home, and what another holds of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The last word on it here.
    pub own: SlotRow,
    /// The last word on it there.
    pub theirs: Option<Held>,
}

/// The part that knows who may do what.
pub trait Apply: Send + Sync {
    /// The key to check an activity's signature with: the one held for that person, else the one for which the
    /// person's home vouches in the activity itself.
    ///
    /// # Errors
    /// The code to refuse it with, such as `bad_signature` when nobody vouches.
    fn author_key(
        &self,
        tx: &ReadTx<'_>,
        activity: &UnverifiedActivity,
    ) -> ApiResult<Result<PersonPublicKey, Code>>;

    /// Applies an activity whose signature was checked with [`Apply::author_key`] and which came from the connected
    /// home `from`.
    ///
    /// # Errors
    /// When the database or the key store fails: nothing may be acknowledged then.
    fn apply(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        activity: &SignedActivity,
        now: Timestamp,
    ) -> ApiResult<Verdict>;

    /// Learns that all activities of a batch were applied or not, before it is committed: what was put off for its end
    /// ([`WriteTx::put_off`]) is done.
    ///
    /// # Errors
    /// When the database fails.
    fn taken(&self, tx: &mut WriteTx<'_>, now: Timestamp) -> ApiResult<()> {
        let _ = (tx, now);
        Ok(())
    }

    /// Takes back what was lost here and came back from `from`, which had kept it: what somebody of this home said, or what
    /// somebody of any home said about a post of this one. Its signature was checked.
    ///
    /// # Errors
    /// When the database or the key store fails.
    fn take_back(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        activity: &SignedActivity,
        now: Timestamp,
    ) -> ApiResult<Verdict> {
        let _ = (tx, from, activity, now);
        Ok(Verdict::Refused(Code::UnsupportedType))
    }

    /// Learns what `with` holds of things of this home, beside what is here: gives what it lacks, and takes back what it may not have.
    ///
    /// # Errors
    /// When the database or the key store fails.
    fn compared(
        &self,
        tx: &mut WriteTx<'_>,
        with: &HomeId,
        things: &[Compared],
        now: Timestamp,
    ) -> ApiResult<()> {
        let _ = (tx, with, things, now);
        Ok(())
    }

    /// Learns that all was compared with `home`, after it or this one was restored.
    ///
    /// # Errors
    /// When the database or the key store fails.
    fn reconciled(&self, tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> ApiResult<()> {
        let _ = (tx, home, now);
        Ok(())
    }

    /// Learns that a home was restored from an older state; `None` for this one.
    ///
    /// # Errors
    /// When the database fails.
    fn restored(&self, tx: &mut WriteTx<'_>, home: Option<&HomeId>, now: Timestamp) -> ApiResult<()> {
        let _ = (tx, home, now);
        Ok(())
    }

    /// Learns that `home` has answered about an own post or comment.
    ///
    /// # Errors
    /// When the database fails.
    fn settled(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        item: Uuid,
        state: DeliveryState,
        code: Option<&str>,
        now: Timestamp,
    ) -> ApiResult<()>;

    /// Learns that `home` could show an own item to nobody when it came, and that words of friendship for that home came after it.
    ///
    /// # Errors
    /// When the database or the key store fails.
    fn overtaken(&self, tx: &mut WriteTx<'_>, home: &HomeId, item: Uuid, now: Timestamp) -> ApiResult<()> {
        let _ = (tx, home, item, now);
        Ok(())
    }

    /// Learns that `home` has answered to the taking back of own posts.
    ///
    /// # Errors
    /// When the database fails.
    fn taken_back(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        items: &[Uuid],
        now: Timestamp,
    ) -> ApiResult<()> {
        let _ = (tx, home, items, now);
        Ok(())
    }

    /// Learns that `home` has refused what was said here and is no post or comment whose delivery is followed.
    ///
    /// # Errors
    /// When the database fails.
    fn refused(&self, tx: &mut WriteTx<'_>, home: &HomeId, activity: Uuid, now: Timestamp) -> ApiResult<()> {
        let _ = (tx, home, activity, now);
        Ok(())
    }

    /// Learns what became at `home` of an own post or comment that had to wait there.
    ///
    /// # Errors
    /// When the database fails.
    fn settled_later(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        item: Uuid,
        state: DeliveryState,
        code: Option<&str>,
        now: Timestamp,
    ) -> ApiResult<()> {
        self.settled(tx, home, item, state, code, now)
    }

    /// Learns that `home` is connected now: what its people may see goes into its log.
    ///
    /// # Errors
    /// When the database or the key store fails.
    fn connected(&self, tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> ApiResult<()>;

    /// Learns that the connection with `home`, which goes on, covers less than before: what it no longer covers ends.
    ///
    /// # Errors
    /// When the database fails.
    fn narrowed(&self, tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> ApiResult<()>;

    /// Keeps the copies that came from `home`, whose connection is about to end, for those to read who can see them now.
    ///
    /// # Errors
    /// When the database fails.
    fn keep_copies(&self, tx: &mut WriteTx<'_>, home: &HomeId) -> ApiResult<()> {
        let _ = (tx, home);
        Ok(())
    }

    /// Learns that the connection with `home` has ended, and by whom: its people's relations go, and what of their copies is not kept.
    ///
    /// # Errors
    /// When the database fails.
    fn disconnected(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        why: HomeChange,
        now: Timestamp,
    ) -> ApiResult<()>;
}

/// The ids of what an applied activity brought or took away for good: others may have waited to hear of it.
#[must_use]
pub fn settles(activity: &Activity) -> Vec<Uuid> {
    let id = |value: &serde_json::Value| value.as_str().and_then(|text| text.parse().ok());
    match activity.kind.as_str() {
        "post.put" | "post.delete" => activity.post.into_iter().collect(),
        "post.retract" => {
            let posts = activity.object.get("posts").and_then(serde_json::Value::as_array);
            posts.into_iter().flatten().filter_map(id).collect()
        }
        // A deleted comment leaves a placeholder, under which replies have their place.
        "comment.put" | "comment.delete" => activity.object.get("id").and_then(id).into_iter().collect(),
        _ => Vec::new(),
    }
}
