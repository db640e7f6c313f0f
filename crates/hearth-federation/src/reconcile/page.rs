//! A page of what another home holds, beside what is here.

use super::MAX_THINGS;
use super::wire::{DigestAnswer, HeldThing};
use crate::apply::{Compared, Held};
use crate::slots::supersedes;
use hearth_api::HomeId;
use hearth_db::slot::{self, SlotRow};
use hearth_db::{DbResult, ReadTx};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a page costs that says that there is more and is not even half full: only a home that wants this one to go on for ever sends many.
const SPARSE: u64 = 64;

/// What a page costs, in full pages.
pub(super) fn cost_of(page: &DigestAnswer) -> u64 {
    let half = usize::try_from(MAX_THINGS / 2).unwrap_or(usize::MAX);
    match page.end() {
        Some(_) if page.things.len() < half => SPARSE,
        _ => 1,
    }
}

/// What is held there and is not here, or older.
pub(super) fn lost_here(tx: &ReadTx<'_>, things: &[HeldThing]) -> DbResult<Vec<Uuid>> {
    let mut lost = Vec::new();
    for thing in things {
        let at = thing.at.to_string();
        let is_lost = slot::get(tx, thing.slot)?
            .is_none_or(|own| supersedes((&thing.kind, &at), (&own.kind, &own.hlc)));
        if is_lost {
            lost.push(thing.slot);
        }
    }
    Ok(lost)
}

/// What is here and there, by thing, as far as both are known; and the last thing of it, when there is more.
pub(super) fn side_by_side(
    tx: &ReadTx<'_>,
    own: &HomeId,
    after: Option<Uuid>,
    page: DigestAnswer,
) -> DbResult<(Vec<Compared>, Option<Uuid>)> {
    let here = slot::of_home(tx, own, after.unwrap_or(Uuid::nil()), MAX_THINGS)?;
    let is_full = here.len() >= usize::try_from(MAX_THINGS).unwrap_or(usize::MAX);
    let here_ends = here.last().map(|row| row.id).filter(|_| is_full);
    let there_ends = page.end();
    let until = match (here_ends, there_ends) {
        (Some(here), Some(there)) => Some(here.min(there)),
        (one, other) => one.or(other),
    };
    let mut both: BTreeMap<Uuid, (Option<SlotRow>, Option<Held>)> = BTreeMap::new();
    for row in here {
        let id = row.id;
        both.entry(id).or_default().0 = Some(row);
    }
    for thing in page.things {
        let held = Held {
            kind: thing.kind,
            hlc: thing.at.to_string(),
        };
        both.entry(thing.slot).or_default().1 = Some(held);
    }
    let mut compared = Vec::new();
    for (id, (ours, theirs)) in both {
        if until.is_some_and(|until| id > until) {
            break;
        }
        // Words of others to people here are known by their own list.
        let ours = match ours {
            Some(row) => Some(row),
            None => slot::get(tx, id)?,
        };
        if let Some(own) = ours {
            compared.push(Compared { own, theirs });
        }
    }
    Ok((compared, until))
}
