//! How often one source may try to pair, or bring a word that a connection ended: a few attempts a minute, in bounded memory.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};

/// Attempts that one source has in a minute.
pub const ATTEMPTS: u32 = 5;
const WINDOW_MS: i64 = 60_000;
const MAX_SOURCES: usize = 4096;

/// Counts attempts by source address. An IPv6 network of 64 bits is one source, as one home has all of it.
#[derive(Debug, Default)]
pub struct AttemptLimiter {
    sources: HashMap<IpAddr, Window>,
}

#[derive(Debug)]
struct Window {
    since_ms: i64,
    used: u32,
}

impl Window {
    const fn is_over(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.since_ms) >= WINDOW_MS || now_ms < self.since_ms
    }
}

impl AttemptLimiter {
    /// Counts an attempt and says whether it may go on.
    pub fn attempt(&mut self, source: IpAddr, now_ms: i64) -> bool {
        let source = network_of(source);
        if !self.sources.contains_key(&source) && self.sources.len() >= MAX_SOURCES {
            self.make_room(now_ms);
        }
        let window = self.sources.entry(source).or_insert(Window {
            since_ms: now_ms,
            used: 0,
        });
        if window.is_over(now_ms) {
            *window = Window {
                since_ms: now_ms,
                used: 0,
            };
        }
        window.used = window.used.saturating_add(1);
        window.used <= ATTEMPTS
    }

    fn make_room(&mut self, now_ms: i64) {
        self.sources.retain(|_, window| !window.is_over(now_ms));
        if self.sources.len() >= MAX_SOURCES {
            let oldest = self
                .sources
                .iter()
                .min_by_key(|(_, window)| window.since_ms)
                .map(|(source, _)| *source);
            if let Some(oldest) = oldest {
                self.sources.remove(&oldest);
            }
        }
    }
}

fn network_of(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from(u128::from(ip) & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn the_sixth_attempt_in_a_minute_waits() {
        let mut limiter = AttemptLimiter::default();
        assert!((0..5).all(|n| limiter.attempt(ip("10.0.0.1"), n)));
        assert!(!limiter.attempt(ip("10.0.0.1"), 59_999));
        assert!(limiter.attempt(ip("10.0.0.2"), 59_999), "others are not affected");
        assert!(limiter.attempt(ip("10.0.0.1"), 60_000));
    }

    #[test]
    fn one_home_has_one_count_however_many_addresses_it_has() {
        let mut limiter = AttemptLimiter::default();
        for host in 1..=5 {
            assert!(limiter.attempt(ip(&format!("2001:db8::{host}")), 0));
        }
        assert!(!limiter.attempt(ip("2001:db8::ffff"), 0));
        assert!(limiter.attempt(ip("2001:db8:0:1::1"), 0));
        assert!((0..5).all(|_| limiter.attempt(ip("10.0.0.1"), 0)));
        assert!(
            !limiter.attempt(ip("::ffff:10.0.0.1"), 0),
            "the mapped form is the same source"
        );
    }

    #[test]
    fn memory_stays_bounded_under_a_flood() {
        let mut limiter = AttemptLimiter::default();
        for n in 0..20_000_u32 {
            limiter.attempt(IpAddr::from(n.to_be_bytes()), i64::from(n));
        }
        assert!(limiter.sources.len() <= MAX_SOURCES);
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let mut limiter = AttemptLimiter::default();
        for _ in 0..9 {
            limiter.attempt(ip("10.0.0.1"), 1_000_000);
        }
        assert!(limiter.attempt(ip("10.0.0.1"), 0));
    }
}
