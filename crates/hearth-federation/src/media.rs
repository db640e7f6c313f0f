//! Files between homes: served to a home whose people may see something that carries them, fetched and checked.
//!
//! A file is named by the SHA-256 of its bytes, so an original that arrives is compared with its own name; a rendition made by
//! the other home (a thumbnail) is as good as that home's signature on the answer.
//!
//! Not here: which home may have which file, and where files are kept ([`MediaSource`] is implemented by the node).

use crate::client::{Call, CallError};
use crate::encoding::{hex, hex_array};
use crate::listener::{Answer, AnswerStream, MEDIA_PATH};
use crate::problem::{Code, Problem};
use crate::service::Federation;
use crate::signature::ContentDigest;
use crate::transport::{BoxFuture, TransportError};
use bytes::{Bytes, BytesMut};
use hearth_api::media::Variant;
use hearth_api::{ApiError, ApiResult, Code as ApiCode, HomeId, MediaHash};
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use hyper::body::Frame;
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc;

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

/// Where files for other homes come from.
pub trait MediaSource: Send + Sync {
    /// Opens a file for a connected home, with its length; `None` when there is none or nobody over there may see it. A
    /// missing file and a forbidden one look alike. For a home that is connected for some things only, what is `None` for others
    /// is the error `out_of_scope`.
    fn open_for_peer<'a>(
        &'a self,
        home: &'a HomeId,
        hash: &'a MediaHash,
        variant: Variant,
    ) -> BoxFuture<'a, ApiResult<Option<(File, u64)>>>;
}

/// One range of a `Range` header (RFC 9110 section 14.1.2): the only form that is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeWanted {
    /// From a first byte to a last one, or to the end.
    From(u64, Option<u64>),
    /// The last so many bytes.
    Last(u64),
}

impl RangeWanted {
    /// Reads a header; several ranges or another unit give `None`, and the whole file is served.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse::<u64>().ok()).flatten()
        };
        match header.strip_prefix("bytes=")?.split_once('-')? {
            ("", last) => Some(Self::Last(number(last)?)),
            (first, "") => Some(Self::From(number(first)?, None)),
            (first, last) => Some(Self::From(number(first)?, Some(number(last)?))),
        }
    }

    /// Start and length within a file of `total` bytes; `None` when nothing of it is there.
    #[must_use]
    pub fn within(self, total: u64) -> Option<(u64, u64)> {
        let (start, end) = match self {
            Self::From(first, last) => (
                first,
                last.map_or(total, |last| last.saturating_add(1)).min(total),
            ),
            Self::Last(count) => (total.saturating_sub(count), total),
        };
        (start < end).then(|| (start, end.saturating_sub(start)))
    }
}

impl Federation {
    /// Answers a peer that asks for a file.
    pub(crate) async fn give_media(
        &self,
        to: &HomeId,
        hash: &MediaHash,
        variant: Variant,
        range: Option<RangeWanted>,
    ) -> Answer {
        let opened = self.media_source().open_for_peer(to, hash, variant).await;
        let (file, total) = match opened {
            Ok(Some(found)) => found,
            Ok(None) => return Answer::problem(&Problem::new(Code::NotFound)),
            Err(error) if error.code == ApiCode::NotFound => {
                return Answer::problem(&Problem::new(Code::NotFound));
            }
            Err(error) if error.code == ApiCode::OutOfScope => {
                return Answer::problem(&Problem::new(Code::OutOfScope));
            }
            Err(error) => {
                tracing::warn!(code = %error.code, "A file could not be opened for another home");
                return Answer::problem(&Problem::new(Code::Unavailable));
            }
        };
        let part = match range {
            None => Some((0, total)),
            Some(range) => range.within(total),
        };
        let Some((start, length)) = part else {
            let unsatisfied = HeaderValue::try_from(format!("bytes */{total}"));
            let answer = Answer::problem(&Problem::new(Code::Malformed))
                .with_status(StatusCode::RANGE_NOT_SATISFIABLE);
            return match unsatisfied {
                Ok(value) => answer.with_header(CONTENT_RANGE, value),
                Err(_never) => answer,
            };
        };
        // The name of an original is its digest; any other part is read once for it.
        let named = (variant == Variant::Original && range.is_none())
            .then(|| hex_array::<32>(hash.as_str()))
            .flatten();
        let ready = tokio::task::spawn_blocking(move || prepare(file, start, length, named)).await;
        match ready {
            Ok(Ok((file, digest))) => {
                let headers = headers_of(start, length, total, range.is_some());
                let status = if range.is_some() {
                    StatusCode::PARTIAL_CONTENT
                } else {
                    StatusCode::OK
                };
                Answer::stream(status, headers, digest, stream_of(file, length))
            }
            Ok(Err(error)) => {
                tracing::warn!(error = %error, "A file could not be read for another home");
                Answer::problem(&Problem::new(Code::Unavailable))
            }
            Err(_cancelled) => Answer::problem(&Problem::new(Code::Unavailable)),
        }
    }

