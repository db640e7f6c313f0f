//! What is known of a paired home, beside its row in `home`.

use crate::sql::{at, home, json, opt_at, opt_id, to_json, unsigned};
use crate::{DbResult, ReadTx, WriteTx};
use hearth_api::{HomeId, PersonId, Timestamp, homes::SafetyWords};
use rusqlite::Row;

/// A paired home.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerRow {
    /// Which.
    pub home: HomeId,
    /// Where it is reached, best first.
    pub addresses: Vec<String>,
    /// The epoch of its log that `received_seq` counts.
    pub their_epoch: Option<String>,
    /// Highest number of its log durably handled here.
    pub received_seq: u64,
    /// The run of its program that `received_seq` was heard from, if it told which runs were before that one.
    pub received_run: Option<String>,
    /// The life of our log for it alone, if it is another than that of this home.
    pub own_epoch: Option<String>,
    /// Highest number of our log durably handled there.
    pub acked_seq: u64,
    /// Program version that it told.
    pub version: String,
    /// The person who paired there.
    pub contact: Option<PersonId>,
    /// Since when it is connected.
    pub connected_at: Timestamp,
    /// The safety words, until they were compared here.
    pub words: Option<SafetyWords>,
    /// Its last sign of life.
    pub last_contact: Option<Timestamp>,
    /// The last error, a stable code.
    pub last_error: Option<String>,
    /// Failed tries since the last success.
    pub failures: u32,
    /// When the next try is due.
    pub next_try: Option<Timestamp>,
    /// Its clock minus ours, in milliseconds.
    pub clock_offset_ms: i64,
}

impl PeerRow {
    /// A home connected just now, nothing sent or received yet.
    #[must_use]
    pub fn new(home: HomeId, addresses: Vec<String>, now: Timestamp) -> Self {
        Self {
            home,
            addresses,
            their_epoch: None,
            received_seq: 0,
            received_run: None,
            own_epoch: None,
            acked_seq: 0,
            version: String::new(),
            contact: None,
            connected_at: now,
            words: None,
            last_contact: Some(now),
            last_error: None,
            failures: 0,
            next_try: None,
            clock_offset_ms: 0,
        }
    }
}

const SELECT: &str =
    "SELECT p.home, p.addresses, p.their_epoch, p.received_seq, p.acked_seq, p.version, p.contact,
    p.connected_at, p.words, p.last_contact, p.last_error, p.failures, p.next_try, p.clock_offset_ms,
    p.received_run, p.own_epoch FROM peer p";

fn read(row: &Row<'_>) -> DbResult<PeerRow> {
    let words: Option<String> = row.get(8)?;
    Ok(PeerRow {
        home: home(row, 0)?,
        addresses: json(row, 1, "peer addresses")?,
        their_epoch: row.get(2)?,
        received_seq: unsigned(row, 3, "received seq")?,
        acked_seq: unsigned(row, 4, "acked seq")?,
        version: row.get(5)?,
        contact: opt_id(row, 6)?,
        connected_at: at(row, 7)?,
        words: if words.is_some() {
            Some(json(row, 8, "safety words")?)
        } else {
            None
        },
        last_contact: opt_at(row, 9)?,
        last_error: row.get(10)?,
        failures: unsigned(row, 11, "failures")?,
        next_try: opt_at(row, 12)?,
        clock_offset_ms: row.get(13)?,
        received_run: row.get(14)?,
        own_epoch: row.get(15)?,
    })
}

/// A paired home, if it is one.
///
/// # Errors
/// A database error.
pub fn get(tx: &ReadTx<'_>, home: &HomeId) -> DbResult<Option<PeerRow>> {
    tx.first(&format!("{SELECT} WHERE p.home = ?1"), [home.as_str()], read)
}

/// All paired homes that are connected.
///
/// # Errors
/// A database error.
pub fn list_connected(tx: &ReadTx<'_>) -> DbResult<Vec<PeerRow>> {
    tx.all(
        &format!("{SELECT} JOIN home h ON h.id = p.home WHERE h.state = 'connected' ORDER BY p.home"),
        [],
        read,
    )
}

/// All paired homes, whatever their state.
///
/// # Errors
/// A database error.
pub fn all(tx: &ReadTx<'_>) -> DbResult<Vec<HomeId>> {
    tx.all("SELECT home FROM peer ORDER BY home", [], |row| {
        crate::sql::home(row, 0)
    })
}

/// Begins the log for a home anew: nothing of it counts as acknowledged. `own_epoch` is the life of the log for that home alone, `None`
/// for that of this home.
///
/// # Errors
/// A database error.
pub fn restart_log(tx: &mut WriteTx<'_>, home: &HomeId, own_epoch: Option<&str>) -> DbResult<()> {
    tx.run(
        "UPDATE peer SET acked_seq = 0, own_epoch = ?2 WHERE home = ?1",
        (home.as_str(), own_epoch),
    )?;
    Ok(())
}

/// The homes for which the log has a life of its own, and which.
///
/// # Errors
/// A database error.
pub fn own_epochs(tx: &ReadTx<'_>) -> DbResult<Vec<(HomeId, String)>> {
    tx.all(
        "SELECT home, own_epoch FROM peer WHERE own_epoch IS NOT NULL ORDER BY home",
        [],
        |row| Ok((crate::sql::home(row, 0)?, row.get(1)?)),
    )
}

