//! What a node answers when it refuses: problem details (RFC 9457) with a stable `code`.
//!
//! The code is the whole message: nothing about accounts, content or the inside of the node is told. Codes that this
//! version does not know are read as [`Code::Unknown`], so that a newer node can say more.

use std::fmt;

use http::StatusCode;
use serde::{Deserialize, Serialize};

/// The media type of problem details.
pub const CONTENT_TYPE: &str = "application/problem+json";
/// The longest problem that is read.
pub const MAX_PROBLEM_LEN: usize = 4096;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:ident;)*) => {
        /// Why a node refuses. The text of a code never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
            /// A code of a newer version.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl Code {
            /// Every code that this version sends.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Unknown => "unknown",
                }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self {
                    $(Self::$name => StatusCode::$status,)*
                    Self::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
                }
            }
        }
    };
}

codes! {
    /// The signature, MAC or digest is missing or wrong.
    BadSignature = "bad_signature", UNAUTHORIZED;
    /// The clocks differ by more than five minutes; `own_time` tells the receiver's.
    ClockSkew = "clock_skew", UNAUTHORIZED;
    /// The same request was received before.
    Replayed = "replayed", CONFLICT;
    /// Meant for another node.
    WrongDestination = "wrong_destination", MISDIRECTED_REQUEST;
    /// The two nodes are not connected.
    NotConnected = "not_connected", FORBIDDEN;
    /// The invite is not known or the proof is wrong.
    InvalidInvite = "invalid_invite", FORBIDDEN;
    /// The invite has ended.
    InviteExpired = "invite_expired", GONE;
    /// The invite was used before.
    InviteUsed = "invite_used", GONE;
    /// A node cannot be connected with itself.
    OwnNode = "own_node", CONFLICT;
    /// No common version of the protocol.
    UnsupportedVersion = "unsupported_version", UPGRADE_REQUIRED;
    /// Too many attempts; `retry_after_s` tells when to come again.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS;
    /// Over a size limit.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE;
    /// Not of the form that was expected.
    Malformed = "malformed", BAD_REQUEST;
    /// A targeted connection does not cover it.
    OutOfScope = "out_of_scope", FORBIDDEN;
    /// The actor, or the sender for that actor, may not do this.
    NotAuthorised = "not_authorised", FORBIDDEN;
    /// An activity that no version could apply.
    InvalidActivity = "invalid_activity", UNPROCESSABLE_ENTITY;
    /// An activity of a kind that is not known here.
    UnsupportedType = "unsupported_type", UNPROCESSABLE_ENTITY;
    /// Something before this is missing; `expected_seq` tells from where to send.
    SequenceGap = "sequence_gap", CONFLICT;
    /// The receiver knows another epoch of the sender; they must compare first.
    EpochChanged = "epoch_changed", CONFLICT;
    /// Another copy of the sender runs at the same time: one of the two must be turned off.
    Cloned = "cloned", CONFLICT;
    /// There is no such thing, or the asker may not know of it.
    NotFound = "not_found", NOT_FOUND;
    /// Not now; later it will work.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE;
    /// A fault inside the node.
    Internal = "internal", INTERNAL_SERVER_ERROR;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Problem details as they are sent and read. `type` is `about:blank`, so `title` is that of the status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The title of the status.
    #[serde(default)]
    pub title: String,
    /// The status, repeated.
    #[serde(default)]
    pub status: u16,
    /// What programs branch on.
    pub code: Code,
    /// With [`Code::ClockSkew`]: the receiver's clock, Unix seconds.
    #[serde(rename = "own_time", default, skip_serializing_if = "Option::is_none")]
    pub own_time_s: Option<i64>,
    /// With [`Code::SequenceGap`]: the number that is expected next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_seq: Option<u64>,
    /// With [`Code::RateLimited`] and [`Code::Unavailable`]: seconds to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u32>,
    /// With [`Code::NotConnected`], to a home that has not heard of it: this home's signed word that the connection ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parting: Option<String>,
}

impl Problem {
    /// The problem of a code.
    #[must_use]
    pub fn new(code: Code) -> Self {
        let status = code.status();
        Self {
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            code,
            own_time_s: None,
            expected_seq: None,
            retry_after_s: None,
            parting: None,
        }
    }

    /// The status to answer with.
    #[must_use]
    pub const fn http_status(&self) -> StatusCode {
        self.code.status()
    }

    /// The body to send.
    #[must_use]
    pub fn to_body(&self) -> Vec<u8> {
        // Plain members only: writing them cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads the body of a refusal; `None` if it is none, such as the error page of a proxy.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Option<Self> {
        if body.len() > MAX_PROBLEM_LEN {
            return None;
        }
        serde_json::from_slice(body).ok()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused with {}", self.code)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_the_wire_with_its_details() {
        for code in Code::ALL {
            let problem = Problem {
                own_time_s: Some(5),
                expected_seq: Some(6),
                ..Problem::new(*code)
            };
            assert_eq!(Problem::from_body(&problem.to_body()), Some(problem), "{code}");
            assert!(code.status().is_client_error() || code.status().is_server_error());
        }
    }

    #[test]
    fn a_code_of_a_newer_version_is_unknown_but_read() {
        let problem =
            Problem::from_body(br#"{"type":"about:blank","status":418,"code":"teapot","more":[1]}"#);
        assert_eq!(problem.unwrap().code, Code::Unknown);
    }

    #[test]
    fn an_error_page_is_no_problem() {
        assert_eq!(Problem::from_body(b"<html>502</html>"), None);
        assert_eq!(Problem::from_body(&[b' '; MAX_PROBLEM_LEN + 1]), None);
    }
}
