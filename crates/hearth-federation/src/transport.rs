//! How bytes reach a peer: one trait, apart from the log (what must reach it) and from the rules (who may send what).
//!
//! [`TlsTransport`] is the real one: HTTP/1.1 over TLS, straight to an address. Tests put a lossy one in its place; a
//! tunnel or a mailbox would be another. A transport knows nothing of signatures: it may lose, delay, repeat or alter, and
//! the layers above notice.
//!
//! Invariants:
//!
//! * Whatever the other side does, a call ends, and takes no more memory than the caller allows.
//! * A request is sent at most once by one call; whether to send it again is for the caller, who signs it anew.

mod body;
mod dial;
mod tls;

pub use body::AnswerBody;
pub(crate) use body::Pace;
pub use tls::{TlsTransport, TransportLimits};

use crate::address::Address;
use crate::keys::NodeId;
use bytes::Bytes;
use http::{Request, Response};
use std::pin::Pin;

/// A boxed future, so that the traits here can be used as objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The most bytes of an answer that is read as a whole.
pub const MAX_ANSWER_LEN: usize = 1024 * 1024;

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The name is not known, or nothing listens there.
    #[error("the address cannot be reached")]
    Unreachable(#[source] std::io::Error),
    /// No home can be at the address that the name leads to, or that was given: nothing was sent.
    #[error("no home can be at this address")]
    Forbidden,
    /// Something listens there, but does not prove to be that node, or hung up.
    #[error("the TLS handshake failed")]
    Handshake(#[source] std::io::Error),
    /// The TLS configuration could not be made.
    #[error("TLS cannot be set up")]
    Tls(#[from] crate::tls::TlsError),
    /// No connection came about in time: nothing was sent.
    #[error("the connection took too long")]
    ConnectTimeout,
    /// It took too long.
    #[error("the answer took too long")]
    Timeout,
    /// The connection ended before the answer did.
    #[error("the connection broke off")]
    Broken {
        /// The connection had been idle before: the other side may have closed it without seeing this request.
        reused: bool,
    },
    /// The answer is longer than allowed.
    #[error("the answer is too long")]
    TooLarge,
    /// The request cannot be sent as it is.
    #[error("the request cannot be sent")]
    BadRequest,
}

impl TransportError {
    /// A stable code for the health page.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) | Self::Forbidden => "unreachable",
            Self::Handshake(error) if is_wrong_certificate(error) => "wrong_node",
            Self::Handshake(_) => "connection_lost",
            Self::ConnectTimeout | Self::Timeout => "timeout",
            Self::Broken { .. } => "connection_lost",
            Self::TooLarge => "too_large",
            Self::Tls(_) | Self::BadRequest => "internal",
        }
    }

    /// Whether the request may have reached the other side. False only when that is certain.
    #[must_use]
    pub const fn may_have_arrived(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::Forbidden
            | Self::Handshake(_)
            | Self::Tls(_)
            | Self::ConnectTimeout
            | Self::BadRequest => false,
            Self::Timeout | Self::Broken { .. } | Self::TooLarge => true,
        }
    }
}

fn is_wrong_certificate(error: &std::io::Error) -> bool {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(inner, Some(rustls::Error::InvalidCertificate(_)))
}

/// How bytes reach a peer.
pub trait Transport: Send + Sync {
    /// Sends a request (its target in origin form) to the node at an address; gives the head of the answer, and its body
    /// as it comes.
    fn open<'a>(
        &'a self,
        node: &'a NodeId,
        address: &'a Address,
        request: Request<Bytes>,
    ) -> BoxFuture<'a, Result<Response<AnswerBody>, TransportError>>;

    /// Lets go of connections to a node that wait for their next request, or to all: they lead to where it, or this home, was before, and
    /// nobody there would answer.
    fn forget(&self, node: Option<&NodeId>) {
        let _ = node;
    }

    /// As [`Transport::open`], reading the whole body, at most [`MAX_ANSWER_LEN`].
    fn send<'a>(
        &'a self,
        node: &'a NodeId,
        address: &'a Address,
        request: Request<Bytes>,
    ) -> BoxFuture<'a, Result<Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let (head, body) = self.open(node, address, request).await?.into_parts();
            Ok(Response::from_parts(head, body.collect(MAX_ANSWER_LEN).await?))
        })
    }
}
