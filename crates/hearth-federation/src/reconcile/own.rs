//! This home's own lives and runs: which it is for whom, what it knows of the ones before, and when a new one begins.
//!
//! A life is begun by who restored the database, and on the word of others that know more of it than it does. One home alone may lie: the life
//! is then one for that home only, and nothing begins anew between this home and others.
//!
//! Not here: the lives of other homes (`life`), comparing (`run`).

use super::life::{LIVES_APART_MS, Run, counting_on, is_within};
use super::run::tell_windows;
use crate::client::CallError;
use crate::ids::{Epoch, RunId};
use crate::keystore::KeyStore;
use crate::service::Federation;
use hearth_api::{ApiResult, Event, HomeId, Timestamp};
use hearth_db::reconcile::{self, ReconcileRow, Restored};
use hearth_db::{DbError, DbResult, ReadTx, WriteTx, event, meta, peer, peer_log};
use std::collections::HashMap;

const EPOCH: &str = "epoch";
const STARTS: &str = "starts";
/// The names of this database's runs, newest first, as a JSON list.
const OWN_RUNS: &str = "runs";
/// How many of them are kept.
const OWN_RUNS_KEPT: usize = 512;
/// How many of the runs before it a run tells.
const BEFORE: usize = 16;
/// How often the word of one home makes this one begin a new life.
const RENEWED_EVERY_MS: i64 = 60 * 60 * 1000;
/// When a new life was begun on the word of several homes.
const RENEWED: &str = "renewed";
/// How long ago another home may have said the same, for both to be believed.
const SAME_WORD_MS: i64 = 24 * 60 * 60 * 1000;

/// What is begun on the word of a home.
#[derive(Debug, Clone, Copy)]
enum Renewal {
    /// Nothing: it said so a short while ago.
    None,
    /// A life of the log for that home alone.
    One,
    /// A life of this home.
    All(Epoch),
}

/// Which life and run of its database this home is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) epoch: Epoch,
    pub(crate) run: Run,
}

/// What this run knows of the ones before it.
#[derive(Debug)]
pub(crate) struct Runs {
    own: RunId,
    /// Newest first.
    earlier: Vec<RunId>,
    /// Up to which number the log for each home may have left before this run.
    sent: HashMap<HomeId, u64>,
}

impl Runs {
    /// Up to which number of its log a home can have what it says that it has from `run`, of what may have left up to `sent`; `None` when
    /// that run is none of this database: a copy of it was heard. A home that names none cannot tell.
    pub(crate) fn reach(&self, home: &HomeId, run: Option<RunId>, sent: u64) -> Option<u64> {
        let Some(run) = run else { return Some(sent) };
        if run == self.own {
            return Some(sent);
        }
        // Of more starts than are kept it is not known which they were.
        let is_own = self.earlier.contains(&run) || self.earlier.len() >= OWN_RUNS_KEPT;
        is_own.then(|| sent.min(self.sent.get(home).copied().unwrap_or(0)))
    }
}

/// Goes on with the life of the database, or begins one when it has none: it is new, or was restored.
pub(crate) fn begin_life(tx: &mut WriteTx<'_>, keys: &KeyStore, now: Timestamp) -> DbResult<(Life, Runs)> {
    let known = meta::get(tx, EPOCH)?.and_then(|text| text.parse().ok());
    let epoch = match known {
        Some(epoch) => epoch,
        None => begin_new_epoch(tx, keys, &[], now)?,
    };
    let before = meta::get(tx, STARTS)?.and_then(|text| text.parse::<u64>().ok());
    let starts = before.unwrap_or(0).saturating_add(1);
    meta::set(tx, STARTS, &starts.to_string())?;
    let own = RunId::generate(&mut keys.rng());
    let earlier = meta::get(tx, OWN_RUNS)?.and_then(|text| serde_json::from_str(&text).ok());
    let earlier: Vec<RunId> = earlier.unwrap_or_default();
    let all: Vec<&RunId> = [&own].into_iter().chain(&earlier).take(OWN_RUNS_KEPT).collect();
    let all = serde_json::to_string(&all).map_err(|_unwritable| DbError::Malformed("runs"))?;
    meta::set(tx, OWN_RUNS, &all)?;
    let run = Run {
        id: own,
        starts,
        before: Some(earlier.iter().take(BEFORE).copied().collect()),
    };
    let sent = peer_log::all_sent(tx)?.into_iter().collect();
    Ok((Life { epoch, run }, Runs { own, earlier, sent }))
}

