//! One home: making it, posting, devices.

use hearth_api::account::{AccountAction, ChangeAccount, ChangePassword};
use hearth_api::app::CreateHome;
use hearth_api::feed::{
    Audience, DeleteComment, DeletePost, EditPost, Feed, GetHistory, ListDrafts, SaveDraft, SetComments,
    Target,
};
use hearth_api::media::{GetMediaLimits, GetUsage, MediaKind, MediaLimits, SetMediaLimits, Variant};
use hearth_api::notify::{NotificationType, Subject};
use hearth_api::session::{ListSessions, RevokeOtherSessions, RevokeSession, SignOut};
use hearth_api::{Code, DraftId, Event, PersonId};
use hearth_tests::home::new_account;
use hearth_tests::{PASSWORD, World, pictures, within};

#[tokio::test]
async fn a_first_start_has_no_account_and_makes_one_owner() {
    let world = World::new();
    let home = world.empty_home("Hill House").await;
    let status = home.stranger().status().await;
    assert!(!status.set_up, "nobody lives here yet");
    assert!(status.me.is_none());
    let error = home.stranger().sign_in(PASSWORD).await.unwrap_err();
    assert!(
        matches!(error.code, Code::NotSetUp | Code::WrongCredentials),
        "{error:?}"
    );

    let anna = home.create("Anna").await;
    let status = anna.status().await;
    assert_eq!((status.set_up, status.home_name.as_str()), (true, "Hill House"));
    assert_eq!(status.me.map(|me| me.person.name), Some("Anna".to_owned()));

    let again = CreateHome {
        home_name: "Mine".to_owned(),
        owner: new_account("Mallory"),
    };
    let error = home.stranger().refused(again).await;
    assert!(
        matches!(error.code, Code::WrongState | Code::Forbidden),
        "a home is made once: {error:?}"
    );
}

#[tokio::test]
async fn bad_first_data_is_named_and_makes_nothing() {
    let world = World::new();
    let home = world.empty_home("Hill House").await;
    type Change = fn(&mut CreateHome);
    let cases: [(&str, Change); 5] = [
        ("invalid_home_name", |r| r.home_name = "  ".to_owned()),
        ("invalid_name", |r| r.owner.name = "x".repeat(81)),
        ("invalid_username", |r| r.owner.username = "ab".to_owned()),
        ("invalid_password", |r| r.owner.password = "short".to_owned()),
        ("weak_password", |r| r.owner.password = "password123".to_owned()),
    ];
    for (expected, change) in cases {
        let mut request = CreateHome {
            home_name: "Hill House".to_owned(),
            owner: new_account("Anna"),
        };
        change(&mut request);
        let error = home.stranger().refused(request).await;
        assert_eq!(error.name(), expected, "{}", error.message);
        assert!(
            !home.stranger().status().await.set_up,
            "after {expected} nobody lives here"
        );
    }
}

#[tokio::test]
async fn a_photo_post_is_seen_by_those_it_is_for() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna", "Ben", "Mila"]).await;
    let (anna, ben, mila) = (home.person("Anna"), home.person("Ben"), home.person("Mila"));
    world.befriend(&anna, &ben).await;
    let mut at_bens = ben.listen().await;

    let photo = anna.upload_photo(1).await;
    assert_eq!(photo.kind, MediaKind::Image);
    assert_eq!((photo.width, photo.height), (Some(320), Some(240)));
    let post = anna
        .post_with(Audience::Friends, "The bench is done.", &[(&photo, "A bench")])
        .await;

    let heard = at_bens
        .until("the post", |event| match event {
            Event::PostAdded { post, author } => Some((*post, *author)),
            _ => None,
        })
        .await;
    assert_eq!(heard, (post.id, anna.id()));
    let seen = ben.sees(post.id).await.expect("a friend sees it");
    assert_eq!(seen.media[0].alt, "A bench");
    assert!(!seen.may.edit && seen.may.comment);
    assert!(
        mila.sees(post.id).await.is_none(),
        "who is no friend is told that there is nothing"
    );

    let node = home.node();
    for variant in [Variant::Original, Variant::Small, Variant::Medium, Variant::Large] {
        let answer = node
            .media(&ben.caller(), photo.hash.clone(), variant, None)
            .await
            .unwrap();
        assert!(answer.total > 0, "{variant:?} is there");
        let refused = node
            .media(&mila.caller(), photo.hash.clone(), variant, None)
            .await
            .unwrap_err();
        assert_eq!(refused.code, Code::NotFound, "{variant:?} is not for others");
        let refused = node
            .media(&home.stranger().caller(), photo.hash.clone(), variant, None)
            .await;
        assert_eq!(refused.unwrap_err().code, Code::SignInNeeded);
    }
    let told = ben.notifications().await;
    assert_eq!(told[0].kind, NotificationType::FriendPost);
    assert!(matches!(&told[0].subject, Subject::Post { post: id, .. } if *id == post.id));
}

