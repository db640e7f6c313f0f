//! Time and chance, both in the hands of the test.

use hearth_api::Timestamp;
use hearth_api::ports::{Clock, Entropy, Zone};
use hearth_node::system::SystemClock;
use sha2::{Digest as _, Sha256};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// When every test begins: 22 November 2026, midnight UTC.
pub const START: Timestamp = Timestamp(1_795_305_600_000);

/// The clocks where a home is: an hour ahead of UTC, and from a time on two, as at the beginning of summer.
#[derive(Debug, Clone, Copy)]
pub struct Summer(pub Timestamp);

impl Zone for Summer {
    fn ahead(&self, at: Timestamp) -> Option<i32> {
        Some(if at < self.0 { 3600 } else { 7200 })
    }
}

/// A machine that does not tell its zone, so that no test depends on the one that it runs on.
#[derive(Debug, Clone, Copy)]
pub struct Nowhere;

impl Zone for Nowhere {
    fn ahead(&self, _at: Timestamp) -> Option<i32> {
        None
    }
}

/// How long anything that a test waits for may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for something, but not for ever.
///
/// # Panics
/// When it takes longer than [`PATIENCE`].
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .unwrap_or_else(|_elapsed| panic!("Waited {PATIENCE:?} in vain for {what}"))
}

/// The clock that all homes of a world share.
#[derive(Debug)]
pub struct WorldClock {
    real: bool,
    /// The time itself, or its difference from the machine's.
    ms: AtomicI64,
    /// By how much it is wrong.
    off_ms: AtomicI64,
}

impl WorldClock {
    /// A clock that stands at [`START`] until it is moved.
    #[must_use]
    pub fn manual() -> Self {
        Self {
            real: false,
            ms: AtomicI64::new(START.0),
            off_ms: AtomicI64::new(0),
        }
    }

    /// A clock that stands at a time until it is moved.
    #[must_use]
    pub fn manual_at(now: Timestamp) -> Self {
        Self {
            ms: AtomicI64::new(now.0),
            ..Self::manual()
        }
    }

    /// The machine's clock, which can be set back to act out the past.
    #[must_use]
    pub fn real() -> Self {
        Self {
            real: true,
            ms: AtomicI64::new(0),
            off_ms: AtomicI64::new(0),
        }
    }

    /// Moves it on (or back).
    pub fn advance(&self, span: Duration) {
        self.advance_ms(i64::try_from(span.as_millis()).unwrap_or(i64::MAX));
    }

    /// Moves it on by milliseconds, back when they are negative.
    pub fn advance_ms(&self, ms: i64) {
        self.ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Sets it wrong by so many milliseconds, or right with 0.
    pub fn set_off_by(&self, ms: i64) {
        self.off_ms.store(ms, Ordering::SeqCst);
    }

    /// Moves it on by days.
    pub fn advance_days(&self, days: i64) {
        self.advance_ms(days * 86_400_000);
    }

    /// For a clock that was set back: the machine's time again.
    pub fn catch_up(&self) {
        if self.real {
            self.ms.store(0, Ordering::SeqCst);
        }
    }
}

impl Clock for WorldClock {
    fn now(&self) -> Timestamp {
        let ms = self.ms.load(Ordering::SeqCst) + self.off_ms.load(Ordering::SeqCst);
        if self.real {
            SystemClock.now().plus_ms(ms)
        } else {
            Timestamp(ms)
        }
    }
}

/// Reproducible "randomness": SHA-256 of a name and a counter.
#[derive(Debug)]
pub struct Seed {
    name: String,
    counter: AtomicU64,
}

impl Seed {
    /// The sequence of this name, from its beginning.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            counter: AtomicU64::new(0),
        }
    }

    fn block(&self) -> [u8; 32] {
        let n = self.counter.fetch_add(1, Ordering::SeqCst);
        Sha256::digest(format!("{} {n}", self.name)).into()
    }

    /// The next number.
    pub fn number(&self) -> u64 {
        let block = self.block();
        u64::from_be_bytes([
            block[0], block[1], block[2], block[3], block[4], block[5], block[6], block[7],
        ])
    }

    /// The next number below a limit.
    pub fn below(&self, limit: u64) -> u64 {
        self.number() % limit.max(1)
    }

    /// The next id, for requests that carry one chosen by the client.
    pub fn uuid(&self) -> uuid::Uuid {
        let block = self.block();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&block[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

impl Entropy for Seed {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let block = self.block();
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}
