//! Bodies that come over the network: bounded in length and in time.

use super::TransportError;
use bytes::{Bytes, BytesMut};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use std::time::Duration;
use tokio::time::Instant;

/// The slowest rate at which a body may come.
const BYTES_PER_SECOND: u64 = 1_000;

/// The longest that nothing may come of a body that has begun, however fast it came before: a line that went away without a word is
/// noticed within this, also in the middle of a large file.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);

/// By when the next piece of a body must be here: so long to begin, then a thousand bytes a second, and never a long silence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    began: Instant,
    last: Instant,
    grace: Duration,
    bytes: u64,
}

impl Pace {
    pub(crate) fn begin(grace: Duration) -> Self {
        let now = Instant::now();
        Self {
            began: now,
            last: now,
            grace,
            bytes: 0,
        }
    }

    pub(crate) fn deadline(&self) -> Instant {
        let earned = Duration::from_secs(self.bytes / BYTES_PER_SECOND);
        let deadline = self.began + self.grace.saturating_add(earned);
        deadline.min(self.last + self.grace.max(LONGEST_SILENCE))
    }

    pub(crate) fn came(&mut self, bytes: usize) {
        self.last = Instant::now();
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }
}

/// What is to be done once a body was read to its end, such as keeping the connection for the next request.
type AtEnd = Box<dyn FnOnce() + Send>;

/// The body of an answer, as it comes.
pub struct AnswerBody {
    body: UnsyncBoxBody<Bytes, TransportError>,
    pace: Pace,
    at_end: Option<AtEnd>,
}

impl std::fmt::Debug for AnswerBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnswerBody")
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

impl From<Bytes> for AnswerBody {
    fn from(bytes: Bytes) -> Self {
        let full = Full::new(bytes).map_err(|never| match never {});
        Self::new(UnsyncBoxBody::new(full), Duration::MAX, None)
    }
}

impl AnswerBody {
    /// These bytes, and then a broken connection.
    #[cfg(test)]
    pub(crate) fn cut(bytes: Bytes) -> Self {
        let pieces = [
            Ok(hyper::body::Frame::data(bytes)),
            Err(TransportError::Broken { reused: false }),
        ];
        let body = http_body_util::StreamBody::new(futures_util::stream::iter(pieces));
        Self::new(UnsyncBoxBody::new(body), Duration::MAX, None)
    }

    pub(super) fn new(
        body: UnsyncBoxBody<Bytes, TransportError>,
        grace: Duration,
        at_end: Option<AtEnd>,
    ) -> Self {
        let grace = grace.min(Duration::from_secs(3600));
        Self {
            body,
            pace: Pace::begin(grace),
            at_end,
        }
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`TransportError::Timeout`], [`TransportError::Broken`].
    pub async fn next(&mut self) -> Result<Option<Bytes>, TransportError> {
        loop {
            let frame = tokio::time::timeout_at(self.pace.deadline(), self.body.frame())
                .await
                .map_err(|_elapsed| TransportError::Timeout)?;
            match frame.transpose()? {
                None => {
                    if let Some(at_end) = self.at_end.take() {
                        at_end();
                    }
                    return Ok(None);
                }
                Some(frame) => {
                    // Trailers are not used.
                    if let Ok(data) = frame.into_data() {
                        self.pace.came(data.len());
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    /// All of it, if it is not longer than `limit`.
    ///
    /// # Errors
    /// [`TransportError`].
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, TransportError> {
        let mut all = BytesMut::new();
        while let Some(piece) = self.next().await? {
            if all.len().saturating_add(piece.len()) > limit {
                return Err(TransportError::TooLarge);
            }
            all.extend_from_slice(&piece);
        }
        Ok(all.freeze())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_may_be_slow_but_not_silent_for_long() {
        let began = Instant::now();
        let until = |last_s: u64, bytes: u64| {
            let pace = Pace {
                began,
                last: began + Duration::from_secs(last_s),
                grace: Duration::from_secs(10),
                bytes,
            };
            pace.deadline().duration_since(began).as_secs()
        };
        assert_eq!(until(0, 0), 10, "to begin");
        assert_eq!(until(9, 20_000), 30, "what came early is earned");
        assert_eq!(until(35, 30_000), 40, "a thousand bytes a second");
        assert_eq!(until(1, 50_000_000), 31, "not half a day");
    }
}
