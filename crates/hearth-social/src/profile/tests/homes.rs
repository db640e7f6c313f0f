//! What other homes learn.

use super::*;

#[tokio::test]
async fn another_home_learns_only_what_some_of_its_people_may_see() {
    let (lake, hill) = two_homes().await;
    let anna = lake.person("Anna").person;
    update(
        &lake,
        "Anna",
        vec![
            field(ProfileField::Occupation, "Baker", Audience::Friends),
            field(ProfileField::Phone, "+49 431 1", Audience::Local),
            field(ProfileField::Bio, "secret", Audience::Me),
        ],
    )
    .await
    .unwrap();
    assert!(outgoing(&lake, &hill).is_empty(), "nobody there may know of Anna");

    update(
        &lake,
        "Anna",
        vec![field(ProfileField::Hometown, "Kiel", Audience::Public)],
    )
    .await
    .unwrap();
    let told = outgoing(&lake, &hill);
    let text = told[0].activity().object.to_string();
    assert!(
        text.contains("Kiel") && !text.contains("Baker") && !text.contains("431") && !text.contains("secret"),
        "{text}"
    );
    assert_eq!(deliver(&lake, &hill).await, [Verdict::Applied]);
    assert_eq!(seen(&hill, "Olga", anna).await, ["hometown=Kiel"]);
    let card = hill
        .social
        .get_profile(&hill.person("Olga"), anna)
        .await
        .unwrap()
        .person;
    assert_eq!(
        (card.name.as_str(), card.home.name.as_str(), card.home.own),
        ("Anna", "Lake house", false)
    );

    befriend_anna_and_olga(&lake, &hill).await;
    assert_eq!(deliver(&lake, &hill).await, [Verdict::Applied]);
    assert_eq!(
        seen(&hill, "Olga", anna).await,
        ["birthday=05-17", "hometown=Kiel", "occupation=Baker"]
    );
    assert_eq!(
        seen(&hill, "Pete", anna).await,
        ["hometown=Kiel"],
        "the rule holds there too"
    );
}

#[tokio::test]
async fn what_is_taken_back_here_is_taken_back_there() {
    let (lake, hill) = two_homes().await;
    let anna = lake.person("Anna").person;
    findable(&lake, "Anna", true).await;
    deliver(&lake, &hill).await;
    assert!(hill.read(|tx| person::get(tx, anna)).unwrap().findable);
    update(
        &lake,
        "Anna",
        vec![field(ProfileField::Hometown, "Kiel", Audience::Public)],
    )
    .await
    .unwrap();
    update(
        &lake,
        "Anna",
        vec![field(ProfileField::Hometown, "Kiel", Audience::Local)],
    )
    .await
    .unwrap();
    findable(&lake, "Anna", false).await;
    assert_eq!(
        deliver(&lake, &hill).await,
        [Verdict::Applied],
        "the last word is enough"
    );
    assert!(seen(&hill, "Olga", anna).await.is_empty());
    assert!(!hill.read(|tx| person::get(tx, anna)).unwrap().findable);
    rename(&lake, "Anna", "Anna Önder").await;
    deliver(&lake, &hill).await;
    assert_eq!(
        hill.read(|tx| person::get(tx, anna)).unwrap().name,
        "Anna Önder",
        "who is known stays up to date"
    );
}

#[tokio::test]
async fn only_changes_travel() {
    let (lake, hill) = two_homes().await;
    findable(&lake, "Anna", true).await;
    findable(&lake, "Anna", true).await;
    update(
        &lake,
        "Anna",
        vec![field(ProfileField::Bio, "for me", Audience::Me)],
    )
    .await
    .unwrap();
    rename(&lake, "Anna", "Anna").await;
    assert_eq!(outgoing(&lake, &hill).len(), 1);
}

