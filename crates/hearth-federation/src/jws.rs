//! JSON Web Signatures (RFC 7515) in the one shape Hearth uses: compact, `alg: EdDSA`, a `typ` per purpose, `kid` naming
//! the person or node.
//!
//! The exact bytes that were signed are the message; nothing is canonicalised. The header is strict: another
//! algorithm, any `crit`, an embedded or referenced key and unencoded payloads are refused, so the only key that can
//! verify a signature is the one the reader holds for `kid`. Other header members are ignored, as the RFC asks.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::encoding::{base64url, base64url_array, base64url_decode};
use crate::keys::{KeyError, Kid, NodeKey, PersonKey, PersonPublicKey, SIGNATURE_LEN};

/// The longest payload that is signed or read.
pub const MAX_PAYLOAD_LEN: usize = 256 * 1024;
/// The longest header, encoded.
pub const MAX_HEADER_LEN: usize = 1024;
/// The longest compact form.
pub const MAX_JWS_LEN: usize = MAX_HEADER_LEN + 1 + MAX_PAYLOAD_LEN.div_ceil(3) * 4 + 1 + 86;

/// Header members that would let a sender choose the key or change what is signed.
const REFUSED_MEMBERS: [&str; 7] = ["crit", "b64", "jwk", "jku", "x5u", "x5c", "zip"];

/// Why a JWS was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Longer than the limits above.
    #[error("the signed object is too long")]
    TooLong,
    /// Not three base64url parts with a JSON header.
    #[error("not a compact JWS")]
    Malformed,
    /// Another `alg`, another `typ`, or a header member that is refused.
    #[error("the JWS header is not accepted: {0}")]
    Header(&'static str),
    /// The signature is not by that key over these bytes.
    #[error("the signature is not valid")]
    Signature,
}

/// What a JWS is for. The purpose is part of what is signed, so one kind can never pass for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An activity.
    Activity,
    /// A home's statement about one of its people.
    Identity,
    /// A message of the pairing.
    Pairing,
}

impl Purpose {
    /// The `typ` header value.
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Activity => "hearth-activity+jws",
            Self::Identity => "hearth-identity+jws",
            Self::Pairing => "hearth-pairing+jws",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    kid: String,
    typ: String,
    #[serde(flatten, skip_serializing)]
    rest: BTreeMap<String, IgnoredAny>,
}

/// Someone who can sign: a key and the name under which others know it.
#[derive(Clone, Copy)]
pub enum JwsSigner<'a> {
    /// A person's key with the person id.
    Person(uuid::Uuid, &'a PersonKey),
    /// A node's key.
    Node(&'a NodeKey),
}

impl JwsSigner<'_> {
    /// The `kid` of what this signer signs.
    #[must_use]
    pub fn kid(&self) -> Kid {
        match self {
            Self::Person(puid, _) => Kid::Person(*puid),
            Self::Node(key) => Kid::Node(key.id()),
        }
    }

    fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_LEN] {
        match self {
            Self::Person(_, key) => key.sign(message),
            Self::Node(key) => key.sign(message),
        }
    }
}

impl fmt::Debug for JwsSigner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JwsSigner({}, <redacted>)", self.kid())
    }
}

/// Signs exactly these payload bytes and gives the compact form.
///
/// # Errors
/// [`JwsError::TooLong`].
pub fn sign(purpose: Purpose, signer: JwsSigner<'_>, payload: &[u8]) -> Result<String, JwsError> {
    if payload.len() > MAX_PAYLOAD_LEN {
        return Err(JwsError::TooLong);
    }
    let header = Header {
        alg: "EdDSA".to_owned(),
        kid: signer.kid().to_string(),
        typ: purpose.typ().to_owned(),
        rest: BTreeMap::new(),
    };
    let header = serde_json::to_vec(&header).or(Err(JwsError::Malformed))?;
    let mut compact = base64url(&header);
    compact.push('.');
    compact.push_str(&base64url(payload));
    let signature = signer.sign(compact.as_bytes());
    compact.push('.');
    compact.push_str(&base64url(&signature));
    Ok(compact)
}

/// A well-formed JWS whose signature was not checked yet. Only the claimed signer and, for looking things up, the
/// payload can be seen.
#[derive(Debug, Clone)]
pub struct UnverifiedJws<'a> {
    kid: Kid,
    signing_input: &'a str,
    payload: Vec<u8>,
    signature: [u8; SIGNATURE_LEN],
}

