//! Grouping, the rule, settings, events, what vanishes and when.

use super::{Notice, SubjectRef, raise, take_back, withdraw};
use crate::media::fixtures::{befriend, comment_on, post_with};
use crate::testing::{Home, START, connect};
use hearth_api::feed::Audience;
use hearth_api::notify::{
    ListNotifications, MarkRead, Notification, NotificationSetting, NotificationType, Subject,
};
use hearth_api::{CommentId, Event, NotificationId, PersonId, PostId};
use hearth_db::{comment, event, friendship, post};

async fn list(home: &Home, who: &str) -> Vec<Notification> {
    let page = home
        .social
        .list_notifications(&home.person(who), ListNotifications::default())
        .await;
    page.unwrap().items
}

/// The stream in short: type, people, count, `*` for unread.
async fn stream(home: &Home, who: &str) -> Vec<String> {
    let entries = list(home, who).await;
    entries
        .iter()
        .map(|entry| {
            let people: Vec<&str> = entry.people.iter().map(|card| card.name.as_str()).collect();
            let unread = if entry.read { "" } else { "*" };
            format!(
                "{} {} {}{unread}",
                entry.kind.as_str(),
                people.join(","),
                entry.count
            )
        })
        .collect()
}

fn one(id: NotificationId) -> MarkRead {
    MarkRead {
        id: Some(id),
        post: None,
    }
}

async fn unread(home: &Home, who: &str) -> u32 {
    home.social.unread_notifications(&home.person(who)).await.unwrap()
}

fn events(home: &Home, who: &str) -> Vec<Event> {
    let account = home.person(who).person;
    let envelopes = home.read(|tx| event::after(tx, account, 0, 1000));
    envelopes
        .into_iter()
        .map(|envelope| envelope.event)
        .filter(|event| {
            matches!(
                event,
                Event::NotificationsChanged { .. } | Event::NativeDue { .. }
            )
        })
        .collect()
}

#[derive(Clone, Copy)]
enum What {
    Post(PostId),
    Comment(PostId, CommentId),
    Person(PersonId),
    Account(&'static str),
}

impl What {
    fn subject(self) -> SubjectRef<'static> {
        match self {
            Self::Post(post) => SubjectRef::Post(post),
            Self::Comment(post, comment) => SubjectRef::Comment { post, comment },
            Self::Person(person) => SubjectRef::Person(person),
            Self::Account(what) => SubjectRef::Account(what),
        }
    }
}

fn notice(home: &Home, to: &str, kind: NotificationType, actor: Option<&str>, what: What) -> Notice<'static> {
    Notice {
        to: home.person(to).person,
        kind,
        actor: actor.map(|name| home.person(name).person),
        subject: what.subject(),
        at: home.social.now(),
    }
}

async fn tell(home: &Home, to: &str, kind: NotificationType, actor: &str, what: What) {
    let actor = (!actor.is_empty()).then_some(actor);
    let notice = notice(home, to, kind, actor, what);
    home.write(move |tx| Ok(raise(tx, &notice)?)).await;
    home.clock.advance_secs(60);
}

async fn family() -> (Home, PostId) {
    let home = Home::of("Lake house", &["Anna", "Ben", "Carol"]).await;
    let people = ["Anna", "Ben", "Carol"].map(|name| home.person(name).person);
    befriend(&home, people[0], people[1]).await;
    befriend(&home, people[0], people[2]).await;
    let post = post_with(&home, "Anna", Audience::Friends, Vec::new()).await;
    (home, post)
}

