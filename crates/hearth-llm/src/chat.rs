//! Runs one answer: preflight, attempts with retries, the stream, the time limits, the stop.
//!
//! The work runs in a task of its own and hands events over a bounded channel; a slow reader slows
//! the server down rather than filling memory. Stopping, or dropping the stream, ends the task at
//! its next wait, which closes the connection.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{FutureExt, Stream, StreamExt};
use reqwest::{Method, Response};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard, WaitForCancellationFutureOwned};

use crate::{
    classify::{Asked, Verdict, judge, rate_limited},
    client::{Client, Inner, SendError, read_body, timed_out},
    clock::Wait,
    error::{ErrorCode, LlmError},
    error_body::ErrorBody,
    event::{ChatEvent, FinishReason},
    locality::Locality,
    ollama, openai,
    provider::ProviderKind,
    quirks::Quirks,
    request::ChatRequest,
    retry::{LONGEST_WAIT, SCHEDULE, retry_after},
    turn::{Progress, Turn, cloud_refused},
    wire::{Decode, Item},
};

/// The most of an error's body that is read.
const MAX_ERROR_BODY: usize = 64 << 10;
/// The most of Ollama's description of a model.
const MAX_SHOW: usize = 8 << 20;
/// Between two questions to a server that is loading.
const LOAD_PAUSE: Duration = Duration::from_secs(2);
/// For the short questions before the request itself.
const PREFLIGHT: Duration = Duration::from_secs(10);
/// Events on their way to the reader.
const BUFFER: usize = 64;

/// The events of one answer.
///
/// Ends after [`ChatEvent::Finish`] or after an error; text that came before an error stands. Once
/// the token given to [`Client::chat`] is cancelled, the next and last event is
/// `Finish { reason: Stopped }`, whatever was still on its way.
pub struct ChatStream {
    events: mpsc::Receiver<Result<ChatEvent, LlmError>>,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
    over: bool,
    _task: DropGuard,
}

impl ChatStream {
    /// The next event; `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<ChatEvent, LlmError>> {
        StreamExt::next(self).await
    }
}

impl Stream for ChatStream {
    type Item = Result<ChatEvent, LlmError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        if self.stopped.poll_unpin(context).is_ready() {
            self.over = true;
            self.events.close();
            return Poll::Ready(Some(Ok(ChatEvent::Finish {
                reason: FinishReason::Stopped,
            })));
        }
        let event = std::task::ready!(self.events.poll_recv(context));
        self.over = matches!(event, None | Some(Err(_)) | Some(Ok(ChatEvent::Finish { .. })));
        Poll::Ready(event)
    }
}

impl std::fmt::Debug for ChatStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatStream")
            .field("over", &self.over)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Asks for an answer. `quirks` are those learned earlier for this provider and model; `stop`
    /// ends it at any time.
    ///
    /// Must be called within a Tokio runtime.
    pub fn chat(&self, request: ChatRequest, quirks: Quirks, stop: &CancellationToken) -> ChatStream {
        let (sender, events) = mpsc::channel(BUFFER);
        let task = stop.child_token();
        let ended = task.clone();
        let inner = self.inner.clone();
        tokio::spawn(async move {
            let run = Run {
                inner: &inner,
                request: &request,
                events: sender,
            };
            tokio::select! {
                biased;
                () = ended.cancelled() => {}
                () = run.whole(quirks) => {}
            }
        });
        ChatStream {
            events,
            stopped: Box::pin(stop.clone().cancelled_owned()),
            over: false,
            _task: task.drop_guard(),
        }
    }
}

struct Run<'a> {
    inner: &'a Inner,
    request: &'a ChatRequest,
    events: mpsc::Sender<Result<ChatEvent, LlmError>>,
}

