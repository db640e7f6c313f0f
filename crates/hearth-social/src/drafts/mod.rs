//! Drafts (POST-10): what an account was writing, saved while it is written.
//!
//! A draft belongs to a place: the feed, a post (a comment on it), a comment (a reply to it) or an edit. Nobody else ever sees it, and it never travels.

use crate::media::{Carrier, attach, detach_all, media_of};
use crate::{Social, Viewer, text};
use hearth_api::command::Done;
use hearth_api::feed::{Attach, Audience, DeleteDraft, Draft, ListDrafts, MAX_DRAFT_TEXT, SaveDraft};
use hearth_api::{ApiError, ApiResult, Code, DraftId, Event, PersonId};
use hearth_db::draft::{self, DraftRow};
use hearth_db::{ReadTx, WriteTx, event};
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// Most drafts of an account.
const MAX_DRAFTS: u64 = 100;

/// Whether a text names a place of a draft.
fn is_place(place: &str) -> bool {
    let id = ["post:", "reply:", "edit:"]
        .into_iter()
        .find_map(|kind| place.strip_prefix(kind));
    place == "feed" || id.is_some_and(|id| Uuid::try_parse(id).is_ok())
}

fn shown(tx: &ReadTx<'_>, row: DraftRow) -> ApiResult<Draft> {
    Ok(Draft {
        media: media_of(tx, Carrier::Draft(row.id))?,
        id: row.id,
        place: row.place,
        text: row.text,
        audience: row.audience,
        saved_at: row.saved_at,
    })
}

impl Social {
    /// Saves a draft; creates it when the id is new.
    ///
    /// # Errors
    /// `invalid_place`, `text_too_long`, `too_many_media`, `too_many_drafts`; `not_found` for somebody else's.
    pub async fn save_draft(&self, viewer: &Viewer, req: SaveDraft) -> ApiResult<Draft> {
        if !is_place(&req.place) {
            return Err(ApiError::invalid(
                "place",
                "A draft belongs to the feed, a post, a comment or an edit.",
            ));
        }
        if text::is_longer(&req.text, MAX_DRAFT_TEXT) {
            return Err(ApiError::new(
                Code::TextTooLong,
                format!("A draft has at most {MAX_DRAFT_TEXT} characters. What is longer is not saved."),
            )
            .on("text"));
        }
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let known = draft::get(tx, req.id)?;
                if known.as_ref().is_some_and(|row| row.account != viewer) {
                    return Err(ApiError::not_found());
                }
                if known.is_none() && draft::count(tx, viewer)? >= MAX_DRAFTS {
                    return Err(ApiError::new(
                        Code::TooManyDrafts,
                        format!(
                            "There are {MAX_DRAFTS} drafts already. Delete some, then this one is saved."
                        ),
                    ));
                }
                let row = DraftRow {
                    id: req.id,
                    account: viewer,
                    place: req.place,
                    text: req.text,
                    audience: req.audience,
                    saved_at: social.now(),
                };
                draft::put(tx, &row)?;
                attach(tx, Carrier::Draft(row.id), &req.media, viewer)?;
                event::append(tx, Some(viewer), row.saved_at, &Event::DraftsChanged)?;
                shown(tx, row)
            })
            .await
    }

    /// The account's drafts, newest first.
    ///
    /// # Errors
    /// A database error.
    pub async fn list_drafts(&self, viewer: &Viewer, _req: ListDrafts) -> ApiResult<Vec<Draft>> {
        let viewer = viewer.person;
        self.db()
            .read(move |tx| {
                draft::list(tx, viewer)?
                    .into_iter()
                    .map(|row| shown(tx, row))
                    .collect()
            })
            .await
    }

    /// Deletes a draft. One that is not there for this person, any more or at all, is as was wanted.
    ///
    /// # Errors
    /// A storage error.
    pub async fn delete_draft(&self, viewer: &Viewer, req: DeleteDraft) -> ApiResult<Done> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                if social.drop_draft(tx, viewer, req.id)? {
                    event::append(tx, Some(viewer), social.now(), &Event::DraftsChanged)?;
                }
                Ok(Done {})
            })
            .await
    }

    /// Deletes a draft of an account; false when it has none of that id.
    pub(crate) fn drop_draft(&self, tx: &mut WriteTx<'_>, account: PersonId, id: DraftId) -> ApiResult<bool> {
        if draft::get(tx, id)?.is_none_or(|row| row.account != account) {
            return Ok(false);
        }
        detach_all(tx, Carrier::Draft(id))?;
        draft::delete(tx, id)?;
        Ok(true)
    }

    /// Keeps what could not be saved as the draft of its place, so that nothing typed is lost.
    pub(crate) fn keep_draft(
        &self,
        tx: &mut WriteTx<'_>,
        account: PersonId,
        place: &str,
        text: &str,
        media: &[Attach],
        audience: Audience,
    ) -> ApiResult<()> {
        let same = draft::list(tx, account)?
            .into_iter()
            .find(|row| row.place == place);
        let now = self.now();
        let row = DraftRow {
            id: same.map_or_else(|| DraftId(self.parts.ids.uuid()), |row| row.id),
            account,
            place: place.to_owned(),
            text: text.to_owned(),
            audience,
            saved_at: now,
        };
        draft::put(tx, &row)?;
        attach(tx, Carrier::Draft(row.id), media, account)?;
        Ok(event::append(tx, Some(account), now, &Event::DraftsChanged)?)
    }
}
