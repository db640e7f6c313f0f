//! What profiles say, the images that pictures were cut from, and which homes were told.

use crate::sql::{home, id, opt_hash, parsed, to_json};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::feed::Audience;
use hearth_api::profile::ProfileField;
use hearth_api::{HomeId, MediaHash, PersonId};

/// A field of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRow {
    /// Which.
    pub field: ProfileField,
    /// Its text.
    pub value: String,
    /// Who may see it.
    pub audience: Audience,
}

fn field_text(field: ProfileField) -> &'static str {
    match field {
        ProfileField::Picture => "picture",
        ProfileField::Username => "username",
        ProfileField::Birthday => "birthday",
        ProfileField::BirthYear => "birth_year",
        ProfileField::Hometown => "hometown",
        ProfileField::Occupation => "occupation",
        ProfileField::Bio => "bio",
        ProfileField::Website => "website",
        ProfileField::Email => "email",
        ProfileField::Phone => "phone",
        ProfileField::Address => "address",
        ProfileField::FriendList => "friend_list",
    }
}

fn field_of(text: &str) -> DbResult<ProfileField> {
    ProfileField::ALL
        .into_iter()
        .find(|field| field_text(*field) == text)
        .ok_or(DbError::Malformed("profile field"))
}

/// The stored fields of a profile, in the order shown.
///
/// # Errors
/// A database error.
pub fn fields(tx: &ReadTx<'_>, person: PersonId) -> DbResult<Vec<FieldRow>> {
    let mut rows = tx.all(
        "SELECT field, value, audience FROM profile_field WHERE person = ?1",
        [person.as_bytes()],
        |row| {
            Ok(FieldRow {
                field: field_of(&row.get::<_, String>(0)?)?,
                value: row.get(1)?,
                audience: parsed(row, 2, "audience")?,
            })
        },
    )?;
    rows.sort_by_key(|row| row.field);
    Ok(rows)
}

/// The audience of one field, if the field is stored.
///
/// # Errors
/// A database error.
pub fn audience(tx: &ReadTx<'_>, person: PersonId, field: ProfileField) -> DbResult<Option<Audience>> {
    tx.first(
        "SELECT audience FROM profile_field WHERE person = ?1 AND field = ?2",
        (person.as_bytes(), field_text(field)),
        |row| parsed(row, 0, "audience"),
    )
}

/// Stores a field.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, person: PersonId, row: &FieldRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO profile_field (person, field, value, audience) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (person, field) DO UPDATE SET value = ?3, audience = ?4",
        (
            person.as_bytes(),
            field_text(row.field),
            &row.value,
            row.audience.as_str(),
        ),
    )?;
    Ok(())
}

/// Erases all fields of a profile and the image behind its picture.
///
/// # Errors
/// A database error.
pub fn clear(tx: &mut WriteTx<'_>, person: PersonId) -> DbResult<()> {
    tx.run("DELETE FROM profile_field WHERE person = ?1", [person.as_bytes()])?;
    set_original(tx, person, None)
}

/// The image that a person's picture was cut from.
///
/// # Errors
/// A database error.
pub fn original(tx: &ReadTx<'_>, person: PersonId) -> DbResult<Option<MediaHash>> {
    let found = tx.first(
        "SELECT original FROM profile_picture WHERE person = ?1",
        [person.as_bytes()],
        |row| opt_hash(row, 0),
    )?;
    Ok(found.flatten())
}

/// Sets the image that a person's picture was cut from.
///
/// # Errors
/// A database error.
pub fn set_original(tx: &mut WriteTx<'_>, person: PersonId, original: Option<&MediaHash>) -> DbResult<()> {
    match original {
        None => tx.run("DELETE FROM profile_picture WHERE person = ?1", [person.as_bytes()])?,
        Some(hash) => tx.run(
            "INSERT INTO profile_picture (person, original) VALUES (?1, ?2) ON CONFLICT (person) DO UPDATE SET original = ?2",
            (person.as_bytes(), hash.as_str()),
        )?,
    };
    Ok(())
}

