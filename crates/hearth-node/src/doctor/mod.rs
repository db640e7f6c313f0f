//! Says what is wrong with a home, part by part, and what to do next.
//!
//! It looks at the folder itself, whether the home runs or not, and adds what a running home says of its health. It changes
//! nothing. [`bundle`] packs what helps somebody else to help: versions, states, counts, logs; no content, no name, no secret.

pub mod bundle;
#[cfg(test)]
mod tests;

use crate::OpenError;
use crate::backup;
use crate::keychain::Keychain;
use crate::master::{self, Place};
use hearth_api::Timestamp;
use hearth_api::health::{Health, HealthLevel, HealthPart};
use hearth_api::homes::{Home, HomeState};
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

/// Looks at the home in `dir`; `health` is what it says of itself when it runs. The keychain is asked only if the home's key is there.
#[must_use]
pub fn examine(dir: &Path, health: Option<&Health>, keychain: &dyn Keychain, now: Timestamp) -> Report {
    let mut findings = Vec::new();
    if dir.join("hearth.db").exists() {
        findings.push(disk(dir));
        findings.push(database(dir));
        findings.push(keys(dir, keychain));
        findings.push(backups(dir, now));
    } else {
        findings.push(Finding::bad(
            "folder",
            HealthLevel::Trouble,
            format!("There is no home in {}.", dir.display()),
            "Name its folder with --data-dir, make one with “hearth init”, or restore a backup with “hearth restore”.",
        ));
    }
    match health {
        Some(health) => of_health(health, now, &mut findings),
        None => findings.push(Finding::bad(
            "program",
            HealthLevel::Waiting,
            "Hearth is not running on this folder.",
            "Start it (“hearth serve”, or the app): only then can ports, other homes and models be looked at.",
        )),
    }
    Report {
        level: findings.iter().map(|f| f.level).max().unwrap_or(HealthLevel::Ok),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        running: health.is_some(),
        findings,
    }
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
        Err(error) => Finding::bad(
            "database",
            HealthLevel::Trouble,
            format!("It cannot be read: {error}."),
            restore,
        ),
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
        .and_then(|db| db.read(backup::service::Recorded::read))
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

/// What a running home says. Its database, disk and keys were looked at already.
fn of_health(health: &Health, now: Timestamp, findings: &mut Vec<Finding>) {
    for part in &health.parts {
        let found = match part.part.as_str() {
            "clock" => clock(part),
            "listener" => listener(part, &health.addresses),
            "provider" => provider(part),
            _ => continue,
        };
        findings.push(found);
    }
    findings.extend(health.homes.iter().filter_map(|h| home(h, now)));
}

fn clock(part: &HealthPart) -> Finding {
    let ms: i64 = fact(part, "difference_ms").parse().unwrap_or(0);
    let seconds = ms.unsigned_abs() / 1000;
    let found = if part.level == HealthLevel::Ok {
        Finding::good(
            "clock",
            format!("It agrees with the other homes within {seconds} seconds."),
        )
    } else {
        Finding::bad(
            "clock",
            part.level,
            format!("It differs from another home's by {seconds} seconds."),
            "Let both machines set their clocks by the network; above five minutes they refuse each other.",
        )
    };
    found.fact("difference_ms", ms)
}

fn listener(part: &HealthPart, addresses: &[String]) -> Finding {
    let address = fact(part, "address");
    if part.level != HealthLevel::Ok {
        return Finding::bad(
            "listener",
            part.level,
            "Hearth does not listen for other homes.",
            "Its port may be taken: see which program has it, or choose another with --listen (HEARTH_LISTEN in the app).",
        );
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "it knocks at this home's own listener, on loopback"
    )]
    let found = match std::net::TcpStream::connect_timeout(
        &loopback(address),
        std::time::Duration::from_secs(2),
    ) {
        Err(error) => Finding::bad(
            "listener",
            HealthLevel::Trouble,
            format!("It does not answer on {address}: {error}."),
            "Start Hearth again. If that does not help, a firewall on this machine may be in the way.",
        ),
        Ok(_) if addresses.is_empty() => Finding::bad(
            "listener",
            HealthLevel::Waiting,
            format!("It listens on {address}, but no address is known under which other homes reach it."),
            "Name one on the Health page: the address of this machine in your network, or a name on the internet.",
        ),
        Ok(_) => Finding::good(
            "listener",
            format!("It listens on {address}, with the home's own certificate."),
        ),
    };
    found.fact("addresses", addresses.len())
}

/// The same port on this machine, for an address that stands for all of its addresses.
fn loopback(address: &str) -> std::net::SocketAddr {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
    let parsed: SocketAddr = address.parse().unwrap_or(SocketAddr::new(
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        crate::config::FEDERATION_PORT,
    ));
    let ip = match parsed.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, parsed.port())
}

fn provider(part: &HealthPart) -> Finding {
    let (all, offline) = (fact(part, "providers"), fact(part, "offline"));
    let found = if part.level == HealthLevel::Ok {
        Finding::good("provider", format!("{all} model servers are set up."))
    } else {
        Finding::bad(
            "provider",
            part.level,
            format!("{offline} of {all} model servers give no answers."),
            "Start the model server, or change its address or its key in the window under Models.",
        )
    };
    found.fact("providers", all)
}

