//! Pictures and files for the page, by the scheme `hearth-media`: `hearth-media://localhost/<hash>/<variant>`.
//!
//! The node decides for the signed-in account, as it does for any read. Ranges are served, so that a film can be
//! wound. A stored file may be anything that somebody uploaded: it is never handed out as something that could run.

use std::sync::Arc;

use hearth_api::media::Variant;
use hearth_api::{ApiError, Code, MediaHash};
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager as _, UriSchemeResponder};

use hearth_node::{MediaAnswer, RangeWanted};

use crate::host::Host;

/// The scheme's name; on Windows it is the first part of a host name instead.
pub(crate) const SCHEME: &str = "hearth-media";
/// The most that is read of a range at once; a film is not loaded into memory whole.
const MAX_PART: u64 = 4 * 1024 * 1024;

/// Answers a request of the page.
pub(crate) fn serve(app: &AppHandle, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let host = Arc::clone(&app.state::<Arc<Host>>());
    tauri::async_runtime::spawn(async move { responder.respond(answer(&host, &request).await) });
}

async fn answer(host: &Host, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let Some((hash, variant)) = parse(request.uri().path()) else {
        return plain(StatusCode::NOT_FOUND);
    };
    let wanted = request
        .headers()
        .get(header::RANGE)
        .and_then(|value| RangeWanted::parse(value.to_str().ok()?));
    let answer = match host.media(hash, variant, wanted.map(shortened)).await {
        Ok(answer) => answer,
        Err(error) => return refused(&error),
    };
    let head = Head::of(&answer);
    match tauri::async_runtime::spawn_blocking(move || answer.into_bytes()).await {
        Ok(Ok(bytes)) => found(&head, bytes),
        Ok(Err(error)) => {
            tracing::warn!(%error, "A stored file could not be read");
            plain(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(error) => {
            tracing::error!(%error, "Reading a stored file broke off");
            plain(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// A part of a range that fits into memory; who wants more asks for the next part.
fn shortened(range: RangeWanted) -> RangeWanted {
    match range {
        RangeWanted::From(first, last) => {
            let most = first.saturating_add(MAX_PART - 1);
            RangeWanted::From(first, Some(last.map_or(most, |last| last.min(most))))
        }
        RangeWanted::Last(count) => RangeWanted::Last(count.min(MAX_PART)),
    }
}

/// What an answer says about its bytes.
struct Head {
    mime: String,
    download: bool,
    start: u64,
    total: u64,
    partial: bool,
}

impl Head {
    fn of(answer: &MediaAnswer) -> Self {
        Self {
            mime: answer.mime.clone(),
            download: answer.download,
            start: answer.start,
            total: answer.total,
            partial: answer.partial,
        }
    }
}

fn found(head: &Head, bytes: Vec<u8>) -> Response<Vec<u8>> {
    let mut response = Response::builder()
        .status(if head.partial {
            StatusCode::PARTIAL_CONTENT
        } else {
            StatusCode::OK
        })
        .header(header::CONTENT_TYPE, shown_as(&head.mime))
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .header(header::ACCEPT_RANGES, "bytes")
        // Named by its content, so it never changes; private, because it was decided for this account.
        .header(header::CACHE_CONTROL, "private, max-age=31536000, immutable");
    if head.download {
        response = response.header(header::CONTENT_DISPOSITION, "attachment");
    }
    if head.partial {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let last = head.start.saturating_add(length).saturating_sub(1);
        response = response.header(
            header::CONTENT_RANGE,
            format!("bytes {}-{last}/{}", head.start, head.total),
        );
    }
    response.body(bytes).unwrap_or_else(|error| {
        tracing::error!(%error, "A file's answer could not be put together");
        plain(StatusCode::INTERNAL_SERVER_ERROR)
    })
}

fn refused(error: &ApiError) -> Response<Vec<u8>> {
    plain(match error.code {
        // Whoever may not see it learns no more than that.
        Code::Forbidden | Code::SignInNeeded => StatusCode::NOT_FOUND,
        Code::Invalid => StatusCode::RANGE_NOT_SATISFIABLE,
        code => StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    })
}

fn plain(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

/// Pictures, films and sound are shown as what they are, everything else is bytes.
fn shown_as(mime: &str) -> &str {
    let shown = ["image/jpeg", "image/png", "image/gif", "image/webp"].contains(&mime)
        || mime.starts_with("video/")
        || mime.starts_with("audio/");
    if shown { mime } else { "application/octet-stream" }
}

fn parse(path: &str) -> Option<(MediaHash, Variant)> {
    let (hash, variant) = path.strip_prefix('/')?.split_once('/')?;
    Some((hash.parse().ok()?, Variant::parse(variant)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_never_exceeds_what_is_read_at_once() {
        assert_eq!(
            shortened(RangeWanted::From(5, Some(9))),
            RangeWanted::From(5, Some(9))
        );
        assert_eq!(
            shortened(RangeWanted::From(5, None)),
            RangeWanted::From(5, Some(MAX_PART + 4))
        );
        assert_eq!(
            shortened(RangeWanted::Last(u64::MAX)),
            RangeWanted::Last(MAX_PART)
        );
        assert_eq!(
            shortened(RangeWanted::From(u64::MAX, None)),
            RangeWanted::From(u64::MAX, Some(u64::MAX))
        );
    }

    #[test]
    fn what_could_run_is_only_bytes() {
        assert_eq!(shown_as("image/webp"), "image/webp");
        for mime in ["text/html", "image/svg+xml", "application/pdf", ""] {
            assert_eq!(shown_as(mime), "application/octet-stream", "{mime}");
        }
    }

    #[test]
    fn a_ranged_answer_says_where_it_lies() {
        let head = Head {
            mime: "video/mp4".to_owned(),
            download: false,
            start: 10,
            total: 100,
            partial: true,
        };
        let response = found(&head, vec![0; 20]);
        assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(response.headers()[header::CONTENT_RANGE], "bytes 10-29/100");
    }

    #[test]
    fn paths_are_a_hash_and_a_variant() {
        let hash = "a".repeat(64);
        assert!(parse(&format!("/{hash}/480")).is_some_and(|(_, variant)| variant == Variant::Medium));
        for path in ["", "/", "/x/480", "/../480", "//", "/a/b/c"] {
            assert!(parse(path).is_none(), "{path}");
        }
    }
}
