//! Candidates for feeds: who wrote what when, from indexes alone, newest first. Filtering by the rule comes after.
//!
//! The home feed is merged from many short ordered ranges (one for each friend) rather than read from one long one, so that its
//! cost follows the number of friends and not the number of posts.

use super::batch::hex_list;
use super::post::{COLUMNS, PostRow, read};
use crate::sql::{at, home, id, unsigned};
use crate::{DbResult, ReadTx};
use hearth_api::{HomeId, PersonId, PostId, Timestamp, feed::DeliverySummary};
use rusqlite::Row;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The place of a post in a feed; feeds run from later places to earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// When it was posted.
    pub at: Timestamp,
    /// Its id, between posts of the same millisecond.
    pub post: PostId,
}

impl Place {
    /// Before the newest post.
    pub const TOP: Self = Self {
        at: Timestamp(i64::MAX),
        post: PostId(Uuid::max()),
    };
}

fn place(row: &Row<'_>) -> DbResult<(Place, PersonId)> {
    Ok((
        Place {
            at: at(row, 0)?,
            post: id(row, 1)?,
        },
        id(row, 2)?,
    ))
}

pub(crate) const HEADS: &str =
    "SELECT p.created_at, p.id, p.author FROM friendship f JOIN post p ON p.rowid = (
         SELECT q.rowid FROM post q WHERE q.author = f.other AND q.audience IN ('friends', 'public')
             AND (q.created_at, q.id) < (?2, ?3)
         ORDER BY q.created_at DESC, q.id DESC LIMIT 1)
     WHERE f.person = ?1";
pub(crate) const SHARED: &str =
    "SELECT created_at, id, author FROM post WHERE author = ?1 AND audience IN ('friends', 'public')
         AND (created_at, id) < (?2, ?3) ORDER BY created_at DESC, id DESC LIMIT ?4";
pub(crate) const BY_AUTHOR: &str = "SELECT created_at, id, author FROM post WHERE author = ?1
         AND (created_at, id) < (?2, ?3) ORDER BY created_at DESC, id DESC LIMIT ?4";
pub(crate) const LOCAL: &str = "SELECT created_at, id, author FROM post WHERE audience = 'local'
         AND (created_at, id) < (?1, ?2) ORDER BY created_at DESC, id DESC LIMIT ?3";
pub(crate) const PUBLIC: &str = "SELECT created_at, id, author FROM post WHERE audience = 'public'
         AND (created_at, id) < (?1, ?2) ORDER BY created_at DESC, id DESC LIMIT ?3";

/// The newest post for friends or everybody of each friend of `person` before a place.
///
/// # Errors
/// A database error.
pub fn heads(tx: &ReadTx<'_>, person: PersonId, before: Place) -> DbResult<Vec<(Place, PersonId)>> {
    tx.all(
        HEADS,
        (person.as_bytes(), before.at.0, before.post.as_bytes()),
        place,
    )
}

/// An author's posts for friends or everybody before a place, newest first.
///
/// # Errors
/// A database error.
pub fn shared(
    tx: &ReadTx<'_>,
    author: PersonId,
    before: Place,
    limit: u32,
) -> DbResult<Vec<(Place, PersonId)>> {
    tx.all(
        SHARED,
        (author.as_bytes(), before.at.0, before.post.as_bytes(), limit),
        place,
    )
}

/// All posts of an author before a place, newest first.
///
/// # Errors
/// A database error.
pub fn by_author(
    tx: &ReadTx<'_>,
    author: PersonId,
    before: Place,
    limit: u32,
) -> DbResult<Vec<(Place, PersonId)>> {
    tx.all(
        BY_AUTHOR,
        (author.as_bytes(), before.at.0, before.post.as_bytes(), limit),
        place,
    )
}

