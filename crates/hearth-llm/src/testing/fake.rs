//! Whole small LLM servers, for end-to-end tests and demos.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{RecordedRequest, Script, ScriptedServer};
use crate::estimate_tokens;

/// What a fake server was asked.
#[derive(Debug, Clone)]
pub struct FakePrompt {
    /// The model.
    pub model: String,
    /// Role and text of each message, oldest first.
    pub messages: Vec<(String, String)>,
    /// The names of the tools.
    pub tools: Vec<String>,
    /// The whole request body.
    pub body: Value,
}

impl FakePrompt {
    /// The text of the last message of a role, or nothing.
    pub fn last(&self, role: &str) -> &str {
        self.messages
            .iter()
            .rev()
            .find(|(r, _)| r == role)
            .map_or("", |(_, text)| text.as_str())
    }

    fn tokens(&self) -> u64 {
        self.messages
            .iter()
            .map(|(_, text)| estimate_tokens(text) + 4)
            .sum()
    }
}

/// What a fake server answers.
#[derive(Debug, Clone, Default)]
pub struct FakeAnswer {
    /// Streamed first, as reasoning.
    pub reasoning: String,
    /// Streamed word by word.
    pub text: String,
    /// Names and arguments of tool calls.
    pub tool_calls: Vec<(String, Value)>,
}

impl FakeAnswer {
    /// An answer of text alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    fn tokens(&self) -> u64 {
        let calls: u64 = self
            .tool_calls
            .iter()
            .map(|(n, a)| estimate_tokens(n) + estimate_tokens(&a.to_string()))
            .sum();
        estimate_tokens(&self.reasoning) + estimate_tokens(&self.text) + calls
    }

    fn finish(&self) -> &'static str {
        if self.tool_calls.is_empty() {
            "stop"
        } else {
            "tool_calls"
        }
    }
}

type Brain = Arc<dyn Fn(&FakePrompt) -> FakeAnswer + Send + Sync>;

/// Settings of a fake server.
#[derive(Clone)]
pub struct FakeLlmBuilder {
    models: Vec<String>,
    brain: Brain,
    pace: Duration,
    key: Option<String>,
    address: SocketAddr,
}

/// A running fake server. Ends when it is dropped.
pub struct FakeLlm {
    server: ScriptedServer,
    base: &'static str,
}

impl FakeLlm {
    /// A server with the model `fake:latest` that repeats what it is told.
    pub fn builder() -> FakeLlmBuilder {
        FakeLlmBuilder {
            models: vec!["fake:latest".to_owned()],
            brain: Arc::new(|prompt| FakeAnswer::text(format!("You said: {}", prompt.last("user")))),
            pace: Duration::ZERO,
            key: None,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        }
    }

    /// The base URL for a [`crate::Provider`].
    pub fn url(&self) -> String {
        self.server.url(self.base)
    }

    /// The server underneath, to look at requests or to script a failure for a path.
    pub fn server(&self) -> &ScriptedServer {
        &self.server
    }

    /// The chat requests so far, as JSON.
    pub fn chats(&self) -> Vec<Value> {
        let path = if self.base.is_empty() {
            "/api/chat"
        } else {
            "/v1/chat/completions"
        };
        self.server
            .requests_to(path)
            .iter()
            .map(RecordedRequest::json)
            .collect()
    }
}

impl FakeLlmBuilder {
    /// The models it lists; ids that contain `embed` are embedding models.
    #[must_use]
    pub fn models<S: Into<String>>(mut self, models: impl IntoIterator<Item = S>) -> Self {
        self.models = models.into_iter().map(Into::into).collect();
        self
    }

    /// What it answers.
    #[must_use]
    pub fn brain(mut self, brain: impl Fn(&FakePrompt) -> FakeAnswer + Send + Sync + 'static) -> Self {
        self.brain = Arc::new(brain);
        self
    }

    /// A pause before each word, for demos.
    #[must_use]
    pub fn pace(mut self, pause: Duration) -> Self {
        self.pace = pause;
        self
    }

