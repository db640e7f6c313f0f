//! Activities and the peers' logs.

pub use super::delivery::{DeliveryRow, delivery, forget_delivery, last_sent, refused, settle_later};

use super::delivery::state_text;
use crate::refusal::{self, RefusalRow};
use crate::sql::{at, home, id, unsigned};
use crate::{DbResult, ReadTx, Wake, WriteTx, taking_back};
use hearth_api::{HomeId, Timestamp, feed::DeliveryState};
use uuid::Uuid;

/// One row of a peer's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Its number, rising by one.
    pub seq: u64,
    /// The key under which the activity is stored.
    pub activity: Uuid,
    /// The activity as signed.
    pub jws: String,
    /// The post or comment that it is about.
    pub item: Option<Uuid>,
    /// When it was appended.
    pub at: Timestamp,
}

/// Stores an activity once, under a key that no other text has; false when it was there.
///
/// # Errors
/// A database error.
pub fn put_activity(tx: &mut WriteTx<'_>, activity: Uuid, kind: &str, jws: &str) -> DbResult<bool> {
    let rows = tx.run(
        "INSERT INTO activity (id, kind, jws) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
        (activity.as_bytes(), kind, jws),
    )?;
    Ok(rows == 1)
}

/// An activity as signed, if it is stored.
///
/// # Errors
/// A database error.
pub fn activity(tx: &ReadTx<'_>, activity: Uuid) -> DbResult<Option<String>> {
    tx.value("SELECT jws FROM activity WHERE id = ?1", [activity.as_bytes()])
}

/// What is appended to a log.
#[derive(Debug, Clone, Copy)]
pub struct NewRow<'a> {
    /// The stored activity.
    pub activity: Uuid,
    /// The post or comment that it puts, whose delivery is followed.
    pub item: Option<Uuid>,
    /// What it states; of one slot only the newest need arrive.
    pub slot: Option<&'a str>,
    /// It says that the thing is gone: whoever never had it need not hear of it.
    pub removes: bool,
}

/// By which way rows leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// This home sends them.
    Pushed,
    /// The other home fetches them.
    Offered,
}

/// Appends a stored activity to a home's log and, when it is about an item, marks that as waiting there. Wakes the delivery.
///
/// # Errors
/// A database error.
pub fn append(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    activity: Uuid,
    item: Option<Uuid>,
    now: Timestamp,
) -> DbResult<()> {
    let row = NewRow {
        activity,
        item,
        slot: None,
        removes: false,
    };
    put(tx, home, &row, now)
}

/// By its own index: of a home that was away for long the log is long, and its key alone would lead through all of it.
const REPLACED: &str =
    "SELECT l.seq, l.fresh FROM peer_log l INDEXED BY peer_log_by_slot JOIN peer_log_end e ON e.home = l.home
     WHERE l.slot = ?2 AND l.home = ?1 AND l.seq > max(e.pushed, e.offered) ORDER BY l.seq DESC LIMIT 1";

/// As [`append`], but what waits in the same slot and cannot have left is replaced, in its place; what takes away
/// something that the home never had takes its row away and leaves none.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, home: &HomeId, new: &NewRow<'_>, now: Timestamp) -> DbResult<()> {
    let item = new.item.map(|i| *i.as_bytes());
    let replaced = match new.slot {
        None => None,
        Some(slot) => tx.first(REPLACED, (home.as_str(), slot), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?))
        })?,
    };
    match replaced {
        Some((seq, true)) if new.removes => {
            tx.run(
                "DELETE FROM peer_log WHERE home = ?1 AND seq = ?2",
                (home.as_str(), seq),
            )?;
            return Ok(());
        }
        // Before a retraction it would be taken back with what it belongs to, and before a word of friendship nobody may see it: it goes to
        // the end.
        Some((seq, _)) if keeps_order(tx, home, u64::try_from(seq).unwrap_or(0))? => {
            tx.run(
                "DELETE FROM peer_log WHERE home = ?1 AND seq = ?2",
                (home.as_str(), seq),
            )?;
            insert(tx, home, new, now)?;
        }
        Some((seq, _)) => {
            tx.run(
                "UPDATE peer_log SET activity = ?3, item = ?4, at = ?5 WHERE home = ?1 AND seq = ?2",
                (home.as_str(), seq, new.activity.as_bytes(), item, now.0),
            )?;
        }
        None => insert(tx, home, new, now)?,
    }
    if let Some(item) = item {
        tx.run(
            "INSERT INTO delivery (item, home, activity, state, at) VALUES (?1, ?2, ?3, 'waiting', ?4)
             ON CONFLICT (item, home) DO UPDATE SET activity = ?3, state = 'waiting', code = NULL, at = ?4",
            (item, home.as_str(), new.activity.as_bytes(), now.0),
        )?;
    }
    tx.wake(Wake::Delivery);
    Ok(())
}

