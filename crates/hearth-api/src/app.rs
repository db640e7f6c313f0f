//! What any client asks first: is there a home, who is signed in, what can this host do.

use crate::ids::{Date, HomeId, Timestamp};
use crate::session::Me;
use serde::{Deserialize, Serialize};

/// Asks for the state of the home as this client sees it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetStatus {}

/// The state of the home as a client sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppStatus {
    /// Whether an owner exists; if not, the client shows the welcome.
    pub set_up: bool,
    /// The home's name; empty before set-up.
    pub home_name: String,
    /// The home's id.
    pub home: HomeId,
    /// The signed-in account, if any.
    pub me: Option<Me>,
    /// The program's version.
    pub version: String,
    /// Whether the client runs on the home's own machine.
    pub this_machine: bool,
    /// Whether the client is a device on the network that is not connected to this home: it may only present a code, and is told
    /// nothing about the home.
    #[serde(default)]
    pub unknown_device: bool,
    /// The latest event's number: where to begin listening.
    pub event_seq: u64,
    /// Since a restore, for a week: all have to sign in again and want to know why.
    #[serde(default)]
    pub restored: Option<Restored>,
}

/// That a home was put back to an earlier state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When that was.
    pub at: Timestamp,
    /// When the backup was made.
    pub state: Timestamp,
}

/// Creates the home and its owner; works once. Signs the owner in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateHome {
    /// The home's name as friends will see it, 1-80 characters.
    pub home_name: String,
    /// The owner.
    pub owner: NewAccount,
}

/// The age in years from which an account needs no guardian.
pub const ADULT_ACCOUNT: u16 = 16;

/// The first data of an account.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewAccount {
    /// Display name, 1-80 characters.
    pub name: String,
    /// Sign-in name, 3-64 characters, private.
    pub username: String,
    /// Password, 8-128 characters.
    pub password: String,
    /// Birth date; mandatory.
    pub birth_date: Date,
    /// Language tag of the window, such as `en` or `de`.
    #[serde(default)]
    pub language: Option<String>,
}

impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewAccount").finish_non_exhaustive()
    }
}

/// Renames the home (admins).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateHome {
    /// The home's name, 1-80 characters.
    pub name: String,
}

/// Where the key lies that seals the secrets of the home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyLies {
    /// In a file beside the database that only the account of the computer may read.
    KeyFile,
    /// Nowhere: it is made from a passphrase at each start.
    Passphrase,
    /// In the keychain of the computer.
    Keychain,
}

/// Where the key lies, and whether it could be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPlace {
    /// Where it is.
    pub lies: KeyLies,
    /// Whether the computer has a keychain that answers now.
    pub keychain: bool,
}

/// Asks where the key of the home lies (admins, on the home's own machine).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetKeyPlace {}

/// Moves the key of the home into the computer's keychain, or back into its file (admins, on the home's own machine). The key stays
/// the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetKeyPlace {
    /// Whether it is to lie in the keychain.
    pub keychain: bool,
}
