//! What comes later: who may see a post changes, and homes that were off catch up.

use super::{Story, edit};
use hearth_api::Event;
use hearth_api::feed::{Audience, DeletePost, Feed, ListComments};
use hearth_api::people::{ListFriends, Unfriend};
use hearth_tests::World;
use std::time::Duration;

#[tokio::test]
async fn narrowing_takes_copies_back_and_widening_brings_them() {
    let story = Story::begin().await;
    let post = story.anna.post(Audience::Friends, "For my friends").await;
    story.world.pump().await;
    assert!(story.clara.sees(post.id).await.is_some());
    story
        .anna
        .comment(post.id, "And for those to come")
        .await
        .unwrap();
    story.world.pump().await;
    story.later();
    let narrowed = story.anna.ok(edit(&post, "For my home", Audience::Local)).await;
    story.world.pump().await;
    assert!(
        story.clara.sees(post.id).await.is_none(),
        "the copy was taken back"
    );
    assert!(story.ben.sees(post.id).await.is_some());
    story.later();
    story
        .anna
        .ok(edit(&narrowed, "For everybody", Audience::Public))
        .await;
    story.world.pump().await;
    let seen = story.clara.sees(post.id).await.expect("it is back");
    assert_eq!(
        (seen.text.as_str(), seen.comment_count),
        ("For everybody", 1),
        "with its comments"
    );
    assert!(
        story.david.sees(post.id).await.is_some(),
        "public is for everybody of a connected home"
    );
}

#[tokio::test]
async fn becoming_friends_brings_earlier_posts_and_unfriending_takes_them_away() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    let (anna, clara) = (hill.owner(), lake.owner());
    let post = anna.post(Audience::Friends, "From before we met").await;
    world.pump().await;
    assert!(clara.sees(post.id).await.is_none());
    world.befriend(&clara, &anna).await;
    assert!(
        clara.sees(post.id).await.is_some(),
        "earlier posts come with the friendship"
    );
    world.clock().advance(Duration::from_secs(60));
    anna.ok(Unfriend { person: clara.id() }).await;
    world.pump().await;
    assert!(clara.sees(post.id).await.is_none(), "and go with it");
    for person in [&anna, &clara] {
        assert!(
            person.ok(ListFriends::default()).await.is_empty(),
            "{} has no friend left",
            person.name()
        );
    }
}

#[tokio::test]
async fn a_home_that_was_off_catches_up_in_order() {
    let story = Story::begin().await;
    story.lake.stop().await;
    let mut expected = Vec::new();
    for n in 0..25 {
        story.later();
        story.anna.post(Audience::Friends, &format!("Day {n}")).await;
        expected.insert(0, format!("Day {n}"));
        story.world.pump().await;
    }
    assert_eq!(story.hill.waiting(), 25);
    let health = story.hill.sees_home(&story.lake).await.unwrap();
    assert!(
        !health.reachable && health.last_error.is_some() && health.waiting == 25,
        "{health:?}"
    );
    // The author's home restarts too: what waits is on disk.
    story.hill.restart().await;
    story.lake.start().await;
    story.world.clock().advance_days(7);
    let mut at_claras = story.clara.listen().await;
    story.world.pump().await;
    assert_eq!(story.clara.feed(Feed::Home).await, expected);
    assert_eq!(story.hill.waiting(), 0);
    let mut told = Vec::new();
    while told.len() < 25 {
        let post = at_claras
            .until("the posts", |event| match event {
                Event::PostAdded { post, .. } => Some(*post),
                _ => None,
            })
            .await;
        told.push(story.clara.sees(post).await.unwrap().text);
    }
    told.reverse();
    assert_eq!(
        told, expected,
        "they came in the order in which they were written"
    );
    assert!(story.hill.sees_home(&story.lake).await.unwrap().reachable);
}

#[tokio::test]
async fn an_author_who_writes_while_off_is_read_when_back() {
    let story = Story::begin().await;
    let post = story.clara.post(Audience::Friends, "From the lake").await;
    story.hill.stop().await;
    story.clara.comment(post.id, "A comment on my own").await.unwrap();
    story.world.pump().await;
    story.hill.start().await;
    story.world.clock().advance(Duration::from_secs(7200));
    story.world.pump().await;
    let comments = story.anna.ok(ListComments { post: post.id }).await;
    assert_eq!(comments[0].text, "A comment on my own");
}

#[tokio::test]
async fn an_edit_followed_by_a_deletion_leaves_nothing_even_when_it_went_unseen() {
    let story = Story::begin().await;
    story.lake.stop().await;
    let post = story.anna.post(Audience::Friends, "Regretted").await;
    story.later();
    story
        .anna
        .ok(edit(&post, "Regretted twice", Audience::Friends))
        .await;
    story.later();
    story.anna.ok(DeletePost { id: post.id }).await;
    story.lake.start().await;
    story.world.clock().advance(Duration::from_secs(7200));
    story.world.pump().await;
    assert!(story.clara.sees(post.id).await.is_none());
    assert!(story.clara.feed(Feed::Home).await.is_empty());
}

#[tokio::test]
async fn a_reaction_that_is_changed_goes_to_no_home_that_may_not_see_the_post_any_more() {
    let story = Story::begin().await;
    let Story {
        world,
        hill,
        lake,
        anna,
        ben,
        clara,
        ..
    } = &story;
    let post = anna.post(Audience::Friends, "For my friends").await;
    world.befriend(anna, ben).await;
    world.pump().await;
    lake.stop().await;
    let react = |emoji: &str| hearth_api::feed::React {
        target: hearth_api::feed::Target::Post(post.id),
        emoji: Some(emoji.to_owned()),
    };
    let to_lake = || {
        let lake = lake.id();
        let rows = hill.read(|tx| hearth_db::peer_log::rows(tx, &lake, 0, 100));
        rows.iter()
            .filter_map(|row| {
                let said = hearth_federation::activity::UnverifiedActivity::parse(&row.jws).unwrap();
                Some(said.unverified().object.get("emoji")?.as_str()?.to_owned())
            })
            .collect::<Vec<_>>()
    };
    ben.ok(react("👍")).await;
    assert_eq!(to_lake(), ["👍"]);
    anna.ok(Unfriend { person: clara.id() }).await;
    story.later();
    ben.ok(react("🔥")).await;
    assert_eq!(to_lake(), Vec::<String>::new());
    lake.start().await;
    story.later();
    world.pump().await;
    assert_eq!(anna.sees(post.id).await.unwrap().reactions.len(), 1);
}