const BEFORE_RETRACTION: &str = "SELECT 1 FROM peer_log_end WHERE home = ?1 AND retracted > ?2";

/// Whether a retraction or a word of friendship came into a home's log after a number.
///
/// # Errors
/// A database error.
pub fn keeps_order(tx: &ReadTx<'_>, home: &HomeId, seq: u64) -> DbResult<bool> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    tx.exists(BEFORE_RETRACTION, (home.as_str(), seq))
}

/// What is in a home's log now is not replaced in its place any more, but at the end, as after a retraction.
///
/// # Errors
/// A database error.
pub fn keep_order(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run(
        "UPDATE peer_log_end SET retracted = seq WHERE home = ?1",
        [home.as_str()],
    )?;
    Ok(())
}

fn insert(tx: &mut WriteTx<'_>, home: &HomeId, new: &NewRow<'_>, now: Timestamp) -> DbResult<()> {
    tx.run(
        "INSERT INTO peer_log_end (home, seq) VALUES (?1, 1) ON CONFLICT (home) DO UPDATE SET seq = seq + 1",
        [home.as_str()],
    )?;
    tx.run(
        "INSERT INTO peer_log (home, seq, activity, item, at, slot, fresh)
         SELECT e.home, e.seq, ?2, ?3, ?4, ?5,
                ?3 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.item = ?3 AND d.home = ?1)
         FROM peer_log_end e WHERE e.home = ?1",
        (
            home.as_str(),
            new.activity.as_bytes(),
            new.item.map(|i| *i.as_bytes()),
            now.0,
            new.slot,
        ),
    )?;
    Ok(())
}

/// Notes that rows up to a number are about to leave; the mark as it was before.
///
/// # Errors
/// A database error.
pub fn mark(tx: &mut WriteTx<'_>, home: &HomeId, way: Way, seq: u64) -> DbResult<u64> {
    let (read, write) = match way {
        Way::Pushed => (
            "SELECT pushed FROM peer_log_end WHERE home = ?1",
            "UPDATE peer_log_end SET pushed = ?2 WHERE home = ?1 AND pushed < ?2",
        ),
        Way::Offered => (
            "SELECT offered FROM peer_log_end WHERE home = ?1",
            "UPDATE peer_log_end SET offered = ?2 WHERE home = ?1 AND offered < ?2",
        ),
    };
    let before = tx.count(read, [home.as_str()])?;
    if before < seq {
        tx.run(write, (home.as_str(), i64::try_from(seq).unwrap_or(i64::MAX)))?;
    }
    Ok(before)
}

/// Takes a mark of [`Way::Pushed`] back: nothing has left.
///
/// # Errors
/// A database error.
pub fn unmark_pushed(tx: &mut WriteTx<'_>, home: &HomeId, before: u64) -> DbResult<()> {
    tx.run(
        "UPDATE peer_log_end SET pushed = ?2 WHERE home = ?1 AND pushed > ?2",
        (home.as_str(), i64::try_from(before).unwrap_or(i64::MAX)),
    )?;
    Ok(())
}

/// The highest number that may have left, by whatever way.
///
/// # Errors
/// A database error.
pub fn sent(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count(
        "SELECT max(pushed, offered) FROM peer_log_end WHERE home = ?1",
        [home.as_str()],
    )
}

/// The highest number that may have left, by home.
///
/// # Errors
/// A database error.
pub fn all_sent(tx: &ReadTx<'_>) -> DbResult<Vec<(HomeId, u64)>> {
    tx.all(
        "SELECT home, max(pushed, offered) FROM peer_log_end ORDER BY home",
        [],
        |row| Ok((home(row, 0)?, unsigned(row, 1, "sent seq")?)),
    )
}

