//! Comparing with one home: fetch what was lost here, then give what was lost there.

use super::answer::{answered_until, seen_until};
use super::life::{COUNTS_KEPT_MS, RunSeen, is_within, note_life, note_loss};
use super::page::{cost_of, lost_here, side_by_side};
use super::wire::{CONTENT_TYPE, DigestAnswer, DigestRequest, Message, RecallAnswer, RecallRequest};
use super::{MAX_RECALLED, MAX_THINGS, Run};
use crate::client::{Call, CallError};
use crate::ids::Epoch;
use crate::listener::{DIGEST_PATH, RECALL_PATH};
use crate::problem::{Code, Problem};
use crate::reception::{Receiver, WireVerdict};
use crate::service::Federation;
use crate::transport::MAX_ANSWER_LEN;
use hearth_api::{ApiResult, Event, HomeId, Timestamp};
use hearth_db::reconcile::{self, Phase, ReconcileRow, Restored};
use hearth_db::{DbResult, ReadTx, WriteTx, event, peer};
use http::Uri;
use uuid::Uuid;

/// How often everything is looked at for what is lost here: what came may be what something else waited for.
pub(super) const MAX_PASSES: u32 = 5;
/// How long to wait for the other to have fetched what it lost.
const PATIENCE_MS: i64 = 60 * 60 * 1000;
/// What comparing with one home may cost in all, in full pages: twenty million things. With a home that always has more it is given up.
const MAX_EFFORT: u64 = 20_000;

/// Whether a page was compared, or the other is not ready for it.
enum Step {
    Page,
    Later,
}

impl Federation {
    /// Takes note of which life another home says it is; the first time of each, those who run this home are told. What is said again
    /// and again tells nobody anything.
    ///
    /// # Errors
    /// A storage error.
    pub(crate) fn hear_life(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        epoch: &Epoch,
        run: Option<Run>,
    ) -> ApiResult<RunSeen> {
        let now = self.now();
        let (seen, is_news) = note_life(tx, from, epoch, run, now)?;
        match seen {
            RunSeen::Same => {}
            RunSeen::Later(seconds) => {
                tracing::debug!(home = %from, seconds, "Another home begins lives too often");
            }
            RunSeen::New => {
                tracing::info!(home = %from, "Another home was restored");
                self.apply().restored(tx, Some(from), now)?;
                tell_windows(tx, from, now)?;
            }
            RunSeen::Refused(code) => {
                if is_news {
                    tracing::warn!(home = %from, code = %code, "Another home is not the one that was heard last");
                    tell_windows(tx, from, now)?;
                }
            }
        }
        Ok(seen)
    }

    /// A home does not have what it had acknowledged, but up to `has`: its database is older than that. What it lost is given to it by
    /// comparing.
    ///
    /// # Errors
    /// A storage error.
    pub(crate) async fn hear_loss(&self, of: &HomeId, has: u64) -> Result<(), CallError> {
        let (apply, home, now) = (self.apply().clone(), of.clone(), self.now());
        self.db()
            .write(move |tx| {
                if note_loss(tx, &home, Restored::There, now)? {
                    peer::lower_acked(tx, &home, has)?;
                    tracing::info!(home = %home, "Another home has lost what it had taken");
                    apply.restored(tx, Some(&home), now)?;
                    tell_windows(tx, &home, now)?;
                }
                Ok::<_, hearth_api::ApiError>(())
            })
            .await
            .map_err(CallError::Local)
    }

    /// A home that cannot call this one says that the two have to compare, as this one has lost something.
    ///
    /// # Errors
    /// A storage error.
    pub(crate) async fn hear_own_loss(&self, by: &HomeId) -> Result<(), CallError> {
        let (home, now) = (by.clone(), self.now());
        self.db()
            .write(move |tx| {
                if note_loss(tx, &home, Restored::Here, now)? {
                    tracing::info!(home = %home, "Another home says that something was lost here");
                    tell_windows(tx, &home, now)?;
                }
                Ok::<_, hearth_api::ApiError>(())
            })
            .await
            .map_err(CallError::Local)
    }

    /// Tells a home, once after each start, which run this is: one that was put back from before learns so that it is older.
    pub(crate) async fn tell_run(&self, to: &HomeId) -> Result<(), CallError> {
        if self.greeted().contains(to) {
            return Ok(());
        }
        let life = self.life_with(to).await?;
        let request = DigestRequest {
            epoch: life.epoch,
            run: Some(life.run),
            after: None,
            limit: 1,
            answered_until: None,
        };
        match self.ask_for::<DigestAnswer>(to, DIGEST_PATH, &request).await {
            Ok(_)
            // A program from before lives were told.
            | Err(CallError::Refused(Problem {
                code: Code::NotFound, ..
            })) => {}
            Err(CallError::Refused(Problem {
                code: Code::EpochChanged,
                ..
            })) if self.renew_for(to, life.epoch).await? => {}
            Err(error) => return Err(error),
        }
        self.greeted().insert(to.clone());
        self.note_life(to).await
    }