#[tokio::test]
async fn every_audience_reaches_its_people_and_no_other() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna", "Ben", "Mila"]).await;
    let (anna, ben, mila) = (home.person("Anna"), home.person("Ben"), home.person("Mila"));
    world.befriend(&anna, &ben).await;
    for (audience, friend, housemate) in [
        (Audience::Me, false, false),
        (Audience::Friends, true, false),
        (Audience::Local, true, true),
        (Audience::Public, true, true),
    ] {
        let post = anna.post(audience, audience.as_str()).await;
        assert!(anna.sees(post.id).await.is_some());
        assert_eq!(
            ben.sees(post.id).await.is_some(),
            friend,
            "a friend and {audience:?}"
        );
        assert_eq!(
            mila.sees(post.id).await.is_some(),
            housemate,
            "a housemate and {audience:?}"
        );
    }
    assert_eq!(anna.feed(Feed::Home).await, ["public", "local", "friends", "me"]);
    assert_eq!(mila.feed(Feed::Person(anna.id())).await, ["public", "local"]);
}

#[tokio::test]
async fn a_repeated_request_posts_once() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let request = anna.new_post(Audience::Friends, "Only once", Vec::new());
    let first = anna.ok(request.clone()).await;
    let second = anna.ok(request).await;
    assert_eq!(first.id, second.id);
    assert_eq!(anna.feed(Feed::Home).await, ["Only once"]);
}

#[tokio::test]
async fn what_was_edited_keeps_its_history_and_refuses_a_stale_edit() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let post = anna.post(Audience::Friends, "Frist").await;
    let edit = |version, text: &str| EditPost {
        id: post.id,
        version,
        text: text.to_owned(),
        media: Vec::new(),
        audience: Audience::Friends,
    };
    world.clock().advance_ms(60_000);
    let edited = anna.ok(edit(post.version, "First")).await;
    assert_eq!(
        (edited.text.as_str(), edited.version),
        ("First", post.version + 1)
    );
    anna.refused_with(Code::StaleEdit, edit(post.version, "Fürst"))
        .await;
    let history = anna
        .ok(GetHistory {
            target: Target::Post(post.id),
        })
        .await;
    assert_eq!(history[0].text, "Frist");
    anna.ok(DeletePost { id: post.id }).await;
    assert!(anna.sees(post.id).await.is_none());
    anna.refused_with(Code::NotFound, edit(edited.version, "Undead"))
        .await;
}

#[tokio::test]
async fn everything_is_still_there_after_a_restart() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let photo = anna.upload_photo(3).await;
    let post = anna
        .post_with(Audience::Friends, "Still here", &[(&photo, "")])
        .await;
    let draft = SaveDraft {
        id: DraftId(home.seed().uuid()),
        place: "feed".to_owned(),
        text: "Half a sent".to_owned(),
        media: Vec::new(),
        audience: Audience::Local,
    };
    anna.ok(draft).await;
    let before = anna.status().await.event_seq;
    home.restart().await;
    assert_eq!(
        anna.sees(post.id).await,
        Some(post.clone()),
        "the session and the post outlive the process"
    );
    assert_eq!(anna.ok(ListDrafts {}).await[0].text, "Half a sent");
    assert_eq!(
        anna.status().await.event_seq,
        before,
        "event numbers go on where they were"
    );
    let file = home
        .node()
        .media(&anna.caller(), photo.hash, Variant::Original, None)
        .await
        .unwrap();
    assert_eq!(file.into_bytes().unwrap().len() as u64, photo.bytes);
    assert!(home.is_sound());
}

