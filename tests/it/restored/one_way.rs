//! The same when only one of the two homes can be called, whichever was restored.

use super::{Closed, Story, a_day, it_works_twice, what_was_lost_comes_back, what_was_narrowed_stays_so};

#[tokio::test]
async fn a_restored_home_gets_back_what_it_lost_from_one_that_it_cannot_call() {
    what_was_lost_comes_back(true, Closed::Lake).await;
}

#[tokio::test]
async fn a_database_that_was_put_back_is_noticed_by_a_home_that_cannot_be_called() {
    what_was_lost_comes_back(false, Closed::Lake).await;
}

#[tokio::test]
async fn a_restored_home_that_cannot_be_called_gets_back_what_it_lost() {
    what_was_lost_comes_back(true, Closed::Hill).await;
}

#[tokio::test]
async fn a_database_that_was_put_back_behind_a_closed_port_is_noticed() {
    what_was_lost_comes_back(false, Closed::Hill).await;
}

#[tokio::test]
async fn it_works_twice_and_for_both_when_the_other_cannot_be_called() {
    it_works_twice(Closed::Lake).await;
}

#[tokio::test]
async fn it_works_twice_and_for_both_when_the_restored_one_cannot_be_called() {
    it_works_twice(Closed::Hill).await;
}

#[tokio::test]
async fn what_was_narrowed_stays_so_whoever_can_be_called() {
    what_was_narrowed_stays_so(Closed::Lake).await;
    what_was_narrowed_stays_so(Closed::Hill).await;
}

#[tokio::test]
async fn a_home_that_fetches_by_itself_is_awake_and_says_so() {
    let story = Story::with(Closed::Lake).await;
    story.settle().await;
    story.world.pump().await;
    let seen = story.hill.sees_home(&story.lake).await.unwrap();
    assert!(!seen.reachable && seen.fetches && seen.is_awake(), "{seen:?}");
    let of_lake = story.lake.sees_home(&story.hill).await.unwrap();
    assert!(of_lake.reachable && !of_lake.fetches, "{of_lake:?}");
    // It does not fetch any more: it sleeps.
    story.world.clock().advance(std::time::Duration::from_secs(16));
    assert!(!story.hill.sees_home(&story.lake).await.unwrap().is_awake());
    let before = story
        .anna
        .post(hearth_api::feed::Audience::Friends, "Before")
        .await;
    let theirs = story
        .clara
        .post(hearth_api::feed::Audience::Friends, "Theirs")
        .await;
    let gone = story.anna.post(hearth_api::feed::Audience::Friends, "Gone").await;
    let gone_there = story
        .clara
        .post(hearth_api::feed::Audience::Friends, "Gone too")
        .await;
    story.settle().await;
    a_day(&story, 1, &before, &gone, &gone_there, &theirs).await;
    story.world.pump().await;
    assert!(story.hill.sees_home(&story.lake).await.unwrap().is_awake());
    assert_eq!(story.hill.waiting(), 0, "all was fetched");
}

#[tokio::test]
async fn a_home_behind_a_closed_port_that_was_put_back_gets_back_what_it_only_fetched() {
    use hearth_api::feed::Audience;
    let story = Story::with(Closed::Hill).await;
    let before = story.clara.post(Audience::Friends, "Before").await;
    story.settle().await;
    let yesterday = story.hill.copy_database().await;
    // The hill says nothing on this day; it fetches what the lake's people say, and has taken it.
    let lost = story.clara.post(Audience::Friends, "Lost").await;
    story.lake.restart().await;
    story.world.close_port(&story.hill).await;
    let federation = story.hill.node().federation().clone();
    federation.pull().await;
    assert!(story.anna.sees(lost.id).await.is_some());
    assert_eq!(story.lake.waiting(), 0);

    story.hill.put_database_back(&yesterday, false).await;
    assert!(story.anna.sees(lost.id).await.is_none());
    let federation = story.hill.node().federation().clone();
    federation.pull().await;
    let seen = story.hill.sees_home(&story.lake).await.unwrap().restored.unwrap();
    assert!(seen.here && seen.alone, "it is the lake's word: {seen:?}");
    for _ in 0..2 {
        story.settle().await;
    }
    story.is_mended().await;
    for post in [&before, &lost] {
        assert!(story.anna.sees(post.id).await.is_some());
    }
}
