//! People as shown beside content: [`card`] for one, [`cards`] for many with one query.
//!
//! A card has the name and the home of everybody that this home knows, and the picture when the viewer may see it.

use crate::visibility::{Covered, Standing, audience_permits, limited};
use crate::{Social, Viewer};
use hearth_api::people::PersonCard;
use hearth_api::profile::ProfileField;
use hearth_api::{ApiError, ApiResult, HomeId, PersonId};
use hearth_db::home::HomeRowState;
use hearth_db::{DbResult, ReadTx, card as table};
use std::collections::{BTreeMap, HashMap};

/// The cards of people as a local viewer may see them. Unknown and erased ones are left out.
///
/// # Errors
/// A database error.
pub fn cards(
    tx: &ReadTx<'_>,
    viewer: PersonId,
    people: &[PersonId],
) -> DbResult<HashMap<PersonId, PersonCard>> {
    let rows = table::get(tx, viewer, people)?;
    let limited = limited(tx)?;
    Ok(rows
        .into_iter()
        .filter(|row| !row.deleted)
        .map(|row| (row.person, to_card(viewer, row, &limited)))
        .collect())
}

/// As [`cards`], in the order of `people`.
///
/// # Errors
/// A database error.
pub fn in_order(tx: &ReadTx<'_>, viewer: PersonId, people: &[PersonId]) -> DbResult<Vec<PersonCard>> {
    let mut known = cards(tx, viewer, people)?;
    Ok(people.iter().filter_map(|person| known.remove(person)).collect())
}

/// The card of one person as a local viewer may see it; nothing for unknown and erased ones.
///
/// # Errors
/// A database error.
pub fn card(tx: &ReadTx<'_>, viewer: PersonId, person: PersonId) -> DbResult<Option<PersonCard>> {
    Ok(cards(tx, viewer, &[person])?.remove(&person))
}

/// The card of one person, or `not_found`.
///
/// # Errors
/// `not_found`; a database error.
pub fn known(tx: &ReadTx<'_>, viewer: PersonId, person: PersonId) -> ApiResult<PersonCard> {
    card(tx, viewer, person)?.ok_or_else(ApiError::not_found)
}

fn to_card(viewer: PersonId, row: table::CardRow, limited: &BTreeMap<HomeId, Covered>) -> PersonCard {
    let connected = row.home.state == HomeRowState::Connected;
    let only = limited.get(&row.home.id);
    // Of a removed home it is as it was then.
    let then = row
        .kept_friend
        .filter(|_| row.home.state == HomeRowState::Removed);
    let standing = Standing {
        owner: row.person == viewer,
        same_home: row.home.state == HomeRowState::Own,
        friend: then.unwrap_or(row.friend),
        connected: then.is_some() || connected && only.is_none(),
        covered: connected && only.is_some_and(|only| only.contains(&viewer) || only.contains(&row.person)),
    };
    let audience = row
        .picture_audience
        .unwrap_or(ProfileField::Picture.default_audience());
    PersonCard {
        id: row.person,
        name: row.name,
        home: row.home.to_ref(),
        picture: row.picture.filter(|_| audience_permits(standing, audience)),
    }
}

impl Social {
    /// The card of one person as the viewer may see it; nothing for unknown and erased ones.
    ///
    /// # Errors
    /// A database error.
    pub async fn person_card(&self, viewer: &Viewer, person: PersonId) -> ApiResult<Option<PersonCard>> {
        let viewer = viewer.person;
        self.db()
            .read(move |tx| card(tx, viewer, person).map_err(ApiError::from))
            .await
    }
}
