//! Telling windows and people of this home about a post.

use crate::notifications::{Notice, SubjectRef, raise};
use crate::visibility::{ItemFacts, ViewerFacts, may_see};
use crate::{Social, scope};
use hearth_api::feed::Audience;
use hearth_api::notify::NotificationType;
use hearth_api::{ApiResult, CommentId, Event, PersonId, Timestamp};
use hearth_db::comment::CommentRow;
use hearth_db::post::PostRow;
use hearth_db::{DbResult, ReadTx, WriteTx, event, friendship, home, peer};
use std::collections::BTreeSet;

/// The accounts of this home that an event about a post is for; `None`: all of them.
fn local_viewers(tx: &ReadTx<'_>, post: &PostRow) -> DbResult<Option<Vec<PersonId>>> {
    let own = home::own(tx)?.map(|row| row.id);
    let audience = match post.audience {
        Audience::Public if scope::covered(tx, &post.home)?.is_some() => Audience::Friends,
        audience => audience,
    };
    Ok(match audience {
        Audience::Local | Audience::Public => None,
        Audience::Me => Some(vec![post.author]),
        Audience::Friends => {
            let mut people: Vec<PersonId> = friendship::with_homes(tx, post.author)?
                .into_iter()
                .filter(|(_, home)| Some(home) == own.as_ref())
                .map(|(friend, _)| friend)
                .collect();
            if Some(&post.home) == own.as_ref() {
                people.push(post.author);
            }
            Some(people)
        }
    })
}

/// Tells the windows of everybody here who may see a post.
pub(crate) fn tell_viewers(
    tx: &mut WriteTx<'_>,
    post: &PostRow,
    now: Timestamp,
    what: &Event,
) -> DbResult<()> {
    match local_viewers(tx, post)? {
        None => event::append(tx, None, now, what),
        Some(people) => people
            .into_iter()
            .try_for_each(|person| event::append(tx, Some(person), now, what)),
    }
}

/// Tells everybody here who may see a new post, and notifies the mentioned and the author's friends.
pub(crate) fn tell_new(
    social: &Social,
    tx: &mut WriteTx<'_>,
    post: &PostRow,
    mentioned: &BTreeSet<PersonId>,
    now: Timestamp,
) -> ApiResult<()> {
    tell_viewers(
        tx,
        post,
        now,
        &Event::PostAdded {
            post: post.id,
            author: post.author,
        },
    )?;
    notify_mentioned(social, tx, post, Written::post(post), mentioned, now)?;
    if matches!(post.audience, Audience::Friends | Audience::Public) {
        for (friend, home) in friendship::with_homes(tx, post.author)? {
            // Earlier posts that befriending brought are no news.
            let news =
                friendship::since(tx, post.author, friend)?.is_some_and(|since| since <= post.created_at);
            if news && social.is_own(&home) && !mentioned.contains(&friend) {
                let notice = Notice {
                    to: friend,
                    kind: NotificationType::FriendPost,
                    actor: Some(post.author),
                    subject: SubjectRef::Post(post.id),
                    at: now,
                };
                raise(tx, &notice)?;
            }
        }
    }
    Ok(())
}

/// Whether what somebody elsewhere wrote into a post at `written_at` is news to somebody of this home. What was written before the homes
/// were connected, or before the friendship by which it comes, is not: it comes, maybe again, because they met.
///
/// # Errors
/// A database error.
pub(crate) fn is_news(
    social: &Social,
    tx: &ReadTx<'_>,
    post: &PostRow,
    to: PersonId,
    written_at: Timestamp,
) -> DbResult<bool> {
    if social.is_own(&post.home) {
        return Ok(true);
    }
    if peer::get(tx, &post.home)?.is_some_and(|peer| written_at < peer.connected_at) {
        return Ok(false);
    }
    Ok(friendship::since(tx, post.author, to)?.is_none_or(|since| since <= written_at))
}

/// What somebody wrote: a post, or a comment on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    comment: Option<CommentId>,
    by: PersonId,
    at: Timestamp,
}

impl Written {
    /// The post itself, as it is now.
    pub(crate) fn post(row: &PostRow) -> Self {
        Self {
            comment: None,
            by: row.author,
            at: row.edited_at.unwrap_or(row.created_at),
        }
    }

    /// A comment on it, as it is now.
    pub(crate) fn comment(row: &CommentRow) -> Self {
        Self {
            comment: Some(row.id),
            by: row.author,
            at: row.edited_at.unwrap_or(row.created_at),
        }
    }
}

/// Notifies people of this home who were mentioned in a post or comment and may see it.
pub(crate) fn notify_mentioned(
    social: &Social,
    tx: &mut WriteTx<'_>,
    post: &PostRow,
    written: Written,
    mentioned: &BTreeSet<PersonId>,
    now: Timestamp,
) -> ApiResult<()> {
    for person in mentioned {
        let Some(facts) = ViewerFacts::load(tx, *person, &social.home)? else {
            continue;
        };
        if !social.is_own(&facts.home)
            || !may_see(&facts, &ItemFacts::from(post))
            || !is_news(social, tx, post, *person, written.at)?
        {
            continue;
        }
        let subject = match written.comment {
            Some(comment) => SubjectRef::Comment {
                post: post.id,
                comment,
            },
            None => SubjectRef::Post(post.id),
        };
        raise(
            tx,
            &Notice {
                to: *person,
                kind: NotificationType::Mention,
                actor: Some(written.by),
                subject,
                at: now,
            },
        )?;
    }
    Ok(())
}
