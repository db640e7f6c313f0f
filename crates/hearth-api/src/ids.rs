//! Identifiers and times, each its own type so that they cannot be mixed up.
//!
//! People and content are named by UUIDs that sort by time, homes by their public key, blobs by their SHA-256. Knowing an id grants nothing.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A text that is not an id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct InvalidId(pub &'static str);

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The sixteen bytes, as stored.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
            /// From the sixteen stored bytes.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_ignored| InvalidId(stringify!($name)))
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

uuid_ids! {
    /// A person (puid): local or living on another home.
    PersonId,
    /// A post.
    PostId,
    /// A comment on a post.
    CommentId,
    /// A draft of a post.
    DraftId,
    /// One entry of the notification stream.
    NotificationId,
    /// A sign-in on one device.
    SessionId,
    /// A device that reaches the home over the network.
    DeviceId,
    /// An invitation, to an account of this home or to pair with it.
    InviteId,
    /// A resumable upload under way.
    UploadId,
    /// A model provider.
    ProviderId,
    /// A conversation with the assistant.
    ChatId,
    /// A message of a conversation with the assistant.
    MessageId,
    /// One turn (question and answer) of such a conversation.
    TurnId,
}

/// A home: its node's Ed25519 public key as 52 characters of lower-case base32 without padding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HomeId(String);

impl HomeId {
    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl FromStr for HomeId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let well_formed = text.len() == 52
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b));
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId("HomeId"))
        }
    }
}
impl TryFrom<String> for HomeId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}
impl From<HomeId> for String {
    fn from(id: HomeId) -> Self {
        id.0
    }
}
impl fmt::Display for HomeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for HomeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HomeId({})", self.0)
    }
}

/// A stored file: the SHA-256 of its bytes as 64 lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MediaHash(String);

impl MediaHash {
    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl FromStr for MediaHash {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let well_formed = text.len() == 64
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId("MediaHash"))
        }
    }
}
impl TryFrom<String> for MediaHash {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}
impl From<MediaHash> for String {
    fn from(hash: MediaHash) -> Self {
        hash.0
    }
}
impl fmt::Display for MediaHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for MediaHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MediaHash({})", self.0)
    }
}

/// A point in time: milliseconds since the Unix epoch, UTC. Windows show it in the person's own zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This time plus a span in milliseconds (negative for earlier), saturating.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
    /// This time plus whole seconds, saturating.
    #[must_use]
    pub fn plus_secs(self, secs: i64) -> Self {
        self.plus_ms(secs.saturating_mul(1000))
    }
    /// This time plus whole days of 24 hours, saturating.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_secs(days.saturating_mul(86_400))
    }
    /// Milliseconds from `earlier` to this time; negative when `earlier` is later.
    #[must_use]
    pub fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A calendar date without time or zone (a birthday): `YYYY-MM-DD` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31 as the month allows.
    pub day: u8,
}

impl Date {
    /// A date of the proleptic Gregorian calendar, or `None` when there is no such day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        ((1..=9999).contains(&year) && (1..=last).contains(&day)).then_some(Self { year, month, day })
    }

    /// The UTC calendar date of a point in time.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        // Civil-from-days after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let days = at.0.div_euclid(86_400_000) + 719_468;
        let era = days.div_euclid(146_097);
        let doe = days.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        Self {
            year: u16::try_from(year).unwrap_or(if year < 0 { 1 } else { 9999 }),
            month: u8::try_from(month).unwrap_or(1),
            day: u8::try_from(day).unwrap_or(1),
        }
    }

    /// Completed years from this date to `today`; someone born on 29 February turns on 1 March in common years.
    #[must_use]
    pub fn age_on(self, today: Self) -> u16 {
        let before_birthday = (today.month, today.day) < (self.month, self.day);
        today
            .year
            .saturating_sub(self.year)
            .saturating_sub(u16::from(before_birthday))
    }
}
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
impl FromStr for Date {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let parse = || {
            let mut parts = text.split('-');
            let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
            if y.len() != 4 || m.len() != 2 || d.len() != 2 || parts.next().is_some() {
                return None;
            }
            Self::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
        };
        parse().ok_or(InvalidId("Date"))
    }
}
impl TryFrom<String> for Date {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}
impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_know_the_calendar() {
        assert!(Date::new(2023, 2, 29).is_none());
        assert!(Date::new(2024, 2, 29).is_some());
        assert!("2024-2-9".parse::<Date>().is_err());
        assert_eq!(Date::of(Timestamp(0)).to_string(), "1970-01-01");
        assert_eq!(Date::of(Timestamp(1_795_305_600_000)).to_string(), "2026-11-22");
        let born = Date::new(2010, 11, 23).unwrap();
        assert_eq!(born.age_on(Date::new(2026, 11, 22).unwrap()), 15);
        assert_eq!(born.age_on(Date::new(2026, 11, 23).unwrap()), 16);
    }

    #[test]
    fn ids_refuse_what_they_are_not() {
        assert!("abc".parse::<HomeId>().is_err());
        assert!("a".repeat(52).parse::<HomeId>().is_ok());
        assert!("A".repeat(64).parse::<MediaHash>().is_err());
        assert!("0".repeat(64).parse::<MediaHash>().is_ok());
        assert!("nope".parse::<PostId>().is_err());
    }
}
