//! How the home is: its parts, its connections.

use crate::master::{self, Place};
use crate::node::Node;
use hearth_api::ApiResult;
use hearth_api::app::AppStatus;
use hearth_api::health::{Health, HealthLevel, HealthPart};
use hearth_api::homes::{Home, HomeState};
use hearth_federation::keys::NodeId;
use hearth_social::Viewer;
use std::collections::BTreeMap;

/// Free space below which uploads are refused, in bytes.
const LOW_SPACE: u64 = 1 << 30;

impl Node {
    /// The home as a client sees it.
    pub(crate) async fn status(&self, viewer: Option<&Viewer>, this_machine: bool) -> ApiResult<AppStatus> {
        let mut status = self.social().status(viewer).await?;
        status.this_machine = this_machine;
        env!("CARGO_PKG_VERSION").clone_into(&mut status.version);
        Ok(status)
    }

    /// Whether the home has an owner.
    ///
    /// # Errors
    /// A storage error.
    pub async fn is_set_up(&self) -> ApiResult<bool> {
        Ok(self.social().status(None).await?.set_up)
    }

    /// The health of this home.
    pub(crate) async fn health(&self, viewer: &Viewer) -> ApiResult<Health> {
        let homes = self.list_homes(viewer).await?;
        let mut parts = vec![
            self.database_health().await,
            self.disk_health(),
            self.secrets_health(),
        ];
        parts.push(self.listener_health());
        parts.push(self.access_health().await?);
        parts.push(clock_health(&homes));
        parts.extend(restored_health(&homes));
        parts.push(self.assistant().health(viewer.person).await?);
        if viewer.role.is_admin() {
            parts.push(self.files_health().await?);
            parts.push(self.backup_health().await?);
        }
        let waiting = homes.iter().map(|h| h.waiting).sum();
        let worst_home = homes.iter().map(home_level).max().unwrap_or(HealthLevel::Ok);
        let level = parts
            .iter()
            .map(|p| p.level)
            .max()
            .unwrap_or(HealthLevel::Ok)
            .max(worst_home);
        let paused_until = self.federation().sending_paused().await?;
        // What is written waits, and goes out by itself.
        let level = match paused_until {
            Some(_) => level.max(HealthLevel::Waiting),
            None => level,
        };
        let addresses = if viewer.role.is_admin() {
            self.federation().addresses().await?
        } else {
            Vec::new()
        };
        let id_shown = self
            .home_id()
            .as_str()
            .parse::<NodeId>()
            .map(|id| id.grouped())
            .unwrap_or_default();
        Ok(Health {
            level,
            parts,
            homes,
            waiting,
            paused_until,
            id_shown,
            addresses,
        })
    }

    async fn database_health(&self) -> HealthPart {
        let read = self.db().read(hearth_db::event::latest).await;
        let bytes = std::fs::metadata(self.db().path()).map_or(0, |m| m.len());
        part(
            "database",
            if read.is_ok() {
                HealthLevel::Ok
            } else {
                HealthLevel::Trouble
            },
            [
                ("bytes", bytes.to_string()),
                ("schema", hearth_db::SCHEMA_VERSION.to_string()),
            ],
        )
    }

    fn disk_health(&self) -> HealthPart {
        match fs4::available_space(&self.config().data_dir) {
            Ok(free) => part(
                "disk",
                if free < LOW_SPACE {
                    HealthLevel::Trouble
                } else {
                    HealthLevel::Ok
                },
                [("free_bytes", free.to_string())],
            ),
            Err(error) => part("disk", HealthLevel::Trouble, [("error", error.to_string())]),
        }
    }

    fn secrets_health(&self) -> HealthPart {
        let kind = match master::place(&self.config().data_dir) {
            Place::Passphrase => "passphrase",
            Place::KeyFile => "key_file",
            Place::Keychain => "keychain",
        };
        part("secrets", HealthLevel::Ok, [("protected_by", kind.to_owned())])
    }

    fn listener_health(&self) -> HealthPart {
        match self.federation_address() {
            Some(address) => part("listener", HealthLevel::Ok, [("address", address.to_string())]),
            None => part("listener", HealthLevel::Waiting, [("address", String::new())]),
        }
    }
}

/// A difference of clocks that is worth telling: what is written would come in another order. Above five minutes homes refuse each other at
/// first.
const CLOCK_MS: u64 = 60_000;

/// Whether the clocks of the connected homes agree with this one's. Without any, there is nothing that it was compared with, and no fact.
fn clock_health(homes: &[Home]) -> HealthPart {
    let worst = homes
        .iter()
        .filter(|h| h.state == HomeState::Connected)
        .map(|h| h.clock_difference_ms)
        .max_by_key(|ms| ms.unsigned_abs());
    let Some(worst) = worst else {
        return part("clock", HealthLevel::Ok, []);
    };
    let level = if worst.unsigned_abs() >= CLOCK_MS {
        HealthLevel::Waiting
    } else {
        HealthLevel::Ok
    };
    part("clock", level, [("difference_ms", worst.to_string())])
}

/// Whether this home was restored from an older state, and how much of what it lost is back; not for ever.
fn restored_health(homes: &[Home]) -> Option<HealthPart> {
    let connected: Vec<_> = homes
        .iter()
        .filter(|home| home.state == HomeState::Connected)
        .map(|home| home.restored.filter(|restored| restored.here))
        .collect();
    // What one of several says alone is told at that home.
    let all_say_so = connected.iter().all(Option::is_some);
    let mending: Vec<_> = connected
        .into_iter()
        .flatten()
        .filter(|restored| all_say_so || !restored.alone)
        .collect();
    let done = mending.iter().filter(|restored| restored.done).count();
    let aside: u64 = mending.iter().map(|restored| restored.aside).sum();
    let fetched: u64 = mending.iter().map(|restored| restored.fetched).sum();
    let level = if done < mending.len() {
        HealthLevel::Waiting
    } else {
        HealthLevel::Ok
    };
    let facts = [
        ("done", done.to_string()),
        ("homes", mending.len().to_string()),
        ("fetched", fetched.to_string()),
        ("aside", aside.to_string()),
    ];
    (!mending.is_empty()).then(|| part("restored", level, facts))
}

fn home_level(home: &Home) -> HealthLevel {
    match home.state {
        HomeState::Connected if home.refused > 0 || home.cloned => HealthLevel::Trouble,
        HomeState::Connected if home.restored.is_some_and(|restored| restored.given_up) => {
            HealthLevel::Trouble
        }
        HomeState::Connected if home.restored.is_some_and(|restored| !restored.done) => HealthLevel::Waiting,
        HomeState::Connected if !home.is_awake() => HealthLevel::Waiting,
        _ if home.is_to_compare() => HealthLevel::Waiting,
        HomeState::Pending => HealthLevel::Waiting,
        _ => HealthLevel::Ok,
    }
}

/// A part of the home, with its facts.
pub(crate) fn part<const N: usize>(name: &str, level: HealthLevel, facts: [(&str, String); N]) -> HealthPart {
    let facts: BTreeMap<String, String> = facts.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    HealthPart {
        part: name.to_owned(),
        level,
        facts,
    }
}
