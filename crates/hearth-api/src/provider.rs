//! Model providers, their models, and consent to send them data.

use crate::ids::{ProviderId, Timestamp};
use serde::{Deserialize, Serialize};

/// The protocol a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// Ollama.
    Ollama,
    /// OpenAI-compatible.
    OpenAi,
}

/// Where a provider's address is, as resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locality {
    /// This machine.
    Local,
    /// A private address.
    Lan,
    /// The rest.
    Remote,
    /// Not resolved yet.
    Unknown,
}

/// Whom a provider serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderOwner {
    /// Everybody of this home; admins edit it.
    Home,
    /// Only the account that made it.
    Me,
}

/// A provider as its users see it; never with its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Its name.
    pub name: String,
    /// Its protocol.
    pub kind: ProviderKind,
    /// What it was recognised as: `ollama`, `tabby_api`, `llama_cpp`, `vllm`, `lm_studio`, `open_ai`, `generic`.
    pub profile: String,
    /// Base URL.
    pub base_url: String,
    /// Whether a key is stored.
    pub has_key: bool,
    /// Whom it serves.
    pub owner: ProviderOwner,
    /// Whether the viewer may edit it.
    pub editable: bool,
    /// Where it is.
    pub locality: Locality,
    /// Whether the viewer's consent is needed and missing.
    pub consent_needed: bool,
    /// The viewer's consent.
    pub consent: Option<Consent>,
    /// Whether it answered last time.
    pub online: Option<bool>,
    /// The last error, a stable code.
    pub last_error: Option<String>,
    /// When it was last checked.
    pub checked_at: Option<Timestamp>,
    /// Its models as last listed, and those typed by hand, with what was said about them otherwise.
    pub models: Vec<Model>,
    /// How long to wait for it.
    #[serde(default)]
    pub limits: TimeLimits,
}

/// Shortest time limit, in seconds.
pub const MIN_LIMIT: u32 = 10;
/// Longest time limit, in seconds.
pub const MAX_LIMIT: u32 = 900;

/// How long to wait for a provider, in seconds, 10 to 900 each. What is not set has its usual length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeLimits {
    /// Until a connection stands; usually 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect: Option<u32>,
    /// Until the first token; usually 120, on this machine 300.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token: Option<u32>,
    /// Between two pieces of an answer; usually 60.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<u32>,
    /// The whole answer; usually 600.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<u32>,
}

/// A consent to send data to a provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Consent {
    /// When it was given.
    pub at: Timestamp,
    /// The address it holds for.
    pub address: String,
    /// The locality it holds for.
    pub locality: Locality,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Its id on the provider.
    pub id: String,
    /// Tokens of context, when known.
    pub context: Option<u32>,
    /// What it can: `chat`, `vision`, `tools`, `reasoning`, `embedding`, `audio`.
    pub capabilities: Vec<String>,
    /// Whether it is in memory, when known.
    pub loaded: Option<bool>,
    /// Bytes, when known.
    pub size: Option<u64>,
    /// Where it really runs: an Ollama model may be proxied to a remote host.
    pub locality: Locality,
    /// Whether consent is missing for it, perhaps only because it runs further away than its provider.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub consent_needed: bool,
    /// Whether its id was typed, and the server does not list it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
    /// What the server tells, where a person said otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<ModelFacts>,
}

/// What a model can be said to have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelFacts {
    /// Tokens of context, when known.
    pub context: Option<u32>,
    /// What it can, as in [`Model`].
    pub capabilities: Vec<String>,
}

/// What a model can be said to be able to.
pub const CAPABILITIES: [&str; 6] = ["chat", "vision", "tools", "reasoning", "embedding", "audio"];
/// Longest id of a model, in characters.
pub const MAX_MODEL_ID: usize = 200;
/// Most models of a provider with an id typed by hand.
pub const MAX_TYPED_MODELS: usize = 100;

/// A model on a provider.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ModelRef {
    /// The provider.
    pub provider: ProviderId,
    /// The model's id there.
    pub model: String,
}

/// Lists the providers the viewer may use.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListProviders {}

/// Adds a provider, or changes one.
#[derive(Clone, Serialize, Deserialize)]
pub struct SaveProvider {
    /// Which; `None` adds (up to 20).
    #[serde(default)]
    pub id: Option<ProviderId>,
    /// Name, 1-80 characters.
    pub name: String,
    /// Protocol.
    pub kind: ProviderKind,
    /// Base URL, http or https.
    pub base_url: String,
    /// A new key; empty removes it; not given keeps it.
    #[serde(default)]
    pub api_key: Option<String>,
    /// Extra headers, at most 10; not given keeps them.
    #[serde(default)]
    pub headers: Option<Vec<(String, String)>>,
    /// Whom it serves; `home` needs an admin.
    pub owner: ProviderOwner,
    /// How long to wait for it; not given keeps what is set.
    #[serde(default)]
    pub limits: Option<TimeLimits>,
}

impl std::fmt::Debug for SaveProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SaveProvider")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Adds a model by its id, for servers that do not list theirs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddModel {
    /// On which provider.
    pub provider: ProviderId,
    /// The id that the server knows it by, 1-200 characters.
    pub model: String,
}

/// Takes a model away whose id was typed by hand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveModel {
    /// From which provider.
    pub provider: ProviderId,
    /// Which.
    pub model: String,
}

/// Says about a model otherwise than its server does; what is not given is as the server tells.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DescribeModel {
    /// On which provider.
    pub provider: ProviderId,
    /// Which model.
    pub model: String,
    /// Tokens of context, 512 to 2097152.
    #[serde(default)]
    pub context: Option<u32>,
    /// What it can: all of it, out of [`CAPABILITIES`].
    #[serde(default)]
    pub capabilities: Option<Vec<String>>,
}

/// Deletes a provider and its key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteProvider {
    /// Which.
    pub id: ProviderId,
}

/// Checks the connection, within 10 seconds. The model list is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckProvider {
    /// Which.
    pub id: ProviderId,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckReport {
    /// Whether the server answered.
    pub reachable: bool,
    /// Whether it accepted the key.
    pub authorised: bool,
    /// Milliseconds of the answer.
    pub latency_ms: Option<u64>,
    /// Stable codes of hints, such as `missing_v1`, `no_model_list`.
    pub hints: Vec<String>,
    /// The error's code, if it failed.
    pub error: Option<String>,
    /// What happened, in plain words.
    pub message: String,
    /// The provider afterwards.
    pub provider: Provider,
}

/// Gives or takes back consent to send the viewer's data to a provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetConsent {
    /// Which provider.
    pub id: ProviderId,
    /// Whether to send.
    pub given: bool,
}

/// Chooses the default model: the account's, or the home's (admins).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetDefaultModel {
    /// Whose default.
    pub owner: ProviderOwner,
    /// Which; `None` clears.
    pub model: Option<ModelRef>,
}

/// Asks for the defaults.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetDefaultModels {}

/// The default models.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DefaultModels {
    /// The account's.
    pub me: Option<ModelRef>,
    /// The home's.
    pub home: Option<ModelRef>,
}
