//! A forgotten password: codes that an admin or the home's own computer makes, and what they are good for.

use super::*;
use hearth_api::account::{CreateResetCode, CreateResetCodeHere, ResetCode, ResetDone, ResetPassword};
use hearth_db::session;

const NEW: &str = "wet stones on the path";

async fn code_for(home: &Home, by: &str, whose: &str) -> ApiResult<ResetCode> {
    let request = CreateResetCode {
        person: home.person(whose).person,
        password: PASSWORD.to_owned(),
    };
    home.social.create_reset_code(&home.person(by), request).await
}

async fn here(home: &Home, username: Option<&str>, remove_totp: bool) -> ApiResult<ResetCode> {
    let request = CreateResetCodeHere {
        username: username.map(str::to_owned),
        remove_totp,
    };
    home.social.create_reset_code_here(request).await
}

async fn reset(home: &Home, code: &str, password: &str, address: &str) -> ApiResult<ResetDone> {
    let client = ClientInfo {
        address: address.to_owned(),
        ..client()
    };
    let request = ResetPassword {
        code: code.to_owned(),
        password: password.to_owned(),
    };
    home.social.reset_password(request, &client).await
}

fn told(home: &Home, name: &str) -> Vec<String> {
    let person = home.person(name).person;
    home.read(|tx| {
        let mut what = Vec::new();
        for entry in notification::unread(tx, person, 100)? {
            for line in notification::lines(tx, entry.seq, 100)? {
                if let notification::LineSubject::Account(text) = line.subject {
                    what.push(text);
                }
            }
        }
        Ok(what)
    })
}

#[tokio::test]
async fn a_code_gives_a_new_password_once_and_ends_every_sign_in() {
    let home = Home::of("Hill House", &["Anna", "Ben"]).await;
    let ben = home.person("Ben").person;
    let made = code_for(&home, "Anna", "Ben").await.unwrap();
    assert_eq!((made.name.as_str(), made.username.as_str()), ("Ben", "ben"));
    assert_eq!(made.expires_at, home.social.now().plus_secs(24 * 3600));
    assert_eq!(made.code.len(), 19, "four groups of four: {}", made.code);
    assert!(
        told(&home, "Ben").contains(&"reset_code".to_owned()),
        "the person is told that there is a code"
    );
    assert!(!home.read(|tx| session::of_person(tx, ben)).is_empty());
    assert!(
        sign_in(&home, "ben", PASSWORD, None).await.is_ok(),
        "making one changes nothing"
    );

    // What is refused leaves the code good.
    assert_eq!(
        refused(reset(&home, &made.code, "short", "").await),
        "invalid_password"
    );
    assert_eq!(
        refused(reset(&home, &made.code, "password1", "").await),
        "weak_password"
    );
    let typed = made.code.to_uppercase().replace('-', " ");
    assert_eq!(reset(&home, &typed, NEW, "").await.unwrap().username, "ben");
    assert!(
        home.read(|tx| session::of_person(tx, ben)).is_empty(),
        "every sign-in ended"
    );
    assert!(told(&home, "Ben").contains(&"password_reset".to_owned()));
    assert_eq!(
        refused(sign_in(&home, "ben", PASSWORD, None).await),
        "wrong_credentials"
    );
    sign_in(&home, "ben", NEW, None).await.unwrap();
    assert_eq!(
        refused(reset(&home, &made.code, "another long one", "").await),
        "reset_code_invalid",
        "once"
    );
}

#[tokio::test]
async fn codes_end_after_a_day_and_with_the_next_one() {
    let home = Home::of("Hill House", &["Anna", "Ben"]).await;
    let first = code_for(&home, "Anna", "Ben").await.unwrap().code;
    let second = code_for(&home, "Anna", "Ben").await.unwrap().code;
    assert_eq!(refused(reset(&home, &first, NEW, "").await), "reset_code_invalid");
    home.clock.advance_secs(24 * 3600);
    assert_eq!(
        refused(reset(&home, &second, NEW, "").await),
        "reset_code_invalid"
    );
    home.social.sweep().await.unwrap();
    let third = code_for(&home, "Anna", "Ben").await.unwrap().code;
    home.clock.advance_secs(24 * 3600 - 1);
    reset(&home, &third, NEW, "").await.unwrap();
}

