//! One writer, a few readers.
//!
//! The writer thread takes all writes that are queued, runs each in a savepoint of one transaction and commits them together:
//! with `synchronous=FULL` the cost of a durable commit is the disk's flush, and a group shares it. A write is answered
//! only after its commit. Lost alternative: a mutex around one connection, which pays one flush a write.
//!
//! Readers are `query_only` and taken last-in first-out, so that the busiest page cache stays warm. Closures run off the async threads.

use crate::tx::{ReadTx, WriteTx};
use crate::{DbError, DbResult, migrate};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

/// Most writes of one commit.
const GROUP: usize = 128;

/// How to open the database.
#[derive(Debug, Clone)]
pub struct DbOptions {
    /// Number of reading connections.
    pub readers: usize,
    /// Page cache of each connection, in KiB.
    pub cache_kib: u32,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self {
            readers: 3,
            cache_kib: 8 * 1024,
        }
    }
}

/// Completes a write after its group's commit.
type Finish = Box<dyn FnOnce(Result<(), String>) + Send>;
/// A write; without a transaction it only says why there is none.
type Job = Box<dyn FnOnce(Option<&mut WriteTx<'_>>) -> (bool, Finish) + Send>;

/// The database of a home. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    jobs: Mutex<Option<mpsc::UnboundedSender<Job>>>,
    writer: Mutex<Option<std::thread::JoinHandle<()>>>,
    readers: Mutex<Vec<Connection>>,
    /// Told when a reader comes back.
    returned: Condvar,
    /// As many as readers, so that reads of async callers queue without each keeping a thread.
    permits: Arc<Semaphore>,
    events: watch::Sender<u64>,
    delivery: watch::Sender<u64>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("path", &self.inner.path)
            .finish_non_exhaustive()
    }
}

impl Db {
    /// Opens the database file, creating or migrating it. Blocks; call it off the async threads.
    ///
    /// # Errors
    /// [`DbError::TooNew`] for a file of a newer program, [`DbError::Migration`] when a migration fails (the file is then as before).
    pub fn open(path: &Path, options: &DbOptions) -> DbResult<Self> {
        let mut writer = connect(path, options, false)?;
        migrate::run(&mut writer, path)?;
        let readers = (0..options.readers.max(1))
            .map(|_| connect(path, options, true))
            .collect::<DbResult<_>>()?;
        let (jobs, queue) = mpsc::unbounded_channel();
        let events = watch::Sender::new(0);
        let delivery = watch::Sender::new(0);
        let thread = std::thread::Builder::new()
            .name("hearth-db-writer".into())
            .spawn({
                let (events, delivery) = (events.clone(), delivery.clone());
                move || write_loop(writer, queue, &events, &delivery)
            })?;
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                jobs: Mutex::new(Some(jobs)),
                writer: Mutex::new(Some(thread)),
                readers: Mutex::new(readers),
                returned: Condvar::new(),
                permits: Arc::new(Semaphore::new(options.readers.max(1))),
                events,
                delivery,
            }),
        })
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Reads in one consistent view.
    ///
    /// # Errors
    /// The closure's error, or a [`DbError`].
    pub async fn read<T, E>(
        &self,
        f: impl FnOnce(&ReadTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let permit = Arc::clone(&self.inner.permits)
            .acquire_owned()
            .await
            .map_err(|_closed| DbError::Closed)?;
        let inner = Arc::clone(&self.inner);
        let reading = tokio::task::spawn_blocking(move || {
            // With the reader, not with the caller: who goes away leaves a closure that still runs.
            let _permit = permit;
            inner.read(f)
        });
        match reading.await {
            Ok(result) => result,
            Err(_panicked_or_cancelled) => Err(DbError::Panicked.into()),
        }
    }

    /// Reads on the calling thread, which must not be an async one.
    ///
    /// # Errors
    /// The closure's error, or a [`DbError`].
    pub fn read_blocking<T, E: From<DbError>>(
        &self,
        f: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.inner.read(f)
    }

    /// Changes something: everything the closure does happens durably, or, when it answers an error, nothing.
    ///
    /// # Errors
    /// The closure's error, or a [`DbError`].
    pub async fn write<T, E>(
        &self,
        f: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match self.queue(f)?.await {
            Ok(result) => result,
            Err(_dropped) => Err(DbError::Closed.into()),
        }
    }

    /// As [`Db::write`], waiting on the calling thread, which must not be an async one.
    ///
    /// # Errors
    /// The closure's error, or a [`DbError`].
    pub fn write_blocking<T, E>(
        &self,
        f: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match self.queue(f)?.blocking_recv() {
            Ok(result) => result,
            Err(_dropped) => Err(DbError::Closed.into()),
        }
    }

    fn queue<T, E>(
        &self,
        f: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, E>>, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let job: Job = Box::new(move |tx| {
            let result = tx.map(|tx| match catch_unwind(AssertUnwindSafe(|| f(tx))) {
                Ok(result) => result,
                Err(_panic) => Err(DbError::Panicked.into()),
            });
            let keep = matches!(result, Some(Ok(_)));
            let finish: Finish = Box::new(move |commit| {
                let result = match (commit, result) {
                    (_, Some(Err(error))) => Err(error),
                    (Ok(()), Some(Ok(done))) => Ok(done),
                    (Ok(()), None) => Err(DbError::Closed.into()),
                    (Err(reason), _) if reason == DISK_FULL => Err(DbError::DiskFull.into()),
                    (Err(reason), _) => Err(DbError::Commit(reason).into()),
                };
                // The caller may have gone away; the write stands all the same.
                let _ = answer.send(result);
            });
            (keep, finish)
        });
        let jobs = self.inner.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        match jobs.as_ref().map(|jobs| jobs.send(job)) {
            Some(Ok(())) => Ok(receiver),
            _ => Err(DbError::Closed.into()),
        }
    }

    /// Changes after each commit that appended events.
    #[must_use]
    pub fn events_changed(&self) -> watch::Receiver<u64> {
        self.inner.events.subscribe()
    }

    /// Changes after each commit that appended to a peer's log.
    #[must_use]
    pub fn delivery_changed(&self) -> watch::Receiver<u64> {
        self.inner.delivery.subscribe()
    }

    /// Finishes all queued writes and closes the writer; later writes answer [`DbError::Closed`]. Blocks.
    pub fn close(&self) {
        self.inner
            .jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let thread = self
            .inner
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }

    /// SQLite's own check of the file: empty when it is sound, else what it found.
    ///
    /// # Errors
    /// A [`DbError`] when the check cannot run.
    pub async fn integrity_check(&self) -> DbResult<Vec<String>> {
        self.read(|tx| {
            let found = tx.all("PRAGMA integrity_check", [], |row| Ok(row.get::<_, String>(0)?))?;
            Ok(found.into_iter().filter(|line| line != "ok").collect())
        })
        .await
    }
}

