//! What a feed holds: posts in the order of the node, what is new above them, where it goes on.

use hearth_api::feed::Post;
use hearth_api::{ApiError, Page, PersonId, PostId};
use std::collections::HashSet;
use std::rc::Rc;

/// A feed as it is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct FeedState {
    /// The posts, newest first.
    pub(crate) posts: Vec<Rc<Post>>,
    /// New posts that wait above, newest first.
    pub(crate) fresh: Vec<Rc<Post>>,
    /// Whether there is nothing between the new posts and the others.
    fresh_joins: bool,
    /// Where the next page begins; `None` at the end, or before the first page.
    pub(crate) next: Option<String>,
    /// Whether the first page has come.
    pub(crate) loaded: bool,
    /// Whether a page is on its way.
    pub(crate) busy: bool,
    /// Why the last try failed.
    pub(crate) error: Option<ApiError>,
    /// What was new on the last visit, for the line of what was seen.
    fresh_next: Option<String>,
}

impl FeedState {
    /// Whether more is new than what is known of it.
    pub(crate) fn more_is_new(&self) -> bool {
        !self.fresh.is_empty() && !self.fresh_joins
    }

    /// Whether all posts are here.
    pub(crate) fn is_whole(&self) -> bool {
        self.loaded && self.next.is_none()
    }

    /// Takes the first page: everything at the first visit, later only what changed; new posts wait until they are
    /// asked for, except one's own.
    pub(crate) fn take_first(&mut self, page: Page<Post>, me: PersonId) {
        self.busy = false;
        self.error = None;
        if !self.loaded {
            self.loaded = true;
            self.posts = page.items.into_iter().map(Rc::new).collect();
            self.next = page.next;
            return;
        }
        let items: Vec<Rc<Post>> = page.items.into_iter().map(Rc::new).collect();
        let here: HashSet<PostId> = items.iter().map(|p| p.id).collect();
        let joins = self.posts.iter().any(|p| here.contains(&p.id)) || page.next.is_none();
        if joins {
            // Down to the last post that both have, what the page does not have is gone.
            let last = self.posts.iter().rposition(|p| here.contains(&p.id));
            let mut index = 0;
            self.posts.retain(|p| {
                let stays = here.contains(&p.id) || last.is_none_or(|last| index > last);
                index += 1;
                stays
            });
            if page.next.is_none() {
                self.posts.retain(|p| here.contains(&p.id));
                self.next = None;
            }
        }
        let mut fresh = Vec::new();
        for post in items {
            if let Some(known) = self.posts.iter_mut().find(|p| p.id == post.id) {
                *known = post;
            } else if post.author.id == me && joins {
                self.insert(post);
            } else {
                fresh.push(post);
            }
        }
        self.fresh = fresh;
        self.fresh_joins = joins;
        self.fresh_next = page.next;
    }

    /// Takes a further page.
    pub(crate) fn take_more(&mut self, page: Page<Post>) {
        self.busy = false;
        self.error = None;
        self.next = page.next;
        for post in page.items {
            if !self.posts.iter().any(|p| p.id == post.id) {
                self.posts.push(Rc::new(post));
            }
        }
    }

    /// Puts what is new on top.
    pub(crate) fn show_fresh(&mut self) {
        let fresh = std::mem::take(&mut self.fresh);
        if fresh.is_empty() {
            return;
        }
        if !self.fresh_joins {
            // Too much is new to know what lies between: begin anew from the top.
            self.posts = fresh;
            self.next = self.fresh_next.take();
            return;
        }
        let mut all: Vec<Rc<Post>> = fresh
            .into_iter()
            .filter(|p| !self.posts.iter().any(|k| k.id == p.id))
            .collect();
        all.append(&mut self.posts);
        self.posts = all;
        self.posts.sort_by_key(|p| std::cmp::Reverse(p.created_at));
    }

    /// Puts an own post where it belongs.
    pub(crate) fn insert(&mut self, post: Rc<Post>) {
        self.fresh.retain(|p| p.id != post.id);
        if let Some(known) = self.posts.iter_mut().find(|p| p.id == post.id) {
            *known = post;
            return;
        }
        let at = self
            .posts
            .iter()
            .position(|p| p.created_at <= post.created_at)
            .unwrap_or(self.posts.len());
        self.posts.insert(at, post);
    }

    /// Replaces a post that is here.
    pub(crate) fn replace(&mut self, post: &Rc<Post>) {
        for known in self
            .posts
            .iter_mut()
            .chain(&mut self.fresh)
            .filter(|p| p.id == post.id)
        {
            *known = Rc::clone(post);
        }
    }

