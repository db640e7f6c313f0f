//! Asking for friendship, answering, ending it.

use super::words::{is_asked, open_request, own_request, relation};
use super::{MAX_NOTE, Pair, pair};
use crate::{Social, Viewer, cards, scope};
use hearth_api::command::Done;
use hearth_api::people::{
    AnswerFriend, FriendAnswer, FriendRequest, ListFriends, ListRequests, PersonRow, Relation, RequestFriend,
    Requests, Unfriend,
};
use hearth_api::{ApiError, ApiResult, HomeId, PersonId};
use hearth_db::friendship::{self, Direction, Word};
use hearth_db::home::{self, HomeRowState};
use hearth_db::{ReadTx, person};
use std::collections::{BTreeSet, HashMap};

/// Most open requests of one person.
const MAX_OPEN: usize = 500;

/// A person with the viewer's relation to them.
pub(super) fn person_row(tx: &ReadTx<'_>, viewer: PersonId, person: PersonId) -> ApiResult<PersonRow> {
    Ok(PersonRow {
        person: cards::known(tx, viewer, person)?,
        relation: relation(tx, viewer, person)?,
        since: friendship::since(tx, viewer, person)?,
    })
}

/// The homes that are blocked here: their people are not shown.
fn blocked(tx: &ReadTx<'_>) -> ApiResult<BTreeSet<HomeId>> {
    let rows = home::list(tx, &[HomeRowState::Blocked])?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

impl Social {
    /// The viewer and somebody they can deal with: of this home or of a connected one.
    fn pair_in_reach(&self, tx: &ReadTx<'_>, viewer: &Viewer, other: PersonId) -> ApiResult<Pair> {
        let pair = pair(tx, viewer.person, other)?.ok_or_else(ApiError::not_found)?;
        let state = home::get(tx, &pair.other_home)?.map(|row| row.state);
        let in_reach = match state {
            Some(HomeRowState::Own) => true,
            Some(HomeRowState::Connected) => scope::covered(tx, &pair.other_home)?
                .is_none_or(|covered| covered.contains(&pair.speaker) || covered.contains(&other)),
            _ => false,
        };
        if in_reach {
            Ok(pair)
        } else {
            Err(ApiError::not_found())
        }
    }

    /// Asks for friendship.
    ///
    /// # Errors
    /// `not_found`, `invalid_person`, `invalid_note`, `wrong_state`.
    pub async fn request_friend(&self, viewer: &Viewer, req: RequestFriend) -> ApiResult<PersonRow> {
        if req.note.chars().count() > MAX_NOTE {
            return Err(ApiError::invalid(
                "note",
                format!("The note has at most {MAX_NOTE} characters. Shorten it and try again."),
            ));
        }
        if req.person == viewer.person {
            return Err(ApiError::invalid("person", "This is you. Choose somebody else."));
        }
        let (social, viewer) = (self.clone(), *viewer);
        self.db()
            .write(move |tx| {
                let pair = social.pair_in_reach(tx, &viewer, req.person)?;
                match relation(tx, viewer.person, req.person)? {
                    // A repeat: the wish is stored already.
                    Relation::Friends | Relation::Requested => {}
                    _ => {
                        if friendship::wishes(tx, viewer.person, Direction::Outgoing)?.len() >= MAX_OPEN {
                            return Err(ApiError::wrong_state(
                                "Too many of your requests wait for an answer. Take some back first.",
                            ));
                        }
                        social.say_here(tx, &pair, Word::Request, req.note.trim(), social.now())?;
                    }
                }
                person_row(tx, viewer.person, req.person)
            })
            .await
    }

    /// Answers a request, or takes one's own back.
    ///
    /// # Errors
    /// `not_found`; `wrong_state` when there is no such request.
    pub async fn answer_friend(&self, viewer: &Viewer, req: AnswerFriend) -> ApiResult<PersonRow> {
        let (social, viewer) = (self.clone(), *viewer);
        self.db()
            .write(move |tx| {
                let pair = social.pair_in_reach(tx, &viewer, req.person)?;
                let (there_is, word) = match req.answer {
                    FriendAnswer::Accept => (is_asked(tx, req.person, viewer.person)?, Word::Accept),
                    FriendAnswer::Decline => (is_asked(tx, req.person, viewer.person)?, Word::Decline),
                    FriendAnswer::Cancel => (
                        own_request(tx, viewer.person, req.person)?.is_some(),
                        Word::Cancel,
                    ),
                };
                if !there_is {
                    return Err(ApiError::wrong_state(
                        "This request is no longer open. Look at the list of requests again.",
                    ));
                }
                social.say_here(tx, &pair, word, "", social.now())?;
                person_row(tx, viewer.person, req.person)
            })
            .await
    }

    /// Ends a friendship, and access on both sides.
    ///
    /// # Errors
    /// `not_found`; `wrong_state` when they are not friends.
    pub async fn unfriend(&self, viewer: &Viewer, req: Unfriend) -> ApiResult<Done> {
        let (social, viewer) = (self.clone(), *viewer);
        self.db()
            .write(move |tx| {
                let pair = pair(tx, viewer.person, req.person)?.ok_or_else(ApiError::not_found)?;
                if friendship::since(tx, viewer.person, req.person)?.is_none() {
                    return Err(ApiError::wrong_state("You are not friends."));
                }
                social.say_here(tx, &pair, Word::Remove, "", social.now())?;
                Ok(Done {})
            })
            .await
    }

    /// The viewer's friends by name.
    ///
    /// # Errors
    /// A database error.
    pub async fn list_friends(&self, viewer: &Viewer, req: ListFriends) -> ApiResult<Vec<PersonRow>> {
        let viewer = viewer.person;
        self.db()
            .read(move |tx| {
                let since: HashMap<PersonId, _> = friendship::of(tx, viewer)?.into_iter().collect();
                let ids: Vec<PersonId> = since.keys().copied().collect();
                let needle = req.query.trim().to_lowercase();
                let blocked = blocked(tx)?;
                let mut rows: Vec<PersonRow> = cards::cards(tx, viewer, &ids)?
                    .into_values()
                    .filter(|card| !blocked.contains(&card.home.id))
                    .filter(|card| needle.is_empty() || card.name.to_lowercase().contains(&needle))
                    .map(|person| PersonRow {
                        since: since.get(&person.id).copied(),
                        relation: Relation::Friends,
                        person,
                    })
                    .collect();
                rows.sort_by_cached_key(|row| (row.person.name.to_lowercase(), row.person.id));
                Ok(rows)
            })
            .await
    }

    /// Open requests, newest first.
    ///
    /// # Errors
    /// A database error.
    pub async fn list_requests(&self, viewer: &Viewer, _req: ListRequests) -> ApiResult<Requests> {
        let viewer = viewer.person;
        self.db()
            .read(move |tx| {
                let blocked = blocked(tx)?;
                let mut requests = Requests::default();
                for wish in friendship::wishes(tx, viewer, Direction::Incoming)? {
                    if let Some(shown) = open_request(tx, wish.person, viewer)?
                        && let Some(person) = cards::card(tx, viewer, wish.person)?
                        && !blocked.contains(&person.home.id)
                    {
                        requests.incoming.push(FriendRequest {
                            person,
                            note: shown.note,
                            at: shown.at,
                        });
                    }
                }
                for wish in friendship::wishes(tx, viewer, Direction::Outgoing)? {
                    if own_request(tx, viewer, wish.other)?.is_some()
                        && let Some(person) = cards::card(tx, viewer, wish.other)?
                        && !blocked.contains(&person.home.id)
                    {
                        requests.outgoing.push(FriendRequest {
                            person,
                            note: wish.note,
                            at: wish.at,
                        });
                    }
                }
                Ok(requests)
            })
            .await
    }

    /// Whether a person lives here and is not erased.
    pub(crate) fn lives_here(&self, tx: &ReadTx<'_>, who: PersonId) -> ApiResult<bool> {
        Ok(person::get(tx, who)?.is_some_and(|row| self.is_own(&row.home) && row.deleted_at.is_none()))
    }
}
