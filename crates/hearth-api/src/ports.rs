//! The ambient things that logic must not reach for itself: time, new ids, randomness. The node passes them in,
//! tests pass fakes.

use crate::ids::Timestamp;
use uuid::Uuid;

/// The time of day.
pub trait Clock: Send + Sync {
    /// The current time, UTC.
    fn now(&self) -> Timestamp;
}

/// A source of new ids.
pub trait Ids: Send + Sync {
    /// A fresh UUIDv7 (RFC 9562), greater than every earlier one of this source already by its first 64 bits.
    fn uuid(&self) -> Uuid;
}

/// A source of cryptographic randomness.
pub trait Entropy: Send + Sync {
    /// Fills the buffer with unpredictable bytes.
    fn fill(&self, buffer: &mut [u8]);
}
