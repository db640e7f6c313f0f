//! What homes that compare say to each other, for the published vectors: as JSON, before compression.

use super::Run;
use super::wire::{
    DigestAnswer, DigestRequest, GiveRequest, HeldThing, Message, OfferAnswer, OfferRequest, RecallAnswer,
    RecallRequest,
};
use crate::hlc::Hlc;
use crate::ids::{Epoch, RunId};
use uuid::Uuid;

fn epoch() -> Epoch {
    Epoch::from_bytes([7; 16])
}

fn run() -> Option<Run> {
    Some(Run {
        id: RunId::from_bytes([8; 16]),
        starts: 3,
        before: None,
    })
}

fn text(message: &impl Message) -> String {
    assert!(message.is_sound());
    serde_json::to_string(message).unwrap()
}

fn held(at: Hlc, slot: Uuid) -> DigestAnswer {
    DigestAnswer {
        things: vec![HeldThing {
            slot,
            at,
            kind: "post.put".to_owned(),
        }],
        more: true,
        fetching: false,
        offer: true,
        answered_until: Some(1_700_000_000_000),
    }
}

pub(crate) fn digest(after: Uuid) -> String {
    text(&DigestRequest {
        epoch: epoch(),
        run: run(),
        after: Some(after),
        limit: 1000,
        answered_until: Some(1_700_000_000_000),
    })
}

pub(crate) fn page(at: Hlc, slot: Uuid) -> String {
    text(&held(at, slot))
}

pub(crate) fn recall(slots: &[Uuid]) -> String {
    text(&RecallRequest {
        slots: slots.to_vec(),
    })
}

pub(crate) fn recalled(jws: String, looked_at: usize) -> String {
    text(&RecallAnswer {
        activities: vec![jws],
        looked_at,
    })
}

pub(crate) fn offer(at: Hlc, slot: Uuid) -> String {
    text(&OfferRequest {
        epoch: epoch(),
        run: run(),
        after: None,
        page: DigestAnswer {
            offer: false,
            ..held(at, slot)
        },
    })
}

pub(crate) fn wanted(slot: Uuid) -> String {
    text(&OfferAnswer {
        open: true,
        after: None,
        wanted: vec![slot],
    })
}

pub(crate) fn give(slot: Uuid, jws: String) -> String {
    text(&GiveRequest {
        epoch: epoch(),
        run: run(),
        after: None,
        until: Some(slot),
        last: true,
        slots: vec![slot],
        activities: vec![jws],
    })
}
