//! The lives of other homes' databases: what this home makes of what they tell.
//!
//! Besides its epoch a home tells which *run* it is: a name drawn at each start, how often the database was started, and which runs were
//! before it. A run that is started no more often than one that was heard of, or that does not come after that one, is a database from
//! before that, or a copy of it: it must begin a new epoch. A run that comes back after another one was heard of is a second copy that runs
//! at the same time: neither is listened to while they take turns, as their logs would have the same numbers for different things.
//!
//! The other way round, who says what it has of this home's log names the run that it has it from. What a run has sent that is none of this
//! database's was sent by a copy of it, and counts for nothing here (`own`).
//!
//! A new life of a home is believed once in a while only: each costs comparing with all that is held of it.

use crate::ids::{Epoch, RunId};
use crate::problem::{Code, Problem};
use hearth_api::{HomeId, Timestamp};
use hearth_db::reconcile::{self, LifeRow, ReconcileRow, Restored};
use hearth_db::{DbResult, ReadTx, WriteTx, meta, peer};
use serde::{Deserialize, Serialize};

/// Runs that are remembered of a home.
const RUNS: usize = 16;
/// Earlier epochs that are remembered of a home.
const EPOCHS: usize = 64;
/// How long two copies that took turns are not listened to.
const APART_MS: i64 = 10 * 60 * 1000;
/// How long after a new life of a home another one is not heard, and none is begun here on the word of others.
pub(super) const LIVES_APART_MS: i64 = 10 * 60 * 1000;
/// Who begins comparing anew within this time goes on with what it counted.
pub(super) const COUNTS_KEPT_MS: i64 = 60 * 60 * 1000;

/// One run of a home, as it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its name.
    pub id: RunId,
    /// How often the database was started.
    pub starts: u64,
    /// The runs before it, newest first, at most 16; programs from before this told none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Vec<RunId>>,
}

/// Comparing from the start, with what the same mending had counted so far.
pub(super) fn counting_on(mut row: ReconcileRow, before: Option<&ReconcileRow>) -> ReconcileRow {
    let is_same = |before: &&ReconcileRow| {
        let ago = row.begun_at.ms_since(before.begun_at);
        before.restored == row.restored
            && (before.phase != reconcile::Phase::Done || (0..COUNTS_KEPT_MS).contains(&ago))
    };
    if let Some(before) = before.filter(is_same) {
        row.fetched = before.fetched;
        row.aside = before.aside;
    }
    row
}

/// What became of what a home told of its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunSeen {
    /// It is the life that is known.
    Same,
    /// It is a new one: its database was restored.
    New,
    /// It is not to be listened to.
    Refused(Code),
    /// It is a new one too soon after another: it is heard after so many seconds.
    Later(u32),
}

impl RunSeen {
    /// What to answer who is not listened to.
    pub(crate) fn refusal(self) -> Option<Problem> {
        match self {
            Self::Same | Self::New => None,
            Self::Refused(code) => Some(Problem::new(code)),
            Self::Later(seconds) => {
                let mut problem = Problem::new(Code::Unavailable);
                problem.retry_after_s = Some(seconds);
                Some(problem)
            }
        }
    }
}

/// When a new life of a home was heard of last.
fn new_life_key(home: &HomeId) -> String {
    format!("new_life:{home}")
}

/// When it was noticed last that a home had lost something without saying so. A key of its own: the new life that the home begins a moment
/// later, when it has noticed itself, is heard at once.
fn loss_key(home: &HomeId) -> String {
    format!("heard_loss:{home}")
}

/// How many seconds until another life of a home is heard; `None` when it is heard now.
fn too_soon(tx: &WriteTx<'_>, from: &HomeId, now: Timestamp) -> DbResult<Option<u32>> {
    too_soon_after(tx, &new_life_key(from), now)
}

fn too_soon_after(tx: &WriteTx<'_>, key: &str, now: Timestamp) -> DbResult<Option<u32>> {
    let last = meta::get(tx, key)?.and_then(|text| text.parse::<i64>().ok());
    let left = last
        .map(Timestamp)
        .filter(|at| is_within(*at, now, LIVES_APART_MS))
        .map(|at| LIVES_APART_MS - now.ms_since(at));
    Ok(left.map(|ms| {
        u32::try_from(ms.div_euclid(1000))
            .unwrap_or(u32::MAX)
            .saturating_add(1)
    }))
}

