//! Makes sense of what servers say when they refuse: from status and body to an error or to what
//! to do about it. The wordings are those of the servers in the field; each has a test.

use serde_json::Value;

use crate::{
    error::{ContextNumbers, ErrorCode, LlmError},
    provider::ProviderKind,
    quirks::{LimitField, Quirk},
    retry::LONGEST_WAIT,
    secret::Secret,
};
use std::time::Duration;

/// What an attempt that brought no answer means.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It failed for good.
    Fail(LlmError),
    /// It may be repeated, after the server's wait or the schedule's; else this error.
    Retry(LlmError),
    /// The server is loading the model.
    Loading(LlmError),
    /// It may be repeated with the request adapted; else this error.
    Adapt(Quirk, LlmError),
}

impl Verdict {
    /// The error, where nothing else can be done.
    pub(crate) fn into_error(self) -> LlmError {
        match self {
            Self::Fail(error) | Self::Retry(error) | Self::Loading(error) | Self::Adapt(_, error) => error,
        }
    }
}

/// Removes secrets from texts that a server wrote, and keeps them short.
#[derive(Debug, Clone, Default)]
pub(crate) struct Redactor {
    secrets: Vec<Secret>,
}

impl Redactor {
    pub(crate) fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        // Shorter ones would tear holes into ordinary words.
        Self {
            secrets: secrets
                .into_iter()
                .filter(|secret| secret.expose().len() >= 4)
                .collect(),
        }
    }

    pub(crate) fn clean(&self, text: &str) -> String {
        const MAX_CHARS: usize = 500;
        let mut text = text.to_owned();
        for secret in &self.secrets {
            if text.contains(secret.expose()) {
                text = text.replace(secret.expose(), "•••");
            }
        }
        text.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(MAX_CHARS)
            .collect::<String>()
            .trim()
            .to_owned()
    }
}

/// The error within a response body, in whichever shape it came.
#[derive(Debug, Default)]
pub(crate) struct ErrorBody {
    message: String,
    code: String,
    kind: String,
    param: String,
    /// A status within the body, for errors in the middle of a stream.
    status: Option<u16>,
    numbers: ContextNumbers,
    json: bool,
}

impl ErrorBody {
    /// Reads `{"error": "…"}`, `{"error": {…}}`, `{"detail": …}`, `{"message": …}` or plain text.
    pub(crate) fn parse(body: &[u8]) -> Self {
        match serde_json::from_slice::<Value>(body) {
            Ok(value) => Self::from_value(&value, 0),
            Err(_not_json) => {
                let text = String::from_utf8_lossy(body);
                let html = text.trim_start().starts_with('<');
                Self {
                    message: if html { String::new() } else { text.into_owned() },
                    ..Self::default()
                }
            }
        }
    }

    fn from_value(value: &Value, depth: u8) -> Self {
        let mut found = match value {
            Value::String(text) => Self {
                message: text.clone(),
                ..Self::default()
            },
            Value::Array(items) => {
                let all: Vec<String> = items.iter().take(8).map(validation_error).collect();
                Self {
                    message: all.join("; "),
                    ..Self::default()
                }
            }
            Value::Object(map) => {
                let inner = ["error", "detail"]
                    .iter()
                    .filter_map(|key| map.get(*key))
                    .find(|inner| !inner.is_null() && depth < 4);
                if let Some(inner) = inner {
                    let mut found = Self::from_value(inner, depth + 1);
                    // `{"error": "short", "message": "long"}`, and codes beside the error.
                    let beside = Self::fields(value);
                    if found.message.is_empty() {
                        found.message = beside.message;
                    }
                    found.status = found.status.or(beside.status);
                    found
                } else {
                    Self::fields(value)
                }
            }
            _ => Self::default(),
        };
        found.json = true;
        found
    }

