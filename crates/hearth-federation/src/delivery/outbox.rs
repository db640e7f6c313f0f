//! The outbox: a peer fetches its log instead of having it brought, when it can reach this home and this home cannot reach it.
//!
//! A request may wait until there is something (long poll). One of a peer waits at a time; a newer one ends it, as who asks again
//! has lost the earlier answer. While it waits it takes no place among the peer's requests.
//!
//! Invariants:
//!
//! * What was offered under a number is not replaced any more, so an acknowledgement means what the peer has.
//! * What the peer says that it has handled leaves the log, and nothing that it cannot have.

mod wire;

pub(crate) use wire::{Acknowledged, Acknowledgement, LONGEST_WAIT_S, OutboxQuery};

use super::round::batch_of;
use super::{PeerSignal, paused_until};
use crate::client::CallError;
use crate::ids::Epoch;
use crate::listener::{Answer, Held};
use crate::problem::{Code, Problem};
use crate::reception::{Batch, MAX_ACTIVITIES, OUTBOX_TYPE, Receipt};
use crate::service::Federation;
use hearth_api::{ApiError, Event, HomeId};
use hearth_db::home::HomeRowState;
use hearth_db::{event, home, peer, peer_log};
use http::StatusCode;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The requests that wait, one of each peer.
#[derive(Debug, Default)]
pub(crate) struct Polls {
    waiting: Mutex<HashMap<HomeId, CancellationToken>>,
    closed: CancellationToken,
}

impl Polls {
    /// A request begins to wait; the one before it ends.
    fn begin(&self, of: &HomeId) -> CancellationToken {
        let token = self.closed.child_token();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = waiting.insert(of.clone(), token.clone()) {
            before.cancel();
        }
        token
    }

    /// Ends the request of a peer that waits, if one does.
    pub(crate) fn end(&self, of: &HomeId) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = waiting.remove(of) {
            before.cancel();
        }
    }

    /// How many requests of peers wait.
    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.values().filter(|token| !token.is_cancelled()).count()
    }

    /// Ends all, now and to come: the home closes.
    pub(crate) fn close(&self) {
        self.closed.cancel();
    }
}

/// What there is for a peer that asks.
enum Offer {
    Batch(Batch),
    Nothing,
    NotConnected,
}

impl Federation {
    /// Gives a peer what its log holds after what it has, waiting for something if it asks to.
    pub(crate) async fn give_outbox(&self, from: &HomeId, query: Option<&str>, held: &mut Held) -> Answer {
        let Some(asked) = OutboxQuery::parse(query) else {
            return Answer::problem(&Problem::new(Code::Malformed));
        };
        let life = match self.life_with(from).await {
            Ok(life) => life.epoch,
            Err(error) => return unavailable(&error.into()),
        };
        let mut is_known = true;
        match self.is_behind(from, life, &asked).await {
            Ok(true) => match self.renew_for(from, life).await {
                // What it has is none of this log; that is not begun anew for its sake again so soon.
                Ok(begun) => is_known = begun,
                Err(CallError::Local(error)) => return unavailable(&error),
                Err(_) => return Answer::problem(&Problem::new(Code::Unavailable)),
            },
            Ok(false) => {}
            Err(error) => return unavailable(&error),
        }
        match self.has_lost(from, life, &asked).await {
            Ok(true) => match self.hear_loss(from, asked.has.unwrap_or(asked.after)).await {
                Ok(()) => {}
                Err(CallError::Local(error)) => return unavailable(&error),
                Err(_) => return Answer::problem(&Problem::new(Code::Unavailable)),
            },
            Ok(false) => {}
            Err(error) => return unavailable(&error),
        }
        // Another life of the log counts from the start.
        let life = match self.life_with(from).await {
            Ok(life) => life,
            Err(error) => return unavailable(&error.into()),
        };
        let after = if asked.epoch == Some(life.epoch) {
            asked.after
        } else {
            0
        };
        let seen = Receipt {
            ack: if is_known { after } else { 0 },
            results: Vec::new(),
        };
        if let Err(error) = self.acknowledge(from, asked.run, seen).await {
            return unavailable(&error);
        }
        let mut asking = match self.is_fetched_from(from).await {
            Ok(asking) => asking,
            Err(error) => return unavailable(&error),
        };
        let until = Instant::now() + Duration::from_secs(asked.wait_s);
        let ended = self.polls().begin(from);
        let mut changed = self.db().delivery_changed();
        loop {
            changed.mark_unchanged();
            let batch = match self.offer(from, after).await {
                Ok(Offer::Batch(batch)) => batch,
                Ok(Offer::Nothing) if Instant::now() < until && !ended.is_cancelled() => {
                    held.room = None;
                    tokio::select! {
                        () = ended.cancelled() => {}
                        () = tokio::time::sleep_until(until) => {}
                        // The database outlives the listener.
                        _ = changed.changed() => {}
                    }
                    continue;
                }
                Ok(Offer::Nothing) => Batch {
                    epoch: life.epoch,
                    run: Some(life.run.clone()),
                    from: after.saturating_add(1),
                    activities: Vec::new(),
                },
                Ok(Offer::NotConnected) => return Answer::problem(&Problem::new(Code::NotConnected)),
                Err(error) => return unavailable(&error),
            };
            let told = self.with_standing(from, batch).await;
            asking.given = Some(!told.answer.activities.is_empty());
            return match Batch::encode_offer(&told) {
                Ok(body) => Answer::new(StatusCode::OK, OUTBOX_TYPE, body),
                Err(error) => {
                    tracing::error!(error = %error, "An outbox could not be written");
                    Answer::problem(&Problem::new(Code::Internal))
                }
            };
        }
    }

