//! How accounts prove themselves: password hash, second factor, recovery codes.

use crate::sql::opt_at;
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{PersonId, Timestamp};

/// What an account proves itself with. Hashes only; the TOTP secret is sealed elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct CredentialRow {
    /// Argon2id hash as a PHC string.
    pub password: String,
    /// Whether a code is asked at sign-in.
    pub totp: bool,
    /// The time step of the last code used.
    pub totp_step: i64,
    /// When an unfinished set-up began.
    pub totp_begun_at: Option<Timestamp>,
}

impl std::fmt::Debug for CredentialRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CredentialRow")
            .field("totp", &self.totp)
            .finish_non_exhaustive()
    }
}

/// An account's credential.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, person: PersonId) -> DbResult<Option<CredentialRow>> {
    tx.first(
        "SELECT password, totp, totp_step, totp_begun_at FROM credential WHERE person = ?1",
        [person.as_bytes()],
        |row| {
            Ok(CredentialRow {
                password: row.get(0)?,
                totp: row.get(1)?,
                totp_step: row.get(2)?,
                totp_begun_at: opt_at(row, 3)?,
            })
        },
    )
}

/// Sets the password hash, of a new account too.
///
/// # Errors
/// A database error.
pub fn set_password(tx: &mut WriteTx<'_>, person: PersonId, password: &str) -> DbResult<()> {
    tx.run(
        "INSERT INTO credential (person, password) VALUES (?1, ?2) ON CONFLICT (person) DO UPDATE SET password = ?2",
        (person.as_bytes(), password),
    )?;
    Ok(())
}

/// Notes when an unfinished set-up of the second factor began, or that there is none.
///
/// # Errors
/// A database error.
pub fn set_totp_begun(tx: &mut WriteTx<'_>, person: PersonId, at: Option<Timestamp>) -> DbResult<()> {
    tx.run(
        "UPDATE credential SET totp_begun_at = ?2 WHERE person = ?1",
        (person.as_bytes(), at.map(|t| t.0)),
    )?;
    Ok(())
}

/// Switches the second factor on or off. `step` is that of the code just used.
///
/// # Errors
/// A database error.
pub fn set_totp(tx: &mut WriteTx<'_>, person: PersonId, on: bool, step: i64) -> DbResult<()> {
    tx.run(
        "UPDATE credential SET totp = ?2, totp_step = ?3, totp_begun_at = NULL WHERE person = ?1",
        (person.as_bytes(), on, step),
    )?;
    Ok(())
}

/// Takes a time step, once: false when it or a later one was taken before.
///
/// # Errors
/// A database error.
pub fn take_totp_step(tx: &mut WriteTx<'_>, person: PersonId, step: i64) -> DbResult<bool> {
    let rows = tx.run(
        "UPDATE credential SET totp_step = ?2 WHERE person = ?1 AND totp_step < ?2",
        (person.as_bytes(), step),
    )?;
    Ok(rows == 1)
}

/// Replaces the recovery codes by these hashes.
///
/// # Errors
/// A database error.
pub fn set_recovery_codes(tx: &mut WriteTx<'_>, person: PersonId, hashes: &[[u8; 32]]) -> DbResult<()> {
    tx.run("DELETE FROM recovery_code WHERE person = ?1", [person.as_bytes()])?;
    for hash in hashes {
        tx.run(
            "INSERT INTO recovery_code (person, hash) VALUES (?1, ?2)",
            (person.as_bytes(), hash),
        )?;
    }
    Ok(())
}

/// Uses a recovery code up; false when there is none with that hash.
///
/// # Errors
/// A database error.
pub fn take_recovery_code(tx: &mut WriteTx<'_>, person: PersonId, hash: &[u8; 32]) -> DbResult<bool> {
    let rows = tx.run(
        "DELETE FROM recovery_code WHERE person = ?1 AND hash = ?2",
        (person.as_bytes(), hash),
    )?;
    Ok(rows == 1)
}
