//! Commands, chunks and events through the desktop shell.

use super::unreachable;
use hearth_api::media::UploadState;
use hearth_api::{ApiError, ApiResult, Code, UploadId};
use js_sys::{JSON, Object, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "core"], js_name = invoke)]
    async fn invoke(command: &str, args: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "core"], js_name = invoke)]
    async fn invoke_with(command: &str, args: &JsValue, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "event"], js_name = listen)]
    async fn listen_js(event: &str, handler: &js_sys::Function) -> Result<JsValue, JsValue>;
}

fn object(entries: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        let _set = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

fn to_text(value: &JsValue) -> Option<String> {
    JSON::stringify(value).ok().and_then(|text| text.as_string())
}

fn refused(error: &JsValue) -> ApiError {
    // The shell rejects with the error itself; anything else is the bridge failing.
    to_text(error)
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_else(unreachable)
}

/// Puts a command; answers JSON text.
pub(crate) async fn rpc(name: &str, payload: &str) -> ApiResult<String> {
    let payload = JSON::parse(payload).unwrap_or(JsValue::NULL);
    let args = object(&[("cmd", &JsValue::from_str(name)), ("payload", &payload)]);
    let answer = invoke("rpc", &args).await.map_err(|error| refused(&error))?;
    to_text(&answer).ok_or_else(|| ApiError::new(Code::Internal, "The window's home answered nothing."))
}

/// Sends a piece of an upload: the bytes as the raw body, id and offset as headers.
pub(crate) async fn chunk(id: UploadId, offset: u64, bytes: &JsValue) -> ApiResult<UploadState> {
    let headers = object(&[
        ("x-upload-id", &JsValue::from_str(&id.to_string())),
        ("x-upload-offset", &JsValue::from_str(&offset.to_string())),
    ]);
    let options = object(&[("headers", &headers)]);
    let bytes = js_sys::Uint8Array::new(bytes);
    let answer = invoke_with("upload_chunk", &bytes, &options)
        .await
        .map_err(|error| refused(&error))?;
    to_text(&answer)
        .and_then(|text| serde_json::from_str(&text).ok())
        .ok_or_else(|| ApiError::new(Code::Internal, "The upload's answer made no sense."))
}

/// Listens to an event of the shell for the life of the page.
pub(crate) async fn listen(event: &'static str, handler: impl FnMut(JsValue) + 'static) -> bool {
    let handler = Closure::<dyn FnMut(JsValue)>::new(handler).into_js_value();
    listen_js(event, handler.unchecked_ref()).await.is_ok()
}

/// Asks the shell for the events after `since`, and all that follow.
pub(crate) async fn listen_events(since: u64) {
    #[expect(clippy::cast_precision_loss, reason = "event numbers stay far below 2^53")]
    let args = object(&[("since", &JsValue::from_f64(since as f64))]);
    // Without it events still come, from now on: the shell sends them by itself.
    let _asked = invoke("listen_events", &args).await;
}

/// Calls a command of the shell's own, with arguments by name.
pub(crate) async fn shell<T: DeserializeOwned>(command: &str, args: &[(&str, &JsValue)]) -> ApiResult<T> {
    let answer = invoke(command, &object(args))
        .await
        .map_err(|error| refused(&error))?;
    let text = to_text(&answer).unwrap_or_else(|| "null".to_owned());
    serde_json::from_str(&text).map_err(|error| ApiError::new(Code::Internal, error.to_string()))
}

/// The payload of a shell event as JSON text.
pub(crate) fn payload_text(event: &JsValue) -> Option<String> {
    to_text(&Reflect::get(event, &JsValue::from_str("payload")).ok()?)
}

/// Opens a web or mail address with the system's own program.
pub(crate) fn open_link(url: String) {
    wasm_bindgen_futures::spawn_local(async move {
        let args = object(&[("url", &JsValue::from_str(&url))]);
        if invoke("open_link", &args).await.is_err() {
            crate::state::toasts::error(crate::t!("error-open-link", "url" => url.as_str()));
        }
    });
}
