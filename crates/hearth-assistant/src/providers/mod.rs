//! Providers: adding, checking, consent, default models; and which client a turn may use.

mod choice;
mod client;
mod consent;
mod entries;
mod limits;

pub(crate) use choice::choose;
pub(crate) use client::Clients;
pub(crate) use consent::{consent_missing, consent_required, model_consent_missing};
pub(crate) use entries::models_of;

use crate::{Assistant, Owner, models};
use hearth_api::health::{HealthLevel, HealthPart};
use hearth_api::provider::{CheckReport, Locality, Provider, ProviderOwner, SaveProvider, TimeLimits};
use hearth_api::{ApiError, ApiResult, Code, Event, PersonId, ProviderId};
use hearth_db::provider::ProviderRow;
use hearth_db::{DbError, ReadTx, event, provider as table};
use hearth_llm::SystemResolver;
use std::collections::BTreeMap;
use std::time::Duration;
use zeroize::Zeroizing;

/// Most providers that one account may use.
const MAX_PROVIDERS: usize = 20;
/// Most extra headers of a provider.
const MAX_HEADERS: usize = 10;
/// How long a name may take to resolve for a badge.
const RESOLVE: Duration = Duration::from_secs(3);

fn key_name(id: ProviderId) -> String {
    format!("provider-key:{id}")
}
fn headers_name(id: ProviderId) -> String {
    format!("provider-headers:{id}")
}

fn view(tx: &ReadTx<'_>, owner: Owner, row: ProviderRow) -> Result<Provider, DbError> {
    let consent = table::consent(tx, owner.account, row.id)?;
    let mut models = models_of(tx, &row)?;
    let missing: Vec<bool> = models
        .iter()
        .map(|m| model_consent_missing(&row, &models, &m.id, consent.as_ref()))
        .collect();
    for (model, missing) in models.iter_mut().zip(missing) {
        model.consent_needed = missing;
    }
    Ok(Provider {
        consent_needed: consent_missing(&row, consent.as_ref()),
        consent,
        id: row.id,
        name: row.name,
        kind: row.kind,
        profile: row.profile,
        base_url: row.base_url,
        has_key: row.has_key,
        owner: if row.account.is_some() {
            ProviderOwner::Me
        } else {
            ProviderOwner::Home
        },
        editable: row.account.is_some() || owner.admin,
        locality: row.locality,
        online: row.online,
        last_error: row.last_error,
        checked_at: row.checked_at,
        models,
        limits: row.limits,
    })
}

impl Assistant {
    /// The providers that the account may use.
    ///
    /// # Errors
    /// A storage error.
    pub async fn list_providers(&self, owner: Owner) -> ApiResult<Vec<Provider>> {
        self.db()
            .read(move |tx| {
                let rows = table::list(tx, owner.account)?;
                rows.into_iter()
                    .map(|row| view(tx, owner, row))
                    .collect::<Result<_, DbError>>()
            })
            .await
            .map_err(ApiError::from)
    }

    async fn provider_view(&self, owner: Owner, id: ProviderId) -> ApiResult<Provider> {
        self.db()
            .read(move |tx| {
                let row = table::get(tx, owner.account, id)?.ok_or_else(ApiError::not_found)?;
                Ok(view(tx, owner, row)?)
            })
            .await
    }

