//! Checking a request, step by step, in the order of the protocol.

use http::{HeaderMap, Method, StatusCode, Uri};

use super::base::{self, Parsed};
use super::send::components;
use super::{
    CONTENT_DIGEST, ContentDigest, HEARTH_DESTINATION, MAX_BODY_LEN, MAX_HEADERS_LEN, MAX_SKEW_S, ReplayGuard,
};
use crate::ids::{KeyId, RequestNonce};
use crate::keys::NodeId;
use crate::problem::{Code, Problem};
use crate::secret::PairSecret;
use crate::structured::FieldError;

/// Why a request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Headers or body over the limit.
    #[error("the request is too large")]
    TooLarge,
    /// The headers are not those of a signed request, the MAC or the digest is wrong.
    #[error("the signature is not valid: {0}")]
    BadSignature(&'static str),
    /// The key is not that of a connected node.
    #[error("not connected")]
    NotConnected,
    /// Meant for another node.
    #[error("meant for another node")]
    WrongDestination,
    /// The two clocks are more than five minutes apart.
    #[error("the clocks differ too much; the time here is {own_time_s}")]
    ClockSkew {
        /// The receiver's clock, Unix seconds, by which the sender corrects its own for this peer.
        own_time_s: i64,
    },
    /// The same request was here before.
    #[error("this request was received before")]
    Replayed,
}

impl Refusal {
    /// The stable code for the wire.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::TooLarge => Code::TooLarge,
            Self::BadSignature(_) => Code::BadSignature,
            Self::NotConnected => Code::NotConnected,
            Self::WrongDestination => Code::WrongDestination,
            Self::ClockSkew { .. } => Code::ClockSkew,
            Self::Replayed => Code::Replayed,
        }
    }

    /// What to answer: says nothing to a stranger but the code, and the time where clocks differ.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let mut problem = Problem::new(self.code());
        if let Self::ClockSkew { own_time_s } = self {
            problem.own_time_s = Some(*own_time_s);
        }
        problem
    }

    /// The status that goes with it.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.code().status()
    }
}

impl From<FieldError> for Refusal {
    fn from(_: FieldError) -> Self {
        Self::BadSignature("the headers are not well-formed")
    }
}

/// A secret and the node with which it is shared.
#[derive(Debug, Clone)]
pub struct PeerKey {
    /// The other node.
    pub peer: NodeId,
    /// The secret.
    pub secret: PairSecret,
    /// Agreed in a pairing that this request, if it verifies, confirms; nothing else may be done with it.
    pub pending: bool,
}

/// Where keys are looked up: those of connected nodes and of pairings that wait for their confirmation.
pub trait KeyRing {
    /// The key with this id, if its node is connected or about to be.
    fn find(&self, key_id: &KeyId) -> Option<PeerKey>;
}

/// A request whose headers are well-formed, nothing more.
#[derive(Debug)]
pub struct ReceivedHead {
    parsed: Parsed,
    base: String,
    destination: Option<NodeId>,
    digest: ContentDigest,
    announces_body: bool,
}

