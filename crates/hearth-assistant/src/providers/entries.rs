//! The models of a provider: as its server lists them, those typed by hand, and what people say otherwise.

use super::view;
use crate::parameters::check_context;
use crate::{Assistant, Owner};
use hearth_api::provider::{
    AddModel, CAPABILITIES, DescribeModel, Locality, MAX_MODEL_ID, MAX_TYPED_MODELS, Model, ModelFacts,
    Provider, ProviderKind, RemoveModel,
};
use hearth_api::{ApiError, ApiResult, Code, Event, ProviderId};
use hearth_db::provider::ProviderRow;
use hearth_db::provider_model::ModelRow;
use hearth_db::{DbError, ReadTx, WriteTx, event, provider as table, provider_model};

/// Whether two ids name the same model there. Ollama reads a missing tag as `latest`.
fn same(kind: ProviderKind, a: &str, b: &str) -> bool {
    match kind {
        ProviderKind::Ollama => hearth_llm::same_ollama_model(a, b),
        ProviderKind::OpenAi => a == b,
    }
}

/// The models of a provider: listed ones first, then those typed by hand; what was said otherwise counts.
pub(crate) fn models_of(tx: &ReadTx<'_>, row: &ProviderRow) -> Result<Vec<Model>, DbError> {
    let said = provider_model::list(tx, row.id)?;
    let mut models = row.models.clone();
    for entry in said.iter().filter(|entry| entry.by_hand) {
        if !models.iter().any(|m| same(row.kind, &m.id, &entry.model)) {
            models.push(by_hand(row, &entry.model));
        }
    }
    for model in &mut models {
        if let Some(entry) = said.iter().find(|entry| entry.model == model.id) {
            describe(model, entry);
        }
    }
    Ok(models)
}

/// A model of which only the id is known.
fn by_hand(row: &ProviderRow, id: &str) -> Model {
    let cloud = row.kind == ProviderKind::Ollama && hearth_llm::is_ollama_cloud(id);
    Model {
        id: id.to_owned(),
        context: None,
        capabilities: Vec::new(),
        loaded: None,
        size: None,
        locality: if cloud { Locality::Remote } else { row.locality },
        consent_needed: false,
        by_hand: true,
        told: None,
    }
}

fn describe(model: &mut Model, entry: &ModelRow) {
    if entry.context.is_none() && entry.capabilities.is_none() {
        return;
    }
    model.told = Some(ModelFacts {
        context: model.context,
        capabilities: model.capabilities.clone(),
    });
    model.context = entry.context.or(model.context);
    if let Some(capabilities) = &entry.capabilities {
        model.capabilities.clone_from(capabilities);
    }
}

/// A provider that the account may change.
fn editable(tx: &ReadTx<'_>, owner: Owner, id: ProviderId) -> ApiResult<ProviderRow> {
    let row = table::get(tx, owner.account, id)?.ok_or_else(ApiError::not_found)?;
    if row.account.is_none() && !owner.admin {
        return Err(ApiError::forbidden(
            "Only an admin can change the models of this provider.",
        ));
    }
    Ok(row)
}

fn check_id(id: &str) -> ApiResult<()> {
    let fits = (1..=MAX_MODEL_ID).contains(&id.chars().count()) && !id.chars().any(char::is_control);
    if fits {
        return Ok(());
    }
    Err(ApiError::invalid(
        "model",
        "Type the id that the server knows the model by, up to 200 characters on one line.",
    ))
}

/// The words in the order of [`CAPABILITIES`], each once.
fn check_capabilities(words: &[String]) -> ApiResult<Vec<String>> {
    if words.iter().any(|w| !CAPABILITIES.contains(&w.as_str())) {
        return Err(ApiError::invalid(
            "capabilities",
            "A model can be said to chat, see pictures, use tools, reason, search, or hear. Choose among these.",
        ));
    }
    Ok(CAPABILITIES
        .iter()
        .filter(|known| words.iter().any(|w| w == *known))
        .map(|known| (*known).to_owned())
        .collect())
}

impl Assistant {
    /// Changes what is said about the models of a provider, and tells those who use it.
    async fn change_models(
        &self,
        owner: Owner,
        id: ProviderId,
        change: impl FnOnce(&mut WriteTx<'_>, &ProviderRow) -> ApiResult<()> + Send + 'static,
    ) -> ApiResult<Provider> {
        let now = self.now();
        self.db()
            .write(move |tx| {
                let row = editable(tx, owner, id)?;
                change(tx, &row)?;
                event::append(tx, row.account, now, &Event::ProvidersChanged)?;
                Ok(view(tx, owner, row)?)
            })
            .await
    }

    /// Adds a model by its id, for servers that do not list theirs.
    ///
    /// # Errors
    /// `invalid_model` for no id, or one that is there already; `too_large` beyond 100, `forbidden`, `not_found`; a storage error.
    pub async fn add_model(&self, owner: Owner, request: AddModel) -> ApiResult<Provider> {
        let model = request.model.trim().to_owned();
        check_id(&model)?;
        self.change_models(owner, request.provider, move |tx, row| {
            let known = models_of(tx, row)?;
            if known.iter().any(|m| same(row.kind, &m.id, &model)) {
                return Err(ApiError::invalid("model", "This model is in the list already."));
            }
            let said = provider_model::list(tx, row.id)?;
            if said.iter().filter(|entry| entry.by_hand).count() >= MAX_TYPED_MODELS {
                return Err(ApiError::new(
                    Code::TooLarge,
                    "Up to 100 models can be added by hand. Remove one first.",
                )
                .on("model"));
            }
            let before = said.into_iter().find(|entry| entry.model == model);
            let entry = ModelRow {
                model,
                by_hand: true,
                ..before.unwrap_or_default()
            };
            Ok(provider_model::put(tx, row.id, &entry)?)
        })
        .await
    }

    /// Takes a model away whose id was typed by hand, with what was said about it.
    ///
    /// # Errors
    /// `not_found` for one that was not typed by hand, `forbidden`; a storage error.
    pub async fn remove_model(&self, owner: Owner, request: RemoveModel) -> ApiResult<Provider> {
        let model = request.model;
        self.change_models(owner, request.provider, move |tx, row| {
            let entry = provider_model::get(tx, row.id, &model)?
                .filter(|entry| entry.by_hand)
                .ok_or_else(ApiError::not_found)?;
            let nothing = ModelRow {
                model: entry.model,
                ..ModelRow::default()
            };
            Ok(provider_model::put(tx, row.id, &nothing)?)
        })
        .await
    }

    /// Says about a model otherwise than its server does; what is not given is as the server tells again.
    ///
    /// # Errors
    /// `invalid_context`, `invalid_capabilities`, `forbidden`, `not_found`; a storage error.
    pub async fn describe_model(&self, owner: Owner, request: DescribeModel) -> ApiResult<Provider> {
        check_context(request.context)?;
        let capabilities = request
            .capabilities
            .as_deref()
            .map(check_capabilities)
            .transpose()?;
        let (model, context) = (request.model, request.context);
        self.change_models(owner, request.provider, move |tx, row| {
            if !models_of(tx, row)?.iter().any(|m| m.id == model) {
                return Err(ApiError::not_found());
            }
            let by_hand = provider_model::get(tx, row.id, &model)?.is_some_and(|entry| entry.by_hand);
            let entry = ModelRow {
                model,
                by_hand,
                context,
                capabilities,
            };
            Ok(provider_model::put(tx, row.id, &entry)?)
        })
        .await
    }
}
