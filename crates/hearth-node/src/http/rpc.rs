//! Commands over HTTP: `POST /rpc/{command}` with a JSON body.

use super::{App, DoorKind, Peer, caller, cookie_name, device_cookie_name};
use crate::caller::SessionChange;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hearth_api::{ApiError, Code};
use serde_json::{Value, json};

/// Seconds a browser keeps the cookie; the session itself may end earlier.
const COOKIE_SECONDS: u32 = 180 * 24 * 3600;
/// The same for what a device in the network is known by; browsers keep nothing longer (RFC 6265bis §5.5).
const DEVICE_COOKIE_SECONDS: u32 = 400 * 24 * 3600;

pub(super) async fn call(
    State(app): State<App>,
    Path(command): Path<String>,
    peer: Peer,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return problem(&unread(&rejection, super::MAX_REQUEST)),
    };
    let payload = if body.is_empty() {
        Ok(json!({}))
    } else {
        serde_json::from_slice::<Value>(&body)
    };
    let Ok(payload) = payload else {
        return problem(&ApiError::invalid("request", "The request is not JSON."));
    };
    let caller = caller(&app, &headers, peer.0);
    let reply = app.node.dispatch(caller, &command, payload).await;
    let mut response = match reply.result {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => problem(&error),
    };
    let secure =
        app.door == DoorKind::Network || headers.get("x-forwarded-proto").is_some_and(|p| p == "https");
    for (name, change, seconds) in [
        (cookie_name(&app), reply.session, COOKIE_SECONDS),
        (device_cookie_name(&app), reply.device, DEVICE_COOKIE_SECONDS),
    ] {
        if let Some(value) = set_cookie(&name, &change, seconds, secure) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}

fn set_cookie(name: &str, change: &SessionChange, seconds: u32, secure: bool) -> Option<HeaderValue> {
    let (value, seconds) = match change {
        SessionChange::Keep => return None,
        SessionChange::Set(token) => (token.reveal(), seconds),
        SessionChange::Clear => ("", 0),
    };
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&cookie).ok()
}

/// The certificate that devices may trust, so that they show no warning.
pub(super) async fn certificate(State(app): State<App>) -> Response {
    match app.node.access_certificate().await {
        Ok(Some(der)) => (
            [
                (CONTENT_TYPE, "application/x-x509-ca-cert"),
                (CONTENT_DISPOSITION, "attachment; filename=\"hearth-home.crt\""),
            ],
            der,
        )
            .into_response(),
        Ok(None) => problem(&ApiError::not_found()),
        Err(error) => problem(&error),
    }
}

/// Why a body was not read: longer than `most` bytes, or broken off.
pub(super) fn unread(rejection: &BytesRejection, most: usize) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let most = most / (1024 * 1024);
        ApiError::new(
            Code::TooLarge,
            format!("This is more than the {most} MiB that go at once. Nothing was saved; send less."),
        )
    } else {
        ApiError::invalid("request", "The request broke off. Nothing was saved; try again.")
    }
}

/// Problem details (RFC 9457) with the error's own members.
pub(super) fn problem(error: &ApiError) -> Response {
    let status = StatusCode::from_u16(error.code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut body = serde_json::to_value(error).unwrap_or_default();
    if let Value::Object(members) = &mut body {
        members.insert("type".into(), json!("about:blank"));
        members.insert("title".into(), json!(error.name()));
        members.insert("status".into(), json!(status.as_u16()));
        members.insert("detail".into(), json!(error.message));
    }
    (
        status,
        [(CONTENT_TYPE, "application/problem+json")],
        body.to_string(),
    )
        .into_response()
}

/// Says that the process is up; nothing else.
pub(super) async fn alive() -> Json<Value> {
    std::future::ready(Json(json!({ "ok": true }))).await
}
