//! Friendship (REL-1, REL-2): what two people say of each other, and what follows from it.
//!
//! Each person's latest word about the other is kept, ordered by the hybrid logical clock; friendship is derived from the two
//! (`words`). So homes that learn the words in any order, late or twice agree, and requests that cross make friends.
//! A request within 30 days of a decline is stored but not shown; the asker is never told of the decline.
//!
//! Not here: what friends get to see (`visibility`), and the profile that a new friend's home is told (`profile`).

mod access;
mod commands;
mod kept;
mod losses;
mod search;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use words::{Said, relation, request_note};

use crate::notifications::{Notice, SubjectRef, raise, take_back};
use crate::wire::{FriendWord, kind};
use crate::{Social, scope};
use hearth_api::notify::NotificationType;
use hearth_api::{ApiResult, Event, HomeId, PersonId, Timestamp};
use hearth_db::friendship::Word;
use hearth_db::{DbResult, ReadTx, WriteTx, event, person};
use hearth_federation::log;
use words::{Change, say};

/// Longest note of a request, in characters.
pub(crate) const MAX_NOTE: usize = 500;
/// For how long after a decline repeats are not shown.
pub(crate) const QUIET_DAYS: i64 = 30;

/// A pair of people and where they live.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    /// Who said something.
    pub(crate) speaker: PersonId,
    /// Where they live.
    pub(crate) speaker_home: HomeId,
    /// About whom.
    pub(crate) other: PersonId,
    /// Where they live.
    pub(crate) other_home: HomeId,
}

impl Social {
    /// A person of this home says something about another: stored, told to the other's home, and all that follows.
    pub(crate) fn say_here(
        &self,
        tx: &mut WriteTx<'_>,
        pair: &Pair,
        word: Word,
        note: &str,
        now: Timestamp,
    ) -> ApiResult<()> {
        // Later than what they said of each other before, also when that came from a clock that is days ahead: else the new
        // word would count for nothing.
        let hlc = log::stamp_after(
            tx,
            &self.parts.node,
            words::latest(tx, pair.speaker, pair.other)?,
            now,
        )?;
        if !self.is_own(&pair.other_home) {
            let object = FriendWord {
                person: pair.other,
                note: note.to_owned(),
            };
            let kind = format!("{}{}", kind::FRIEND, word.as_str());
            let activity = self.sign_at(tx, pair.speaker, &kind, None, &object, hlc)?;
            scope::tell(tx, std::slice::from_ref(&pair.other_home), &activity, None, now)?;
        }
        let said = Said {
            word,
            note: note.to_owned(),
            at: now,
            hlc: hlc.to_string(),
        };
        self.hear(tx, pair, &said, now)?;
        Ok(())
    }

    /// Takes in what somebody said, here or elsewhere; false when nothing changed.
    pub(crate) fn hear(
        &self,
        tx: &mut WriteTx<'_>,
        pair: &Pair,
        said: &Said,
        now: Timestamp,
    ) -> ApiResult<bool> {
        let asks_before = words::is_asked(tx, pair.speaker, pair.other)?;
        let was_asked = words::is_asked(tx, pair.other, pair.speaker)?;
        let change = say(tx, pair.speaker, pair.other, said)?;
        match change {
            Change::Nothing => return Ok(false),
            Change::Words => {}
            Change::Joined => self.joined(tx, pair, now)?,
            Change::Parted => self.parted(tx, pair, now)?,
        }
        let asks_now = words::is_asked(tx, pair.speaker, pair.other)?;
        let request = |to, from| Notice {
            to,
            kind: NotificationType::FriendRequest,
            actor: Some(from),
            subject: SubjectRef::Person(from),
            at: now,
        };
        match (asks_before, asks_now) {
            (false, true) => raise(tx, &request(pair.other, pair.speaker))?,
            (true, false) => take_back(tx, &request(pair.other, pair.speaker))?,
            _ => {}
        }
        if was_asked && !words::is_asked(tx, pair.other, pair.speaker)? {
            take_back(tx, &request(pair.speaker, pair.other))?;
        }
        self.friends_changed(tx, pair.speaker, &pair.speaker_home, now)?;
        // A decline, and a request that is not shown, leave no trace at the other's.
        if asks_before != asks_now || matches!(change, Change::Joined | Change::Parted) {
            self.friends_changed(tx, pair.other, &pair.other_home, now)?;
        }
        Ok(true)
    }

    fn friends_changed(
        &self,
        tx: &mut WriteTx<'_>,
        of: PersonId,
        home: &HomeId,
        now: Timestamp,
    ) -> DbResult<()> {
        if self.is_own(home) {
            event::append(tx, Some(of), now, &Event::FriendsChanged)?;
        }
        Ok(())
    }

    fn joined(&self, tx: &mut WriteTx<'_>, pair: &Pair, now: Timestamp) -> ApiResult<()> {
        // Whoever spoke last accepted.
        let accepted = Notice {
            to: pair.other,
            kind: NotificationType::FriendAccepted,
            actor: Some(pair.speaker),
            subject: SubjectRef::Person(pair.speaker),
            at: now,
        };
        raise(tx, &accepted)?;
        self.publish_pair(tx, pair, now)?;
        for (author, author_home, home) in [
            (pair.speaker, &pair.speaker_home, &pair.other_home),
            (pair.other, &pair.other_home, &pair.speaker_home),
        ] {
            if self.is_own(author_home) && !self.is_own(home) {
                self.grant(tx, author, home, now)?;
            }
        }
        Ok(())
    }

    /// Friends' homes are told more of a profile than others.
    fn publish_pair(&self, tx: &mut WriteTx<'_>, pair: &Pair, now: Timestamp) -> ApiResult<()> {
        self.publish_person(tx, pair.speaker, now)?;
        self.publish_person(tx, pair.other, now)
    }

    fn parted(&self, tx: &mut WriteTx<'_>, pair: &Pair, now: Timestamp) -> ApiResult<()> {
        self.publish_pair(tx, pair, now)?;
        for (author, author_home, home) in [
            (pair.speaker, &pair.speaker_home, &pair.other_home),
            (pair.other, &pair.other_home, &pair.speaker_home),
        ] {
            match (self.is_own(author_home), self.is_own(home)) {
                (true, false) => self.revoke(tx, author, home, now)?,
                (false, true) => self.erase_unreadable(tx, author, now)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// The pair of a speaker and somebody whom this home knows; nothing for unknown and erased people.
pub(crate) fn pair(tx: &ReadTx<'_>, speaker: PersonId, other: PersonId) -> DbResult<Option<Pair>> {
    let known = |id| Ok::<_, hearth_db::DbError>(person::get(tx, id)?.filter(|row| row.deleted_at.is_none()));
    let (Some(a), Some(b)) = (known(speaker)?, known(other)?) else {
        return Ok(None);
    };
    Ok(Some(Pair {
        speaker,
        speaker_home: a.home,
        other,
        other_home: b.home,
    }))
}
