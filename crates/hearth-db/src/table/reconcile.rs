//! Comparing with other homes after one was restored, and the lives of other homes' databases.

use crate::sql::{at, home, json, opt_at, opt_id, parsed, to_json, unsigned};
use crate::{DbError, DbResult, ReadTx, Wake, WriteTx};
use hearth_api::{HomeId, Timestamp};
use rusqlite::Row;
use uuid::Uuid;

/// Which of the two was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    /// This home.
    Here,
    /// The other.
    There,
}

impl Restored {
    fn as_str(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::There => "there",
        }
    }
}

impl std::str::FromStr for Restored {
    type Err = DbError;
    fn from_str(text: &str) -> DbResult<Self> {
        match text {
            "here" => Ok(Self::Here),
            "there" => Ok(Self::There),
            _ => Err(DbError::Malformed("restored home")),
        }
    }
}

/// How far comparing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// What was lost here is fetched.
    Fetch,
    /// What was lost there is given.
    Give,
    /// All was compared.
    Done,
}

impl Phase {
    fn as_str(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Give => "give",
            Self::Done => "done",
        }
    }
}

impl std::str::FromStr for Phase {
    type Err = DbError;
    fn from_str(text: &str) -> DbResult<Self> {
        match text {
            "fetch" => Ok(Self::Fetch),
            "give" => Ok(Self::Give),
            "done" => Ok(Self::Done),
            _ => Err(DbError::Malformed("phase of comparing")),
        }
    }
}

/// Comparing with one home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReconcileRow {
    /// Which.
    pub home: HomeId,
    /// Who was restored.
    pub restored: Restored,
    /// How far it has come.
    pub phase: Phase,
    /// The last thing compared in this phase.
    pub after: Option<Uuid>,
    /// How often everything was looked at in this phase.
    pub pass: u32,
    /// What this pass brought.
    pub news: u64,
    /// What was fetched in all.
    pub fetched: u64,
    /// What came but could not be taken.
    pub aside: u64,
    /// Up to when the other home had been answered by this one before.
    pub seen_until: Option<Timestamp>,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// What it has cost so far, in full pages.
    pub effort: u64,
    /// It was given up: the other home always had more.
    pub given_up: bool,
}

impl ReconcileRow {
    /// Comparing from the start.
    #[must_use]
    pub fn begin(home: HomeId, restored: Restored, now: Timestamp) -> Self {
        Self {
            home,
            restored,
            phase: Phase::Fetch,
            after: None,
            pass: 0,
            news: 0,
            fetched: 0,
            aside: 0,
            seen_until: None,
            begun_at: now,
            done_at: None,
            effort: 0,
            given_up: false,
        }
    }
}

const COLUMNS: &str = "home, restored, phase, after, pass, news, fetched, aside, seen_until, begun_at, done_at, effort, given_up";

fn read(row: &Row<'_>) -> DbResult<ReconcileRow> {
    Ok(ReconcileRow {
        home: home(row, 0)?,
        restored: parsed(row, 1, "restored home")?,
        phase: parsed(row, 2, "phase of comparing")?,
        after: opt_id(row, 3)?,
        pass: unsigned(row, 4, "pass of comparing")?,
        news: unsigned(row, 5, "news of comparing")?,
        fetched: unsigned(row, 6, "what was fetched")?,
        aside: unsigned(row, 7, "what was set aside")?,
        seen_until: opt_at(row, 8)?,
        begun_at: at(row, 9)?,
        done_at: opt_at(row, 10)?,
        effort: unsigned(row, 11, "effort of comparing")?,
        given_up: row.get(12)?,
    })
}

/// Comparing with a home, if it was ever begun.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Option<ReconcileRow>> {
    tx.first(
        &format!("SELECT {COLUMNS} FROM reconcile WHERE home = ?1"),
        [home.as_str()],
        read,
    )
}

