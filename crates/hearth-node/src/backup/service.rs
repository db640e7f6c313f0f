//! Backups as commands and by themselves: one job at a time, off the async threads.

use super::recorded::{Recorded, folder_of};
use super::{BackupError, Job, NewBackup, Restore, create, folder, restore, schedule};
use crate::caller::Caller;
use crate::dispatch::sign_in_needed;
use crate::media::{MediaAnswer, RangeWanted};
use crate::node::Node;
use hearth_api::backup::{
    BackupFailure, BackupFile, BackupJob, BackupSchedule, Backups, JobKind, VerifyBackup,
};
use hearth_api::notify::NotificationType;
use hearth_api::{ApiError, ApiResult, Code, Event, PersonId, Timestamp};
use hearth_db::{DbError, account, meta};
use hearth_federation::keystore::KeyStoreError;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use zeroize::Zeroizing;

pub(super) const SCHEDULE: &str = "backup.schedule";
pub(super) const FAILURE: &str = "backup.failure";
/// The time at which the last backup that was made by itself was due.
pub(super) const SLOT: &str = "backup.slot";
pub(super) const PASSPHRASE: &str = "backup-passphrase";
/// What a backup is called among the types of files.
const MIME: &str = "application/vnd.hearth.backup";

/// Runs something that blocks.
pub(super) async fn blocking<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
    tokio::task::spawn_blocking(f).await.map_err(|error| {
        tracing::error!(error = %error, "A part of a backup panicked");
        ApiError::new(
            Code::Internal,
            "Something went wrong inside Hearth. Nothing was changed.",
        )
    })
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> ApiResult<String> {
    serde_json::to_string(value).map_err(|error| {
        tracing::error!(error = %error, "A setting of backups did not serialise");
        ApiError::new(
            Code::Internal,
            "Something went wrong inside Hearth. Nothing was changed.",
        )
    })
}

impl Node {
    pub(super) async fn backup_schedule(&self) -> ApiResult<BackupSchedule> {
        Ok(self.db().read(Recorded::read).await?.schedule)
    }

    pub(super) fn backup_folder(&self, schedule: &BackupSchedule) -> PathBuf {
        folder_of(schedule, &self.config().data_dir)
    }

