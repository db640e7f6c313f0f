//! The two sides of a pairing, step by step, and what they agree on.

use std::fmt;

use rand::CryptoRng;
use subtle::ConstantTimeEq as _;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::message::{Draft, Message, Role};
use super::{Introduction, PairAnswer, PairError, PairRequest, Peer, VERSIONS};
use crate::ids::{InviteId, KeyId};
use crate::invite::{Invite, InviteToken, Scope};
use crate::kdf;
use crate::keys::{NodeId, NodeKey};
use crate::secret::PairSecret;
use crate::words::SafetyWords;

/// How long an agreement waits for its confirmation: ten minutes.
pub const CONFIRM_WITHIN_MS: i64 = 10 * 60 * 1000;

const REQUEST_LABEL: &[u8] = b"hearth/1 pair request";
const FULL_LABEL: &[u8] = b"hearth/1 pair";
const PROOF_LABEL: &[u8] = b"hearth/1 pair proof";
const SECRET_LABEL: &[u8] = b"hearth/1 pair secret";

fn request_transcript(request: &[u8]) -> [u8; 32] {
    kdf::hash(&[REQUEST_LABEL, request])
}

fn full_transcript(request: &[u8], answer: &[u8]) -> [u8; 32] {
    kdf::hash(&[FULL_LABEL, request, answer])
}

fn proof(token: &InviteToken, transcript: &[u8; 32]) -> [u8; 32] {
    let key = Zeroizing::new(kdf::hkdf::<32>(&[], token.as_secret_bytes(), PROOF_LABEL));
    kdf::mac(&key, transcript)
}

fn ephemeral(rng: &mut dyn CryptoRng) -> StaticSecret {
    let mut bytes = Zeroizing::new([0; 32]);
    rng.fill_bytes(bytes.as_mut_slice());
    StaticSecret::from(*bytes)
}

/// The highest version that both speak.
fn common_version(theirs: &[u16]) -> Result<u16, PairError> {
    let common = VERSIONS.iter().filter(|version| theirs.contains(version)).max();
    common.copied().ok_or(PairError::UnsupportedVersion)
}

/// Derives the pair secret; both sides call this with the same messages.
fn derive_secret(
    ours: &StaticSecret,
    theirs: &[u8; 32],
    token: &InviteToken,
    request: &Message,
    answer: &Message,
    transcript: &[u8; 32],
) -> Result<PairSecret, PairError> {
    let shared = ours.diffie_hellman(&PublicKey::from(*theirs));
    if !shared.was_contributory() {
        return Err(PairError::Malformed("ephemeral"));
    }
    let mut input = Zeroizing::new([0; 48]);
    let (left, right) = input.split_at_mut(32);
    left.copy_from_slice(shared.as_bytes());
    right.copy_from_slice(token.as_secret_bytes());
    let salt = [request.nonce, answer.nonce].concat();
    let info = kdf::framed(&[
        SECRET_LABEL,
        request.hello.node.as_bytes(),
        answer.hello.node.as_bytes(),
        transcript,
    ]);
    Ok(PairSecret::from_secret_bytes(kdf::hkdf(
        &salt,
        input.as_slice(),
        &info,
    )))
}

/// The joiner between its request and the answer.
pub struct Joiner {
    inviter: NodeId,
    scope: Scope,
    token: InviteToken,
    ephemeral: StaticSecret,
    request: Message,
}

