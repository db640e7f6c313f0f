//! The tasks of delivery: one that watches which homes are connected, and one for each of them. The task of a home that is not
//! connected any more rests, and goes on if that changes.

use super::awake::Awake;
use super::{PeerSignal, Woken, paused_until};
use crate::client::CallError;
use crate::service::Federation;
use hearth_api::HomeId;
use hearth_db::home::HomeRowState;
use hearth_db::{DbError, home, later, peer, peer_log, reconcile};
use rand::Rng as _;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether other homes are connected, besides being told.
const LOOK_AGAIN: Duration = Duration::from_secs(60);
/// How often it is looked whether this machine has slept, and whether homes that fetched by themselves do not any more: so often in
/// the time within which a home is called. Every five seconds.
const LOOKS_IN_A_BEAT: u32 = 9;
/// The pause after this home's own storage failed.
const STORAGE_PAUSE: Duration = Duration::from_secs(5);
/// The pause after an exchange of nothing but later words.
const WORDS_PAUSE: Duration = Duration::from_secs(1);

/// How long a peer may take before its place goes to the next.
const SLOW: Duration = Duration::from_secs(2);

/// What a peer's task is to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plan {
    /// Nothing until woken: nothing is to be done, or the home is not connected (any more).
    Rest,
    /// Nothing until woken or so many milliseconds have passed.
    Wait(u64),
    /// Deliver now; `words_only` when nothing but later words is to be exchanged.
    Deliver { ailing: bool, words_only: bool },
    /// Nothing to deliver, but see whether it answers.
    Ping { ailing: bool },
}

impl Federation {
    /// Delivers to all connected homes, as they come and go, until `closed`.
    pub async fn run(&self, closed: CancellationToken) {
        let mut changed = self.db().delivery_changed();
        let mut workers: HashMap<HomeId, JoinHandle<()>> = HashMap::new();
        let mut looking_around = std::pin::pin!(self.look_around());
        loop {
            changed.mark_unchanged();
            if let Err(error) = self.try_all_again().await {
                tracing::error!(code = %error.code, "Waiting activities could not be tried again");
            }
            workers.retain(|_, worker| !worker.is_finished());
            match self.db().read(peer::list_connected).await {
                Ok(peers) => {
                    for peer in peers {
                        workers.entry(peer.home.clone()).or_insert_with(|| {
                            // However long the pause before this program began: it is a new try.
                            self.signals().peer(&peer.home).wake(Woken::Alive);
                            let (federation, closed) = (self.clone(), closed.clone());
                            tokio::spawn(async move {
                                let pulling =
                                    federation.clone().keep_pulling(peer.home.clone(), closed.clone());
                                tokio::join!(federation.work(peer.home, closed), pulling);
                            })
                        });
                    }
                }
                Err(error) => tracing::error!(error = %error, "The list of homes could not be read"),
            }
            tokio::select! {
                () = closed.cancelled() => break,
                () = self.signals().supervisor.notified() => {}
                () = self.signals().ready.notified() => {}
                told = changed.changed() => if told.is_err() { break },
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = looking_around.as_mut() => {}
            }
        }
        for worker in workers.into_values() {
            // A worker ends by itself once closed; one that panicked has ended too.
            let _ = worker.await;
        }
    }

    /// Looks again and again whether this machine has slept, after which every home is tried, and tells windows of homes that fetched by
    /// themselves and do not any more, and of the end of a pause. It never ends.
    async fn look_around(&self) {
        let mut awake = Awake::since(Instant::now(), self.now());
        loop {
            let pause = self.signals().heartbeat() / LOOKS_IN_A_BEAT;
            tokio::time::sleep(pause).await;
            if awake.slept(Instant::now(), self.now(), pause) {
                tracing::info!("This machine has slept: all homes are tried");
                self.transport().forget(None);
                self.wake(None);
            }
            if let Err(error) = self.notice_silence().await {
                tracing::error!(code = %error.code, "That a home is silent could not be told");
            }
            if let Err(error) = self.notice_end_of_pause().await {
                tracing::error!(code = %error.code, "That the pause of sending is over could not be told");
            }
        }
    }

