//! Which requests were here before.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::MAX_SKEW_S;
use crate::ids::RequestNonce;
use crate::keys::NodeId;

/// Remembers nonces. To refuse a replay straight after a restart, it must remember across restarts, or be restored.
pub trait ReplayGuard {
    /// Remembers the nonce of a genuine request and says whether it is new. Forgetting is safe once the clock check
    /// refuses the request anyway.
    fn first_use(&mut self, peer: &NodeId, nonce: &RequestNonce, created_s: i64, now_ms: i64) -> bool;
}

/// How long a nonce is kept: twice what the clock check allows, in case the own clock is set back a little.
const KEEP_S: i64 = 2 * MAX_SKEW_S;

/// Remembers nonces in memory, with a limit per peer.
#[derive(Debug)]
pub struct MemoryReplayGuard {
    by_time: BTreeMap<i64, HashSet<(NodeId, RequestNonce)>>,
    counts: HashMap<NodeId, usize>,
    max_per_peer: usize,
}

impl MemoryReplayGuard {
    /// Nothing was seen yet. A peer over the limit has its requests refused until its older ones are forgotten.
    #[must_use]
    pub fn new(max_per_peer: usize) -> Self {
        Self {
            by_time: BTreeMap::new(),
            counts: HashMap::new(),
            max_per_peer,
        }
    }

    /// Takes what was stored before a restart.
    pub fn restore(&mut self, seen: impl IntoIterator<Item = (NodeId, RequestNonce, i64)>) {
        for (peer, nonce, created_s) in seen {
            self.insert(peer, nonce, created_s);
        }
    }

    fn insert(&mut self, peer: NodeId, nonce: RequestNonce, created_s: i64) -> bool {
        let new = self.by_time.entry(created_s).or_default().insert((peer, nonce));
        if new {
            *self.counts.entry(peer).or_default() += 1;
        }
        new
    }

    fn forget_before(&mut self, created_s: i64) {
        let kept = self.by_time.split_off(&created_s);
        for (peer, _) in std::mem::replace(&mut self.by_time, kept).into_values().flatten() {
            if let Some(count) = self.counts.get_mut(&peer) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    self.counts.remove(&peer);
                }
            }
        }
    }
}

impl ReplayGuard for MemoryReplayGuard {
    fn first_use(&mut self, peer: &NodeId, nonce: &RequestNonce, created_s: i64, now_ms: i64) -> bool {
        self.forget_before(now_ms.div_euclid(1000).saturating_sub(KEEP_S));
        let count = self.counts.get(peer).copied().unwrap_or_default();
        count < self.max_per_peer && self.insert(*peer, *nonce, created_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::node;

    fn nonce(number: u8) -> RequestNonce {
        RequestNonce::from_bytes([number; 16])
    }

    #[test]
    fn a_nonce_counts_once_per_peer() {
        let mut guard = MemoryReplayGuard::new(10);
        let (anna, ben) = (node(1).id(), node(2).id());
        assert!(guard.first_use(&anna, &nonce(1), 1_000, 1_000_000));
        assert!(!guard.first_use(&anna, &nonce(1), 1_000, 1_000_000));
        assert!(guard.first_use(&ben, &nonce(1), 1_000, 1_000_000));
        assert!(guard.first_use(&anna, &nonce(2), 1_000, 1_000_000));
    }

    #[test]
    fn it_remembers_across_a_restart_what_is_restored() {
        let mut guard = MemoryReplayGuard::new(10);
        guard.restore([(node(1).id(), nonce(1), 1_000)]);
        assert!(!guard.first_use(&node(1).id(), &nonce(1), 1_000, 1_000_000));
    }

    #[test]
    fn memory_is_bounded_per_peer_and_freed_with_time() {
        let mut guard = MemoryReplayGuard::new(2);
        let (anna, ben) = (node(1).id(), node(2).id());
        assert!(guard.first_use(&anna, &nonce(1), 1_000, 1_000_000));
        assert!(guard.first_use(&anna, &nonce(2), 1_000, 1_000_000));
        assert!(!guard.first_use(&anna, &nonce(3), 1_000, 1_000_000));
        assert!(guard.first_use(&ben, &nonce(3), 1_000, 1_000_000));
        let later = 1_000 + KEEP_S + 1;
        assert!(guard.first_use(&anna, &nonce(3), later, later * 1000));
        assert_eq!(guard.counts.len(), 1);
    }
}
