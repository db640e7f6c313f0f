//! What a restored home gets back from one home, the others hear of too: also those with which all was compared before.

use super::{Story, edit};
use hearth_api::feed::{Audience, DeletePost, DeliveryState, ListComments, Post, React, Target};
use hearth_api::homes::{ChangeHome, HomeAction};
use hearth_api::people::{AnswerFriend, FriendAnswer, Unfriend};
use hearth_tests::{TestHome, TestPerson};

/// Two more homes, with a friend of Anna's in each.
struct More {
    farm: TestHome,
    erik: TestPerson,
    mill: TestHome,
    mila: TestPerson,
}

impl More {
    async fn move_in(story: &Story) -> Self {
        let mut homes = Vec::new();
        for (house, person) in [("Farm House", "Erik"), ("Mill House", "Mila")] {
            let home = story.world.home(house, &[person]).await;
            story.world.pair(&story.hill, &home).await;
            story.world.befriend(&story.anna, &home.person(person)).await;
            homes.push(home);
        }
        let [farm, mill] = homes.try_into().unwrap();
        Self {
            erik: farm.owner(),
            mila: mill.owner(),
            farm,
            mill,
        }
    }

    /// The hill compares with the farm first, and gets back from the mill what neither knew.
    async fn is_asked_last(&self, story: &Story) {
        story.later();
        let federation = story.hill.node().federation().clone();
        federation.pump_one(&self.farm.id()).await;
        let with_farm = story.hill.sees_home(&self.farm).await.unwrap().restored;
        assert!(with_farm.unwrap().done, "all was compared with the farm");
        federation.pump_one(&self.mill.id()).await;
        story.settle().await;
        story.settle().await;
    }
}

#[tokio::test]
async fn what_one_home_gives_back_reaches_those_that_were_asked_before() {
    let story = Story::begin().await;
    let more = More::move_in(&story).await;
    let Story { anna, hill, .. } = &story;
    let said = async |text: &str| anna.post(Audience::Friends, text).await;
    let (deleted, mine, narrowed, changed) = (
        said("To be deleted").await,
        said("To be mine alone").await,
        said("To be for all").await,
        said("To be changed").await,
    );
    story.settle().await;
    let yesterday = hill.copy_database().await;
    more.farm.stop().await;
    let new = said("New").await;
    anna.ok(DeletePost { id: deleted.id }).await;
    anna.ok(edit(&mine, "Mine alone", Audience::Me)).await;
    anna.ok(edit(&narrowed, "For all", Audience::Public)).await;
    anna.ok(edit(&changed, "Changed", Audience::Friends)).await;
    story.settle().await;

    hill.put_database_back(&yesterday, true).await;
    more.farm.start().await;
    more.is_asked_last(&story).await;
    for who in [&more.erik, &more.mila] {
        let text = async |post: &Post| who.sees(post.id).await.map(|post| post.text);
        assert_eq!(text(&new).await.as_deref(), Some("New"), "{}", who.name());
        assert_eq!(text(&deleted).await, None, "{}", who.name());
        assert_eq!(text(&mine).await, None, "{}", who.name());
        assert_eq!(
            text(&narrowed).await.as_deref(),
            Some("For all"),
            "{}",
            who.name()
        );
        assert_eq!(text(&changed).await.as_deref(), Some("Changed"), "{}", who.name());
    }
    for home in [&more.farm, &more.mill] {
        assert_eq!(
            hill.delivery_state(new.id.0, &home.id()),
            Some(DeliveryState::Delivered),
            "{}",
            home.name()
        );
    }
    assert_eq!(hill.waiting(), 0);
}

#[tokio::test]
async fn what_hung_on_a_post_before_it_was_shared_reaches_those_that_were_asked_before_too() {
    let story = Story::begin().await;
    let more = More::move_in(&story).await;
    let anna = &story.anna;
    let post = anna.post(Audience::Local, "Only here").await;
    anna.comment(post.id, "Is it so?").await.unwrap();
    let like = Some("👍".to_owned());
    let target = Target::Post(post.id);
    anna.ok(React { target, emoji: like }).await;
    story.settle().await;
    let yesterday = story.hill.copy_database().await;
    anna.ok(edit(&post, "For friends", Audience::Friends)).await;
    let federation = story.hill.node().federation().clone();
    federation.pump_one(&more.mill.id()).await;
    assert!(more.mila.sees(post.id).await.is_some());
    story.hill.put_database_back(&yesterday, true).await;
    more.is_asked_last(&story).await;
    for person in [&more.mila, &more.erik] {
        let seen = person.sees(post.id).await.unwrap();
        assert_eq!((seen.text.as_str(), seen.comment_count), ("For friends", 1));
        assert_eq!(seen.reactions.len(), 1, "{}", person.name());
    }
}

