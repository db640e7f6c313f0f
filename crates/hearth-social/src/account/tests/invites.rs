//! Invites to an account.

use super::*;

#[tokio::test]
async fn an_invite_makes_one_account() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let code = invite(&home, Role::Admin, 7).await;
    let anna = home.person("Anna");
    let listed = home.social.list_account_invites(&anna).await.unwrap();
    assert_eq!(
        (listed.len(), listed[0].note.as_str(), listed[0].role),
        (1, "Cleo", Role::Admin)
    );

    let typed = code
        .as_bytes()
        .chunks(4)
        .map(|c| String::from_utf8_lossy(c))
        .collect::<Vec<_>>()
        .join(" - ")
        .to_uppercase();
    let cleo = accept(&home, &typed, new_account("Cleo")).await.unwrap();
    assert_eq!(cleo.role, Role::Admin);
    assert_eq!(
        refused(accept(&home, &code, new_account("Dora")).await),
        "invite_used"
    );
    assert!(home.social.list_account_invites(&anna).await.unwrap().is_empty());
    assert!(home.read(|tx| person::get(tx, cleo.person)).unwrap().home == home.id);
    assert_eq!(home.read(|tx| profile::fields(tx, cleo.person)).len(), 12);
}

#[tokio::test]
async fn a_refused_account_leaves_its_invite_good() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let code = invite(&home, Role::Member, 7).await;
    for (change, name) in [
        (
            (|a| a.username = "ANNA".to_owned()) as fn(&mut NewAccount),
            "username_taken",
        ),
        (|a| a.password = "sunshine1".to_owned(), "weak_password"),
        (|a| a.password = "Cleo".repeat(2), "ok"),
        (
            |a| a.birth_date = Date::new(2012, 1, 1).unwrap(),
            "guardian_required",
        ),
        (
            |a| a.birth_date = Date::new(2030, 1, 1).unwrap(),
            "invalid_birth_date",
        ),
        (|a| a.name = "x".repeat(81), "invalid_name"),
        (|a| a.username = "a b c".to_owned(), "invalid_username"),
    ] {
        if name != "ok" {
            assert_eq!(
                refused(accept(&home, &code, account_named("Cleo", change)).await),
                name
            );
        }
    }
    accept(&home, &code, new_account("Cleo")).await.unwrap();
}

#[tokio::test]
async fn invites_end_by_time_by_hand_and_only_admins_make_them() {
    let home = Home::of("Lake house", &["Anna", "Ben"]).await;
    let (anna, ben) = (home.person("Anna"), home.person("Ben"));
    let request = |days, role| CreateAccountInvite {
        days,
        role,
        note: String::new(),
    };
    assert_eq!(
        refused(
            home.social
                .create_account_invite(&ben, request(7, Role::Member))
                .await
        ),
        "forbidden"
    );
    assert_eq!(refused(home.social.list_account_invites(&ben).await), "forbidden");
    for days in [0, 31] {
        assert_eq!(
            refused(
                home.social
                    .create_account_invite(&anna, request(days, Role::Member))
                    .await
            ),
            "invalid_days"
        );
    }
    assert_eq!(
        refused(
            home.social
                .create_account_invite(&anna, request(7, Role::Owner))
                .await
        ),
        "invalid_role"
    );
    let noted = CreateAccountInvite {
        note: "x".repeat(81),
        ..request(7, Role::Member)
    };
    assert_eq!(
        refused(home.social.create_account_invite(&anna, noted).await),
        "invalid_note"
    );

    let short = invite(&home, Role::Member, 1).await;
    home.clock.advance_days(1);
    assert_eq!(
        refused(accept(&home, &short, new_account("Cleo")).await),
        "invite_expired"
    );
    let withdrawn = home
        .social
        .create_account_invite(&anna, request(30, Role::Member))
        .await
        .unwrap();
    assert_eq!(
        refused(home.social.revoke_account_invite(&ben, withdrawn.info.id).await),
        "forbidden"
    );
    home.social
        .revoke_account_invite(&anna, withdrawn.info.id)
        .await
        .unwrap();
    assert_eq!(
        refused(home.social.revoke_account_invite(&anna, withdrawn.info.id).await),
        "not_found"
    );
    assert_eq!(
        refused(accept(&home, &withdrawn.code, new_account("Cleo")).await),
        "invite_used"
    );
    for nonsense in [
        "",
        "hello",
        &"a".repeat(26),
        &"x".repeat(1_000_000),
        "ü".repeat(26).as_str(),
    ] {
        // Wrong ones make the next one wait.
        home.clock.advance_secs(15 * 60);
        assert_eq!(
            refused(accept(&home, nonsense, new_account("Cleo")).await),
            "invite_invalid"
        );
    }
}

#[tokio::test]
async fn guessing_invites_waits_longer_each_time() {
    let home = Home::of("Hill House", &["Anna"]).await;
    let good = invite(&home, Role::Member, 7).await;
    for _ in 0..5 {
        assert_eq!(
            refused(accept(&home, &"a".repeat(26), new_account("Cleo")).await),
            "invite_invalid"
        );
    }
    assert_eq!(
        refused(accept(&home, &good, new_account("Cleo")).await),
        "rate_limited"
    );
    home.clock.advance_secs(30);
    accept(&home, &good, new_account("Cleo")).await.unwrap();
}

#[tokio::test]
async fn an_invite_connects_a_new_device_for_the_person_who_moves_in_alone() {
    let home = Home::of("Hill House", &["Anna"]).await;
    let phone = ClientInfo {
        device: "Chrome, Android".to_owned(),
        address: "192.168.1.20".to_owned(),
        paired: None,
    };
    let request = |code: &str, device: Option<&str>| AcceptAccountInvite {
        code: code.to_owned(),
        account: new_account("Cleo"),
        device: device.map(str::to_owned),
    };
    let code = invite(&home, Role::Member, 7).await;
    let long = "x".repeat(81);
    let error = home
        .social
        .accept_account_invite_on_new_device(request(&code, Some(&long)), &phone)
        .await;
    assert_eq!(refused(error.map(|_| ())), "invalid_device");
    let made = home
        .social
        .accept_account_invite_on_new_device(request(&code, Some("Cleo's phone")), &phone)
        .await
        .unwrap();
    assert_eq!(
        (made.me.person.name.as_str(), made.me.role),
        ("Cleo", Role::Member)
    );
    let device = home
        .social
        .device(&made.device)
        .await
        .unwrap()
        .expect("it is known");
    let viewer = home
        .social
        .authenticate(&made.session, "", Some(device))
        .await
        .unwrap();
    assert_eq!(viewer.map(|viewer| viewer.person), Some(made.me.person.id));
    assert_eq!(
        home.social.authenticate(&made.session, "", None).await.unwrap(),
        None,
        "the session counts nowhere else"
    );
    let devices = home
        .social
        .list_devices(&home.person("Anna"), None)
        .await
        .unwrap();
    let listed: Vec<_> = devices
        .iter()
        .map(|d| (d.name.as_str(), d.person_name.as_str()))
        .collect();
    assert_eq!(listed, [("Cleo's phone", "Cleo")], "it is hers, not the owner's");
    let again = home
        .social
        .accept_account_invite_on_new_device(request(&code, None), &phone)
        .await;
    assert_eq!(refused(again.map(|_| ())), "invite_used", "once");
}
