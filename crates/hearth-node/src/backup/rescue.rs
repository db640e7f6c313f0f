//! A home that does not open because what is in its folder is damaged or gone: the window can restore a backup over it all the same.
//!
//! There is no account to ask, as nobody can read who lives here. So only the window of this very computer is heard, whose person could
//! put the files there by hand as well; a passphrase opens the backup, and what is in the folder is kept beside it, as it is.

use super::service::blocking;
use super::state::State;
use super::{BackupError, Job, Restore, restore, schedule};
use crate::caller::{Caller, Door};
use crate::config::NodeConfig;
use crate::dispatch::parse;
use crate::open_error::OpenError;
use hearth_api::backup::{
    BackupJob, BackupSchedule, BeginRestore, GetRestoreJob, JobKind, PreviewRestore, RestorePreview,
    SendRestore, StartRestore,
};
use hearth_api::{ApiError, ApiResult, Command};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

/// A home that does not open, and what can be done about it from its window.
#[derive(Clone)]
pub struct Rescue {
    config: NodeConfig,
    /// What everything else is answered with.
    why: ApiError,
    state: Arc<State>,
    restored: CancellationToken,
}

impl std::fmt::Debug for Rescue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rescue")
            .field("why", &self.why)
            .finish_non_exhaustive()
    }
}

impl Rescue {
    /// For a home that did not open with `config`, if a backup mends what is wrong with it.
    #[must_use]
    pub fn of(config: NodeConfig, error: &OpenError) -> Option<Self> {
        error.is_damage().then(|| Self {
            config,
            why: error.for_window(),
            state: Arc::default(),
            restored: CancellationToken::new(),
        })
    }

    /// Puts a command of the window: those that restore a handed-over backup. All others are answered with why the home does not open.
    ///
    /// # Errors
    /// What the commands say, or why the home does not open.
    pub async fn dispatch(&self, caller: &Caller, name: &str, payload: Value) -> ApiResult<Value> {
        if !caller.this_machine || caller.door != Door::Home {
            return Err(self.why.clone());
        }
        match name {
            BeginRestore::NAME => answer(self.begin(parse(payload)?).await?),
            SendRestore::NAME => answer(self.send(parse(payload)?).await?),
            PreviewRestore::NAME => answer(self.preview(parse(payload)?).await?),
            StartRestore::NAME => answer(self.start(parse(payload)?)?),
            GetRestoreJob::NAME => answer(self.state.job()),
            _ => Err(self.why.clone()),
        }
    }

    /// Cancelled once the home of a backup is in place: it is to be opened.
    #[must_use]
    pub fn restored(&self) -> CancellationToken {
        self.restored.clone()
    }

    /// Whether a restore is under way: the folder is not to be opened meanwhile.
    #[must_use]
    pub fn is_restoring(&self) -> bool {
        self.state.is_job_running()
    }

    /// The newest backup in the usual place of this home, which its person need not look for. Of another home only where it is not known
    /// which one this is.
    #[must_use]
    pub fn newest_backup(&self) -> Option<PathBuf> {
        let dir = &self.config.data_dir;
        let present = super::present(dir);
        let mut found = schedule::list(&dir.join(schedule::FOLDER)).into_iter();
        let is_own = |file: &schedule::Found| present.as_ref().is_none_or(|home| file.preface.home == *home);
        found.find(is_own).map(|file| file.path)
    }

    async fn begin(&self, request: BeginRestore) -> ApiResult<<BeginRestore as Command>::Output> {
        let (state, dir) = (Arc::clone(&self.state), self.config.data_dir.clone());
        let (id, now) = (self.config.ids.uuid().to_string(), self.config.clock.now());
        blocking(move || state.begin_upload(&dir, id, request.bytes, now)).await?
    }

    async fn send(&self, request: SendRestore) -> ApiResult<<SendRestore as Command>::Output> {
        let (state, now) = (Arc::clone(&self.state), self.config.clock.now());
        blocking(move || {
            state.with_upload(&request.id, |upload| {
                upload.take(request.offset, &request.data, now)
            })
        })
        .await?
    }

    async fn preview(&self, request: PreviewRestore) -> ApiResult<RestorePreview> {
        let rescue = self.clone();
        blocking(move || {
            let present = super::present(&rescue.config.data_dir);
            rescue
                .state
                .with_upload(&request.id, |upload| Ok(upload.preview(present.as_ref())?))
        })
        .await?
    }

