//! What two homes that compare say to each other: JSON, compressed, under a media type of its own.

use super::{MAX_RECALLED, MAX_THINGS};
use crate::hlc::Hlc;
use crate::ids::Epoch;
use crate::problem::Code;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// The media type of requests and answers.
pub(crate) const CONTENT_TYPE: &str = "application/vnd.hearth.digest+zstd";
/// The most bytes of a message before compression.
pub(super) const MAX_LEN: usize = 1024 * 1024;

const LEVEL: i32 = 3;

/// "What do you hold of my people, and of what hangs on their posts?"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DigestRequest {
    /// The life of the asker's database, as in a batch.
    pub(crate) epoch: Epoch,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<super::life::Run>,
    /// The last thing of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Uuid>,
    /// Most things of the page.
    pub(crate) limit: u32,
    /// Up to when the asker had been answered in the other's earlier life, Unix milliseconds: what is from before was seen there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) answered_until: Option<i64>,
}

/// One thing that is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HeldThing {
    /// Its name.
    pub(crate) slot: Uuid,
    /// When the last word on it was said.
    pub(crate) at: Hlc,
    /// That word's kind.
    pub(crate) kind: String,
}

/// A page of what is held, by rising names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DigestAnswer {
    /// The things.
    pub(crate) things: Vec<HeldThing>,
    /// Whether there are more after the last.
    pub(crate) more: bool,
    /// Whether who says it still fetches back what it lost itself: then nothing is to be given to it yet.
    #[serde(default)]
    pub(crate) fetching: bool,
    /// Whether who answers has not compared everything and cannot call the asker, who is to offer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) offer: bool,
    /// As in a request: until when who says it had been answered by the other's earlier life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) answered_until: Option<i64>,
}

impl DigestAnswer {
    /// The last thing of a page after which there are more.
    pub(crate) fn end(&self) -> Option<Uuid> {
        self.things.last().map(|thing| thing.slot).filter(|_| self.more)
    }
}

/// "Give me back what was said last about these."
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecallRequest {
    /// The things.
    pub(crate) slots: Vec<Uuid>,
}

/// The texts, as their authors signed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecallAnswer {
    /// In the order asked for; what is not kept is left out.
    pub(crate) activities: Vec<String>,
    /// How many of the things were looked at: the rest did not fit and is to be asked for again.
    pub(crate) looked_at: usize,
}

/// "This is what I hold of your people, and of what hangs on their posts": a page as a [`DigestAnswer`], not asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OfferRequest {
    /// The life of the database of who offers, as in a batch.
    pub(crate) epoch: Epoch,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<super::life::Run>,
    /// The last thing of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Uuid>,
    /// The page.
    #[serde(flatten)]
    pub(crate) page: DigestAnswer,
}

/// What is to be done next by who offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OfferAnswer {
    /// Whether there is more to compare.
    pub(crate) open: bool,
    /// The last thing that was compared: the page after it comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Uuid>,
    /// What of the page that was offered is wanted: to be given before the next page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) wanted: Vec<Uuid>,
}

/// The last words on things that were wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GiveRequest {
    /// The life of the database of who gives.
    pub(crate) epoch: Epoch,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<super::life::Run>,
    /// Which page they are of, by the last thing of the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Uuid>,
    /// The last thing of the page, if there are more pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Uuid>,
    /// Whether nothing else that was wanted of the page comes.
    pub(crate) last: bool,
    /// The things that were looked at.
    pub(crate) slots: Vec<Uuid>,
    /// Their texts, as their authors signed them; what is not kept is left out.
    pub(crate) activities: Vec<String>,
}

/// Messages that know their limits.
pub(crate) trait Message: Serialize + DeserializeOwned {
    /// Whether it is within its limits.
    fn is_sound(&self) -> bool;

    /// As it is sent.
    fn encode(&self) -> Result<Vec<u8>, Code> {
        let json = serde_json::to_vec(self).map_err(|_unwritable| Code::Internal)?;
        if json.len() > MAX_LEN {
            return Err(Code::TooLarge);
        }
        zstd::bulk::compress(&json, LEVEL).map_err(|_failed| Code::Internal)
    }

    /// Reads one, never taking more than the limit for it.
    fn decode(body: &[u8]) -> Result<Self, Code> {
        let json = zstd::bulk::decompress(body, MAX_LEN).map_err(|_too_long_or_damaged| Code::Malformed)?;
        let message: Self = serde_json::from_slice(&json).map_err(|_other| Code::Malformed)?;
        if message.is_sound() {
            Ok(message)
        } else {
            Err(Code::Malformed)
        }
    }
}

impl Message for DigestRequest {
    fn is_sound(&self) -> bool {
        (1..=MAX_THINGS).contains(&self.limit)
    }
}

impl Message for DigestAnswer {
    fn is_sound(&self) -> bool {
        self.things.len() <= usize::try_from(MAX_THINGS).unwrap_or(usize::MAX)
            && self
                .things
                .windows(2)
                .all(|pair| matches!(pair, [a, b] if a.slot < b.slot))
            && self
                .things
                .iter()
                .all(|thing| thing.kind.len() <= crate::activity::MAX_KIND_LEN)
            && !(self.more && self.things.is_empty())
    }
}

