//! Complete posts and comments from rows: people, media, reactions, counts, last comments, delivery, rights. A fixed number of queries,
//! however many rows, but while all is compared with another home.

use crate::authz::{Action, Roles};
use crate::media::{Carrier, items_of};
use crate::posts::Comparing;
use crate::visibility::ViewerFacts;
use crate::{Social, cards};
use hearth_api::feed::{Comment, DeliveryState, DeliverySummary, Mention, Post, Reaction, Rights};
use hearth_api::media::MediaItem;
use hearth_api::people::PersonCard;
use hearth_api::{ApiResult, PersonId, PostId};
use hearth_db::comment::CommentRow;
use hearth_db::mention::{self, MentionRow};
use hearth_db::post::PostRow;
use hearth_db::reaction::{self, ReactionRow};
use hearth_db::{DbResult, ReadTx, comment, feed as table, peer_log};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Most reactions shown of one item.
const MAX_REACTIONS: usize = 100;

/// What hangs on many items.
#[derive(Debug, Default)]
struct Hanging {
    media: BTreeMap<Carrier, Vec<MediaItem>>,
    reactions: HashMap<Uuid, Vec<ReactionRow>>,
    mentions: HashMap<Uuid, Vec<MentionRow>>,
    cards: HashMap<PersonId, PersonCard>,
}

impl Hanging {
    /// Reads it for posts and comments, with the cards of everybody who occurs.
    fn load(tx: &ReadTx<'_>, viewer: PersonId, posts: &[PostRow], comments: &[CommentRow]) -> DbResult<Self> {
        let items: Vec<Uuid> = posts
            .iter()
            .map(|row| row.id.0)
            .chain(comments.iter().filter(|row| !row.deleted).map(|row| row.id.0))
            .collect();
        let mut all = Self::default();
        let carriers: Vec<Carrier> = posts
            .iter()
            .map(|row| Carrier::Post(row.id))
            .chain(
                comments
                    .iter()
                    .filter(|row| !row.deleted)
                    .map(|row| Carrier::Comment(row.id)),
            )
            .collect();
        all.media = items_of(tx, &carriers)?;
        for row in reaction::of(tx, &items)? {
            all.reactions.entry(row.item).or_default().push(row);
        }
        for rows in all.reactions.values_mut() {
            rows.sort_by_key(|row| (row.at, row.person));
            rows.truncate(MAX_REACTIONS);
        }
        for row in mention::of(tx, &items)? {
            all.mentions.entry(row.item).or_default().push(row);
        }
        let mut people: BTreeSet<PersonId> = posts.iter().map(|row| row.author).collect();
        people.extend(comments.iter().filter(|row| !row.deleted).map(|row| row.author));
        people.extend(all.reactions.values().flatten().map(|row| row.person));
        people.extend(all.mentions.values().flatten().map(|row| row.person));
        let people: Vec<PersonId> = people.into_iter().collect();
        all.cards = cards::cards(tx, viewer, &people)?;
        Ok(all)
    }

    fn media(&mut self, carrier: Carrier) -> Vec<MediaItem> {
        self.media.remove(&carrier).unwrap_or_default()
    }

    fn reactions(&mut self, item: Uuid) -> Vec<Reaction> {
        let rows = self.reactions.remove(&item).unwrap_or_default();
        rows.into_iter()
            .filter_map(|row| {
                Some(Reaction {
                    person: self.cards.get(&row.person)?.clone(),
                    emoji: row.emoji?,
                })
            })
            .collect()
    }

    fn mentions(&mut self, item: Uuid) -> Vec<Mention> {
        let rows = self.mentions.remove(&item).unwrap_or_default();
        rows.into_iter()
            .map(|row| Mention {
                name: self
                    .cards
                    .get(&row.person)
                    .map_or(row.name, |card| card.name.clone()),
                person: row.person,
                removed: row.removed,
            })
            .collect()
    }
}

fn rights(roles: Roles, comments_on: bool, edit: Action, delete: Action) -> Rights {
    Rights {
        edit: roles.may(edit),
        delete: roles.may(delete),
        comment: comments_on && roles.may(Action::Comment),
        react: roles.may(Action::React),
        moderate: roles.may(Action::ControlPost) && edit == Action::EditPost,
    }
}