    fn fields(value: &Value) -> Self {
        let text = |key: &str| match value.get(key) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let number = |key: &str| value.get(key).and_then(Value::as_u64);
        let code = text("code");
        Self {
            message: text("message"),
            status: code
                .parse()
                .ok()
                .or_else(|| number("status").and_then(|n| u16::try_from(n).ok()))
                .filter(|status| (400..600).contains(status)),
            code,
            kind: text("type"),
            param: text("param"),
            numbers: ContextNumbers {
                limit: number("n_ctx"),
                requested: number("n_prompt_tokens"),
            },
            json: true,
        }
    }

    /// All of it in lower case, to search for wordings.
    fn wording(&self) -> String {
        [&self.message, &self.code, &self.kind, &self.param]
            .map(|s| s.to_lowercase())
            .join(" | ")
    }
}

/// One entry of FastAPI's list of validation errors.
fn validation_error(item: &Value) -> String {
    let place: Vec<String> = item
        .get("loc")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned))
        .collect();
    let message = item.get("msg").and_then(Value::as_str).unwrap_or_default();
    format!("{}: {message}", place.join("."))
}

/// What was asked, as far as it matters for the answer's meaning.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) kind: ProviderKind,
    pub(crate) images: bool,
    /// The answer's limit was sent in this field.
    pub(crate) limit: Option<LimitField>,
    pub(crate) redactor: &'a Redactor,
}

/// Judges an error: from a response status, or (`status` is `None`) from within a stream.
pub(crate) fn judge(
    asked: Asked<'_>,
    status: Option<u16>,
    body: &ErrorBody,
    wait: Option<Duration>,
) -> Verdict {
    let words = body.wording();
    let has = |needles: &[&str]| needles.iter().any(|needle| words.contains(needle));
    let error = |code, message: &str, next| {
        LlmError::new(code, message, next)
            .with_detail(asked.redactor.clean(&body.message))
            .with_retry_after(wait)
    };
    let status = status.or(body.status).unwrap_or(0);
    if is_context_overflow(&words) {
        return Verdict::Fail(
            error(
                ErrorCode::ContextOverflow,
                "The conversation is longer than the model's window.",
                "Shorten it, start a new one, or raise the model's context length.",
            )
            .with_context(context_numbers(body)),
        );
    }
    if has(&[
        "content_filter",
        "content_policy_violation",
        "content management policy",
        "moderation",
    ]) {
        return Verdict::Fail(filtered(asked.redactor.clean(&body.message)));
    }
    if matches!(status, 401 | 403)
        || has(&[
            "invalid_api_key",
            "incorrect api key",
            "invalid api key",
            "authentication_error",
        ])
    {
        return Verdict::Fail(error(
            ErrorCode::ProviderAuth,
            "The provider did not accept the key.",
            "Check the API key in the provider's settings.",
        ));
    }
    if status == 429 || (status == 0 && has(&["rate limit", "rate_limit", "too many requests"])) {
        if has(&[
            "insufficient_quota",
            "quota exceeded",
            "exceeded your current quota",
            "billing",
            "credit",
        ]) {
            return Verdict::Fail(
                error(
                    ErrorCode::RateLimited,
                    "The quota at the provider is used up.",
                    "Check the plan at the provider, or choose another model.",
                )
                .with_retry_after(None),
            );
        }
        return Verdict::Retry(rate_limited(wait).with_detail(asked.redactor.clean(&body.message)));
    }
    let unknown_model = has(&["model_not_found", "no such model"])
        || (has(&["model"])
            && has(&[
                "not found",
                "does not exist",
                "not exist",
                "unknown model",
                "not a valid model",
            ]));
    if unknown_model && !has(&["tool", "function"]) {
        return Verdict::Fail(error(
            ErrorCode::ModelNotFound,
            "The provider does not have this model.",
            "Choose another model.",
        ));
    }
    if status == 404 || status == 405 {
        let next = match asked.kind {
            ProviderKind::OpenAi => "Check the address: it usually ends in /v1.",
            ProviderKind::Ollama => "Check the address: Ollama's has no path, as in http://127.0.0.1:11434.",
        };
        return Verdict::Fail(error(
            ErrorCode::ProviderError,
            "The server has no such address.",
            next,
        ));
    }
    if has(&[
        "failed to load",
        "unable to load",
        "requires more system memory",
        "runner process has terminated",
        "no models loaded",
        "no models are currently loaded",
        "no model is currently loaded",
    ]) {
        return Verdict::Fail(error(
            ErrorCode::ModelLoadFailed,
            "The provider could not load the model.",
            "Choose a smaller model, or free memory on that machine.",
        ));
    }
    if status == 503 && has(&["loading"]) {
        return Verdict::Loading(load_failed());
    }
    if matches!(status, 502..=504) {
        let failed = error(
            ErrorCode::ProviderError,
            "The provider is not available at the moment.",
            "Try again in a while.",
        );
        return Verdict::Retry(match wait {
            Some(wait) if wait > LONGEST_WAIT => rate_limited(Some(wait)),
            _ => failed,
        });
    }
    if asked.images
        && has(&["image", "vision", "multimodal", "mmproj"])
        && has(&[
            "not support",
            "unsupported",
            "does not",
            "cannot",
            "not a multimodal",
            "missing",
        ])
    {
        return Verdict::Fail(error(
            ErrorCode::UnsupportedModality,
            "This model cannot take images.",
            "Choose a model that can, or leave the image out.",
        ));
    }
    let failed = error(
        ErrorCode::ProviderError,
        "The provider answered with an error.",
        "Try again; if it stays, see the provider's own log.",
    );
    match (status, rejected_parameter(&words, asked.limit)) {
        (400 | 422, Some(quirk)) => Verdict::Adapt(quirk, failed),
        _ => Verdict::Fail(failed),
    }
}

