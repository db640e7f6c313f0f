//! Two homes that work by themselves: real clock, real workers, nobody pumps.

use hearth_api::Code;
use hearth_api::feed::{Audience, DeliveryState, Feed, ListComments};
use hearth_api::media::Variant;
use hearth_tests::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn posts_comments_and_ticks_travel_by_themselves() {
    let world = World::live(None);
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    let (anna, clara) = (hill.owner(), lake.owner());
    anna.asks(&clara).await;
    clara
        .until("the request", async |clara| clara.is_asked_by(anna.id()).await)
        .await;
    clara.asks(&anna).await;

    let photo = anna.upload_photo(1).await;
    let post = anna
        .post_with(Audience::Friends, "By itself", &[(&photo, "A hill")])
        .await;
    clara
        .until("the post", async |clara| clara.sees(post.id).await.is_some())
        .await;
    anna.until("the tick", async |anna| {
        anna.delivery(post.id).await[0].state == DeliveryState::Delivered
    })
    .await;
    clara.comment(post.id, "It came").await.unwrap();
    anna.until("the comment", async |anna| {
        !anna.ok(ListComments { post: post.id }).await.is_empty()
    })
    .await;
    clara
        .until("the comment to be accepted", async |clara| {
            clara
                .ok(ListComments { post: post.id })
                .await
                .iter()
                .all(|comment| !comment.pending)
        })
        .await;
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_comes_with_the_post_and_stays_when_its_home_sleeps() {
    let world = World::live(None);
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    let (anna, clara) = (hill.owner(), lake.owner());
    world.befriend(&anna, &clara).await;
    let photo = anna.upload_photo(1).await;
    let post = anna
        .post_with(Audience::Friends, "Look", &[(&photo, "A hill")])
        .await;
    // Nobody opens it meanwhile.
    clara
        .until("the post and its preview", async |clara| {
            clara.sees(post.id).await.is_some()
                && lake.node().social().missing_previews().await.unwrap().is_empty()
        })
        .await;
    hill.stop().await;
    let opens = async |variant| {
        let hash = photo.hash.clone();
        lake.node().media(&clara.caller(), hash, variant, None).await
    };
    let preview = opens(Variant::Medium).await.unwrap();
    assert!(preview.total > 0 && preview.mime.starts_with("image/"));
    let original = opens(Variant::Original).await.unwrap_err();
    assert_eq!(original.code, Code::MediaUnavailable, "only the preview came");
    world.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_home_that_comes_back_is_caught_up_by_itself() {
    let world = World::live(None);
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    world.befriend(&hill.owner(), &lake.owner()).await;
    let anna = hill.owner();
    lake.stop().await;
    for n in 0..5 {
        anna.post(Audience::Friends, &format!("Day {n}")).await;
    }
    anna.until("the other home to be missed", async |_| {
        hill.sees_home(&lake)
            .await
            .is_some_and(|home| !home.reachable && home.waiting == 5)
    })
    .await;
    lake.start().await;
    let clara = lake.owner();
    clara
        .until("all five", async |clara| clara.feed(Feed::Home).await.len() == 5)
        .await;
    assert_eq!(
        clara.feed(Feed::Home).await,
        ["Day 4", "Day 3", "Day 2", "Day 1", "Day 0"]
    );
    world.close().await;
}
