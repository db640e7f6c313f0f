//! The guarded HTTP client, and the handle for everything a provider can be asked.
//!
//! A [`Client`] belongs to one provider and to the locality that the account consented to. It
//! connects to addresses of that locality only (judged when connecting, see [`crate::locality`]),
//! uses no proxy, follows no redirect, asks for no compression and decompresses nothing, and
//! speaks HTTP/1.1 only. Drop it when consent is revoked: open connections end with it.

use std::{
    collections::HashMap,
    error::Error as _,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{
    Method, Response, StatusCode,
    header::{
        ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName,
        HeaderValue, LOCATION,
    },
    redirect::Policy,
};
use url::Url;

use crate::{
    clock::{Clock, SystemClock, Wait},
    error::{ErrorCode, LlmError},
    locality::{GuardedDns, Locality, LocalityMismatch, Resolver, SystemResolver, check_literal},
    provider::{Provider, Timeouts},
    redact::Redactor,
    secret::Secret,
};

/// Headers that belong to the connection, not to settings.
const RESERVED: &[&str] = &[
    "host",
    "connection",
    "content-length",
    "content-type",
    "transfer-encoding",
    "accept-encoding",
    "te",
    "upgrade",
    "expect",
    "trailer",
];

/// A provider to talk to, within the locality consented to. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) provider: Provider,
    pub(crate) timeouts: Timeouts,
    pub(crate) consented: Locality,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) redactor: Redactor,
    http: reqwest::Client,
    /// Which Ollama models run in a cloud, and when (Unix milliseconds) that was asked.
    cloud: Mutex<HashMap<String, (bool, i64)>>,
}

/// Puts a [`Client`] together.
pub struct ClientBuilder {
    provider: Provider,
    consented: Locality,
    resolver: Arc<dyn Resolver>,
    clock: Arc<dyn Clock>,
}

impl ClientBuilder {
    /// Uses another resolver than the system's.
    #[must_use]
    pub fn resolver(mut self, resolver: Arc<dyn Resolver>) -> Self {
        self.resolver = resolver;
        self
    }

    /// Uses another clock than the system's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Builds the client. Connects to nothing.
    ///
    /// # Errors
    /// `invalid_input` for a key or header that cannot be sent.
    pub fn build(self) -> Result<Client, LlmError> {
        let Self {
            provider,
            consented,
            resolver,
            clock,
        } = self;
        let timeouts = provider.timeouts.clamped();
        let (headers, redactor) = headers(&provider)?;
        let setup = |error: &dyn std::error::Error| {
            LlmError::new(
                ErrorCode::ProviderError,
                "The HTTP client could not be set up.",
                "Restart the program.",
            )
            .with_detail(error.to_string())
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the guarded client: addresses are judged when a name is looked up, and nothing is followed"
        )]
        let http = reqwest::Client::builder()
            .use_preconfigured_tls(tls().map_err(|error| setup(&error))?)
            .dns_resolver(Arc::new(GuardedDns { resolver, consented }))
            .connect_timeout(timeouts.connect)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .http1_only()
            .tcp_nodelay(true)
            .default_headers(headers)
            .user_agent(concat!("hearth/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| setup(&error))?;
        let cloud = Mutex::default();
        Ok(Client {
            inner: Arc::new(Inner {
                provider,
                timeouts,
                consented,
                clock,
                redactor,
                http,
                cloud,
            }),
        })
    }
}

/// TLS with the ring provider, whatever the process's default is, and the web's root certificates.
fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let roots = rustls::RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// The headers of every request, and what must never be shown.
fn headers(provider: &Provider) -> Result<(HeaderMap, Redactor), LlmError> {
    let invalid = |what: &str| {
        LlmError::new(
            ErrorCode::InvalidInput,
            what,
            "Correct it in the provider's settings.",
        )
    };
    let secret_value = |text: &str| {
        HeaderValue::from_str(text).map(|mut value| {
            value.set_sensitive(true);
            value
        })
    };
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some(key) = &provider.api_key {
        let value = secret_value(&format!("Bearer {}", key.expose().trim())).map_err(|error| {
            invalid("The API key holds characters that cannot be sent.").with_detail(error.to_string())
        })?;
        headers.insert(AUTHORIZATION, value);
    }
    for (name, value) in &provider.extra_headers {
        let name = HeaderName::try_from(name.as_str()).map_err(|error| {
            invalid("The name of an extra header is not valid.").with_detail(error.to_string())
        })?;
        if RESERVED.contains(&name.as_str()) {
            return Err(invalid(
                "An extra header would replace one that the connection needs.",
            ));
        }
        let value = secret_value(value.expose()).map_err(|error| {
            invalid("The value of an extra header is not valid.").with_detail(error.to_string())
        })?;
        headers.insert(name, value);
    }
    let secrets = provider
        .api_key
        .iter()
        .chain(provider.extra_headers.iter().map(|(_, value)| value));
    Ok((
        headers,
        Redactor::new(secrets.map(|secret| Secret::new(secret.expose().trim()))),
    ))
}

/// A short answer, read whole.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why no response came.
#[derive(Debug)]
pub(crate) struct SendError {
    pub(crate) error: LlmError,
    /// Nothing was sent and it may pass, so it may be tried again.
    pub(crate) retry: bool,
}

impl From<SendError> for LlmError {
    fn from(error: SendError) -> Self {
        error.error
    }
}

impl Client {
    /// Begins a client for a provider; `consented` is where the account agreed it may be.
    pub fn builder(provider: Provider, consented: Locality) -> ClientBuilder {
        ClientBuilder {
            provider,
            consented,
            resolver: Arc::new(SystemResolver),
            clock: Arc::new(SystemClock),
        }
    }

