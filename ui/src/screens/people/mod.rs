//! People: profiles, friends and requests.

pub use super::friends::FriendsPage;
pub use super::profile::{ProfilePage, ProfilePart};
