//! How much of this home others may occupy: strangers in all and from one network, each peer for itself.

use crate::keys::NodeId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long things may take, and how many at once.
#[derive(Debug, Clone, Copy)]
pub struct ListenerLimits {
    /// A TLS handshake.
    pub handshake: Duration,
    /// The head of a request; also how long an idle connection is kept.
    pub header: Duration,
    /// For a body to begin; from then on it must bring a thousand bytes a second.
    pub body: Duration,
    /// How long an answer waits for being read on; longer for who took much before.
    pub answer: Duration,
    /// How long a connection may last on which no request was believed.
    pub stranger: Duration,
    /// Connections, in all, on which no request was believed yet. One more, and the oldest of the network with the most ends.
    pub strangers: usize,
    /// Those from one network; one more, and the oldest of them ends. Connections from this machine (a reverse proxy) are not counted by network.
    pub strangers_of_network: usize,
    /// Unsigned requests at once, in all.
    pub unsigned: usize,
    /// Connections of one peer; one more is told to wait.
    pub connections_of_peer: usize,
    /// Requests of one peer at once, until their answers were sent.
    pub of_peer: usize,
    /// Memory for answers to one peer that were not sent yet, in KiB. Files are read while they are sent.
    pub answers_of_peer: usize,
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
            answer: Duration::from_secs(10),
            stranger: Duration::from_secs(60),
            strangers: 256,
            strangers_of_network: 32,
            unsigned: 8,
            connections_of_peer: 128,
            of_peer: 64,
            answers_of_peer: 16 * 1024,
            burst: 600,
            per_second: 20,
        }
    }
}

/// Those on which no request was believed yet, in the order in which they came.
#[derive(Debug, Default)]
struct Strangers {
    came: u64,
    all: BTreeMap<u64, Guest>,
    /// By network; those from this machine are `None`.
    by_network: HashMap<Option<IpAddr>, BTreeSet<u64>>,
}

#[derive(Debug)]
struct Guest {
    network: Option<IpAddr>,
    leaves: CancellationToken,
}

impl Strangers {
    fn come(&mut self, network: Option<IpAddr>) -> (u64, CancellationToken) {
        let number = self.came;
        self.came += 1;
        let leaves = CancellationToken::new();
        let guest = Guest {
            network,
            leaves: leaves.clone(),
        };
        self.all.insert(number, guest);
        self.by_network.entry(network).or_default().insert(number);
        (number, leaves)
    }

    fn go(&mut self, number: u64) -> Option<CancellationToken> {
        let guest = self.all.remove(&number)?;
        if let Some(of_network) = self.by_network.get_mut(&guest.network) {
            of_network.remove(&number);
            if of_network.is_empty() {
                self.by_network.remove(&guest.network);
            }
        }
        Some(guest.leaves)
    }

    fn of(&self, network: Option<IpAddr>) -> usize {
        self.by_network.get(&network).map_or(0, BTreeSet::len)
    }

    /// The one that came first from a network.
    fn first_of(&self, network: Option<IpAddr>) -> Option<u64> {
        self.by_network.get(&network)?.first().copied()
    }

    /// The one that came first from the network that has the most; of several such networks, the first of all.
    fn first_of_most(&self) -> Option<u64> {
        let most = self.by_network.values().map(BTreeSet::len).max()?;
        self.by_network
            .values()
            .filter(|of_network| of_network.len() == most)
            .filter_map(|of_network| of_network.first().copied())
            .min()
    }
}

#[derive(Debug)]
struct Peer {
    connections: Arc<Semaphore>,
    answers: Arc<Semaphore>,
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
    number: u64,
    leaves: CancellationToken,
    strangers: Arc<Mutex<Strangers>>,
}

impl Stranger {
    /// Cancelled when this one must make room for another.
    pub(crate) fn leaves(&self) -> CancellationToken {
        self.leaves.clone()
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        strangers.go(self.number);
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

    /// Lets a new connection in. When there are too many strangers, the one that has been there longest must leave: of the same
    /// network when that has its fill, else of the network that has the most. So who only holds connections keeps nobody out.
    pub(crate) fn admit(&self, source: IpAddr) -> Stranger {
        let network = (!source.is_loopback()).then(|| network_of(source));
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        let leaves = if network.is_some() && strangers.of(network) >= self.limits.strangers_of_network {
            strangers.first_of(network)
        } else if strangers.all.len() >= self.limits.strangers {
            strangers.first_of_most()
        } else {
            None
        };
        if let Some(token) = leaves.and_then(|number| strangers.go(number)) {
            token.cancel();
        }
        let (number, leaves) = strangers.come(network);
        Stranger {
            number,
            leaves,
            strangers: Arc::clone(&self.strangers),
        }
    }

    /// Room for one unsigned request.
    pub(crate) fn unsigned(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.unsigned).try_acquire_owned().ok()
    }

