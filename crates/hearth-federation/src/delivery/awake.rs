//! Whether this machine has slept: whoever looks again and again, and comes far too late, was not run meanwhile.
//!
//! No clock alone can tell on all systems. The one that runs since the machine was started stands still in sleep on Linux and macOS, and goes
//! on in it on Windows; the wall clock goes on everywhere, and is sometimes set. So both are asked, and the one that has gone further
//! is held against the pause that was meant. A wall clock that was set ahead looks like sleep, which costs one try more; one that was set
//! back hides nothing but a sleep in the same few seconds, and that only where the other clock stood still.

use hearth_api::Timestamp;
use std::time::Duration;
use tokio::time::Instant;

/// How late somebody comes who has slept, at least.
const SLEPT: Duration = Duration::from_secs(30);

/// What both clocks showed at the last look.
#[derive(Debug)]
pub(super) struct Awake {
    own: Instant,
    wall: Timestamp,
}

impl Awake {
    pub(super) const fn since(own: Instant, wall: Timestamp) -> Self {
        Self { own, wall }
    }

    /// Whether the machine slept since the last look, after which `pause` was to pass.
    pub(super) fn slept(&mut self, own: Instant, wall: Timestamp, pause: Duration) -> bool {
        let by_own = own.saturating_duration_since(self.own);
        let by_wall = Duration::from_millis(u64::try_from(wall.ms_since(self.wall)).unwrap_or(0));
        *self = Self::since(own, wall);
        by_own.max(by_wall).saturating_sub(pause) > SLEPT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(5);

    /// What is found when the machine's clock has gone on by so many seconds, and the wall clock by so many, and what at the next look.
    fn found(own_s: u64, wall_s: i64) -> [bool; 2] {
        let (own, wall) = (Instant::now(), Timestamp(1_764_300_000_000));
        let mut awake = Awake::since(own, wall);
        let (own, wall) = (own + Duration::from_secs(own_s), wall.plus_secs(wall_s));
        let first = awake.slept(own, wall, PAUSE);
        [first, awake.slept(own + PAUSE, wall.plus_secs(5), PAUSE)]
    }

    #[test]
    fn sleep_is_noticed_once_whether_or_not_the_machines_clock_stands_still_in_it() {
        assert_eq!(found(5, 8 * 60 * 60), [true, false], "Linux, macOS");
        assert_eq!(found(8 * 60 * 60, 8 * 60 * 60), [true, false], "Windows");
        assert_eq!(found(5, 36), [true, false]);
        assert_eq!(found(36, 36), [true, false]);
    }

    #[test]
    fn a_busy_machine_has_not_slept() {
        assert_eq!(found(5, 5), [false, false]);
        assert_eq!(found(34, 34), [false, false]);
        assert_eq!(found(5, 6), [false, false]);
    }

    #[test]
    fn a_wall_clock_that_is_set_is_one_try_more_at_most() {
        assert_eq!(found(5, 3600), [true, false], "ahead");
        assert_eq!(found(5, -3600), [false, false], "back");
        assert_eq!(
            found(3600, -3600),
            [true, false],
            "back, after a sleep that the other clock saw"
        );
    }
}
