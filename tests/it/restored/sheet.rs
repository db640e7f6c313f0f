//! How far a post has travelled, as its author is told after a restore while another home is off.

use super::Story;
use hearth_api::Code;
use hearth_api::feed::{Audience, DeliveryState, DeliverySummary, GetDelivery, Post, RetryDelivery};
use std::time::Duration;

use DeliveryState::{Delivered, Waiting};

/// The sheet's lines, by the names of the homes, and what the tick counts.
async fn travelled(story: &Story, post: &Post) -> (Vec<(String, DeliveryState)>, DeliverySummary) {
    let sheet = story.anna.ok(GetDelivery { id: post.id }).await;
    let lines = sheet.into_iter().map(|line| (line.home.name, line.state));
    let seen = story.anna.sees(post.id).await.expect("it came back");
    (lines.collect(), seen.delivery.expect("it is her own"))
}

fn farm_has_it_and_lake(state: DeliveryState) -> (Vec<(String, DeliveryState)>, DeliverySummary) {
    let lines = [("Farm House", Delivered), ("Lake House", state)];
    let summary = DeliverySummary {
        homes: 2,
        delivered: if state == Delivered { 2 } else { 1 },
        refused: 0,
        taking_back: 0,
    };
    (
        lines.map(|(name, state)| (name.to_owned(), state)).to_vec(),
        summary,
    )
}

#[tokio::test]
async fn a_home_that_is_off_while_another_gives_a_post_back_is_still_waited_for() {
    let story = Story::begin().await;
    let (anna, hill, lake) = (&story.anna, &story.hill, &story.lake);
    let farm = story.world.home("Farm House", &["Erik"]).await;
    story.world.pair(hill, &farm).await;
    story.world.befriend(anna, &farm.owner()).await;
    story.settle().await;
    let yesterday = hill.copy_database().await;
    let known = anna.post(Audience::Friends, "Known at the lake").await;
    story.settle().await;
    lake.stop().await;
    let new = anna.post(Audience::Friends, "New").await;
    story.settle().await;
    assert_eq!(travelled(&story, &new).await, farm_has_it_and_lake(Waiting));

    hill.put_database_back(&yesterday, true).await;
    story.settle().await;
    story.settle().await;
    // Whether the lake has it is not known before the two have compared; that the farm does is.
    for post in [&known, &new] {
        assert_eq!(
            travelled(&story, post).await,
            farm_has_it_and_lake(Waiting),
            "{}",
            post.text
        );
        let retry = |home| RetryDelivery { id: post.id, home };
        anna.ok(retry(lake.id())).await;
        anna.refused_with(Code::WrongState, retry(farm.id())).await;
        let sheet = anna.ok(GetDelivery { id: post.id }).await;
        let line = sheet.iter().find(|line| line.home.id == lake.id()).unwrap();
        assert!(line.reason.is_some(), "it says why: {line:?}");
        assert_eq!(line.readers, 1);
    }
    // What is for nobody there does not wait for it.
    let mine = anna.post(Audience::Me, "Mine").await;
    assert_eq!(
        travelled(&story, &mine).await,
        (Vec::new(), DeliverySummary::default())
    );

    lake.start().await;
    for _ in 0..3 {
        story.world.clock().advance(Duration::from_secs(11 * 60));
        story.settle().await;
    }
    for post in [&known, &new] {
        assert_eq!(
            travelled(&story, post).await,
            farm_has_it_and_lake(Delivered),
            "{}",
            post.text
        );
    }
    let clara = lake.returning("Clara").await;
    assert!(clara.sees(known.id).await.is_some() && clara.sees(new.id).await.is_some());
    assert_eq!(hill.waiting(), 0);
    story.is_mended().await;
}
