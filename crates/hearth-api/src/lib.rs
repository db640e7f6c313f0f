//! What Hearth's clients and its core say to each other.
//!
//! Ids, request and answer types, the one command table, events and error codes. The desktop window,
//! a browser, the command line and the tests all speak exactly this. No I/O happens here: the crate builds
//! for wasm32 and knows neither runtime, database nor network.
//!
//! To add a command: write the request and answer types in the module of its area, add one line to the table in
//! [`mod@table`], and the node will not compile until it has a handler.

pub mod access;
pub mod account;
pub mod answer;
pub mod app;
pub mod backup;
pub mod chat;
pub mod command;
pub mod desktop;
pub mod error;
pub mod event;
pub mod feed;
pub mod health;
pub mod homes;
pub mod ids;
pub mod media;
pub mod notify;
pub mod parameters;
pub mod people;
pub mod ports;
pub mod profile;
pub mod provider;
pub mod session;
pub mod table;

pub use command::{Command, CommandInfo, Page, Reach, Scope, find_command};
pub use error::{ApiError, ApiResult, Code};
pub use event::{Event, EventEnvelope};
pub use ids::*;