    /// A client with the system's resolver and clock.
    ///
    /// # Errors
    /// See [`ClientBuilder::build`].
    pub fn new(provider: Provider, consented: Locality) -> Result<Self, LlmError> {
        Self::builder(provider, consented).build()
    }

    /// The provider it was built for.
    pub fn provider(&self) -> &Provider {
        &self.inner.provider
    }

    /// Where the provider may be.
    pub fn consented(&self) -> Locality {
        self.inner.consented
    }

    /// The client of `ollama-rs` over this guarded one, for managing models. Its own limits apply
    /// to answers; do not chat with it (see the notes in the source of `ollama`).
    ///
    /// # Errors
    /// `locality_changed` if the address is a number of another locality; names are judged when connecting.
    pub fn ollama(&self) -> Result<ollama_rs::Ollama, LlmError> {
        let mut url = self.inner.provider.base_url().clone();
        check_literal(&url, self.inner.consented)?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("");
        }
        Ok(ollama_rs::Ollama::builder()
            .url(url)
            .reqwest_client(self.inner.http.clone())
            .build())
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("provider", &self.inner.provider)
            .field("consented", &self.inner.consented)
            .finish_non_exhaustive()
    }
}

impl Inner {
    /// Sends a request and returns the response's head.
    pub(crate) async fn send(
        &self,
        method: Method,
        url: Url,
        accept: &'static str,
        body: Option<Vec<u8>>,
    ) -> Result<Response, SendError> {
        let refuse = |error| SendError { error, retry: false };
        check_literal(&url, self.consented).map_err(|mismatch| refuse(mismatch.into()))?;
        let mut request = self.http.request(method, url).header(ACCEPT, accept);
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let response = request
            .send()
            .await
            .map_err(|error| send_error(error, self.timeouts.connect))?;
        if response.status().is_redirection() {
            return Err(refuse(redirected(&response, &self.redactor)));
        }
        let encoded = response
            .headers()
            .get(CONTENT_ENCODING)
            .is_some_and(|value| value != "identity");
        if encoded {
            return Err(refuse(LlmError::bad_stream(
                "The server compressed its answer although it was not asked to.",
            )));
        }
        Ok(response)
    }