#[tokio::test]
async fn devices_are_listed_and_revoked_at_once() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let phone = anna.on_another_device().await;
    let tablet = anna.on_another_device().await;
    assert_eq!(anna.ok(ListSessions {}).await.len(), 3);
    let mut at_phone = phone.listen().await;

    let phones = phone
        .ok(ListSessions {})
        .await
        .into_iter()
        .find(|session| session.current)
        .unwrap();
    anna.ok(RevokeSession { id: phones.id }).await;
    let ended = within("the end of the phone's events", async {
        let mut last = None;
        while let Some(envelope) = at_phone.next_or_end().await {
            last = Some(envelope.event);
        }
        last
    })
    .await;
    assert_eq!(ended, Some(Event::SessionEnded), "an open window is told");
    phone.refused_with(Code::SignInNeeded, ListSessions {}).await;
    assert!(
        phone.token().is_none(),
        "the client is told to forget its session"
    );

    anna.ok(RevokeOtherSessions {}).await;
    tablet.refused_with(Code::SignInNeeded, ListSessions {}).await;
    anna.ok(ChangePassword {
        current: PASSWORD.to_owned(),
        new: "nine green herons".to_owned(),
    })
    .await;
    assert_eq!(
        home.stranger_called("Anna")
            .sign_in(PASSWORD)
            .await
            .unwrap_err()
            .code,
        Code::WrongCredentials
    );
    anna.ok(SignOut {}).await;
    anna.refused_with(Code::SignInNeeded, ListSessions {}).await;
}

#[tokio::test]
async fn a_session_ends_after_thirty_idle_days() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    for _ in 0..3 {
        world.clock().advance_days(29);
        anna.ok(ListSessions {}).await;
    }
    world.clock().advance_days(31);
    anna.refused_with(Code::SignInNeeded, ListSessions {}).await;
}

#[tokio::test]
async fn guessing_a_password_gets_slow_for_known_and_unknown_names_alike() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    for name in ["Anna", "Nobody"] {
        let guesser = home.stranger_called(name);
        for _ in 0..5 {
            let error = guesser.sign_in("wrong wrong wrong").await.unwrap_err();
            assert_eq!(error.code, Code::WrongCredentials, "{name}");
        }
        let error = guesser.sign_in("wrong wrong wrong").await.unwrap_err();
        assert_eq!(error.code, Code::RateLimited, "{name}");
        assert!(error.retry_after_ms.is_some(), "{name} is told when to try again");
    }
    world.clock().advance_ms(16 * 60_000);
    home.stranger_called("Anna")
        .sign_in(PASSWORD)
        .await
        .expect("nobody is locked out");
}

#[tokio::test]
async fn the_last_owner_cannot_leave_the_home_alone() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let leave = |person: PersonId| ChangeAccount {
        person,
        action: AccountAction::Delete,
        password: PASSWORD.to_owned(),
    };
    let anna = home.owner();
    anna.refused_with(Code::LastAdmin, leave(anna.id())).await;
    let ben = home.person("Ben");
    ben.ok(leave(ben.id())).await;
}

#[tokio::test]
async fn files_that_lie_about_themselves_are_refused_and_metadata_goes() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let error = anna
        .upload("holiday.jpg", b"\xFF\xD8\xFF\xE0 not really a picture")
        .await
        .unwrap_err();
    assert_eq!(error.code, Code::BadFile, "{}", error.message);
    let mut photo = pictures::landscape(64, 48, 9);
    // A comment segment right after the start of the image.
    photo.splice(2..2, [&[0xFF, 0xFE, 0, 20], &b"SECRET-52.52-13.40"[..]].concat());
    let item = anna.upload("holiday.jpg", &photo).await.unwrap();
    let stored = home
        .node()
        .media(&anna.caller(), item.hash, Variant::Original, None)
        .await
        .unwrap();
    let bytes = stored.into_bytes().unwrap();
    assert!(
        !bytes.windows(6).any(|window| window == b"SECRET"),
        "no metadata is kept"
    );
}

