//! Friends on two homes: what travels, how far, and what comes back.

use hearth_api::feed::{
    Audience, DeleteComment, DeletePost, DeliveryState, EditComment, EditPost, Feed, ListComments, Post,
    React, SetComments, Target,
};
use hearth_api::media::Variant;
use hearth_api::notify::NotificationType;
use hearth_api::people::{AnswerFriend, FriendAnswer, ListFriends, ListRequests, RequestFriend};
use hearth_api::{Code, Event};
use hearth_tests::{TestHome, TestPerson, World};
use std::time::Duration;

mod later;

struct Story {
    world: World,
    hill: TestHome,
    lake: TestHome,
    anna: TestPerson,
    ben: TestPerson,
    clara: TestPerson,
    david: TestPerson,
}

impl Story {
    /// Anna and Ben on the hill, Clara and David at the lake; the homes are paired, Anna and Clara are friends.
    async fn begin() -> Self {
        let world = World::new();
        let (hill, lake) = world.hill_and_lake(&["Anna", "Ben"], &["Clara", "David"]).await;
        let (anna, ben) = (hill.person("Anna"), hill.person("Ben"));
        let (clara, david) = (lake.person("Clara"), lake.person("David"));
        Self {
            world,
            hill,
            lake,
            anna,
            ben,
            clara,
            david,
        }
    }

    fn later(&self) {
        self.world.clock().advance(Duration::from_secs(60));
    }

    fn stands(&self, post: &Post) -> Option<DeliveryState> {
        self.hill.delivery_state(post.id.0, &self.lake.id())
    }
}

fn edit(post: &Post, text: &str, audience: Audience) -> EditPost {
    EditPost {
        id: post.id,
        version: post.version,
        text: text.to_owned(),
        media: Vec::new(),
        audience,
    }
}

#[tokio::test]
async fn a_friend_request_travels_and_its_answer_comes_back() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    let (anna, clara) = (hill.owner(), lake.owner());
    let mut at_claras = clara.listen().await;
    let note = "From the ferry, remember?".to_owned();
    anna.ok(RequestFriend {
        person: clara.id(),
        note: note.clone(),
    })
    .await;
    world.pump().await;

    at_claras
        .until("the request", |event| {
            matches!(event, Event::FriendsChanged).then_some(())
        })
        .await;
    let asked = clara.ok(ListRequests {}).await;
    assert_eq!(
        (asked.incoming[0].person.id, asked.incoming[0].note.as_str()),
        (anna.id(), note.as_str())
    );
    assert_eq!(
        clara.notifications().await[0].kind,
        NotificationType::FriendRequest
    );
    assert_eq!(anna.ok(ListRequests {}).await.outgoing.len(), 1);

    let accept = AnswerFriend {
        person: anna.id(),
        answer: FriendAnswer::Accept,
    };
    clara.ok(accept).await;
    world.pump().await;
    for (person, friend) in [(&anna, &clara), (&clara, &anna)] {
        let friends = person.ok(ListFriends::default()).await;
        assert_eq!(
            friends[0].person.id,
            friend.id(),
            "{} and {} are friends",
            person.name(),
            friend.name()
        );
    }
    assert!(
        anna.notifications()
            .await
            .iter()
            .any(|n| n.kind == NotificationType::FriendAccepted)
    );
    assert!(anna.ok(ListRequests {}).await.outgoing.is_empty());
}

#[tokio::test]
async fn crossing_requests_become_a_friendship() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    hill.owner().asks(&lake.owner()).await;
    lake.owner().asks(&hill.owner()).await;
    world.pump().await;
    assert_eq!(hill.owner().ok(ListFriends::default()).await.len(), 1);
    assert_eq!(lake.owner().ok(ListFriends::default()).await.len(), 1);
}

#[tokio::test]
async fn a_declined_request_is_not_told() {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    world.pair(&hill, &lake).await;
    hill.owner().asks(&lake.owner()).await;
    world.pump().await;
    let decline = AnswerFriend {
        person: hill.owner().id(),
        answer: FriendAnswer::Decline,
    };
    lake.owner().ok(decline).await;
    world.pump().await;
    assert!(!lake.owner().is_asked_by(hill.owner().id()).await);
    assert_eq!(
        hill.owner().ok(ListRequests {}).await.outgoing.len(),
        1,
        "for Anna it still waits"
    );
}

