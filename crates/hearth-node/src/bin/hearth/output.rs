//! What the command line prints: sentences for people, JSON on request. The one place of this program that prints.

use hearth_api::{ApiError, Code};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Prints an answer: as JSON, or by `show`.
#[expect(clippy::print_stdout, reason = "this is the command line's output")]
pub(crate) fn answer(json: bool, value: &Value, show: impl FnOnce(&Value) -> String) -> ExitCode {
    if json {
        println!("{value}");
    } else {
        println!("{}", show(value));
    }
    ExitCode::SUCCESS
}

/// Prints a sentence to standard error, so that standard output stays clean.
#[expect(clippy::print_stderr, reason = "this is the command line's output")]
pub(crate) fn note(sentence: &str) {
    eprintln!("{sentence}");
}

/// Prints what went wrong; the exit code.
#[expect(clippy::print_stdout, reason = "this is the command line's output")]
pub(crate) fn fail(json: bool, message: &str, code: u8) -> ExitCode {
    if json {
        println!("{}", json!({ "error": { "message": message } }));
    } else {
        note(message);
    }
    ExitCode::from(code)
}

/// Prints a command's error; the exit code.
#[expect(clippy::print_stdout, reason = "this is the command line's output")]
pub(crate) fn refuse(json: bool, error: &ApiError) -> ExitCode {
    if json {
        println!("{}", json!({ "error": error }));
    } else {
        note(&error.message);
    }
    ExitCode::from(if error.code == Code::NotSetUp { 3 } else { 1 })
}
