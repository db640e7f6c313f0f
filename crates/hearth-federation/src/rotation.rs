//! Renewing the secret of a pair, every ninety days and whenever one side asks.
//!
//! Each side sends a [`RotationPart`] inside a request or answer that is already signed with the present secret, and both
//! derive the next one. It depends on fresh X25519 keys, so whoever once learned the present secret and only listens does
//! not learn the next, and on the present secret, so nobody who lacks it can take part. Both secrets stay valid until the
//! first request with the new one was answered.
//!
//! ```text
//! next = HKDF-SHA256(salt: nonce of the initiator ‖ nonce of the responder, X25519 ‖ present secret,
//!        info: frame("hearth/1 rotation", initiator's id, responder's id, initiator's ephemeral, responder's ephemeral))
//! ```

use std::fmt;

use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::encoding::{base64url, base64url_array};
use crate::kdf;
use crate::keys::NodeId;
use crate::secret::PairSecret;

const LABEL: &[u8] = b"hearth/1 rotation";

/// A part that is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the offer to renew the secret is not acceptable")]
pub struct RotationError;

/// What one side sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotationPart {
    ephemeral: String,
    nonce: String,
}

impl RotationPart {
    fn new(secret: &StaticSecret, nonce: &[u8; 32]) -> Self {
        Self {
            ephemeral: base64url(PublicKey::from(secret).as_bytes()),
            nonce: base64url(nonce),
        }
    }

    fn read(&self) -> Result<([u8; 32], [u8; 32]), RotationError> {
        let ephemeral = base64url_array(&self.ephemeral).ok_or(RotationError)?;
        let nonce = base64url_array(&self.nonce).ok_or(RotationError)?;
        Ok((ephemeral, nonce))
    }
}

/// The side that began, waiting for the other's part.
pub struct RotationInitiator {
    ephemeral: StaticSecret,
    part: RotationPart,
}

impl RotationInitiator {
    /// Begins.
    pub fn start(rng: &mut dyn CryptoRng) -> (Self, RotationPart) {
        let (ephemeral, part) = fresh(rng);
        (
            Self {
                ephemeral,
                part: part.clone(),
            },
            part,
        )
    }

    /// Takes the other's part and gives the next secret.
    ///
    /// # Errors
    /// [`RotationError`].
    pub fn finish(
        self,
        present: &PairSecret,
        initiator: &NodeId,
        responder: &NodeId,
        theirs: &RotationPart,
    ) -> Result<PairSecret, RotationError> {
        let their_public = theirs.read()?.0;
        derive(
            &self.ephemeral,
            &their_public,
            present,
            (initiator, &self.part),
            (responder, theirs),
        )
    }
}

impl fmt::Debug for RotationInitiator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RotationInitiator(<redacted>)")
    }
}

/// The other side's one step: gives its own part and the next secret.
///
/// # Errors
/// [`RotationError`].
pub fn respond(
    rng: &mut dyn CryptoRng,
    present: &PairSecret,
    initiator: &NodeId,
    responder: &NodeId,
    theirs: &RotationPart,
) -> Result<(PairSecret, RotationPart), RotationError> {
    let (ephemeral, part) = fresh(rng);
    let their_public = theirs.read()?.0;
    let next = derive(
        &ephemeral,
        &their_public,
        present,
        (initiator, theirs),
        (responder, &part),
    )?;
    Ok((next, part))
}

fn fresh(rng: &mut dyn CryptoRng) -> (StaticSecret, RotationPart) {
    let mut bytes = Zeroizing::new([0; 32]);
    let mut nonce = [0; 32];
    rng.fill_bytes(bytes.as_mut_slice());
    rng.fill_bytes(&mut nonce);
    let ephemeral = StaticSecret::from(*bytes);
    let part = RotationPart::new(&ephemeral, &nonce);
    (ephemeral, part)
}

fn derive(
    ours: &StaticSecret,
    theirs: &[u8; 32],
    present: &PairSecret,
    initiator: (&NodeId, &RotationPart),
    responder: (&NodeId, &RotationPart),
) -> Result<PairSecret, RotationError> {
    let shared = ours.diffie_hellman(&PublicKey::from(*theirs));
    if !shared.was_contributory() {
        return Err(RotationError);
    }
    let (first_key, first_nonce) = initiator.1.read()?;
    let (second_key, second_nonce) = responder.1.read()?;
    let mut input = Zeroizing::new([0; 64]);
    let (left, right) = input.split_at_mut(32);
    left.copy_from_slice(shared.as_bytes());
    right.copy_from_slice(present.as_secret_bytes());
    let salt = [first_nonce, second_nonce].concat();
    let info = kdf::framed(&[
        LABEL,
        initiator.0.as_bytes(),
        responder.0.as_bytes(),
        &first_key,
        &second_key,
    ]);
    Ok(PairSecret::from_secret_bytes(kdf::hkdf(
        &salt,
        input.as_slice(),
        &info,
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{CountingRng, node};

    #[test]
    fn both_sides_get_the_same_new_secret_and_a_listener_another() {
        let mut rng = CountingRng::new(1);
        let present = PairSecret::from_secret_bytes([1; 32]);
        let (anna, ben) = (node(1).id(), node(2).id());
        let (initiator, first) = RotationInitiator::start(&mut rng);
        let (bens, second) = respond(&mut rng, &present, &anna, &ben, &first).unwrap();
        let annas = initiator.finish(&present, &anna, &ben, &second).unwrap();
        assert_eq!(*annas.to_secret_bytes(), *bens.to_secret_bytes());
        assert_ne!(annas.key_id(), present.key_id());

        let wrong = PairSecret::from_secret_bytes([2; 32]);
        let (outsider, _) = respond(&mut rng, &wrong, &anna, &ben, &first).unwrap();
        assert_ne!(outsider.key_id(), bens.key_id());
    }

    #[test]
    fn unusable_parts_are_refused() {
        let mut rng = CountingRng::new(1);
        let present = PairSecret::from_secret_bytes([1; 32]);
        let (anna, ben) = (node(1).id(), node(2).id());
        let zero = base64url(&[0; 32]);
        for (ephemeral, nonce) in [
            (zero.as_str(), zero.as_str()),
            ("", zero.as_str()),
            (zero.as_str(), "x"),
        ] {
            let part = RotationPart {
                ephemeral: ephemeral.to_owned(),
                nonce: nonce.to_owned(),
            };
            assert!(
                respond(&mut rng, &present, &anna, &ben, &part).is_err(),
                "{part:?}"
            );
        }
    }
}
