//! Reads the lists of models of OpenAI-compatible servers, and each server's own details.

use reqwest::Method;
use serde_json::Value;

use crate::{
    client::Inner,
    models::{Capabilities, ModelEntry},
    provider::Profile,
};

/// A list of models and the server it looks like.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) models: Vec<ModelEntry>,
    pub(crate) profile: Option<Profile>,
}

/// The most models taken from a list.
const MAX_MODELS: usize = 5000;
const MAX_DETAILS: usize = 8 << 20;

/// Reads `GET /models`; `None` if it is no such list.
pub(crate) fn parse_list(body: &[u8]) -> Option<Listing> {
    let document: Value = serde_json::from_slice(body).ok()?;
    let items = document.get("data").unwrap_or(&document).as_array()?;
    let models: Vec<ModelEntry> = items.iter().take(MAX_MODELS).filter_map(entry).collect();
    if models.is_empty() && !items.is_empty() {
        return None;
    }
    let profile = items.iter().find_map(|item| {
        let owner = item.get("owned_by")?.as_str()?.to_lowercase();
        match owner.as_str() {
            "tabbyapi" => Some(Profile::TabbyApi),
            "llamacpp" | "llama.cpp" => Some(Profile::LlamaCpp),
            "vllm" => Some(Profile::Vllm),
            "organization_owner" | "organization-owner" => Some(Profile::LmStudio),
            "openai" | "openai-internal" | "system" => Some(Profile::OpenAi),
            _ => None,
        }
    });
    Some(Listing { models, profile })
}

fn entry(item: &Value) -> Option<ModelEntry> {
    let id = item.get("id").or_else(|| item.get("name"))?.as_str()?;
    let number = |path: &str| item.pointer(path).and_then(Value::as_u64);
    let mut model = ModelEntry::new(id);
    model.context_length = [
        "/max_model_len",
        "/meta/n_ctx",
        "/meta/n_ctx_train",
        "/max_context_length",
        "/context_length",
        "/context_window",
        "/parameters/max_seq_len",
    ]
    .iter()
    .find_map(|path| number(path));
    model.size_bytes = number("/meta/size");
    model.loaded = match item
        .pointer("/status/value")
        .or_else(|| item.get("state"))
        .and_then(Value::as_str)
    {
        Some("loaded") => Some(true),
        Some("unloaded" | "not-loaded") => Some(false),
        _ => None,
    };
    model.capabilities = capabilities(item, id);
    Some(model)
}

fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Some(Value::Object(map)) => map
            .iter()
            .filter(|(_, on)| on.as_bool() == Some(true))
            .map(|(word, _)| word.clone())
            .collect(),
        _ => Vec::new(),
    }
}

fn capabilities(item: &Value, id: &str) -> Capabilities {
    // llama.cpp's router and Mistral: what the model can do, by word.
    let told = words(item.get("capabilities"));
    if !told.is_empty() && item.get("type").is_none() {
        return Capabilities::from_words(&told);
    }
    let mut found = Capabilities::default();
    // LM Studio: a kind, and capabilities beside it.
    match item.get("type").and_then(Value::as_str) {
        Some(kind @ ("llm" | "vlm")) => {
            found.chat = Some(true);
            found.vision = Some(kind == "vlm");
            found.embedding = Some(false);
            found.tools = Some(told.iter().any(|word| word == "tool_use"));
        }
        Some("embeddings" | "embedding") => {
            found.chat = Some(false);
            found.embedding = Some(true);
        }
        _ => {}
    }
    // OpenRouter: modalities and parameters.
    let modalities = words(item.pointer("/architecture/input_modalities"));
    if !modalities.is_empty() {
        found.chat = Some(true);
        found.vision = Some(modalities.iter().any(|word| word == "image"));
        found.audio = Some(modalities.iter().any(|word| word == "audio"));
    }
    let parameters = words(item.get("supported_parameters"));
    if !parameters.is_empty() {
        found.tools = Some(parameters.iter().any(|word| word == "tools"));
        found.reasoning = Some(parameters.iter().any(|word| word == "reasoning"));
    }
    // TabbyAPI's own description.
    if let Some(vision) = item.pointer("/parameters/use_vision").and_then(Value::as_bool) {
        found.vision = Some(vision);
    }
    // A name may say the one thing that every server's ids say alike.
    if found.embedding.is_none() && id.to_lowercase().contains("embed") {
        found.embedding = Some(true);
        found.chat = found.chat.or(Some(false));
    }
    found
}

/// Asks a server's own endpoints for what the list leaves out. What does not answer is left as it
/// was. Returns false if the server wants a key for it after all: some leave their list open.
pub(crate) async fn details(inner: &Inner, profile: Profile, models: &mut [ModelEntry]) -> bool {
    let url = match profile {
        Profile::LlamaCpp => inner.provider.root_endpoint("props"),
        Profile::TabbyApi => inner.provider.endpoint("model"),
        Profile::LmStudio => inner.provider.root_endpoint("api/v0/models"),
        Profile::Vllm => {
            models.iter_mut().for_each(|model| model.loaded = Some(true));
            return true;
        }
        Profile::Generic | Profile::OpenAi => return true,
    };
    let Ok(reply) = inner.ask(Method::GET, url, None, MAX_DETAILS, DETAILS_TIME).await else {
        return true;
    };
    if matches!(reply.status.as_u16(), 401 | 403) {
        return false;
    }
    let Some(body) = reply
        .status
        .is_success()
        .then(|| serde_json::from_slice::<Value>(&reply.body).ok())
        .flatten()
    else {
        return true;
    };
    match profile {
        Profile::LlamaCpp => llama_cpp(&body, models),
        Profile::TabbyApi => tabby(&body, models),
        _ => lm_studio(&body, models),
    }
    true
}

