//! States, roles, erasure.

use super::factor::with_totp;
use super::*;
use crate::media::fixtures::{befriend, post_with};
use hearth_db::{friendship, post};

fn change(
    home: &Home,
    by: &str,
    whom: &str,
    action: AccountAction,
) -> impl Future<Output = ApiResult<()>> + use<> {
    let (social, by) = (home.social.clone(), home.person(by));
    let request = ChangeAccount {
        person: home.person(whom).person,
        action,
        password: PASSWORD.to_owned(),
    };
    // The role may have changed since the sign-in.
    async move {
        let role = social
            .db()
            .read(move |tx| account::get(tx, by.person))
            .await
            .unwrap()
            .unwrap()
            .role;
        social.change_account(&Viewer { role, ..by }, request).await
    }
}

fn state(home: &Home, who: &str) -> (Role, AccountState) {
    let row = home.read(|tx| account::get(tx, home.person(who).person)).unwrap();
    (row.role, row.state)
}

#[tokio::test]
async fn who_may_change_which_account() {
    use AccountAction::{Delete, MakeAdmin, MakeMember, MakeOwner, Reinstate, RemoveTotp, Restore, Suspend};
    let home = Home::of("Lake house", &["Anna", "Ben", "Cleo", "Dora"]).await;
    change(&home, "Anna", "Ben", MakeAdmin).await.unwrap();
    assert_eq!(state(&home, "Ben").0, Role::Admin);
    let all = [
        Suspend, Reinstate, Delete, Restore, MakeAdmin, MakeMember, MakeOwner, RemoveTotp,
    ];
    for action in all {
        assert_eq!(
            refused(change(&home, "Cleo", "Dora", action).await),
            "forbidden",
            "a member: {action:?}"
        );
    }
    for action in [Suspend, MakeAdmin, MakeMember, MakeOwner, RemoveTotp, Reinstate] {
        assert_eq!(
            refused(change(&home, "Cleo", "Cleo", action).await),
            "forbidden",
            "oneself: {action:?}"
        );
    }
    for action in [Suspend, Delete, MakeMember] {
        assert_eq!(
            refused(change(&home, "Ben", "Anna", action).await),
            "last_admin",
            "the owner: {action:?}"
        );
    }
    assert_eq!(refused(change(&home, "Anna", "Anna", Delete).await), "last_admin");
    assert_eq!(refused(change(&home, "Ben", "Ben", MakeOwner).await), "forbidden");
    assert_eq!(refused(change(&home, "Ben", "Ben", Suspend).await), "forbidden");
    for (whom, action) in [
        ("Cleo", Reinstate),
        ("Cleo", Restore),
        ("Cleo", MakeMember),
        ("Ben", MakeAdmin),
        ("Cleo", RemoveTotp),
    ] {
        assert_eq!(
            refused(change(&home, "Anna", whom, action).await),
            "wrong_state",
            "{whom} {action:?}"
        );
    }
    let wrong = ChangeAccount {
        person: home.person("Cleo").person,
        action: Suspend,
        password: "wrong".to_owned(),
    };
    assert_eq!(
        refused(home.social.change_account(&home.person("Anna"), wrong).await),
        "password_needed"
    );
    let nobody = ChangeAccount {
        person: hearth_api::PersonId(uuid::Uuid::nil()),
        action: Suspend,
        password: PASSWORD.to_owned(),
    };
    assert_eq!(
        refused(home.social.change_account(&home.person("Anna"), nobody).await),
        "not_found"
    );

    change(&home, "Ben", "Cleo", Suspend).await.unwrap();
    let cleo = home.person("Cleo").person;
    let told = home.read(|tx| hearth_db::event::after(tx, cleo, 0, 1000));
    assert!(
        told.iter()
            .any(|envelope| envelope.event == hearth_api::Event::AccountLocked),
        "its windows say why they close"
    );
    assert_eq!(
        refused(change(&home, "Anna", "Cleo", Delete).await),
        "wrong_state"
    );
    change(&home, "Ben", "Cleo", Reinstate).await.unwrap();
    assert!(security(&home, "Cleo") >= 1, "the account is told");
    change(&home, "Anna", "Ben", MakeMember).await.unwrap();
    assert_eq!(state(&home, "Ben"), (Role::Member, AccountState::Active));
}

