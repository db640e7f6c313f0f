//! What a home needs to speak to another on the wire, taken out of its folder: the test writes and signs the requests itself.

use crate::TestHome;
use bytes::Bytes;
use hearth_api::ports::Entropy as _;
use hearth_api::{HomeId, Timestamp};
use hearth_db::pair_secret;
use hearth_federation::ids::RequestNonce;
use hearth_federation::keys::{NodeId, NodeKey};
use hearth_federation::keystore::KeyStore;
use hearth_federation::secret::PairSecret;
use hearth_federation::signature::{
    ContentDigest, RequestSigner, SIGNATURE_INPUT, sign_answer, sign_request,
};
use hearth_node::keychain::SystemKeychain;
use hearth_node::master;
use hearth_node::system::SystemEntropy;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use std::sync::Arc;

/// A home's id as a key.
///
/// # Panics
/// Never: a home's id is one.
#[must_use]
pub fn node_of(home: &HomeId) -> NodeId {
    home.as_str().parse().unwrap()
}

/// The store of a home's keys.
///
/// # Panics
/// When its folder has no master key.
#[must_use]
pub fn keys_of(home: &TestHome) -> KeyStore {
    let key = master::open(home.dir(), None, &SystemKeychain, &SystemEntropy).unwrap();
    KeyStore::new(key, Arc::new(SystemEntropy))
}

/// The keys with which one home speaks to another.
#[derive(Debug, Clone)]
pub struct Signing {
    /// What the two share.
    pub secret: PairSecret,
    /// Who speaks.
    pub key: NodeKey,
    /// Who is spoken to.
    pub to: NodeId,
}

impl Signing {
    /// The keys of a home that is paired with another.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn between(of: &TestHome, to: &TestHome) -> Self {
        Self::with(of, &to.id())
    }

    /// The same, when the other home is not one of the test's.
    ///
    /// # Panics
    /// When they are not paired.
    #[must_use]
    pub fn with(of: &TestHome, other: &HomeId) -> Self {
        let keys = keys_of(of);
        of.read(|tx| {
            let name = pair_secret::of_home(tx, other)?.remove(0);
            let secret = keys.get(tx, &format!("pair:{name}")).unwrap();
            Ok(Self {
                secret: PairSecret::from_secret_bytes(secret.as_slice().try_into().unwrap()),
                key: keys.node(tx).unwrap(),
                to: node_of(other),
            })
        })
    }

    /// A signed request. One without a content type has no body.
    ///
    /// # Panics
    /// When it cannot be signed.
    #[must_use]
    pub fn request(
        &self,
        now: Timestamp,
        method: &Method,
        path: &str,
        body: Option<(&'static str, &[u8])>,
    ) -> Request<Bytes> {
        let uri: Uri = path.parse().unwrap();
        let mut random = [0; 16];
        SystemEntropy.fill(&mut random);
        let signer = RequestSigner {
            secret: &self.secret,
            destination: &self.to,
            created_s: now.0.div_euclid(1000),
            nonce: RequestNonce::from_bytes(random),
        };
        let mut headers = HeaderMap::new();
        if let Some((content_type, _)) = body {
            headers.insert("content-type", HeaderValue::from_static(content_type));
        }
        let body = body.map_or(b"".as_slice(), |(_, body)| body);
        sign_request(&signer, method, &uri, &mut headers, body).unwrap();
        let mut request = Request::new(Bytes::copy_from_slice(body));
        *request.method_mut() = method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        request
    }

    /// The headers of a signed answer to a request.
    ///
    /// # Panics
    /// When the request is not signed.
    pub fn sign_answer(
        &self,
        asked: &HeaderMap,
        now: Timestamp,
        status: StatusCode,
        headers: &mut HeaderMap,
        digest: ContentDigest,
    ) {
        let input = asked[SIGNATURE_INPUT].to_str().unwrap();
        let nonce = input
            .split_once(";nonce=\"")
            .unwrap()
            .1
            .split_once('"')
            .unwrap()
            .0;
        let (nonce, created_s) = (nonce.parse().unwrap(), now.0.div_euclid(1000));
        sign_answer(&self.secret, nonce, created_s, status, headers, digest).unwrap();
    }
}
