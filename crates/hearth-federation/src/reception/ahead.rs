//! Looking at a batch before it occupies the writer: its texts are read and their signatures checked, on all processors at once.
//!
//! Nothing is decided here. The writer asks again whose key counts; a signature that was checked with another one, or not at all, it
//! checks itself.

use super::batch::{Batch, Entry};
use crate::activity::{ActivityError, CheckedActivity, UnverifiedActivity};
use crate::apply::Apply;
use crate::keys::{Kid, PersonPublicKey};
use crate::service::Federation;
use hearth_api::{ApiResult, HomeId};
use hearth_db::{Db, DbResult, ReadTx, peer};
use std::collections::HashMap;

/// Activities that are looked at by one thread; fewer are not worth another.
const AT_ONCE: usize = 25;

/// An activity of a batch, as it was read.
pub(super) struct Looked {
    pub(super) seq: u64,
    /// Its text, as it came.
    pub(super) jws: String,
    pub(super) read: Result<CheckedActivity, ActivityError>,
}

impl Federation {
    /// Reads all activities of a batch and checks the signatures of those that are new.
    pub(super) async fn look_ahead(&self, from: &HomeId, batch: &mut Batch) -> Vec<Looked> {
        let (home, epoch) = (from.clone(), batch.epoch.to_string());
        let handled = self.db().read(move |tx| handled(tx, &home, &epoch)).await;
        // What cannot be read here is seen by the writer.
        let handled = handled.unwrap_or(0);
        let mut entries = std::mem::take(&mut batch.activities);
        let mut parts = Vec::new();
        while !entries.is_empty() {
            let rest = entries.split_off(entries.len().min(AT_ONCE));
            let part = std::mem::replace(&mut entries, rest);
            let (db, apply) = (self.db().clone(), self.apply().clone());
            parts.push(tokio::task::spawn_blocking(move || {
                look(&db, &*apply, part, handled)
            }));
        }
        let mut looked = Vec::new();
        for part in parts {
            match part.await {
                Ok(part) => looked.extend(part),
                Err(error) => {
                    // Those before it are taken; the peer sends the rest again.
                    tracing::error!(error = %error, "A part of a batch could not be read");
                    break;
                }
            }
        }
        looked
    }
}

/// Up to which number the log of a home was handled.
fn handled(tx: &ReadTx<'_>, home: &HomeId, epoch: &str) -> DbResult<u64> {
    let row = peer::get(tx, home)?.filter(|row| row.their_epoch.as_deref() == Some(epoch));
    Ok(row.map_or(0, |row| row.received_seq))
}

/// Reads some activities. Blocks.
fn look(db: &Db, apply: &dyn Apply, entries: Vec<Entry>, handled: u64) -> Vec<Looked> {
    let read: Vec<_> = entries
        .into_iter()
        .map(|entry| (UnverifiedActivity::parse(&entry.jws), entry))
        .collect();
    let new = || {
        read.iter()
            .filter(|(_, entry)| entry.seq > handled)
            .filter_map(|(activity, _)| activity.as_ref().ok())
    };
    let keys = db.read_blocking(|tx| keys_of(tx, apply, new()));
    // Without keys the writer does it all.
    let keys = keys.unwrap_or_default();
    let checked = |activity: UnverifiedActivity, seq: u64| {
        let key = keys.get(activity.kid()).filter(|_| seq > handled);
        activity.check_ahead(key)
    };
    read.into_iter()
        .map(|(activity, Entry { seq, jws })| Looked {
            read: activity.map(|activity| checked(activity, seq)),
            seq,
            jws,
        })
        .collect()
}

/// The keys that are known of the authors, as far as they are.
fn keys_of<'a>(
    tx: &ReadTx<'_>,
    apply: &dyn Apply,
    activities: impl Iterator<Item = &'a UnverifiedActivity>,
) -> ApiResult<HashMap<Kid, PersonPublicKey>> {
    let mut keys = HashMap::new();
    for activity in activities {
        let kid = *activity.kid();
        if matches!(kid, Kid::Person(_))
            && !keys.contains_key(&kid)
            && let Ok(key) = apply.author_key(tx, activity)?
        {
            keys.insert(kid, key);
        }
    }
    Ok(keys)
}
