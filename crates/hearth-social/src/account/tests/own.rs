//! What people change about their own account.

use super::*;

#[tokio::test]
async fn settings_follow_the_account() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let anna = home.person("Anna");
    let settings = AccountSettings {
        theme: "dark".into(),
        text_size: 140,
        language: "de".into(),
        time_zone: "Europe/Berlin".into(),
        default_audience: Audience::Local,
        keys: [("reply".to_owned(), vec!["h".to_owned()])].into(),
        whole_answers: true,
        ..AccountSettings::default()
    };
    let request = UpdateSettings {
        settings: settings.clone(),
    };
    assert_eq!(
        home.social.update_settings(&anna, request).await.unwrap(),
        settings
    );
    let bad = UpdateSettings {
        settings: AccountSettings {
            text_size: 85,
            ..settings.clone()
        },
    };
    assert_eq!(
        refused(home.social.update_settings(&anna, bad).await),
        "invalid_text_size"
    );
    let status = home.social.status(Some(&anna)).await.unwrap();
    assert_eq!(
        status.me.unwrap().settings,
        settings,
        "what was refused changed nothing"
    );
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let anna = home.person("Anna");
    let other = sign_in(&home, "anna", PASSWORD, None).await.unwrap().unwrap();
    let change = |current: &str, new: &str| {
        let request = ChangePassword {
            current: current.to_owned(),
            new: new.to_owned(),
        };
        home.social.change_password(&anna, request)
    };
    let wrong = change("not this one", "four tall green jars").await.unwrap_err();
    assert_eq!(
        (wrong.name().as_str(), wrong.field.as_deref()),
        ("password_needed", Some("current"))
    );
    assert_eq!(refused(change(PASSWORD, "short").await), "invalid_new");
    assert_eq!(refused(change(PASSWORD, "football1").await), "weak_password");
    assert_eq!(refused(change(PASSWORD, "anna1234567").await), "weak_password");
    assert!(alive(&home, &other).await, "refused changes end nothing");
    change(PASSWORD, "four tall green jars").await.unwrap();
    assert!(!alive(&home, &other).await);
    assert_eq!(home.social.list_sessions(&anna).await.unwrap().len(), 1);
    assert_eq!(
        refused(sign_in(&home, "anna", PASSWORD, None).await),
        "wrong_credentials"
    );
    sign_in(&home, "anna", "four tall green jars", None)
        .await
        .unwrap();
    assert_eq!(security(&home, "Anna"), 1);
}

#[tokio::test]
async fn guessing_the_password_of_an_open_session_waits_like_signing_in() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let anna = home.person("Anna");
    let guess = |password: &str| {
        let request = ChangeUsername {
            username: "anna2".to_owned(),
            password: password.to_owned(),
        };
        home.social.change_username(&anna, request)
    };
    for _ in 0..5 {
        assert_eq!(refused(guess("wrong password").await), "password_needed");
    }
    let error = guess(PASSWORD).await.unwrap_err();
    assert_eq!(
        (error.name().as_str(), error.retry_after_ms),
        ("rate_limited", Some(30_000))
    );
    sign_in(&home, "anna", PASSWORD, None).await.unwrap();
    home.clock.advance_secs(30);
    guess(PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_sign_in_name_is_unique_whatever_its_case() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let change = |who: &str, username: &str| {
        let request = ChangeUsername {
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let viewer = home.person(who);
        let social = home.social.clone();
        async move { social.change_username(&viewer, request).await }
    };
    assert_eq!(refused(change("Ben", "ANNA").await), "username_taken");
    assert_eq!(refused(change("Ben", "b").await), "invalid_username");
    change("Ben", "Benedikt").await.unwrap();
    change("Ben", "BENEDIKT").await.unwrap();
    assert_eq!(
        refused(sign_in(&home, "ben", PASSWORD, None).await),
        "wrong_credentials"
    );
    sign_in(&home, "benedikt", PASSWORD, None).await.unwrap();
    change("Anna", "ben").await.unwrap();
}