    /// The key it wants as a bearer token.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Where to listen; by default on a free port of 127.0.0.1.
    #[must_use]
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Starts it with Ollama's API.
    pub async fn start_ollama(self) -> FakeLlm {
        let server = ScriptedServer::bind(self.address).await;
        server.handle(move |request| self.guarded(request, Self::ollama));
        FakeLlm { server, base: "" }
    }

    /// Starts it with the OpenAI API, under `/v1`.
    pub async fn start_openai(self) -> FakeLlm {
        let server = ScriptedServer::bind(self.address).await;
        server.handle(move |request| self.guarded(request, Self::openai));
        FakeLlm { server, base: "/v1" }
    }

    fn guarded(
        &self,
        request: &RecordedRequest,
        answer: impl Fn(&Self, &RecordedRequest) -> Option<Script>,
    ) -> Option<Script> {
        let wanted = self.key.as_ref().map(|key| format!("Bearer {key}"));
        if wanted.is_some() && request.header("authorization") != wanted.as_deref() {
            let error =
                json!({"error": {"message": "Incorrect API key provided.", "code": "invalid_api_key"}});
            return Some(Script::json(401, &error));
        }
        answer(self, request)
    }

    /// The prompt, or the response to an unknown model.
    fn prompt(&self, request: &RecordedRequest) -> Result<FakePrompt, Script> {
        let body = request.json();
        let text = |value: Option<&Value>| match value {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(parts)) => parts
                .iter()
                .filter_map(|part| part.get("text").and_then(Value::as_str))
                .collect::<Vec<_>>()
                .join("\n"),
            _ => String::new(),
        };
        let model = text(body.get("model"));
        if !self
            .models
            .iter()
            .any(|known| crate::ollama::same_model(known, &model))
        {
            let error = json!({"error": format!("model '{model}' not found")});
            return Err(Script::json(404, &error));
        }
        let list = |name: &str| {
            body.get(name)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        Ok(FakePrompt {
            model,
            messages: list("messages")
                .iter()
                .map(|m| (text(m.get("role")), text(m.get("content"))))
                .collect(),
            tools: list("tools")
                .iter()
                .map(|tool| text(tool.pointer("/function/name")))
                .collect(),
            body,
        })
    }

    fn ollama(&self, request: &RecordedRequest) -> Option<Script> {
        let embeds = |id: &str| id.contains("embed");
        Some(match request.path.as_str() {
            "/" => Script::text(200, "text/plain", "Ollama is running"),
            "/api/version" => Script::json(200, &json!({"version": "0.0.0-fake"})),
            "/api/tags" => {
                let models: Vec<Value> = self
                    .models
                    .iter()
                    .map(|id| json!({"name": id, "model": id, "modified_at": "2026-01-01T00:00:00Z", "size": 1_000_000_000}))
                    .collect();
                Script::json(200, &json!({"models": models}))
            }
            "/api/ps" => {
                let models: Vec<Value> = self
                    .models
                    .iter()
                    .take(1)
                    .map(|id| json!({"name": id, "model": id}))
                    .collect();
                Script::json(200, &json!({"models": models}))
            }
            "/api/show" => {
                let body = request.json();
                let id = body.get("model").and_then(Value::as_str).unwrap_or_default();
                if !self
                    .models
                    .iter()
                    .any(|known| crate::ollama::same_model(known, id))
                {
                    return Some(Script::json(
                        404,
                        &json!({"error": format!("model '{id}' not found")}),
                    ));
                }
                let capabilities = if embeds(id) {
                    json!(["embedding"])
                } else {
                    json!(["completion", "tools", "vision", "thinking"])
                };
                Script::json(
                    200,
                    &json!({
                        "model_info": {"general.architecture": "fake", "fake.context_length": 8192},
                        "capabilities": capabilities,
                    }),
                )
            }
            "/api/chat" => match self.prompt(request) {
                Err(refused) => refused,
                Ok(prompt) => self.ollama_answer(&prompt),
            },
            _ => return None,
        })
    }