    /// Fetches a file from a connected home, at most `limit` bytes, and checks it.
    ///
    /// # Errors
    /// `not_found` when that home has none that may come here, `file_too_large`, `bad_file` when it is not what its name
    /// says, `not_connected`, `media_unavailable` when the home does not answer.
    pub async fn fetch_media(
        &self,
        home: &HomeId,
        hash: &MediaHash,
        variant: Variant,
        limit: u64,
    ) -> ApiResult<Vec<u8>> {
        let mut all = Vec::new();
        self.fetch(home, hash, variant, limit, &mut all).await?;
        Ok(all)
    }

    /// As [`Federation::fetch_media`], handing over each piece as it comes, no faster than they are taken; the number of bytes.
    /// Only after `Ok` are they known to be the right ones.
    ///
    /// # Errors
    /// As [`Federation::fetch_media`]; `storage_error` when nobody takes the pieces any more.
    pub async fn fetch_media_pieces(
        &self,
        home: &HomeId,
        hash: &MediaHash,
        variant: Variant,
        limit: u64,
        pieces: mpsc::Sender<Bytes>,
    ) -> ApiResult<u64> {
        self.fetch(home, hash, variant, limit, &mut { pieces }).await
    }

    /// The connection may break on the way: then the rest is asked for, at whatever address the home has by then, as long as each
    /// try brings something on.
    async fn fetch(
        &self,
        home: &HomeId,
        hash: &MediaHash,
        variant: Variant,
        limit: u64,
        take: &mut impl Take,
    ) -> ApiResult<u64> {
        let target = format!("{MEDIA_PATH}{hash}?variant={}", variant.as_str());
        let target: http::Uri = target.parse().map_err(|_invalid| ApiError::not_found())?;
        // A rendition has no name to compare it with, so the parts of two answers are not put together.
        let original = variant == Variant::Original;
        let mut whole = Vec::new();
        let mut file = Arriving::default();
        let mut stalled = 0;
        loop {
            let before = file.length;
            let part = if original {
                self.fetch_part(home, &target, limit, &mut file, take).await
            } else {
                file = Arriving::default();
                whole.clear();
                self.fetch_part(home, &target, limit, &mut file, &mut whole).await
            };
            let error = match part {
                Ok(()) => break,
                Err(PartError::Final(error)) => return Err(error),
                Err(PartError::Broken(error)) => error,
            };
            stalled = if original && file.length > before {
                0
            } else {
                stalled + 1
            };
            if stalled > MAX_STALLED {
                return Err(error);
            }
            tracing::debug!(home = %home, length = file.length, "A transfer broke and goes on");
        }
        let found: [u8; 32] = file.hasher.finalize().into();
        if original && hex(&found) != hash.as_str() {
            return Err(damaged(home));
        }
        if !whole.is_empty() {
            take.take(whole.into()).await?;
        }
        self.note_life(home).await?;
        Ok(file.length)
    }

    /// One request for a file, or for what is missing of it.
    async fn fetch_part(
        &self,
        home: &HomeId,
        target: &http::Uri,
        limit: u64,
        file: &mut Arriving,
        take: &mut impl Take,
    ) -> Result<(), PartError> {
        let from = file.length;
        let mut answer = match self.call(home, Call::get_from(target.clone(), from)).await {
            Ok(answer) => answer,
            // The other side has no byte after the last that came: only the end was not seen.
            Err(CallError::Refused(problem)) if from > 0 && problem.code == Code::Malformed => return Ok(()),
            Err(error @ CallError::Transport(_)) => return Err(PartError::Broken(unavailable(&error))),
            Err(error) => return Err(PartError::Final(unavailable(&error))),
        };
        // Who does not serve ranges begins from the start.
        let mut skip = if answer.status == StatusCode::PARTIAL_CONTENT {
            0
        } else {
            from
        };
        let mut part = Sha256::new();
        loop {
            let mut piece = match answer.body.next().await {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(error) => return Err(PartError::Broken(unavailable(&error.into()))),
            };
            part.update(&piece);
            let dropped = piece.len().min(usize::try_from(skip).unwrap_or(usize::MAX));
            skip = skip.saturating_sub(u64::try_from(dropped).unwrap_or(u64::MAX));
            let piece = piece.split_off(dropped);
            let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            file.length = file.length.saturating_add(length);
            if file.length > limit {
                return Err(PartError::Final(ApiError::new(
                    ApiCode::FileTooLarge,
                    "The file is larger than is taken from other homes.",
                )));
            }
            file.hasher.update(&piece);
            take.take(piece).await.map_err(PartError::Final)?;
        }
        let found: [u8; 32] = part.finalize().into();
        if answer.digest.matches_hash(&found) {
            Ok(())
        } else {
            Err(PartError::Final(damaged(home)))
        }
    }
}

