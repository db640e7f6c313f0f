//! Commands, chunks and probes over HTTP to the home that served this page.

use super::unreachable;
use hearth_api::media::UploadState;
use hearth_api::{ApiError, ApiResult, Code, UploadId};
use js_sys::Reflect;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCredentials, RequestInit, Response};

const TIMEOUT_MS: u32 = 60_000;

/// Puts a command; answers JSON text.
pub(crate) async fn rpc(name: &str, payload: &str) -> ApiResult<String> {
    send(
        "POST",
        &format!("/rpc/{name}"),
        "application/json",
        &JsValue::from_str(payload),
    )
    .await
}

/// Sends a piece of an upload.
pub(crate) async fn chunk(id: UploadId, offset: u64, bytes: &JsValue) -> ApiResult<UploadState> {
    let url = format!("/upload/{id}?offset={offset}");
    let answer = send("PUT", &url, "application/octet-stream", bytes).await?;
    serde_json::from_str(&answer).map_err(|error| ApiError::new(Code::Internal, error.to_string()))
}

async fn send(method: &str, url: &str, content_type: &str, body: &JsValue) -> ApiResult<String> {
    let abort = AbortController::new().ok();
    let _timer = abort
        .clone()
        .map(|abort| gloo_timers::callback::Timeout::new(TIMEOUT_MS, move || abort.abort()));
    // Which part of the network failed says nothing to people.
    let response = fetch(method, url, content_type, body, abort.as_ref())
        .await
        .map_err(|_cause| unreachable())?;
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.map_err(|_cause| unreachable())?,
        Err(_cause) => return Err(unreachable()),
    };
    let text = text.as_string().unwrap_or_default();
    if response.ok() {
        Ok(text)
    } else {
        Err(problem(response.status(), &text))
    }
}

async fn fetch(
    method: &str,
    url: &str,
    content_type: &str,
    body: &JsValue,
    abort: Option<&AbortController>,
) -> Result<Response, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let headers = Headers::new()?;
    headers.set("Content-Type", content_type)?;
    headers.set("Accept", "application/json")?;
    // A page of another origin cannot set this without being asked first.
    headers.set("X-Hearth", "1")?;
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(&headers);
    init.set_body(body);
    init.set_credentials(RequestCredentials::SameOrigin);
    if super::presence::is_leaving() {
        // The browser finishes it after the page; web-sys does not know the word yet.
        Reflect::set(&init, &JsValue::from_str("keepalive"), &JsValue::TRUE)?;
    }
    if let Some(abort) = abort {
        init.set_signal(Some(&abort.signal()));
    }
    JsFuture::from(window.fetch_with_str_and_init(url, &init))
        .await?
        .dyn_into()
}

/// An error as the node writes it, alone or as problem details (RFC 9457).
#[derive(Deserialize)]
struct Problem {
    code: Option<Code>,
    #[serde(alias = "detail", alias = "title")]
    message: Option<String>,
    field: Option<String>,
    retry_after_ms: Option<u64>,
    #[serde(alias = "instance")]
    request_id: Option<String>,
}

fn problem(status: u16, text: &str) -> ApiError {
    if let Ok(error) = serde_json::from_str::<ApiError>(text) {
        return error;
    }
    let problem = serde_json::from_str::<Problem>(text).ok();
    let code = problem.as_ref().and_then(|p| p.code).unwrap_or(match status {
        401 => Code::SignInNeeded,
        403 => Code::Forbidden,
        404 => Code::NotFound,
        409 => Code::WrongState,
        413 => Code::FileTooLarge,
        422 => Code::Invalid,
        429 => Code::RateLimited,
        502..=504 => Code::Unavailable,
        507 => Code::DiskFull,
        _ => Code::Internal,
    });
    let Some(problem) = problem else {
        return ApiError::new(code, format!("Your home answered with status {status}."));
    };
    let mut error = ApiError::new(code, problem.message.unwrap_or_default());
    error.field = problem.field;
    error.retry_after_ms = problem.retry_after_ms;
    error.request_id = problem.request_id;
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_read_plain_and_as_problem_details() {
        let plain = ApiError::invalid("name", "Too long").after_ms(5);
        assert_eq!(problem(422, &serde_json::to_string(&plain).unwrap()), plain);
        let details = problem(
            429,
            r#"{"type":"about:blank","title":"Wait","detail":"x","status":429,"code":"rate_limited"}"#,
        );
        assert_eq!(details.code, Code::RateLimited);
        assert_eq!(problem(502, "<html>bad gateway</html>").code, Code::Unavailable);
        assert_eq!(problem(401, "").code, Code::SignInNeeded);
    }
}
