//! Signing in and out, devices.

use crate::account::{AccountSettings, Role};
use crate::ids::{SessionId, Timestamp};
use crate::people::PersonCard;
use serde::{Deserialize, Serialize};

/// The signed-in account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// As others see them.
    pub person: PersonCard,
    /// Sign-in name, private.
    pub username: String,
    /// Role on this home.
    pub role: Role,
    /// Whether a second factor is asked at sign-in.
    pub totp: bool,
    /// Window settings.
    pub settings: AccountSettings,
    /// Unread notifications.
    pub unread: u32,
    /// Friend requests waiting for an answer.
    pub requests: u32,
    /// The session this client uses.
    pub session: SessionId,
}

/// Signs in. Over HTTP the session travels as a cookie, on the desktop the shell keeps it; it is never in the answer.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// Sign-in name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Six-digit code or a recovery code, when the account asks for one.
    #[serde(default)]
    pub code: Option<String>,
    /// What to call this device in the list of sessions.
    #[serde(default)]
    pub device: Option<String>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").finish_non_exhaustive()
    }
}

/// The outcome of [`SignIn`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::large_enum_variant, reason = "made once per sign-in")
)]
pub enum SignInOutcome {
    /// Signed in.
    SignedIn {
        /// The account.
        me: Me,
    },
    /// The password was right; ask for the code and call again with it.
    CodeNeeded,
}

/// Ends this client's session.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SignOut {}

/// Lists the account's sessions, last used first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListSessions {}

/// One sign-in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// Its id.
    pub id: SessionId,
    /// What the device called itself.
    pub device: String,
    /// The network address it was last used from; empty for the desktop window.
    pub address: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Timestamp,
    /// Whether it is the one asking.
    pub current: bool,
}

/// Ends one session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevokeSession {
    /// Which.
    pub id: SessionId,
}

/// Ends all sessions but this one.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RevokeOtherSessions {}
