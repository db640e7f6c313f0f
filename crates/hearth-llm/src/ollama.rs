//! Ollama's own API, with the types of `ollama-rs`.
//!
//! What is used of that crate: its messages, options, tools and model types, and (see
//! [`crate::Client::ollama`]) its client over this crate's guarded one, for model management. What is
//! not, and why (read in its version 0.3.6):
//!
//! - `send_chat_messages_stream` drops a packet that ends within a UTF-8 character, prints lines it
//!   cannot decode, among them `{"error": …}`, to standard error and goes on, requires all of the
//!   counters or none, and gives neither the status nor the headers of a refusal. So the body is
//!   sent and decoded here.
//! - `ChatMessageRequest` hides its `stream` field, which serialises as `false`, and `ChatMessage`
//!   has no `tool_name`; so the body is put together here from the parts.
//! - `list_local_models` and `show_model_info` read bodies of any size and drop `remote_host` and
//!   `remote_model`, which tell that a model runs in a cloud. So they are read here, into the same
//!   types with the missing fields beside them.

mod body;
mod decode;
mod models;

pub(crate) use body::body;
pub(crate) use decode::OllamaDecoder;
pub(crate) use models::{apply_show, parse_list, parse_loaded, parse_show, parse_version, show_body};
pub use models::{is_cloud_name, same_model};