    /// Sends a request and reads the whole answer, of at most `limit` bytes, within `time`.
    pub(crate) async fn ask(
        &self,
        method: Method,
        url: Url,
        body: Option<Vec<u8>>,
        limit: usize,
        time: Duration,
    ) -> Result<Reply, SendError> {
        let exchange = async {
            let response = self.send(method, url, "application/json", body).await?;
            let (status, headers) = (response.status(), response.headers().clone());
            let body = read_body(response, limit)
                .await
                .map_err(|error| SendError { error, retry: false })?;
            Ok(Reply {
                status,
                headers,
                body,
            })
        };
        tokio::select! {
            reply = exchange => reply,
            () = self.clock.sleep(Wait::Query, time) => Err(SendError { error: timed_out("The provider did not answer in time."), retry: false }),
        }
    }

    /// What is known about whether a model runs in a cloud, if it was asked lately.
    pub(crate) fn known_cloud(&self, model: &str) -> Option<bool> {
        const KEEP_MS: i64 = 600_000;
        let now = self.clock.now_ms();
        let known = self.cloud.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(model)
            .filter(|(_, at)| (0..KEEP_MS).contains(&(now - at)))
            .map(|(cloud, _)| *cloud)
    }

    pub(crate) fn remember_cloud(&self, model: &str, cloud: bool) {
        const MOST: usize = 1000;
        let mut known = self.cloud.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(model.to_owned(), (cloud, self.clock.now_ms()));
    }
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read_body(mut response: Response, limit: usize) -> Result<Vec<u8>, LlmError> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| LlmError::interrupted().with_detail(cause(&error)))?
    {
        if body.len() + chunk.len() > limit {
            return Err(LlmError::too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(crate) fn timed_out(message: &'static str) -> LlmError {
    LlmError::new(
        ErrorCode::Timeout,
        message,
        "Try again, or raise the time limits in the provider's settings.",
    )
}

fn redirected(response: &Response, redactor: &Redactor) -> LlmError {
    let to = response
        .headers()
        .get(LOCATION)
        .and_then(|value| response.url().join(value.to_str().ok()?).ok());
    let same = to.as_ref().is_some_and(|to| to.host() == response.url().host());
    let detail = to.map(|mut to| {
        to.set_query(None);
        to.set_fragment(None);
        to.to_string()
    });
    LlmError::new(
        ErrorCode::ProviderError,
        if same {
            "The server redirects to another of its addresses."
        } else {
            "The server redirects to another host. The key was not sent there."
        },
        "If the other address is right, enter it in the provider's settings.",
    )
    .with_detail(redactor.clean(&detail.unwrap_or_default()))
}

/// What an error wraps. (An I/O error hides that from `source`.)
fn wrapped<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a (dyn std::error::Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// The causes of an HTTP error, without itself: it may hold the URL.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |error| wrapped(*error))
}

/// The innermost cause of an HTTP error, in words.
fn cause(error: &reqwest::Error) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn find<E: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    causes(error).find_map(|error| error.downcast_ref::<E>())
}

fn send_error(error: reqwest::Error, connect: Duration) -> SendError {
    if let Some(mismatch) = find::<LocalityMismatch>(&error) {
        return SendError {
            error: (*mismatch).into(),
            retry: false,
        };
    }
    let unreachable = |message: String, next| LlmError::new(ErrorCode::ProviderUnreachable, message, next);
    if error.is_connect() {
        if find::<rustls::Error>(&error).is_some() {
            let error = unreachable(
                "No secure connection to the provider could be made.".to_owned(),
                "Check whether the address needs http instead of https, and the server's certificate.",
            )
            .with_detail(cause(&error));
            return SendError { error, retry: false };
        }
        let message = if error.is_timeout() {
            format!(
                "The provider could not be reached within {} seconds.",
                connect.as_secs()
            )
        } else {
            "The provider could not be reached.".to_owned()
        };
        let next = "Check that its server is running, and the address.";
        return SendError {
            error: unreachable(message, next).with_detail(cause(&error)),
            retry: true,
        };
    }
    if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) {
        let error = LlmError::bad_stream("The server does not answer as a web server should.")
            .with_detail(cause(&error));
        return SendError { error, retry: false };
    }
    SendError {
        error: LlmError::interrupted().with_detail(cause(&error)),
        retry: false,
    }
}
