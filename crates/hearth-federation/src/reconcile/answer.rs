//! What this home answers to one that compares: what it holds of that home's people and of what hangs on their posts.

use super::life::RunSeen;
use super::wire::{
    DigestAnswer, DigestRequest, HeldThing, MAX_LEN, Message as _, RecallAnswer, RecallRequest,
};
use crate::problem::{Code, Problem};
use crate::service::Federation;
use hearth_api::{ApiError, HomeId, Timestamp};
use hearth_db::reconcile::{self, Phase, Restored};
use hearth_db::{ReadTx, WriteTx, peer_log, slot};
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
        if let RunSeen::Refused(code) = self.hear_life(tx, from, &request.epoch, request.run)? {
            return Ok(Err(Problem::new(code)));
        }
        let mut under_way = reconcile::get(tx, from)?;
        if let (Some(row), Some(until)) = (&mut under_way, request.answered_until)
            && row.restored == Restored::Here
        {
            // Nothing that is to come was seen.
            let until = Timestamp(until).min(row.begun_at);
            if row.seen_until != Some(until) {
                row.seen_until = Some(until);
                reconcile::put(tx, row)?;
            }
        }
        let after = request.after.unwrap_or(Uuid::nil());
        let rows = slot::of_home(tx, from, after, request.limit)?;
        let more = rows.len() >= usize::try_from(request.limit).unwrap_or(usize::MAX);
        let things =
            rows.into_iter()
                .map(|row| {
                    let at = row.hlc.parse().map_err(|_malformed: crate::hlc::HlcError| {
                        hearth_db::DbError::Malformed("slot hlc")
                    })?;
                    Ok(HeldThing {
                        slot: row.id,
                        at,
                        kind: row.kind,
                    })
                })
                .collect::<Result<Vec<_>, hearth_db::DbError>>()?;
        Ok(Ok(DigestAnswer {
            things,
            more,
            fetching: under_way
                .is_some_and(|row| row.phase == Phase::Fetch && row.restored == Restored::Here),
        }))
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
            .read(move |tx| texts(tx, &home, &request.slots))
            .await
            .map_err(|error| self.failed_here(&error))?;
        answer.encode().map_err(Problem::new)
    }

    #[expect(clippy::unused_self, reason = "the call reads as the others do")]
    fn failed_here(&self, error: &ApiError) -> Problem {
        tracing::error!(code = %error.code, "A home that compares could not be answered");
        Problem::new(Code::Unavailable)
    }
}

fn texts(tx: &ReadTx<'_>, from: &HomeId, slots: &[Uuid]) -> Result<RecallAnswer, ApiError> {
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
            if bytes > MAX_LEN && answer.looked_at > 0 {
                break;
            }
            answer.activities.push(text);
        }
        answer.looked_at += 1;
    }
    Ok(answer)
}
