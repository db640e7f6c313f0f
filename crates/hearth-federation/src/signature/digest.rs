//! The Content-Digest header (RFC 9530) with SHA-256.

use http::HeaderValue;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::structured::{BareItem, Dictionary, FieldError, Item, Member};

const ALGORITHM: &str = "sha-256";

/// SHA-256 of a message's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentDigest([u8; 32]);

impl ContentDigest {
    /// The digest of a body, which may be empty.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        Self(Sha256::digest(body).into())
    }

    /// Takes a hash that was computed while streaming.
    #[must_use]
    pub const fn from_hash(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// Whether this is the digest of that body.
    #[must_use]
    pub fn matches(&self, body: &[u8]) -> bool {
        self.matches_hash(&Self::of(body).0)
    }

    /// Whether this is that hash, computed while streaming.
    #[must_use]
    pub fn matches_hash(&self, hash: &[u8; 32]) -> bool {
        self.0.ct_eq(hash).into()
    }

    /// Reads the header; it holds exactly one digest, with SHA-256.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        match Dictionary::parse(text)?.only(ALGORITHM) {
            Some(Member::Item(Item {
                value: BareItem::Bytes(bytes),
                parameters,
            })) if parameters.is_empty() => bytes.as_slice().try_into().map(Self).or(Err(FieldError)),
            _ => Err(FieldError),
        }
    }

    /// The header's value as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{ALGORITHM}=:{}:", data_encoding::BASE64.encode(&self.0))
    }

    pub(super) fn to_header(self) -> Result<HeaderValue, FieldError> {
        HeaderValue::from_str(&self.to_text()).or(Err(FieldError))
    }
}
