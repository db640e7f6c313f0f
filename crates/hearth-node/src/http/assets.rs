//! The built window, read once at start: small, and no path of a request ever touches the disk.

use super::{App, DoorKind};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// The files of the window by their path, such as `/app.css`.
#[derive(Default)]
pub(crate) struct Assets {
    files: BTreeMap<String, Asset>,
}

struct Asset {
    bytes: Bytes,
    /// The same in gzip (RFC 1952), made when the network first wants it.
    packed: OnceLock<Bytes>,
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

    /// From files by their path.
    pub(crate) fn of(files: BTreeMap<String, Vec<u8>>) -> Self {
        let mut assets = Self::default();
        for (path, bytes) in files {
            assets.add(path, bytes);
        }
        assets
    }

    /// The file at a path; routes of the window get its page.
    fn find(&self, path: &str) -> Option<&Asset> {
        self.files
            .get(path)
            .or_else(|| is_route(path).then(|| self.files.get("/index.html")).flatten())
    }

    fn add(&mut self, path: String, bytes: Vec<u8>) {
        let bytes = Bytes::from(bytes);
        let digest = Sha256::digest(&bytes);
        let etag = data_encoding::HEXLOWER.encode(digest.get(..12).unwrap_or_default());
        let asset = Asset {
            bytes,
            packed: OnceLock::new(),
            mime: mime(&path),
            etag: format!("\"{etag}\""),
        };
        self.files.insert(path, asset);
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
                self.add(path, std::fs::read(entry.path())?);
            }
        }
        Ok(())
    }
}

impl Asset {
    /// Whether it gets smaller by packing: pictures and fonts are packed already.
    fn is_packable(&self) -> bool {
        self.bytes.len() > 1024 && !matches!(self.mime, "image/png" | "font/woff2" | "image/x-icon")
    }

    fn packed(&self) -> Bytes {
        let pack = || {
            let mut encoder =
                GzEncoder::new(Vec::with_capacity(self.bytes.len() / 3), Compression::default());
            let packed = encoder.write_all(&self.bytes).and_then(|()| encoder.finish());
            // Writing to memory does not fail; if it did, an empty one is not sent.
            packed.map_or_else(|_| Bytes::new(), Bytes::from)
        };
        self.packed.get_or_init(pack).clone()
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
    match app.assets.find(path) {
        None if is_route(path) => (
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
                (VARY, "accept-encoding"),
            ];
            let packed = if !fresh
                && app.door == DoorKind::Network
                && takes_gzip(request.headers())
                && asset.is_packable()
            {
                let (assets, path) = (Arc::clone(&app.assets), path.to_owned());
                let pack = move || assets.find(&path).map(Asset::packed);
                tokio::task::spawn_blocking(pack).await.ok().flatten()
            } else {
                None
            };
            match packed {
                _ if fresh => (StatusCode::NOT_MODIFIED, headers).into_response(),
                Some(packed) if !packed.is_empty() => {
                    (StatusCode::OK, headers, [(CONTENT_ENCODING, "gzip")], packed).into_response()
                }
                _ => (StatusCode::OK, headers, asset.bytes.clone()).into_response(),
            }
        }
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value
                .split(',')
                .map(|coding| coding.split(';').next().unwrap_or_default().trim())
                .any(|coding| coding.eq_ignore_ascii_case("gzip"))
        })
}

fn is_route(path: &str) -> bool {
    !path.rsplit('/').next().unwrap_or_default().contains('.')
}
