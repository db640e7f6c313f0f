//! Puts Hearth together: [`Node`], dispatch, workers, listeners; the headless binary `hearth`.
//!
//! A node owns everything of one home. Clients (the desktop shell, browsers over [`http`], the command line over [`control`],
//! tests) put commands to [`Node::dispatch`] and listen to [`Node::subscribe`]. Every command of the one table in `hearth-api` has
//! one line in `handlers`; a command without a handler does not compile.
//!
//! Not here: rules (`hearth-social`, `hearth-assistant`), SQL, wire formats.

mod access;
pub mod backup;
pub mod caller;
pub mod config;
pub mod control;
mod dispatch;
pub mod doctor;
mod events;
mod fetching;
mod files;
mod handlers;
mod health;
mod homes;
pub mod http;
mod key_place;
pub mod keychain;
pub mod logs;
pub mod master;
mod media;
mod no_home;
mod node;
mod open_error;
mod quiet;
pub mod system;
pub mod words;
mod workers;

pub use caller::{Caller, Reply, SessionChange, SessionToken};
pub use config::NodeConfig;
pub use media::{MediaAnswer, RangeWanted};
pub use no_home::{NoHome, NoHomeKind};
pub use node::{Node, is_home};
pub use open_error::OpenError;
