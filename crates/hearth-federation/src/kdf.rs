//! The two symmetric primitives of the protocol in the one shape it needs: HMAC-SHA256 and HKDF-SHA256 with
//! unambiguous, length-prefixed input.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// HMAC-SHA256.
#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
pub(crate) fn mac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    hmac.update(message);
    hmac.finalize().into_bytes().into()
}

/// HKDF-SHA256: extract from `input` under `salt`, expand to `N` bytes for `info`.
#[expect(clippy::expect_used, reason = "the length is checked at compile time")]
pub(crate) fn hkdf<const N: usize>(salt: &[u8], input: &[u8], info: &[u8]) -> [u8; N] {
    const { assert!(N <= 255 * 32, "HKDF-SHA256 gives no more") };
    let mut out = [0; N];
    Hkdf::<Sha256>::new(Some(salt), input)
        .expand(info, &mut out)
        .expect("bounded by the assertion above");
    out
}

/// Joins parts so that no two different lists give the same bytes: each is preceded by its length (64 bits, big
/// endian).
pub(crate) fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(parts.iter().map(|part| part.len().saturating_add(8)).sum());
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}

/// SHA-256 of the framed parts.
pub(crate) fn hash(parts: &[&[u8]]) -> [u8; 32] {
    Sha256::digest(framed(parts)).into()
}
