//! Consent: whether anything of a person's may go to a provider, for which address, and how far away.

use super::models_of;
use crate::{Assistant, Owner, models};
use hearth_api::provider::{Consent, Locality, Model, Provider, ProviderKind, SetConsent};
use hearth_api::{ApiError, ApiResult, Code, Event};
use hearth_db::provider::ProviderRow;
use hearth_db::{event, provider as table};

/// Whether `account` must still agree before anything of theirs goes to this provider.
pub(crate) fn consent_missing(row: &ProviderRow, consent: Option<&Consent>) -> bool {
    match (row.locality, consent) {
        (Locality::Local, _) => false,
        (_, None) => true,
        (at, Some(consent)) => consent.address != row.base_url || at > consent.locality,
    }
}

/// The same for a model, which may run further away than its provider: Ollama passes some on to its cloud.
pub(crate) fn model_consent_missing(
    row: &ProviderRow,
    known: &[Model],
    model: &str,
    consent: Option<&Consent>,
) -> bool {
    let cloud = known.iter().find(|m| m.id == model).map_or_else(
        || row.kind == ProviderKind::Ollama && hearth_llm::is_ollama_cloud(model),
        |m| m.locality == Locality::Remote,
    );
    let agreed = consent.is_some_and(|c| c.locality == Locality::Remote);
    consent_missing(row, consent) || (cloud && row.locality != Locality::Remote && !agreed)
}

pub(crate) fn consent_required(row: &ProviderRow) -> ApiError {
    ApiError::new(
        Code::ConsentRequired,
        format!(
            "“{}” is outside this computer. Agree under Models before anything is sent there.",
            row.name
        ),
    )
}

impl Assistant {
    /// Gives or takes back the account's consent, for the address and place that the provider has now.
    ///
    /// # Errors
    /// `not_found`, `provider_unreachable` when the address cannot be resolved; a storage error.
    pub async fn set_consent(&self, owner: Owner, request: SetConsent) -> ApiResult<Provider> {
        let (id, now) = (request.id, self.now());
        let (row, known) = self
            .db()
            .read(move |tx| {
                let row = table::get(tx, owner.account, id)?.ok_or_else(ApiError::not_found)?;
                let known = models_of(tx, &row)?;
                Ok::<_, ApiError>((row, known))
            })
            .await?;
        let parsed = hearth_llm::Provider::new(models::kind(row.kind), &row.base_url)
            .map_err(|e| models::error(&e))?;
        let at = self.resolve(&parsed).await;
        let cloud = known.iter().map(|m| m.locality).max().unwrap_or(at);
        let locality = at.max(if row.kind == ProviderKind::Ollama {
            cloud
        } else {
            at
        });
        if request.given && at == Locality::Unknown {
            return Err(ApiError::new(
                Code::ProviderUnreachable,
                "The provider's address cannot be found now, so it is not clear where data would go. Check the address.",
            ));
        }
        let consent = request.given.then(|| Consent {
            at: now,
            address: row.base_url.clone(),
            locality,
        });
        self.db()
            .write(move |tx| {
                table::set_consent(tx, owner.account, id, consent.as_ref())?;
                if at != Locality::Unknown
                    && let Some(mut row) = table::get(tx, owner.account, id)?
                {
                    row.locality = at;
                    table::put(tx, &row)?;
                }
                Ok::<_, ApiError>(event::append(
                    tx,
                    Some(owner.account),
                    now,
                    &Event::ProvidersChanged,
                )?)
            })
            .await?;
        self.clients().forget(id);
        self.provider_view(owner, id).await
    }
}
