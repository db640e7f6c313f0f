//! What the command line prints: sentences for people, JSON on request. The one place of this program that prints.

use hearth_api::{ApiError, Code};
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::ExitCode;

/// Writes a line to standard output. Whoever closed it (`| head -1`) does not want to read on.
fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Prints an answer: as JSON, or by `show`.
pub(crate) fn answer(json: bool, value: &Value, show: impl FnOnce(&Value) -> String) -> ExitCode {
    if json {
        line(&value.to_string());
    } else {
        line(&show(value));
    }
    ExitCode::SUCCESS
}

/// Prints a sentence to standard error, so that standard output stays clean.
#[expect(clippy::print_stderr, reason = "this is the command line's output")]
pub(crate) fn note(sentence: &str) {
    eprintln!("{sentence}");
}

/// Prints what went wrong; the exit code.
pub(crate) fn fail(json: bool, message: &str, code: u8) -> ExitCode {
    if json {
        line(&json!({ "error": { "message": message } }).to_string());
    } else {
        note(message);
    }
    ExitCode::from(code)
}

/// Prints a command's error; the exit code.
pub(crate) fn refuse(json: bool, error: &ApiError) -> ExitCode {
    if json {
        line(&json!({ "error": error }).to_string());
    } else {
        note(&error.message);
    }
    ExitCode::from(if error.code == Code::NotSetUp { 3 } else { 1 })
}