    fn start(&self, request: StartRestore) -> ApiResult<BackupJob> {
        let now = self.config.clock.now();
        let file = self.state.with_upload(&request.id, |upload| upload.whole())?;
        let job = self.state.begin_job(JobKind::Restore, now, |_| ())?;
        let name = schedule::safety_name(&BackupSchedule::default(), &*self.config.zone, now);
        let dir = self.config.data_dir.clone();
        let wanted = Restore {
            file,
            passphrase: Zeroizing::new(request.passphrase),
            key_passphrase: self.config.passphrase.clone(),
            keychain: Arc::clone(&self.config.keychain),
            now,
            safety: schedule::free(&dir.join(schedule::FOLDER), &name),
            broken: true,
            fast: self.config.fast_passwords,
        };
        let (entropy, running, rescue) = (Arc::clone(&self.config.entropy), Arc::clone(&job), self.clone());
        tokio::spawn(async move {
            let working = Arc::clone(&running);
            let done = blocking(move || restore::restore(&dir, &wanted, &entropy, &working)).await;
            if done.as_ref().is_ok_and(Result::is_ok) {
                rescue.state.end_upload();
            }
            if end(&running, done) {
                tracing::info!("A backup took the place of a home that did not open");
                rescue.restored.cancel();
            }
        });
        Ok(job.state())
    }
}

/// Notes how a restore ended; whether well.
fn end(job: &Job, done: ApiResult<Result<restore::Verified, BackupError>>) -> bool {
    let done = done.and_then(|done| done.map_err(ApiError::from));
    if let Err(error) = &done {
        // Its text may name a folder, and a folder a person.
        tracing::warn!(code = %error.code, "A backup job failed");
    }
    let fine = done.is_ok();
    job.end(done.map(|verified| {
        let kept = verified.saved_before.as_deref().and_then(|path| path.file_name());
        let left_out = u64::try_from(verified.left_out.len()).unwrap_or(u64::MAX);
        (kept.map(|name| name.to_string_lossy().into_owned()), left_out)
    }));
    fine
}

