//! The inbox: what a peer delivers, checked, applied in order, and answered item by item.
//!
//! A batch is one write transaction: its activities take effect in the sender's order, together with the number up to which
//! they were handled, at the price of one flush. Inside it each activity is a part of its own that is undone when it may not
//! be done or must wait, so it has changed nothing then. When this home's own storage fails at one, those before it stand and
//! are acknowledged, and the peer sends the rest again. (One transaction for each activity would cost a flush each, and let
//! another batch of the same peer come in between.)
//!
//! Invariants:
//!
//! * What is acknowledged is durable: applied, known before, or set aside in `inbox` with its reason.
//! * The same text offered again has the same outcome, also when the first answer was lost.
//! * What waits is bounded for each peer, and is tried again once what it waits for has come, also after a restart.
//!
//! Not here: whether an activity may be done ([`crate::apply::Apply`]).

mod ahead;
mod batch;
mod item;

pub(crate) use batch::{BATCH_OVERHEAD, ENTRY_OVERHEAD, OUTBOX_TYPE, pack, unpack};
pub use batch::{
    Batch, BatchError, CONTENT_TYPE, Entry, ItemResult, MAX_ACTIVITIES, MAX_LEN, Receipt, WireVerdict,
};

use crate::delivery::WAITED_TOO_LONG;
use crate::problem::{Code, Problem};
use crate::service::Federation;
use ahead::Looked;
use hearth_api::{ApiError, ApiResult, HomeId};
use hearth_db::home::HomeRowState;
use hearth_db::{WriteTx, home, inbox, later, peer, untold};
pub(crate) use item::Receiver;

/// Activities of one peer that may wait.
const MAX_WAITING: u64 = 10_000;
/// Bytes of their texts.
const MAX_WAITING_BYTES: u64 = 64 * 1024 * 1024;
/// Days after which it is not told any more that a connection was ended here.
const KEEP_PARTING_DAYS: i64 = 2 * 365;
/// Days that an activity waits, and that a refused one is kept.
const KEEP_DAYS: i64 = 30;
/// Activities that are tried again in one transaction.
const AGAIN_AT_ONCE: u32 = 64;
/// Transactions of that kind before an answer; the rest is done in the background.
const AGAIN_ROUNDS: u32 = 4;

/// What became of a batch.
enum Received {
    Receipt(Receipt),
    Refused(Problem),
}

impl Federation {
    /// Takes a batch from a connected home.
    ///
    /// # Errors
    /// The problem to answer with; nothing was acknowledged then.
    pub(crate) async fn receive(&self, from: &HomeId, body: &[u8]) -> Result<Receipt, Problem> {
        let batch = Batch::decode(body).map_err(|error| {
            Problem::new(match error {
                BatchError::TooLarge => Code::TooLarge,
                BatchError::Malformed => Code::Malformed,
            })
        })?;
        let receipt = self.receive_batch(from, batch, false).await?;
        self.signals().peer(from).way.brought();
        Ok(receipt)
    }

    /// Takes a batch that a connected home brought, or that was fetched there.
    ///
    /// # Errors
    /// The problem that says why not; nothing was acknowledged then.
    pub(crate) async fn receive_batch(
        &self,
        from: &HomeId,
        mut batch: Batch,
        fetched: bool,
    ) -> Result<Receipt, Problem> {
        let looked = self.look_ahead(from, &mut batch).await;
        if looked.is_empty() {
            return Err(Problem::new(Code::Unavailable));
        }
        let (federation, home) = (self.clone(), from.clone());
        let received = self
            .db()
            .write(move |tx| federation.take(tx, &home, &batch, looked, fetched))
            .await;
        match received {
            Ok(Received::Receipt(receipt)) => {
                // It may have told a new address.
                self.alive(from);
                if let Err(error) = self.try_again(AGAIN_ROUNDS).await {
                    // They stay ready; the sweep comes to them.
                    tracing::error!(code = %error.code, "Waiting activities could not be tried again");
                }
                Ok(receipt)
            }
            Ok(Received::Refused(problem)) => Err(problem),
            Err(error) => {
                tracing::error!(home = %from, code = %error.code, "A batch could not be taken");
                Err(Problem::new(Code::Unavailable))
            }
        }
    }

