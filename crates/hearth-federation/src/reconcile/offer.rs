//! Offering: a home that can call tells one that cannot call it what it holds of that one's, and gives what is wanted of it.
//!
//! The other decides by the place that it has come to by itself; what is offered stands for the answers to questions that it could not
//! bring here.

use super::answer::{held, texts};
use super::run::MAX_PASSES;
use super::wire::{GiveRequest, MAX_LEN, OfferAnswer, OfferRequest};
use super::{MAX_RECALLED, MAX_THINGS};
use crate::client::CallError;
use crate::listener::{GIVE_PATH, OFFER_PATH};
use crate::problem::{Code, Problem};
use crate::service::Federation;
use hearth_api::{ApiError, HomeId};
use uuid::Uuid;

/// What may be given at once, in bytes: the rest of a message is names.
const ROOM: usize = MAX_LEN - 16 * 1024;
/// How often the other may begin again: once for each time that it looks at everything, and once more if it went on by itself.
const MAX_TURNS: u32 = MAX_PASSES + 2;
/// The most pages that are offered at one go. The other goes on from page to page, of this home's list or its own.
const MAX_OFFERS: u32 = 20_000;
/// The most offers of which the other takes no step over the whole page: it may have a list of its own in between.
const MAX_SHORT_STEPS: u32 = 1_000;

impl Federation {
    /// Offers a home all that is held here of it, until it has compared that with what it has.
    ///
    /// # Errors
    /// [`CallError`]; what was compared stays so.
    pub(super) async fn offer_all(&self, to: &HomeId) -> Result<(), CallError> {
        let mut after = None;
        let (mut turns, mut short_steps) = (0, 0);
        for _ in 0..MAX_OFFERS {
            let (answer, until) = match self.offer_page(to, after).await {
                // A program from before this could be done.
                Err(CallError::Refused(Problem {
                    code: Code::NotFound, ..
                })) => return Ok(()),
                answer => answer?,
            };
            if !answer.open {
                return Ok(());
            }
            if answer.after <= after {
                turns += 1;
            } else if until.is_none_or(|until| answer.after < Some(until)) {
                short_steps += 1;
            }
            if turns > MAX_TURNS || short_steps > MAX_SHORT_STEPS {
                return Err(CallError::Nonsense);
            }
            after = answer.after;
        }
        Err(CallError::Nonsense)
    }

    /// Offers one page and gives what is wanted of it; the answer, and the last thing of the page if there are more.
    async fn offer_page(
        &self,
        to: &HomeId,
        after: Option<Uuid>,
    ) -> Result<(OfferAnswer, Option<Uuid>), CallError> {
        let (life, of) = (self.life_with(to).await?, to.clone());
        let page = self.db().read(move |tx| held(tx, &of, after, MAX_THINGS)).await?;
        let until = page.end();
        let most = page.things.len();
        let request = OfferRequest {
            epoch: life.epoch,
            run: Some(life.run.clone()),
            after,
            page,
        };
        let mut answer: OfferAnswer = self.ask_for(to, OFFER_PATH, &request).await?;
        let mut wanted = std::mem::take(&mut answer.wanted);
        if wanted.len() > most {
            return Err(CallError::Nonsense);
        }
        while !wanted.is_empty() {
            let some: Vec<Uuid> = wanted.iter().take(MAX_RECALLED).copied().collect();
            let of = to.clone();
            let (found, some) = self
                .db()
                .read(move |tx| Ok::<_, ApiError>((texts(tx, &of, &some, ROOM)?, some)))
                .await?;
            let looked_at = found.looked_at.clamp(1, some.len());
            wanted.drain(..looked_at);
            let give = GiveRequest {
                epoch: life.epoch,
                run: Some(life.run.clone()),
                after,
                until,
                last: wanted.is_empty(),
                slots: some.into_iter().take(looked_at).collect(),
                activities: found.activities,
            };
            answer = self.ask_for(to, GIVE_PATH, &give).await?;
        }
        Ok((answer, until))
    }
}
