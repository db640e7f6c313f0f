//! Who puts a command, and from where.

use hearth_api::ApiError;
use serde_json::Value;
use zeroize::Zeroizing;

/// The secret of a session, as a client holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(Zeroizing<String>);

impl SessionToken {
    /// From the text a client sent.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
    /// The text, for a cookie or a key store; never for a log.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(<redacted>)")
    }
}

/// By which way a client reaches the home.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Door {
    /// At the home's own computer, or through a proxy that its administrator set up there.
    #[default]
    Home,
    /// From another device in the network.
    Network {
        /// The secret of a connected device, if it has one.
        token: Option<SessionToken>,
    },
}

/// Who puts a command, and from where.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The session, if the client has one.
    pub token: Option<SessionToken>,
    /// The machine's administrator through the control socket, acting for the owner of the home.
    pub control: bool,
    /// By which way.
    pub door: Door,
    /// Whether the client runs on the home's own machine.
    pub this_machine: bool,
    /// What the device calls itself.
    pub device: String,
    /// The network address; empty for the desktop window.
    pub address: String,
}

impl Caller {
    /// The desktop window.
    #[must_use]
    pub fn desktop(token: Option<SessionToken>) -> Self {
        Self {
            token,
            this_machine: true,
            device: "Hearth on this computer".into(),
            ..Self::default()
        }
    }
    /// The command line on this machine.
    #[must_use]
    pub fn control() -> Self {
        Self {
            control: true,
            this_machine: true,
            device: "hearth command line".into(),
            ..Self::default()
        }
    }
}

/// What became of the client's session.
#[derive(Debug, Clone, Default)]
pub enum SessionChange {
    /// Nothing.
    #[default]
    Keep,
    /// A new one: the client keeps the token.
    Set(SessionToken),
    /// It ended: the client forgets the token.
    Clear,
}

/// The answer to a command.
#[derive(Debug)]
pub struct Reply {
    /// The answer as JSON, or the error.
    pub result: Result<Value, ApiError>,
    /// What became of the session.
    pub session: SessionChange,
    /// What became of the device's own secret.
    pub device: SessionChange,
}
