//! Structured logs: a readable sentence and fields; never a secret, never content.

use tracing_subscriber::EnvFilter;

/// How to write logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people at a terminal.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging to standard error; the level comes from `HEARTH_LOG` (else `info`). Does nothing if logging runs already.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_env("HEARTH_LOG").unwrap_or_else(|_unset| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("Logging was started before");
    }
}
