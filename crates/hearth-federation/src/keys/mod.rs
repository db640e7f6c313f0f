//! The Ed25519 keys of nodes and people.
//!
//! A node *is* its key: [`NodeId`] is the public half, so whoever knows the id can check every word of that node. A
//! person's key signs what that person writes and moves with the account. Public keys are checked when they are read
//! (a point of full order in its one canonical encoding), secret bytes leave only through `to_secret_bytes`, for
//! sealing, and are zeroed when dropped.

mod display;

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::encoding::{base32, base32_array};

/// The length of an Ed25519 signature.
pub const SIGNATURE_LEN: usize = 64;

/// Why a key was not accepted, or a signature not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is not a key: wrong length, alphabet or spelling.
    #[error("not a key: 52 characters a-z and 2-7 are expected")]
    Text,
    /// The check character does not match: the id was mistyped.
    #[error("the id contains a typing mistake")]
    CheckCharacter,
    /// The bytes are not a usable Ed25519 public key.
    #[error("not a usable Ed25519 public key")]
    Point,
    /// The signature is not by this key over this message.
    #[error("the signature is not valid")]
    Signature,
}

/// Reads and checks a public key: canonical encoding, not of small order.
fn check_point(bytes: &[u8; 32]) -> Result<(), KeyError> {
    let Ok(key) = VerifyingKey::from_bytes(bytes) else {
        return Err(KeyError::Point);
    };
    if key.is_weak() || key.to_edwards().compress().as_bytes() != bytes {
        return Err(KeyError::Point);
    }
    Ok(())
}

fn verify(public: &[u8; 32], message: &[u8], signature: &[u8; SIGNATURE_LEN]) -> Result<(), KeyError> {
    VerifyingKey::from_bytes(public)
        .and_then(|key| key.verify_strict(message, &Signature::from_bytes(signature)))
        .or(Err(KeyError::Signature))
}

macro_rules! public_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; 32]);

        impl $name {
            /// Takes the raw public key.
            ///
            /// # Errors
            /// [`KeyError::Point`] for anything but a canonical point of large order.
            pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
                check_point(&bytes)?;
                Ok(Self(bytes))
            }

            /// The raw public key.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// Checks a signature by this key, with the strict rules (RFC 8032, no small-order points).
            ///
            /// # Errors
            /// [`KeyError::Signature`].
            pub fn verify(&self, message: &[u8], signature: &[u8; SIGNATURE_LEN]) -> Result<(), KeyError> {
                verify(&self.0, message, signature)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&base32(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = KeyError;

            fn from_str(text: &str) -> Result<Self, KeyError> {
                Self::from_bytes(base32_array(text).ok_or(KeyError::Text)?)
            }
        }

        impl TryFrom<String> for $name {
            type Error = KeyError;

            fn try_from(text: String) -> Result<Self, KeyError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> Self {
                key.to_string()
            }
        }
    };
}

public_key! {
    /// A node's name for life: its Ed25519 public key, written as 52 characters of lower-case base32.
    NodeId
}

public_key! {
    /// The public half of a person's key, which travels in the profile.
    PersonPublicKey
}

macro_rules! secret_key {
    ($(#[$doc:meta])* $name:ident, $public:ident, $method:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(SigningKey);

        impl $name {
            /// Makes a new key.
            pub fn generate(rng: &mut dyn CryptoRng) -> Self {
                let mut bytes = Zeroizing::new([0; 32]);
                rng.fill_bytes(bytes.as_mut_slice());
                Self::from_secret_bytes(&bytes)
            }

            /// Takes a key out of storage.
            #[must_use]
            pub fn from_secret_bytes(bytes: &[u8; 32]) -> Self {
                Self(SigningKey::from_bytes(bytes))
            }

            /// The secret half, to be sealed before it is stored (see [`crate::sealed`]).
            #[must_use]
            pub fn to_secret_bytes(&self) -> Zeroizing<[u8; 32]> {
                Zeroizing::new(self.0.to_bytes())
            }

            /// The public half.
            #[must_use]
            pub fn $method(&self) -> $public {
                $public(self.0.verifying_key().to_bytes())
            }

            /// Signs exactly these bytes.
            #[must_use]
            pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LEN] {
                self.0.sign(message).to_bytes()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({}, <redacted>)"), self.$method())
            }
        }
    };
}

secret_key! {
    /// A node's key, made at its first start.
    NodeKey, NodeId, id
}

secret_key! {
    /// A person's key, held by the home node.
    PersonKey, PersonPublicKey, public
}

/// Who signed: the `kid` of a JWS. A person by the person id, a node by its node id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Kid {
    /// A person, by the id that stays the same on every node.
    Person(Uuid),
    /// A node, whose id is its public key.
    Node(NodeId),
}

impl fmt::Display for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => write!(f, "{}", id.hyphenated()),
            Self::Node(id) => write!(f, "{id}"),
        }
    }
}

impl FromStr for Kid {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        if text.len() != 36 {
            return text.parse().map(Self::Node);
        }
        match Uuid::try_parse(text) {
            Ok(id) if id.hyphenated().to_string() == text => Ok(Self::Person(id)),
            _ => Err(KeyError::Text),
        }
    }
}

impl TryFrom<String> for Kid {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<Kid> for String {
    fn from(kid: Kid) -> Self {
        kid.to_string()
    }
}

#[cfg(test)]
mod tests;
