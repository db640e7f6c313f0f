//! What is known of the way to one peer and back, for as long as the program runs.

use super::standing::Standing;
use hearth_api::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::{Duration, Instant};

/// What to fetch from a peer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fetch {
    /// Nothing: the peer reaches this home by itself, or does not answer.
    Rest,
    /// What is there.
    Once,
    /// What is there and what comes: the peer cannot reach this home.
    Poll,
}

/// How often a changed difference of the clocks is written down: a peer may tell another time with each answer.
const MEASURED_EVERY_MS: i64 = 60_000;
/// Who was given something has so long to take it and to ask again, over the slowest line.
const TAKES_MS: i64 = 60_000;
/// Who was given nothing asks again at once.
const ASKS_AGAIN_MS: i64 = 15_000;
/// Who lost the connection on which it asked has so long to ask on another.
const COMES_BACK_MS: i64 = 5_000;

#[derive(Debug, Default)]
struct State {
    /// Whether the last call to it succeeded.
    last_try: Option<bool>,
    /// When it is to be seen next whether it answers.
    next_beat: Option<Instant>,
    /// A call succeeded since the program began.
    was_reached: bool,
    /// When it was last heard of, either way.
    heard_at: Option<Timestamp>,
    /// Whether it said that it reaches this home.
    reaches_us: Option<bool>,
    /// It brought something since the program began, the last pause, and its last word that it does not reach this home.
    brings: bool,
    /// It gave from its outbox.
    has_outbox: bool,
    /// It was fetched from since the program began and since the last pause.
    fetched: bool,
    /// Fetching failed; nothing is fetched before a call succeeds.
    fetch_failed: bool,
    /// How many of its requests for what is here are open.
    asking: u32,
    /// Since when none is, and for how long it counts as fetching all the same.
    asked_at: Option<(Timestamp, i64)>,
    /// Whether windows were told that it fetches.
    fetches: bool,
    /// When the difference of the clocks was written down last.
    measured_at: Option<Timestamp>,
    /// It said that it has something to tell of what had to wait.
    has_later: bool,
    /// It is of a version that neither tells nor hears that.
    no_later: bool,
}

