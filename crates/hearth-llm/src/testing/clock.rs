//! A clock whose waits end when the test says so.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use futures_util::future::BoxFuture;
use tokio::sync::{Notify, oneshot};

use crate::{Clock, Wait};

/// A clock for tests. Pauses ([`Wait::Retry`], [`Wait::Load`]) end at once and are recorded; time
/// limits never pass until [`TestClock::fire`].
pub struct TestClock {
    now_ms: AtomicI64,
    waits: Mutex<Waits>,
    changed: Notify,
}

struct Waits {
    instant: HashSet<Wait>,
    slept: Vec<(Wait, Duration)>,
    pending: Vec<(Wait, oneshot::Sender<()>)>,
}

impl TestClock {
    /// A clock at 2026-01-01 00:00 UTC.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            now_ms: AtomicI64::new(1_767_225_600_000),
            waits: Mutex::new(Waits {
                instant: HashSet::from([Wait::Retry, Wait::Load]),
                slept: Vec::new(),
                pending: Vec::new(),
            }),
            changed: Notify::new(),
        })
    }

    /// Makes waits of this kind last until they are fired.
    pub fn hold(&self, wait: Wait) {
        self.waits().instant.remove(&wait);
    }

    /// Sets the time of day.
    pub fn set_now_ms(&self, now_ms: i64) {
        self.now_ms.store(now_ms, Ordering::SeqCst);
    }

    /// The waits of one kind that were begun so far.
    pub fn slept(&self, wait: Wait) -> Vec<Duration> {
        self.waits()
            .slept
            .iter()
            .filter(|(kind, _)| *kind == wait)
            .map(|(_, duration)| *duration)
            .collect()
    }

    /// Ends the oldest running wait of a kind, as soon as there is one.
    pub async fn fire(&self, wait: Wait) {
        loop {
            let changed = self.changed.notified();
            let mut changed = std::pin::pin!(changed);
            changed.as_mut().enable();
            {
                let mut waits = self.waits();
                waits.pending.retain(|(_, end)| !end.is_closed());
                if let Some(at) = waits.pending.iter().position(|(kind, _)| *kind == wait) {
                    let (_, end) = waits.pending.remove(at);
                    if end.send(()).is_ok() {
                        return;
                    }
                }
            }
            changed.await;
        }
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn sleep(&self, wait: Wait, duration: Duration) -> BoxFuture<'static, ()> {
        let mut waits = self.waits();
        waits.slept.push((wait, duration));
        if waits.instant.contains(&wait) {
            return Box::pin(std::future::ready(()));
        }
        let (end, ended) = oneshot::channel();
        waits.pending.push((wait, end));
        drop(waits);
        self.changed.notify_waiters();
        Box::pin(async move {
            if ended.await.is_err() {
                // The clock is gone; a limit that nobody can end never passes.
                std::future::pending::<()>().await;
            }
        })
    }
}