impl ReceivedHead {
    /// Checks sizes and form.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`], [`Refusal::BadSignature`].
    pub fn parse(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Self, Refusal> {
        if base::headers_len(headers) > MAX_HEADERS_LEN {
            return Err(Refusal::TooLarge);
        }
        let parsed = Parsed::from_headers(headers)?;
        let announces_body = parsed.components.len() == components(true).len();
        let expected = components(announces_body);
        if parsed.components != expected {
            return Err(Refusal::BadSignature("it does not cover what it must"));
        }
        let base = base::of_request(method, uri, headers, &expected, &parsed.input)?;
        let digest = ContentDigest::parse(base::single(headers, &CONTENT_DIGEST)?)?;
        let destination = base::single(headers, &HEARTH_DESTINATION)?.parse().ok();
        Ok(Self {
            parsed,
            base,
            destination,
            digest,
            announces_body,
        })
    }

    /// The key to look up.
    #[must_use]
    pub const fn key_id(&self) -> &KeyId {
        &self.parsed.params.key_id
    }

    /// The nonce, which a signed refusal repeats.
    #[must_use]
    pub const fn nonce(&self) -> &RequestNonce {
        &self.parsed.params.nonce
    }

    /// Checks the key, the destination, the clock and the MAC.
    ///
    /// # Errors
    /// [`Refusal::NotConnected`], [`Refusal::WrongDestination`], [`Refusal::ClockSkew`], [`Refusal::BadSignature`].
    pub fn verify(self, key: Option<PeerKey>, own: &NodeId, now_ms: i64) -> Result<AuthenticHead, Refusal> {
        let key = key.ok_or(Refusal::NotConnected)?;
        if self.destination != Some(*own) {
            return Err(Refusal::WrongDestination);
        }
        let own_time_s = now_ms.div_euclid(1000);
        let params = self.parsed.params;
        if own_time_s.abs_diff(params.created_s) > MAX_SKEW_S.unsigned_abs() {
            return Err(Refusal::ClockSkew { own_time_s });
        }
        if !key.secret.verify_mac(self.base.as_bytes(), &self.parsed.mac) {
            return Err(Refusal::BadSignature("the code does not match"));
        }
        let request = VerifiedRequest {
            peer: key.peer,
            key_id: params.key_id,
            nonce: params.nonce,
            created_s: params.created_s,
            confirms: key.pending,
        };
        Ok(AuthenticHead {
            request,
            digest: self.digest,
            announces_body: self.announces_body,
        })
    }
}

/// A request whose head is by a connected node; its body is not known yet.
#[derive(Debug)]
pub struct AuthenticHead {
    request: VerifiedRequest,
    digest: ContentDigest,
    announces_body: bool,
}

impl AuthenticHead {
    /// Who sends it.
    #[must_use]
    pub const fn peer(&self) -> &NodeId {
        &self.request.peer
    }

    /// Whether a body follows.
    #[must_use]
    pub const fn announces_body(&self) -> bool {
        self.announces_body
    }

    /// Checks the body.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`], [`Refusal::BadSignature`].
    pub fn with_body(self, body: &[u8]) -> Result<AuthenticRequest, Refusal> {
        if body.len() > MAX_BODY_LEN {
            return Err(Refusal::TooLarge);
        }
        if self.announces_body == body.is_empty() || !self.digest.matches(body) {
            return Err(Refusal::BadSignature("the body is not the one that was signed"));
        }
        Ok(AuthenticRequest(self.request))
    }
}

/// A request that is genuine, but perhaps not for the first time.
#[derive(Debug)]
pub struct AuthenticRequest(VerifiedRequest);

impl AuthenticRequest {
    /// Who sends it.
    #[must_use]
    pub const fn peer(&self) -> &NodeId {
        &self.0.peer
    }

    /// What to remember: together with the peer and for as long as the clock check would let it pass again.
    #[must_use]
    pub const fn nonce(&self) -> &RequestNonce {
        &self.0.nonce
    }

    /// The key it was signed with.
    #[must_use]
    pub const fn key_id(&self) -> &KeyId {
        &self.0.key_id
    }

    /// When it was made, Unix seconds by the sender's clock.
    #[must_use]
    pub const fn created_s(&self) -> i64 {
        self.0.created_s
    }

    /// The verdict of whoever remembers nonces.
    ///
    /// # Errors
    /// [`Refusal::Replayed`] if it is not the first use.
    pub fn first_use(self, is_first: bool) -> Result<VerifiedRequest, Refusal> {
        if is_first {
            Ok(self.0)
        } else {
            Err(Refusal::Replayed)
        }
    }
}

/// A genuine request, for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedRequest {
    /// Who sent it.
    pub peer: NodeId,
    /// The key it was signed with: the answer is signed with the same.
    pub key_id: KeyId,
    /// Its nonce, which the answer repeats.
    pub nonce: RequestNonce,
    /// When it was made, Unix seconds by the sender's clock.
    pub created_s: i64,
    /// It confirms a pairing, and may do nothing else.
    pub confirms: bool,
}

/// All checks in their order, where keys and nonces can be looked up at once.
///
/// # Errors
/// See [`Refusal`].
pub fn verify(
    (method, uri, headers): (&Method, &Uri, &HeaderMap),
    body: &[u8],
    keys: &impl KeyRing,
    own: &NodeId,
    now_ms: i64,
    replays: &mut impl ReplayGuard,
) -> Result<VerifiedRequest, Refusal> {
    if body.len() > MAX_BODY_LEN {
        return Err(Refusal::TooLarge);
    }
    let head = ReceivedHead::parse(method, uri, headers)?;
    let key = keys.find(head.key_id());
    let request = head.verify(key, own, now_ms)?.with_body(body)?;
    let first = replays.first_use(request.peer(), request.nonce(), request.created_s(), now_ms);
    request.first_use(first)
}
