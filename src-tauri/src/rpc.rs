//! What the page may call: one command for everything the node can do, one for the bytes of an upload, two for the
//! shell itself. They decode, hand on and encode; whether something is allowed is decided by the node.

use std::sync::Arc;

use hearth_api::media::UploadState;
use hearth_api::{ApiError, ApiResult, Code, UploadId};
use serde_json::Value;
use tauri::State;
use tauri::http::HeaderMap;
use tauri::ipc::{InvokeBody, Request};

use crate::host::Host;
use crate::links;

/// The largest piece of an upload; the page sends one megabyte.
const MAX_CHUNK: usize = 4 * 1024 * 1024;

/// Puts a command of the table to the node.
#[tauri::command]
pub(crate) async fn rpc(host: State<'_, Arc<Host>>, cmd: String, payload: Value) -> ApiResult<Value> {
    host.dispatch(&cmd, payload).await
}

/// Takes a piece of an upload: the bytes are the raw body, its id and place are headers.
#[tauri::command]
pub(crate) async fn upload_chunk(host: State<'_, Arc<Host>>, request: Request<'_>) -> ApiResult<UploadState> {
    let upload = header(request.headers(), "x-upload-id")?
        .parse::<UploadId>()
        .map_err(|error| ApiError::invalid("id", format!("The upload has no usable id: {error}.")))?;
    let offset = header(request.headers(), "x-upload-offset")?
        .parse::<u64>()
        .map_err(|error| ApiError::invalid("offset", format!("The upload has no usable place: {error}.")))?;
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(ApiError::invalid("body", "The upload's bytes are missing."));
    };
    if bytes.len() > MAX_CHUNK {
        return Err(ApiError::new(
            Code::TooLarge,
            "The piece of the upload is too large.",
        ));
    }
    host.upload_chunk(upload, offset, bytes.clone()).await
}

/// Sends the events after `since` to the page, and all that follow.
#[tauri::command]
pub(crate) fn listen_events(host: State<'_, Arc<Host>>, since: u64) {
    host.listen_since(since);
}

/// Opens a web or mail address with the system's own program.
#[tauri::command]
pub(crate) fn open_link(url: &str) -> ApiResult<()> {
    if !links::may_open(url) {
        return Err(ApiError::invalid(
            "url",
            "Only web and mail addresses can be opened.",
        ));
    }
    open::that_detached(url).map_err(|error| {
        ApiError::new(
            Code::Unavailable,
            format!("No program opened the address: {error}."),
        )
    })
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> ApiResult<&'a str> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| ApiError::invalid("headers", format!("The upload's {name} is missing.")))
}
