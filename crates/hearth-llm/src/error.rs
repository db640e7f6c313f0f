//! What can go wrong with a provider, with a code to branch on and words for a person.
//!
//! A [`LlmError`] says what happened and what to do next. The server's own words are kept apart in
//! [`LlmError::detail`], cleaned of keys and cut to length: they may quote the conversation, so they
//! are shown to the person concerned but never logged; `Debug` and `Display` leave them out.

use std::{fmt, time::Duration};

/// The codes of this crate, a subset of those of the whole assistant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// No connection: refused, unknown host, TLS failure.
    ProviderUnreachable,
    /// The server wants another key, or none was given.
    ProviderAuth,
    /// The server failed or refused in its own way.
    ProviderError,
    /// The server does not have the model.
    ModelNotFound,
    /// The model could not be loaded.
    ModelLoadFailed,
    /// Too many requests, or a quota is used up.
    RateLimited,
    /// The answer broke off.
    StreamInterrupted,
    /// The answer is not what the protocol allows.
    BadStream,
    /// A time limit passed.
    Timeout,
    /// The conversation does not fit the model's window.
    ContextOverflow,
    /// The server's filter, or the model, refused to answer.
    ContentFiltered,
    /// The model cannot take images.
    UnsupportedModality,
    /// The address is of another locality than was consented to.
    LocalityChanged,
    /// The server passes the model's conversations on to the internet, and that was not consented to.
    ConsentRequired,
    /// The request or the provider's settings are malformed.
    InvalidInput,
}

impl ErrorCode {
    /// The code as it is stored and sent to clients.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProviderUnreachable => "provider_unreachable",
            Self::ProviderAuth => "provider_auth",
            Self::ProviderError => "provider_error",
            Self::ModelNotFound => "model_not_found",
            Self::ModelLoadFailed => "model_load_failed",
            Self::RateLimited => "rate_limited",
            Self::StreamInterrupted => "stream_interrupted",
            Self::BadStream => "bad_stream",
            Self::Timeout => "timeout",
            Self::ContextOverflow => "context_overflow",
            Self::ContentFiltered => "content_filtered",
            Self::UnsupportedModality => "unsupported_modality",
            Self::LocalityChanged => "locality_changed",
            Self::ConsentRequired => "consent_required",
            Self::InvalidInput => "invalid_input",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The two numbers of a context overflow, as far as the server told them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ContextNumbers {
    /// Tokens that fit.
    pub limit: Option<u64>,
    /// Tokens that were sent or asked for.
    pub requested: Option<u64>,
}

/// Why a request to a provider failed.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} {}", inner.message, inner.next_step)]
pub struct LlmError {
    inner: Box<Inner>,
}

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    code: ErrorCode,
    message: String,
    next_step: &'static str,
    detail: Option<String>,
    retry_after: Option<Duration>,
    context: ContextNumbers,
}

impl LlmError {
    /// An error with a plain sentence of what happened and one of what to do next.
    pub fn new(code: ErrorCode, message: impl Into<String>, next_step: &'static str) -> Self {
        Self {
            inner: Box::new(Inner {
                code,
                message: message.into(),
                next_step,
                detail: None,
                retry_after: None,
                context: ContextNumbers::default(),
            }),
        }
    }

    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        self.inner.detail = (!detail.is_empty()).then_some(detail);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.inner.retry_after = wait;
        self
    }

    pub(crate) fn with_context(mut self, numbers: ContextNumbers) -> Self {
        self.inner.context = numbers;
        self
    }

    /// The code to branch on.
    pub fn code(&self) -> ErrorCode {
        self.inner.code
    }

    /// What happened.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// What to do next.
    pub fn next_step(&self) -> &'static str {
        self.inner.next_step
    }

    /// The server's own words, without keys; for the person concerned, not for logs.
    pub fn detail(&self) -> Option<&str> {
        self.inner.detail.as_deref()
    }

    /// How long the server asks to wait, for a countdown.
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// The numbers of a `context_overflow`.
    pub fn context(&self) -> ContextNumbers {
        self.inner.context
    }

    pub(crate) fn interrupted() -> Self {
        Self::new(
            ErrorCode::StreamInterrupted,
            "The connection broke off in the middle of the answer.",
            "What arrived is kept; continue or resend.",
        )
    }

    pub(crate) fn bad_stream(message: &'static str) -> Self {
        Self::new(
            ErrorCode::BadStream,
            message,
            "Check the address and the kind of server in the settings.",
        )
    }

    pub(crate) fn too_large() -> Self {
        Self::bad_stream("The server sent more in one piece than is allowed.")
    }
}

impl fmt::Debug for LlmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LlmError")
            .field("code", &self.inner.code)
            .field("message", &self.inner.message)
            .field("retry_after", &self.inner.retry_after)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_words_stay_out_of_debug_and_display() {
        let error = LlmError::new(ErrorCode::ProviderError, "It failed.", "Try again.")
            .with_detail("your diary says");
        assert_eq!(error.to_string(), "It failed. Try again.");
        assert!(!format!("{error:?}").contains("diary"));
        assert_eq!(error.detail(), Some("your diary says"));
    }
}
