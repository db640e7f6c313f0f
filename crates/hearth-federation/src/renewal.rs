//! Renewing the secrets that this home shares with others: every ninety days, and when an admin asks for it.
//!
//! One side asks with its part, signed with the present secret; the other keeps the next secret before it answers with its own
//! part. So whoever signs with the next one knows that the other has it: the asker when it is answered, the other once a
//! request came that was signed with it. Both are accepted until the next one was used in both directions, or for seven days
//! after it was seen in use. A crash anywhere leaves a secret that both hold.
//!
//! When both ask at once, the request of the home with the lower id counts and the other's is given up. Of two secrets that came about
//! all the same both sides prefer the same one: the later generation, then the greater name.

use crate::client::{Call, CallError, Known};
use crate::ids::KeyId;
use crate::keys::NodeId;
use crate::listener::{Answer, ROTATE_PATH};
use crate::pairing_service::{open_secret, pair_secret_name};
use crate::problem::{Code, Problem};
use crate::rotation::{RotationInitiator, RotationPart, respond};
use crate::secret::PairSecret;
use crate::service::Federation;
use crate::transport::MAX_ANSWER_LEN;
use hearth_api::{ApiError, ApiResult, HomeId, Timestamp};
use hearth_db::pair_secret::{self, SecretRow};
use hearth_db::{DbError, ReadTx, WriteTx, peer};
use http::Uri;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// How long a secret is used before it is renewed, in days.
const RENEW_AFTER_DAYS: i64 = 90;
/// How long the one before is kept after the next was seen in use one way, in days.
const OVERLAP_DAYS: i64 = 7;
/// For how long a request may be on its way: dated five minutes ahead, and good for five minutes after its date; and a minute more.
const ON_ITS_WAY_MS: i64 = 11 * 60_000;
/// How old a secret gets that one side made and the other does not use, before the renewal is done again, in days.
const REPEAT_AFTER_DAYS: i64 = 1;
/// The most secrets that are kept for one home.
const MAX_KEPT: usize = 8;
/// The pause after a home did not renew.
const PAUSE: Duration = Duration::from_secs(60 * 60);

const IDLE: u8 = 0;
const ASKING: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Whether a renewal is under way with one peer.
#[derive(Debug, Default)]
pub(crate) struct Renewal {
    state: AtomicU8,
    turn: tokio::sync::Mutex<Option<Instant>>,
}

/// What is asked.
#[derive(Debug, Serialize, Deserialize)]
struct Ask {
    /// The secret that the next one follows: the one that signs this.
    present: KeyId,
    #[serde(flatten)]
    part: RotationPart,
}

/// The body of a request, for the published vectors.
#[cfg(test)]
pub(crate) fn request_body(present: KeyId, part: RotationPart) -> String {
    serde_json::to_string(&Ask { present, part }).unwrap()
}

impl Federation {
    /// Agrees with a home on a new secret now.
    ///
    /// # Errors
    /// `not_connected`, `home_unreachable`, `home_not_callable` of a home that fetches by itself: it can renew the secret, this one
    /// cannot; a storage error. The secret in use stays then.
    pub async fn renew_secret(&self, with: &HomeId) -> ApiResult<()> {
        let signal = self.signals().peer(with);
        let mut turn = signal.renewal.turn.lock().await;
        signal.renewal.state.store(ASKING, Ordering::SeqCst);
        let outcome = self.renew(with).await;
        signal.renewal.state.store(IDLE, Ordering::SeqCst);
        *turn = outcome.is_err().then(|| Instant::now() + PAUSE);
        drop(turn);
        if let Err(CallError::Transport(_) | CallError::NoAddress) = &outcome
            && signal.way.fetches(self.now())
        {
            return Err(ApiError::new(
                hearth_api::Code::HomeNotCallable,
                "That home cannot be called from here, as its port is closed. It can call: agree on new keys from there, by the same command \
                 or on its Health page. Else it does so by itself every 90 days.",
            ));
        }
        outcome?;
        // The first use, by which the other side knows that it may use it too.
        Ok(self.ping(with).await?)
    }

    /// Renews the secret of a home that answers, if it is old enough.
    pub(crate) async fn renew_if_due(&self, with: &HomeId) -> Result<(), DbError> {
        let signal = self.signals().peer(with);
        let paused = signal
            .renewal
            .turn
            .try_lock()
            .is_ok_and(|turn| turn.is_none_or(|until| until <= Instant::now()));
        if !paused {
            return Ok(());
        }
        let (home, now) = (with.clone(), self.now());
        let due = self
            .db()
            .read(move |tx| Ok::<_, DbError>(is_due(&pair_secret::lives(tx, &home)?, now)))
            .await?;
        if due && let Err(error) = self.renew_secret(with).await {
            tracing::info!(home = %with, code = %error.code, "The secret shared with another home could not be renewed");
        }
        Ok(())
    }

