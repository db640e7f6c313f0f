//! Signing in, waiting after failures, sessions and their ends.

use crate::testing::{Home, PASSWORD, client};
use crate::{ClientInfo, Viewer};
use hearth_api::account::{AccountAction, ChangeAccount};
use hearth_api::notify::NotificationType;
use hearth_api::session::{SignIn, SignInOutcome};
use hearth_api::{ApiError, ApiResult, Event};
use hearth_db::{event, notification, session};

fn from(device: &str, address: &str) -> ClientInfo {
    ClientInfo {
        device: device.to_owned(),
        address: address.to_owned(),
        paired: None,
    }
}

fn with(username: &str, password: &str) -> SignIn {
    SignIn {
        username: username.to_owned(),
        password: password.to_owned(),
        code: None,
        device: None,
    }
}

async fn sign_in(home: &Home, username: &str, password: &str, client: &ClientInfo) -> ApiResult<String> {
    let (outcome, token) = home.social.sign_in(with(username, password), client).await?;
    assert!(matches!(outcome, SignInOutcome::SignedIn { .. }));
    Ok(token.expect("a session has a token"))
}

async fn viewer(home: &Home, token: &str) -> Option<Viewer> {
    home.social.authenticate(token, "", None).await.unwrap()
}

fn seconds(error: &ApiError) -> u64 {
    assert_eq!(error.name(), "rate_limited");
    error.retry_after_ms.expect("how long to wait") / 1000
}

#[tokio::test]
async fn a_token_names_its_session_and_is_kept_nowhere() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let token = sign_in(&home, " BEN ", PASSWORD, &from("Phone", "192.0.2.7"))
        .await
        .unwrap();
    let found = viewer(&home, &token).await.expect("signed in");
    assert_eq!(
        (found.person, found.role),
        (home.person("Ben").person, home.person("Ben").role)
    );
    assert_ne!(
        found.session,
        home.person("Ben").session,
        "each sign-in is a session of its own"
    );
    for wrong in [
        "",
        "x",
        token.trim_start_matches(|c| token.starts_with(c)),
        &format!("{token}A"),
        &"A".repeat(43),
        &"ü".repeat(43),
    ] {
        assert_eq!(viewer(&home, wrong).await, None, "{wrong}");
    }
    home.social.db().close();
    let file = std::fs::read(home.social.db().path()).unwrap();
    assert!(!file.windows(token.len()).any(|part| part == token.as_bytes()));
    let raw = data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).unwrap();
    assert!(!file.windows(raw.len()).any(|part| part == raw));
    assert!(
        !file
            .windows(PASSWORD.len())
            .any(|part| part == PASSWORD.as_bytes())
    );
}

#[tokio::test]
async fn unknown_names_and_wrong_passwords_look_alike_and_wait_alike() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let mut seen = Vec::new();
    for name in ["anna", "nobody"] {
        let mut answers = Vec::new();
        for _ in 0..6 {
            answers.push(
                sign_in(&home, name, "wrong password", &client())
                    .await
                    .unwrap_err(),
            );
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0][4].name(), "wrong_credentials");
    assert_eq!(seconds(&seen[0][5]), 30, "the sixth waits");
}

#[tokio::test]
async fn waits_double_end_by_themselves_and_are_forgotten_after_success() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let wrong = async || sign_in(&home, "anna", "wrong password", &client()).await;
    for _ in 0..5 {
        assert_eq!(wrong().await.unwrap_err().name(), "wrong_credentials");
    }
    for wait in [30, 60, 120, 240, 480, 900, 900] {
        assert_eq!(seconds(&wrong().await.unwrap_err()), wait);
        let right = sign_in(&home, "anna", PASSWORD, &client()).await.unwrap_err();
        assert_eq!(seconds(&right), wait, "the right password waits too");
        home.clock.advance_secs(i64::try_from(wait).unwrap());
        assert_eq!(
            wrong().await.unwrap_err().name(),
            "wrong_credentials",
            "and then may be tried: no lock-out"
        );
    }
    home.clock.advance_secs(900);
    sign_in(&home, "anna", PASSWORD, &client()).await.unwrap();
    for _ in 0..5 {
        assert_eq!(wrong().await.unwrap_err().name(), "wrong_credentials");
    }
}

