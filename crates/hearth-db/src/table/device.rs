//! Devices that reach the home over the network, and the codes that connect them.

use crate::sql::{at, id};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{DeviceId, PersonId, Timestamp};
use rusqlite::Row;

/// A device; its token is not read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its id.
    pub id: DeviceId,
    /// Who connected it.
    pub person: PersonId,
    /// What it is called.
    pub name: String,
    /// Since when.
    pub made_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Timestamp,
}

fn read(row: &Row<'_>) -> DbResult<DeviceRow> {
    Ok(DeviceRow {
        id: id(row, 0)?,
        person: id(row, 1)?,
        name: row.get(2)?,
        made_at: at(row, 3)?,
        last_used_at: at(row, 4)?,
    })
}

const BY_TOKEN: &str = "SELECT id, person, name, made_at, last_used_at FROM device WHERE token = ?1";

/// The device with a token's hash.
///
/// # Errors
/// A database error.
pub fn by_token(tx: &ReadTx<'_>, token: &[u8; 32]) -> DbResult<Option<DeviceRow>> {
    tx.first(BY_TOKEN, [token], read)
}

/// A device.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, device: DeviceId) -> DbResult<Option<DeviceRow>> {
    tx.first(
        "SELECT id, person, name, made_at, last_used_at FROM device WHERE id = ?1",
        [device.as_bytes()],
        read,
    )
}

/// The devices that a person connected, or all, last used first.
///
/// # Errors
/// A database error.
pub fn list(tx: &ReadTx<'_>, person: Option<PersonId>) -> DbResult<Vec<DeviceRow>> {
    tx.all(
        "SELECT id, person, name, made_at, last_used_at FROM device
         WHERE ?1 IS NULL OR person = ?1 ORDER BY last_used_at DESC, id DESC",
        [person.map(|id| *id.as_bytes())],
        read,
    )
}

/// Adds a device.
///
/// # Errors
/// A database error.
pub fn insert(tx: &mut WriteTx<'_>, row: &DeviceRow, token: &[u8; 32]) -> DbResult<()> {
    tx.run(
        "INSERT INTO device (id, token, person, name, made_at, last_used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (
            row.id.as_bytes(),
            token,
            row.person.as_bytes(),
            &row.name,
            row.made_at.0,
            row.last_used_at.0,
        ),
    )?;
    Ok(())
}

/// Notes that a device was used.
///
/// # Errors
/// A database error.
pub fn touch(tx: &mut WriteTx<'_>, device: DeviceId, now: Timestamp) -> DbResult<()> {
    tx.run(
        "UPDATE device SET last_used_at = ?2 WHERE id = ?1",
        (device.as_bytes(), now.0),
    )?;
    Ok(())
}

/// Takes a device out, and the sessions on it along; false when there is none.
///
/// # Errors
/// A database error.
pub fn remove(tx: &mut WriteTx<'_>, device: DeviceId) -> DbResult<bool> {
    Ok(tx.run("DELETE FROM device WHERE id = ?1", [device.as_bytes()])? == 1)
}

/// Takes out the devices and the code of a person, or everybody's.
///
/// # Errors
/// A database error.
pub fn remove_all(tx: &mut WriteTx<'_>, person: Option<PersonId>) -> DbResult<()> {
    let person = person.map(|id| *id.as_bytes());
    tx.run(
        "DELETE FROM device_code WHERE ?1 IS NULL OR person = ?1",
        [person],
    )?;
    tx.run("DELETE FROM device WHERE ?1 IS NULL OR person = ?1", [person])?;
    Ok(())
}

/// Keeps the hash of a person's code, instead of the one before.
///
/// # Errors
/// A database error.
pub fn put_code(tx: &mut WriteTx<'_>, person: PersonId, code: &[u8; 32], until: Timestamp) -> DbResult<()> {
    tx.run(
        "INSERT INTO device_code (person, code, until) VALUES (?1, ?2, ?3)
         ON CONFLICT (person) DO UPDATE SET code = ?2, until = ?3",
        (person.as_bytes(), code, until.0),
    )?;
    Ok(())
}

/// Whose code this is and until when it is good, if there is such a code.
///
/// # Errors
/// A database error.
pub fn code(tx: &ReadTx<'_>, code: &[u8; 32]) -> DbResult<Option<(PersonId, Timestamp)>> {
    tx.first(
        "SELECT person, until FROM device_code WHERE code = ?1",
        [code],
        |row| Ok((id(row, 0)?, at(row, 1)?)),
    )
}

/// Uses up a person's code.
///
/// # Errors
/// A database error.
pub fn end_code(tx: &mut WriteTx<'_>, person: PersonId) -> DbResult<()> {
    tx.run("DELETE FROM device_code WHERE person = ?1", [person.as_bytes()])?;
    Ok(())
}

/// Forgets codes that are past their time.
///
/// # Errors
/// A database error.
pub fn sweep(tx: &mut WriteTx<'_>, now: Timestamp) -> DbResult<()> {
    tx.run("DELETE FROM device_code WHERE until <= ?1", [now.0])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_request_finds_its_device_by_index() {
        crate::table::plan::check_indexed(super::BY_TOKEN);
    }
}