fn comment_from(row: CommentRow, post: &PostRow, viewer: PersonId, hanging: &mut Hanging) -> Comment {
    let item = row.id.0;
    let roles = Roles {
        author: row.author == viewer && !row.deleted,
        post_author: post.author == viewer && !row.deleted,
        mentioned: false,
        viewer: !row.deleted,
        kept: post.kept,
    };
    Comment {
        id: row.id,
        post: row.post,
        parent: row.parent,
        depth: row.depth,
        author: if row.deleted {
            None
        } else {
            hanging.cards.get(&row.author).cloned()
        },
        mentions: hanging.mentions(item),
        media: hanging.media(Carrier::Comment(row.id)),
        reactions: hanging.reactions(item),
        may: rights(
            roles,
            post.comments_on,
            Action::EditComment,
            Action::DeleteComment,
        ),
        text: row.text,
        created_at: row.created_at,
        edited_at: row.edited_at,
        version: row.version,
        pending: !row.accepted,
        refused: None,
    }
}

/// Says of a comment that was not accepted whether it was refused.
fn note_refusal(tx: &ReadTx<'_>, comment: &mut Comment) -> DbResult<()> {
    if comment.pending {
        let lines = peer_log::delivery(tx, comment.id.0)?;
        let refused = lines
            .into_iter()
            .find(|line| line.state == DeliveryState::Refused);
        comment.pending = refused.is_none();
        comment.refused = refused.map(|line| line.code.unwrap_or_else(|| "refused".to_owned()));
    }
    Ok(())
}

impl Social {
    /// Complete posts, in the order of `rows`, which the viewer may see.
    pub(crate) fn assemble(
        &self,
        tx: &ReadTx<'_>,
        facts: &ViewerFacts,
        rows: Vec<PostRow>,
    ) -> ApiResult<Vec<Post>> {
        let viewer = facts.person;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
        let counts: HashMap<PostId, u32> = comment::counts(tx, &ids, viewer)?.into_iter().collect();
        let last = comment::last_two(tx, &ids, viewer)?;
        let mut hanging = Hanging::load(tx, viewer, &rows, &last)?;
        let own: Vec<Uuid> = rows
            .iter()
            .filter(|row| row.author == viewer)
            .map(|row| row.id.0)
            .collect();
        let mut travelled: HashMap<Uuid, DeliverySummary> =
            table::deliveries(tx, &own)?.into_iter().collect();
        if !own.is_empty() {
            let comparing = Comparing::load(tx, viewer, &self.home)?;
            for row in rows.iter().filter(|row| row.author == viewer) {
                let open = comparing.lines(tx, row)?.len();
                let summary = travelled.entry(row.id.0).or_default();
                summary.homes += u32::try_from(open).unwrap_or(u32::MAX);
            }
        }
        let mut last_of: HashMap<PostId, Vec<CommentRow>> = HashMap::new();
        for row in last {
            last_of.entry(row.post).or_default().push(row);
        }
        let mut posts = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(author) = hanging.cards.get(&row.author).cloned() else {
                continue;
            };
            let mut last = last_of.remove(&row.id).unwrap_or_default();
            last.sort_by_key(|comment| (comment.created_at, comment.id));
            let mut last_comments = Vec::with_capacity(last.len());
            for comment in last {
                let mut comment = comment_from(comment, &row, viewer, &mut hanging);
                note_refusal(tx, &mut comment)?;
                last_comments.push(comment);
            }
            let item = row.id.0;
            let roles = Roles {
                author: row.author == viewer,
                viewer: true,
                kept: row.kept,
                ..Roles::default()
            };
            posts.push(Post {
                id: row.id,
                author,
                audience: row.audience,
                mentions: hanging.mentions(item),
                media: hanging.media(Carrier::Post(row.id)),
                reactions: hanging.reactions(item),
                comment_count: counts.get(&row.id).copied().unwrap_or(0),
                last_comments,
                delivery: roles
                    .author
                    .then(|| travelled.get(&item).copied().unwrap_or_default()),
                kept: row.kept,
                may: rights(roles, row.comments_on, Action::EditPost, Action::DeletePost),
                text: row.text,
                created_at: row.created_at,
                edited_at: row.edited_at,
                version: row.version,
                comments_on: row.comments_on,
            });
        }
        Ok(posts)
    }

    /// Complete comments of posts that the viewer may see, in the order of `rows`.
    pub(crate) fn assemble_comments(
        &self,
        tx: &ReadTx<'_>,
        facts: &ViewerFacts,
        post: &PostRow,
        rows: Vec<CommentRow>,
    ) -> ApiResult<Vec<Comment>> {
        let mut hanging = Hanging::load(tx, facts.person, &[], &rows)?;
        let mut comments = Vec::with_capacity(rows.len());
        for row in rows {
            let mut comment = comment_from(row, post, facts.person, &mut hanging);
            note_refusal(tx, &mut comment)?;
            comments.push(comment);
        }
        Ok(comments)
    }
}