#[tokio::test]
async fn a_photo_post_arrives_with_its_notification_and_the_tick() {
    let story = Story::begin().await;
    let (anna, clara) = (&story.anna, &story.clara);
    let mut at_claras = clara.listen().await;
    let mut at_annas = anna.listen().await;
    let photo = anna.upload_photo(1).await;
    let post = anna
        .post_with(Audience::Friends, "The bench is done.", &[(&photo, "A bench")])
        .await;
    assert_eq!(
        story.stands(&post),
        Some(DeliveryState::Waiting),
        "stored here, not yet there"
    );
    let sheet = anna.delivery(post.id).await;
    assert_eq!(
        (sheet.len(), sheet[0].state, sheet[0].readers),
        (1, DeliveryState::Waiting, 1)
    );
    assert_eq!(sheet[0].home.id, story.lake.id());

    story.later();
    story.world.pump().await;
    at_claras
        .until("the post", |event| {
            matches!(event, Event::PostAdded { post: id, .. } if *id == post.id).then_some(())
        })
        .await;
    let native = at_claras
        .until("a notification for the machine", |event| match event {
            Event::Native { notification } => Some(notification.kind),
            _ => None,
        })
        .await;
    assert_eq!(native, NotificationType::FriendPost);
    at_annas
        .until("the tick", |event| {
            matches!(event, Event::DeliveryChanged { post: id } if *id == post.id).then_some(())
        })
        .await;
    assert_eq!(anna.delivery(post.id).await[0].state, DeliveryState::Delivered);
    let own = anna.sees(post.id).await.unwrap().delivery.unwrap();
    assert_eq!((own.homes, own.delivered, own.refused), (1, 1, 0));

    let seen = clara.sees(post.id).await.unwrap();
    assert_eq!(
        (seen.text.as_str(), seen.media[0].alt.as_str()),
        ("The bench is done.", "A bench")
    );
    assert_eq!(seen.author.home.name, "Hill House");
    assert!(
        seen.delivery.is_none(),
        "how far it travelled is its author's business"
    );
    assert!(
        story.david.sees(post.id).await.is_none(),
        "David is no friend of hers"
    );
    story
        .david
        .refused_with(Code::NotFound, ListComments { post: post.id })
        .await;
}

#[tokio::test]
async fn a_picture_is_fetched_when_it_is_looked_at_by_those_who_may() {
    let story = Story::begin().await;
    let photo = story.anna.upload_photo(2).await;
    let other = story.anna.upload_photo(5).await;
    let post = story
        .anna
        .post_with(Audience::Friends, "Look", &[(&photo, "A lake")])
        .await;
    story
        .anna
        .post_with(Audience::Me, "Not for others", &[(&other, "")])
        .await;
    story.world.pump().await;
    let node = story.lake.node();
    for variant in [Variant::Small, Variant::Medium, Variant::Original] {
        let there = node
            .media(&story.clara.caller(), photo.hash.clone(), variant, None)
            .await
            .unwrap();
        let here = story
            .hill
            .node()
            .media(&story.anna.caller(), photo.hash.clone(), variant, None)
            .await
            .unwrap();
        assert_eq!(
            there.into_bytes().unwrap(),
            here.into_bytes().unwrap(),
            "{variant:?} is the same there"
        );
    }
    for (who, hash) in [(&story.david, &photo.hash), (&story.clara, &other.hash)] {
        let error = node
            .media(&who.caller(), hash.clone(), Variant::Small, None)
            .await
            .unwrap_err();
        assert_eq!(error.code, Code::NotFound, "{} may not see that", who.name());
    }
    // Kept: it is there while the other home is off.
    story.hill.stop().await;
    node.media(&story.clara.caller(), photo.hash.clone(), Variant::Original, None)
        .await
        .unwrap();
    let error = node
        .media(&story.clara.caller(), photo.hash.clone(), Variant::Large, None)
        .await
        .err();
    assert!(
        error.as_ref().is_none_or(|e| e.code == Code::MediaUnavailable),
        "what was never fetched is said to be elsewhere: {error:?}"
    );
    assert!(story.clara.sees(post.id).await.is_some());
    story.hill.start().await;
}