#[tokio::test]
async fn what_happens_to_one_post_is_one_entry_until_it_is_read() {
    let (home, post) = family().await;
    let by_ben = comment_on(&home, "Ben", post, "Lovely!").await;
    tell(
        &home,
        "Anna",
        NotificationType::Comment,
        "Ben",
        What::Comment(post, by_ben),
    )
    .await;
    let by_carol = comment_on(&home, "Carol", post, "Where is this?").await;
    tell(
        &home,
        "Anna",
        NotificationType::Comment,
        "Carol",
        What::Comment(post, by_carol),
    )
    .await;
    tell(&home, "Anna", NotificationType::Reaction, "Ben", What::Post(post)).await;
    tell(&home, "Anna", NotificationType::Reaction, "Ben", What::Post(post)).await;
    assert_eq!(
        stream(&home, "Anna").await,
        ["reaction Ben 1*", "comment Carol,Ben 2*"]
    );
    assert_eq!(unread(&home, "Anna").await, 2);

    let entries = list(&home, "Anna").await;
    assert_eq!(entries[1].route, format!("/p/{post}?c={by_carol}"));
    assert!(matches!(&entries[1].subject, Subject::Comment { excerpt, .. } if excerpt == "Where is this?"));
    assert_eq!(entries[0].route, format!("/p/{post}"));
    assert!(matches!(&entries[0].subject, Subject::Post { excerpt, .. } if excerpt == "Summer at the lake"));

    let anna = home.person("Anna");
    home.social.mark_read(&anna, one(entries[1].id)).await.unwrap();
    assert_eq!(unread(&home, "Anna").await, 1);
    tell(
        &home,
        "Anna",
        NotificationType::Comment,
        "Ben",
        What::Comment(post, by_ben),
    )
    .await;
    assert_eq!(
        stream(&home, "Anna").await,
        ["comment Ben 1*", "reaction Ben 1*", "comment Carol,Ben 2"],
        "what comes after reading is a new entry"
    );
    home.social.mark_read(&anna, MarkRead::default()).await.unwrap();
    assert_eq!(unread(&home, "Anna").await, 0);
    let nobodys = home
        .social
        .mark_read(&home.person("Ben"), one(entries[1].id))
        .await;
    assert_eq!(nobodys.unwrap_err().name(), "not_found");
    let unknown = home
        .social
        .mark_read(&anna, one(NotificationId(uuid::Uuid::nil())))
        .await;
    assert_eq!(unknown.unwrap_err().name(), "not_found");
}

#[tokio::test]
async fn nobody_hears_of_themselves_or_of_what_they_may_not_see() {
    let (home, post) = family().await;
    tell(
        &home,
        "Anna",
        NotificationType::Reaction,
        "Anna",
        What::Post(post),
    )
    .await;
    assert!(stream(&home, "Anna").await.is_empty(), "own actions");
    let private = post_with(&home, "Anna", Audience::Me, Vec::new()).await;
    tell(
        &home,
        "Ben",
        NotificationType::FriendPost,
        "Anna",
        What::Post(private),
    )
    .await;
    tell(
        &home,
        "Ben",
        NotificationType::FriendPost,
        "Anna",
        What::Post(post),
    )
    .await;
    assert_eq!(
        stream(&home, "Ben").await,
        ["friend_post Anna 1*"],
        "the private post is not told of"
    );

    // The rule is asked again when the stream is shown.
    let (anna, ben) = (home.person("Anna").person, home.person("Ben").person);
    home.write(move |tx| Ok(friendship::part(tx, anna, ben).map(|_| ())?))
        .await;
    assert!(stream(&home, "Ben").await.is_empty());
    assert_eq!(unread(&home, "Ben").await, 0);
    befriend(&home, anna, ben).await;
    assert_eq!(unread(&home, "Ben").await, 1);

    let stranger = PersonId(uuid::Uuid::from_u128(99));
    let at = home.social.now();
    home.write(move |tx| {
        let subject = SubjectRef::Post(post);
        let kind = NotificationType::Mention;
        Ok(raise(
            tx,
            &Notice {
                to: stranger,
                kind,
                actor: Some(anna),
                subject,
                at,
            },
        )?)
    })
    .await;
}