const DETAILS_TIME: std::time::Duration = std::time::Duration::from_secs(5);

/// `/props`: the window per slot and the modalities of the one model that runs.
fn llama_cpp(props: &Value, models: &mut [ModelEntry]) {
    let [model] = models else { return };
    model.loaded = Some(true);
    let context = props
        .pointer("/default_generation_settings/n_ctx")
        .and_then(Value::as_u64);
    model.context_length = context.filter(|n| *n > 0).or(model.context_length);
    model.capabilities.chat = model.capabilities.chat.or(Some(true));
    let modality = |name: &str| {
        props
            .pointer(&format!("/modalities/{name}"))
            .and_then(Value::as_bool)
    };
    model.capabilities.vision = modality("vision").or(model.capabilities.vision);
    model.capabilities.audio = modality("audio").or(model.capabilities.audio);
    if let Some(template) = props.get("chat_template").and_then(Value::as_str) {
        model.capabilities.tools = Some(template.contains("tools"));
    }
}

/// `/v1/model`: the loaded model; the list holds all that lie on the disk.
fn tabby(current: &Value, models: &mut [ModelEntry]) {
    let loaded = entry(current);
    for model in models {
        match &loaded {
            Some(loaded) if loaded.id == model.id => {
                model.loaded = Some(true);
                model.context_length = loaded.context_length.or(model.context_length);
                model.capabilities.vision = loaded.capabilities.vision.or(model.capabilities.vision);
                model.capabilities.chat = Some(true);
            }
            _ => model.loaded = Some(false),
        }
    }
}

/// `/api/v0/models`: kinds, windows and which are loaded.
fn lm_studio(list: &Value, models: &mut [ModelEntry]) {
    let items = list
        .get("data")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    for model in models {
        let Some(item) = items
            .iter()
            .find(|item| item.get("id").and_then(Value::as_str) == Some(&model.id))
        else {
            continue;
        };
        if let Some(found) = entry(item) {
            let loaded = item.get("loaded_context_length").and_then(Value::as_u64);
            model.context_length = loaded.or(found.context_length).or(model.context_length);
            model.loaded = found.loaded;
            model.capabilities = found.capabilities;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn list(document: &Value) -> Listing {
        parse_list(document.to_string().as_bytes()).expect("a list")
    }

    #[test]
    fn each_servers_list_is_recognised() {
        let cases = [
            ("tabbyAPI", Some(Profile::TabbyApi)),
            ("llamacpp", Some(Profile::LlamaCpp)),
            ("vllm", Some(Profile::Vllm)),
            ("organization_owner", Some(Profile::LmStudio)),
            ("openai", Some(Profile::OpenAi)),
            ("someone", None),
        ];
        for (owner, profile) in cases {
            let listing = list(&json!({"object": "list", "data": [{"id": "m", "owned_by": owner}]}));
            assert_eq!(listing.profile, profile, "{owner}");
        }
    }

    #[test]
    fn windows_and_abilities_are_read_from_every_dialect() {
        let listing = list(&json!({"data": [
            {"id": "a", "max_model_len": 32768},
            {"id": "b", "meta": {"n_ctx_train": 8192, "size": 4_000_000_000_u64}},
            {"id": "c", "context_length": 200_000, "architecture": {"input_modalities": ["text", "image"]},
             "supported_parameters": ["tools", "temperature"]},
            {"id": "d", "max_context_length": 131_072, "capabilities": {"completion_chat": true, "function_calling": true, "vision": false}},
            {"id": "text-embedding-3-small"},
            {"id": "e", "status": {"value": "unloaded"}},
        ]}));
        let [a, b, c, d, e, f] = listing.models.as_slice() else {
            panic!("six models")
        };
        assert_eq!(a.context_length, Some(32768));
        assert_eq!(
            (b.context_length, b.size_bytes),
            (Some(8192), Some(4_000_000_000))
        );
        assert_eq!(
            (c.context_length, c.capabilities.vision, c.capabilities.tools),
            (Some(200_000), Some(true), Some(true))
        );
        assert_eq!(
            (d.capabilities.chat, d.capabilities.vision),
            (Some(true), Some(false))
        );
        assert_eq!(
            (e.capabilities.embedding, e.capabilities.chat),
            (Some(true), Some(false))
        );
        assert_eq!(f.loaded, Some(false));
    }

    #[test]
    fn a_web_page_or_another_document_is_no_list() {
        assert!(parse_list(b"<html>").is_none());
        assert!(parse_list(b"{\"detail\":\"Not Found\"}").is_none());
        assert!(parse_list(b"{\"data\":[1,2]}").is_none());
        assert!(parse_list(b"{\"data\":[]}").is_some());
    }
}
