//! What a home that cannot be called from here offers and gives: it stands for the answers to what would be asked of it.
//!
//! It counts only while this home compares with it and has come to that page; the same signatures and rules decide as for what is
//! fetched.

use super::Run;
use super::answer::seen_until;
use super::page::lost_here;
use super::wire::{GiveRequest, Message as _, OfferAnswer, OfferRequest};
use crate::ids::Epoch;
use crate::problem::{Code, Problem};
use crate::service::Federation;
use hearth_api::{ApiError, HomeId};
use hearth_db::WriteTx;
use hearth_db::reconcile::{self, Phase, ReconcileRow};

/// What is answered, or why not.
type Answered<T> = Result<Result<T, Problem>, ApiError>;

impl Federation {
    /// Compares a page that a home offers with what is here.
    ///
    /// # Errors
    /// The problem to answer with.
    pub(crate) async fn offered(&self, from: &HomeId, body: &[u8]) -> Result<Vec<u8>, Problem> {
        let request = OfferRequest::decode(body).map_err(Problem::new)?;
        let (federation, home) = (self.clone(), from.clone());
        self.answer_offer(move |tx| federation.compare_offered(tx, &home, request))
            .await
    }

    /// Takes back what a home gives of what was wanted.
    ///
    /// # Errors
    /// The problem to answer with.
    pub(crate) async fn given(&self, from: &HomeId, body: &[u8]) -> Result<Vec<u8>, Problem> {
        let request = GiveRequest::decode(body).map_err(Problem::new)?;
        let (federation, home) = (self.clone(), from.clone());
        self.answer_offer(move |tx| federation.take_given(tx, &home, &request))
            .await
    }

    async fn answer_offer(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Answered<OfferAnswer> + Send + 'static,
    ) -> Result<Vec<u8>, Problem> {
        let answer = self
            .db()
            .write(work)
            .await
            .map_err(|error| self.failed_here(&error))??;
        answer.encode().map_err(Problem::new)
    }

    /// Where comparing stands with a home, once it is clear that it is the home that is known.
    fn place_with(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        epoch: &Epoch,
        run: Option<Run>,
    ) -> Answered<Option<ReconcileRow>> {
        if let Some(problem) = self.hear_life(tx, from, epoch, run)?.refusal() {
            return Ok(Err(problem));
        }
        Ok(Ok(
            reconcile::get(tx, from)?.filter(|row| row.phase != Phase::Done)
        ))
    }

    fn compare_offered(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        request: OfferRequest,
    ) -> Answered<OfferAnswer> {
        if let Err(problem) = self.place_with(tx, from, &request.epoch, request.run.clone())? {
            return Ok(Err(problem));
        }
        seen_until(tx, from, request.page.answered_until)?;
        let row = reconcile::get(tx, from)?.filter(|row| row.phase != Phase::Done);
        let Some(row) = row.filter(|row| row.after == request.after) else {
            return Ok(Ok(next(tx, from)?));
        };
        match row.phase {
            Phase::Fetch => {
                let wanted = lost_here(tx, &request.page.things)?;
                if !wanted.is_empty() {
                    return Ok(Ok(OfferAnswer {
                        open: true,
                        after: row.after,
                        wanted,
                    }));
                }
                self.fetched_until(tx, &row, request.page.end(), 1)?;
            }
            _ if self.is_early(&row, &request.page) => {
                return Ok(Err(Problem::new(Code::Unavailable)));
            }
            _ => self.give_page(tx, &row, request.page)?,
        }
        Ok(Ok(next(tx, from)?))
    }

    fn take_given(&self, tx: &mut WriteTx<'_>, from: &HomeId, given: &GiveRequest) -> Answered<OfferAnswer> {
        let place = match self.place_with(tx, from, &given.epoch, given.run.clone())? {
            Ok(place) => place,
            Err(problem) => return Ok(Err(problem)),
        };
        let is_here = |row: &ReconcileRow| row.phase == Phase::Fetch && row.after == given.after;
        if let Some(row) = place.filter(is_here) {
            self.take_all_back(tx, from, &given.slots, &given.activities)?;
            if given.last {
                self.fetched_until(tx, &row, given.until, 1)?;
            }
        }
        Ok(Ok(next(tx, from)?))
    }
}

/// What is to come next.
fn next(tx: &WriteTx<'_>, from: &HomeId) -> Result<OfferAnswer, ApiError> {
    let row = reconcile::get(tx, from)?.filter(|row| row.phase != Phase::Done);
    Ok(OfferAnswer {
        open: row.is_some(),
        after: row.and_then(|row| row.after),
        wanted: Vec::new(),
    })
}
