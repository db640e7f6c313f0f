//! The OpenAI chat completions API, as OpenAI and many local servers speak it.

mod body;
mod decode;
mod models;

pub(crate) use body::{body, limit_field};
pub(crate) use decode::OpenAiDecoder;
pub(crate) use models::{Listing, details, parse_list};
