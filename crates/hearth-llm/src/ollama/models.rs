//! Reads Ollama's lists and descriptions of models.

use ollama_rs::models::{LocalModel, ModelInfo};
use serde::Deserialize;
use serde_json::Value;

use crate::models::{Capabilities, ModelEntry};

/// One entry of `/api/tags`: the model of `ollama-rs`, and what it leaves out.
#[derive(Deserialize)]
struct Tag {
    #[serde(flatten)]
    model: LocalModel,
    remote_host: Option<String>,
    remote_model: Option<String>,
}

/// The answer of `/api/show`: that of `ollama-rs`, and what it leaves out.
#[derive(Deserialize)]
struct Show {
    #[serde(flatten)]
    info: ModelInfo,
    remote_host: Option<String>,
    remote_model: Option<String>,
}

/// What matters of a model's description.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) cloud: bool,
    context_length: Option<u64>,
    capabilities: Option<Capabilities>,
}

/// A model in memory.
#[derive(Debug, Deserialize)]
pub(crate) struct Loaded {
    pub(crate) name: String,
}

/// Tells by its name alone that a model runs in Ollama's cloud: `gpt-oss:120b-cloud`, `glm-4.6:cloud`.
pub fn is_cloud_name(name: &str) -> bool {
    name.rsplit_once(':')
        .is_some_and(|(_, tag)| tag == "cloud" || tag.ends_with("-cloud"))
}

/// Compares names as Ollama does, which reads a missing tag as `latest`.
pub fn same_model(a: &str, b: &str) -> bool {
    let full = |name: &str| {
        let last = name.rsplit('/').next().unwrap_or(name);
        if last.contains(':') {
            name.to_owned()
        } else {
            format!("{name}:latest")
        }
    };
    a == b || full(a) == full(b)
}

fn remote(host: Option<&str>, model: Option<&str>) -> bool {
    [host, model].into_iter().flatten().any(|text| !text.is_empty())
}

fn list(body: &[u8]) -> Option<Vec<Value>> {
    match serde_json::from_slice::<Value>(body)
        .ok()?
        .get_mut("models")?
        .take()
    {
        Value::Array(models) => Some(models),
        Value::Null => Some(Vec::new()),
        _ => None,
    }
}

/// Reads `/api/tags`.
pub(crate) fn parse_list(body: &[u8]) -> Option<Vec<ModelEntry>> {
    let tags = list(body)?
        .into_iter()
        .filter_map(|tag| serde_json::from_value::<Tag>(tag).ok());
    Some(
        tags.map(|tag| ModelEntry {
            cloud: remote(tag.remote_host.as_deref(), tag.remote_model.as_deref())
                || is_cloud_name(&tag.model.name),
            size_bytes: Some(tag.model.size),
            ..ModelEntry::new(tag.model.name)
        })
        .collect(),
    )
}

/// Reads `/api/ps`.
pub(crate) fn parse_loaded(body: &[u8]) -> Option<Vec<Loaded>> {
    Some(
        list(body)?
            .into_iter()
            .filter_map(|model| serde_json::from_value(model).ok())
            .collect(),
    )
}

/// Reads `/api/version`.
pub(crate) fn parse_version(body: &[u8]) -> Option<String> {
    let version = serde_json::from_slice::<Value>(body).ok()?;
    Some(version.get("version")?.as_str()?.chars().take(40).collect())
}

/// The body of `/api/show`.
pub(crate) fn show_body(model: &str) -> Vec<u8> {
    serde_json::json!({"model": model}).to_string().into_bytes()
}

/// Reads `/api/show`.
pub(crate) fn parse_show(body: &[u8]) -> Option<Shown> {
    let show: Show = serde_json::from_slice(body).ok()?;
    let info = &show.info.model_info;
    let of_architecture = info
        .get("general.architecture")
        .and_then(Value::as_str)
        .and_then(|architecture| info.get(&format!("{architecture}.context_length")));
    let context = of_architecture.or_else(|| {
        info.iter()
            .find(|(key, _)| key.ends_with(".context_length"))
            .map(|(_, value)| value)
    });
    Some(Shown {
        cloud: remote(show.remote_host.as_deref(), show.remote_model.as_deref()),
        context_length: context.and_then(Value::as_u64),
        capabilities: (!show.info.capabilities.is_empty())
            .then(|| Capabilities::from_words(&show.info.capabilities)),
    })
}

/// Adds what a description tells to an entry.
pub(crate) fn apply_show(entry: &mut ModelEntry, shown: Shown) {
    entry.cloud |= shown.cloud;
    entry.context_length = shown.context_length.or(entry.context_length);
    entry.capabilities = shown.capabilities.unwrap_or(entry.capabilities);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_marks_models_of_the_cloud() {
        let body = br#"{"models":[
            {"name":"llama3.2:3b","modified_at":"2025-01-01T00:00:00Z","size":2019393189,"details":{"family":"llama"}},
            {"name":"gpt-oss:120b-cloud","modified_at":"2025-01-01T00:00:00Z","size":384},
            {"name":"mine","modified_at":"2025-01-01T00:00:00Z","size":400,"remote_host":"https://ollama.com:443","remote_model":"gpt-oss:20b"},
            {"broken":true}]}"#;
        let models = parse_list(body).expect("a list");
        let seen: Vec<_> = models
            .iter()
            .map(|m| (m.id.as_str(), m.cloud, m.size_bytes))
            .collect();
        assert_eq!(
            seen,
            [
                ("llama3.2:3b", false, Some(2_019_393_189)),
                ("gpt-oss:120b-cloud", true, Some(384)),
                ("mine", true, Some(400))
            ]
        );
        assert_eq!(parse_list(b"{}"), None);
        assert_eq!(parse_list(b"<html>"), None);
    }

    #[test]
    fn a_description_gives_window_and_capabilities() {
        let body = br#"{"modelfile":"","details":{},"model_info":{"general.architecture":"llama","llama.context_length":131072},
            "capabilities":["completion","tools"]}"#;
        let shown = parse_show(body).expect("a description");
        assert_eq!((shown.cloud, shown.context_length), (false, Some(131_072)));
        let capabilities = shown.capabilities.expect("told");
        assert_eq!(
            (capabilities.tools, capabilities.vision),
            (Some(true), Some(false))
        );
        let cloud = parse_show(br#"{"remote_model":"gpt-oss:20b","remote_host":"https://ollama.com:443"}"#);
        assert!(cloud.expect("a description").cloud);
    }

    #[test]
    fn names_are_compared_with_the_default_tag() {
        assert!(same_model("llama3", "llama3:latest"));
        assert!(same_model("hf.co/a/b", "hf.co/a/b:latest"));
        assert!(!same_model("llama3", "llama3:8b"));
        assert!(is_cloud_name("a/b:480b-cloud") && is_cloud_name("x:cloud") && !is_cloud_name("cloud"));
    }
}