    /// Whether a peer has more of this life of its log than there is, or has it from a run that is none of this database: that is older,
    /// or a copy of it was heard.
    async fn is_behind(&self, from: &HomeId, life: Epoch, asked: &OutboxQuery) -> Result<bool, ApiError> {
        if asked.epoch != Some(life) || asked.after == 0 {
            return Ok(false);
        }
        let home = from.clone();
        let end = self.db().read(move |tx| peer_log::end(tx, &home)).await?;
        Ok(asked.after > end || self.runs().reach(from, asked.run, end).is_none())
    }

    /// Whether a peer does not have what it has acknowledged: its database is older than that. One that does not say what it has, and
    /// cannot be called, may only not have heard that it was heard.
    async fn has_lost(&self, from: &HomeId, life: Epoch, asked: &OutboxQuery) -> Result<bool, ApiError> {
        if asked.epoch != Some(life) {
            return Ok(false);
        }
        let home = from.clone();
        let known = self.db().read(move |tx| peer::get(tx, &home)).await?;
        Ok(known.is_some_and(|row| match asked.has {
            Some(has) => row.acked_seq > has,
            None => row.failures == 0 && row.acked_seq > asked.after,
        }))
    }

    /// The next rows for a peer, which from now on are not changed any more.
    async fn offer(&self, to: &HomeId, after: u64) -> Result<Offer, ApiError> {
        let (home, now) = (to.clone(), self.now());
        let found = self
            .db()
            .read(move |tx| {
                let connected = home::get(tx, &home)?.is_some_and(|row| row.state == HomeRowState::Connected);
                let sends = connected && paused_until(tx, now)?.is_none();
                let any = sends && !peer_log::rows(tx, &home, after, 1)?.is_empty();
                Ok::<_, ApiError>((connected, any))
            })
            .await?;
        match found {
            (false, _) => return Ok(Offer::NotConnected),
            (true, false) => return Ok(Offer::Nothing),
            (true, true) => {}
        }
        let (federation, home) = (self.clone(), to.clone());
        self.db()
            .write(move |tx| {
                let life = federation.life_in(tx, &home)?;
                let limit = u32::try_from(MAX_ACTIVITIES).unwrap_or(u32::MAX);
                let rows = peer_log::rows(tx, &home, after, limit)?;
                let Some((batch, rows)) = batch_of(life, after.saturating_add(1), rows) else {
                    return Ok(Offer::Nothing);
                };
                let last = rows.last().map_or(after, |row| row.seq);
                peer_log::mark(tx, &home, peer_log::Way::Offered, last)?;
                Ok(Offer::Batch(batch))
            })
            .await
    }

