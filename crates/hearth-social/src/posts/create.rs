//! Writing a post, and reading one.

use super::tell_new;
use crate::media::{Carrier, attach};
use crate::visibility::ItemFacts;
use crate::{Social, Viewer, text};
use hearth_api::feed::{CreatePost, GetPost, Post, Target};
use hearth_api::{ApiError, ApiResult, Code, Event, PersonId, PostId};
use hearth_db::post::PostRow;
use hearth_db::{ReadTx, WriteTx, event, post, tombstone};
use hearth_federation::log;

impl Social {
    /// Publishes a post.
    ///
    /// # Errors
    /// `empty_post`, `text_too_long`, `too_many_media`, `too_many_people`, `invalid_mentions`, `invalid_media`.
    pub async fn create_post(&self, viewer: &Viewer, req: CreatePost) -> ApiResult<Post> {
        text::check(&req.text, !req.media.is_empty(), Code::EmptyPost)?;
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .write(move |tx| {
                let id = match tombstone::operation(tx, viewer, req.op)? {
                    Some(made) => PostId(made),
                    None => social.create(tx, viewer, &req)?,
                };
                social.shown_post(tx, viewer, id)
            })
            .await
    }

    fn create(&self, tx: &mut WriteTx<'_>, author: PersonId, req: &CreatePost) -> ApiResult<PostId> {
        let now = self.now();
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
        let hlc = log::stamp(tx, &self.parts.node, now)?.to_string();
        let mut row = PostRow {
            id: self.new_post_id(tx, author)?,
            author,
            home: self.home.clone(),
            audience: req.audience,
            text: req.text.clone(),
            created_at: now,
            edited_at: None,
            version: 1,
            comments_on: req.comments_on,
            control_hlc: hlc.clone(),
            hlc,
            activity: None,
            kept: false,
        };
        post::put(tx, &row)?;
        attach(tx, Carrier::Post(row.id), &req.media, author)?;
        let mentioned = text::store_mentions(tx, row.id.0, row.id, &mentions)?;
        let homes = self.homes_of(tx, author, row.audience)?;
        self.deliver(tx, &mut row, &homes, now)?;
        tombstone::prune_operations(tx, now.plus_days(-tombstone::OPERATION_DAYS))?;
        tombstone::put_operation(tx, author, req.op, row.id.0, now)?;
        if let Some(draft) = req.draft
            && self.drop_draft(tx, author, draft)?
        {
            event::append(tx, Some(author), now, &Event::DraftsChanged)?;
        }
        tell_new(self, tx, &row, &mentioned, now)?;
        Ok(row.id)
    }

    /// A post as the viewer sees it.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn get_post(&self, viewer: &Viewer, req: GetPost) -> ApiResult<Post> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .read(move |tx| social.shown_post(tx, viewer, req.id))
            .await
    }

    /// A post as the viewer sees it.
    pub(crate) fn shown_post(&self, tx: &ReadTx<'_>, viewer: PersonId, id: PostId) -> ApiResult<Post> {
        let seen = self.visible(tx, viewer, Target::Post(id))?;
        let facts = self.facts(tx, viewer)?;
        self.assemble(tx, &facts, vec![seen.post])?
            .pop()
            .ok_or_else(ApiError::not_found)
    }
}
