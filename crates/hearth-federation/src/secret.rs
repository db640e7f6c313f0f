//! The secret that exactly two nodes share, and the name it has on the wire.
//!
//! The secret is agreed during pairing or rotation and is never sent. Its [`KeyId`] is derived from it, so both sides
//! name it alike without another message.

use std::fmt;

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

pub use crate::ids::KeyId;
use crate::kdf;

const KEY_ID_LABEL: &[u8] = b"hearth/1 key id";

/// 32 bytes that two nodes, and no third, know.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PairSecret([u8; 32]);

impl PairSecret {
    /// Takes the secret out of storage, or from a key agreement.
    #[must_use]
    pub const fn from_secret_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, to be sealed before they are stored (see [`crate::sealed`]).
    #[must_use]
    pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0)
    }

    /// The name of this secret on the wire: derived by HKDF, so it says nothing about it.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        KeyId::from_bytes(kdf::hkdf(&[], &self.0, KEY_ID_LABEL))
    }

    /// HMAC-SHA256 of a message under this secret.
    #[must_use]
    pub fn mac(&self, message: &[u8]) -> [u8; 32] {
        kdf::mac(&self.0, message)
    }

    /// Checks a MAC in constant time.
    #[must_use]
    pub fn verify_mac(&self, message: &[u8], tag: &[u8; 32]) -> bool {
        self.mac(message).ct_eq(tag).into()
    }

    /// For the derivations inside this crate.
    pub(crate) const fn as_secret_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for PairSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairSecret(<redacted>)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints_itself() {
        assert_eq!(
            format!("{:?}", PairSecret::from_secret_bytes([1; 32])),
            "PairSecret(<redacted>)"
        );
    }

    #[test]
    fn both_sides_name_a_secret_alike_and_two_secrets_differently() {
        let one = PairSecret::from_secret_bytes([1; 32]);
        let two = PairSecret::from_secret_bytes([2; 32]);
        assert_eq!(one.key_id(), PairSecret::from_secret_bytes([1; 32]).key_id());
        assert_ne!(one.key_id(), two.key_id());
    }

    #[test]
    fn a_mac_is_believed_only_for_its_message_and_secret() {
        let secret = PairSecret::from_secret_bytes([1; 32]);
        let tag = secret.mac(b"message");
        assert!(secret.verify_mac(b"message", &tag));
        assert!(!secret.verify_mac(b"massage", &tag));
        assert!(!PairSecret::from_secret_bytes([2; 32]).verify_mac(b"message", &tag));
    }
}