/// Begins a new life of this home's database: all logs count anew for those who receive them, and everything is compared with every
/// connected home; but with those of `spared` it goes on as it is.
///
/// # Errors
/// A database error.
pub(super) fn begin_new_epoch(
    tx: &mut WriteTx<'_>,
    keys: &KeyStore,
    spared: &[HomeId],
    now: Timestamp,
) -> DbResult<Epoch> {
    let epoch = Epoch::generate(&mut keys.rng());
    meta::set(tx, EPOCH, &epoch.to_string())?;
    for home in peer::all(tx)? {
        if !spared.contains(&home) {
            begin_anew(tx, &home, None, now)?;
        }
    }
    Ok(epoch)
}

/// Begins a new life of the log for one home alone, and compares with that one.
///
/// # Errors
/// A database error.
pub(super) fn begin_new_epoch_for(
    tx: &mut WriteTx<'_>,
    keys: &KeyStore,
    home: &HomeId,
    now: Timestamp,
) -> DbResult<()> {
    let epoch = Epoch::generate(&mut keys.rng());
    begin_anew(tx, home, Some(&epoch.to_string()), now)
}

fn begin_anew(tx: &mut WriteTx<'_>, home: &HomeId, own_epoch: Option<&str>, now: Timestamp) -> DbResult<()> {
    peer::restart_log(tx, home, own_epoch)?;
    let before = reconcile::get(tx, home)?;
    let row = counting_on(
        ReconcileRow::begin(home.clone(), Restored::Here, now),
        before.as_ref(),
    );
    reconcile::put(tx, &row)
}

impl Federation {
    /// Which life this home is for another, and which run.
    ///
    /// # Errors
    /// A database error.
    pub(crate) fn life_in(&self, tx: &ReadTx<'_>, with: &HomeId) -> DbResult<Life> {
        let mut life = self.lives().clone();
        let own = peer::get(tx, with)?.and_then(|row| row.own_epoch);
        if let Some(epoch) = own.and_then(|text| text.parse().ok()) {
            life.epoch = epoch;
        }
        Ok(life)
    }

    /// As [`Federation::life_in`], in a read of its own.
    ///
    /// # Errors
    /// A database error.
    pub(crate) async fn life_with(&self, with: &HomeId) -> DbResult<Life> {
        let (federation, with) = (self.clone(), with.clone());
        self.db().read(move |tx| federation.life_in(tx, &with)).await
    }

    /// Begins a new life of this home's database: it was restored, or is a copy. Everything is compared with every connected home.
    ///
    /// # Errors
    /// A storage error.
    pub async fn begin_new_epoch(&self) -> ApiResult<()> {
        let (keys, apply, now) = (self.keys().clone(), self.apply().clone(), self.now());
        let epoch = self
            .db()
            .write(move |tx| {
                let epoch = begin_new_epoch(tx, &keys, &[], now)?;
                apply.restored(tx, None, now)?;
                event::append(tx, None, now, &Event::HomesChanged { home: None })?;
                Ok::<_, hearth_api::ApiError>(epoch)
            })
            .await?;
        self.lives().epoch = epoch;
        tracing::warn!("This home's database is older than what others know of it: it begins a new life");
        Ok(())
    }

