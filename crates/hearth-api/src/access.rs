//! Reaching the home from other devices: a phone's or another computer's browser in the same network.
//!
//! Off until an admin switches it on at the computer that the home runs on. A device is connected by a code that a signed-in
//! person shows it; an unknown device may do nothing but present such a code.

use crate::ids::{DeviceId, PersonId, Timestamp};
use crate::session::Me;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The port that devices use unless told otherwise.
pub const ACCESS_PORT: u16 = 7347;
/// How long a code for a device is good, in seconds.
pub const DEVICE_CODE_SECONDS: i64 = 600;
/// The most devices that one person may have connected.
pub const MAX_DEVICES: usize = 20;

/// Asks how other devices reach this home.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetAccess {}

/// How other devices reach this home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Whether an admin wants it.
    pub on: bool,
    /// The port.
    pub port: u16,
    /// Where the home is reached now, as `https://…`; none while it is off or could not begin.
    pub addresses: Vec<String>,
    /// Why it is on and yet does not work, in a sentence that says what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// SHA-256 of the certificate that devices may trust, as `AB:CD:…`; none before it was first switched on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

/// Switches access on or off (admins, at the home's own computer).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAccess {
    /// Whether it is wanted.
    pub on: bool,
    /// The port, 1024-65535; as before if absent.
    #[serde(default)]
    pub port: Option<u16>,
}

/// Makes a code that connects one device for the person who asks; the one before it ends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CreateDeviceCode {}

/// A code for a device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCode {
    /// Links with the code, one for each address of the home; the first for the QR code. The code stands behind `#`, which
    /// browsers do not send.
    pub links: Vec<String>,
    /// The first link as a QR code, SVG.
    pub qr_svg: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCode")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Presents a code: connects this device and signs in who made the code. Only over the network.
#[derive(Clone, Serialize, Deserialize)]
pub struct ClaimDevice {
    /// The code.
    pub code: String,
    /// What to call this device, 1-80 characters.
    pub name: String,
}

impl fmt::Debug for ClaimDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimDevice").finish_non_exhaustive()
    }
}

/// The answer to [`ClaimDevice`].
pub type Claimed = Me;

/// Lists connected devices: one's own; all of the home for admins. Last used first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListDevices {}

/// A device that may reach the home over the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// What it is called.
    pub name: String,
    /// Who connected it.
    pub person: PersonId,
    /// Their name.
    pub person_name: String,
    /// Since when.
    pub made_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Timestamp,
    /// Whether it is the one asking.
    pub current: bool,
}

/// Disconnects a device: it and every sign-in on it end at once. One's own; any for admins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeDevice {
    /// Which.
    pub id: DeviceId,
}
