//! A home that answers falsely: it listens with a home's own key and passes everything on to the real one, but for the paths whose
//! answer the test has written.

use crate::TestHome;
use crate::recorded::Exchange;
use crate::signing::Signing;
use bytes::Bytes;
use hearth_federation::signature::ContentDigest;
use hearth_federation::tls::server_config;
use hearth_federation::{TlsTransport, Transport as _};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// By what an answer is signed.
#[derive(Debug, Clone)]
pub enum Seal {
    /// As it must be, whatever it says.
    True,
    /// Not at all.
    None,
    /// With the digest of another body.
    OtherBody,
    /// With other keys.
    Of(Box<Signing>),
    /// For another request.
    OtherRequest,
}

/// What is sent as the body.
#[derive(Debug, Clone)]
pub enum Sent {
    /// These bytes.
    Whole(Bytes),
    /// These bytes, and then the connection breaks although more was announced.
    Cut(Bytes),
    /// These bytes again and again, for ever.
    Endless(Bytes),
}

/// One false answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Headers besides those of the signature.
    pub headers: Vec<(&'static str, String)>,
    /// Its body.
    pub body: Sent,
    /// Its signature.
    pub seal: Seal,
}

impl Reply {
    /// A signed answer.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: Sent::Whole(body.into()),
            seal: Seal::True,
        }
    }

    /// Signed JSON.
    #[must_use]
    pub fn json(value: &serde_json::Value) -> Self {
        Self::new(200, "application/json", value.to_string())
    }

    /// A signed refusal.
    #[must_use]
    pub fn problem(status: u16, value: &serde_json::Value) -> Self {
        Self::new(status, "application/problem+json", value.to_string())
    }

    /// The same with another signature.
    #[must_use]
    pub fn sealed(self, seal: Seal) -> Self {
        Self { seal, ..self }
    }

    /// The same with another body.
    #[must_use]
    pub fn sending(self, body: Sent) -> Self {
        Self { body, ..self }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// An answer by what was asked.
type Writer = Arc<dyn Fn(&[u8]) -> Reply + Send + Sync>;

/// What was asked for, and with what body.
pub type Asked = (String, Bytes);

struct Inner {
    signing: Signing,
    home: TestHome,
    transport: TlsTransport,
    /// A path's beginning, and its answer.
    replies: Mutex<Vec<(String, Writer)>>,
    asked: Mutex<Vec<Asked>>,
    passed_on: Mutex<Vec<Exchange>>,
}

/// A home that answers falsely. It ends when it is dropped.
pub struct Liar {
    /// Where it listens.
    pub address: SocketAddr,
    inner: Arc<Inner>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Liar {
    /// Stands before a home, answering another with which it is paired.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn before(home: &TestHome, answering: &TestHome) -> Self {
        Self::with(home, Signing::between(home, answering)).await
    }

    /// As [`Liar::before`], with the home's keys.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn with(home: &TestHome, signing: Signing) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(server_config(&signing.key).unwrap()));
        let inner = Arc::new(Inner {
            signing,
            home: home.clone(),
            transport: TlsTransport::default(),
            replies: Mutex::default(),
            asked: Mutex::default(),
            passed_on: Mutex::default(),
        });
        let serving = Arc::clone(&inner);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, inner) = (acceptor.clone(), Arc::clone(&serving));
                tokio::spawn(async move {
                    let Ok(tls) = acceptor.accept(stream).await else {
                        return;
                    };
                    let service = service_fn(|request| {
                        let inner = Arc::clone(&inner);
                        async move { Ok::<_, Infallible>(inner.answer(request).await) }
                    });
                    // Whoever is lied to hangs up when they like.
                    let _ = http1::Builder::new()
                        .serve_connection(TokioIo::new(tls), service)
                        .await;
                });
            }
        });
        Self { address, inner, task }
    }

    /// The keys with which it signs.
    #[must_use]
    pub fn signing(&self) -> &Signing {
        &self.inner.signing
    }

    /// Answers a path so from now on.
    ///
    /// # Panics
    /// Never.
    pub fn answers(&self, path: &str, reply: Reply) {
        self.answers_by(path, move |_| reply.clone());
    }

    /// Answers a path from now on by what is in the body of the request.
    ///
    /// # Panics
    /// Never.
    pub fn answers_by(&self, path: &str, reply: impl Fn(&[u8]) -> Reply + Send + Sync + 'static) {
        self.forget(path);
        let reply: Writer = Arc::new(reply);
        self.inner.replies.lock().unwrap().push((path.to_owned(), reply));
    }

    /// Passes a path on again.
    ///
    /// # Panics
    /// Never.
    pub fn forget(&self, path: &str) {
        self.inner.replies.lock().unwrap().retain(|(of, _)| of != path);
    }

    /// What the real home was asked and answered since the last time.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn passed_on(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.inner.passed_on.lock().unwrap())
    }

    /// What was asked since the last time.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.inner.asked.lock().unwrap())
    }
}

