//! Codes that people read aloud and type: random bytes in base32 (RFC 4648, lower case, without padding), of which only the SHA-256
//! is kept. Their randomness makes a slow hash needless.

use data_encoding::BASE32_NOPAD;
use hearth_api::ports::Entropy;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Longer input is no code, in bytes.
const MAX_TYPED: usize = 128;

/// A new code of `N` random bytes, and its hash.
pub(super) fn make<const N: usize>(entropy: &dyn Entropy) -> (String, [u8; 32]) {
    let mut bytes = Zeroizing::new([0u8; N]);
    entropy.fill(bytes.as_mut_slice());
    let code = BASE32_NOPAD.encode(bytes.as_slice()).to_lowercase();
    (code, Sha256::digest(bytes.as_slice()).into())
}

/// The hash of a code of `N` bytes as typed: blanks and hyphens do not count, nor does case. Nothing for what is no such code.
pub(super) fn hash<const N: usize>(typed: &str) -> Option<[u8; 32]> {
    if typed.len() > MAX_TYPED {
        return None;
    }
    let bare: Zeroizing<String> = Zeroizing::new(
        typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| c.to_ascii_uppercase())
            .collect(),
    );
    let bytes = Zeroizing::new(BASE32_NOPAD.decode(bare.as_bytes()).ok()?);
    (bytes.len() == N).then(|| Sha256::digest(bytes.as_slice()).into())
}

/// A code in groups of four letters, with hyphens between them.
pub(super) fn grouped(code: &str) -> String {
    let groups = code.as_bytes().chunks(4);
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Same;
    impl Entropy for Same {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0xA7);
        }
    }

    #[test]
    fn a_code_is_known_again_however_it_is_typed() {
        let (code, kept) = make::<10>(&Same);
        let shown = grouped(&code);
        assert_eq!(shown.len(), 19, "{shown}");
        for typed in [code.clone(), shown.clone(), format!(" {} ", shown.to_uppercase())] {
            assert_eq!(hash::<10>(&typed), Some(kept), "{typed}");
        }
        assert_eq!(hash::<16>(&code), None, "a code of another length");
        assert_eq!(hash::<10>("not a code"), None);
        assert_eq!(hash::<10>(&"-".repeat(MAX_TYPED + 1)), None);
    }
}
