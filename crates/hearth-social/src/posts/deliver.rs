//! Bringing posts to other homes.

use crate::author::{put_item, stored};
use crate::media::{Carrier, media_of};
use crate::wire::{PostPut, WireMention, kind};
use crate::{Social, scope};
use hearth_api::{ApiResult, HomeId, PersonId, Timestamp};
use hearth_db::post::PostRow;
use hearth_db::{ReadTx, WriteTx, comment, item_activity, mention, person, post, reaction};
use uuid::Uuid;

/// The mentions of an item as they travel, with the names known now.
pub(crate) fn wire_mentions(tx: &ReadTx<'_>, item: Uuid) -> ApiResult<Vec<WireMention>> {
    let mut out = Vec::new();
    for row in mention::of(tx, &[item])? {
        let name = person::get(tx, row.person)?
            .map(|person| person.name)
            .filter(|name| !name.is_empty());
        out.push(WireMention {
            person: row.person,
            name: name.unwrap_or(row.name),
            removed: row.removed,
        });
    }
    out.sort_by_key(|mention| mention.person);
    Ok(out)
}

impl Social {
    /// Gives an own post as it is now to homes: the post itself to all, what hangs on it to those that did not hold it.
    pub(crate) fn deliver(
        &self,
        tx: &mut WriteTx<'_>,
        row: &mut PostRow,
        homes: &[HomeId],
        now: Timestamp,
    ) -> ApiResult<()> {
        if homes.is_empty() {
            return Ok(());
        }
        let mut new = Vec::new();
        for home in homes {
            if !item_activity::holds(tx, row.id.0, home)? {
                new.push(home.clone());
            }
        }
        let object = PostPut {
            text: row.text.clone(),
            audience: row.audience,
            created_at: row.created_at,
            edited_at: row.edited_at,
            version: row.version,
            comments_on: row.comments_on,
            media: media_of(tx, Carrier::Post(row.id))?,
            mentions: wire_mentions(tx, row.id.0)?,
        };
        let activity = self.sign(tx, row.author, kind::POST_PUT, Some(row.id), &object, now)?;
        put_item(tx, homes, &activity, row.id.0, true, now)?;
        row.hlc = activity.activity().at.to_string();
        row.control_hlc.clone_from(&row.hlc);
        row.activity = Some(activity.key());
        post::put(tx, row)?;
        if !new.is_empty() {
            self.deliver_hanging(tx, row, &new, now)?;
        }
        Ok(())
    }

    /// Gives the comments and reactions of an own post to homes that did not hold it.
    pub(crate) fn deliver_hanging(
        &self,
        tx: &mut WriteTx<'_>,
        row: &PostRow,
        homes: &[HomeId],
        now: Timestamp,
    ) -> ApiResult<()> {
        let mut comments = comment::of_post(tx, row.id)?;
        comments.sort_by_key(|comment| (comment.depth, comment.created_at, comment.id));
        let comments = comments.into_iter().filter_map(|comment| comment.activity);
        let reactions = reaction::of_post(tx, row.id)?
            .into_iter()
            .filter_map(|reaction| reaction.activity);
        for id in comments.chain(reactions) {
            if let Some(activity) = stored(tx, id)? {
                scope::tell(tx, homes, &activity, None, now)?;
            }
        }
        Ok(())
    }

    /// The homes that are to have an own post of an author with an audience.
    pub(crate) fn homes_of(
        &self,
        tx: &ReadTx<'_>,
        author: PersonId,
        audience: hearth_api::feed::Audience,
    ) -> ApiResult<Vec<HomeId>> {
        let reach = crate::visibility::AuthorReach::load(tx, author, &self.home)?;
        Ok(crate::visibility::homes_for(&reach, audience))
    }
}
