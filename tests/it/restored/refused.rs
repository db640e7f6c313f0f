//! A comment that was refused because its post's home had lost who may see the post, and is taken when that has come back: nobody reads
//! that it was refused any more.

use super::{Closed, Story, edit};
use hearth_api::feed::{Audience, Comment, DeliveryState, ListComments, SetComments};
use hearth_api::{CommentId, PostId};
use hearth_db::{inbox, later, peer_log};
use hearth_tests::TestPerson;

/// David's comment on a post of Anna's that was made public after the copy to which her home was put back.
struct Refused {
    story: Story,
    post: PostId,
    comment: CommentId,
}

impl Refused {
    async fn begin(closed: Closed) -> Self {
        let story = Story::with(closed).await;
        let post = story.anna.post(Audience::Friends, "For friends").await;
        story.settle().await;
        let yesterday = story.hill.copy_database().await;
        story.anna.ok(edit(&post, "For all", Audience::Public)).await;
        story.settle().await;
        assert!(story.david.sees(post.id).await.is_some());
        story.hill.put_database_back(&yesterday, false).await;
        let comment = story.david.comment(post.id, "At last").await.unwrap().id;
        if closed == Closed::Hill {
            // It fetches what is told, and does not notice before it says something itself.
            story.hill.node().federation().pull().await;
        } else {
            story.lake.node().federation().pump_one(&story.hill.id()).await;
        }
        let refused = Self {
            post: post.id,
            story,
            comment,
        };
        let seen = refused.seen_by(&refused.story.david).await.unwrap();
        assert_eq!(seen.refused.as_deref(), Some("not_authorised"));
        assert!(!seen.pending);
        assert!(refused.seen_by(&refused.story.clara).await.is_none());
        refused
    }

    async fn seen_by(&self, person: &TestPerson) -> Option<Comment> {
        let seen = person.ok(ListComments { post: self.post }).await;
        seen.into_iter().find(|line| line.id == self.comment)
    }

    /// All see the comment, and its author nothing of a refusal.
    async fn is_taken(&self) {
        let story = &self.story;
        for person in [&story.david, &story.clara, &story.anna] {
            let seen = self.seen_by(person).await;
            let is_fine = |line: &Comment| !line.pending && line.refused.is_none();
            assert!(seen.as_ref().is_some_and(is_fine), "{}: {seen:?}", person.name());
        }
        let item = self.comment.0;
        let lines = story.lake.read(|tx| peer_log::delivery(tx, item));
        let at_hill = lines.iter().find(|line| line.home == story.hill.id()).unwrap();
        assert_eq!(
            (at_hill.state, at_hill.code.clone()),
            (DeliveryState::Delivered, None)
        );
    }
}

async fn is_shown_as_taken(closed: Closed) {
    let refused = Refused::begin(closed).await;
    let story = &refused.story;
    story.anna.post(Audience::Friends, "And now").await;
    story.settle().await;
    story.settle().await;
    refused.is_taken().await;
    let lake = story.lake.id();
    let (left, aside) = story
        .hill
        .read(|tx| Ok((later::count(tx, &lake)?, inbox::refused(tx, &lake, 10)?.len())));
    assert_eq!((left, aside), (0, 0), "it is not among what was refused any more");
}

#[tokio::test]
async fn a_comment_that_was_refused_and_is_taken_by_comparing_is_shown_as_taken() {
    is_shown_as_taken(Closed::Neither).await;
}

#[tokio::test]
async fn it_is_so_when_the_authors_home_cannot_be_called() {
    is_shown_as_taken(Closed::Lake).await;
}

#[tokio::test]
async fn it_is_so_when_the_posts_home_cannot_be_called() {
    is_shown_as_taken(Closed::Hill).await;
}

#[tokio::test]
async fn a_home_put_back_to_when_its_comment_was_refused_learns_by_comparing_that_it_was_taken() {
    let refused = Refused::begin(Closed::Neither).await;
    let story = &refused.story;
    let then = story.lake.copy_database().await;
    story.anna.post(Audience::Friends, "And now").await;
    story.settle().await;
    refused.is_taken().await;
    story.lake.put_database_back(&then, true).await;
    let seen = refused.seen_by(&story.david).await.unwrap();
    assert!(seen.refused.is_some(), "it is then again");
    story.settle().await;
    story.settle().await;
    refused.is_taken().await;
}

#[tokio::test]
async fn a_comment_that_was_lost_comes_back_though_comments_are_off_by_then() {
    let story = Story::begin().await;
    let Story {
        hill, anna, clara, ..
    } = &story;
    let post = anna.post(Audience::Friends, "Say something").await.id;
    story.settle().await;
    let yesterday = hill.copy_database().await;
    anna.comment(post, "In time").await.unwrap();
    story.settle().await;
    hill.put_database_back(&yesterday, false).await;
    anna.ok(SetComments { id: post, on: false }).await;
    story.settle().await;
    story.settle().await;
    for person in [anna, clara] {
        let seen = person.ok(ListComments { post }).await;
        let texts: Vec<&str> = seen.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["In time"], "{}", person.name());
        assert!(!person.sees(post).await.unwrap().comments_on, "{}", person.name());
    }
}
