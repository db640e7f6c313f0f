//! The hybrid logical clock that orders what people do across nodes.
//!
//! A stamp is milliseconds, a counter for what happens within one, and a few bytes of the node id, so that no two
//! nodes ever make equal stamps by accident. Its text form has a fixed width and sorts like the stamp. Stamps follow
//! the wall clock, never run backwards on one node, and are always later than anything the node has seen. A stamp from
//! a clock more than [`MAX_AHEAD_MS`] ahead is clamped, so that one wrong clock cannot drag all others along.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::encoding::{hex, hex_array};
use crate::keys::NodeId;

/// How far ahead of ours another clock may be: ten minutes.
pub const MAX_AHEAD_MS: u64 = 10 * 60 * 1000;
/// The width of the text form.
pub const HLC_TEXT_LEN: usize = 30;

/// The last time that a stamp from elsewhere may have: the end of the year 9999, in Unix milliseconds. After it there is room for all that
/// this node could ever say in answer.
pub const MAX_TOLD_MS: u64 = 253_402_300_799_999;

const MAX_MS: u64 = (1 << 48) - 1;
const TIE_LEN: usize = 6;

/// A text that is not a stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a clock stamp: 12, 4 and 12 hexadecimal digits with hyphens are expected")]
pub struct HlcError;

/// One stamp. Its order is the order of events.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hlc {
    ms: u64,
    counter: u16,
    tie: [u8; TIE_LEN],
}

impl Hlc {
    /// The stamp before all others.
    pub const MIN: Self = Self {
        ms: 0,
        counter: 0,
        tie: [0; TIE_LEN],
    };

    /// The wall-clock part, Unix milliseconds.
    #[must_use]
    pub const fn unix_ms(&self) -> u64 {
        self.ms
    }

    /// Whether no clock can have given it: nothing could be said after it in the end.
    #[must_use]
    pub const fn is_impossible(&self) -> bool {
        self.ms > MAX_TOLD_MS
    }

    /// The earliest stamp at a time: everything stamped before that time is smaller.
    #[must_use]
    pub const fn at(unix_ms: u64) -> Self {
        Self {
            ms: if unix_ms > MAX_MS { MAX_MS } else { unix_ms },
            counter: 0,
            tie: [0; TIE_LEN],
        }
    }

    /// This stamp, or the latest one allowed at `now_ms` if this one is further ahead.
    #[must_use]
    pub const fn clamped(self, now_ms: u64) -> Clamped {
        let latest = now_ms.saturating_add(MAX_AHEAD_MS);
        if self.ms > latest {
            Clamped {
                stamp: Self {
                    ms: latest,
                    counter: u16::MAX,
                    tie: self.tie,
                },
                was_ahead: true,
            }
        } else {
            Clamped {
                stamp: self,
                was_ahead: false,
            }
        }
    }
}

/// A stamp after the check against the own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clamped {
    /// The stamp to order by.
    pub stamp: Hlc,
    /// Whether the other clock was too far ahead, which is worth a note for the admin.
    pub was_ahead: bool,
}

impl fmt::Display for Hlc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}-{:04x}-{}", self.ms, self.counter, hex(&self.tie))
    }
}

impl fmt::Debug for Hlc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hlc({self})")
    }
}

impl FromStr for Hlc {
    type Err = HlcError;

    fn from_str(text: &str) -> Result<Self, HlcError> {
        let mut parts = text.split('-');
        let (Some(ms), Some(counter), Some(tie), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(HlcError);
        };
        let [a, b, c, d, e, g] = hex_array(ms).ok_or(HlcError)?;
        Ok(Self {
            ms: u64::from_be_bytes([0, 0, a, b, c, d, e, g]),
            counter: u16::from_be_bytes(hex_array(counter).ok_or(HlcError)?),
            tie: hex_array(tie).ok_or(HlcError)?,
        })
    }
}

impl TryFrom<String> for Hlc {
    type Error = HlcError;

    fn try_from(text: String) -> Result<Self, HlcError> {
        text.parse()
    }
}

impl From<Hlc> for String {
    fn from(stamp: Hlc) -> Self {
        stamp.to_string()
    }
}

/// A node's clock: gives stamps, learns from others.
#[derive(Debug, Clone)]
pub struct HlcClock {
    tie: [u8; TIE_LEN],
    ms: u64,
    counter: u16,
}

impl HlcClock {
    /// Starts the clock of a node after the last stamp that it gave or saw ([`Hlc::MIN`] for a new one).
    #[must_use]
    pub fn new(node: &NodeId, last: Hlc) -> Self {
        let [a, b, c, d, e, g, ..] = *node.as_bytes();
        Self {
            tie: [a, b, c, d, e, g],
            ms: last.ms,
            counter: last.counter,
        }
    }

    /// The next stamp: later than every stamp given or observed before, and not before `now_ms`. The highest of all is never reached: what
    /// is beyond [`MAX_TOLD_MS`] is not taken from elsewhere.
    pub fn tick(&mut self, now_ms: u64) -> Hlc {
        let now_ms = now_ms.min(MAX_MS);
        if now_ms > self.ms {
            (self.ms, self.counter) = (now_ms, 0);
        } else if let Some(next) = self.counter.checked_add(1) {
            self.counter = next;
        } else {
            (self.ms, self.counter) = (self.ms.saturating_add(1).min(MAX_MS), 0);
        }
        Hlc {
            ms: self.ms,
            counter: self.counter,
            tie: self.tie,
        }
    }

