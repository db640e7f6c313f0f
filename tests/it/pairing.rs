//! How two homes meet, and all the ways in which they do not.

use hearth_api::feed::Audience;
use hearth_api::health::{GetHealth, HealthLevel};
use hearth_api::homes::{
    AcceptInvite, CancelHomeInvite, ChangeHome, ConfirmWords, CreateHomeInvite, HomeAction, HomeState,
    ListHomeInvites, ListHomes, PreviewInvite, RenewKeys, SetNickname,
};
use hearth_api::notify::{HomeChange, NotificationType, Subject};
use hearth_api::people::SearchPeople;
use hearth_api::{Code, Event};
use hearth_db::pair_secret;
use hearth_tests::{PASSWORD, TestHome, World};
use std::time::Duration;

async fn two() -> (World, TestHome, TestHome) {
    let world = World::new();
    let hill = world.home("Hill House", &["Anna", "Ben"]).await;
    let lake = world.home("Lake House", &["Clara"]).await;
    (world, hill, lake)
}

/// What those who run a home are told of its connections, latest first.
async fn changes(home: &TestHome) -> Vec<HomeChange> {
    let told = home.owner().notifications().await;
    let told = told.into_iter().filter_map(|notice| match notice.subject {
        Subject::Home { what, .. } => what,
        _ => None,
    });
    told.collect()
}

async fn homes(home: &TestHome) -> usize {
    home.owner().ok(ListHomes {}).await.len()
}

#[tokio::test]
async fn both_sides_show_the_same_words_and_are_connected() {
    let (world, hill, lake) = two().await;
    let mut at_hill = hill.owner().listen().await;
    let link = hill.invite().await;
    let joined = lake.owner().ok(AcceptInvite { link }).await;
    assert_eq!(
        (joined.name.as_str(), joined.state),
        ("Hill House", HomeState::Connected)
    );
    at_hill
        .until("the other home", |event| {
            matches!(event, Event::HomesChanged { home: Some(home) } if *home == lake.id()).then_some(())
        })
        .await;

    let here = hill.sees_home(&lake).await.unwrap();
    assert_eq!(
        (here.name.as_str(), here.state),
        ("Lake House", HomeState::Connected)
    );
    assert_eq!(here.words, joined.words, "the words are the same on both sides");
    let words = here.words.unwrap();
    assert_eq!((words.en.len(), words.de.len()), (5, 5));
    assert_eq!(here.contact.map(|person| person.name), Some("Clara".to_owned()));

    let same = ConfirmWords {
        home: lake.id(),
        same: true,
    };
    let level = async || hill.owner().ok(GetHealth {}).await.level;
    assert_eq!(
        level().await,
        HealthLevel::Waiting,
        "all is not well before the words are compared"
    );
    hill.owner().ok(same).await;
    assert_eq!(level().await, HealthLevel::Ok);
    assert!(
        hill.words_for(&lake).await.is_none(),
        "confirmed words are shown no more"
    );
    assert!(
        lake.words_for(&hill).await.is_some(),
        "the other side still compares"
    );
    world.pump().await;
    let names: Vec<String> = lake
        .owner()
        .ok(SearchPeople {
            query: String::new(),
            limit: 50,
        })
        .await
        .into_iter()
        .map(|row| row.person.name)
        .collect();
    assert!(
        names.contains(&"Anna".to_owned()),
        "the inviter can be found there: {names:?}"
    );
    let told = lake.owner().notifications().await;
    assert!(
        told.iter().any(|n| n.kind == NotificationType::NodeChanged),
        "those who run a home are told: {told:?}"
    );
}

#[tokio::test]
async fn an_invite_works_once() {
    let (world, hill, lake) = two().await;
    let third = world.home("Third House", &["Erik"]).await;
    let link = hill.invite().await;
    lake.owner().ok(AcceptInvite { link: link.clone() }).await;
    world.pump().await;
    third
        .owner()
        .refused_with(Code::InviteUsed, AcceptInvite { link })
        .await;
    assert_eq!(homes(&third).await, 0, "a failed attempt leaves nothing");
    assert_eq!(homes(&hill).await, 1);
}