    async fn renew(&self, with: &HomeId) -> Result<(), CallError> {
        let known = self.known(with).await?;
        let present = known.secret().key_id();
        let unknown = match self.renew_from(known).await {
            Err(error @ CallError::Unsigned(Some(Code::NotConnected))) => error,
            other => return other,
        };
        // It does not know this one: another that it knows may be found.
        self.ping(with).await?;
        let known = self.known(with).await?;
        if known.secret().key_id() == present {
            return Err(unknown);
        }
        self.renew_from(known).await
    }

    /// Agrees on the secret that follows the one that signs.
    async fn renew_from(&self, known: Known) -> Result<(), CallError> {
        let known = known.with_one_secret();
        let with = &HomeId::from(known.node());
        let (initiator, part) = RotationInitiator::start(&mut self.keys().rng());
        let present = known.secret().clone();
        let ask = Ask {
            present: present.key_id(),
            part,
        };
        let body = serde_json::to_vec(&ask).map_err(|_unwritable| CallError::Nonsense)?;
        let call = Call::post(Uri::from_static(ROTATE_PATH), "application/json", body);
        let answer = self.call_by(&known, call).await?.collect(MAX_ANSWER_LEN).await?;
        let theirs: RotationPart = serde_json::from_slice(&answer).map_err(|_other| CallError::Nonsense)?;
        let next = initiator
            .finish(&present, self.node_id(), known.node(), &theirs)
            .map_err(|_unusable| CallError::Nonsense)?;
        if self.signals().peer(with).renewal.state.load(Ordering::SeqCst) == GIVEN_UP {
            return Err(CallError::Refused(Problem::new(Code::Unavailable)));
        }
        let (federation, home, present) = (self.clone(), with.clone(), present.key_id());
        self.db()
            .write(move |tx| federation.keep_next(tx, &home, &present, &next, true))
            .await
            .map_err(CallError::Local)
    }

    /// Answers a home that asks to renew the secret.
    pub(crate) async fn take_renewal(&self, from: &HomeId, signed_with: &KeyId, body: &[u8]) -> Answer {
        let refuse = |code| Answer::problem(&Problem::new(code));
        let Ok(ask) = serde_json::from_slice::<Ask>(body) else {
            return refuse(Code::Malformed);
        };
        let Ok(asker) = from.as_str().parse::<NodeId>() else {
            return refuse(Code::Malformed);
        };
        if ask.present != *signed_with {
            return refuse(Code::Malformed);
        }
        let state = &self.signals().peer(from).renewal.state;
        if *self.home() < *from {
            if state.load(Ordering::SeqCst) != IDLE {
                return refuse(Code::Unavailable);
            }
        } else {
            // Only what is under way is given up.
            let _ = state.compare_exchange(ASKING, GIVEN_UP, Ordering::SeqCst, Ordering::SeqCst);
        }
        let (federation, home, present) = (self.clone(), from.clone(), ask.present);
        let kept = self
            .db()
            .write(move |tx| {
                let secret = open_secret(tx, federation.keys(), &present.to_string())?;
                let responded = respond(
                    &mut federation.keys().rng(),
                    &secret,
                    &asker,
                    federation.node_id(),
                    &ask.part,
                );
                let Ok((next, part)) = responded else {
                    return Ok(None);
                };
                // What was offered before and is not in use: its answer was lost.
                for row in pair_secret::lives(tx, &home)?
                    .into_iter()
                    .filter(|row| !row.usable && row.used_at.is_none())
                {
                    forget(tx, &row.key_id)?;
                }
                federation.keep_next(tx, &home, &present, &next, false)?;
                Ok::<_, ApiError>(Some(part))
            })
            .await;
        match kept {
            Ok(Some(part)) => Answer::json(&part),
            Ok(None) => refuse(Code::Malformed),
            Err(error) => {
                tracing::error!(code = %error.code, "A secret could not be renewed");
                refuse(Code::Unavailable)
            }
        }
    }

    fn keep_next(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        present: &KeyId,
        next: &PairSecret,
        usable: bool,
    ) -> ApiResult<()> {
        let present = present.to_string();
        let lives = pair_secret::lives(tx, home)?;
        // The homes may have been paired again meanwhile.
        let before = lives.iter().find(|row| row.key_id == present);
        let generation = before
            .ok_or_else(ApiError::not_found)?
            .generation
            .saturating_add(1);
        // The present one is what both have for certain; no home makes this one keep more and more.
        let rest = lives.iter().filter(|row| row.key_id != present);
        for row in rest.skip(MAX_KEPT.saturating_sub(2)) {
            forget(tx, &row.key_id)?;
        }
        let row = SecretRow {
            key_id: next.key_id().to_string(),
            created_at: self.now(),
            generation,
            usable,
            answered_at: None,
            received_at: None,
            used_at: None,
            doubted_at: None,
        };
        self.keys()
            .put(tx, &pair_secret_name(&row.key_id), &*next.to_secret_bytes())?;
        Ok(pair_secret::insert_next(tx, home, &row)?)
    }