/// All posts for this home's people before a place, newest first.
///
/// # Errors
/// A database error.
pub fn local(tx: &ReadTx<'_>, before: Place, limit: u32) -> DbResult<Vec<(Place, PersonId)>> {
    tx.all(LOCAL, (before.at.0, before.post.as_bytes(), limit), place)
}

/// All posts for everybody before a place, newest first.
///
/// # Errors
/// A database error.
pub fn public(tx: &ReadTx<'_>, before: Place, limit: u32) -> DbResult<Vec<(Place, PersonId)>> {
    tx.all(PUBLIC, (before.at.0, before.post.as_bytes(), limit), place)
}

fn posts_sql() -> String {
    format!("SELECT {COLUMNS} FROM post WHERE id IN (SELECT unhex(value) FROM json_each(?1))")
}

/// The posts with these ids, in no particular order.
///
/// # Errors
/// A database error.
pub fn posts(tx: &ReadTx<'_>, ids: &[Uuid]) -> DbResult<Vec<PostRow>> {
    tx.all(&posts_sql(), [hex_list(ids)], read)
}

const DELIVERIES: &str = "SELECT d.item, count(*), count(*) FILTER (WHERE d.state = 'delivered'),
         count(*) FILTER (WHERE d.state = 'refused')
     FROM json_each(?1) j CROSS JOIN delivery d ON d.item = unhex(j.value) GROUP BY d.item";

const TAKEN_BACK: &str = "SELECT t.item, count(DISTINCT t.home) FROM json_each(?1) j
     CROSS JOIN taking_back t ON t.item = unhex(j.value) JOIN peer_log l ON l.activity = t.activity AND l.home = t.home
     WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.item = t.item AND d.home = t.home) GROUP BY t.item";

/// How far each of these items has travelled, where it has to at all, or is being taken back.
///
/// # Errors
/// A database error.
pub fn deliveries(tx: &ReadTx<'_>, items: &[Uuid]) -> DbResult<Vec<(Uuid, DeliverySummary)>> {
    let mut travelled: BTreeMap<Uuid, DeliverySummary> = BTreeMap::new();
    let given = tx.all(DELIVERIES, [hex_list(items)], |row| {
        Ok((
            id(row, 0)?,
            DeliverySummary {
                homes: unsigned(row, 1, "count")?,
                delivered: unsigned(row, 2, "count")?,
                refused: unsigned(row, 3, "count")?,
                taking_back: 0,
            },
        ))
    })?;
    travelled.extend(given);
    let taken_back = tx.all(TAKEN_BACK, [hex_list(items)], |row| {
        Ok((id(row, 0)?, unsigned(row, 1, "count")?))
    })?;
    for (item, homes) in taken_back {
        travelled.entry(item).or_default().taking_back = homes;
    }
    Ok(travelled.into_iter().collect())
}

/// The homes of the people named, for each who is known.
///
/// # Errors
/// A database error.
pub fn homes_of(tx: &ReadTx<'_>, people: &[Uuid]) -> DbResult<Vec<(PersonId, HomeId)>> {
    tx.all(
        "SELECT p.id, p.home FROM json_each(?1) j CROSS JOIN person p ON p.id = unhex(j.value)",
        [hex_list(people)],
        |row| Ok((id(row, 0)?, home(row, 1)?)),
    )
}

#[cfg(test)]
mod tests {
    use super::{BY_AUTHOR, DELIVERIES, HEADS, LOCAL, PUBLIC, SHARED, TAKEN_BACK, posts_sql};
    use crate::table::plan::{check_found_by_key, check_indexed};

    #[test]
    fn feeds_come_from_indexes_alone_and_need_no_sorting() {
        for sql in [HEADS, SHARED, BY_AUTHOR, LOCAL, PUBLIC] {
            check_indexed(sql);
        }
    }

    #[test]
    fn what_a_page_shows_is_found_by_key() {
        check_found_by_key(&posts_sql());
        check_found_by_key(DELIVERIES);
        check_found_by_key(TAKEN_BACK);
    }
}
