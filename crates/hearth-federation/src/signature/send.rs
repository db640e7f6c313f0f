//! Signing a request, at the moment it is sent.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Uri};

use super::base::{self, BODY_COMPONENT, Params, REQUEST_COMPONENTS};
use super::{
    CONTENT_DIGEST, ContentDigest, HEARTH_DESTINATION, LABEL, MAX_BODY_LEN, SIGNATURE, SIGNATURE_INPUT,
};
use crate::ids::RequestNonce;
use crate::keys::NodeId;
use crate::secret::PairSecret;
use crate::structured::{BareItem, Dictionary, FieldError, InnerList, Item, Member};

/// Why a message could not be signed: a mistake of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The body is longer than any node takes.
    #[error("the body is longer than a request may have")]
    TooLarge,
    /// A body without exactly one content type, or a header or address that cannot be signed.
    #[error("the message cannot be signed")]
    Unsignable(#[from] FieldError),
}

/// What signing a request needs besides the request.
#[derive(Debug, Clone, Copy)]
pub struct RequestSigner<'a> {
    /// The secret shared with the receiver.
    pub secret: &'a PairSecret,
    /// The receiver.
    pub destination: &'a NodeId,
    /// Now, Unix seconds, corrected for the receiver's clock if its difference is known.
    pub created_s: i64,
    /// Fresh for every request; its answer repeats it.
    pub nonce: RequestNonce,
}

/// Adds the four headers of a signed request, replacing any that were there. With a body, `Content-Type` must be set
/// before.
///
/// # Errors
/// See [`SignError`].
pub fn sign_request(
    signer: &RequestSigner<'_>,
    method: &Method,
    uri: &Uri,
    headers: &mut HeaderMap,
    body: &[u8],
) -> Result<(), SignError> {
    if body.len() > MAX_BODY_LEN {
        return Err(SignError::TooLarge);
    }
    let destination = HeaderValue::from_str(&signer.destination.to_string()).or(Err(FieldError))?;
    headers.insert(HEARTH_DESTINATION, destination);
    headers.insert(CONTENT_DIGEST, ContentDigest::of(body).to_header()?);
    if body.is_empty() {
        headers.remove(CONTENT_TYPE);
    }
    let params = Params {
        created_s: signer.created_s,
        nonce: signer.nonce,
        key_id: signer.secret.key_id(),
    };
    let components = components(!body.is_empty());
    let input = base::input_of(&components, &params);
    let base = base::of_request(method, uri, headers, &components, &input)?;
    insert_signature(headers, input, signer.secret.mac(base.as_bytes()))?;
    Ok(())
}

/// What a request with or without a body covers.
pub(super) fn components(with_body: bool) -> Vec<&'static str> {
    let body = with_body.then_some(BODY_COMPONENT);
    REQUEST_COMPONENTS.into_iter().chain(body).collect()
}

pub(super) fn insert_signature(
    headers: &mut HeaderMap,
    input: InnerList,
    mac: [u8; 32],
) -> Result<(), FieldError> {
    let mac = Item {
        value: BareItem::Bytes(mac.to_vec()),
        parameters: Vec::new(),
    };
    for (name, member) in [
        (SIGNATURE_INPUT, Member::InnerList(input)),
        (SIGNATURE, Member::Item(mac)),
    ] {
        let text = Dictionary(vec![(LABEL.to_owned(), member)]).write()?;
        headers.insert(name, HeaderValue::from_str(&text).or(Err(FieldError))?);
    }
    Ok(())
}