/// Forgets all that is known of the lives of a home, and of comparing with it: the connection ended.
///
/// # Errors
/// A database error.
pub(crate) fn forget_lives(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    meta::remove(tx, &new_life_key(home))?;
    meta::remove(tx, &loss_key(home))?;
    super::own::forget_words(tx, home)?;
    reconcile::forget(tx, home)
}

/// Takes note of what a home tells of its life; whether that changed what is known of it. A refusal is to be written down like
/// anything else.
///
/// # Errors
/// A database error.
pub(crate) fn note_life(
    tx: &mut WriteTx<'_>,
    from: &HomeId,
    epoch: &Epoch,
    run: Option<Run>,
    now: Timestamp,
) -> DbResult<(RunSeen, bool)> {
    let known = match reconcile::life(tx, from)? {
        Some(row) => Some(row),
        // Its log was received before lives were told.
        None => peer::get(tx, from)?
            .and_then(|row| row.their_epoch)
            .map(|epoch| LifeRow {
                home: from.clone(),
                epoch,
                starts: 0,
                runs: Vec::new(),
                earlier: Vec::new(),
                cloned_at: None,
            }),
    };
    let Some(known) = known else {
        let row = LifeRow {
            home: from.clone(),
            epoch: epoch.to_string(),
            starts: run.as_ref().map_or(0, |run| run.starts),
            runs: run.iter().map(|run| run.id.to_string()).collect(),
            earlier: Vec::new(),
            cloned_at: None,
        };
        reconcile::put_life(tx, &row)?;
        return Ok((RunSeen::Same, false));
    };
    let (row, seen) = judge(known.clone(), epoch, run, now);
    if seen == RunSeen::New
        && let Some(seconds) = too_soon(tx, from, now)?
    {
        return Ok((RunSeen::Later(seconds), false));
    }
    // Taking turns goes on and on; it is news once in a while.
    let is_news = match (known.cloned_at, row.cloned_at) {
        (Some(before), Some(_)) if is_within(before, now, APART_MS) => false,
        _ => row != known,
    };
    if row != known {
        reconcile::put_life(tx, &row)?;
    }
    if seen == RunSeen::New {
        meta::set(tx, &new_life_key(from), &now.0.to_string())?;
        compare_with_restored(tx, from, now)?;
    }
    Ok((seen, is_news))
}

/// Another home was restored: what it lost is given to it by comparing.
///
/// # Errors
/// A database error.
pub(crate) fn compare_with_restored(tx: &mut WriteTx<'_>, other: &HomeId, now: Timestamp) -> DbResult<()> {
    let before = reconcile::get(tx, other)?;
    let answered_until = peer::get(tx, other)?.and_then(|row| row.last_contact);
    let mut row = ReconcileRow::begin(other.clone(), Restored::There, now);
    row.seen_until = answered_until;
    // A home that is just being mended itself stays so.
    if let Some(before) = &before
        && before.phase != reconcile::Phase::Done
        && before.restored == Restored::Here
    {
        row.restored = Restored::Here;
        row.seen_until = before.seen_until;
    }
    reconcile::put(tx, &counting_on(row, before.as_ref()))
}

/// This home was restored to before its present connection with another began: what it lost of that comes back by comparing. Unless it
/// `knew` that it had lost something, that is the word of the other one alone.
///
/// # Errors
/// A database error.
pub(crate) fn compare_as_restored(
    tx: &mut WriteTx<'_>,
    with: &HomeId,
    knew: bool,
    now: Timestamp,
) -> DbResult<()> {
    if !knew {
        meta::set(tx, &loss_key(with), &now.0.to_string())?;
    }
    reconcile::put(tx, &ReconcileRow::begin(with.clone(), Restored::Here, now))
}

/// One of two homes does not know any more what it had acknowledged, and did not say that it was restored: what it lost comes to light by
/// comparing. Once in a while only, as a new life is heard of.
///
/// # Errors
/// A database error.
pub(super) fn note_loss(
    tx: &mut WriteTx<'_>,
    of: &HomeId,
    restored: Restored,
    now: Timestamp,
) -> DbResult<bool> {
    if reconcile::is_due(tx, of)?
        || too_soon(tx, of, now)?.is_some()
        || too_soon_after(tx, &loss_key(of), now)?.is_some()
    {
        return Ok(false);
    }
    meta::set(tx, &loss_key(of), &now.0.to_string())?;
    let before = reconcile::get(tx, of)?;
    let row = ReconcileRow::begin(of.clone(), restored, now);
    reconcile::put(tx, &counting_on(row, before.as_ref()))?;
    Ok(true)
}

