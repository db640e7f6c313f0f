//! Telling other homes about people of this one.
//!
//! [`Social::publish_person`] works out what each connected home may know of a person: the card when the person is findable, has a
//! `public` field, has a friend there, or is known there already; the `public` fields; and the `friends` fields only where
//! a friend lives. What a home was told last is remembered by its digest, so only changes are signed and appended to logs,
//! and what is taken back here is taken back there. It is called after everything that may change the answer.

use super::fields_of;
use crate::visibility::{AuthorReach, Standing, audience_permits};
use crate::{Social, identity, scope};
use hearth_api::feed::Audience;
use hearth_api::profile::ProfileField;
use hearth_api::{ApiResult, HomeId, MediaHash, PersonId, Timestamp};
use hearth_db::person::PersonRow;
use hearth_db::profile::{self as table, FieldRow};
use hearth_db::reconcile::{self, Phase};
use hearth_db::{DbResult, ReadTx, WriteTx, media, person};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The kind of activity.
pub(super) const PERSON_UPDATE: &str = "person.update";

/// What a home is told of a person: all of it each time, what is missing is taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PersonUpdate {
    /// Display name.
    pub(super) name: String,
    /// Whether people there may find the person.
    #[serde(default)]
    pub(super) findable: bool,
    /// The picture, when somebody there may see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) picture: Option<PictureUpdate>,
    /// The other fields that somebody there may see. Unknown ones are ignored.
    #[serde(default)]
    pub(super) fields: Vec<Value>,
}

/// The picture of a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PictureUpdate {
    /// The square.
    pub(super) square: FileClaim,
    /// What it was cut from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) original: Option<FileClaim>,
    /// Who may see both.
    pub(super) audience: Audience,
}

/// What is said of a file before its bytes are here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FileClaim {
    /// Its hash.
    pub(super) hash: MediaHash,
    /// MIME type.
    pub(super) mime: String,
    /// Length.
    pub(super) bytes: u64,
    /// Width in pixels.
    pub(super) width: u32,
    /// Height in pixels.
    pub(super) height: u32,
}

/// One field as told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct FieldUpdate {
    /// Which.
    pub(super) field: ProfileField,
    /// Its text.
    pub(super) value: String,
    /// Who may see it.
    pub(super) audience: Audience,
}

fn claim(tx: &ReadTx<'_>, hash: &MediaHash) -> DbResult<Option<FileClaim>> {
    Ok(media::get(tx, hash)?.and_then(|row| {
        Some(FileClaim {
            hash: row.hash,
            mime: row.mime,
            bytes: row.bytes,
            width: row.width?,
            height: row.height?,
        })
    }))
}

/// How a home stands to a person of this one, as far as telling goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// A friend lives there.
    Friend,
    /// It is connected as a whole.
    Connected,
    /// It is connected for this person, or for somebody there with whom this person has to do: it learns the name.
    Covered,
}

/// What people of a home may know of a person.
fn told_to(tx: &ReadTx<'_>, row: &PersonRow, fields: &[FieldRow], to: Told) -> DbResult<PersonUpdate> {
    let standing = Standing {
        owner: false,
        same_home: false,
        friend: to == Told::Friend,
        connected: to != Told::Covered,
        covered: to == Told::Covered,
    };
    let mut update = PersonUpdate {
        name: row.name.clone(),
        findable: row.findable,
        picture: None,
        fields: Vec::new(),
    };
    for field in fields
        .iter()
        .filter(|field| audience_permits(standing, field.audience))
    {
        match (field.field, &row.picture) {
            (ProfileField::FriendList, _) => {}
            (ProfileField::Picture, None) => {}
            (ProfileField::Picture, Some(square)) => {
                let original = match table::original(tx, row.id)? {
                    Some(hash) => claim(tx, &hash)?,
                    None => None,
                };
                update.picture = claim(tx, square)?.map(|square| PictureUpdate {
                    square,
                    original,
                    audience: field.audience,
                });
            }
            _ if field.value.is_empty() => {}
            _ => {
                let field = FieldUpdate {
                    field: field.field,
                    value: field.value.clone(),
                    audience: field.audience,
                };
                update.fields.extend(serde_json::to_value(field).ok());
            }
        }
    }
    Ok(update)
}

impl Social {
    /// Tells every connected home what changed in what it may know of a local person; nothing for anybody else.
    ///
    /// # Errors
    /// When the key store or the database fails.
    pub(crate) fn publish_person(
        &self,
        tx: &mut WriteTx<'_>,
        person: PersonId,
        now: Timestamp,
    ) -> ApiResult<()> {
        let Some(mut row) =
            person::get(tx, person)?.filter(|row| row.home == self.home && row.deleted_at.is_none())
        else {
            return Ok(());
        };
        let reach = AuthorReach::load(tx, person, &self.home)?;
        let homes = reach.homes();
        let mut standings: Vec<(HomeId, Told)> = Vec::new();
        for home in homes.connected.iter().chain(homes.limited.keys()) {
            if let Some(covered) = homes.limited.get(home)
                && !scope::concerns(tx, covered, person)?
            {
                continue;
            }
            let standing = if !reach.friends_in_reach(home).is_empty() {
                Told::Friend
            } else if homes.connected.contains(home) {
                Told::Connected
            } else {
                Told::Covered
            };
            standings.push((home.clone(), standing));
        }
        for row in reconcile::list(tx)? {
            // What was lost here is fetched first: an older profile must not go out as the newest.
            if row.phase != Phase::Done {
                standings.retain(|(home, _)| *home != row.home);
            }
        }
        if standings.is_empty() {
            return Ok(());
        }
        let told: BTreeMap<HomeId, Vec<u8>> = table::told(tx, person)?.into_iter().collect();
        let fields = fields_of(tx, &row)?;
        let to_all = told_to(tx, &row, &fields, Told::Connected)?;
        let worth_knowing = row.findable || to_all.picture.is_some() || !to_all.fields.is_empty();
        // What friends' homes are told holds the most and is said last: the newest word is the whole one.
        for to in [Told::Covered, Told::Connected, Told::Friend] {
            let update = told_to(tx, &row, &fields, to)?;
            let object = serde_json::to_value(&update).map_err(identity::unsigned)?;
            let digest = Sha256::digest(object.to_string());
            let homes: Vec<HomeId> = standings
                .iter()
                .filter(|(_, standing)| *standing == to)
                .map(|(home, _)| home)
                .filter(|home| to != Told::Connected || worth_knowing || told.contains_key(*home))
                .filter(|home| {
                    told.get(*home)
                        .is_none_or(|before| before.as_slice() != digest.as_slice())
                })
                .cloned()
                .collect();
            if homes.is_empty() {
                continue;
            }
            let signed = self.sign(tx, person, PERSON_UPDATE, None, &object, now)?;
            row.hlc = signed.activity().at.to_string();
            scope::tell(tx, &homes, &signed, None, now)?;
            for home in &homes {
                table::set_told(tx, person, home, &digest)?;
            }
        }
        Ok(person::put(tx, &row)?)
    }
}

/// Tells a home that was just connected, or connected again, of the people here whom it may know.
///
/// # Errors
/// When the key store or the database fails.
pub(crate) fn home_connected(
    social: &Social,
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    now: Timestamp,
) -> ApiResult<()> {
    table::forget_told(tx, home)?;
    super::thaw(tx, home)?;
    for row in person::of_home(tx, &social.home)? {
        social.publish_person(tx, row.id, now)?;
    }
    Ok(())
}