    /// Adds or changes a provider. A changed address takes all consents back.
    ///
    /// # Errors
    /// `invalid_name`, `invalid_base_url`, `invalid_headers`, `invalid_connect_limit` and its like, `forbidden` for the home's by somebody else than an admin,
    /// `too_large` beyond 20, `not_found`; a storage error.
    pub async fn save_provider(&self, owner: Owner, request: SaveProvider) -> ApiResult<Provider> {
        let name = request.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 80 {
            return Err(ApiError::invalid(
                "name",
                "Give the provider a name of up to 80 characters.",
            ));
        }
        if request.owner == ProviderOwner::Home && !owner.admin {
            return Err(ApiError::forbidden(
                "Only an admin can set up a provider for the whole home.",
            ));
        }
        let parsed = hearth_llm::Provider::new(models::kind(request.kind), request.base_url.trim())
            .map_err(|e| models::error(&e))?;
        check_headers(request.headers.as_deref())?;
        limits::check(request.limits.unwrap_or_default())?;
        let base_url = parsed.base_url().to_string();
        let locality = self.resolve(&parsed).await;
        let now = self.now();
        let id = request.id.unwrap_or_else(|| self.new_id());
        let secrets = self.secrets().clone();
        let key = request.api_key.map(Zeroizing::new);
        let headers = request.headers;
        let new_account = (request.owner == ProviderOwner::Me).then_some(owner.account);
        let adding = request.id.is_none();
        self.db()
            .write(move |tx| {
                let known = table::get(tx, owner.account, id)?;
                match &known {
                    None if !adding => return Err(ApiError::not_found()),
                    None if table::list(tx, owner.account)?.len() >= MAX_PROVIDERS => {
                        return Err(ApiError::new(
                            Code::TooLarge,
                            "Up to 20 providers can be set up. Delete one first.",
                        ));
                    }
                    Some(row) if row.account.is_none() && !owner.admin => {
                        return Err(ApiError::forbidden("Only an admin can change this provider."));
                    }
                    _ => {}
                }
                let moved = known
                    .as_ref()
                    .is_some_and(|row| row.base_url != base_url || row.kind != request.kind);
                let mut row = known.unwrap_or_else(|| ProviderRow {
                    id,
                    account: new_account,
                    name: String::new(),
                    kind: request.kind,
                    profile: "generic".into(),
                    base_url: String::new(),
                    has_key: false,
                    locality,
                    online: None,
                    last_error: None,
                    checked_at: None,
                    models: Vec::new(),
                    created_at: now,
                    limits: TimeLimits::default(),
                });
                row.account = new_account;
                row.name = name;
                row.kind = request.kind;
                row.base_url = base_url;
                row.locality = locality;
                row.limits = request.limits.unwrap_or(row.limits);
                if let Some(key) = &key {
                    row.has_key = !key.trim().is_empty();
                }
                if moved {
                    row.online = None;
                    row.models.clear();
                }
                table::put(tx, &row)?;
                if moved {
                    table::revoke_consents(tx, id)?;
                }
                match &key {
                    Some(key) if key.trim().is_empty() => secrets.delete(tx, &key_name(id))?,
                    Some(key) => secrets.put(tx, &key_name(id), key.trim())?,
                    // A key is for one address: it does not follow to another.
                    None if moved => {
                        secrets.delete(tx, &key_name(id))?;
                        row.has_key = false;
                        table::put(tx, &row)?;
                    }
                    None => {}
                }
                if let Some(headers) = &headers {
                    let json = serde_json::to_string(headers).unwrap_or_default();
                    secrets.put(tx, &headers_name(id), &json)?;
                } else if moved {
                    secrets.delete(tx, &headers_name(id))?;
                }
                Ok(event::append(tx, new_account, now, &Event::ProvidersChanged)?)
            })
            .await?;
        self.clients().forget(id);
        self.provider_view(owner, id).await
    }

    /// Where a provider is now; unknown when its name does not resolve in time.
    async fn resolve(&self, provider: &hearth_llm::Provider) -> Locality {
        let resolved = hearth_llm::resolve_locality(provider.base_url(), &SystemResolver);
        match tokio::time::timeout(RESOLVE, resolved).await {
            Ok(Ok(locality)) => models::locality(locality),
            _ => Locality::Unknown,
        }
    }

    /// Deletes a provider and its key.
    ///
    /// # Errors
    /// `not_found`, `forbidden`; a storage error.
    pub async fn delete_provider(&self, owner: Owner, id: ProviderId) -> ApiResult<()> {
        let (secrets, now) = (self.secrets().clone(), self.now());
        self.db()
            .write(move |tx| {
                let row = table::get(tx, owner.account, id)?.ok_or_else(ApiError::not_found)?;
                if row.account.is_none() && !owner.admin {
                    return Err(ApiError::forbidden("Only an admin can delete this provider."));
                }
                secrets.delete(tx, &key_name(id))?;
                secrets.delete(tx, &headers_name(id))?;
                table::delete(tx, id)?;
                Ok(event::append(tx, row.account, now, &Event::ProvidersChanged)?)
            })
            .await?;
        self.clients().forget(id);
        Ok(())
    }