#[tokio::test]
async fn an_invite_with_another_token_is_refused_and_leaves_nothing() {
    let (world, hill, lake) = two().await;
    let other = world.home("Hill House", &["Anna"]).await;
    drop(other);
    let link = hill.invite().await;
    let cancelled = hill.owner().ok(ListHomeInvites {}).await;
    hill.owner().ok(CancelHomeInvite { id: cancelled[0].id }).await;
    assert!(hill.owner().ok(ListHomeInvites {}).await.is_empty());
    let error = lake.owner().refused(AcceptInvite { link }).await;
    assert!(
        matches!(error.code, Code::InviteInvalid | Code::InviteUsed),
        "{error:?}"
    );
    assert_eq!(
        (homes(&hill).await, homes(&lake).await),
        (0, 0),
        "nothing is left on either side"
    );
}

#[tokio::test]
async fn a_damaged_link_is_said_to_be_one() {
    let (_world, hill, lake) = two().await;
    let link = hill.invite().await;
    let mut damaged = link.clone();
    damaged.truncate(link.len() - 3);
    for text in [
        damaged.as_str(),
        "hearth://i/",
        "https://example.org",
        "",
        "hearth://i/😀",
    ] {
        let preview = PreviewInvite {
            link: text.to_owned(),
        };
        lake.owner().refused_with(Code::InviteInvalid, preview).await;
        let accept = AcceptInvite {
            link: text.to_owned(),
        };
        lake.owner().refused_with(Code::InviteInvalid, accept).await;
    }
    assert_eq!(homes(&lake).await, 0);
}

#[tokio::test]
async fn an_expired_invite_is_refused_by_both_clocks() {
    let (world, hill, lake) = two().await;
    let invite = CreateHomeInvite {
        minutes: Some(15),
        ..CreateHomeInvite::default()
    };
    let link = hill.owner().ok(invite).await.link;
    let preview = lake.owner().ok(PreviewInvite { link: link.clone() }).await;
    assert!(!preview.expired && !preview.own && !preview.known);
    assert_eq!(preview.home, hill.id());
    world.clock().advance(Duration::from_secs(16 * 60));
    assert!(
        lake.owner()
            .ok(PreviewInvite { link: link.clone() })
            .await
            .expired
    );
    lake.owner()
        .refused_with(Code::InviteExpired, AcceptInvite { link })
        .await;
    assert_eq!((homes(&hill).await, homes(&lake).await), (0, 0));
    for minutes in [14, 10_081] {
        let error = hill
            .owner()
            .refused(CreateHomeInvite {
                minutes: Some(minutes),
                ..CreateHomeInvite::default()
            })
            .await;
        assert_eq!(error.name(), "invalid_minutes");
    }
}

#[tokio::test]
async fn ones_own_invite_is_refused() {
    let (_world, hill, _lake) = two().await;
    let link = hill.invite().await;
    assert!(hill.owner().ok(PreviewInvite { link: link.clone() }).await.own);
    hill.owner()
        .refused_with(Code::InviteOwn, AcceptInvite { link })
        .await;
}

#[tokio::test]
async fn words_that_differ_burn_the_connection() {
    let (world, hill, lake) = two().await;
    world.leaves_rows_waiting();
    let link = hill.invite().await;
    lake.owner().ok(AcceptInvite { link: link.clone() }).await;
    let differ = ConfirmWords {
        home: lake.id(),
        same: false,
    };
    hill.owner().ok(differ).await;
    assert_eq!(homes(&hill).await, 0, "the connection is gone at once");
    assert_eq!(
        homes(&lake).await,
        0,
        "also there, where somebody may still be comparing"
    );
    assert_eq!(changes(&hill).await.first(), Some(&HomeChange::WordsDiffer));
    assert_eq!(changes(&lake).await.first(), Some(&HomeChange::WordsDifferThere));
    lake.owner()
        .refused_with(Code::InviteUsed, AcceptInvite { link })
        .await;
    let post = lake
        .owner()
        .post(hearth_api::feed::Audience::Public, "Anybody there?")
        .await;
    world.pump().await;
    assert!(
        hill.owner().sees(post.id).await.is_none(),
        "nothing comes over a burnt connection"
    );
}

#[tokio::test]
async fn a_home_that_was_off_learns_that_the_words_differed() {
    let (world, hill, lake) = two().await;
    world.leaves_rows_waiting();
    let link = hill.invite().await;
    lake.owner().ok(AcceptInvite { link }).await;
    lake.stop().await;
    let differ = ConfirmWords {
        home: lake.id(),
        same: false,
    };
    hill.owner().ok(differ).await;
    lake.start().await;
    lake.owner().post(Audience::Public, "Anybody there?").await;
    world.pump().await;
    assert_eq!(homes(&lake).await, 0);
    assert_eq!(changes(&lake).await.first(), Some(&HomeChange::WordsDifferThere));
}

