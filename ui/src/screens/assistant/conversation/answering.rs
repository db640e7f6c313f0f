//! Which model answers in a conversation, where it runs, and whether anything may be sent to it.

use crate::components::model_picker::where_runs;
use crate::prelude::*;
use hearth_api::chat::{Chat, ComposerState};
use hearth_api::provider::{Locality, ModelRef, Provider, ProviderKind};

/// What is known of who answers.
pub(super) struct Answering {
    /// The model.
    pub(super) model: Option<ModelRef>,
    /// Its provider's name.
    pub(super) provider: String,
    /// Whether its provider is Ollama.
    pub(super) ollama: bool,
    /// Where it runs.
    pub(super) place: Option<Where>,
    /// Why nothing can be sent, a stable code.
    pub(super) blocked: Option<String>,
}

fn consent_needed(provider: &Provider, model: Option<&ModelRef>) -> bool {
    let listed = model.and_then(|model| provider.models.iter().find(|m| m.id == model.model));
    listed.map_or(provider.consent_needed, |m| m.consent_needed)
}

/// Who answers: the model chosen here, else the conversation's, else the default. `providers` is `None` while it is not known.
pub(super) fn answering(
    chosen: Option<&ModelRef>,
    chat: Option<&Chat>,
    composer: Option<&ComposerState>,
    providers: Option<&[Provider]>,
) -> Answering {
    let own = chosen.or_else(|| chat.and_then(|c| c.model.as_ref()));
    let model = own.or_else(|| composer.and_then(|c| c.model.as_ref())).cloned();
    let provider = model
        .as_ref()
        .and_then(|m| providers?.iter().find(|p| p.id == m.provider));
    let locality = match (&model, provider) {
        (Some(model), Some(provider)) => where_runs(provider, &model.model),
        _ => composer.and_then(|c| c.locality).unwrap_or(Locality::Unknown),
    };
    let blocked = if own.is_some() && providers.is_some() {
        match provider {
            None => Some("model_not_found"),
            Some(p) if consent_needed(p, model.as_ref()) => Some("consent_required"),
            Some(p) if p.online == Some(false) => Some("provider_unreachable"),
            Some(_) => None,
        }
        .map(str::to_owned)
    } else {
        composer.and_then(|c| c.blocked.clone())
    };
    // Where no model is known yet, it is the provider that does not answer.
    let away = || providers?.iter().find(|p| p.online == Some(false));
    let name = provider.or_else(away).map(|p| p.name.clone()).unwrap_or_default();
    let cloud = locality == Locality::Remote && provider.is_some_and(|p| p.locality != Locality::Remote);
    let place = if cloud {
        place_of(locality, &t!("locality-cloud", "name" => &name))
    } else {
        place_of(locality, &name)
    };
    Answering {
        model,
        ollama: provider.is_some_and(|p| p.kind == ProviderKind::Ollama),
        provider: name,
        place,
        blocked,
    }
}
