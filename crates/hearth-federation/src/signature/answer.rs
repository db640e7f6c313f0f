//! Answers: signed like requests, and bound to the request by its nonce, so that nobody in between can fake one.

use http::{HeaderMap, StatusCode};

use super::base::{self, ANSWER_COMPONENTS, Params, Parsed};
use super::send::insert_signature;
use super::{CONTENT_DIGEST, ContentDigest, MAX_HEADERS_LEN, SignError};
use crate::ids::RequestNonce;
use crate::secret::PairSecret;
use crate::structured::FieldError;

/// Why an answer is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerRefusal {
    /// The headers are over the limit.
    #[error("the answer is too large")]
    TooLarge,
    /// The headers are not those of a signed answer.
    #[error("the answer is not signed as it must be")]
    Malformed,
    /// It answers another request, or was signed with another key.
    #[error("the answer belongs to another request")]
    OtherRequest,
    /// The MAC is wrong.
    #[error("the answer's signature is not valid")]
    BadSignature,
}

impl From<FieldError> for AnswerRefusal {
    fn from(_: FieldError) -> Self {
        Self::Malformed
    }
}

/// Adds the headers of a signed answer, with the secret and nonce of the request.
///
/// # Errors
/// [`SignError`].
pub fn sign_answer(
    secret: &PairSecret,
    nonce: RequestNonce,
    created_s: i64,
    status: StatusCode,
    headers: &mut HeaderMap,
    digest: ContentDigest,
) -> Result<(), SignError> {
    let params = Params {
        created_s,
        nonce,
        key_id: secret.key_id(),
    };
    let input = base::input_of(&ANSWER_COMPONENTS, &params);
    let base = base::of_answer(status, &digest.to_text(), &input)?;
    headers.insert(CONTENT_DIGEST, digest.to_header()?);
    insert_signature(headers, input, secret.mac(base.as_bytes()))?;
    Ok(())
}

/// What the head of an answer says that the peer signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedAnswer {
    /// The digest of the body, which the caller compares, also while streaming.
    pub digest: ContentDigest,
    /// The peer's clock when it signed, Unix seconds.
    pub created_s: i64,
}

/// Checks the head of an answer to the request with this nonce.
///
/// # Errors
/// See [`AnswerRefusal`].
pub fn verify_answer(
    secret: &PairSecret,
    nonce: &RequestNonce,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<VerifiedAnswer, AnswerRefusal> {
    if base::headers_len(headers) > MAX_HEADERS_LEN {
        return Err(AnswerRefusal::TooLarge);
    }
    let parsed = Parsed::from_headers(headers)?;
    if parsed.components != ANSWER_COMPONENTS {
        return Err(AnswerRefusal::Malformed);
    }
    if parsed.params.nonce != *nonce || parsed.params.key_id != secret.key_id() {
        return Err(AnswerRefusal::OtherRequest);
    }
    let digest = base::single(headers, &CONTENT_DIGEST)?;
    let base = base::of_answer(status, digest, &parsed.input)?;
    if !secret.verify_mac(base.as_bytes(), &parsed.mac) {
        return Err(AnswerRefusal::BadSignature);
    }
    Ok(VerifiedAnswer {
        digest: ContentDigest::parse(digest)?,
        created_s: parsed.params.created_s,
    })
}