impl Inner {
    async fn answer(&self, request: Request<Incoming>) -> Response<UnsyncBoxBody<Bytes, std::io::Error>> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map(http_body_util::Collected::to_bytes);
        let body = body.unwrap_or_default();
        let path = head.uri.path().to_owned();
        self.asked
            .lock()
            .unwrap()
            .push((head.uri.to_string(), body.clone()));
        let Some(reply) = self.reply_to(&path, &body) else {
            return self.pass_on(Request::from_parts(head, body)).await;
        };
        let status = StatusCode::from_u16(reply.status).unwrap();
        let digest = match (&reply.body, &reply.seal) {
            (_, Seal::OtherBody) | (Sent::Endless(_), _) => ContentDigest::of(b"another body"),
            (Sent::Whole(body) | Sent::Cut(body), _) => ContentDigest::of(body),
        };
        let mut headers = HeaderMap::new();
        let mut asked = head.headers.clone();
        if matches!(reply.seal, Seal::OtherRequest) {
            let input = asked["signature-input"].to_str().unwrap();
            let (before, rest) = input.split_once(";nonce=\"").unwrap();
            let rest = rest.split_once('"').unwrap().1;
            let other = format!("{before};nonce=\"{}\"{rest}", "a".repeat(26));
            asked.insert("signature-input", HeaderValue::try_from(other).unwrap());
        }
        let signing = match &reply.seal {
            Seal::None => None,
            Seal::Of(other) => Some(&**other),
            _ => Some(&self.signing),
        };
        if let Some(signing) = signing
            && asked.contains_key("signature-input")
        {
            signing.sign_answer(&asked, self.home.now(), status, &mut headers, digest);
        }
        for (name, value) in &reply.headers {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        let body = match reply.body {
            Sent::Whole(body) => UnsyncBoxBody::new(Full::new(body).map_err(|never| match never {})),
            Sent::Cut(body) => UnsyncBoxBody::new(Unsound { piece: body, left: 1 }),
            Sent::Endless(body) => UnsyncBoxBody::new(Unsound {
                piece: body,
                left: usize::MAX,
            }),
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }

    fn reply_to(&self, path: &str, body: &[u8]) -> Option<Reply> {
        let replies = self.replies.lock().unwrap();
        let found = replies.iter().find(|(of, _)| path.starts_with(of.as_str()));
        found.map(|(_, reply)| reply(body))
    }

    async fn pass_on(&self, request: Request<Bytes>) -> Response<UnsyncBoxBody<Bytes, std::io::Error>> {
        let address = self.home.federation_address().to_string().parse().unwrap();
        let node = self.signing.key.id();
        match self.transport.send(&node, &address, request.clone()).await {
            Ok(answer) => {
                let exchange = Exchange::of(&request, &answer);
                self.passed_on.lock().unwrap().push(exchange);
                answer.map(|body| UnsyncBoxBody::new(Full::new(body).map_err(|never| match never {})))
            }
            Err(_) => {
                let mut broken = Response::new(UnsyncBoxBody::new(Unsound {
                    piece: Bytes::new(),
                    left: 0,
                }));
                *broken.status_mut() = StatusCode::BAD_GATEWAY;
                broken
            }
        }
    }
}

/// The same piece so many times, and then a broken connection.
struct Unsound {
    piece: Bytes,
    left: usize,
}

impl Body for Unsound {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(Some(Err(std::io::ErrorKind::BrokenPipe.into())));
        }
        self.left -= 1;
        Poll::Ready(Some(Ok(Frame::data(self.piece.clone()))))
    }
}
