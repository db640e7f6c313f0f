//! The listener for other devices: TLS, HTTP/1.1, and limits; the routes are those of the window.

use super::authority::{Authority, Leaf, is_private};
use crate::http::Local;
use axum::Router;
use axum::extract::ConnectInfo;
use hearth_api::ports::Clock;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// Time for a handshake, and for the head of a request.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most connections of one address, and in all. A browser holds six.
const OF_ONE: usize = 32;
const IN_ALL: usize = 256;
/// How long requests under way may take when the listener closes.
const CLOSING: Duration = Duration::from_secs(5);
/// The pause after the system had no connection to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The certificate that is shown now.
#[derive(Debug)]
struct Current(RwLock<Leaf>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(
            &self.0.read().unwrap_or_else(PoisonError::into_inner).key,
        ))
    }
}

/// What one listener works with.
pub(super) struct Door {
    authority: Authority,
    current: Arc<Current>,
    name: Option<String>,
    clock: Arc<dyn Clock>,
    config: Arc<ServerConfig>,
    open: Mutex<HashMap<IpAddr, usize>>,
}

impl Door {
    /// # Errors
    /// When no certificate can be made.
    pub(super) fn new(
        authority: Authority,
        addresses: &[IpAddr],
        name: Option<String>,
        clock: Arc<dyn Clock>,
    ) -> hearth_api::ApiResult<Self> {
        let leaf = authority.issue(addresses, name.as_deref(), clock.now())?;
        let current = Arc::new(Current(RwLock::new(leaf)));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| super::failed(&error))?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as Arc<dyn ResolvesServerCert>);
        Ok(Self {
            authority,
            current,
            name,
            clock,
            config: Arc::new(config),
            open: Mutex::default(),
        })
    }

    /// Makes a new certificate when the present one does not cover the address that was called, or is old.
    fn renew_for(&self, ip: IpAddr) {
        let now = self.clock.now();
        let mut addresses = {
            let leaf = self.current.0.read().unwrap_or_else(PoisonError::into_inner);
            if leaf.covers(ip, now) {
                return;
            }
            leaf.addresses().to_vec()
        };
        if !addresses.contains(&ip) {
            addresses.push(ip);
            // The oldest of many goes; a machine has few addresses at a time.
            if addresses.len() > 64 {
                addresses.remove(0);
            }
        }
        if let Ok(leaf) = self.authority.issue(&addresses, self.name.as_deref(), now) {
            *self.current.0.write().unwrap_or_else(PoisonError::into_inner) = leaf;
        }
    }

    /// A place for one more connection from an address; none over a limit.
    fn place(self: &Arc<Self>, ip: IpAddr) -> Option<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let of_one = open.entry(ip).or_insert(0);
        if all >= IN_ALL || *of_one >= OF_ONE {
            if *of_one == 0 {
                open.remove(&ip);
            }
            return None;
        }
        *of_one += 1;
        Some(Place(Arc::clone(self), ip))
    }

    /// Answers devices until `closed`, then finishes what is under way.
    pub(super) async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        router: Router,
        closed: CancellationToken,
    ) {
        let acceptor = TlsAcceptor::from(Arc::clone(&self.config));
        let connections = TaskTracker::new();
        loop {
            let accepted = tokio::select! {
                () = closed.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(error = %error, "A device's connection could not be accepted");
                    tokio::select! {
                        () = closed.cancelled() => break,
                        () = tokio::time::sleep(ACCEPT_PAUSE) => continue,
                    }
                }
            };
            // Dropped without a word: who comes from the internet, and who has too many.
            let ip = peer.ip().to_canonical();
            let (true, Some(place), Ok(local)) = (is_private(ip), self.place(ip), stream.local_addr()) else {
                continue;
            };
            self.renew_for(local.ip().to_canonical());
            let task = connection(
                stream,
                peer,
                local,
                acceptor.clone(),
                router.clone(),
                closed.clone(),
            );
            connections.spawn(async move {
                task.await;
                drop(place);
            });
        }
        connections.close();
        connections.wait().await;
    }
}

/// One connection's place among those of its address.
struct Place(Arc<Door>, IpAddr);

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = open.get_mut(&self.1) {
            *n -= 1;
            if *n == 0 {
                open.remove(&self.1);
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    local: SocketAddr,
    acceptor: TlsAcceptor,
    router: Router,
    closed: CancellationToken,
) {
    // A hint only: small answers go out at once.
    let _ = stream.set_nodelay(true);
    let tls = tokio::select! {
        () = closed.cancelled() => return,
        done = timeout(PATIENCE, acceptor.accept(stream)) => match done {
            Ok(Ok(tls)) => tls,
            _ => return,
        },
    };
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(Local(local));
        router.clone().oneshot(request)
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_headers(64)
        .half_close(false);
    let connection = builder.serve_connection(TokioIo::new(tls), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = closed.cancelled() => {
            connection.as_mut().graceful_shutdown();
            match timeout(CLOSING, connection).await {
                Ok(ended) => ended,
                Err(_elapsed) => return,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = %error, "A device's connection ended early");
    }
}