impl Joiner {
    /// Starts a pairing, once a person agreed to it.
    ///
    /// # Errors
    /// [`PairError::InviteExpired`], [`PairError::OwnNode`], and for an introduction that nobody would accept.
    pub fn start(
        rng: &mut dyn CryptoRng,
        key: &NodeKey,
        me: &Introduction,
        invite: &Invite,
        now_ms: i64,
    ) -> Result<(Self, PairRequest), PairError> {
        if invite.is_expired(now_ms) {
            return Err(PairError::InviteExpired);
        }
        if invite.node == key.id() {
            return Err(PairError::OwnNode);
        }
        let ephemeral = ephemeral(rng);
        let public = PublicKey::from(&ephemeral).to_bytes();
        let draft = Draft {
            role: Role::Request,
            key,
            to: invite.node,
            invite: invite.token.invite_id(),
            scope: invite.scope,
            introduction: me,
        };
        let token = invite.token.clone();
        let request = draft.write(rng, public, |hello| proof(&token, &request_transcript(hello)))?;
        let joiner = Self {
            inviter: invite.node,
            scope: invite.scope,
            token,
            ephemeral,
            request: request.clone(),
        };
        Ok((joiner, PairRequest(request)))
    }

    /// Takes the inviter's answer. A joiner answers to one answer only; a failed pairing starts anew.
    ///
    /// # Errors
    /// [`PairError::WrongAnswer`] if it is by another node or not to this request and token,
    /// [`PairError::OutOfScope`] if it is about more or less than the invite, [`PairError::UnsupportedVersion`].
    pub fn answered(self, answer: &PairAnswer, now_ms: i64) -> Result<Agreement, PairError> {
        let request = &self.request;
        let answer = &answer.0;
        let hello = &answer.hello;
        let belongs = hello.node == self.inviter
            && hello.to == request.hello.node
            && hello.invite == request.hello.invite;
        let transcript = full_transcript(&request.hello_bytes, &answer.hello_bytes);
        let proven: bool = proof(&self.token, &transcript).ct_eq(&answer.proof).into();
        if !belongs || !proven {
            return Err(PairError::WrongAnswer);
        }
        if answer.scope() != self.scope {
            return Err(PairError::OutOfScope);
        }
        let version = common_version(&hello.introduction.versions)?;
        let secret = derive_secret(
            &self.ephemeral,
            &answer.ephemeral,
            &self.token,
            request,
            answer,
            &transcript,
        )?;
        Ok(Agreement {
            peer: answer.peer(),
            secret,
            transcript,
            version,
            scope: self.scope,
            invite: hello.invite,
            agreed_ms: now_ms,
        })
    }
}

impl fmt::Debug for Joiner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Joiner")
            .field("inviter", &self.inviter)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// What the inviter stored about an invite that it made.
#[derive(Debug, Clone)]
pub struct OpenInvite {
    /// Its token.
    pub token: InviteToken,
    /// When it ends, Unix seconds.
    pub expires_s: u32,
    /// Whether a pairing with it was confirmed.
    pub used: bool,
    /// What it opens. A joiner that believes something else is refused.
    pub scope: Scope,
}

