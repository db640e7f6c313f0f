//! How this home and its parts are.

use crate::homes::Home;
use crate::ids::Timestamp;
use serde::{Deserialize, Serialize};

/// Asks for the health of this home (admins see all parts).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetHealth {}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthLevel {
    /// Fine.
    Ok,
    /// Waiting or worth a look; mends itself.
    Waiting,
    /// Needs a person.
    Trouble,
}

/// One part of the home's health.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HealthPart {
    /// Stable name: `database`, `disk`, `secrets`, `listener`, `access`, `clock`, `restored`, `provider`, and for admins `files`, `backup`.
    pub part: String,
    /// How it is.
    pub level: HealthLevel,
    /// Facts for the text, such as `free_bytes`.
    pub facts: std::collections::BTreeMap<String, String>,
}

/// The health of this home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Health {
    /// The worst of all parts and homes; while sending is paused, waiting at least.
    pub level: HealthLevel,
    /// The parts.
    pub parts: Vec<HealthPart>,
    /// The paired homes.
    pub homes: Vec<Home>,
    /// Activities waiting in all.
    pub waiting: u64,
    /// Until when this home sends nothing, because an admin wants it so.
    #[serde(default)]
    pub paused_until: Option<Timestamp>,
    /// This home's id in groups of four with a check character.
    pub id_shown: String,
    /// Where this home can be reached by others.
    pub addresses: Vec<String>,
}
