//! Reads the error out of a response body, in whichever shape it came.

use serde_json::Value;

use crate::error::ContextNumbers;

/// The error within a response body, in whichever shape it came.
#[derive(Debug, Default)]
pub(crate) struct ErrorBody {
    pub(crate) message: String,
    code: String,
    kind: String,
    param: String,
    /// A status within the body, for errors in the middle of a stream.
    pub(crate) status: Option<u16>,
    /// The numbers of a context overflow, where they have fields of their own.
    pub(crate) numbers: ContextNumbers,
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
        match value {
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
        }
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
        }
    }

    /// All of it in lower case, to search for wordings.
    pub(crate) fn wording(&self) -> String {
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
