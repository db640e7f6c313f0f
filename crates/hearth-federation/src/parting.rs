//! How a connection ends, and how the other home learns of it, also one that was off for a year.
//!
//! What ends it is one transaction: secrets, log and peer go, the rules let go of relations and copies, and for each destroyed secret
//! this home's signed `node.remove` is kept under the secret's name. It names the secrets that it ends. The other home is told at
//! once if it answers; else by the answer to its next request, which it signs with one of these secrets: `not_connected`, with that
//! word in it. Such an answer cannot be signed with a secret that is gone; it is believed because the node signed the word itself,
//! and only while the secret in use is among those that it names, so that an old word ends no new connection.
//!
//! A home that cannot call this one makes no request. So a word that may not have been heard is brought again, once an hour for a month,
//! without another signature than its own.

use crate::activity::{Activity, SignedActivity, UnverifiedActivity};
use crate::client::{Call, CallError};
use crate::homes::NODE_REMOVE;
use crate::listener::{INBOX_PATH, PART_PATH};
use crate::pairing_service::{forget_secrets, refused};
use crate::problem::{Code as WireCode, Problem};
use crate::reception::{Batch, CONTENT_TYPE, Entry};
use crate::reconcile::forget_lives;
use crate::service::Federation;
use crate::transport::MAX_ANSWER_LEN;
use hearth_api::notify::HomeChange;
use hearth_api::{ApiError, ApiResult, Event, HomeId, Timestamp};
use hearth_db::home::{self, HomeRowState};
use hearth_db::{
    DbError, WriteTx, event, inbox, later, meeting, pair_secret, parting, peer, peer_log, subscription,
    untold,
};
use http::Uri;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use uuid::Uuid;

/// The most secrets that one word names.
const MAX_KEYS: usize = 16;

/// The most words that are brought again at once.
const TOLD_AT_ONCE: u32 = 8;
/// How often one is.
const TOLD_EVERY_S: i64 = 60 * 60;
/// For how many days.
const TOLD_DAYS: i64 = 30;

/// What `node.remove` says.
#[derive(Serialize, Deserialize)]
struct NodeRemove {
    /// The names of the secrets that it ends.
    #[serde(default)]
    keys: Vec<String>,
    /// Why, if that is worth telling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// The reason that the safety words were called different.
const WORDS_DIFFER: &str = "words_differ";

/// Why the home that says `word` has ended the connection. What it gives as a reason otherwise counts as none.
pub(crate) fn why(word: &Activity) -> HomeChange {
    match word.object.get("reason").and_then(serde_json::Value::as_str) {
        Some(WORDS_DIFFER) => HomeChange::WordsDifferThere,
        _ => HomeChange::EndedThere,
    }
}

/// A connection that has just ended: the word for the other home, and where the log for it stood.
pub(crate) struct Parted {
    jws: String,
    from: u64,
    seq: u64,
}

/// Takes the connection away here: no secret, no log, no peer.
pub(crate) fn disconnect(tx: &mut WriteTx<'_>, id: &HomeId) -> Result<(), DbError> {
    home::set_state(tx, id, HomeRowState::Removed)?;
    forget_secrets(tx, id)?;
    subscription::clear(tx, id)?;
    meeting::end(tx, id)?;
    peer_log::clear(tx, id)?;
    untold::end(tx, id)?;
    later::clear(tx, id)?;
    inbox::delete_all(tx, id)?;
    forget_lives(tx, id)?;
    peer::delete(tx, id)
}

/// The word of `node` that ends the connection in which a secret of that name is used, if `text` is that.
pub(crate) fn read_word(
    text: &str,
    node: &crate::keys::NodeId,
    key_id: &str,
) -> Option<(SignedActivity, Vec<String>)> {
    let (signed, keys) = read_any_word(text)?;
    let fits = signed.activity().home == *node && keys.iter().any(|key| key == key_id);
    fits.then_some((signed, keys))
}

/// A word that ends connections, and the names of the secrets that it ends, if `text` is that.
pub(crate) fn read_any_word(text: &str) -> Option<(SignedActivity, Vec<String>)> {
    let signed = UnverifiedActivity::parse(text).ok()?.verify_node().ok()?;
    let said = signed.activity();
    let word: NodeRemove = serde_json::from_value(said.object.clone()).ok()?;
    (said.kind == NODE_REMOVE && word.keys.len() <= MAX_KEYS).then_some((signed, word.keys))
}

impl Federation {
    /// Ends a connection in a transaction, and keeps the word for the other home. `why` is what those who run this one are told.
    pub(crate) fn part(
        &self,
        tx: &mut WriteTx<'_>,
        with: &HomeId,
        why: HomeChange,
        now: Timestamp,
    ) -> ApiResult<Parted> {
        let mut keys = pair_secret::of_home(tx, with)?;
        keys.truncate(MAX_KEYS);
        let at = crate::log::stamp(tx, self.node_id(), now)?;
        let reason = (why == HomeChange::WordsDiffer).then(|| WORDS_DIFFER.to_owned());
        let word = NodeRemove {
            keys: keys.clone(),
            reason,
        };
        let object = serde_json::to_value(word).map_err(|_unwritable| refused(WireCode::Internal))?;
        let activity = Activity::new(
            self.ids().uuid(),
            NODE_REMOVE,
            Uuid::nil(),
            *self.node_id(),
            at,
            object,
        );
        let signed = SignedActivity::by_node(activity, self.node_key())
            .map_err(|_unsigned| refused(WireCode::Internal))?;
        let known = peer::get(tx, with)?;
        let acked = known.as_ref().map_or(0, |row| row.acked_seq);
        let seq = peer_log::end(tx, with)?.saturating_add(1);
        disconnect(tx, with)?;
        self.apply().disconnected(tx, with, why, now)?;
        for key in &keys {
            parting::put(tx, key, with, signed.jws(), now)?;
        }
        if let Some(row) = known {
            parting::tell_at(tx, with, &row.addresses)?;
        }
        Ok(Parted {
            jws: signed.jws().to_owned(),
            from: acked.saturating_add(1),
            seq,
        })
    }

