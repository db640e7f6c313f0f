//! Answers on their way out: what they occupy is given back when they were sent, and who does not read is not waited for.

use super::answer::Body;
use bytes::Bytes;
use http::Response;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep_until};

/// The slowest rate at which an answer is taken, in the long run.
const BYTES_PER_SECOND: u64 = 1_000;
/// The longest that one may pause because of what was taken before.
const MOST_EARNED: Duration = Duration::from_secs(20);

/// What an answer occupies until it was sent.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// A place among the peer's requests.
    pub(crate) room: Option<OwnedSemaphorePermit>,
    /// Memory for its body.
    pub(crate) memory: Option<OwnedSemaphorePermit>,
}

/// What the answers of a connection occupy whose bodies were handed over, but perhaps not sent yet.
#[derive(Debug, Default)]
pub(crate) struct Unsent(Mutex<Vec<Held>>);

impl Unsent {
    fn add(&self, held: Held) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(held);
    }

    fn were_sent(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// An answer that occupies something until its connection has sent it.
pub(super) fn carrying(answer: Response<Body>, held: Held, unsent: &Arc<Unsent>) -> Response<Body> {
    answer.map(|body| {
        Body::new(Carrying {
            body,
            held,
            unsent: Arc::clone(unsent),
        })
    })
}

struct Carrying {
    body: Body,
    held: Held,
    unsent: Arc<Unsent>,
}

impl HttpBody for Carrying {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Carrying {
    fn drop(&mut self) {
        // The connection has the last bytes, and may still be writing them.
        self.unsent.add(std::mem::take(&mut self.held));
    }
}

/// A stream whose other side must go on reading: it may pause for the grace, and longer by a second for each thousand bytes
/// that it took before, up to [`MOST_EARNED`]. Then the connection is broken off.
pub(super) struct Paced<S> {
    stream: S,
    grace: Duration,
    earned: Instant,
    waiting: Option<Pin<Box<Sleep>>>,
    unsent: Arc<Unsent>,
}

fn earned_until(before: Instant, now: Instant, bytes: usize) -> Instant {
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    let earned = Duration::from_millis(bytes.saturating_mul(1_000) / BYTES_PER_SECOND).min(MOST_EARNED);
    (before.max(now) + earned).min(now + MOST_EARNED)
}

impl<S> Paced<S> {
    pub(super) fn new(stream: S, grace: Duration, unsent: Arc<Unsent>) -> Self {
        Self {
            stream,
            grace,
            earned: Instant::now(),
            waiting: None,
            unsent,
        }
    }

    /// So many bytes were taken.
    fn went(&mut self, bytes: usize) {
        self.waiting = None;
        self.earned = earned_until(self.earned, Instant::now(), bytes);
    }

    /// Nothing can be written now: the time that is left runs.
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        let (earned, grace) = (self.earned, self.grace);
        let waiting = self
            .waiting
            .get_or_insert_with(|| Box::pin(sleep_until(earned.max(Instant::now()) + grace)));
        ready!(waiting.as_mut().poll(context));
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }

    fn after<T>(&mut self, done: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        match done {
            Poll::Pending => self.wait(context).map(Err),
            done @ Poll::Ready(_) => done,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(count)) = written {
            self.went(count);
        }
        self.after(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        if let Poll::Ready(Ok(count)) = written {
            self.went(count);
        }
        self.after(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if let Poll::Ready(Ok(())) = flushed {
            // Nothing of any answer is left here: a connection is flushed when it has written all that it was given.
            self.waiting = None;
            self.unsent.were_sent();
        }
        self.after(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.stream).poll_shutdown(context);
        self.after(ended, context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::{BodyExt as _, Full};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::sync::Semaphore;

    const GRACE: Duration = Duration::from_millis(200);

    #[test]
    fn what_was_taken_earns_a_second_for_each_thousand_bytes_but_not_more_than_twenty() {
        let now = Instant::now();
        let later = |seconds| now + Duration::from_secs(seconds);
        assert_eq!(earned_until(now, now, 5_000), later(5));
        assert_eq!(
            earned_until(later(5), now, 3_000),
            later(8),
            "what is left is kept"
        );
        assert_eq!(
            earned_until(now, later(7), 1_000),
            later(8),
            "what is over is not"
        );
        assert_eq!(earned_until(later(5), now, usize::MAX), later(20));
    }

    #[tokio::test]
    async fn who_does_not_read_is_waited_for_no_longer_than_the_grace() {
        let (near, _far) = duplex(100);
        let mut paced = Paced::new(near, GRACE, Arc::default());
        let since = Instant::now();
        let sent = tokio::time::timeout(Duration::from_secs(60), paced.write_all(&[7; 200]));
        let error = sent.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(since.elapsed() >= GRACE);
    }

    #[tokio::test]
    async fn who_goes_on_reading_gets_all_of_it() {
        let (near, mut far) = duplex(1_000);
        let mut paced = Paced::new(near, GRACE, Arc::default());
        let mut taken = vec![0; 300_000];
        let (sent, read) = tokio::join!(paced.write_all(&[7; 300_000]), far.read_exact(&mut taken));
        sent.unwrap();
        read.unwrap();
    }

    #[tokio::test]
    async fn a_place_is_given_back_when_the_answer_was_sent_and_not_before() {
        let places = Arc::new(Semaphore::new(1));
        let unsent = Arc::new(Unsent::default());
        let held = Held {
            room: Some(Arc::clone(&places).try_acquire_owned().unwrap()),
            memory: None,
        };
        let body = Full::new(Bytes::from_static(b"an answer")).map_err(|never| match never {});
        let answer = carrying(Response::new(Body::new(body)), held, &unsent);
        assert_eq!(
            answer.body().size_hint().exact(),
            Some(9),
            "its length is still known"
        );
        let (near, _far) = duplex(100);
        let mut paced = Paced::new(near, GRACE, unsent);
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(places.available_permits(), 0, "it is still to be written");
        paced.write_all(&bytes).await.unwrap();
        paced.flush().await.unwrap();
        assert_eq!(places.available_permits(), 1);
    }
}