/// Whether that this home lost something, as it compares with another, is the word of that one alone.
///
/// # Errors
/// A database error.
pub(crate) fn is_said_alone(tx: &ReadTx<'_>, row: &ReconcileRow) -> DbResult<bool> {
    if row.restored != Restored::Here {
        return Ok(false);
    }
    let has_own_life = peer::get(tx, &row.home)?.is_some_and(|peer| peer.own_epoch.is_some());
    let said = meta::get(tx, &loss_key(&row.home))?.is_some_and(|at| at == row.begun_at.0.to_string());
    Ok(has_own_life || said)
}

/// Whether this home knows that it lost what another may give back, and not by the word of that one alone.
///
/// # Errors
/// A database error.
pub fn has_lost(tx: &ReadTx<'_>, with: &HomeId) -> DbResult<bool> {
    match reconcile::get(tx, with)? {
        Some(row) => Ok(row.restored == Restored::Here && !is_said_alone(tx, &row)?),
        None => Ok(false),
    }
}

/// Whether something was so many milliseconds ago at most. A clock that was set back does not make it last longer.
pub(super) fn is_within(at: Timestamp, now: Timestamp, ms: i64) -> bool {
    (0..ms).contains(&now.ms_since(at))
}

/// What to make of it, given what was known.
fn judge(mut row: LifeRow, epoch: &Epoch, run: Option<Run>, now: Timestamp) -> (LifeRow, RunSeen) {
    let epoch = epoch.to_string();
    let name = run.as_ref().map(|run| run.id.to_string());
    let starts = run.as_ref().map_or(0, |run| run.starts);
    let returns = name
        .as_ref()
        .is_some_and(|name| row.runs.contains(name) && row.runs.last() != Some(name));
    if returns {
        row.runs.retain(|known| Some(known) != name.as_ref());
        row.runs.extend(name);
        row.cloned_at = Some(now);
        return (row, RunSeen::Refused(Code::Cloned));
    }
    if let Some(at) = row.cloned_at {
        if is_within(at, now, APART_MS) {
            return (row, RunSeen::Refused(Code::Cloned));
        }
        // Nobody can tell whose log it was meanwhile.
        if epoch == row.epoch {
            return (row, RunSeen::Refused(Code::EpochChanged));
        }
    }
    if epoch == row.epoch {
        let is_known = name.is_none() || row.runs.last() == name.as_ref();
        let follows = starts > row.starts && run.as_ref().is_none_or(|run| comes_after(run, &row));
        if !is_known && !follows {
            return (row, RunSeen::Refused(Code::EpochChanged));
        }
        if !is_known {
            row.starts = starts;
            row.runs.extend(name);
            keep_newest(&mut row.runs, RUNS);
        }
        return (row, RunSeen::Same);
    }
    if row.earlier.contains(&epoch) {
        return (row, RunSeen::Refused(Code::EpochChanged));
    }
    row.earlier.push(std::mem::replace(&mut row.epoch, epoch));
    keep_newest(&mut row.earlier, EPOCHS);
    row.starts = starts;
    if row.runs.last() != name.as_ref() {
        row.runs.extend(name);
        keep_newest(&mut row.runs, RUNS);
    }
    row.cloned_at = None;
    (row, RunSeen::New)
}

/// Whether a run, started more often than the one heard last, comes after that one, as far as it tells.
fn comes_after(run: &Run, known: &LifeRow) -> bool {
    let between = run.starts.saturating_sub(known.starts).saturating_sub(1);
    let before = usize::try_from(between)
        .ok()
        .and_then(|between| run.before.as_deref()?.get(between));
    match (before, known.runs.last()) {
        (Some(before), Some(last)) => before.to_string() == *last,
        _ => true,
    }
}