impl State {
    fn fetches_at(&self, now: Timestamp) -> bool {
        let is_soon = |(at, within): (Timestamp, i64)| (0..=within).contains(&now.ms_since(at));
        self.asking > 0 || self.asked_at.is_some_and(is_soon)
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Way(Mutex<State>);

impl Way {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the last call to the peer succeeded; `None` when there was none.
    pub(crate) fn last_try(&self) -> Option<bool> {
        self.state().last_try
    }

    /// The connection ended, or is blocked: that the peer was reached before says no more that this home reaches anybody.
    pub(crate) fn ended(&self) {
        self.state().last_try = None;
    }

    /// When the peer was last heard of since the program began.
    pub(crate) fn heard_at(&self) -> Option<Timestamp> {
        self.state().heard_at
    }

    /// A verified request of the peer came.
    pub(crate) fn heard(&self, now: Timestamp) {
        self.state().heard_at = Some(now);
    }

    /// Whether a changed difference of the clocks is to be written down now.
    pub(crate) fn measures(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        let is_soon = |at: Timestamp| (0..MEASURED_EVERY_MS).contains(&now.ms_since(at));
        if state.measured_at.is_some_and(is_soon) {
            return false;
        }
        state.measured_at = Some(now);
        true
    }

    /// The peer asks for what is here; true when it did not before.
    pub(super) fn asks(&self) -> bool {
        let mut state = self.state();
        state.asking = state.asking.saturating_add(1);
        !std::mem::replace(&mut state.fetches, true)
    }

    /// What the peer asked for has been answered, with something or with nothing; or its connection ended before.
    pub(super) fn asked(&self, now: Timestamp, given: Option<bool>) {
        let mut state = self.state();
        state.asking = state.asking.saturating_sub(1);
        let within = match given {
            Some(true) => TAKES_MS,
            Some(false) => ASKS_AGAIN_MS,
            None => COMES_BACK_MS,
        };
        state.asked_at = Some((now, within));
    }

    /// Whether the peer said, in this run of the program, that it reaches this home: it calls when it is back.
    pub(crate) fn comes_by_itself(&self) -> bool {
        self.state().reaches_us == Some(true)
    }

    /// Whether the peer fetches by itself.
    pub(crate) fn fetches(&self, now: Timestamp) -> bool {
        self.state().fetches_at(now)
    }

    /// Whether the peer fetched by itself and does not any more; told once.
    pub(super) fn fell_silent(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        let silent = state.fetches && !state.fetches_at(now);
        if silent {
            state.fetches = false;
        }
        silent
    }

    /// A call was answered; true when there is something to fetch that there was not before.
    pub(crate) fn succeeded(&self, now: Timestamp) -> bool {
        let mut state = self.state();
        if state.last_try == Some(false) {
            // After a pause it is looked once what the peer could not bring.
            state.fetched = false;
            state.brings = false;
        }
        state.last_try = Some(true);
        state.was_reached = true;
        state.next_beat = None;
        state.heard_at = Some(now);
        std::mem::take(&mut state.fetch_failed) || !state.fetched
    }

    /// The peer brought something: what waits there comes by itself, and fetching it as well would only do all of it twice.
    pub(crate) fn brought(&self) {
        self.state().brings = true;
    }

    /// A call was not answered.
    pub(crate) fn failed(&self) {
        self.state().last_try = Some(false);
    }

    /// The peer told how it stands; true when fetching is to begin.
    pub(super) fn told(&self, standing: Standing) -> bool {
        let mut state = self.state();
        if standing != Standing::default() && state.fetched && !state.has_outbox {
            // It was of a version without an outbox, and is not any more.
            state.fetched = false;
        }
        if standing.reached == Some(false) {
            state.brings = false;
        }
        let before = std::mem::replace(&mut state.reaches_us, standing.reached);
        !state.fetched || (before != standing.reached && standing.reached != Some(true))
    }

    /// Whether the peer has said that there is something to hear of what had to wait there.
    pub(super) fn has_later(&self) -> bool {
        self.state().has_later
    }

    /// Whether the peer tells and hears what became of what had to wait, as far as is known.
    pub(super) fn exchanges_later(&self) -> bool {
        !self.state().no_later
    }

    /// The peer told how it stands; true when there is something to hear that there was not before.
    pub(super) fn told_later(&self, standing: Standing) -> bool {
        let mut state = self.state();
        let has = standing.later.is_some_and(|count| count > 0);
        if has {
            state.no_later = false;
        }
        has && !std::mem::replace(&mut state.has_later, true)
    }

    /// All was heard that the peer had to tell.
    pub(super) fn heard_later(&self) {
        self.state().has_later = false;
    }

    /// The peer is of a version that neither tells nor hears what became of what had to wait.
    pub(super) fn has_no_later(&self) {
        let mut state = self.state();
        state.no_later = true;
        state.has_later = false;
    }

    /// What to fetch now.
    pub(super) fn fetch(&self) -> Fetch {
        let state = self.state();
        if state.fetch_failed || (state.brings && !state.fetched) {
            Fetch::Rest
        } else if !state.fetched {
            Fetch::Once
        } else if state.has_outbox && state.reaches_us != Some(true) {
            Fetch::Poll
        } else {
            Fetch::Rest
        }
    }

    /// All that was there was fetched.
    pub(super) fn fetched(&self) {
        let mut state = self.state();
        state.fetched = true;
        state.has_outbox = true;
    }

    /// The peer is of a version without an outbox.
    pub(super) fn has_no_outbox(&self) {
        let mut state = self.state();
        state.fetched = true;
        state.has_outbox = false;
    }

    /// Fetching failed.
    pub(super) fn fetch_failed(&self) {
        self.state().fetch_failed = true;
    }

    /// How long until it is to be seen whether the peer answers, if nothing else tells before: soon after the program began, then
    /// within each `beat`. Spread by `random`, so that not all are called at once.
    pub(super) fn until_beat(&self, beat: Duration, random: u32) -> Duration {
        let mut state = self.state();
        let was_reached = state.was_reached;
        let due = *state.next_beat.get_or_insert_with(|| {
            let quarter = beat / 4;
            let spread = quarter.mul_f64(f64::from(random) / f64::from(u32::MAX));
            let least = if was_reached { quarter * 3 } else { Duration::ZERO };
            Instant::now() + least + spread
        });
        due.saturating_duration_since(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(reached: Option<bool>) -> Standing {
        Standing {
            waiting: Some(0),
            reached,
            later: None,
            compare: false,
        }
    }

    #[test]
    fn a_peer_is_fetched_from_once_and_for_as_long_as_it_cannot_reach_this_home() {
        let (way, now) = (Way::default(), Timestamp(1));
        assert_eq!(way.fetch(), Fetch::Once);
        way.fetched();
        assert_eq!(
            way.fetch(),
            Fetch::Poll,
            "it has not said that it reaches this home"
        );
        assert!(!way.told(reached(Some(true))));
        assert_eq!(way.fetch(), Fetch::Rest);
        assert!(way.told(reached(Some(false))));
        assert_eq!(way.fetch(), Fetch::Poll);
        way.fetch_failed();
        assert_eq!(way.fetch(), Fetch::Rest, "not before it answers again");
        assert!(way.succeeded(now));
        assert_eq!(way.fetch(), Fetch::Poll);
        way.told(reached(Some(true)));
        way.failed();
        assert!(way.succeeded(now));
        assert_eq!(way.fetch(), Fetch::Once, "after a pause");
    }

    #[test]
    fn what_a_peer_brings_is_not_fetched_as_well() {
        let (way, now) = (Way::default(), Timestamp(1));
        way.brought();
        assert_eq!(way.fetch(), Fetch::Rest);
        way.told(reached(Some(true)));
        assert_eq!(way.fetch(), Fetch::Rest);
        assert!(way.told(reached(Some(false))), "it could not go on");
        assert_eq!(way.fetch(), Fetch::Once);
        way.brought();
        way.failed();
        assert!(way.succeeded(now));
        assert_eq!(way.fetch(), Fetch::Once, "after a pause");
        way.fetched();
        way.brought();
        way.told(reached(Some(false)));
        assert_eq!(way.fetch(), Fetch::Poll);
    }

    #[test]
    fn a_difference_of_the_clocks_is_written_down_once_a_minute() {
        let way = Way::default();
        assert!(way.measures(Timestamp(0)) && !way.measures(Timestamp(59_999)));
        assert!(way.measures(Timestamp(60_000)));
        assert!(way.measures(Timestamp(1_000)), "the own clock was set back");
    }

    #[test]
    fn a_peer_that_fetches_is_awake_for_as_long_as_it_does() {
        let way = Way::default();
        assert!(!way.fetches(Timestamp(0)) && !way.fell_silent(Timestamp(0)));
        assert!(way.asks());
        assert!(way.fetches(Timestamp(3_600_000)), "while its request is held");
        way.asked(Timestamp(25_000), Some(false));
        assert!(way.fetches(Timestamp(40_000)) && !way.fell_silent(Timestamp(40_000)));
        assert!(!way.asks(), "it did before");
        way.asked(Timestamp(40_000), Some(true));
        assert!(way.fetches(Timestamp(100_000)), "it takes what it was given");
        assert!(!way.fetches(Timestamp(100_001)));
        assert!(!way.fetches(Timestamp(39_999)), "the own clock was set back");
        assert!(way.fell_silent(Timestamp(100_001)) && !way.fell_silent(Timestamp(110_000)));
        assert!(way.asks());
        way.asked(Timestamp(200_000), None);
        assert!(way.fetches(Timestamp(205_000)) && !way.fetches(Timestamp(205_001)));
        assert!(
            way.fell_silent(Timestamp(205_001)),
            "its connection ended and it did not come back"
        );
    }

    #[test]
    fn a_peer_is_called_soon_and_then_within_each_beat() {
        let (way, beat) = (Way::default(), Duration::from_secs(40));
        assert!(way.until_beat(beat, u32::MAX) <= beat / 4);
        assert!(
            way.until_beat(beat, 0) > beat / 8,
            "the time stands until it was called"
        );
        way.succeeded(Timestamp(1));
        let next = way.until_beat(beat, 0);
        assert!(next <= beat * 3 / 4 && next > beat / 2);
        way.succeeded(Timestamp(2));
        assert!(way.until_beat(beat, u32::MAX) <= beat);
    }

    #[test]
    fn a_peer_without_an_outbox_is_left_alone_until_it_is_renewed() {
        let way = Way::default();
        way.has_no_outbox();
        way.told(Standing::default());
        assert_eq!(way.fetch(), Fetch::Rest);
        way.failed();
        way.succeeded(Timestamp(1));
        assert_eq!(way.fetch(), Fetch::Once, "it may have been renewed meanwhile");
        way.has_no_outbox();
        assert!(way.told(reached(Some(true))), "it says what only newer ones say");
        assert_eq!(way.fetch(), Fetch::Once);
    }
}
