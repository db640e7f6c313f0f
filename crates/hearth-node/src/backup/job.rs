//! A piece of work that takes a while: how far it is, and whether it is still wanted.

use super::BackupError;
use hearth_api::backup::{BackupJob, JobKind, JobPhase};
use hearth_api::{ApiError, Timestamp};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Told whenever a job has moved on by a per cent or to another phase.
type Told = Box<dyn Fn(&BackupJob) + Send + Sync>;

/// A piece of work that takes a while.
pub struct Job {
    state: Mutex<BackupJob>,
    cancelled: AtomicBool,
    /// A phase that stays shown while a part of it goes through phases of its own.
    pinned: Mutex<Option<JobPhase>>,
    told: Told,
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").finish_non_exhaustive()
    }
}

impl Job {
    /// A job that tells how far it is.
    pub fn new(kind: JobKind, now: Timestamp, told: impl Fn(&BackupJob) + Send + Sync + 'static) -> Self {
        Self {
            state: Mutex::new(BackupJob {
                kind,
                phase: JobPhase::Starting,
                done: 0,
                total: 0,
                started_at: now,
                file: None,
                left_out: 0,
                error: None,
            }),
            cancelled: AtomicBool::new(false),
            pinned: Mutex::default(),
            told: Box::new(told),
        }
    }

    /// A job that nobody watches.
    #[must_use]
    pub fn silent(kind: JobKind, now: Timestamp) -> Self {
        Self::new(kind, now, |_| {})
    }

    /// How far it is.
    #[must_use]
    pub fn state(&self) -> BackupJob {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks it to stop; what it began is undone.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }

    /// Goes on to the next phase, of so many bytes.
    pub(crate) fn phase(&self, phase: JobPhase, total: u64) -> Result<(), BackupError> {
        let phase = self
            .pinned
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .unwrap_or(phase);
        self.change(|state| {
            state.phase = phase;
            state.done = 0;
            state.total = total;
            true
        });
        self.wanted()
    }

    /// Shows one phase for everything until it is told otherwise.
    pub(crate) fn pin(&self, phase: Option<JobPhase>) {
        *self.pinned.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }

    /// So many bytes are done.
    pub(crate) fn advance(&self, bytes: u64) -> Result<(), BackupError> {
        self.change(|state| {
            let percent = |done: u64| done.saturating_mul(100).checked_div(state.total);
            let before = percent(state.done);
            let done = state.done.saturating_add(bytes).min(state.total);
            let moved = percent(done) != before;
            state.done = done;
            moved
        });
        self.wanted()
    }

    /// It ended.
    pub(crate) fn end(&self, result: Result<(Option<String>, u64), ApiError>) {
        self.change(|state| {
            match result {
                Ok((file, left_out)) => {
                    state.phase = JobPhase::Done;
                    state.file = file;
                    state.left_out = left_out;
                }
                Err(error) => {
                    state.phase = JobPhase::Failed;
                    state.error = Some(error);
                }
            }
            true
        });
    }

    pub(super) fn wanted(&self) -> Result<(), BackupError> {
        if self.cancelled.load(Ordering::SeqCst) {
            Err(BackupError::Cancelled)
        } else {
            Ok(())
        }
    }

    fn change(&self, f: impl FnOnce(&mut BackupJob) -> bool) {
        let now = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            f(&mut state).then(|| state.clone())
        };
        if let Some(state) = now {
            (self.told)(&state);
        }
    }
}