impl<'a> UnverifiedJws<'a> {
    /// Reads a compact JWS of one purpose.
    ///
    /// # Errors
    /// [`JwsError::TooLong`], [`JwsError::Malformed`], [`JwsError::Header`].
    pub fn parse(purpose: Purpose, compact: &'a str) -> Result<Self, JwsError> {
        if compact.len() > MAX_JWS_LEN {
            return Err(JwsError::TooLong);
        }
        let (signing_input, signature) = compact.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Malformed)?;
        if header.len() > MAX_HEADER_LEN {
            return Err(JwsError::TooLong);
        }
        let signature = base64url_array(signature).ok_or(JwsError::Malformed)?;
        let kid = check_header(purpose, &base64url_decode(header).ok_or(JwsError::Malformed)?)?;
        let payload = base64url_decode(payload).ok_or(JwsError::Malformed)?;
        if payload.len() > MAX_PAYLOAD_LEN {
            return Err(JwsError::TooLong);
        }
        Ok(Self {
            kid,
            signing_input,
            payload,
            signature,
        })
    }

    /// Who claims to have signed.
    #[must_use]
    pub const fn kid(&self) -> &Kid {
        &self.kid
    }

    /// The payload, not to be believed yet.
    #[must_use]
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// Checks that the person with this key signed.
    ///
    /// # Errors
    /// [`JwsError::Header`] if a node claims to have signed, [`JwsError::Signature`].
    pub fn verify_person(&self, key: &PersonPublicKey) -> Result<&[u8], JwsError> {
        match self.kid {
            Kid::Person(_) => self.believed(key.verify(self.signing_input.as_bytes(), &self.signature)),
            Kid::Node(_) => Err(JwsError::Header("kid is not a person")),
        }
    }

    /// Checks that the node named by `kid` signed: the name is the key.
    ///
    /// # Errors
    /// [`JwsError::Header`] if a person claims to have signed, [`JwsError::Signature`].
    pub fn verify_node(&self) -> Result<&[u8], JwsError> {
        match self.kid {
            Kid::Node(id) => self.believed(id.verify(self.signing_input.as_bytes(), &self.signature)),
            Kid::Person(_) => Err(JwsError::Header("kid is not a node")),
        }
    }

    fn believed(&self, verdict: Result<(), KeyError>) -> Result<&[u8], JwsError> {
        verdict.or(Err(JwsError::Signature))?;
        Ok(&self.payload)
    }
}

