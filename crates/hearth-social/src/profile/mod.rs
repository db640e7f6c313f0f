//! Profiles: a name, a picture, and fields that each have an audience of their own.
//!
//! * here: reading a profile as a viewer may see it, and changing one's own
//! * `picture`: cutting the square
//! * `publish`: telling other homes what some of their people may see, and no more
//! * `receive`: believing what other homes tell of their own people
//!
//! Of remote people the fields are stored as their home told them, with their audiences; the same rule decides here who sees them.
//! `username`, `birthday`, `birth_year` and `picture` of local people are stored with an audience only: their values follow from
//! person and account.

mod check;
mod picture;
mod publish;
mod receive;

pub(crate) use publish::home_connected;
pub(crate) use receive::{
    apply_person_delete, apply_person_update, forget_told_of, home_removed, take_back, thaw,
};

use crate::account::display_name;
use crate::media::is_kept;
use crate::visibility::{Standing, ViewerFacts, audience_permits};
use crate::{Social, Viewer, cards, friends as relations};
use hearth_api::feed::Audience;
use hearth_api::people::PersonCard;
use hearth_api::profile::{FieldChange, FieldValue, Profile, ProfileField, UpdateProfile};
use hearth_api::{ApiError, ApiResult, Event, HomeId, PersonId};
use hearth_db::home::HomeRowState;
use hearth_db::person::PersonRow;
use hearth_db::profile::{self as table, FieldRow};
use hearth_db::{DbResult, ReadTx, WriteTx, account, event, friendship, home, person};
use std::collections::BTreeMap;

/// Most pictures shown on a profile.
const MAX_PICTURES: usize = 9;

/// Stores the audiences that a new account's fields start with.
pub(crate) fn begin(tx: &mut WriteTx<'_>, person: PersonId) -> DbResult<()> {
    for field in ProfileField::ALL {
        let row = FieldRow {
            field,
            value: String::new(),
            audience: field.default_audience(),
        };
        table::put(tx, person, &row)?;
    }
    Ok(())
}

/// All fields of a person with their values, in the order shown.
fn fields_of(tx: &ReadTx<'_>, row: &PersonRow) -> DbResult<Vec<FieldRow>> {
    let mut fields = table::fields(tx, row.id)?;
    let account = account::get(tx, row.id)?;
    for field in &mut fields {
        match (field.field, &account) {
            (ProfileField::Picture, _) => {
                field.value = row.picture.as_ref().map_or_else(String::new, ToString::to_string);
            }
            (ProfileField::Username, Some(account)) => field.value.clone_from(&account.username),
            (ProfileField::Birthday, Some(account)) => {
                field.value = format!("{:02}-{:02}", account.birth_date.month, account.birth_date.day);
            }
            (ProfileField::BirthYear, Some(account)) => {
                field.value = format!("{:04}", account.birth_date.year)
            }
            _ => {}
        }
    }
    Ok(fields)
}

fn friends_of(tx: &ReadTx<'_>, person: PersonId) -> DbResult<Vec<PersonId>> {
    Ok(friendship::of(tx, person)?
        .into_iter()
        .map(|(friend, _since)| friend)
        .collect())
}

/// Cards by name.
fn by_name(tx: &ReadTx<'_>, viewer: PersonId, people: &[PersonId]) -> DbResult<Vec<PersonCard>> {
    let mut cards = cards::in_order(tx, viewer, people)?;
    cards.sort_by_cached_key(|card| (card.name.to_lowercase(), card.id));
    Ok(cards)
}