#[tokio::test]
async fn comments_and_reactions_come_back_and_are_passed_on() {
    let story = Story::begin().await;
    let third = story.world.home("Third House", &["Erik"]).await;
    story.world.pair(&story.hill, &third).await;
    let erik = third.owner();
    story.world.befriend(&story.anna, &erik).await;
    let post = story.anna.post(Audience::Friends, "Who comes along?").await;
    story.world.pump().await;

    let comment = story.clara.comment(post.id, "Me!").await.unwrap();
    assert!(comment.pending, "until the post's home has accepted it");
    let react = React {
        target: Target::Post(post.id),
        emoji: Some("❤️".to_owned()),
    };
    story.clara.ok(react).await;
    story.world.pump().await;
    let here = story.anna.ok(ListComments { post: post.id }).await;
    assert_eq!(
        (here[0].text.as_str(), here[0].author.as_ref().unwrap().id),
        ("Me!", story.clara.id())
    );
    let at_claras = story.clara.ok(ListComments { post: post.id }).await;
    assert!(!at_claras[0].pending, "accepted");
    // Erik's home is not even connected with Clara's.
    let at_eriks = erik.ok(ListComments { post: post.id }).await;
    assert_eq!(
        at_eriks[0].text, "Me!",
        "the post's home passes comments on to all that hold it"
    );
    assert_eq!(erik.sees(post.id).await.unwrap().reactions.len(), 1);
    assert_eq!(story.anna.sees(post.id).await.unwrap().reactions[0].emoji, "❤️");
    let kinds: Vec<NotificationType> = story.anna.notifications().await.iter().map(|n| n.kind).collect();
    assert!(
        kinds.contains(&NotificationType::Comment) && kinds.contains(&NotificationType::Reaction),
        "{kinds:?}"
    );

    story.later();
    let change = EditComment {
        id: comment.id,
        version: comment.version,
        text: "Me, with cake!".to_owned(),
    };
    story.clara.ok(change).await;
    story.world.pump().await;
    for person in [&story.anna, &erik] {
        assert_eq!(
            person.ok(ListComments { post: post.id }).await[0].text,
            "Me, with cake!",
            "{}",
            person.name()
        );
    }
    story.later();
    story.anna.ok(DeleteComment { id: comment.id }).await;
    story.world.pump().await;
    for person in [&story.anna, &story.clara, &erik] {
        assert!(
            person.ok(ListComments { post: post.id }).await.is_empty(),
            "gone for {}",
            person.name()
        );
    }
}

#[tokio::test]
async fn comments_that_were_switched_off_are_refused_there_too() {
    let story = Story::begin().await;
    let post = story.anna.post(Audience::Friends, "No comment").await;
    story.world.pump().await;
    story.later();
    story
        .anna
        .ok(SetComments {
            id: post.id,
            on: false,
        })
        .await;
    // Clara's home has not heard of it yet, Anna's decides.
    let comment = story.clara.comment(post.id, "One last word").await.unwrap();
    assert!(comment.pending);
    story.world.pump().await;
    assert!(story.anna.ok(ListComments { post: post.id }).await.is_empty());
    let refused = story.clara.ok(ListComments { post: post.id }).await;
    assert!(
        refused.iter().all(|c| c.refused.is_some()),
        "its author is told: {refused:?}"
    );
    let error = story.clara.comment(post.id, "Really?").await.unwrap_err();
    assert_eq!(error.code, Code::CommentsOff);
}

#[tokio::test]
async fn an_edit_replaces_and_a_deletion_erases_there() {
    let story = Story::begin().await;
    let post = story.anna.post(Audience::Friends, "Frist").await;
    story.world.pump().await;
    story.later();
    let edited = story.anna.ok(edit(&post, "First", Audience::Friends)).await;
    assert_eq!(
        story.stands(&post),
        Some(DeliveryState::Waiting),
        "the edit waits like the post did"
    );
    story.world.pump().await;
    let seen = story.clara.sees(post.id).await.unwrap();
    assert_eq!((seen.text.as_str(), seen.version), ("First", edited.version));
    assert!(seen.edited_at.is_some());

    story.later();
    let mut at_claras = story.clara.listen().await;
    story.anna.ok(DeletePost { id: post.id }).await;
    story.world.pump().await;
    at_claras
        .until("the removal", |event| {
            matches!(event, Event::PostRemoved { post: id } if *id == post.id).then_some(())
        })
        .await;
    assert!(story.clara.sees(post.id).await.is_none());
    assert!(story.clara.feed(Feed::Home).await.is_empty());
}

#[tokio::test]
async fn a_changed_name_is_known_on_the_other_home() {
    let story = Story::begin().await;
    story.later();
    let rename = hearth_api::profile::UpdateProfile {
        name: Some("Anna of the Hill".to_owned()),
        ..Default::default()
    };
    story.anna.ok(rename).await;
    story.world.pump().await;
    let friends = story.clara.ok(ListFriends::default()).await;
    assert_eq!(friends[0].person.name, "Anna of the Hill");
}

#[tokio::test]
async fn what_is_for_oneself_or_for_the_home_never_leaves_it() {
    let story = Story::begin().await;
    for audience in [Audience::Me, Audience::Local] {
        story.anna.post(audience, audience.as_str()).await;
    }
    assert_eq!(story.hill.waiting(), 0, "there is nothing to send");
    story
        .ben
        .post(Audience::Friends, "Ben has no friend out there")
        .await;
    assert_eq!(
        story.hill.waiting(),
        0,
        "nor is there for somebody without readers elsewhere"
    );
}
