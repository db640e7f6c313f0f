//! One round of delivery to one peer: everything its log holds.

use super::paused_until;
use super::settle::Brought;
use super::standing::Told;
use crate::client::{Call, CallError};
use crate::listener::INBOX_PATH;
use crate::problem::{Code, Problem};
use crate::reception::{
    BATCH_OVERHEAD, Batch, CONTENT_TYPE, ENTRY_OVERHEAD, Entry, MAX_ACTIVITIES, MAX_LEN, Receipt,
};
use crate::reconcile::Life;
use crate::service::Federation;
use crate::transport::MAX_ANSWER_LEN;
use hearth_api::{ApiError, HomeId};
use hearth_db::peer_log::LogRow;
use hearth_db::{WriteTx, peer, peer_log};
use http::Uri;

/// How often a peer may ask for an earlier number in one round.
const MAX_REWINDS: u32 = 3;

/// What a delivery round brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PumpReport {
    /// Connected homes.
    pub homes: usize,
    /// Activities that were taken: applied, known before, or waiting there.
    pub delivered: u64,
    /// Activities that were refused.
    pub refused: u64,
    /// Pages that were compared with homes after one was restored.
    pub compared: u64,
    /// Homes with which it failed, with a stable code.
    pub failed: Vec<(HomeId, String)>,
}

impl PumpReport {
    /// Whether anything was brought anywhere.
    #[must_use]
    pub const fn moved(&self) -> bool {
        self.delivered > 0 || self.refused > 0 || self.compared > 0
    }
}

/// A batch on its way.
pub(super) struct Outgoing {
    batch: Batch,
    rows: Vec<LogRow>,
    /// Up to which number rows may have left before.
    marked: u64,
}

impl Federation {
    /// One delivery round to every connected home now, whatever was planned.
    pub async fn pump(&self) -> PumpReport {
        let peers = match self.db().read(peer::list_connected).await {
            Ok(peers) => peers,
            Err(error) => {
                tracing::error!(error = %error, "The list of homes could not be read");
                return PumpReport::default();
            }
        };
        let rounds = peers
            .iter()
            .map(|peer| async move { (peer.home.clone(), self.round(&peer.home).await) });
        let mut report = PumpReport {
            homes: peers.len(),
            ..PumpReport::default()
        };
        for (home, (brought, outcome)) in futures_util::future::join_all(rounds).await {
            report.delivered = report.delivered.saturating_add(brought.delivered);
            report.refused = report.refused.saturating_add(brought.refused);
            report.compared = report.compared.saturating_add(brought.compared);
            if let Err(error) = outcome {
                report.failed.push((home, error.code().to_owned()));
            }
        }
        report
    }

    /// One delivery round to one home now.
    pub async fn pump_one(&self, home: &HomeId) {
        if let (_, Err(error)) = self.round(home).await {
            tracing::info!(home = %home, code = error.code(), "Delivery did not succeed");
        }
    }

    /// Sends until the log is empty or the peer fails.
    pub(super) async fn round(&self, to: &HomeId) -> (Brought, Result<(), CallError>) {
        let signal = self.signals().peer(to);
        let _turn = signal.turn.lock().await;
        let mut brought = Brought::default();
        let mut outcome = self.send_all(to, &mut brought).await;
        // Noted once for each pause, however often it is said.
        if let Err(error) = &outcome
            && !matches!(error, CallError::Local(_))
            && let Err(local) = self.note_failure(to, error.code()).await
        {
            outcome = Err(local);
        }
        (brought, outcome)
    }

    async fn send_all(&self, to: &HomeId, brought: &mut Brought) -> Result<(), CallError> {
        if self.sending_paused().await?.is_some() {
            // What became of what that home sent is told it all the same.
            return self.exchange_later(to).await;
        }
        // What is in the log goes out meanwhile.
        let waits = match self.reconcile(to).await {
            Ok(pages) => {
                brought.compared = pages;
                None
            }
            Err(
                error @ CallError::Refused(Problem {
                    code: Code::Unavailable,
                    ..
                }),
            ) => Some(error),
            Err(error) => return Err(error),
        };
        let mut rewinds = 0;
        let mut next = self.next_batch(to, None).await?;
        while let Some(Outgoing { batch, rows, marked }) = next {
            let (from, epoch) = (batch.from, batch.epoch);
            let body = batch.encode().map_err(|_too_large| CallError::Nonsense)?;
            let call = Call::post(Uri::from_static(INBOX_PATH), CONTENT_TYPE, body);
            let answered = match self.call(to, call).await {
                Ok(answer) => answer.collect(MAX_ANSWER_LEN).await,
                Err(error) => Err(error),
            };
            match answered {
                Ok(body) => {
                    let told: Told<Receipt> =
                        serde_json::from_slice(&body).map_err(|_other| CallError::Nonsense)?;
                    self.told_by(to, told.standing);
                    // It knows more of this home's log than there is: this home's database is older than that.
                    if told.answer.ack > self.log_end(to).await? && self.renew_for(to, epoch).await? {
                        next = self.next_batch(to, None).await?;
                        continue;
                    }
                    let (settled, following) = self.settle(to, rows, told.answer).await?;
                    if settled == Brought::default() {
                        // It took nothing: its storage failed at the first.
                        return Err(CallError::Refused(Problem::new(Code::Unavailable)));
                    }
                    brought.delivered = brought.delivered.saturating_add(settled.delivered);
                    brought.refused = brought.refused.saturating_add(settled.refused);
                    next = following;
                    self.greeted().insert(to.clone());
                }
                Err(CallError::Refused(Problem {
                    code: Code::SequenceGap,
                    expected_seq: Some(expected),
                    ..
                })) if expected < from && expected > 0 && rewinds < MAX_REWINDS => {
                    tracing::info!(home = %to, from, expected, "Another home asks for an earlier part of its log");
                    rewinds += 1;
                    self.hear_loss(to, expected.saturating_sub(1)).await?;
                    next = self.next_batch(to, Some(expected)).await?;
                }
                Err(CallError::Refused(Problem {
                    code: Code::EpochChanged,
                    ..
                })) if self.renew_for(to, epoch).await? => next = self.next_batch(to, None).await?,
                Err(error) => {
                    if !error.may_have_arrived() {
                        self.nothing_left(to, marked).await?;
                    }
                    return Err(error);
                }
            }
        }
        self.exchange_later(to).await?;
        self.tell_run(to).await?;
        if let Some(error) = waits {
            return Err(error);
        }
        // A new life began on the way: what is to be compared is compared at once.
        brought.compared = brought.compared.saturating_add(self.reconcile(to).await?);
        Ok(())
    }