#[tokio::test]
async fn entries_vanish_with_their_item() {
    let (home, post) = family().await;
    let first = comment_on(&home, "Ben", post, "One").await;
    tell(
        &home,
        "Anna",
        NotificationType::Comment,
        "Ben",
        What::Comment(post, first),
    )
    .await;
    let second = comment_on(&home, "Carol", post, "Two").await;
    tell(
        &home,
        "Anna",
        NotificationType::Comment,
        "Carol",
        What::Comment(post, second),
    )
    .await;
    tell(&home, "Anna", NotificationType::Reaction, "Ben", What::Post(post)).await;
    tell(
        &home,
        "Anna",
        NotificationType::FriendRequest,
        "Ben",
        What::Person(home.person("Ben").person),
    )
    .await;

    let now = home.social.now();
    home.write(move |tx| {
        let mut row = comment::get(tx, second)?.expect("the comment");
        row.deleted = true;
        comment::put(tx, &row)?;
        Ok(withdraw(
            tx,
            SubjectRef::Comment {
                post,
                comment: second,
            },
            now,
        )?)
    })
    .await;
    assert_eq!(
        stream(&home, "Anna").await,
        ["friend_request Ben 1*", "reaction Ben 1*", "comment Ben 1*"]
    );
    assert_eq!(
        list(&home, "Anna").await[2].at,
        START,
        "its place is that of what is left"
    );

    let reaction = notice(
        &home,
        "Anna",
        NotificationType::Reaction,
        Some("Ben"),
        What::Post(post),
    );
    home.write(move |tx| Ok(take_back(tx, &reaction)?)).await;
    assert_eq!(
        stream(&home, "Anna").await,
        ["friend_request Ben 1*", "comment Ben 1*"]
    );

    home.write(move |tx| {
        post::delete(tx, post)?;
        Ok(withdraw(tx, SubjectRef::Post(post), now)?)
    })
    .await;
    assert_eq!(stream(&home, "Anna").await, ["friend_request Ben 1*"]);
    assert_eq!(
        events(&home, "Anna").last(),
        Some(&Event::NotificationsChanged { unread: 1 })
    );
}

#[tokio::test]
async fn settings_say_where_a_type_appears() {
    let (home, post) = family().await;
    let anna = home.person("Anna");
    let settings = home.social.notification_settings(&anna).await.unwrap();
    assert_eq!(settings.len(), NotificationType::ALL.len());
    let native_off: Vec<_> = settings.iter().filter(|s| !s.native).map(|s| s.kind).collect();
    assert_eq!(native_off, [NotificationType::Reaction]);
    assert!(settings.iter().all(|s| s.in_app));

    tell(&home, "Anna", NotificationType::Reaction, "Ben", What::Post(post)).await;
    assert_eq!(
        events(&home, "Anna"),
        [Event::NotificationsChanged { unread: 1 }],
        "no native one"
    );
    tell(
        &home,
        "Anna",
        NotificationType::Security,
        "",
        What::Account("new_device"),
    )
    .await;
    let shown = events(&home, "Anna");
    assert!(matches!(shown[1], Event::NotificationsChanged { unread: 2 }));
    let Event::NativeDue { notification } = shown[2] else {
        panic!("security is native")
    };
    let notification = home
        .social
        .native_notification(anna.person, notification)
        .await
        .unwrap();
    let notification = notification.expect("there is something to show");
    assert_eq!(
        (notification.route.as_str(), notification.count),
        ("/settings/account", 1)
    );

    let set = |kind, in_app, native| {
        let (social, anna) = (home.social.clone(), anna);
        async move {
            social
                .set_notification(&anna, NotificationSetting { kind, in_app, native })
                .await
        }
    };
    set(NotificationType::Mention, false, false).await.unwrap();
    tell(&home, "Anna", NotificationType::Mention, "Ben", What::Post(post)).await;
    assert_eq!(events(&home, "Anna").len(), 3, "nothing at all");
    set(NotificationType::Mention, false, true).await.unwrap();
    tell(&home, "Anna", NotificationType::Mention, "Ben", What::Post(post)).await;
    assert!(
        matches!(events(&home, "Anna")[3..], [Event::NativeDue { .. }]),
        "only the machine's own"
    );
    assert_eq!(stream(&home, "Anna").await, ["security  1*", "reaction Ben 1*"]);
    assert_eq!(unread(&home, "Anna").await, 2);
    let hidden = set(NotificationType::Security, false, true).await;
    assert_eq!(hidden.unwrap_err().name(), "invalid_in_app");
}

