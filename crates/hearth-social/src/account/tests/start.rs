//! The first start, and the home's name.

use super::*;

#[tokio::test]
async fn a_home_is_set_up_once_and_signs_its_owner_in() {
    let home = Home::empty("Lake house").await;
    let before = home.social.status(None).await.unwrap();
    assert!(!before.set_up && before.me.is_none() && before.home == home.id);

    let create = |change: fn(&mut CreateHome)| {
        let mut request = CreateHome {
            home_name: "Lake house".to_owned(),
            owner: new_account("Anna"),
        };
        change(&mut request);
        let social = home.social.clone();
        async move { social.create_home(request, &ClientInfo::default()).await }
    };
    assert_eq!(
        refused(create(|r| r.home_name = " ".to_owned()).await),
        "invalid_home_name"
    );
    assert_eq!(
        refused(create(|r| r.owner.name = "A\u{202e}nna".to_owned()).await),
        "invalid_name"
    );
    assert_eq!(
        refused(create(|r| r.owner.username = "an".to_owned()).await),
        "invalid_username"
    );
    assert_eq!(
        refused(create(|r| r.owner.password = "short".to_owned()).await),
        "invalid_password"
    );
    assert_eq!(
        refused(create(|r| r.owner.password = "Password1".to_owned()).await),
        "weak_password"
    );
    assert_eq!(
        refused(create(|r| r.owner.birth_date = Date::new(2015, 1, 1).unwrap()).await),
        "guardian_required"
    );
    assert!(
        !home.social.status(None).await.unwrap().set_up,
        "nothing was changed"
    );

    let (me, token) = create(|r| r.owner.language = Some("de".to_owned()))
        .await
        .unwrap();
    assert_eq!(
        (me.role, me.username.as_str(), me.person.name.as_str()),
        (Role::Owner, "anna", "Anna")
    );
    assert_eq!(me.settings.language, "de");
    assert!(me.person.home.own && me.person.home.name == "Lake house");
    let viewer = home
        .social
        .authenticate(&token, "", None)
        .await
        .unwrap()
        .expect("signed in");
    let after = home.social.status(Some(&viewer)).await.unwrap();
    assert!(after.set_up && after.home_name == "Lake house");
    assert_eq!(after.me, Some(me));
    assert_eq!(refused(create(|_| ()).await), "wrong_state");
}

#[tokio::test]
async fn two_first_starts_at_once_make_one_owner() {
    let home = Home::empty("Lake house").await;
    let starts: Vec<_> = ["Anna", "Ben"]
        .map(|name| {
            let social = home.social.clone();
            let request = CreateHome {
                home_name: name.to_owned(),
                owner: new_account(name),
            };
            tokio::spawn(async move { social.create_home(request, &client()).await.is_ok() })
        })
        .into();
    let mut made = 0;
    for start in starts {
        made += u32::from(start.await.unwrap());
    }
    assert_eq!(made, 1);
    assert_eq!(home.read(account::list).len(), 1);
}

#[tokio::test]
async fn a_new_name_of_the_home_travels_signed_by_the_home() {
    let (lake, hill) = (
        Home::of("Lake house", &["Anna", "Ben"]).await,
        Home::of("Hill house", &["Olga"]).await,
    );
    connect(&lake, &hill).await;
    let rename = |name: &str| UpdateHome {
        name: name.to_owned(),
    };
    assert_eq!(
        refused(lake.social.update_home(&lake.person("Ben"), rename("Pub")).await),
        "forbidden"
    );
    assert_eq!(
        refused(lake.social.update_home(&lake.person("Anna"), rename("")).await),
        "invalid_name"
    );
    lake.social
        .update_home(&lake.person("Anna"), rename("Villa"))
        .await
        .unwrap();
    lake.social
        .update_home(&lake.person("Anna"), rename("Villa"))
        .await
        .unwrap();
    assert_eq!(lake.read(home::own).unwrap().name, "Villa");
    let told = outgoing(&lake, &hill);
    assert_eq!(told.len(), 1, "the same name again is no news");
    assert_eq!(told[0].activity().kind, "node.update");
    assert!(matches!(told[0].kid(), Kid::Node(_)));
    assert_eq!(told[0].activity().object["name"], "Villa");
}

#[tokio::test]
async fn a_restore_is_told_for_a_week_to_those_who_sign_in() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let told = async || home.social.status(None).await.unwrap().restored;
    assert_eq!(told().await, None);
    let at = home.social.now();
    let state = Timestamp(at.0 - 5_000);
    home.social
        .db()
        .write(move |tx| {
            hearth_db::meta::set(tx, "restored", &at.0.to_string())?;
            hearth_db::meta::set(tx, "restored_state", &state.0.to_string())
        })
        .await
        .unwrap();
    assert_eq!(told().await, Some(hearth_api::app::Restored { at, state }));
    home.clock.advance_secs(8 * 86_400);
    assert_eq!(told().await, None);
}
