//! The real clock and zone, ids and randomness: the one place that reaches for the ambient ones.

use hearth_api::Timestamp;
use hearth_api::ports::{Clock, Entropy, Ids, Zone};
use rand::TryRng;
#[expect(
    clippy::disallowed_types,
    reason = "this is the randomness that is passed in elsewhere"
)]
use rand::rngs::SysRng;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

/// Has every TLS client of this program that is not told otherwise use ring, as all else does. Some panic where nothing was said; saying it
/// again changes nothing.
pub fn use_ring_for_tls() {
    // It fails only where it was said before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the clock that is passed in elsewhere"
        )]
        let now = SystemTime::now();
        let ms = now.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
        Timestamp(i64::try_from(ms).unwrap_or(i64::MAX))
    }
}

/// The machine's time zone, as it is set now.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemZone;

impl Zone for SystemZone {
    fn ahead(&self, at: Timestamp) -> Option<i32> {
        let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
        match jiff::tz::TimeZone::try_system() {
            Ok(zone) => Some(zone.to_offset(at).seconds()),
            Err(error) => {
                tracing::debug!(%error, "This machine does not tell its time zone");
                None
            }
        }
    }

    fn ahead_in(&self, name: &str, at: Timestamp) -> Option<i32> {
        let named = (name != "auto").then(|| jiff::tz::TimeZone::get(name).ok());
        let (Some(zone), Ok(moment)) = (named.flatten(), jiff::Timestamp::from_millisecond(at.0)) else {
            return self.ahead(at);
        };
        Some(zone.to_offset(moment).seconds())
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        if let Err(error) = SysRng.try_fill_bytes(buffer) {
            // Without randomness no key is safe; nothing sensible can go on.
            tracing::error!(error = %error, "The operating system gives no randomness");
            std::process::abort();
        }
    }
}

/// UUIDv7 (RFC 9562) from a clock and randomness, each greater than the one before (method 1: a counter in the
/// 12 bits after the time, which begins anywhere in each millisecond). No two have the same first half.
pub struct TimeOrderedIds<C, E> {
    clock: C,
    entropy: E,
    last: Mutex<(u64, u16)>,
}

impl<C: Clock, E: Entropy> TimeOrderedIds<C, E> {
    /// A source over this clock and randomness.
    pub fn new(clock: C, entropy: E) -> Self {
        Self {
            clock,
            entropy,
            last: Mutex::new((0, 0)),
        }
    }
}

impl<C, E> std::fmt::Debug for TimeOrderedIds<C, E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TimeOrderedIds")
    }
}

impl<C: Clock, E: Entropy> Ids for TimeOrderedIds<C, E> {
    fn uuid(&self) -> Uuid {
        let now = u64::try_from(self.clock.now().0).unwrap_or(0);
        let (mut start, mut tail) = ([0_u8; 2], [0_u8; 8]);
        self.entropy.fill(&mut start);
        self.entropy.fill(&mut tail);
        let start = u16::from_be_bytes(start) & 0xFFF;
        let (ms, counter) = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = match *last {
                (ms, _) if now > ms => (now, start),
                (ms, counter) if counter < 0xFFF => (ms, counter.saturating_add(1)),
                (ms, _) => (ms.saturating_add(1), start),
            };
            *last
        };
        let high = (u128::from(ms) << 80) | (0x7_u128 << 76) | (u128::from(counter) << 64);
        let low = (u64::from_be_bytes(tail) & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000;
        Uuid::from_u128(high | u128::from(low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_federation::bound::Bound;

    struct Standing;
    impl Clock for Standing {
        fn now(&self) -> Timestamp {
            Timestamp(1_795_305_600_000)
        }
    }

    /// A clock that jumps as it is told, then stands.
    struct Jumping(Mutex<Vec<i64>>);
    impl Clock for Jumping {
        fn now(&self) -> Timestamp {
            let mut jumps = self.0.lock().unwrap();
            let next = if jumps.len() > 1 {
                jumps.pop()
            } else {
                jumps.last().copied()
            };
            Timestamp(1_795_305_600_000 + next.unwrap_or(0))
        }
    }

    proptest::proptest! {
        #[test]
        fn no_author_makes_a_bound_id_twice_and_each_is_theirs(
            jumps in proptest::collection::vec(-3_i64..3, 0..2_000),
            author: u128, post: u128,
        ) {
            let ids = TimeOrderedIds::new(Jumping(Mutex::new(jumps)), SystemEntropy);
            let author = Uuid::from_u128(author);
            let of_post = Bound::Post { author };
            let of_comment = Bound::Comment { author, post: Uuid::from_u128(post) };
            let mut last = Uuid::nil();
            for n in 0..6_000 {
                let bound = if n % 2 == 0 { of_post } else { of_comment };
                let id = bound.name(ids.uuid());
                proptest::prop_assert!(bound.may_be(id));
                let (head, before) = (id.as_u64_pair().0, last.as_u64_pair().0);
                proptest::prop_assert!(head > before, "{id} comes after {last}, and differs in what is hashed");
                last = id;
            }
        }
    }

    #[test]
    fn ids_rise_even_when_the_clock_stands() {
        let ids = TimeOrderedIds::new(Standing, SystemEntropy);
        let mut last = ids.uuid();
        for _ in 0..10_000 {
            let next = ids.uuid();
            assert!(next > last, "{next} comes after {last}");
            assert_eq!(next.get_version_num(), 7);
            last = next;
        }
    }
}