    pub(super) async fn backup_passphrase(&self) -> ApiResult<Option<Zeroizing<String>>> {
        let keys = Arc::clone(self.keys());
        self.db()
            .read(move |tx| match keys.get(tx, PASSPHRASE) {
                Ok(bytes) => Ok(Some(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))),
                Err(KeyStoreError::Missing) => Ok(None),
                Err(error) => Err(ApiError::from(error)),
            })
            .await
    }

    pub(super) async fn passphrase_or(&self, given: Option<String>) -> ApiResult<Zeroizing<String>> {
        match given {
            Some(given) => Ok(Zeroizing::new(given)),
            None => Ok(self
                .backup_passphrase()
                .await?
                .ok_or(BackupError::PassphraseNeeded)?),
        }
    }

    async fn admins(&self) -> ApiResult<Vec<PersonId>> {
        Ok(self
            .db()
            .read(|tx| {
                let accounts = account::list(tx)?;
                Ok::<_, DbError>(
                    accounts
                        .into_iter()
                        .filter(|row| row.role.is_admin())
                        .map(|row| row.person)
                        .collect(),
                )
            })
            .await?)
    }

    pub(super) async fn tell_backups_changed(&self) {
        for admin in self.admins().await.unwrap_or_default() {
            self.tell_passing(admin, Event::BackupsChanged);
        }
    }

    /// Begins a job, unless one runs.
    pub(super) async fn begin_job(&self, kind: JobKind) -> ApiResult<Arc<Job>> {
        let admins = self.admins().await?;
        let passing = self.passing_sender();
        self.backups().begin_job(kind, self.clock().now(), move |state| {
            for admin in &admins {
                let job = Box::new(state.clone());
                // Nobody listens: nobody need be told.
                let _ = passing.send((*admin, Event::BackupProgress { job }));
            }
        })
    }

    /// Whether a backup, a restore or a copy is under way.
    pub(super) fn is_job_running(&self) -> bool {
        self.backups().is_job_running()
    }

    /// Runs a job's work; it is cancelled when the node closes.
    pub(super) async fn run_job<T: Send + 'static>(
        &self,
        job: &Arc<Job>,
        work: impl FnOnce(&Job) -> Result<T, BackupError> + Send + 'static,
    ) -> ApiResult<T> {
        let working = Arc::clone(job);
        let mut running = std::pin::pin!(blocking(move || work(&working)));
        let closed = self.closed();
        let result = tokio::select! {
            result = &mut running => result,
            () = closed.cancelled() => {
                job.cancel();
                running.await
            }
        };
        result?.map_err(|error| {
            let error = ApiError::from(error);
            // Its text may name a folder, and a folder a person.
            tracing::warn!(code = %error.code, "A backup job failed");
            error
        })
    }

    pub(crate) async fn list_backups(&self) -> ApiResult<Backups> {
        let (recorded, dir) = (
            self.db().read(Recorded::read).await?,
            self.config().data_dir.clone(),
        );
        let passphrase_set = self.backup_passphrase().await?.is_some();
        let folder = recorded.folder(&dir);
        let (
            found,
            folder_missing,
            Recorded {
                schedule, failure, ..
            },
        ) = {
            let folder = folder.clone();
            blocking(move || {
                let (found, missing) = (schedule::list(&folder), recorded.is_folder_missing(&dir));
                (found, missing, recorded)
            })
            .await?
        };
        let home = self.home_id();
        Ok(Backups {
            files: found
                .into_iter()
                .map(|file| BackupFile {
                    bytes: file.bytes,
                    made_at: file.preface.made_at,
                    people: file.preface.people,
                    program: file.preface.program,
                    own: file.preface.home == *home,
                    kind: schedule::kind_of(&file.name),
                    name: file.name,
                })
                .collect(),
            folder: folder.display().to_string(),
            folder_missing,
            next_at: schedule::next_slot(&schedule, self.zone(), self.clock().now()),
            schedule,
            passphrase_set,
            failure,
            job: self.backups().job(),
            keep_days: schedule::KEEP_DAYS,
        })
    }

    async fn backup_failure(&self) -> ApiResult<Option<BackupFailure>> {
        Ok(self.db().read(Recorded::read).await?.failure)
    }

    /// The file of a backup in the folder. Only names that are listed there count.
    pub(super) async fn backup_file(&self, name: String) -> ApiResult<PathBuf> {
        let folder = self.backup_folder(&self.backup_schedule().await?);
        blocking(move || schedule::list(&folder).into_iter().find(|file| file.name == name))
            .await?
            .map(|file| file.path)
            .ok_or_else(ApiError::not_found)
    }

    /// A backup of the folder, or a range of it, for whoever keeps it elsewhere: an admin.
    ///
    /// # Errors
    /// `sign_in_needed`, `forbidden`, `not_found`, `invalid_range`.
    pub async fn backup_to_keep(
        &self,
        caller: &Caller,
        name: String,
        range: Option<RangeWanted>,
    ) -> ApiResult<MediaAnswer> {
        let viewer = self.viewer(caller).await?.ok_or_else(sign_in_needed)?;
        if !viewer.role.is_admin() {
            return Err(ApiError::forbidden("Only an admin of this home can do this."));
        }
        let path = self.backup_file(name).await?;
        let opened = blocking(move || {
            let file = File::open(&path)?;
            let bytes = file.metadata()?.len();
            Ok::<_, std::io::Error>((file, bytes))
        });
        let (file, bytes) = opened
            .await?
            .map_err(|error| BackupError::io("the backup", error))?;
        MediaAnswer::of(file, bytes, MIME.to_owned(), true, range)
    }

    /// Begins a backup with the passphrase that is set.
    pub(crate) async fn start_backup(&self) -> ApiResult<BackupJob> {
        let passphrase = self
            .backup_passphrase()
            .await?
            .ok_or(BackupError::PassphraseNeeded)?;
        let job = self.begin_job(JobKind::Backup).await?;
        let (node, running) = (self.clone(), Arc::clone(&job));
        self.spawn(async move {
            // The job tells how it ended.
            let _ = node.make_backup(&running, passphrase, None).await;
        });
        Ok(job.state())
    }

    /// Makes a backup in the folder, then removes those that are too old; its name. `prefix` is how that begins, if not as usual.
    pub(super) async fn make_backup(
        &self,
        job: &Arc<Job>,
        passphrase: Zeroizing<String>,
        prefix: Option<&str>,
    ) -> ApiResult<Option<String>> {
        let made = self.make_backup_inner(job, passphrase, prefix).await;
        job.end(made.clone());
        match &made {
            Ok(_) => {
                self.db().write(|tx| meta::remove(tx, FAILURE)).await?;
            }
            Err(error) if error.code == Code::Cancelled => {}
            // Health shows it until one is made.
            Err(error) => {
                let failure = json(&BackupFailure {
                    at: self.clock().now(),
                    error: error.clone(),
                })?;
                self.db()
                    .write(move |tx| meta::set(tx, FAILURE, &failure))
                    .await?;
            }
        }
        self.tell_backups_changed().await;
        made.map(|(name, _)| name)
    }

    async fn make_backup_inner(
        &self,
        job: &Arc<Job>,
        passphrase: Zeroizing<String>,
        prefix: Option<&str>,
    ) -> ApiResult<(Option<String>, u64)> {
        let schedule = self.backup_schedule().await?;
        let folder = self.backup_folder(&schedule);
        let now = self.clock().now();
        let mut name = schedule::file_name(&schedule, self.zone(), now);
        if let Some(prefix) = prefix {
            name = name.replacen("hearth-", prefix, 1);
        }
        let target = schedule::free(&folder, &name);
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned());
        let new = NewBackup {
            target,
            passphrase,
            with_copies: schedule.with_copies,
            keychain: Arc::clone(&self.config().keychain),
            made_at: now,
            fast: self.config().fast_passwords,
        };
        let (dir, entropy) = (self.config().data_dir.clone(), Arc::clone(&self.config().entropy));
        let (home, named) = (self.home_id().clone(), schedule.folder.is_some());
        let created = self
            .run_job(job, move |job| {
                if named && !folder::is_there(&folder, &home) {
                    return Err(BackupError::FolderMissing(folder.display().to_string()));
                }
                let created = create(&dir, &new, &*entropy, job)?;
                if named && let Err(error) = folder::mark(&folder) {
                    tracing::warn!(error = %error, "The folder of backups cannot be marked");
                }
                for old in schedule::outdated(&schedule::list(&folder), &home, now) {
                    if let Err(error) = std::fs::remove_file(&old.path) {
                        tracing::warn!(error = %error, "A backup past its time cannot be removed");
                    }
                }
                Ok(created)
            })
            .await?;
        tracing::info!(
            bytes = created.bytes,
            left_out = created.left_out.len(),
            "A backup was made"
        );
        let left_out = u64::try_from(created.left_out.len()).unwrap_or(u64::MAX);
        Ok((name, left_out))
    }

    /// Makes the backup that is due, if one is. After a failure it is tried again an hour later; admins are told once.
    ///
    /// # Errors
    /// What kept it from being made.
    pub async fn backup_if_due(&self) -> ApiResult<()> {
        let now = self.clock().now();
        let schedule = self.backup_schedule().await?;
        let Some(slot) = schedule::last_slot(&schedule, self.zone(), now) else {
            return Ok(());
        };
        let done = self.db().read(|tx| meta::get(tx, SLOT)).await?;
        if done
            .and_then(|text| text.parse().ok())
            .is_some_and(|done: i64| done >= slot.0)
        {
            return Ok(());
        }
        let failed = self.backup_failure().await?;
        if failed
            .as_ref()
            .is_some_and(|failed| now.ms_since(failed.at) < schedule::AGAIN_MS && failed.at >= slot)
        {
            return Ok(());
        }
        let made = match self.backup_passphrase().await {
            Ok(Some(passphrase)) => match self.begin_job(JobKind::Backup).await {
                Ok(job) => self.make_backup(&job, passphrase, None).await.map(drop),
                // Something else runs: at the next look.
                Err(_busy) => return Ok(()),
            },
            Ok(None) => Err(BackupError::PassphraseNeeded.into()),
            Err(error) => Err(error),
        };
        match made {
            Ok(()) => self.note_slot(slot).await,
            // The home is being closed: it is made after the next start.
            Err(error) if error.code == Code::Cancelled && self.closed().is_cancelled() => Ok(()),
            Err(error) => {
                let told = failed.is_some_and(|failed| failed.at >= slot);
                let failure = json(&BackupFailure {
                    at: now,
                    error: error.clone(),
                })?;
                self.db()
                    .write(move |tx| meta::set(tx, FAILURE, &failure))
                    .await?;
                if !told {
                    self.social()
                        .tell_admins_of_this_home(NotificationType::BackupFailed, "backup_failed")
                        .await?;
                }
                self.tell_backups_changed().await;
                Err(error)
            }
        }
    }

    async fn note_slot(&self, slot: Timestamp) -> ApiResult<()> {
        self.db()
            .write(move |tx| meta::set(tx, SLOT, &slot.0.to_string()))
            .await?;
        Ok(())
    }

    pub(super) async fn verify_backup(&self, request: VerifyBackup) -> ApiResult<BackupJob> {
        let passphrase = self.passphrase_or(request.passphrase).await?;
        let file = self.backup_file(request.name.clone()).await?;
        let job = self.begin_job(JobKind::Verify).await?;
        let (node, running) = (self.clone(), Arc::clone(&job));
        self.spawn(async move {
            let checked = node
                .run_job(&running, move |job| restore::verify(&file, &passphrase, job))
                .await;
            running.end(checked.map(|verified| {
                let left_out = u64::try_from(verified.left_out.len()).unwrap_or(u64::MAX);
                (Some(request.name), left_out)
            }));
        });
        Ok(job.state())
    }

    /// Restores a file over this home, then asks the host to open it anew.
    pub(super) async fn start_restore(
        &self,
        file: PathBuf,
        passphrase: Zeroizing<String>,
    ) -> ApiResult<BackupJob> {
        let job = self.begin_job(JobKind::Restore).await?;
        let now = self.clock().now();
        let schedule = self.backup_schedule().await?;
        let name = schedule::safety_name(&schedule, self.zone(), now);
        let (mut kept, home) = (self.backup_folder(&schedule), self.home_id().clone());
        // A drive that is not connected keeps nobody from restoring.
        let there = kept.clone();
        if schedule.folder.is_some() && !blocking(move || folder::is_there(&there, &home)).await? {
            kept = self.config().data_dir.join(schedule::FOLDER);
        }
        let wanted = Restore {
            file,
            passphrase,
            key_passphrase: self.config().passphrase.clone(),
            keychain: Arc::clone(&self.config().keychain),
            now,
            safety: schedule::free(&kept, &name),
            broken: false,
            fast: self.config().fast_passwords,
        };
        let (dir, entropy) = (self.config().data_dir.clone(), Arc::clone(&self.config().entropy));
        let (node, running) = (self.clone(), Arc::clone(&job));
        self.spawn(async move {
            let prepared = node
                .run_job(&running, move |job| {
                    restore::prepare(&dir, &wanted, &entropy, job)
                })
                .await;
            let fine = prepared.is_ok();
            running.end(prepared.map(|verified| {
                let saved = verified.saved_before.as_deref().and_then(|path| path.file_name());
                let left_out = u64::try_from(verified.left_out.len()).unwrap_or(u64::MAX);
                (saved.map(|name| name.to_string_lossy().into_owned()), left_out)
            }));
            if fine {
                tracing::info!("A backup is about to be restored: Hearth starts again");
                node.want_restart();
            }
        });
        Ok(job.state())
    }
}
