//! Says what is wrong with a home, part by part, and what to do next.
//!
//! It looks at the folder itself, whether the home runs or not, and adds what a running home says of its health. It changes
//! nothing. [`bundle`] packs what helps somebody else to help: versions, states, counts, logs; no content, no name, no secret.

pub mod bundle;
mod kept;
mod keys;
mod running;
#[cfg(test)]
mod tests;

use crate::keychain::Keychain;
use crate::words::counted;
use crate::{NoHome, NoHomeKind, OpenError};
use hearth_api::Timestamp;
use hearth_api::health::{Health, HealthLevel};
use hearth_api::ports::Zone;
use hearth_db::snapshot::Snapshot;
use hearth_db::{DbError, SCHEMA_VERSION, meta};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use zeroize::Zeroizing;

/// Free space below which uploads are refused, in bytes.
const LOW_SPACE: u64 = 1 << 30;

/// What was found about one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which part.
    pub part: String,
    /// How it is.
    pub level: HealthLevel,
    /// What was found, in a sentence.
    pub what: String,
    /// What to do next; where all is well, advice at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The home it is about, by the name that people here know, or the file. Never in a bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The figures behind it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, String>,
}

impl Finding {
    fn good(part: &str, what: impl Into<String>) -> Self {
        Self {
            part: part.to_owned(),
            level: HealthLevel::Ok,
            what: what.into(),
            next: None,
            name: None,
            facts: BTreeMap::new(),
        }
    }
    fn bad(part: &str, level: HealthLevel, what: impl Into<String>, next: &str) -> Self {
        Self {
            level,
            next: Some(next.to_owned()),
            ..Self::good(part, what)
        }
    }
    /// What is well all the same.
    fn advice(part: &str, what: impl Into<String>, next: &str) -> Self {
        Self::bad(part, HealthLevel::Ok, what, next)
    }
    fn fact(mut self, name: &str, value: impl ToString) -> Self {
        self.facts.insert(name.to_owned(), value.to_string());
        self
    }
}

/// Everything that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The worst of it.
    pub level: HealthLevel,
    /// The version of the program.
    pub program: String,
    /// Whether the home is running.
    pub running: bool,
    /// Part by part.
    pub findings: Vec<Finding>,
}

/// What the program says that runs on the folder.
#[derive(Debug, Clone)]
pub enum Answer {
    /// No program runs on it.
    None,
    /// One does, and its home is not set up yet.
    NotSetUp,
    /// One does, and does not say how it is: the reason.
    Refused(String),
    /// How it is.
    Health(Box<Health>),
}

/// What the doctor looks with.
#[derive(Clone, Copy)]
pub struct Means<'m> {
    /// Asked only if the home's key is there.
    pub keychain: &'m dyn Keychain,
    /// The passphrase of the key store that was named, or why it cannot be read; none if none was.
    pub passphrase: Option<&'m Result<Zeroizing<String>, OpenError>>,
    /// The zone of the people here.
    pub zone: &'m dyn Zone,
    /// Now.
    pub now: Timestamp,
}

impl std::fmt::Debug for Means<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Means")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// Looks at the home in `dir`; `answer` is what it says of itself when it runs.
#[must_use]
pub fn examine(dir: &Path, answer: &Answer, means: Means<'_>) -> Report {
    let mut findings = Vec::new();
    match NoHome::of(dir) {
        Some(found) => findings.push(no_home(found)),
        None if !dir.join("hearth.db").exists() => findings.push(restore_waits()),
        None => {
            findings.push(disk(dir));
            findings.push(database(dir));
            findings.push(keys::keys(dir, means));
            findings.extend(kept::files(dir));
            findings.push(kept::backups(dir, means));
            findings.extend(kept::sending(dir, means.now));
        }
    }
    let now = means.now;
    let program = |level, what: String, next| Finding::bad("program", level, what, next);
    match answer {
        Answer::Health(health) => running::of_health(health, now, &mut findings),
        Answer::None => findings.push(program(
            HealthLevel::Waiting,
            "Hearth is not running on this folder.".to_owned(),
            "Start it (“hearth serve”, or the app): only then can ports, other homes and models be looked at.",
        )),
        Answer::NotSetUp => findings.push(program(
            HealthLevel::Waiting,
            "Hearth runs on this folder, and its home is not set up yet.".to_owned(),
            "Make it in its window, or with “hearth init”; or restore a backup there.",
        )),
        Answer::Refused(why) => findings.push(program(
            HealthLevel::Trouble,
            format!("Hearth runs on this folder and does not say how it is: {why}"),
            "Start it again.",
        )),
    }
    Report {
        level: findings.iter().map(|f| f.level).max().unwrap_or(HealthLevel::Ok),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        running: !matches!(answer, Answer::None),
        findings,
    }
}

