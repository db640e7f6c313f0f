//! Pairing with other homes, and whether everything works and has arrived.

mod accept;
mod aside;
mod copies;
mod end;
mod health;
mod invite;
mod kept;
mod pause;
mod update;
mod verdict;
mod words;

pub use accept::{InvitePage, PairPage};
pub use health::HealthPage;
pub use invite::PairInvitePage;
