//! The built window, read once at start: small, and no path of a request ever touches the disk.

use super::App;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The files of the window by their path, such as `/app.css`.
#[derive(Default)]
pub(crate) struct Assets {
    files: BTreeMap<String, Asset>,
}

struct Asset {
    bytes: Bytes,
    mime: &'static str,
    etag: String,
}

/// Shown when the window was not built.
const MISSING: &str = "<!doctype html><meta charset=utf-8><title>Hearth</title><p>Hearth runs, but its window was not \
                       built. Run <code>cargo xtask ui</code> and start Hearth again.";

impl Assets {
    /// Reads all files below `dir`; none if there is no such folder.
    pub(crate) fn read(dir: Option<&Path>) -> std::io::Result<Self> {
        let mut assets = Self::default();
        if let Some(dir) = dir.filter(|d| d.is_dir()) {
            assets.read_below(dir, "")?;
        }
        Ok(assets)
    }

    fn read_below(&mut self, dir: &Path, prefix: &str) -> std::io::Result<()> {
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|n| !n.starts_with('.')) else {
                continue;
            };
            let path = format!("{prefix}/{name}");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.read_below(&entry.path(), &path)?;
            } else if kind.is_file() {
                let bytes = Bytes::from(std::fs::read(entry.path())?);
                let digest = Sha256::digest(&bytes);
                let etag = format!(
                    "\"{}\"",
                    data_encoding::HEXLOWER.encode(digest.get(..12).unwrap_or_default())
                );
                self.files.insert(
                    path.clone(),
                    Asset {
                        bytes,
                        mime: mime(&path),
                        etag,
                    },
                );
            }
        }
        Ok(())
    }
}

fn mime(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "ftl" | "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// A file of the window; routes of the window get its page.
pub(super) async fn serve(State(app): State<App>, request: Request) -> Response {
    let path = request.uri().path();
    let is_route = !path.rsplit('/').next().unwrap_or_default().contains('.');
    let asset = app
        .assets
        .files
        .get(path)
        .or_else(|| is_route.then(|| app.assets.files.get("/index.html")).flatten());
    let response = match asset {
        None if is_route => (
            StatusCode::OK,
            [(CONTENT_TYPE, "text/html; charset=utf-8")],
            MISSING,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
        Some(asset) => {
            let fresh = request
                .headers()
                .get(IF_NONE_MATCH)
                .is_some_and(|tag| tag.as_bytes() == asset.etag.as_bytes());
            let headers = [
                (CONTENT_TYPE, asset.mime),
                (ETAG, asset.etag.as_str()),
                (CACHE_CONTROL, "no-cache"),
            ];
            if fresh {
                (StatusCode::NOT_MODIFIED, headers).into_response()
            } else {
                (StatusCode::OK, headers, asset.bytes.clone()).into_response()
            }
        }
    };
    std::future::ready(response).await
}