/// A home to which nothing goes now: why, as far as it said so itself.
fn silent_home(home: &Home, minutes: Option<i64>) -> Finding {
    let waiting = match home.waiting {
        1 => "1 thing waits".to_owned(),
        n => format!("{n} things wait"),
    };
    let (level, what, next) = match home.last_error.as_deref() {
        Some("cloned") => (
            HealthLevel::Trouble,
            format!("It saw two copies of this home run at the same time; {waiting}."),
            "Switch one of the two off. Ten minutes later everything goes on by itself.",
        ),
        Some("not_connected") => (
            HealthLevel::Waiting,
            format!(
                "It answers, but does not know this home: it may have removed or blocked it, or one of the two was put back to before they last connected; {waiting}."
            ),
            "Ask its people. Unless they blocked this home, connect again with a new invite: everything goes on where it was.",
        ),
        Some("clock_skew") => (
            HealthLevel::Waiting,
            format!("Its clock and the one here differ too much; {waiting}."),
            "Set the clock of both machines, best by the network.",
        ),
        Some("unsupported_version" | "version_mismatch") => (
            HealthLevel::Waiting,
            format!("It runs another version of Hearth; {waiting}."),
            "Update Hearth there or here.",
        ),
        Some("wrong_node") => (
            HealthLevel::Waiting,
            format!("Something else answers at its address; {waiting}."),
            "Ask its people for a new invite, or for its present address.",
        ),
        _ => (
            HealthLevel::Waiting,
            match minutes {
                Some(..1) => format!("It has not answered for less than a minute; {waiting}."),
                Some(1) => format!("It has not answered for a minute; {waiting}."),
                Some(minutes) => format!("It has not answered for {minutes} minutes; {waiting}."),
                None => format!("It has never answered; {waiting}."),
            },
            "Ask its people whether it is switched on and reachable. What waits goes out by itself.",
        ),
    };
    Finding::bad("home", level, what, next)
}

fn home(home: &Home, now: Timestamp) -> Option<Finding> {
    let silent = home.last_contact.map(|at| now.ms_since(at) / 60_000);
    let found = match home.state {
        HomeState::Connected if home.refused > 0 => Finding::bad(
            "home",
            HealthLevel::Trouble,
            format!("It refused {} things from here.", home.refused),
            "Look at what waits at that home, in the window under Homes. The two homes may need the same version of Hearth.",
        ),
        HomeState::Connected if home.cloned => Finding::bad(
            "home",
            HealthLevel::Trouble,
            "Two copies of it run at the same time.",
            "Its people must switch one of them off. Ten minutes later everything goes on by itself.",
        ),
        HomeState::Connected if home.restored.is_some_and(|restored| restored.alone) => Finding::bad(
            "home",
            HealthLevel::Waiting,
            "It says that this home's database is older than what it knows of it. What is missing is fetched from there.",
            "If this home was not put back from an older copy, and no copy of it runs elsewhere, that home is at fault: tell its people, or block it if it goes on.",
        ),
        HomeState::Connected if home.restored.is_some_and(|restored| restored.given_up) => Finding::bad(
            "home",
            HealthLevel::Trouble,
            "Comparing with it after a restore was given up: it always had more to tell.",
            "What it told until then was taken. Ask its family whether their Hearth is in order.",
        ),
        HomeState::Connected if home.restored.is_some_and(|restored| !restored.done) => Finding::bad(
            "home",
            HealthLevel::Waiting,
            "One of the two homes was put back to an older state; what it lost is being given back.",
            "Leave both homes switched on.",
        ),
        HomeState::Connected if !home.is_awake() => silent_home(home, silent),
        HomeState::Connected if home.fetches => Finding::good(
            "home",
            "It cannot be called from here; it fetches what is for it by itself.",
        ),
        HomeState::Connected => Finding::good("home", "It answers."),
        HomeState::Pending => Finding::bad(
            "home",
            HealthLevel::Waiting,
            "The safety words were not compared yet.",
            "Call each other, compare the words and confirm them on the Health page.",
        ),
        _ => return None,
    };
    let name = if home.nickname.is_empty() {
        &home.name
    } else {
        &home.nickname
    };
    let mut found = found
        .fact("id", home.id_shown.chars().take(9).collect::<String>())
        .fact("waiting", home.waiting)
        .fact("refused", home.refused)
        .fact("clock_difference_ms", home.clock_difference_ms)
        .fact("version", &home.version);
    if let Some(minutes) = silent {
        found = found.fact("silent_minutes", minutes);
    }
    if let Some(error) = &home.last_error {
        found = found.fact("last_error", error);
    }
    found.name = Some(name.clone());
    Some(found)
}

fn fact<'p>(part: &'p HealthPart, name: &str) -> &'p str {
    part.facts.get(name).map(String::as_str).unwrap_or_default()
}
