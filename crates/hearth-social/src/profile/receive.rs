//! Believing what other homes tell of their own people: `person.update` and `person.delete`.
//!
//! Invariants: only a person's home speaks of the person, with the person's own signature (deletion also with the home's); the last
//! word counts; a refused activity has changed nothing; what is told as a whole replaces what was told before.

use super::check;
use super::publish::{FieldUpdate, FileClaim, PersonUpdate};
use crate::visibility::{AuthorReach, Standing, audience_permits};
use crate::{Social, identity};
use hearth_api::feed::Audience;
use hearth_api::media::MediaKind;
use hearth_api::profile::ProfileField;
use hearth_api::{ApiResult, Code, Event, HomeId, PersonId, Timestamp};
use hearth_db::media::MediaRow;
use hearth_db::person::PersonRow;
use hearth_db::profile::{self as table, FieldRow};
use hearth_db::{DbResult, WriteTx, event, kept, media, person};
use hearth_federation::activity::{Activity, SignedActivity};
use hearth_federation::apply::Verdict;
use hearth_federation::identity::is_shown_safely;
use hearth_federation::keys::Kid;
use hearth_federation::log;

/// Most fields that are looked at; there are fewer.
const MAX_FIELDS: usize = 64;
/// Longest file that a home may name as a picture, in bytes.
const MAX_FILE: u64 = 100_000_000;

/// Applies what a person's home tells of the person. The signature was checked.
///
/// # Errors
/// When the database fails.
pub(crate) fn apply_person_update(
    social: &Social,
    tx: &mut WriteTx<'_>,
    from: &HomeId,
    activity: &SignedActivity,
    now: Timestamp,
) -> ApiResult<Verdict> {
    let said = activity.activity();
    if HomeId::from(&said.home) != *from || !matches!(activity.kid(), Kid::Person(_)) {
        return Ok(Verdict::Refused(Code::NotAuthorised));
    }
    let Some((update, fields)) = read(said) else {
        return Ok(Verdict::Refused(Code::InvalidActivity));
    };
    let mut row = match identity::learn_author(tx, &social.home, from, said)? {
        Ok(row) => row,
        Err(code) => return Ok(Verdict::Refused(code)),
    };
    log::observe(tx, &social.parts.node, said.at, now)?;
    let stamp = said.at.to_string();
    if row.hlc >= stamp {
        return Ok(Verdict::Duplicate);
    }
    row.hlc = stamp;
    row.name = update.name;
    row.findable = update.findable;
    row.picture = update.picture.as_ref().map(|picture| picture.square.hash.clone());
    table::clear(tx, row.id)?;
    if let Some(picture) = &update.picture {
        note_file(tx, &picture.square, now)?;
        if let Some(original) = &picture.original {
            note_file(tx, original, now)?;
            table::set_original(tx, row.id, Some(&original.hash))?;
        }
        let field = FieldRow {
            field: ProfileField::Picture,
            value: String::new(),
            audience: picture.audience,
        };
        table::put(tx, row.id, &field)?;
    }
    for field in fields {
        table::put(
            tx,
            row.id,
            &FieldRow {
                field: field.field,
                value: field.value,
                audience: field.audience,
            },
        )?;
    }
    person::put(tx, &row)?;
    event::append(tx, None, now, &Event::ProfileChanged { person: row.id })?;
    Ok(Verdict::Applied)
}

/// Takes back what a person of this home had said of themselves and is lost here; `from` had kept it. What was not told there any more,
/// though people there might see it, had been taken back: only its owner sees it, who can widen it again.
///
/// # Errors
/// When the database fails.
pub(crate) fn take_back(
    social: &Social,
    tx: &mut WriteTx<'_>,
    from: &HomeId,
    activity: &SignedActivity,
    now: Timestamp,
) -> ApiResult<Verdict> {
    let said = activity.activity();
    let Some((update, told)) = read(said) else {
        return Ok(Verdict::Refused(Code::InvalidActivity));
    };
    let Some(mut row) = person::get(tx, PersonId(said.actor))? else {
        return Ok(Verdict::Refused(Code::NotFound));
    };
    log::observe(tx, &social.parts.node, said.at, now)?;
    // As it was signed: a clock that was wrong changes no order.
    let stamp = said.at.to_string();
    if row.hlc >= stamp {
        return Ok(Verdict::Duplicate);
    }
    let reach = AuthorReach::load(tx, row.id, &social.home)?;
    let standing = Standing {
        owner: false,
        same_home: false,
        friend: !reach.friends_at(from).is_empty(),
        connected: true,
        covered: false,
    };
    for mut field in super::fields_of(tx, &row)? {
        let kept = told.iter().find(|kept| kept.field == field.field);
        match (field.field, kept, &update.picture) {
            (ProfileField::FriendList, ..) => continue,
            (ProfileField::Picture, _, Some(picture)) => {
                field.audience = picture.audience;
            }
            (_, Some(kept), _) => {
                field.audience = kept.audience;
                field.value.clone_from(&kept.value);
            }
            _ if !field.value.is_empty() && audience_permits(standing, field.audience) => {
                field.audience = Audience::Me;
            }
            _ => continue,
        }
        if matches!(
            field.field,
            ProfileField::Username | ProfileField::Birthday | ProfileField::BirthYear
        ) || field.field == ProfileField::Picture
        {
            field.value = String::new();
        }
        table::put(tx, row.id, &field)?;
    }
    if let Some(picture) = &update.picture {
        note_file(tx, &picture.square, now)?;
        row.picture = Some(picture.square.hash.clone());
        if let Some(original) = &picture.original {
            note_file(tx, original, now)?;
            table::set_original(tx, row.id, Some(&original.hash))?;
        }
    }
    row.hlc = stamp;
    row.name = update.name;
    row.findable = update.findable;
    person::put(tx, &row)?;
    event::append(tx, None, now, &Event::ProfileChanged { person: row.id })?;
    Ok(Verdict::Applied)
}

