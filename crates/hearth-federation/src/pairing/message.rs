//! The two messages of a pairing, as text and as what they say.

use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Met, PairError};
use crate::address::{Address, MAX_ADDRESSES};
use crate::encoding::{base64url, base64url_array, base64url_decode};
use crate::identity::{MAX_NAME_CHARS, PersonCard, is_shown_safely};
use crate::ids::{Epoch, InviteId};
use crate::invite::Scope;
use crate::jws::{self, JwsError, JwsSigner, Purpose, UnverifiedJws};
use crate::keys::{Kid, NodeId, NodeKey};

/// The longest message, as a compact JWS.
pub const MAX_MESSAGE_LEN: usize = 16 * 1024;
/// The longest name of a home, in characters.
pub const MAX_HOME_NAME_CHARS: usize = MAX_NAME_CHARS;
const MAX_VERSIONS: usize = 16;
/// The most things of which a home says that it is connected for them.
const MAX_HELD: usize = 64;

/// What a node tells about itself, so that the other side can show whom it is about to meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// What the home calls itself.
    pub home_name: String,
    /// The versions of the protocol that it speaks.
    pub versions: Vec<u16>,
    /// The life of its database.
    pub epoch: Epoch,
    /// Where to reach it; none if it cannot be reached from outside.
    pub addresses: Vec<Address>,
    /// The person who invites or joins.
    pub person: PersonCard,
    /// What this home is connected with the other for at present: nothing, all ([`Scope::Full`]), or some things. Where the two say
    /// different things, one of them has forgotten or ended it, and they start afresh. Absent in older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Vec<Scope>>,
    /// Which connection that is. Where the two hold the same, but of different connections, one of them was put back to before theirs
    /// ended. Absent in older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<Met>,
}

impl Introduction {
    /// Checks the form.
    ///
    /// # Errors
    /// [`PairError::Malformed`], [`PairError::Card`].
    pub fn validate(&self) -> Result<(), PairError> {
        if !is_shown_safely(&self.home_name) {
            return Err(PairError::Malformed("home_name"));
        }
        if self.versions.is_empty() || self.versions.len() > MAX_VERSIONS {
            return Err(PairError::Malformed("versions"));
        }
        if self.addresses.len() > MAX_ADDRESSES {
            return Err(PairError::Malformed("addresses"));
        }
        if self.holds.as_ref().is_some_and(|held| held.len() > MAX_HELD) {
            return Err(PairError::Malformed("holds"));
        }
        self.person.validate().map_err(PairError::Card)
    }
}

/// The other side of a pairing: the node, and what it tells about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its id, proven by its signature.
    pub node: NodeId,
    /// Its own words.
    pub introduction: Introduction,
}

/// Which message a hello is for; part of what is signed, so one cannot be reflected as the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    Request,
    Answer,
}

/// What both messages say. The proof is made over its exact JSON text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Hello {
    pub(super) role: Role,
    pub(super) node: NodeId,
    pub(super) to: NodeId,
    pub(super) invite: InviteId,
    nonce: String,
    ephemeral: String,
    /// What the invite opens, when that is one thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) only: Option<Scope>,
    #[serde(flatten)]
    pub(super) introduction: Introduction,
}

/// The payload of the JWS.
#[derive(Serialize, Deserialize)]
struct Payload {
    hello: String,
    proof: String,
}

/// A message with everything that the computations need from it.
#[derive(Clone)]
pub(super) struct Message {
    pub(super) text: String,
    pub(super) hello: Hello,
    pub(super) hello_bytes: Vec<u8>,
    pub(super) nonce: [u8; 32],
    pub(super) ephemeral: [u8; 32],
    pub(super) proof: [u8; 32],
}

