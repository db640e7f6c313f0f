//! People, friends, posts, media, notifications: who may see and do what.
//!
//! [`Social`] holds what the rules need (database, clock, ids, keys, files); its methods are the commands of the
//! product, spread over the modules by area. Each checks the rule and does one transaction: the change, the log rows for other
//! homes and the events for windows stand or fall together.
//!
//! Invariants:
//!
//! * `visibility` has the one rule of who sees what, `authz` the one table of who may do what; local commands and
//!   activities from other homes go through the same.
//! * Nothing from the wire changes a local account or names a local person as its author.
//!
//! Not here: SQL (`hearth-db`), wire formats and delivery (`hearth-federation`), HTTP and windows (`hearth-node`).

mod apply;
mod author;
mod comments;
mod devices;
mod drafts;
mod emoji;
mod feed;
mod friends;
mod posts;
mod scope;
mod text;
mod wire;

pub mod account;
pub mod authz;
pub mod cards;
pub mod identity;
pub mod media;
pub mod notifications;
pub mod profile;
pub mod session;
#[cfg(test)]
mod testing;
pub mod visibility;

pub use devices::NewDevice;
use hearth_api::account::Role;
use hearth_api::ports::{Clock, Entropy, Ids};
use hearth_api::{DeviceId, HomeId, PersonId, SessionId, Timestamp};
use hearth_db::Db;
use hearth_federation::keys::NodeId;
use hearth_federation::keystore::KeyStore;
use hearth_media::blob::BlobStore;
use hearth_media::upload::Uploads;
use std::sync::Arc;

/// The signed-in account on whose behalf a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub person: PersonId,
    /// Their role on this home.
    pub role: Role,
    /// The session used.
    pub session: SessionId,
}

/// The client that puts a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientInfo {
    /// What the device calls itself.
    pub device: String,
    /// Its network address; empty for the desktop window.
    pub address: String,
    /// The connected device that it is, if it comes over the network.
    pub paired: Option<DeviceId>,
}

/// What [`Social`] is made of.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// This home's keys.
    pub keys: Arc<KeyStore>,
    /// Stored files.
    pub blobs: Arc<BlobStore>,
    /// Uploads under way.
    pub uploads: Arc<Uploads>,
    /// This home.
    pub node: NodeId,
}

/// The social part of a home. Cheap to clone.
#[derive(Clone)]
pub struct Social {
    parts: Arc<Parts>,
    home: HomeId,
    passwords: account::Passwords,
    media: media::MediaParts,
}

impl std::fmt::Debug for Social {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Social")
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}

impl Social {
    /// The social part of the home that `parts` belong to.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let home = HomeId::from(&parts.node);
        Self {
            parts: Arc::new(parts),
            home,
            passwords: account::Passwords::default(),
            media: media::MediaParts::default(),
        }
    }

    /// Hashes passwords as cheaply as can be: for tests and demonstrations only.
    #[must_use]
    pub fn with_fast_passwords(self) -> Self {
        Self {
            passwords: account::Passwords::fast(),
            ..self
        }
    }

    /// Asks this disk how much space is free before taking files.
    #[must_use]
    pub fn with_free_space(self, disk: Arc<dyn media::FreeSpace>) -> Self {
        Self {
            media: self.media.with_free_space(disk),
            ..self
        }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.parts.db
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }
}