#[tokio::test]
async fn a_comment_that_waited_while_the_posts_home_was_restored_is_shown_as_taken() {
    let story = Story::begin().await;
    let post = story.anna.post(Audience::Friends, "Say something").await;
    story.settle().await;
    let yesterday = story.hill.copy_database().await;
    story.anna.post(Audience::Friends, "Known at the lake").await;
    story.settle().await;
    story.hill.put_database_back(&yesterday, true).await;
    // The hill has fetched what it lost; the lake compares before it brings what waits.
    story.later();
    story.hill.node().federation().pump_one(&story.lake.id()).await;
    let comment = story.clara.comment(post.id, "Something").await.unwrap();
    story.settle().await;
    let seen = story.clara.ok(ListComments { post: post.id }).await;
    let line = seen.iter().find(|line| line.id == comment.id).unwrap();
    assert!(!line.pending && line.refused.is_none(), "{line:?}");
    let there = story.anna.ok(ListComments { post: post.id }).await;
    assert_eq!(there.len(), 1);
    story.is_mended().await;
}

#[tokio::test]
async fn a_post_that_was_changed_for_nobody_elsewhere_comes_as_it_is_now() {
    let story = Story::begin().await;
    let Story {
        anna,
        clara,
        david,
        lake,
        hill,
        ..
    } = &story;
    let post = anna.post(Audience::Friends, "As it was").await;
    anna.asks(david).await;
    story.settle().await;
    let yesterday = lake.copy_database().await;
    anna.ok(Unfriend { person: clara.id() }).await;
    story.settle().await;
    // Nobody elsewhere may see it now, and nobody is told.
    let now = anna.sees(post.id).await.unwrap();
    anna.ok(edit(&now, "As it is", Audience::Friends)).await;
    story.settle().await;
    lake.put_database_back(&yesterday, true).await;
    david
        .ok(AnswerFriend {
            person: anna.id(),
            answer: FriendAnswer::Accept,
        })
        .await;
    story.settle().await;
    story.settle().await;
    assert_eq!(david.sees(post.id).await.unwrap().text, "As it is");
    assert!(clara.sees(post.id).await.is_none(), "she is no friend any more");
    assert_eq!(
        hill.delivery_state(post.id.0, &lake.id()),
        Some(DeliveryState::Delivered)
    );
    story.is_mended().await;
}

#[tokio::test]
async fn a_picture_of_a_post_that_came_back_is_still_ones_own() {
    let story = Story::begin().await;
    let more = More::move_in(&story).await;
    let photo = story.anna.upload_photo(3).await;
    story.settle().await;
    let yesterday = story.hill.copy_database().await;
    let post = story
        .anna
        .post_with(Audience::Public, "With a picture", &[(&photo, "A hill")])
        .await;
    story.settle().await;
    story.hill.put_database_back(&yesterday, true).await;
    story.settle().await;
    assert!(story.anna.sees(post.id).await.is_some(), "it came back");
    let node = more.mill.node();
    let variant = hearth_api::media::Variant::Original;
    let seen = node
        .media(&more.mila.caller(), photo.hash.clone(), variant, None)
        .await;
    let bytes = seen
        .expect("the hill still has it, and gives it")
        .into_bytes()
        .unwrap();
    assert_eq!(bytes.len() as u64, photo.bytes);
    // And it does not count as an upload that nothing needs.
    story.world.clock().advance_days(60);
    story.hill.node().social().sweep().await.unwrap();
    let (anna, hash) = (story.anna.id(), photo.hash.clone());
    let owner = story.hill.read(|tx| hearth_db::media_owner::get(tx, anna, &hash));
    assert!(owner.is_some());
}

