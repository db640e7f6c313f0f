//! Transactions as closures see them.

use rusqlite::Connection;
use std::ops::Deref;

/// A consistent view of the database.
pub struct ReadTx<'c> {
    pub(crate) conn: &'c Connection,
}

/// Who is to be woken after the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Windows that listen for events.
    Events,
    /// The delivery workers.
    Delivery,
}

/// A view that may change what it sees. All of it happens, durably, or nothing.
pub struct WriteTx<'c> {
    read: ReadTx<'c>,
    pub(crate) wake_events: bool,
    pub(crate) wake_delivery: bool,
    old_news: bool,
}

impl<'c> WriteTx<'c> {
    pub(crate) fn new(conn: &'c Connection) -> Self {
        Self {
            read: ReadTx { conn },
            wake_events: false,
            wake_delivery: false,
            old_news: false,
        }
    }

    /// Runs a part that can be undone alone: when it answers `false`, what it changed is undone and the rest stays.
    ///
    /// # Errors
    /// The part's error, after undoing it.
    pub fn part<T, E: From<crate::DbError>>(
        &mut self,
        f: impl FnOnce(&mut Self) -> Result<(bool, T), E>,
    ) -> Result<T, E> {
        let batch = |conn: &Connection, sql: &str| conn.execute_batch(sql).map_err(crate::DbError::from);
        batch(self.conn, "SAVEPOINT part")?;
        match f(self) {
            Ok((true, value)) => {
                batch(self.conn, "RELEASE part")?;
                Ok(value)
            }
            Ok((false, value)) => {
                batch(self.conn, "ROLLBACK TO part; RELEASE part")?;
                Ok(value)
            }
            Err(error) => {
                batch(self.conn, "ROLLBACK TO part; RELEASE part")?;
                Err(error)
            }
        }
    }

    /// Says that what follows is known to the people already, though the database forgot it: nobody is to be told of it.
    pub fn set_old_news(&mut self, old_news: bool) {
        self.old_news = old_news;
    }

    /// Whether what is being written is known to the people already.
    #[must_use]
    pub fn is_old_news(&self) -> bool {
        self.old_news
    }

    /// Wakes somebody once this is committed.
    pub fn wake(&mut self, whom: Wake) {
        match whom {
            Wake::Events => self.wake_events = true,
            Wake::Delivery => self.wake_delivery = true,
        }
    }
}

impl<'c> Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;
    fn deref(&self) -> &ReadTx<'c> {
        &self.read
    }
}

impl std::fmt::Debug for ReadTx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReadTx")
    }
}
impl std::fmt::Debug for WriteTx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WriteTx")
    }
}
