//! What a call needs to know of the peer: who it is, where, and the secrets that are shared with it.

use super::CallError;
use crate::keys::NodeId;
use crate::pairing_service::open_secret;
use crate::secret::PairSecret;
use crate::service::Federation;
use hearth_api::HomeId;
use hearth_db::home::HomeRowState;
use hearth_db::pair_secret::SecretRow;
use hearth_db::peer::PeerRow;
use hearth_db::{home, pair_secret, peer};

/// See the module.
pub(crate) struct Known {
    pub(super) node: NodeId,
    pub(super) row: PeerRow,
    /// The one that signs, and was seen to be the one that the peer uses too.
    pub(super) is_seen: bool,
    secret: PairSecret,
    /// What is tried after it, in this order, while the peer does not know the one before.
    older: Vec<PairSecret>,
}

impl Known {
    pub(crate) const fn node(&self) -> &NodeId {
        &self.node
    }

    /// The secret that signs.
    pub(crate) const fn secret(&self) -> &PairSecret {
        &self.secret
    }

    /// The same, without trying another secret than the one that signs.
    pub(crate) fn with_one_secret(self) -> Self {
        Self {
            older: Vec::new(),
            ..self
        }
    }

    /// The secret of the try of that number, which begins at 0.
    pub(super) fn nth(&self, number: usize) -> Option<&PairSecret> {
        match number.checked_sub(1) {
            None => Some(&self.secret),
            Some(older) => self.older.get(older),
        }
    }

    /// The names of the secrets before that of the try of a number.
    pub(super) fn names_before(&self, number: usize) -> Vec<String> {
        (0..number)
            .filter_map(|earlier| self.nth(earlier))
            .map(|secret| secret.key_id().to_string())
            .collect()
    }
}

impl Federation {
    /// What is known of a connected peer.
    ///
    /// # Errors
    /// `NotConnected` when it is not, or no secret is shared with it; a storage error.
    pub(crate) async fn known(&self, to: &HomeId) -> Result<Known, CallError> {
        let node: NodeId = to
            .as_str()
            .parse()
            .map_err(|_not_a_key| CallError::NotConnected)?;
        let (to, keys) = (to.clone(), self.keys().clone());
        self.db()
            .read(move |tx| {
                let connected = home::get(tx, &to)?.is_some_and(|row| row.state == HomeRowState::Connected);
                let row = peer::get(tx, &to)?
                    .filter(|_| connected)
                    .ok_or(CallError::NotConnected)?;
                let lives = pair_secret::lives(tx, &to)?;
                let mut secrets = Vec::with_capacity(lives.len());
                for life in &lives {
                    secrets.push(open_secret(tx, &keys, &life.key_id)?);
                }
                let mut secrets = secrets.into_iter();
                Ok(Known {
                    node,
                    row,
                    is_seen: is_seen(&lives),
                    secret: secrets.next().ok_or(CallError::NotConnected)?,
                    older: secrets.collect(),
                })
            })
            .await
    }
}

/// Whether a request with the first of these secrets was answered, no other was used by the peer since, and it is not doubted: more answers
/// end the doubt.
fn is_seen(lives: &[SecretRow]) -> bool {
    let Some((first, others)) = lives.split_first() else {
        return false;
    };
    first.answered_at.is_some()
        && first.doubted_at.is_none()
        && others.iter().all(|other| other.used_at <= first.used_at)
}