#[tokio::test]
async fn what_a_home_had_only_heard_when_it_was_put_back_without_knowing_comes_again() {
    let story = Story::begin().await;
    let Story {
        anna,
        clara,
        hill,
        lake,
        ..
    } = &story;
    let changed = anna.post(Audience::Friends, "To be changed").await;
    let gone = anna.post(Audience::Friends, "To be deleted").await;
    story.settle().await;
    // As the snapshot of a machine that runs: nothing of the lake is heard of between that and its return.
    let yesterday = lake.copy_database().await;
    let federation = hill.node().federation().clone();
    let new = anna.post(Audience::Friends, "New").await;
    anna.ok(edit(&changed, "Changed", Audience::Friends)).await;
    anna.ok(DeletePost { id: gone.id }).await;
    federation.pump_one(&lake.id()).await;
    assert!(clara.sees(new.id).await.is_some());
    lake.put_database_back(&yesterday, false).await;
    assert!(clara.sees(new.id).await.is_none(), "yesterday is back");
    anna.post(Audience::Friends, "One more").await;
    federation.pump_one(&lake.id()).await;
    story.settle().await;
    assert_eq!(
        clara.sees(new.id).await.map(|post| post.text).as_deref(),
        Some("New")
    );
    assert_eq!(clara.sees(changed.id).await.unwrap().text, "Changed");
    assert!(clara.sees(gone.id).await.is_none());
    assert_eq!(hill.waiting() + lake.waiting(), 0);
}

#[tokio::test]
async fn a_post_that_one_home_lost_and_another_still_has_is_left_to_its_author() {
    let story = Story::begin().await;
    let more = More::move_in(&story).await;
    let anna = &story.anna;
    story.settle().await;
    let yesterday = story.hill.copy_database().await;
    let post = anna.post(Audience::Friends, "For friends").await;
    story.settle().await;
    anna.ok(edit(&post, "For friends", Audience::Local)).await;
    let federation = story.hill.node().federation().clone();
    federation.pump_one(&more.farm.id()).await;
    assert!(more.erik.sees(post.id).await.is_none() && more.mila.sees(post.id).await.is_some());
    story.hill.put_database_back(&yesterday, true).await;
    more.is_asked_last(&story).await;
    let seen = anna.sees(post.id).await.unwrap();
    assert_eq!(
        seen.audience,
        Audience::Me,
        "why it was taken back is not known any more"
    );
    for person in [&more.erik, &more.mila] {
        assert!(person.sees(post.id).await.is_none(), "{}", person.name());
    }
}

#[tokio::test]
async fn a_post_that_was_shared_and_by_all_that_is_known_never_was_is_taken_back_or_given_as_it_is() {
    for audience in [Audience::Local, Audience::Friends] {
        let story = Story::begin().await;
        let (anna, clara) = (&story.anna, &story.clara);
        let post = anna.post(Audience::Me, "Mine").await;
        let yesterday = story.hill.copy_database().await;
        anna.ok(edit(&post, "For friends", Audience::Friends)).await;
        story.settle().await;
        assert!(clara.sees(post.id).await.is_some());
        story.hill.put_database_back(&yesterday, true).await;
        // Before anything is compared.
        story.later();
        anna.ok(edit(&post, "Changed", audience)).await;
        story.settle().await;
        story.settle().await;
        let seen = clara.sees(post.id).await.map(|post| post.text);
        let expected = (audience == Audience::Friends).then(|| "Changed".to_owned());
        assert_eq!(seen, expected, "{audience:?}");
        assert_eq!(anna.sees(post.id).await.unwrap().text, "Changed");
    }
}

#[tokio::test]
async fn earlier_posts_of_all_people_are_given_once_all_was_compared() {
    // Whoever comes first in the database, nothing of the other's is to be given.
    for who in ["Anna", "Ben"] {
        let story = Story::begin().await;
        let Story {
            hill, lake, david, ..
        } = &story;
        let change = async |action| {
            let home = lake.id();
            let request = ChangeHome {
                home,
                action,
                password: None,
            };
            hill.person("Anna").ok(request).await;
        };
        change(HomeAction::Block).await;
        let post = hill.person(who).post(Audience::Public, "Meanwhile").await;
        let now = hill.copy_database().await;
        hill.put_database_back(&now, true).await;
        change(HomeAction::Unblock).await;
        story.settle().await;
        story.settle().await;
        assert!(david.sees(post.id).await.is_some(), "{who}");
    }
}
