//! What the desktop shell and its page say to each other. Not commands of the table: the node knows nothing of it.

use serde::{Deserialize, Serialize};

/// How the window is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Renderer {
    /// As the system does it.
    #[default]
    Usual,
    /// Without sharing buffers with the graphics card.
    Safe,
    /// Without the graphics card.
    Plain,
}

impl Renderer {
    /// The name under which it is kept.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Safe => "safe",
            Self::Plain => "plain",
        }
    }

    /// The one with this name; the usual one if there is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "safe" => Self::Safe,
            "plain" => Self::Plain,
            _ => Self::Usual,
        }
    }

    /// What to try when nothing appeared with this one.
    #[must_use]
    pub fn safer(self) -> Option<Self> {
        match self {
            Self::Usual => Some(Self::Safe),
            Self::Safe => Some(Self::Plain),
            Self::Plain => None,
        }
    }
}

/// What the page knows of the desktop that it is on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesktopState {
    /// Whether Hearth starts with the computer.
    pub autostart: bool,
    /// Whether that is to be offered now: from the second day on, until somebody answered.
    pub offer_autostart: bool,
    /// Whether Hearth keeps running when its window is closed; nothing until somebody answered.
    pub keeps_running: Option<bool>,
    /// Whether there is a tray that a hidden window can be found in.
    pub tray: bool,
    /// Whether spelling is checked in the language that is spoken: there is a dictionary.
    pub spelling: bool,
    /// How the window is drawn.
    pub renderer: Renderer,
}
