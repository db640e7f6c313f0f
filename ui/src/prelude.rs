//! What a screen needs: `use crate::prelude::*;`.

pub use crate::backend::{self, call, media_url};
pub use crate::components::*;
pub use crate::frame::nav::{Go, use_go, use_place, use_query_value};
pub use crate::frame::{AppBar, Page, PageWidth, PaneGroup, PaneShown};
pub use crate::kit::dom::{use_event, use_media, use_unique, use_vars, use_window_event};
pub use crate::kit::keys::{self, Command as KeyCommand, Key, use_commands};
pub use crate::kit::markdown::Flavour;
pub use crate::kit::{announce, focus, ids, time as when};
pub use crate::routes::Route;
pub use crate::state::mutation::{optimistic, optimistic_text};
pub use crate::state::query::{ask, use_query_if};
pub use crate::state::toasts::{self, error_text};
pub use crate::state::{
    Mutation, Query, Topic, use_live, use_me, use_mutation, use_query, use_session, use_settings,
};
pub use crate::t;
pub use std::rc::Rc;
pub use yew::prelude::*;
