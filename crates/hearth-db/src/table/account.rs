//! Accounts: the people who live here.

use crate::sql::{at, id, json, opt_at, parsed, to_json};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::account::{AccountSettings, AccountState, Role};
use hearth_api::{Date, PersonId, ProviderId, Timestamp};
use rusqlite::Row;

/// An account.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountRow {
    /// Whose.
    pub person: PersonId,
    /// Sign-in name as typed; empty once erased.
    pub username: String,
    /// Role.
    pub role: Role,
    /// State; never [`AccountState::Invited`].
    pub state: AccountState,
    /// Birth date.
    pub birth_date: Date,
    /// Window settings.
    pub settings: AccountSettings,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// While deleting: when that becomes final.
    pub deletes_at: Option<Timestamp>,
}

/// The stored text of a role.
#[must_use]
pub fn role_text(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Admin => "admin",
        Role::Member => "member",
    }
}

/// The role of a stored text.
///
/// # Errors
/// [`DbError::Malformed`].
pub fn role_of(text: &str) -> DbResult<Role> {
    [Role::Owner, Role::Admin, Role::Member]
        .into_iter()
        .find(|role| role_text(*role) == text)
        .ok_or(DbError::Malformed("role"))
}

fn state_text(state: AccountState) -> &'static str {
    match state {
        AccountState::Invited => "invited",
        AccountState::Active => "active",
        AccountState::Suspended => "suspended",
        AccountState::Deleting => "deleting",
        AccountState::Deleted => "deleted",
    }
}

pub(crate) fn state_of(text: &str) -> DbResult<AccountState> {
    [
        AccountState::Active,
        AccountState::Suspended,
        AccountState::Deleting,
        AccountState::Deleted,
    ]
    .into_iter()
    .find(|state| state_text(*state) == text)
    .ok_or(DbError::Malformed("account state"))
}

const COLUMNS: &str =
    "person, username, role, state, birth_date, settings, created_at, last_used_at, deletes_at";

fn read(row: &Row<'_>) -> DbResult<AccountRow> {
    Ok(AccountRow {
        person: id(row, 0)?,
        username: row.get(1)?,
        role: role_of(&row.get::<_, String>(2)?)?,
        state: state_of(&row.get::<_, String>(3)?)?,
        birth_date: parsed(row, 4, "birth date")?,
        settings: json(row, 5, "account settings")?,
        created_at: at(row, 6)?,
        last_used_at: opt_at(row, 7)?,
        deletes_at: opt_at(row, 8)?,
    })
}

/// Whether there is any account: whether this home is set up.
///
/// # Errors
/// A database error.
pub fn any(tx: &ReadTx<'_>) -> DbResult<bool> {
    tx.exists("SELECT 1 FROM account", [])
}

/// A person's account.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, person: PersonId) -> DbResult<Option<AccountRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM account WHERE person = ?1"),
        [person.as_bytes()],
        read,
    )
}

/// The account with a folded sign-in name.
///
/// # Errors
/// A database error.
pub fn by_username(tx: &ReadTx<'_>, key: &str) -> DbResult<Option<AccountRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM account WHERE username_key = ?1"),
        [key],
        read,
    )
}

/// Every account that is not erased, oldest first.
///
/// # Errors
/// A database error.
pub fn list(tx: &ReadTx<'_>) -> DbResult<Vec<AccountRow>> {
    tx.all(
        &format!("SELECT {COLUMNS} FROM account WHERE state <> 'deleted' ORDER BY created_at, person"),
        [],
        read,
    )
}

/// Accounts whose deletion is final at `now`.
///
/// # Errors
/// A database error.
pub fn due(tx: &ReadTx<'_>, now: Timestamp) -> DbResult<Vec<PersonId>> {
    tx.all(
        "SELECT person FROM account WHERE state = 'deleting' AND deletes_at <= ?1 ORDER BY deletes_at",
        [now.0],
        |row| id(row, 0),
    )
}

/// Adds an account.
///
/// # Errors
/// [`DbError::is_unique_violation`] when the name is taken or there is an owner already; another database error.
pub fn insert(tx: &mut WriteTx<'_>, row: &AccountRow, username_key: &str) -> DbResult<()> {
    tx.run(
        "INSERT INTO account (person, username, username_key, role, state, birth_date, settings, created_at, last_used_at, deletes_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        (
            row.person.as_bytes(),
            &row.username,
            username_key,
            role_text(row.role),
            state_text(row.state),
            row.birth_date.to_string(),
            to_json(&row.settings, "account settings")?,
            row.created_at.0,
            row.last_used_at.map(|t| t.0),
            row.deletes_at.map(|t| t.0),
        ),
    )?;
    Ok(())
}