    /// Takes note of what became of what a peer fetched.
    pub(crate) async fn take_acknowledgement(&self, from: &HomeId, body: &[u8]) -> Answer {
        let said = match Acknowledgement::read(body) {
            Ok(said) => said,
            Err(code) => return Answer::problem(&Problem::new(code)),
        };
        match self.life_with(from).await {
            Ok(life) if life.epoch == said.epoch => {}
            Ok(_) => return Answer::problem(&Problem::new(Code::EpochChanged)),
            Err(error) => return unavailable(&error.into()),
        }
        if self.runs().reach(from, said.run, said.ack).is_none() {
            // It fetched from a copy of this home.
            return Answer::problem(&Problem::new(Code::EpochChanged));
        }
        let ack = said.ack;
        if let Some(code) = said.refused {
            return match self.was_refused(from, said.epoch, code).await {
                Ok(()) => Answer::json(&self.with_standing(from, Acknowledged { ack }).await),
                Err(CallError::Local(error)) => unavailable(&error),
                Err(_) => Answer::problem(&Problem::new(Code::Unavailable)),
            };
        }
        let receipt = Receipt {
            ack,
            results: said.results,
        };
        match self.acknowledge(from, said.run, receipt).await {
            Ok(()) => Answer::json(&self.with_standing(from, Acknowledged { ack }).await),
            Err(error) => unavailable(&error),
        }
    }
}

impl Federation {
    /// A peer fetches by itself: it is awake, whether or not it can be called.
    async fn is_fetched_from(&self, by: &HomeId) -> Result<Asking, ApiError> {
        let signal = self.signals().peer(by);
        let is_news = signal.way.asks();
        let asking = Asking {
            federation: self.clone(),
            signal,
            given: None,
        };
        if is_news {
            tell_windows(self, by.clone()).await?;
        }
        Ok(asking)
    }

    /// Tells windows of homes that fetched by themselves and do not any more.
    pub(super) async fn notice_silence(&self) -> Result<(), ApiError> {
        for (home, signal) in self.signals().all_by_home() {
            if signal.way.fell_silent(self.now()) {
                tell_windows(self, home).await?;
            }
        }
        Ok(())
    }

    /// A peer took nothing of what it fetched, because of which life or run this home is.
    async fn was_refused(&self, by: &HomeId, told: Epoch, code: Code) -> Result<(), CallError> {
        match code {
            Code::EpochChanged => self.renew_for(by, told).await.map(drop),
            Code::Cloned => self.note_failure(by, code.as_str()).await,
            _ => Ok(()),
        }
    }
}

/// An open request of a peer for what is here. Its end is noted also when the connection ends before it is answered.
struct Asking {
    federation: Federation,
    signal: Arc<PeerSignal>,
    /// Whether it was answered with something or with nothing; not answered yet.
    given: Option<bool>,
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.signal.way.asked(self.federation.now(), self.given);
    }
}

async fn tell_windows(federation: &Federation, home: HomeId) -> Result<(), ApiError> {
    let (home, now) = (Some(home), federation.now());
    let told = federation
        .db()
        .write(move |tx| event::append(tx, None, now, &Event::HomesChanged { home }))
        .await;
    Ok(told?)
}

/// A fault of this home: nothing was offered, and the peer comes again.
fn unavailable(error: &ApiError) -> Answer {
    tracing::error!(code = %error.code, "A log could not be read or settled");
    Answer::problem(&Problem::new(Code::Unavailable))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_request_of_a_peer_waits_and_none_once_closed() {
        let (anna, ben): (HomeId, HomeId) = (
            HomeId::from(&crate::testing::node(1).id()),
            HomeId::from(&crate::testing::node(2).id()),
        );
        let polls = Polls::default();
        let (first, other) = (polls.begin(&anna), polls.begin(&ben));
        let second = polls.begin(&anna);
        assert!(first.is_cancelled() && !second.is_cancelled() && !other.is_cancelled());
        polls.end(&ben);
        assert!(other.is_cancelled());
        polls.close();
        assert!(second.is_cancelled() && polls.begin(&anna).is_cancelled());
    }
}