/// Too many requests.
pub(crate) fn rate_limited(wait: Option<Duration>) -> LlmError {
    LlmError::new(
        ErrorCode::RateLimited,
        "The provider takes no more requests at the moment.",
        "Wait, then send again.",
    )
    .with_retry_after(wait)
}

/// The server or the model refused.
pub(crate) fn filtered(detail: String) -> LlmError {
    LlmError::new(
        ErrorCode::ContentFiltered,
        "The provider refused to answer this.",
        "Put it in other words, or choose another model.",
    )
    .with_detail(detail)
}

/// Loading took too long.
pub(crate) fn load_failed() -> LlmError {
    LlmError::new(
        ErrorCode::ModelLoadFailed,
        "The provider did not finish loading the model.",
        "Try again, or choose a smaller model.",
    )
}

/// Each profile's wording for a prompt that does not fit.
fn is_context_overflow(words: &str) -> bool {
    const WORDINGS: &[&str] = &[
        // OpenAI, vLLM, and those that copy their words
        "context_length_exceeded",
        "maximum context length",
        "model's context length",
        "longer than the maximum model length",
        "max_model_len",
        // llama.cpp
        "exceed_context_size",
        "exceeds the available context size",
        "exceed context window",
        // LM Studio
        "greater than the context length",
        "with context length of only",
        "reached context length",
        "context size has been exceeded",
        "context the overflows",
        // TabbyAPI
        "greater than max_seq_len",
        "max_seq_len",
        "job requires",
        "contextlengthexceeded",
        // Ollama
        "exceeded max context length",
        "exceeds maximum context length",
        "exceeds the context length",
        "exceeds context length",
        // others
        "exceeds the model's context",
        "context window",
        "prompt is too long",
        "context length exceeded",
    ];
    WORDINGS.iter().any(|wording| words.contains(wording))
}

/// The numbers of an overflow: the server's fields, else from its sentence.
fn context_numbers(body: &ErrorBody) -> ContextNumbers {
    let words = body.message.to_lowercase();
    let after = |phrases: &[&str]| phrases.iter().find_map(|phrase| number_after(&words, phrase));
    let limit = after(&[
        "context length is only ",
        "context length is ",
        "context length of only ",
        "context length of ",
        "context length (",
        "max_seq_len ",
        "max_seq_len of ",
        "context size (",
        "context window of ",
        "model length of ",
        "model length (",
    ]);
    let requested = after(&[
        "you requested ",
        "resulted in ",
        "you passed ",
        "request length ",
        "prompt length ",
        "keep the first ",
        "request (",
        "prompt (length ",
        "requested tokens (",
        "contains at least ",
    ]);
    ContextNumbers {
        limit: body.numbers.limit.or(limit),
        requested: body.numbers.requested.or(requested),
    }
}