    /// The task of one peer.
    async fn work(self, to: HomeId, closed: CancellationToken) {
        let signal = self.signals().peer(&to);
        let mut changed = self.db().delivery_changed();
        loop {
            changed.mark_unchanged();
            let woken = signal.take();
            let plan = match self.plan(&to, woken).await {
                Ok(plan) => plan,
                Err(error) => {
                    tracing::error!(error = %error, "The log of a home could not be read");
                    tokio::select! {
                        () = closed.cancelled() => return,
                        () = tokio::time::sleep(STORAGE_PAUSE) => continue,
                    }
                }
            };
            let wait = match plan {
                Plan::Rest => None,
                Plan::Wait(ms) => Some(Duration::from_millis(ms)),
                Plan::Deliver { ailing, .. } | Plan::Ping { ailing } => {
                    let deliver = matches!(plan, Plan::Deliver { .. });
                    let words_only = matches!(plan, Plan::Deliver { words_only: true, .. });
                    let outcome = tokio::select! {
                        () = closed.cancelled() => return,
                        outcome = self.act(&to, deliver, ailing) => outcome,
                    };
                    match outcome {
                        // What failed here is not a matter of the peer; it must not be tried in a circle.
                        Err(CallError::Local(_) | CallError::NotConnected) => Some(STORAGE_PAUSE),
                        // A peer that always has one word more does not keep this home at it, however often it says so; what is to
                        // be delivered does not wait.
                        Ok(()) if words_only => {
                            tokio::select! {
                                () = closed.cancelled() => return,
                                told = changed.changed() => if told.is_err() { closed.cancelled().await },
                                () = tokio::time::sleep(WORDS_PAUSE) => {}
                            }
                            continue;
                        }
                        _ => continue,
                    }
                }
            };
            self.rest(&signal, &mut changed, wait, &closed).await;
            if closed.is_cancelled() {
                return;
            }
        }
    }

    /// Waits until something may be to do.
    async fn rest(
        &self,
        signal: &Arc<PeerSignal>,
        changed: &mut tokio::sync::watch::Receiver<u64>,
        wait: Option<Duration>,
        closed: &CancellationToken,
    ) {
        let due = async {
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = closed.cancelled() => {}
            () = signal.notify.notified() => {}
            told = changed.changed() => if told.is_err() { closed.cancelled().await },
            () = due => {}
        }
    }

    async fn act(&self, to: &HomeId, deliver: bool, ailing: bool) -> Result<(), CallError> {
        let signals = self.signals();
        let places = if ailing {
            &signals.rounds_ailing
        } else {
            &signals.rounds
        };
        // The semaphores are never closed.
        let Ok(place) = places.acquire().await else {
            return Ok(());
        };
        let work = async {
            if deliver {
                self.round(to).await.1
            } else {
                self.ping(to).await?;
                Ok(self.renew_if_due(to).await?)
            }
        };
        let mut work = std::pin::pin!(work);
        if let Ok(done) = tokio::time::timeout(SLOW, work.as_mut()).await {
            return done;
        }
        // Whoever lets this home wait does not keep others waiting.
        drop(place);
        work.await
    }

    async fn plan(&self, to: &HomeId, woken: Woken) -> Result<Plan, DbError> {
        let random = self.keys().rng().next_u32();
        let signals = self.signals();
        let beat = signals.peer(to).way.until_beat(signals.heartbeat(), random);
        let (to, now) = (to.clone(), self.now());
        let greeted = self.greeted().contains(&to);
        let way = &signals.peer(&to).way;
        let (has_later, tells_later) = (way.has_later(), way.exchanges_later());
        self.db()
            .read(move |tx| {
                let connected = home::get(tx, &to)?.is_some_and(|row| row.state == HomeRowState::Connected);
                let Some(row) = peer::get(tx, &to)?.filter(|_| connected) else {
                    return Ok(Plan::Rest);
                };
                let paused = paused_until(tx, now)?;
                let things =
                    paused.is_none() && (peer_log::any(tx, &to)? || !greeted || reconcile::is_due(tx, &to)?);
                let to_send = things || has_later || tells_later && later::any(tx, &to)?;
                let words_only = !things;
                let ailing = row.failures > 0;
                let wait_ms = row
                    .next_try
                    .filter(|_| ailing)
                    .map_or(0, |due| due.ms_since(now))
                    .max(0);
                let due = wait_ms == 0;
                let plan = match (to_send, woken) {
                    (true, Woken::Alive | Woken::Asked) => Plan::Deliver { ailing, words_only },
                    (true, Woken::No) if due => Plan::Deliver { ailing, words_only },
                    (false, Woken::Asked) => Plan::Ping { ailing },
                    (false, _) if ailing && due => Plan::Ping { ailing },
                    _ if ailing => Plan::Wait(wait_ms.unsigned_abs()),
                    _ if beat.is_zero() => Plan::Ping { ailing },
                    _ => Plan::Wait(u64::try_from(beat.as_millis()).unwrap_or(u64::MAX).max(1)),
                };
                Ok(match (plan, paused) {
                    (Plan::Wait(ms), Some(until)) => Plan::Wait(ms.min(until.ms_since(now).unsigned_abs())),
                    (plan, _) => plan,
                })
            })
            .await
    }
}
