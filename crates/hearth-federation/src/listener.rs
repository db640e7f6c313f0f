//! The listener for other homes: TLS, HTTP/1.1, limits, and the checks that a request passes before anything is believed.
//!
//! A signed request is checked in the order of the protocol: sizes, form, key, destination, clock, MAC, and only then is its
//! body read and compared with the digest, and its nonce written down, so that it is refused a second time also straight after
//! a restart. What fails a check is answered with a problem that tells a stranger nothing. Answers to requests that were
//! believed are signed; so is "your clock differs", which the caller acts upon.
//!
//! Everything is bounded: handshakes, connections of strangers in all and from one network, the time a stranger may stay, headers,
//! bodies in length and rate, connections, requests at once and a second for each peer, and how long an answer waits to be read.
//!
//! Not here: what an inbox does with activities (`reception`), who may pair (`pairing_service`), which files may leave (`media`).

mod answer;
mod gates;
mod route;
mod sending;

pub(crate) use answer::{Answer, AnswerStream};
pub(crate) use gates::Gates;
pub use gates::ListenerLimits;
pub(crate) use route::{
    ACK_PATH, DIGEST_PATH, GIVE_PATH, HEALTH_PATH, INBOX_PATH, LATER_PATH, MEDIA_PATH, OFFER_PATH,
    OUTBOX_PATH, PART_PATH, RECALL_PATH, ROTATE_PATH, media_wanted,
};
pub(crate) use sending::Held;

use crate::service::Federation;
use crate::tls::server_config;
use bytes::Bytes;
use gates::Stranger;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use sending::{Paced, Unsent};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The most bytes of a request's head; a little more than is signed, so that the limit of the signature speaks first.
const MAX_HEAD_LEN: usize = crate::signature::MAX_HEADERS_LEN + 8 * 1024;
/// The most headers.
const MAX_HEADERS: usize = 64;
/// How long requests under way may take when the listener closes.
const CLOSING: Duration = Duration::from_secs(5);
/// The pause after the system had no connection to give, such as for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// One connection: where from, and whether still a stranger's.
pub(crate) struct Visitor {
    source: IpAddr,
    stranger: Mutex<Option<Stranger>>,
    /// Its place among the connections of the peer whose request was believed first.
    place: Mutex<Option<OwnedSemaphorePermit>>,
    unsent: Arc<Unsent>,
    known: CancellationToken,
}

impl Visitor {
    pub(crate) const fn source(&self) -> IpAddr {
        self.source
    }

    fn new(source: IpAddr, stranger: Option<Stranger>) -> Self {
        Self {
            source,
            stranger: Mutex::new(stranger),
            place: Mutex::default(),
            unsent: Arc::default(),
            known: CancellationToken::new(),
        }
    }

    /// A request on this connection was believed: it no longer counts as a stranger's but as the peer's, if that may have
    /// one more.
    fn is_known(&self, place: impl FnOnce() -> Option<OwnedSemaphorePermit>) -> bool {
        let mut stranger = self.stranger.lock().unwrap_or_else(PoisonError::into_inner);
        if stranger.is_some() {
            let Some(place) = place() else { return false };
            *self.place.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
            stranger.take();
        }
        self.known.cancel();
        true
    }
}

impl Federation {
    /// Answers other homes until `closed`, then finishes what is under way.
    pub async fn serve(self, listener: TcpListener, closed: CancellationToken) {
        let acceptor = match server_config(self.node_key()) {
            Ok(config) => TlsAcceptor::from(Arc::new(config)),
            Err(error) => {
                tracing::error!(error = %error, "The listener for other homes has no certificate");
                return;
            }
        };
        if let Ok(address) = listener.local_addr() {
            self.set_listening(address);
        }
        let connections = TaskTracker::new();
        loop {
            let accepted = tokio::select! {
                () = closed.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, from)) => {
                    let source = from.ip().to_canonical();
                    // Over a limit another one is dropped, without a word.
                    let stranger = self.gates().admit(source);
                    let leaves = stranger.leaves();
                    let visitor = Visitor::new(source, Some(stranger));
                    let task = self
                        .clone()
                        .connection(stream, acceptor.clone(), visitor, closed.clone());
                    connections.spawn(async move {
                        tokio::select! {
                            () = leaves.cancelled() => {}
                            () = task => {}
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(error = %error, "A connection could not be accepted");
                    tokio::select! {
                        () = closed.cancelled() => break,
                        () = tokio::time::sleep(ACCEPT_PAUSE) => {}
                    }
                }
            }
        }
        self.polls().close();
        connections.close();
        connections.wait().await;
    }

    /// Answers one request that came by another way than the listener, such as through a tunnel, with the same checks. `source`
    /// is where it came from, as far as that is known.
    pub async fn handle(&self, source: IpAddr, request: Request<Bytes>) -> Response<Bytes> {
        let visitor = Visitor::new(source, None);
        let (head, body) = self.answer(&visitor, request.map(Full::new)).await.into_parts();
        match body.collect().await {
            Ok(body) => Response::from_parts(head, body.to_bytes()),
            Err(error) => {
                tracing::debug!(error = %error, "An answer could not be read to its end");
                let mut broken = Response::new(Bytes::new());
                *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                broken
            }
        }
    }

    async fn connection(
        self,
        stream: TcpStream,
        acceptor: TlsAcceptor,
        visitor: Visitor,
        closed: CancellationToken,
    ) {
        let limits = *self.gates().limits();
        // A hint only: small answers go out at once.
        let _ = stream.set_nodelay(true);
        let handshake = timeout(limits.handshake, acceptor.accept(stream));
        let tls = tokio::select! {
            () = closed.cancelled() => return,
            done = handshake => match done {
                Ok(Ok(tls)) => tls,
                _ => return,
            },
        };
        let known = visitor.known.clone();
        let stream = Paced::new(tls, limits.answer, Arc::clone(&visitor.unsent));
        let visitor = Arc::new(visitor);
        let service = service_fn(move |request| {
            let (federation, visitor) = (self.clone(), Arc::clone(&visitor));
            async move { Ok::<_, Infallible>(federation.answer(&visitor, request).await) }
        });
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header)
            .max_headers(MAX_HEADERS)
            .max_header_size(MAX_HEAD_LEN)
            .max_buf_size(2 * MAX_HEAD_LEN)
            .half_close(false);
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let stranger_for_too_long = async {
            if timeout(limits.stranger, known.cancelled()).await.is_ok() {
                std::future::pending::<()>().await;
            }
        };
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stranger_for_too_long => return,
            () = closed.cancelled() => {
                connection.as_mut().graceful_shutdown();
                match timeout(CLOSING, connection).await {
                    Ok(ended) => ended,
                    Err(_elapsed) => return,
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(error = %error, "A connection of another home ended early");
        }
    }
}