fn answer<T: serde::Serialize>(answer: T) -> ApiResult<Value> {
    serde_json::to_value(answer).map_err(|error| {
        tracing::error!(error = %error, "An answer did not serialise");
        crate::dispatch::internal()
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{PHRASE, config, home, sample};
    use super::*;
    use crate::Node;
    use hearth_api::Code;
    use hearth_api::backup::JobPhase;
    use serde_json::json;
    use std::path::Path;

    async fn ask(rescue: &Rescue, name: &str, payload: Value) -> ApiResult<Value> {
        rescue.dispatch(&Caller::desktop(None), name, payload).await
    }

    /// Restores the sample as the window does, with a passphrase; how it ended.
    async fn restored(rescue: &Rescue, phrase: &str) -> BackupJob {
        let begun = ask(rescue, BeginRestore::NAME, json!({ "bytes": sample().len() })).await;
        let id = begun.unwrap()["id"].clone();
        let data = data_encoding::BASE64.encode(sample());
        let piece = json!({ "id": id, "offset": 0, "data": data });
        ask(rescue, SendRestore::NAME, piece).await.unwrap();
        let preview = ask(rescue, PreviewRestore::NAME, json!({ "id": id }))
            .await
            .unwrap();
        assert_eq!(preview["people"], 1);
        let start = json!({ "id": id, "passphrase": phrase });
        ask(rescue, StartRestore::NAME, start).await.unwrap();
        loop {
            let job = ask(rescue, GetRestoreJob::NAME, json!({})).await.unwrap();
            let job: BackupJob = serde_json::from_value(job).unwrap();
            if job.phase.is_end() {
                return job;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn opened(dir: &Path) -> Result<Node, OpenError> {
        Node::open(config(dir)).await
    }

    #[tokio::test]
    async fn over_a_damaged_home_a_backup_is_restored_and_the_damaged_files_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("home");
        for (round, gone) in [false, true].into_iter().enumerate() {
            home(&dir).await;
            let picture = dir.join("blobs/ab/cd");
            std::fs::create_dir_all(picture.parent().unwrap()).unwrap();
            std::fs::write(&picture, "a picture").unwrap();
            if gone {
                for name in ["hearth.db", "hearth.db-wal", "hearth.db-shm"] {
                    let _not_each_is_there = std::fs::remove_file(dir.join(name));
                }
            } else {
                std::fs::write(dir.join("hearth.db"), b"not a database at all").unwrap();
            }
            let error = opened(&dir).await.err().unwrap();
            assert_eq!(error.for_window().code, Code::HomeDamaged, "{error}");
            let rescue = Rescue::of(config(&dir), &error).unwrap();

            // Nothing is changed before the backup was tried, and nothing else is answered.
            let refused = restored(&rescue, "another phrase").await;
            assert_eq!(refused.phase, JobPhase::Failed);
            assert!(!rescue.restored().is_cancelled());
            assert_eq!(std::fs::read(&picture).unwrap(), b"a picture");
            let status = ask(&rescue, "app.get_status", json!({})).await.unwrap_err();
            assert_eq!(status.code, Code::HomeDamaged);
            let mut elsewhere = Caller::desktop(None);
            elsewhere.this_machine = false;
            let begin = json!({ "bytes": 1 });
            let elsewhere = rescue.dispatch(&elsewhere, BeginRestore::NAME, begin).await;
            assert_eq!(elsewhere.unwrap_err().code, Code::HomeDamaged);

            let done = restored(&rescue, PHRASE).await;
            assert_eq!(done.phase, JobPhase::Done, "round {round}: {done:?}");
            rescue.restored().cancelled().await;
            assert!(!dir.join("restore-upload/backup").exists());
            let kept = dir.join(done.file.unwrap());
            let name = kept.file_name().unwrap().to_string_lossy().into_owned();
            assert!(name.starts_with("before-restore-20"), "dated: {name}");
            assert_eq!(std::fs::read(kept.join("blobs/ab/cd")).unwrap(), b"a picture");
            assert!(kept.join("master.key").exists());
            assert_eq!(kept.join("hearth.db").exists(), !gone);
            let node = opened(&dir).await.unwrap();
            assert!(node.is_set_up().await.unwrap());
            node.close().await;
            drop(node);
            std::fs::remove_dir_all(&dir).unwrap();
        }
    }

    #[tokio::test]
    async fn a_backup_of_another_home_is_told_from_one_of_this() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("home");
        home(&dir).await;
        // Its database says which home it is, though not its key.
        std::fs::remove_file(dir.join("master.key")).unwrap();
        let error = opened(&dir).await.err().unwrap();
        let rescue = Rescue::of(config(&dir), &error).unwrap();
        let is_other = async || -> bool {
            let begin = json!({ "bytes": sample().len() });
            let id = ask(&rescue, BeginRestore::NAME, begin).await.unwrap()["id"].clone();
            let data = data_encoding::BASE64.encode(sample());
            let piece = json!({ "id": id, "offset": 0, "data": data });
            ask(&rescue, SendRestore::NAME, piece).await.unwrap();
            let preview = json!({ "id": id });
            let preview = ask(&rescue, PreviewRestore::NAME, preview).await.unwrap();
            preview["other_home"].as_bool().unwrap()
        };
        assert!(is_other().await);
        // With neither a database nor a backup nothing is known; a backup beside it tells.
        std::fs::write(dir.join("hearth.db"), b"not a database at all").unwrap();
        assert!(!is_other().await);
        std::fs::create_dir_all(dir.join("backups")).unwrap();
        let newest = dir.join("backups/hearth-2026-11-22.hearth-backup");
        std::fs::write(&newest, sample()).unwrap();
        assert!(!is_other().await);
        let made = super::super::tests::another_sample();
        std::fs::write(&newest, &made).unwrap();
        assert!(is_other().await);
        // Of two homes' it is not known whose folder it is; what was kept for a restore does not count.
        let own = dir.join("backups/hearth-2026-11-21.hearth-backup");
        std::fs::write(&own, sample()).unwrap();
        assert!(!is_other().await);
        let before = dir.join("backups/before-restore-2026-11-23.hearth-backup");
        std::fs::rename(&own, &before).unwrap();
        assert!(is_other().await);
    }

    #[tokio::test]
    async fn what_no_backup_mends_is_no_reason_to_restore_one() {
        let folder = tempfile::tempdir().unwrap();
        let running = opened(folder.path()).await.unwrap();
        let error = opened(folder.path()).await.err().unwrap();
        assert!(Rescue::of(config(folder.path()), &error).is_none(), "{error}");
        running.close().await;
    }
}
