//! Profiles on one home, and pictures.

use super::*;

#[tokio::test]
async fn each_field_has_an_audience_of_its_own() {
    let home = Home::of("Lake house", &["Anna", "Ben", "Cleo"]).await;
    let (anna, ben) = (home.person("Anna").person, home.person("Ben").person);
    befriend(&home, anna, ben).await;
    let mine = update(
        &home,
        "Anna",
        vec![
            field(ProfileField::Hometown, "Kiel", Audience::Public),
            field(ProfileField::Occupation, "Baker", Audience::Friends),
            field(ProfileField::Phone, "+49 431 1", Audience::Local),
            field(ProfileField::Bio, "Nobody reads this", Audience::Me),
            FieldChange {
                field: ProfileField::BirthYear,
                value: None,
                audience: Some(Audience::Local),
            },
        ],
    )
    .await
    .unwrap();
    assert_eq!(mine.fields.len(), 12, "one sees all of one's own, with audiences");
    assert!(mine.fields.iter().all(|f| f.audience.is_some()));
    assert_eq!(mine.findable, Some(false));
    assert_eq!(
        seen(&home, "Ben", anna).await,
        [
            "birthday=05-17",
            "birth_year=1990",
            "hometown=Kiel",
            "occupation=Baker",
            "phone=+49 431 1"
        ]
    );
    assert_eq!(
        seen(&home, "Cleo", anna).await,
        ["birth_year=1990", "hometown=Kiel", "phone=+49 431 1"]
    );
    let others = home.social.get_profile(&home.person("Cleo"), anna).await.unwrap();
    assert!(others.fields.iter().all(|f| f.audience.is_none()) && others.findable.is_none());
    assert_eq!(others.relation, Relation::None);
    assert_eq!(
        home.social
            .get_profile(&home.person("Ben"), anna)
            .await
            .unwrap()
            .relation,
        Relation::Friends
    );
}

#[tokio::test]
async fn a_refused_change_changes_nothing() {
    let home = Home::of("Lake house", &["Anna"]).await;
    let changes = vec![
        field(ProfileField::Hometown, "Kiel", Audience::Public),
        field(ProfileField::Email, "no address", Audience::Public),
    ];
    assert_eq!(refused(update(&home, "Anna", changes).await), "invalid_email");
    let changes = vec![field(ProfileField::Username, "boss", Audience::Public)];
    assert_eq!(refused(update(&home, "Anna", changes).await), "invalid_username");
    let request = UpdateProfile {
        name: Some(" ".into()),
        findable: Some(true),
        ..UpdateProfile::default()
    };
    assert_eq!(
        refused(home.social.update_profile(&home.person("Anna"), request).await),
        "invalid_name"
    );
    let mine = home
        .social
        .get_profile(&home.person("Anna"), home.person("Anna").person)
        .await
        .unwrap();
    assert_eq!((mine.person.name.as_str(), mine.findable), ("Anna", Some(false)));
    assert!(
        mine.fields
            .iter()
            .all(|f| f.field != ProfileField::Hometown || f.value.is_empty())
    );
    let nobody = PersonId(uuid::Uuid::nil());
    assert_eq!(
        refused(home.social.get_profile(&home.person("Anna"), nobody).await),
        "not_found"
    );
}

