//! Secrets at rest: XChaCha20-Poly1305 under the node's master key.
//!
//! Every sealed value says, as associated data, *what* it is (`"node key"`, `"pair secret <peer>"`), so a row cannot
//! be moved to another place and still open. The master key comes from the system's keychain as 32 raw bytes, or from
//! a passphrase by Argon2id with [`PassphraseParams`] that are stored beside the data.
//!
//! Form: one byte of version, 24 bytes of nonce, ciphertext, 16 bytes of tag.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::encoding::{base32, base32_array};
use crate::kdf::framed;

const VERSION: u8 = 1;
const NONCE_LEN: usize = 24;
const TAG_LEN: usize = 16;
const LABEL: &[u8] = b"hearth/1 sealed";
/// Nothing larger is sealed or opened: these are keys and tokens, not files.
pub const MAX_SEALED_LEN: usize = 64 * 1024;
/// The longest passphrase, in bytes.
pub const MAX_PASSPHRASE_LEN: usize = 1024;

/// Why something was not sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealedError {
    /// Longer than [`MAX_SEALED_LEN`].
    #[error("too long to seal")]
    TooLong,
    /// Not something this version sealed.
    #[error("not a sealed value of a known version")]
    Malformed,
    /// The key is wrong, the value is damaged, or it belongs to another place.
    #[error("the key does not open this value")]
    WrongKey,
    /// The parameters for the passphrase are outside what is accepted, or the passphrase is empty or too long.
    #[error("the passphrase or its parameters are not usable: {0}")]
    Passphrase(&'static str),
}

/// How a passphrase becomes a key: Argon2id's salt and costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassphraseParams {
    /// 16 random bytes, as base32.
    salt: String,
    /// Memory in KiB.
    memory_kib: u32,
    /// Passes over the memory.
    passes: u32,
    /// Lanes.
    lanes: u32,
}

impl PassphraseParams {
    /// The second recommendation of RFC 9106: 64 MiB, three passes, four lanes; with a fresh salt.
    pub fn recommended(rng: &mut dyn CryptoRng) -> Self {
        Self::with_costs(rng, 64 * 1024, 3, 4)
    }

    /// Other costs, for small machines and tests, with a fresh salt.
    pub fn with_costs(rng: &mut dyn CryptoRng, memory_kib: u32, passes: u32, lanes: u32) -> Self {
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        Self {
            salt: base32(&salt),
            memory_kib,
            passes,
            lanes,
        }
    }
}