/// What an activity says, if all of it can be stored. Fields of newer versions, and those that nobody here could see, are passed over.
fn read(said: &Activity) -> Option<(PersonUpdate, Vec<FieldUpdate>)> {
    let update: PersonUpdate = serde_json::from_value(said.object.clone()).ok()?;
    if !is_shown_safely(&update.name) || update.fields.len() > MAX_FIELDS {
        return None;
    }
    let travels = |audience: Audience| matches!(audience, Audience::Friends | Audience::Public);
    let mut fields = Vec::new();
    for value in &update.fields {
        let Ok(field) = serde_json::from_value::<FieldUpdate>(value.clone()) else {
            continue;
        };
        if matches!(field.field, ProfileField::Picture | ProfileField::FriendList) || !travels(field.audience)
        {
            continue;
        }
        if !check::is_sound(field.field, &field.value) {
            return None;
        }
        fields.push(field);
    }
    if let Some(picture) = &update.picture {
        let square = &picture.square;
        let files = [Some(square), picture.original.as_ref()];
        if !travels(picture.audience)
            || square.width != square.height
            || !files.into_iter().flatten().all(is_image)
        {
            return None;
        }
    }
    Some((update, fields))
}

fn is_image(file: &FileClaim) -> bool {
    matches!(
        file.mime.as_str(),
        "image/jpeg" | "image/png" | "image/gif" | "image/webp"
    ) && (1..=MAX_FILE).contains(&file.bytes)
        && file.width > 0
        && file.height > 0
}

/// Remembers a file that is to be fetched when somebody looks at it.
fn note_file(tx: &mut WriteTx<'_>, file: &FileClaim, now: Timestamp) -> DbResult<()> {
    if media::get(tx, &file.hash)?.is_some() {
        return Ok(());
    }
    media::put(
        tx,
        &MediaRow {
            hash: file.hash.clone(),
            kind: MediaKind::Image,
            mime: file.mime.clone(),
            bytes: file.bytes,
            width: Some(file.width),
            height: Some(file.height),
            placeholder: String::new(),
            captured_at: None,
            stored: false,
            used_at: now,
        },
    )
}

/// Erases a person of another home because the person, or that home, says so. For ever: nothing of them is accepted again.
///
/// # Errors
/// When the database fails.
pub(crate) fn apply_person_delete(
    social: &Social,
    tx: &mut WriteTx<'_>,
    from: &HomeId,
    activity: &SignedActivity,
    now: Timestamp,
) -> ApiResult<Verdict> {
    let said = activity.activity();
    let whom = match activity.kid() {
        Kid::Person(person) => Some(PersonId(*person)),
        Kid::Node(_) => said.object.get("person").and_then(|id| id.as_str()?.parse().ok()),
    };
    let Some(whom) = whom else {
        return Ok(Verdict::Refused(Code::InvalidActivity));
    };
    let at_home = HomeId::from(&said.home);
    if at_home != *from || at_home == social.home {
        return Ok(Verdict::Refused(Code::NotAuthorised));
    }
    let Some(row) = person::get(tx, whom)? else {
        return Ok(Verdict::Duplicate);
    };
    if row.home != at_home {
        return Ok(Verdict::Refused(Code::NotAuthorised));
    }
    if row.deleted_at.is_some() {
        return Ok(Verdict::Duplicate);
    }
    log::observe(tx, &social.parts.node, said.at, now)?;
    social.erase_person(tx, row, now)?;
    Ok(Verdict::Applied)
}

/// Lets go of what a home that was removed told of its people, and of what it was told. Names stay beside what they wrote; of people of
/// whom posts are kept all stays as it is.
pub(crate) fn home_removed(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    table::forget_told(tx, home)?;
    for row in person::of_home(tx, home)? {
        if !kept::is_frozen(tx, row.id)? {
            forget_told_of(tx, row.id)?;
            continue;
        }
        let frozen = PersonRow {
            findable: false,
            hlc: String::new(),
            ..row
        };
        person::put(tx, &frozen)?;
    }
    Ok(())
}

/// Lets go of what was kept of the people of a removed home: it is erased, or the homes met again and begin anew.
pub(crate) fn thaw(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    for person in kept::thaw(tx, home)? {
        forget_told_of(tx, person)?;
    }
    Ok(())
}

/// Lets go of what was told of a person of another home; the name stays.
pub(crate) fn forget_told_of(tx: &mut WriteTx<'_>, person: PersonId) -> DbResult<()> {
    let Some(mut row) = person::get(tx, person)? else {
        return Ok(());
    };
    table::clear(tx, row.id)?;
    row.picture = None;
    row.findable = false;
    // A home that comes back begins anew.
    row.hlc = String::new();
    person::put(tx, &row)
}
