//! How servers behave on the wire: one test a row of the list, over real sockets.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{
    ChatEvent, ChatRequest, Client, ErrorCode, FinishReason, LlmError, Locality, Message, Profile, Provider,
    ProviderKind, Quirks, ToolCall, Usage,
    testing::{FixedResolver, Gate, Script, ScriptedServer, TestClock},
};

mod checks;
mod errors;
mod guard;
mod limits;
mod streams;

const CHAT: &str = "/v1/chat/completions";

/// Everything an answer brought.
#[derive(Debug, Default)]
struct Heard {
    text: String,
    reasoning: String,
    calls: Vec<ToolCall>,
    usage: Option<Usage>,
    finish: Option<FinishReason>,
    error: Option<LlmError>,
    retries: Vec<Duration>,
    loading: usize,
    adapted: Vec<Quirks>,
}

impl Heard {
    fn take(&mut self, event: Result<ChatEvent, LlmError>) {
        assert!(
            self.finish.is_none() && self.error.is_none(),
            "nothing comes after the end"
        );
        match event {
            Ok(ChatEvent::Loading) => self.loading += 1,
            Ok(ChatEvent::Retrying { after }) => self.retries.push(after),
            Ok(ChatEvent::Adapted(quirks)) => self.adapted.push(quirks),
            Ok(ChatEvent::Delta(text)) => {
                assert!(!text.is_empty(), "deltas are never empty");
                self.text.push_str(&text);
            }
            Ok(ChatEvent::Reasoning(text)) => self.reasoning.push_str(&text),
            Ok(ChatEvent::ToolCallDelta(_)) => {}
            Ok(ChatEvent::ToolCall(call)) => self.calls.push(call),
            Ok(ChatEvent::Usage(usage)) => self.usage = Some(usage),
            Ok(ChatEvent::Finish { reason }) => self.finish = Some(reason),
            Err(error) => self.error = Some(error),
        }
    }

    #[track_caller]
    fn done(&self) -> &str {
        assert_eq!(self.error, None);
        assert!(self.finish.is_some(), "the answer is complete");
        &self.text
    }

    #[track_caller]
    fn failed(&self, code: ErrorCode) -> &LlmError {
        let error = self
            .error
            .as_ref()
            .unwrap_or_else(|| panic!("no error, but {:?}", self.finish));
        assert_eq!(error.code(), code, "{error:?} {:?}", error.detail());
        error
    }
}

/// A server, a client for it, and the client's clock.
struct Bench {
    server: ScriptedServer,
    clock: Arc<TestClock>,
    kind: ProviderKind,
    profile: Profile,
}

impl Bench {
    async fn openai() -> Self {
        let server = ScriptedServer::start().await;
        Self {
            server,
            clock: TestClock::new(),
            kind: ProviderKind::OpenAi,
            profile: Profile::Generic,
        }
    }

    /// An Ollama server with the model `m`, which is loaded.
    async fn ollama() -> Self {
        let server = ScriptedServer::start().await;
        server
            .always(
                "/api/show",
                Script::json(200, &json!({"capabilities": ["completion"]})),
            )
            .always(
                "/api/ps",
                Script::json(200, &json!({"models": [{"name": "m:latest"}]})),
            );
        Self {
            server,
            clock: TestClock::new(),
            kind: ProviderKind::Ollama,
            profile: Profile::Generic,
        }
    }

    fn provider(&self) -> Provider {
        let path = if self.kind == ProviderKind::Ollama {
            ""
        } else {
            "/v1"
        };
        Provider::new(self.kind, &self.server.url(path))
            .expect("a valid address")
            .with_api_key("sk-secret-key")
            .with_profile(self.profile)
    }

    fn client(&self) -> Client {
        self.client_of(self.provider(), Locality::Local)
    }

    fn client_of(&self, provider: Provider, consented: Locality) -> Client {
        Client::builder(provider, consented)
            .clock(self.clock.clone())
            .resolver(Arc::new(FixedResolver::new()))
            .build()
            .expect("a valid provider")
    }

    fn path(&self) -> &'static str {
        if self.kind == ProviderKind::Ollama {
            "/api/chat"
        } else {
            CHAT
        }
    }

    /// Answers the next chat with the script.
    fn will(&self, script: Script) -> &Self {
        self.server.once(self.path(), script);
        self
    }

    async fn ask(&self) -> Heard {
        self.ask_for(question(), Quirks::default()).await
    }

    async fn ask_for(&self, request: ChatRequest, quirks: Quirks) -> Heard {
        listen(&self.client(), request, quirks).await
    }

    /// Answers one chat with the script and hears it.
    async fn hear(&self, script: Script) -> Heard {
        self.will(script).ask().await
    }

    fn chats(&self) -> usize {
        self.server.requests_to(self.path()).len()
    }
}

fn question() -> ChatRequest {
    ChatRequest::new("m", vec![Message::user("Hello?")])
}

async fn listen(client: &Client, request: ChatRequest, quirks: Quirks) -> Heard {
    let mut stream = client.chat(request, quirks, &CancellationToken::new());
    let mut heard = Heard::default();
    while let Some(event) = stream.next().await {
        heard.take(event);
    }
    heard
}

/// A chunk with a delta.
fn delta(delta: Value) -> Value {
    json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
}

fn content(text: &str) -> Value {
    delta(json!({"content": text}))
}

fn finish(reason: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
}

/// An event with raw JSON, for what `Value` cannot hold.
fn raw_event(data: &str) -> String {
    format!("data: {data}\n\n")
}

/// A whole good answer.
fn good(text: &str) -> Script {
    Script::sse().event(&content(text)).event(&finish("stop")).done()
}

/// A line of Ollama's stream.
fn line(message: Value) -> Value {
    json!({"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": false})
}

fn said(text: &str) -> Value {
    line(json!({"role": "assistant", "content": text}))
}

fn last_line() -> Value {
    json!({"model": "m", "message": {"role": "assistant", "content": ""}, "done": true, "done_reason": "stop"})
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
