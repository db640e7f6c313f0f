//! What a command is.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A request that a client may put to the node, with the type of its answer.
pub trait Command: Serialize + DeserializeOwned + Send + 'static {
    /// The name on the wire, `area.verb`.
    const NAME: &'static str;
    /// Who may call it at all.
    const SCOPE: Scope;
    /// From where it may be called.
    const REACH: Reach;
    /// The answer.
    type Output: Serialize + DeserializeOwned + Send + 'static;
}

/// Who may call a command at all; what they may do with it is decided by the rule behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// No sign-in needed.
    Anyone,
    /// A signed-in account of this home.
    SignedIn,
    /// A signed-in owner or admin of this home.
    Admin,
}

/// From where a command may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The desktop window, the command line and any browser.
    Everywhere,
    /// Only the machine that Hearth runs on.
    ThisMachine,
}

/// One line of the command table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandInfo {
    /// The name on the wire.
    pub name: &'static str,
    /// Who may call it.
    pub scope: Scope,
    /// From where.
    pub reach: Reach,
}

/// The table's line for a name.
#[must_use]
pub fn find_command(name: &str) -> Option<&'static CommandInfo> {
    crate::table::COMMANDS.iter().find(|c| c.name == name)
}

/// One page of a list, newest first unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items, after filtering.
    pub items: Vec<T>,
    /// What to pass as `cursor` for the next page; `None` at the end.
    pub next: Option<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            next: None,
        }
    }
}

/// The answer of commands that only do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Done {}
