//! A plain HTTP/1.1 client that sends exactly what a test says: to the window's listener, or over TLS to a home's.

use bytes::Bytes;
use hearth_api::{ApiError, ApiResult, Code, Command};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::Mutex;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// A header as text; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as JSON; `null` if it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends one request over a connection and reads the whole answer.
///
/// # Errors
/// When the connection breaks off before the answer has come.
pub async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> anyhow::Result<Answer> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let running = tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let (head, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    running.abort();
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body,
    })
}

/// A browser without a face: keeps the session's cookie and sends the header that changes need.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    cookie: Mutex<Option<String>>,
}

impl Client {
    /// A client of the window's listener at an address.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            cookie: Mutex::default(),
        }
    }

    /// The session's cookie, `name=value`.
    #[must_use]
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
    }

    /// A request as a browser at this origin would send it.
    #[must_use]
    pub fn request(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
        let host = format!("localhost:{}", self.address.port());
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("origin", format!("http://{host}"))
            .header("host", host)
            .header("x-hearth", "1");
        if let Some(cookie) = self.cookie() {
            request = request.header("cookie", cookie);
        }
        request
            .body(Full::new(body.into()))
            .expect("a well-formed request")
    }

    /// Sends a request over a connection of its own; a cookie that comes back is kept.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> anyhow::Result<Answer> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let answer = exchange(stream, request).await?;
        if let Some((cookie, _attributes)) = answer.header("set-cookie").split_once(';') {
            let kept = cookie.split_once('=').is_some_and(|(_, value)| !value.is_empty());
            *self.cookie.lock().unwrap() = kept.then(|| cookie.to_owned());
        }
        Ok(answer)
    }

    /// Puts a command.
    ///
    /// # Errors
    /// When no answer comes: the command may have been carried out or not.
    ///
    /// # Panics
    /// When the answer is not of the type that the table names.
    pub async fn call<C: Command>(&self, command: C) -> anyhow::Result<ApiResult<C::Output>> {
        let body = serde_json::to_vec(&command)?;
        let request = self.request(Method::POST, &format!("/rpc/{}", C::NAME), body);
        let answer = self.send(request).await?;
        if answer.status.is_success() {
            return Ok(Ok(serde_json::from_slice(&answer.body)?));
        }
        let unclear = || ApiError::new(Code::Internal, answer.text());
        Ok(Err(
            serde_json::from_slice(&answer.body).unwrap_or_else(|_other| unclear())
        ))
    }
}
