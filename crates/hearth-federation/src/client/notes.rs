//! What is written down of calls: that a peer did what was asked, how its clock differs, that it failed and when it is tried again.

use super::CallError;
use crate::service::Federation;
use hearth_api::{Event, HomeId, Timestamp};
use hearth_db::{WriteTx, event, peer};
use rand::Rng as _;

/// The first wait after a failure, in milliseconds.
const FIRST_WAIT_MS: i64 = 5_000;
/// The longest, for a peer that calls when it is back.
const LONGEST_WAIT_MS: i64 = 60 * 60 * 1000;
/// The longest for one that may not be able to call this home, and while none is reached: then it is this home that is cut off, and
/// nobody could tell it that it is not any more.
const LONGEST_WAIT_ALONE_MS: i64 = 5 * 60 * 1000;
/// How old the last noted sign of life may get before a new one is written down: while nothing changes, nothing is written.
const NOTE_LIFE_EVERY_MS: i64 = 10 * 60_000;

impl Federation {
    /// Writes down that a peer did what was asked; seldom, while nothing changes.
    pub(crate) async fn note_life(&self, home: &HomeId) -> Result<(), CallError> {
        let (now, of) = (self.now(), home.clone());
        let Some(before) = self.db().read(move |tx| peer::get(tx, &of)).await? else {
            return Ok(());
        };
        let fresh = before
            .last_contact
            .is_some_and(|at| now.ms_since(at) < NOTE_LIFE_EVERY_MS);
        if fresh && before.failures == 0 && before.next_try.is_none() {
            return Ok(());
        }
        self.db()
            .write(move |tx| note_success(tx, &before.home, now))
            .await
    }

    pub(super) async fn note_offset(&self, home: &HomeId, offset_ms: i64) -> Result<(), CallError> {
        let (home, now) = (home.clone(), self.now());
        self.db()
            .write(move |tx| {
                peer::set_clock_offset(tx, &home, offset_ms)?;
                Ok(event::append(
                    tx,
                    None,
                    now,
                    &Event::HomesChanged { home: Some(home) },
                )?)
            })
            .await
    }

    /// Writes down a failed try, once for each time that was due, so that many calls at once do not count many times.
    pub(crate) async fn note_failure(&self, home: &HomeId, code: &'static str) -> Result<(), CallError> {
        let now = self.now();
        let home = home.clone();
        let jitter = u64::from(self.keys().rng().next_u32());
        let comes_by_itself = !self.signals().is_alone() && self.signals().peer(&home).way.comes_by_itself();
        let longest = if comes_by_itself {
            LONGEST_WAIT_MS
        } else {
            LONGEST_WAIT_ALONE_MS
        };
        self.db()
            .write(move |tx| {
                let Some(row) = peer::get(tx, &home)? else {
                    return Ok(());
                };
                if row.failures > 0 && row.next_try.is_some_and(|due| due > now) {
                    return Ok(());
                }
                let failures = row.failures.saturating_add(1);
                let next_try = now.plus_ms(wait_ms(failures, longest, jitter));
                peer::record_failure(tx, &home, code, failures, next_try)?;
                if row.failures == 0 || row.last_error.as_deref() != Some(code) {
                    tracing::info!(home = %home, code, "Another home does not answer");
                    event::append(tx, None, now, &Event::HomesChanged { home: Some(home) })?;
                }
                Ok(())
            })
            .await
    }
}

/// Notes that a peer does what is asked; windows are told when that ends a silence.
pub(crate) fn note_success(tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> Result<(), CallError> {
    let Some(before) = peer::get(tx, home)? else {
        return Ok(());
    };
    peer::record_success(tx, home, now, None)?;
    if before.failures > 0 {
        event::append(
            tx,
            None,
            now,
            &Event::HomesChanged {
                home: Some(home.clone()),
            },
        )?;
    }
    Ok(())
}

/// How long to wait after so many failures: doubling, and a quarter more or less, so that homes do not all come at once.
fn wait_ms(failures: u32, longest: i64, random: u64) -> i64 {
    let doublings = failures.saturating_sub(1).min(20);
    let wait = FIRST_WAIT_MS.saturating_mul(1 << doublings).min(longest);
    let spread = i64::try_from(random % (wait.unsigned_abs() / 2).max(1)).unwrap_or(0);
    wait.saturating_sub(wait / 4).saturating_add(spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_are_spread() {
        assert_eq!(
            [6, 7, 40].map(|failures| super::wait_ms(failures, LONGEST_WAIT_ALONE_MS, 0)),
            [120_000, 225_000, 225_000]
        );
        let wait_ms = |failures, random| super::wait_ms(failures, LONGEST_WAIT_MS, random);
        assert_eq!((wait_ms(1, 0), wait_ms(1, 2_499)), (3_750, 6_249));
        assert_eq!(wait_ms(2, 0), 7_500);
        for failures in [11, 12, 1_000, u32::MAX] {
            let (least, most) = (
                wait_ms(failures, 0),
                wait_ms(failures, LONGEST_WAIT_MS.unsigned_abs() / 2 - 1),
            );
            assert_eq!(
                (least, most),
                (LONGEST_WAIT_MS * 3 / 4, LONGEST_WAIT_MS * 5 / 4 - 1)
            );
        }
    }
}
