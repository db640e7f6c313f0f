//! One file per table: row types and statements.

pub mod account;
pub mod account_invite;
pub mod attachment;
pub mod attempt;
pub mod card;
pub mod credential;
pub mod event;
pub mod home;
pub mod media;
pub mod media_owner;
pub mod meta;
pub mod notification;
pub mod notification_setting;
pub mod peer_log;
pub mod person;
pub mod profile;
pub mod secret;
pub mod session;
pub mod upload;
