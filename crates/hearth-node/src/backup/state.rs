//! The one job that runs, and the one file that is being handed over: of a home that is open, and of one that does not open.

use super::Job;
use super::upload::Upload;
use hearth_api::backup::{BackupJob, JobKind, RestoreUpload};
use hearth_api::{ApiError, ApiResult, Timestamp};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// What runs, and what is being handed over.
#[derive(Default)]
pub(crate) struct State {
    pub(super) job: Mutex<Option<Arc<Job>>>,
    pub(super) upload: Mutex<Option<Upload>>,
}

impl State {
    /// Whether a backup to restore is being handed over now.
    pub(super) fn is_upload_coming(&self, now: Timestamp) -> bool {
        let upload = self.upload.lock().unwrap_or_else(PoisonError::into_inner);
        upload.as_ref().is_some_and(|upload| upload.is_coming(now))
    }

    /// Begins to take a file to restore into `dir`.
    pub(super) fn begin_upload(
        &self,
        dir: &Path,
        id: String,
        bytes: u64,
        now: Timestamp,
    ) -> ApiResult<RestoreUpload> {
        let mut present = self.upload.lock().unwrap_or_else(PoisonError::into_inner);
        // The one before goes first: both use one file.
        drop(present.take());
        let upload = Upload::begin(dir, id, bytes, now)?;
        let state = upload.state();
        *present = Some(upload);
        Ok(state)
    }

    /// Does something with the file of that id that is being handed over.
    pub(super) fn with_upload<T>(
        &self,
        id: &str,
        f: impl FnOnce(&mut Upload) -> ApiResult<T>,
    ) -> ApiResult<T> {
        let mut upload = self.upload.lock().unwrap_or_else(PoisonError::into_inner);
        match upload.as_mut().filter(|upload| upload.is(id)) {
            Some(upload) => f(upload),
            None => Err(ApiError::not_found()),
        }
    }

    /// Lets go of the file that was handed over, which vanishes: the home is restored from it.
    pub(super) fn end_upload(&self) {
        drop(self.upload.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Begins a job, unless one runs. `told` hears how far it is.
    pub(super) fn begin_job(
        &self,
        kind: JobKind,
        now: Timestamp,
        told: impl Fn(&BackupJob) + Send + Sync + 'static,
    ) -> ApiResult<Arc<Job>> {
        let mut running = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        if running.as_ref().is_some_and(|job| !job.state().phase.is_end()) {
            return Err(ApiError::wrong_state(
                "A backup or a restore is under way. Wait for it, or cancel it.",
            ));
        }
        let job = Arc::new(Job::new(kind, now, told));
        *running = Some(Arc::clone(&job));
        Ok(job)
    }

    /// Whether a backup, a restore or a copy is under way.
    pub(super) fn is_job_running(&self) -> bool {
        self.job().is_some_and(|job| !job.phase.is_end())
    }

    pub(super) fn job(&self) -> Option<BackupJob> {
        let job = self.job.lock().unwrap_or_else(PoisonError::into_inner);
        job.as_ref().map(|job| job.state())
    }
}