impl Message {
    /// Reads a message, checks its form and the signature of the node that sent it.
    fn parse(role: Role, text: &str) -> Result<Self, PairError> {
        if text.len() > MAX_MESSAGE_LEN {
            return Err(JwsError::TooLong.into());
        }
        let jws = UnverifiedJws::parse(Purpose::Pairing, text)?;
        let payload: Payload = serde_json::from_slice(jws.verify_node()?)?;
        let hello_bytes = base64url_decode(&payload.hello).ok_or(PairError::Malformed("hello"))?;
        let hello: Hello = serde_json::from_slice(&hello_bytes)?;
        if hello.role != role {
            return Err(PairError::Malformed("role"));
        }
        if *jws.kid() != Kid::Node(hello.node) {
            return Err(PairError::Malformed("node"));
        }
        hello.introduction.validate()?;
        let nonce = base64url_array(&hello.nonce).ok_or(PairError::Malformed("nonce"))?;
        let ephemeral = base64url_array(&hello.ephemeral).ok_or(PairError::Malformed("ephemeral"))?;
        let proof = base64url_array(&payload.proof).ok_or(PairError::Malformed("proof"))?;
        Ok(Self {
            text: text.to_owned(),
            hello,
            hello_bytes,
            nonce,
            ephemeral,
            proof,
        })
    }

    /// What its sender takes the connection to be for.
    pub(super) fn scope(&self) -> Scope {
        self.hello.only.unwrap_or(Scope::Full)
    }

    pub(super) fn peer(&self) -> Peer {
        Peer {
            node: self.hello.node,
            introduction: self.hello.introduction.clone(),
        }
    }
}

/// What goes into a message that is about to be made.
pub(super) struct Draft<'a> {
    pub(super) role: Role,
    pub(super) key: &'a NodeKey,
    pub(super) to: NodeId,
    pub(super) invite: InviteId,
    pub(super) scope: Scope,
    pub(super) introduction: &'a Introduction,
}

impl Draft<'_> {
    /// Writes and signs a message; `prove` gives the proof over the hello's bytes.
    pub(super) fn write(
        &self,
        rng: &mut dyn CryptoRng,
        ephemeral: [u8; 32],
        prove: impl FnOnce(&[u8]) -> [u8; 32],
    ) -> Result<Message, PairError> {
        self.introduction.validate()?;
        let mut nonce = [0; 32];
        rng.fill_bytes(&mut nonce);
        let hello = Hello {
            role: self.role,
            node: self.key.id(),
            to: self.to,
            invite: self.invite,
            nonce: base64url(&nonce),
            ephemeral: base64url(&ephemeral),
            only: Some(self.scope).filter(|scope| *scope != Scope::Full),
            introduction: self.introduction.clone(),
        };
        let hello_bytes = serde_json::to_vec(&hello)?;
        let proof = prove(&hello_bytes);
        let payload = Payload {
            hello: base64url(&hello_bytes),
            proof: base64url(&proof),
        };
        let payload = Zeroizing::new(serde_json::to_vec(&payload)?);
        let text = jws::sign(Purpose::Pairing, JwsSigner::Node(self.key), &payload)?;
        if text.len() > MAX_MESSAGE_LEN {
            return Err(JwsError::TooLong.into());
        }
        Ok(Message {
            text,
            hello,
            hello_bytes,
            nonce,
            ephemeral,
            proof,
        })
    }
}

macro_rules! message_type {
    ($(#[$doc:meta])* $name:ident, $role:expr) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(pub(super) Message);

        impl $name {
            /// Reads the text, checks its form and that the node that it names signed it.
            ///
            /// # Errors
            /// [`PairError::Jws`], [`PairError::Json`], [`PairError::Malformed`], [`PairError::Card`].
            pub fn parse(text: &str) -> Result<Self, PairError> {
                Message::parse($role, text).map(Self)
            }

            /// The text to send (`application/jose`).
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0.text
            }

            /// The node that sent it.
            #[must_use]
            pub const fn node(&self) -> &NodeId {
                &self.0.hello.node
            }

            /// The invite that it is about: what the inviter looks up.
            #[must_use]
            pub const fn invite_id(&self) -> &InviteId {
                &self.0.hello.invite
            }

            /// What the sender tells about itself.
            #[must_use]
            pub const fn introduction(&self) -> &Introduction {
                &self.0.hello.introduction
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("node", self.node())
                    .field("introduction", self.introduction())
                    .finish_non_exhaustive()
            }
        }
    };
}

message_type! {
    /// The joiner's message: the body of `POST /federation/v1/pair`.
    PairRequest, Role::Request
}

message_type! {
    /// The inviter's message: the body of the answer.
    PairAnswer, Role::Answer
}