#[tokio::test]
async fn a_home_that_is_connected_later_is_told_then_and_again_after_a_break() {
    let (lake, hill) = (
        Home::of("Lake house", &["Anna", "Ben"]).await,
        Home::of("Hill house", &["Olga"]).await,
    );
    findable(&lake, "Anna", true).await;
    connect(&lake, &hill).await;
    for _ in 0..2 {
        let (social, id, now) = (lake.social.clone(), hill.id.clone(), lake.social.now());
        lake.write(move |tx| home_connected(&social, tx, &id, now)).await;
    }
    assert_eq!(deliver(&lake, &hill).await, [Verdict::Applied]);
    assert!(
        hill.read(|tx| person::get(tx, lake.person("Anna").person))
            .is_some()
    );
    assert!(
        hill.read(|tx| person::get(tx, lake.person("Ben").person))
            .is_none(),
        "Ben is not findable"
    );
}

#[tokio::test]
async fn a_picture_travels_to_those_who_may_see_it() {
    let (lake, hill) = two_homes().await;
    let anna = lake.person("Anna").person;
    let image = upload(&lake, "Anna", "me.jpg", photo(300, 200, 3))
        .await
        .unwrap()
        .hash;
    let request = SetPicture {
        image: Some(image.clone()),
        crop: None,
    };
    let square = lake
        .social
        .set_picture(&lake.person("Anna"), request)
        .await
        .unwrap()
        .person
        .picture
        .unwrap();
    findable(&lake, "Anna", true).await;
    deliver(&lake, &hill).await;
    assert_eq!(
        hill.read(|tx| person::get(tx, anna)).unwrap().picture,
        None,
        "a picture is for friends at first"
    );
    befriend_anna_and_olga(&lake, &hill).await;
    deliver(&lake, &hill).await;
    let to = async |who: &str| {
        let profile = hill.social.get_profile(&hill.person(who), anna).await.unwrap();
        (profile.person.picture, profile.picture_original)
    };
    assert_eq!(to("Olga").await, (Some(square.clone()), Some(image)));
    assert_eq!(to("Pete").await, (None, None));
    let row = hill.read(|tx| media::get(tx, &square)).unwrap();
    assert!(
        !row.stored && row.width == Some(200),
        "the bytes come when somebody looks"
    );
}

#[tokio::test]
async fn people_of_a_blocked_home_are_hidden() {
    let (lake, hill) = two_homes().await;
    let anna = lake.person("Anna").person;
    update(
        &lake,
        "Anna",
        vec![field(ProfileField::Hometown, "Kiel", Audience::Public)],
    )
    .await
    .unwrap();
    deliver(&lake, &hill).await;
    let id = lake.id.clone();
    hill.write(move |tx| Ok(home::set_state(tx, &id, HomeRowState::Blocked)?))
        .await;
    assert_eq!(
        refused(hill.social.get_profile(&hill.person("Olga"), anna).await),
        "not_found"
    );
}

#[tokio::test]
async fn a_removed_home_takes_its_profiles_along_and_may_come_back() {
    let (lake, hill) = two_homes().await;
    let anna = lake.person("Anna").person;
    update(
        &lake,
        "Anna",
        vec![field(ProfileField::Hometown, "Kiel", Audience::Public)],
    )
    .await
    .unwrap();
    let kept = outgoing(&lake, &hill).remove(0);
    deliver(&lake, &hill).await;
    let (social, id, now) = (hill.social.clone(), lake.id.clone(), hill.social.now());
    hill.write(move |tx| {
        social.home_removed(tx, &id, hearth_api::notify::HomeChange::Ended, now)?;
        Ok(home::set_state(tx, &id, HomeRowState::Removed)?)
    })
    .await;
    assert!(hill.read(|tx| profile::fields(tx, anna)).is_empty());
    assert_eq!(
        refused(hill.social.get_profile(&hill.person("Olga"), anna).await),
        "not_found"
    );
    connect(&lake, &hill).await;
    assert_eq!(receive(&hill, &lake.id, kept.jws()).await, Verdict::Applied);
    assert_eq!(seen(&hill, "Olga", anna).await, ["hometown=Kiel"]);
}
