//! Why a folder is no home that the command line or the doctor could speak of, in words that both use.

use crate::OpenError;
use std::path::Path;

/// Why there is no home in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoHome {
    /// What is the matter.
    pub kind: NoHomeKind,
    /// What was found, in a sentence.
    pub what: String,
    /// What to do next.
    pub next: &'static str,
}

/// What is the matter with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoHomeKind {
    /// It may not be looked into: what is there is not missing.
    Closed,
    /// The files of a home are there, and its database is not.
    DatabaseGone,
    /// Nothing of a home is there.
    Nothing,
}

impl NoHome {
    /// Looks why; none where a home is, be it one whose restore waits to be finished. Changes nothing.
    #[must_use]
    pub fn of(dir: &Path) -> Option<Self> {
        let closed = match std::fs::metadata(dir.join(crate::backup::names::DATABASE)) {
            Ok(_) => return None,
            Err(error) => error.kind() == std::io::ErrorKind::PermissionDenied,
        };
        if closed {
            return Some(Self {
                kind: NoHomeKind::Closed,
                what: format!("This account may not look into {}.", dir.display()),
                next: "Run it as the account that the home belongs to; for the service of a home server that is “sudo -u hearth”.",
            });
        }
        if crate::is_home(dir) {
            return None;
        }
        if crate::node::is_without_database(dir) {
            return Some(Self {
                kind: NoHomeKind::DatabaseGone,
                what: format!("{}.", OpenError::DatabaseGone),
                next: OpenError::DatabaseGone.next_step(),
            });
        }
        Some(Self {
            kind: NoHomeKind::Nothing,
            what: format!("There is no home in {}.", dir.display()),
            next: "Name its folder with --data-dir, make one with “hearth init”, or restore a backup with “hearth restore”.",
        })
    }

    /// What was found and what to do next, as one text.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{} {}", self.what, self.next)
    }
}
