//! What connected homes say to each other, read as the running part reads it and written again: a way to try the readers of what only a
//! connected home can send, for the fuzzer and the tests over its corpora.
//!
//! Invariant: what was read is within its limits, and is read again as the same.
//!
//! Not here: what follows from it.

use crate::delivery::{Acknowledged, Acknowledgement, OutboxQuery, Pong, Told, Words};
use crate::listener::{MEDIA_PATH, media_wanted};
use crate::parting::read_any_word;
use crate::reception::{Batch, Receipt};
use crate::reconcile::{
    DigestAnswer, DigestRequest, GiveRequest, Message, OfferAnswer, OfferRequest, RecallAnswer, RecallRequest,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Something that a connected home says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The query of a question to an outbox.
    OutboxQuery,
    /// The answer to it, compressed.
    OutboxAnswer,
    /// What became of what was fetched.
    Ack,
    /// The answer to that.
    AckAnswer,
    /// The answer to a delivery.
    Receipt,
    /// What became later of what had to wait, either way.
    Later,
    /// The answer to a ping.
    Pong,
    /// A question what is held, compressed.
    Digest,
    /// The answer to it, compressed.
    DigestAnswer,
    /// A question for what was said last, compressed.
    Recall,
    /// The answer to it, compressed.
    RecallAnswer,
    /// A page that is offered, compressed.
    Offer,
    /// What was wanted, compressed.
    Give,
    /// The answer to either, compressed.
    OfferAnswer,
    /// The target of a request for a file, path and query.
    Media,
    /// The word that a connection ended, as anybody can bring it.
    Parting,
}

impl Heard {
    /// Whether it travels compressed.
    #[must_use]
    pub const fn is_compressed(self) -> bool {
        match self {
            Self::OutboxQuery
            | Self::Ack
            | Self::AckAnswer
            | Self::Receipt
            | Self::Later
            | Self::Pong
            | Self::Media
            | Self::Parting => false,
            Self::OutboxAnswer
            | Self::Digest
            | Self::DigestAnswer
            | Self::Recall
            | Self::RecallAnswer
            | Self::Offer
            | Self::Give
            | Self::OfferAnswer => true,
        }
    }

    /// Reads it as it came, and writes it as it would be sent; nothing if it is not one. Of what is compressed, what was written is not
    /// compressed again.
    #[must_use]
    pub fn read(self, bytes: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::OutboxQuery => {
                let query = OutboxQuery::parse(Some(std::str::from_utf8(bytes).ok()?))?;
                Some(query.to_query().into_bytes())
            }
            Self::OutboxAnswer => json(&Batch::decode_offer(bytes).ok()?),
            Self::Ack => json(&Acknowledgement::read(bytes).ok()?),
            Self::AckAnswer => plain::<Told<Acknowledged>>(bytes),
            Self::Receipt => plain::<Told<Receipt>>(bytes),
            Self::Later => json(&Words::read(bytes).ok()?),
            Self::Pong => plain::<Told<Pong>>(bytes),
            Self::Digest => packed::<DigestRequest>(bytes),
            Self::DigestAnswer => packed::<DigestAnswer>(bytes),
            Self::Recall => packed::<RecallRequest>(bytes),
            Self::RecallAnswer => packed::<RecallAnswer>(bytes),
            Self::Offer => packed::<OfferRequest>(bytes),
            Self::Give => packed::<GiveRequest>(bytes),
            Self::OfferAnswer => packed::<OfferAnswer>(bytes),
            Self::Parting => {
                let (word, _) = read_any_word(std::str::from_utf8(bytes).ok()?)?;
                Some(word.jws().as_bytes().to_vec())
            }
            Self::Media => {
                let target = std::str::from_utf8(bytes).ok()?;
                let (path, query) = match target.split_once('?') {
                    Some((path, query)) => (path, Some(query)),
                    None => (target, None),
                };
                let (hash, variant) = media_wanted(path, query)?;
                Some(format!("{MEDIA_PATH}{hash}?variant={}", variant.as_str()).into_bytes())
            }
        }
    }
}

fn json(value: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(value).ok()
}

fn plain<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<Vec<u8>> {
    json(&serde_json::from_slice::<T>(bytes).ok()?)
}

fn packed<T: Message>(bytes: &[u8]) -> Option<Vec<u8>> {
    json(&T::decode(bytes).ok()?)
}
