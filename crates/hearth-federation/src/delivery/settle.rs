//! Taking rows out of a log for which the peer has answered, whichever way the answer came.

use super::round::{Outgoing, next_of};
use crate::client::{CallError, note_success};
use crate::ids::RunId;
use crate::reception::{Receipt, WireVerdict};
use crate::service::Federation;
use hearth_api::feed::DeliveryState;
use hearth_api::{ApiError, Event, HomeId, Timestamp};
use hearth_db::peer_log::LogRow;
use hearth_db::{WriteTx, event, later, peer, peer_log, taking_back};
use std::collections::HashMap;

/// Rows that are settled in one transaction.
const AT_ONCE: u32 = 256;

/// What a peer took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Brought {
    pub(super) delivered: u64,
    pub(super) refused: u64,
    /// Pages compared with a home after either was restored.
    pub(super) compared: u64,
}

/// The reason of a delivery that arrived and is not shown there yet.
pub(super) const WAITING_THERE: &str = "waiting_there";

/// The reason of a delivery that arrived too late to be shown there.
pub(crate) const OVERTAKEN: &str = "overtaken";

type Answers = HashMap<u64, WireVerdict>;

fn answers(receipt: Receipt) -> Answers {
    receipt
        .results
        .into_iter()
        .map(|result| (result.seq, result.verdict))
        .collect()
}

impl Federation {
    /// Takes what was answered for out of the log and notes how it went; in the same transaction, and so for the same flush, what is to
    /// be sent next.
    pub(super) async fn settle(
        &self,
        to: &HomeId,
        rows: Vec<LogRow>,
        receipt: Receipt,
    ) -> Result<(Brought, Option<Outgoing>), CallError> {
        let (federation, home, now) = (self.clone(), to.clone(), self.now());
        // Nobody can acknowledge more than was sent.
        let ack = receipt.ack.min(rows.last().map_or(0, |row| row.seq));
        let answers = answers(receipt);
        self.db()
            .write(move |tx| {
                // The connection may have ended meanwhile, and its log with it.
                peer::get(tx, &home)?.ok_or(CallError::NotConnected)?;
                let answered = rows.iter().take_while(|row| row.seq <= ack);
                let brought = federation.settle_rows(tx, &home, answered, &answers, now)?;
                peer::set_acked(tx, &home, ack)?;
                note_success(tx, &home, now)?;
                Ok::<_, CallError>((brought, next_of(tx, &federation, &home, None)?))
            })
            .await
    }

    /// Takes out of the log what a peer says that it fetched from a run of this home: all up to `ack`, with the verdicts that it gives.
    /// What cannot have left, or not in that run, stays.
    pub(super) async fn acknowledge(
        &self,
        from: &HomeId,
        run: Option<RunId>,
        receipt: Receipt,
    ) -> Result<(), ApiError> {
        let said = receipt.ack;
        let mut answers = answers(receipt);
        loop {
            let home = from.clone();
            let (first, sent) = self
                .db()
                .read(move |tx| {
                    let first = peer_log::rows(tx, &home, 0, 1)?.pop();
                    Ok::<_, ApiError>((first, peer_log::sent(tx, &home)?))
                })
                .await?;
            let ack = said.min(self.runs().reach(from, run, sent).unwrap_or(0));
            if first.is_none_or(|first| first.seq > ack) {
                return Ok(());
            }
            let (federation, home, now) = (self.clone(), from.clone(), self.now());
            let (done, rest) = self
                .db()
                .write(move |tx| {
                    let rows: Vec<LogRow> = peer_log::rows(tx, &home, 0, AT_ONCE)?
                        .into_iter()
                        .take_while(|row| row.seq <= ack)
                        .collect();
                    let last = rows.last().map_or(0, |row| row.seq);
                    federation.settle_rows(tx, &home, rows.iter(), &answers, now)?;
                    peer::set_acked(tx, &home, last)?;
                    Ok::<_, ApiError>((rows.is_empty(), answers))
                })
                .await?;
            if done {
                return Ok(());
            }
            answers = rest;
        }
    }

    fn settle_rows<'r>(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        rows: impl Iterator<Item = &'r LogRow>,
        answers: &Answers,
        now: Timestamp,
    ) -> Result<Brought, ApiError> {
        let mut brought = Brought::default();
        let mut new_refusals = false;
        for row in rows {
            let (state, code) = match answers.get(&row.seq) {
                Some(WireVerdict::Refused { code }) => {
                    (DeliveryState::Refused, Some(stable(code).to_owned()))
                }
                Some(WireVerdict::Overtaken) => (DeliveryState::Delivered, Some(OVERTAKEN.to_owned())),
                Some(WireVerdict::Waiting) => self.heard_early(tx, home, row.activity)?,
                _ => (DeliveryState::Delivered, None),
            };
            if row.item.is_some() {
                // Its own answer says all.
                later::take_early(tx, home, row.activity)?;
            }
            let code = code.as_deref();
            match state {
                DeliveryState::Refused => brought.refused += 1,
                _ => brought.delivered += 1,
            }
            let newest = peer_log::settle(tx, home, row, state, code, now)?;
            new_refusals |= newest && state == DeliveryState::Refused;
            match row.item {
                Some(item) if newest => {
                    self.apply().settled(tx, home, item, state, code, now)?;
                    if code == Some(OVERTAKEN) && peer_log::keeps_order(tx, home, row.seq)? {
                        self.apply().overtaken(tx, home, item, now)?;
                    }
                }
                Some(_) => {}
                None => {
                    let items = taking_back::done(tx, home, row.activity)?;
                    self.apply().taken_back(tx, home, &items, now)?;
                    if newest && state == DeliveryState::Refused {
                        self.apply().refused(tx, home, row.activity, now)?;
                    }
                }
            }
        }
        if new_refusals {
            let home = Some(home.clone());
            event::append(tx, None, now, &Event::HomesChanged { home })?;
        }
        Ok(brought)
    }
}

/// A refusal's code as it is kept: the other home's word, within bounds.
pub(super) fn stable(code: &str) -> &str {
    let is_code = !code.is_empty()
        && code.len() <= 64
        && code
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if is_code { code } else { "unknown" }
}