    fn ollama_answer(&self, prompt: &FakePrompt) -> Script {
        let answer = (self.brain)(prompt);
        let message = |message: Value| json!({"model": prompt.model, "created_at": "2026-01-01T00:00:00Z", "message": message, "done": false});
        let mut script = Script::ndjson();
        for word in answer.reasoning.split_inclusive(' ') {
            script = script.pace(self.pace).line(&message(
                json!({"role": "assistant", "content": "", "thinking": word}),
            ));
        }
        for word in answer.text.split_inclusive(' ') {
            script = script
                .pace(self.pace)
                .line(&message(json!({"role": "assistant", "content": word})));
        }
        for (name, arguments) in &answer.tool_calls {
            let call = json!({"function": {"name": name, "arguments": arguments}});
            script = script.line(&message(
                json!({"role": "assistant", "content": "", "tool_calls": [call]}),
            ));
        }
        script.line(&json!({
            "model": prompt.model, "created_at": "2026-01-01T00:00:00Z", "message": {"role": "assistant", "content": ""},
            "done": true, "done_reason": "stop", "total_duration": 1, "load_duration": 1, "prompt_eval_duration": 1,
            "eval_duration": 1, "prompt_eval_count": prompt.tokens(), "eval_count": answer.tokens(),
        }))
    }

    fn openai(&self, request: &RecordedRequest) -> Option<Script> {
        Some(match request.path.as_str() {
            "/v1/models" => {
                let models: Vec<Value> = self
                    .models
                    .iter()
                    .map(|id| json!({"id": id, "object": "model", "owned_by": "fake"}))
                    .collect();
                Script::json(200, &json!({"object": "list", "data": models}))
            }
            "/v1/chat/completions" => match self.prompt(request) {
                Err(refused) => refused,
                Ok(prompt) => self.openai_answer(&prompt),
            },
            _ => return None,
        })
    }

    fn openai_answer(&self, prompt: &FakePrompt) -> Script {
        let answer = (self.brain)(prompt);
        let usage = json!({"prompt_tokens": prompt.tokens(), "completion_tokens": answer.tokens()});
        let call = |(at, (name, arguments)): (usize, &(String, Value))| {
            json!({"index": at, "id": format!("call_{at}"), "type": "function",
                   "function": {"name": name, "arguments": arguments.to_string()}})
        };
        if prompt.body.get("stream") != Some(&Value::Bool(true)) {
            let mut message = json!({"role": "assistant", "content": answer.text});
            if let (Some(message), false) = (message.as_object_mut(), answer.tool_calls.is_empty()) {
                message.insert(
                    "tool_calls".to_owned(),
                    answer.tool_calls.iter().enumerate().map(call).collect(),
                );
            }
            let choice = json!({"index": 0, "message": message, "finish_reason": answer.finish()});
            return Script::json(
                200,
                &json!({"object": "chat.completion", "choices": [choice], "usage": usage}),
            );
        }
        let chunk = |delta: Value, finish: Value| {
            json!({"object": "chat.completion.chunk", "model": prompt.model,
                   "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
        };
        let mut script =
            Script::sse().event(&chunk(json!({"role": "assistant", "content": ""}), Value::Null));
        for word in answer.reasoning.split_inclusive(' ') {
            script = script
                .pace(self.pace)
                .event(&chunk(json!({"reasoning_content": word}), Value::Null));
        }
        for word in answer.text.split_inclusive(' ') {
            script = script
                .pace(self.pace)
                .event(&chunk(json!({"content": word}), Value::Null));
        }
        for part in answer.tool_calls.iter().enumerate().map(call) {
            script = script.event(&chunk(json!({"tool_calls": [part]}), Value::Null));
        }
        script = script.event(&chunk(json!({}), json!(answer.finish())));
        if prompt.body.pointer("/stream_options/include_usage") == Some(&Value::Bool(true)) {
            script = script.event(&json!({"object": "chat.completion.chunk", "choices": [], "usage": usage}));
        }
        script.done()
    }
}
