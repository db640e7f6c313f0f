//! People as shown beside content: person, home and who may see the picture, many in one query.

use crate::sql::{home, id, opt_at, opt_hash, parsed};
use crate::table::home::HomeRow;
use crate::{DbError, DbResult, ReadTx};
use hearth_api::feed::Audience;
use hearth_api::{MediaHash, PersonId};

/// What a card is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRow {
    /// Who.
    pub person: PersonId,
    /// Display name; empty once erased.
    pub name: String,
    /// Square picture.
    pub picture: Option<MediaHash>,
    /// Who may see the picture, when it was said.
    pub picture_audience: Option<Audience>,
    /// Where they live.
    pub home: HomeRow,
    /// Whether they were erased.
    pub deleted: bool,
    /// Whether they and the viewer are friends.
    pub friend: bool,
    /// What is known of them is kept of a removed home, and the viewer may see it: whether they were friends.
    pub kept_friend: Option<bool>,
}

const CARDS: &str =
    "SELECT p.id, p.name, p.picture, f.audience, p.deleted_at, h.id, h.name, h.nickname, h.state,
     EXISTS (SELECT 1 FROM friendship WHERE person = ?2 AND other = p.id),
     (SELECT k.friend FROM kept_reader k WHERE k.reader = ?2 AND k.author = p.id AND p.frozen = 1)
     FROM json_each(?1) AS wanted
     JOIN person p ON p.id = unhex(wanted.value)
     JOIN home h ON h.id = p.home
     LEFT JOIN profile_field f ON f.person = p.id AND f.field = 'picture'";

/// The people of these ids that are known, in no order, with how the viewer stands to them.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, viewer: PersonId, people: &[PersonId]) -> DbResult<Vec<CardRow>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<String> = people
        .iter()
        .map(|person| person.0.simple().to_string())
        .collect();
    let ids = crate::sql::to_json(&ids, "person ids")?;
    tx.all(CARDS, (ids, viewer.as_bytes()), |row| {
        let audience: Option<String> = row.get(3)?;
        Ok(CardRow {
            person: id(row, 0)?,
            name: row.get(1)?,
            picture: opt_hash(row, 2)?,
            picture_audience: audience
                .map(|text| text.parse())
                .transpose()
                .or(Err(DbError::Malformed("audience")))?,
            deleted: opt_at(row, 4)?.is_some(),
            home: HomeRow {
                id: home(row, 5)?,
                name: row.get(6)?,
                nickname: row.get(7)?,
                state: parsed(row, 8, "home state")?,
            },
            friend: row.get(9)?,
            kept_friend: row.get(10)?,
        })
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn cards_are_found_by_key() {
        crate::table::plan::check_found_by_key(super::CARDS);
    }
}