/// Takes an activity out of all logs: it need not arrive any more.
///
/// # Errors
/// A database error.
pub fn withdraw_activity(tx: &mut WriteTx<'_>, activity: Uuid) -> DbResult<()> {
    tx.run("DELETE FROM peer_log WHERE activity = ?1", [activity.as_bytes()])?;
    Ok(())
}

/// Takes an activity out of one home's log: it need not arrive there any more.
///
/// # Errors
/// A database error.
pub fn withdraw_activity_from(tx: &mut WriteTx<'_>, home: &HomeId, activity: Uuid) -> DbResult<()> {
    tx.run(
        "DELETE FROM peer_log WHERE activity = ?2 AND home = ?1",
        (home.as_str(), activity.as_bytes()),
    )?;
    Ok(())
}

/// Takes all of a slot out of all logs.
///
/// # Errors
/// A database error.
pub fn withdraw_slot(tx: &mut WriteTx<'_>, slot: &str) -> DbResult<()> {
    tx.run("DELETE FROM peer_log WHERE slot = ?1", [slot])?;
    Ok(())
}

/// The oldest rows of a home's log after a number, at most `limit`.
///
/// # Errors
/// A database error.
pub fn rows(tx: &ReadTx<'_>, home: &HomeId, after: u64, limit: u32) -> DbResult<Vec<LogRow>> {
    tx.all(
        "SELECT l.seq, l.activity, a.jws, l.item, l.at FROM peer_log l JOIN activity a ON a.id = l.activity
         WHERE l.home = ?1 AND l.seq > ?2 ORDER BY l.seq LIMIT ?3",
        (home.as_str(), i64::try_from(after).unwrap_or(i64::MAX), limit),
        |row| {
            Ok(LogRow {
                seq: unsigned(row, 0, "log seq")?,
                activity: id(row, 1)?,
                jws: row.get(2)?,
                item: crate::sql::opt_id(row, 3)?,
                at: at(row, 4)?,
            })
        },
    )
}