    /// Notes that a request signed with a secret was answered, after the home had not known those of the names in `unknown`.
    pub(crate) async fn secret_answered(
        &self,
        home: &HomeId,
        key_id: String,
        unknown: Vec<String>,
    ) -> Result<(), DbError> {
        let (home, now) = (home.clone(), self.now());
        self.db()
            .write(move |tx| {
                for name in &unknown {
                    pair_secret::lost(tx, name)?;
                }
                if !unknown.is_empty() {
                    tracing::info!(home = %home, "Another home does not know the newest secret shared with it: an older one is used");
                }
                if pair_secret::answered(tx, &key_id, now, ON_ITS_WAY_MS)? {
                    retire(tx, &home, now)?;
                }
                Ok(())
            })
            .await
    }

    /// Destroys secrets whose time of overlap is over.
    ///
    /// # Errors
    /// A database error.
    pub(crate) async fn retire_secrets(&self) -> Result<(), DbError> {
        let now = self.now();
        let homes = self
            .db()
            .read(move |tx| {
                let mut found = Vec::new();
                for peer in peer::list_connected(tx)? {
                    if !retirable(tx, &peer.home, now)?.is_empty() {
                        found.push(peer.home);
                    }
                }
                Ok::<_, DbError>(found)
            })
            .await?;
        if homes.is_empty() {
            return Ok(());
        }
        self.db()
            .write(move |tx| homes.iter().try_for_each(|home| retire(tx, home, now)))
            .await
    }
}

/// Notes that a request signed with a secret came. A home signs with the newest that both have: what would be preferred here, and was last
/// used before all that can still be on its way, it has lost; and what it was not heard to use for so long, it does not use.
pub(crate) fn secret_received(
    tx: &mut WriteTx<'_>,
    home: &HomeId,
    key_id: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let is_news = pair_secret::received(tx, key_id, now, ON_ITS_WAY_MS)?;
    let (used_until, made_until) = (now.plus_ms(-ON_ITS_WAY_MS), now.plus_days(-OVERLAP_DAYS));
    let is_older = pair_secret::lost_above(tx, home, key_id, used_until, made_until)?;
    if is_older {
        tracing::info!(home = %home, "Another home uses an older secret again: the newest shared with it is set aside");
    }
    if is_news || is_older {
        retire(tx, home, now)?;
    }
    Ok(())
}

fn forget(tx: &mut WriteTx<'_>, key_id: &str) -> Result<(), DbError> {
    hearth_db::secret::delete(tx, &pair_secret_name(key_id))?;
    pair_secret::delete(tx, key_id)
}

/// Destroys what is not needed any more.
pub(crate) fn retire(tx: &mut WriteTx<'_>, home: &HomeId, now: Timestamp) -> Result<(), DbError> {
    for key_id in retirable(tx, home, now)? {
        forget(tx, &key_id)?;
    }
    Ok(())
}

fn retirable(tx: &ReadTx<'_>, home: &HomeId, now: Timestamp) -> Result<Vec<String>, DbError> {
    let lives = pair_secret::lives(tx, home)?;
    let Some((newest, others)) = lives.split_first().filter(|(newest, _)| newest.usable) else {
        return Ok(Vec::new());
    };
    if newest.doubted_at.is_some() {
        // The other home used one from before. It has this one only if it uses it after all that can still be on its way.
        return Ok(Vec::new());
    }
    let first_use = newest.answered_at.into_iter().chain(newest.received_at).min();
    let both_ways = newest.answered_at.is_some() && newest.received_at.is_some();
    let over = first_use.is_some_and(|at| at <= now.plus_days(-OVERLAP_DAYS));
    let goes = |row: &&SecretRow| {
        if row.usable {
            return both_ways || over;
        }
        // A later one that was offered, or that the other home seemed to have lost, may be what it signs with when it is itself again.
        let before = newest
            .used_at
            .is_some_and(|at| row.created_at.plus_ms(ON_ITS_WAY_MS) <= at);
        row.generation <= newest.generation && (both_ways || over && before)
    };
    Ok(others.iter().filter(goes).map(|row| row.key_id.clone()).collect())
}

/// Whether the secret that signs is to be renewed: it is old, or a renewal of it was not carried through or has been lost at one side.
fn is_due(lives: &[SecretRow], now: Timestamp) -> bool {
    let Some((newest, others)) = lives.split_first() else {
        return false;
    };
    let tried = others
        .iter()
        .filter(|row| !row.usable && row.generation > newest.generation)
        .map(|row| row.created_at)
        .filter(|at| *at >= newest.created_at)
        .max();
    newest.created_at <= now.plus_days(-RENEW_AFTER_DAYS)
        || tried.is_some_and(|at| at <= now.plus_days(-REPEAT_AFTER_DAYS))
}
