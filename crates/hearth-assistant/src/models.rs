//! From the model servers' words to the API's, and back.

use hearth_api::provider as api;
use hearth_api::{ApiError, Code};
use hearth_llm as llm;

pub(crate) fn locality(locality: llm::Locality) -> api::Locality {
    match locality {
        llm::Locality::Local => api::Locality::Local,
        llm::Locality::Lan => api::Locality::Lan,
        llm::Locality::Remote => api::Locality::Remote,
    }
}

/// The widest place that a stored locality allows a connection to.
pub(crate) fn allowed(locality: api::Locality) -> llm::Locality {
    match locality {
        api::Locality::Local | api::Locality::Unknown => llm::Locality::Local,
        api::Locality::Lan => llm::Locality::Lan,
        api::Locality::Remote => llm::Locality::Remote,
    }
}

pub(crate) fn kind(kind: api::ProviderKind) -> llm::ProviderKind {
    match kind {
        api::ProviderKind::Ollama => llm::ProviderKind::Ollama,
        api::ProviderKind::OpenAi => llm::ProviderKind::OpenAi,
    }
}

const PROFILES: [(&str, llm::Profile); 6] = [
    ("generic", llm::Profile::Generic),
    ("tabby_api", llm::Profile::TabbyApi),
    ("llama_cpp", llm::Profile::LlamaCpp),
    ("vllm", llm::Profile::Vllm),
    ("lm_studio", llm::Profile::LmStudio),
    ("open_ai", llm::Profile::OpenAi),
];

pub(crate) fn profile(name: &str) -> llm::Profile {
    PROFILES
        .iter()
        .find(|(known, _)| *known == name)
        .map_or(llm::Profile::Generic, |(_, profile)| *profile)
}

pub(crate) fn profile_name(profile: llm::Profile) -> &'static str {
    PROFILES
        .iter()
        .find(|(_, known)| *known == profile)
        .map_or("generic", |(name, _)| name)
}

/// A model as listed; `at` is where its provider is.
pub(crate) fn model(entry: llm::ModelEntry, at: api::Locality) -> api::Model {
    let c = entry.capabilities;
    let named = [
        ("chat", c.chat),
        ("vision", c.vision),
        ("tools", c.tools),
        ("reasoning", c.reasoning),
        ("embedding", c.embedding),
        ("audio", c.audio),
    ];
    api::Model {
        id: entry.id,
        context: entry.context_length.map(|n| u32::try_from(n).unwrap_or(u32::MAX)),
        capabilities: named
            .iter()
            .filter(|(_, has)| *has == Some(true))
            .map(|(name, _)| (*name).to_owned())
            .collect(),
        loaded: entry.loaded,
        size: entry.size_bytes,
        locality: if entry.cloud { api::Locality::Remote } else { at },
        consent_needed: false,
        by_hand: false,
        told: None,
    }
}

/// Whether a listed model can hold a conversation; what is unknown counts as yes.
pub(crate) fn can_chat(model: &api::Model) -> bool {
    let only_embeds = model.capabilities.iter().any(|c| c == "embedding")
        && !model.capabilities.iter().any(|c| c == "chat");
    !only_embeds
}

/// The stable code of a hint.
pub(crate) fn hint(hint: &llm::Hint) -> &'static str {
    match hint {
        llm::Hint::MissingV1 { .. } => "missing_v1",
        llm::Hint::OtherAddress { .. } => "other_address",
        llm::Hint::LooksLikeOllama { .. } => "looks_like_ollama",
        llm::Hint::LooksLikeOpenAi { .. } => "looks_like_open_ai",
        llm::Hint::NoModelList => "no_model_list",
        llm::Hint::OtherProfile(_) => "other_profile",
        llm::Hint::NotEncrypted => "not_encrypted",
        llm::Hint::Incomplete => "incomplete",
    }
}

pub(crate) fn error(error: &llm::LlmError) -> ApiError {
    use llm::ErrorCode as E;
    let code = match error.code() {
        E::ProviderUnreachable => Code::ProviderUnreachable,
        E::ProviderAuth => Code::ProviderAuth,
        E::ProviderError => Code::ProviderError,
        E::ModelNotFound => Code::ModelNotFound,
        E::ModelLoadFailed => Code::ModelLoadFailed,
        E::RateLimited => Code::RateLimited,
        E::StreamInterrupted => Code::StreamInterrupted,
        E::BadStream => Code::BadStream,
        E::Timeout => Code::Timeout,
        E::ContextOverflow => Code::ContextOverflow,
        E::ContentFiltered => Code::ContentFiltered,
        E::UnsupportedModality => Code::UnsupportedModality,
        E::LocalityChanged => Code::LocalityChanged,
        E::ConsentRequired => Code::ConsentRequired,
        E::InvalidInput => Code::Invalid,
    };
    let mut out = ApiError::new(code, error.to_string());
    if code == Code::Invalid {
        out = out.on("base_url");
    }
    if let Some(wait) = error.retry_after() {
        out = out.after_ms(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
    }
    out
}
