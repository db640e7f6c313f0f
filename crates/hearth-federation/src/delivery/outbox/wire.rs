//! What goes to and fro about an outbox: what a peer asks, what is offered to it, what it says of that.

use crate::delivery::Told;
use crate::ids::{Epoch, RunId};
use crate::problem::Code;
use crate::reception::{Batch, ItemResult, MAX_ACTIVITIES};
use serde::{Deserialize, Serialize};
/// The longest that a request is held.
pub(crate) const LONGEST_WAIT_S: u64 = 25;

/// What a peer says after it handled what it fetched: as the receipt of a delivery, and of which life of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Acknowledgement {
    pub(crate) epoch: Epoch,
    /// The run that it has them from, if that one tells which were before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<RunId>,
    pub(crate) ack: u64,
    pub(crate) results: Vec<ItemResult>,
    /// Nothing was taken, because of which life or run this home is: `epoch_changed` or `cloned`, as the answer to a batch would be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<Code>,
}

impl Acknowledgement {
    /// Reads one.
    ///
    /// # Errors
    /// `malformed`, `too_large`.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Code> {
        let said: Self = serde_json::from_slice(body).map_err(|_other| Code::Malformed)?;
        if said.results.len() > MAX_ACTIVITIES {
            return Err(Code::TooLarge);
        }
        Ok(said)
    }
}

/// The answer to an acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Acknowledged {
    /// The number up to which the log is settled: what was acknowledged, or less.
    pub(crate) ack: u64,
}

/// What a peer asks of its outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OutboxQuery {
    /// The life of the log that `after` counts, if it knows one.
    pub(crate) epoch: Option<Epoch>,
    /// The run of this home that it has them from, if it knows.
    pub(crate) run: Option<RunId>,
    /// What it has durably handled.
    pub(crate) after: u64,
    /// The same, where `after` is less, as not all of it was told yet. Programs from before this said nothing.
    pub(crate) has: Option<u64>,
    /// How long to wait for something, in seconds.
    pub(crate) wait_s: u64,
}

impl OutboxQuery {
    /// The query as it is sent.
    pub(crate) fn to_query(&self) -> String {
        let epoch = self
            .epoch
            .map(|epoch| format!("epoch={epoch}&"))
            .unwrap_or_default();
        let run = self.run.map(|run| format!("run={run}&")).unwrap_or_default();
        let has = self.has.map(|has| format!("has={has}&")).unwrap_or_default();
        format!("{epoch}{run}{has}after={}&wait={}", self.after, self.wait_s)
    }

    /// Reads a query; members that are not known are left for later versions.
    pub(crate) fn parse(query: Option<&str>) -> Option<Self> {
        let (mut epoch, mut run, mut after, mut has, mut wait_s) = (None, None, None, None, None);
        for part in query?.split('&') {
            let (name, value) = part.split_once('=')?;
            let before = match name {
                "epoch" => epoch.replace(value.parse::<Epoch>().ok()?).is_some(),
                "run" => run.replace(value.parse::<RunId>().ok()?).is_some(),
                "after" => after.replace(number(value)?).is_some(),
                "has" => has.replace(number(value)?).is_some(),
                "wait" => wait_s.replace(number(value)?).is_some(),
                _ => false,
            };
            if before {
                return None;
            }
        }
        Some(Self {
            epoch,
            run,
            after: after?,
            has,
            wait_s: wait_s.unwrap_or(0).min(LONGEST_WAIT_S),
        })
    }
}

/// A number in exactly one spelling.
fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text && number < i64::MAX.unsigned_abs()).then_some(number)
}

impl Batch {
    /// Writes what is offered: as a delivery, or without activities.
    pub(super) fn encode_offer(told: &Told<Self>) -> Result<Vec<u8>, crate::reception::BatchError> {
        told.answer.check_offer()?;
        crate::reception::pack(told)
    }

    /// Reads what was offered.
    ///
    /// # Errors
    /// When it is not one, or over a limit.
    pub(crate) fn decode_offer(body: &[u8]) -> Result<Told<Self>, crate::reception::BatchError> {
        let told: Told<Self> = crate::reception::unpack(body)?;
        told.answer.check_offer()?;
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_has_one_spelling_and_leaves_room_for_more() {
        let epoch = Epoch::from_bytes([7; 16]);
        for query in [
            OutboxQuery {
                epoch: Some(epoch),
                run: Some(RunId::from_bytes([8; 16])),
                after: 41,
                has: Some(43),
                wait_s: 25,
            },
            OutboxQuery {
                epoch: None,
                run: None,
                after: 0,
                has: None,
                wait_s: 0,
            },
        ] {
            assert_eq!(OutboxQuery::parse(Some(&query.to_query())), Some(query));
        }
        let more = OutboxQuery::parse(Some("boot=3&after=5&wait=9999")).unwrap();
        assert_eq!((more.after, more.wait_s), (5, LONGEST_WAIT_S));
        for wrong in [
            None,
            Some(""),
            Some("after"),
            Some("after="),
            Some("after=-1"),
            Some("after=+1"),
            Some("after=01"),
            Some("after=1&after=1"),
            Some("after=9223372036854775807"),
            Some("after=1&epoch=x"),
            Some("after=1&run=x"),
            Some("after=1&has=x"),
            Some("after=1&wait=soon"),
            Some("wait=5"),
        ] {
            assert_eq!(OutboxQuery::parse(wrong), None, "{wrong:?}");
        }
    }
}
