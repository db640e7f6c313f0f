//! What people of a restored home had said of a post that is not for them any more: it is let go of, and nothing waits for the post.

use super::{Closed, Story, edit, react};
use hearth_api::feed::{Audience, ListComments, Target};
use hearth_api::people::Unfriend;
use hearth_db::inbox;
use hearth_tests::TestHome;

/// Yesterday's hill comes back, after Anna had spoken of a post of Clara's that she may not see any more.
async fn nothing_waits_for_a_post_that_does_not_come(closed: Closed) {
    let story = Story::with(closed).await;
    let Story {
        anna, clara, hill, ..
    } = &story;
    story.settle().await;
    let yesterday = hill.copy_database().await;
    let post = clara.post(Audience::Friends, "Clara's").await;
    story.settle().await;
    let comment = anna.comment(post.id, "Anna's own").await.unwrap();
    anna.ok(react(Target::Post(post.id), Some("👍"))).await;
    story.settle().await;
    anna.ok(react(Target::Comment(comment.id), Some("❤️"))).await;
    let narrowed = clara.ok(edit(&post, "Clara's", Audience::Me)).await;
    story.settle().await;
    assert!(anna.sees(post.id).await.is_none());

    hill.put_database_back(&yesterday, true).await;
    story.settle().await;
    story.settle().await;
    story.is_mended().await;
    assert!(anna.sees(post.id).await.is_none());
    assert_eq!(waiting(hill, &story.lake), 0, "nothing waits for it");
    let seen = clara.sees(post.id).await.unwrap();
    assert_eq!((seen.comment_count, seen.reactions.len()), (1, 1));
    assert_eq!(seen.delivery.unwrap().taking_back, 0);

    // For her again, it is there with what she had said.
    clara.ok(edit(&narrowed, "Clara's", Audience::Friends)).await;
    story.settle().await;
    let seen = anna.sees(post.id).await.expect("it is for her again");
    assert_eq!((seen.comment_count, seen.reactions.len()), (1, 1));
    let comments = anna.ok(ListComments { post: post.id }).await;
    assert_eq!(comments[0].text, "Anna's own");
}

fn waiting(at: &TestHome, from: &TestHome) -> u64 {
    let from = from.id();
    at.read(|tx| inbox::waiting(tx, &from))
}

#[tokio::test]
async fn an_own_comment_on_a_narrowed_post_waits_for_nothing() {
    nothing_waits_for_a_post_that_does_not_come(Closed::Neither).await;
}

#[tokio::test]
async fn an_own_comment_on_a_narrowed_post_waits_for_nothing_whoever_can_be_called() {
    nothing_waits_for_a_post_that_does_not_come(Closed::Lake).await;
    nothing_waits_for_a_post_that_does_not_come(Closed::Hill).await;
}

#[tokio::test]
async fn what_another_home_that_still_has_the_post_gives_back_waits_for_nothing_either() {
    let story = Story::begin().await;
    let Story {
        anna,
        clara,
        hill,
        lake,
        ..
    } = &story;
    let farm = story.world.home("Farm House", &["Erik"]).await;
    let erik = farm.owner();
    story.world.pair(hill, &farm).await;
    story.world.pair(lake, &farm).await;
    story.world.befriend(clara, &erik).await;
    story.settle().await;
    let yesterday = hill.copy_database().await;
    let post = clara.post(Audience::Friends, "Clara's").await;
    story.settle().await;
    anna.comment(post.id, "Anna's own").await.unwrap();
    story.settle().await;
    assert_eq!(erik.sees(post.id).await.unwrap().comment_count, 1);
    clara.ok(Unfriend { person: anna.id() }).await;
    story.settle().await;

    hill.put_database_back(&yesterday, true).await;
    // The farm is asked first, and gives back what is there of Anna's.
    story.later();
    let federation = hill.node().federation().clone();
    federation.pump_one(&farm.id()).await;
    assert_eq!(waiting(hill, &farm), 1, "nobody has said yet that it is gone");
    story.settle().await;
    story.settle().await;
    for other in [lake, &farm] {
        assert_eq!(waiting(hill, other), 0, "{}", other.name());
    }
    assert!(anna.sees(post.id).await.is_none());
    assert_eq!(erik.sees(post.id).await.unwrap().comment_count, 1);
}
