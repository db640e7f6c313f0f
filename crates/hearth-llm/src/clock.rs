//! Time, passed in: what waits for what, so that tests decide when a wait ends.

use std::time::Duration;

use futures_util::future::BoxFuture;

/// What a wait is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wait {
    /// The pause before trying again.
    Retry,
    /// The pause before asking a loading server again.
    Load,
    /// The time limit for the first token.
    FirstToken,
    /// The time limit between two pieces of an answer.
    Idle,
    /// The time limit for the whole turn.
    Turn,
    /// The time limit of a short question, such as the list of models.
    Query,
    /// The time limit of a connection check.
    Check,
}

/// The time and the waits of this crate. (Only the connect limit is the HTTP client's own.)
pub trait Clock: Send + Sync + 'static {
    /// Unix milliseconds, for HTTP dates and latencies.
    fn now_ms(&self) -> i64;
    /// Ends after `duration`.
    fn sleep(&self, wait: Wait, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The real clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place of this crate that reads the real clock"
        )]
        let now = std::time::SystemTime::now();
        now.duration_since(std::time::UNIX_EPOCH)
            .ok()
            .and_then(|d| i64::try_from(d.as_millis()).ok())
            .unwrap_or_default()
    }

    fn sleep(&self, _: Wait, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
