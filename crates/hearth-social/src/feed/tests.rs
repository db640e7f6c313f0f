use super::{cursor, parse_cursor};
use crate::Viewer;
use crate::posts::tests::{befriend, say, write};
use crate::testing::Home;
use hearth_api::feed::*;
use hearth_api::people::Unfriend;
use hearth_api::{PostId, Timestamp};
use hearth_db::feed::Place;
use proptest::prelude::*;
use uuid::Uuid;

async fn texts(home: &Home, who: &Viewer, feed: Feed) -> Vec<String> {
    let page = home
        .social
        .get_feed(
            who,
            GetFeed {
                feed,
                cursor: None,
                limit: Some(50),
            },
        )
        .await
        .unwrap();
    page.items.into_iter().map(|post| post.text).collect()
}

#[tokio::test]
async fn each_feed_has_its_posts_newest_first() {
    let home = Home::of("Ours", &["Anna", "Ben", "Cem"]).await;
    let (anna, ben, cem) = (home.person("Anna"), home.person("Ben"), home.person("Cem"));
    befriend(&home, &anna, &ben).await;
    for (who, name) in [(&anna, "Anna"), (&ben, "Ben"), (&cem, "Cem")] {
        for audience in [Audience::Me, Audience::Local, Audience::Friends, Audience::Public] {
            write(&home, who, &format!("{name} {}", audience.as_str()), audience).await;
        }
    }
    assert_eq!(
        texts(&home, &anna, Feed::Home).await,
        [
            "Cem local",
            "Ben public",
            "Ben friends",
            "Ben local",
            "Anna public",
            "Anna friends",
            "Anna local",
            "Anna me"
        ]
    );
    assert_eq!(texts(&home, &anna, Feed::Public).await, ["Cem public"]);
    assert_eq!(
        texts(&home, &anna, Feed::Person(cem.person)).await,
        ["Cem public", "Cem local"]
    );
    assert_eq!(
        texts(&home, &anna, Feed::Person(ben.person)).await,
        ["Ben public", "Ben friends", "Ben local"]
    );
    home.social
        .unfriend(&anna, Unfriend { person: ben.person })
        .await
        .unwrap();
    assert_eq!(
        texts(&home, &anna, Feed::Person(ben.person)).await,
        ["Ben public", "Ben local"]
    );
    assert_eq!(
        texts(&home, &anna, Feed::Public).await,
        ["Cem public", "Ben public"]
    );
}

#[tokio::test]
async fn pages_are_full_after_filtering_and_miss_nothing() {
    let home = Home::of("Ours", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    befriend(&home, &anna, &ben).await;
    let mut expected = Vec::new();
    for n in 0..130 {
        let (who, audience) = match n % 4 {
            0 => (&ben, Audience::Me),
            1 => (&ben, Audience::Friends),
            2 => (&ben, Audience::Local),
            _ => (&anna, Audience::Local),
        };
        let post = write(&home, who, &n.to_string(), audience).await;
        if audience != Audience::Me {
            expected.push(post.text);
        }
    }
    expected.reverse();
    let mut seen = Vec::new();
    let mut next = None;
    loop {
        let request = GetFeed {
            feed: Feed::Home,
            cursor: next,
            limit: Some(7),
        };
        let page = home.social.get_feed(&anna, request).await.unwrap();
        seen.extend(page.items.iter().map(|post| post.text.clone()));
        next = page.next;
        if next.is_none() {
            break;
        }
        assert_eq!(page.items.len(), 7);
    }
    assert_eq!(seen, expected);
    let wrong = GetFeed {
        feed: Feed::Home,
        cursor: Some("x".to_owned()),
        limit: None,
    };
    assert_eq!(
        home.social.get_feed(&anna, wrong).await.unwrap_err().name(),
        "invalid_cursor"
    );
    let many = GetFeed {
        feed: Feed::Home,
        cursor: None,
        limit: Some(51),
    };
    assert_eq!(
        home.social.get_feed(&anna, many).await.unwrap_err().name(),
        "invalid_limit"
    );
}

#[tokio::test]
async fn a_card_is_complete() {
    let home = Home::of("Ours", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    let post = write(
        &home,
        &anna,
        &format!("Hello @{{{}}}", ben.person),
        Audience::Local,
    )
    .await
    .id;
    for n in 0..3 {
        say(&home, &ben, post, None, &format!("Comment {n}")).await;
    }
    home.social
        .react(
            &ben,
            React {
                target: Target::Post(post),
                emoji: Some("👋".to_owned()),
            },
        )
        .await
        .unwrap();
    let request = GetFeed::default();
    let card = home.social.get_feed(&ben, request).await.unwrap().items.remove(0);
    assert_eq!(card.author.name, "Anna");
    assert_eq!(card.mentions[0].name, "Ben");
    assert_eq!(card.comment_count, 3);
    assert_eq!(
        card.last_comments
            .iter()
            .map(|c| c.text.as_str())
            .collect::<Vec<_>>(),
        ["Comment 1", "Comment 2"]
    );
    assert_eq!(card.reactions[0].person.id, ben.person);
    assert!(card.may.comment && card.last_comments[0].may.edit && !card.may.edit);
}

proptest! {
    #[test]
    fn a_cursor_survives_its_text_and_reading_never_panics(at in any::<i64>(), id in any::<u128>(), text in "\\PC{0,40}") {
        let place = Place { at: Timestamp(at), post: PostId(Uuid::from_u128(id)) };
        prop_assert_eq!(parse_cursor(&cursor(place)), Some(place));
        let _ = parse_cursor(&text);
    }
}
