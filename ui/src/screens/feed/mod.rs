//! The feed and writing: what is shown, what is new, what was begun.

mod actions;
mod aside;
mod compose;
mod list;
mod live;
mod model;
mod outbox;
mod page;
mod sheets;
mod tray;

pub use super::post::PostPage;
pub(crate) use actions::{Patch, copy_link, use_post_actions};
pub(crate) use compose::{Saved, Snapshot, open_draft, stored, suggestions, use_saver};
pub(crate) use list::{Ending, FeedList};
pub(crate) use live::use_feed;
pub(crate) use outbox::{hide, items, use_hidden};
pub use page::{ComposePage, FeedPage, FeedPageProps};
pub(crate) use sheets::HistoryDialog;
pub(crate) use tray::{Tray, use_tray};