#[tokio::test]
async fn failures_are_forgotten_when_all_was_quiet() {
    let home = Home::of("Lake house", &["Anna"]).await;
    for _ in 0..4 {
        sign_in(&home, "anna", "wrong password", &client())
            .await
            .unwrap_err();
    }
    home.clock.advance_secs(15 * 60);
    for _ in 0..5 {
        assert_eq!(
            sign_in(&home, "anna", "x", &client()).await.unwrap_err().name(),
            "wrong_credentials"
        );
    }
    assert_eq!(
        seconds(&sign_in(&home, "anna", "x", &client()).await.unwrap_err()),
        30
    );
}

#[tokio::test]
async fn an_address_that_tries_many_names_waits_and_others_do_not() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let far = from("Robot", "2001:db8::1");
    for name in ["one", "two", "three", "four", "five"] {
        sign_in(&home, name, "wrong password", &far).await.unwrap_err();
    }
    let neighbour = from("Robot", "2001:db8::2");
    assert_eq!(
        seconds(&sign_in(&home, "ben", PASSWORD, &neighbour).await.unwrap_err()),
        30
    );
    sign_in(&home, "ben", PASSWORD, &from("Phone", "192.0.2.7"))
        .await
        .unwrap();
}

#[tokio::test]
async fn one_good_sign_in_does_not_wash_an_address_clean() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let shared = from("Laptop", "192.0.2.7");
    for name in ["one", "two", "three", "four"] {
        sign_in(&home, name, "wrong password", &shared).await.unwrap_err();
    }
    sign_in(&home, "ben", PASSWORD, &shared).await.unwrap();
    sign_in(&home, "five", "wrong password", &shared)
        .await
        .unwrap_err();
    assert_eq!(
        seconds(
            &sign_in(&home, "six", "wrong password", &shared)
                .await
                .unwrap_err()
        ),
        30
    );
}

#[tokio::test]
async fn many_guesses_at_once_gain_nothing() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let tries: Vec<_> = (0..20)
        .map(|n| {
            let social = home.social.clone();
            tokio::spawn(async move {
                social
                    .sign_in(with("anna", &format!("guess {n}")), &client())
                    .await
            })
        })
        .collect();
    let mut names = Vec::new();
    for one in tries {
        names.push(one.await.unwrap().unwrap_err().name());
    }
    assert_eq!(
        names.iter().filter(|name| *name == "wrong_credentials").count(),
        5,
        "{names:?}"
    );
    assert_eq!(names.iter().filter(|name| *name == "rate_limited").count(), 15);
}

#[tokio::test]
async fn a_session_ends_after_thirty_idle_days_or_half_a_year() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let idle = sign_in(&home, "anna", PASSWORD, &client()).await.unwrap();
    let used = sign_in(&home, "anna", PASSWORD, &client()).await.unwrap();
    for _ in 0..8 {
        home.clock.advance_days(20);
        assert!(viewer(&home, &used).await.is_some());
    }
    assert!(viewer(&home, &idle).await.is_none(), "160 days without use");
    home.clock.advance_days(19);
    assert!(viewer(&home, &used).await.is_some());
    home.clock.advance_days(1);
    assert!(viewer(&home, &used).await.is_none(), "180 days in all");
    home.social.sweep().await.unwrap();
    assert!(
        home.read(|tx| session::of_person(tx, home.person("Anna").person))
            .is_empty()
    );
}