fn number_after(text: &str, phrase: &str) -> Option<u64> {
    let (_, rest) = text.split_once(phrase)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).take(18).collect();
    digits.parse().ok()
}

/// The parameter that the server says it does not take.
fn rejected_parameter(words: &str, limit: Option<LimitField>) -> Option<Quirk> {
    const REFUSALS: &[&str] = &[
        "unsupported",
        "not support",
        "unrecognized",
        "unknown",
        "unexpected",
        "not permitted",
        "not allowed",
        "forbidden",
        "deprecated",
        "only the default",
        "instead",
        "invalid parameter",
        "invalid field",
        "unavailable",
    ];
    if !REFUSALS.iter().any(|refusal| words.contains(refusal)) {
        return None;
    }
    // The longer name holds the shorter one; a refusal of `max_tokens` often recommends the other.
    let limit_quirk = match limit {
        Some(LimitField::MaxTokens) if words.contains("max_tokens") => {
            Some(Quirk::Limit(LimitField::MaxCompletionTokens))
        }
        Some(LimitField::MaxCompletionTokens) if words.contains("max_completion_tokens") => {
            Some(Quirk::Limit(LimitField::MaxTokens))
        }
        _ => None,
    };
    if words.contains("stream_options") || words.contains("include_usage") {
        Some(Quirk::StreamOptions)
    } else if limit_quirk.is_some() {
        limit_quirk
    } else if words.contains("temperature") {
        Some(Quirk::Temperature)
    } else if words.contains("top_p") {
        Some(Quirk::TopP)
    } else if ["reasoning_effort", "chat_template_kwargs", "thinking", "\"think"]
        .iter()
        .any(|w| words.contains(w))
    {
        Some(Quirk::Reasoning)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, body: &str) -> Verdict {
        let redactor = Redactor::new([Secret::new("sk-secret-key")]);
        let asked = Asked {
            kind: ProviderKind::OpenAi,
            images: true,
            limit: Some(LimitField::MaxTokens),
            redactor: &redactor,
        };
        judge(asked, Some(status), &ErrorBody::parse(body.as_bytes()), None)
    }

    #[test]
    fn every_wording_of_an_overflow_is_known_with_its_numbers() {
        let cases: &[(u16, &str, Option<u64>, Option<u64>)] = &[
            // OpenAI
            (
                400,
                r#"{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#,
                Some(8192),
                Some(9001),
            ),
            // vLLM, old and new
            (
                400,
                r#"{"object":"error","message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the messages, 1000 in the completion).","type":"BadRequestError","param":null,"code":400}"#,
                Some(4096),
                Some(5000),
            ),
            (
                400,
                r#"{"error":{"message":"You passed 9000 input tokens and requested 100 output tokens. However, the model's context length is only 8192 tokens","type":"BadRequestError","code":400}}"#,
                Some(8192),
                Some(9000),
            ),
            (
                400,
                r#"{"error":{"message":"The decoder prompt (length 5023) is longer than the maximum model length of 4096."}}"#,
                Some(4096),
                Some(5023),
            ),
            // llama.cpp
            (
                400,
                r#"{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":1407,"n_ctx":256}}"#,
                Some(256),
                Some(1407),
            ),
            // LM Studio
            (
                400,
                r#"{"error":"Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context length of only 32768 tokens, which is not enough."}"#,
                Some(32768),
                Some(111_490),
            ),
            (
                400,
                r#"{"error":"The number of tokens to keep from the initial prompt is greater than the context length."}"#,
                None,
                None,
            ),
            // TabbyAPI
            (
                400,
                r#"{"detail":"Request length 71599 + 2048 is greater than max_seq_len 65536"}"#,
                Some(65536),
                Some(71599),
            ),
            (
                500,
                r#"{"error":{"message":"Prompt length 5000 is greater than max_seq_len 4096","trace":null}}"#,
                Some(4096),
                Some(5000),
            ),
            // Ollama
            (
                500,
                r#"{"error":"input length exceeds maximum context length"}"#,
                None,
                None,
            ),
            (
                400,
                r#"{"error":"prompt too long; exceeded max context length by 12 tokens"}"#,
                None,
                None,
            ),
        ];
        for (status, body, limit, requested) in cases {
            match judged(*status, body) {
                Verdict::Fail(error) => {
                    assert_eq!(error.code(), ErrorCode::ContextOverflow, "{body}");
                    let numbers = ContextNumbers {
                        limit: *limit,
                        requested: *requested,
                    };
                    assert_eq!(error.context(), numbers, "{body}");
                }
                other => panic!("{other:?} for {body}"),
            }
        }
    }

    #[test]
    fn rejected_parameters_are_told_apart() {
        let cases: &[(&str, Option<Quirk>)] = &[
            (
                r#"{"error":{"message":"Unrecognized request argument supplied: stream_options"}}"#,
                Some(Quirk::StreamOptions),
            ),
            (
                r#"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#,
                Some(Quirk::StreamOptions),
            ),
            (
                r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}}"#,
                Some(Quirk::Limit(LimitField::MaxCompletionTokens)),
            ),
            (
                r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported."}}"#,
                Some(Quirk::Temperature),
            ),
            (
                r#"{"error":{"message":"Unsupported parameter: 'top_p' is not supported with this model."}}"#,
                Some(Quirk::TopP),
            ),
            (
                r#"{"error":"\"llama3\" does not support thinking"}"#,
                Some(Quirk::Reasoning),
            ),
            (
                r#"{"error":{"message":"max_tokens is too large: 99999. This model supports at most 4096."}}"#,
                None,
            ),
            (
                r#"{"error":{"message":"temperature must be between 0 and 2"}}"#,
                None,
            ),
        ];
        for (body, expected) in cases {
            let found = match judged(400, body) {
                Verdict::Adapt(quirk, _) => Some(quirk),
                _ => None,
            };
            assert_eq!(found, *expected, "{body}");
        }
    }

    #[test]
    fn refusals_get_their_codes() {
        let cases: &[(u16, &str, ErrorCode)] = &[
            (401, "", ErrorCode::ProviderAuth),
            (403, r#"{"detail":"Forbidden"}"#, ErrorCode::ProviderAuth),
            (
                404,
                r#"{"error":"model 'nope' not found"}"#,
                ErrorCode::ModelNotFound,
            ),
            (
                404,
                r#"{"object":"error","message":"The model `nope` does not exist.","type":"NotFoundError","code":404}"#,
                ErrorCode::ModelNotFound,
            ),
            (404, r#"{"detail":"Not Found"}"#, ErrorCode::ProviderError),
            (404, "<html><h1>404</h1></html>", ErrorCode::ProviderError),
            (
                500,
                r#"{"error":"model requires more system memory (9.1 GiB) than is available (3.2 GiB)"}"#,
                ErrorCode::ModelLoadFailed,
            ),
            (
                400,
                r#"{"error":{"message":"image input is not supported - hint: you may need to provide the mmproj"}}"#,
                ErrorCode::UnsupportedModality,
            ),
            (
                400,
                r#"{"error":{"message":"flagged","code":"content_filter"}}"#,
                ErrorCode::ContentFiltered,
            ),
            (500, "oops", ErrorCode::ProviderError),
            (418, "", ErrorCode::ProviderError),
        ];
        for (status, body, code) in cases {
            assert_eq!(
                judged(*status, body).into_error().code(),
                *code,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn a_key_that_the_server_repeats_is_taken_out() {
        let error = judged(
            401,
            r#"{"error":{"message":"Incorrect API key provided: sk-secret-key.\nSee the docs."}}"#,
        )
        .into_error();
        assert_eq!(
            error.detail(),
            Some("Incorrect API key provided: •••. See the docs.")
        );
    }
}
