//! Events, files, backups and uploads over HTTP.

use super::{App, Peer, caller, rpc};
use crate::media::{MediaAnswer, RangeWanted};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use hearth_api::{ApiError, MediaHash, UploadId, media::Variant};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio_stream::wrappers::ReceiverStream;

#[derive(Deserialize)]
pub(super) struct Since {
    since: Option<u64>,
}

/// Server-sent events; `id` is the event's number, so that a browser goes on where it broke off.
pub(super) async fn events(
    State(app): State<App>,
    Query(query): Query<Since>,
    peer: Peer,
    headers: HeaderMap,
) -> Response {
    let resumed = headers
        .get("last-event-id")
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse().ok());
    let caller = caller(&app, &headers, peer.0);
    let receiver = match app.node.subscribe(caller, resumed.or(query.since)).await {
        Ok(receiver) => receiver,
        Err(error) => return rpc::problem(&error),
    };
    let stream = ReceiverStream::new(receiver).map(|envelope| {
        let mut event = SseEvent::default().data(serde_json::to_string(&envelope).unwrap_or_default());
        if let Some(seq) = envelope.seq {
            event = event.id(seq.to_string());
        }
        Ok::<_, Infallible>(event)
    });
    Sse::new(stream)
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
        .into_response()
}

#[derive(Deserialize)]
pub(super) struct Offset {
    offset: u64,
}

/// One chunk of an upload; the answer has the new offset.
pub(super) async fn upload(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<Offset>,
    peer: Peer,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return rpc::problem(&rpc::unread(&rejection, super::MAX_CHUNK)),
    };
    let Ok(id) = id.parse::<UploadId>() else {
        return rpc::problem(&ApiError::not_found());
    };
    let caller = caller(&app, &headers, peer.0);
    match app.node.upload_chunk(&caller, id, query.offset, body).await {
        Ok(state) => Json(state).into_response(),
        Err(error) => rpc::problem(&error),
    }
}

/// A file that the viewer may see, by hash and variant, with ranges (RFC 9110 §14).
pub(super) async fn media(
    State(app): State<App>,
    Path((hash, variant)): Path<(String, String)>,
    peer: Peer,
    headers: HeaderMap,
) -> Response {
    let (Ok(hash), Some(variant)) = (hash.parse::<MediaHash>(), Variant::parse(&variant)) else {
        return rpc::problem(&ApiError::not_found());
    };
    let caller = caller(&app, &headers, peer.0);
    match app.node.media(&caller, hash, variant, range(&headers)).await {
        Ok(answer) => answer_file(answer),
        Err(error) => rpc::problem(&error),
    }
}

fn range(headers: &HeaderMap) -> Option<RangeWanted> {
    headers
        .get(RANGE)
        .and_then(|v| v.to_str().ok())
        .and_then(RangeWanted::parse)
}

/// A backup, to be kept elsewhere; for admins. It goes as it lies there, and a part of it can be asked for.
pub(super) async fn backup(
    State(app): State<App>,
    Path(name): Path<String>,
    peer: Peer,
    headers: HeaderMap,
) -> Response {
    let caller = caller(&app, &headers, peer.0);
    match app.node.backup_to_keep(&caller, name, range(&headers)).await {
        Ok(answer) => {
            let mut response = answer_file(answer);
            // Nothing of it stays in the browser but the file that the person keeps.
            response
                .headers_mut()
                .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(error) => rpc::problem(&error),
    }
}

fn answer_file(answer: MediaAnswer) -> Response {
    let status = if answer.partial {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let last = answer.start.saturating_add(answer.length).saturating_sub(1);
    let range = format!("bytes {}-{last}/{}", answer.start, answer.total);
    let mime =
        HeaderValue::from_str(&answer.mime).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let (length, download, partial) = (answer.length, answer.download, answer.partial);
    let mut response = (status, Body::from_stream(answer.into_stream())).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, mime);
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    if download {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    if partial && let Ok(range) = HeaderValue::from_str(&range) {
        headers.insert(CONTENT_RANGE, range);
    }
    response
}
