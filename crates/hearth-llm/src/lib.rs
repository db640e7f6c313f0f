//! Clients for LLM servers: Ollama, and those that speak OpenAI's chat completions API.
//!
//! A leaf crate: it knows nothing of accounts, storage or prompts. The caller says which
//! [`Provider`] to use and which [`Locality`] the account consented to, and gets a [`Client`] that
//! connects nowhere else ([`ErrorCode::LocalityChanged`] before a byte is sent).
//!
//! ```no_run
//! use hearth_llm::{
//!     ChatEvent, ChatRequest, Client, Locality, Message, Provider, ProviderKind, Quirks,
//!     SystemResolver, resolve_locality,
//! };
//! use tokio_util::sync::CancellationToken;
//!
//! # async fn example() -> Result<(), hearth_llm::LlmError> {
//! let provider = Provider::new(ProviderKind::Ollama, "http://127.0.0.1:11434")?;
//! // For the badge, and for asking for consent: sends nothing to the provider.
//! let locality = resolve_locality(provider.base_url(), &SystemResolver).await?;
//! # let consented = |_: Locality| true;
//! if !consented(locality) {
//!     return Ok(());
//! }
//! let client = Client::new(provider, locality)?;
//!
//! let report = client.check().await;
//! for hint in &report.hints {
//!     println!("{}", hint.text());
//! }
//!
//! let mut request = ChatRequest::new("llama3.2", vec![Message::user("Good morning!")]);
//! request.temperature = Some(0.7);
//! request.context_tokens = 8192;
//! let stop = CancellationToken::new();
//! // What was learned of this model earlier; `ChatEvent::Adapted` says when there is more to keep.
//! let quirks = Quirks::default();
//! let mut answer = client.chat(request, quirks, &stop);
//! while let Some(event) = answer.next().await {
//!     match event {
//!         Ok(ChatEvent::Delta(text)) => print!("{text}"),
//!         Ok(ChatEvent::Finish { reason }) => println!(" ({})", reason.as_str()),
//!         Ok(_) => {}
//!         // What came before stands.
//!         Err(error) => eprintln!("{}: {error}", error.code()),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What the caller can rely on
//!
//! - **Order**: `Loading` and `Retrying` come before the first text; `ToolCall`s, then `Usage`,
//!   then `Finish` come last. After `Finish` or an error there is nothing more.
//! - **Errors** carry a code of the assistant's list, plain words, and the wait of a `Retry-After`.
//!   They never hold a key. `Debug` and `Display` of errors, requests and events hold no content.
//! - **Retries** happen before the first token only: connection errors, 429, 502 to 504, after 1 s
//!   and 3 s or the server's wait up to 30 s. A parameter that a server rejects is left out once,
//!   and reported as [`ChatEvent::Adapted`] for the caller to keep per provider and model.
//! - **Stopping**: cancelling the token gives `Finish { reason: Stopped }` as the next and last
//!   event and closes the connection; so does dropping the stream, silently.
//! - **Bounds**: 8 MiB an event, bounded headers, no decompression, no redirects, time limits for
//!   connecting, the first token, pauses and the whole answer ([`Timeouts`]).
//! - **Ollama's cloud**: a model that Ollama passes on to the internet is refused unless
//!   [`ChatRequest::allow_cloud`]; [`ModelEntry::cloud`] marks it for its badge.
//!
//! # What is the caller's
//!
//! Consent, keys at rest, and budgets. Context: trimming once after `context_overflow`
//! ([`LlmError::context`] has the numbers that the server told). Tool calls with
//! [`ToolArguments::Invalid`] are to be answered to the model as an error. Pulling, loading and
//! unloading models is not here; [`Client::ollama`] hands out the guarded client for it.
//!
//! With the feature `testing` there are scripted and fake servers in [`testing`], for tests and demos.

mod chat;
mod check;
mod classify;
mod client;
mod clock;
mod error;
mod error_body;
mod event;
mod locality;
mod models;
pub mod ndjson;
mod ollama;
mod openai;
mod provider;
mod quirks;
mod redact;
mod request;
mod retry;
mod secret;
pub mod sse;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod think;
mod tool_calls;
mod turn;
pub mod utf8;
mod wire;

#[cfg(test)]
mod wire_tests;

pub use chat::ChatStream;
pub use check::{CheckReport, Hint};
pub use client::{Client, ClientBuilder};
pub use clock::{Clock, SystemClock, Wait};
pub use error::{ContextNumbers, ErrorCode, LlmError};
pub use event::{ChatEvent, FinishReason, ToolCallDelta, Usage, estimate_tokens};
pub use locality::{Locality, Resolver, SystemResolver, resolve_locality};
pub use models::{Capabilities, ModelEntry};
pub use ollama::{is_cloud_name as is_ollama_cloud, same_model as same_ollama_model};
pub use provider::{Profile, Provider, ProviderKind, Timeouts};
pub use quirks::{LimitField, Quirks};
pub use request::{ChatRequest, Image, Message, Reasoning, Role, ToolArguments, ToolCall, ToolSpec};
pub use secret::Secret;
