//! Files to clients: authorised by the rule, cut to the range asked for.

use crate::caller::Caller;
use crate::dispatch::sign_in_needed;
use crate::node::Node;
use bytes::Bytes;
use futures_util::Stream;
use hearth_api::media::{UploadState, Variant};
use hearth_api::{ApiError, ApiResult, Code, MediaHash, UploadId};
use std::io::{Read as _, Seek as _, SeekFrom};
use tokio_stream::wrappers::ReceiverStream;

/// Bytes read at a time.
const CHUNK: usize = 256 * 1024;

/// One range of a `Range` header (RFC 9110 §14.1.2): the only form that is served.
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
        let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
        match (first, last) {
            ("", last) => Some(Self::Last(last.parse().ok()?)),
            (first, "") => Some(Self::From(first.parse().ok()?, None)),
            (first, last) => Some(Self::From(first.parse().ok()?, Some(last.parse().ok()?))),
        }
    }

    /// Start and length within a file of `total` bytes; `None` when nothing of it is there.
    fn within(self, total: u64) -> Option<(u64, u64)> {
        let (start, end) = match self {
            Self::From(first, last) => (first, last.map_or(total, |l| l.saturating_add(1)).min(total)),
            Self::Last(n) => (total.saturating_sub(n), total),
        };
        (start < end).then(|| (start, end.saturating_sub(start)))
    }
}

/// A file, or a part of it.
#[derive(Debug)]
pub struct MediaAnswer {
    /// MIME type by content.
    pub mime: String,
    /// Whether it must be saved rather than shown.
    pub download: bool,
    /// First byte.
    pub start: u64,
    /// Bytes in this answer.
    pub length: u64,
    /// Bytes of the whole file.
    pub total: u64,
    /// Whether it answers a range.
    pub partial: bool,
    file: std::fs::File,
}

impl MediaAnswer {
    /// A file of so many bytes, or the range of it that is asked for.
    ///
    /// # Errors
    /// `invalid_range`.
    pub(crate) fn of(
        file: std::fs::File,
        total: u64,
        mime: String,
        download: bool,
        range: Option<RangeWanted>,
    ) -> ApiResult<Self> {
        let (start, length) = match range {
            None => (0, total),
            Some(range) => range.within(total).ok_or_else(|| {
                ApiError::new(Code::Invalid, "That part of the file does not exist.").on("range")
            })?,
        };
        Ok(Self {
            mime,
            download,
            start,
            length,
            total,
            partial: range.is_some(),
            file,
        })
    }

    /// The bytes, a piece at a time, read off the async threads.
    pub fn into_stream(mut self) -> impl Stream<Item = std::io::Result<Bytes>> {
        let (sender, receiver) = tokio::sync::mpsc::channel(2);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = self.file.seek(SeekFrom::Start(self.start)) {
                let _ = sender.blocking_send(Err(error));
                return;
            }
            let mut left = self.length;
            while left > 0 {
                let mut buffer = vec![0; CHUNK.min(usize::try_from(left).unwrap_or(CHUNK))];
                let read = match self.file.read(&mut buffer) {
                    Ok(0) => Err(std::io::ErrorKind::UnexpectedEof.into()),
                    other => other,
                };
                let piece = read.map(|n| {
                    buffer.truncate(n);
                    left = left.saturating_sub(n as u64);
                    Bytes::from(buffer)
                });
                let failed = piece.is_err();
                if sender.blocking_send(piece).is_err() || failed {
                    return;
                }
            }
        });
        ReceiverStream::new(receiver)
    }

    /// All the bytes at once; for hosts that cannot stream. Blocks.
    ///
    /// # Errors
    /// An I/O error.
    pub fn into_bytes(mut self) -> std::io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(self.start))?;
        let mut bytes = Vec::new();
        self.file.take(self.length).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Node {
    /// A file that the caller may see.
    ///
    /// # Errors
    /// `sign_in_needed`, `not_found`, `media_unavailable` when it is on a home that does not answer.
    pub async fn media(
        &self,
        caller: &Caller,
        hash: MediaHash,
        variant: Variant,
        range: Option<RangeWanted>,
    ) -> ApiResult<MediaAnswer> {
        let viewer = self.viewer(caller).await?.ok_or_else(sign_in_needed)?;
        let found = self.open_media(&viewer, hash, variant).await?;
        MediaAnswer::of(found.file, found.len, found.mime, found.download, range)
    }

    /// Takes one chunk of an upload; the answer has the new offset.
    ///
    /// # Errors
    /// `sign_in_needed`, `not_found`, `wrong_offset`, `file_too_large`, `disk_full`.
    pub async fn upload_chunk(
        &self,
        caller: &Caller,
        id: UploadId,
        offset: u64,
        bytes: Bytes,
    ) -> ApiResult<UploadState> {
        let viewer = self.viewer(caller).await?.ok_or_else(sign_in_needed)?;
        self.social()
            .upload_chunk(&viewer, id, offset, bytes.to_vec())
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_file() {
        let within = |header: &str| RangeWanted::parse(header).and_then(|r| r.within(100));
        assert_eq!(within("bytes=0-9"), Some((0, 10)));
        assert_eq!(within("bytes=90-"), Some((90, 10)));
        assert_eq!(within("bytes=90-500"), Some((90, 10)));
        assert_eq!(within("bytes=-10"), Some((90, 10)));
        assert_eq!(within("bytes=100-"), None);
        assert_eq!(within("bytes=5-4"), None);
        assert_eq!(RangeWanted::parse("bytes=0-1,5-6"), None);
        assert_eq!(RangeWanted::parse("lines=0-1"), None);
    }
}
