//! How much of this home others may occupy: strangers in all and from one network, each peer for itself.

use crate::keys::NodeId;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// How long things may take, and how many at once.
#[derive(Debug, Clone, Copy)]
pub struct ListenerLimits {
    /// A TLS handshake.
    pub handshake: Duration,
    /// The head of a request; also how long an idle connection is kept.
    pub header: Duration,
    /// For a body to begin; from then on it must bring a thousand bytes a second.
    pub body: Duration,
    /// How long a connection may last on which no request was believed.
    pub stranger: Duration,
    /// Connections, in all, on which no request was believed yet.
    pub strangers: usize,
    /// Those from one network. Connections from this machine (a reverse proxy) are not counted by network.
    pub strangers_of_network: usize,
    /// Unsigned requests at once, in all.
    pub unsigned: usize,
    /// Requests of one peer at once.
    pub of_peer: usize,
    /// Requests of one peer in a burst.
    pub burst: u32,
    /// Requests of one peer a second, in the long run. With the burst, this bounds the nonces that are kept.
    pub per_second: u32,
}

impl Default for ListenerLimits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            header: Duration::from_secs(10),
            body: Duration::from_secs(10),
            stranger: Duration::from_secs(60),
            strangers: 256,
            strangers_of_network: 32,
            unsigned: 8,
            of_peer: 64,
            burst: 600,
            per_second: 20,
        }
    }
}

#[derive(Debug, Default)]
struct Strangers {
    all: usize,
    by_network: HashMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Peer {
    at_once: Arc<Semaphore>,
    bucket: Bucket,
}

/// A token bucket.
#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// Counts who occupies what.
#[derive(Debug)]
pub(crate) struct Gates {
    limits: ListenerLimits,
    strangers: Arc<Mutex<Strangers>>,
    unsigned: Arc<Semaphore>,
    peers: Mutex<HashMap<NodeId, Peer>>,
}

impl Default for Gates {
    fn default() -> Self {
        Self::new(ListenerLimits::default())
    }
}

/// A connection that counts as a stranger's until this is dropped.
pub(crate) struct Stranger {
    network: Option<IpAddr>,
    strangers: Arc<Mutex<Strangers>>,
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        strangers.all = strangers.all.saturating_sub(1);
        if let Some(network) = self.network
            && let Some(count) = strangers.by_network.get_mut(&network)
        {
            *count = count.saturating_sub(1);
            if *count == 0 {
                strangers.by_network.remove(&network);
            }
        }
    }
}

impl Gates {
    pub(crate) fn new(limits: ListenerLimits) -> Self {
        Self {
            limits,
            strangers: Arc::default(),
            unsigned: Arc::new(Semaphore::new(limits.unsigned)),
            peers: Mutex::default(),
        }
    }

    pub(crate) const fn limits(&self) -> &ListenerLimits {
        &self.limits
    }

    /// Lets a new connection in, if there is room for one more stranger.
    pub(crate) fn admit(&self, source: IpAddr) -> Option<Stranger> {
        let network = (!source.is_loopback()).then(|| network_of(source));
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        if strangers.all >= self.limits.strangers {
            return None;
        }
        if let Some(network) = network {
            let count = strangers.by_network.entry(network).or_default();
            if *count >= self.limits.strangers_of_network {
                return None;
            }
            *count += 1;
        }
        strangers.all += 1;
        Some(Stranger {
            network,
            strangers: Arc::clone(&self.strangers),
        })
    }

    /// Room for one unsigned request.
    pub(crate) fn unsigned(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.unsigned).try_acquire_owned().ok()
    }

    /// Room for one request of a peer; `Err` has the code of what there is too much of.
    pub(crate) fn peer(&self, node: &NodeId) -> Result<OwnedSemaphorePermit, crate::problem::Code> {
        let now = Instant::now();
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let full = f64::from(self.limits.burst);
        let peer = peers.entry(*node).or_insert_with(|| Peer {
            at_once: Arc::new(Semaphore::new(self.limits.of_peer)),
            bucket: Bucket {
                tokens: full,
                at: now,
            },
        });
        let earned = now.duration_since(peer.bucket.at).as_secs_f64() * f64::from(self.limits.per_second);
        peer.bucket.tokens = (peer.bucket.tokens + earned).min(full);
        peer.bucket.at = now;
        if peer.bucket.tokens < 1.0 {
            return Err(crate::problem::Code::RateLimited);
        }
        peer.bucket.tokens -= 1.0;
        let permit = Arc::clone(&peer.at_once).try_acquire_owned();
        permit.map_err(|_full| crate::problem::Code::Unavailable)
    }
}

/// All of an IPv6 network of 64 bits is one source, as one home has all of it.
fn network_of(source: IpAddr) -> IpAddr {
    match source.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from(u128::from(ip) & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;
    use crate::testing::node;

    fn gates() -> Gates {
        Gates::new(ListenerLimits {
            strangers: 3,
            strangers_of_network: 2,
            of_peer: 2,
            burst: 4,
            per_second: 0,
            ..ListenerLimits::default()
        })
    }

    #[test]
    fn one_network_leaves_room_for_others_and_gives_back_what_it_had() {
        let gates = gates();
        let (here, there) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let first = gates.admit(here).unwrap();
        let _second = gates.admit(here).unwrap();
        assert!(gates.admit(here).is_none());
        let _third = gates.admit(there).unwrap();
        assert!(gates.admit(there).is_none(), "three in all");
        drop(first);
        assert!(gates.admit(here).is_some());
    }

    #[test]
    fn hosts_of_one_ipv6_network_are_one_source() {
        let gates = gates();
        let host = |n: u16| IpAddr::from([0x2001, 0xdb8, 0, 0, n, 0, 0, 1]);
        let _one = gates.admit(host(1)).unwrap();
        let _two = gates.admit(host(2)).unwrap();
        assert!(gates.admit(host(3)).is_none());
    }

    #[test]
    fn eight_unsigned_requests_at_once_are_enough() {
        let gates = Gates::default();
        let mut rooms: Vec<_> = (0..8).map(|_| gates.unsigned().unwrap()).collect();
        assert!(gates.unsigned().is_none());
        rooms.pop();
        assert!(gates.unsigned().is_some());
    }

    #[tokio::test]
    async fn a_peer_is_bounded_at_once_and_in_the_long_run_and_others_are_not_affected() {
        let gates = gates();
        let (anna, ben) = (node(1).id(), node(2).id());
        let one = gates.peer(&anna).unwrap();
        let _two = gates.peer(&anna).unwrap();
        assert_eq!(gates.peer(&anna).unwrap_err(), Code::Unavailable);
        drop(one);
        let _three = gates.peer(&anna).unwrap();
        assert_eq!(gates.peer(&anna).unwrap_err(), Code::RateLimited);
        assert!(gates.peer(&ben).is_ok());
    }
}
