//! What became later of an activity that had to wait at its receiver: told to the home that sent it, until that has heard it.
//!
//! Both sides say the same in one exchange: what became of the other's activities, and up to where they heard the other. Whoever can
//! call begins it, because there is something to say or because the other said so beside an answer. So one working direction is enough.
//!
//! Invariants:
//!
//! * A word is kept until the other home has durably heard it, within bounds ([`hearth_db::later`]).
//! * A word changes nothing but where an own post or comment stands that waits at that very home, or was refused there and is said to
//!   have been taken after all, as by comparing.
//!
//! Not here: what waits, and when it is tried again (`reception`).

use super::settle::{OVERTAKEN, WAITING_THERE, stable};
use crate::client::{Call, CallError};
use crate::encoding::{base64url, base64url_array};
use crate::ids::Epoch;
use crate::listener::{Answer, LATER_PATH};
use crate::problem::{Code, Problem};
use crate::reception::WireVerdict;
use crate::service::Federation;
use crate::transport::MAX_ANSWER_LEN;
use hearth_api::feed::DeliveryState;
use hearth_api::{ApiError, ApiResult, Event, HomeId};
use hearth_db::later::{self, LaterRow};
use hearth_db::{ReadTx, WriteTx, event, peer, peer_log};
use http::Uri;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most words of one exchange, each way.
const MAX_WORDS: usize = 100;
/// The most exchanges of one round.
const MAX_EXCHANGES: u32 = 16;
/// The code of what waited for too long.
pub(crate) const WAITED_TOO_LONG: &str = "waited_too_long";

/// What became of one activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Word {
    /// Its number, rising.
    pub(crate) id: u64,
    /// SHA-256 of the activity's text, base64url.
    pub(crate) activity: String,
    /// What became of it.
    #[serde(flatten)]
    pub(crate) verdict: WireVerdict,
}

/// Up to where words were heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Heard {
    /// The life of the database that gave the numbers.
    pub(crate) epoch: Epoch,
    /// The highest number.
    pub(crate) id: u64,
}

/// What either side says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Words {
    /// The life of the speaker's database.
    pub(crate) epoch: Epoch,
    /// What became of the other's activities.
    pub(crate) words: Vec<Word>,
    /// Up to where the speaker heard the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) heard: Option<Heard>,
}

impl Words {
    /// Reads what the other home said.
    ///
    /// # Errors
    /// The problem to answer with.
    pub(crate) fn read(text: &[u8]) -> Result<Self, Code> {
        let said: Self = serde_json::from_slice(text).map_err(|_other| Code::Malformed)?;
        if said.words.len() > MAX_WORDS {
            return Err(Code::TooLarge);
        }
        let rise = said.words.windows(2).all(|two| match two {
            [one, next] => one.id < next.id,
            _ => true,
        });
        let bounded = |id: u64| (1..i64::MAX.unsigned_abs()).contains(&id);
        let is_sound = |word: &Word| bounded(word.id) && key_of(&word.activity).is_some();
        if !rise || !said.words.iter().all(is_sound) {
            return Err(Code::Malformed);
        }
        Ok(said)
    }
}

/// The name under which the text of an activity is kept, from its whole hash.
fn key_of(digest: &str) -> Option<Uuid> {
    let digest: [u8; 32] = base64url_array(digest)?;
    digest.first_chunk().copied().map(Uuid::from_bytes)
}

fn word(row: LaterRow) -> Word {
    Word {
        id: row.id,
        activity: base64url(&row.digest),
        verdict: match row.code {
            None => WireVerdict::Applied,
            Some(code) if code == OVERTAKEN => WireVerdict::Overtaken,
            Some(code) => WireVerdict::Refused { code },
        },
    }
}

impl Federation {
    /// What this home says to another.
    fn words_for(&self, tx: &ReadTx<'_>, home: &HomeId) -> ApiResult<Words> {
        let limit = u32::try_from(MAX_WORDS).unwrap_or(u32::MAX);
        let heard = later::heard(tx, home)?.and_then(|(epoch, id)| {
            let epoch = epoch.parse().ok()?;
            Some(Heard { epoch, id })
        });
        Ok(Words {
            epoch: self.life_in(tx, home)?.epoch,
            words: later::of(tx, home, limit)?.into_iter().map(word).collect(),
            heard,
        })
    }

    /// Takes what another home said.
    fn hear_words(&self, tx: &mut WriteTx<'_>, home: &HomeId, said: &Words) -> ApiResult<()> {
        let life = self.life_in(tx, home)?.epoch;
        if let Some(heard) = said.heard.filter(|heard| heard.epoch == life) {
            later::forget(tx, home, heard.id)?;
        }
        let Some(last) = said.words.last() else {
            return Ok(());
        };
        let epoch = said.epoch.to_string();
        let before = later::heard(tx, home)?.filter(|(of, _)| *of == epoch);
        let before = before.map_or(0, |(_, id)| id);
        for word in said.words.iter().filter(|word| word.id > before) {
            let Some(activity) = key_of(&word.activity) else {
                continue;
            };
            match &word.verdict {
                WireVerdict::Applied | WireVerdict::Duplicate => self.hear(tx, home, activity, None)?,
                WireVerdict::Overtaken => self.hear(tx, home, activity, Some(OVERTAKEN))?,
                WireVerdict::Refused { code } => self.hear(tx, home, activity, Some(stable(code)))?,
                // It waits on, or what it is is for later versions.
                WireVerdict::Waiting | WireVerdict::Unknown => {}
            }
        }
        Ok(later::set_heard(tx, home, &epoch, last.id.max(before))?)
    }