#[tokio::test]
async fn the_home_is_handed_over_and_the_old_owner_may_then_go() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    change(&home, "Anna", "Ben", AccountAction::MakeOwner)
        .await
        .unwrap();
    assert_eq!(
        (state(&home, "Anna").0, state(&home, "Ben").0),
        (Role::Admin, Role::Owner)
    );
    assert_eq!(
        refused(change(&home, "Anna", "Ben", AccountAction::Suspend).await),
        "last_admin"
    );
    change(&home, "Anna", "Anna", AccountAction::Delete)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_admin_takes_a_lost_second_factor_away() {
    let (home, _secret, codes) = with_totp().await;
    change(&home, "Anna", "Ben", AccountAction::MakeAdmin)
        .await
        .unwrap();
    let session = sign_in(&home, "anna", PASSWORD, Some(&codes[0]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        refused(change(&home, "Anna", "Anna", AccountAction::RemoveTotp).await),
        "forbidden"
    );
    change(&home, "Ben", "Anna", AccountAction::RemoveTotp)
        .await
        .unwrap();
    assert!(!alive(&home, &session).await);
    assert!(sign_in(&home, "anna", PASSWORD, None).await.unwrap().is_some());
    assert!(
        !home
            .read(|tx| credential::get(tx, home.person("Anna").person))
            .unwrap()
            .totp
    );
}

#[tokio::test]
async fn a_deletion_can_be_taken_back_for_fourteen_days() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    change(&home, "Ben", "Ben", AccountAction::Delete).await.unwrap();
    assert_eq!(state(&home, "Ben").1, AccountState::Deleting);
    home.clock.advance_days(13);
    home.social.sweep().await.unwrap();
    assert!(
        sign_in(&home, "ben", PASSWORD, None).await.unwrap().is_some(),
        "to take it back, one signs in"
    );
    change(&home, "Ben", "Ben", AccountAction::Restore).await.unwrap();
    home.clock.advance_days(30);
    home.social.sweep().await.unwrap();
    assert_eq!(state(&home, "Ben").1, AccountState::Active);
}

#[tokio::test]
async fn after_fourteen_days_nothing_is_left_of_an_account_but_its_id() {
    let (lake, hill) = (
        Home::of("Lake house", &["Anna", "Benedict"]).await,
        Home::of("Hill house", &["Olga"]).await,
    );
    connect(&lake, &hill).await;
    let ben = lake.person("Benedict").person;
    let post = post_with(&lake, "Benedict", Audience::Local, Vec::new()).await;
    befriend(&lake, ben, lake.person("Anna").person).await;
    change(&lake, "Anna", "Benedict", AccountAction::Delete)
        .await
        .unwrap();
    let row = lake
        .social
        .list_accounts(&lake.person("Anna"))
        .await
        .unwrap()
        .remove(1);
    assert_eq!(
        (row.state, row.deletes_at),
        (AccountState::Deleting, Some(lake.social.now().plus_days(14)))
    );
    lake.clock.advance_days(14);
    lake.social.sweep().await.unwrap();
    lake.social.sweep().await.unwrap();

    assert_eq!(state(&lake, "Benedict").1, AccountState::Deleted);
    assert_eq!(
        refused(sign_in(&lake, "benedict", PASSWORD, None).await),
        "wrong_credentials"
    );
    assert_eq!(
        lake.social
            .list_accounts(&lake.person("Anna"))
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        refused(change(&lake, "Anna", "Benedict", AccountAction::Restore).await),
        "not_found"
    );
    assert_eq!(
        refused(lake.social.get_profile(&lake.person("Anna"), ben).await),
        "not_found"
    );
    assert!(lake.read(|tx| profile::fields(tx, ben)).is_empty());
    assert!(lake.read(|tx| post::get(tx, post)).is_none());
    assert!(
        lake.read(|tx| friendship::of(tx, lake.person("Anna").person))
            .is_empty()
    );
    assert!(
        lake.read(|tx| secret::get(tx, &format!("person-key:{ben}")))
            .is_none()
    );
    let told = outgoing(&lake, &hill);
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].activity().kind.as_str(), told[0].activity().actor),
        ("person.delete", ben.0)
    );
    lake.join("Benedict").await;
}

#[tokio::test]
async fn the_list_of_accounts_is_for_admins() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    assert_eq!(
        refused(home.social.list_accounts(&home.person("Ben")).await),
        "forbidden"
    );
    let rows = home.social.list_accounts(&home.person("Anna")).await.unwrap();
    let shown: Vec<(&str, &str, Role)> = rows
        .iter()
        .map(|row| (row.person.name.as_str(), row.username.as_str(), row.role))
        .collect();
    assert_eq!(
        shown,
        [("Anna", "anna", Role::Owner), ("Ben", "ben", Role::Member)]
    );
}

#[tokio::test]
async fn only_admins_correct_birth_dates() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let request = |year| CorrectBirthDate {
        person: home.person("Ben").person,
        birth_date: Date::new(year, 2, 28).unwrap(),
    };
    assert_eq!(
        refused(
            home.social
                .correct_birth_date(&home.person("Ben"), request(1980))
                .await
        ),
        "forbidden"
    );
    assert_eq!(
        refused(
            home.social
                .correct_birth_date(&home.person("Anna"), request(2020))
                .await
        ),
        "guardian_required"
    );
    home.social
        .correct_birth_date(&home.person("Anna"), request(1980))
        .await
        .unwrap();
    assert_eq!(
        home.read(|tx| account::get(tx, home.person("Ben").person))
            .unwrap()
            .birth_date
            .year,
        1980
    );
}
