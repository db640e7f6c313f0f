//! The outbox: brings each peer what its log holds, in order, until it is acknowledged.
//!
//! Rows leave a log only when the peer answered for them, so a peer that was off for a minute or a year catches up. A round
//! sends up to [`MAX_ACTIVITIES`] at a time from the oldest on, and settles what the signed answer says of each. A peer that
//! expects an earlier number (it was restored, or rows were withdrawn) is answered from there; rows that are gone are told
//! by the batch's `from`.
//!
//! A peer that cannot be reached may reach this home: it fetches its log, and this home fetches from a peer that cannot reach it. So
//! one working direction is enough.
//!
//! Retries go on for ever, with pauses that grow to an hour for a peer that can call this home, to five minutes for one that may not, and
//! while none is reached. Any sign of life of the peer ends the pause; so does what tells that this home was cut off and is not any more:
//! it starts, its machine wakes up or comes into another network, another peer is reached. Each peer has a task of its own, and peers
//! that fail share fewer places than those that answer, so one bad peer delays nobody.
//!
//! Not here: who is to be told what (that is decided where the log is written), and how bytes get there (`transport`).

mod awake;
mod later;
mod outbox;
mod pause;
mod pull;
mod round;
mod settle;
mod standing;
#[cfg(test)]
pub(crate) mod vectors;
mod way;
mod worker;

pub(crate) use later::{WAITED_TOO_LONG, Words};
pub(crate) use outbox::{Acknowledged, Acknowledgement, OutboxQuery, Polls};
pub use pause::paused_until;
pub use round::PumpReport;
pub(crate) use settle::OVERTAKEN;
pub(crate) use standing::{Pong, Standing, Told};

use crate::service::Federation;
use hearth_api::HomeId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};

#[cfg(doc)]
use crate::reception::MAX_ACTIVITIES;

/// Rounds under way at once with peers that answered last time.
const ROUNDS: usize = 32;
/// Rounds under way at once with peers that did not.
const ROUNDS_AILING: usize = 8;

/// Within what time it is seen that a home is not there, a call of ten seconds not counted.
const HEARTBEAT_MS: u64 = 45_000;

/// Why a peer's task was woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Woken {
    /// Not at all.
    No = 0,
    /// The peer was heard of: do not wait any longer.
    Alive = 1,
    /// Somebody wants to know whether it answers.
    Asked = 2,
}

/// What wakes the task of one peer.
#[derive(Debug, Default)]
pub(crate) struct PeerSignal {
    woken: AtomicU8,
    notify: Notify,
    /// One round at a time, whoever started it.
    turn: tokio::sync::Mutex<()>,
    /// What is known of the way there and back.
    pub(crate) way: way::Way,
    /// There may be something to fetch.
    pull: Notify,
    /// Whether the secret is being renewed.
    pub(crate) renewal: crate::renewal::Renewal,
}

impl PeerSignal {
    fn wake(&self, why: Woken) {
        self.woken.fetch_max(why as u8, Ordering::SeqCst);
        self.notify.notify_one();
    }

    fn take(&self) -> Woken {
        match self.woken.swap(0, Ordering::SeqCst) {
            0 => Woken::No,
            1 => Woken::Alive,
            _ => Woken::Asked,
        }
    }
}

/// How often at most all homes are tried because one was reached again.
const ALL_TRIED_EVERY_MS: i64 = 60_000;

/// What wakes delivery, and what bounds it.
#[derive(Debug)]
pub(crate) struct Signals {
    peers: Mutex<HashMap<HomeId, Arc<PeerSignal>>>,
    supervisor: Notify,
    ready: Notify,
    rounds: Semaphore,
    rounds_ailing: Semaphore,
    heartbeat_ms: AtomicU64,
    /// No peer was reached at the last try: this home may be cut off.
    alone: AtomicBool,
    /// When all were tried because one was reached again; that is not done more often than once a minute, as a peer can be there and
    /// not there as often as it likes.
    all_tried_ms: AtomicI64,
    /// Where this home was found to be last.
    here: Mutex<Option<Vec<String>>>,
}

