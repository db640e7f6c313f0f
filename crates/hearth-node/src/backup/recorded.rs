//! What a home knows of its backups, and whether all is well with them.

use super::service::{FAILURE, SCHEDULE, SLOT, blocking};
use super::{elsewhere, folder, schedule};
use crate::node::Node;
use hearth_api::backup::{BackupFailure, BackupSchedule};
use hearth_api::health::{HealthLevel, HealthPart};
use hearth_api::ports::Zone;
use hearth_api::{ApiResult, HomeId, Timestamp};
use hearth_db::{DbError, ReadTx, home, meta};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the database of a home says about its backups.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    /// Which home it is.
    pub(crate) home: Option<HomeId>,
    /// The last failure, if nothing went well since.
    pub(crate) failure: Option<BackupFailure>,
    pub(super) schedule: BackupSchedule,
    /// The time at which the last one that was made by itself was due.
    slot: Option<Timestamp>,
}

/// How backups are.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    pub(crate) state: BackupState,
    /// When the newest was made.
    pub(crate) newest: Option<Timestamp>,
    /// Whether that one was put outside the folder of backups.
    pub(crate) elsewhere: bool,
    /// When the next one is made by itself: that time, and whether it is due already.
    pub(crate) next: Option<(Timestamp, bool)>,
}

/// The same in one word.
#[derive(Debug, Clone)]
pub(crate) enum BackupState {
    /// The last one failed.
    Failed(BackupFailure),
    /// The folder for them is not there.
    FolderMissing,
    /// There is none.
    None,
    /// The newest is older than [`OLD_DAYS`].
    Old,
    /// There is one.
    Good,
}

/// Days after which a backup is old.
const OLD_DAYS: i64 = 40;

impl Judged {
    /// How well that is. Somebody who lets them be made by themselves relies on one being there; whoever does not is advised, and that
    /// is all.
    pub(crate) fn level(&self) -> HealthLevel {
        match self.state {
            BackupState::Failed(_) | BackupState::FolderMissing => HealthLevel::Trouble,
            BackupState::None | BackupState::Old if self.next.is_some() => HealthLevel::Waiting,
            BackupState::None | BackupState::Old | BackupState::Good => HealthLevel::Ok,
        }
    }
}

impl Recorded {
    /// Reads it. Settings of a newer program count as none.
    pub(crate) fn read(tx: &ReadTx<'_>) -> Result<Self, DbError> {
        Ok(Self {
            home: home::own(tx)?.map(|own| own.id),
            failure: meta::get(tx, FAILURE)?.and_then(|text| serde_json::from_str(&text).ok()),
            schedule: meta::get(tx, SCHEDULE)?
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default(),
            slot: meta::get(tx, SLOT)?
                .and_then(|text| text.parse().ok())
                .map(Timestamp),
        })
    }

    /// How the backups of the home in `dir` are. Blocks.
    pub(crate) fn judge(&self, dir: &Path, zone: &dyn Zone, now: Timestamp) -> Judged {
        let here = super::newest(&self.folder(dir), self.home.as_ref());
        let elsewhere =
            elsewhere::newest(dir, self.home.as_ref()).filter(|at| here.is_none_or(|here| here < *at));
        let newest = elsewhere.or(here);
        let is_due = schedule::last_slot(&self.schedule, zone, now)
            .is_some_and(|slot| self.slot.is_none_or(|done| done < slot));
        let state = match (&self.failure, newest) {
            (Some(failure), _) => BackupState::Failed(failure.clone()),
            (None, _) if self.is_folder_missing(dir) => BackupState::FolderMissing,
            (None, None) => BackupState::None,
            (None, Some(at)) if at < now.plus_days(-OLD_DAYS) => BackupState::Old,
            (None, Some(_)) => BackupState::Good,
        };
        Judged {
            state,
            newest,
            elsewhere: elsewhere.is_some(),
            next: schedule::next_slot(&self.schedule, zone, now).map(|at| (at, is_due)),
        }
    }

    /// A time as the clocks of the people here show it, such as `2026-11-30 at 02:00`.
    pub(crate) fn shown(&self, zone: &dyn Zone, at: Timestamp) -> String {
        schedule::shown(&self.schedule, zone, at)
    }

    /// The folder of backups of the home in `dir`.
    pub(crate) fn folder(&self, dir: &Path) -> PathBuf {
        folder_of(&self.schedule, dir)
    }

    /// Whether that folder is not there now, such as when its drive is not connected.
    pub(crate) fn is_folder_missing(&self, dir: &Path) -> bool {
        let named = self.schedule.folder.is_some();
        self.home
            .as_ref()
            .is_some_and(|home| is_missing(&self.folder(dir), named, home))
    }
}

/// The folder of backups by this schedule, of the home in `dir`.
pub(super) fn folder_of(schedule: &BackupSchedule, dir: &Path) -> PathBuf {
    match &schedule.folder {
        Some(folder) => PathBuf::from(folder),
        None => dir.join(schedule::FOLDER),
    }
}

/// Whether the folder of backups is not there: one that was named, or something else in the place of the usual one, which is made when
/// it is needed.
fn is_missing(folder: &Path, named: bool, home: &HomeId) -> bool {
    if named {
        !folder::is_there(folder, home)
    } else {
        folder.exists() && !folder.is_dir()
    }
}

impl Node {
    /// How backups are, for the health page: the last failure, the newest one, the next one.
    pub(crate) async fn backup_health(&self) -> ApiResult<HealthPart> {
        let recorded = self.db().read(Recorded::read).await?;
        let (config, now) = (self.config().clone(), self.clock().now());
        let judged = blocking(move || recorded.judge(&config.data_dir, &*config.zone, now)).await?;
        let mut facts = BTreeMap::new();
        if let Some(at) = judged.newest {
            facts.insert("made_at".to_owned(), at.0.to_string());
        }
        if judged.elsewhere {
            facts.insert("elsewhere".to_owned(), "1".to_owned());
        }
        if let Some((at, _)) = judged.next {
            facts.insert("next_at".to_owned(), at.0.to_string());
        }
        let level = judged.level();
        match judged.state {
            BackupState::Failed(failure) => {
                facts.insert("error".to_owned(), failure.error.name());
            }
            BackupState::FolderMissing => {
                facts.insert("folder_missing".to_owned(), "1".to_owned());
            }
            BackupState::None | BackupState::Old | BackupState::Good => {}
        }
        Ok(HealthPart {
            part: "backup".to_owned(),
            level,
            facts,
        })
    }
}