    /// Room for one request of a peer; `Err` has the code of what there is too much of.
    pub(crate) fn peer(&self, node: &NodeId) -> Result<OwnedSemaphorePermit, crate::problem::Code> {
        let now = Instant::now();
        let limits = self.limits;
        self.of(node, |peer| {
            let full = f64::from(limits.burst);
            let earned = now.duration_since(peer.bucket.at).as_secs_f64() * f64::from(limits.per_second);
            peer.bucket.tokens = (peer.bucket.tokens + earned).min(full);
            peer.bucket.at = now;
            if peer.bucket.tokens < 1.0 {
                return Err(crate::problem::Code::RateLimited);
            }
            peer.bucket.tokens -= 1.0;
            let permit = Arc::clone(&peer.at_once).try_acquire_owned();
            permit.map_err(|_full| crate::problem::Code::Unavailable)
        })
    }

    /// Room for one connection of a peer.
    pub(crate) fn connection(&self, node: &NodeId) -> Option<OwnedSemaphorePermit> {
        self.of(node, |peer| {
            Arc::clone(&peer.connections).try_acquire_owned().ok()
        })
    }

    /// Room for an answer to a peer that has so many bytes in memory.
    pub(crate) fn memory(&self, node: &NodeId, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let kib = u32::try_from(bytes.div_ceil(1024)).ok()?;
        self.of(node, |peer| {
            Arc::clone(&peer.answers).try_acquire_many_owned(kib).ok()
        })
    }

    fn of<T>(&self, node: &NodeId, look: impl FnOnce(&mut Peer) -> T) -> T {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        look(peers.entry(*node).or_insert_with(|| Peer {
            connections: Arc::new(Semaphore::new(self.limits.connections_of_peer)),
            answers: Arc::new(Semaphore::new(self.limits.answers_of_peer)),
            at_once: Arc::new(Semaphore::new(self.limits.of_peer)),
            bucket: Bucket {
                tokens: f64::from(self.limits.burst),
                at: Instant::now(),
            },
        }))
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

    fn stays(stranger: &Stranger) -> bool {
        !stranger.leaves().is_cancelled()
    }

    #[test]
    fn who_has_most_makes_room_and_the_oldest_first() {
        let gates = gates();
        let from = |n: u8| IpAddr::from([192, 0, 2, n]);
        let (one, two) = (gates.admit(from(1)), gates.admit(from(1)));
        let three = gates.admit(from(1));
        assert!(!stays(&one) && stays(&two) && stays(&three), "two of a network");
        let other = gates.admit(from(2));
        let fourth = gates.admit(from(3));
        assert!(!stays(&two), "three in all, and the first network has the most");
        assert!([&three, &other, &fourth].into_iter().all(stays));
        drop(three);
        let fifth = gates.admit(from(4));
        assert!(
            [&other, &fourth, &fifth].into_iter().all(stays),
            "room was given back"
        );
        drop((one, two));
        let _sixth = gates.admit(from(5));
        assert!(!stays(&other) && stays(&fourth), "who left is not counted twice");
    }

    #[test]
    fn hosts_of_one_ipv6_network_are_one_source() {
        let gates = gates();
        let host = |n: u16| IpAddr::from([0x2001, 0xdb8, 0, 0, n, 0, 0, 1]);
        let (one, two) = (gates.admit(host(1)), gates.admit(host(2)));
        let three = gates.admit(host(3));
        assert!(!stays(&one) && stays(&two) && stays(&three));
    }

    #[test]
    fn connections_of_this_machine_are_counted_in_all_only() {
        let gates = gates();
        let here = IpAddr::from([127, 0, 0, 1]);
        let three = [(); 3].map(|()| gates.admit(here));
        assert!(three.iter().all(stays));
        let _fourth = gates.admit(IpAddr::from([192, 0, 2, 1]));
        assert_eq!(three.iter().filter(|stranger| stays(stranger)).count(), 2);
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

    #[test]
    fn a_peer_has_so_many_connections_and_so_much_memory_and_others_have_their_own() {
        let gates = Gates::new(ListenerLimits {
            connections_of_peer: 1,
            answers_of_peer: 2,
            ..ListenerLimits::default()
        });
        let (anna, ben) = (node(1).id(), node(2).id());
        let one = gates.connection(&anna).unwrap();
        assert!(gates.connection(&anna).is_none());
        assert!(gates.connection(&ben).is_some());
        drop(one);
        assert!(gates.connection(&anna).is_some());
        let part = gates.memory(&anna, 1025).unwrap();
        assert!(gates.memory(&anna, 1).is_none());
        assert!(gates.memory(&anna, 0).is_some() && gates.memory(&ben, 2048).is_some());
        drop(part);
        assert!(gates.memory(&anna, 2048).is_some());
    }
}
