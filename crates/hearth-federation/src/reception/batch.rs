//! What is posted to a peer's inbox, and what comes back.
//!
//! A batch is JSON, compressed with zstd and named by a media type of its own: `Content-Encoding` is not covered by the
//! signature, `Content-Type` is. It covers the numbers from `from` to that of its last activity; a number in between that is
//! not there was withdrawn by the sender and will never come.

use crate::ids::{Epoch, RunId};
use crate::reconcile::Run;
use serde::{Deserialize, Serialize};

/// The media type of a batch.
pub const CONTENT_TYPE: &str = "application/vnd.hearth.inbox+zstd";
/// The most activities of a batch.
pub const MAX_ACTIVITIES: usize = 100;
/// The most bytes of a batch before compression.
pub const MAX_LEN: usize = 1024 * 1024;
/// What an activity costs in a batch besides its own text.
pub(crate) const ENTRY_OVERHEAD: usize = 40;
/// What a batch costs besides its activities.
pub(crate) const BATCH_OVERHEAD: usize = 704;
/// The media type of what is fetched: the same as what is brought.
pub(crate) const OUTBOX_TYPE: &str = CONTENT_TYPE;

const LEVEL: i32 = 3;

/// A batch that is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Over [`MAX_LEN`] or [`MAX_ACTIVITIES`].
    #[error("the batch is too large")]
    TooLarge,
    /// Not compressed JSON of a batch, or its numbers are not in order.
    #[error("not a batch of activities")]
    Malformed,
}

/// Activities on their way to a peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The life of the sender's log.
    pub epoch: Epoch,
    /// Which run of the sender it comes from; programs from before this told none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
    /// The first number that this covers.
    pub from: u64,
    /// The activities, by rising number.
    pub activities: Vec<Entry>,
}

/// One activity with its number in the sender's log for this peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number.
    pub seq: u64,
    /// Its text, as its author signed it.
    pub jws: String,
}

impl Batch {
    /// Writes a batch as it is sent.
    ///
    /// # Errors
    /// [`BatchError::TooLarge`] for one that no node would take.
    pub fn encode(&self) -> Result<Vec<u8>, BatchError> {
        self.check()?;
        pack(self)
    }

    /// Reads a batch, never taking more than [`MAX_LEN`] for it.
    ///
    /// # Errors
    /// See [`BatchError`].
    pub fn decode(body: &[u8]) -> Result<Self, BatchError> {
        let batch: Self = unpack(body)?;
        batch.check()?;
        Ok(batch)
    }

    /// The run of the sender that what this brings is from, if it tells which were before it: such a home knows the runs that it has had.
    pub(crate) fn told_run(&self) -> Option<RunId> {
        let run = self.run.as_ref()?;
        run.before.as_ref().map(|_| run.id)
    }

    fn check(&self) -> Result<(), BatchError> {
        if self.activities.is_empty() {
            return Err(BatchError::Malformed);
        }
        self.check_offer()
    }

    /// As a batch that is brought, but it may be empty.
    pub(crate) fn check_offer(&self) -> Result<(), BatchError> {
        if self.activities.len() > MAX_ACTIVITIES {
            return Err(BatchError::TooLarge);
        }
        let mut next = self.from;
        for entry in &self.activities {
            if entry.seq < next || entry.seq >= i64::MAX.unsigned_abs() {
                return Err(BatchError::Malformed);
            }
            next = entry.seq.saturating_add(1);
        }
        if self.from == 0 {
            return Err(BatchError::Malformed);
        }
        Ok(())
    }
}

/// Writes JSON as it travels, compressed.
pub(crate) fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>, BatchError> {
    let json = serde_json::to_vec(value).map_err(|_unwritable| BatchError::Malformed)?;
    if json.len() > MAX_LEN {
        return Err(BatchError::TooLarge);
    }
    let packed = zstd::bulk::compress(&json, LEVEL).map_err(|_failed| BatchError::Malformed)?;
    if packed.len() > crate::signature::MAX_BODY_LEN {
        return Err(BatchError::TooLarge);
    }
    Ok(packed)
}

/// Reads compressed JSON, never taking more than [`MAX_LEN`] for it.
pub(crate) fn unpack<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, BatchError> {
    let json = zstd::bulk::decompress(body, MAX_LEN).map_err(|_too_long_or_damaged| BatchError::Malformed)?;
    serde_json::from_slice(&json).map_err(|_other| BatchError::Malformed)
}