/// Stores a paired home, replacing what was known of it.
///
/// # Errors
/// A database error.
pub fn put(tx: &mut WriteTx<'_>, row: &PeerRow) -> DbResult<()> {
    let addresses = to_json(&row.addresses, "peer addresses")?;
    let words = row
        .words
        .as_ref()
        .map(|w| to_json(w, "safety words"))
        .transpose()?;
    tx.run("DELETE FROM peer WHERE home = ?1", [row.home.as_str()])?;
    tx.run(
        "INSERT INTO peer (home, addresses, their_epoch, received_seq, acked_seq, version, contact, connected_at,
             words, last_contact, last_error, failures, next_try, clock_offset_ms, received_run, own_epoch)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        (
            row.home.as_str(),
            addresses,
            &row.their_epoch,
            i64::try_from(row.received_seq).unwrap_or(i64::MAX),
            i64::try_from(row.acked_seq).unwrap_or(i64::MAX),
            &row.version,
            row.contact.map(|p| *p.as_bytes()),
            row.connected_at.0,
            words,
            row.last_contact.map(|t| t.0),
            &row.last_error,
            row.failures,
            row.next_try.map(|t| t.0),
            row.clock_offset_ms,
            &row.received_run,
            &row.own_epoch,
        ),
    )?;
    Ok(())
}

/// Forgets a paired home.
///
/// # Errors
/// A database error.
pub fn delete(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("DELETE FROM peer WHERE home = ?1", [home.as_str()])?;
    Ok(())
}

/// Notes a sign of life: the failures are over. `offset` is its clock minus ours, when it was told.
///
/// # Errors
/// A database error.
pub fn record_success(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    now: Timestamp,
    offset: Option<i64>,
) -> DbResult<()> {
    tx.run(
        "UPDATE peer SET last_contact = ?2, last_error = NULL, failures = 0, next_try = NULL,
             clock_offset_ms = coalesce(?3, clock_offset_ms) WHERE home = ?1",
        (home.as_str(), now.0, offset),
    )?;
    Ok(())
}

/// Notes how far the clock of a home is from ours.
///
/// # Errors
/// A database error.
pub fn set_clock_offset(tx: &mut WriteTx<'_>, home: &HomeId, offset_ms: i64) -> DbResult<()> {
    tx.run(
        "UPDATE peer SET clock_offset_ms = ?2 WHERE home = ?1",
        (home.as_str(), offset_ms),
    )?;
    Ok(())
}

/// Notes that a home was heard of, at most once a minute. Whether it can be reached is another matter.
///
/// # Errors
/// A database error.
pub fn touch(tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> DbResult<()> {
    tx.run(
        "UPDATE peer SET last_contact = ?2 WHERE home = ?1 AND coalesce(last_contact, 0) < ?3",
        (home.as_str(), now.0, now.plus_secs(-60).0),
    )?;
    Ok(())
}

/// Notes a failed try and when the next is due.
///
/// # Errors
/// A database error.
pub fn record_failure(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    code: &str,
    failures: u32,
    next_try: Timestamp,
) -> DbResult<()> {
    tx.run(
        "UPDATE peer SET last_error = ?2, failures = ?3, next_try = ?4 WHERE home = ?1",
        (home.as_str(), code, failures, next_try.0),
    )?;
    Ok(())
}

/// Notes how far the log of a home was durably handled here, and from which of its runs.
///
/// # Errors
/// A database error.
pub fn set_received(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    epoch: &str,
    run: Option<&str>,
    seq: u64,
) -> DbResult<()> {
    tx.run(
        "UPDATE peer SET their_epoch = ?2, received_run = ?3, received_seq = ?4 WHERE home = ?1",
        (home.as_str(), epoch, run, i64::try_from(seq).unwrap_or(i64::MAX)),
    )?;
    Ok(())
}

/// Notes how far our log was durably handled there.
///
/// # Errors
/// A database error.
pub fn set_acked(tx: &mut WriteTx<'_>, home: &HomeId, seq: u64) -> DbResult<()> {
    tx.run(
        "UPDATE peer SET acked_seq = max(acked_seq, ?2) WHERE home = ?1",
        (home.as_str(), i64::try_from(seq).unwrap_or(i64::MAX)),
    )?;
    Ok(())
}

/// Notes that our log was durably handled there up to a lower number than was said before.
///
/// # Errors
/// A database error.
pub fn lower_acked(tx: &mut WriteTx<'_>, home: &HomeId, seq: u64) -> DbResult<()> {
    tx.run(
        "UPDATE peer SET acked_seq = min(acked_seq, ?2) WHERE home = ?1",
        (home.as_str(), i64::try_from(seq).unwrap_or(i64::MAX)),
    )?;
    Ok(())
}

/// The safety words were compared here.
///
/// # Errors
/// A database error.
pub fn clear_words(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    tx.run("UPDATE peer SET words = NULL WHERE home = ?1", [home.as_str()])?;
    Ok(())
}
