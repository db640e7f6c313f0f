//! Fetching from a peer what it cannot bring: once after the program began and after each pause, and for as long as the peer says that
//! it cannot reach this home.
//!
//! What is fetched is applied by the code that applies what is brought. Then the peer is told what became of each, so that its
//! people see the truth; until it was told of a refusal, it is asked again from before that, and the same outcome is given. So it is
//! when the answer to what it brought may have been lost.

use super::outbox::{Acknowledged, Acknowledgement, OutboxQuery};
use super::standing::{Standing, Told};
use super::way::Fetch;
use crate::client::{Call, CallError};
use crate::ids::{Epoch, RunId};
use crate::listener::{ACK_PATH, OUTBOX_PATH};
use crate::problem::{Code, Problem};
use crate::reception::{Batch, Receipt};
use crate::reconcile::RunSeen;
use crate::service::Federation;
use crate::transport::MAX_ANSWER_LEN;
use hearth_api::HomeId;
use hearth_db::{DbError, ReadTx, peer, reconcile, untold};
use http::Uri;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::outbox::LONGEST_WAIT_S;

/// The least time between two requests when the first brought nothing.
const LEAST: Duration = Duration::from_secs(1);
/// The pause after a peer refused, or gave what leads nowhere.
const REFUSED_PAUSE: Duration = Duration::from_secs(30);

/// The pause after a peer was told that it is older than what is known of it.
const RENEWED_PAUSE: Duration = Duration::from_secs(5);

/// What one request brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pulled {
    /// The log is empty as far as was asked.
    Nothing,
    /// So many activities, and there may be more.
    Some(u64),
}

impl Federation {
    /// Fetches from every connected home what its log holds for this one now.
    ///
    /// The number of activities that came, and the homes with which it failed, with a stable code.
    pub async fn pull(&self) -> (u64, Vec<(HomeId, String)>) {
        let peers = match self.db().read(peer::list_connected).await {
            Ok(peers) => peers,
            Err(error) => {
                tracing::error!(error = %error, "The list of homes could not be read");
                return (0, Vec::new());
            }
        };
        let all = peers
            .iter()
            .map(|peer| async move { (peer.home.clone(), self.pull_all(&peer.home).await) });
        let (mut came, mut failed) = (0, Vec::new());
        for (home, outcome) in futures_util::future::join_all(all).await {
            match outcome {
                Ok(count) => came += count,
                Err(error) => failed.push((home, error.code().to_owned())),
            }
        }
        (came, failed)
    }

