//! The client by which an account may reach a provider, within what it consented to.

use super::consent::{consent_missing, consent_required};
use super::{headers_name, key_name, limits};
use crate::{Assistant, models};
use hearth_api::provider::Locality;
use hearth_api::{ApiError, ApiResult, PersonId, ProviderId};
use hearth_db::provider as table;
use hearth_db::provider::ProviderRow;
use hearth_llm::{Client, Secret};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Clients in use, so that connections are kept; dropped when the provider or a consent changes.
#[derive(Default)]
pub(crate) struct Clients(Mutex<HashMap<(ProviderId, hearth_llm::Locality), Client>>);

impl Clients {
    fn get(&self, provider: ProviderId, allowed: hearth_llm::Locality) -> Option<Client> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(provider, allowed))
            .cloned()
    }
    fn keep(&self, provider: ProviderId, allowed: hearth_llm::Locality, client: Client) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((provider, allowed), client);
    }
    pub(super) fn forget(&self, provider: ProviderId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|(id, _), _| *id != provider);
    }
}

impl Assistant {
    /// The client by which an account may reach a provider, within what it consented to.
    pub(crate) async fn client(&self, account: PersonId, id: ProviderId) -> ApiResult<(Client, ProviderRow)> {
        let secrets = self.secrets().clone();
        let (row, consent, key, headers) = self
            .db()
            .read(move |tx| {
                let row = table::get(tx, account, id)?.ok_or_else(ApiError::not_found)?;
                let consent = table::consent(tx, account, id)?;
                if consent_missing(&row, consent.as_ref()) {
                    return Err(consent_required(&row));
                }
                let key = secrets.get(tx, &key_name(id))?;
                Ok((row, consent, key, secrets.get(tx, &headers_name(id))?))
            })
            .await?;
        // A consent covers what it named; what was local needs none and stays local.
        let allowed = models::allowed(match row.locality {
            Locality::Local => Locality::Local,
            _ => consent.map_or(Locality::Local, |c| c.locality),
        });
        if let Some(client) = self.clients().get(id, allowed) {
            return Ok((client, row));
        }
        let mut provider = hearth_llm::Provider::new(models::kind(row.kind), &row.base_url)
            .map_err(|e| models::error(&e))?
            .with_profile(models::profile(&row.profile));
        provider.timeouts = limits::timeouts(row.limits);
        if let Some(key) = key {
            provider = provider.with_api_key(Secret::new(key.as_str()));
        }
        let pairs: Vec<(String, String)> = headers
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default();
        provider.extra_headers = pairs
            .into_iter()
            .map(|(name, value)| (name, Secret::new(value)))
            .collect();
        let client = Client::new(provider, allowed).map_err(|e| models::error(&e))?;
        self.clients().keep(id, allowed, client.clone());
        Ok((client, row))
    }

    /// Whether the account agreed that Ollama may pass its conversation on to a cloud host.
    pub(crate) async fn cloud_allowed(&self, account: PersonId, id: ProviderId) -> ApiResult<bool> {
        let consent = self.db().read(move |tx| table::consent(tx, account, id)).await?;
        Ok(consent.is_some_and(|c| c.locality == Locality::Remote))
    }
}
