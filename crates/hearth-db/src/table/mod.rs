//! One file per table: row types and statements.

pub mod event;
pub mod home;
pub mod meta;
pub mod peer_log;
pub mod person;
pub mod secret;
