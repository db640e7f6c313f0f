//! What the window knows: who is signed in, how it looks, whether the home answers, what came in; and the hooks that
//! screens fetch and change things with.

pub mod desktop;
pub mod jobs;
pub mod live;
pub mod mutation;
pub mod online;
pub mod query;
pub mod session;
pub mod store;
pub mod toasts;
pub mod unsaved;
pub mod waiting;

pub use live::{Topic, use_live};
pub use mutation::{Mutation, use_mutation};
pub use query::{Query, use_query};
pub use session::{use_me, use_session, use_settings};