/// Whose picture, or the image behind it, a file is.
///
/// # Errors
/// A database error.
pub fn people_pictured(tx: &ReadTx<'_>, hash: &MediaHash) -> DbResult<Vec<PersonId>> {
    tx.all(
        "SELECT id FROM person WHERE picture = ?1 UNION SELECT person FROM profile_picture WHERE original = ?1",
        [hash.as_str()],
        |row| id(row, 0),
    )
}

const PICTURES: &str = "SELECT a.hash FROM post p
     JOIN attachment a ON a.kind = 'post' AND a.item = p.id
     JOIN media m ON m.hash = a.hash AND m.kind = 'image'
     WHERE p.author = ?1 AND p.audience IN (SELECT value FROM json_each(?2))
     ORDER BY p.created_at DESC, p.id DESC, a.position LIMIT ?3";

/// The newest pictures that a person posted for one of these audiences, each once.
///
/// # Errors
/// A database error.
pub fn newest_pictures(
    tx: &ReadTx<'_>,
    person: PersonId,
    audiences: &[Audience],
    limit: usize,
) -> DbResult<Vec<MediaHash>> {
    let audiences: Vec<&str> = audiences.iter().map(|audience| audience.as_str()).collect();
    // The same picture may hang on several posts, so some more are read than shown.
    let rows = tx.all(
        PICTURES,
        (
            person.as_bytes(),
            to_json(&audiences, "audiences")?,
            i64::try_from(limit.saturating_mul(4)).unwrap_or(i64::MAX),
        ),
        |row| parsed(row, 0, "media hash"),
    )?;
    let mut seen = std::collections::HashSet::new();
    Ok(rows
        .into_iter()
        .filter(|hash: &MediaHash| seen.insert(hash.clone()))
        .take(limit)
        .collect())
}

/// The homes that were told of a local person, each with the digest of what.
///
/// # Errors
/// A database error.
pub fn told(tx: &ReadTx<'_>, person: PersonId) -> DbResult<Vec<(HomeId, Vec<u8>)>> {
    tx.all(
        "SELECT home, digest FROM profile_told WHERE person = ?1 ORDER BY home",
        [person.as_bytes()],
        |row| Ok((home(row, 0)?, row.get(1)?)),
    )
}

/// Notes what a home was told of a local person.
///
/// # Errors
/// A database error.
pub fn set_told(tx: &mut WriteTx<'_>, person: PersonId, home: &HomeId, digest: &[u8]) -> DbResult<()> {
    tx.run(
        "INSERT INTO profile_told (person, home, digest) VALUES (?1, ?2, ?3)
         ON CONFLICT (person, home) DO UPDATE SET digest = ?3",
        (person.as_bytes(), home.as_str(), digest),
    )?;
    Ok(())
}

/// Notes that a home knows of a local person, who came there with something they wrote.
///
/// # Errors
/// A database error.
pub fn note_known(tx: &mut WriteTx<'_>, person: PersonId, home: &HomeId) -> DbResult<()> {
    tx.run(
        "INSERT INTO profile_told (person, home, digest) VALUES (?1, ?2, x'') ON CONFLICT (person, home) DO NOTHING",
        (person.as_bytes(), home.as_str()),
    )?;
    Ok(())
}

/// Forgets that a home was told of one person.
///
/// # Errors
/// A database error.
pub fn forget_told_of(tx: &mut WriteTx<'_>, person: PersonId, home: &HomeId) -> DbResult<()> {
    tx.run(
        "DELETE FROM profile_told WHERE person = ?1 AND home = ?2",
        (person.as_bytes(), home.as_str()),
    )?;
    Ok(())
}

/// Forgets what a home was told: the connection ended, or begins anew.
///
/// # Errors
/// A database error.
pub fn forget_told(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM profile_told WHERE home = ?1", [home.as_str()])?;
    Ok(())
}

/// Forgets all that a person and others said of each other: the person was erased.
///
/// # Errors
/// A database error.
pub fn forget_relations(tx: &mut WriteTx<'_>, person: PersonId) -> DbResult<()> {
    for statement in [
        "DELETE FROM friendship WHERE person = ?1 OR other = ?1",
        "DELETE FROM friend_word WHERE person = ?1 OR other = ?1",
    ] {
        tx.run(statement, [person.as_bytes()])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::table::plan::check_found_by_key;

    #[test]
    fn pictures_are_found_by_their_author() {
        check_found_by_key(super::PICTURES);
    }
}