#[tokio::test]
async fn what_became_of_a_connection_is_told_for_what_it_is() {
    let (world, hill, lake) = two().await;
    world.leaves_rows_waiting();
    world.pair(&hill, &lake).await;
    assert_eq!(changes(&hill).await, [HomeChange::Connected]);
    assert_eq!(changes(&lake).await, [HomeChange::Connected]);
    let remove = ChangeHome {
        home: lake.id(),
        action: HomeAction::Remove,
        password: Some(PASSWORD.to_owned()),
    };
    hill.owner().ok(remove).await;
    world.pump().await;
    assert_eq!(changes(&hill).await.first(), Some(&HomeChange::Ended));
    assert_eq!(changes(&lake).await.first(), Some(&HomeChange::EndedThere));
}

#[tokio::test]
async fn nothing_is_left_when_the_inviting_home_is_off() {
    let (world, hill, lake) = two().await;
    let link = hill.invite().await;
    hill.stop().await;
    lake.owner()
        .refused_with(Code::HomeUnreachable, AcceptInvite { link: link.clone() })
        .await;
    assert_eq!(homes(&lake).await, 0);
    hill.start().await;
    assert_eq!(homes(&hill).await, 0);
    lake.owner().ok(AcceptInvite { link }).await;
    assert_eq!(
        (homes(&hill).await, homes(&lake).await),
        (1, 1),
        "the same invite works once the home is back"
    );
    world.pump().await;
}

#[tokio::test]
async fn pairing_again_renews_the_connection_and_adds_no_second_one() {
    let (world, hill, lake) = two().await;
    world.pair(&hill, &lake).await;
    let link = lake.invite().await;
    assert!(hill.owner().ok(PreviewInvite { link: link.clone() }).await.known);
    hill.owner().ok(AcceptInvite { link }).await;
    world.pump().await;
    assert_eq!((homes(&hill).await, homes(&lake).await), (1, 1));
    let post = hill
        .owner()
        .post(hearth_api::feed::Audience::Public, "By the new secret")
        .await;
    world.pump().await;
    assert!(lake.owner().sees(post.id).await.is_some());
}

#[tokio::test]
async fn removing_a_home_asks_for_the_password_and_is_told_to_the_other() {
    let (world, hill, lake) = two().await;
    world.pair(&hill, &lake).await;
    let post = lake
        .owner()
        .post(hearth_api::feed::Audience::Public, "Hello, hill")
        .await;
    world.pump().await;
    assert!(hill.owner().sees(post.id).await.is_some());
    let remove = |password: Option<&str>| ChangeHome {
        home: lake.id(),
        action: HomeAction::Remove,
        password: password.map(str::to_owned),
    };
    hill.owner()
        .refused_with(Code::PasswordNeeded, remove(None))
        .await;
    hill.owner()
        .refused_with(Code::PasswordNeeded, remove(Some("not this one")))
        .await;
    hill.owner().ok(remove(Some(PASSWORD))).await;
    world.pump().await;
    assert_eq!(
        (homes(&hill).await, homes(&lake).await),
        (0, 0),
        "both sides know"
    );
    assert!(
        hill.owner().sees(post.id).await.is_none(),
        "its people's copies are gone"
    );
}

#[tokio::test]
async fn a_blocked_home_gets_and_brings_nothing_until_it_is_unblocked() {
    let (world, hill, lake) = two().await;
    world.pair(&hill, &lake).await;
    world.leaves_rows_waiting();
    let change = |action| ChangeHome {
        home: lake.id(),
        action,
        password: None,
    };
    hill.owner().ok(change(HomeAction::Block)).await;
    let from_hill = hill
        .owner()
        .post(hearth_api::feed::Audience::Public, "To whom it may concern")
        .await;
    let from_lake = lake
        .owner()
        .post(hearth_api::feed::Audience::Public, "Is this thing on?")
        .await;
    world.pump().await;
    assert!(lake.owner().sees(from_hill.id).await.is_none());
    assert!(hill.owner().sees(from_lake.id).await.is_none());
    let shut_out = lake.sees_home(&hill).await.unwrap();
    assert!(
        shut_out.shuts_out() && !shut_out.is_awake(),
        "it answers, and neither sleeps nor fetches: {shut_out:?}"
    );
    assert_eq!(lake.owner().ok(GetHealth {}).await.level, HealthLevel::Waiting);
    hill.owner().ok(change(HomeAction::Unblock)).await;
    world.clock().advance(Duration::from_secs(3600));
    world.pump().await;
    assert!(
        hill.owner().sees(from_lake.id).await.is_some(),
        "the block is taken back, and both catch up"
    );
    assert!(
        lake.owner().sees(from_hill.id).await.is_some(),
        "in both directions"
    );
    assert!(!lake.sees_home(&hill).await.unwrap().shuts_out());
}