#[tokio::test]
async fn only_admins_make_codes_with_their_password_and_not_for_the_owner_or_themselves() {
    let home = Home::of("Hill House", &["Anna", "Ben", "Cleo"]).await;
    assert_eq!(refused(code_for(&home, "Ben", "Cleo").await), "forbidden");
    assert_eq!(refused(code_for(&home, "Anna", "Anna").await), "forbidden");
    let change = ChangeAccount {
        person: home.person("Ben").person,
        action: AccountAction::MakeAdmin,
        password: PASSWORD.to_owned(),
    };
    home.social
        .change_account(&home.person("Anna"), change)
        .await
        .unwrap();
    let ben = Viewer {
        role: Role::Admin,
        ..home.person("Ben")
    };
    let request = |name: &str, password: &str| CreateResetCode {
        person: home.person(name).person,
        password: password.to_owned(),
    };
    assert_eq!(
        refused(
            home.social
                .create_reset_code(&ben, request("Anna", PASSWORD))
                .await
        ),
        "forbidden",
        "nobody becomes the owner that way"
    );
    assert_eq!(
        refused(
            home.social
                .create_reset_code(&ben, request("Cleo", "not mine at all"))
                .await
        ),
        "password_needed"
    );
    home.social
        .create_reset_code(&ben, request("Cleo", PASSWORD))
        .await
        .unwrap();

    let lock = ChangeAccount {
        person: home.person("Cleo").person,
        action: AccountAction::Suspend,
        password: PASSWORD.to_owned(),
    };
    let before = code_for(&home, "Anna", "Cleo").await.unwrap().code;
    home.social
        .change_account(&home.person("Anna"), lock)
        .await
        .unwrap();
    assert_eq!(refused(code_for(&home, "Anna", "Cleo").await), "wrong_state");
    assert_eq!(
        refused(reset(&home, &before, NEW, "").await),
        "forbidden",
        "a code unlocks nothing"
    );
}

#[tokio::test]
async fn guessing_codes_waits_longer_each_time() {
    let home = Home::of("Hill House", &["Anna", "Ben"]).await;
    let good = code_for(&home, "Anna", "Ben").await.unwrap().code;
    for address in ["192.168.1.9", ""] {
        for guess in [
            "",
            "nonsense",
            "aaaa-bbbb-cccc-dddd",
            &"a".repeat(500),
            "2222-3333-4444-5555",
        ] {
            assert_eq!(
                refused(reset(&home, guess, NEW, address).await),
                "reset_code_invalid"
            );
        }
        assert_eq!(refused(reset(&home, &good, NEW, address).await), "rate_limited");
    }
    reset(&home, &good, NEW, "192.168.1.10").await.unwrap();
}

#[tokio::test]
async fn at_the_computer_the_owner_comes_back_in_and_may_lose_the_second_factor() {
    let home = Home::of("Hill House", &["Anna", "Ben"]).await;
    let anna = home.person("Anna").person;
    home.write(move |tx| Ok(credential::set_totp(tx, anna, true, 0)?))
        .await;
    let made = here(&home, None, false).await.unwrap();
    assert_eq!(made.username, "anna", "the owner unless somebody is named");
    reset(&home, &made.code, NEW, "").await.unwrap();
    assert_eq!(
        sign_in(&home, "anna", NEW, None).await.unwrap(),
        None,
        "the second factor stays"
    );
    let made = here(&home, Some("ANNA"), true).await.unwrap();
    assert!(told(&home, "Anna").contains(&"totp_off".to_owned()));
    reset(&home, &made.code, "cold tea on the sill", "")
        .await
        .unwrap();
    assert!(
        sign_in(&home, "anna", "cold tea on the sill", None)
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(here(&home, Some("ben"), true).await.unwrap().name, "Ben");
    assert_eq!(refused(here(&home, Some("mallory"), false).await), "not_found");
}
