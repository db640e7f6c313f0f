//! People, local and remote.

use crate::sql::{home, id, opt_at, opt_hash};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, MediaHash, PersonId, Timestamp};
use rusqlite::Row;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Who.
    pub id: PersonId,
    /// Where they live.
    pub home: HomeId,
    /// Display name.
    pub name: String,
    /// Ed25519 public key that signs what they author.
    pub public_key: [u8; 32],
    /// Square picture.
    pub picture: Option<MediaHash>,
    /// Whether paired homes may list them.
    pub findable: bool,
    /// Hybrid logical clock of the newest update applied; empty for none.
    pub hlc: String,
    /// When they were erased.
    pub deleted_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, home, name, public_key, picture, findable, hlc, deleted_at";

fn read(row: &Row<'_>) -> DbResult<PersonRow> {
    Ok(PersonRow {
        id: id(row, 0)?,
        home: home(row, 1)?,
        name: row.get(2)?,
        public_key: row.get(3)?,
        picture: opt_hash(row, 4)?,
        findable: row.get(5)?,
        hlc: row.get(6)?,
        deleted_at: opt_at(row, 7)?,
    })
}

/// A person by id.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, person: PersonId) -> DbResult<Option<PersonRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM person WHERE id = ?1"),
        [person.as_bytes()],
        read,
    )
}

/// All people who live on a home.
///
/// # Errors
/// A database error.
pub fn of_home(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Vec<PersonRow>> {
    tx.all(
        &format!("SELECT {COLUMNS} FROM person WHERE home = ?1 AND deleted_at IS NULL ORDER BY name"),
        [home.as_str()],
        read,
    )
}

/// How many people of a home were ever known, the erased ones too.
///
/// # Errors
/// A database error.
pub fn known_of(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count(KNOWN_OF, [home.as_str()])
}

const KNOWN_OF: &str = "SELECT count(*) FROM person WHERE home = ?1";

/// Stores a person, replacing one with the same id.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &PersonRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO person (id, home, name, public_key, picture, findable, hlc, deleted_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET
             home = ?2, name = ?3, public_key = ?4, picture = ?5, findable = ?6, hlc = ?7, deleted_at = ?8",
        (
            row.id.as_bytes(),
            row.home.as_str(),
            &row.name,
            row.public_key,
            row.picture.as_ref().map(MediaHash::as_str),
            row.findable,
            &row.hlc,
            row.deleted_at.map(|t| t.0),
        ),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::table::plan::check_uses;

    #[test]
    fn the_people_of_a_home_are_counted_by_their_home() {
        check_uses(super::KNOWN_OF, "person_by_home (home=?");
    }
}
