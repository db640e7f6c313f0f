//! Model servers, consent to them, default models.

use crate::sql::{at, id, json, opt_at, opt_id, to_json};
use crate::{DbError, DbResult, ReadTx, WriteTx};
use hearth_api::provider::{Consent, Locality, Model, ModelRef, ProviderKind, TimeLimits};
use hearth_api::{PersonId, ProviderId, Timestamp};
use rusqlite::Row;

/// A model server.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderRow {
    /// Its id.
    pub id: ProviderId,
    /// The account it serves; `None` for everybody of this home.
    pub account: Option<PersonId>,
    /// Its name.
    pub name: String,
    /// Its protocol.
    pub kind: ProviderKind,
    /// What it was recognised as.
    pub profile: String,
    /// Base URL.
    pub base_url: String,
    /// Whether a key is sealed for it.
    pub has_key: bool,
    /// Where it was when last resolved.
    pub locality: Locality,
    /// Whether it answered last time.
    pub online: Option<bool>,
    /// The last error, a stable code.
    pub last_error: Option<String>,
    /// When it was last checked.
    pub checked_at: Option<Timestamp>,
    /// Its models as last listed.
    pub models: Vec<Model>,
    /// When it was added.
    pub created_at: Timestamp,
    /// How long to wait for it.
    pub limits: TimeLimits,
}

fn kind_text(kind: ProviderKind) -> &'static str {
    match kind {
        ProviderKind::Ollama => "ollama",
        ProviderKind::OpenAi => "open_ai",
    }
}

fn locality_text(locality: Locality) -> &'static str {
    match locality {
        Locality::Local => "local",
        Locality::Lan => "lan",
        Locality::Remote => "remote",
        Locality::Unknown => "unknown",
    }
}

fn locality_of(text: &str) -> DbResult<Locality> {
    [
        Locality::Local,
        Locality::Lan,
        Locality::Remote,
        Locality::Unknown,
    ]
    .into_iter()
    .find(|l| locality_text(*l) == text)
    .ok_or(DbError::Malformed("locality"))
}

const COLUMNS: &str =
    "id, account, name, kind, profile, base_url, has_key, locality, online, last_error, checked_at,
    models, created_at, limits";

fn read(row: &Row<'_>) -> DbResult<ProviderRow> {
    let kind: String = row.get(3)?;
    let locality: String = row.get(7)?;
    Ok(ProviderRow {
        id: id(row, 0)?,
        account: opt_id(row, 1)?,
        name: row.get(2)?,
        kind: if kind == "ollama" {
            ProviderKind::Ollama
        } else {
            ProviderKind::OpenAi
        },
        profile: row.get(4)?,
        base_url: row.get(5)?,
        has_key: row.get(6)?,
        locality: locality_of(&locality)?,
        online: row.get(8)?,
        last_error: row.get(9)?,
        checked_at: opt_at(row, 10)?,
        models: json(row, 11, "models")?,
        created_at: at(row, 12)?,
        limits: json(row, 13, "limits")?,
    })
}

/// A provider that an account may use.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, account: PersonId, provider: ProviderId) -> DbResult<Option<ProviderRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM provider WHERE id = ?1 AND (account IS NULL OR account = ?2)"),
        (provider.as_bytes(), account.as_bytes()),
        read,
    )
}

/// The providers that an account may use, oldest first.
///
/// # Errors
/// A database error.
pub fn list(tx: &ReadTx<'_>, account: PersonId) -> DbResult<Vec<ProviderRow>> {
    tx.all(
        &format!(
            "SELECT {COLUMNS} FROM provider WHERE account IS NULL OR account = ?1 ORDER BY created_at, id"
        ),
        [account.as_bytes()],
        read,
    )
}

/// Stores a provider, replacing one with the same id.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &ProviderRow) -> DbResult<()> {
    let models = to_json(&row.models, "models")?;
    let limits = to_json(&row.limits, "limits")?;
    tx.run(
        "INSERT INTO provider (id, account, name, kind, profile, base_url, has_key, locality, online, last_error,
             checked_at, models, created_at, limits)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT (id) DO UPDATE SET account = ?2, name = ?3, kind = ?4, profile = ?5, base_url = ?6, has_key = ?7,
             locality = ?8, online = ?9, last_error = ?10, checked_at = ?11, models = ?12, limits = ?14",
        (
            row.id.as_bytes(),
            row.account.map(|a| *a.as_bytes()),
            &row.name,
            kind_text(row.kind),
            &row.profile,
            &row.base_url,
            row.has_key,
            locality_text(row.locality),
            row.online,
            &row.last_error,
            row.checked_at.map(|t| t.0),
            models,
            row.created_at.0,
            limits,
        ),
    )?;
    Ok(())
}