    /// Compares with a home as far as is left to do and can be done now; the number of pages.
    ///
    /// # Errors
    /// [`CallError`]; what was compared stays so.
    pub(crate) async fn reconcile(&self, with: &HomeId) -> Result<u64, CallError> {
        let mut pages = 0;
        let mut offered = false;
        loop {
            let home = with.clone();
            let row = self.db().read(move |tx| reconcile::get(tx, &home)).await?;
            let Some(row) = row.filter(|row| row.phase != Phase::Done) else {
                return Ok(pages);
            };
            let life = self.life_with(with).await?;
            let epoch = life.epoch;
            match self.step(life, row, &mut offered).await {
                Ok(Step::Page) => pages += 1,
                Ok(Step::Later) => return Err(CallError::Refused(Problem::new(Code::Unavailable))),
                // A program from before this could be done: nothing can be compared with it.
                Err(CallError::Refused(Problem {
                    code: Code::NotFound, ..
                })) => {
                    let home = with.clone();
                    self.change(&home, |row, now| {
                        row.phase = Phase::Done;
                        row.done_at = Some(now);
                    })
                    .await?;
                }
                Err(CallError::Refused(Problem {
                    code: Code::EpochChanged,
                    ..
                })) if self.renew_for(with, epoch).await? => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn step(
        &self,
        life: super::Life,
        row: ReconcileRow,
        offered: &mut bool,
    ) -> Result<Step, CallError> {
        let answered_until = answered_until(Some(&row));
        let request = DigestRequest {
            epoch: life.epoch,
            run: Some(life.run),
            after: row.after,
            limit: MAX_THINGS,
            answered_until,
        };
        let page: DigestAnswer = self.ask_for(&row.home, DIGEST_PATH, &request).await?;
        if page
            .things
            .first()
            .is_some_and(|first| row.after.is_some_and(|after| first.slot <= after))
        {
            return Err(CallError::Nonsense);
        }
        if row.restored == Restored::Here && page.answered_until.is_some() {
            let (home, told) = (row.home.clone(), page.answered_until);
            self.db().write(move |tx| seen_until(tx, &home, told)).await?;
        }
        match row.phase {
            Phase::Fetch => self.fetch_lost(row, page).await,
            Phase::Give if page.offer && !*offered => {
                // It cannot call this home: what it lost, and what was lost here, comes to light by offering.
                *offered = true;
                self.offer_all(&row.home).await?;
                Ok(Step::Page)
            }
            Phase::Give if self.is_early(&row, &page) => Ok(Step::Later),
            _ => self.give_lost(row, page).await,
        }
    }

    /// Whether the other is to fetch what it lost before it is given anything.
    pub(super) fn is_early(&self, row: &ReconcileRow, page: &DigestAnswer) -> bool {
        page.fetching && is_within(row.begun_at, self.now(), PATIENCE_MS)
    }

    /// Fetches what of a page is not here, or older.
    async fn fetch_lost(&self, row: ReconcileRow, page: DigestAnswer) -> Result<Step, CallError> {
        let (last, cost) = (page.end(), cost_of(&page));
        let mut lost = self.db().read(move |tx| lost_here(tx, &page.things)).await?;
        while !lost.is_empty() {
            let some: Vec<Uuid> = lost.iter().take(MAX_RECALLED).copied().collect();
            let asked = some.len();
            let request = RecallRequest { slots: some };
            let answer: RecallAnswer = self.ask_for(&row.home, RECALL_PATH, &request).await?;
            if answer.looked_at > asked {
                return Err(CallError::Nonsense);
            }
            lost.drain(..answer.looked_at);
            let (federation, home) = (self.clone(), row.home.clone());
            self.db()
                .write(move |tx| federation.take_all_back(tx, &home, &request.slots, &answer.activities))
                .await?;
        }
        let federation = self.clone();
        self.db()
            .write(move |tx| federation.fetched_until(tx, &row, last, cost))
            .await?;
        Ok(Step::Page)
    }

    pub(super) fn take_all_back(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        asked: &[Uuid],
        texts: &[String],
    ) -> ApiResult<()> {
        let receiver = Receiver::new(self, from);
        let (mut news, mut aside) = (0u64, 0u64);
        // What was counted before, in this comparing or the one that it goes on from, is not counted again.
        let counted_since = self.now().plus_ms(-COUNTS_KEPT_MS);
        for text in texts {
            let is_counted = receiver.was_refused(tx, text, counted_since)?;
            match receiver.take_back(tx, text, asked)? {
                WireVerdict::Applied => news = news.saturating_add(1),
                WireVerdict::Refused { .. } if !is_counted => aside = aside.saturating_add(1),
                WireVerdict::Refused { .. } => {}
                WireVerdict::Duplicate
                | WireVerdict::Overtaken
                | WireVerdict::Waiting
                | WireVerdict::Unknown => {}
            }
        }
        if let Some(mut row) = reconcile::get(tx, from)? {
            row.news = row.news.saturating_add(news);
            row.fetched = row.fetched.saturating_add(news);
            // Counted once, though each pass meets them again.
            if row.pass == 0 {
                row.aside = row.aside.saturating_add(aside);
            }
            reconcile::put(tx, &row)?;
        }
        Ok(())
    }

    async fn give_lost(&self, row: ReconcileRow, page: DigestAnswer) -> Result<Step, CallError> {
        let federation = self.clone();
        self.db()
            .write(move |tx| federation.give_page(tx, &row, page))
            .await?;
        Ok(Step::Page)
    }

    /// Gives what of a page is not there, or older, and takes back what may not be there. Nothing, when more was compared meanwhile than
    /// `seen` says.
    pub(super) fn give_page(
        &self,
        tx: &mut WriteTx<'_>,
        seen: &ReconcileRow,
        page: DigestAnswer,
    ) -> ApiResult<()> {
        let (home, now) = (&seen.home, self.now());
        if place_of(tx, seen)?.is_none() {
            return Ok(());
        }
        let cost = cost_of(&page);
        let (compared, last) = side_by_side(tx, self.home(), seen.after, page)?;
        self.apply().compared(tx, home, &compared, now)?;
        let Some(mut row) = place_of(tx, seen)? else {
            return Ok(());
        };
        row.after = last;
        row.effort = row.effort.saturating_add(cost);
        let has_more = last.is_some();
        if has_more && row.effort <= MAX_EFFORT {
            return Ok(reconcile::put(tx, &row)?);
        }
        self.end_comparing(tx, row, has_more)
    }

    /// All was compared, or it is given up with a home that always has more.
    fn end_comparing(&self, tx: &mut WriteTx<'_>, mut row: ReconcileRow, given_up: bool) -> ApiResult<()> {
        let now = self.now();
        if given_up {
            tracing::warn!(home = %row.home, "Comparing with a home was given up: it always has more");
        }
        row.phase = Phase::Done;
        row.done_at = Some(now);
        row.given_up = given_up;
        tell_windows(tx, &row.home, now)?;
        reconcile::put(tx, &row)?;
        self.apply().reconciled(tx, &row.home, now)
    }

    /// All of a page that was lost here has been fetched; `last` is its end, if there are more, and `cost` what it has cost.
    pub(super) fn fetched_until(
        &self,
        tx: &mut WriteTx<'_>,
        seen: &ReconcileRow,
        last: Option<Uuid>,
        cost: u64,
    ) -> ApiResult<()> {
        let Some(mut row) = place_of(tx, seen)? else {
            return Ok(());
        };
        row.after = last;
        row.effort = row.effort.saturating_add(cost);
        if row.effort > MAX_EFFORT {
            return self.end_comparing(tx, row, true);
        }
        if last.is_none() {
            if row.news > 0 && row.pass.saturating_add(1) < MAX_PASSES {
                row.pass = row.pass.saturating_add(1);
                row.news = 0;
            } else {
                row.phase = Phase::Give;
                tell_windows(tx, &row.home, self.now())?;
            }
        }
        Ok(reconcile::put(tx, &row)?)
    }

    async fn change(
        &self,
        home: &HomeId,
        change: impl FnOnce(&mut ReconcileRow, Timestamp) + Send + 'static,
    ) -> Result<(), CallError> {
        let (home, now) = (home.clone(), self.now());
        self.db()
            .write(move |tx| {
                if let Some(mut row) = reconcile::get(tx, &home)? {
                    let phase = row.phase;
                    change(&mut row, now);
                    reconcile::put(tx, &row)?;
                    if row.phase != phase {
                        tell_windows(tx, &home, now)?;
                    }
                }
                Ok::<_, hearth_db::DbError>(())
            })
            .await?;
        Ok(())
    }

    pub(super) async fn ask_for<A: Message>(
        &self,
        home: &HomeId,
        path: &'static str,
        request: &impl Message,
    ) -> Result<A, CallError> {
        let body = request.encode().map_err(|_too_large| CallError::Nonsense)?;
        let call = Call::post(Uri::from_static(path), CONTENT_TYPE, body);
        let answer = self.call(home, call).await?.collect(MAX_ANSWER_LEN).await?;
        A::decode(&answer).map_err(|_unreadable| CallError::Nonsense)
    }
}

pub(super) fn tell_windows(tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> DbResult<()> {
    let home = Some(home.clone());
    event::append(tx, None, now, &Event::HomesChanged { home })
}

/// How far comparing has come, unless it has gone on since `seen`: either home may have asked or offered meanwhile.
pub(super) fn place_of(tx: &ReadTx<'_>, seen: &ReconcileRow) -> DbResult<Option<ReconcileRow>> {
    let row = reconcile::get(tx, &seen.home)?;
    let place = |row: &ReconcileRow| (row.begun_at, row.phase, row.pass, row.after);
    Ok(row.filter(|row| place(row) == place(seen)))
}
