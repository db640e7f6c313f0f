//! Says what is wrong with a home, part by part, and what to do next.
//!
//! It looks at the folder itself, whether the home runs or not, and adds what a running home says of its health. It changes
//! nothing. [`bundle`] packs what helps somebody else to help: versions, states, counts, logs; no content, no name, no secret.

pub mod bundle;
mod running;
#[cfg(test)]
mod tests;

use crate::OpenError;
use crate::backup;
use crate::keychain::Keychain;
use crate::master::{self, Place};
use hearth_api::Timestamp;
use hearth_api::health::{Health, HealthLevel};
use hearth_db::snapshot::Snapshot;
use hearth_db::{DbError, SCHEMA_VERSION, meta};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Free space below which uploads are refused, in bytes.
const LOW_SPACE: u64 = 1 << 30;
const DAY_MS: i64 = 86_400_000;

/// What was found about one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which part.
    pub part: String,
    /// How it is.
    pub level: HealthLevel,
    /// What was found, in a sentence.
    pub what: String,
    /// What to do next; nothing when all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The home it is about, by the name that people here know. Never in a bundle.
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

/// Looks at the home in `dir`; `answer` is what it says of itself when it runs. The keychain is asked only if the home's key is there.
#[must_use]
pub fn examine(dir: &Path, answer: &Answer, keychain: &dyn Keychain, now: Timestamp) -> Report {
    let mut findings = Vec::new();
    match std::fs::metadata(dir.join("hearth.db")) {
        Ok(_) => {
            findings.push(disk(dir));
            findings.push(database(dir));
            findings.push(keys(dir, keychain));
            findings.push(backups(dir, now));
        }
        Err(error) => findings.push(no_database(dir, &error)),
    }
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

/// Why there is no database.
fn no_database(dir: &Path, error: &std::io::Error) -> Finding {
    let trouble = |what: String, next| Finding::bad("folder", HealthLevel::Trouble, what, next);
    if error.kind() == std::io::ErrorKind::PermissionDenied {
        return trouble(
            format!("This account may not look into {}.", dir.display()),
            "Run it as the account that the home belongs to; for the service of a home server that is “sudo -u hearth”.",
        );
    }
    if crate::node::is_without_database(dir) {
        return Finding::bad(
            "database",
            HealthLevel::Trouble,
            format!("{}.", OpenError::DatabaseGone),
            OpenError::DatabaseGone.next_step(),
        );
    }
    trouble(
        format!("There is no home in {}.", dir.display()),
        "Name its folder with --data-dir, make one with “hearth init”, or restore a backup with “hearth restore”.",
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
    let restore =
        "Close Hearth, keep a copy of the folder, and restore the last good backup with “hearth restore”.";
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
            let what = format!("It is damaged in {} places.", faults.len());
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

fn keys(dir: &Path, keychain: &dyn Keychain) -> Finding {
    let place = master::place(dir);
    let found = match place {
        Place::KeyFile => key_file(dir),
        Place::Passphrase => Finding::good("keys", "They are protected by a passphrase."),
        Place::Keychain => match master::for_backup(dir, keychain) {
            Ok(_) => Finding::good(
                "keys",
                "They are protected by this computer's keychain, which gives the key.",
            ),
            Err(error) => {
                let what = format!("{error}.");
                Finding::bad(
                    "keys",
                    HealthLevel::Trouble,
                    what,
                    OpenError::from(error).next_step(),
                )
            }
        },
    };
    let place = match place {
        Place::KeyFile => "key_file",
        Place::Passphrase => "passphrase",
        Place::Keychain => "keychain",
    };
    found.fact("protected_by", place)
}

fn key_file(dir: &Path) -> Finding {
    let file = dir.join("master.key");
    match std::fs::metadata(&file) {
        Ok(data) if data.len() == 32 && private(&data) => Finding::good(
            "keys",
            "They are protected by a file that only this account may read.",
        ),
        Ok(data) if data.len() == 32 => Finding::bad(
            "keys",
            HealthLevel::Trouble,
            "Other accounts of this machine may read the key file.",
            "Take the right away: chmod 600 master.key in the home's folder.",
        ),
        Ok(_) => Finding::bad(
            "keys",
            HealthLevel::Trouble,
            "The key file is damaged.",
            "Restore the last good backup with “hearth restore”: it has the keys.",
        ),
        Err(_) => Finding::bad(
            "keys",
            HealthLevel::Trouble,
            "The key file is missing or cannot be read.",
            "Put it back, or restore the last good backup with “hearth restore”: it has the keys.",
        ),
    }
}

#[cfg(unix)]
fn private(data: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    data.permissions().mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn private(_data: &std::fs::Metadata) -> bool {
    true
}

/// How old something is, in words.
fn age(days: i64) -> String {
    match days {
        ..1 => "less than a day old".to_owned(),
        1 => "a day old".to_owned(),
        days => format!("{days} days old"),
    }
}

fn backups(dir: &Path, now: Timestamp) -> Finding {
    let state = Snapshot::open(&dir.join("hearth.db"))
        .and_then(|db| db.read(backup::recorded::Recorded::read))
        .unwrap_or_default();
    let newest = backup::newest(&state.folder(dir), state.home.as_ref());
    let set = "Set them up in the window under Settings, Backups, best on another disk.";
    let age_days = newest.map(|at| now.ms_since(at) / DAY_MS);
    let finding = match (age_days, &state.failure) {
        (_, Some(failure)) => Finding::bad(
            "backup",
            HealthLevel::Trouble,
            format!("The last one failed: {}", failure.error.message),
            "Mend what it says; it is tried again every hour. The one before is kept.",
        ),
        (None, None) if state.is_folder_missing(dir) => Finding::bad(
            "backup",
            HealthLevel::Trouble,
            format!(
                "The folder of backups is not there: {}.",
                state.folder(dir).display()
            ),
            "If it is on another drive, connect that; else choose another folder under Settings, Backups.",
        ),
        (None, None) => Finding::bad(
            "backup",
            HealthLevel::Waiting,
            "There is none in the folder of backups.",
            set,
        ),
        (Some(days), None) if days > 40 => Finding::bad(
            "backup",
            HealthLevel::Waiting,
            format!("The newest one is {}.", age(days)),
            set,
        ),
        (Some(days), None) => Finding::good("backup", format!("The newest one is {}.", age(days))),
    };
    match age_days {
        Some(days) => finding.fact("age_days", days),
        None => finding,
    }
}
