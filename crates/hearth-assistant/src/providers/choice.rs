//! Which model is used: default models, and the one for a turn.

use super::models_of;
use crate::{Assistant, Owner, models};
use hearth_api::provider::{DefaultModels, ModelRef, ProviderOwner, SetDefaultModel};
use hearth_api::{ApiError, ApiResult, Event, PersonId};
use hearth_db::{DbError, ReadTx, event, provider as table};

impl Assistant {
    /// The default models of the account and of the home.
    ///
    /// # Errors
    /// A storage error.
    pub async fn default_models(&self, owner: Owner) -> ApiResult<DefaultModels> {
        self.db()
            .read(move |tx| {
                let me = table::default_model(tx, Some(owner.account))?;
                Ok::<_, ApiError>(DefaultModels {
                    me,
                    home: table::default_model(tx, None)?,
                })
            })
            .await
    }

    /// Sets or clears a default model.
    ///
    /// # Errors
    /// `forbidden`, `not_found`; a storage error.
    pub async fn set_default_model(
        &self,
        owner: Owner,
        request: SetDefaultModel,
    ) -> ApiResult<DefaultModels> {
        if request.owner == ProviderOwner::Home && !owner.admin {
            return Err(ApiError::forbidden(
                "Only an admin can set the home's default model.",
            ));
        }
        let now = self.now();
        self.db()
            .write(move |tx| {
                if let Some(model) = &request.model {
                    let row =
                        table::get(tx, owner.account, model.provider)?.ok_or_else(ApiError::not_found)?;
                    if request.owner == ProviderOwner::Home && row.account.is_some() {
                        return Err(ApiError::forbidden(
                            "The home's default must be a provider of the home.",
                        ));
                    }
                }
                let account = (request.owner == ProviderOwner::Me).then_some(owner.account);
                table::set_default_model(tx, account, request.model.as_ref())?;
                Ok(event::append(tx, account, now, &Event::ProvidersChanged)?)
            })
            .await?;
        self.default_models(owner).await
    }
}

/// The model to use: of the message, else the conversation, the account, the home; the first of those that is set.
pub(crate) fn choose(
    tx: &ReadTx<'_>,
    account: PersonId,
    asked: Option<ModelRef>,
    of_chat: Option<ModelRef>,
) -> Result<Option<ModelRef>, DbError> {
    if let Some(model) = asked.or(of_chat) {
        return Ok(Some(model));
    }
    if let Some(model) = table::default_model(tx, Some(account))? {
        return Ok(Some(model));
    }
    if let Some(model) = table::default_model(tx, None)? {
        return Ok(Some(model));
    }
    // Nobody chose yet: the first model that can chat, of the provider added first.
    for row in table::list(tx, account)? {
        if let Some(model) = models_of(tx, &row)?.into_iter().find(models::can_chat) {
            return Ok(Some(ModelRef {
                provider: row.id,
                model: model.id,
            }));
        }
    }
    Ok(None)
}
