//! What homes are connected for that are not connected as a whole.

use crate::sql::{at, home, id, parsed};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, PersonId, Timestamp};
use rusqlite::Row;
use uuid::Uuid;

/// What kind of thing a connection can be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A group.
    Group,
    /// A page.
    Page,
    /// An event.
    Event,
    /// A person.
    Person,
}

impl SubjectKind {
    /// The stored text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Page => "page",
            Self::Event => "event",
            Self::Person => "person",
        }
    }
}

impl std::str::FromStr for SubjectKind {
    type Err = DbError;
    fn from_str(text: &str) -> DbResult<Self> {
        [Self::Group, Self::Page, Self::Event, Self::Person]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(DbError::Malformed("kind of a subscription"))
    }
}

/// One thing that a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Its kind.
    pub kind: SubjectKind,
    /// Its id.
    pub target: Uuid,
}

impl Subject {
    /// A person.
    #[must_use]
    pub const fn person(person: PersonId) -> Self {
        Self {
            kind: SubjectKind::Person,
            target: person.0,
        }
    }
}

/// One thing that a home is connected for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionRow {
    /// The other home.
    pub home: HomeId,
    /// What for.
    pub subject: Subject,
    /// Since when.
    pub at: Timestamp,
}

fn read(row: &Row<'_>) -> DbResult<SubscriptionRow> {
    Ok(SubscriptionRow {
        home: home(row, 0)?,
        subject: Subject {
            kind: parsed(row, 1, "kind of a subscription")?,
            target: id(row, 2)?,
        },
        at: at(row, 3)?,
    })
}

/// What one home is connected for; empty when it is connected as a whole, or not at all.
///
/// # Errors
/// A database error.
pub fn of(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Vec<SubscriptionRow>> {
    tx.all(
        "SELECT home, kind, target, at FROM subscription WHERE home = ?1 ORDER BY kind, target",
        [home.as_str()],
        read,
    )
}

/// What all homes are connected for that are not connected as a whole.
///
/// # Errors
/// A database error.
pub fn all(tx: &ReadTx<'_>) -> DbResult<Vec<SubscriptionRow>> {
    tx.all(
        "SELECT home, kind, target, at FROM subscription ORDER BY home, kind, target",
        [],
        read,
    )
}

/// Adds something that a home is connected for; changes nothing when it was already.
///
/// # Errors
/// A database error.
pub fn add(tx: &mut WriteTx<'_>, home: &HomeId, subject: Subject, now: Timestamp) -> DbResult<()> {
    tx.run(
        "INSERT INTO subscription (home, kind, target, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (home, kind, target) DO NOTHING",
        (
            home.as_str(),
            subject.kind.as_str(),
            subject.target.as_bytes(),
            now.0,
        ),
    )?;
    Ok(())
}

/// Takes something away that a home was connected for; false when it was not.
///
/// # Errors
/// A database error.
pub fn remove(tx: &mut WriteTx<'_>, home: &HomeId, subject: Subject) -> DbResult<bool> {
    let rows = tx.run(
        "DELETE FROM subscription WHERE home = ?1 AND kind = ?2 AND target = ?3",
        (home.as_str(), subject.kind.as_str(), subject.target.as_bytes()),
    )?;
    Ok(rows == 1)
}

/// Takes all of it away: the home is connected as a whole, or no longer.
///
/// # Errors
/// A database error.
pub fn clear(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM subscription WHERE home = ?1", [home.as_str()])?;
    Ok(())
}
