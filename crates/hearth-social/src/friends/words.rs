//! The words of two people about each other, and what follows from them. See the module above.

use super::QUIET_DAYS;
use hearth_api::people::Relation;
use hearth_api::{PersonId, Timestamp};
use hearth_db::friendship::{self, Word, WordRow};
use hearth_db::{DbResult, ReadTx, WriteTx};
use hearth_federation::hlc::Hlc;

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// What.
    pub(crate) word: Word,
    /// The note of a request.
    pub(crate) note: String,
    /// When.
    pub(crate) at: Timestamp,
    /// By the hybrid logical clock.
    pub(crate) hlc: String,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It was known, or something newer is.
    Nothing,
    /// Only the words changed.
    Words,
    /// They became friends.
    Joined,
    /// They are friends no more.
    Parted,
}

/// A person's words merged with one more; of two, the later counts, and what must not be forgotten is kept.
fn merge(before: Option<&WordRow>, person: PersonId, other: PersonId, said: &Said) -> WordRow {
    let newest = WordRow {
        person,
        other,
        word: said.word,
        note: if said.word == Word::Request {
            said.note.clone()
        } else {
            String::new()
        },
        at: said.at,
        hlc: said.hlc.clone(),
        removed: if said.word == Word::Remove {
            said.hlc.clone()
        } else {
            String::new()
        },
        declined: (said.word == Word::Decline).then_some(said.at),
    };
    let Some(before) = before else { return newest };
    let removed = newest.removed.clone().max(before.removed.clone());
    let declined = newest.declined.max(before.declined);
    let row = if newest.hlc > before.hlc {
        newest
    } else {
        before.clone()
    };
    WordRow {
        removed,
        declined,
        ..row
    }
}

/// Whether a wish stands: said after anybody last ended the friendship.
fn stands(wish: &WordRow, other: Option<&WordRow>) -> bool {
    wish.word.wants() && wish.hlc > wish.removed && other.is_none_or(|other| wish.hlc > other.removed)
}

/// Whether `asked` is shown the wish of `asker`.
fn is_shown(asker: &WordRow, asked: Option<&WordRow>) -> bool {
    stands(asker, asked)
        && asked.is_none_or(|asked| {
            !stands(asked, Some(asker))
                && asked
                    .declined
                    .is_none_or(|declined| asker.at >= declined.plus_days(QUIET_DAYS))
        })
}

/// Stores what `person` says about `other` and derives their friendship anew.
pub(crate) fn say(tx: &mut WriteTx<'_>, person: PersonId, other: PersonId, said: &Said) -> DbResult<Change> {
    let before = friendship::word(tx, person, other)?;
    let row = merge(before.as_ref(), person, other, said);
    if before.as_ref() == Some(&row) {
        return Ok(Change::Nothing);
    }
    friendship::put_word(tx, &row)?;
    let answer = friendship::word(tx, other, person)?;
    let friends = answer
        .as_ref()
        .is_some_and(|answer| stands(&row, Some(answer)) && stands(answer, Some(&row)));
    let were = friendship::since(tx, person, other)?.is_some();
    match (were, friends) {
        (false, true) => {
            let since = answer.map_or(row.at, |answer| answer.at.max(row.at));
            friendship::join(tx, person, other, since)?;
            Ok(Change::Joined)
        }
        (true, false) => {
            friendship::part(tx, person, other)?;
            Ok(Change::Parted)
        }
        _ => Ok(Change::Words),
    }
}

/// The stamp of the latest that two people said of each other.
pub(crate) fn latest(tx: &ReadTx<'_>, one: PersonId, other: PersonId) -> DbResult<Hlc> {
    let mut latest = Hlc::MIN;
    for row in [
        friendship::word(tx, one, other)?,
        friendship::word(tx, other, one)?,
    ] {
        for text in row.iter().flat_map(|row| [&row.hlc, &row.removed]) {
            // Empty for nothing.
            latest = latest.max(text.parse().unwrap_or(Hlc::MIN));
        }
    }
    Ok(latest)
}

/// Whether `asked` is shown an open request of `asker`.
pub(crate) fn is_asked(tx: &ReadTx<'_>, asker: PersonId, asked: PersonId) -> DbResult<bool> {
    Ok(open_request(tx, asker, asked)?.is_some())
}

/// The open request of `asker` as shown to `asked`.
pub(crate) fn open_request(tx: &ReadTx<'_>, asker: PersonId, asked: PersonId) -> DbResult<Option<WordRow>> {
    let Some(wish) = friendship::word(tx, asker, asked)?.filter(|row| row.word.wants()) else {
        return Ok(None);
    };
    let answer = friendship::word(tx, asked, asker)?;
    Ok(is_shown(&wish, answer.as_ref()).then_some(wish))
}

/// The request of `asker` as the asker sees it: open until it is answered with yes or taken back.
pub(crate) fn own_request(tx: &ReadTx<'_>, asker: PersonId, asked: PersonId) -> DbResult<Option<WordRow>> {
    let Some(wish) = friendship::word(tx, asker, asked)?.filter(|row| row.word.wants()) else {
        return Ok(None);
    };
    let answer = friendship::word(tx, asked, asker)?;
    let open =
        stands(&wish, answer.as_ref()) && !answer.as_ref().is_some_and(|answer| stands(answer, Some(&wish)));
    Ok(open.then_some(wish))
}

/// The note of an open request, as shown to `asked`.
pub(crate) fn request_note(tx: &ReadTx<'_>, asker: PersonId, asked: PersonId) -> DbResult<Option<String>> {
    Ok(open_request(tx, asker, asked)?.map(|row| row.note))
}

/// How the viewer stands to a person, as the viewer is shown it.
pub(crate) fn relation(tx: &ReadTx<'_>, viewer: PersonId, person: PersonId) -> DbResult<Relation> {
    Ok(if viewer == person {
        Relation::Me
    } else if friendship::since(tx, viewer, person)?.is_some() {
        Relation::Friends
    } else if own_request(tx, viewer, person)?.is_some() {
        Relation::Requested
    } else if is_asked(tx, person, viewer)? {
        Relation::Asked
    } else {
        Relation::None
    })
}
