//! Which comments of a talk this browser has shown before: the others are new for the whole visit.

use crate::kit::dom;
use crate::prelude::*;
use hearth_api::feed::Comment;
use hearth_api::{CommentId, PersonId, PostId};
use std::collections::{HashMap, HashSet};

/// How many talks are remembered.
const TALKS: usize = 60;
/// How many comments of a talk are remembered.
const COMMENTS: usize = 500;

/// A comment by the end of its number: random, and enough to tell those of one talk apart.
fn mark(id: CommentId) -> String {
    let text = id.to_string();
    text.chars().skip(text.len().saturating_sub(9)).collect()
}

/// The talks of a person: the post and the marks of its comments, the latest visited last.
type Talks = Vec<(String, String)>;

fn key(me: PersonId) -> String {
    format!("hearth.talks.{me}")
}

fn load(me: PersonId) -> Talks {
    dom::stored(&key(me))
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// The marks of a talk before this visit; `None` when it was never looked at.
fn before(talks: &Talks, post: PostId) -> Option<HashSet<String>> {
    let post = post.to_string();
    let (_, marks) = talks.iter().find(|(p, _)| *p == post)?;
    Some(marks.split(' ').map(str::to_owned).collect())
}

/// Remembers that these comments were shown.
fn remember(mut talks: Talks, post: PostId, comments: &[CommentId]) -> Talks {
    let post = post.to_string();
    talks.retain(|(p, _)| *p != post);
    let from = comments.len().saturating_sub(COMMENTS);
    let marks: Vec<String> = comments.iter().skip(from).copied().map(mark).collect();
    talks.push((post, marks.join(" ")));
    let from = talks.len().saturating_sub(TALKS);
    talks.split_off(from)
}

/// The comments of others that are new since the last visit. On the first visit nothing stands out: all of it is new.
fn unread(seen: Option<&HashSet<String>>, comments: &[Comment], me: PersonId) -> HashSet<CommentId> {
    let Some(seen) = seen else {
        return HashSet::new();
    };
    comments
        .iter()
        .filter(|c| c.author.as_ref().is_some_and(|a| a.id != me))
        .filter(|c| !seen.contains(&mark(c.id)))
        .map(|c| c.id)
        .collect()
}

/// The new comments of a talk, which are remembered as shown for the next visit. While somebody is there, what arrives
/// is new, too.
#[hook]
pub(super) fn use_unread(
    post: PostId,
    me: PersonId,
    comments: Option<&Rc<Vec<Comment>>>,
) -> Rc<HashSet<CommentId>> {
    let seen = use_memo((post, me), |(post, me)| before(&load(*me), *post));
    // What was there when the talk was first opened is what the reader begins with.
    let first = use_mut_ref(HashMap::<PostId, HashSet<String>>::new);
    let data = comments.cloned();
    if seen.is_none()
        && let Some(data) = &data
    {
        first
            .borrow_mut()
            .entry(post)
            .or_insert_with(|| data.iter().map(|c| mark(c.id)).collect());
    }
    {
        use_effect_with((post, me, data.clone()), |(post, me, data)| {
            if let Some(data) = data {
                let all: Vec<CommentId> = data.iter().map(|c| c.id).collect();
                let talks = remember(load(*me), *post, &all);
                dom::store(&key(*me), serde_json::to_string(&talks).ok().as_deref());
            }
        });
    }
    let begun = first.borrow().get(&post).cloned();
    use_memo((data, seen, me), move |(data, seen, me)| match data {
        Some(data) => unread(seen.as_ref().as_ref().or(begun.as_ref()), data, *me),
        None => HashSet::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> CommentId {
        CommentId(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn what_was_shown_is_known_again_and_old_talks_go() {
        let post = |n: u128| PostId(uuid::Uuid::from_u128(n));
        let talks = remember(Vec::new(), post(1), &[id(1), id(2)]);
        let seen = before(&talks, post(1)).unwrap();
        assert!(seen.contains(&mark(id(2))) && !seen.contains(&mark(id(3))));
        assert!(before(&talks, post(2)).is_none());
        let many = (2..100).fold(talks, |talks, n| remember(talks, post(n), &[]));
        assert_eq!(many.len(), TALKS);
        assert!(before(&many, post(1)).is_none());
        assert!(before(&many, post(99)).is_some());
    }
}