impl Run<'_> {
    /// The whole turn within its time limit.
    async fn whole(&self, quirks: Quirks) {
        let limit = self.inner.clock.sleep(Wait::Turn, self.inner.timeouts.turn);
        let result = tokio::select! {
            result = self.turn(quirks) => result,
            () = limit => Err(timed_out("The whole answer took too long.")),
        };
        if let Err(error) = result {
            tracing::warn!(llm.code = %error.code(), "An answer failed");
            let _unless_gone = self.events.send(Err(error)).await;
        }
    }

    async fn emit(&self, event: ChatEvent) {
        // A reader that is gone has dropped the stream, which ends this task.
        let _unless_gone = self.events.send(Ok(event)).await;
    }

    async fn turn(&self, quirks: Quirks) -> Result<(), LlmError> {
        if self.request.messages.is_empty() || self.request.model.is_empty() {
            return Err(LlmError::new(
                ErrorCode::InvalidInput,
                "There is no model or no message to send.",
                "Choose a model and write something.",
            ));
        }
        let mut asked_with = quirks;
        let mut retries = SCHEDULE.iter();
        let mut loading = None;
        loop {
            let first_token = self.first_token();
            let verdict = match self.attempt(asked_with, first_token).await {
                Ok((response, first_token)) => {
                    if asked_with != quirks {
                        self.emit(ChatEvent::Adapted(asked_with)).await;
                    }
                    return self.stream(response, first_token).await;
                }
                Err(verdict) => verdict,
            };
            match verdict {
                Verdict::Fail(error) => return Err(error),
                Verdict::Adapt(quirk, error) => asked_with = asked_with.with(quirk).ok_or(error)?,
                Verdict::Loading(error) => {
                    let waited = match loading {
                        None => {
                            self.emit(ChatEvent::Loading).await;
                            Duration::ZERO
                        }
                        Some(waited) => waited,
                    };
                    if waited >= self.inner.timeouts.load {
                        return Err(error);
                    }
                    self.inner.clock.sleep(Wait::Load, LOAD_PAUSE).await;
                    loading = Some(waited + LOAD_PAUSE);
                }
                Verdict::Retry(error) => {
                    let Some(scheduled) = retries.next() else {
                        return Err(error);
                    };
                    let wait = error.retry_after().unwrap_or(*scheduled);
                    if wait > LONGEST_WAIT {
                        return Err(rate_limited(Some(wait)).with_detail(error.detail().unwrap_or_default()));
                    }
                    self.emit(ChatEvent::Retrying { after: wait }).await;
                    self.inner.clock.sleep(Wait::Retry, wait).await;
                }
            }
        }
    }

    fn first_token(&self) -> Limit {
        let default = match self.inner.consented {
            Locality::Local => Duration::from_secs(300),
            Locality::Lan | Locality::Remote => Duration::from_secs(120),
        };
        self.inner.clock.sleep(
            Wait::FirstToken,
            self.inner.timeouts.first_token.unwrap_or(default),
        )
    }

    /// One attempt, up to a response with status 200.
    async fn attempt(&self, quirks: Quirks, mut first_token: Limit) -> Result<(Response, Limit), Verdict> {
        let attempt = async {
            if self.inner.provider.kind == ProviderKind::Ollama {
                self.preflight().await?;
            }
            let (path, accept, body) = match self.inner.provider.kind {
                ProviderKind::Ollama => (
                    "api/chat",
                    "application/x-ndjson",
                    ollama::body(self.request, quirks),
                ),
                ProviderKind::OpenAi => (
                    "chat/completions",
                    "text/event-stream",
                    openai::body(self.request, self.inner.provider.profile, quirks),
                ),
            };
            let body = body.map_err(|error| {
                Verdict::Fail(
                    LlmError::new(
                        ErrorCode::InvalidInput,
                        "The request could not be written.",
                        "Check the tools' schemas.",
                    )
                    .with_detail(error.to_string()),
                )
            })?;
            let url = self.inner.provider.endpoint(path);
            let response = self
                .inner
                .send(Method::POST, url, accept, Some(body))
                .await
                .map_err(send_verdict)?;
            if response.status().is_success() {
                Ok(response)
            } else {
                Err(self.refused(response, quirks).await)
            }
        };
        tokio::select! {
            result = attempt => result.map(|response| (response, first_token)),
            () = &mut first_token => Err(Verdict::Fail(no_first_token())),
        }
    }

    /// Judges a response that is not a success.
    async fn refused(&self, response: Response, quirks: Quirks) -> Verdict {
        let status = response.status().as_u16();
        let wait = retry_after(response.headers(), self.inner.clock.now_ms());
        let body = tokio::select! {
            // A body that breaks off or is too long leaves the status to go by.
            body = read_body(response, MAX_ERROR_BODY) => body.unwrap_or_default(),
            () = self.inner.clock.sleep(Wait::Idle, self.inner.timeouts.idle) => Vec::new(),
        };
        let limit = (self.request.max_tokens.is_some() && self.inner.provider.kind == ProviderKind::OpenAi)
            .then(|| openai::limit_field(self.inner.provider.profile, quirks));
        let asked = Asked {
            kind: self.inner.provider.kind,
            images: self.request.has_images(),
            limit,
            redactor: &self.inner.redactor,
        };
        judge(asked, Some(status), &ErrorBody::parse(&body), wait)
    }

    /// Before anything is sent to Ollama: does the model run there, and is it loaded?
    async fn preflight(&self) -> Result<(), Verdict> {
        let (cloud, loaded) = tokio::join!(self.runs_in_cloud(), self.is_loaded());
        if cloud? && !self.request.allow_cloud {
            return Err(Verdict::Fail(cloud_refused()));
        }
        if loaded == Some(false) {
            self.emit(ChatEvent::Loading).await;
        }
        Ok(())
    }

    async fn runs_in_cloud(&self) -> Result<bool, Verdict> {
        let model = self.request.model.as_str();
        if self.request.allow_cloud || ollama::is_cloud_name(model) {
            return Ok(true);
        }
        if let Some(cloud) = self.inner.known_cloud(model) {
            return Ok(cloud);
        }
        let url = self.inner.provider.endpoint("api/show");
        let reply = self
            .inner
            .ask(
                Method::POST,
                url,
                Some(ollama::show_body(model)),
                MAX_SHOW,
                PREFLIGHT,
            )
            .await
            .map_err(send_verdict)?;
        if !reply.status.is_success() {
            let asked = Asked {
                kind: ProviderKind::Ollama,
                images: false,
                limit: None,
                redactor: &self.inner.redactor,
            };
            let wait = retry_after(&reply.headers, self.inner.clock.now_ms());
            return Err(judge(
                asked,
                Some(reply.status.as_u16()),
                &ErrorBody::parse(&reply.body),
                wait,
            ));
        }
        let shown = ollama::parse_show(&reply.body).ok_or_else(|| {
            Verdict::Fail(LlmError::bad_stream(
                "The server does not describe its models as Ollama does.",
            ))
        })?;
        self.inner.remember_cloud(model, shown.cloud);
        Ok(shown.cloud)
    }

    /// Unknown if the server does not tell; that is no reason to fail.
    async fn is_loaded(&self) -> Option<bool> {
        let url = self.inner.provider.endpoint("api/ps");
        let reply = self
            .inner
            .ask(Method::GET, url, None, MAX_SHOW, PREFLIGHT)
            .await
            .ok()?;
        let loaded = ollama::parse_loaded(&reply.body).filter(|_| reply.status.is_success())?;
        Some(
            loaded
                .iter()
                .any(|found| ollama::same_model(&found.name, &self.request.model)),
        )
    }

    /// Reads the answer.
    async fn stream(&self, mut response: Response, mut first_token: Limit) -> Result<(), LlmError> {
        let redactor = self.inner.redactor.clone();
        let mut decoder: Box<dyn Decode> = match self.inner.provider.kind {
            ProviderKind::Ollama => Box::new(ollama::OllamaDecoder::new(redactor)),
            ProviderKind::OpenAi => Box::new(openai::OpenAiDecoder::new(redactor)),
        };
        let mut turn = Turn::new(self.request.allow_cloud);
        let (mut items, mut events) = (Vec::new(), Vec::new());
        let end = loop {
            let started = turn.started();
            let limit = async {
                if started {
                    self.inner.clock.sleep(Wait::Idle, self.inner.timeouts.idle).await;
                } else {
                    (&mut first_token).await;
                }
            };
            let chunk = tokio::select! {
                chunk = response.chunk() => chunk,
                () = limit => break match turn.closed() {
                    // A server that gave its reason but keeps the connection open is done.
                    Progress::Done => Progress::Done,
                    _ if started => Progress::Failed(timed_out("The answer stopped coming.")),
                    _ => Progress::Failed(no_first_token()),
                },
            };
            let last = match chunk {
                Ok(Some(bytes)) => {
                    decoder.push(&bytes, &mut items);
                    None
                }
                Ok(None) => {
                    decoder.finish(&mut items);
                    Some(())
                }
                // What is left in the decoder was cut off.
                Err(_broken) => Some(()),
            };
            let mut progress = apply(&mut turn, &mut items, &mut events);
            if matches!(progress, Progress::Going) && last.is_some() {
                progress = turn.closed();
            }
            for event in events.drain(..) {
                self.emit(event).await;
            }
            if !matches!(progress, Progress::Going) {
                break progress;
            }
        };
        // The end of the body has mostly come with the last packet; then the connection can be used again.
        let _end_of_body = response.chunk().now_or_never();
        let result = match end {
            Progress::Failed(error) => {
                turn.flush(&mut events);
                Err(error)
            }
            Progress::Done | Progress::Going => turn.complete(self.request, &mut events),
        };
        for event in events {
            self.emit(event).await;
        }
        result
    }
}

/// A time limit that is running.
type Limit = futures_util::future::BoxFuture<'static, ()>;

fn apply(turn: &mut Turn, items: &mut Vec<Item>, events: &mut Vec<ChatEvent>) -> Progress {
    for item in items.drain(..) {
        match turn.apply(item, events) {
            Progress::Going => {}
            end => return end,
        }
    }
    Progress::Going
}

fn send_verdict(error: SendError) -> Verdict {
    if error.retry {
        Verdict::Retry(error.error)
    } else {
        Verdict::Fail(error.error)
    }
}

fn no_first_token() -> LlmError {
    timed_out("The provider did not begin to answer in time.")
}
