//! What the desktop shell and its page say to each other. Not commands of the table: the node knows nothing of it.

use crate::error::ApiError;
use crate::ids::Timestamp;
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
    /// How it stands with new versions.
    pub update: UpdateState,
}

/// A backup that a person handed to the app from outside, such as by a double-click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedBackup {
    /// What the page calls it by; where the file lies, only the shell knows.
    pub number: u32,
    /// The name of the file, without its folder.
    pub name: String,
    /// Its length.
    pub bytes: u64,
}

/// How a new version comes to this computer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateWay {
    /// Hearth does not look for one: it was built without.
    #[default]
    None,
    /// Hearth gets it and installs it when it is told to.
    Itself,
    /// Hearth tells of it; the person installs it as a package.
    Package,
}

/// What an update is doing now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateStep {
    /// Saving the home.
    Saving,
    /// Getting the new version.
    Downloading {
        /// Bytes that have come.
        done: u64,
        /// All of them, if the server said.
        total: Option<u64>,
    },
    /// Putting it in place.
    Installing,
}

/// A version that is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateOffer {
    /// Its number, such as `0.2.0`.
    pub version: String,
    /// What is new, as plain text of 4 000 characters at most; may be empty.
    pub notes: String,
    /// Its page on the web, if there is one.
    pub page: Option<String>,
}

/// How it stands with new versions of the app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateState {
    /// Counts what the shell said of it: what it said later has a higher number, whichever way and in whichever order it came.
    #[serde(default)]
    pub number: u64,
    /// How one comes to this computer.
    pub way: UpdateWay,
    /// Whether it is looked for once a day.
    pub looks: bool,
    /// When it was last looked without a failure.
    pub looked_at: Option<Timestamp>,
    /// Whether it is being looked now.
    pub looking: bool,
    /// The version that is offered.
    pub offer: Option<UpdateOffer>,
    /// Whether that version lies ready, so that installing it needs no download.
    #[serde(default)]
    pub ready: bool,
    /// Whether somebody put that one off.
    pub put_off: bool,
    /// What the update is doing, while it is being installed.
    pub step: Option<UpdateStep>,
    /// Why the last look or the last update failed.
    pub failed: Option<ApiError>,
}

impl UpdateState {
    /// The one of both that was said later.
    #[must_use]
    pub fn or_later(self, known: Self) -> Self {
        if known.number > self.number { known } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_words_on_updates_the_later_one_counts_whichever_came_first() {
        let said = |number, ready| UpdateState {
            number,
            ready,
            ..UpdateState::default()
        };
        assert!(said(1, false).or_later(said(2, true)).ready);
        assert!(said(2, true).or_later(said(1, false)).ready);
        assert!(!said(3, false).or_later(said(2, true)).ready);
    }
}