#[tokio::test]
async fn a_window_that_was_away_gets_what_it_missed() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna"]).await;
    let anna = home.owner();
    let since = anna.status().await.event_seq;
    let post = anna.post(Audience::Me, "While you were away").await;
    let mut later = anna.listen_since(Some(since)).await;
    let first = later
        .until("the post", |event| match event {
            Event::PostAdded { post, .. } => Some(*post),
            _ => None,
        })
        .await;
    assert_eq!(first, post.id);
    let mut ahead = anna.listen_since(Some(1_000_000)).await;
    assert_eq!(
        ahead.next().await.event,
        Event::Gap,
        "a number of another database means: fetch everything again"
    );
}

#[tokio::test]
async fn an_admin_says_how_much_may_be_stored() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    let before = anna.ok(GetMediaLimits {}).await;
    assert_eq!(
        (before.max_file, before.max_pixels, before.quota),
        (100_000_000, 50_000_000, 20_000_000_000)
    );
    let limits = MediaLimits {
        max_file: 2_000_000,
        max_pixels: 1_000_000,
        quota: 100_000_000,
    };
    ben.refused_with(Code::Forbidden, SetMediaLimits { limits }).await;
    ben.refused_with(Code::Forbidden, GetMediaLimits {}).await;
    let wrong: [(&str, MediaLimits); 3] = [
        (
            "invalid_max_file",
            MediaLimits {
                max_file: 100_000_001,
                ..limits
            },
        ),
        (
            "invalid_max_pixels",
            MediaLimits {
                max_pixels: 0,
                ..limits
            },
        ),
        (
            "invalid_quota",
            MediaLimits {
                quota: u64::MAX,
                ..limits
            },
        ),
    ];
    for (name, limits) in wrong {
        assert_eq!(anna.refused(SetMediaLimits { limits }).await.name(), name);
    }
    assert_eq!(
        anna.ok(GetMediaLimits {}).await,
        before,
        "what was refused changes nothing"
    );

    let large = pictures::landscape(1300, 800, 1);
    let kept = ben.upload("large.jpg", &large).await.expect("not too large yet");
    anna.ok(SetMediaLimits { limits }).await;
    assert_eq!(ben.ok(GetUsage {}).await.quota, 100_000_000);
    let again = pictures::landscape(1300, 800, 2);
    let refused = ben.upload("large.jpg", &again).await.unwrap_err();
    assert_eq!(refused.code, Code::ImageTooLarge);
    let long = ben.upload("long.bin", &vec![7; 2_000_001]).await.unwrap_err();
    assert_eq!(long.code, Code::FileTooLarge);
    let post = ben
        .post_with(Audience::Local, "It was here before.", &[(&kept, "A lake")])
        .await;
    assert!(anna.sees(post.id).await.is_some(), "what is there stays");
}

/// What was said and taken back is in no stream any more: not for a window that was away, and not on the disk.
#[tokio::test]
async fn what_is_deleted_is_in_no_stream_of_events() {
    let world = World::new();
    let home = world.home("Hill House", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.owner(), home.person("Ben"));
    let post = anna.post(Audience::Local, "Who brings what?").await;
    let comment = ben.comment(post.id, "A most secret cake").await.unwrap();
    let native = |event: &Event| match event {
        Event::Native { notification } => Some(notification.clone()),
        _ => None,
    };
    let shown = anna.listen_since(Some(0)).await.until("the notice", native).await;
    assert!(
        serde_json::to_string(&shown).unwrap().contains("secret cake"),
        "it is shown while it is there: {shown:?}"
    );

    ben.ok(DeleteComment { id: comment.id }).await;
    anna.ok(SetComments {
        id: post.id,
        on: false,
    })
    .await;
    let mut listener = anna.listen_since(Some(0)).await;
    let last = |event: &Event| match event {
        Event::Native { notification } => panic!("{notification:?} is gone"),
        Event::PostChanged { .. } => Some(()),
        _ => None,
    };
    listener.until("the last event", last).await;
    let kept = home.read(hearth_db::meta::contents)["event"].join("\n");
    assert!(!kept.contains("secret cake"), "nothing of it is kept");
}
