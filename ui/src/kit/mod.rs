//! What every screen stands on: text in two languages, time, keys, focus, long lists, Markdown, links, announcements.
//!
//! Nothing here knows a screen or talks to the node.

pub mod amount;
pub mod announce;
pub(crate) mod back;
pub mod dom;
pub mod entry;
pub mod find;
pub mod focus;
pub mod i18n;
pub mod ids;
pub mod keys;
pub mod links;
pub mod markdown;
pub mod modal;
pub mod password;
pub mod prefs;
pub mod qr;
pub mod time;
pub mod virtual_list;
