//! The assistant: providers, consent, conversations and their turns.
//!
//! [`Assistant`] holds what it needs; its methods are the commands, spread over the modules by area. A turn runs in a task of
//! its own (`turn`), tells its steps as passing events with rising numbers (`running`), and stores its text twice a second, so
//! that a reloaded window gets exactly the rest and a crash keeps what was there.
//!
//! Invariants:
//!
//! * Unknown and foreign ids both give `not_found`.
//! * No byte of a person's goes to a provider outside this machine without that person's consent (`providers`).
//! * Errors are kept beside a message, never in its text, and are never sent to a model.
//!
//! Not here: HTTP to model servers (`hearth-llm`), SQL (`hearth-db`).

mod bulk;
mod chats;
mod history;
mod models;
mod parameters;
mod providers;
mod running;
mod send;
#[cfg(test)]
mod tests;
mod title;
mod turn;

use hearth_api::ports::{Clock, Ids};
use hearth_api::{ApiError, ApiResult, Code, Event, PersonId, Timestamp};
use hearth_db::{Db, ReadTx, WriteTx};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::broadcast;
use tokio_util::task::TaskTracker;
use zeroize::Zeroizing;

/// On whose behalf a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The account.
    pub account: PersonId,
    /// Whether it runs the home.
    pub admin: bool,
}

/// Where provider keys are kept, sealed.
pub trait Secrets: Send + Sync {
    /// Seals and stores a secret under a name.
    ///
    /// # Errors
    /// `keychain_locked`; a storage error.
    fn put(&self, tx: &mut WriteTx<'_>, name: &str, secret: &str) -> ApiResult<()>;
    /// Opens a secret, if there is one.
    ///
    /// # Errors
    /// `keychain_locked`; a storage error.
    fn get(&self, tx: &ReadTx<'_>, name: &str) -> ApiResult<Option<Zeroizing<String>>>;
    /// Destroys a secret.
    ///
    /// # Errors
    /// A storage error.
    fn delete(&self, tx: &mut WriteTx<'_>, name: &str) -> ApiResult<()>;
}

/// What [`Assistant`] is made of.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Provider keys.
    pub secrets: Arc<dyn Secrets>,
    /// Where passing events go: the account and the event.
    pub events: broadcast::Sender<(PersonId, Event)>,
}

/// The assistant of a home. Cheap to clone.
#[derive(Clone)]
pub struct Assistant {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    running: running::Running,
    clients: providers::Clients,
    tasks: TaskTracker,
    closing: AtomicBool,
}

impl std::fmt::Debug for Assistant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Assistant")
    }
}

impl Assistant {
    /// The assistant of the home that `parts` belong to.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            inner: Arc::new(Inner {
                running: running::Running::new(parts.events.clone()),
                clients: providers::Clients::default(),
                tasks: TaskTracker::new(),
                closing: AtomicBool::new(false),
                parts,
            }),
        }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.parts.db
    }
    pub(crate) fn now(&self) -> Timestamp {
        self.inner.parts.clock.now()
    }
    pub(crate) fn new_id<T: From<uuid::Uuid>>(&self) -> T {
        T::from(self.inner.parts.ids.uuid())
    }
    pub(crate) fn secrets(&self) -> &Arc<dyn Secrets> {
        &self.inner.parts.secrets
    }
    pub(crate) fn running(&self) -> &running::Running {
        &self.inner.running
    }
    /// Whether an answer is being written now.
    #[must_use]
    pub fn is_answering(&self) -> bool {
        self.inner.running.any()
    }
    pub(crate) fn clients(&self) -> &providers::Clients {
        &self.inner.clients
    }
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.inner.tasks.spawn(task);
    }
    pub(crate) fn is_closing(&self) -> bool {
        self.inner.closing.load(Ordering::Acquire)
    }

    /// After a start: answers that a crash cut off are marked as interrupted, their text kept.
    ///
    /// # Errors
    /// A storage error.
    pub async fn recover(&self) -> ApiResult<()> {
        let cut = self
            .db()
            .write(|tx| {
                hearth_db::chat_message::interrupt_unfinished(
                    tx,
                    Code::StreamInterrupted.as_str(),
                    CLOSED_MEANWHILE,
                )
            })
            .await?;
        if cut > 0 {
            tracing::info!(answers = cut, "Answers were cut off when Hearth last closed");
        }
        Ok(())
    }

    /// Erases what has been in the trash for 30 days.
    ///
    /// # Errors
    /// A storage error.
    pub async fn sweep(&self) -> ApiResult<()> {
        let before = self.now().plus_days(-TRASH_DAYS);
        Ok(self
            .db()
            .write(move |tx| hearth_db::chat::purge(tx, before))
            .await?)
    }

    /// Ends all turns, keeping their text, and waits for them.
    pub async fn close(&self) {
        self.inner.closing.store(true, Ordering::Release);
        self.inner.running.stop_all();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }
}

/// Days that something stays in the trash.
const TRASH_DAYS: i64 = 30;
/// What an answer says that ended with the program.
const CLOSED_MEANWHILE: &str =
    "Hearth was closed while this answer was being written. What had arrived is kept; continue it.";

/// Everything blank gives `empty_input`, everything over the limit `too_large`.
pub(crate) fn check_text(text: &str) -> ApiResult<()> {
    if text.trim().is_empty() {
        return Err(ApiError::new(Code::EmptyInput, "Write something first.").on("text"));
    }
    if text.chars().count() > hearth_api::chat::MAX_MESSAGE {
        return Err(ApiError::new(
            Code::TooLarge,
            "A message has up to 200 000 characters. Shorten it, or split it.",
        )
        .on("text"));
    }
    Ok(())
}
