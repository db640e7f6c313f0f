//! A provider: which server, how it speaks, what it may be told.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    error::{ErrorCode, LlmError},
    secret::Secret,
};

/// The protocol a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// Ollama's own API.
    Ollama,
    /// The OpenAI chat completions API, as many servers offer it.
    #[serde(rename = "openai")]
    OpenAi,
}

/// Which server is behind an OpenAI-compatible API; decides over small differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Any other server.
    #[default]
    Generic,
    /// TabbyAPI.
    #[serde(rename = "tabbyapi")]
    TabbyApi,
    /// llama.cpp's `llama-server`.
    LlamaCpp,
    /// vLLM.
    Vllm,
    /// LM Studio.
    LmStudio,
    /// OpenAI itself.
    #[serde(rename = "openai")]
    OpenAi,
}

impl Profile {
    /// The name shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Generic => "OpenAI-compatible",
            Self::TabbyApi => "TabbyAPI",
            Self::LlamaCpp => "llama.cpp",
            Self::Vllm => "vLLM",
            Self::LmStudio => "LM Studio",
            Self::OpenAi => "OpenAI",
        }
    }
}

/// The time limits of a provider. All but the defaults are held between 10 and 900 seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands.
    pub connect: Duration,
    /// From sending to the first token; by default 300 s for a local provider, else 120 s.
    pub first_token: Option<Duration>,
    /// Between two pieces of the answer.
    pub idle: Duration,
    /// The whole turn.
    pub turn: Duration,
    /// A server that says it is loading the model.
    pub load: Duration,
}

impl Timeouts {
    const LEAST: Duration = Duration::from_secs(10);
    const MOST: Duration = Duration::from_secs(900);

    /// The same limits, each within the allowed range.
    #[must_use]
    pub fn clamped(self) -> Self {
        let clamp = |d: Duration| d.clamp(Self::LEAST, Self::MOST);
        Self {
            connect: clamp(self.connect),
            first_token: self.first_token.map(clamp),
            idle: clamp(self.idle),
            turn: clamp(self.turn),
            load: clamp(self.load),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_token: None,
            idle: Duration::from_secs(60),
            turn: Duration::from_secs(600),
            load: Duration::from_secs(300),
        }
    }
}

/// A configured server.
#[derive(Debug, Clone)]
pub struct Provider {
    /// The protocol.
    pub kind: ProviderKind,
    base_url: Url,
    /// Sent as a bearer token.
    pub api_key: Option<Secret>,
    /// Further request headers, whose values may be secrets too.
    pub extra_headers: Vec<(String, Secret)>,
    /// The server behind an OpenAI-compatible API; not used for Ollama.
    pub profile: Profile,
    /// Time limits.
    pub timeouts: Timeouts,
}

impl Provider {
    /// A provider at `base_url`: Ollama's root (`http://127.0.0.1:11434`), or the address under
    /// which an OpenAI-compatible server has `chat/completions` (usually ends in `/v1`).
    ///
    /// # Errors
    /// `invalid_input` unless it is an `http` or `https` URL with a host and without user name,
    /// password, query and fragment.
    pub fn new(kind: ProviderKind, base_url: &str) -> Result<Self, LlmError> {
        let invalid = |what: &'static str| {
            LlmError::new(
                ErrorCode::InvalidInput,
                what,
                "Enter an address such as http://127.0.0.1:11434 or https://host/v1.",
            )
        };
        let url = Url::parse(base_url.trim())
            .map_err(|error| invalid("The address is not a URL.").with_detail(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(invalid(
                "The address does not begin with http:// or https:// and a host.",
            ));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid(
                "The address holds a user name or password; keys have their own field.",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("The address goes on after the path."));
        }
        Ok(Self {
            kind,
            base_url: url,
            api_key: None,
            extra_headers: Vec::new(),
            profile: Profile::default(),
            timeouts: Timeouts::default(),
        })
    }

    /// The same provider with a key; an empty one counts as none.
    #[must_use]
    pub fn with_api_key(mut self, key: impl Into<Secret>) -> Self {
        let key = key.into();
        self.api_key = (!key.is_empty()).then_some(key);
        self
    }

    /// The same provider with a profile.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The configured address.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// The address of an endpoint under the base.
    pub(crate) fn endpoint(&self, path: &str) -> Url {
        join(&self.base_url, path)
    }

    /// The address of an endpoint beside `/v1`.
    pub(crate) fn root_endpoint(&self, path: &str) -> Url {
        let mut url = self.base_url.clone();
        strip_suffix(&mut url, &["v1"]);
        join(&url, path)
    }
}

pub(crate) fn join(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path.split('/'));
    }
    url
}

/// Takes the given last path segments off, if they are all there.
pub(crate) fn strip_suffix(url: &mut Url, suffix: &[&str]) -> bool {
    let ends = url.path_segments().is_some_and(|segments| {
        let mut segments: Vec<&str> = segments.collect();
        if segments.last() == Some(&"") {
            segments.pop();
        }
        segments.ends_with(suffix)
    });
    if ends && let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty();
        for _ in suffix {
            segments.pop();
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_joined_with_and_without_a_final_slash() {
        for base in ["http://h:1/v1", "http://h:1/v1/"] {
            let provider = Provider::new(ProviderKind::OpenAi, base).expect("valid");
            assert_eq!(
                provider.endpoint("chat/completions").as_str(),
                "http://h:1/v1/chat/completions"
            );
            assert_eq!(provider.root_endpoint("props").as_str(), "http://h:1/props");
        }
        let provider = Provider::new(ProviderKind::Ollama, "http://h:1").expect("valid");
        assert_eq!(provider.endpoint("api/chat").as_str(), "http://h:1/api/chat");
    }

    #[test]
    fn addresses_that_hide_something_are_refused() {
        for bad in [
            "ftp://h",
            "h:11434",
            "http://me:pw@h",
            "http://h/v1?key=1",
            "http://h/#x",
            "",
            "http://",
        ] {
            let result = Provider::new(ProviderKind::OpenAi, bad);
            assert_eq!(
                result.err().map(|e| e.code()),
                Some(ErrorCode::InvalidInput),
                "{bad}"
            );
        }
    }

    #[test]
    fn limits_stay_within_range() {
        let odd = Timeouts {
            connect: Duration::ZERO,
            turn: Duration::MAX,
            ..Timeouts::default()
        };
        assert_eq!(odd.clamped().connect, Duration::from_secs(10));
        assert_eq!(odd.clamped().turn, Duration::from_secs(900));
    }

    #[test]
    fn a_printed_provider_shows_no_key() {
        let mut provider = Provider::new(ProviderKind::OpenAi, "http://h/v1")
            .expect("valid")
            .with_api_key("sk-123");
        provider
            .extra_headers
            .push(("x-token".to_owned(), Secret::new("tok-456")));
        let printed = format!("{provider:?}");
        assert!(
            !printed.contains("sk-123") && !printed.contains("tok-456"),
            "{printed}"
        );
    }
}
