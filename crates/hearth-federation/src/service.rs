//! The connection of a home with others: what its parts share.
//!
//! [`Federation`] is the handle; its methods are spread over the modules by job: meeting (`pairing_service`), commands about
//! paired homes (`homes`), sending (`delivery`), receiving (`reception`, `listener`), files (`media`).

use crate::apply::Apply;
use crate::keys::{NodeId, NodeKey};
use crate::keystore::KeyStore;
use crate::limiter::AttemptLimiter;
use crate::media::MediaSource;
use crate::pairing::Agreement;
use crate::reconcile::{Life, Runs, begin_life};
use crate::transport::Transport;
use hearth_api::ports::{Clock, Ids};
use hearth_api::{ApiResult, HomeId, Timestamp};
use hearth_db::Db;
use rand::Rng as _;
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most stamps that a start leaves out.
const LEFT_OUT: u32 = 1024;

/// What [`Federation`] is made of.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// This home's keys, and randomness.
    pub keys: Arc<KeyStore>,
    /// This home's own key.
    pub node_key: NodeKey,
    /// The program's version, told to paired homes.
    pub program_version: String,
    /// The rules.
    pub apply: Arc<dyn Apply>,
    /// Files for other homes.
    pub media: Arc<dyn MediaSource>,
    /// How bytes reach a peer.
    pub transport: Arc<dyn Transport>,
}

/// The connection of a home with others. Cheap to clone.
#[derive(Clone)]
pub struct Federation {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    node_id: NodeId,
    home: HomeId,
    life: Mutex<Life>,
    runs: Runs,
    /// Held while it is decided whether a new life begins.
    renewal: tokio::sync::Mutex<()>,
    /// The homes that this run has told that it is there.
    greeted: Mutex<HashSet<HomeId>>,
    attempts: Mutex<AttemptLimiter>,
    partings: Mutex<AttemptLimiter>,
    /// Agreements that wait for the joiner's confirmation, by the name of their secret.
    agreed: Mutex<HashMap<String, Agreement>>,
    listening: Mutex<Option<SocketAddr>>,
    delivery: crate::delivery::Signals,
    gates: crate::listener::Gates,
    polls: crate::delivery::Polls,
}

impl std::fmt::Debug for Federation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Federation")
            .field("home", &self.inner.home)
            .finish_non_exhaustive()
    }
}

impl Federation {
    /// The connections of the home that `parts` belong to. Makes the database's epoch when it has none.
    ///
    /// # Errors
    /// A storage error.
    pub async fn new(parts: Parts) -> ApiResult<Self> {
        Self::with_limits(parts, crate::listener::ListenerLimits::default()).await
    }

    /// As [`Federation::new`], with other limits for what others may occupy.
    ///
    /// # Errors
    /// A storage error.
    pub async fn with_limits(parts: Parts, limits: crate::listener::ListenerLimits) -> ApiResult<Self> {
        let keys = Arc::clone(&parts.keys);
        let now = parts.clock.now();
        let node_id = parts.node_key.id();
        let (life, runs) = parts
            .db
            .write(move |tx| {
                let left_out = keys.rng().next_u32() % LEFT_OUT + 1;
                crate::log::leave_out(tx, &node_id, left_out, now)?;
                begin_life(tx, &keys, now)
            })
            .await?;
        Ok(Self {
            inner: Arc::new(Inner {
                home: HomeId::from(&node_id),
                node_id,
                life: Mutex::new(life),
                runs,
                renewal: tokio::sync::Mutex::default(),
                greeted: Mutex::default(),
                attempts: Mutex::default(),
                partings: Mutex::default(),
                agreed: Mutex::new(HashMap::new()),
                listening: Mutex::new(None),
                delivery: crate::delivery::Signals::default(),
                gates: crate::listener::Gates::new(limits),
                polls: crate::delivery::Polls::default(),
                parts,
            }),
        })
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.parts.db
    }
    pub(crate) fn now(&self) -> Timestamp {
        self.inner.parts.clock.now()
    }
    pub(crate) fn ids(&self) -> &dyn Ids {
        &*self.inner.parts.ids
    }
    pub(crate) fn keys(&self) -> &Arc<KeyStore> {
        &self.inner.parts.keys
    }
    pub(crate) fn node_key(&self) -> &NodeKey {
        &self.inner.parts.node_key
    }
    /// This home's node id.
    #[must_use]
    pub fn node_id(&self) -> &NodeId {
        &self.inner.node_id
    }
    pub(crate) fn home(&self) -> &HomeId {
        &self.inner.home
    }
    pub(crate) fn greeted(&self) -> MutexGuard<'_, HashSet<HomeId>> {
        self.inner.greeted.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(crate) fn lives(&self) -> MutexGuard<'_, Life> {
        self.inner.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(crate) fn runs(&self) -> &Runs {
        &self.inner.runs
    }
    pub(crate) fn renewal(&self) -> &tokio::sync::Mutex<()> {
        &self.inner.renewal
    }
    pub(crate) fn program_version(&self) -> &str {
        &self.inner.parts.program_version
    }
    pub(crate) fn apply(&self) -> &Arc<dyn Apply> {
        &self.inner.parts.apply
    }
    pub(crate) fn media_source(&self) -> &Arc<dyn MediaSource> {
        &self.inner.parts.media
    }
    pub(crate) fn transport(&self) -> &Arc<dyn Transport> {
        &self.inner.parts.transport
    }
    pub(crate) fn signals(&self) -> &crate::delivery::Signals {
        &self.inner.delivery
    }
    pub(crate) fn gates(&self) -> &crate::listener::Gates {
        &self.inner.gates
    }
    pub(crate) fn polls(&self) -> &crate::delivery::Polls {
        &self.inner.polls
    }
    pub(crate) fn attempts(&self) -> MutexGuard<'_, AttemptLimiter> {
        self.inner.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(crate) fn partings(&self) -> MutexGuard<'_, AttemptLimiter> {
        self.inner.partings.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(crate) fn agreed(&self) -> MutexGuard<'_, HashMap<String, Agreement>> {
        self.inner.agreed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells where this home listens, for the addresses in its invites.
    pub fn set_listening(&self, address: SocketAddr) {
        *self
            .inner
            .listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(address);
    }
    pub(crate) fn listening(&self) -> Option<SocketAddr> {
        *self
            .inner
            .listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
