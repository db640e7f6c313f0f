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
    if friends {
        // By their last words, so that it is the same in whatever order these came.
        let since = answer.map_or(row.at, |answer| answer.at.max(row.at));
        friendship::join(tx, person, other, since)?;
    }
    match (were, friends) {
        (false, true) => Ok(Change::Joined),
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

#[cfg(test)]
mod vectors {
    //! Keeps `docs/friendship-vectors.json` true: what comes of the words of two people, for whoever writes another implementation.

    use super::*;
    use crate::testing::Home;
    use std::path::Path;

    const WORDS: [Word; 5] = [
        Word::Request,
        Word::Accept,
        Word::Cancel,
        Word::Decline,
        Word::Remove,
    ];

    /// Words by turns or in a row, each later than the one before.
    fn stories() -> Vec<Vec<(bool, Word)>> {
        let each: Vec<(bool, Word)> = [false, true]
            .into_iter()
            .flat_map(|second| WORDS.map(|word| (second, word)))
            .collect();
        let mut all: Vec<Vec<(bool, Word)>> = Vec::new();
        // Who speaks first is the first of the two.
        for first in WORDS {
            all.push(vec![(false, first)]);
            for second in &each {
                all.push(vec![(false, first), *second]);
                for third in each.iter().filter(|_| first == Word::Request) {
                    all.push(vec![(false, first), *second, *third]);
                }
            }
        }
        let wants = |who| (who, Word::Request);
        for last in &each {
            all.push(vec![
                wants(false),
                wants(true),
                (false, Word::Remove),
                (true, Word::Accept),
                *last,
            ]);
            all.push(vec![wants(false), (true, Word::Decline), wants(false), *last]);
        }
        all
    }

    /// A story as it is published; as a struct, because the order of a map's members is up to how serde_json was built.
    #[derive(serde::Serialize)]
    struct Outcome {
        a_is_shown_to_b: bool,
        b_is_shown_to_a: bool,
        friends_since: Option<Timestamp>,
        words: Vec<Spoken>,
    }

    #[derive(serde::Serialize)]
    struct Spoken {
        at: String,
        by: &'static str,
        word: &'static str,
    }

    #[tokio::test]
    async fn the_published_friendships_are_what_this_program_makes() {
        let home = Home::of("Hill House", &["Anna", "Ben"]).await;
        let (anna, ben) = (home.person("Anna").person, home.person("Ben").person);
        let (begun, stories) = (home.social.now(), stories());
        let vectors = home
            .write(move |tx| {
                let mut vectors = Vec::new();
                for story in stories {
                    let at = |n: usize| begun.plus_ms(1_000 * i64::try_from(n).unwrap_or(0));
                    let said: Vec<(PersonId, PersonId, Said)> = story
                        .iter()
                        .enumerate()
                        .map(|(n, (second, word))| {
                            let (speaker, other) = if *second { (ben, anna) } else { (anna, ben) };
                            let ms = u64::try_from(at(n).0).unwrap_or(0);
                            let said = Said {
                                word: *word,
                                note: String::new(),
                                at: at(n),
                                hlc: Hlc::at(ms).to_string(),
                            };
                            (speaker, other, said)
                        })
                        .collect();
                    let mut outcomes = Vec::new();
                    // As they were said, the other way round, and all twice.
                    let orders: [Vec<usize>; 3] = [
                        (0..said.len()).collect(),
                        (0..said.len()).rev().collect(),
                        (0..said.len()).chain(0..said.len()).collect(),
                    ];
                    for order in orders {
                        friendship::forget(tx, anna, ben)?;
                        for n in order {
                            let (speaker, other, said) = &said[n];
                            say(tx, *speaker, *other, said)?;
                        }
                        outcomes.push((
                            friendship::since(tx, anna, ben)?,
                            is_asked(tx, anna, ben)?,
                            is_asked(tx, ben, anna)?,
                        ));
                    }
                    assert!(
                        outcomes.windows(2).all(|two| two[0] == two[1]),
                        "{story:?}: it depends on the order: {outcomes:?}"
                    );
                    let words = said.iter().map(|(speaker, _, said)| Spoken {
                        at: said.hlc.clone(),
                        by: if *speaker == anna { "a" } else { "b" },
                        word: said.word.as_str(),
                    });
                    let (friends_since, a_is_shown_to_b, b_is_shown_to_a) = outcomes[0];
                    vectors.push(Outcome {
                        a_is_shown_to_b,
                        b_is_shown_to_a,
                        friends_since,
                        words: words.collect(),
                    });
                }
                Ok(vectors)
            })
            .await;
        let lines: Vec<String> = vectors
            .iter()
            .map(|vector| serde_json::to_string(vector).unwrap())
            .collect();
        let text = format!("[\n{}\n]\n", lines.join(",\n"));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/friendship-vectors.json");
        if std::env::var_os("UPDATE_VECTORS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "docs/friendship-vectors.json is out of date: run the tests with UPDATE_VECTORS=1"
        );
    }
}
