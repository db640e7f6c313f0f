//! The command line's way to a running home: a socket in the data folder that only its owner may open, or on Windows a
//! pipe whose name lies there.
//!
//! Whoever may read the folder acts for the owner of the home anyway, so the way asks for nothing else.

#[cfg(windows)]
mod pipe;
#[cfg(unix)]
mod socket;

#[cfg(windows)]
use pipe as way;
#[cfg(unix)]
use socket as way;

use crate::http::{App, Assets, DoorKind, router};
use crate::node::Node;
use hearth_api::{ApiError, Code};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The file that tells of a running home in `dir`: the socket itself, on Windows the name of the pipe.
#[must_use]
pub fn socket_path(dir: &Path) -> PathBuf {
    dir.join(way::FILE)
}

/// Serves the way of the command line until the node closes.
pub(crate) fn serve(node: &Node, dir: &Path) -> std::io::Result<()> {
    let path = socket_path(dir);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = way::listen(&path, &*node.config().entropy)?;
    let app = App {
        node: node.clone(),
        assets: Assets::default().into(),
        hosts: Vec::new().into(),
        door: DoorKind::Control,
    };
    let closed = node.closed();
    node.spawn(async move {
        let served = axum::serve(listener, router(app))
            .with_graceful_shutdown(async move { closed.cancelled().await });
        if let Err(error) = served.await {
            tracing::error!(error = %error, "The control socket failed");
        }
        let _ = std::fs::remove_file(path);
    });
    Ok(())
}

/// Puts a command to the home that runs on the data folder `dir`; `None` when none runs there.
///
/// # Errors
/// The command's error.
pub async fn call(dir: &Path, command: &str, payload: &Value) -> Option<Result<Value, ApiError>> {
    let unavailable = || ApiError::new(Code::Unavailable, "The running home did not answer. Try again.");
    let stream = way::connect(&socket_path(dir)).await?;
    let answer = async {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|_e| unavailable())?;
        tokio::spawn(async move {
            let _ = connection.await;
        });
        let request = hyper::Request::post(format!("/rpc/{command}"))
            .header("host", "localhost")
            .header("x-hearth", "1")
            .header("content-type", "application/json")
            .body(Full::new(bytes::Bytes::from(payload.to_string())))
            .map_err(|_e| unavailable())?;
        let response = sender.send_request(request).await.map_err(|_e| unavailable())?;
        let fine = response.status().is_success();
        let body = response
            .into_body()
            .collect()
            .await
            .map_err(|_e| unavailable())?
            .to_bytes();
        if fine {
            serde_json::from_slice(&body).map_err(|_e| unavailable())
        } else {
            Err(serde_json::from_slice::<ApiError>(&body).unwrap_or_else(|_e| unavailable()))
        }
    };
    Some(answer.await)
}
