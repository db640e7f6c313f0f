//! Makes sense of what servers say when they refuse: from status and body to an error or to what
//! to do about it. The wordings are those of the servers in the field; each has a test.

use std::time::Duration;

use crate::{
    error::{ContextNumbers, ErrorCode, LlmError},
    error_body::ErrorBody,
    provider::ProviderKind,
    quirks::{LimitField, Quirk},
    redact::Redactor,
    retry::LONGEST_WAIT,
};

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
mod tests;