    async fn log_end(&self, of: &HomeId) -> Result<u64, CallError> {
        let of = of.clone();
        Ok(self.db().read(move |tx| peer_log::end(tx, &of)).await?)
    }

    /// The oldest rows of the log, as many as fit, and the batch that carries them. They are about to leave, and are not changed any
    /// more; `marked` is up to where that was so before.
    async fn next_batch(&self, to: &HomeId, asked_for: Option<u64>) -> Result<Option<Outgoing>, CallError> {
        let home = to.clone();
        if !self.db().read(move |tx| peer_log::any(tx, &home)).await? {
            return Ok(None);
        }
        let (federation, home) = (self.clone(), to.clone());
        self.db()
            .write(move |tx| next_of(tx, &federation, &home, asked_for))
            .await
    }

    /// A batch did not leave: its rows may be changed again.
    async fn nothing_left(&self, to: &HomeId, marked: u64) -> Result<(), CallError> {
        let home = to.clone();
        Ok(self
            .db()
            .write(move |tx| peer_log::unmark_pushed(tx, &home, marked))
            .await?)
    }
}

/// What [`Federation::next_batch`] brings, in a transaction that is under way.
pub(super) fn next_of(
    tx: &mut WriteTx<'_>,
    federation: &Federation,
    home: &HomeId,
    asked_for: Option<u64>,
) -> Result<Option<Outgoing>, CallError> {
    if paused_until(tx, federation.now())?.is_some() {
        return Ok(None);
    }
    let life = federation.life_in(tx, home)?;
    let limit = u32::try_from(MAX_ACTIVITIES).unwrap_or(u32::MAX);
    let acked = peer::get(tx, home)?.ok_or(CallError::NotConnected)?.acked_seq;
    let from = asked_for.unwrap_or_else(|| acked.saturating_add(1));
    let rows = peer_log::rows(tx, home, 0, limit)?;
    let Some((batch, rows)) = batch_of(life, from, rows) else {
        return Ok(None);
    };
    let last = rows.last().map_or(0, |row| row.seq);
    let marked = peer_log::mark(tx, home, peer_log::Way::Pushed, last)?;
    Ok(Some(Outgoing { batch, rows, marked }))
}

/// The batch of the first rows, as many as fit, and those rows; `None` when there are none. It covers the numbers from `from`.
pub(super) fn batch_of(life: Life, from: u64, mut rows: Vec<LogRow>) -> Option<(Batch, Vec<LogRow>)> {
    let mut bytes = BATCH_OVERHEAD;
    let fits = rows
        .iter()
        .take_while(|row| {
            bytes = bytes.saturating_add(row.jws.len()).saturating_add(ENTRY_OVERHEAD);
            bytes <= MAX_LEN
        })
        .count();
    rows.truncate(fits.max(1));
    let first = rows.first()?.seq;
    let activities = rows
        .iter()
        .map(|row| Entry {
            seq: row.seq,
            jws: row.jws.clone(),
        })
        .collect();
    let batch = Batch {
        epoch: life.epoch,
        run: Some(life.run),
        from: from.min(first),
        activities,
    };
    Some((batch, rows))
}

impl From<CallError> for ApiError {
    fn from(error: CallError) -> Self {
        use hearth_api::Code as Shown;
        match error {
            CallError::Local(error) => error,
            CallError::NotConnected => Self::new(Shown::NotConnected, "The homes are not connected."),
            _ => Self::new(
                Shown::HomeUnreachable,
                "The other home does not answer now. Try again later.",
            ),
        }
    }
}