#[tokio::test]
async fn the_last_use_is_kept_to_the_minute() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let token = sign_in(&home, "anna", PASSWORD, &from("Phone", "192.0.2.7"))
        .await
        .unwrap();
    let me = viewer(&home, &token).await.unwrap();
    let last = async || {
        let rows = home.social.list_sessions(&me).await.unwrap();
        let row = rows.into_iter().find(|row| row.current).unwrap();
        (row.last_used_at.ms_since(row.started_at) / 1000, row.address)
    };
    home.clock.advance_secs(59);
    home.social
        .authenticate(&token, "198.51.100.1", None)
        .await
        .unwrap();
    assert_eq!(last().await, (0, "192.0.2.7".to_owned()));
    home.clock.advance_secs(1);
    home.social
        .authenticate(&token, "198.51.100.1", None)
        .await
        .unwrap();
    assert_eq!(last().await, (60, "198.51.100.1".to_owned()));
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_own_account_only() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let mut tokens = Vec::new();
    for device in ["Phone", "Laptop", "Tablet\u{7}"] {
        home.clock.advance_secs(60);
        tokens.push(sign_in(&home, "anna", PASSWORD, &from(device, "")).await.unwrap());
    }
    let me = viewer(&home, &tokens[2]).await.unwrap();
    let rows = home.social.list_sessions(&me).await.unwrap();
    let devices: Vec<(&str, bool)> = rows
        .iter()
        .map(|row| (row.device.as_str(), row.current))
        .collect();
    assert_eq!(
        devices,
        [
            ("Tablet", true),
            ("Laptop", false),
            ("Phone", false),
            ("Test window", false)
        ]
    );

    let ben = home.person("Ben");
    assert_eq!(
        home.social
            .revoke_session(&ben, rows[1].id)
            .await
            .unwrap_err()
            .name(),
        "not_found"
    );
    home.social.revoke_session(&me, rows[1].id).await.unwrap();
    assert!(viewer(&home, &tokens[1]).await.is_none());
    assert!(viewer(&home, &tokens[0]).await.is_some());
    assert_eq!(
        home.social
            .revoke_session(&me, rows[1].id)
            .await
            .unwrap_err()
            .name(),
        "not_found"
    );

    home.social.revoke_other_sessions(&me).await.unwrap();
    assert!(viewer(&home, &tokens[0]).await.is_none());
    assert!(viewer(&home, &tokens[2]).await.is_some());
    assert!(
        home.read(|tx| session::of_person(tx, ben.person)).len() == 1,
        "others keep theirs"
    );
    let told = home.read(|tx| event::after(tx, me.person, 0, 1000));
    assert_eq!(
        told.iter()
            .filter(|envelope| envelope.event == Event::SessionEnded)
            .count(),
        2
    );

    home.social.sign_out(&me).await.unwrap();
    assert!(viewer(&home, &tokens[2]).await.is_none());
}

#[tokio::test]
async fn a_suspended_account_is_refused_and_only_its_owner_learns_why() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let token = sign_in(&home, "ben", PASSWORD, &client()).await.unwrap();
    let change = |action| ChangeAccount {
        person: home.person("Ben").person,
        action,
        password: PASSWORD.to_owned(),
    };
    home.social
        .change_account(&home.person("Anna"), change(AccountAction::Suspend))
        .await
        .unwrap();
    assert!(viewer(&home, &token).await.is_none());
    assert_eq!(
        sign_in(&home, "ben", "wrong password", &client())
            .await
            .unwrap_err()
            .name(),
        "wrong_credentials"
    );
    assert_eq!(
        sign_in(&home, "ben", PASSWORD, &client())
            .await
            .unwrap_err()
            .name(),
        "forbidden"
    );
    home.social
        .change_account(&home.person("Anna"), change(AccountAction::Reinstate))
        .await
        .unwrap();
    sign_in(&home, "ben", PASSWORD, &client()).await.unwrap();
    assert!(viewer(&home, &token).await.is_none(), "what ended stays ended");
}

#[tokio::test]
async fn a_device_not_seen_before_is_told_of() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let anna = home.person("Anna").person;
    let told = || home.read(|tx| notification::unread(tx, anna, 100)).len();
    assert_eq!(told(), 0, "the first window is no news");
    sign_in(&home, "anna", PASSWORD, &client()).await.unwrap();
    assert_eq!(told(), 0, "nor is it when it comes again");
    sign_in(&home, "anna", PASSWORD, &from("Phone", ""))
        .await
        .unwrap();
    assert_eq!(told(), 1);
    let page = home
        .social
        .list_notifications(&home.person("Anna"), Default::default())
        .await
        .unwrap();
    assert_eq!(page.items[0].kind, NotificationType::Security);
}

#[tokio::test]
async fn absurd_input_is_no_sign_in() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let long = "x".repeat(5_000_000);
    for (name, password) in [
        ("", ""),
        ("anna", &*long),
        (&*long, PASSWORD),
        ("anna\0", PASSWORD),
    ] {
        assert_eq!(
            sign_in(&home, name, password, &from(&long, ""))
                .await
                .unwrap_err()
                .name(),
            "wrong_credentials"
        );
    }
}