    /// Takes note of a stamp from elsewhere and gives the one to order by.
    pub fn observe(&mut self, remote: Hlc, now_ms: u64) -> Clamped {
        let clamped = remote.clamped(now_ms);
        let seen = (clamped.stamp.ms, clamped.stamp.counter);
        if seen > (self.ms, self.counter) {
            (self.ms, self.counter) = seen;
        }
        clamped
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::node;

    fn clock(number: u8) -> HlcClock {
        HlcClock::new(&node(number).id(), Hlc::MIN)
    }

    #[test]
    fn stamps_rise_while_the_wall_clock_stands_still_or_goes_back() {
        let mut clock = clock(1);
        let stamps = [
            clock.tick(1000),
            clock.tick(1000),
            clock.tick(900),
            clock.tick(1001),
        ];
        assert!(stamps.is_sorted_by(|a, b| a < b), "{stamps:?}");
        assert_eq!(stamps[3].unix_ms(), 1001);
    }

    #[test]
    fn a_full_counter_moves_to_the_next_millisecond() {
        let mut clock = clock(1);
        let last = (0..=usize::from(u16::MAX)).map(|_| clock.tick(5)).last().unwrap();
        let next = clock.tick(5);
        assert!(next > last);
        assert_eq!(next.unix_ms(), 6);
    }

    #[test]
    fn what_was_seen_comes_before_what_is_said_next() {
        let (mut anna, mut ben) = (clock(1), clock(2));
        let from_ben = ben.tick(5_000);
        assert!(!anna.observe(from_ben, 1_000).was_ahead);
        assert!(anna.tick(1_000) > from_ben);
    }

    #[test]
    fn a_clock_far_ahead_is_clamped_and_noted() {
        let mut anna = clock(1);
        let year_2100 = clock(2).tick(4_102_444_800_000);
        let seen = anna.observe(year_2100, 1_000);
        assert!(seen.was_ahead);
        assert_eq!(seen.stamp.unix_ms(), 1_000 + MAX_AHEAD_MS);
        assert!(anna.tick(1_000).unix_ms() <= 1_001 + MAX_AHEAD_MS);
        assert!(!clock(2).tick(1_000 + MAX_AHEAD_MS).clamped(1_000).was_ahead);
    }

    #[test]
    fn after_every_stamp_that_may_be_told_there_is_a_later_one() {
        let greatest = Hlc {
            ms: MAX_TOLD_MS,
            counter: u16::MAX,
            tie: [255; TIE_LEN],
        };
        assert!(!greatest.is_impossible());
        let mut clock = HlcClock::new(&node(1).id(), greatest);
        let mut last = greatest;
        for now in [1_000, MAX_TOLD_MS, u64::MAX - MAX_MS] {
            let next = clock.tick(now.min(MAX_TOLD_MS));
            assert!(next > last, "{next} after {last}");
            last = next;
        }
        for ms in [MAX_TOLD_MS + 1, MAX_MS] {
            assert!(Hlc::at(ms).is_impossible());
        }
    }

    #[test]
    fn the_clock_resumes_after_a_restart_behind_its_own_past() {
        let last = clock(1).tick(9_000);
        assert!(HlcClock::new(&node(1).id(), last).tick(8_000) > last);
    }

    #[test]
    fn only_the_fixed_form_is_read() {
        let text = clock(1).tick(1_700_000_000_000).to_string();
        assert_eq!(text.len(), HLC_TEXT_LEN);
        for wrong in [
            text.to_uppercase(),
            format!("{text}-"),
            text.replace('-', ""),
            String::new(),
        ] {
            assert_eq!(wrong.parse::<Hlc>(), Err(HlcError), "{wrong}");
        }
    }

    fn any_stamp() -> impl Strategy<Value = Hlc> {
        (0..=MAX_MS, any::<u16>(), any::<[u8; TIE_LEN]>()).prop_map(|(ms, counter, tie)| Hlc {
            ms,
            counter,
            tie,
        })
    }

    proptest! {
        #[test]
        fn the_text_sorts_like_the_stamp(a in any_stamp(), b in any_stamp()) {
            prop_assert_eq!(a.to_string().parse(), Ok(a));
            prop_assert_eq!(a.to_string().cmp(&b.to_string()), a.cmp(&b));
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,40}") {
            if let Ok(stamp) = text.parse::<Hlc>() {
                prop_assert_eq!(stamp.to_string(), text);
            }
        }

        #[test]
        fn a_node_never_repeats_or_goes_back(nows in proptest::collection::vec(0..10_000_u64, 1..50),
                                             seen in any_stamp()) {
            let mut clock = clock(1);
            let mut last = Hlc::MIN;
            for now in nows {
                let observed = clock.observe(seen, now).stamp;
                let stamp = clock.tick(now);
                prop_assert!(stamp > last);
                prop_assert!((stamp.ms, stamp.counter) > (observed.ms, observed.counter));
                last = stamp;
            }
        }
    }
}
