//! The commands of backups: who may put them, with which proof.

use super::service::{FAILURE, PASSPHRASE, SCHEDULE, SLOT, blocking, json};
use super::upload::Upload;
use super::{BackupError, folder, schedule};
use crate::dispatch::{Ctx, sign_in_needed};
use hearth_api::backup::{
    BackupJob, Backups, BeginRestore, DeleteBackup, JobKind, RestoreBackup, RestorePreview, RestoreUpload,
    SendRestore, SetBackupSchedule, StartRestore, VerifyBackup,
};
use hearth_api::{ApiError, ApiResult, Code};
use hearth_db::meta;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use zeroize::Zeroizing;

impl Ctx {
    async fn confirm(&self, password: &str) -> ApiResult<()> {
        self.node.social().check_password(self.viewer()?, password).await
    }

    /// Whoever sits at a home that nobody has set up; after that, admins.
    async fn may_restore(&self) -> ApiResult<()> {
        match &self.viewer {
            Some(viewer) if viewer.role.is_admin() => Ok(()),
            Some(_) => Err(ApiError::forbidden("Only an admin of this home can do this.")),
            None if self.node.is_set_up().await? => Err(sign_in_needed()),
            None => Ok(()),
        }
    }

    pub(crate) fn cancel_job(&self) {
        let job = self
            .node
            .backups()
            .job
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = &*job {
            job.cancel();
        }
    }

    pub(crate) async fn verify_backup(&self, request: VerifyBackup) -> ApiResult<BackupJob> {
        self.node.verify_backup(request).await
    }

    pub(crate) async fn delete_backup(&self, request: DeleteBackup) -> ApiResult<()> {
        self.confirm(&request.password).await?;
        let path = self.node.backup_file(request.name).await?;
        blocking(move || std::fs::remove_file(&path))
            .await?
            .map_err(|error| BackupError::io("the backup", error))?;
        self.node.tell_backups_changed().await;
        Ok(())
    }

    pub(crate) async fn set_backup_schedule(&self, request: SetBackupSchedule) -> ApiResult<Backups> {
        self.confirm(&request.password).await?;
        let node = &self.node;
        let mut schedule = request.schedule;
        schedule.folder = schedule
            .folder
            .map(|folder| folder.trim().to_owned())
            .filter(|folder| !folder.is_empty());
        let moved = schedule.folder != node.backup_schedule().await?.folder;
        if moved {
            if !self.caller.this_machine {
                return Err(ApiError::new(
                    Code::NotFromHere,
                    "The folder can only be chosen on the computer that Hearth runs on.",
                ));
            }
            if let Some(folder) = schedule.folder.clone() {
                blocking(move || folder::choose(Path::new(&folder))).await??;
            }
        }
        let passphrase = request.passphrase.map(Zeroizing::new);
        if let Some(passphrase) = &passphrase {
            super::create::check_passphrase(passphrase)?;
        }
        let (text, keys) = (json(&schedule)?, Arc::clone(node.keys()));
        let slot = schedule::last_slot(&schedule, node.zone(), node.clock().now());
        node.db()
            .write(move |tx| -> ApiResult<()> {
                if let Some(passphrase) = passphrase {
                    keys.put(tx, PASSPHRASE, passphrase.as_bytes())?;
                }
                meta::set(tx, SCHEDULE, &text)?;
                if moved {
                    // What went wrong with the folder before is of no weight any more.
                    meta::remove(tx, FAILURE)?;
                }
                // From the next night on, not for the one that is over.
                if let Some(slot) = slot {
                    meta::set(tx, SLOT, &slot.0.to_string())?;
                }
                Ok(())
            })
            .await?;
        node.tell_backups_changed().await;
        node.list_backups().await
    }

    pub(crate) async fn restore_backup(&self, request: RestoreBackup) -> ApiResult<BackupJob> {
        self.confirm(&request.password).await?;
        let passphrase = self.node.passphrase_or(request.passphrase).await?;
        let file = self.node.backup_file(request.name).await?;
        self.node.start_restore(file, passphrase).await
    }

    pub(crate) async fn begin_restore(&self, request: BeginRestore) -> ApiResult<RestoreUpload> {
        self.may_restore().await?;
        let (dir, id) = (
            self.node.config().data_dir.clone(),
            self.node.ids().uuid().to_string(),
        );
        let (node, now) = (self.node.clone(), self.node.clock().now());
        blocking(move || node.backups().begin_upload(&dir, id, request.bytes, now)).await?
    }

    async fn with_upload<T: Send + 'static>(
        &self,
        id: String,
        f: impl FnOnce(&mut Upload) -> ApiResult<T> + Send + 'static,
    ) -> ApiResult<T> {
        self.may_restore().await?;
        let node = self.node.clone();
        blocking(move || node.backups().with_upload(&id, f)).await?
    }

    pub(crate) async fn send_restore(&self, request: SendRestore) -> ApiResult<RestoreUpload> {
        let now = self.node.clock().now();
        self.with_upload(request.id, move |upload| {
            upload.take(request.offset, &request.data, now)
        })
        .await
    }

    pub(crate) async fn preview_restore(&self, id: String) -> ApiResult<RestorePreview> {
        // Before it is set up, a home is nobody's.
        let present = self.viewer.as_ref().map(|_| self.node.home_id().clone());
        self.with_upload(id, move |upload| Ok(upload.preview(present.as_ref())?))
            .await
    }

    pub(crate) async fn start_restore(&self, request: StartRestore) -> ApiResult<BackupJob> {
        let file = self.with_upload(request.id, |upload| upload.whole()).await?;
        if self.viewer.is_some() {
            let password = request.password.ok_or_else(|| {
                ApiError::new(
                    Code::PasswordNeeded,
                    "Type your password to restore over this home.",
                )
            })?;
            self.confirm(&password).await?;
        }
        self.node
            .start_restore(file, Zeroizing::new(request.passphrase))
            .await
    }

    pub(crate) async fn restore_job(&self) -> ApiResult<Option<BackupJob>> {
        self.may_restore().await?;
        Ok(self
            .node
            .backups()
            .job()
            .filter(|job| job.kind == JobKind::Restore))
    }
}