/// Whether anything waits for a home.
///
/// # Errors
/// A database error.
pub fn any(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<bool> {
    tx.exists("SELECT 1 FROM peer_log WHERE home = ?1", [home.as_str()])
}

/// How many rows wait for a home, counted up to `most`.
///
/// # Errors
/// A database error.
pub fn waiting_up_to(tx: &ReadTx<'_>, home: &HomeId, most: u32) -> DbResult<u64> {
    tx.count(
        "SELECT count(*) FROM (SELECT 1 FROM peer_log WHERE home = ?1 LIMIT ?2)",
        (home.as_str(), most),
    )
}

/// How many rows wait for a home.
///
/// # Errors
/// A database error.
pub fn waiting(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count("SELECT count(*) FROM peer_log WHERE home = ?1", [home.as_str()])
}

/// The last number given in a home's log; 0 when nothing ever was.
///
/// # Errors
/// A database error.
pub fn end(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count("SELECT seq FROM peer_log_end WHERE home = ?1", [home.as_str()])
}

/// Takes an acknowledged row out of the log and notes the outcome at its item, unless something newer about it waits; a refusal of
/// what has no item is kept for itself.
/// False when there is nothing to tell of: the row was withdrawn or acknowledged by another way, or another activity took its
/// place while it was on its way. That one is appended again under a new number, as this one is used up.
///
/// # Errors
/// A database error.
pub fn settle(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    row: &LogRow,
    state: DeliveryState,
    code: Option<&str>,
    now: Timestamp,
) -> DbResult<bool> {
    let seq = i64::try_from(row.seq).unwrap_or(i64::MAX);
    let there_now = tx.first(
        "SELECT activity, item, slot FROM peer_log WHERE home = ?1 AND seq = ?2",
        (home.as_str(), seq),
        |there| {
            let slot: Option<String> = there.get(2)?;
            Ok((id::<Uuid>(there, 0)?, crate::sql::opt_id(there, 1)?, slot))
        },
    )?;
    let Some((activity, item, slot)) = there_now else {
        return Ok(false);
    };
    tx.run(
        "DELETE FROM peer_log WHERE home = ?1 AND seq = ?2",
        (home.as_str(), seq),
    )?;
    if activity != row.activity {
        let again = NewRow {
            activity,
            item,
            slot: slot.as_deref(),
            removes: false,
        };
        put(tx, home, &again, now)?;
        return Ok(false);
    }
    refusal::settled(tx, home, slot.as_deref())?;
    if row.item.is_none()
        && state == DeliveryState::Refused
        && let Some(code) = code
    {
        let kind: Option<String> =
            tx.value("SELECT kind FROM activity WHERE id = ?1", [activity.as_bytes()])?;
        let refused = RefusalRow {
            slot: slot.as_deref(),
            kind: kind.as_deref().unwrap_or_default(),
            code,
            at: now,
        };
        refusal::put(tx, home, &refused)?;
    }
    tx.run(
        "UPDATE delivery SET state = ?4, code = ?5, at = ?6 WHERE item = ?1 AND home = ?2 AND activity = ?3",
        (
            row.item.map(|i| *i.as_bytes()),
            home.as_str(),
            row.activity.as_bytes(),
            state_text(state),
            code,
            now.0,
        ),
    )?;
    Ok(true)
}

/// Whether an item's activity has not been answered by a home yet.
///
/// # Errors
/// A database error.
pub fn is_on_its_way(tx: &ReadTx<'_>, home: &HomeId, activity: Uuid) -> DbResult<bool> {
    tx.exists(
        "SELECT 1 FROM peer_log WHERE home = ?1 AND activity = ?2 AND item IS NOT NULL",
        (home.as_str(), activity.as_bytes()),
    )
}

/// Takes a row out of a home's log that is not to be sent any more; its number is used up. Of an item of which the home has something
/// already, or may have, it is still known that it does.
///
/// # Errors
/// A database error.
pub fn withdraw(tx: &mut WriteTx<'_>, home: &HomeId, row: &LogRow) -> DbResult<()> {
    let seq = i64::try_from(row.seq).unwrap_or(i64::MAX);
    let never_had = tx.exists(
        "SELECT 1 FROM peer_log l JOIN peer_log_end e ON e.home = l.home
         WHERE l.home = ?1 AND l.seq = ?2 AND l.fresh AND l.seq > max(e.pushed, e.offered)",
        (home.as_str(), seq),
    )?;
    tx.run(
        "DELETE FROM peer_log WHERE home = ?1 AND seq = ?2",
        (home.as_str(), seq),
    )?;
    let Some(item) = row.item else {
        taking_back::done(tx, home, row.activity)?;
        return Ok(());
    };
    let key = (item.as_bytes(), home.as_str(), row.activity.as_bytes());
    if never_had {
        tx.run(
            "DELETE FROM delivery WHERE item = ?1 AND home = ?2 AND activity = ?3",
            key,
        )?;
    } else {
        tx.run(
            "UPDATE delivery SET state = 'delivered' WHERE item = ?1 AND home = ?2 AND activity = ?3 AND state = 'waiting'",
            key,
        )?;
    }
    Ok(())
}

/// Marks an item as waiting at a home once more, if the activity that put it still waits in the log; whether it does.
///
/// # Errors
/// A database error.
pub fn waits_still(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    activity: Uuid,
    item: Uuid,
    now: Timestamp,
) -> DbResult<bool> {
    let marked = tx.run(
        "INSERT INTO delivery (item, home, activity, state, at)
         SELECT ?3, ?1, ?2, 'waiting', ?4
         WHERE EXISTS (SELECT 1 FROM peer_log WHERE home = ?1 AND activity = ?2)
         ON CONFLICT (item, home) DO UPDATE SET activity = ?2, state = 'waiting', code = NULL, at = ?4",
        (home.as_str(), activity.as_bytes(), item.as_bytes(), now.0),
    )?;
    Ok(marked > 0)
}

/// Drops everything that waits for a home, and what it refused that is no item.
///
/// # Errors
/// A database error.
pub fn clear(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM peer_log WHERE home = ?1", [home.as_str()])?;
    tx.run(
        "DELETE FROM delivery WHERE home = ?1 AND state = 'waiting'",
        [home.as_str()],
    )?;
    taking_back::forget(tx, home)?;
    refusal::clear(tx, home)
}

#[cfg(test)]
mod tests {
    use crate::table::plan::{check_found_by_key, check_uses};

    #[test]
    fn what_waits_in_a_slot_is_found_however_long_the_log_is() {
        check_uses(super::REPLACED, "peer_log_by_slot (slot=? AND home=?");
        check_found_by_key(super::BEFORE_RETRACTION);
    }
}