/// Sets the sign-in name.
///
/// # Errors
/// [`DbError::is_unique_violation`] when it is taken; another database error.
pub fn set_username(tx: &mut WriteTx<'_>, person: PersonId, username: &str, key: &str) -> DbResult<()> {
    tx.run(
        "UPDATE account SET username = ?2, username_key = ?3 WHERE person = ?1",
        (person.as_bytes(), username, key),
    )?;
    Ok(())
}

/// Sets the window settings.
///
/// # Errors
/// A database error.
pub fn set_settings(tx: &mut WriteTx<'_>, person: PersonId, settings: &AccountSettings) -> DbResult<()> {
    tx.run(
        "UPDATE account SET settings = ?2 WHERE person = ?1",
        (person.as_bytes(), to_json(settings, "account settings")?),
    )?;
    Ok(())
}

/// Sets the role.
///
/// # Errors
/// A database error; a second owner is refused.
pub fn set_role(tx: &mut WriteTx<'_>, person: PersonId, role: Role) -> DbResult<()> {
    tx.run(
        "UPDATE account SET role = ?2 WHERE person = ?1",
        (person.as_bytes(), role_text(role)),
    )?;
    Ok(())
}

/// Sets the state and, while deleting, when that becomes final.
///
/// # Errors
/// A database error.
pub fn set_state(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    state: AccountState,
    deletes_at: Option<Timestamp>,
) -> DbResult<()> {
    tx.run(
        "UPDATE account SET state = ?2, deletes_at = ?3 WHERE person = ?1",
        (person.as_bytes(), state_text(state), deletes_at.map(|t| t.0)),
    )?;
    Ok(())
}

/// Sets the birth date.
///
/// # Errors
/// A database error.
pub fn set_birth_date(tx: &mut WriteTx<'_>, person: PersonId, date: Date) -> DbResult<()> {
    tx.run(
        "UPDATE account SET birth_date = ?2 WHERE person = ?1",
        (person.as_bytes(), date.to_string()),
    )?;
    Ok(())
}

/// Notes that the account was used.
///
/// # Errors
/// A database error.
pub fn touch(tx: &mut WriteTx<'_>, person: PersonId, now: Timestamp) -> DbResult<()> {
    tx.run(
        "UPDATE account SET last_used_at = ?2 WHERE person = ?1",
        (person.as_bytes(), now.0),
    )?;
    Ok(())
}

/// Statements that erase what belongs to an account alone: how it signed in, what it was told, its conversations with the assistant.
const ERASE: &[&str] = &[
    "DELETE FROM session WHERE person = ?1",
    "DELETE FROM recovery_code WHERE person = ?1",
    "DELETE FROM password_code WHERE person = ?1",
    "DELETE FROM credential WHERE person = ?1",
    "DELETE FROM account_invite WHERE created_by = ?1",
    "DELETE FROM notification WHERE account = ?1",
    "DELETE FROM notification_setting WHERE account = ?1",
    "DELETE FROM event WHERE account = ?1",
    "DELETE FROM operation WHERE account = ?1",
    "DELETE FROM upload WHERE account = ?1",
    "DELETE FROM chat_draft WHERE account = ?1",
    "DELETE FROM parameters WHERE account = ?1",
    "DELETE FROM chat WHERE account = ?1",
    "DELETE FROM default_model WHERE account = ?1",
    "DELETE FROM consent WHERE account = ?1",
    "DELETE FROM provider WHERE account = ?1",
    "DELETE FROM profile_told WHERE person = ?1",
    "UPDATE account SET username = '', username_key = NULL, role = 'member', state = 'deleted', birth_date = '0001-01-01',
         settings = '{}', last_used_at = NULL, deletes_at = NULL WHERE person = ?1",
];

/// Erases everything that belongs to an account alone; the row stays, so that the id is never given again. What it posted,
/// uploaded and was friends with is erased with its person. Answers the model providers it had, whose keys are in `secret`.
///
/// # Errors
/// A database error.
pub fn erase(tx: &mut WriteTx<'_>, person: PersonId) -> DbResult<Vec<ProviderId>> {
    let providers = tx.all(
        "SELECT id FROM provider WHERE account = ?1",
        [person.as_bytes()],
        |row| id(row, 0),
    )?;
    for statement in ERASE {
        tx.run(statement, [person.as_bytes()])?;
    }
    Ok(providers)
}

/// The owner of this home, once there is one.
///
/// # Errors
/// A database error.
pub fn owner(tx: &ReadTx<'_>) -> DbResult<Option<PersonId>> {
    tx.first("SELECT person FROM account WHERE role = 'owner'", [], |row| {
        id(row, 0)
    })
}
