//! What is not for another home any more: its author sees from where it is still being taken back, until that home has answered.

use hearth_api::feed::{
    Audience, Delivery, DeliveryState, DeliverySummary, EditPost, GetDelivery, Post, RetryDelivery,
};
use hearth_api::people::Unfriend;
use hearth_api::{Code, Event};
use hearth_tests::{TestHome, TestPerson, World};
use std::time::Duration;

use DeliveryState::{Delivered, TakingBack, Waiting};

struct Story {
    world: World,
    lake: TestHome,
    anna: TestPerson,
    clara: TestPerson,
}

impl Story {
    /// Anna on the hill and Clara at the lake are friends.
    async fn begin() -> Self {
        let world = World::new();
        let (hill, lake) = world.hill_and_lake(&["Anna"], &["Clara"]).await;
        let (anna, clara) = (hill.owner(), lake.owner());
        Self {
            world,
            lake,
            anna,
            clara,
        }
    }

    async fn posted(&self, text: &str) -> Post {
        let post = self.anna.post(Audience::Friends, text).await;
        self.world.pump().await;
        self.world.clock().advance(Duration::from_secs(60));
        post
    }

    async fn now_for(&self, post: &Post, audience: Audience) -> Post {
        self.world.clock().advance(Duration::from_secs(60));
        let edit = EditPost {
            id: post.id,
            version: post.version,
            text: post.text.clone(),
            media: Vec::new(),
            audience,
        };
        self.anna.ok(edit).await
    }

    /// The state of the one line of the sheet, if there is one, and what the tick counts.
    async fn stands(&self, post: &Post) -> (Option<DeliveryState>, DeliverySummary) {
        let sheet: Vec<Delivery> = self.anna.ok(GetDelivery { id: post.id }).await;
        assert!(sheet.len() <= 1, "one line for each home: {sheet:?}");
        let seen = self.anna.sees(post.id).await.unwrap();
        (sheet.first().map(|line| line.state), seen.delivery.unwrap())
    }

    async fn lake_comes_back(&self) {
        self.lake.start().await;
        self.world.clock().advance(Duration::from_secs(7200));
        self.world.pump().await;
    }
}

fn counts(homes: u32, delivered: u32, taking_back: u32) -> DeliverySummary {
    DeliverySummary {
        homes,
        delivered,
        refused: 0,
        taking_back,
    }
}

#[tokio::test]
async fn a_narrowed_post_is_being_taken_back_until_the_other_home_has_answered() {
    let story = Story::begin().await;
    let post = story.posted("For my friends").await;
    assert_eq!(story.stands(&post).await, (Some(Delivered), counts(1, 1, 0)));
    story.lake.stop().await;
    let narrowed = story.now_for(&post, Audience::Me).await;
    assert_eq!(narrowed.delivery, Some(counts(0, 0, 1)));
    assert_eq!(story.stands(&post).await, (Some(TakingBack), counts(0, 0, 1)));
    let line = story.anna.delivery(post.id).await.remove(0);
    assert_eq!((line.home.name.as_str(), line.readers), ("Lake House", 0));
    let retry = |home| RetryDelivery { id: post.id, home };
    story.anna.ok(retry(story.lake.id())).await;
    story.world.pump().await;
    let line = story.anna.delivery(post.id).await.remove(0);
    assert_eq!(line.state, TakingBack);
    assert!(
        line.reason.is_some() && line.next_try.is_some(),
        "why it takes long: {line:?}"
    );

    let mut at_annas = story.anna.listen().await;
    story.lake_comes_back().await;
    at_annas
        .until("that it is taken back", |event| {
            matches!(event, Event::DeliveryChanged { post: id } if *id == post.id).then_some(())
        })
        .await;
    assert!(story.lake.returning("Clara").await.sees(post.id).await.is_none());
    assert_eq!(story.stands(&post).await, (None, counts(0, 0, 0)));
    story
        .anna
        .refused_with(Code::WrongState, retry(story.lake.id()))
        .await;
}

#[tokio::test]
async fn what_is_given_again_waits_and_what_never_left_needs_no_taking_back() {
    let story = Story::begin().await;
    let post = story.posted("To and fro").await;
    story.lake.stop().await;
    let fresh = story.posted("Never there").await;
    let narrowed = story.now_for(&post, Audience::Local).await;
    let fresh = story.now_for(&fresh, Audience::Local).await;
    assert_eq!(
        story.stands(&fresh).await,
        (None, counts(0, 0, 0)),
        "it cannot have left"
    );
    let widened = story.now_for(&narrowed, Audience::Friends).await;
    assert_eq!(story.stands(&widened).await, (Some(Waiting), counts(1, 0, 0)));
    let narrowed = story.now_for(&widened, Audience::Me).await;
    assert_eq!(story.stands(&narrowed).await, (Some(TakingBack), counts(0, 0, 1)));
    story.now_for(&narrowed, Audience::Public).await;
    story.lake_comes_back().await;
    assert_eq!(story.stands(&post).await, (Some(Delivered), counts(1, 1, 0)));
    let clara = story.lake.returning("Clara").await;
    assert_eq!(clara.sees(post.id).await.unwrap().text, "To and fro");
    assert!(clara.sees(fresh.id).await.is_none());
}

#[tokio::test]
async fn after_a_friendship_each_post_says_from_where_it_is_taken_back() {
    let story = Story::begin().await;
    let posts = [story.posted("One").await, story.posted("Two").await];
    let public = story.anna.post(Audience::Public, "For all").await;
    story.world.pump().await;
    story.lake.stop().await;
    let mut at_annas = story.anna.listen().await;
    story
        .anna
        .ok(Unfriend {
            person: story.clara.id(),
        })
        .await;
    for post in &posts {
        assert_eq!(story.stands(post).await, (Some(TakingBack), counts(0, 0, 1)));
        at_annas
            .until("that it changed", |event| {
                matches!(event, Event::DeliveryChanged { post: id } if *id == post.id).then_some(())
            })
            .await;
    }
    assert_eq!(story.stands(&public).await.0, Some(Delivered));
    story.lake_comes_back().await;
    for post in &posts {
        assert_eq!(story.stands(post).await, (None, counts(0, 0, 0)));
    }
}
