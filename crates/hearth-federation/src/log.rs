//! The authoring side of the peers' logs: stamp, sign, append, all in the writer's own transaction.

use crate::activity::{Activity, SignedActivity};
use crate::hlc::{Clamped, Hlc, HlcClock};
use crate::keys::NodeId;
use hearth_api::{HomeId, Timestamp};
use hearth_db::peer_log::NewRow;
use hearth_db::{DbError, DbResult, ReadTx, WriteTx, meta, peer_log};
use uuid::Uuid;

const HLC: &str = "hlc";

fn last(tx: &ReadTx<'_>) -> DbResult<Hlc> {
    match meta::get(tx, HLC)? {
        None => Ok(Hlc::MIN),
        Some(text) => text
            .parse()
            .map_err(|_malformed: crate::hlc::HlcError| DbError::Malformed("hlc")),
    }
}

fn unix_ms(now: Timestamp) -> u64 {
    u64::try_from(now.0).unwrap_or(0)
}

/// The next stamp of this home, later than all that it gave or saw.
///
/// # Errors
/// A database error.
pub fn stamp(tx: &mut WriteTx<'_>, node: &NodeId, now: Timestamp) -> DbResult<Hlc> {
    let stamp = HlcClock::new(node, last(tx)?).tick(unix_ms(now));
    meta::set(tx, HLC, &stamp.to_string())?;
    Ok(stamp)
}

/// Leaves out so many stamps, when the clock of this computer is behind them and they would only be counted on: another copy of this database
/// would give the very same ones to other words, and no home could tell that they differ.
///
/// # Errors
/// A database error.
pub(crate) fn leave_out(tx: &mut WriteTx<'_>, node: &NodeId, stamps: u32, now: Timestamp) -> DbResult<()> {
    let before = last(tx)?;
    if before == Hlc::MIN || before.unix_ms() < unix_ms(now) {
        return Ok(());
    }
    let mut clock = HlcClock::new(node, before);
    let mut stamp = before;
    for _ in 0..stamps {
        stamp = clock.tick(unix_ms(now));
    }
    meta::set(tx, HLC, &stamp.to_string())
}

/// The next stamp of this home, later also than `known`, to which it answers: however far ahead the clock was that made that one.
/// What is more than ten minutes ahead does not move this home's own clock.
///
/// # Errors
/// A database error.
pub fn stamp_after(tx: &mut WriteTx<'_>, node: &NodeId, known: Hlc, now: Timestamp) -> DbResult<Hlc> {
    let next = stamp(tx, node, now)?;
    Ok(if next > known {
        next
    } else {
        HlcClock::new(node, known).tick(unix_ms(now))
    })
}

/// Takes note of a stamp from another home: this home's next stamps are later, unless that clock is too far ahead.
///
/// # Errors
/// A database error.
pub fn observe(tx: &mut WriteTx<'_>, node: &NodeId, remote: Hlc, now: Timestamp) -> DbResult<Clamped> {
    let before = last(tx)?;
    let mut clock = HlcClock::new(node, before);
    let clamped = clock.observe(remote, unix_ms(now));
    if clamped.stamp > before {
        meta::set(tx, HLC, &clamped.stamp.to_string())?;
    }
    Ok(clamped)
}

/// Takes note of a stamp that this home gave in a life of its database that was lost: its next stamps are later, however far ahead the
/// clock was then, as they would have been.
///
/// # Errors
/// A database error.
pub fn resume(tx: &mut WriteTx<'_>, own: Hlc) -> DbResult<()> {
    if own > last(tx)? {
        meta::set(tx, HLC, &own.to_string())?;
    }
    Ok(())
}

/// Stores a signed activity and appends it to the logs of `homes`; `item` is the post or comment whose delivery it moves.
/// What states the same thing and cannot have left yet is replaced: a home that slept hears the last word only. It hears it after the words
/// of friendship that were said before, as who may see it there may depend on these.
///
/// # Errors
/// A database error.
pub fn append(
    tx: &mut WriteTx<'_>,
    homes: &[HomeId],
    activity: &SignedActivity,
    item: Option<Uuid>,
    now: Timestamp,
) -> DbResult<()> {
    let inner = activity.activity();
    peer_log::put_activity(tx, activity.key(), &inner.kind, activity.jws())?;
    crate::slots::register(tx, activity, false)?;
    let slot = slot_of(inner);
    let row = NewRow {
        activity: activity.key(),
        item,
        slot: slot.as_deref(),
        removes: inner.kind == "post.delete",
    };
    for home in homes {
        peer_log::put(tx, home, &row, now)?;
        if inner.kind.starts_with("friend.") {
            // What is said from now on may be for the new friends alone.
            peer_log::keep_order(tx, home)?;
        }
    }
    Ok(())
}

/// The slot in which what a post's author says of its comments waits.
#[must_use]
pub fn control_slot(post: Uuid) -> String {
    format!("control:{post}")
}

/// What an activity states the newest value of, if its kind is one of which only the last word counts.
fn slot_of(activity: &Activity) -> Option<String> {
    let named = |name: &str| -> Option<Uuid> { activity.object.get(name)?.as_str()?.parse().ok() };
    Some(match activity.kind.as_str() {
        "post.put" | "post.delete" => format!("post:{}", activity.post?),
        "post.control" => control_slot(activity.post?),
        "comment.put" | "comment.delete" => format!("comment:{}", named("id")?),
        "react.set" => {
            let item = named("comment").or(activity.post)?;
            format!("react:{item}:{}", activity.actor)
        }
        "person.update" => format!("person:{}", activity.actor),
        "node.update" => "node".to_owned(),
        // Each word between two people counts: a request that follows a parting is not the same without it.
        _ => return None,
    })
}