/// The inviter's one step: checks a request against the invite that was found under [`PairRequest::invite_id`] (`None`
/// if there is none) and answers it.
///
/// An unknown invite takes the same computations as a known one with a wrong proof, and gives the same error. Whether a
/// known invite has ended or was used is told only to somebody who proved to hold it. Nothing is stored: the invite is
/// marked as used when the agreement is confirmed, so a joiner that lost the answer can ask again.
///
/// # Errors
/// [`PairError::InvalidInvite`], [`PairError::InviteExpired`], [`PairError::InviteUsed`],
/// [`PairError::WrongDestination`], [`PairError::OwnNode`], [`PairError::OutOfScope`], [`PairError::UnsupportedVersion`].
pub fn answer(
    rng: &mut dyn CryptoRng,
    key: &NodeKey,
    me: &Introduction,
    request: &PairRequest,
    invite: Option<&OpenInvite>,
    now_ms: i64,
) -> Result<(Agreement, PairAnswer), PairError> {
    let request = &request.0;
    if request.hello.to != key.id() {
        return Err(PairError::WrongDestination);
    }
    if request.hello.node == key.id() {
        return Err(PairError::OwnNode);
    }
    let nobodys = InviteToken::generate(rng);
    let token = invite.map_or(&nobodys, |invite| &invite.token);
    let expected = proof(token, &request_transcript(&request.hello_bytes));
    let proven: bool = expected.ct_eq(&request.proof).into();
    let invite = invite.filter(|_| proven).ok_or(PairError::InvalidInvite)?;
    if invite.used {
        return Err(PairError::InviteUsed);
    }
    if now_ms >= i64::from(invite.expires_s).saturating_mul(1000) {
        return Err(PairError::InviteExpired);
    }
    if request.scope() != invite.scope {
        return Err(PairError::OutOfScope);
    }
    let version = common_version(&request.hello.introduction.versions)?;

    let ephemeral = ephemeral(rng);
    let public = PublicKey::from(&ephemeral).to_bytes();
    let draft = Draft {
        role: Role::Answer,
        key,
        to: request.hello.node,
        invite: request.hello.invite,
        scope: invite.scope,
        introduction: me,
    };
    let answer = draft.write(rng, public, |hello| {
        proof(&invite.token, &full_transcript(&request.hello_bytes, hello))
    })?;
    let transcript = full_transcript(&request.hello_bytes, &answer.hello_bytes);
    let secret = derive_secret(
        &ephemeral,
        &request.ephemeral,
        &invite.token,
        request,
        &answer,
        &transcript,
    )?;
    let agreement = Agreement {
        peer: request.peer(),
        secret,
        transcript,
        version,
        scope: invite.scope,
        invite: request.hello.invite,
        agreed_ms: now_ms,
    };
    Ok((agreement, PairAnswer(answer)))
}

/// Both sides computed the same; nobody has confirmed yet. To burn it ("not the same"), drop it.
#[derive(Clone)]
pub struct Agreement {
    peer: Peer,
    secret: PairSecret,
    transcript: [u8; 32],
    version: u16,
    scope: Scope,
    invite: InviteId,
    agreed_ms: i64,
}

impl Agreement {
    /// The other side, to be shown.
    #[must_use]
    pub const fn peer(&self) -> &Peer {
        &self.peer
    }

    /// The new secret, for the first signed request and its check.
    #[must_use]
    pub const fn secret(&self) -> &PairSecret {
        &self.secret
    }

    /// The name of the new secret.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.secret.key_id()
    }

    /// The invite by which they met.
    #[must_use]
    pub const fn invite_id(&self) -> &InviteId {
        &self.invite
    }

    /// The five words that both windows show. Takes a moment, on purpose.
    #[must_use]
    pub fn words(&self) -> SafetyWords {
        SafetyWords::of(&self.transcript)
    }

    /// Whether it waited too long for its confirmation.
    #[must_use]
    pub const fn is_stale(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.agreed_ms) >= CONFIRM_WITHIN_MS
    }

    /// Makes a connection of it, after a request (for the inviter) or an answer (for the joiner) was verified that was
    /// signed with the key `signed_with`.
    ///
    /// # Errors
    /// [`PairError::NotConfirmed`] if that was another key or too late.
    pub fn confirm(self, signed_with: &KeyId, now_ms: i64) -> Result<Connection, PairError> {
        if *signed_with != self.key_id() || self.is_stale(now_ms) {
            return Err(PairError::NotConfirmed);
        }
        Ok(Connection {
            peer: self.peer,
            secret: self.secret,
            version: self.version,
            scope: self.scope,
            invite: self.invite,
        })
    }

    #[cfg(test)]
    pub(crate) const fn transcript(&self) -> &[u8; 32] {
        &self.transcript
    }
}

impl fmt::Debug for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agreement")
            .field("peer", &self.peer.node)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// What is stored as `connected`: only now.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The other side.
    pub peer: Peer,
    /// The secret of the pair; it replaces an earlier one of the same node.
    pub secret: PairSecret,
    /// The version of the protocol that both speak.
    pub version: u16,
    /// What the invite opened.
    pub scope: Scope,
    /// The invite to mark as used.
    pub invite: InviteId,
}