/// Where the pieces of a file go.
trait Take: Send {
    fn take(&mut self, piece: Bytes) -> impl Future<Output = ApiResult<()>> + Send;
}

impl Take for Vec<u8> {
    async fn take(&mut self, piece: Bytes) -> ApiResult<()> {
        self.extend_from_slice(&piece);
        Ok(())
    }
}

impl Take for mpsc::Sender<Bytes> {
    async fn take(&mut self, piece: Bytes) -> ApiResult<()> {
        self.send(piece).await.map_err(|_closed| {
            ApiError::new(ApiCode::StorageError, "The file could not be stored. Try again.")
        })
    }
}

/// Tries in a row that may bring nothing before a transfer is given up.
const MAX_STALLED: u32 = 3;

/// What has come of a file so far.
#[derive(Default)]
struct Arriving {
    hasher: Sha256,
    length: u64,
}

/// Why a part of a file did not come to its end.
enum PartError {
    /// The connection broke; the rest may be asked for.
    Broken(ApiError),
    /// Asking again changes nothing.
    Final(ApiError),
}

fn damaged(home: &HomeId) -> ApiError {
    tracing::warn!(home = %home, "A file of another home is not what its name says");
    ApiError::new(
        ApiCode::BadFile,
        "The other home sent a damaged file. Try again later.",
    )
}

fn unavailable(error: &CallError) -> ApiError {
    let later = "The other home does not answer now. The file will show when it does.";
    match error {
        CallError::Refused(problem) => match problem.code {
            Code::NotFound | Code::OutOfScope => ApiError::not_found(),
            _ => ApiError::new(ApiCode::MediaUnavailable, later),
        },
        CallError::NotConnected => ApiError::new(
            ApiCode::NotConnected,
            "The home that has this file is no longer connected.",
        ),
        CallError::Transport(TransportError::TooLarge) => ApiError::new(
            ApiCode::FileTooLarge,
            "The file is larger than is taken from other homes.",
        ),
        CallError::Local(error) => error.clone(),
        _ => ApiError::new(ApiCode::MediaUnavailable, later),
    }
}

fn headers_of(start: u64, length: u64, total: u64, partial: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if partial && length > 0 {
        let last = start.saturating_add(length).saturating_sub(1);
        if let Ok(value) = HeaderValue::try_from(format!("bytes {start}-{last}/{total}")) {
            headers.insert(CONTENT_RANGE, value);
        }
    }
    headers
}

/// Puts the file at its start and finds its digest. Blocks.
fn prepare(
    mut file: File,
    start: u64,
    length: u64,
    named: Option<[u8; 32]>,
) -> std::io::Result<(File, ContentDigest)> {
    file.seek(SeekFrom::Start(start))?;
    let digest = match named {
        Some(hash) => hash,
        None => {
            let mut hasher = Sha256::new();
            let mut part = (&mut file).take(length);
            let mut buffer = vec![0; CHUNK];
            let mut read = 0_u64;
            loop {
                let count = part.read(&mut buffer)?;
                if count == 0 {
                    break;
                }
                read = read.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
                hasher.update(buffer.get(..count).unwrap_or_default());
            }
            if read != length {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            file.seek(SeekFrom::Start(start))?;
            hasher.finalize().into()
        }
    };
    Ok((file, ContentDigest::from_hash(digest)))
}

/// The file's bytes as they are sent. Only what the other side takes is read.
fn stream_of(file: File, length: u64) -> AnswerStream {
    let state = (tokio::fs::File::from_std(file), length);
    Box::pin(futures_util::stream::unfold(
        state,
        |(mut file, left)| async move {
            if left == 0 {
                return None;
            }
            let mut buffer = BytesMut::with_capacity(CHUNK);
            let read = (&mut file).take(left).read_buf(&mut buffer).await;
            let (piece, left) = match read {
                Ok(0) => (Err(std::io::ErrorKind::UnexpectedEof.into()), 0),
                Ok(count) => (
                    Ok(Frame::data(buffer.freeze())),
                    left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX)),
                ),
                Err(error) => (Err(error), 0),
            };
            Some((piece, (file, left)))
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_file() {
        let within = |header: &str| RangeWanted::parse(header).and_then(|range| range.within(100));
        assert_eq!(within("bytes=0-9"), Some((0, 10)));
        assert_eq!(within("bytes=90-"), Some((90, 10)));
        assert_eq!(within("bytes=90-500"), Some((90, 10)));
        assert_eq!(within("bytes=-10"), Some((90, 10)));
        for none in [
            "bytes=100-",
            "bytes=5-4",
            "bytes=0-1,5-6",
            "lines=0-1",
            "bytes=+1-",
            "bytes=-",
            "bytes=-0",
        ] {
            assert_eq!(within(none), None, "{none}");
        }
    }
}
