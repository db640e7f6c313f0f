//! Homes: this one, paired ones, and those heard of.

use crate::sql::{home, parsed};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, people::HomeRef};
use rusqlite::Row;

/// The state of a home, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HomeRowState {
    /// This home.
    Own,
    /// Known only because somebody known here lives there.
    Heard,
    /// Pairing under way.
    Pending,
    /// Paired.
    Connected,
    /// Paired and blocked here.
    Blocked,
    /// Was paired.
    Removed,
}

impl HomeRowState {
    /// The stored text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Heard => "heard",
            Self::Pending => "pending",
            Self::Connected => "connected",
            Self::Blocked => "blocked",
            Self::Removed => "removed",
        }
    }
}
impl std::str::FromStr for HomeRowState {
    type Err = DbError;
    fn from_str(text: &str) -> DbResult<Self> {
        [
            Self::Own,
            Self::Heard,
            Self::Pending,
            Self::Connected,
            Self::Blocked,
            Self::Removed,
        ]
        .into_iter()
        .find(|s| s.as_str() == text)
        .ok_or(DbError::Malformed("home state"))
    }
}

/// A home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeRow {
    /// Its id.
    pub id: HomeId,
    /// Its own name.
    pub name: String,
    /// The nickname given here.
    pub nickname: String,
    /// Its state.
    pub state: HomeRowState,
}

impl HomeRow {
    /// As shown beside a person: the nickname, if one was given.
    #[must_use]
    pub fn to_ref(&self) -> HomeRef {
        let name = if self.nickname.is_empty() {
            &self.name
        } else {
            &self.nickname
        };
        HomeRef {
            id: self.id.clone(),
            name: name.clone(),
            own: self.state == HomeRowState::Own,
        }
    }
}

fn read(row: &Row<'_>) -> DbResult<HomeRow> {
    Ok(HomeRow {
        id: home(row, 0)?,
        name: row.get(1)?,
        nickname: row.get(2)?,
        state: parsed(row, 3, "home state")?,
    })
}

/// A home by its id.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, id: &HomeId) -> DbResult<Option<HomeRow>> {
    tx.first(
        "SELECT id, name, nickname, state FROM home WHERE id = ?1",
        [id.as_str()],
        read,
    )
}

/// This home, once it exists.
///
/// # Errors
/// A database error.
pub fn own(tx: &ReadTx<'_>) -> DbResult<Option<HomeRow>> {
    tx.first(
        "SELECT id, name, nickname, state FROM home WHERE state = 'own'",
        [],
        read,
    )
}

/// All homes in one of the given states, by name.
///
/// # Errors
/// A database error.
pub fn list(tx: &ReadTx<'_>, states: &[HomeRowState]) -> DbResult<Vec<HomeRow>> {
    let rows = tx.all(
        "SELECT id, name, nickname, state FROM home ORDER BY name, id",
        [],
        read,
    )?;
    Ok(rows
        .into_iter()
        .filter(|row| states.contains(&row.state))
        .collect())
}

/// Stores a home, replacing name, nickname and state of one with the same id.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &HomeRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO home (id, name, nickname, state) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET name = ?2, nickname = ?3, state = ?4",
        (row.id.as_str(), &row.name, &row.nickname, row.state.as_str()),
    )?;
    Ok(())
}

/// Remembers that a home exists; changes nothing if it is known.
///
/// # Errors
/// A database error.
pub fn hear_of(tx: &mut WriteTx<'_>, id: &HomeId, name: &str) -> DbResult<()> {
    tx.run(
        "INSERT INTO home (id, name) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING",
        (id.as_str(), name),
    )?;
    Ok(())
}

/// Sets the state of a home.
///
/// # Errors
/// A database error.
pub fn set_state(tx: &mut WriteTx<'_>, id: &HomeId, state: HomeRowState) -> DbResult<()> {
    tx.run(
        "UPDATE home SET state = ?2 WHERE id = ?1",
        (id.as_str(), state.as_str()),
    )?;
    Ok(())
}