impl Message for OfferRequest {
    fn is_sound(&self) -> bool {
        let first = self.page.things.first();
        self.page.is_sound() && first.is_none_or(|first| self.after.is_none_or(|after| first.slot > after))
    }
}

impl Message for OfferAnswer {
    fn is_sound(&self) -> bool {
        self.wanted.len() <= usize::try_from(MAX_THINGS).unwrap_or(usize::MAX)
            && (self.open || self.wanted.is_empty())
    }
}

impl Message for GiveRequest {
    fn is_sound(&self) -> bool {
        (1..=MAX_RECALLED).contains(&self.slots.len())
            && self.activities.len() <= self.slots.len()
            && self
                .until
                .is_none_or(|until| self.after.is_none_or(|after| until > after))
    }
}

impl Message for RecallRequest {
    fn is_sound(&self) -> bool {
        (1..=MAX_RECALLED).contains(&self.slots.len())
    }
}

impl Message for RecallAnswer {
    fn is_sound(&self) -> bool {
        self.activities.len() <= self.looked_at && (1..=MAX_RECALLED).contains(&self.looked_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thing(n: u128) -> HeldThing {
        HeldThing {
            slot: Uuid::from_u128(n),
            at: Hlc::MIN,
            kind: "post.put".into(),
        }
    }

    #[test]
    fn a_page_survives_the_wire_and_must_be_in_order() {
        let page = |things: Vec<HeldThing>, more| DigestAnswer {
            things,
            more,
            fetching: false,
            offer: false,
            answered_until: None,
        };
        let good = page(vec![thing(1), thing(2)], true);
        assert_eq!(DigestAnswer::decode(&good.encode().unwrap()), Ok(good));
        for wrong in [
            page(vec![thing(2), thing(1)], false),
            page(vec![thing(1), thing(1)], false),
            page(Vec::new(), true),
            page((1..=1001).map(thing).collect(), false),
        ] {
            assert_eq!(
                DigestAnswer::decode(&wrong.encode().unwrap()),
                Err(Code::Malformed)
            );
        }
    }

    #[test]
    fn an_offer_is_a_page_that_follows_the_one_before() {
        let offer = |after: u128, things: Vec<HeldThing>| OfferRequest {
            epoch: Epoch::from_bytes([1; 16]),
            run: None,
            after: Some(Uuid::from_u128(after)),
            page: DigestAnswer {
                things,
                more: false,
                fetching: false,
                offer: false,
                answered_until: None,
            },
        };
        let good = offer(1, vec![thing(2), thing(3)]);
        assert_eq!(OfferRequest::decode(&good.encode().unwrap()), Ok(good));
        let wrong = offer(2, vec![thing(2)]);
        assert_eq!(
            OfferRequest::decode(&wrong.encode().unwrap()),
            Err(Code::Malformed)
        );
    }

    #[test]
    fn what_is_given_is_bounded_and_leads_on() {
        let give = |slots: usize, activities: usize, until: u128| GiveRequest {
            epoch: Epoch::from_bytes([1; 16]),
            run: None,
            after: Some(Uuid::from_u128(5)),
            until: Some(Uuid::from_u128(until)),
            last: true,
            slots: vec![Uuid::nil(); slots],
            activities: vec!["a.b.c".into(); activities],
        };
        for (slots, activities, until, fine) in [
            (1, 0, 6, true),
            (100, 100, 6, true),
            (0, 0, 6, false),
            (101, 0, 6, false),
            (1, 2, 6, false),
            (1, 1, 5, false),
        ] {
            let decoded = GiveRequest::decode(&give(slots, activities, until).encode().unwrap());
            assert_eq!(decoded.is_ok(), fine, "{slots} {activities} {until}");
        }
    }

    #[test]
    fn a_bomb_takes_no_more_than_a_message_may() {
        let bomb = zstd::bulk::compress(&vec![b' '; 64 * MAX_LEN], 19).unwrap();
        assert_eq!(DigestRequest::decode(&bomb), Err(Code::Malformed));
    }

    #[test]
    fn requests_are_bounded() {
        let request = |limit| DigestRequest {
            epoch: Epoch::from_bytes([1; 16]),
            run: None,
            after: None,
            limit,
            answered_until: None,
        };
        for (limit, fine) in [(0, false), (1, true), (1000, true), (1001, false)] {
            let decoded = DigestRequest::decode(&request(limit).encode().unwrap());
            assert_eq!(decoded.is_ok(), fine, "{limit}");
        }
        let recall = |n: usize| RecallRequest {
            slots: vec![Uuid::nil(); n],
        };
        for (n, fine) in [(0, false), (1, true), (100, true), (101, false)] {
            assert_eq!(
                RecallRequest::decode(&recall(n).encode().unwrap()).is_ok(),
                fine,
                "{n}"
            );
        }
    }
}