/// Why there is no home to look at.
fn no_home(found: NoHome) -> Finding {
    let part = match found.kind {
        NoHomeKind::DatabaseGone => "database",
        NoHomeKind::Closed | NoHomeKind::Nothing => "folder",
    };
    Finding::bad(part, HealthLevel::Trouble, found.what, found.next)
}

/// A restore that was decided for, and whose home takes its place at the next start.
fn restore_waits() -> Finding {
    Finding::bad(
        "folder",
        HealthLevel::Waiting,
        "A restore waits to be finished.",
        "Start Hearth: the restored home then takes its place.",
    )
}

fn disk(dir: &Path) -> Finding {
    let low = "Free some space on that disk. Below 1 GB nothing can be uploaded; all else works.";
    match fs4::available_space(dir) {
        Ok(free) if free < LOW_SPACE => {
            let what = format!("Only {} MB are free.", free / 1_000_000);
            Finding::bad("disk", HealthLevel::Trouble, what, low).fact("free_bytes", free)
        }
        Ok(free) => {
            Finding::good("disk", format!("{} MB are free.", free / 1_000_000)).fact("free_bytes", free)
        }
        Err(error) => Finding::bad(
            "disk",
            HealthLevel::Trouble,
            format!("The free space cannot be told: {error}."),
            "Check that the disk is connected and may be read.",
        ),
    }
}

fn database(dir: &Path) -> Finding {
    let restore = "Restore the last good backup: the app offers it on its first page, and on a home server “hearth restore” does it. What is here is kept beside it.";
    if std::fs::metadata(dir.join("hearth.db")).is_ok_and(|data| data.len() == 0) {
        return Finding::bad("database", HealthLevel::Trouble, "It is empty.", restore);
    }
    let looked = Snapshot::open(&dir.join("hearth.db")).and_then(|db| {
        let schema = db.schema()?;
        Ok((schema, db.read(meta::integrity_faults)?))
    });
    match looked {
        Ok((schema, faults)) if faults.is_empty() => {
            let behind = if schema < SCHEMA_VERSION {
                " It is of an older version and is brought up to date at the next start."
            } else {
                ""
            };
            Finding::good("database", format!("It is sound.{behind}")).fact("schema", schema)
        }
        Ok((schema, faults)) => {
            let places = u64::try_from(faults.len()).unwrap_or(u64::MAX);
            let what = format!("It is damaged in {}.", counted(places, "place", "places"));
            Finding::bad("database", HealthLevel::Trouble, what, restore)
                .fact("schema", schema)
                .fact("faults", faults.len())
        }
        Err(DbError::TooNew { found, known }) => Finding::bad(
            "database",
            HealthLevel::Trouble,
            format!("A newer Hearth wrote it (version {found}, this program knows {known})."),
            "Update Hearth. Nothing is lost.",
        )
        .fact("schema", found),
        Err(error) => {
            let next = match &error {
                DbError::Unreachable(_) | DbError::DiskFull => OpenError::next_step_of(&error),
                _ => restore,
            };
            let what = format!("It cannot be read: {error}.");
            Finding::bad("database", HealthLevel::Trouble, what, next)
        }
    }
}