#[tokio::test]
async fn friends_and_mutual_friends_show_to_whom_the_list_is_for() {
    let home = Home::of("Lake house", &["Anna", "Ben", "Cleo", "Dora"]).await;
    let id = |who: &str| home.person(who).person;
    for (a, b) in [
        ("Anna", "Ben"),
        ("Anna", "Cleo"),
        ("Ben", "Cleo"),
        ("Dora", "Cleo"),
    ] {
        befriend(&home, id(a), id(b)).await;
    }
    let names =
        |cards: &[hearth_api::people::PersonCard]| cards.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    let to_ben = home
        .social
        .get_profile(&home.person("Ben"), id("Anna"))
        .await
        .unwrap();
    assert_eq!(names(to_ben.friends.as_deref().unwrap()), ["Ben", "Cleo"]);
    assert_eq!(names(&to_ben.mutual), ["Cleo"]);
    let to_dora = home
        .social
        .get_profile(&home.person("Dora"), id("Anna"))
        .await
        .unwrap();
    assert_eq!(to_dora.friends, None, "Dora is no friend of Anna");
    assert_eq!(
        names(&to_dora.mutual),
        ["Cleo"],
        "but Cleo shows her friends to Dora"
    );
    for who in ["Anna", "Cleo"] {
        let hide = FieldChange {
            field: ProfileField::FriendList,
            value: None,
            audience: Some(Audience::Me),
        };
        update(&home, who, vec![hide]).await.unwrap();
    }
    let to_ben = home
        .social
        .get_profile(&home.person("Ben"), id("Anna"))
        .await
        .unwrap();
    assert_eq!((to_ben.friends, to_ben.mutual.len()), (None, 0));
}
#[tokio::test]
async fn a_picture_is_cut_square_and_its_original_stays() {
    let home = Home::of("Lake house", &["Anna", "Ben", "Cleo"]).await;
    let (anna, ben) = (home.person("Anna").person, home.person("Ben").person);
    befriend(&home, anna, ben).await;
    let image = upload(&home, "Anna", "me.jpg", photo(900, 600, 3))
        .await
        .unwrap()
        .hash;
    let set = |who: &str, image: Option<&MediaHash>, crop: Option<Crop>| {
        let request = SetPicture {
            image: image.cloned(),
            crop,
        };
        let (social, viewer) = (home.social.clone(), home.person(who));
        async move { social.set_picture(&viewer, request).await }
    };
    assert_eq!(
        refused(set("Ben", Some(&image), None).await),
        "invalid_image",
        "not Ben's upload"
    );
    let outside = Crop {
        x: 500,
        y: 0,
        size: 600,
    };
    assert_eq!(
        refused(set("Anna", Some(&image), Some(outside)).await),
        "invalid_crop"
    );

    let mine = set("Anna", Some(&image), None).await.unwrap();
    let square = mine.person.picture.clone().unwrap();
    let row = home.read(|tx| media::get(tx, &square)).unwrap();
    assert_eq!((row.width, row.height, row.stored), (Some(600), Some(600), true));
    assert_eq!(mine.picture_original.as_ref(), Some(&image));

    let to_ben = home.social.get_profile(&home.person("Ben"), anna).await.unwrap();
    assert_eq!(
        (to_ben.person.picture.as_ref(), to_ben.picture_original.as_ref()),
        (Some(&square), Some(&image))
    );
    let to_cleo = home.social.get_profile(&home.person("Cleo"), anna).await.unwrap();
    assert_eq!((to_cleo.person.picture, to_cleo.picture_original), (None, None));

    let smaller = Crop {
        x: 10,
        y: 20,
        size: 100,
    };
    let again = set("Anna", Some(&image), Some(smaller))
        .await
        .unwrap()
        .person
        .picture
        .unwrap();
    assert_ne!(again, square);
    home.social.sweep().await.unwrap();
    assert!(
        home.read(|tx| media::get(tx, &square)).is_none(),
        "the old square is erased"
    );
    assert!(home.read(|tx| media::get(tx, &image)).is_some());
    assert_eq!(set("Anna", None, None).await.unwrap().person.picture, None);
    home.social.sweep().await.unwrap();
    for hash in [&again, &image] {
        assert!(
            home.read(|tx| media_owner::get(tx, anna, hash)).is_none(),
            "nothing carries it any more"
        );
    }
    let text = upload(&home, "Anna", "note.txt", b"no picture".to_vec())
        .await
        .unwrap()
        .hash;
    assert_eq!(refused(set("Anna", Some(&text), None).await), "invalid_image");
}
