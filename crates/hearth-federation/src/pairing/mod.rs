//! How two homes that have never met become connected: one request, one answer, one confirmation.
//!
//! 1. The joiner, who holds an invite, sends a [`PairRequest`]: who it is, an X25519 key for this once, a nonce, and a
//!    proof that it knows the invite's token; all signed with its node key.
//! 2. The inviter checks the token and answers with a [`PairAnswer`] of the same shape, bound to that request.
//! 3. Both now hold an [`Agreement`]: the same secret and the same five words. The joiner makes its first signed request
//!    with the new key; the inviter verifies it, and only then either side turns the agreement into a [`Connection`].
//!    An agreement that is dropped leaves nothing behind.
//!
//! Everything is a function of typed messages; storage, network, clock and randomness are the caller's. The *transcript*
//! is the exact bytes of both messages, so nobody needs to agree on how JSON is written:
//!
//! ```text
//! request transcript = SHA-256(frame("hearth/1 pair request", hello of the joiner))
//! full transcript    = SHA-256(frame("hearth/1 pair", hello of the joiner, hello of the inviter))
//! proof key          = HKDF-SHA256(salt "", token, info "hearth/1 pair proof")
//! proof of each side = HMAC-SHA256(proof key, its transcript: request transcript, full transcript)
//! pair secret        = HKDF-SHA256(salt: nonce of the joiner ‖ nonce of the inviter, X25519 ‖ token,
//!                      info: frame("hearth/1 pair secret", joiner's id, inviter's id, full transcript))
//! ```
//!
//! `frame` writes each part after its length (64 bits, big endian). A message on the wire is a JWS signed by the node,
//! its payload `{"hello": base64url(JSON), "proof": base64url}`.

mod agreement;
mod message;
mod met;

pub use agreement::{Agreement, CONFIRM_WITHIN_MS, Connection, Joiner, OpenInvite, answer};
pub use message::{Introduction, MAX_HOME_NAME_CHARS, MAX_MESSAGE_LEN, PairAnswer, PairRequest, Peer};
pub use met::Met;

use crate::identity::IdentityError;
use crate::jws::JwsError;
use crate::problem::Code;

/// The protocol versions that this program speaks.
pub const VERSIONS: &[u16] = &[1];

/// Why a pairing went no further.
#[derive(Debug, thiserror::Error)]
pub enum PairError {
    /// The signature of a message, or its envelope.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// A message that is not one of the pairing.
    #[error("not a pairing message")]
    Json(#[from] serde_json::Error),
    /// The person's card in a message.
    #[error("the introduction is not acceptable")]
    Card(#[source] IdentityError),
    /// Something in a message that is not allowed.
    #[error("the pairing message is not acceptable: {0}")]
    Malformed(&'static str),
    /// The request is meant for another node.
    #[error("meant for another node")]
    WrongDestination,
    /// The invite is not known here, or the proof does not fit: deliberately one answer for both.
    #[error("the invite is not valid")]
    InvalidInvite,
    /// The invite has ended.
    #[error("the invite has ended")]
    InviteExpired,
    /// The invite was used before.
    #[error("the invite was used before")]
    InviteUsed,
    /// A home cannot be connected with itself.
    #[error("this invite was made by this home itself")]
    OwnNode,
    /// The two do not mean the same by the invite.
    #[error("the two homes understand the invite differently")]
    OutOfScope,
    /// The two speak no common version.
    #[error("the two homes speak no common version of the protocol")]
    UnsupportedVersion,
    /// The answer is not by the node that the invite names, or not to this request.
    #[error("the answer does not belong to this invite")]
    WrongAnswer,
    /// Nobody confirmed in time, or with another key.
    #[error("the pairing was not confirmed")]
    NotConfirmed,
}

impl PairError {
    /// The stable code for the wire.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Jws(JwsError::TooLong) => Code::TooLarge,
            Self::Jws(JwsError::Signature) => Code::BadSignature,
            Self::Jws(_) | Self::Json(_) | Self::Card(_) | Self::Malformed(_) => Code::Malformed,
            Self::WrongDestination => Code::WrongDestination,
            Self::InvalidInvite => Code::InvalidInvite,
            Self::InviteExpired => Code::InviteExpired,
            Self::InviteUsed => Code::InviteUsed,
            Self::OwnNode => Code::OwnNode,
            Self::OutOfScope => Code::OutOfScope,
            Self::UnsupportedVersion => Code::UnsupportedVersion,
            Self::WrongAnswer => Code::BadSignature,
            Self::NotConfirmed => Code::NotConnected,
        }
    }
}

#[cfg(test)]
mod tests;
