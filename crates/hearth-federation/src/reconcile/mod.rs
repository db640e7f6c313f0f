//! Homes that were restored from an older state, and copies of a home: noticed, and mended.
//!
//! An *epoch* is one life of a home's database. Whoever restores one begins a new epoch; a raw copy that was put back is noticed by the
//! homes that know more of it than it does (`life`, `own`). Then both sides compare, page by page, what each holds of the other's people and of
//! what hangs on the other's posts: first each fetches back, as it was signed, what it lost itself, then it gives what the other lost.
//! Where it has come is written down with every page, so that it goes on after a restart, and its end is the same however often it is done.
//!
//! A home that cannot be called is not asked: it offers what it holds, page by page, and gives what is wanted of it (`offer`, `taken`).
//!
//! Invariants:
//!
//! * What comes back counts by its author's signature alone; a home that lies can withhold, and nothing else.
//! * What was deleted stays deleted: a deletion is a word like others, and the last.
//! * Nothing is given or taken back before what was lost here has been fetched as far as it can be.
//!
//! Not here: what may be seen where, and what a word that comes back does (`hearth-social`, by [`crate::apply::Apply`]).

mod answer;
mod life;
mod offer;
mod own;
mod page;
mod run;
mod taken;
#[cfg(test)]
pub(crate) mod vectors;
mod wire;

pub use life::Run;
pub use life::has_lost;
pub(crate) use life::{RunSeen, compare_as_restored, compare_with_restored, forget_lives, is_said_alone};
pub(crate) use own::{Life, Runs, begin_life};
pub(crate) use wire::{
    CONTENT_TYPE, DigestAnswer, DigestRequest, GiveRequest, Message, OfferAnswer, OfferRequest, RecallAnswer,
    RecallRequest,
};

/// Most things of one page.
pub(crate) const MAX_THINGS: u32 = 1000;
/// Most things that are recalled at once.
pub(crate) const MAX_RECALLED: usize = 100;
