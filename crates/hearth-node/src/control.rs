//! The command line's way to a running home: a socket in the data folder that only its owner may open.
//!
//! Whoever may open it may read the whole folder anyway, so it acts for the owner of the home. Where there are no
//! such sockets (Windows), the command line works only while the home is not running.

use crate::node::Node;
use hearth_api::{ApiError, Code};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Where the socket of the home in `dir` is.
#[must_use]
pub fn socket_path(dir: &Path) -> PathBuf {
    dir.join("control.sock")
}

/// Serves the control socket until the node closes.
#[cfg(unix)]
pub(crate) fn serve(node: &Node, dir: &Path) -> std::io::Result<()> {
    use crate::http::{App, Assets, DoorKind, router};
    use std::os::unix::fs::PermissionsExt as _;
    let path = socket_path(dir);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = tokio::net::UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
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

#[cfg(not(unix))]
pub(crate) fn serve(_node: &Node, _dir: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Puts a command to the home that runs on the data folder `dir`; `None` when none runs there.
///
/// # Errors
/// The command's error.
#[cfg(unix)]
pub async fn call(dir: &Path, command: &str, payload: &Value) -> Option<Result<Value, ApiError>> {
    use http_body_util::{BodyExt as _, Full};
    use hyper::client::conn::http1;
    use hyper_util::rt::TokioIo;
    let unavailable = || ApiError::new(Code::Unavailable, "The running home did not answer. Try again.");
    let stream = tokio::net::UnixStream::connect(socket_path(dir)).await.ok()?;
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

/// Puts a command to the home that runs on the data folder `dir`; here there is no such way.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub async fn call(_dir: &Path, _command: &str, _payload: &Value) -> Option<Result<Value, ApiError>> {
    std::future::ready(None).await
}
