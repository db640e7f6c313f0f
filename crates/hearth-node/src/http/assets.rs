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

/// Shown when the files of the window are not there. None of its texts are then, so both languages stand here.
const MISSING: &str = r#"<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hearth</title>
<h1>Hearth runs, but its window is not here</h1>
<p>Nothing is lost: this home works, and other homes reach it. Only the files of its window are missing on its computer. They come with the
package <code>hearth-node</code>, or lie in the folder <code>ui</code> beside the program. Where Hearth is started with the option
<code>--ui-dir</code> (or <code>HEARTH_UI_DIR</code>), that must name the folder in which <code>index.html</code> of the window lies. Mend that,
and start Hearth again.</p>
<div lang="de"><h1>Hearth läuft, aber sein Fenster fehlt</h1>
<p>Nichts ist verloren: Dieses Zuhause arbeitet, und andere Zuhause erreichen es. Nur die Dateien seines Fensters fehlen auf seinem Computer. Sie
kommen mit dem Paket <code>hearth-node</code> oder liegen im Ordner <code>ui</code> neben dem Programm. Wird Hearth mit der Option
<code>--ui-dir</code> (oder <code>HEARTH_UI_DIR</code>) gestartet, muss die den Ordner nennen, in dem <code>index.html</code> des Fensters liegt.
Bring das in Ordnung und starte Hearth neu.</p></div>"#;

impl Assets {
    /// Reads all files below `dir`; none if there is no such folder, or if it cannot be read: the home runs without its window, too.
    pub(crate) fn read_or_none(dir: Option<&Path>) -> Self {
        let mut assets = Self::default();
        if let Some(dir) = dir.filter(|d| d.is_dir())
            && let Err(error) = assets.read_below(dir, "")
        {
            tracing::warn!(%error, "The files of the window cannot be read");
            return Self::default();
        }
        assets
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
