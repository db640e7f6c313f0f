//! Erasing everything that somebody who is erased has written (ACC-12).

use super::erase;
use crate::Social;
use crate::comments::{leave_placeholder, tell_erased};
use crate::media::{Carrier, detach_all};
use hearth_api::{ApiResult, PersonId, Timestamp};
use hearth_db::tombstone::{self, Gone, TombstoneRow};
use hearth_db::{WriteTx, comment, draft, post, reaction};

impl Social {
    /// Erases a person's posts, comments, reactions and drafts here. Their homes learn it by what erases the person.
    pub(crate) fn erase_content(
        &self,
        tx: &mut WriteTx<'_>,
        person: PersonId,
        now: Timestamp,
    ) -> ApiResult<()> {
        for id in post::by(tx, person)? {
            if let Some(row) = post::get(tx, id)? {
                let tomb = TombstoneRow {
                    item: id.0,
                    by: person,
                    state: Gone::Deleted,
                    hlc: row.hlc.clone(),
                };
                tombstone::set(tx, &tomb, now)?;
                erase(tx, &row, None, now)?;
            }
        }
        for row in comment::by(tx, person)? {
            let tomb = TombstoneRow {
                item: row.id.0,
                by: person,
                state: Gone::Deleted,
                hlc: row.hlc.clone(),
            };
            tombstone::set(tx, &tomb, now)?;
            leave_placeholder(tx, &row, None)?;
            if let Some(post) = post::get(tx, row.post)? {
                tell_erased(tx, &post, &row, now)?;
            }
        }
        reaction::delete_by(tx, person)?;
        for row in draft::list(tx, person)? {
            detach_all(tx, Carrier::Draft(row.id))?;
            draft::delete(tx, row.id)?;
        }
        Ok(())
    }
}