    /// Takes what became of one own activity, if it waits there, or was refused and has been taken after all; what was never sent there, or
    /// has been answered otherwise, stays as it is.
    fn hear(&self, tx: &mut WriteTx<'_>, home: &HomeId, activity: Uuid, code: Option<&str>) -> ApiResult<()> {
        let (now, state) = (self.now(), state_of(code));
        let Some(item) = peer_log::settle_later(tx, home, activity, state, code, now)? else {
            if peer_log::is_on_its_way(tx, home, activity)? {
                later::put_early(tx, home, activity, code)?;
            }
            return Ok(());
        };
        self.apply().settled_later(tx, home, item, state, code, now)?;
        if state == DeliveryState::Refused {
            let home = Some(home.clone());
            event::append(tx, None, now, &Event::HomesChanged { home })?;
        }
        Ok(())
    }

    /// What is to be noted of an activity that waits there: what was heard of it already, before its own answer.
    pub(super) fn heard_early(
        &self,
        tx: &mut WriteTx<'_>,
        home: &HomeId,
        activity: Uuid,
    ) -> ApiResult<(DeliveryState, Option<String>)> {
        Ok(match later::take_early(tx, home, activity)? {
            Some(code) => (state_of(code.as_deref()), code),
            None => (DeliveryState::Delivered, Some(WAITING_THERE.to_owned())),
        })
    }

    /// Exchanges words with a home, if there are any on either side.
    pub(super) async fn exchange_later(&self, with: &HomeId) -> Result<(), CallError> {
        let way = &self.signals().peer(with).way;
        for _ in 0..MAX_EXCHANGES {
            let (federation, home) = (self.clone(), with.clone());
            let own = self.db().read(move |tx| federation.words_for(tx, &home)).await?;
            let last = own.words.last().map(|word| word.id);
            if !way.exchanges_later() || last.is_none() && !way.has_later() {
                return Ok(());
            }
            let body = serde_json::to_vec(&own).map_err(|_unwritable| CallError::Nonsense)?;
            let call = Call::post(Uri::from_static(LATER_PATH), "application/json", body);
            let answered = match self.call(with, call).await {
                Ok(answer) => answer.collect(MAX_ANSWER_LEN).await,
                Err(error) => Err(error),
            };
            let answer = match answered {
                Ok(answer) => answer,
                Err(CallError::Refused(problem)) if problem.code == Code::NotFound => {
                    way.has_no_later();
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            let said = Words::read(&answer).map_err(|_not_one| CallError::Nonsense)?;
            if said.words.is_empty() {
                way.heard_later();
            }
            let heard = said.heard.filter(|heard| heard.epoch == own.epoch);
            if last.is_some_and(|last| heard.is_none_or(|heard| heard.id < last)) {
                // It would be told the same again and again.
                return Err(CallError::Nonsense);
            }
            let (federation, home) = (self.clone(), with.clone());
            self.db()
                .write(move |tx| {
                    peer::get(tx, &home)?.ok_or(CallError::NotConnected)?;
                    Ok::<_, CallError>(federation.hear_words(tx, &home, &said)?)
                })
                .await?;
        }
        Ok(())
    }

    /// Answers another home that tells or asks what became of what had to wait.
    pub(crate) async fn take_later(&self, from: &HomeId, body: &[u8]) -> Answer {
        let said = match Words::read(body) {
            Ok(said) => said,
            Err(code) => return Answer::problem(&Problem::new(code)),
        };
        let (federation, home) = (self.clone(), from.clone());
        let answered = self
            .db()
            .write(move |tx| {
                federation.hear_words(tx, &home, &said)?;
                federation.words_for(tx, &home)
            })
            .await;
        match answered {
            Ok(words) => Answer::json(&words),
            Err(error) => unavailable(&error),
        }
    }
}

fn state_of(code: Option<&str>) -> DeliveryState {
    match code {
        None | Some(OVERTAKEN) => DeliveryState::Delivered,
        Some(_why) => DeliveryState::Refused,
    }
}

/// A fault of this home: nothing was heard, and the peer comes again.
fn unavailable(error: &ApiError) -> Answer {
    tracing::error!(code = %error.code, "What became of what waits could not be exchanged");
    Answer::problem(&Problem::new(Code::Unavailable))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Result<usize, Code> {
        let epoch = Epoch::from_bytes([7; 16]);
        let text = format!(r#"{{"epoch":"{epoch}","words":{words}}}"#);
        Words::read(text.as_bytes()).map(|said| said.words.len())
    }

    #[test]
    fn what_is_said_is_bounded_and_in_order() {
        let digest = base64url(&[3; 32]);
        let word = |id: u64| format!(r#"{{"id":{id},"activity":"{digest}","verdict":"applied"}}"#);
        let words = |ids: &[u64]| {
            format!(
                "[{}]",
                ids.iter().map(|id| word(*id)).collect::<Vec<_>>().join(",")
            )
        };
        assert_eq!(read("[]"), Ok(0));
        assert_eq!(read(&words(&[1, 2, 9])), Ok(3));
        let future = word(1).replace("applied", "postponed");
        assert_eq!(read(&format!("[{future}]")), Ok(1), "left for later versions");
        for wrong in [words(&[0]), words(&[2, 1]), words(&[2, 2]), words(&[u64::MAX])] {
            assert_eq!(read(&wrong), Err(Code::Malformed), "{wrong}");
        }
        let short = word(1).replace(&digest, "AAAA");
        assert_eq!(read(&format!("[{short}]")), Err(Code::Malformed));
        let all: Vec<u64> = (1..=100).collect();
        assert_eq!(read(&words(&all)), Ok(100));
        let more: Vec<u64> = (1..=101).collect();
        assert_eq!(read(&words(&more)), Err(Code::TooLarge));
    }
}