/// Comparing with all connected homes with which it was begun.
///
/// # Errors
/// A database error.
pub fn list(tx: &ReadTx<'_>) -> DbResult<Vec<ReconcileRow>> {
    tx.all(
        "SELECT r.home, r.restored, r.phase, r.after, r.pass, r.news, r.fetched, r.aside, r.seen_until, r.begun_at, r.done_at,
                r.effort, r.given_up
         FROM reconcile r JOIN home h ON h.id = r.home AND h.state = 'connected' ORDER BY r.home",
        [],
        read,
    )
}

/// Whether comparing with a home is under way.
///
/// # Errors
/// A database error.
pub fn is_due(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<bool> {
    tx.exists(
        "SELECT 1 FROM reconcile WHERE home = ?1 AND phase <> 'done'",
        [home.as_str()],
    )
}

/// Notes how far comparing has come; wakes the delivery while something is left to do.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &ReconcileRow) -> DbResult<()> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    tx.run(
        "INSERT INTO reconcile (home, restored, phase, after, pass, news, fetched, aside, seen_until, begun_at, done_at,
             effort, given_up)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (home) DO UPDATE SET restored = ?2, phase = ?3, after = ?4, pass = ?5, news = ?6, fetched = ?7,
             aside = ?8, seen_until = ?9, begun_at = ?10, done_at = ?11, effort = ?12, given_up = ?13",
        (
            row.home.as_str(),
            row.restored.as_str(),
            row.phase.as_str(),
            row.after.map(|id| *id.as_bytes()),
            row.pass,
            number(row.news),
            number(row.fetched),
            number(row.aside),
            row.seen_until.map(|at| at.0),
            row.begun_at.0,
            row.done_at.map(|at| at.0),
            number(row.effort),
            row.given_up,
        ),
    )?;
    if row.phase != Phase::Done {
        tx.wake(Wake::Delivery);
    }
    Ok(())
}

/// The lives of another home's database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeRow {
    /// Which home.
    pub home: HomeId,
    /// Its present epoch.
    pub epoch: String,
    /// How often that life was started, when last told.
    pub starts: u64,
    /// The names of its runs, newest last.
    pub runs: Vec<String>,
    /// Earlier epochs, newest last.
    pub earlier: Vec<String>,
    /// When two copies of it were last seen to run at once.
    pub cloned_at: Option<Timestamp>,
}

/// What is known of the lives of a home.
///
/// # Errors
/// A database error.
pub fn life(tx: &ReadTx<'_>, of: &HomeId) -> DbResult<Option<LifeRow>> {
    tx.first(
        "SELECT home, epoch, starts, runs, earlier, cloned_at FROM peer_life WHERE home = ?1",
        [of.as_str()],
        |row| {
            Ok(LifeRow {
                home: home(row, 0)?,
                epoch: row.get(1)?,
                starts: unsigned(row, 2, "starts of a home")?,
                runs: json(row, 3, "runs of a home")?,
                earlier: json(row, 4, "epochs of a home")?,
                cloned_at: opt_at(row, 5)?,
            })
        },
    )
}

/// Stores what is known of the lives of a home.
///
/// # Errors
/// A database error.
pub fn put_life(tx: &mut WriteTx<'_>, row: &LifeRow) -> DbResult<()> {
    tx.run(
        "INSERT INTO peer_life (home, epoch, starts, runs, earlier, cloned_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (home) DO UPDATE SET epoch = ?2, starts = ?3, runs = ?4, earlier = ?5, cloned_at = ?6",
        (
            row.home.as_str(),
            &row.epoch,
            i64::try_from(row.starts).unwrap_or(i64::MAX),
            to_json(&row.runs, "runs of a home")?,
            to_json(&row.earlier, "epochs of a home")?,
            row.cloned_at.map(|at| at.0),
        ),
    )?;
    Ok(())
}

/// Forgets all of a home: the connection ended.
///
/// # Errors
/// A database error.
pub fn forget(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM reconcile WHERE home = ?1", [home.as_str()])?;
    tx.run("DELETE FROM peer_life WHERE home = ?1", [home.as_str()])?;
    Ok(())
}
