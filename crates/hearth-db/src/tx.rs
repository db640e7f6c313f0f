//! Transactions as closures see them.

use hearth_api::PersonId;
use rusqlite::Connection;
use std::collections::BTreeSet;
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
    /// Accounts that are to be told something once, at the end of all that is written; `None`: each time.
    at_the_end: Option<BTreeSet<PersonId>>,
}

impl<'c> WriteTx<'c> {
    pub(crate) fn new(conn: &'c Connection) -> Self {
        Self {
            read: ReadTx { conn },
            wake_events: false,
            wake_delivery: false,
            old_news: false,
            at_the_end: None,
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
        // Each activity of a batch is a part: the statements are kept.
        let run = |conn: &Connection, sql: &str| -> crate::DbResult<()> {
            conn.prepare_cached(sql)?.execute([])?;
            Ok(())
        };
        run(self.conn, "SAVEPOINT part")?;
        let outcome = f(self);
        if !matches!(outcome, Ok((true, _))) {
            run(self.conn, "ROLLBACK TO part")?;
        }
        run(self.conn, "RELEASE part")?;
        outcome.map(|(_, value)| value)
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

    /// Says that much is written at once: what would be told an account anew with each of it is told once, at the end, by whoever
    /// takes [`WriteTx::put_off`] then.
    pub fn gather(&mut self) {
        self.at_the_end.get_or_insert_default();
    }

    /// Whether telling this account can wait for the end; then it is noted for that.
    pub fn is_put_off(&mut self, account: PersonId) -> bool {
        let Some(accounts) = &mut self.at_the_end else {
            return false;
        };
        accounts.insert(account);
        true
    }

    /// The accounts that were noted. From now on each is told at once again.
    pub fn put_off(&mut self) -> BTreeSet<PersonId> {
        self.at_the_end.take().unwrap_or_default()
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
