//! `friend.*`: what people of other homes say about people of this one.

use super::{INVALID, Incoming, NOT_AUTHORISED};
use crate::friends::{Pair, Said};
use crate::wire::{Checked as _, FriendWord};
use crate::{Social, identity};
use hearth_api::{ApiResult, Code, HomeId, PersonId, Timestamp};
use hearth_db::friendship::{self, Word};
use hearth_db::{DbResult, ReadTx, WriteTx};
use hearth_federation::apply::Verdict;

/// The most words of one home's people that nobody here has answered.
const MAX_UNANSWERED: u32 = 1_000;

/// Whether one more word of somebody about somebody here is too much: the first between the two, where their home has said so much already
/// that nobody answered.
fn is_too_much(tx: &ReadTx<'_>, from: &HomeId, speaker: PersonId, other: PersonId) -> DbResult<bool> {
    Ok(!friendship::has_word(tx, speaker, other)?
        && friendship::unanswered(tx, from, MAX_UNANSWERED)? >= u64::from(MAX_UNANSWERED))
}

impl Social {
    pub(super) fn apply_friend(
        &self,
        tx: &mut WriteTx<'_>,
        incoming: &Incoming<'_>,
        word: Word,
    ) -> ApiResult<Verdict> {
        let Some(said) = FriendWord::checked(incoming.said()) else {
            return Ok(INVALID);
        };
        if !incoming.is_direct() {
            return Ok(NOT_AUTHORISED);
        }
        if !self.lives_here(tx, said.person)? {
            return Ok(Verdict::Refused(Code::NotFound));
        }
        if is_too_much(tx, incoming.from, incoming.actor, said.person)? {
            return Ok(Verdict::Refused(Code::TooLarge));
        }
        let speaker = match identity::learn_author(tx, &self.home, incoming.from, incoming.said())? {
            Ok(speaker) => speaker,
            Err(code) => return Ok(Verdict::Refused(code)),
        };
        let hlc = self.observe(tx, incoming)?;
        let said_at = i64::try_from(incoming.said().at.unix_ms()).unwrap_or(i64::MAX);
        let pair = Pair {
            speaker: speaker.id,
            speaker_home: speaker.home,
            other: said.person,
            other_home: self.home.clone(),
        };
        let said = Said {
            word,
            note: said.note,
            at: Timestamp(said_at).min(incoming.now),
            hlc,
        };
        let changed = self.hear(tx, &pair, &said, incoming.now)?;
        Ok(if changed {
            Verdict::Applied
        } else {
            Verdict::Duplicate
        })
    }
}
