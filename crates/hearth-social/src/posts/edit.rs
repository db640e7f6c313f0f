//! Editing a post (POST-11), its audience included (AUD-4).

use super::{Written, notify_mentioned, tell_viewers};
use crate::author::holders;
use crate::authz::Action;
use crate::media::{Carrier, attach, media_of};
use crate::visibility::ItemFacts;
use crate::{Social, Viewer, text};
use hearth_api::feed::{Attach, EditPost, Post, Target};
use hearth_api::{ApiError, ApiResult, Code, Event, HomeId, Timestamp};
use hearth_db::post::PostRow;
use hearth_db::version::{self, VersionRow};
use hearth_db::{DbResult, ReadTx, WriteTx, post};
use hearth_federation::log;

/// What a person is told whose edit began from an older version.
pub(crate) fn stale() -> ApiError {
    ApiError::new(
        Code::StaleEdit,
        "This was changed meanwhile. Your text is kept as a draft; compare the two and save again.",
    )
}

impl Social {
    /// Edits one's own post.
    ///
    /// # Errors
    /// `not_found`, `forbidden`, `stale_edit`, and as [`Social::create_post`].
    pub async fn edit_post(&self, viewer: &Viewer, req: EditPost) -> ApiResult<Post> {
        text::check(&req.text, !req.media.is_empty(), Code::EmptyPost)?;
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let seen = social.visible(tx, viewer, Target::Post(req.id))?;
                seen.roles.check(Action::EditPost)?;
                if seen.post.version != req.version {
                    // Both are kept: the newer version here, the other text as a draft.
                    let place = format!("edit:{}", req.id);
                    social.keep_draft(tx, viewer, &place, &req.text, &req.media, req.audience)?;
                    return Ok(Err(stale()));
                }
                social.edit(tx, seen.post, &req)?;
                social.shown_post(tx, viewer, req.id).map(Ok)
            })
            .await?
    }

    fn edit(&self, tx: &mut WriteTx<'_>, old: PostRow, req: &EditPost) -> ApiResult<()> {
        let now = self.now();
        if old.text == req.text && old.audience == req.audience && same_media(tx, &old, &req.media)? {
            return Ok(());
        }
        let author = old.author;
        let item = ItemFacts {
            author,
            home: &self.home,
            audience: req.audience,
            gone: false,
            kept: false,
        };
        let mentions = text::mentions(tx, &req.text, &self.home, |person| {
            text::sees(tx, &self.home, &item, person)
        })?;
        keep_version(tx, &old)?;
        let mut row = PostRow {
            audience: req.audience,
            text: req.text.clone(),
            edited_at: Some(now),
            version: old.version.saturating_add(1),
            hlc: log::stamp(tx, &self.parts.node, now)?.to_string(),
            ..old.clone()
        };
        post::put(tx, &row)?;
        attach(tx, Carrier::Post(row.id), &req.media, author)?;
        let mentioned = text::store_mentions(tx, row.id.0, row.id, &mentions)?;
        self.follow_audience(tx, &mut row, now)?;
        // Those who may not see it any more find it gone.
        tell_viewers(tx, &old, now, &Event::PostChanged { post: row.id })?;
        if row.audience != old.audience {
            tell_viewers(tx, &row, now, &Event::PostAdded { post: row.id, author })?;
        }
        notify_mentioned(self, tx, &row, Written::post(&row), &mentioned, now)
    }

    /// Gives an own post to the homes that may have it now, and takes it back from those that may not any more.
    fn follow_audience(&self, tx: &mut WriteTx<'_>, row: &mut PostRow, now: Timestamp) -> ApiResult<()> {
        let homes = self.homes_of(tx, row.author, row.audience)?;
        let lost: Vec<HomeId> = holders(tx, row.id)?
            .into_iter()
            .filter(|home| !homes.contains(home))
            .collect();
        for home in &lost {
            self.retract(tx, row.author, &[row.id], home, now)?;
        }
        self.deliver(tx, row, &homes, now)
    }
}

fn same_media(tx: &ReadTx<'_>, post: &PostRow, wanted: &[Attach]) -> ApiResult<bool> {
    let has = media_of(tx, Carrier::Post(post.id))?;
    Ok(has.len() == wanted.len()
        && has
            .iter()
            .zip(wanted)
            .all(|(a, b)| a.hash == b.media && a.alt == b.alt && a.caption == b.caption))
}

/// Keeps the present version of a post as an earlier one.
pub(crate) fn keep_version(tx: &mut WriteTx<'_>, old: &PostRow) -> DbResult<()> {
    version::keep(
        tx,
        &VersionRow {
            item: old.id.0,
            version: old.version,
            post: old.id,
            audience: old.audience,
            text: old.text.clone(),
            at: old.edited_at.unwrap_or(old.created_at),
        },
    )
}
