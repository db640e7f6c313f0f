//! A device in the network: a browser without a face that keeps its cookies, and trusts what it was told to trust.

use crate::TestHome;
use crate::http::{Answer, exchange};
use bytes::Bytes;
use hearth_api::{ApiError, ApiResult, Code, Command, Timestamp};
use http::{Method, Request};
use http_body_util::Full;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// The time of a world, for certificates.
#[derive(Debug)]
struct At(Timestamp);

impl TimeProvider for At {
    fn current_time(&self) -> Option<UnixTime> {
        let ms = u64::try_from(self.0.0).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_millis(ms)))
    }
}

/// A device.
#[derive(Debug)]
pub struct Device {
    address: SocketAddr,
    connector: TlsConnectorOf,
    cookies: Mutex<BTreeMap<String, String>>,
}

#[derive(Clone)]
struct TlsConnectorOf(TlsConnector);

impl std::fmt::Debug for TlsConnectorOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TlsConnector")
    }
}

impl Device {
    /// A device that trusts one certificate, DER, and nobody else.
    ///
    /// # Panics
    /// When it is no certificate.
    #[must_use]
    pub fn new(home: &TestHome, address: SocketAddr, trusted: &[u8]) -> Self {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from(trusted.to_vec()))
            .expect("a certificate");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_details(provider, Arc::new(At(home.now())))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            address,
            connector: TlsConnectorOf(TlsConnector::from(Arc::new(config))),
            cookies: Mutex::default(),
        }
    }

    /// Its cookies, `name=value`.
    ///
    /// # Panics
    /// Never, unless a test panicked.
    #[must_use]
    pub fn cookies(&self) -> Vec<String> {
        let cookies = self.cookies.lock().unwrap();
        cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect()
    }

    /// Takes a cookie away; the one whose name ends so.
    ///
    /// # Panics
    /// Never, unless a test panicked.
    pub fn forget(&self, ending: &str) {
        self.cookies
            .lock()
            .unwrap()
            .retain(|name, _| !name.ends_with(ending));
    }

    /// Puts in the cookies of another device.
    ///
    /// # Panics
    /// Never, unless a test panicked.
    pub fn take_cookies_of(&self, other: &Self) {
        let theirs = other.cookies.lock().unwrap().clone();
        self.cookies.lock().unwrap().extend(theirs);
    }

    /// A request as the window on this device sends it.
    ///
    /// # Panics
    /// When it is not well-formed.
    #[must_use]
    pub fn request(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.address.to_string())
            .header("origin", format!("https://{}", self.address))
            .header("x-hearth", "1");
        let cookies = self.cookies();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        request
            .body(Full::new(body.into()))
            .expect("a well-formed request")
    }

    /// Sends a request; cookies that come back are kept.
    ///
    /// # Errors
    /// When no answer comes, also for want of trust.
    ///
    /// # Panics
    /// Never, unless a test panicked.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> anyhow::Result<Answer> {
        let stream = TcpStream::connect(self.address).await?;
        let name = ServerName::IpAddress(self.address.ip().into());
        let stream = self.connector.0.connect(name, stream).await?;
        let answer = exchange(stream, request).await?;
        let mut cookies = self.cookies.lock().unwrap();
        for set in answer.headers.get_all("set-cookie") {
            let pair = set.to_str()?.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                if value.is_empty() {
                    cookies.remove(name);
                } else {
                    cookies.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        drop(cookies);
        Ok(answer)
    }

    /// Puts a command.
    ///
    /// # Errors
    /// The command's.
    ///
    /// # Panics
    /// When no answer comes, or one of another type than the table names.
    pub async fn call<C: Command>(&self, command: C) -> ApiResult<C::Output> {
        let body = serde_json::to_vec(&command).expect("a request");
        let request = self.request(Method::POST, &format!("/rpc/{}", C::NAME), body);
        let answer = self.send(request).await.expect("the home answers");
        if answer.status.is_success() {
            return Ok(serde_json::from_slice(&answer.body).expect("an answer of the table's type"));
        }
        let unclear = || ApiError::new(Code::Internal, answer.text());
        Err(serde_json::from_slice(&answer.body).unwrap_or_else(|_other| unclear()))
    }
}
