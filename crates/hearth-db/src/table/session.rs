//! Sign-ins.

use crate::sql::{at, id, opt_id};
use crate::table::account::{role_of, state_of};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::account::{AccountState, Role};
use hearth_api::{DeviceId, PersonId, SessionId, Timestamp};
use rusqlite::Row;

/// A session; its token is not read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
    /// What the device called itself.
    pub device: String,
    /// Where it was last used from.
    pub address: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Timestamp,
    /// The device on the network that it belongs to; none for one at the home's own computer or behind a proxy.
    pub paired: Option<DeviceId>,
}

/// What is to be known of a session on every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSession {
    /// The session.
    pub session: SessionRow,
    /// The account's role now.
    pub role: Role,
    /// The account's state now.
    pub state: AccountState,
}

fn read(row: &Row<'_>) -> DbResult<SessionRow> {
    Ok(SessionRow {
        id: id(row, 0)?,
        person: id(row, 1)?,
        device: row.get(2)?,
        address: row.get(3)?,
        started_at: at(row, 4)?,
        last_used_at: at(row, 5)?,
        paired: opt_id(row, 6)?,
    })
}

const BY_TOKEN: &str =
    "SELECT s.id, s.person, s.device, s.address, s.started_at, s.last_used_at, s.paired, a.role, a.state
     FROM session s JOIN account a ON a.person = s.person WHERE s.token = ?1";

/// The session with a token's hash, with its account's role and state.
///
/// # Errors
/// A database error.
pub fn by_token(tx: &ReadTx<'_>, token: &[u8; 32]) -> DbResult<Option<LiveSession>> {
    tx.first(BY_TOKEN, [token], |row| {
        Ok(LiveSession {
            session: read(row)?,
            role: role_of(&row.get::<_, String>(7)?)?,
            state: state_of(&row.get::<_, String>(8)?)?,
        })
    })
}

/// A person's sessions, last used first.
///
/// # Errors
/// A database error.
pub fn of_person(tx: &ReadTx<'_>, person: PersonId) -> DbResult<Vec<SessionRow>> {
    tx.all(
        "SELECT id, person, device, address, started_at, last_used_at, paired FROM session
         WHERE person = ?1 ORDER BY last_used_at DESC, id DESC",
        [person.as_bytes()],
        read,
    )
}

/// Adds a session.
///
/// # Errors
/// A database error.
pub fn insert(tx: &mut WriteTx<'_>, row: &SessionRow, token: &[u8; 32]) -> DbResult<()> {
    tx.run(
        "INSERT INTO session (id, token, person, device, address, started_at, last_used_at, paired)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            row.id.as_bytes(),
            token,
            row.person.as_bytes(),
            &row.device,
            &row.address,
            row.started_at.0,
            row.last_used_at.0,
            row.paired.map(|id| *id.as_bytes()),
        ),
    )?;
    Ok(())
}

/// Notes that a session was used, from where.
///
/// # Errors
/// A database error.
pub fn touch(tx: &mut WriteTx<'_>, session: SessionId, address: &str, now: Timestamp) -> DbResult<()> {
    tx.run(
        "UPDATE session SET address = ?2, last_used_at = ?3 WHERE id = ?1",
        (session.as_bytes(), address, now.0),
    )?;
    Ok(())
}

/// Who is signed in on a device.
///
/// # Errors
/// A database error.
pub fn people_on(tx: &ReadTx<'_>, device: DeviceId) -> DbResult<Vec<PersonId>> {
    tx.all(
        "SELECT DISTINCT person FROM session WHERE paired = ?1",
        [device.as_bytes()],
        |row| id(row, 0),
    )
}

/// Ends one session of a person; false when they have no such session.
///
/// # Errors
/// A database error.
pub fn end(tx: &mut WriteTx<'_>, person: PersonId, session: SessionId) -> DbResult<bool> {
    let rows = tx.run(
        "DELETE FROM session WHERE id = ?1 AND person = ?2",
        (session.as_bytes(), person.as_bytes()),
    )?;
    Ok(rows == 1)
}

/// Ends all sessions of a person but one, or all; how many that were.
///
/// # Errors
/// A database error.
pub fn end_all(tx: &mut WriteTx<'_>, person: PersonId, but: Option<SessionId>) -> DbResult<usize> {
    tx.run(
        "DELETE FROM session WHERE person = ?1 AND (?2 IS NULL OR id <> ?2)",
        (person.as_bytes(), but.map(|id| *id.as_bytes())),
    )
}

/// Ends the sessions of everybody; how many that were.
///
/// # Errors
/// A database error.
pub fn end_everybodys(tx: &mut WriteTx<'_>) -> DbResult<usize> {
    tx.run("DELETE FROM session", [])
}

/// Forgets sessions that nobody used since `idle`, or that began before `begun`.
///
/// # Errors
/// A database error.
pub fn sweep(tx: &mut WriteTx<'_>, idle: Timestamp, begun: Timestamp) -> DbResult<usize> {
    tx.run(
        "DELETE FROM session WHERE last_used_at <= ?1 OR started_at <= ?2",
        (idle.0, begun.0),
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_request_finds_its_session_by_index() {
        crate::table::plan::check_indexed(super::BY_TOKEN);
    }
}
