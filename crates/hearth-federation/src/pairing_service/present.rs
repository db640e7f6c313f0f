//! What two homes that meet again hold of each other from before, and which connection is the present one.
//!
//! Who has ended or lost the connection says that it holds nothing, and both start afresh. Who was put back to before it ended and another
//! began says that it holds one too, but an older one: it ends that first, as if it had heard then that it was over, and the two compare.
//! That is done in the transaction that stores the new secret, on what the other home signed and proved by the invite; people of both homes
//! agreed to it. A home that lies here about which connection it holds brings about what it can do by parting, and nothing else: what the
//! connection is for never becomes more by it.

use crate::ids::InviteId;
use crate::invite::Scope;
use crate::pairing::{Introduction, Met};
use crate::parting::disconnect;
use crate::reconcile::{compare_as_restored, compare_with_restored, has_lost};
use crate::service::Federation;
use crate::subscriptions;
use hearth_api::notify::HomeChange;
use hearth_api::{ApiResult, HomeId, Timestamp};
use hearth_db::meeting::MeetingRow;
use hearth_db::{DbError, DbResult, ReadTx, WriteTx, meeting, subscription};

/// What the connection that is about to be stored goes on with.
pub(super) struct Present {
    /// What the homes are connected for already.
    pub(super) held: Vec<Scope>,
    /// Which connection it is, as both know from now on.
    pub(super) met: MeetingRow,
}

/// What is known here of the connections with another home.
pub(super) fn known(tx: &ReadTx<'_>, with: &HomeId) -> DbResult<Met> {
    let row = meeting::get(tx, with)?;
    let invite = row.invite.map(|text| text.parse()).transpose();
    Ok(Met {
        times: row.times,
        invite: invite.map_err(|_malformed| DbError::Malformed("invite of a meeting"))?,
    })
}

impl Federation {
    /// Ends what is held here of a connection that is over by what the other home says, before the new secret is stored; the home is known.
    pub(super) fn come_to_present(
        &self,
        tx: &mut WriteTx<'_>,
        with: &HomeId,
        them: &Introduction,
        invite: InviteId,
        now: Timestamp,
    ) -> ApiResult<Present> {
        let (mut held, met) = (subscriptions::held(tx, with)?, known(tx, with)?);
        let theirs = them.met.as_ref();
        let differs = them.holds.as_ref().is_some_and(|theirs| *theirs != held);
        if !held.is_empty() && differs {
            // The other side has ended or forgotten what is held here: both start afresh.
            disconnect(tx, with)?;
            self.apply().disconnected(tx, with, HomeChange::EndedThere, now)?;
            held.clear();
        } else if !held.is_empty()
            && let Some(theirs) = theirs
        {
            if met.is_before(theirs) {
                tracing::info!(home = %with, "The connection held here had ended, and another home holds a later one");
                self.end_older(tx, with, now)?;
            } else if theirs.is_before(&met) {
                compare_with_restored(tx, with, now)?;
            }
        }
        let met = if held.is_empty() {
            met.begun_by(invite, theirs)
        } else {
            met.going_on(theirs)
        };
        Ok(Present {
            held,
            met: MeetingRow {
                times: met.times,
                invite: met.invite.map(|invite| invite.to_string()),
            },
        })
    }

    /// Does what was done when the connection held here ended, and begins to compare. What it is for stays: the other home holds the same.
    fn end_older(&self, tx: &mut WriteTx<'_>, with: &HomeId, now: Timestamp) -> ApiResult<()> {
        let (knew, some) = (has_lost(tx, with)?, subscription::of(tx, with)?);
        disconnect(tx, with)?;
        self.apply().disconnected(tx, with, HomeChange::EndedThere, now)?;
        for row in some {
            subscription::add(tx, with, row.subject, row.at)?;
        }
        compare_as_restored(tx, with, knew, now)?;
        Ok(())
    }
}
