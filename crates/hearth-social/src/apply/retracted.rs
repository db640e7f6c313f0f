//! Own posts that were taken back from other homes, for reasons that this home has lost: they are left to their authors alone.
//!
//! Not here: taking posts back (`friends`), and what else comes back (`restore`).

use super::restore::compared_holders;
use super::{INVALID, Incoming, stamp_of};
use crate::Social;
use crate::posts::{keep_version, tell_viewers};
use crate::wire::{Checked as _, PostRetract};
use hearth_api::feed::Audience;
use hearth_api::{ApiResult, Event, HomeId, PostId, Timestamp};
use hearth_db::post::PostRow;
use hearth_db::tombstone::{self, Gone, TombstoneRow};
use hearth_db::{WriteTx, post};
use hearth_federation::apply::Verdict;

impl Social {
    /// A post was taken back from a home, for a reason that may be lost: unless the reason is known, or a newer word says who may see it,
    /// its author alone does, who can widen it again.
    pub(super) fn take_retraction_back(
        &self,
        tx: &mut WriteTx<'_>,
        from: &HomeId,
        incoming: &Incoming<'_>,
    ) -> ApiResult<Verdict> {
        let Some(retract) = PostRetract::checked(incoming.said()) else {
            return Ok(INVALID);
        };
        let stamp = stamp_of(incoming);
        let mut changed = false;
        for id in retract.posts {
            match post::get(tx, id)? {
                Some(old) if old.author == incoming.actor && old.hlc < stamp => {
                    changed |= self.leave_to_author(tx, &old, from, &stamp, incoming.now)?;
                }
                Some(_) => {}
                // The post itself may come back from another home.
                None => {
                    let tomb = TombstoneRow {
                        item: id.0,
                        by: incoming.actor,
                        state: Gone::Retracted,
                        hlc: stamp.clone(),
                    };
                    tombstone::set_unknown(tx, &tomb, from, incoming.now)?;
                }
            }
        }
        if changed {
            self.observe(tx, incoming)?;
        }
        Ok(if changed {
            Verdict::Applied
        } else {
            Verdict::Duplicate
        })
    }

    /// Leaves a post to its author alone, as it was taken back at `at` from a home that may have it by all that is known.
    fn leave_to_author(
        &self,
        tx: &mut WriteTx<'_>,
        old: &PostRow,
        from: &HomeId,
        at: &str,
        now: Timestamp,
    ) -> ApiResult<bool> {
        if !self.homes_of(tx, old.author, old.audience)?.contains(from) {
            return Ok(false);
        }
        keep_version(tx, old)?;
        let row = PostRow {
            audience: Audience::Me,
            version: old.version.saturating_add(1),
            edited_at: Some(now),
            hlc: at.to_owned(),
            ..old.clone()
        };
        post::put(tx, &row)?;
        tell_viewers(tx, old, now, &Event::PostChanged { post: old.id })?;
        for home in compared_holders(tx, old.id, from)? {
            self.retract(tx, old.author, &[old.id], &home, now)?;
        }
        Ok(true)
    }

    /// A post has come back that was taken back from another home, which told so while the post was not here: whether it is left to its
    /// author alone.
    pub(super) fn was_taken_back(
        &self,
        tx: &mut WriteTx<'_>,
        id: PostId,
        incoming: &Incoming<'_>,
    ) -> ApiResult<bool> {
        let Some(row) = post::get(tx, id)? else {
            return Ok(false);
        };
        let tombs = tombstone::of(tx, id.0)?;
        let later = |tomb: &&TombstoneRow| {
            tomb.by == row.author && tomb.state == Gone::Retracted && tomb.hlc > row.hlc
        };
        let Some(tomb) = tombs.iter().find(later) else {
            return Ok(false);
        };
        let told_by = tombstone::unknown_from(tx, id.0, tomb.by)?;
        tombstone::lift(tx, id.0, tomb.by)?;
        match told_by {
            Some(home) if self.leave_to_author(tx, &row, &home, &tomb.hlc, incoming.now)? => {
                self.retract(tx, row.author, &[id], incoming.files, incoming.now)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}
