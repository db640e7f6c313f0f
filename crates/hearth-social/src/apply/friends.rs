//! `friend.*`: what people of other homes say about people of this one.

use super::{INVALID, Incoming, NOT_AUTHORISED};
use crate::friends::{Pair, Said};
use crate::wire::{Checked as _, FriendWord};
use crate::{Social, identity};
use hearth_api::{ApiResult, Code, Timestamp};
use hearth_db::WriteTx;
use hearth_db::friendship::Word;
use hearth_federation::apply::Verdict;

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
        let speaker = match identity::learn_author(tx, &self.home, incoming.said())? {
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