impl Default for Signals {
    fn default() -> Self {
        Self {
            peers: Mutex::default(),
            supervisor: Notify::new(),
            ready: Notify::new(),
            rounds: Semaphore::new(ROUNDS),
            rounds_ailing: Semaphore::new(ROUNDS_AILING),
            heartbeat_ms: AtomicU64::new(HEARTBEAT_MS),
            alone: AtomicBool::new(false),
            all_tried_ms: AtomicI64::new(0),
            here: Mutex::default(),
        }
    }
}

impl Signals {
    /// The signal of a peer; made when first asked for, which is done for paired homes only.
    pub(crate) fn peer(&self, home: &HomeId) -> Arc<PeerSignal> {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(peers.entry(home.clone()).or_default())
    }

    fn all(&self) -> Vec<Arc<PeerSignal>> {
        self.peers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .cloned()
            .collect()
    }

    fn all_by_home(&self) -> Vec<(HomeId, Arc<PeerSignal>)> {
        let peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let peers = peers
            .iter()
            .map(|(home, signal)| (home.clone(), Arc::clone(signal)));
        peers.collect()
    }

    /// Within what time a peer is called that nothing was heard from.
    fn heartbeat(&self) -> Duration {
        Duration::from_millis(self.heartbeat_ms.load(Ordering::Relaxed))
    }

    /// Whether no peer was reached at the last try.
    pub(crate) fn is_alone(&self) -> bool {
        self.alone.load(Ordering::SeqCst)
    }

    /// Takes note of where this home is found to be; true when it was somewhere else before.
    pub(crate) fn has_moved(&self, here: Vec<String>) -> bool {
        let mut known = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.replace(here);
        before.is_some() && before != *known
    }

    /// There are more waiting activities to try again than were tried at once.
    pub(crate) fn more_ready(&self) {
        self.ready.notify_one();
    }
}

impl Federation {
    /// Sets within what time a home is called to see whether it is there, instead of 45 seconds.
    pub fn set_heartbeat(&self, within: Duration) {
        let ms = u64::try_from(within.as_millis()).unwrap_or(u64::MAX);
        self.signals().heartbeat_ms.store(ms, Ordering::Relaxed);
    }

    /// Tries a home, or all of them, now, whatever was planned; also when nothing is to be sent. Also for whoever sees a home appear
    /// without being sure that it is that home, such as a discovery in the local network.
    pub fn wake(&self, home: Option<&HomeId>) {
        let signals = self.signals();
        match home {
            Some(home) => signals.peer(home).wake(Woken::Asked),
            None => signals.all().iter().for_each(|peer| peer.wake(Woken::Asked)),
        }
        signals.supervisor.notify_one();
    }

    /// A home was heard of: what waits for it goes out at once.
    pub(crate) fn alive(&self, home: &HomeId) {
        let signal = self.signals().peer(home);
        signal.way.heard(self.now());
        signal.wake(Woken::Alive);
    }

    /// A home answered a call.
    pub(crate) fn call_succeeded(&self, home: &HomeId) {
        let signal = self.signals().peer(home);
        if signal.way.succeeded(self.now()) {
            signal.pull.notify_one();
        }
        // This home was cut off and is not any more: the others are there too.
        let (now, signals) = (self.now().0, self.signals());
        let again = !(0..ALL_TRIED_EVERY_MS)
            .contains(&(now.saturating_sub(signals.all_tried_ms.load(Ordering::SeqCst))));
        if signals.alone.swap(false, Ordering::SeqCst) && again {
            signals.all_tried_ms.store(now, Ordering::SeqCst);
            for (other, signal) in self.signals().all_by_home() {
                if other != *home && signal.way.last_try() == Some(false) {
                    signal.wake(Woken::Asked);
                }
            }
        }
    }

    /// A home did not answer a call.
    pub(crate) fn call_failed(&self, home: &HomeId) {
        self.signals().peer(home).way.failed();
        let reached = |peer: &Arc<PeerSignal>| peer.way.last_try() == Some(true);
        if !self.signals().all().iter().any(reached) {
            self.signals().alone.store(true, Ordering::SeqCst);
        }
    }

    /// A home told how it stands.
    pub(crate) fn told_by(&self, home: &HomeId, standing: Standing) {
        let signal = self.signals().peer(home);
        if signal.way.told(standing) {
            signal.pull.notify_one();
        }
        if signal.way.told_later(standing) {
            signal.wake(Woken::Alive);
        }
    }
}
