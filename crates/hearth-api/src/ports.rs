//! The ambient things that logic must not reach for itself: time, its zone, new ids, randomness. The node passes them in,
//! tests pass fakes.

use crate::ids::Timestamp;
use uuid::Uuid;

/// The time of day.
pub trait Clock: Send + Sync {
    /// The current time, UTC.
    fn now(&self) -> Timestamp;
}

/// Where on earth the people of a home live, as far as clocks go.
pub trait Zone: Send + Sync {
    /// The seconds by which clocks there are ahead of UTC at a time, daylight saving and all; `None` where nobody knows.
    fn ahead(&self, at: Timestamp) -> Option<i32>;

    /// The same for the place that an account named: `auto` for where the home is, else a name of the IANA time zone database. Where a
    /// name is not known, it is as where the home is.
    fn ahead_in(&self, name: &str, at: Timestamp) -> Option<i32> {
        let _not_known = name;
        self.ahead(at)
    }
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
