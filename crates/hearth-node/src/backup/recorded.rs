//! What a home knows of its backups, and whether all is well with them.

use super::service::{FAILURE, SCHEDULE, blocking};
use super::{folder, schedule};
use crate::node::Node;
use hearth_api::backup::{BackupFailure, BackupSchedule};
use hearth_api::health::{HealthLevel, HealthPart};
use hearth_api::{ApiResult, HomeId};
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
        })
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
    /// How backups are, for the health page: the last failure, the newest one.
    pub(crate) async fn backup_health(&self) -> ApiResult<HealthPart> {
        let (recorded, dir) = (
            self.db().read(Recorded::read).await?,
            self.config().data_dir.clone(),
        );
        let by_itself = schedule::next_slot(&recorded.schedule, self.zone(), self.clock().now());
        let home = self.home_id().clone();
        let (failure, newest, missing) = blocking(move || {
            let newest = super::newest(&recorded.folder(&dir), Some(&home));
            let missing = recorded.is_folder_missing(&dir);
            (recorded.failure, newest, missing)
        })
        .await?;
        let mut facts = BTreeMap::new();
        if let Some(at) = newest {
            facts.insert("made_at".to_owned(), at.0.to_string());
        }
        let level = match failure {
            Some(failure) => {
                facts.insert("error".to_owned(), failure.error.name());
                HealthLevel::Trouble
            }
            None if missing => {
                facts.insert("folder_missing".to_owned(), "1".to_owned());
                HealthLevel::Trouble
            }
            // Somebody relies on it, and there is none.
            None if newest.is_none() && by_itself.is_some() => HealthLevel::Waiting,
            None => HealthLevel::Ok,
        };
        if let Some(at) = by_itself {
            facts.insert("next_at".to_owned(), at.0.to_string());
        }
        Ok(HealthPart {
            part: "backup".to_owned(),
            level,
            facts,
        })
    }
}