/// Notes whether a provider answered.
///
/// # Errors
/// A database error.
pub fn set_status(
    tx: &mut WriteTx<'_>,
    provider: ProviderId,
    online: bool,
    error: Option<&str>,
) -> DbResult<bool> {
    let rows = tx.run(
        "UPDATE provider SET online = ?2, last_error = ?3 WHERE id = ?1 AND (online IS NOT ?2 OR last_error IS NOT ?3)",
        (provider.as_bytes(), online, error),
    )?;
    Ok(rows == 1)
}

/// Deletes a provider with all consents, quirks and defaults that name it.
///
/// # Errors
/// A database error.
pub fn delete(tx: &mut WriteTx<'_>, provider: ProviderId) -> DbResult<()> {
    tx.run("DELETE FROM provider WHERE id = ?1", [provider.as_bytes()])?;
    Ok(())
}

/// What a model turned out not to accept, as JSON.
///
/// # Errors
/// A database error.
pub fn quirks(tx: &ReadTx<'_>, provider: ProviderId, model: &str) -> DbResult<Option<String>> {
    tx.value(
        "SELECT quirks FROM provider_quirk WHERE provider = ?1 AND model = ?2",
        (provider.as_bytes(), model),
    )
}

/// Keeps what a model turned out not to accept.
///
/// # Errors
/// A database error.
pub fn set_quirks(tx: &mut WriteTx<'_>, provider: ProviderId, model: &str, quirks: &str) -> DbResult<()> {
    tx.run(
        "INSERT INTO provider_quirk (provider, model, quirks) VALUES (?1, ?2, ?3)
         ON CONFLICT (provider, model) DO UPDATE SET quirks = ?3",
        (provider.as_bytes(), model, quirks),
    )?;
    Ok(())
}

/// An account's consent to a provider.
///
/// # Errors
/// A database error.
pub fn consent(tx: &ReadTx<'_>, account: PersonId, provider: ProviderId) -> DbResult<Option<Consent>> {
    tx.first(
        "SELECT at, address, locality FROM consent WHERE account = ?1 AND provider = ?2",
        (account.as_bytes(), provider.as_bytes()),
        |row| {
            let locality: String = row.get(2)?;
            Ok(Consent {
                at: at(row, 0)?,
                address: row.get(1)?,
                locality: locality_of(&locality)?,
            })
        },
    )
}

/// Stores or takes back an account's consent.
///
/// # Errors
/// A database error.
pub fn set_consent(
    tx: &mut WriteTx<'_>,
    account: PersonId,
    provider: ProviderId,
    consent: Option<&Consent>,
) -> DbResult<()> {
    tx.run(
        "DELETE FROM consent WHERE account = ?1 AND provider = ?2",
        (account.as_bytes(), provider.as_bytes()),
    )?;
    if let Some(consent) = consent {
        tx.run(
            "INSERT INTO consent (account, provider, at, address, locality) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                account.as_bytes(),
                provider.as_bytes(),
                consent.at.0,
                &consent.address,
                locality_text(consent.locality),
            ),
        )?;
    }
    Ok(())
}

/// Takes back all consents to a provider: its address changed.
///
/// # Errors
/// A database error.
pub fn revoke_consents(tx: &mut WriteTx<'_>, provider: ProviderId) -> DbResult<()> {
    tx.run("DELETE FROM consent WHERE provider = ?1", [provider.as_bytes()])?;
    Ok(())
}

fn owner_key(account: Option<PersonId>) -> Vec<u8> {
    account.map(|a| a.as_bytes().to_vec()).unwrap_or_default()
}

/// The default model of an account, or of the home.
///
/// # Errors
/// A database error.
pub fn default_model(tx: &ReadTx<'_>, account: Option<PersonId>) -> DbResult<Option<ModelRef>> {
    tx.first(
        "SELECT provider, model FROM default_model WHERE account = ?1",
        [owner_key(account)],
        |row| {
            Ok(ModelRef {
                provider: id(row, 0)?,
                model: row.get(1)?,
            })
        },
    )
}

/// Sets or clears the default model of an account, or of the home.
///
/// # Errors
/// A database error.
pub fn set_default_model(
    tx: &mut WriteTx<'_>,
    account: Option<PersonId>,
    model: Option<&ModelRef>,
) -> DbResult<()> {
    tx.run(
        "DELETE FROM default_model WHERE account = ?1",
        [owner_key(account)],
    )?;
    if let Some(model) = model {
        tx.run(
            "INSERT INTO default_model (account, provider, model) VALUES (?1, ?2, ?3)",
            (owner_key(account), model.provider.as_bytes(), &model.model),
        )?;
    }
    Ok(())
}
