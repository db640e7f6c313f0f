//! Friends and what people said about one another.

use crate::sql::{at, home, id, opt_at, parsed};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, PersonId, Timestamp};
use rusqlite::Row;

/// The latest word of one person about another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Word {
    /// Asks for friendship.
    Request,
    /// Says yes.
    Accept,
    /// Takes the request back.
    Cancel,
    /// Says no.
    Decline,
    /// Ends the friendship.
    Remove,
}

impl Word {
    const ALL: [Self; 5] = [
        Self::Request,
        Self::Accept,
        Self::Cancel,
        Self::Decline,
        Self::Remove,
    ];

    /// The stored text, and the last part of the activity's kind.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Accept => "accept",
            Self::Cancel => "cancel",
            Self::Decline => "decline",
            Self::Remove => "remove",
        }
    }
    /// Whether whoever said it wants to be friends.
    #[must_use]
    pub fn wants(self) -> bool {
        matches!(self, Self::Request | Self::Accept)
    }
}
impl std::str::FromStr for Word {
    type Err = DbError;
    fn from_str(text: &str) -> DbResult<Self> {
        Self::ALL
            .into_iter()
            .find(|w| w.as_str() == text)
            .ok_or(DbError::Malformed("friend word"))
    }
}

/// What a person last said about another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordRow {
    /// Who said it.
    pub person: PersonId,
    /// About whom.
    pub other: PersonId,
    /// What.
    pub word: Word,
    /// The note of a request.
    pub note: String,
    /// When.
    pub at: Timestamp,
    /// By the hybrid logical clock.
    pub hlc: String,
    /// The clock of their last `remove`; empty for none.
    pub removed: String,
    /// When they last declined.
    pub declined: Option<Timestamp>,
}

const WORD: &str = "person, other, word, note, at, hlc, removed, declined";

fn read_word(row: &Row<'_>) -> DbResult<WordRow> {
    Ok(WordRow {
        person: id(row, 0)?,
        other: id(row, 1)?,
        word: parsed(row, 2, "friend word")?,
        note: row.get(3)?,
        at: at(row, 4)?,
        hlc: row.get(5)?,
        removed: row.get(6)?,
        declined: opt_at(row, 7)?,
    })
}

/// What `person` last said about `other`.
///
/// # Errors
/// A database error.
pub fn word(tx: &ReadTx<'_>, person: PersonId, other: PersonId) -> DbResult<Option<WordRow>> {
    tx.first(
        &format!("SELECT {WORD} FROM friend_word WHERE person = ?1 AND other = ?2"),
        (person.as_bytes(), other.as_bytes()),
        read_word,
    )
}

/// Stores what a person says, instead of what they said before.
///
/// # Errors
/// A database error.
pub fn put_word(tx: &mut WriteTx<'_>, row: &WordRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO friend_word (person, other, word, note, at, hlc, removed, declined)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (person, other) DO UPDATE SET
             word = ?3, note = ?4, at = ?5, hlc = ?6, removed = ?7, declined = ?8",
        (
            row.person.as_bytes(),
            row.other.as_bytes(),
            row.word.as_str(),
            &row.note,
            row.at.0,
            &row.hlc,
            &row.removed,
            row.declined.map(|t| t.0),
        ),
    )?;
    Ok(())
}

/// Requests that stand, to or from a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the person.
    Incoming,
    /// From the person.
    Outgoing,
}

/// The wishes for friendship to or from a person that have not made a friendship, newest first.
///
/// # Errors
/// A database error.
pub fn wishes(tx: &ReadTx<'_>, person: PersonId, direction: Direction) -> DbResult<Vec<WordRow>> {
    let sql = match direction {
        Direction::Incoming => {
            format!(
                "SELECT {WORD} FROM friend_word w WHERE other = ?1 AND word IN ('request', 'accept')
                 AND NOT EXISTS (SELECT 1 FROM friendship f WHERE f.person = w.other AND f.other = w.person)
                 ORDER BY at DESC, person LIMIT 1000"
            )
        }
        Direction::Outgoing => {
            format!(
                "SELECT {WORD} FROM friend_word w WHERE person = ?1 AND word IN ('request', 'accept')
                 AND NOT EXISTS (SELECT 1 FROM friendship f WHERE f.person = w.person AND f.other = w.other)
                 ORDER BY at DESC, other LIMIT 1000"
            )
        }
    };
    tx.all(&sql, [person.as_bytes()], read_word)
}

/// Since when two people are friends; `None` when they are not.
///
/// # Errors
/// A database error.
pub fn since(tx: &ReadTx<'_>, person: PersonId, other: PersonId) -> DbResult<Option<Timestamp>> {
    tx.first(
        "SELECT since FROM friendship WHERE person = ?1 AND other = ?2",
        (person.as_bytes(), other.as_bytes()),
        |row| at(row, 0),
    )
}

