//! A home sends nothing for an hour: what is written waits and is said to, what others send arrives, and then all goes out.

use hearth_api::feed::{Audience, DeletePost, DeliveryState, Feed, GetDelivery, RetryDelivery};
use hearth_api::health::{GetHealth, HealthLevel};
use hearth_api::homes::{PauseSending, TryNow};
use hearth_api::{Code, Event, Timestamp};
use hearth_tests::{TestPerson, World};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The state, reason and next try of the only line of a post's sheet.
async fn line(
    author: &TestPerson,
    post: &hearth_api::feed::Post,
) -> (DeliveryState, Option<String>, Option<Timestamp>) {
    let sheet = author.ok(GetDelivery { id: post.id }).await;
    assert_eq!(sheet.len(), 1);
    let line = &sheet[0];
    (line.state, line.reason.clone(), line.next_try)
}

#[tokio::test]
async fn what_is_written_in_the_pause_waits_for_its_end_and_what_others_send_arrives() {
    let world = World::new();
    let (hill, lake) = world.hill_and_lake(&["Anna", "Ben"], &["Clara"]).await;
    let (anna, clara) = (hill.person("Anna"), lake.person("Clara"));
    let mut at_annas = anna.listen().await;
    let until = world.now().plus_ms(3_600_000);
    let pause = PauseSending { minutes: Some(60) };
    assert_eq!(anna.ok(pause.clone()).await.until, Some(until));
    let changed = |event: &Event| matches!(event, Event::HomesChanged { home: None }).then_some(());
    at_annas.until("word of the pause", changed).await;

    let post = anna.post(Audience::Friends, "Written in the pause").await;
    world.pump().await;
    assert!(clara.feed(Feed::Home).await.is_empty(), "nothing arrives");
    let paused = (DeliveryState::Waiting, Some("paused".to_owned()), Some(until));
    assert_eq!(line(&anna, &post).await, paused);
    clara.post(Audience::Friends, "From the lake").await;
    world.pump().await;
    let at_hill = anna.feed(Feed::Home).await;
    assert!(at_hill.contains(&"From the lake".to_owned()), "{at_hill:?}");

    // Trying now is no way around it, and nobody looks asleep because of it.
    anna.ok(TryNow { home: None }).await;
    anna.ok(RetryDelivery {
        id: post.id,
        home: lake.id(),
    })
    .await;
    world.pump().await;
    assert!(
        clara
            .feed(Feed::Home)
            .await
            .iter()
            .all(|text| text == "From the lake")
    );
    for (who, waits) in [(&anna, 1), (&clara, 0)] {
        let health = who.ok(GetHealth {}).await;
        let homes = &health.homes;
        assert!(homes[0].is_awake() && homes[0].last_error.is_none() && homes[0].next_try.is_none());
        assert_ne!(health.level, HealthLevel::Trouble);
        assert_eq!(health.waiting, waits);
    }
    let seen_by_ben = hill.person("Ben").ok(GetHealth {}).await;
    assert_eq!(seen_by_ben.paused_until, Some(until), "everybody may know");
    assert_eq!(seen_by_ben.level, HealthLevel::Waiting, "what is written waits");

    world.clock().advance(HOUR - Duration::from_millis(1));
    world.pump().await;
    assert!(
        !clara
            .feed(Feed::Home)
            .await
            .contains(&"Written in the pause".to_owned())
    );
    world.clock().advance(Duration::from_millis(1));
    assert_eq!(anna.ok(GetHealth {}).await.paused_until, None);
    world.pump().await;
    assert!(
        clara
            .feed(Feed::Home)
            .await
            .contains(&"Written in the pause".to_owned())
    );
    assert_eq!(line(&anna, &post).await, (DeliveryState::Delivered, None, None));
}

#[tokio::test]
async fn only_who_runs_the_home_pauses_it_and_sends_again_at_any_time() {
    let world = World::new();
    let (hill, lake) = world.hill_and_lake(&["Anna", "Ben"], &["Clara"]).await;
    let (anna, ben, clara) = (hill.person("Anna"), hill.person("Ben"), lake.person("Clara"));
    let pause = PauseSending { minutes: Some(60) };
    ben.refused_with(Code::Forbidden, pause.clone()).await;
    for minutes in [Some(0), Some(1441), Some(u32::MAX)] {
        let refused = anna.refused(PauseSending { minutes }).await;
        assert_eq!(refused.name(), "invalid_minutes");
    }
    assert_eq!(
        anna.ok(GetHealth {}).await.paused_until,
        None,
        "what was refused changes nothing"
    );

    let old = anna.post(Audience::Friends, "Of before").await;
    world.pump().await;
    let until = anna.ok(pause).await.until;
    anna.ok(DeletePost { id: old.id }).await;
    anna.post(Audience::Friends, "Of now").await;
    hill.restart().await;
    let (anna, ben) = (hill.person("Anna"), hill.person("Ben"));
    world.pump().await;
    assert_eq!(
        anna.ok(GetHealth {}).await.paused_until,
        until,
        "a restart keeps it"
    );
    assert_eq!(
        clara.feed(Feed::Home).await,
        ["Of before"],
        "a deletion waits, too"
    );
    let resume = PauseSending { minutes: None };
    ben.refused_with(Code::Forbidden, resume.clone()).await;
    assert_eq!(anna.ok(resume).await.until, None);
    world.pump().await;
    assert_eq!(clara.feed(Feed::Home).await, ["Of now"]);
}
