//! The real transport: HTTP/1.1 over TLS, one connection or two kept open for each address of a peer.

use super::dial::dial;
use super::{AnswerBody, BoxFuture, Transport, TransportError};
use crate::address::{Address, Host, Trust};
use crate::keys::NodeId;
use crate::tls::{ServerTrust, client_config};
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, Response, Version};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The name told to a pinned node: it is not looked at, and need not tell a listener on the way who is called.
const PINNED_NAME: &str = "node.invalid";
/// Connections kept open for one address.
const IDLE_PER_ADDRESS: usize = 2;
/// Peers whose configuration or idle connections are kept before all are dropped: more than a home has.
const MAX_KEPT: usize = 1024;
/// The most header bytes of an answer, in one buffer.
const MAX_HEAD_LEN: usize = 64 * 1024;

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct TransportLimits {
    /// Name lookup, connection and TLS handshake together.
    pub connect: Duration,
    /// From sending a request to the head of its answer.
    pub answer: Duration,
    /// For a body to begin; from then on it must bring a thousand bytes a second.
    pub body: Duration,
    /// How long an idle connection is used again; shorter than the listener's patience with idle ones.
    pub idle: Duration,
}

impl Default for TransportLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            body: Duration::from_secs(10),
            idle: Duration::from_secs(8),
        }
    }
}

type Sender = SendRequest<Full<Bytes>>;
type Key = (NodeId, Address);

/// Connections that wait for their next request.
#[derive(Default)]
struct Idle(Mutex<HashMap<Key, Vec<(Instant, Sender)>>>);

impl Idle {
    fn take(&self, key: &Key, longest: Duration) -> Option<Sender> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_key = kept.get_mut(key)?;
        let mut found = None;
        while let Some((since, sender)) = of_key.pop() {
            if !sender.is_closed() && since.elapsed() < longest {
                found = Some(sender);
                break;
            }
        }
        if of_key.is_empty() {
            kept.remove(key);
        }
        found
    }

    fn forget(&self, node: Option<&NodeId>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(of, _), _| node.is_some_and(|node| node != of));
    }

    fn put(&self, key: Key, sender: Sender) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        let of_key = kept.entry(key).or_default();
        of_key.retain(|(_, sender)| !sender.is_closed());
        if of_key.len() < IDLE_PER_ADDRESS {
            of_key.push((Instant::now(), sender));
        }
    }
}

/// HTTP/1.1 over TLS, straight to the address.
#[derive(Default)]
pub struct TlsTransport {
    limits: TransportLimits,
    configs: Mutex<HashMap<(NodeId, Trust), Arc<ClientConfig>>>,
    idle: Arc<Idle>,
}

impl std::fmt::Debug for TlsTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsTransport")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl TlsTransport {
    /// A transport with other limits than the usual ones.
    #[must_use]
    pub fn with_limits(limits: TransportLimits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// How many connections wait for their next request.
    #[cfg(test)]
    pub(crate) fn idle(&self) -> usize {
        let kept = self.idle.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.values().map(Vec::len).sum()
    }

    /// One configuration for each peer and kind of address: sessions are resumed within one only.
    fn config(&self, node: &NodeId, trust: Trust) -> Result<Arc<ClientConfig>, TransportError> {
        let mut configs = self.configs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = configs.get(&(*node, trust)) {
            return Ok(Arc::clone(config));
        }
        if configs.len() >= MAX_KEPT {
            configs.clear();
        }
        let config = Arc::new(client_config(match trust {
            Trust::Pinned => ServerTrust::Pinned(*node),
            Trust::PublicCa => ServerTrust::PublicCa,
        })?);
        configs.insert((*node, trust), Arc::clone(&config));
        Ok(config)
    }

    async fn connect(
        &self,
        node: &NodeId,
        address: &Address,
    ) -> Result<TlsStream<TcpStream>, TransportError> {
        let config = self.config(node, address.trust())?;
        let name = match (address.trust(), address.host()) {
            (Trust::Pinned, _) => ServerName::try_from(PINNED_NAME),
            (Trust::PublicCa, Host::V4(ip)) => Ok(ServerName::from(std::net::IpAddr::V4(*ip))),
            (Trust::PublicCa, Host::V6(ip)) => Ok(ServerName::from(std::net::IpAddr::V6(*ip))),
            (Trust::PublicCa, Host::Name(name)) => ServerName::try_from(name.as_str().to_owned()),
        }
        .map_err(|_invalid_name| TransportError::BadRequest)?;
        let stream = dial(address).await?;
        // A hint only: small requests go out at once.
        let _ = stream.set_nodelay(true);
        TlsConnector::from(config)
            .connect(name, stream)
            .await
            .map_err(TransportError::Handshake)
    }

    /// A connection of one's own: an idle one, or a new one.
    async fn sender(&self, key: &Key) -> Result<(Sender, bool), TransportError> {
        while let Some(mut sender) = self.idle.take(key, self.limits.idle) {
            if sender.ready().await.is_ok() {
                return Ok((sender, true));
            }
        }
        let made = async {
            let stream = self.connect(&key.0, &key.1).await?;
            let mut builder = http1::Builder::new();
            builder
                .max_headers(64)
                .max_header_size(MAX_HEAD_LEN)
                .max_buf_size(2 * MAX_HEAD_LEN);
            let (sender, connection) = builder
                .handshake(TokioIo::new(stream))
                .await
                .map_err(|_ended| TransportError::Broken { reused: false })?;
            // Ends by itself when the sender is dropped or the other side closes.
            tokio::spawn(connection);
            Ok((sender, false))
        };
        timeout(self.limits.connect, made)
            .await
            .map_err(|_elapsed| TransportError::ConnectTimeout)?
    }

    async fn exchange(
        &self,
        node: &NodeId,
        address: &Address,
        mut request: Request<Bytes>,
    ) -> Result<Response<AnswerBody>, TransportError> {
        let host =
            HeaderValue::try_from(address.authority()).map_err(|_invalid| TransportError::BadRequest)?;
        request.headers_mut().insert(HOST, host);
        *request.version_mut() = Version::HTTP_11;
        let key = (*node, address.clone());
        let (mut sender, reused) = self.sender(&key).await?;
        let answer = timeout(self.limits.answer, sender.send_request(request.map(Full::new)))
            .await
            .map_err(|_elapsed| TransportError::Timeout)?
            .map_err(|error| {
                tracing::debug!(error = %error, reused, "A request got no answer");
                TransportError::Broken { reused }
            })?;
        let idle = Arc::clone(&self.idle);
        let at_end = Box::new(move || idle.put(key, sender));
        let grace = self.limits.body;
        Ok(answer.map(|incoming| {
            let body = incoming.map_err(|error| {
                tracing::debug!(error = %error, "An answer broke off");
                TransportError::Broken { reused: false }
            });
            AnswerBody::new(UnsyncBoxBody::new(body), grace, Some(at_end))
        }))
    }
}

impl Transport for TlsTransport {
    fn open<'a>(
        &'a self,
        node: &'a NodeId,
        address: &'a Address,
        request: Request<Bytes>,
    ) -> BoxFuture<'a, Result<Response<AnswerBody>, TransportError>> {
        Box::pin(self.exchange(node, address, request))
    }

    fn forget(&self, node: Option<&NodeId>) {
        self.idle.forget(node);
    }
}
