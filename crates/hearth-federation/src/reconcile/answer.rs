//! What this home answers to one that compares: what it holds of that home's people and of what hangs on their posts.

use super::wire::{
    DigestAnswer, DigestRequest, HeldThing, MAX_LEN, Message as _, RecallAnswer, RecallRequest,
};
use crate::problem::{Code, Problem};
use crate::service::Federation;
use hearth_api::{ApiError, HomeId, Timestamp};
use hearth_db::reconcile::{self, Phase, Restored};
use hearth_db::{DbError, DbResult, ReadTx, WriteTx, peer_log, slot};
use uuid::Uuid;

/// What a text costs in an answer besides itself.
const OVERHEAD: usize = 4;

impl Federation {
    /// One page of what is held here of a home.
    ///
    /// # Errors
    /// The problem to answer with.
    pub(crate) async fn digest(&self, from: &HomeId, body: &[u8]) -> Result<Vec<u8>, Problem> {
        let request = DigestRequest::decode(body).map_err(Problem::new)?;
        let (federation, home) = (self.clone(), from.clone());
        let page = self
            .db()
            .write(move |tx| federation.page(tx, &home, &request))
            .await
            .map_err(|error| self.failed_here(&error))??;
        page.encode().map_err(Problem::new)
    }

    fn page(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        request: &DigestRequest,
    ) -> Result<Result<DigestAnswer, Problem>, ApiError> {
        let seen = self.hear_life(tx, from, &request.epoch, request.run.clone())?;
        if let Some(problem) = seen.refusal() {
            return Ok(Err(problem));
        }
        seen_until(tx, from, request.answered_until)?;
        let mut page = held(tx, from, request.after, request.limit)?;
        page.offer = reconcile::is_due(tx, from)? && self.signals().peer(from).way.last_try() != Some(true);
        Ok(Ok(page))
    }

    /// The last words on things of a home, as they were signed.
    ///
    /// # Errors
    /// The problem to answer with.
    pub(crate) async fn recalled(&self, from: &HomeId, body: &[u8]) -> Result<Vec<u8>, Problem> {
        let request = RecallRequest::decode(body).map_err(Problem::new)?;
        let home = from.clone();
        let answer = self
            .db()
            .read(move |tx| texts(tx, &home, &request.slots, MAX_LEN))
            .await
            .map_err(|error| self.failed_here(&error))?;
        answer.encode().map_err(Problem::new)
    }

    #[expect(clippy::unused_self, reason = "the call reads as the others do")]
    pub(super) fn failed_here(&self, error: &ApiError) -> Problem {
        tracing::error!(code = %error.code, "A home that compares could not be answered");
        Problem::new(Code::Unavailable)
    }
}

/// Takes note until when another home had been answered by this one's earlier life: what is from before was seen here.
///
/// # Errors
/// A database error.
pub(super) fn seen_until(tx: &mut WriteTx<'_>, with: &HomeId, told: Option<i64>) -> DbResult<()> {
    let Some(told) = told else { return Ok(()) };
    let Some(mut row) = reconcile::get(tx, with)?.filter(|row| row.restored == Restored::Here) else {
        return Ok(());
    };
    // Nothing that is to come was seen.
    let until = Timestamp(told).min(row.begun_at);
    if row.seen_until != Some(until) {
        row.seen_until = Some(until);
        reconcile::put(tx, &row)?;
    }
    Ok(())
}

/// A page of what is held here of a home, and how far comparing with it has come here.
///
/// # Errors
/// A database error.
pub(super) fn held(tx: &ReadTx<'_>, of: &HomeId, after: Option<Uuid>, limit: u32) -> DbResult<DigestAnswer> {
    let rows = slot::of_home(tx, of, after.unwrap_or(Uuid::nil()), limit)?;
    let more = rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let thing = |row: slot::SlotRow| {
        let malformed = |_malformed: crate::hlc::HlcError| DbError::Malformed("slot hlc");
        Ok(HeldThing {
            slot: row.id,
            at: row.hlc.parse().map_err(malformed)?,
            kind: row.kind,
        })
    };
    let under_way = reconcile::get(tx, of)?;
    let under_way = under_way.as_ref();
    Ok(DigestAnswer {
        things: rows.into_iter().map(thing).collect::<DbResult<_>>()?,
        more,
        fetching: under_way.is_some_and(|row| row.phase == Phase::Fetch && row.restored == Restored::Here),
        offer: false,
        answered_until: answered_until(under_way),
    })
}

/// Until when a home that was restored had been answered by this one before.
pub(super) fn answered_until(row: Option<&reconcile::ReconcileRow>) -> Option<i64> {
    row.filter(|row| row.restored == Restored::There)
        .and_then(|row| row.seen_until)
        .map(|at| at.0)
}

/// The last words on things of a home, as many as go into `room` bytes.
///
/// # Errors
/// A storage error.
pub(super) fn texts(
    tx: &ReadTx<'_>,
    from: &HomeId,
    slots: &[Uuid],
    room: usize,
) -> Result<RecallAnswer, ApiError> {
    let mut answer = RecallAnswer {
        activities: Vec::new(),
        looked_at: 0,
    };
    let mut bytes = 64;
    for id in slots {
        let text = match slot::get(tx, *id)?.filter(|row| slot::is_of(row, from)) {
            Some(row) => peer_log::activity(tx, row.activity)?,
            None => None,
        };
        if let Some(text) = text.filter(|text| !answer.activities.contains(text)) {
            bytes += text.len() + OVERHEAD;
            if bytes > room && answer.looked_at > 0 {
                break;
            }
            answer.activities.push(text);
        }
        answer.looked_at += 1;
    }
    Ok(answer)
}