fn keep_newest(list: &mut Vec<String>, most: usize) {
    list.drain(..list.len().saturating_sub(most));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(n: u8) -> Epoch {
        Epoch::from_bytes([n; 16])
    }

    fn run(id: u8, starts: u64) -> Option<Run> {
        Some(Run {
            id: RunId::from_bytes([id; 16]),
            starts,
            before: None,
        })
    }

    /// A run that tells those before it, newest first.
    fn after(id: u8, starts: u64, before: &[u8]) -> Option<Run> {
        let before = before.iter().map(|id| RunId::from_bytes([*id; 16])).collect();
        run(id, starts).map(|run| Run {
            before: Some(before),
            ..run
        })
    }

    /// What becomes of each in turn, a second apart unless said otherwise.
    fn story(told: &[(u8, Option<Run>, i64)]) -> Vec<RunSeen> {
        let mut row = LifeRow {
            home: "a".repeat(52).parse().unwrap(),
            epoch: epoch(1).to_string(),
            starts: 5,
            runs: vec![RunId::from_bytes([1; 16]).to_string()],
            earlier: Vec::new(),
            cloned_at: None,
        };
        let mut now = 0;
        let mut seen = Vec::new();
        for (number, run, wait_ms) in told {
            now += wait_ms;
            let (next, what) = judge(row, &epoch(*number), run.clone(), Timestamp(now));
            row = next;
            seen.push(what);
        }
        seen
    }

    use RunSeen::{New, Refused, Same};
    const OLDER: RunSeen = Refused(Code::EpochChanged);
    const CLONED: RunSeen = Refused(Code::Cloned);

    #[test]
    fn starting_again_is_the_same_life() {
        let told = [
            (1, run(1, 5), 1),
            (1, run(2, 6), 1),
            (1, run(3, 9), 1),
            (1, None, 1),
        ];
        assert_eq!(story(&told), [Same, Same, Same, Same]);
    }

    #[test]
    fn a_copy_from_before_must_begin_a_new_life_and_is_heard_then() {
        let told = [
            (1, run(2, 4), 1),
            (1, run(2, 4), 1),
            (2, run(2, 1), 1),
            (2, run(2, 1), 1),
        ];
        assert_eq!(story(&told), [OLDER, OLDER, New, Same]);
        assert_eq!(
            story(&[(1, run(2, 5), 1)]),
            [OLDER],
            "as often started is not more often"
        );
    }

    #[test]
    fn a_run_that_does_not_come_after_the_one_that_was_heard_is_another_copy() {
        // Started once more, and twice more, after what was heard.
        let told = [(1, after(2, 6, &[1, 9]), 1), (1, after(4, 8, &[3, 2, 1]), 1)];
        assert_eq!(story(&told), [Same, Same]);
        // The copy was heard first; the original was started more often since.
        let told = [(1, after(2, 6, &[1]), 1), (1, after(4, 7, &[3, 1]), 1)];
        assert_eq!(story(&told), [Same, OLDER]);
        // It was started more often than it tells: as often as it says is all that is known.
        let told = [(1, after(2, 40, &[3, 4]), 1), (1, after(5, 41, &[]), 1)];
        assert_eq!(story(&told), [Same, Same]);
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_keep_copies_apart_for_longer() {
        let days = 86_400_000;
        let told = [(1, run(2, 6), days), (1, run(1, 5), 1), (1, run(2, 6), -days)];
        let mut expected = vec![Same, CLONED];
        assert_eq!(story(&told)[..2], expected);
        // It returns once more, and that is news; after that only the time that has passed counts.
        expected.push(CLONED);
        assert_eq!(story(&told), expected);
        let told = [(1, run(2, 6), days), (1, run(1, 5), 1), (2, run(3, 1), -days)];
        assert_eq!(story(&told), [Same, CLONED, New]);
    }

    #[test]
    fn a_life_that_ended_does_not_come_back() {
        let told = [(2, run(2, 1), 1), (1, run(3, 6), 1), (3, run(3, 1), 1)];
        assert_eq!(story(&told), [New, OLDER, New]);
    }

    #[test]
    fn two_copies_that_take_turns_are_not_heard_until_one_is_off() {
        let told = [
            (1, run(2, 6), 1),
            (1, run(1, 5), 1),
            (1, run(2, 6), 1),
            (1, run(2, 6), 1),
            (1, run(2, 6), APART_MS),
            (2, run(2, 1), 1),
            (1, run(1, 5), APART_MS),
        ];
        assert_eq!(story(&told), [Same, CLONED, CLONED, CLONED, OLDER, New, CLONED]);
    }
}