#[tokio::test]
async fn only_those_who_run_a_home_pair_it_and_see_its_addresses() {
    let (world, hill, lake) = two().await;
    world.pair(&hill, &lake).await;
    let ben = hill.person("Ben");
    ben.refused_with(Code::Forbidden, CreateHomeInvite::default())
        .await;
    let link = lake.invite().await;
    ben.refused_with(Code::Forbidden, AcceptInvite { link }).await;
    let nickname = SetNickname {
        home: lake.id(),
        nickname: "The boats".to_owned(),
    };
    ben.refused_with(Code::Forbidden, nickname.clone()).await;
    hill.owner().ok(nickname).await;
    let seen = ben.ok(ListHomes {}).await;
    assert_eq!(
        (seen[0].nickname.as_str(), seen[0].addresses.len()),
        ("The boats", 0)
    );
}

#[tokio::test]
async fn an_admin_renews_the_keys_of_a_pair_at_once_and_what_is_shared_goes_on() {
    let (world, hill, lake) = two().await;
    world.pair(&hill, &lake).await;
    let (anna, clara) = (hill.owner(), lake.owner());
    world.befriend(&anna, &clara).await;
    let newest = |at: &TestHome, of: &TestHome| {
        let of = of.id();
        at.read(|tx| pair_secret::lives(tx, &of))
            .first()
            .map(|row| (row.key_id.clone(), row.generation))
    };
    let before = newest(&hill, &lake).unwrap();

    let renew = RenewKeys { home: lake.id() };
    hill.person("Ben")
        .refused_with(Code::Forbidden, renew.clone())
        .await;
    assert_eq!(newest(&hill, &lake), Some(before.clone()));
    anna.ok(renew.clone()).await;
    let after = newest(&hill, &lake).unwrap();
    assert_ne!(after.0, before.0, "another secret");
    assert_eq!(after.1, before.1 + 1, "the next one");
    assert_eq!(
        newest(&lake, &hill),
        Some(after.clone()),
        "the same on both sides"
    );

    let from_hill = anna.post(Audience::Friends, "Under the new keys").await;
    let from_lake = clara.post(Audience::Friends, "There as well").await;
    world.pump().await;
    assert!(clara.sees(from_hill.id).await.is_some());
    assert!(anna.sees(from_lake.id).await.is_some());

    lake.stop().await;
    anna.refused_with(Code::HomeUnreachable, renew.clone()).await;
    assert_eq!(newest(&hill, &lake), Some(after), "the secret in use stays");
    lake.start().await;
    let blocked = ChangeHome {
        home: lake.id(),
        action: HomeAction::Block,
        password: None,
    };
    anna.ok(blocked).await;
    anna.refused_with(Code::NotConnected, renew).await;
}

#[tokio::test]
async fn the_keys_shared_with_a_home_that_cannot_be_called_are_renewed_from_there() {
    let (world, hill, lake) = two().await;
    world.pair(&hill, &lake).await;
    world.close_port(&lake).await;
    world.pump().await;
    let newest = |at: &TestHome, of: &TestHome| {
        let of = of.id();
        let lives = at.read(|tx| pair_secret::lives(tx, &of));
        lives.first().map(|row| row.key_id.clone())
    };
    let before = newest(&hill, &lake);
    let renew = |home: &TestHome| RenewKeys { home: home.id() };
    let refused = hill.owner().call(renew(&lake)).await.unwrap_err();
    assert_eq!(refused.code, Code::HomeNotCallable);
    assert!(refused.message.contains("from there"), "{}", refused.message);
    assert_eq!(newest(&hill, &lake), before, "the secret in use stays");
    // It fetches by itself no more: then it is off, and nobody says that it could do so.
    world.clock().advance(Duration::from_secs(3600));
    hill.owner()
        .refused_with(Code::HomeUnreachable, renew(&lake))
        .await;

    world.pump().await;
    lake.owner().ok(renew(&hill)).await;
    assert_ne!(newest(&hill, &lake), before);
    assert_eq!(newest(&hill, &lake), newest(&lake, &hill));
    let post = hill.owner().post(Audience::Public, "Under the new keys").await;
    world.pump().await;
    assert!(lake.owner().sees(post.id).await.is_some());
}
