//! Who will see a post, and who can be mentioned in it: for the composer.

use crate::visibility::{AuthorReach, ItemFacts, audience_permits, homes_for};
use crate::{Social, Viewer, cards, text};
use hearth_api::feed::{Audience, AudiencePreview, PreviewAudience, SuggestMentions, Target};
use hearth_api::people::PersonCard;
use hearth_api::{ApiResult, PersonId};
use hearth_db::{ReadTx, comment, friendship, person};
use std::collections::BTreeSet;

/// Most names of a preview.
const MAX_NAMES: usize = 200;
/// Most suggestions.
const MAX_SUGGESTIONS: usize = 20;

impl Social {
    /// The people known here who will see a post of the viewer with this audience, without the viewer.
    fn readers(&self, tx: &ReadTx<'_>, author: PersonId, audience: Audience) -> ApiResult<Vec<PersonId>> {
        let mut people: BTreeSet<PersonId> = BTreeSet::new();
        let facts = self.facts(tx, author)?;
        // Friendship and connection are mutual: how the author stands to them is how they stand to the author.
        let mut consider = |id: PersonId, home: &hearth_api::HomeId| {
            if id != author && audience_permits(facts.standing(id, home), audience) {
                people.insert(id);
            }
        };
        for row in person::of_home(tx, &self.home)? {
            consider(row.id, &row.home);
        }
        for (friend, home) in friendship::with_homes(tx, author)? {
            consider(friend, &home);
        }
        if audience == Audience::Public {
            for home in &facts.homes().connected {
                for row in person::of_home(tx, home)? {
                    consider(row.id, &row.home);
                }
            }
        }
        Ok(people.into_iter().collect())
    }

    /// How many people in how many homes will see a post with this audience, and their names.
    ///
    /// # Errors
    /// A database error.
    pub async fn preview_audience(
        &self,
        viewer: &Viewer,
        req: PreviewAudience,
    ) -> ApiResult<AudiencePreview> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .read(move |tx| {
                let readers = social.readers(tx, viewer, req.audience)?;
                let reach = AuthorReach::load(tx, viewer, &social.home)?;
                let mut here = false;
                for reader in &readers {
                    here = here || person::get(tx, *reader)?.is_some_and(|row| social.is_own(&row.home));
                }
                let homes = homes_for(&reach, req.audience).len() + usize::from(here);
                let mut names: Vec<PersonCard> = cards::in_order(tx, viewer, &readers)?;
                names.sort_by_cached_key(|card| (card.name.to_lowercase(), card.id));
                names.truncate(MAX_NAMES);
                Ok(AudiencePreview {
                    people: u32::try_from(readers.len()).unwrap_or(u32::MAX),
                    homes: u32::try_from(homes).unwrap_or(u32::MAX),
                    here,
                    names,
                })
            })
            .await
    }

    /// People to mention: by part of their name, of those who may see the post.
    ///
    /// # Errors
    /// `not_found` for a post that the viewer may not see.
    pub async fn suggest_mentions(
        &self,
        viewer: &Viewer,
        req: SuggestMentions,
    ) -> ApiResult<Vec<PersonCard>> {
        let (social, viewer) = (self.clone(), viewer.person);
        self.db()
            .read(move |tx| {
                let people = match req.post {
                    None => social.readers(tx, viewer, req.audience)?,
                    Some(id) => social.thread_readers(tx, viewer, id)?,
                };
                let needle = req.query.trim().to_lowercase();
                let mut found: Vec<PersonCard> = cards::in_order(tx, viewer, &people)?
                    .into_iter()
                    .filter(|card| card.id != viewer && card.name.to_lowercase().contains(&needle))
                    .collect();
                // Names that begin with what was typed come first.
                found.sort_by_cached_key(|card| {
                    let name = card.name.to_lowercase();
                    (!name.starts_with(&needle), name, card.id)
                });
                found.truncate(MAX_SUGGESTIONS);
                Ok(found)
            })
            .await
    }

    /// People who can be mentioned in a comment on a post.
    fn thread_readers(
        &self,
        tx: &ReadTx<'_>,
        viewer: PersonId,
        id: hearth_api::PostId,
    ) -> ApiResult<Vec<PersonId>> {
        let post = self.visible(tx, viewer, Target::Post(id))?.post;
        let mut people: BTreeSet<PersonId> = comment::shown(tx, id, viewer)?
            .into_iter()
            .filter(|comment| !comment.deleted)
            .map(|comment| comment.author)
            .collect();
        people.insert(post.author);
        if self.is_own(&post.home) {
            people.extend(self.readers(tx, post.author, post.audience)?);
        } else {
            for row in person::of_home(tx, &self.home)? {
                if text::sees(tx, &self.home, &ItemFacts::from(&post), row.id)? {
                    people.insert(row.id);
                }
            }
        }
        Ok(people.into_iter().collect())
    }
}