/// The key that seals all other secrets of a node.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// Makes a new one, for the system's keychain.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// Takes the raw key.
    #[must_use]
    pub const fn from_secret_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw key, for the system's keychain only.
    #[must_use]
    pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0)
    }

    /// Derives the key from a passphrase. Slow on purpose: call it off the async threads.
    ///
    /// # Errors
    /// [`SealedError::Passphrase`] for an empty or too long passphrase and for costs outside 8 MiB to 1 GiB, 1 to 16
    /// passes, 1 to 16 lanes. A wrong passphrase is not noticed here but by [`MasterKey::open`].
    pub fn from_passphrase(passphrase: &str, params: &PassphraseParams) -> Result<Self, SealedError> {
        if passphrase.is_empty() || passphrase.len() > MAX_PASSPHRASE_LEN {
            return Err(SealedError::Passphrase("its length"));
        }
        let salt: [u8; 16] = base32_array(&params.salt).ok_or(SealedError::Passphrase("the salt"))?;
        let within = (8 * 1024..=1024 * 1024).contains(&params.memory_kib)
            && (1..=16).contains(&params.passes)
            && (1..=16).contains(&params.lanes);
        if !within {
            return Err(SealedError::Passphrase("the costs"));
        }
        let mut key = Self([0; 32]);
        Params::new(params.memory_kib, params.passes, params.lanes, Some(32))
            .and_then(|costs| {
                Argon2::new(Algorithm::Argon2id, Version::V0x13, costs).hash_password_into(
                    passphrase.as_bytes(),
                    &salt,
                    &mut key.0,
                )
            })
            .or(Err(SealedError::Passphrase("the costs")))?;
        Ok(key)
    }

    /// Seals a secret for one place.
    ///
    /// # Errors
    /// [`SealedError::TooLong`].
    pub fn seal(&self, rng: &mut dyn CryptoRng, what: &str, secret: &[u8]) -> Result<Vec<u8>, SealedError> {
        if secret.len() > MAX_SEALED_LEN {
            return Err(SealedError::TooLong);
        }
        let mut nonce = [0; NONCE_LEN];
        rng.fill_bytes(&mut nonce);
        let aad = framed(&[LABEL, what.as_bytes()]);
        let sealed = XChaCha20Poly1305::new(&self.0.into())
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: secret,
                    aad: &aad,
                },
            )
            .or(Err(SealedError::TooLong))?;
        let mut out = Vec::with_capacity(1 + NONCE_LEN + sealed.len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`SealedError::WrongKey`] for another key, another place or damage; [`SealedError::Malformed`] for anything
    /// that was not sealed here.
    pub fn open(&self, what: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealedError> {
        if sealed.len() > 1 + NONCE_LEN + MAX_SEALED_LEN + TAG_LEN {
            return Err(SealedError::TooLong);
        }
        let (version, rest) = sealed.split_first().ok_or(SealedError::Malformed)?;
        let (nonce, ciphertext) = rest
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(SealedError::Malformed)?;
        if *version != VERSION || ciphertext.len() < TAG_LEN {
            return Err(SealedError::Malformed);
        }
        let aad = framed(&[LABEL, what.as_bytes()]);
        XChaCha20Poly1305::new(&self.0.into())
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: ciphertext,
                    aad: &aad,
                },
            )
            .map(Zeroizing::new)
            .or(Err(SealedError::WrongKey))
    }

    /// Opens a sealed value of exactly `N` bytes, such as a key.
    ///
    /// # Errors
    /// As [`MasterKey::open`]; [`SealedError::Malformed`] for another length.
    pub fn open_array<const N: usize>(
        &self,
        what: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<[u8; N]>, SealedError> {
        let opened = self.open(what, sealed)?;
        let mut out = Zeroizing::new([0; N]);
        if opened.len() != N {
            return Err(SealedError::Malformed);
        }
        out.copy_from_slice(&opened);
        Ok(out)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(<redacted>)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::CountingRng;

    fn key() -> MasterKey {
        MasterKey::from_secret_bytes([7; 32])
    }

    #[test]
    fn a_sealed_secret_opens_in_its_own_place_only() {
        let mut rng = CountingRng::new(1);
        let sealed = key().seal(&mut rng, "node key", &[5; 32]).unwrap();
        assert_eq!(*key().open_array::<32>("node key", &sealed).unwrap(), [5; 32]);
        assert_eq!(
            key().open("person key", &sealed).unwrap_err(),
            SealedError::WrongKey
        );
        assert_eq!(
            key().open_array::<16>("node key", &sealed).unwrap_err(),
            SealedError::Malformed
        );
        let other = MasterKey::from_secret_bytes([8; 32]);
        assert_eq!(
            other.open("node key", &sealed).unwrap_err(),
            SealedError::WrongKey
        );
        assert!(!sealed.windows(4).any(|part| part == [5; 4]));
    }

    #[test]
    fn every_flipped_bit_is_noticed() {
        let sealed = key().seal(&mut CountingRng::new(2), "x", b"secret").unwrap();
        for place in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[place] ^= 1;
            assert!(key().open("x", &damaged).is_err(), "byte {place}");
        }
    }

    #[test]
    fn the_right_passphrase_opens_and_a_wrong_one_does_not() {
        let mut rng = CountingRng::new(3);
        let params = PassphraseParams::with_costs(&mut rng, 8 * 1024, 1, 1);
        let sealed = MasterKey::from_passphrase("correct horse", &params)
            .unwrap()
            .seal(&mut rng, "check", b"ok")
            .unwrap();
        let stored = serde_json::to_string(&params).unwrap();
        let params: PassphraseParams = serde_json::from_str(&stored).unwrap();
        let again = MasterKey::from_passphrase("correct horse", &params).unwrap();
        assert_eq!(again.open("check", &sealed).unwrap().as_slice(), b"ok");
        let wrong = MasterKey::from_passphrase("battery staple", &params).unwrap();
        assert_eq!(wrong.open("check", &sealed).unwrap_err(), SealedError::WrongKey);
    }

    #[test]
    fn hostile_costs_are_refused_before_any_memory_is_taken() {
        let mut rng = CountingRng::new(4);
        for (memory, passes, lanes) in [
            (u32::MAX, 1, 1),
            (1, 1, 1),
            (8192, 0, 1),
            (8192, 1, 0),
            (8192, 99, 1),
        ] {
            let params = PassphraseParams::with_costs(&mut rng, memory, passes, lanes);
            assert!(MasterKey::from_passphrase("x", &params).is_err(), "{params:?}");
        }
        let params = PassphraseParams::with_costs(&mut rng, 8192, 1, 1);
        assert!(MasterKey::from_passphrase("", &params).is_err());
    }

    proptest! {
        #[test]
        fn opening_never_panics(bytes: Vec<u8>) {
            prop_assert!(key().open("x", &bytes).is_err());
        }
    }
}