    /// Takes a post away.
    pub(crate) fn remove(&mut self, id: PostId) {
        self.posts.retain(|p| p.id != id);
        self.fresh.retain(|p| p.id != id);
    }

    /// Notes a failure.
    pub(crate) fn fail(&mut self, error: ApiError) {
        self.busy = false;
        self.error = Some(error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearth_api::Timestamp;
    use hearth_api::feed::{Audience, Rights};
    use hearth_api::people::{HomeRef, PersonCard};

    const ME: u8 = 200;

    fn post(n: u8, by: u8) -> Post {
        Post {
            id: PostId::from_bytes([n; 16]),
            author: PersonCard {
                id: PersonId::from_bytes([by; 16]),
                name: "P".into(),
                home: HomeRef {
                    id: "a".repeat(52).parse().unwrap(),
                    name: "Home".into(),
                    own: true,
                },
                picture: None,
            },
            audience: Audience::Friends,
            text: String::new(),
            mentions: Vec::new(),
            media: Vec::new(),
            created_at: Timestamp(i64::from(n)),
            edited_at: None,
            version: 1,
            reactions: Vec::new(),
            comment_count: 0,
            last_comments: Vec::new(),
            comments_on: true,
            delivery: None,
            kept: false,
            may: Rights::default(),
        }
    }

    fn page(numbers: &[u8], next: Option<&str>) -> Page<Post> {
        Page {
            items: numbers.iter().map(|n| post(*n, 1)).collect(),
            next: next.map(str::to_owned),
        }
    }

    fn numbers(posts: &[Rc<Post>]) -> Vec<i64> {
        posts.iter().map(|p| p.created_at.0).collect()
    }

    fn me() -> PersonId {
        PersonId::from_bytes([ME; 16])
    }

    #[test]
    fn what_is_new_waits_until_it_is_asked_for() {
        let mut feed = FeedState::default();
        feed.take_first(page(&[9, 8, 7], Some("a")), me());
        feed.take_more(page(&[7, 6, 5], None));
        assert_eq!(numbers(&feed.posts), [9, 8, 7, 6, 5]);
        feed.take_first(page(&[11, 10, 9], Some("b")), me());
        assert_eq!(numbers(&feed.posts), [9, 8, 7, 6, 5], "nothing pushes the reader");
        assert_eq!(numbers(&feed.fresh), [11, 10]);
        feed.show_fresh();
        assert_eq!(numbers(&feed.posts), [11, 10, 9, 8, 7, 6, 5]);
        assert!(feed.is_whole());
    }

    #[test]
    fn after_a_long_absence_the_feed_begins_anew_when_asked() {
        let mut feed = FeedState::default();
        feed.take_first(page(&[9, 8], Some("a")), me());
        feed.take_first(page(&[10, 9], Some("b")), me());
        assert!(!feed.more_is_new(), "nothing lies between");
        feed.take_first(page(&[50, 49], Some("b")), me());
        assert_eq!(numbers(&feed.posts), [9, 8]);
        assert!(feed.more_is_new(), "the two are a page of them");
        feed.show_fresh();
        assert_eq!(numbers(&feed.posts), [50, 49]);
        assert_eq!(feed.next.as_deref(), Some("b"));
    }

    #[test]
    fn what_is_gone_goes_and_what_lies_below_the_page_stays() {
        let mut feed = FeedState::default();
        feed.take_first(page(&[9, 8, 7], Some("a")), me());
        feed.take_more(page(&[6, 5], Some("c")));
        feed.take_first(page(&[9, 7], Some("b")), me());
        assert_eq!(numbers(&feed.posts), [9, 7, 6, 5]);
        feed.take_first(page(&[7], None), me());
        assert_eq!(numbers(&feed.posts), [7]);
    }

    #[test]
    fn an_own_post_is_there_at_once_and_only_once() {
        let mut feed = FeedState::default();
        feed.take_first(page(&[9, 8], None), me());
        feed.insert(Rc::new(post(10, ME)));
        let mut first = page(&[9, 8], None);
        first.items.insert(0, post(10, ME));
        first.items.insert(0, post(11, ME));
        feed.take_first(first, me());
        assert_eq!(numbers(&feed.posts), [11, 10, 9, 8]);
        assert!(feed.fresh.is_empty());
        feed.remove(PostId::from_bytes([9; 16]));
        assert_eq!(numbers(&feed.posts), [11, 10, 8]);
    }
}