    /// Begins a new life because a home knows more of the life `told` than this home does itself: with that home alone, as its word may be
    /// false, and with all when another one said the same within a day. Nothing is begun when `told` has ended meanwhile. False when that
    /// home said so a short while ago, so that it cannot keep this one busy with it.
    pub(crate) async fn renew_for(&self, home: &HomeId, told: Epoch) -> Result<bool, CallError> {
        let _turn = self.renewal().lock().await;
        if self.life_with(home).await?.epoch != told {
            return Ok(true);
        }
        let (keys, apply, of, now) = (
            self.keys().clone(),
            self.apply().clone(),
            home.clone(),
            self.now(),
        );
        let of_all = self.lives().epoch;
        let renewal = self
            .db()
            .write(move |tx| {
                if said_within(tx, &renewed_by(&of), now, RENEWED_EVERY_MS)? {
                    return Ok(Renewal::None);
                }
                meta::set(tx, &renewed_by(&of), &now.0.to_string())?;
                let mut others = Vec::new();
                for (other, _) in peer::own_epochs(tx)? {
                    if other != of && said_within(tx, &witness(&other), now, SAME_WORD_MS)? {
                        others.push(other);
                    }
                }
                let is_of_all = told == of_all && !others.is_empty();
                if !is_of_all || said_within(tx, RENEWED, now, LIVES_APART_MS)? {
                    if told == of_all {
                        meta::set(tx, &witness(&of), &now.0.to_string())?;
                    }
                    begin_new_epoch_for(tx, &keys, &of, now)?;
                    tell_windows(tx, &of, now)?;
                    return Ok(Renewal::One);
                }
                meta::set(tx, RENEWED, &now.0.to_string())?;
                // Each word counts once, so that two that lie together do not keep all others busy.
                for other in &others {
                    meta::remove(tx, &witness(other))?;
                }
                let epoch = begin_new_epoch(tx, &keys, &others, now)?;
                apply.restored(tx, None, now)?;
                event::append(tx, None, now, &Event::HomesChanged { home: None })?;
                Ok::<_, hearth_api::ApiError>(Renewal::All(epoch))
            })
            .await
            .map_err(CallError::Local)?;
        match renewal {
            Renewal::None => return Ok(false),
            Renewal::One => {
                tracing::warn!(home = %home, "Another home says that this home's database is older than what it knows: the two compare");
            }
            Renewal::All(epoch) => {
                self.lives().epoch = epoch;
                tracing::warn!(
                    "This home's database is older than what others know of it: it begins a new life"
                );
            }
        }
        Ok(true)
    }
}

/// Forgets what a home said of this one's lives.
///
/// # Errors
/// A database error.
pub(super) fn forget_words(tx: &mut WriteTx<'_>, home: &HomeId) -> DbResult<()> {
    meta::remove(tx, &renewed_by(home))?;
    meta::remove(tx, &witness(home))
}

/// Where it is noted when a home said that all others should be behind too: of the life that it shared with them.
fn witness(home: &HomeId) -> String {
    format!("renewed_all:{home}")
}

/// Where it is noted when a life was begun on the word of a home.
fn renewed_by(home: &HomeId) -> String {
    format!("renewed:{home}")
}

/// Whether what is noted there was so many milliseconds ago at most.
fn said_within(tx: &ReadTx<'_>, key: &str, now: Timestamp, ms: i64) -> DbResult<bool> {
    let last = meta::get(tx, key)?.and_then(|text| text.parse().ok());
    Ok(last.is_some_and(|at| is_within(Timestamp(at), now, ms)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_home_has_counts_up_to_what_the_run_that_it_names_can_have_sent() {
        let name = |id: u8| RunId::from_bytes([id; 16]);
        let (anna, ben): (HomeId, HomeId) =
            ("a".repeat(52).parse().unwrap(), "b".repeat(52).parse().unwrap());
        let mut runs = Runs {
            own: name(3),
            earlier: vec![name(2), name(1)],
            sent: HashMap::from([(anna.clone(), 7)]),
        };
        assert_eq!(runs.reach(&anna, Some(name(3)), 9), Some(9));
        assert_eq!(runs.reach(&anna, None, 9), Some(9), "it cannot tell");
        assert_eq!(runs.reach(&anna, Some(name(1)), 9), Some(7));
        assert_eq!(runs.reach(&anna, Some(name(1)), 5), Some(5));
        assert_eq!(runs.reach(&ben, Some(name(2)), 9), Some(0));
        assert_eq!(runs.reach(&anna, Some(name(8)), 9), None);
        runs.earlier = vec![name(2); OWN_RUNS_KEPT];
        assert_eq!(runs.reach(&anna, Some(name(8)), 9), Some(7), "long ago");
    }
}