    /// Checks a provider's connection and stores its list of models. Its old list stays when it fails.
    ///
    /// # Errors
    /// `not_found`, `consent_required`; a storage error. A failing provider is an answer, not an error.
    pub async fn check_provider(&self, owner: Owner, id: ProviderId) -> ApiResult<CheckReport> {
        let (client, row) = self.client(owner.account, id).await?;
        let report = client.check().await;
        let locality = self.resolve(client.provider()).await;
        let now = self.now();
        let error = report.error.as_ref().map(models::error);
        let code = error.as_ref().map(ApiError::name);
        let listed: Vec<_> = report
            .models
            .into_iter()
            .map(|m| models::model(m, locality))
            .collect();
        let found_profile = report.profile.map(models::profile_name);
        let fine = report.error.is_none();
        let stored_code = code.clone();
        self.db()
            .write(move |tx| {
                let Some(mut row) = table::get(tx, owner.account, id)? else {
                    return Err(ApiError::not_found());
                };
                row.online = Some(report.reachable);
                row.last_error = stored_code;
                row.checked_at = Some(now);
                if locality != Locality::Unknown {
                    row.locality = locality;
                }
                if let Some(profile) = found_profile {
                    profile.clone_into(&mut row.profile);
                }
                if fine {
                    row.models = listed;
                }
                table::put(tx, &row)?;
                Ok(event::append(tx, row.account, now, &Event::ProvidersChanged)?)
            })
            .await?;
        let message = match &error {
            Some(error) => error.message.clone(),
            None => report
                .hints
                .iter()
                .map(hearth_llm::Hint::text)
                .collect::<Vec<_>>()
                .join(" "),
        };
        tracing::info!(provider = %row.id, online = fine, "Checked a provider");
        self.clients().forget(id);
        Ok(CheckReport {
            reachable: report.reachable,
            authorised: report.authenticated.unwrap_or(report.reachable),
            latency_ms: report.latency_ms,
            hints: report.hints.iter().map(|h| models::hint(h).to_owned()).collect(),
            error: code,
            message,
            provider: self.provider_view(owner, id).await?,
        })
    }

    /// How the account's providers are, for the health page.
    ///
    /// # Errors
    /// A storage error.
    pub async fn health(&self, account: PersonId) -> ApiResult<HealthPart> {
        let rows = self.db().read(move |tx| table::list(tx, account)).await?;
        let fails = |row: &&ProviderRow| row.online == Some(false) || row.last_error.is_some();
        let offline = rows.iter().filter(fails).count();
        let level = if offline > 0 {
            HealthLevel::Waiting
        } else {
            HealthLevel::Ok
        };
        let facts = BTreeMap::from([
            ("providers".to_owned(), rows.len().to_string()),
            ("offline".to_owned(), offline.to_string()),
        ]);
        Ok(HealthPart {
            part: "provider".into(),
            level,
            facts,
        })
    }
}

fn check_headers(headers: Option<&[(String, String)]>) -> ApiResult<()> {
    let headers = headers.unwrap_or_default();
    let fits = |(name, value): &(String, String)| {
        // RFC 9110: a name is a token, a value has no control characters.
        let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        (1..=100).contains(&name.len())
            && name.chars().all(is_token)
            && value.len() <= 4096
            && !value.chars().any(|c| c.is_control() && c != '\t')
    };
    if headers.len() > MAX_HEADERS || !headers.iter().all(fits) {
        return Err(ApiError::invalid(
            "headers",
            "Up to 10 extra headers can be set, each with a name of letters, digits and hyphens and a value on one line.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_no_request_can_carry_are_named_when_they_are_typed() {
        let check = |name: &str, value: &str| check_headers(Some(&[(name.to_owned(), value.to_owned())]));
        assert!(check("X-Team", "family\tone").is_ok());
        for (name, value) in [
            ("X Bad", "a"),
            ("", "a"),
            ("Ünsafe", "a"),
            ("X-Team", "a\nb"),
            ("X-Team", "a\0"),
        ] {
            let refused = check(name, value).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some("headers"), "{name:?}: {value:?}");
        }
    }
}
