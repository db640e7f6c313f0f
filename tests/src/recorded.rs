//! What two homes said to each other, as it was sent: recorded on the way, kept as JSON, and said again.

use bytes::Bytes;
use hearth_federation::address::Address;
use hearth_federation::keys::NodeId;
use hearth_federation::transport::{AnswerBody, BoxFuture, TransportError};
use hearth_federation::{TlsTransport, Transport};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// The longest answer that is read.
const MAX_ANSWER: usize = 4 << 20;

/// A message's headers, by name.
pub type Headers = BTreeMap<String, String>;

/// One request and its answer. Bodies are hexadecimal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The request's headers.
    pub headers: Headers,
    /// The request's body.
    pub body: String,
    /// The answer's status.
    pub status: u16,
    /// The answer's headers.
    pub answer_headers: Headers,
    /// The answer's body.
    pub answer: String,
}

fn text_of(headers: &HeaderMap) -> Headers {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect()
}

fn map_of(headers: &Headers) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    map
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

fn bytes(hex: &str) -> Bytes {
    data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap().into()
}

impl Exchange {
    /// Of a request and its answer.
    ///
    /// # Panics
    /// When a header is no text.
    #[must_use]
    pub fn of(asked: &Request<Bytes>, answered: &Response<Bytes>) -> Self {
        Self {
            method: asked.method().to_string(),
            target: asked.uri().to_string(),
            headers: text_of(asked.headers()),
            body: hex(asked.body()),
            status: answered.status().as_u16(),
            answer_headers: text_of(answered.headers()),
            answer: hex(answered.body()),
        }
    }

    /// The request, byte by byte.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn request(&self) -> Request<Bytes> {
        let mut request = Request::builder()
            .method(self.method.as_str())
            .uri(&self.target)
            .body(bytes(&self.body))
            .unwrap();
        *request.headers_mut() = map_of(&self.headers);
        request
    }

    /// The answer, byte by byte.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(bytes(&self.answer));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        *response.headers_mut() = map_of(&self.answer_headers);
        response
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// A transport that writes down what passes.
#[derive(Default)]
pub struct Recorder {
    real: TlsTransport,
    heard: Mutex<Vec<Exchange>>,
}

impl Recorder {
    /// What passed since the last time.
    ///
    /// # Panics
    /// Never.
    pub fn heard(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

impl Transport for Recorder {
    fn open<'a>(
        &'a self,
        node: &'a NodeId,
        address: &'a Address,
        request: Request<Bytes>,
    ) -> BoxFuture<'a, Result<Response<AnswerBody>, TransportError>> {
        Box::pin(async move {
            let (head, body) = self.real.open(node, address, request.clone()).await?.into_parts();
            let body = body.collect(MAX_ANSWER).await?;
            let answer = Response::from_parts(head, body);
            self.heard.lock().unwrap().push(Exchange::of(&request, &answer));
            Ok(answer.map(AnswerBody::from))
        })
    }
}
