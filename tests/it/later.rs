//! What had to wait at another home, and what its author sees became of it.

use hearth_api::feed::{Audience, ListComments};
use hearth_api::{CommentId, PostId};
use hearth_db::post::{self, PostRow};
use hearth_db::{inbox, later};
use hearth_tests::{TestHome, TestPerson, World};
use std::time::Duration;

/// Clara of the lake comments on Anna's post, which the hill has lost, as by a damaged disk.
struct Story {
    world: World,
    hill: TestHome,
    lake: TestHome,
    clara: TestPerson,
    post: PostId,
    lost: PostRow,
    comment: CommentId,
}

impl Story {
    async fn begin() -> Self {
        let world = World::new();
        let (hill, lake) = world.hill_and_lake(&["Anna"], &["Clara"]).await;
        let (anna, clara) = (hill.owner(), lake.owner());
        let post = anna.post(Audience::Friends, "Who comes?").await.id;
        world.pump().await;
        let lost = hill.read(|tx| post::get(tx, post)).unwrap();
        let db = hill.node().db().clone();
        db.write(move |tx| post::delete(tx, post)).await.unwrap();
        let comment = clara.comment(post, "I do").await.unwrap().id;
        world.pump().await;
        let of = lake.id();
        assert_eq!(hill.read(|tx| inbox::waiting(tx, &of)), 1);
        Self {
            world,
            hill,
            lake,
            clara,
            post,
            lost,
            comment,
        }
    }

    /// Whether Clara sees her comment pending, and why it was refused.
    async fn seen(&self, clara: &TestPerson) -> (bool, Option<String>) {
        let comments = clara.ok(ListComments { post: self.post }).await;
        let row = comments.into_iter().find(|row| row.id == self.comment).unwrap();
        (row.pending, row.refused)
    }

    /// What the lake keeps of where the comment stands at the hill.
    fn reason(&self) -> Option<String> {
        let item = self.comment.0;
        let lines = self.lake.read(|tx| hearth_db::peer_log::delivery(tx, item));
        lines.into_iter().next().expect("it was sent").code
    }

    fn left_to_tell(&self) -> u64 {
        let of = self.lake.id();
        self.hill.read(|tx| later::count(tx, &of))
    }
}

#[tokio::test]
async fn a_comment_that_waited_for_too_long_is_shown_as_dropped_to_its_author() {
    let story = Story::begin().await;
    assert_eq!(story.seen(&story.clara).await, (false, None));
    assert_eq!(story.reason().as_deref(), Some("waiting_there"));
    story.world.clock().advance(Duration::from_secs(31 * 24 * 3600));
    story.hill.node().federation().sweep().await.unwrap();
    assert_eq!(story.left_to_tell(), 1);
    story.hill.restart().await;
    story.world.pump().await;
    // A month is longer than a session.
    let clara = story.lake.returning("Clara").await;
    assert_eq!(
        story.seen(&clara).await,
        (false, Some("waited_too_long".to_owned()))
    );
    assert_eq!(story.left_to_tell(), 0);
    let id = story.comment;
    let row = story.lake.read(|tx| hearth_db::comment::get(tx, id));
    assert!(!row.unwrap().accepted, "nobody else at the lake is shown it");
}

#[tokio::test]
async fn a_comment_that_was_taken_later_is_shown_as_arrived() {
    let story = Story::begin().await;
    let (row, id) = (story.lost.clone(), story.post.0);
    let db = story.hill.node().db().clone();
    db.write(move |tx| {
        post::put(tx, &row)?;
        inbox::release(tx, id).map(drop)
    })
    .await
    .unwrap();
    story.hill.node().federation().sweep().await.unwrap();
    story.world.pump().await;
    assert_eq!(story.seen(&story.clara).await, (false, None));
    assert_eq!(story.reason(), None);
    assert_eq!(story.left_to_tell(), 0);
    let anna = story.hill.owner();
    let comments = anna.ok(ListComments { post: story.post }).await;
    assert_eq!(comments.len(), 1);
}

#[tokio::test]
async fn what_came_too_late_to_be_shown_is_said_to_have_arrived_and_why_nobody_sees_it() {
    let world = World::new();
    let (hill, lake) = world.hill_and_lake(&["Anna"], &["Clara"]).await;
    let (anna, clara) = (hill.owner(), lake.owner());
    let hers = clara.post(Audience::Friends, "Hers").await.id;
    world.pump().await;
    let comment = anna.comment(hers, "Nice").await.unwrap().id;
    let post = anna.post(Audience::Friends, "Too late").await.id;
    // Clara's home has not told yet that her post is gone, and then the friendship.
    clara.ok(hearth_api::feed::DeletePost { id: hers }).await;
    clara.ok(hearth_api::people::Unfriend { person: anna.id() }).await;
    let reasons = |item: uuid::Uuid| {
        let rows = hill.read(|tx| hearth_db::peer_log::delivery(tx, item));
        rows.into_iter()
            .map(|row| (row.state, row.code))
            .collect::<Vec<_>>()
    };
    let federation = hill.node().federation().clone();
    federation.pump_one(&lake.id()).await;
    let late = vec![(
        hearth_api::feed::DeliveryState::Delivered,
        Some("overtaken".to_owned()),
    )];
    assert_eq!(reasons(comment.0), late);
    assert_eq!(reasons(post.0), late);
    let sheet = anna.delivery(post).await;
    assert_eq!(sheet[0].reason.as_deref(), Some("overtaken"));
    // In the end nothing says that it is there.
    world.pump().await;
    assert!(clara.sees(post).await.is_none() && anna.sees(hers).await.is_none());
    assert!(anna.delivery(post).await.is_empty());
}

#[tokio::test]
async fn a_post_that_nobody_could_see_when_it_came_is_said_again_after_the_word_that_made_friends() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna", "Ben"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    let (anna, ben, clara) = (hill.person("Anna"), hill.person("Ben"), lake.owner());
    world.befriend(&anna, &clara).await;
    let findable = hearth_api::profile::UpdateProfile {
        findable: Some(true),
        ..Default::default()
    };
    clara.ok(findable).await;
    world.pump().await;
    let ask = hearth_api::people::RequestFriend {
        person: clara.id(),
        note: String::new(),
    };
    ben.ok(ask).await;
    world.pump().await;
    // Nothing of this is told before Anna is no friend any more.
    let post = clara.post(Audience::Friends, "For friends").await.id;
    let accept = hearth_api::people::AnswerFriend {
        person: ben.id(),
        answer: hearth_api::people::FriendAnswer::Accept,
    };
    clara.ok(accept).await;
    anna.ok(hearth_api::people::Unfriend { person: clara.id() }).await;
    lake.node().federation().pump_one(&hill.id()).await;
    world.pump().await;
    assert!(ben.sees(post).await.is_some());
    assert!(anna.sees(post).await.is_none());
    assert_eq!(hill.waiting() + lake.waiting(), 0);
}
