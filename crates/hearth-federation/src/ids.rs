//! The 128-bit identifiers of the protocol: none of them is secret, each is its own type.
//!
//! All are written as 26 characters of lower-case base32 and accepted in exactly that form.

use std::fmt;
use std::str::FromStr;

use rand::CryptoRng;
use serde::{Deserialize, Serialize};

use crate::encoding::{base32, base32_array};

/// A text that is not one of these identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a 128-bit id: 26 characters a-z and 2-7 are expected")]
pub struct IdError;

macro_rules! id128 {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; 16]);

        impl $name {
            /// Makes a fresh one.
            pub fn generate(rng: &mut dyn CryptoRng) -> Self {
                let mut bytes = [0; 16];
                rng.fill_bytes(&mut bytes);
                Self(bytes)
            }

            /// Takes the bytes as they are.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
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
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                base32_array(text).map(Self).ok_or(IdError)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    )*};
}

id128! {
    /// Names one life of a node's database: renewed when the database is created or restored, so that peers notice.
    Epoch;
    /// Names a pair secret on the wire (`keyid` of RFC 9421).
    KeyId;
    /// The once-only value of one signed request, which its answer repeats.
    RequestNonce;
    /// Names an invite without giving its token away.
    InviteId;
    /// One run of a home's program.
    RunId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_form() {
        let id = Epoch::from_bytes([0xa5; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(
            serde_json::from_str::<Epoch>(&serde_json::to_string(&id).unwrap()).unwrap(),
            id
        );
    }

    #[test]
    fn other_spellings_are_refused() {
        let text = KeyId::from_bytes([1; 16]).to_string();
        for wrong in [
            text.to_uppercase(),
            format!("{text}a"),
            format!(" {text}"),
            String::new(),
        ] {
            assert_eq!(wrong.parse::<KeyId>(), Err(IdError), "{wrong}");
        }
    }
}