    /// The one transaction of a batch, whose activities were looked at before.
    fn take(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        batch: &Batch,
        looked: Vec<Looked>,
        fetched: bool,
    ) -> ApiResult<Received> {
        let refuse = |code| Ok(Received::Refused(Problem::new(code)));
        let connected = home::get(tx, from)?.is_some_and(|row| row.state == HomeRowState::Connected);
        let Some(known) = peer::get(tx, from)?.filter(|_| connected) else {
            return refuse(Code::NotConnected);
        };
        if let Some(problem) = self
            .hear_life(tx, from, &batch.epoch, batch.run.clone())?
            .refusal()
        {
            return Ok(Received::Refused(problem));
        }
        let epoch = batch.epoch.to_string();
        // Another life of the sender's log counts from the start; what it brings again changes nothing.
        let mut done = if known.their_epoch.as_ref() == Some(&epoch) {
            known.received_seq
        } else {
            0
        };
        if batch.from > done.saturating_add(1) {
            let mut problem = Problem::new(Code::SequenceGap);
            problem.expected_seq = Some(done.saturating_add(1));
            return Ok(Received::Refused(problem));
        }
        let before = done;
        if !fetched && batch.from > before {
            // It goes on after all that was handled here, so it has heard what became of that.
            untold::end(tx, from)?;
        }
        tx.gather();
        let receiver = Receiver::new(self, from);
        let mut results = Vec::with_capacity(looked.len());
        let mut is_another_log = false;
        let mut broke_off = false;
        for entry in looked {
            let is_repeated = entry.seq <= done;
            let taken = if is_repeated && batch.run.is_some() {
                receiver.take_again(tx, &entry.jws, entry.read)
            } else if is_repeated {
                receiver.known_before(tx, &entry.jws)
            } else {
                receiver.take(tx, &entry.jws, entry.read)
            };
            let verdict = match taken {
                Ok(verdict) => verdict,
                Err(error) if results.is_empty() => return Err(error),
                Err(error) => {
                    tracing::error!(home = %from, seq = entry.seq, code = %error.code, "An activity could not be applied");
                    broke_off = true;
                    break;
                }
            };
            is_another_log |= is_repeated && verdict == WireVerdict::Applied;
            done = done.max(entry.seq);
            results.push(ItemResult {
                seq: entry.seq,
                verdict,
            });
            // After a `node.remove` nothing else may follow.
            if peer::get(tx, from)?.is_none() {
                self.apply().taken(tx, receiver.now())?;
                return Ok(Received::Receipt(Receipt {
                    ack: entry.seq,
                    results,
                }));
            }
        }
        self.apply().taken(tx, receiver.now())?;
        // What a copy brought is not this one's, though it is counted.
        let run = if is_another_log {
            known.received_run.filter(|_| before > 0)
        } else {
            batch.told_run().map(|run| run.to_string())
        };
        peer::set_received(tx, from, &epoch, run.as_deref(), done)?;
        if is_another_log {
            // Numbers that were heard before, with what never was: a copy of that home has spoken meanwhile, and the two have to compare.
            tracing::warn!(home = %from, "Another home's log is not the one that was heard before");
            return refuse(Code::EpochChanged);
        }
        if results.iter().any(|result| !result.verdict.goes_without_saying()) {
            // What is fetched next says that all was delivered, unless this is told first; an answer to what was brought may be lost.
            untold::begin(tx, from, before)?;
        }
        // What comes again and was not looked at has no outcome to be told.
        let ack = match results.last() {
            Some(last) if broke_off => done.min(last.seq),
            _ => done,
        };
        Ok(Received::Receipt(Receipt { ack, results }))
    }

    /// Tries again what waited for something that has come. Each try may bring what others wait for.
    async fn try_again(&self, rounds: u32) -> ApiResult<()> {
        for _ in 0..rounds {
            if !self.again_once().await? {
                return Ok(());
            }
        }
        self.signals().more_ready();
        Ok(())
    }

    /// Tries everything that is ready.
    pub(crate) async fn try_all_again(&self) -> ApiResult<()> {
        while self.again_once().await? {}
        Ok(())
    }

    /// Some of what is ready; false when nothing was. Looks before it occupies the writer.
    async fn again_once(&self) -> ApiResult<bool> {
        if self.db().read(|tx| inbox::ready(tx, 1)).await?.is_empty() {
            return Ok(false);
        }
        let federation = self.clone();
        Ok(self.db().write(move |tx| federation.again(tx)).await? > 0)
    }

    fn again(&self, tx: &mut WriteTx<'_>) -> ApiResult<usize> {
        let ready = inbox::ready(tx, AGAIN_AT_ONCE)?;
        tx.gather();
        for row in &ready {
            Receiver::new(self, &row.home).again(tx, row)?;
        }
        self.apply().taken(tx, self.now())?;
        Ok(ready.len())
    }

    /// Forgets nonces that the clock check refuses anyway, activities that waited for too long, what was refused long ago,
    /// invites and connections long ended.
    ///
    /// # Errors
    /// A storage error.
    pub async fn sweep(&self) -> ApiResult<()> {
        self.try_all_again().await?;
        self.retire_secrets().await?;
        self.tell_partings().await?;
        let now = self.now();
        self.db()
            .write(move |tx| {
                hearth_db::nonce::prune(tx, now.plus_secs(-NONCE_S))?;
                let dropped = inbox::prune(tx, now.plus_days(-KEEP_DAYS))?;
                if !dropped.is_empty() {
                    tracing::info!(
                        dropped = dropped.len(),
                        "Dropped received activities that waited for too long"
                    );
                }
                later::prune(tx, now.plus_days(-KEEP_DAYS))?;
                for (home, digest) in &dropped {
                    later::put(tx, home, digest, Some(WAITED_TOO_LONG), now)?;
                }
                hearth_db::refusal::prune(tx, now.plus_days(-KEEP_DAYS))?;
                hearth_db::parting::prune(tx, now.plus_days(-KEEP_PARTING_DAYS))?;
                for invite in hearth_db::home_invite::delete_ended(tx, now.plus_days(-KEEP_DAYS))? {
                    hearth_db::secret::delete(tx, &crate::pairing_service::invite_secret(invite))?;
                }
                Ok::<_, ApiError>(())
            })
            .await
    }
}

/// How long a nonce is kept after its request came, in seconds: a request may be dated five minutes ahead and is refused five
/// minutes after its date; one minute more for a clock that is set back.
const NONCE_S: i64 = 11 * 60;