/// All friends of a person, with since when.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, person: PersonId) -> DbResult<Vec<(PersonId, Timestamp)>> {
    tx.all(
        "SELECT other, since FROM friendship WHERE person = ?1",
        [person.as_bytes()],
        |row| Ok((id(row, 0)?, at(row, 1)?)),
    )
}

/// All friends of a person, with the homes they live on.
///
/// # Errors
/// A database error.
pub fn with_homes(tx: &ReadTx<'_>, person: PersonId) -> DbResult<Vec<(PersonId, HomeId)>> {
    tx.all(
        "SELECT f.other, p.home FROM friendship f JOIN person p ON p.id = f.other WHERE f.person = ?1",
        [person.as_bytes()],
        |row| Ok((id(row, 0)?, home(row, 1)?)),
    )
}

/// How many friendships there are with people of another home.
///
/// # Errors
/// A database error.
pub fn count_with(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<u64> {
    tx.count(
        "SELECT count(*) FROM person p JOIN friendship f ON f.person = p.id WHERE p.home = ?1",
        [home.as_str()],
    )
}

/// Whether either of two people ever said something about the other.
///
/// # Errors
/// A database error.
pub fn has_word(tx: &ReadTx<'_>, a: PersonId, b: PersonId) -> DbResult<bool> {
    tx.exists(
        "SELECT 1 FROM friend_word WHERE person = ?1 AND other = ?2
         UNION ALL SELECT 1 FROM friend_word WHERE person = ?2 AND other = ?1",
        (a.as_bytes(), b.as_bytes()),
    )
}

/// How many words people of a home have said of others who never said anything of them: requests that nobody answered, above all.
/// Counted up to `most`.
///
/// # Errors
/// A database error.
pub fn unanswered(tx: &ReadTx<'_>, home: &HomeId, most: u32) -> DbResult<u64> {
    let found = tx.all(UNANSWERED, (home.as_str(), most), |_row| Ok(()))?;
    Ok(u64::try_from(found.len()).unwrap_or(u64::MAX))
}

const UNANSWERED: &str = "SELECT 1 FROM person p JOIN friend_word w ON w.person = p.id
     WHERE p.home = ?1 AND NOT EXISTS (SELECT 1 FROM friend_word a WHERE a.person = w.other AND a.other = w.person)
     LIMIT ?2";

/// Friends that two people have in common.
///
/// # Errors
/// A database error.
pub fn mutual(tx: &ReadTx<'_>, a: PersonId, b: PersonId) -> DbResult<Vec<PersonId>> {
    tx.all(
        "SELECT x.other FROM friendship x JOIN friendship y ON y.person = ?2 AND y.other = x.other WHERE x.person = ?1",
        (a.as_bytes(), b.as_bytes()),
        |row| id(row, 0),
    )
}

/// Makes two people friends, in both directions; of friends, since when they are.
///
/// # Errors
/// A database error.
pub fn join(tx: &mut WriteTx<'_>, a: PersonId, b: PersonId, now: Timestamp) -> DbResult<()> {
    for (x, y) in [(a, b), (b, a)] {
        tx.run(
            "INSERT INTO friendship (person, other, since) VALUES (?1, ?2, ?3)
             ON CONFLICT (person, other) DO UPDATE SET since = ?3 WHERE since <> ?3",
            (x.as_bytes(), y.as_bytes(), now.0),
        )?;
    }
    Ok(())
}

/// Ends a friendship; false when there was none.
///
/// # Errors
/// A database error.
pub fn part(tx: &mut WriteTx<'_>, a: PersonId, b: PersonId) -> DbResult<bool> {
    let mut rows = 0;
    for (x, y) in [(a, b), (b, a)] {
        rows += tx.run(
            "DELETE FROM friendship WHERE person = ?1 AND other = ?2",
            (x.as_bytes(), y.as_bytes()),
        )?;
    }
    Ok(rows > 0)
}

/// Forgets all that a person and others said of each other, friendships included.
///
/// # Errors
/// A database error.
pub fn forget_person(tx: &mut WriteTx<'_>, person: PersonId) -> DbResult<()> {
    for sql in [
        "DELETE FROM friendship WHERE person = ?1",
        "DELETE FROM friendship WHERE other = ?1",
        "DELETE FROM friend_word WHERE person = ?1",
        "DELETE FROM friend_word WHERE other = ?1",
    ] {
        tx.run(sql, [person.as_bytes()])?;
    }
    Ok(())
}

/// Forgets all that two people said of each other, their friendship included.
///
/// # Errors
/// A database error.
pub fn forget(tx: &mut WriteTx<'_>, a: PersonId, b: PersonId) -> DbResult<()> {
    part(tx, a, b)?;
    for (x, y) in [(a, b), (b, a)] {
        tx.run(
            "DELETE FROM friend_word WHERE person = ?1 AND other = ?2",
            (x.as_bytes(), y.as_bytes()),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::table::plan::check_uses;

    #[test]
    fn what_nobody_answered_is_found_by_the_people_of_a_home() {
        check_uses(super::UNANSWERED, "person_by_home (home=?)");
    }
}