/// The answer to a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The highest number that is durably applied or set aside: the sender need not send it or any before it again.
    pub ack: u64,
    /// What became of each activity, as far as `ack`.
    pub results: Vec<ItemResult>,
}

/// What became of one activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemResult {
    /// Its number.
    pub seq: u64,
    /// The verdict.
    #[serde(flatten)]
    pub verdict: WireVerdict,
}

/// A verdict on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum WireVerdict {
    /// It changed something.
    Applied,
    /// It was known.
    Duplicate,
    /// It came too late to change anything: what it belongs to was deleted, or nobody may see it any more. To programs from before this a
    /// verdict of a newer version.
    Overtaken,
    /// It waits for something that is not here yet.
    Waiting,
    /// It may not be done; kept, and not tried again.
    Refused {
        /// Why, a stable code.
        code: String,
    },
    /// A verdict of a newer version.
    #[serde(other)]
    Unknown,
}

impl WireVerdict {
    /// Whether it need not be told: it is what a peer assumes that hears nothing.
    pub(crate) const fn goes_without_saying(&self) -> bool {
        !matches!(self, Self::Refused { .. } | Self::Overtaken | Self::Waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn batch(from: u64, seqs: &[u64]) -> Batch {
        Batch {
            epoch: Epoch::from_bytes([7; 16]),
            run: None,
            from,
            activities: seqs
                .iter()
                .map(|seq| Entry {
                    seq: *seq,
                    jws: "a.b.c".into(),
                })
                .collect(),
        }
    }

    #[test]
    fn a_batch_survives_the_wire() {
        let sent = batch(3, &[4, 5, 9]);
        assert_eq!(Batch::decode(&sent.encode().unwrap()), Ok(sent));
    }

    #[test]
    fn numbers_must_rise_from_the_first_that_is_covered() {
        for (from, seqs) in [
            (0, vec![1]),
            (1, vec![]),
            (5, vec![4]),
            (1, vec![2, 2]),
            (1, vec![3, 2]),
            (1, vec![u64::MAX]),
        ] {
            let wrong = batch(from, &seqs);
            assert_eq!(wrong.encode(), Err(BatchError::Malformed), "{from} {seqs:?}");
            let packed = zstd::bulk::compress(&serde_json::to_vec(&wrong).unwrap(), 1).unwrap();
            assert_eq!(
                Batch::decode(&packed),
                Err(BatchError::Malformed),
                "{from} {seqs:?}"
            );
        }
    }

    #[test]
    fn a_bomb_takes_no_more_than_a_batch_may() {
        let bomb = zstd::bulk::compress(&vec![b' '; 64 * MAX_LEN], 19).unwrap();
        assert!(bomb.len() < 16 * 1024);
        assert_eq!(Batch::decode(&bomb), Err(BatchError::Malformed));
    }

    #[test]
    fn too_many_activities_are_refused() {
        let seqs: Vec<u64> = (1..=101).collect();
        assert_eq!(batch(1, &seqs).encode(), Err(BatchError::TooLarge));
    }

    #[test]
    fn a_receipt_has_one_plain_form() {
        let receipt = Receipt {
            ack: 8,
            results: vec![
                ItemResult {
                    seq: 7,
                    verdict: WireVerdict::Applied,
                },
                ItemResult {
                    seq: 8,
                    verdict: WireVerdict::Refused {
                        code: "bad_signature".into(),
                    },
                },
            ],
        };
        let json = r#"{"ack":8,"results":[{"seq":7,"verdict":"applied"},{"seq":8,"verdict":"refused","code":"bad_signature"}]}"#;
        assert_eq!(serde_json::to_string(&receipt).unwrap(), json);
        assert_eq!(serde_json::from_str::<Receipt>(json).unwrap(), receipt);
        let newer: ItemResult = serde_json::from_str(r#"{"seq":1,"verdict":"pondering","since":1}"#).unwrap();
        assert_eq!(newer.verdict, WireVerdict::Unknown);
    }

    proptest! {
        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), packed in any::<bool>()) {
            let bytes = if packed { zstd::bulk::compress(&bytes, 1).unwrap() } else { bytes };
            let _ = Batch::decode(&bytes);
        }
    }
}
