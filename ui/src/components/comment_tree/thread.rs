//! The branches of a talk, from the flat list that the node gives.

use hearth_api::CommentId;
use hearth_api::feed::Comment;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How many levels are drawn before "continue".
pub const SHOWN_DEPTH: u8 = 4;
/// A bound for lists that lie about who replies to whom.
const DEEPEST: usize = 32;

/// A comment with its replies.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The comment.
    pub comment: Rc<Comment>,
    /// Its replies, in thread order.
    pub replies: Vec<Branch>,
    /// Whether the comment that it replies to is not here.
    pub orphan: bool,
}

impl Branch {
    /// How many replies there are under it, at every level.
    #[must_use]
    pub fn count(&self) -> usize {
        self.replies.iter().map(|r| 1 + r.count()).sum()
    }
}

/// The branches under a comment, or all of them. Replies whose comment is missing stand at the top.
#[must_use]
pub fn forest(comments: &[Rc<Comment>], root: Option<CommentId>) -> Vec<Branch> {
    let present: HashSet<CommentId> = comments.iter().map(|c| c.id).collect();
    let mut under: HashMap<Option<CommentId>, Vec<&Rc<Comment>>> = HashMap::new();
    for comment in comments {
        // Nobody replies to themself.
        let parent = comment.parent.filter(|p| present.contains(p) && *p != comment.id);
        under.entry(parent).or_default().push(comment);
    }
    match root.and_then(|id| comments.iter().find(|c| c.id == id)) {
        Some(root) => vec![branch(root, &under, &present, 0)],
        None => under
            .get(&None)
            .map(|tops| tops.iter().map(|c| branch(c, &under, &present, 0)).collect())
            .unwrap_or_default(),
    }
}

fn branch(
    comment: &Rc<Comment>,
    under: &HashMap<Option<CommentId>, Vec<&Rc<Comment>>>,
    present: &HashSet<CommentId>,
    depth: usize,
) -> Branch {
    let replies = match under.get(&Some(comment.id)) {
        Some(replies) if depth < DEEPEST => replies
            .iter()
            .map(|c| branch(c, under, present, depth + 1))
            .collect(),
        _ => Vec::new(),
    };
    let orphan = comment.parent.is_some_and(|p| !present.contains(&p));
    Branch {
        comment: Rc::clone(comment),
        replies,
        orphan,
    }
}

/// The comments above one, from the nearest to the top.
#[must_use]
pub fn ancestors(comments: &[Rc<Comment>], id: CommentId) -> Vec<CommentId> {
    let parents: HashMap<CommentId, CommentId> = comments
        .iter()
        .filter_map(|c| c.parent.map(|p| (c.id, p)))
        .collect();
    let mut found = Vec::new();
    let mut at = id;
    while let Some(parent) = parents.get(&at) {
        if found.len() >= DEEPEST || found.contains(parent) {
            break;
        }
        found.push(*parent);
        at = *parent;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::feed::Rights;
    use hearth_api::{PostId, Timestamp};

    fn id(n: u8) -> CommentId {
        CommentId::from_bytes([n; 16])
    }

    fn comment(n: u8, parent: Option<u8>) -> Rc<Comment> {
        Rc::new(Comment {
            id: id(n),
            post: PostId::from_bytes([9; 16]),
            parent: parent.map(id),
            depth: 1,
            author: None,
            text: String::new(),
            mentions: Vec::new(),
            media: Vec::new(),
            created_at: Timestamp(0),
            edited_at: None,
            version: 1,
            reactions: Vec::new(),
            pending: false,
            refused: None,
            may: Rights::default(),
        })
    }

    #[test]
    fn replies_stand_under_their_comment_and_lost_ones_at_the_top() {
        let all = vec![
            comment(1, None),
            comment(2, Some(1)),
            comment(3, Some(2)),
            comment(4, Some(77)),
            comment(5, None),
        ];
        let tree = forest(&all, None);
        assert_eq!(tree.len(), 3);
        assert_eq!(tree[0].count(), 2);
        assert!(tree[1].orphan && !tree[2].orphan);
        assert_eq!(ancestors(&all, id(3)), vec![id(2), id(1)]);
        assert_eq!(forest(&all, Some(id(2)))[0].count(), 1);
        assert_eq!(
            forest(&all, Some(id(66))).len(),
            3,
            "an unknown root shows everything"
        );
    }

    #[test]
    fn a_ring_of_replies_ends() {
        let all = vec![comment(1, Some(2)), comment(2, Some(1)), comment(3, Some(3))];
        assert_eq!(forest(&all, None).len(), 1);
        let _bounded = forest(&all, Some(id(1)));
        assert!(ancestors(&all, id(1)).len() <= 2);
    }
}
