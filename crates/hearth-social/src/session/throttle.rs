//! Slowing down whoever guesses: after five failures each further try waits, longer each time, and nobody is ever locked out.
//!
//! A try is counted before it is made and taken back when it succeeds, so that many at once gain nothing. What is remembered
//! is durable and names nobody: a subject is a hash.

use hearth_api::{ApiError, ApiResult, Code, PersonId, Timestamp};
use hearth_db::attempt::{self, AttemptRow};
use hearth_db::{DbResult, WriteTx};
use sha2::{Digest as _, Sha256};
use std::net::{IpAddr, Ipv6Addr};

/// Failures without a wait.
const FREE: u32 = 5;
/// The wait after the last free failure; doubles with each more.
const FIRST_WAIT_MS: i64 = 30_000;
/// The longest wait, and how long all must be quiet until failures are forgotten.
const WINDOW_MS: i64 = 15 * 60_000;

/// Whose or from where failures are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subject([u8; 32]);

impl Subject {
    fn new(kind: &str, value: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(kind);
        hash.update([0]);
        hash.update(value);
        Self(hash.finalize().into())
    }

    /// A sign-in name, whether or not anybody has it.
    pub(crate) fn username(key: &str) -> Self {
        Self::new("username", key.as_bytes())
    }

    /// A signed-in person who proves themself again.
    pub(crate) fn person(person: PersonId) -> Self {
        Self::new("person", person.as_bytes())
    }

    /// Codes that stand for an account, tried from a network address; empty for the desktop window, which is one as well.
    pub(crate) fn code(address: &str) -> Self {
        Self::address(address).unwrap_or_else(|| Self::new("code", b""))
    }

    /// A network address; the neighbours of an IPv6 address are one. Nothing for the desktop window.
    pub(crate) fn address(address: &str) -> Option<Self> {
        if address.is_empty() {
            return None;
        }
        let bare = match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
            Ok(IpAddr::V6(ip)) => Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)).to_string(),
            Ok(IpAddr::V4(ip)) => ip.to_string(),
            Err(_not_an_address) => address.to_owned(),
        };
        Some(Self::new("address", bare.as_bytes()))
    }
}

fn wait_ms(failures: u32) -> i64 {
    match failures.checked_sub(FREE) {
        None => 0,
        Some(more) => FIRST_WAIT_MS
            .saturating_mul(1i64.checked_shl(more.min(16)).unwrap_or(i64::MAX))
            .min(WINDOW_MS),
    }
}

/// Counts a try as failed before it is made.
///
/// # Errors
/// `rate_limited` with the time to wait, and nothing is counted; a database error.
pub(crate) fn begin(tx: &mut WriteTx<'_>, subjects: &[Subject], now: Timestamp) -> ApiResult<()> {
    let mut rows = Vec::with_capacity(subjects.len());
    let mut wait = 0;
    for subject in subjects {
        let row = attempt::get(tx, &subject.0)?;
        wait = wait.max(row.map_or(0, |row| row.blocked_until.ms_since(now)));
        rows.push((subject, row));
    }
    if wait > 0 {
        return Err(ApiError::new(
            Code::RateLimited,
            "Too many attempts. Wait a moment, then try again.",
        )
        .after_ms(wait.unsigned_abs()));
    }
    for (subject, row) in rows {
        let before = row.filter(|row| now.ms_since(row.last_at.max(row.blocked_until)) < WINDOW_MS);
        let failures = before.map_or(0, |row| row.failures).saturating_add(1);
        let row = AttemptRow {
            failures,
            last_at: now,
            blocked_until: now.plus_ms(wait_ms(failures)),
        };
        attempt::put(tx, &subject.0, row)?;
    }
    Ok(())
}

/// Takes the count of one try back: it was no failure, but proves nothing for the tries before it.
pub(crate) fn take_back(tx: &mut WriteTx<'_>, subjects: &[Subject], now: Timestamp) -> DbResult<()> {
    for subject in subjects {
        if let Some(row) = attempt::get(tx, &subject.0)? {
            let failures = row.failures.saturating_sub(1);
            attempt::put(
                tx,
                &subject.0,
                AttemptRow {
                    failures,
                    last_at: row.last_at,
                    blocked_until: now,
                },
            )?;
        }
    }
    Ok(())
}

/// Forgets the failures: the person proved who they are.
pub(crate) fn clear(tx: &mut WriteTx<'_>, subject: Subject) -> DbResult<()> {
    attempt::forget(tx, &subject.0)
}

/// Forgets what is over.
pub(crate) fn sweep(tx: &mut WriteTx<'_>, now: Timestamp) -> DbResult<usize> {
    attempt::sweep(tx, now.plus_ms(-WINDOW_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let waits: Vec<i64> = (4..=12).map(|failures| wait_ms(failures) / 1000).collect();
        assert_eq!(waits, [0, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(wait_ms(u32::MAX), WINDOW_MS);
    }

    #[test]
    fn addresses_are_counted_by_network() {
        assert_eq!(Subject::address(""), None);
        assert_eq!(
            Subject::address("2001:db8::1"),
            Subject::address("2001:db8::ffff:2")
        );
        assert_ne!(
            Subject::address("2001:db8::1"),
            Subject::address("2001:db8:0:1::1")
        );
        assert_eq!(
            Subject::address("::ffff:192.0.2.7"),
            Subject::address("192.0.2.7")
        );
        assert_ne!(Subject::address("192.0.2.7"), Subject::address("192.0.2.8"));
    }
}