    /// Fetches all that a peer's log holds now.
    async fn pull_all(&self, from: &HomeId) -> Result<u64, CallError> {
        let mut came = 0;
        loop {
            match self.pull_some(from, 0).await {
                Ok(Pulled::Some(count)) => came += count,
                Ok(Pulled::Nothing) => {
                    self.signals().peer(from).way.fetched();
                    return Ok(came);
                }
                Err(CallError::Refused(problem)) if problem.code == Code::NotFound => {
                    self.signals().peer(from).way.has_no_outbox();
                    return Ok(came);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// One request: what comes is applied, and the peer is told. If the peer says that the two have to compare, which it cannot begin,
    /// that is begun here.
    async fn pull_some(&self, from: &HomeId, wait_s: u64) -> Result<Pulled, CallError> {
        let mut told = Standing::default();
        let pulled = self.pull_with(from, wait_s, &mut told).await;
        if told.compare {
            self.hear_own_loss(from).await?;
        }
        pulled
    }

    async fn pull_with(&self, from: &HomeId, wait_s: u64, told: &mut Standing) -> Result<Pulled, CallError> {
        let home = from.clone();
        let (row, untold) = self
            .db()
            .read(move |tx| {
                let row = peer::get(tx, &home)?.ok_or(CallError::NotConnected)?;
                Ok::<_, CallError>((row, untold::get(tx, &home)?))
            })
            .await?;
        let epoch = row.their_epoch.as_deref().and_then(|text| text.parse().ok());
        let run = row.received_run.as_deref().and_then(|text| text.parse().ok());
        let asked = OutboxQuery {
            epoch,
            run: run.filter(|_| epoch.is_some() && row.received_seq > 0),
            has: epoch.map(|_| row.received_seq),
            after: untold.unwrap_or(row.received_seq).min(row.received_seq),
            wait_s,
        };
        let target: Uri = format!("{OUTBOX_PATH}?{}", asked.to_query())
            .parse()
            .map_err(|_malformed| CallError::Nonsense)?;
        let body = self
            .call(from, Call::get(target))
            .await?
            .collect(MAX_ANSWER_LEN)
            .await?;
        let offered = Batch::decode_offer(&body).map_err(|_other| CallError::Nonsense)?;
        self.told_by(from, offered.standing);
        *told = offered.standing;
        self.note_life(from).await?;
        let batch = offered.answer;
        if batch.activities.is_empty() {
            self.hear_of(from, &batch).await?;
            if untold.is_some() && epoch == Some(batch.epoch) {
                // Nothing is left there of which it has not heard what became of it.
                self.has_told(from, row.received_seq).await?;
            }
            return Ok(Pulled::Nothing);
        }
        let same_life = epoch == Some(batch.epoch);
        let (epoch, before) = (batch.epoch, if same_life { asked.after } else { 0 });
        let run = batch.told_run();
        let receipt = match self.receive_batch(from, batch, true).await {
            Ok(receipt) => receipt,
            Err(problem) => {
                self.refuse_to(from, epoch, problem.code).await?;
                return Err(CallError::Refused(problem));
            }
        };
        if receipt.ack <= before {
            // It gives again and again what was there: nothing is to be gained.
            return Err(CallError::Nonsense);
        }
        let count = u64::try_from(receipt.results.len()).unwrap_or(u64::MAX);
        self.acknowledge_to(from, epoch, run, receipt).await?;
        Ok(Pulled::Some(count))
    }

    /// Takes note of which life and run of its database a home is that had nothing to give.
    async fn hear_of(&self, from: &HomeId, batch: &Batch) -> Result<(), CallError> {
        let (federation, home) = (self.clone(), from.clone());
        let (epoch, run) = (batch.epoch, batch.run.clone());
        let of = from.clone();
        let known = self.db().read(move |tx| reconcile::life(tx, &of)).await?;
        let name = run.as_ref().map(|run| run.id.to_string());
        let is_known = known.is_some_and(|known| {
            known.cloned_at.is_none()
                && known.epoch == epoch.to_string()
                && (name.is_none() || known.runs.last() == name.as_ref())
        });
        if is_known {
            return Ok(());
        }
        let seen = self
            .db()
            .write(move |tx| federation.hear_life(tx, &home, &epoch, run))
            .await?;
        match seen {
            RunSeen::Same | RunSeen::New => Ok(()),
            RunSeen::Refused(code) => {
                self.refuse_to(from, epoch, code).await?;
                Err(CallError::Refused(Problem::new(code)))
            }
            RunSeen::Later(_) => Err(CallError::Refused(Problem::new(Code::Unavailable))),
        }
    }

    /// Tells a home that what it gave was not taken because of what it is: it could not learn that by bringing it.
    async fn refuse_to(&self, to: &HomeId, epoch: Epoch, code: Code) -> Result<(), CallError> {
        if !matches!(code, Code::EpochChanged | Code::Cloned) {
            return Ok(());
        }
        let said = Acknowledgement {
            epoch,
            run: None,
            ack: 0,
            results: Vec::new(),
            refused: Some(code),
        };
        self.acknowledge_with(to, &said).await
    }

    async fn acknowledge_with(&self, to: &HomeId, said: &Acknowledgement) -> Result<(), CallError> {
        let body = serde_json::to_vec(said).map_err(|_unwritable| CallError::Nonsense)?;
        let call = Call::post(Uri::from_static(ACK_PATH), "application/json", body);
        let answer = self.call(to, call).await?.collect(MAX_ANSWER_LEN).await?;
        let told: Told<Acknowledged> =
            serde_json::from_slice(&answer).map_err(|_other| CallError::Nonsense)?;
        self.told_by(to, told.standing);
        Ok(())
    }

    async fn acknowledge_to(
        &self,
        to: &HomeId,
        epoch: Epoch,
        run: Option<RunId>,
        receipt: Receipt,
    ) -> Result<(), CallError> {
        let said = Acknowledgement {
            epoch,
            run,
            ack: receipt.ack,
            results: receipt.results,
            refused: None,
        };
        self.acknowledge_with(to, &said).await?;
        self.has_told(to, said.ack).await
    }

    /// A home was told all up to a number: if nothing came from it meanwhile, it knows all.
    async fn has_told(&self, to: &HomeId, up_to: u64) -> Result<(), CallError> {
        let home = to.clone();
        let is_behind = move |tx: &ReadTx<'_>| {
            let is_last = peer::get(tx, &home)?.is_some_and(|row| row.received_seq == up_to);
            Ok::<_, DbError>(is_last && untold::get(tx, &home)?.is_some())
        };
        if !self.db().read(is_behind.clone()).await? {
            return Ok(());
        }
        let home = to.clone();
        self.db()
            .write(move |tx| {
                if is_behind(tx)? {
                    untold::end(tx, &home)?;
                }
                Ok::<_, DbError>(())
            })
            .await?;
        Ok(())
    }

    /// The task that fetches from one peer.
    pub(super) async fn keep_pulling(self, from: HomeId, closed: CancellationToken) {
        let signal = self.signals().peer(&from);
        loop {
            let fetch = signal.way.fetch();
            let wait_s = match fetch {
                Fetch::Rest => {
                    tokio::select! {
                        () = closed.cancelled() => return,
                        () = signal.pull.notified() => continue,
                    }
                }
                Fetch::Once => 0,
                Fetch::Poll => LONGEST_WAIT_S,
            };
            let began = Instant::now();
            let pulled = tokio::select! {
                () = closed.cancelled() => return,
                pulled = self.pull_some(&from, wait_s) => pulled,
            };
            let pause = match pulled {
                Ok(Pulled::Some(_)) => None,
                Ok(Pulled::Nothing) => {
                    signal.way.fetched();
                    (fetch == Fetch::Poll).then_some(began + LEAST)
                }
                Err(CallError::Refused(problem)) if problem.code == Code::NotFound => {
                    signal.way.has_no_outbox();
                    None
                }
                // It was told so, and begins a new life.
                Err(CallError::Refused(problem)) if problem.code == Code::EpochChanged => {
                    Some(Instant::now() + RENEWED_PAUSE)
                }
                Err(error @ (CallError::Refused(_) | CallError::Nonsense | CallError::Local(_))) => {
                    tracing::info!(home = %from, code = error.code(), "Fetching from another home did not succeed");
                    Some(Instant::now() + REFUSED_PAUSE)
                }
                Err(_no_answer) => {
                    signal.way.fetch_failed();
                    // The task that delivers rests until its next beat; now the next try is due earlier.
                    signal.notify.notify_one();
                    None
                }
            };
            if let Some(until) = pause {
                tokio::select! {
                    () = closed.cancelled() => return,
                    () = tokio::time::sleep_until(until) => {}
                }
            }
        }
    }
}