impl Inner {
    fn read<T, E: From<DbError>>(&self, f: impl FnOnce(&ReadTx<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut conn = self.take();
        let result = catch_unwind(AssertUnwindSafe(|| {
            let tx = conn.transaction().map_err(DbError::from)?;
            f(&ReadTx { conn: &tx })
        }));
        self.readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(conn);
        self.returned.notify_one();
        match result {
            Ok(result) => result,
            Err(_panic) => Err(DbError::Panicked.into()),
        }
    }

    /// A reader, as soon as one is free. A closure that reads must therefore not read again by itself.
    fn take(&self) -> Connection {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match readers.pop() {
                Some(conn) => return conn,
                None => {
                    readers = self
                        .returned
                        .wait(readers)
                        .unwrap_or_else(PoisonError::into_inner)
                }
            }
        }
    }
}

const DISK_FULL: &str = "disk full";

fn connect(path: &Path, options: &DbOptions, read_only: bool) -> DbResult<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(Duration::from_millis(2000))?;
    conn.set_prepared_statement_cache_capacity(256);
    // A plan does not depend on what is bound: else each statement with `LIMIT ?` would be prepared anew whenever it is run.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "secure_delete", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -i64::from(options.cache_kib))?;
    conn.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    if read_only {
        conn.pragma_update(None, "query_only", true)?;
    }
    Ok(conn)
}

fn write_loop(
    mut conn: Connection,
    mut queue: mpsc::UnboundedReceiver<Job>,
    events: &watch::Sender<u64>,
    delivery: &watch::Sender<u64>,
) {
    while let Some(first) = queue.blocking_recv() {
        let mut finishes = Vec::new();
        let mut waiting = Some(first);
        let (mut wake_events, mut wake_delivery) = (false, false);
        let committed = (|| -> Result<(), rusqlite::Error> {
            let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            while let Some(job) = waiting.take() {
                if let Err(error) = tx.execute_batch("SAVEPOINT job") {
                    waiting = Some(job);
                    return Err(error);
                }
                let mut write = WriteTx::new(&tx);
                let (keep, finish) = job(Some(&mut write));
                finishes.push(finish);
                if keep {
                    wake_events |= write.wake_events;
                    wake_delivery |= write.wake_delivery;
                    tx.execute_batch("RELEASE job")?;
                } else {
                    tx.execute_batch("ROLLBACK TO job; RELEASE job")?;
                }
                if finishes.len() < GROUP {
                    waiting = queue.try_recv().ok();
                }
            }
            tx.commit()
        })();
        let outcome = committed.map_err(|error| match DbError::from(error) {
            DbError::DiskFull => DISK_FULL.to_owned(),
            error => {
                tracing::error!(error = ?error, writes = finishes.len(), "Commit failed, the group was rolled back");
                error.to_string()
            }
        });
        // A job taken from the queue but not run, as the transaction could not begin.
        finishes.extend(waiting.map(|job| job(None).1));
        let fine = outcome.is_ok();
        for finish in finishes {
            finish(outcome.clone());
        }
        if fine && wake_events {
            events.send_modify(|n| *n = n.wrapping_add(1));
        }
        if fine && wake_delivery {
            delivery.send_modify(|n| *n = n.wrapping_add(1));
        }
    }
    // Leave a small file behind; a failure costs nothing but space.
    let _ = conn.pragma_update(None, "wal_checkpoint", "TRUNCATE");
}

#[cfg(test)]
mod tests;