#[tokio::test]
async fn pages_follow_each_other_and_old_entries_go() {
    let (home, _) = family().await;
    for n in 0..45u32 {
        let post = post_with(&home, "Anna", Audience::Friends, Vec::new()).await;
        // Every third one is not for Ben.
        if n % 3 == 0 {
            home.write(move |tx| {
                let mut row = post::get(tx, post)?.expect("the post");
                row.audience = Audience::Me;
                Ok(post::put(tx, &row)?)
            })
            .await;
        }
        tell(
            &home,
            "Ben",
            NotificationType::FriendPost,
            "Anna",
            What::Post(post),
        )
        .await;
    }
    let ben = home.person("Ben");
    let mut cursor = None;
    let mut sizes = Vec::new();
    let mut times = Vec::new();
    loop {
        let page = home
            .social
            .list_notifications(&ben, ListNotifications { cursor })
            .await
            .unwrap();
        sizes.push(page.items.len());
        times.extend(page.items.iter().map(|entry| entry.at));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [20, 10]);
    assert!(times.is_sorted_by(|a, b| a > b), "newest first, none twice");
    let bad = home
        .social
        .list_notifications(
            &ben,
            ListNotifications {
                cursor: Some("x".to_owned()),
            },
        )
        .await;
    assert_eq!(bad.unwrap_err().name(), "invalid_cursor");

    home.clock.advance_days(89);
    home.social.sweep_notifications().await.unwrap();
    assert_eq!(unread(&home, "Ben").await, 30);
    home.clock.advance_days(2);
    home.social.sweep_notifications().await.unwrap();
    assert_eq!(unread(&home, "Ben").await, 0);
}

#[tokio::test]
async fn opening_a_post_reads_what_was_told_of_it_and_nothing_else() {
    let (home, _) = family().await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    let mut posts = Vec::new();
    for _ in 0..2 {
        let post = post_with(&home, "Ben", Audience::Friends, Vec::new()).await;
        let kind = NotificationType::FriendPost;
        tell(&home, "Anna", kind, "Ben", What::Post(post)).await;
        posts.push(post);
    }
    assert_eq!(unread(&home, "Anna").await, 2);
    let of = |post| MarkRead {
        id: None,
        post: Some(post),
    };
    home.social.mark_read(&anna, of(posts[0])).await.unwrap();
    let open: Vec<String> = list(&home, "Anna")
        .await
        .into_iter()
        .filter(|entry| !entry.read)
        .map(|entry| entry.route)
        .collect();
    assert_eq!(open, [format!("/p/{}", posts[1])]);
    home.social.mark_read(&ben, of(posts[1])).await.unwrap();
    assert_eq!(unread(&home, "Anna").await, 1, "each reads for themselves");
}

#[tokio::test]
async fn those_who_run_the_home_hear_of_other_homes() {
    let (home, _) = family().await;
    let other = Home::of("City flat", &["Dora"]).await;
    connect(&home, &other).await;
    home.social
        .tell_admins_of_home(NotificationType::NodeUnreachable, &other.id)
        .await
        .unwrap();
    let entries = list(&home, "Anna").await;
    assert_eq!(entries[0].route, "/health");
    assert!(matches!(&entries[0].subject, Subject::Home { name, .. } if name == "City flat"));
    assert!(list(&home, "Ben").await.is_empty(), "Ben does not run it");
}
