//! Signed requests and answers between connected nodes: HTTP Message Signatures (RFC 9421) with HMAC-SHA256, and a
//! Content-Digest (RFC 9530) on every body.
//!
//! A request covers exactly `"@method" "@path" "@query" "content-digest" "hearth-destination"` and, with a body,
//! `"content-type"`; its answer covers `"@status" "content-digest"` and repeats the request's nonce. Sign when sending,
//! not when queueing. There is one signature per message, labelled `hearth`.
//!
//! Receiving is a chain of types, so that no step can be left out and the body need not even be read before the head is
//! believed: [`ReceivedHead::parse`] (sizes, form) → [`ReceivedHead::verify`] (key known, destination, clock, MAC) →
//! [`AuthenticHead::with_body`] (digest) → [`AuthenticRequest::first_use`] (replay) → [`VerifiedRequest`].
//! [`verify`] runs all of it.

mod answer;
mod base;
mod digest;
mod receive;
mod replay;
mod send;

pub use answer::{AnswerRefusal, VerifiedAnswer, sign_answer, verify_answer};
pub use digest::ContentDigest;
pub use receive::{
    AuthenticHead, AuthenticRequest, KeyRing, PeerKey, ReceivedHead, Refusal, VerifiedRequest, verify,
};
pub use replay::{MemoryReplayGuard, ReplayGuard};
pub use send::{RequestSigner, SignError, sign_request};

use http::HeaderName;

/// The `tag` of every signature, request or answer.
pub const TAG: &str = "hearth-1";
/// The `alg` of every signature.
pub const ALGORITHM: &str = "hmac-sha256";
/// The label of the one signature.
pub const LABEL: &str = "hearth";
/// How far the two clocks may be apart, in seconds.
pub const MAX_SKEW_S: i64 = 300;
/// The longest request body.
pub const MAX_BODY_LEN: usize = 1024 * 1024;
/// The most bytes in the names and values of all headers.
pub const MAX_HEADERS_LEN: usize = 64 * 1024;

/// The receiver's node id.
pub const HEARTH_DESTINATION: HeaderName = HeaderName::from_static("hearth-destination");
/// RFC 9530.
pub const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
/// RFC 9421.
pub const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");
/// RFC 9421.
pub const SIGNATURE: HeaderName = HeaderName::from_static("signature");

#[cfg(test)]
mod tests;

/// The signature base of a request as it was signed, for the published vectors.
#[cfg(test)]
pub(crate) fn base_of_request(method: &http::Method, uri: &http::Uri, headers: &http::HeaderMap) -> String {
    let parsed = base::Parsed::from_headers(headers).unwrap();
    let components: Vec<&str> = parsed.components.iter().map(String::as_str).collect();
    base::of_request(method, uri, headers, &components, &parsed.input).unwrap()
}

/// The signature base of an answer as it was signed, for the published vectors.
#[cfg(test)]
pub(crate) fn base_of_answer(status: http::StatusCode, headers: &http::HeaderMap) -> String {
    let parsed = base::Parsed::from_headers(headers).unwrap();
    base::of_answer(
        status,
        base::single(headers, &CONTENT_DIGEST).unwrap(),
        &parsed.input,
    )
    .unwrap()
}