    /// Ends the connection with a home for good, and tells it if it answers now. What came from there is erased, or kept to be read only.
    ///
    /// # Errors
    /// `not_found`; `wrong_state` when what a blocked home shared, which nobody can see, is to be kept; a storage error.
    pub(crate) async fn end_connection(&self, with: &HomeId, keeping: bool) -> ApiResult<()> {
        self.end_for(with, HomeChange::Ended, keeping).await
    }

    /// As [`Federation::end_connection`], because the safety words differ: the other home is told that, too.
    ///
    /// # Errors
    /// `not_found`; a storage error.
    pub(crate) async fn end_by_words(&self, with: &HomeId) -> ApiResult<()> {
        self.end_for(with, HomeChange::WordsDiffer, false).await
    }

    async fn end_for(&self, with: &HomeId, why: HomeChange, keeping: bool) -> ApiResult<()> {
        // What is needed to tell it goes with the connection.
        let known = self.known(with).await.ok();
        let life = self.life_with(with).await?;
        let (federation, home, now) = (self.clone(), with.clone(), self.now());
        let parted = self
            .db()
            .write(move |tx| {
                let paired = crate::homes::paired(tx, &home)?;
                if why == HomeChange::WordsDiffer && paired.state != HomeRowState::Connected {
                    return Err(ApiError::not_found());
                }
                if keeping {
                    if paired.state == HomeRowState::Blocked {
                        return Err(ApiError::wrong_state(
                            "What a blocked home shared is hidden. Unblock it first to keep that, or erase it.",
                        ));
                    }
                    federation.apply().keep_copies(tx, &home)?;
                }
                let parted = federation.part(tx, &home, why, now)?;
                event::append(tx, None, now, &Event::HomesChanged { home: Some(home) })?;
                Ok::<_, ApiError>(parted)
            })
            .await?;
        if let Some(known) = known {
            let batch = Batch {
                epoch: life.epoch,
                run: Some(life.run),
                from: parted.from.min(parted.seq),
                activities: vec![Entry {
                    seq: parted.seq,
                    jws: parted.jws,
                }],
            };
            if let Ok(body) = batch.encode() {
                let call = Call::post(Uri::from_static(INBOX_PATH), CONTENT_TYPE, body);
                let told = match self.call_known(&known, &call).await {
                    Ok(answer) => answer.collect(MAX_ANSWER_LEN).await.map(drop),
                    Err(error) => Err(error),
                };
                match told {
                    Ok(()) => {
                        let home = with.clone();
                        self.db().write(move |tx| parting::told(tx, &home)).await?;
                    }
                    Err(error) => {
                        tracing::info!(home = %with, code = error.code(), "A home learns later that the connection ended");
                    }
                }
            }
        }
        self.signals().peer(with).way.ended();
        self.wake(Some(with));
        Ok(())
    }