/// A profile as the viewer may see it.
///
/// # Errors
/// `not_found` for people unknown here, erased ones, and those of homes that were blocked or removed, or are not connected for them.
fn view(tx: &ReadTx<'_>, viewer: PersonId, person: PersonId, own: &HomeId) -> ApiResult<Profile> {
    let row = person::get(tx, person)?
        .filter(|row| row.deleted_at.is_none())
        .ok_or_else(ApiError::not_found)?;
    let at_home = home::get(tx, &row.home)?.map(|home| home.state);
    let facts = ViewerFacts::load(tx, viewer, own)?.ok_or_else(ApiError::not_found)?;
    let kept = is_kept(tx, person, &row.home)?;
    let standing = if kept {
        facts.standing_then(person)
    } else {
        facts.standing(person, &row.home)
    };
    let is_open = match at_home {
        None | Some(HomeRowState::Blocked) => false,
        Some(HomeRowState::Removed) => kept && standing.connected,
        Some(_) => true,
    };
    if !is_open {
        return Err(ApiError::not_found());
    }
    if facts.homes().limited.contains_key(&row.home) && !standing.covered {
        return Err(ApiError::not_found());
    }
    let fields = fields_of(tx, &row)?;
    let seen = |field: ProfileField| {
        fields
            .iter()
            .find(|f| f.field == field)
            .is_some_and(|f| audience_permits(standing, f.audience))
    };
    let mine = viewer == person;
    let local = row.home == *own;

    let list_seen = local && seen(ProfileField::FriendList);
    let friends = if list_seen {
        Some(by_name(tx, viewer, &friends_of(tx, person)?)?)
    } else {
        None
    };
    let mut mutual = Vec::new();
    if !mine {
        for friend in friendship::mutual(tx, viewer, person)? {
            if list_seen || shows_friends(tx, &facts, friend, own)? {
                mutual.push(friend);
            }
        }
    }
    let audiences: Vec<Audience> = [Audience::Me, Audience::Local, Audience::Friends, Audience::Public]
        .into_iter()
        .filter(|audience| audience_permits(standing, *audience))
        .collect();
    Ok(Profile {
        person: cards::known(tx, viewer, person)?,
        relation: relations::relation(tx, viewer, person)?,
        request_note: relations::request_note(tx, person, viewer)?,
        friends,
        mutual: by_name(tx, viewer, &mutual)?,
        pictures: table::newest_pictures(tx, person, &audiences, MAX_PICTURES)?,
        picture_original: if seen(ProfileField::Picture) {
            table::original(tx, person)?
        } else {
            None
        },
        findable: mine.then_some(row.findable),
        kept,
        fields: fields
            .into_iter()
            .filter_map(|field| shown(field, mine, standing))
            .collect(),
    })
}

/// A field as the viewer may see it: one's own always, of others what is set and permitted.
fn shown(field: FieldRow, mine: bool, standing: Standing) -> Option<FieldValue> {
    let permitted = mine || (!field.value.is_empty() && audience_permits(standing, field.audience));
    permitted.then(|| FieldValue {
        field: field.field,
        value: field.value,
        audience: mine.then_some(field.audience),
    })
}

/// Whether a person of this home shows the viewer who their friends are.
fn shows_friends(tx: &ReadTx<'_>, viewer: &ViewerFacts, person: PersonId, own: &HomeId) -> DbResult<bool> {
    let Some(row) = person::get(tx, person)?.filter(|row| row.home == *own) else {
        return Ok(false);
    };
    let audience = table::audience(tx, person, ProfileField::FriendList)?;
    Ok(audience.is_some_and(|audience| audience_permits(viewer.standing(person, &row.home), audience)))
}

impl Social {
    /// A profile as the viewer may see it.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn get_profile(&self, viewer: &Viewer, person: PersonId) -> ApiResult<Profile> {
        let (viewer, own) = (viewer.person, self.home.clone());
        self.db().read(move |tx| view(tx, viewer, person, &own)).await
    }

    /// Changes one's own profile; other homes learn what their people may see.
    ///
    /// # Errors
    /// `invalid_name`, `invalid_<field>`.
    pub async fn update_profile(&self, viewer: &Viewer, req: UpdateProfile) -> ApiResult<Profile> {
        let name = req
            .name
            .as_deref()
            .map(|name| display_name(name, "name"))
            .transpose()?;
        let mut changes: BTreeMap<ProfileField, FieldChange> = BTreeMap::new();
        for mut change in req.fields {
            change.value = change
                .value
                .map(|value| check::own_value(change.field, &value))
                .transpose()?;
            changes.insert(change.field, change);
        }
        let (social, viewer, now) = (self.clone(), viewer.person, self.now());
        self.db()
            .write(move |tx| {
                let mut row = person::get(tx, viewer)?.ok_or_else(ApiError::not_found)?;
                row.name = name.unwrap_or(row.name);
                row.findable = req.findable.unwrap_or(row.findable);
                person::put(tx, &row)?;
                for mut field in table::fields(tx, viewer)? {
                    if let Some(change) = changes.remove(&field.field) {
                        field.value = change.value.unwrap_or(field.value);
                        field.audience = change.audience.unwrap_or(field.audience);
                        table::put(tx, viewer, &field)?;
                    }
                }
                social.publish_person(tx, viewer, now)?;
                event::append(tx, None, now, &Event::ProfileChanged { person: viewer })?;
                view(tx, viewer, viewer, &social.home)
            })
            .await
    }
}

#[cfg(test)]
mod tests;
