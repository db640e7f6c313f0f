//! Quiet hours: nothing pops up on the machine, and nothing is missing in the window.

use hearth_api::account::UpdateSettings;
use hearth_api::feed::Audience;
use hearth_api::notify::QuietHours;
use hearth_api::{Event, Timestamp};
use hearth_tests::home::HomeOptions;
use hearth_tests::time::Summer;
use hearth_tests::{TestPerson, World};
use std::time::Duration;

async fn set(person: &TestPerson, quiet_hours: Option<QuietHours>) {
    let mut settings = person.status().await.me.unwrap().settings;
    settings.quiet_hours = quiet_hours;
    person.ok(UpdateSettings { settings }).await;
}

/// Comments, and answers how many notifications the author's machine shows of it, and the number of unread ones.
async fn told_of_a_comment(author: &TestPerson, by: &TestPerson, text: &str) -> (usize, u32) {
    let post = author.post(Audience::Local, "Who brings what?").await;
    let mut listener = author.listen().await;
    by.comment(post.id, text).await.unwrap();
    let unread = listener
        .until("the number of unread notifications", |event| match event {
            Event::NotificationsChanged { unread } => Some(*unread),
            _ => None,
        })
        .await;
    // What comes last tells that nothing else came before it.
    set(author, author.status().await.me.unwrap().settings.quiet_hours).await;
    let last = |event: &Event| matches!(event, Event::AccountChanged).then_some(());
    listener.until("the end", last).await;
    let native = |event: &&Event| matches!(event, Event::Native { .. });
    (listener.heard().iter().filter(native).count(), unread)
}

#[tokio::test]
async fn in_quiet_hours_nothing_pops_up_and_the_list_is_complete() {
    let world = World::new();
    // It is one at night there.
    let options = HomeOptions {
        summer: Some(Summer(Timestamp(i64::MAX))),
        ..HomeOptions::new("Hill House")
    };
    let home = world.open(options).await;
    home.create("Anna").await;
    home.join("Ben").await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    assert_eq!(told_of_a_comment(&anna, &ben, "Cake").await, (1, 1));
    let night = QuietHours {
        from: 22 * 60,
        to: 7 * 60,
    };
    set(&anna, Some(night)).await;
    assert_eq!(told_of_a_comment(&anna, &ben, "Tea").await, (0, 2));
    assert_eq!(anna.notifications().await.len(), 2, "the list is complete");

    // A window that was away hears of it in the morning: that is no news any more.
    world.clock().advance(Duration::from_secs(6 * 3600));
    let mut again = anna.listen_since(Some(0)).await;
    assert_eq!(told_of_a_comment(&anna, &ben, "Milk").await, (1, 3));
    let post_of = |event: &Event| match event {
        Event::Native { notification } => Some(notification.route.clone()),
        _ => None,
    };
    let shown = again.until("the one of the morning", post_of).await;
    assert_eq!(
        shown,
        anna.notifications().await[0].route,
        "and none of the night"
    );

    set(&anna, None).await;
    world.clock().advance(Duration::from_secs(17 * 3600));
    assert_eq!(told_of_a_comment(&anna, &ben, "Bread").await, (1, 4));
}

#[tokio::test]
async fn a_span_that_is_none_is_refused_and_the_old_one_stays() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let night = QuietHours {
        from: 22 * 60,
        to: 7 * 60,
    };
    set(&anna, Some(night)).await;
    let mut settings = anna.status().await.me.unwrap().settings;
    settings.quiet_hours = Some(QuietHours { from: 60, to: 60 });
    let refused = anna.refused(UpdateSettings { settings }).await;
    assert_eq!(refused.name(), "invalid_quiet_hours");
    assert_eq!(anna.status().await.me.unwrap().settings.quiet_hours, Some(night));
}