    /// Tells homes again that the connection ended, which may not have heard it.
    ///
    /// # Errors
    /// A storage error.
    pub(crate) async fn tell_partings(&self) -> ApiResult<()> {
        let now = self.now();
        let untold = self
            .db()
            .write(move |tx| {
                let said_since = now.plus_days(-TOLD_DAYS);
                parting::take_untold(tx, said_since, now.plus_secs(-TOLD_EVERY_S), now, TOLD_AT_ONCE)
            })
            .await?;
        let all = untold.iter().map(|word| async move {
            if self.bring_parting(word).await {
                let home = word.home.clone();
                self.db().write(move |tx| parting::told(tx, &home)).await?;
            }
            Ok::<_, ApiError>(())
        });
        futures_util::future::try_join_all(all).await?;
        Ok(())
    }

    /// Brings a home its word; whether it has heard.
    async fn bring_parting(&self, word: &parting::Untold) -> bool {
        let Ok(node) = word.home.as_str().parse() else {
            return false;
        };
        for address in &word.addresses {
            let Ok(address) = address.parse() else { continue };
            let request = http::Request::post(PART_PATH)
                .header(http::header::CONTENT_TYPE, "application/jose")
                .body(bytes::Bytes::from(word.jws.clone()));
            let Ok(request) = request else { return false };
            match self.transport().send(&node, &address, request).await {
                Ok(answer) => return answer.status() == http::StatusCode::NO_CONTENT,
                Err(error) => {
                    tracing::debug!(home = %word.home, error = %error, "A home that was removed does not answer");
                }
            }
        }
        false
    }

    /// Whether somebody at `source` may bring such a word now: anybody can, and each costs a signature that is checked.
    pub(crate) fn may_bring_parting(&self, source: IpAddr) -> bool {
        self.partings().attempt(source, self.now().0)
    }

    /// Another home brings its word that it has ended the connection. Whatever else comes changes nothing, and nobody is told so.
    ///
    /// # Errors
    /// A storage error.
    pub(crate) async fn hear_parting(&self, body: &[u8]) -> ApiResult<()> {
        let word = std::str::from_utf8(body).ok().and_then(read_any_word);
        let Some((signed, keys)) = word else { return Ok(()) };
        let with = HomeId::from(&signed.activity().home);
        match self.has_parted(&with, keys, why(signed.activity())).await {
            // Only of homes that were connected is anything kept.
            Ok(ended) => {
                if ended {
                    self.wake(Some(&with));
                }
                Ok(())
            }
            Err(CallError::Local(error)) => Err(error),
            Err(_) => Ok(()),
        }
    }

    /// What to answer to somebody who uses a secret that this home destroyed.
    pub(crate) async fn word_for(&self, key_id: String) -> ApiResult<Option<Problem>> {
        let word = self.db().read(move |tx| parting::get(tx, &key_id)).await?;
        Ok(word.map(|jws| {
            let mut problem = Problem::new(WireCode::NotConnected);
            problem.parting = Some(jws);
            problem
        }))
    }

    /// Another home answered that it ended the connection, in its own signed word, which was checked: it has ended here too.
    pub(crate) async fn has_parted(
        &self,
        with: &HomeId,
        keys: Vec<String>,
        why: HomeChange,
    ) -> Result<bool, CallError> {
        let home = with.clone();
        // Whoever brings a word of no connection, which anybody can, does not make this home write.
        let known = self.db().read(move |tx| pair_secret::of_home(tx, &home)).await;
        if !known
            .map_err(|error| CallError::Local(error.into()))?
            .iter()
            .any(|key| keys.contains(key))
        {
            return Ok(false);
        }
        let (home, now, apply) = (with.clone(), self.now(), self.apply().clone());
        let ended = self
            .db()
            .write(move |tx| {
                // The homes may have met again meanwhile: then by another secret. And a block is taken back by who made it alone; the
                // other home's word is heard after that.
                let is_blocked = home::get(tx, &home)?.is_some_and(|row| row.state == HomeRowState::Blocked);
                let ends = !is_blocked
                    && pair_secret::of_home(tx, &home)?
                        .iter()
                        .any(|key| keys.contains(key));
                if ends {
                    tracing::info!(home = %home, "Another home has ended the connection");
                    disconnect(tx, &home)?;
                    apply.disconnected(tx, &home, why, now)?;
                    event::append(tx, None, now, &Event::HomesChanged { home: Some(home) })?;
                }
                Ok::<_, ApiError>(ends)
            })
            .await
            .map_err(CallError::Local)?;
        if ended {
            self.signals().peer(with).way.ended();
        }
        Ok(ended)
    }
}