fn check_header(purpose: Purpose, header: &[u8]) -> Result<Kid, JwsError> {
    let header: Header = serde_json::from_slice(header).or(Err(JwsError::Malformed))?;
    if header.alg != "EdDSA" {
        return Err(JwsError::Header("alg"));
    }
    if header.typ != purpose.typ() {
        return Err(JwsError::Header("typ"));
    }
    if let Some(refused) = REFUSED_MEMBERS
        .into_iter()
        .find(|name| header.rest.contains_key(*name))
    {
        return Err(JwsError::Header(refused));
    }
    header.kid.parse().or(Err(JwsError::Header("kid")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{node, person, uuid7};

    fn signed(payload: &[u8]) -> String {
        sign(
            Purpose::Activity,
            JwsSigner::Person(uuid7(1), &person(1)),
            payload,
        )
        .unwrap()
    }

    /// A JWS with a header of the test's choice, properly signed over it.
    fn with_header(header: &serde_json::Value) -> String {
        with_raw_header(&header.to_string())
    }

    fn with_raw_header(header: &str) -> String {
        let input = format!("{}.{}", base64url(header.as_bytes()), base64url(b"{}"));
        let signature = person(1).sign(input.as_bytes());
        format!("{input}.{}", base64url(&signature))
    }

    fn header_error(header: &serde_json::Value) -> JwsError {
        UnverifiedJws::parse(Purpose::Activity, &with_header(header)).unwrap_err()
    }

    #[test]
    fn what_was_signed_is_read_back_to_the_byte() {
        let compact = signed(b"{ \"a\" : 1 }");
        let jws = UnverifiedJws::parse(Purpose::Activity, &compact).unwrap();
        assert_eq!(jws.kid(), &Kid::Person(uuid7(1)));
        assert_eq!(jws.verify_person(&person(1).public()), Ok(&b"{ \"a\" : 1 }"[..]));
        assert_eq!(jws.verify_person(&person(2).public()), Err(JwsError::Signature));
        assert_eq!(jws.verify_node(), Err(JwsError::Header("kid is not a node")));
    }

    #[test]
    fn a_node_is_believed_by_its_name_alone() {
        let compact = sign(Purpose::Pairing, JwsSigner::Node(&node(1)), b"{}").unwrap();
        let jws = UnverifiedJws::parse(Purpose::Pairing, &compact).unwrap();
        assert_eq!(jws.verify_node(), Ok(&b"{}"[..]));
        assert!(jws.verify_person(&person(1).public()).is_err());
        assert_eq!(
            UnverifiedJws::parse(Purpose::Activity, &compact).unwrap_err(),
            JwsError::Header("typ"),
            "one purpose must not pass for another"
        );
    }

    #[test]
    fn another_algorithm_is_refused_whatever_it_is_called() {
        for alg in ["none", "HS256", "ES256", "eddsa", "EDDSA", "Ed25519", ""] {
            let header = json!({"alg": alg, "kid": uuid7(1), "typ": Purpose::Activity.typ()});
            assert_eq!(header_error(&header), JwsError::Header("alg"), "{alg}");
        }
    }

    #[test]
    fn critical_members_and_foreign_keys_are_refused_and_others_ignored() {
        for member in REFUSED_MEMBERS {
            for value in [json!(null), json!(["exp"]), json!("x"), json!({})] {
                let mut header = json!({"alg": "EdDSA", "kid": uuid7(1), "typ": Purpose::Activity.typ()});
                header[member] = value;
                assert_eq!(header_error(&header), JwsError::Header(member));
            }
        }
        let header = json!({"alg": "EdDSA", "kid": uuid7(1), "typ": Purpose::Activity.typ(), "later": 1});
        assert!(UnverifiedJws::parse(Purpose::Activity, &with_header(&header)).is_ok());
    }

    #[test]
    fn a_header_member_given_twice_is_refused() {
        let typ = Purpose::Activity.typ();
        let header = format!(
            r#"{{"alg":"none","alg":"EdDSA","kid":"{}","typ":"{typ}"}}"#,
            uuid7(1)
        );
        assert_eq!(
            UnverifiedJws::parse(Purpose::Activity, &with_raw_header(&header)).unwrap_err(),
            JwsError::Malformed
        );
    }

    #[test]
    fn every_changed_character_breaks_it() {
        let compact = signed(br#"{"hello":"world"}"#);
        for place in 0..compact.len() {
            let mut changed = compact.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let verdict = UnverifiedJws::parse(Purpose::Activity, &changed)
                .and_then(|jws| jws.verify_person(&person(1).public()).map(drop));
            assert!(verdict.is_err(), "character {place}");
        }
    }

    #[test]
    fn what_is_too_long_is_neither_signed_nor_read() {
        let long = vec![b' '; MAX_PAYLOAD_LEN + 1];
        let signer = JwsSigner::Node(&node(1)).kid();
        assert!(matches!(signer, Kid::Node(_)));
        assert_eq!(
            sign(Purpose::Activity, JwsSigner::Node(&node(1)), &long).unwrap_err(),
            JwsError::TooLong
        );
        let longest = sign(Purpose::Activity, JwsSigner::Node(&node(1)), &long[1..]).unwrap();
        assert!(UnverifiedJws::parse(Purpose::Activity, &longest).is_ok());
        let text = "a".repeat(MAX_JWS_LEN + 1);
        assert_eq!(
            UnverifiedJws::parse(Purpose::Activity, &text).unwrap_err(),
            JwsError::TooLong
        );
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,200}", parts in "[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{0,60}\\.[A-Za-z0-9_-]{86}") {
            let _ = UnverifiedJws::parse(Purpose::Activity, &text);
            let _ = UnverifiedJws::parse(Purpose::Activity, &parts);
        }

        #[test]
        fn any_payload_survives(payload: Vec<u8>) {
            let compact = signed(&payload);
            let jws = UnverifiedJws::parse(Purpose::Activity, &compact).unwrap();
            prop_assert_eq!(jws.verify_person(&person(1).public()), Ok(&payload[..]));
        }
    }
}
