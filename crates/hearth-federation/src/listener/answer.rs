//! Answers: a body with its digest, signed for those whose request was believed.

use crate::ids::RequestNonce;
use crate::problem::{self, Code, Problem};
use crate::secret::PairSecret;
use crate::signature::{ContentDigest, sign_answer};
use bytes::Bytes;
use futures_util::Stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Body as _, Frame};
use std::pin::Pin;

/// The body of an answer.
pub(super) type Body = UnsyncBoxBody<Bytes, std::io::Error>;
/// A body that is read while it is sent.
pub(crate) type AnswerStream = Pin<Box<dyn Stream<Item = std::io::Result<Frame<Bytes>>> + Send>>;

/// An answer before it is signed.
pub(crate) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    digest: ContentDigest,
    body: Body,
}

fn full(bytes: Bytes) -> Body {
    UnsyncBoxBody::new(Full::new(bytes).map_err(|never| match never {}))
}

impl Answer {
    /// An answer with a body in memory.
    pub(crate) fn new(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self {
            status,
            headers,
            digest: ContentDigest::of(&body),
            body: full(body.into()),
        }
    }

    /// "Done", with nothing to say.
    pub(crate) fn done() -> Self {
        Self {
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::new(),
            digest: ContentDigest::of(&[]),
            body: full(Bytes::new()),
        }
    }

    /// JSON.
    pub(crate) fn json<T: serde::Serialize>(value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::new(StatusCode::OK, "application/json", body),
            Err(error) => {
                tracing::error!(error = %error, "An answer could not be written");
                Self::problem(&Problem::new(Code::Internal))
            }
        }
    }

    /// A refusal.
    pub(crate) fn problem(problem: &Problem) -> Self {
        Self::new(problem.http_status(), problem::CONTENT_TYPE, problem.to_body())
    }

    /// A body that is read while it is sent, its digest known before.
    pub(crate) fn stream(
        status: StatusCode,
        headers: HeaderMap,
        digest: ContentDigest,
        body: AnswerStream,
    ) -> Self {
        Self {
            status,
            headers,
            digest,
            body: UnsyncBoxBody::new(StreamBody::new(body)),
        }
    }

    /// How much of the body is in memory; a file is read while it is sent.
    pub(super) fn bytes_in_memory(&self) -> u64 {
        self.body.size_hint().exact().unwrap_or(0)
    }

    /// With another status than the problem's own.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// With one more header.
    pub(crate) fn with_header(mut self, name: http::HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// As it goes to a stranger.
    pub(super) fn unsigned(self) -> Response<Body> {
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// Signed with the key and nonce of the request.
    pub(super) fn signed(mut self, secret: &PairSecret, nonce: RequestNonce, now_ms: i64) -> Response<Body> {
        let created_s = now_ms.div_euclid(1000);
        if let Err(error) = sign_answer(
            secret,
            nonce,
            created_s,
            self.status,
            &mut self.headers,
            self.digest,
        ) {
            tracing::error!(error = %error, "An answer could not be signed");
            return Self::problem(&Problem::new(Code::Internal)).unsigned();
        }
        self.unsigned()
    }
}
