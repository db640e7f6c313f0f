//! Feeds (GEN-7, POST-16): chronological, in pages that are filled after filtering.
//!
//! Candidates come newest first from the indexes alone (`merge`), pass the visibility rule one by one, and become complete cards with
//! a fixed number of queries a page (`assemble`).

mod assemble;
mod merge;
#[cfg(test)]
mod tests;

use crate::visibility::{ItemFacts, ViewerFacts, may_see};
use crate::{Social, Viewer, cards};
use hearth_api::command::Page;
use hearth_api::feed::{Feed, GetFeed, Post};
use hearth_api::{ApiError, ApiResult, PostId, Timestamp};
use hearth_db::ReadTx;
use hearth_db::feed::{self as table, Place};
use hearth_db::post::PostRow;
use merge::Candidates;
use std::collections::HashMap;
use uuid::Uuid;

/// Posts of a page when nothing is said.
const PAGE: u8 = 20;
/// Most posts of a page.
const MAX_PAGE: u8 = 50;

/// A place as clients hold it: milliseconds and id.
fn cursor(place: Place) -> String {
    format!("{}.{}", place.at.0, place.post.0.simple())
}

fn parse_cursor(text: &str) -> Option<Place> {
    let (at, post) = text.split_once('.')?;
    Some(Place {
        at: Timestamp(at.parse().ok()?),
        post: PostId(Uuid::try_parse(post).ok()?),
    })
}

impl Social {
    /// A page of a feed, newest first.
    ///
    /// # Errors
    /// `invalid_cursor`, `invalid_limit`; `not_found` for the feed of somebody unknown.
    pub async fn get_feed(&self, viewer: &Viewer, req: GetFeed) -> ApiResult<Page<Post>> {
        let from = match req.cursor.as_deref() {
            None => Place::TOP,
            Some(text) => parse_cursor(text).ok_or_else(|| {
                ApiError::invalid("cursor", "This page can't be found. Load the feed again.")
            })?,
        };
        let limit = req.limit.unwrap_or(PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(ApiError::invalid(
                "limit",
                format!("A page has 1 to {MAX_PAGE} posts."),
            ));
        }
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .read(move |tx| {
                let facts = social.facts(tx, viewer)?;
                if let Feed::Person(person) = req.feed {
                    cards::known(tx, viewer, person)?;
                }
                let (rows, next) = page(tx, &facts, req.feed, from, usize::from(limit))?;
                Ok(Page {
                    items: social.assemble(tx, &facts, rows)?,
                    next: next.map(cursor),
                })
            })
            .await
    }
}

/// The posts of a page, and where the next begins if there is one.
fn page(
    tx: &ReadTx<'_>,
    facts: &ViewerFacts,
    feed: Feed,
    from: Place,
    limit: usize,
) -> ApiResult<(Vec<PostRow>, Option<Place>)> {
    let mut candidates = Candidates::new(tx, facts, feed, from)?;
    let mut rows: Vec<PostRow> = Vec::with_capacity(limit + 1);
    while rows.len() <= limit {
        let wanted = limit + 1 - rows.len();
        let ids = candidates.take(tx, wanted)?;
        let exhausted = ids.len() < wanted;
        let mut found: HashMap<PostId, PostRow> = table::posts(tx, &ids)?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let in_order = ids.iter().filter_map(|id| found.remove(&PostId(*id)));
        rows.extend(in_order.filter(|row| may_see(facts, &ItemFacts::from(row))));
        if exhausted {
            break;
        }
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| Place {
        at: row.created_at,
        post: row.id,
    });
    Ok((rows, next))
}
